//! Addresses on the web: pages, identifiers and email.

use serde_json::Value;
use url::Url;

use super::members::{Members, Taken};
use crate::model::IssueCode;

/// How an address came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    AsSent,
    Mended,
}

impl Members<'_> {
    /// Takes the address of a page.
    pub(in crate::source::dialects) fn url(&mut self, names: &[&str]) -> Option<Url> {
        let Taken { key, value } = self.take_text(names)?;
        match page(&value) {
            Some((url, Form::AsSent)) => Some(url),
            Some((url, Form::Mended)) => {
                self.note(IssueCode::Repaired, &key, "`https://` was added", Some(value.into()));
                Some(url)
            }
            None => {
                self.note_unreadable(&key, "is no web address", value.into());
                None
            }
        }
    }

    /// Takes an identifier in the form of a URI of any scheme.
    pub(in crate::source::dialects) fn uri(&mut self, names: &[&str]) -> Option<Url> {
        let Taken { key, value } = self.take_text(names)?;
        let uri = identifier(&value);
        if uri.is_none() {
            self.note_unreadable(&key, "is no URI", value.into());
        }
        uri
    }

    /// Takes an identifier as text. The address that examples are written with stands for none.
    pub(in crate::source::dialects) fn uri_text(&mut self, names: &[&str]) -> Option<String> {
        let Taken { key, value } = self.take_text(names)?;
        if is_example(&value) {
            self.note(IssueCode::PlaceholderValue, &key, "is an example's address", Some(value.into()));
            return None;
        }
        self.mended(&key, value)
    }

    /// Takes an email address.
    pub(in crate::source::dialects) fn email(&mut self, names: &[&str]) -> Option<String> {
        let Taken { key, value } = self.take_scalar(names)?;
        let address = value.as_str().and_then(email);
        match (&address, is_invalid_domain(&value)) {
            (_, true) => {
                self.note(
                    IssueCode::PlaceholderValue,
                    &key,
                    "is an address that reaches nobody",
                    Some(value),
                );
                return None;
            }
            (None, _) => self.note_unreadable(&key, "is no email address", value),
            (Some(address), _) if value.as_str().is_some_and(|sent| sent.trim() != address) => {
                self.note(IssueCode::Repaired, &key, "the address was taken out of the text", Some(value));
            }
            _ => {}
        }
        address
    }
}

/// Reads the address of a page; one without a scheme is mended where it starts with a host.
fn page(text: &str) -> Option<(Url, Form)> {
    let text = text.trim();
    if let Ok(url) = Url::parse(text) {
        if matches!(url.scheme(), "http" | "https") {
            return url.has_host().then_some((url, Form::AsSent));
        }
        // `elm.example:8080/a` parses as a scheme and a path; anything else with a scheme is no page.
        if !text.contains(":") || text.contains("://") || !starts_with_host(text) {
            return None;
        }
    }
    let text = text.trim_start_matches("//");
    let url = starts_with_host(text).then(|| Url::parse(&format!("https://{text}")).ok()).flatten()?;
    Some((url, Form::Mended))
}

/// Reads an identifier in the form of a URI. A script is none.
fn identifier(text: &str) -> Option<Url> {
    Url::parse(text.trim()).ok().filter(|uri| !matches!(uri.scheme(), "javascript" | "data" | "vbscript"))
}

/// Whether an address is the one that examples are written with.
fn is_example(text: &str) -> bool {
    let host = text.trim().trim_start_matches("https://").trim_start_matches("http://");
    matches!(host.trim_end_matches('/'), "example.com" | "www.example.com")
}

/// The email address in a text, if it is one.
fn email(text: &str) -> Option<String> {
    let text = text.trim();
    let address = text.strip_prefix("mailto:").unwrap_or(text).trim().trim_end_matches(['.', ',', ';']);
    let (name, domain) = address.rsplit_once('@')?;
    let clean =
        |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || "<>,;@".contains(c));
    (clean(name) && clean(domain) && is_host(domain)).then(|| address.to_owned())
}

/// Whether an email address is under the domain reserved for addresses that reach nobody.
fn is_invalid_domain(value: &Value) -> bool {
    value
        .as_str()
        .is_some_and(|text| text.contains('@') && text.trim().to_ascii_lowercase().ends_with(".invalid"))
}

fn starts_with_host(text: &str) -> bool {
    let end = text.find(['/', '?', '#', ':']).unwrap_or(text.len());
    text.get(..end).is_some_and(is_host)
}

// Labels with a dot between them, the last of letters: `elmcourt.example`, not `example_counselling` or `1.5`.
fn is_host(text: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_'))
    };
    let Some((_, last)) = text.rsplit_once('.') else { return false };
    text.split('.').all(is_label) && last.len() >= 2 && last.chars().all(|c| c.is_alphabetic() || c == '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quirk_68_addresses_without_a_scheme() {
        let read = |text| page(text).map(|(url, form)| (url.to_string(), form));
        assert_eq!(
            read("https://elm.example/a b"),
            Some(("https://elm.example/a%20b".to_owned(), Form::AsSent))
        );
        for text in ["www.elm.example", "//www.elm.example"] {
            assert_eq!(read(text), Some(("https://www.elm.example/".to_owned(), Form::Mended)), "{text}");
        }
        assert_eq!(read("elm.example:8080/a"), Some(("https://elm.example:8080/a".to_owned(), Form::Mended)));
        for text in [
            "example_counselling",
            "Email us",
            "mailto:a@elm.example",
            "javascript:alert(1)",
            "a@b.example",
            "1.5",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn quirk_70_what_is_no_email() {
        assert_eq!(email(" mailto:desk@elm.example. ").as_deref(), Some("desk@elm.example"));
        for text in ["email-example_com", "desk@", "@elm.example", "a b@elm.example", "desk@elm"] {
            assert_eq!(email(text), None, "{text}");
        }
    }
}
