//! Lists, in the ways feeds page them.

use serde_json::{Value, json};

use super::records;
use super::request::Asked;

/// A way of listing that departs from the standard, or one of the several it leaves open.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Habit {
    /// At most so many rows on a page, whatever is asked for.
    PageSizeCap(usize),
    /// Says there are so many more records than there are, or fewer.
    TotalsOffBy(isize),
    /// Says nothing of totals.
    WithoutTotals,
    /// A bare list instead of an envelope.
    BareArray,
    /// Links each page to the next, relatively.
    Links,
    /// Links each page to the next, and the last one to the first.
    LinksInCircles,
    /// Past its end it shows its last page again.
    Clamped,
    /// Past its end there is nothing: 404.
    NotFoundPastEnd,
    /// Past its end, `{"empty": true}`.
    EmptyObjectPastEnd,
    /// Shows its first page, whichever is asked for.
    IgnoresPage,
    /// This page is empty, though pages after it are not.
    EmptyPage(usize),
    /// Rows move on by one place with each request.
    Shifting,
    /// Shows each row twice.
    Repeating,
    /// Never ends.
    Endless,
    /// Rows are as deep as records' own pages.
    FullLists,
    /// Own pages show services as lists do, and lists as they were given.
    Verbatim,
    /// Compresses its answers.
    Gzipped,
    /// Leaves out what was not changed after `modified_after`.
    HonoursModifiedAfter,
    /// Marks its answers, and says so where one has not changed.
    Tagged,
    /// Says of its answers that they are good for so many seconds.
    MaxAge(u64),
}

/// A page that is asked for.
pub(super) struct Page<'a> {
    pub(super) asked: &'a Asked,
    /// How often its list has been asked for, this time included.
    pub(super) times_asked: usize,
    pub(super) habits: &'a [Habit],
}

/// The page; none where there is none.
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
    let rows = rows.map(|row| if has(Habit::FullLists) { records::in_detail(&row) } else { row });
    if has(Habit::Repeating) { rows.flat_map(|row| [row.clone(), row]).collect() } else { rows.collect() }
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
