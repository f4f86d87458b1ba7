//! The members of a recurrence rule.

use serde_json::{Value, json};

use crate::model::{DayOfWeek, Frequency, IssueCode};
use crate::source::dialects::lenient::members::object::{ObjectMembers, TakenMember};
use crate::source::dialects::lenient::values::numbers;
use crate::source::dialects::lenient::values::weekdays::weekdays;

/// Takes how often a rule recurs. Words for every second week and the like become an interval.
pub(in crate::source::dialects) fn frequency(
    members: &mut ObjectMembers<'_>,
    names: &[&str],
) -> Option<Frequency> {
    let TakenMember { key, value } = members.plain_scalar(names)?;
    let text = value.as_str().unwrap_or_default();
    let read = Frequency::parse(text).ok().map(|freq| (freq, 1)).or_else(|| in_words(text));
    let Some((freq, every)) = read else {
        if is_once(text) {
            members.note(IssueCode::Repaired, &key, "says that it does not recur", Some(value));
            return None;
        }
        let message = "is not one of the standard's two values, and cannot be read";
        members.note(IssueCode::OutsideCodelist, &key, message, Some(value));
        return None;
    };
    if every > 1 && members.peek("interval").is_none() {
        members.put("interval", json!(every));
    }
    match freq {
        Frequency::Daily | Frequency::Yearly => {
            let message = "is not one of the standard's two values";
            members.note(IssueCode::OutsideCodelist, &key, message, Some(value));
        }
        _ if text == freq.code() => {}
        _ => {
            let every = if every > 1 { format!(", every {every}") } else { String::new() };
            let message = format!("is read as `{}`{every}", freq.code());
            members.note(IssueCode::Repaired, &key, message, Some(value));
        }
    }
    Some(freq)
}

// `Biweekly` is not accepted, because it may mean twice a week.
fn in_words(text: &str) -> Option<(Frequency, i32)> {
    let folded = text.trim().to_lowercase();
    let plain = folded.strip_prefix("freq=").unwrap_or(&folded);
    if let Ok(freq) = Frequency::parse(plain) {
        return Some((freq, 1));
    }
    match plain {
        "every week" | "each week" | "once a week" | "p1w" | "p7d" => Some((Frequency::Weekly, 1)),
        "fortnightly" | "every fortnight" | "fortnight" | "every two weeks" | "every 2 weeks"
        | "every other week" | "alternate weeks" | "once a fortnight" | "p2w" | "p14d" => {
            Some((Frequency::Weekly, 2))
        }
        "every day" | "everyday" | "each day" | "once a day" | "p1d" => Some((Frequency::Daily, 1)),
        "every month" | "each month" | "once a month" | "p1m" => Some((Frequency::Monthly, 1)),
        "every two months" | "every other month" | "every 2 months" | "p2m" => Some((Frequency::Monthly, 2)),
        "quarterly" | "every quarter" | "every three months" | "every 3 months" | "p3m" => {
            Some((Frequency::Monthly, 3))
        }
        "every year" | "each year" | "once a year" | "annual" | "p1y" => Some((Frequency::Yearly, 1)),
        _ => None,
    }
}

fn is_once(text: &str) -> bool {
    let folded = text.trim().to_lowercase();
    matches!(
        folded.as_str(),
        "once" | "one-off" | "one off" | "single" | "does not repeat" | "never" | "no repeat"
    )
}

pub(in crate::source::dialects) fn week_start(
    members: &mut ObjectMembers<'_>,
    names: &[&str],
) -> Option<DayOfWeek> {
    let TakenMember { key, value } = members.plain_scalar(names)?;
    let day = day_of(&value);
    if day.is_none() {
        members.note_unreadable(&key, "is not a day of the week", value);
    }
    day
}

/// Takes the weekdays of a rule from the standard's member. If that is missing, takes them from the member with a
/// single weekday, which makes the rule weekly.
pub(in crate::source::dialects) fn days(
    members: &mut ObjectMembers<'_>,
    byday: &[&str],
    weekday: &[&str],
) -> (Vec<String>, Option<Frequency>) {
    let (days, freq) = days_of(members, byday);
    if !days.is_empty() {
        return (days, freq);
    }
    let Some(TakenMember { key, value }) = members.plain_list_or_scalar(weekday) else { return (days, None) };
    let read = weekdays(&value);
    if read.is_partial {
        members.note_unreadable(&key, "is not a day of the week", value);
        return (read.codes(), None);
    }
    let days = read.codes();
    let message = format!("is read as weekly on `{}`", days.join(","));
    members.note(IssueCode::Repaired, &key, message, Some(value));
    (days, Some(if read.have_places() { Frequency::Monthly } else { Frequency::Weekly }))
}

fn days_of(members: &mut ObjectMembers<'_>, names: &[&str]) -> (Vec<String>, Option<Frequency>) {
    let Some(TakenMember { key, value }) = members.plain_list_or_scalar(names) else {
        return (Vec::new(), None);
    };
    let read = weekdays(&value);
    let days = read.codes();
    if read.is_partial {
        members.note_unreadable(&key, "contains something that is not a day of the week", value);
    } else if value.as_str() != Some(days.join(",").as_str()) {
        members.note(IssueCode::NonStandardFormat, &key, "is not a list of two-letter days", Some(value));
    }
    // Without a frequency, "second Monday" can only mean that of each month.
    (days, read.have_places().then_some(Frequency::Monthly))
}

// Returns the only weekday in a value.
fn day_of(value: &Value) -> Option<DayOfWeek> {
    let read = weekdays(value);
    match read.codes().as_slice() {
        [code] if !read.is_partial => DayOfWeek::parse(code).ok(),
        _ => None,
    }
}

/// Takes whole numbers separated by commas.
pub(in crate::source::dialects) fn whole_numbers(
    members: &mut ObjectMembers<'_>,
    names: &[&str],
    within: i32,
) -> Vec<i32> {
    let Some(TakenMember { key, value }) = members.plain_list_or_scalar(names) else { return Vec::new() };
    let (numbers, all) = numbers::whole_list(&value, within);
    if !all {
        members.note_unreadable(&key, "contains something that is not a number in its range", value);
    } else if !value.is_string() {
        members.note(IssueCode::WrongType, &key, "is not a string", Some(json!(numbers)));
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quirk_77_frequencies_in_words() {
        for (text, expected) in [
            ("Fortnightly", Some((Frequency::Weekly, 2))),
            ("every other week", Some((Frequency::Weekly, 2))),
            ("FREQ=WEEKLY", Some((Frequency::Weekly, 1))),
            ("quarterly", Some((Frequency::Monthly, 3))),
            ("Once a month", Some((Frequency::Monthly, 1))),
            ("biweekly", None),
            ("term time", None),
        ] {
            assert_eq!(in_words(text), expected, "{text}");
        }
        assert!(is_once("One-off") && !is_once("weekly"));
    }

    #[test]
    fn quirk_76_weekdays_by_number() {
        assert_eq!(day_of(&json!(2)), Some(DayOfWeek::Tuesday));
        assert_eq!(day_of(&json!("7")), Some(DayOfWeek::Sunday));
        assert_eq!(day_of(&json!("https://schema.org/Monday")), Some(DayOfWeek::Monday));
        assert_eq!(day_of(&json!(0)), Some(DayOfWeek::Sunday));
        assert_eq!(day_of(&json!(8)), None);
    }
}
