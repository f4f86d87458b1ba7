//! Decides which digits of a text form one telephone number. There may be ordinals, room numbers, opening hours, a
//! number of lines, the last digits of another line, or a second number around it.

use crate::source::dialects::lenient::values::dates::{WrittenDate, written};

/// The fewest digits of a number inside a text. Opening hours have fewer.
pub(super) const FEWEST_DIGITS: usize = 6;
/// The most digits of a number.
const MOST_DIGITS: usize = 15;
/// The digits of a United Kingdom number with its area code, including the zero. It may have one less.
const WITH_AREA: usize = 11;
/// The most groups of digits in two numbers.
const MOST_GROUPS: usize = 24;
/// Numbers that are complete with three digits.
const SHORT: [&str; 6] = ["999", "112", "111", "101", "105", "119"];

/// Returns whether a character may be part of a number.
pub(super) fn is_mark(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, '+' | '(' | ')' | '-' | '.' | '/' | ' ' | '\u{a0}' | '–')
}

/// Returns the start and end of the first number in a run. `after` is the character after the run. Returns `None` if
/// there is no number.
pub(super) fn number_in(run: &str, after: Option<char>) -> Option<(usize, usize)> {
    let groups = DigitGroups::of(run);
    let first = groups.first()?;
    let last = groups.last_from(first, after);
    let from = groups.begin(first)?;
    let to = groups.get(last)?.1;
    Some((from, to))
}

/// Returns whether a run may have a number, rather than a date or opening hours.
pub(super) fn may_be_number(run: &str) -> bool {
    let is_date = run.contains(['/', '-', '.']) && matches!(written(run), Some(WrittenDate::Day(_)));
    digits(run) >= FEWEST_DIGITS && !is_date && !is_hours(run)
}

/// Returns the number of digits in a text.
pub(super) fn digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

// Recognises `9.30-17.00` and `0900-1700`, but not `496-0123`.
fn is_hours(run: &str) -> bool {
    let Some((from, to)) = run.trim().split_once(['-', '–']) else { return false };
    let is_clock = |text: &str| {
        let (hour, minute) = match text.trim().split_once('.') {
            Some(parts) => parts,
            None => {
                text.trim().split_at_checked(2).filter(|(_, minute)| minute.len() == 2).unwrap_or(("", ""))
            }
        };
        let number = |part: &str| part.parse().ok().filter(|_| part.len() <= 2).unwrap_or(99_u32);
        number(hour) <= 24 && minute.len() == 2 && number(minute) < 60
    };
    is_clock(from) && is_clock(to)
}

/// The groups of adjacent digits in a run.
struct DigitGroups<'t> {
    run: &'t str,
    places: Vec<(usize, usize)>,
}

impl<'t> DigitGroups<'t> {
    fn of(run: &'t str) -> Self {
        let mut places: Vec<(usize, usize)> = Vec::new();
        for (at, _) in run.bytes().enumerate().filter(|(_, byte)| byte.is_ascii_digit()) {
            let is_full = places.len() == MOST_GROUPS;
            match places.last_mut() {
                Some((_, end)) if *end == at => *end = at + 1,
                _ if is_full => break,
                _ => places.push((at, at + 1)),
            }
        }
        Self { run, places }
    }

    fn get(&self, at: usize) -> Option<(usize, usize)> {
        self.places.get(at).copied()
    }

