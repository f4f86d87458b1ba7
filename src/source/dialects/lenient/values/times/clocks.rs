//! Times of day as people write them: one time, the two ends of a session, several sessions, or a word.

mod spelt;

use super::Clocked;
use crate::model::DayOfWeek;
use crate::source::dialects::lenient::values::closures::tells_of_closure;
use crate::source::dialects::lenient::values::tokens::{TextToken, tokens};
use spelt::together;

/// What a text or value says about times of day.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum TimeSaid {
    /// Nothing takes place.
    Closed,
    /// One time, or one end of each of several sessions.
    Clocks(Vec<Clocked>),
    /// Sessions with one or both ends. A missing end that is not stated to be open could not be read.
    Sessions(Vec<SessionClocks>),
    /// An hour that may be in the morning or in the afternoon, as in `9` to `5`.
    Hour(u32),
}

/// The start and end of a session.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct SessionClocks {
    pub(super) opens: Option<Clocked>,
    pub(super) closes: Option<Clocked>,
}

/// Reads a text. Returns `None` if any part of it is left over.
pub(super) fn said(text: &str) -> Option<TimeSaid> {
    let folded = text.trim().to_lowercase();
    if is_closed(&folded) {
        return Some(TimeSaid::Closed);
    }
    if is_all_day(&folded) {
        let all_day = SessionClocks { opens: Some(Clocked::MIDNIGHT), closes: Some(Clocked::END_OF_DAY) };
        return Some(TimeSaid::Sessions(vec![all_day]));
    }
    let plain = folded.replace("a.m.", "am").replace("p.m.", "pm").replace("a.m", "am").replace("p.m", "pm");
    ClockReader { pieces: &tokens(&plain)?, at: 0 }.all()
}

fn is_closed(text: &str) -> bool {
    let word = text.trim_matches(|c: char| !c.is_alphanumeric());
    matches!(
        word,
        "closed"
            | "not open"
            | "shut"
            | "closed all day"
            | "we are closed"
            | "ar gau"
            | "closed today"
            | "closed to the public"
            | "currently closed"
            | "temporarily closed"
            | "permanently closed"
            | "not open today"
            | "no opening"
    ) || tells_that_it_is_closed(word)
}

/// Words that mean that people are let in after all, at some time or for some reason.
const WAYS_IN: [&str; 20] = [
    "appointment",
    "appointments",
    "arrangement",
    "arrangements",
    "request",
    "ring",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "half",
    "quarter",
];

// Recognises "Closed - bank holiday", "closed on Sundays" and "closed/closed", if nothing in the text may be a time.
fn tells_that_it_is_closed(text: &str) -> bool {
    if !(text.contains("clos") || text.contains("shut")) || text.contains(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let is_of_a_day = || {
        let mut rest = text.strip_prefix("closed ")?.split([' ', ',', '&', '/']);
        rest.all(|word| matches!(word, "" | "and" | "every" | "each") || DayOfWeek::parse(word).is_ok())
            .then_some(())
    };
    let shut = text.strip_prefix("shut ").map(|rest| format!("closed {rest}"));
    !words.any(|word| WAYS_IN.contains(&word))
        && (is_of_a_day().is_some() || tells_of_closure(shut.as_deref().unwrap_or(text)))
}

fn is_all_day(text: &str) -> bool {
    let text = text.strip_prefix("open ").unwrap_or(text);
    matches!(
        text,
        "24 hours"
            | "24 hrs"
            | "24hrs"
            | "24h"
            | "24hr"
            | "24 hour"
            | "24/7"
            | "all day"
            | "24 hours a day"
            | "round the clock"
    )
}

struct ClockReader<'t> {
    pieces: &'t [TextToken<'t>],
    at: usize,
}

const TO: [&str; 6] = ["to", "until", "till", "til", "thru", "through"];

