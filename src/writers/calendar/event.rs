//! Writes the events of one service, and journal entries for the schedules that cannot be expressed as events.

use std::collections::HashSet;
use std::sync::Arc;

use chrono::{DateTime, NaiveTime, Utc};
use uuid::Uuid;

use super::content_line::ContentLines;
use super::event_times::write_times;
use crate::model::{
    EventSeries, Location, Record as _, RichText, Schedule, ScheduleOwner, ScheduleRef, SeriesWindow,
    Service, ServiceStatus, UnsayableSeries,
};
use crate::writers::contact_words::{address_in_words, phone_in_words, postcode_in_words};
use crate::writers::opening_words::opening_in_words;
use crate::writers::row_context::RowContext;

/// The UUID namespace of event ids.
const EVENTS: Uuid = Uuid::from_u128(0x6d1f_0c1e_52a4_5b7e_9a38_0f3c_77d1_e2b4);

/// Writes an event or a journal entry for each schedule of a service.
pub(super) fn write_service(
    service: &Arc<Service>,
    context: &RowContext,
    window: SeriesWindow,
    lines: &mut ContentLines,
) {
    let mut met = HashSet::new();
    for (which, told) in service.series(window) {
        let Some(schedule) = service.schedule(which) else { continue };
        let mut uid = uid(service, which, schedule.part.id.as_str());
        if !met.insert(uid) {
            // Two schedules have the same id: the position makes this one's UID different.
            uid = self::uid(service, which, &format!("{}#{}", schedule.part.id.as_str(), which.index));
        }
        let entry = EventEntry { service, schedule, which, context, uid };
        match told {
            Ok(series) => entry.write_event(&series, lines),
            Err(why) => entry.write_journal(why, lines),
        }
    }
}

/// One schedule of a service.
struct EventEntry<'s> {
    service: &'s Service,
    schedule: &'s Schedule,
    which: ScheduleRef,
    context: &'s RowContext,
    uid: Uuid,
}

