//! Which rules are suspended on a day. Computed once for each day, however many rules are checked against it.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::rule::{OpeningRule, RuleSuspension};
use super::wall::DayNumber;
use crate::model::TriState;

/// The most days that are kept.
const MOST_DAYS: usize = 64;

/// The suspensions of a service's hours, by day.
pub(super) struct DayClosures<'h> {
    suspensions: &'h [RuleSuspension],
    days: RefCell<BTreeMap<DayNumber, Box<[StoppedRules]>>>,
}

/// The rules of one owner that are suspended, or may be.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct StoppedRules {
    place: Option<u16>,
    for_others: bool,
    is_doubtful: bool,
}

impl<'h> DayClosures<'h> {
    pub(super) fn of(suspensions: &'h [RuleSuspension]) -> Self {
        Self { suspensions, days: RefCell::default() }
    }

    /// Returns whether a rule has a session on a day. Unknown if its dates, or those of a suspension, could not be
    /// read.
    pub(super) fn let_hold(&self, rule: &OpeningRule, day: DayNumber) -> TriState {
        if !rule.falls_on(day) {
            return TriState::No;
        }
        let own = if rule.is_doubtful { TriState::Unknown } else { TriState::Yes };
        if self.suspensions.is_empty() {
            return own;
        }
        let mut days = self.days.borrow_mut();
        if days.len() >= MOST_DAYS && !days.contains_key(&day) {
            days.clear();
        }
        let stops = days.entry(day).or_insert_with(|| self.stops(day));
        let from = stops.partition_point(|stop| stop.place < rule.place);
        let of_place = stops.iter().skip(from).take_while(|stop| stop.place == rule.place);
        of_place.filter(|stop| !(stop.for_others && rule.replaces)).fold(own, |held, stop| {
            if held == TriState::No || !stop.is_doubtful { TriState::No } else { TriState::Unknown }
        })
    }

    pub(super) fn is_held(&self, rule: &OpeningRule, day: DayNumber) -> bool {
        self.let_hold(rule, day) == TriState::Yes
    }

    fn stops(&self, day: DayNumber) -> Box<[StoppedRules]> {
        let on_day = self.suspensions.iter().filter(|suspension| suspension.falls_on(day));
        let mut stops: Vec<StoppedRules> = on_day
            .map(|&RuleSuspension { place, for_others, is_doubtful, .. }| StoppedRules {
                place,
                for_others,
                is_doubtful,
            })
            .collect();
        stops.sort_unstable();
        stops.dedup();
        stops.into()
    }
}
