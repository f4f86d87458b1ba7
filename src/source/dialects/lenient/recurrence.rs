//! The members of a recurrence rule.

use serde_json::{Value, json};

use super::members::{Members, Taken};
use super::numbers;
use crate::model::{DayOfWeek, Frequency, IssueCode};

/// Takes how often a rule recurs.
pub(in crate::source::dialects) fn frequency(members: &mut Members<'_>, names: &[&str]) -> Option<Frequency> {
    let Taken { key, value } = members.take_scalar(names)?;
    let text = value.as_str().unwrap_or_default();
    match Frequency::parse(text) {
        Ok(freq @ (Frequency::Daily | Frequency::Yearly)) => {
            members.note(
                IssueCode::OutsideCodelist,
                &key,
                "is not one of the standard's two words",
                Some(value),
            );
            Some(freq)
        }
        Ok(freq) => {
            if text != freq.code() {
                let message = format!("is read as `{}`", freq.code());
                members.note(IssueCode::Repaired, &key, message, Some(value));
            }
            Some(freq)
        }
        Err(unknown) => {
            members.note(IssueCode::OutsideCodelist, &key, unknown.to_string(), Some(value));
            None
        }
    }
}

/// Takes the first day of the week.
pub(in crate::source::dialects) fn week_start(
    members: &mut Members<'_>,
    names: &[&str],
) -> Option<DayOfWeek> {
    let Taken { key, value } = members.take_scalar(names)?;
    let day = day_of(&value);
    if day.is_none() {
        members.note_unreadable(&key, "is no day of the week", value);
    }
    day
}

/// Takes the days of a rule from the standard's member or, failing that, from the one that names a single day,
/// which makes the rule a weekly one.
pub(in crate::source::dialects) fn days(
    members: &mut Members<'_>,
    byday: &[&str],
    weekday: &[&str],
) -> (Vec<String>, Option<Frequency>) {
    let days = days_of(members, byday);
    if !days.is_empty() {
        return (days, None);
    }
    let Some(Taken { key, value }) = members.take_scalar(weekday) else { return (days, None) };
    match day_of(&value) {
        Some(day) => {
            let message = format!("is read as weekly on `{}`", day.code());
            members.note(IssueCode::Repaired, &key, message, Some(value));
            (vec![day.code().to_owned()], Some(Frequency::Weekly))
        }
        None => {
            members.note_unreadable(&key, "is no day of the week", value);
            (days, None)
        }
    }
}

fn days_of(members: &mut Members<'_>, names: &[&str]) -> Vec<String> {
    let Some(Taken { key, value }) = members.take_list_or_scalar(names) else { return Vec::new() };
    let words: Vec<&str> = match &value {
        Value::String(text) => text.split([',', ';', ' ']).collect(),
        Value::Array(elements) => elements.iter().map(|element| element.as_str().unwrap_or("?")).collect(),
        _ => vec!["?"],
    };
    let words: Vec<&str> = words.into_iter().map(str::trim).filter(|word| !word.is_empty()).collect();
    let days: Vec<String> = words.iter().filter_map(|word| ordinal_day(word)).collect();
    if days.len() < words.len() {
        members.note_unreadable(&key, "holds what is no day of the week", value);
    } else if value.as_str() != Some(days.join(",").as_str()) {
        members.note(IssueCode::NonStandardFormat, &key, "is no list of two-letter days", Some(value));
    }
    days
}

// `TU`, `2MO`, `-1FR`, `Tuesday`.
fn ordinal_day(word: &str) -> Option<String> {
    let at = word.find(|c: char| c.is_alphabetic())?;
    let (ordinal, day) = word.split_at_checked(at)?;
    let code = DayOfWeek::parse(day).ok()?.code();
    if ordinal.is_empty() {
        return Some(code.to_owned());
    }
    let ordinal: i32 = ordinal.parse().ok().filter(|n: &i32| *n != 0 && n.abs() <= 53)?;
    Some(format!("{ordinal}{code}"))
}

// A name, a code, or its number with Monday first; Sunday is 0 as well.
fn day_of(value: &Value) -> Option<DayOfWeek> {
    const DAYS: [&str; 7] = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
    if let Some(number) = numbers::read(value).and_then(numbers::whole) {
        let index = usize::try_from(number).ok()?.checked_sub(1).unwrap_or(6);
        return DayOfWeek::parse(DAYS.get(index)?).ok();
    }
    DayOfWeek::parse(value.as_str()?.rsplit('/').next()?).ok()
}

/// Takes whole numbers, separated by commas.
pub(in crate::source::dialects) fn whole_numbers(
    members: &mut Members<'_>,
    names: &[&str],
    within: i32,
) -> Vec<i32> {
    let Some(Taken { key, value }) = members.take_list_or_scalar(names) else { return Vec::new() };
    let (numbers, all) = numbers::whole_list(&value, within);
    if !all {
        members.note_unreadable(&key, "holds what is no number from its range", value);
    } else if !value.is_string() {
        members.note(IssueCode::WrongType, &key, "is no text", Some(json!(numbers)));
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quirk_77_days_in_words() {
        let cases = [
            ("TU", "TU"),
            ("2MO", "2MO"),
            ("+1mo", "1MO"),
            ("-1FR", "-1FR"),
            ("Tuesday", "TU"),
            ("thurs", "TH"),
        ];
        for (word, day) in cases {
            assert_eq!(ordinal_day(word).as_deref(), Some(day), "{word}");
        }
        for word in ["0MO", "T", "MO-FR", "54SU", "é"] {
            assert_eq!(ordinal_day(word), None, "{word}");
        }
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
