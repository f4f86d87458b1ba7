//! Finds out where a page says that its list continues, by the meaning of names, because hardly two frameworks use the
//! same.
//!
//! Only members of the page, and of objects that are about paging by name, are inspected. The `next` of a record is the
//! record's own data.

mod given_back;
mod signs;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

use crate::source::onward::{AddressParameters, OnwardWord};
use given_back::{guesses, ways_of_end};
use signs::{
    counts_what_is_left, flag_of, is_end, is_token, keys_to_give_back, names_a_place, says_last, says_more,
};

/// Words that occur beside "next" in names of links and tokens.
const BESIDE_NEXT: [&str; 39] = [
    "after",
    "api",
    "batch",
    "chunk",
    "continuation",
    "cursor",
    "data",
    "from",
    "href",
    "hydra",
    "id",
    "index",
    "item",
    "key",
    "link",
    "list",
    "marker",
    "no",
    "num",
    "number",
    "odata",
    "offset",
    "opensearch",
    "page",
    "path",
    "position",
    "query",
    "record",
    "rel",
    "request",
    "result",
    "row",
    "set",
    "skip",
    "start",
    "the",
    "token",
    "uri",
    "url",
];
/// Names of objects and lists of links that are about paging.
const ABOUT_PAGING: [&str; 20] = [
    "api",
    "collection",
    "cursor",
    "hydra",
    "info",
    "link",
    "list",
    "meta",
    "metadata",
    "nav",
    "navigation",
    "odata",
    "page",
    "pager",
    "paging",
    "pagination",
    "paginator",
    "response",
    "result",
    "view",
];
const LINKS: [&str; 7] = ["link", "nav", "navigation", "page", "pager", "paging", "pagination"];
/// Members of a link with its URL.
const ADDRESS: [&str; 6] = ["href", "url", "uri", "link", "target", "@id"];
/// Members of a link with its relation,
const RELATION: [&str; 3] = ["rel", "relation", "relationship"];
/// or with a label for people,
const LABEL: [&str; 3] = ["label", "name", "title"];
/// which then consists only of these words.
const LABELS: [&str; 8] = ["next", "page", "pagination", "label", "raquo", "rsaquo", "gt", "results"];
/// Texts that mean "nothing".
const NOTHING: [&str; 9] = ["", "null", "none", "false", "no", "nil", "undefined", "-", "#"];
/// How deep objects about paging may be nested.
const DEPTH: usize = 3;
/// The longest token or link, in bytes.
const LONGEST: usize = 4096;
/// The longest name that is split into words, in bytes.
const LONGEST_NAME: usize = 48;

/// Returns how a page says that its list continues, from its members without the list.
pub(in crate::source::dialects::lenient) fn onward(members: &Map<String, Value>) -> Option<OnwardWord> {
    let mut signs = OnwardSigns::default();
    signs.look_into(members, DEPTH);
    signs.strongest()
}

/// Returns how a page with an offset, such as `{"offset": 0, "limit": 10}`, continues, if it has `shown` records and
/// there are `total` in all.
pub(in crate::source::dialects::lenient) fn by_offset(
    members: &Map<String, Value>,
    shown: u64,
    total: u64,
) -> Option<OnwardWord> {
    let (name, offset) = offset_in(members).or_else(|| {
        let inner = members.iter().filter(|(key, _)| is_about_paging(&compact(key)));
        inner.filter_map(|(_, value)| value.as_object()).find_map(offset_in)
    })?;
    let next = offset.checked_add(shown).filter(|next| shown > 0 && *next < total)?;
    Some(OnwardWord::Given(vec![vec![(name.to_owned(), next.to_string())]]))
}

fn offset_in(members: &Map<String, Value>) -> Option<(&str, u64)> {
    const OFFSETS: [&str; 5] = ["offset", "skip", "start", "startindex", "firstresult"];
    let mut found = members.iter().filter(|(key, _)| OFFSETS.contains(&&*compact(key)));
    let number = |value: &Value| value.as_u64().or_else(|| value.as_str()?.trim().parse().ok());
    found.find_map(|(key, value)| Some((key.as_str(), number(value)?)))
}

/// The signs found, each by its first occurrence.
#[derive(Default)]
struct OnwardSigns {
    link: Option<String>,
    given: Option<Vec<AddressParameters>>,
    page: Option<u64>,
    has_more: bool,
    /// Whether anything says that there is no more.
    is_over: bool,
    /// The parameters with which a cursor of the page's end may be given back. Only counts if there is more.
    end: Option<Vec<AddressParameters>>,
    /// The same for a token, which feeds hardly ever send unless there is more.
    token: Option<Vec<AddressParameters>>,
}

