//! The scalars of the graph: dates and times, addresses, JSON and postcodes.

mod date;
mod date_time;
mod duration;
mod forms;
mod id;
mod json;
mod local_time;
mod postcode;
mod url;

pub(super) use date::Date;
pub(super) use date_time::DateTime;
pub(super) use duration::Duration;
pub(super) use forms::ScalarForm;
pub(super) use id::Id;
pub(super) use json::Json;
pub(super) use local_time::LocalTime;
pub(super) use postcode::Postcode;
pub(super) use url::Url;

use async_graphql::registry::Registry;
use async_graphql::{OutputType, Value};

use super::output::FieldOutput;
use super::plan::FieldPlan;
use super::walk::{OutputWalk, WriteResult};

/// Writes scalars: as what they print, or as the text that they are.
macro_rules! written_scalars {
    ($($Scalar:ident as $write:ident |$scalar:ident| $of:expr;)*) => {$(
        impl FieldOutput for $Scalar {
            fn register(registry: &mut Registry) -> String {
                <Self as OutputType>::create_type_info(registry)
            }

            fn write<'r>(&self, _: &'r FieldPlan, walk: &mut OutputWalk<'r>) -> WriteResult {
                let $scalar = self;
                walk.$write($of);
                Ok(())
            }
        }
    )*};
}

written_scalars! {
    Date as printed |date| &date.0;
    DateTime as printed |at| &at.shown();
    LocalTime as printed |time| &time.shown();
    Postcode as printed |postcode| &postcode.0;
    Url as text |url| url.0.as_str();
}

/// The text of a value that has to be one.
fn text(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        _ => None,
    }
}

/// A number of things as GraphQL's `Int`, which ends at 2,147,483,647.
pub(super) fn int(number: impl TryInto<i32>) -> i32 {
    number.try_into().unwrap_or(i32::MAX)
}

#[cfg(test)]
mod tests {
    use async_graphql::ScalarType;

    use super::*;

    fn through<T: ScalarType>(text: &str) -> Option<Value> {
        assert_eq!(T::is_valid(&Value::from(text)), T::parse(Value::from(text)).is_ok());
        T::parse(Value::from(text)).ok().map(|scalar| scalar.to_value())
    }

    #[test]
    fn texts_come_back_in_their_one_spelling() {
        assert_eq!(through::<DateTime>("2026-06-01T10:00:00+01:00"), Some("2026-06-01T09:00:00Z".into()));
        assert_eq!(through::<Date>("2026-06-01"), Some("2026-06-01".into()));
        assert_eq!(through::<LocalTime>("09:30:00"), Some("09:30".into()));
        assert_eq!(through::<LocalTime>("09:30:05"), Some("09:30:05".into()));
        assert_eq!(through::<Postcode>("bs14dj"), Some("BS1 4DJ".into()));
        assert_eq!(through::<Postcode>("bs1"), Some("BS1".into()));
        assert_eq!(through::<Url>("https://a.example/b c"), Some("https://a.example/b%20c".into()));
    }

    #[test]
    fn other_texts_are_refused() {
        assert_eq!(through::<DateTime>("2026-06-01"), None);
        assert_eq!(through::<Date>("2026-02-30"), None);
        assert_eq!(through::<LocalTime>("25:00"), None);
        assert_eq!(through::<Postcode>("Bristol"), None);
        assert_eq!(through::<Url>("/services"), None);
    }

    #[test]
    fn json_keeps_its_value() {
        let json = serde_json::json!({ "a b": [1.5, null, "x", { "n": 9_007_199_254_740_993_i64 }] });
        let value = Value::from_json(json.clone()).unwrap();
        assert_eq!(super::json::Any::parse(value).unwrap().to_value().into_json().unwrap(), json);
    }
}
