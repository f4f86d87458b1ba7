//! Weekdays: codes, names, ranges, positions in the month, and schema.org's URLs.

use serde_json::{Map, Value};

use crate::model::DayOfWeek;
use crate::source::dialects::lenient::values::numbers;
use crate::source::dialects::lenient::values::tokens::{TextToken, tokens};
use crate::source::dialects::lenient::values::truth::truth;

/// A weekday, and its position in the month if it has one.
type NamedWeekday = (Option<i32>, DayOfWeek);

/// The weekdays that were read.
#[derive(Debug, Default, PartialEq)]
pub(in crate::source::dialects::lenient) struct ReadWeekdays {
    days: Vec<NamedWeekday>,
    /// Whether the value also contained something else.
    pub(in crate::source::dialects::lenient) is_partial: bool,
}

impl ReadWeekdays {
    /// Returns the weekdays as codes of RFC 5545.
    pub(in crate::source::dialects::lenient) fn codes(&self) -> Vec<String> {
        let code = |(nth, day): &NamedWeekday| {
            nth.map_or(day.code().to_owned(), |nth| format!("{nth}{}", day.code()))
        };
        self.days.iter().map(code).collect()
    }

    /// Returns whether any has a position in the month.
    pub(in crate::source::dialects::lenient) fn have_places(&self) -> bool {
        self.days.iter().any(|(nth, _)| nth.is_some())
    }

    fn add(&mut self, days: impl IntoIterator<Item = NamedWeekday>) {
        for day in days {
            if !self.days.contains(&day) {
                self.days.push(day);
            }
        }
    }

    fn take_item(&mut self, item: Option<Vec<NamedWeekday>>) {
        match item {
            Some(days) => self.add(days),
            None => self.is_partial = true,
        }
    }
}

/// Reads weekdays in any notation.
pub(in crate::source::dialects::lenient) fn weekdays(value: &Value) -> ReadWeekdays {
    let mut read = ReadWeekdays::default();
    match value {
        Value::String(text) => of_text(text, &mut read),
        Value::Array(elements) => elements.iter().for_each(|element| of_element(element, &mut read)),
        Value::Object(members) if members.values().all(|value| truth(value).is_some()) => {
            of_flags(members, &mut read);
        }
        other => of_element(other, &mut read),
    }
    read
}

/// Names of members that may have a weekday.
const WRAPPERS: [&str; 6] = ["@id", "name", "value", "day", "dayOfWeek", "code"];

fn of_element(value: &Value, read: &mut ReadWeekdays) {
    match value {
        Value::String(text) => of_text(text, read),
        Value::Number(_) => {
            read.take_item(numbers::read(value).and_then(by_number).map(|day| vec![(None, day)]));
        }
        Value::Object(members) => {
            let inner = WRAPPERS.iter().find_map(|name| members.get(*name)?.as_str());
            match inner {
                Some(text) => of_text(text, read),
                None => read.is_partial = true,
            }
        }
        Value::Null => {}
        Value::Bool(_) | Value::Array(_) => read.is_partial = true,
    }
}

// Reads `{"monday": true, "tuesday": false}`.
fn of_flags(members: &Map<String, Value>, read: &mut ReadWeekdays) {
    for (name, flag) in members {
        match DayOfWeek::parse(name) {
            Ok(day) if truth(flag) == Some(true) => read.add([(None, day)]),
            Ok(_) => {}
            Err(_) => read.is_partial = true,
        }
    }
}

fn of_text(text: &str, read: &mut ReadWeekdays) {
    if let Some(days) = standard(text) {
        return read.add(days.into_iter().map(|day| (None, day)));
    }
    let folded = without_brackets(without_addresses(&text.trim().to_lowercase()));
    let numbers: Option<Vec<NamedWeekday>> = folded
        .split([',', ';', ' '])
        .filter(|piece| !piece.is_empty())
        .map(|piece| Some((None, by_number(piece.parse().ok()?)?)))
        .collect();
    if let Some(days) = numbers {
        return read.add(days);
    }
    let (mut places, mut excepted) = (Vec::new(), false);
    for item in folded.split([',', ';', '&', '|', '\n']).filter(|item| !item.trim().is_empty()) {
        let item = Item::read(item, &mut places, excepted);
        excepted |= item.as_ref().is_some_and(|item| item.is_exception);
        match item {
            Some(item) if item.is_exception => {
                read.add(item.days);
                read.days.retain(|(_, day)| !item.without.contains(day));
            }
            item => read.take_item(item.map(|item| item.days)),
        }
    }
    read.is_partial |= !places.is_empty();
}

