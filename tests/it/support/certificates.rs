//! Certificates of a test's own: an authority, and a server that it vouches for.

use std::path::PathBuf;

use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use tempfile::TempDir;

/// An authority that nobody else trusts.
pub(crate) struct TestAuthority {
    issuer: Issuer<'static, KeyPair>,
    directory: TempDir,
}

/// What a server proves itself with, as PEM.
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

    /// The file with its own certificate.
    pub(crate) fn file(&self) -> PathBuf {
        self.directory.path().join("ca.pem")
    }

    /// Vouches for a server on 127.0.0.1.
    pub(crate) fn server(&self) -> ServerCertificate {
        let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap().pem();
        ServerCertificate { certificate, key: key.serialize_pem() }
    }
}
