//! One operation while it runs: what it asks of, what it was given, what it may use, and what is noted for its answer.

use std::sync::Arc;
use std::time::Instant;

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::task::block_in_place;

use super::budget::Budget;
use super::incomplete::Incomplete;
use super::introspection::Introspected;
use super::meant_places::MeantPlaces;
use super::notice::Dangers;
use super::settings::GraphSettings;
use super::types::Standing;
use super::variables::CoercedVariables;
use crate::admission::Load;
use crate::federation::{Asking, Federation};

/// The cost, in points, from which an operation may take milliseconds to be written.
const DEAR: usize = 2_000;

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
    cost: usize,
    deadline: Instant,
    asking: Asking,
    budget: Budget,
    incomplete: Incomplete,
    dangers: Dangers,
    places: MeantPlaces,
}

impl Operation {
    /// Begins now, with what it may hold in memory.
    pub(super) fn begin(
        surroundings: Arc<Surroundings>,
        variables: Arc<CoercedVariables>,
        cost: usize,
        load: Load,
    ) -> Self {
        Self {
            cost,
            deadline: Instant::now() + surroundings.settings.request_timeout,
            asking: Asking::with(load),
            budget: Budget::new(&surroundings.settings),
            incomplete: Incomplete::default(),
            dangers: Dangers::default(),
            places: MeantPlaces::default(),
            surroundings,
            variables,
        }
    }

    /// Does work of this operation that cannot be interrupted: where the operation is a dear one, so that nobody else on
    /// this thread has to wait for it.
    pub(super) fn apart<T>(&self, work: impl FnOnce() -> T) -> T {
        let may_move =
            || Handle::try_current().is_ok_and(|on| on.runtime_flavor() == RuntimeFlavor::MultiThread);
        if self.cost >= DEAR && may_move() { block_in_place(work) } else { work() }
    }

    /// Whether its time is up.
    pub(super) fn is_late(&self) -> bool {
        Instant::now() >= self.deadline
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
