//! Pages and single answers, in whatever they are wrapped.

use serde_json::{Map, Value, json};

use super::body::{Body, read_body, read_broken};
use super::members::is_nothing;
use super::names::same_name;
use super::numbers;
use crate::model::{IssueCode, RecordIssue};
use crate::source::dialect::{Envelope, NotAPage};
use crate::source::patience::Patience;

/// What lists of records are called, the standard's name first.
pub(super) const LISTS: [&str; 6] = ["contents", "content", "data", "items", "results", "value"];
const TOTAL_ITEMS: [&str; 6] =
    ["total_items", "total_elements", "total", "total_count", "total_records", "count"];
const TOTAL_PAGES: [&str; 4] = ["total_pages", "pages", "page_count", "last_page"];
const PAGE_NUMBER: [&str; 4] = ["page_number", "number", "page", "current_page"];
const NEXT: [&str; 3] = ["next", "next_url", "next_page_url"];
const INNER: [&str; 3] = ["pagination", "meta", "page"];
const LINKS: [&str; 2] = ["links", "_links"];
const ERRORS: [&str; 4] = ["error", "errors", "message", "detail"];

/// Takes a list answer apart; `list` is the name that the dialect's own list has.
///
/// # Errors
/// When the body holds no list.
pub(in crate::source::dialects) fn read_envelope(
    body: &[u8],
    list: &str,
    patience: &Patience,
) -> Result<Envelope, NotAPage> {
    let mut envelope = Envelope::default();
    let value = match read_body(body, patience) {
        Ok(Body { value, issues, is_cut }) => {
            envelope.issues = issues;
            envelope.broken = is_cut.then(|| NotAPage::TooMuch.to_string());
            value
        }
        Err(NotAPage::GivenUp) => return Err(NotAPage::GivenUp),
        Err(fault) => {
            let salvaged = read_broken(body, patience);
            let given_up = patience.is_over().then_some(NotAPage::GivenUp);
            let (page, lost) = salvaged.ok_or_else(|| given_up.unwrap_or_else(|| fault.clone()))?;
            envelope.broken = Some(fault.to_string());
            let message =
                format!("the page is broken in {lost} places; the records that are whole were read");
            envelope.issues.push(issue(IssueCode::Unreadable, list, message, None));
            page
        }
    };
    match value {
        Value::Array(rows) => {
            let message = "the page is a bare list";
            envelope.issues.push(issue(IssueCode::WrongType, "", message.to_owned(), None));
            take_rows(&mut envelope, rows, "");
        }
        Value::Object(members) => read_page(&mut envelope, members, list)?,
        _ => return Err(NotAPage::NoList { expected: "list of records" }),
    }
    Ok(envelope)
}

