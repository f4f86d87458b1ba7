//! The meaning of names that say without a link that a list continues: flags, counts, and positions.

use serde_json::{Map, Value};

use super::{BESIDE_NEXT, is_made_of};
use crate::source::onward::AddressParameters;

/// Words that occur beside "more" in names of flags.
const BESIDE_MORE: [&str; 22] = [
    "are",
    "available",
    "content",
    "data",
    "entries",
    "exist",
    "follow",
    "has",
    "have",
    "is",
    "item",
    "load",
    "next",
    "page",
    "pages",
    "record",
    "remaining",
    "result",
    "row",
    "service",
    "there",
    "to",
];
/// Other flags that say that there is more.
const GOES_ON: [&str; 7] = [
    "hasnext",
    "hasnextpage",
    "nextexists",
    "exceededtransferlimit",
    "istruncated",
    "truncated",
    "istruncatedlist",
];
/// Flags that say that there is no more.
const IS_OVER: [&str; 14] = [
    "last",
    "lastpage",
    "islast",
    "islastpage",
    "endoflist",
    "endofresults",
    "endofdata",
    "done",
    "isdone",
    "finished",
    "exhausted",
    "reachedend",
    "isfinal",
    "isfinalpage",
];
/// Counts of what follows a page.
const LEFT: [&str; 6] =
    ["remaining", "remainingitems", "remainingitemcount", "remainingcount", "itemsremaining", "left"];
/// Names of the position where a list continues, besides those with "next".
const PLACES: [&str; 10] = [
    "lastevaluatedkey",
    "lastkey",
    "exclusivestartkey",
    "resumptiontoken",
    "resumetoken",
    "resumekey",
    "searchafter",
    "scrollid",
    "continue",
    "continuefrom",
];
/// Names of the position where a page ends, which only counts if there is more.
const ENDS: [&str; 9] =
    ["endcursor", "after", "aftercursor", "cursor", "lastcursor", "lastid", "marker", "bookmark", "endkey"];
/// Tokens to be given back. Feeds leave them out when there is no more.
const TOKENS: [&str; 11] = [
    "bookmark",
    "cursor",
    "cursormark",
    "cursortoken",
    "marker",
    "offset",
    "offsettoken",
    "pagetoken",
    "paginationtoken",
    "pagingtoken",
    "position",
];

/// Returns whether a flag of this name says that there is more, such as `has_more` or `moreResultsAvailable`.
pub(super) fn says_more(name: &str) -> bool {
    let beside = |(before, after)| is_made_of(before, &BESIDE_MORE) && is_made_of(after, &BESIDE_MORE);
    GOES_ON.contains(&name) || name.split_once("more").is_some_and(beside)
}

pub(super) fn says_last(name: &str) -> bool {
    IS_OVER.contains(&name)
}

pub(super) fn counts_what_is_left(name: &str) -> bool {
    LEFT.contains(&name)
}

/// Returns whether a name is of the position where a list continues, such as `continuationToken` or `LastEvaluatedKey`.
pub(super) fn names_a_place(name: &str) -> bool {
    let is_continuation = name.starts_with("continuation") && is_made_of(name, &BESIDE_NEXT);
    is_continuation || PLACES.contains(&name)
}

/// Returns whether a name is of the position where a page ends, such as `endCursor` or `cursors.after`.
pub(super) fn is_end(name: &str) -> bool {
    ENDS.contains(&name)
}

/// Returns whether a text of this name is a token to be given back, such as `"offset": "itr3"`.
pub(super) fn is_token(name: &str) -> bool {
    TOKENS.contains(&name)
}

/// Returns the value of a flag, which may also be a word or a number.
pub(super) fn flag_of(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::Number(number) => number.as_u64().map(|number| number == 1),
        Value::String(text) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "y" | "1" => Some(true),
            "false" | "no" | "n" | "0" | "" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// Returns the parameters with which a key may be given back that is an object, as databases write positions: its only
/// value, or all of it as JSON. Returns `None` if it is empty or nested.
pub(super) fn keys_to_give_back(key: &str, place: &Map<String, Value>) -> Option<Vec<AddressParameters>> {
    let json = serde_json::to_string(place).ok().filter(|json| json.len() <= super::LONGEST)?;
    let mut values = place.values();
    let only = match (values.next(), values.next()) {
        (None, _) => return None,
        (Some(Value::String(text)), None) => Some(text.clone()),
        (Some(Value::Number(number)), None) => Some(number.to_string()),
        _ => None,
    };
    let names = ["ExclusiveStartKey", key];
    let ways = only
        .into_iter()
        .chain([json])
        .flat_map(|value| names.map(|name| vec![(name.to_owned(), value.clone())]));
    Some(ways.collect())
}
