//! Single times as people write them, and how two of them determine each other's half of the day.

use chrono::{FixedOffset, NaiveTime, Timelike as _};

use super::super::Clocked;
use super::ClockReader;
use crate::source::dialects::lenient::values::tokens::TextToken;

/// A time as written, before its half of the day is known.
#[derive(Clone, Copy)]
pub(super) struct SpeltClock {
    hour: u32,
    minute: u32,
    second: u32,
    afternoon: Option<bool>,
    offset: Option<FixedOffset>,
    /// Whether it is written in 24-hour notation: with minutes, and with a leading zero or an hour after noon.
    is_full: bool,
    /// Whether it has minutes.
    has_minutes: bool,
    /// Whether it has a two-digit hour and minutes.
    is_wide: bool,
    is_standard: bool,
}

impl SpeltClock {
    // Returns whether the half of the day is unknown.
    fn is_open(self) -> bool {
        self.afternoon.is_none() && !self.is_full
    }

    fn with_half(self, afternoon: bool) -> Self {
        Self { afternoon: Some(afternoon), ..self }
    }

    fn minutes(self) -> u32 {
        let hour = match self.afternoon {
            Some(true) => self.hour % 12 + 12,
            Some(false) => self.hour % 12,
            None => self.hour,
        };
        hour * 60 + self.minute
    }

    pub(super) fn clocked(self) -> Option<Clocked> {
        let (hour, minute) = (self.minutes() / 60, self.minute);
        let is_end_of_day = (hour, minute) == (24, 0);
        // The end of the day, because the type has no 24:00.
        let time = match is_end_of_day {
            true => NaiveTime::from_hms_opt(23, 59, 0)?,
            false => NaiveTime::from_hms_opt(hour, minute, self.second.min(59))?,
        };
        Some(Clocked { time, offset: self.offset, is_standard: self.is_standard, is_end_of_day })
    }

    // Returns the time if it is alone. An hour alone may be in either half of the day.
    pub(super) fn alone(self) -> Option<Clocked> {
        let is_told = self.has_minutes || self.afternoon.is_some();
        is_told.then(|| self.clocked())?
    }
}

impl<'t> ClockReader<'t> {
    // Reads `9`, `9:30`, `9.30pm`, `0930` or `noon`.
    pub(super) fn spelt(&mut self) -> Option<SpeltClock> {
        self.skip_spaces();
        if let Some(noon) = self.word_of_day() {
            return Some(noon);
        }
        let before = self.at;
        // The `T` of ISO 8601.
        self.at += usize::from(self.peek() == TextToken::Word("t"));
        let mut spelt = self.digits()?;
        let plain_ends = self.at;
        self.half(&mut spelt)?;
        self.trailing_words();
        spelt.offset = self.offset();
        spelt.is_standard = spelt.afternoon.is_none() && self.is_plain(before, plain_ends);
        Some(spelt)
    }

    // Returns whether it is written as the standard requires: `09:30` or `09:30:00`.
    fn is_plain(&self, from: usize, to: usize) -> bool {
        self.pieces.get(from..to).is_some_and(|pieces| match pieces {
            [hour, TextToken::Sign(':'), minute]
            | [hour, TextToken::Sign(':'), minute, TextToken::Sign(':'), _] => {
                hour.digits(2, 2).is_some_and(|hour| hour != "24") && minute.digits(2, 2).is_some()
            }
            _ => false,
        })
    }

    fn word_of_day(&mut self) -> Option<SpeltClock> {
        let twelve = self.peek() == TextToken::Number("12");
        let mut ahead = usize::from(twelve);
        ahead += usize::from(twelve && self.ahead(ahead) == TextToken::Space);
        let (hour, is_full) = match self.ahead(ahead) {
            TextToken::Word("noon" | "midday") => (12, true),
            TextToken::Word("midnight") => (0, true),
            _ => return None,
        };
        self.at += ahead + 1;
        let (minute, second, afternoon, offset) = (0, 0, None, None);
        Some(SpeltClock {
            hour,
            minute,
            second,
            afternoon,
            offset,
            is_full,
            has_minutes: true,
            is_wide: true,
            is_standard: false,
        })
    }