/// A fast path for `MO` and `MO,TU`, the most common form.
fn standard(text: &str) -> Option<Vec<DayOfWeek>> {
    text.split(',').map(|code| DayOfWeek::ALL.into_iter().find(|day| day.code() == code)).collect()
}

fn without_addresses(text: &str) -> String {
    if !text.contains(':') {
        return text.to_owned();
    }
    let mut text = text.to_owned();
    for address in ["https://schema.org/", "http://schema.org/", "https://www.schema.org/", "schema:", "gr:"]
    {
        text = text.replace(address, "");
    }
    text
}

// Lists such as databases' `{mo,we}` and programs' `["mo","we"]`, and "mon to fri (inc.)".
fn without_brackets(text: String) -> String {
    if !text.contains(['{', '[', '(', '"']) {
        return text;
    }
    let mut text = text.trim_matches(['{', '}', '[', ']', '(', ')', ' ']).replace('"', "");
    for word in ["(inclusive", "(incl.", "(incl", "(inc.", "(inc"] {
        text = text.trim_end_matches(word).to_owned();
        text = text.replace(&format!("{word})"), " ");
    }
    text
}

/// The weekdays of one item of a list.
#[derive(Default)]
struct Item {
    days: Vec<NamedWeekday>,
    is_exception: bool,
    /// The weekdays that are excluded.
    without: Vec<DayOfWeek>,
}

const FILLERS: [&str; 19] = [
    "a",
    "per",
    "open",
    "every",
    "each",
    "on",
    "the",
    "of",
    "month",
    "in",
    "and",
    "dydd",
    "from",
    "all",
    "only",
    "inc",
    "incl",
    "inclusive",
    "both",
];
const TO: [&str; 6] = ["to", "thru", "through", "until", "till", "i"];
const EXCEPT: [&str; 5] = ["except", "excluding", "exc", "excl", "not"];
const EVERY_DAY: [&str; 6] = ["daily", "everyday", "day", "days", "week", "diwrnod"];

impl Item {
    /// Returns `None` if any part of the text is left over. `places` are positions that came before the weekday they
    /// belong to.
    fn read(text: &str, places: &mut Vec<i32>, is_exception: bool) -> Option<Self> {
        let pieces = tokens(text)?;
        let mut pieces: Vec<TextToken<'_>> =
            pieces.into_iter().filter(|piece| *piece != TextToken::Space).collect();
        pieces.retain(|piece| *piece != TextToken::Sign('.') && *piece != TextToken::Sign('/'));
        // Accepts `mon+wed`, but not `+1mo`.
        if pieces.contains(&TextToken::Sign('+'))
            && !pieces.iter().any(|piece| matches!(piece, TextToken::Number(_)))
        {
            pieces.retain(|piece| *piece != TextToken::Sign('+'));
        }
        let mut item = Self { is_exception, ..Self::default() };
        let mut rest = pieces.as_slice();
        while !rest.is_empty() {
            rest = item.piece(rest, places)?;
        }
        Some(item)
    }

    fn piece<'p, 't>(
        &mut self,
        rest: &'p [TextToken<'t>],
        places: &mut Vec<i32>,
    ) -> Option<&'p [TextToken<'t>]> {
        let (place, after) = place(rest);
        if let Some(place) = place {
            places.push(place);
            return Some(after);
        }
        if let Some(after) = all_week(rest) {
            self.add_range(DayOfWeek::Monday, DayOfWeek::Sunday, places);
            return Some(after);
        }
        let (first, after) = rest.split_first()?;
        if first.is_word(&EXCEPT) {
            self.is_exception = true;
            return Some(after);
        }
        if first.is_word(&FILLERS) {
            return Some(after);
        }
        if let Some((from, to)) = group(*first) {
            self.add_range(from, to, places);
            return Some(after);
        }
        let from = day_named(*first)?;
        let (to, after) = match range_end(after) {
            Some((last, after)) => (day_named(last)?, after),
            None => (from, after),
        };
        self.add_range(from, to, places);
        Some(after)
    }

    // Adds the weekdays from one to another, across the end of the week if necessary.
    fn add_range(&mut self, from: DayOfWeek, to: DayOfWeek, places: &mut Vec<i32>) {
        let count = (to as usize + 7 - from as usize) % 7 + 1;
        let days = DayOfWeek::ALL.into_iter().cycle().skip(from as usize).take(count);
        if self.is_exception {
            return self.without.extend(days);
        }
        let places = std::mem::take(places);
        for day in days {
            if places.is_empty() {
                self.days.push((None, day));
            }
            self.days.extend(places.iter().map(|place| (Some(*place), day)));
        }
    }
}