    fn text(&self, at: usize) -> &'t str {
        self.get(at).and_then(|(from, to)| self.run.get(from..to)).unwrap_or_default()
    }

    // Returns the text between the previous group and this one.
    fn gap(&self, at: usize) -> &'t str {
        let before = at.checked_sub(1).and_then(|before| self.get(before)).map_or(0, |(_, to)| to);
        let until = self.get(at).map_or(self.run.len(), |(from, _)| from);
        self.run.get(before..until).unwrap_or_default()
    }

    fn joined(&self, from: usize, to: usize) -> String {
        let mut text = if self.gap(from).ends_with('+') || self.gap(from).ends_with("+(") {
            "+".to_owned()
        } else {
            String::new()
        };
        (from..=to).for_each(|at| text.push_str(self.text(at)));
        text
    }

    // Returns the first group of the number: usually the first, unless that is an ordinal, a room number or an hour
    // before a complete number.
    fn first(&self) -> Option<usize> {
        let last = self.places.len().checked_sub(1)?;
        if self.begins_number(0) || self.text(0) == "44" {
            return Some(0);
        }
        if last > 0 && self.is_ordinal(0) {
            return Some(1);
        }
        Some((1..=last).find(|at| self.begins_number(*at) && self.is_apart(*at, last)).unwrap_or(0))
    }

    // Returns whether the groups before this one are not part of the number.
    fn is_apart(&self, at: usize, last: usize) -> bool {
        let rest = self.joined(at, last);
        let mut before = (0..at).map(|group| self.text(group).len());
        let is_room = at == 1 && before.clone().all(|length| length <= 4);
        let is_all = matches!(digits(&rest), 10 | WITH_AREA);
        is_whole(&rest, FEWEST_DIGITS) && (before.all(|length| length <= 2) || (is_room && is_all))
    }

    fn begins_number(&self, at: usize) -> bool {
        let text = self.text(at);
        // The minutes of a time are not an area code.
        (text.starts_with('0') && (at == 0 || text.len() > 2)) || self.gap(at).contains('+')
    }

    // Recognises `1)`, `(1)` and `1. `.
    fn is_ordinal(&self, at: usize) -> bool {
        let behind = self.gap(at + 1);
        self.text(at).len() <= 2 && (behind.starts_with(") ") || behind.starts_with(". "))
    }

    // Returns the last group of the number that begins at `first`.
    fn last_from(&self, first: usize, after: Option<char>) -> usize {
        let mut last = first;
        while last + 1 < self.places.len() && self.goes_on(first, last, after) {
            last += 1;
        }
        last
    }

    fn goes_on(&self, first: usize, last: usize, after: Option<char>) -> bool {
        let (so_far, next) = (self.joined(first, last), self.text(last + 1));
        let (length, gap) = (digits(&so_far), self.gap(last + 1));
        let total = length + next.len();
        if gap.contains('+') || is_full(&so_far) || total > MOST_DIGITS {
            return length < FEWEST_DIGITS;
        }
        let is_british = so_far.starts_with('0') && !so_far.starts_with("00");
        // The last digit is separated.
        if is_british && length == WITH_AREA - 1 {
            return total == WITH_AREA && !gap.contains(['/', '(']);
        }
        if gap.contains('(') && (length >= FEWEST_DIGITS || SHORT.contains(&so_far.as_str())) {
            return false;
        }
        if !is_whole(&so_far, FEWEST_DIGITS) {
            return true;
        }
        let is_last = last + 2 == self.places.len();
        let is_hour = is_last && next.len() <= 2 && after.is_some_and(|c| c.is_alphabetic() || c == ':');
        let is_other = self.begins_number(last + 1)
            && is_whole(&self.joined(last + 1, self.places.len().saturating_sub(1)), FEWEST_DIGITS);
        !(gap.contains('/')
            || is_other
            || next.len() == 1
            || is_hour
            || self.is_ordinal(last + 1)
            || (is_british && total > WITH_AREA))
    }

    // Returns the start, including a bracket or plus sign before it.
    fn begin(&self, first: usize) -> Option<usize> {
        let (from, _) = self.get(first)?;
        let gap = self.gap(first);
        let signs = gap.len() - gap.trim_end_matches(['+', '(']).len();
        Some(from - signs)
    }
}

// Returns whether the digits could be dialled as they are, though more may belong to them.
fn is_whole(number: &str, fewest: usize) -> bool {
    let count = digits(number);
    match number.as_bytes() {
        [b'+', ..] | [b'0', b'0', ..] => count >= 10,
        // `0800 1111` and `0845 46 47` are complete.
        [b'0', b'8', ..] => count >= 8,
        [b'0', ..] => count >= WITH_AREA - 1,
        _ => count >= fewest,
    }
}

// Returns whether no further digit can belong to the number.
fn is_full(number: &str) -> bool {
    let international = number.strip_prefix('+').or_else(|| number.strip_prefix("00"));
    let plain = number.strip_prefix("44").filter(|national| national.len() >= 10);
    if let Some(national) = international.and_then(|rest| rest.strip_prefix("44")).or(plain) {
        return national.trim_start_matches('0').len() >= WITH_AREA - 1;
    }
    international.is_none() && number.starts_with('0') && number.len() >= WITH_AREA
}
