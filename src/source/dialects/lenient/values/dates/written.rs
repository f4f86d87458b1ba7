//! Dates as people and programs write them. The day comes before the month, unless only the other order is possible.

use chrono::{DateTime, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeZone as _};
use chrono_tz::Tz;

use crate::source::dialects::lenient::values::tokens::{TextToken, tokens};

/// What a text says about a date.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::source::dialects::lenient) enum WrittenDate {
    /// A date without a time.
    Day(NaiveDate),
    /// A date and a local time.
    Local(NaiveDateTime),
    /// A date and a time with an offset.
    Zoned(DateTime<FixedOffset>),
}

/// Reads a date, with or without a time. Returns `None` if any part of the text is left over.
pub(in crate::source::dialects::lenient) fn written(text: &str) -> Option<WrittenDate> {
    let folded = text.trim().to_lowercase();
    if let Some((local, zone)) = zone_by_name(text.trim()) {
        return match (written(local)?, zone) {
            (WrittenDate::Local(local), zone) => {
                zone.from_local_datetime(&local).earliest().map(|at| WrittenDate::Zoned(at.fixed_offset()))
            }
            (other, _) => Some(other),
        };
    }
    if let Some((date, zone)) = folded.split_at_checked("2020-06-30".len())
        && matches!(zone.as_bytes(), [b'+' | b'-', _, _, b':', _, _])
        && !date.contains(':')
    {
        return written(date);
    }
    // Spreadsheets write the day before their first for a time without a date.
    let folded = folded.strip_prefix("1900-01-00").map_or(folded.clone(), |rest| format!("1900-01-01{rest}"));
    let mut pieces = DatePieces::of(bare(&folded))?;
    let clock = pieces.take_clock();
    let date = pieces.date()?;
    let Some(WrittenClock { time, offset }) = clock? else { return Some(WrittenDate::Day(date)) };
    let local = date.and_time(time);
    match offset {
        Some(offset) => offset.from_local_datetime(&local).single().map(WrittenDate::Zoned),
        None => Some(WrittenDate::Local(local)),
    }
}

// Splits off the name of a zone, as in `2020-06-30T09:00:00[Europe/London]`.
fn zone_by_name(text: &str) -> Option<(&str, Tz)> {
    let at = text
        .find(['[', ' '])
        .filter(|_| text.contains('/') && text.ends_with(|c: char| c.is_alphabetic() || c == ']'))?;
    let at = text.rfind(['[', ' ']).filter(|last| *last >= at)?;
    let (local, name) = text.split_at_checked(at)?;
    let zone = name.trim_matches(['[', ']', ' ']).parse().ok()?;
    Some((local.trim(), zone))
}

// Removes what iCalendar puts before a value, and what scripts add in brackets.
fn bare(text: &str) -> &str {
    let text = match text.rsplit_once(':') {
        Some((name, value))
            if name.starts_with("dt") || name.starts_with("value=") || name.contains("tzid=") =>
        {
            value
        }
        _ => text.strip_prefix("until=").unwrap_or(text),
    };
    text.split_once('(').map_or(text, |(date, _)| date).trim()
}

struct WrittenClock {
    time: NaiveTime,
    offset: Option<FixedOffset>,
}

/// The unread tokens of a text.
struct DatePieces<'t>(Vec<TextToken<'t>>);

const DAYS: [&str; 21] = [
    "mon",
    "monday",
    "tue",
    "tues",
    "tuesday",
    "wed",
    "weds",
    "wednesday",
    "thu",
    "thur",
    "thurs",
    "thursday",
    "fri",
    "friday",
    "sat",
    "saturday",
    "sun",
    "sunday",
    "st",
    "nd",
    "rd",
];
const FILLERS: [&str; 6] = ["th", "the", "of", "on", "at", "date"];
const UNIVERSAL: [&str; 5] = ["z", "utc", "gmt", "zulu", "wet"];
const MONTHS: [[&str; 3]; 12] = [
    ["january", "jan", "ionawr"],
    ["february", "feb", "chwefror"],
    ["march", "mar", "mawrth"],
    ["april", "apr", "ebrill"],
    ["may", "may", "mai"],
    ["june", "jun", "mehefin"],
    ["july", "jul", "gorffennaf"],
    ["august", "aug", "awst"],
    ["september", "sep", "medi"],
    ["october", "oct", "hydref"],
    ["november", "nov", "tachwedd"],
    ["december", "dec", "rhagfyr"],
];

impl<'t> DatePieces<'t> {
    fn of(text: &'t str) -> Option<Self> {
        let mut pieces = tokens(text)?;
        pieces
            .retain(|piece| *piece != TextToken::Space && !piece.is_word(&DAYS) && !piece.is_word(&FILLERS));
        Some(Self(pieces))
    }

