//! One operation while it runs: what it asks of, what it was given, what it may use, and what is noted for its answer.

use std::sync::Arc;
use std::time::Instant;

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::task::block_in_place;

use super::budget::Budget;
use super::documents::{PlannedOperation, Spelling};
use super::incomplete::Incomplete;
use super::introspection::Introspected;
use super::meant_places::MeantPlaces;
use super::notice::Dangers;
use super::settings::GraphSettings;
use super::types::Standing;
use super::variables::CoercedVariables;
use crate::admission::Load;
use crate::federation::{Asking, Federation};

/// What is the same for all operations.
pub(super) struct Surroundings {
    pub(super) federation: Arc<Federation>,
    pub(super) settings: GraphSettings,
    pub(super) standing: Standing,
    pub(super) introspected: Introspected,
}

/// An operation under way.
pub(crate) struct Operation {
    surroundings: Arc<Surroundings>,
    variables: Arc<CoercedVariables>,
    spelling: Arc<Spelling>,
    deadline: Instant,
    asking: Asking,
    budget: Budget,
    incomplete: Incomplete,
    dangers: Dangers,
    places: MeantPlaces,
}

impl Operation {
    /// Begins now, with what it may hold in memory.
    pub(super) fn begin(surroundings: Arc<Surroundings>, planned: &PlannedOperation, load: Load) -> Self {
        Self {
            variables: Arc::clone(&planned.variables),
            spelling: Arc::clone(&planned.spelling),
            deadline: Instant::now() + surroundings.settings.request_timeout,
            asking: Asking::with(load),
            budget: Budget::new(&surroundings.settings),
            incomplete: Incomplete::default(),
            dangers: Dangers::default(),
            places: MeantPlaces::default(),
            surroundings,
        }
    }

    /// Does work that cannot be interrupted so that nobody else waits for this thread meanwhile.
    pub(super) fn apart<T>(&self, work: impl FnOnce() -> T) -> T {
        let may_move =
            || Handle::try_current().is_ok_and(|on| on.runtime_flavor() == RuntimeFlavor::MultiThread);
        if may_move() { block_in_place(work) } else { work() }
    }

    /// Returns whether its time is up at a moment.
    pub(super) fn is_late_at(&self, now: Instant) -> bool {
        now >= self.deadline
    }

    pub(super) fn federation(&self) -> &Federation {
        &self.surroundings.federation
    }

    pub(super) fn settings(&self) -> &GraphSettings {
        &self.surroundings.settings
    }

    pub(super) fn standing(&self) -> &Standing {
        &self.surroundings.standing
    }

    pub(super) fn introspected(&self) -> &Introspected {
        &self.surroundings.introspected
    }

    pub(super) fn variables(&self) -> &CoercedVariables {
        &self.variables
    }

    pub(super) fn spelling(&self) -> &Spelling {
        &self.spelling
    }

    pub(super) fn asking(&self) -> &Asking {
        &self.asking
    }

    pub(super) fn budget(&self) -> &Budget {
        &self.budget
    }

    /// Where lists that are not complete are noted.
    pub(super) fn incomplete(&self) -> &Incomplete {
        &self.incomplete
    }

    /// Where phrases that speak of danger are noted.
    pub(super) fn dangers(&self) -> &Dangers {
        &self.dangers
    }

    /// Where it is noted which places were meant.
    pub(super) fn places(&self) -> &MeantPlaces {
        &self.places
    }
}
