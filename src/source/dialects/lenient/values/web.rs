//! URLs of pages, identifiers, and email addresses.

use url::Url;

use crate::model::IssueCode;
use crate::source::dialects::lenient::members::object::{ObjectMembers, TakenMember};
use crate::source::dialects::lenient::values::texts;

/// How a URL was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AddressForm {
    AsSent,
    Mended,
    AmongWords,
    Unescaped,
}

/// The members of an object that may have the URL of a page.
const PAGE_NAMES: [&str; 6] = ["uri", "url", "href", "value", "link", "@id"];
/// The members of an object that may have an email address.
const EMAIL_NAMES: [&str; 5] = ["email", "address", "email_address", "mail", "value"];

impl ObjectMembers<'_> {
    /// Takes the URL of a page.
    pub(in crate::source::dialects) fn url(&mut self, names: &[&str]) -> Option<Url> {
        let TakenMember { key, value } = self.take_page(names)?;
        let message = match page(&value).or_else(|| page_among_words(&value)) {
            Some((url, AddressForm::AsSent)) => return Some(url),
            Some((url, form)) => {
                let message = match form {
                    AddressForm::AmongWords => "the address was extracted from the text",
                    AddressForm::Unescaped => "the escapes in the address were removed",
                    _ => "`https://` was added",
                };
                self.note(IssueCode::Repaired, &key, message, Some(value.into()));
                return Some(url);
            }
            None => "is not a web address",
        };
        self.note_unreadable(&key, message, value.into());
        None
    }

    fn take_page(&mut self, names: &[&str]) -> Option<TakenMember<String>> {
        let (first, _) = self.take_first_within(names, &PAGE_NAMES)?;
        let TakenMember { key, value } = self.made_plain(first)?;
        let value = self.text_of(&key, value)?;
        Some(TakenMember { key, value })
    }

    /// Takes an identifier that is a URI of any scheme.
    pub(in crate::source::dialects) fn uri(&mut self, names: &[&str]) -> Option<Url> {
        let TakenMember { key, value } = self.take_text(names)?;
        let uri = identifier(&value);
        if uri.is_none() {
            self.note_unreadable(&key, "is not a URI", value.into());
        }
        uri
    }

    /// Takes an identifier as text. Returns `None` for an example URL.
    pub(in crate::source::dialects) fn uri_text(&mut self, names: &[&str]) -> Option<String> {
        let TakenMember { key, value } = self.take_text(names)?;
        if is_example(&value) {
            self.note(IssueCode::PlaceholderValue, &key, "is an example address", Some(value.into()));
            return None;
        }
        self.mended(&key, value)
    }

    /// Takes an email address: the first, if there are several.
    pub(in crate::source::dialects) fn email(&mut self, names: &[&str]) -> Option<String> {
        let (TakenMember { key, value }, _) = self.take_first_within(names, &EMAIL_NAMES)?;
        let address = value.as_str().and_then(email);
        let Some(address) = address else {
            self.note_unreadable(&key, "is not an email address", value);
            return None;
        };
        if is_invalid_domain(&address) {
            let message = "is an address that cannot receive mail";
            self.note(IssueCode::PlaceholderValue, &key, message, Some(value));
            return None;
        }
        if value.as_str().is_some_and(|sent| sent.trim() != address) {
            self.note(IssueCode::Repaired, &key, "the address was extracted from the text", Some(value));
        }
        Some(address)
    }
}

/// Reads the URL of a page. If it has no scheme but begins with a host, `https` is added.
fn page(text: &str) -> Option<(Url, AddressForm)> {
    let text = text.trim();
    if text.contains('\\')
        && let Some(plain) = unescaped(text)
    {
        return page(&plain).map(|(url, _)| (url, AddressForm::Unescaped));
    }
    let slips =
        ["https://https://", "http://http://", "https://http://", "http://https://", "https//", "http//"];
    if let Some(rest) = slips.iter().find_map(|slip| text.strip_prefix(slip)) {
        return Url::parse(&format!("https://{rest}"))
            .ok()
            .filter(|_| starts_with_host(rest))
            .map(|url| (url, AddressForm::Mended));
    }
    if text.matches("://").count() > 1 && are_several(text) {
        return None;
    }
    if let Ok(url) = Url::parse(text) {
        if matches!(url.scheme(), "http" | "https") {
            return url.has_host().then_some((url, AddressForm::AsSent));
        }
        // `elm.example:8080/a` parses as a scheme and a path. Anything else with a scheme is not a page.
        if !text.contains(":") || text.contains("://") || !starts_with_host(text) {
            return None;
        }
    }
    let text = text.trim_start_matches("//");
    let url = starts_with_host(text).then(|| Url::parse(&format!("https://{text}")).ok()).flatten()?;
    Some((url, AddressForm::Mended))
}

