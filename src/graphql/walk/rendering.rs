//! Renderings: written records that can be sent again as long as they depend on nothing but the record.

use std::mem;
use std::sync::atomic::{AtomicI32, Ordering};

use chrono::{Datelike as _, NaiveDate};

use super::{OutputWalk, WriteResult};
use crate::model::{Rendering, Shape};

/// What the output of a field depends on, beyond its record and the plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Nothing.
    Record,
    /// Today's date.
    Day(NaiveDate),
    /// Anything else, such as variables, the time, other records or the state of sources.
    Anything,
}

/// The most that the fields of a walk depend on. A day is stored as the number of days in the common era.
// Only the walk's thread writes it. It is atomic because contexts are sent to other threads by waiting fields.
#[derive(Debug)]
pub(crate) struct Reached(AtomicI32);

const RECORD: i32 = i32::MIN;
const ANYTHING: i32 = i32::MAX;

impl Default for Reached {
    fn default() -> Self {
        Self(AtomicI32::new(RECORD))
    }
}

impl Reached {
    /// Adds what a field depends on.
    pub(crate) fn note(&self, reach: Reach) {
        let reach = match reach {
            Reach::Record => return,
            Reach::Day(day) => day.num_days_from_ce(),
            Reach::Anything => ANYTHING,
        };
        let before = self.0.load(Ordering::Relaxed);
        // Two different days cannot both be today.
        let both = if before == RECORD || before == reach { reach } else { ANYTHING };
        self.0.store(both, Ordering::Relaxed);
    }

    pub(super) fn furthest(&self) -> Reach {
        match self.0.load(Ordering::Relaxed) {
            RECORD => Reach::Record,
            day => NaiveDate::from_num_days_from_ce_opt(day).map_or(Reach::Anything, Reach::Day),
        }
    }
}

impl OutputWalk<'_> {
    /// Writes a rendering.
    ///
    /// # Errors
    /// Returns [`super::WalkStop::Ended`] if it has more elements than the operation may have.
    pub(crate) fn write_again(&mut self, rendering: &Rendering) -> WriteResult {
        self.spend_nodes(rendering.nodes)?;
        self.out.extend_from_slice(&rendering.bytes);
        Ok(())
    }

    /// Writes a record. Passes the output to `hold` if it depends on nothing but the record and the day, and had no
    /// errors or gaps.
    ///
    /// # Errors
    /// The same as `write`.
    pub(crate) fn render(
        &mut self,
        shape: Shape,
        write: impl FnOnce(&mut Self) -> WriteResult,
        hold: impl FnOnce(Rendering),
    ) -> WriteResult {
        let before = mem::take(&mut self.reached);
        let (start, nodes) = (self.out.len(), self.nodes);
        let (errors, gaps) = (self.errors.len(), self.gaps.len());
        let written = write(self);
        let reach = self.reached.furthest();
        self.reached.note(before.furthest());
        let is_sound = written.is_ok() && errors == self.errors.len() && gaps == self.gaps.len();
        let day = match reach {
            Reach::Record => None,
            Reach::Day(day) => Some(day),
            Reach::Anything => return written,
        };
        if is_sound {
            let bytes = self.out.get(start..).unwrap_or_default().into();
            hold(Rendering { shape, day, nodes: self.nodes.saturating_sub(nodes), bytes });
        }
        written
    }
}
