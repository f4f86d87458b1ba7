//! Reads the URL of a server: the client library's configuration and the TLS settings.

use std::path::PathBuf;
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls_platform_verifier::BuilderVerifierExt as _;
use tokio_postgres::Config;
use tokio_postgres::config::SslMode;
use url::Url;

use super::PostgresAddress;

/// How long connecting may take.
const CONNECTED_WITHIN: Duration = Duration::from_secs(3);
/// How long sent data may stay unacknowledged before the connection counts as lost.
const UNACKNOWLEDGED: Duration = Duration::from_secs(20);

/// Why a URL cannot be used. Quotes only names of parameters, never values.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it {0}")]
pub struct PostgresUrlError(String);

impl PostgresAddress {
    /// Parses a URL. Beside the client library's parameters, it may have `sslrootcert` and `sslmode`: `disable`,
    /// `require` or `verify-full`. The last two mean the same: certificates are always verified.
    pub(super) fn parse(url: &str, password_file: Option<PathBuf>) -> Result<Self, PostgresUrlError> {
        let mut url =
            Url::parse(url).map_err(|_| refused("is not a URL such as \"postgres://user@host/database\""))?;
        if !matches!(url.scheme(), "postgres" | "postgresql") {
            return Err(refused("must begin with postgres://"));
        }
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(|| refused("has no host"))?;
        let place = format!("{host}:{}", url.port().unwrap_or(5432));
        let is_near = is_near(host);
        let (mode, root) = (taken(&mut url, "sslmode"), taken(&mut url, "sslrootcert"));
        let is_plain = match mode.as_deref() {
            None => is_near,
            Some("disable") => true,
            Some("require" | "verify-full") => false,
            Some(_) => {
                return Err(refused("has an unknown `sslmode`; write disable, require or verify-full"));
            }
        };
        let mut config = Config::from_str(url.as_str())
            // The client's message names the parameter, and quotes no value.
            .map_err(|error| refused(format!("has a parameter at fault: {}", cause_of(&error))))?;
        config.connect_timeout(CONNECTED_WITHIN).tcp_user_timeout(UNACKNOWLEDGED);
        config.application_name("oruk-gateway");
        config.ssl_mode(if is_plain { SslMode::Disable } else { SslMode::Require });
        let tls = if is_plain { None } else { Some(Arc::new(tls(root.map(PathBuf::from))?)) };
        Ok(Self { config, tls, password_file, place })
    }
}

/// Checks a URL without connecting.
///
/// # Errors
/// If the URL cannot be used.
pub fn check_postgres_url(url: &str) -> Result<(), PostgresUrlError> {
    PostgresAddress::parse(url, None).map(drop)
}

fn cause_of(error: &dyn std::error::Error) -> String {
    error.source().map_or_else(|| error.to_string(), ToString::to_string)
}

fn refused(reason: impl Into<String>) -> PostgresUrlError {
    PostgresUrlError(reason.into())
}

/// Returns whether the host is this machine, so that nobody can listen in on the connection.
fn is_near(host: &str) -> bool {
    let host = host.trim_matches(['[', ']']);
    host == "localhost"
        || host.starts_with("%2F")
        || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Removes a parameter from a URL and returns its value.
fn taken(url: &mut Url, name: &str) -> Option<String> {
    let value = url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())?;
    let others: Vec<(String, String)> = url
        .query_pairs()
        .filter(|(key, _)| key != name)
        .map(|(key, value)| (key.into(), value.into()))
        .collect();
    url.set_query(None);
    if !others.is_empty() {
        url.query_pairs_mut().extend_pairs(others);
    }
    Some(value)
}

/// Builds the TLS settings. Trusts the certificates in the file `root`, or those the machine trusts if there is none.
fn tls(root: Option<PathBuf>) -> Result<ClientConfig, PostgresUrlError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| refused(format!("needs TLS, which cannot be used: {error}")))?;
    let Some(path) = root else {
        let verified = builder.with_platform_verifier();
        let verified =
            verified.map_err(|error| refused(format!("needs the machine's certificates: {error}")))?;
        return Ok(verified.with_no_client_auth());
    };
    let unreadable = |error: &dyn std::fmt::Display| {
        refused(format!("names `sslrootcert` {}, which cannot be read: {error}", path.display()))
    };
    let mut roots = rustls::RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(&path).map_err(|error| unreadable(&error))? {
        let certificate = certificate.map_err(|error| unreadable(&error))?;
        roots.add(certificate).map_err(|error| unreadable(&error))?;
    }
    if roots.is_empty() {
        return Err(unreadable(&"there is no certificate in it"));
    }
    Ok(builder.with_root_certificates(roots).with_no_client_auth())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_elsewhere_is_only_spoken_to_over_tls_unless_told_otherwise() {
        let parse = |url| PostgresAddress::parse(url, None).unwrap();
        assert!(parse("postgres://u@127.0.0.1/d").tls.is_none());
        assert!(parse("postgres://u@db.example.org/d").tls.is_some());
        let plain = parse("postgres://u:hush@db.example.org:6432/d?sslmode=disable&keepalives=1");
        assert!(plain.tls.is_none());
        assert_eq!(plain.place, "db.example.org:6432");
    }

    #[test]
    fn what_is_wrong_with_a_url_is_said_without_its_password() {
        let wrong = [
            "postgres://u:hush@h/d?sslmode=prefer",
            "http://u:hush@h/d",
            "postgres://u:hush@h/d?colour=red",
            "postgres://u:hush@h/d?sslmode=require&sslrootcert=/nowhere",
            "u:hush@h",
        ];
        for url in wrong {
            let error = check_postgres_url(url).unwrap_err().to_string();
            assert!(!error.contains("hush"), "{error}");
        }
    }
}
