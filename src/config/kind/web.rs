//! Addresses, URLs, paths and header fields.

use std::net::{IpAddr, SocketAddr};

use http::{HeaderName, HeaderValue};
use ipnet::IpNet;
use serde_json::json;
use url::{Origin, Url};

use super::ValueKind;
use crate::config::problem::ValueRefusal;
use crate::config::secret::SecretText;

/// An address and port to listen on.
pub(in crate::config) fn address() -> ValueKind<SocketAddr> {
    let parse = |text: &str| {
        text.parse().map_err(|_| {
            ValueRefusal::new("is not an address and port")
                .remedy("write an IP address and a port, such as \"127.0.0.1:8080\" or \"[::]:8080\"")
        })
    };
    ValueKind::parsed(json!({ "type": "string" }), parse, |address: &SocketAddr| {
        Some(address.to_string().into())
    })
}

/// A network of addresses, or a single address.
pub(in crate::config) fn network() -> ValueKind<IpNet> {
    let parse = |text: &str| {
        let single = || text.parse::<IpAddr>().map(IpNet::from);
        text.parse().or_else(|_| single()).map_err(|_| {
            ValueRefusal::new("is not an IP address or network")
                .remedy("write an address such as \"10.0.0.7\", or a network such as \"10.0.0.0/8\"")
        })
    };
    ValueKind::parsed(json!({ "type": "string" }), parse, |network: &IpNet| Some(network.to_string().into()))
}

/// An absolute http or https URL with a host and no fragment or credentials.
pub(in crate::config) fn url() -> ValueKind<Url> {
    ValueKind::parsed(json!({ "type": "string" }), parse_url, |url: &Url| Some(url.as_str().into()))
}

/// The kind of a URL of a server other than a feed. The URL must have a host and one of `schemes`. It is never shown,
/// because it may contain a password.
pub(in crate::config) fn server_url(
    schemes: &'static [&'static str],
    server: &'static str,
    example: &'static str,
) -> ValueKind<SecretText> {
    let parse = move |text: &str| {
        let url = Url::parse(text).ok().filter(|url| url.has_host() && schemes.contains(&url.scheme()));
        match url {
            Some(_) => Ok(SecretText::new(text)),
            None => Err(ValueRefusal::new(format!("is not the URL of {server}")).remedy(format!(
                "write one such as \"{example}\"; in a password, write % as %25, @ as %40, / as %2F, : as %3A, ? as %3F and \
                 # as %23"
            ))),
        }
    };
    ValueKind::parsed(json!({ "type": "string" }), parse, |_| None)
}

/// A web origin, or `*` for all of them.
pub(in crate::config) fn origin() -> ValueKind<String> {
    let parse = |text: &str| match text {
        "*" => Ok(text.to_owned()),
        text => parse_origin(text),
    };
    ValueKind::parsed(json!({ "type": "string" }), parse, |origin| Some(origin.as_str().into()))
}

/// The path of one of the gateway's own routes.
pub(in crate::config) fn route() -> ValueKind<String> {
    const TAKEN: [&str; 4] = ["/", "/metrics", "/schema.graphql", "/health"];
    let parse = |text: &str| {
        let path = parse_path(text)?;
        if TAKEN.contains(&path.as_str()) || path.starts_with("/health/") {
            return Err(ValueRefusal::new("is already used by another address of the gateway"));
        }
        if path.contains([':', '*', '<', '>', '?', '%']) {
            return Err(ValueRefusal::new("must not contain any of : * < > ? %"));
        }
        Ok(path)
    };
    let schema = json!({ "type": "string", "pattern": "^/.|\\$\\{" });
    ValueKind::parsed(schema, parse, |path| Some(path.as_str().into()))
}

/// The path of an endpoint, relative to a source's URL.
pub(in crate::config) fn endpoint() -> ValueKind<String> {
    let schema = json!({ "type": "string", "pattern": "^/.|\\$\\{" });
    ValueKind::parsed(schema, parse_endpoint, |path| Some(path.as_str().into()))
}

/// The name of a header for requests to a source, in lower case.
pub(in crate::config) fn header_name() -> ValueKind<String> {
    let schema = json!({ "type": "string", "minLength": 1 });
    ValueKind::parsed(schema, parse_header_name, |name| Some(name.as_str().into()))
}

/// The value of a header; kept secret, as it may be a token. An empty one is refused.
pub(in crate::config) fn header_value() -> ValueKind<SecretText> {
    let parse = |text: &str| {
        if text.trim().is_empty() {
            return Err(ValueRefusal::new("is empty"));
        }
        match HeaderValue::from_str(text) {
            Ok(_) => Ok(SecretText::new(text)),
            Err(_) => Err(ValueRefusal::new("is not a valid header value")
                .remedy("remove line breaks and other control characters")),
        }
    };
    ValueKind::parsed(json!({ "type": "string" }), parse, |_| None)
}

