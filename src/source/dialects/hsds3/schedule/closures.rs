//! Schedules that say when their owner is closed.

use chrono::TimeDelta;

use crate::model::{Frequency, Schedule};
use crate::source::dialects::lenient::{ObjectMembers, is_closed, tells_of_closure, truth};

/// In a longer period, "Closed on bank holidays" beside a weekday is about some of the dates only.
const LONGEST_CLOSURE: TimeDelta = TimeDelta::days(31);

/// Returns whether a schedule is a closure. The standard has no member for closures. Publishers write them beside dates
/// or days, mostly without times.
pub(super) fn is_closure(m: &ObjectMembers<'_>, schedule: &Schedule) -> bool {
    if ["closed", "is_closed"].iter().any(|name| m.peek(name).and_then(truth) == Some(true)) {
        return true;
    }
    let has_times = schedule.opens_at.is_some() || schedule.closes_at.is_some();
    // With times and a rule, the word may concern only some of the dates.
    let closes = |text: &String| match (schedule.is_rule(), has_times) {
        (true, true) => false,
        (false, true) => is_closed(text),
        (true, false) => is_closed(text) || (is_of_few_dates(schedule) && tells_of_closure(text)),
        (false, false) => tells_of_closure(text) || is_closed(text),
    };
    [&schedule.notes, &schedule.description].into_iter().flatten().any(closes)
}

// Returns whether a rule has so few dates that words about a closure are about all of them.
fn is_of_few_dates(schedule: &Schedule) -> bool {
    let first = schedule.dtstart.or(schedule.valid_from);
    let last = [schedule.until, schedule.valid_to].into_iter().flatten().min();
    let length = first.zip(last).map(|(first, last)| last.signed_duration_since(first));
    let is_every_day = schedule.freq == Some(Frequency::Daily) && schedule.byday.is_empty();
    let is_once = schedule.count == Some(1) && schedule.dtstart.is_some();
    let is_one_period = length.is_some_and(|length| is_every_day || length <= LONGEST_CLOSURE);
    is_once || is_one_period || schedule.freq == Some(Frequency::Yearly)
}