    fn digits(&mut self) -> Option<SpeltClock> {
        let first = self.peek();
        self.at += 1;
        let spelt = |hour: u32, minute: u32, second: u32, is_full: bool, has_minutes: bool| SpeltClock {
            hour,
            minute,
            second,
            is_full,
            has_minutes,
            is_wide: has_minutes && first.digits(2, 6).is_some(),
            afternoon: None,
            offset: None,
            is_standard: false,
        };
        if let Some(both) = first.number(3, 4) {
            return Some(spelt(both / 100, both % 100, 0, first.digits(4, 4).is_some(), true));
        }
        if let Some(all) = first.number(6, 6) {
            return Some(spelt(all / 10_000, all / 100 % 100, all % 100, true, true));
        }
        let (hour, digits) = (first.number(1, 2)?, first.digits(1, 2)?);
        let is_full = digits.starts_with('0') || hour > 12;
        let minute = self.part(&[':', '.'])?;
        if minute.is_none() && self.peek() == TextToken::Word("h") {
            self.at += 1;
            let minute = self.peek().number(2, 2);
            self.at += usize::from(minute.is_some());
            return Some(spelt(hour, minute.unwrap_or(0), 0, true, true));
        }
        let second = if minute.is_some() { self.part(&[':', '.'])? } else { None };
        self.fraction();
        Some(spelt(
            hour,
            minute.unwrap_or(0),
            second.unwrap_or(0),
            is_full && minute.is_some(),
            minute.is_some(),
        ))
    }

    // Reads minutes or seconds after their separator. The outer value is `None` if they do not have two digits.
    fn part(&mut self, signs: &[char]) -> Option<Option<u32>> {
        let is_signed = matches!(self.peek(), TextToken::Sign(sign) if signs.contains(&sign));
        if !is_signed || !matches!(self.ahead(1), TextToken::Number(_)) {
            return Some(None);
        }
        let part = self.ahead(1).number(2, 2)?;
        self.at += 2;
        Some(Some(part))
    }

    fn fraction(&mut self) {
        if matches!(self.peek(), TextToken::Sign('.')) && self.ahead(1).digits(1, 9).is_some() {
            self.at += 2;
        }
    }

    // Reads `am` or `pm`. Returns `None` if the hour cannot be in that half.
    fn half(&mut self, spelt: &mut SpeltClock) -> Option<()> {
        let began = self.at;
        self.skip_spaces();
        let afternoon = match self.peek() {
            TextToken::Word("am" | "a" | "yb") => false,
            TextToken::Word("pm" | "p" | "yh") => true,
            // `12:00 noon` says the same twice.
            TextToken::Word("noon" | "midday") if spelt.hour == 12 => true,
            TextToken::Word("midnight") if spelt.hour == 12 => false,
            _ => {
                self.at = began;
                return Some(());
            }
        };
        self.at += 1;
        let is_named_twice = afternoon && (13..24).contains(&spelt.hour);
        if is_named_twice {
            spelt.is_full = true;
            return Some(());
        }
        (1..=12).contains(&spelt.hour).then(|| spelt.afternoon = Some(afternoon))
    }

    fn trailing_words(&mut self) {
        if self.accept_word(&["o"]) {
            self.accept_sign(&['\'']);
            self.accept_word(&["clock"]);
        }
        self.accept_word(&["oclock", "hrs", "hours", "hr"]);
        let began = self.at;
        if !(self.accept_word(&["uk", "local", "london"]) && self.accept_word(&["time"])) {
            self.at = began;
        }
    }