/// Takes the answer for one record apart.
///
/// # Errors
/// When the body holds no record and does not say that there is none.
pub(in crate::source::dialects) fn read_single(
    body: &[u8],
    patience: &Patience,
) -> Result<Option<Value>, NotAPage> {
    let value = match read_body(body, patience) {
        Ok(Body { is_cut: true, .. }) => return Err(NotAPage::TooMuch),
        Ok(body) => body.value,
        Err(NotAPage::Empty) => return Ok(None),
        Err(NotAPage::NotJson(_)) if body.len() < 200 && says_not_found(&String::from_utf8_lossy(body)) => {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    single(value)
}

fn single(value: Value) -> Result<Option<Value>, NotAPage> {
    const NO_RECORD: NotAPage = NotAPage::NoList { expected: "record" };
    match value {
        value if is_nothing(&value) => Ok(None),
        Value::Array(mut elements) if elements.len() == 1 => elements.pop().map_or(Ok(None), single),
        Value::Object(mut members) => {
            if has(&members, "id") || has(&members, "name") {
                return Ok(Some(Value::Object(members)));
            }
            if let Some(key) = LISTS.iter().find_map(|name| key_of(&members, name)) {
                return members.remove(&key).map_or(Ok(None), single);
            }
            match error_of(&members) {
                Some(text) if says_not_found(&text) => Ok(None),
                Some(_) => Err(NotAPage::ErrorMessage),
                None => Ok(Some(Value::Object(members))),
            }
        }
        _ => Err(NO_RECORD),
    }
}

/// The members around a page's list, and the rows of that list, whatever it is called. The list's own member stays,
/// empty.
pub(in crate::source) fn rows_of(page: Value) -> (Map<String, Value>, Vec<Value>) {
    match page {
        Value::Array(rows) => (Map::new(), rows),
        Value::Object(mut members) => {
            let key = LISTS.iter().find_map(|name| list_key(&members, name)).or_else(|| only_list(&members));
            let list = key.and_then(|key| members.get_mut(&key)).and_then(Value::as_array_mut);
            let rows = list.map(std::mem::take).unwrap_or_default();
            (members, rows)
        }
        _ => (Map::new(), Vec::new()),
    }
}

fn read_page(envelope: &mut Envelope, mut members: Map<String, Value>, list: &str) -> Result<(), NotAPage> {
    envelope.total_items = count(&members, &TOTAL_ITEMS);
    envelope.total_pages = count(&members, &TOTAL_PAGES);
    envelope.page_number = count(&members, &PAGE_NUMBER);
    envelope.next = next(&members);
    let error = error_of(&members);
    let key = LISTS.iter().find_map(|name| list_key(&members, name));
    let key = key.or_else(|| only_list(&members).filter(|_| error.is_none()));
    match key.and_then(|key| Some((members.remove(&key)?, key))) {
        Some((Value::Array(rows), _)) if rows.is_empty() && error.is_some() => Err(NotAPage::ErrorMessage),
        Some((Value::Array(rows), key)) => {
            if key != list {
                let message = format!("is read as `{list}`");
                envelope.issues.push(issue(IssueCode::MisspelledMember, &key, message, None));
            }
            take_rows(envelope, rows, &key);
            Ok(())
        }
        _ if error.is_some() => Err(NotAPage::ErrorMessage),
        _ if says_empty(&members, envelope) => Ok(()),
        _ => Err(NotAPage::NoList { expected: "list of records" }),
    }
}

fn says_empty(members: &Map<String, Value>, envelope: &Envelope) -> bool {
    let empty = key_of(members, "empty").and_then(|key| members.get(&key));
    empty == Some(&Value::Bool(true)) || envelope.total_items == Some(0)
}

/// Rows that are read of one answer. A record takes some kilobytes, however little its row says.
const MOST_ROWS: usize = 20_000;

fn take_rows(envelope: &mut Envelope, rows: Vec<Value>, key: &str) {
    let sent = rows.len();
    let mut first_bad = None;
    if sent > MOST_ROWS {
        let message = format!("the answer holds {sent} records; {MOST_ROWS} are read of one answer at most");
        envelope.broken.get_or_insert(message);
    }
    for (index, row) in rows.into_iter().take(MOST_ROWS).enumerate() {
        if row.is_object() && !is_nothing(&row) {
            envelope.rows.push(row);
        } else {
            first_bad = first_bad.or(Some(index));
        }
    }
    if let Some(index) = first_bad {
        let skipped = sent.min(MOST_ROWS) - envelope.rows.len();
        let message = format!("holds no record; {skipped} such rows of {sent} were passed over");
        envelope.issues.push(issue(IssueCode::Unreadable, &format!("{key}[{index}]"), message, None));
    }
    // A hint that is too small is the one kind of wrong total that a single page shows.
    if let Some(total) = envelope.total_items.filter(|total| *total < sent as u64) {
        let message = format!("claims {total} records and sends {sent}");
        envelope.issues.push(issue(IssueCode::Conflict, key, message, Some(json!(total))));
    }
}

fn issue(code: IssueCode, path: &str, message: String, original: Option<Value>) -> RecordIssue {
    RecordIssue { code, path: path.to_owned(), message, original }
}

fn key_of(members: &Map<String, Value>, name: &str) -> Option<String> {
    if members.contains_key(name) {
        return Some(name.to_owned());
    }
    members.keys().find(|key| same_name(key, name)).cloned()
}

fn list_key(members: &Map<String, Value>, name: &str) -> Option<String> {
    let is_list = |key: &String| members.get(key).is_some_and(Value::is_array);
    key_of(members, name).filter(is_list)
}

// The only list that holds anything with an id, whatever it is called.
fn only_list(members: &Map<String, Value>) -> Option<String> {
    let holds_records = |value: &Value| {
        let rows = value.as_array().into_iter().flatten();
        rows.filter_map(Value::as_object).any(|row| has(row, "id"))
    };
    let mut lists = members.iter().filter(|(_, value)| holds_records(value)).map(|(key, _)| key);
    lists.next().filter(|_| lists.next().is_none()).cloned()
}

fn has(members: &Map<String, Value>, name: &str) -> bool {
    key_of(members, name).and_then(|key| members.get(&key)).is_some_and(|value| !is_nothing(value))
}

fn member<'m>(members: &'m Map<String, Value>, name: &str) -> Option<&'m Value> {
    members.get(&key_of(members, name)?)
}

// A count at the top, or in one of the objects that some servers put their counts into.
fn count(members: &Map<String, Value>, names: &[&str]) -> Option<u64> {
    let here = |members: &Map<String, Value>| names.iter().find_map(|name| whole(member(members, name)?));
    here(members).or_else(|| INNER.iter().find_map(|name| here(member(members, name)?.as_object()?)))
}

fn whole(value: &Value) -> Option<u64> {
    let number =
        numbers::read(value).filter(|number| number.fract() == 0.0 && (0.0..1e15).contains(number))?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked in the line above")]
    let whole = number as u64;
    Some(whole)
}

fn next(members: &Map<String, Value>) -> Option<String> {
    let here = |members: &Map<String, Value>| NEXT.iter().find_map(|name| link(member(members, name)?));
    let inside = |name: &&str| here(member(members, name)?.as_object()?);
    here(members).or_else(|| LINKS.iter().chain(&INNER).find_map(inside))
}

fn link(value: &Value) -> Option<String> {
    let text = value.as_str().or_else(|| value.get("href")?.as_str())?.trim();
    (!text.is_empty() && !text.eq_ignore_ascii_case("null")).then(|| text.to_owned())
}

fn error_of(members: &Map<String, Value>) -> Option<String> {
    let said = ERRORS.iter().find_map(|name| member(members, name).filter(|value| !is_nothing(value)))?;
    match said {
        Value::Bool(false) => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}

fn says_not_found(text: &str) -> bool {
    let text = text.to_ascii_lowercase();
    !text.contains('<')
        && ["not found", "no matching", "does not exist", "no such"]
            .iter()
            .any(|phrase| text.contains(phrase))
}
