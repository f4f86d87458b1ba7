//! Sessions: what opening times come to on the calendar.

use crate::graphql::context::FieldContext;
use oruk_gateway_derive::graph_object;
use std::sync::Arc;

use super::service_at_location::location_of;
use super::{Location, Schedule};
use crate::graphql::error::ApiError;
use crate::graphql::scalars::{Date, DateTime};
use crate::model::{self, OpeningHours, ScheduleOwner};

/// Sessions listed where nobody says how many.
pub(crate) const DEFAULT_OCCURRENCES: i32 = 50;

/// Most sessions in one list.
pub(crate) const MAX_OCCURRENCES: i32 = 1000;

/// A session as clients see it.
#[derive(Clone)]
pub(crate) struct Occurrence {
    session: model::Occurrence,
    schedule: Arc<model::Schedule>,
    place: Option<Arc<model::ServiceAtLocation>>,
}

impl Occurrence {
    /// A session of a service.
    pub(super) fn of_service(service: &model::Service, session: model::Occurrence) -> Option<Self> {
        let place = match session.schedule.owner {
            ScheduleOwner::Service => None,
            ScheduleOwner::AtLocation(nth) | ScheduleOwner::Location(nth) => {
                service.service_at_locations.get(nth).cloned()
            }
        };
        let schedule = Arc::clone(service.schedule(session.schedule)?);
        Some(Self { session, schedule, place })
    }

    /// A session of one schedule by itself.
    pub(super) fn of_schedule(schedule: &Arc<model::Schedule>, session: model::Occurrence) -> Self {
        Self { session, schedule: Arc::clone(schedule), place: None }
    }
}

/// A session: one time that something is open.
#[graph_object]
impl Occurrence {
    /// The date on which it begins, in London.
    fn date(&self) -> Date {
        Date(self.session.date)
    }

    /// When it begins. `null` when the schedule has no readable opening time; only the `date` is known then.
    fn start(&self) -> Option<DateTime> {
        self.session.has_start.then_some(DateTime(self.session.start))
    }

    /// When it ends. `null` when the schedule has no readable closing time.
    fn end(&self) -> Option<DateTime> {
        self.session.end.map(DateTime)
    }

    /// The schedule it comes from.
    fn schedule(&self) -> Schedule {
        Schedule(Arc::clone(&self.schedule))
    }

    /// The place. `null` when the schedule does not belong to a place, or was queried directly.
    async fn location(&self, ctx: &FieldContext<'_>) -> Option<Location> {
        location_of(ctx, self.place.as_ref()?).await
    }
}

/// The arguments of a list of sessions.
pub(super) struct Sessions {
    pub(super) from: DateTime,
    pub(super) to: DateTime,
    pub(super) first: Option<i32>,
}

impl Sessions {
    /// The sessions asked for.
    pub(super) fn of(self, hours: &OpeningHours) -> Result<Vec<model::Occurrence>, ApiError> {
        let (from, to) = (self.from.0, self.to.0);
        if from > to {
            return Err(ApiError::bad_input("`from` must not be after `to`"));
        }
        if to.signed_duration_since(from) > OpeningHours::MAX_SPAN {
            let days = OpeningHours::MAX_SPAN.num_days();
            return Err(ApiError::bad_input(format!("`to` must be at most {days} days after `from`")));
        }
        let first = self.first.unwrap_or(DEFAULT_OCCURRENCES);
        let first = usize::try_from(first).ok().filter(|_| (1..=MAX_OCCURRENCES).contains(&first));
        let first = first
            .ok_or_else(|| ApiError::bad_input(format!("`first` must be from 1 to {MAX_OCCURRENCES}")))?;
        Ok(hours.occurrences(from, to).take(first).collect())
    }
}
