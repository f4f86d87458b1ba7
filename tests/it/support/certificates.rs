//! Certificates for tests: an authority, and a server certificate that it signs.

use std::path::PathBuf;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tempfile::TempDir;

/// A certificate authority that only the tests trust.
pub(crate) struct TestAuthority {
    issuer: Issuer<'static, KeyPair>,
    directory: TempDir,
}

/// A server's certificate and key, as PEM.
pub(crate) struct ServerCertificate {
    pub(super) certificate: String,
    pub(super) key: String,
}

impl TestAuthority {
    /// Creates an authority.
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let directory = tempfile::tempdir().unwrap();
        std::fs::write(directory.path().join("ca.pem"), params.self_signed(&key).unwrap().pem()).unwrap();
        Self { issuer: Issuer::new(params, key), directory }
    }

    /// Returns the file with the authority's own certificate.
    pub(crate) fn file(&self) -> PathBuf {
        self.directory.path().join("ca.pem")
    }

    /// Signs a certificate for a server on 127.0.0.1.
    pub(crate) fn server(&self) -> ServerCertificate {
        let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap().pem();
        ServerCertificate { certificate, key: key.serialize_pem() }
    }
}