// Returns the word behind a dash, or behind words that mean "to", and what follows.
fn range_end<'p, 't>(rest: &'p [TextToken<'t>]) -> Option<(TextToken<'t>, &'p [TextToken<'t>])> {
    match rest {
        [TextToken::Sign('-'), TextToken::Sign('-'), last, after @ ..]
        | [TextToken::Sign('-'), last, after @ ..] => Some((*last, after)),
        [through, to, last, after @ ..]
            if through.is_word(&["through", "thru", "right", "up"])
                && to.is_word(&["to", "until", "till"]) =>
        {
            Some((*last, after))
        }
        [to, last, after @ ..] if to.is_word(&TO) => Some((*last, after)),
        _ => None,
    }
}

// Accepts `7 days`, as in "7 days a week", and `24 7` without the sign between them. Returns what follows.
fn all_week<'p, 't>(rest: &'p [TextToken<'t>]) -> Option<&'p [TextToken<'t>]> {
    let is_seven = |piece: &TextToken<'_>| piece.number(1, 1) == Some(7) || piece.is_word(&["seven"]);
    match rest {
        [seven, TextToken::Sign('-'), days, after @ ..] | [seven, days, after @ ..]
            if is_seven(seven) && days.is_word(&["day", "days"]) =>
        {
            Some(after)
        }
        [hours, days] if hours.number(2, 2) == Some(24) && is_seven(days) => Some(&[]),
        _ => None,
    }
}

// Returns the range that `weekdays` and the like stand for.
fn group(piece: TextToken<'_>) -> Option<(DayOfWeek, DayOfWeek)> {
    match piece {
        TextToken::Word("weekdays" | "weekday") => Some((DayOfWeek::Monday, DayOfWeek::Friday)),
        TextToken::Word("weekends" | "weekend") => Some((DayOfWeek::Saturday, DayOfWeek::Sunday)),
        word if word.is_word(&EVERY_DAY) => Some((DayOfWeek::Monday, DayOfWeek::Sunday)),
        _ => None,
    }
}

fn day_named(piece: TextToken<'_>) -> Option<DayOfWeek> {
    let TextToken::Word(word) = piece else { return None };
    match word {
        "m" => Some(DayOfWeek::Monday),
        "w" | "weds" => Some(DayOfWeek::Wednesday),
        "f" => Some(DayOfWeek::Friday),
        "llun" => Some(DayOfWeek::Monday),
        "mawrth" => Some(DayOfWeek::Tuesday),
        "mercher" => Some(DayOfWeek::Wednesday),
        "iau" => Some(DayOfWeek::Thursday),
        "gwener" => Some(DayOfWeek::Friday),
        "sadwrn" => Some(DayOfWeek::Saturday),
        "sul" => Some(DayOfWeek::Sunday),
        word => DayOfWeek::parse(word).ok(),
    }
}

// Returns the position in `2MO`, `-1FR`, `2nd`, `second` or `last`, and what follows.
fn place<'p, 't>(rest: &'p [TextToken<'t>]) -> (Option<i32>, &'p [TextToken<'t>]) {
    const PLACES: [(&[&str], i32); 6] = [
        (&["first"], 1),
        (&["second"], 2),
        (&["third"], 3),
        (&["fourth"], 4),
        (&["fifth"], 5),
        (&["last", "final"], -1),
    ];
    let number = |piece: &TextToken<'_>| {
        piece
            .number(1, 2)
            .and_then(|number| i32::try_from(number).ok())
            .filter(|number| (1..=53).contains(number))
    };
    match rest {
        [TextToken::Sign(sign @ ('-' | '+')), piece, after @ ..]
            if number(piece).is_some() && begins_with_code(after) =>
        {
            let place = number(piece).map(|place| if *sign == '-' { -place } else { place });
            (place, after)
        }
        [piece, suffix, after @ ..] if suffix.is_word(&["st", "nd", "rd", "th"]) => {
            (number(piece).filter(|place| *place <= 5), after)
        }
        [piece @ TextToken::Number(_), after @ ..] if begins_with_code(after) => (number(piece), after),
        [piece, after @ ..] => {
            let place = PLACES.iter().find(|(words, _)| piece.is_word(words)).map(|(_, place)| *place);
            (place, after)
        }
        [] => (None, rest),
    }
}

// A number alone may be something else, such as a time of day.
fn begins_with_code(pieces: &[TextToken<'_>]) -> bool {
    matches!(pieces.first(), Some(TextToken::Word(word)) if word.len() == 2 && DayOfWeek::parse(word).is_ok())
}

// Monday is 1. Sunday is 7 or 0.
fn by_number(number: f64) -> Option<DayOfWeek> {
    let index = usize::try_from(numbers::whole(number)?).ok()?.checked_sub(1).unwrap_or(6);
    DayOfWeek::ALL.get(index).copied()
}

#[cfg(test)]
mod tests;
