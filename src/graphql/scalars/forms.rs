//! How a value of each scalar is written, with an example: what errors tell whoever wrote it otherwise.

use async_graphql::{ID, InputType, InputValueError, ScalarType, Value};

use super::{Date, DateTime, Duration, LocalTime, Postcode, Url};

/// How a scalar is written.
#[derive(Clone, Copy, Debug)]
pub(in crate::graphql) struct ScalarForm {
    /// Its name in the schema.
    name: &'static str,
    /// The form in words.
    pub(in crate::graphql) words: &'static str,
    /// A value, as it is written in a query.
    pub(in crate::graphql) example: &'static str,
    is_valid: fn(&Value) -> bool,
}

const FORMS: [ScalarForm; 11] = [
    ScalarForm {
        name: "Int",
        words: "a whole number from -2147483648 to 2147483647, without quotes",
        example: "20",
        is_valid: |value| matches!(value, Value::Number(number) if number.as_i64().is_some_and(|number| i32::try_from(number).is_ok())),
    },
    ScalarForm {
        name: "Float",
        words: "a number, without quotes",
        example: "51.45",
        is_valid: |value| matches!(value, Value::Number(_)),
    },
    ScalarForm {
        name: "String",
        words: "a string in double quotes",
        example: "\"food bank\"",
        is_valid: <String as ScalarType>::is_valid,
    },
    ScalarForm {
        name: "Boolean",
        words: "`true` or `false`, without quotes",
        example: "true",
        is_valid: <bool as ScalarType>::is_valid,
    },
    ScalarForm {
        name: "ID",
        words: "the `id` of a record or source, unchanged, in double quotes",
        example: "\"U2VydmljZTpicmlzdG9sOjE\"",
        is_valid: <ID as ScalarType>::is_valid,
    },
    ScalarForm {
        name: "Date",
        words: "a date, `YYYY-MM-DD`",
        example: "\"2026-03-29\"",
        is_valid: Date::is_valid,
    },
    ScalarForm {
        name: "DateTime",
        words: "a date and time with its offset from UTC, `YYYY-MM-DDTHH:MM:SSZ` or `…+01:00`",
        example: "\"2026-03-29T17:30:00Z\"",
        is_valid: DateTime::is_valid,
    },
    ScalarForm {
        name: "LocalTime",
        words: "a time on the 24-hour clock, `HH:MM`",
        example: "\"17:30\"",
        is_valid: LocalTime::is_valid,
    },
    ScalarForm {
        name: "Duration",
        words: "a length of time in ISO 8601 form (years, months, weeks, days; hours and minutes after a `T`)",
        example: "\"P6M\" for six months or \"P30D\" for thirty days",
        is_valid: Duration::is_valid,
    },
    ScalarForm {
        name: "Postcode",
        words: "a UK postcode or its first part, in any case and spacing",
        example: "\"BS1 4DJ\" or \"BS1\"",
        is_valid: Postcode::is_valid,
    },
    ScalarForm {
        name: "URL",
        words: "an absolute web address",
        example: "\"https://www.example.org/page\"",
        is_valid: Url::is_valid,
    },
];

impl ScalarForm {
    /// Returns the form of the scalar with this name in the schema.
    pub(in crate::graphql) fn named(name: &str) -> Option<&'static Self> {
        FORMS.iter().find(|form| form.name == name)
    }

    /// Returns whether a value has this form.
    pub(in crate::graphql) fn fits(&self, value: &Value) -> bool {
        (self.is_valid)(value)
    }
}

impl std::fmt::Display for ScalarForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}, e.g. {}", self.words, self.example)
    }
}

/// The error of a scalar that cannot be read. It does not quote the value, which may be somebody's own.
pub(super) fn misshapen<T: InputType>() -> InputValueError<T> {
    match ScalarForm::named(&T::type_name()) {
        Some(form) => InputValueError::custom(format!("must be {form}")),
        None => InputValueError::custom("has another form"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_example_has_the_form_it_is_an_example_of() {
        for form in &FORMS {
            for example in form.example.split(" or ") {
                let example = example.split(" for ").next().unwrap();
                let value: serde_json::Value = serde_json::from_str(example).unwrap();
                assert!(form.fits(&Value::from_json(value).unwrap()), "{form}");
            }
        }
    }
}