// Removes backslashes from wrong escapes: with their letter at the end, and before slashes.
fn unescaped(text: &str) -> Option<String> {
    let mut rest = text;
    while let Some(shorter) =
        ["\\r", "\\n", "\\t", "\\\"", "\\'", "\\"].iter().find_map(|escape| rest.strip_suffix(escape))
    {
        rest = shorter.trim_end();
    }
    let plain = rest.replace("\\/", "/");
    (plain != text).then_some(plain)
}

// Returns whether a text has several URLs. URLs of archives contain another one in the path, and many have one in the
// query.
fn are_several(text: &str) -> bool {
    let folded = text.to_ascii_lowercase();
    text.contains(char::is_whitespace)
        || ['|', ';', ','].iter().any(|sign| {
            let follows = |part: &str| part.starts_with("http://") || part.starts_with("https://");
            folded.split(*sign).skip(1).any(follows)
        })
}

/// Reads an identifier that is a URI. A script does not count.
fn identifier(text: &str) -> Option<Url> {
    Url::parse(text.trim()).ok().filter(|uri| !matches!(uri.scheme(), "javascript" | "data" | "vbscript"))
}

/// Returns whether a URL is the one used in examples.
fn is_example(text: &str) -> bool {
    let host = text.trim().trim_start_matches("https://").trim_start_matches("http://");
    matches!(host.trim_end_matches('/'), "example.com" | "www.example.com")
}

/// Returns the first URL among the words or markup of a text.
fn page_among_words(text: &str) -> Option<(Url, AddressForm)> {
    let folded = text.trim_start().to_ascii_lowercase();
    if ["javascript:", "data:", "vbscript:", "mailto:", "tel:"]
        .iter()
        .any(|scheme| folded.starts_with(scheme))
    {
        return None;
    }
    let lowered = text.to_ascii_lowercase();
    let at = ["https://", "http://", "www."].iter().filter_map(|start| lowered.find(start)).min()?;
    let rest = text.get(at..)?;
    let ends = |c: char| c.is_whitespace() || matches!(c, '"' | '<' | '>' | '\'' | '|' | '\\' | '`');
    let address = rest.get(..rest.find(ends).unwrap_or(rest.len()))?;
    let next = [",http", ";http"].iter().filter_map(|start| address.to_ascii_lowercase().find(start)).min();
    let address = next.and_then(|next| address.get(..next)).unwrap_or(address);
    let address = address.trim_end_matches(['.', ',', ';', ':', '!', '?']);
    // A bracket that belongs to the words around the URL.
    let address = if address.contains('(') { address } else { address.trim_end_matches([')', ']']) };
    page(address).map(|(url, _)| (url, AddressForm::AmongWords))
}

/// Returns the first email address in a text.
fn email(text: &str) -> Option<String> {
    let plain = texts::as_plain(text);
    let text = plain.as_deref().unwrap_or(text).trim();
    let plain = text.strip_prefix("mailto:").unwrap_or(text).trim().trim_end_matches(['.', ',', ';']);
    address(plain).or_else(|| email_among_words(text))
}

/// Returns a text that is exactly one email address.
fn address(text: &str) -> Option<String> {
    let (name, domain) = text.rsplit_once('@')?;
    let clean = |part: &str| {
        !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || "<>,;:@\"()[]%?&=".contains(c))
    };
    (clean(name) && clean(domain) && is_host(domain)).then(|| text.to_owned())
}

/// The longest text that is searched for an address, in bytes.
const LONGEST: usize = 4096;

fn email_among_words(text: &str) -> Option<String> {
    if text.len() > LONGEST {
        return None;
    }
    let decoded = html_escape::decode_html_entities(text).replace(['\u{ff20}', '\u{fe6b}'], "@");
    let decoded = percent_encoding::percent_decode_str(&decoded).decode_utf8_lossy().into_owned();
    first_address(&decoded).or_else(|| first_address(&spelled_out(&decoded)))
}

// Reads `desk [at] elm [dot] example`, and spaces around the at sign.
fn spelled_out(text: &str) -> String {
    let mut text = text.to_owned();
    for (words, sign) in [
        (["[at]", "(at)", "{at}", "[AT]", "(AT)"], "@"),
        (["[dot]", "(dot)", "{dot}", "[DOT]", "(DOT)"], "."),
    ] {
        for word in words {
            text = text.replace(word, sign);
        }
    }
    for (spaced, sign) in [(" @", "@"), ("@ ", "@"), (" . ", ".")] {
        text = text.replace(spaced, sign);
    }
    text
}