fn parse_url(text: &str) -> Result<Url, ValueRefusal> {
    const REMEDY: &str = "write it as https://host/path";
    let url = Url::parse(text).map_err(|error| ValueRefusal::new(error.to_string()).remedy(REMEDY))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(ValueRefusal::new("is neither http nor https").remedy(REMEDY));
    }
    if url.host_str().is_none_or(str::is_empty) {
        return Err(ValueRefusal::new("has no host").remedy(REMEDY));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(ValueRefusal::new("contains a user name or password")
            .remedy("remove it; for a source, use `auth = { basic = { username, password } }`"));
    }
    if url.fragment().is_some() {
        return Err(ValueRefusal::new("has a fragment").remedy("remove `#` and everything after it"));
    }
    Ok(url)
}

fn parse_origin(text: &str) -> Result<String, ValueRefusal> {
    let remedy = "write a scheme and a host, such as \"https://app.example\", or \"*\"";
    match Url::parse(text).map(|url| url.origin()) {
        Ok(origin @ Origin::Tuple(..)) if origin.ascii_serialization() == text => Ok(text.to_owned()),
        Ok(origin @ Origin::Tuple(..)) => {
            let written = origin.ascii_serialization();
            Err(ValueRefusal::new("is more than an origin").remedy(format!("write \"{written}\"")))
        }
        _ => Err(ValueRefusal::new("is not a web origin").remedy(remedy)),
    }
}

// The gateway sets the query, and a key in it would be served with the address.
fn parse_endpoint(text: &str) -> Result<String, ValueRefusal> {
    if text.contains('?') {
        return Err(ValueRefusal::new("contains a query").remedy(
            "remove `?` and everything after it; for a key that the feed requires, use `auth = { query = { name, value } }`",
        ));
    }
    parse_path(text)
}

fn parse_path(text: &str) -> Result<String, ValueRefusal> {
    if !text.starts_with('/') || text.starts_with("//") {
        return Err(ValueRefusal::new("is not a path").remedy("start it with one `/`"));
    }
    if text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '#' || c == '\\') {
        return Err(ValueRefusal::new("contains white space or a character that is not allowed in a path"));
    }
    if text.split('/').any(|part| part == "." || part == "..") {
        return Err(ValueRefusal::new("contains `.` or `..`").remedy("write the path in full"));
    }
    Ok(text.to_owned())
}

/// Reads the name of a header for requests to a source, in lower case.
pub(in crate::config) fn parse_header_name(text: &str) -> Result<String, ValueRefusal> {
    // Framing headers belong to the HTTP client: setting them here would break requests, or allow smuggling.
    const FRAMING: [&str; 8] = [
        "connection",
        "content-length",
        "expect",
        "host",
        "keep-alive",
        "te",
        "transfer-encoding",
        "upgrade",
    ];
    let name = HeaderName::from_bytes(text.as_bytes())
        .map_err(|_| ValueRefusal::new("is not a header name").remedy("use letters, digits and `-`"))?;
    if FRAMING.contains(&name.as_str()) {
        return Err(ValueRefusal::new("is a header that the gateway sets itself").remedy("remove it"));
    }
    Ok(name.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reason<T>(result: Result<T, ValueRefusal>) -> Option<String> {
        result.err().map(|refusal| refusal.message)
    }

    #[test]
    fn takes_only_urls_a_feed_can_have() {
        assert_eq!(reason(parse_url("https://bristol.example:8443/o/v3?x=1")), None);
        for (text, message) in [
            ("bristol.example/v3", "relative URL without a base"),
            ("ftp://bristol.example", "is neither http nor https"),
            ("https://", "empty host"),
            ("https://me:word@bristol.example", "contains a user name or password"),
            ("https://bristol.example/#top", "has a fragment"),
        ] {
            assert_eq!(reason(parse_url(text)).as_deref(), Some(message), "{text}");
        }
    }

    #[test]
    fn takes_origins_as_a_browser_sends_them() {
        assert_eq!(reason(parse_origin("https://app.example:8443")), None);
        assert_eq!(reason(parse_origin("https://app.example/")).as_deref(), Some("is more than an origin"));
        assert_eq!(reason(parse_origin("app.example")).as_deref(), Some("is not a web origin"));
    }

    #[test]
    fn takes_paths_that_stay_below() {
        assert_eq!(reason(parse_path("/v2/services.json")), None);
        for text in ["services", "//host/x", "/a b", "/../x", "/a#b", ""] {
            assert!(parse_path(text).is_err(), "{text}");
        }
        assert_eq!(reason(parse_endpoint("/services?api_key=f3c9a1")).as_deref(), Some("contains a query"));
        assert_eq!(reason(parse_endpoint("/v2/services")), None);
    }

    #[test]
    fn takes_header_names_in_any_case_but_none_that_frame() {
        assert_eq!(parse_header_name("X-Client"), Ok("x-client".into()));
        for text in ["", "X Client", "Host", "Content-Length"] {
            assert!(parse_header_name(text).is_err(), "{text}");
        }
    }
}
