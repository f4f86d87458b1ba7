//! Reads pages and detail pages in any wrapping.

mod claims;

use serde_json::{Map, Value, json};

use crate::model::{IssueCode, RecordIssue};
use crate::source::dialect::{ListEnvelope, NotAPage};
use crate::source::dialects::lenient::body::json_text::{JsonBody, read_body, read_broken};
use crate::source::dialects::lenient::body::onward::{by_offset, onward};
use crate::source::dialects::lenient::body::page_names::{PageNames, has_id, list_names, nested_lists};
use crate::source::dialects::lenient::body::row_wrappings::{flattened, is_wrapped};
use crate::source::dialects::lenient::members::names::same_name;
use crate::source::dialects::lenient::members::object::is_nothing;
use crate::source::patience::ReadingPatience;
use claims::{COUNT, IS_FIRST, PAGE_NUMBER, TOTAL_ITEMS, TOTAL_PAGES, count, flag, total_items};

/// Objects that may contain the list.
const AROUND: [&str; 10] =
    ["_embedded", "data", "result", "results", "response", "d", "payload", "contents", "services", "hits"];
/// How deep such objects may be nested in one another, besides the first.
const MOST_AROUND: u8 = 1;
const ERRORS: [&str; 4] = ["error", "errors", "message", "detail"];

/// Splits a list response into rows and what its envelope claims.
///
/// # Errors
/// If the body contains no list.
pub(in crate::source) fn read_envelope(
    body: &[u8],
    names: PageNames,
    patience: &ReadingPatience,
) -> Result<ListEnvelope, NotAPage> {
    let mut envelope = ListEnvelope::default();
    let value = match read_body(body, patience) {
        Ok(JsonBody { value, issues, is_cut }) => {
            envelope.issues = issues;
            envelope.broken = is_cut.then(|| NotAPage::TooMuch.to_string());
            value
        }
        Err(NotAPage::GivenUp) => return Err(NotAPage::GivenUp),
        Err(fault) => {
            let salvaged = read_broken(body, names, patience);
            let given_up = patience.is_over().then_some(NotAPage::GivenUp);
            let (page, lost) = salvaged.ok_or_else(|| given_up.unwrap_or_else(|| fault.clone()))?;
            envelope.broken = Some(fault.to_string());
            let message = format!("the page is broken in {lost} places; only the intact records were read");
            envelope.issues.push(issue(IssueCode::Unreadable, names.list, message, None));
            page
        }
    };
    match value {
        Value::Array(rows) => {
            let message = "the page is a list without an envelope";
            envelope.issues.push(issue(IssueCode::WrongType, "", message.to_owned(), None));
            take_rows(&mut envelope, rows, "", names);
        }
        Value::Object(members) => read_page(&mut envelope, members, names)?,
        _ => return Err(NotAPage::NoList { expected: "list of records" }),
    }
    Ok(envelope)
}

