//! Reads one entry of a register, whatever the spelling and nesting of its members.

use std::collections::BTreeMap;

use serde_json::Value;
use url::Url;

/// An entry. Names of members are in lower case, without `_` and `-`.
pub(super) struct RegisterRow {
    members: BTreeMap<String, Value>,
}

/// The members that may have the feed's URL, the most reliable first.
const ADDRESS: [&str; 5] = ["serviceurl", "service", "url", "baseurl", "feedurl"];
/// The longest text that is useful to readers, in characters.
const MOST_CHARACTERS: usize = 300;

impl RegisterRow {
    /// Reads an entry. Returns `None` if it is not an object.
    pub(super) fn of(value: &Value) -> Option<Self> {
        let members = value.as_object()?.iter().map(|(name, value)| (folded(name), value.clone()));
        Some(Self { members: members.collect() })
    }

    /// Returns the first of these members with a text, as one line.
    pub(super) fn text(&self, names: &[&str]) -> Option<String> {
        self.found(names).find_map(text)
    }

    /// Returns the first of these members that is a URL, or an object with one.
    pub(super) fn link(&self, names: &[&str]) -> Option<Url> {
        self.found(names).filter_map(address).find_map(|address| web(&address).ok())
    }

    /// Returns the first of these members that is a Boolean, or says one in words.
    pub(super) fn truth(&self, names: &[&str]) -> Option<bool> {
        self.found(names).find_map(truth)
    }

    /// Returns a whole number above zero.
    pub(super) fn count(&self, names: &[&str]) -> Option<u32> {
        self.text(names)?.parse().ok().filter(|count| *count > 0)
    }

    /// Returns the texts of a list, or a single text as a list.
    pub(super) fn texts(&self, name: &str) -> Vec<String> {
        match self.members.get(name) {
            Some(Value::Array(items)) => items.iter().filter_map(text).collect(),
            Some(value) => text(value).into_iter().collect(),
            None => Vec::new(),
        }
    }

    /// Returns whether the member exists and is empty.
    pub(super) fn is_null(&self, name: &str) -> bool {
        self.members.get(name).is_some_and(|value| text(value).is_none())
    }

    /// Returns the base URL of the feed's endpoints.
    ///
    /// # Errors
    /// If the entry has no URL, or none that can be requested. The message is for readers of the list.
    pub(super) fn url(&self) -> Result<Url, String> {
        let mut tries = self.found(&ADDRESS).filter_map(address).map(|written| web(&written));
        let first = tries.next().ok_or("it has no address")?;
        let mut url = first.or_else(|reason| tries.find_map(Result::ok).ok_or(reason))?;
        url.set_query(None);
        let path = url.path().trim_end_matches('/');
        let is_list = path.rsplit('/').next().is_some_and(|last| last.eq_ignore_ascii_case("services"));
        let base = if is_list { path.rsplit_once('/').map_or("", |(base, _)| base) } else { path };
        let base = base.trim_end_matches('/').to_owned();
        url.set_path(&base);
        Ok(url)
    }

    fn found<'a>(&'a self, names: &'a [&str]) -> impl Iterator<Item = &'a Value> {
        names.iter().filter_map(|name| self.members.get(*name))
    }
}

/// Returns a text on one line, without characters that could be misread in a terminal or a file.
pub(super) fn tidy(text: &str) -> String {
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c.is_control()).collect();
    let words = words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let plain: String = words.chars().filter(|c| !turns_text(*c)).collect();
    if plain.chars().count() <= MOST_CHARACTERS {
        return plain;
    }
    plain.chars().take(MOST_CHARACTERS).chain(['…']).collect()
}

/// Returns whether a character changes the direction of text.
fn turns_text(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

fn folded(name: &str) -> String {
    name.chars().filter(|c| !matches!(c, '_' | '-')).flat_map(char::to_lowercase).collect()
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => {
            let text = tidy(text);
            let is_nothing = matches!(text.to_lowercase().as_str(), "" | "null" | "none" | "n/a");
            (!is_nothing).then_some(text)
        }
        Value::Number(number) => Some(number.to_string()),
        // `$date` and `$oid` occur in exports of a MongoDB database.
        Value::Object(members) => ["value", "$date", "$oid", "name", "$numberLong"]
            .iter()
            .find_map(|name| text(members.get(*name)?)),
        Value::Null | Value::Bool(_) | Value::Array(_) => None,
    }
}

fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::Object(members) => truth(members.get("value")?),
        _ => match text(value)?.to_lowercase().as_str() {
            "1" | "1.0" | "true" | "yes" | "pass" => Some(true),
            "0" | "0.0" | "false" | "no" | "fail" => Some(false),
            _ => None,
        },
    }
}

/// Returns the URL in a member: its `url`, if it is an object with one, or else the value itself.
fn address(value: &Value) -> Option<String> {
    match value {
        Value::Object(members) => {
            members.get("url").and_then(address).or_else(|| address(members.get("value")?))
        }
        _ => text(value),
    }
}

fn web(written: &str) -> Result<Url, String> {
    let written = if written.contains("://") { written.to_owned() } else { format!("https://{written}") };
    let mut url = Url::parse(&written).map_err(|error| format!("its address is not valid: {error}"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("its address is neither http nor https".to_owned());
    }
    let is_name = url.domain().is_none_or(|domain| domain.contains('.') || domain == "localhost");
    if !is_name {
        return Err("its address has no host".to_owned());
    }
    url.set_fragment(None);
    // Both fail only for URLs without a host.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    Ok(url)
}
