//! Writes iCalendar files (RFC 5545): one event for each schedule, with its recurrence rule, exceptions and time zone.
//!
//! A schedule that cannot be expressed as an event is left out, and a journal entry (`VJOURNAL`) says so: calendar
//! programs ignore journal entries, but people who read the file find them.
//!
//! This is written by hand because the existing libraries stamp events with the machine's clock and hold the whole
//! calendar in memory.

mod content_line;
mod event;
mod event_times;

use std::sync::Arc;

use self::content_line::ContentLines;
use self::event::write_service;
use super::export_document::{ExportDocument, ExportHead};
use super::row_context::RowContext;
use crate::model::{SeriesWindow, Service};

/// The time zone of all times in London, with the two changes of the clock in a year as they have been since 1996.
const LONDON: &str = "BEGIN:VTIMEZONE\r\n\
    TZID:Europe/London\r\n\
    BEGIN:DAYLIGHT\r\n\
    DTSTART:19960331T010000\r\n\
    TZOFFSETFROM:+0000\r\n\
    TZOFFSETTO:+0100\r\n\
    TZNAME:BST\r\n\
    RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU\r\n\
    END:DAYLIGHT\r\n\
    BEGIN:STANDARD\r\n\
    DTSTART:19961027T020000\r\n\
    TZOFFSETFROM:+0100\r\n\
    TZOFFSETTO:+0000\r\n\
    TZNAME:GMT\r\n\
    RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU\r\n\
    END:STANDARD\r\n\
    END:VTIMEZONE\r\n";

/// A calendar of the opening times of services.
pub struct CalendarEvents {
    context: Arc<RowContext>,
    window: SeriesWindow,
}

impl CalendarEvents {
    /// Returns a calendar of the sessions in the window around today (see [`SeriesWindow::around`]).
    pub fn new(context: Arc<RowContext>) -> Self {
        let window = SeriesWindow::around(context.today);
        Self { context, window }
    }
}

impl ExportDocument<Service> for CalendarEvents {
    fn begin(&self, head: &ExportHead) -> Vec<u8> {
        let mut lines = ContentLines::default();
        lines.raw("BEGIN", "VCALENDAR");
        lines.raw("VERSION", "2.0");
        lines.raw("PRODID", concat!("-//oruk-gateway//", env!("CARGO_PKG_VERSION"), "//EN"));
        lines.raw("CALSCALE", "GREGORIAN");
        for name in ["NAME", "X-WR-CALNAME"] {
            lines.text(name, "Opening times of services");
        }
        if !head.incomplete.is_empty() {
            let sources = head.incomplete.iter().map(|(key, status)| format!("{key} ({status})"));
            let sources = sources.collect::<Vec<_>>().join(", ");
            let said = format!("Not complete: some services of these sources are missing: {sources}");
            for name in ["DESCRIPTION", "X-WR-CALDESC"] {
                lines.text(name, &said);
            }
        }
        lines.raw("X-ORUK-DATA-VERSION", &head.data_version);
        let mut written = lines.into_bytes();
        written.extend_from_slice(LONDON.as_bytes());
        written
    }

    fn records(&self, records: &[Arc<Service>], _: bool) -> Vec<u8> {
        let mut lines = ContentLines::default();
        records.iter().for_each(|service| write_service(service, &self.context, self.window, &mut lines));
        lines.into_bytes()
    }

    fn end(&self) -> Vec<u8> {
        b"END:VCALENDAR\r\n".to_vec()
    }
}