/// Extracts the record from a detail page. Returns `None` if the body says that there is none.
///
/// # Errors
/// If the body contains neither a record nor such a message.
pub(in crate::source) fn read_single(
    body: &[u8],
    names: PageNames,
    patience: &ReadingPatience,
) -> Result<Option<Value>, NotAPage> {
    let value = match read_body(body, patience) {
        Ok(JsonBody { is_cut: true, .. }) => return Err(NotAPage::TooMuch),
        Ok(body) => body.value,
        Err(NotAPage::Empty) => return Ok(None),
        Err(NotAPage::NotJson(_)) if body.len() < 200 && says_not_found(&String::from_utf8_lossy(body)) => {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    Ok(single(value, names)?.map(|record| names.with_standard_ids(record)))
}

fn single(value: Value, names: PageNames) -> Result<Option<Value>, NotAPage> {
    const NO_RECORD: NotAPage = NotAPage::NoList { expected: "record" };
    match value {
        value if is_nothing(&value) => Ok(None),
        Value::Array(mut elements) if elements.len() == 1 => {
            elements.pop().map_or(Ok(None), |one| single(one, names))
        }
        Value::Object(mut members) => {
            if has_id(&members) || has(&members, "name") {
                return Ok(Some(flattened(Value::Object(members))));
            }
            if let Some(key) = names.lists().find_map(|name| key_of(&members, name)) {
                return members.remove(&key).map_or(Ok(None), |list| single(list, names));
            }
            match error_of(&members) {
                Some(text) if says_not_found(&text) => Ok(None),
                Some(_) => Err(NotAPage::ErrorMessage),
                None => Ok(Some(flattened(Value::Object(members)))),
            }
        }
        _ => Err(NO_RECORD),
    }
}

/// Returns the members around a page's list, and the rows of the list, wherever it is and whatever its name. A list
/// that is a member of the page stays there, empty.
pub(in crate::source) fn rows_of(page: Value) -> (Map<String, Value>, Vec<Value>) {
    let (members, rows) = match page {
        Value::Array(rows) => (Map::new(), rows),
        Value::Object(mut members) => {
            let named = list_names().find_map(|name| list_key(&members, name));
            let nested = match named {
                Some(_) => None,
                None => nested_lists().find_map(|path| {
                    take_nested_list(&mut ListEnvelope::default(), &mut members, path).map(|(rows, _)| rows)
                }),
            };
            let key = named.or_else(|| only_list(&members).filter(|_| nested.is_none()));
            let list = key.and_then(|key| members.get_mut(&key)).and_then(Value::as_array_mut);
            let rows = nested.or_else(|| list.map(std::mem::take));
            let around = |members| {
                take_list_around(&mut ListEnvelope::default(), members, MOST_AROUND).map(|(rows, _)| rows)
            };
            let rows = rows.or_else(|| around(&mut members));
            let rows = rows.or_else(|| only_row(&mut members).map(|(_, row)| vec![row])).unwrap_or_default();
            (members, rows)
        }
        _ => (Map::new(), Vec::new()),
    };
    (members, rows.into_iter().map(flattened).collect())
}

/// Returns what is claimed about a list outside its page, in members like those of a page: totals, and how it
/// continues. `rows` is the number of rows of the page.
pub(in crate::source) fn claims_beside(members: &Map<String, Value>, rows: usize) -> ListEnvelope {
    let total_items = total_items(members);
    let is_of_page = total_items == Some(rows as u64) && member(members, COUNT).is_some();
    ListEnvelope {
        total_items: total_items.filter(|_| !is_of_page),
        total_pages: count(members, &TOTAL_PAGES),
        onward: onward(members),
        ..ListEnvelope::default()
    }
}

fn read_page(
    envelope: &mut ListEnvelope,
    mut members: Map<String, Value>,
    names: PageNames,
) -> Result<(), NotAPage> {
    envelope.total_items = total_items(&members);
    envelope.total_pages = count(&members, &TOTAL_PAGES);
    envelope.page_number = count(&members, &PAGE_NUMBER);
    envelope.is_first = flag(&members, &IS_FIRST);
    let error = error_of(&members);
    let nested = take_nested_list(envelope, &mut members, names.list);
    let taken = nested.or_else(|| take_list(&mut members, names.lists(), error.is_none()));
    envelope.onward = onward(&members).or(envelope.onward.take());
    let taken =
        taken.or_else(|| take_list_around(envelope, &mut members, MOST_AROUND).filter(|_| error.is_none()));
    let taken = taken.or_else(|| take_only_row(envelope, &mut members).filter(|_| error.is_none()));
    let says_nothing = error.as_deref().is_some_and(says_nothing_there);
    match taken {
        Some((rows, _)) if rows.is_empty() && says_nothing => Err(NotAPage::NothingThere),
        Some((rows, _)) if rows.is_empty() && error.is_some() => Err(NotAPage::ErrorMessage),
        Some((rows, key)) => {
            let is_of_page =
                envelope.total_items == Some(rows.len() as u64) && count(&members, &TOTAL_ITEMS).is_none();
            if key != names.list {
                let message = format!("is read as `{}`", names.list);
                envelope.issues.push(issue(IssueCode::MisspelledMember, &key, message, None));
            }
            let shown = rows.len() as u64;
            take_rows(envelope, rows, &key, names);
            if is_of_page {
                envelope.total_items = None;
            }
            let is_numbered = envelope.page_number.is_some() || envelope.total_pages.is_some();
            if let Some(total) = envelope.total_items.filter(|_| envelope.onward.is_none() && !is_numbered) {
                envelope.onward = by_offset(&members, shown, total);
            }
            Ok(())
        }
        None if says_nothing => Err(NotAPage::NothingThere),
        None if error.is_some() => Err(NotAPage::ErrorMessage),
        None if says_empty(&members, envelope) => Ok(()),
        None => Err(NotAPage::NoList { expected: "list of records" }),
    }
}

/// Takes the list out of a page's members. Returns it with its name.
fn take_list(
    members: &mut Map<String, Value>,
    mut names: impl Iterator<Item = &'static str>,
    by_content: bool,
) -> Option<(Vec<Value>, String)> {
    let key = names.find_map(|name| list_key(members, name));
    let key = key.or_else(|| only_list(members).filter(|_| by_content))?;
    match members.remove(&key)? {
        Value::Array(rows) => Some((rows, key)),
        _ => None,
    }
}

/// Takes the list at a path such as `data.results`, with what the objects around it claim about it. Returns `None` if
/// the path is one name.
fn take_nested_list(
    envelope: &mut ListEnvelope,
    members: &mut Map<String, Value>,
    path: &'static str,
) -> Option<(Vec<Value>, String)> {
    let (name, rest) = path.split_once('.')?;
    let outer = key_of(members, name)?;
    let inner = members.get_mut(&outer)?.as_object_mut()?;
    let nested = take_nested_list(envelope, inner, rest);
    let (rows, key) = nested.or_else(|| take_list(inner, std::iter::once(rest), false))?;
    take_claims(envelope, inner);
    Some((rows, format!("{outer}.{key}")))
}

/// Takes what an object around a list claims about the whole list, unless the page itself says it.
fn take_claims(envelope: &mut ListEnvelope, inner: &Map<String, Value>) {
    envelope.total_items = envelope.total_items.or_else(|| total_items(inner));
    envelope.total_pages = envelope.total_pages.or_else(|| count(inner, &TOTAL_PAGES));
    envelope.page_number = envelope.page_number.or_else(|| count(inner, &PAGE_NUMBER));
    envelope.is_first = envelope.is_first.or_else(|| flag(inner, &IS_FIRST));
    envelope.onward = envelope.onward.take().or_else(|| onward(inner));
}

/// Takes the list out of an object in the page, as hypertext formats nest it, with what that object claims about the
/// whole list.
fn take_list_around(
    envelope: &mut ListEnvelope,
    members: &mut Map<String, Value>,
    depth: u8,
) -> Option<(Vec<Value>, String)> {
    AROUND.iter().find_map(|name| {
        let outer = key_of(members, name)?;
        let inner = members.get_mut(&outer)?.as_object_mut()?;
        let (rows, key) =
            take_list(inner, list_names(), true).or_else(|| take_deeper_list(envelope, inner, depth))?;
        take_claims(envelope, inner);
        Some((rows, format!("{outer}.{key}")))
    })
}

/// The same for an object in that object: `data.services.edges`.
fn take_deeper_list(
    envelope: &mut ListEnvelope,
    inner: &mut Map<String, Value>,
    depth: u8,
) -> Option<(Vec<Value>, String)> {
    if depth == 0 { None } else { take_list_around(envelope, inner, depth - 1) }
}

/// Takes the only record, if it is in the place of the list, as in XML converted to JSON.
fn take_only_row(
    envelope: &mut ListEnvelope,
    members: &mut Map<String, Value>,
) -> Option<(Vec<Value>, String)> {
    let (key, row) = only_row(members)?;
    let message = "is one record, not a list; it was read as a list of one".to_owned();
    envelope.issues.push(issue(IssueCode::WrongType, &key, message, None));
    Some((vec![row], key))
}

fn only_row(members: &mut Map<String, Value>) -> Option<(String, Value)> {
    let is_record = |value: &Value| {
        let row = flattened(value.clone());
        row.as_object().is_some_and(|row| has_id(row) && has(row, "name"))
    };
    let mut found = list_names().filter_map(|name| key_of(members, name));
    let key = found.find(|key| members.get(key).is_some_and(is_record))?;
    let row = members.remove(&key)?;
    Some((key, row))
}

fn says_empty(members: &Map<String, Value>, envelope: &ListEnvelope) -> bool {
    let empty = key_of(members, "empty").and_then(|key| members.get(&key));
    empty == Some(&Value::Bool(true)) || envelope.total_items == Some(0)
}

/// The most rows read from one response. A record takes a few kilobytes, however small its row is.
const MOST_ROWS: usize = 20_000;

fn take_rows(envelope: &mut ListEnvelope, rows: Vec<Value>, key: &str, names: PageNames) {
    let sent = rows.len();
    let mut first_bad = None;
    if sent > MOST_ROWS {
        let message =
            format!("the response has {sent} records; at most {MOST_ROWS} are read from one response");
        envelope.broken.get_or_insert(message);
    }
    if rows.first().is_some_and(is_wrapped) {
        let message = "wraps each record in a member of its row; the wrapped record was read".to_owned();
        envelope.issues.push(issue(IssueCode::NonStandardFormat, key, message, None));
    }
    for (index, row) in rows.into_iter().take(MOST_ROWS).enumerate() {
        if row.is_object() && !is_nothing(&row) {
            envelope.rows.push(names.with_standard_ids(flattened(row)));
        } else {
            first_bad = first_bad.or(Some(index));
        }
    }
    if let Some(index) = first_bad {
        let skipped = sent.min(MOST_ROWS) - envelope.rows.len();
        envelope.skipped = skipped;
        let message = format!("contains no record; {skipped} of {sent} rows were skipped");
        envelope.issues.push(issue(IssueCode::Unreadable, &format!("{key}[{index}]"), message, None));
    }
    // A claimed total that is too small is the only kind of wrong total that a single page shows.
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

// Returns the only list with records that have ids, whatever its name.
fn only_list(members: &Map<String, Value>) -> Option<String> {
    let holds_records = |value: &Value| {
        let rows = value.as_array().into_iter().flatten();
        rows.into_iter().any(|row| is_wrapped(row) || row.as_object().is_some_and(has_id))
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

/// Returns whether a message says that the list is empty, which some feeds send for the page after the last.
fn says_nothing_there(text: &str) -> bool {
    const SAYS: [&str; 12] = [
        "no more",
        "no results",
        "no records",
        "no items",
        "no services",
        "no data",
        "nothing",
        "invalid page",
        "page number",
        "page not",
        "out of range",
        "last page",
    ];
    let text = text.to_ascii_lowercase();
    text.len() < 500 && (says_not_found(&text) || SAYS.iter().any(|words| text.contains(words)))
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