fn first_address(text: &str) -> Option<String> {
    text.match_indices('@').find_map(|(at, _)| {
        let is_of_name = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '\'' | '%');
        let is_of_domain = |c: char| c.is_alphanumeric() || matches!(c, '.' | '-');
        let (before, after) = (text.get(..at)?, text.get(at + 1..)?);
        let from =
            before.rfind(|c| !is_of_name(c)).map_or(0, |at| at + before.get(at..).map_or(1, first_length));
        let to = after.find(|c| !is_of_domain(c)).unwrap_or(after.len());
        let name = before.get(from..)?.trim_start_matches(['.', '-', '\'', '%']);
        let domain = after.get(..to)?.trim_end_matches(['.', '-']);
        address(&format!("{name}@{domain}"))
    })
}

fn first_length(text: &str) -> usize {
    text.chars().next().map_or(1, char::len_utf8)
}

/// Returns whether an email address is in the domain reserved for invalid addresses.
fn is_invalid_domain(address: &str) -> bool {
    address.to_ascii_lowercase().ends_with(".invalid")
}

fn starts_with_host(text: &str) -> bool {
    let end = text.find(['/', '?', '#', ':']).unwrap_or(text.len());
    text.get(..end).is_some_and(is_host)
}

// Accepts labels separated by dots, the last one of letters: `elmcourt.example`, but not `example_counselling` or
// `1.5`.
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
            Some(("https://elm.example/a%20b".to_owned(), AddressForm::AsSent))
        );
        for text in [
            "www.elm.example",
            "//www.elm.example",
            "https://https://www.elm.example",
            "https//www.elm.example",
        ] {
            assert_eq!(
                read(text),
                Some(("https://www.elm.example/".to_owned(), AddressForm::Mended)),
                "{text}"
            );
        }
        assert_eq!(
            read("elm.example:8080/a"),
            Some(("https://elm.example:8080/a".to_owned(), AddressForm::Mended))
        );
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
    fn quirk_98_addresses_among_words() {
        for text in [
            "See https://elm.example/a for details",
            "Website: https://elm.example/a.",
            "<a href=\"https://elm.example/a\">our site</a>",
            "[our site](https://elm.example/a)",
            "(https://elm.example/a)",
            "<https://elm.example/a>",
            "https://elm.example/a https://oak.example/b",
            "https://elm.example/a|https://oak.example/b",
            "https://elm.example/a;https://oak.example/b",
            "https://elm.example/a,https://oak.example/b",
            "https://elm.example/a | https://oak.example/b",
            "https://elm.example/a\\r\\n",
            "https:\\/\\/elm.example\\/a",
        ] {
            let read = page(text).or_else(|| page_among_words(text)).map(|(url, _)| url.to_string());
            assert_eq!(read.as_deref(), Some("https://elm.example/a"), "{text}");
        }
        assert_eq!(
            page_among_words("see http//www.elm.example/a").map(|(url, _)| url.to_string()).as_deref(),
            Some("https://www.elm.example/a")
        );
        let whole = "https://archive.example/2020/https://elm.example/a,b";
        assert_eq!(
            page(whole).map(|(url, form)| (url.to_string(), form)),
            Some((whole.to_owned(), AddressForm::AsSent))
        );
        for text in ["javascript:open('https://elm.example')", "see our page", "www.", "https://"] {
            assert_eq!(page_among_words(text), None, "{text}");
        }
    }

    #[test]
    fn quirk_70_what_is_no_email() {
        assert_eq!(email(" mailto:desk@elm.example. ").as_deref(), Some("desk@elm.example"));
        for text in
            ["email-example_com", "desk@", "@elm.example", "desk@elm", "desk at elm.example", "a@b@", ""]
        {
            assert_eq!(email(text), None, "{text}");
        }
    }

    #[test]
    fn quirk_98_emails_among_words() {
        for text in [
            "desk@elm.example",
            "Email desk@elm.example",
            "desk@elm.example; post@elm.example",
            "desk@elm.example, post@elm.example",
            "desk@elm.example / post@elm.example",
            "Jo Bloggs <desk@elm.example>",
            "\"Jo\" <mailto:desk@elm.example>",
            "<a href=\"mailto:desk@elm.example\">desk@elm.example</a>",
            "<a href=\"mailto:desk@elm.example?subject=Hi\">write</a>",
            "mailto:desk@elm.example?subject=Hello%20there",
            "mailto:desk%40elm.example",
            "desk&#64;elm.example",
            "Email: desk@elm.example (office hours)",
            "desk [at] elm.example",
            "desk(at)elm[dot]example",
            "desk @ elm.example",
            "desk\u{ff20}elm.example",
            "\u{feff}desk@elm\u{200b}.example",
            "'desk@elm.example'",
            "E:desk@elm.example.",
        ] {
            assert_eq!(email(text).as_deref(), Some("desk@elm.example"), "{text}");
        }
    }
}
