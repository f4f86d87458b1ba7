//! Opening times in filters.

use async_graphql::InputObject;
use chrono::NaiveTime;

use super::service_filter::RangeMatch;
use crate::graphql::enums::DayOfWeek;
use crate::graphql::error::ApiError;
use crate::graphql::scalars::{Date, DateTime, LocalTime};
use crate::model::{self, OpenFilter};

/// Open at an instant, or at some time on given days and between given times, in London time. Without `at` and `on`,
/// within 35 days from today.
#[derive(Debug, Default, InputObject)]
#[graphql(name = "OpenInput")]
pub(crate) struct OpenInput {
    /// Open at this instant. Cannot be combined with the other fields.
    at: Option<DateTime>,
    /// On this date.
    on: Option<Date>,
    /// On one of these days of the week. A session that runs past midnight belongs to the day it begins on, unless
    /// times are given: then each hour belongs to its own day.
    days: Option<Vec<DayOfWeek>>,
    /// From this time. Defaults to midnight at the start of the day.
    from: Option<LocalTime>,
    /// Until this time. `00:00` is the end of the day, and a time before `from` is on the next day. Defaults to
    /// midnight at the end of the day.
    to: Option<LocalTime>,
    /// How a session relates to the time from `from` to `to`.
    #[graphql(name = "match", default_with = "Some(RangeMatch::Overlaps)")]
    relation: Option<RangeMatch>,
}

impl OpenInput {
    pub(super) fn into_filter(self) -> Result<OpenFilter, ApiError> {
        let Self { at, on, days, from, to, relation } = self;
        let stands_alone = on.is_none() && days.is_none() && from.is_none() && to.is_none();
        if at.is_some() && !stands_alone {
            let message = "`filter.open.at` cannot be combined with `on`, `days`, `from` or `to`";
            return Err(ApiError::bad_input(message));
        }
        if days.as_ref().is_some_and(Vec::is_empty) {
            return Err(ApiError::bad_input("`filter.open.days` must name at least one day"));
        }
        let (from, to) = (from.map(|time| time.0), to.map(|time| time.0));
        if from.is_some() && from == to && from != Some(NaiveTime::MIN) {
            return Err(ApiError::bad_input("`filter.open.from` and `filter.open.to` must not be equal"));
        }
        Ok(OpenFilter {
            at: at.map(|at| at.0),
            on: on.map(|date| date.0),
            days: days.map(|days| days.into_iter().map(model::DayOfWeek::from).collect()),
            from,
            to,
            relation: relation.unwrap_or_default().into(),
        })
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::{InputType as _, Value};
    use serde_json::json;

    use super::*;
    use crate::model::DaySet;

    fn read(input: serde_json::Value) -> Result<OpenFilter, String> {
        let input =
            OpenInput::parse(Some(Value::from_json(input).unwrap())).map_err(|error| format!("{error:?}"))?;
        input.into_filter().map_err(|error| error.told().message)
    }

    #[test]
    fn days_and_times_become_a_filter() {
        let filter = read(json!({ "days": ["SATURDAY", "SUNDAY"], "from": "22:00", "to": "02:00" })).unwrap();
        let weekend: DaySet = [model::DayOfWeek::Saturday, model::DayOfWeek::Sunday].into_iter().collect();
        assert_eq!((filter.days, filter.relation), (Some(weekend), model::RangeMatch::Overlaps));
        assert_eq!(
            (filter.from, filter.to),
            (NaiveTime::from_hms_opt(22, 0, 0), NaiveTime::from_hms_opt(2, 0, 0))
        );
        assert!(read(json!({ "at": "2026-09-01T10:00:00+01:00" })).unwrap().at.is_some());
        assert!(read(json!({ "from": "00:00", "to": "00:00", "match": "COVERS" })).is_ok());
    }

    #[test]
    fn what_cannot_be_is_named() {
        for (input, member) in [
            (json!({ "at": "2026-09-01T10:00:00Z", "days": ["MONDAY"] }), "filter.open.at"),
            (json!({ "days": [] }), "filter.open.days"),
            (json!({ "from": "10:00", "to": "10:00" }), "filter.open.from"),
        ] {
            let message = read(input).unwrap_err();
            assert!(message.contains(member), "{message}");
        }
    }
}