impl EventEntry<'_> {
    fn write_event(&self, series: &EventSeries, lines: &mut ContentLines) {
        let service = self.service;
        lines.raw("BEGIN", "VEVENT");
        self.write_identity(lines);
        write_times(series, lines);
        lines.text("SUMMARY", &service.name);
        lines.text("DESCRIPTION", &self.description(series));
        if let Some(location) = self.location() {
            lines.text("LOCATION", &place_in_words(location));
            if let Some((point, _)) = self.context.place(location) {
                lines.raw("GEO", &format!("{};{}", point.latitude, point.longitude));
            }
        }
        let link = self.schedule.schedule_link.as_ref().or(service.url.as_ref());
        if let Some(link) = link {
            lines.raw("URL", link.as_str());
        }
        let terms = service.attributes.iter().filter_map(|one| one.taxonomy_term.as_ref());
        lines.texts("CATEGORIES", terms.map(|term| term.name.as_str()));
        let phones: Vec<String> = service.phones.iter().map(|phone| phone_in_words(phone)).collect();
        lines.text("CONTACT", &phones.join(", "));
        match service.status {
            ServiceStatus::Active => lines.raw("STATUS", "CONFIRMED"),
            ServiceStatus::Inactive | ServiceStatus::Defunct | ServiceStatus::TemporarilyClosed => {
                lines.raw("STATUS", "CANCELLED");
            }
            ServiceStatus::Unknown => {}
        }
        // The opening times of a service do not make the calendar's owner busy.
        lines.raw("TRANSP", "TRANSPARENT");
        lines.raw("END", "VEVENT");
    }

    fn write_journal(&self, why: UnsayableSeries, lines: &mut ContentLines) {
        let (code, because) = match why {
            UnsayableSeries::InWords => ("IN-WORDS", "its publisher states it in words, or names no dates"),
            UnsayableSeries::Doubtful => {
                ("DOUBTFUL", "some of its dates, or of the dates on which it is closed, cannot be read")
            }
            UnsayableSeries::NoSuchRule => ("NO-SUCH-RULE", "iCalendar has no rule for it"),
            UnsayableSeries::Never => ("NEVER", "it names no date on which it is open"),
            UnsayableSeries::TooMuch => ("TOO-MUCH", "it has too many dates"),
        };
        lines.raw("BEGIN", "VJOURNAL");
        self.write_identity(lines);
        lines
            .text("SUMMARY", &format!("{}: an opening time that is not in this calendar", self.service.name));
        let words = opening_in_words(self.schedule);
        let words = if words.is_empty() { String::new() } else { format!("\n{words}") };
        lines.text("DESCRIPTION", &format!("This opening time is left out, because {because}.{words}"));
        lines.raw("X-ORUK-LEFT-OUT", code);
        lines.raw("END", "VJOURNAL");
    }

    fn write_identity(&self, lines: &mut ContentLines) {
        let (service, format) = (self.service, "%Y%m%dT%H%M%SZ");
        let modified = service.last_modified.or(service.provenance.last_modified);
        lines.raw("UID", &self.uid.to_string());
        lines.raw("DTSTAMP", &modified.unwrap_or_else(|| revised(service)).format(format).to_string());
        if let Some(modified) = modified {
            lines.raw("LAST-MODIFIED", &modified.format(format).to_string());
        }
        lines.text("X-ORUK-SERVICE-ID", service.id.as_str());
        lines.text("X-ORUK-SOURCE", service.id.source().as_str());
    }

    fn description(&self, series: &EventSeries) -> String {
        let (service, schedule) = (self.service, self.schedule);
        let untimed = match (series.opens, schedule.closes_at) {
            (None, Some(closes)) => {
                Some(format!("Until {}; the opening time is not stated.", closes.format("%H:%M")))
            }
            (None, None) => Some("The times of day are not stated.".to_owned()),
            (Some(_), _) => None,
        };
        let provider = service.organization.as_ref().map(|one| format!("Provided by {}.", one.name));
        let publication = self.context.publication(service.id.source());
        let attribution = publication.and_then(|one| one.attribution.clone());
        let own = [service.alert.clone(), schedule.description.clone(), schedule.notes.clone(), untimed];
        let about =
            [service.description.as_ref().map(RichText::text).map(str::to_owned), provider, attribution];
        let parts = own.into_iter().chain(about).flatten();
        let parts: Vec<String> =
            parts.map(|part| part.trim().to_owned()).filter(|part| !part.is_empty()).collect();
        parts.join("\n\n")
    }

    /// Returns where the sessions take place. `None` if the schedule belongs to the service itself and the service does
    /// not have exactly one place, or if the place's location is not carried.
    fn location(&self) -> Option<&Arc<Location>> {
        let places = &self.service.service_at_locations;
        let place = match (self.which.owner, places.as_slice()) {
            (ScheduleOwner::AtLocation(place) | ScheduleOwner::Location(place), _) => places.get(place)?,
            (ScheduleOwner::Service, [only]) => only,
            (ScheduleOwner::Service, _) => return None,
        };
        place.location.as_ref()
    }
}

fn place_in_words(location: &Location) -> String {
    let address = location.addresses.first();
    let lines = address.map(|address| address_in_words(address)).filter(|lines| !lines.is_empty());
    let postcode = address.and_then(|address| postcode_in_words(address));
    let name =
        location.name.clone().filter(|name| lines.as_ref().is_none_or(|lines| !lines.starts_with(name)));
    [name, lines, postcode].into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn uid(service: &Service, which: ScheduleRef, part: &str) -> Uuid {
    let places = &service.service_at_locations;
    let owner = match which.owner {
        ScheduleOwner::Service => None,
        ScheduleOwner::AtLocation(place) => places.get(place).map(|at| at.id().as_str()),
        ScheduleOwner::Location(place) => {
            places.get(place).and_then(|at| at.location.as_ref()).map(|location| location.id().as_str())
        }
    };
    let name = format!("{}/{}/{part}", service.id.as_str(), owner.unwrap_or_default());
    Uuid::new_v5(&EVENTS, name.as_bytes())
}

/// Returns when a record that does not state its last change was last checked, or otherwise when it was fetched.
fn revised(service: &Service) -> DateTime<Utc> {
    let assured = service.assured_date.or(service.provenance.assured_date);
    let assured = assured.map(|date| date.and_time(NaiveTime::MIN).and_utc());
    assured.unwrap_or(service.provenance.fetched_at)
}