impl OnwardSigns {
    fn strongest(self) -> Option<OnwardWord> {
        let after = || {
            let end = self.end.clone().filter(|_| self.has_more);
            let token = || self.token.clone().filter(|_| self.has_more || !self.is_over);
            end.or_else(token).map(OnwardWord::Given)
        };
        self.link
            .clone()
            .map(OnwardWord::Link)
            .or_else(|| self.given.clone().map(OnwardWord::Given))
            .or_else(after)
            .or_else(|| self.page.map(OnwardWord::Page))
            .or_else(|| self.has_more.then_some(OnwardWord::Somehow))
    }

    fn look_into(&mut self, members: &Map<String, Value>, depth: usize) {
        for (key, value) in members {
            let name = compact(key);
            match value {
                Value::Object(place) if names_a_place(&name) => {
                    self.given = self.given.take().or_else(|| keys_to_give_back(key, place));
                    // Whatever it consists of, it stands for records.
                    self.has_more |= !place.is_empty();
                }
                _ if leads_on(&name) => {
                    self.is_over |= stands_for_nothing(value);
                    self.take(key, &name, value);
                }
                _ if says_more(&name) => self.take_flag(flag_of(value)),
                _ if says_last(&name) => {
                    self.take_flag(truth_of(value).map(|is_last| !is_last));
                }
                Value::Number(left) if counts_what_is_left(&name) => {
                    self.take_flag(left.as_u64().map(|left| left > 0));
                }
                Value::String(text) if is_token(&name) && text.trim().parse::<f64>().is_err() => {
                    let ways = || token(text).map(|token| ways_of_end(key, &name, &token));
                    self.token = self.token.take().or_else(ways);
                }
                Value::String(text) if is_end(&name) => {
                    let ways = || token(text).map(|token| ways_of_end(key, &name, &token));
                    self.end = self.end.take().or_else(ways);
                }
                Value::Object(inner) if depth > 0 && is_about_paging(&name) => {
                    self.look_into(inner, depth - 1);
                }
                Value::Array(links) if depth > 0 && is_made_of(&name, &LINKS) => {
                    let next = links.iter().filter_map(Value::as_object).filter(|link| is_to_next(link));
                    next.for_each(|link| self.take_link(link));
                }
                _ => {}
            }
        }
    }

    fn take_flag(&mut self, is_there_more: Option<bool>) {
        self.has_more |= is_there_more == Some(true);
        self.is_over |= is_there_more == Some(false);
    }

    /// Takes the value of a member that leads to the next page.
    fn take(&mut self, key: &str, name: &str, value: &Value) {
        match value {
            Value::Bool(more) => self.has_more |= more,
            Value::String(text) => self.take_text(key, name, text.trim()),
            Value::Number(number) => {
                if let Some(number) = number.as_u64().filter(|number| *number > 0) {
                    self.take_number(key, name, number);
                }
            }
            Value::Array(elements) => elements.iter().take(1).for_each(|first| self.take(key, name, first)),
            Value::Object(link) => self.take_link(link),
            Value::Null => {}
        }
    }

    fn take_text(&mut self, key: &str, name: &str, text: &str) {
        if NOTHING.contains(&text.to_ascii_lowercase().as_str()) || text.len() > LONGEST || text.contains('{')
        {
            return;
        }
        if let Ok(number) = text.parse::<u64>() {
            if number > 0 {
                self.take_number(key, name, number);
            }
            return;
        }
        let is_named_link = ["link", "url", "uri", "href", "path"].iter().any(|word| name.contains(word));
        if is_named_link || looks_like_a_link(text) {
            self.link.get_or_insert_with(|| text.to_owned());
        } else if let Some(token) = token(text) {
            self.given.get_or_insert_with(|| guesses(key, name, &token));
        }
    }

    fn take_number(&mut self, key: &str, name: &str, number: u64) {
        let rest = name.replacen("next", "", 1);
        if is_made_of(&rest, &["page", "number", "num", "no"]) {
            self.page.get_or_insert(number);
        } else {
            self.given.get_or_insert_with(|| guesses(key, name, &number.to_string()));
        }
    }

