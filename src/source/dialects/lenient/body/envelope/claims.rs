//! What a page claims about the whole list: the number of records and pages, and its own number.

use serde_json::{Map, Value};

use super::member;
use crate::source::dialects::lenient::values::numbers;

pub(super) const TOTAL_ITEMS: [&str; 19] = [
    "total_items",
    "total_elements",
    "total",
    "total_count",
    "total_records",
    "total_results",
    "total_rows",
    "total_hits",
    "total_entries",
    "total_objects",
    "total_features",
    "total_size",
    "item_count",
    "record_count",
    "row_count",
    "num_found",
    "number_matched",
    "@odata.count",
    "odata.count",
];
/// Some feeds mean the whole list by this, others the page.
pub(super) const COUNT: &str = "count";
pub(super) const TOTAL_PAGES: [&str; 4] = ["total_pages", "pages", "page_count", "last_page"];
pub(super) const PAGE_NUMBER: [&str; 4] = ["page_number", "number", "page", "current_page"];
pub(super) const IS_FIRST: [&str; 4] = ["first", "first_page", "is_first", "is_first_page"];
const INNER: [&str; 11] = [
    "pagination",
    "meta",
    "page",
    "paging",
    "page_info",
    "pager",
    "paginator",
    "metadata",
    "info",
    "result_info",
    "collection",
];
/// How deep such objects may be nested.
const MOST_INNER: u8 = 3;

/// Returns the claimed number of records. A `count` may be that of the page, so any other name takes precedence,
/// however deep it is.
pub(super) fn total_items(members: &Map<String, Value>) -> Option<u64> {
    count(members, &TOTAL_ITEMS).or_else(|| count(members, &[COUNT]))
}

pub(super) fn count(members: &Map<String, Value>, names: &[&str]) -> Option<u64> {
    in_or_within(members, MOST_INNER, &|members| names.iter().find_map(|name| whole(member(members, name)?)))
}

/// Searches the page's members, and then the objects that servers put such claims into.
fn in_or_within<T>(
    members: &Map<String, Value>,
    depth: u8,
    find: &impl Fn(&Map<String, Value>) -> Option<T>,
) -> Option<T> {
    let depth_left = depth.checked_sub(1);
    let within = |name: &&str| in_or_within(member(members, name)?.as_object()?, depth_left?, find);
    find(members).or_else(|| INNER.iter().find_map(within))
}

fn whole(value: &Value) -> Option<u64> {
    // Search engines state how exact the number is: `{"value": 7, "relation": "eq"}`.
    let value = value.get("value").unwrap_or(value);
    let number =
        numbers::read(value).filter(|number| number.fract() == 0.0 && (0.0..1e15).contains(number))?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked in the line above")]
    let whole = number as u64;
    Some(whole)
}

pub(super) fn flag(members: &Map<String, Value>, names: &[&str]) -> Option<bool> {
    in_or_within(members, MOST_INNER, &|members| {
        names.iter().find_map(|name| member(members, name)?.as_bool())
    })
}
