//! The forms of parameters' values: how one is read, and its schema in OpenAPI.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use serde_json::{Value as Json, json};

use crate::model::{AskedPostcode, AskedPostcodeError, DayOfWeek, DaySet, london_instant};

/// The form of a parameter's value.
#[derive(Debug)]
pub(in crate::http) enum ParameterForm {
    /// Free text of at most `longest` characters.
    Text { longest: usize },
    /// An id, a code or a URI of at most `longest` characters.
    Name { longest: usize },
    /// At most `most` names, separated by commas.
    Names { most: usize, longest: usize },
    /// A whole number. Both bounds are inclusive.
    Whole { least: u32, most: u32, default: Option<u32> },
    /// A number. Both bounds are inclusive.
    Number { least: f64, most: f64 },
    /// A postcode or the first part of one.
    Postcode,
    /// Days of the week, with commas between.
    Days,
    /// A time of day.
    Time,
    /// An instant or a date.
    Instant,
    /// One of these words. The first is the default.
    Word(&'static [&'static str]),
}

/// The value of a parameter.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::http) enum ParameterValue {
    /// From [`ParameterForm::Text`] or [`ParameterForm::Name`].
    Text(String),
    /// From [`ParameterForm::Names`].
    Texts(Vec<String>),
    /// From [`ParameterForm::Whole`].
    Whole(u32),
    /// From [`ParameterForm::Number`].
    Number(f64),
    /// From [`ParameterForm::Postcode`].
    Postcode(AskedPostcode),
    /// From [`ParameterForm::Days`].
    Days(DaySet),
    /// From [`ParameterForm::Time`].
    Time(NaiveTime),
    /// From [`ParameterForm::Instant`].
    Instant(DateTime<Utc>),
    /// From [`ParameterForm::Word`].
    Word(&'static str),
}

impl ParameterForm {
    /// Reads a value.
    ///
    /// # Errors
    /// Returns what the value must be, as the rest of a sentence.
    pub(super) fn read(&self, text: &str) -> Result<ParameterValue, String> {
        match self {
            Self::Text { longest } => bounded(text, *longest).map(ParameterValue::Text),
            Self::Name { longest } => bounded(text, *longest).map(ParameterValue::Text),
            Self::Names { most, longest } => names(text, *most, *longest).map(ParameterValue::Texts),
            Self::Whole { least, most, .. } => text
                .parse()
                .ok()
                .filter(|number| (least..=most).contains(&number))
                .map(ParameterValue::Whole)
                .ok_or_else(|| format!("must be a whole number from {least} to {most}")),
            Self::Number { least, most } => text
                .parse::<f64>()
                .ok()
                .filter(|number| (*least..=*most).contains(number))
                .map(ParameterValue::Number)
                .ok_or_else(|| format!("must be a number from {least} to {most}")),
            Self::Postcode => {
                AskedPostcode::parse(text).map(ParameterValue::Postcode).map_err(|error: AskedPostcodeError| error.to_string())
            }
            Self::Days => days(text).map(ParameterValue::Days),
            Self::Time => time(text).map(ParameterValue::Time),
            Self::Instant => instant(text).map(ParameterValue::Instant).ok_or_else(|| {
                "must be a date and time in RFC 3339 format, or a date; without an offset it is in London time"
                    .to_owned()
            }),
            Self::Word(words) => words
                .iter()
                .find(|word| word.eq_ignore_ascii_case(text))
                .map(|word| ParameterValue::Word(word))
                .ok_or_else(|| format!("must be one of `{}`", words.join("`, `"))),
        }
    }

    /// Returns its JSON schema.
    pub(in crate::http) fn schema(&self) -> Json {
        match self {
            Self::Text { longest } | Self::Name { longest } => {
                json!({ "type": "string", "maxLength": longest })
            }
            Self::Names { most, longest } => json!({
                "type": "array",
                "items": { "type": "string", "minLength": 1, "maxLength": longest },
                "maxItems": most,
            }),
            Self::Whole { least, most, default } => {
                let mut schema = json!({ "type": "integer", "minimum": least, "maximum": most });
                if let (Some(members), Some(default)) = (schema.as_object_mut(), default) {
                    members.insert("default".to_owned(), json!(default));
                }
                schema
            }
            Self::Number { least, most } => json!({ "type": "number", "minimum": least, "maximum": most }),
            Self::Postcode => json!({ "type": "string", "maxLength": 12 }),
            Self::Days => {
                let codes = DayOfWeek::ALL.map(DayOfWeek::code);
                json!({ "type": "array", "items": { "type": "string", "enum": codes } })
            }
            Self::Time => {
                json!({ "type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?$" })
            }
            Self::Instant => json!({
                "anyOf": [
                    { "type": "string", "format": "date-time" },
                    { "type": "string", "format": "date" },
                ]
            }),
            Self::Word(words) => json!({ "type": "string", "enum": words, "default": words.first() }),
        }
    }

    /// Returns whether values are numbers, times or words from a list, and never someone's own words.
    pub(super) fn is_closed(&self) -> bool {
        !matches!(self, Self::Text { .. } | Self::Name { .. } | Self::Names { .. } | Self::Postcode)
    }

    /// Returns whether a value is a list with commas between its items.
    pub(in crate::http) fn is_list(&self) -> bool {
        matches!(self, Self::Names { .. } | Self::Days)
    }
}

fn bounded(text: &str, longest: usize) -> Result<String, String> {
    match text.chars().count() <= longest {
        true => Ok(text.to_owned()),
        false => Err(format!("must have at most {longest} characters")),
    }
}

fn names(text: &str, most: usize, longest: usize) -> Result<Vec<String>, String> {
    let names: Vec<&str> = text.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    if names.is_empty() || names.len() > most {
        return Err(format!("must be 1 to {most} values with commas between"));
    }
    names.into_iter().map(|name| bounded(name, longest)).collect()
}

fn days(text: &str) -> Result<DaySet, String> {
    let day = |text: &str| DayOfWeek::parse(text.trim()).ok();
    let days: Option<DaySet> = text.split(',').map(day).collect();
    days.ok_or_else(|| {
        "must be days of the week with commas between: MO, TU, WE, TH, FR, SA or SU".to_owned()
    })
}

fn time(text: &str) -> Result<NaiveTime, String> {
    let forms = ["%H:%M", "%H:%M:%S"];
    let time = forms.iter().find_map(|form| NaiveTime::parse_from_str(text, form).ok());
    time.ok_or_else(|| "must be a time of day from 00:00 to 23:59, in London time".to_owned())
}

fn instant(text: &str) -> Option<DateTime<Utc>> {
    // A plus sign that was not percent-encoded arrives as a space.
    let text = match text.rsplit_once(' ') {
        Some((before, offset)) if before.contains('T') => format!("{before}+{offset}"),
        _ => text.to_owned(),
    };
    if let Ok(at) = DateTime::parse_from_rfc3339(&text) {
        return Some(at.to_utc());
    }
    let forms = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S%.f"];
    let local = forms.iter().find_map(|form| NaiveDateTime::parse_from_str(&text, form).ok());
    let date = || NaiveDate::parse_from_str(&text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0);
    london_instant(local.or_else(date)?)
}
