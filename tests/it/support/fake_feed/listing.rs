//! Lists, and the ways in which feeds page them.

use serde_json::{Value, json};

use super::records;
use super::request::Asked;

/// A way of listing that departs from the standard, or one of several that it allows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Habit {
    /// Shows at most this many rows on a page, whatever size is asked for.
    PageSizeCap(usize),
    /// Claims this many records more than there are, or fewer if negative.
    TotalsOffBy(isize),
    /// Gives no totals.
    WithoutTotals,
    /// Sends a bare array instead of an envelope.
    BareArray,
    /// Links each page to the next, with a relative address.
    Links,
    /// Links each page to the next, and the last one to the first.
    LinksInCircles,
    /// Repeats the last page past the end.
    Clamped,
    /// Answers 404 past the end.
    NotFoundPastEnd,
    /// Answers `{"empty": true}` past the end.
    EmptyObjectPastEnd,
    /// Shows the first page, whichever one is asked for.
    IgnoresPage,
    /// Shows this page as empty, although later pages are not.
    EmptyPage(usize),
    /// Moves the rows on by one with each request.
    Shifting,
    /// Shows each row twice.
    Repeating,
    /// Never ends the list.
    Endless,
    /// Shows rows with everything that detail pages have.
    FullLists,
    /// Shows rows without these members.
    RowsWithout(&'static [&'static str]),
    /// Shows detail pages of services like their list rows, and records of other lists as they were given.
    Verbatim,
    /// Compresses responses with gzip.
    Gzipped,
    /// Leaves out records that were not changed after `modified_after`.
    HonoursModifiedAfter,
    /// Sends entity tags, and answers 304 if a response has not changed.
    Tagged,
    /// Sends `max-age` with this many seconds.
    MaxAge(u64),
}

/// A request for a page.
pub(super) struct Page<'a> {
    pub(super) asked: &'a Asked,
    /// How often the list has been requested, including this time.
    pub(super) times_asked: usize,
    pub(super) habits: &'a [Habit],
}

/// Returns the page. `None` if it does not exist.
pub(super) fn answer(page: &Page<'_>, records: &[Value]) -> Option<Value> {
    let has = |habit| page.habits.contains(&habit);
    let cap = page.habits.iter().find_map(|habit| match habit {
        Habit::PageSizeCap(rows) => Some(*rows),
        _ => None,
    });
    let since = page.asked.query.get("modified_after").filter(|_| has(Habit::HonoursModifiedAfter));
    let since = since.map(|text| text.replace("%3A", ":"));
    let is_new =
        |record: &&Value| since.as_deref().is_none_or(|since| record["last_modified"].as_str() > Some(since));
    let records: &[Value] = &records.iter().filter(is_new).cloned().collect::<Vec<_>>();
    let size = page.asked.number("per_page").unwrap_or(10).min(cap.unwrap_or(usize::MAX)).max(1);
    let pages = records.len().div_ceil(size).max(1);
    let number = match page.asked.page() {
        _ if has(Habit::IgnoresPage) => 1,
        number if number > pages && has(Habit::Clamped) => pages,
        number => number,
    };
    let is_past_end = number > pages && !has(Habit::Endless);
    if is_past_end && has(Habit::NotFoundPastEnd) {
        return None;
    }
    if is_past_end && has(Habit::EmptyObjectPastEnd) {
        return Some(json!({ "empty": true }));
    }
    let rows = rows(page, records, number, size);
    Some(if has(Habit::BareArray) { json!(rows) } else { envelope(page, rows, records.len(), number, size) })
}

fn rows(page: &Page<'_>, records: &[Value], number: usize, size: usize) -> Vec<Value> {
    let has = |habit| page.habits.contains(&habit);
    if has(Habit::EmptyPage(number)) {
        return Vec::new();
    }
    let start = (number - 1) * size;
    let all: Vec<Value> = if has(Habit::Endless) {
        return (start..start + size).map(records::service).collect();
    } else if has(Habit::Shifting) {
        let by = page.times_asked % records.len().max(1);
        records[records.len() - by..].iter().chain(&records[..records.len() - by]).cloned().collect()
    } else {
        records.to_vec()
    };
    let rows = all.into_iter().skip(start).take(size);
    let omitted: Vec<&str> = page.habits.iter().flat_map(omitted).copied().collect();
    let rows = rows.map(|row| if has(Habit::FullLists) { records::in_detail(&row) } else { row });
    let rows = rows.map(|row| records::without(row, &omitted));
    if has(Habit::Repeating) { rows.flat_map(|row| [row.clone(), row]).collect() } else { rows.collect() }
}

fn omitted(habit: &Habit) -> &'static [&'static str] {
    match habit {
        Habit::RowsWithout(members) => members,
        _ => &[],
    }
}

fn envelope(page: &Page<'_>, rows: Vec<Value>, records: usize, number: usize, size: usize) -> Value {
    let has = |habit| page.habits.contains(&habit);
    let off_by = page.habits.iter().find_map(|habit| match habit {
        Habit::TotalsOffBy(records) => Some(*records),
        _ => None,
    });
    let total = records.saturating_add_signed(off_by.unwrap_or(0));
    let pages = total.div_ceil(size);
    let mut envelope = json!({
        "page_number": number, "size": rows.len(), "empty": rows.is_empty(), "contents": rows,
    });
    let members = envelope.as_object_mut().unwrap();
    if !has(Habit::WithoutTotals) && !has(Habit::Endless) {
        members.extend([
            ("total_items".to_owned(), json!(total)),
            ("total_pages".to_owned(), json!(pages)),
            ("first_page".to_owned(), json!(number == 1)),
            ("last_page".to_owned(), json!(number >= pages)),
        ]);
    }
    let link = |number: usize| json!(format!("{}?page={number}&per_page={size}", page.asked.path));
    if has(Habit::Links) || has(Habit::LinksInCircles) {
        let next = match number {
            number if number < records.div_ceil(size) => link(number + 1),
            _ if has(Habit::LinksInCircles) => link(1),
            _ => Value::Null,
        };
        members.insert("next".to_owned(), next);
    }
    envelope
}