    fn get(&self, at: usize) -> TextToken<'t> {
        self.0.get(at).copied().unwrap_or(TextToken::Space)
    }

    /// Takes the time and the zone after it. The outer value is `None` if there is a time that cannot be read.
    fn take_clock(&mut self) -> Option<Option<WrittenClock>> {
        let Some(at) = self.0.iter().position(|piece| *piece == TextToken::Sign(':')) else {
            return self.take_compact_clock();
        };
        let from = at.checked_sub(1)?;
        let (hour, minute) = (self.get(from).number(1, 2)?, self.get(at + 1).number(2, 2)?);
        let mut to = at + 2;
        let mut second = 0;
        if self.get(to) == TextToken::Sign(':') {
            second = self.get(to + 1).number(2, 2)?;
            to += 2;
            if matches!(self.get(to), TextToken::Sign('.' | ',')) && self.get(to + 1).digits(1, 9).is_some() {
                return self.finish_clock(from, to + 2, (hour, minute, second), self.fraction(to + 1));
            }
        }
        self.finish_clock(from, to, (hour, minute, second), 0)
    }

    // Returns nanoseconds.
    fn fraction(&self, at: usize) -> u32 {
        let digits = self.get(at).digits(1, 9).unwrap_or_default();
        format!("{digits:0<9}").parse().unwrap_or(0)
    }

    // Reads `20200630T225959Z`, and `9pm` after a date.
    fn take_compact_clock(&mut self) -> Option<Option<WrittenClock>> {
        if let Some(at) = self.0.iter().position(|piece| *piece == TextToken::Word("t")) {
            let digits = self.get(at + 1).digits(4, 6).filter(|digits| digits.len() != 5)?;
            let part = |from: usize| digits.get(from..from + 2).and_then(|part| part.parse().ok());
            let clock = (part(0)?, part(2)?, part(4).unwrap_or(0));
            return self.finish_clock(at, at + 2, clock, 0);
        }
        let Some(at) = self.0.iter().position(|piece| piece.is_word(&["am", "pm"])) else {
            return Some(None);
        };
        let from = at.checked_sub(1)?;
        let hour = self.get(from).number(1, 2)?;
        self.finish_clock(from, at, (hour, 0, 0), 0)
    }

    fn finish_clock(
        &mut self,
        from: usize,
        mut to: usize,
        (hour, minute, second): (u32, u32, u32),
        nano: u32,
    ) -> Option<Option<WrittenClock>> {
        let hour = match self.get(to) {
            TextToken::Word("am") if (1..=12).contains(&hour) => hour % 12,
            TextToken::Word("pm") if (1..=12).contains(&hour) => hour % 12 + 12,
            TextToken::Word("am" | "pm") => return None,
            _ => hour,
        };
        to += usize::from(self.get(to).is_word(&["am", "pm"]));
        let (offset, to) = self.zone(to)?;
        // The `T` before the time.
        let from = from - usize::from(from > 0 && self.get(from - 1) == TextToken::Word("t"));
        self.0.drain(from..to.min(self.0.len()));
        // The end of a day belongs to that day.
        let time = match (hour, minute, second) {
            (24, 0, 0) => NaiveTime::from_hms_opt(23, 59, 59)?,
            (hour, minute, 60) => NaiveTime::from_hms_opt(hour, minute, 59)?,
            (hour, minute, second) => NaiveTime::from_hms_nano_opt(hour, minute, second, nano)?,
        };
        Some(Some(WrittenClock { time, offset }))
    }

    // Returns the offset at a position, and where the text continues.
    fn zone(&self, mut at: usize) -> Option<(Option<FixedOffset>, usize)> {
        let named = match self.get(at) {
            word if word.is_word(&UNIVERSAL) => Some(0),
            TextToken::Word("bst") => Some(3600),
            _ => None,
        };
        at += usize::from(named.is_some());
        let sign = match self.get(at) {
            TextToken::Sign('+') => 1,
            TextToken::Sign('-') if self.get(at + 1).digits(2, 4).is_some_and(|digits| digits.len() != 3) => {
                -1
            }
            _ => return Some((named.and_then(FixedOffset::east_opt), at)),
        };
        let (hours, minutes, to) = self.distance(at + 1)?;
        let seconds = sign * (hours * 3600 + minutes * 60).cast_signed();
        (hours <= 14 && minutes < 60)
            .then(|| FixedOffset::east_opt(seconds).map(|offset| (Some(offset), to)))?
    }

    // Reads `0100`, `01:00`, `01` or `1`.
    fn distance(&self, at: usize) -> Option<(u32, u32, usize)> {
        if let Some(both) = self.get(at).number(4, 4) {
            return Some((both / 100, both % 100, at + 1));
        }
        let hours = self.get(at).number(1, 2)?;
        match (self.get(at + 1), self.get(at + 2).number(2, 2)) {
            (TextToken::Sign(':'), Some(minutes)) => Some((hours, minutes, at + 3)),
            _ => Some((hours, 0, at + 1)),
        }
    }

    /// Returns the date, if all tokens are part of it.
    fn date(&self) -> Option<NaiveDate> {
        let mut pieces = self.0.as_slice();
        while let [rest @ .., TextToken::Sign(',' | '.')] | [TextToken::Sign(','), rest @ ..] = pieces {
            pieces = rest;
        }
        match pieces {
            [TextToken::Number(digits)] => compact(digits),
            // The zone does not change the date.
            [date @ .., TextToken::Word("z")] if date.len() == 5 => of_parts(date),
            [year, TextToken::Sign('-'), TextToken::Word("w"), week, TextToken::Sign('-'), day] => {
                of_week(year.number(4, 4)?, week.number(2, 2)?, day.number(1, 1)?)
            }
            [year, TextToken::Sign('-'), day] => {
                NaiveDate::from_yo_opt(year.number(4, 4)?.cast_signed(), day.number(3, 3)?)
            }
            _ => of_parts(pieces),
        }
    }
}