    fn offset(&mut self) -> Option<FixedOffset> {
        if self.accept_word(&["z", "utc", "gmt"]) {
            return FixedOffset::east_opt(0);
        }
        if self.accept_word(&["bst"]) {
            return FixedOffset::east_opt(3600);
        }
        let sign = match self.peek() {
            TextToken::Sign('+') => 1,
            TextToken::Sign('-') => -1,
            _ => return None,
        };
        let (hours, minutes, ahead) = match (self.ahead(1).digits(2, 4), self.ahead(2), self.ahead(3)) {
            (Some(hours), TextToken::Sign(':'), minutes) if hours.len() == 2 => {
                (hours.parse().ok()?, minutes.number(2, 2)?, 4)
            }
            (Some(both), _, _) if both.len() == 4 => {
                (both.get(..2)?.parse().ok()?, both.get(2..)?.parse().ok()?, 2)
            }
            (Some(hours), _, _) if hours.len() == 2 => (hours.parse().ok()?, 0, 2),
            _ => return None,
        };
        // After a `-`, a later time is the other end of a session: `09:00-10:00`.
        let is_offset = if sign > 0 { hours <= 14 } else { hours <= 10 && !self.is_later(hours, minutes) };
        (is_offset && self.at + ahead == self.pieces.len()).then(|| self.at += ahead)?;
        FixedOffset::east_opt(sign * (hours * 3600 + minutes * 60).cast_signed())
    }

    // Returns whether the time before this position is earlier.
    fn is_later(&self, hours: u32, minutes: u32) -> bool {
        let mut before = ClockReader { pieces: self.pieces, at: 0 };
        before.digits().is_none_or(|spelt| (spelt.hour, spelt.minute) < (hours, minutes))
    }
}

// Combines the two ends of one session. What one says about the half of the day counts for the other.
pub(super) fn together(
    first: SpeltClock,
    second: SpeltClock,
    after: Option<Clocked>,
) -> Option<(Clocked, Clocked)> {
    let (first, second) = match (first.is_open(), second.is_open()) {
        (true, true) => halves(first, second, after)?,
        (true, false) => (half_before(first, second), second),
        (false, true) => (first, half_after(first, second)),
        (false, false) => (first, second),
    };
    Some((first.clocked()?, second.clocked()?))
}

// In `7-9pm`, `7` is in the evening. In `9-5pm`, `9` is in the morning. In `10-2am`, `10` is in the evening before.
fn half_before(first: SpeltClock, second: SpeltClock) -> SpeltClock {
    let is_afternoon = second.minutes() >= 12 * 60;
    let (same, other) = (first.with_half(is_afternoon), first.with_half(!is_afternoon));
    match first.hour {
        0 | 13.. => first,
        _ if same.minutes() < second.minutes() && second.afternoon.is_some() => same,
        // The first time is in 24-hour notation and the second is not: `9:00-17:00`.
        _ if second.afternoon.is_none() => first,
        _ => other,
    }
}

// In `9am-5`, `5` is in the afternoon. In `9am-12`, `12` is noon.
fn half_after(first: SpeltClock, second: SpeltClock) -> SpeltClock {
    let (morning, afternoon) = (second.with_half(false), second.with_half(true));
    match second.hour {
        0 | 13.. => second,
        _ if first.afternoon.is_none() && second.has_minutes => second,
        _ if morning.minutes() > first.minutes() => morning,
        _ if afternoon.minutes() > first.minutes() => afternoon,
        _ => morning,
    }
}

// Neither says it. `9-5` is from morning to afternoon. There is no telling for `2-4`, unless a morning session comes
// before it.
fn halves(first: SpeltClock, second: SpeltClock, after: Option<Clocked>) -> Option<(SpeltClock, SpeltClock)> {
    let minutes = |clock: Clocked| clock.time.hour() * 60 + clock.time.minute();
    if after.is_some_and(|before| first.minutes() < minutes(before)) {
        let first = first.with_half(true);
        return Some((first, half_after(first, second)));
    }
    // Two digits and minutes are 24-hour notation.
    if first.is_wide && second.is_wide {
        return Some((first, second));
    }
    if first.minutes() >= second.minutes() {
        let afternoon = second.with_half(true);
        return (second.hour < 12 && first.hour <= 12).then_some((first, afternoon));
    }
    let is_by_day = first.has_minutes || first.hour >= 7;
    is_by_day.then_some((first, second))
}