    fn take_link(&mut self, link: &Map<String, Value>) {
        let is_template = link.get("templated") == Some(&Value::Bool(true));
        let address = ADDRESS.iter().find_map(|name| {
            let found = link.iter().find(|(key, _)| key == name || compact(key) == *name);
            found.and_then(|(_, value)| value.as_str()).map(str::trim)
        });
        match address {
            Some(address) if !is_template && !NOTHING.contains(&address.to_ascii_lowercase().as_str()) => {
                if !address.contains('{') && address.len() <= LONGEST {
                    self.link.get_or_insert_with(|| address.to_owned());
                }
            }
            Some(_) => {}
            // A link without a URL is ignored. Any other object may consist of parameters.
            None if link.keys().any(|key| is_of_a_link(key)) => {}
            None => self.given = self.given.take().or_else(|| parameters(link).map(|pairs| vec![pairs])),
        }
    }
}

/// Returns the name of a member in lower case, with only letters and digits.
fn compact(key: &str) -> String {
    key.chars().filter(char::is_ascii_alphanumeric).map(|letter| letter.to_ascii_lowercase()).collect()
}

fn is_of_a_link(key: &str) -> bool {
    let name = compact(key);
    ADDRESS.contains(&key) || ADDRESS.contains(&&*name) || RELATION.contains(&&*name)
}

fn is_about_paging(name: &str) -> bool {
    !name.is_empty() && is_made_of(name, &ABOUT_PAGING)
}

/// Returns whether a member leads to the next page, judging by its name, such as `next`, `nextPageUrl`,
/// `@odata.nextLink` or `continuationToken`.
fn leads_on(name: &str) -> bool {
    match name.split_once("next") {
        Some((before, after)) => is_made_of(before, &BESIDE_NEXT) && is_made_of(after, &BESIDE_NEXT),
        None => names_a_place(name),
    }
}

/// Accepts only plain Booleans. The number of the last page is not one.
fn truth_of(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => text.trim().to_ascii_lowercase().parse().ok(),
        _ => None,
    }
}

fn stands_for_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(false) => true,
        Value::String(text) => NOTHING.contains(&text.trim().to_ascii_lowercase().as_str()),
        _ => false,
    }
}

/// Returns whether a text is a sequence of these words, in the singular or the plural.
fn is_made_of(text: &str, words: &[&str]) -> bool {
    let is_plausible = text.len() <= LONGEST_NAME;
    text.is_empty()
        || is_plausible
            && words.iter().filter_map(|word| text.strip_prefix(word)).any(|rest| {
                is_made_of(rest, words) || rest.strip_prefix('s').is_some_and(|rest| is_made_of(rest, words))
            })
}

/// Returns whether a link in a list leads to the next page: by the relation `next`, a URL that ends in it, or a label.
fn is_to_next(link: &Map<String, Value>) -> bool {
    link.iter().any(|(key, value)| {
        let name = compact(key);
        let texts = match value {
            Value::Array(texts) => texts.iter().filter_map(Value::as_str).collect(),
            other => other.as_str().into_iter().collect::<Vec<_>>(),
        };
        let is_label = LABEL.contains(&&*name);
        (is_label || RELATION.contains(&&*name)) && texts.into_iter().any(|text| says_next(text, is_label))
    })
}

fn says_next(text: &str, is_label: bool) -> bool {
    let words = text.split(|letter: char| !letter.is_ascii_alphanumeric()).map(str::to_ascii_lowercase);
    let words: Vec<String> = words.filter(|word| !word.is_empty()).collect();
    let is_all_of_labels = || words.iter().all(|word| LABELS.contains(&&**word));
    words.iter().any(|word| word == "next") && (!is_label || is_all_of_labels())
}

fn looks_like_a_link(text: &str) -> bool {
    let is_whole = text.contains("://");
    let is_relative = text.starts_with(['/', '?']) || text.starts_with("./") || text.starts_with("../");
    let has_query = text.split_once('?').is_some_and(|(_, query)| query.contains('='));
    !text.contains(char::is_whitespace) && (is_whole || is_relative || has_query)
}

/// Returns a text that may be a token. Tokens have no spaces.
fn token(text: &str) -> Option<String> {
    let text = text.trim();
    let is_token = !text.contains(char::is_whitespace)
        && text.len() <= LONGEST
        && !NOTHING.contains(&text.to_ascii_lowercase().as_str());
    is_token.then(|| text.to_owned())
}

/// Returns the parameters that an object stands for, such as `{"offset": 20, "limit": 10}`.
fn parameters(object: &Map<String, Value>) -> Option<AddressParameters> {
    let pairs: Option<AddressParameters> = object
        .iter()
        .filter(|(_, value)| !value.is_null())
        .map(|(key, value)| match value {
            Value::String(text) if !text.contains(char::is_whitespace) => Some((key.clone(), text.clone())),
            Value::Number(number) => Some((key.clone(), number.to_string())),
            _ => None,
        })
        .collect();
    pairs.filter(|pairs| (1..=6).contains(&pairs.len()))
}