// Reads `20200630`. Digits of a time that follow are ignored.
fn compact(digits: &str) -> Option<NaiveDate> {
    let date = digits.get(..8).filter(|_| matches!(digits.len(), 8 | 12 | 14))?;
    NaiveDate::parse_from_str(date, "%Y%m%d").ok()
}

fn of_week(year: u32, week: u32, day: u32) -> Option<NaiveDate> {
    let day = u8::try_from(day.checked_sub(1)?).ok().filter(|day| *day < 7)?;
    NaiveDate::from_isoywd_opt(year.cast_signed(), week, chrono::Weekday::try_from(day).ok()?)
}

// Reads three parts with the same separator, or none, between them.
fn of_parts(pieces: &[TextToken<'_>]) -> Option<NaiveDate> {
    let mut parts = Vec::with_capacity(3);
    let mut sign = ' ';
    for piece in pieces {
        match piece {
            TextToken::Sign(',' | '\'') => {}
            TextToken::Sign(found @ ('/' | '-' | '.')) => sign = *found,
            TextToken::Number(_) | TextToken::Word(_) if parts.len() < 3 => parts.push(*piece),
            _ => return None,
        }
    }
    let &[first, second, third] = parts.as_slice() else { return None };
    match (month_named(first), month_named(second), month_named(third)) {
        (None, None, None) => of_numbers([first, second, third], sign),
        (Some(month), None, None) => of_day_and_year(month, second, third),
        (None, Some(month), None) => of_day_and_year(month, first, third),
        _ => None,
    }
}

fn month_named(piece: TextToken<'_>) -> Option<u32> {
    let TextToken::Word(word) = piece else { return None };
    let is_named = |names: &[&str; 3]| names.contains(&word) || (word == "sept" && names.contains(&"sep"));
    let at = MONTHS.iter().position(is_named)?;
    u32::try_from(at + 1).ok()
}

fn of_day_and_year(month: u32, first: TextToken<'_>, second: TextToken<'_>) -> Option<NaiveDate> {
    let (day, year) = if first.digits(4, 4).is_some() { (second, first) } else { (first, second) };
    NaiveDate::from_ymd_opt(year_of(year)?, month, day.number(1, 2)?)
}

fn of_numbers([first, second, third]: [TextToken<'_>; 3], sign: char) -> Option<NaiveDate> {
    let of = |year: TextToken<'_>, month: TextToken<'_>, day: TextToken<'_>| {
        NaiveDate::from_ymd_opt(year_of(year)?, month.number(1, 2)?, day.number(1, 2)?)
    };
    if first.digits(4, 4).is_some() {
        return of(first, second, third).or_else(|| of(first, third, second));
    }
    if third.digits(4, 4).is_some() {
        return of(third, second, first).or_else(|| of(third, first, second));
    }
    let (day_first, year_first) = (of(third, second, first), of(first, second, third));
    match (day_first, year_first) {
        // Between dashes, the year may come first as well.
        (Some(_), Some(_)) if sign == '-' && day_first != year_first => None,
        (Some(date), _) => Some(date),
        (None, _) if sign == '-' => year_first,
        (None, _) => None,
    }
}

// Two digits below 70 are in this century, and others in the last.
fn year_of(piece: TextToken<'_>) -> Option<i32> {
    if let Some(year) = piece.number(4, 4) {
        return Some(year.cast_signed());
    }
    let short = piece.number(2, 2)?.cast_signed();
    Some(if short < 70 { 2000 + short } else { 1900 + short })
}

#[cfg(test)]
mod tests;
