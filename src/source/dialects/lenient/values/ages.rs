//! Ages: in years, in words, and the numbers that mean that no age was entered.

mod words;

use serde_json::{Value, json};

use crate::model::{IssueCode, StatedBound, UnreadBounds};
use crate::source::dialects::lenient::members::object::{ExpectedMember, ObjectMembers, TakenMember};
use crate::source::dialects::lenient::values::numbers;
use words::AgesSaid;

/// No eligible person is older, in years.
const OLDEST: f64 = 120.0;

/// The lowest and highest age, in years.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(in crate::source::dialects) struct AgeLimits {
    /// The lowest age. `None` if there is no bound, or it could not be read.
    pub minimum: Option<f64>,
    /// The highest age. `None` if there is no bound, or it could not be read.
    pub maximum: Option<f64>,
    /// Which of the bounds could not be read.
    pub unread: UnreadBounds,
}

/// One of the two members, as far as it was read.
struct AgeEnd {
    key: String,
    sent: Value,
    said: Option<AgesSaid>,
}

/// Takes the lowest and highest age.
pub(in crate::source::dialects) fn ages(
    members: &mut ObjectMembers<'_>,
    lowest: &[&str],
    highest: &[&str],
) -> AgeLimits {
    let (lowest, highest) = (AgeEnd::take(members, lowest), AgeEnd::take(members, highest));
    let unread = [
        lowest.as_ref().filter(|end| end.said.is_none()).map(|_| StatedBound::Lower),
        highest.as_ref().filter(|end| end.said.is_none()).map(|_| StatedBound::Upper),
    ];
    let read = AgeLimits { unread: unread.into_iter().flatten().collect(), ..AgeLimits::default() };
    let read = match (&lowest, &highest) {
        (None, None) => return read,
        (Some(low), Some(high)) if low.is(0.0) && high.is(0.0) => {
            for end in [low, high] {
                let message = "0 to 0 is a placeholder for unknown ages";
                members.note(IssueCode::PlaceholderValue, &end.key, message, Some(json!(0)));
            }
            return read;
        }
        _ => both(members, lowest.as_ref(), highest.as_ref(), read),
    };
    within_a_life(members, lowest.as_ref().or(highest.as_ref()), read)
}

// Each member counts for its own bound. It counts for the other bound only if that has no member of its own.
fn both(
    members: &ObjectMembers<'_>,
    lowest: Option<&AgeEnd>,
    highest: Option<&AgeEnd>,
    read: AgeLimits,
) -> AgeLimits {
    let said = |end: Option<&AgeEnd>| end.and_then(|end| end.said);
    let highest = highest.filter(|end| {
        let stands_for_none = end.is(0.0);
        if stands_for_none {
            let message = "a highest age of 0 is a placeholder for no limit";
            members.note(IssueCode::PlaceholderValue, &end.key, message, Some(json!(0)));
        }
        !stands_for_none
    });
    let of_lowest = said(lowest).map(AgesSaid::as_lowest);
    let of_highest = said(highest).map(AgesSaid::as_highest);
    let (minimum, is_minimum_told_twice) =
        told(of_lowest.map(|(low, _)| low), of_highest.and_then(|(low, _)| low), lowest.is_some());
    let (maximum, is_maximum_told_twice) =
        told(of_highest.map(|(_, high)| high), of_lowest.and_then(|(_, high)| high), highest.is_some());
    let mut unread = read.unread;
    for (is_told_twice, end, bound) in [
        (is_minimum_told_twice, highest, StatedBound::Lower),
        (is_maximum_told_twice, lowest, StatedBound::Upper),
    ] {
        if let Some(end) = end.filter(|_| is_told_twice) {
            let message = "states a different age from the other member";
            members.note(IssueCode::Conflict, &end.key, message, Some(end.sent.clone()));
            unread = unread.with(bound);
        }
    }
    let known = |age: Option<f64>, bound| age.filter(|_| !unread.has(bound));
    AgeLimits {
        minimum: known(minimum, StatedBound::Lower),
        maximum: known(maximum, StatedBound::Upper),
        unread,
    }
}

// Returns a bound by its own member, or else by the other. Also returns whether both state it and differ.
fn told(own: Option<Option<f64>>, other: Option<f64>, is_stated: bool) -> (Option<f64>, bool) {
    match (own.flatten(), other) {
        (Some(own), Some(other)) if (own - other).abs() > 0.011 => (Some(own), true),
        (None, other) if !is_stated || own.is_some() => (other, false),
        (own, _) => (own, false),
    }
}

fn within_a_life(members: &ObjectMembers<'_>, end: Option<&AgeEnd>, read: AgeLimits) -> AgeLimits {
    let (Some(low), Some(high), Some(end)) = (read.minimum, read.maximum, end) else { return read };
    if low <= high {
        return read;
    }
    let message = "the lowest age is above the highest, so neither is used";
    members.note(IssueCode::Conflict, &end.key, message, Some(json!([low, high])));
    AgeLimits {
        unread: [StatedBound::Lower, StatedBound::Upper].into_iter().collect(),
        ..AgeLimits::default()
    }
}

impl AgeEnd {
    fn take(members: &mut ObjectMembers<'_>, names: &[&str]) -> Option<Self> {
        let taken = members.take(names, ExpectedMember::Scalar)?;
        let TakenMember { key, value } = members.made_bare(taken)?;
        let is_highest = names.iter().any(|name| name.starts_with("max"));
        let said = match numbers::read(&value) {
            Some(years) => number(members, &key, &value, years, is_highest),
            None => in_words(members, &key, &value),
        };
        Some(Self { said: said?, key, sent: value })
    }

    fn is(&self, age: f64) -> bool {
        self.said == Some(AgesSaid::At(age))
    }
}

// The outer value is `None` for a placeholder, and the inner one for an unreadable value.
type ReadAges = Option<Option<AgesSaid>>;

fn number(members: &ObjectMembers<'_>, key: &str, value: &Value, years: f64, is_highest: bool) -> ReadAges {
    #[expect(clippy::float_cmp, reason = "the placeholder is exactly this number")]
    let is_placeholder = years == -1.0;
    if value.is_string() {
        members.note(IssueCode::WrongType, key, "is a string, not a number", Some(value.clone()));
    }
    let (code, message) = match years {
        _ if is_placeholder => (IssueCode::PlaceholderValue, "-1 is a placeholder for an unknown age"),
        0.0..=OLDEST => return Some(Some(AgesSaid::At(years))),
        _ => (IssueCode::OutOfRange, "is not a possible age"),
    };
    members.note(code, key, message, Some(value.clone()));
    // Nobody is older than that, so it is not a bound.
    let says_nothing = is_placeholder || (is_highest && years > OLDEST);
    (!says_nothing).then_some(None)
}

fn in_words(members: &ObjectMembers<'_>, key: &str, value: &Value) -> ReadAges {
    let said = value.as_str().and_then(words::said).filter(|said| said.is_possible());
    match said {
        None => members.note_unreadable(key, "is not a readable age", value.clone()),
        Some(AgesSaid::Any) => {
            members.note(
                IssueCode::PlaceholderValue,
                key,
                "says that there is no limit",
                Some(value.clone()),
            );
            return None;
        }
        Some(_) => {
            members.note(IssueCode::Repaired, key, "the age was extracted from text", Some(value.clone()));
        }
    }
    Some(said)
}