impl<'t> ClockReader<'t> {
    fn all(mut self) -> Option<TimeSaid> {
        if let [TextToken::Number(hour)] = self.pieces
            && hour.len() <= 2
        {
            return hour.parse().ok().filter(|hour| *hour <= 24).map(TimeSaid::Hour);
        }
        // A date begins like a session written in four digits.
        if let [TextToken::Number(year), TextToken::Sign('-'), TextToken::Number(month), ..] = self.pieces
            && year.len() == 4
            && month.len() <= 2
        {
            return None;
        }
        let mut sessions: Vec<SessionClocks> = Vec::new();
        let mut is_list_of_clocks = true;
        loop {
            let after = sessions.last().and_then(|before| before.closes);
            let (session, is_clock) = self.session(after)?;
            is_list_of_clocks &= is_clock;
            sessions.push(session);
            self.skip_spaces();
            if self.at >= self.pieces.len() {
                break;
            }
            self.separator()?;
        }
        // A mixture of times and sessions cannot be read.
        if is_list_of_clocks {
            return sessions
                .into_iter()
                .map(|session| session.opens)
                .collect::<Option<_>>()
                .map(TimeSaid::Clocks);
        }
        let is_whole = |session: &SessionClocks| session.opens.is_some() && session.closes.is_some();
        (sessions.len() == 1 || sessions.iter().all(is_whole)).then_some(TimeSaid::Sessions(sessions))
    }

    fn peek(&self) -> TextToken<'t> {
        self.pieces.get(self.at).copied().unwrap_or(TextToken::Space)
    }

    fn ahead(&self, by: usize) -> TextToken<'t> {
        self.pieces.get(self.at + by).copied().unwrap_or(TextToken::Space)
    }

    fn skip_spaces(&mut self) {
        while self.at < self.pieces.len() && self.peek() == TextToken::Space {
            self.at += 1;
        }
    }

    fn accept_word(&mut self, words: &[&str]) -> bool {
        self.skip_spaces();
        let is_there = self.peek().is_word(words);
        self.at += usize::from(is_there);
        is_there
    }

    fn accept_sign(&mut self, signs: &[char]) -> bool {
        self.skip_spaces();
        let is_there = matches!(self.peek(), TextToken::Sign(sign) if signs.contains(&sign));
        self.at += usize::from(is_there);
        is_there
    }

    fn separator(&mut self) -> Option<()> {
        let is_sign = self.accept_sign(&[',', ';', '&', '|', '/']);
        let is_word = self.accept_word(&["and", "then"]);
        (is_sign || is_word).then_some(())
    }

    // Reads one session. Also returns whether it is only a time. `after` is the end of the session before it.
    fn session(&mut self, after: Option<Clocked>) -> Option<(SessionClocks, bool)> {
        self.accept_word(&["open", "opens", "opening"]);
        let between = self.accept_word(&["between"]);
        let from = self.accept_word(&["from"]);
        if !between && !from && self.accept_word(&TO) {
            return Some((SessionClocks { opens: None, closes: Some(self.spelt()?.clocked()?) }, false));
        }
        let first = self.spelt()?;
        let began = self.at;
        if !self.accept_range(between) {
            self.at = began;
            let onwards = self.accept_word(&["onwards", "onward"]) || self.accept_sign(&['+']);
            let session = SessionClocks { opens: Some(first.alone()?), closes: None };
            return Some((session, !(from || onwards)));
        }
        self.accept_word(&["closes", "close"]);
        if self.accept_word(&["late", "finish", "close", "dusk"]) || self.at >= self.pieces.len() {
            return Some((SessionClocks { opens: Some(first.alone()?), closes: None }, false));
        }
        let (opens, closes) = together(first, self.spelt()?, after)?;
        Some((SessionClocks { opens: Some(opens), closes: Some(closes) }, false))
    }

    fn accept_range(&mut self, between: bool) -> bool {
        let is_dash = self.accept_sign(&['-']) && {
            self.accept_sign(&['-']);
            true
        };
        // ISO 8601 writes intervals as `09:00/17:00`.
        let is_interval = self.pieces.iter().filter(|piece| **piece == TextToken::Sign('/')).count() == 1
            && !self.pieces.contains(&TextToken::Sign('-'))
            && self.accept_sign(&['/']);
        is_dash || is_interval || self.accept_word(&TO) || (between && self.accept_word(&["and"]))
    }
}

#[cfg(test)]
mod tests;
