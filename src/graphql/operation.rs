//! A running operation: what it reads, its variables and budget, and what is noted for its response.

use std::sync::Arc;
use std::time::Instant;

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::task::block_in_place;

use super::budget::OperationBudget;
use super::documents::{DocumentSpelling, PlannedOperation};
use super::incomplete::IncompleteLists;
use super::introspection::IntrospectionAnswer;
use super::meant_places::MeantPlaces;
use super::notice::AskedDangers;
use super::settings::GraphSettings;
use super::types::GatewayStanding;
use super::variables::CoercedVariables;
use crate::admission::OperationLoad;
use crate::federation::{Federation, QueryContext};

/// What all operations share.
pub(super) struct GraphSurroundings {
    pub(super) federation: Arc<Federation>,
    pub(super) settings: GraphSettings,
    pub(super) standing: GatewayStanding,
    pub(super) introspected: IntrospectionAnswer,
}

/// An operation in progress.
pub(crate) struct RunningOperation {
    surroundings: Arc<GraphSurroundings>,
    variables: Arc<CoercedVariables>,
    spelling: Arc<DocumentSpelling>,
    deadline: Instant,
    asking: QueryContext,
    budget: OperationBudget,
    incomplete: IncompleteLists,
    dangers: AskedDangers,
    places: MeantPlaces,
}

impl RunningOperation {
    /// Begins the operation now. `load` accounts for the memory that it may hold.
    pub(super) fn begin(
        surroundings: Arc<GraphSurroundings>,
        planned: &PlannedOperation,
        load: OperationLoad,
    ) -> Self {
        Self {
            variables: Arc::clone(&planned.variables),
            spelling: Arc::clone(&planned.spelling),
            deadline: Instant::now() + surroundings.settings.request_timeout,
            asking: QueryContext::with(load),
            budget: OperationBudget::new(&surroundings.settings),
            incomplete: IncompleteLists::default(),
            dangers: AskedDangers::default(),
            places: MeantPlaces::default(),
            surroundings,
        }
    }

    /// Does work that cannot be interrupted in a way that no other tasks wait for this thread.
    pub(super) fn apart<T>(&self, work: impl FnOnce() -> T) -> T {
        let may_move =
            || Handle::try_current().is_ok_and(|on| on.runtime_flavor() == RuntimeFlavor::MultiThread);
        if may_move() { block_in_place(work) } else { work() }
    }

    /// Returns whether the operation's deadline has passed at `now`.
    pub(super) fn is_late_at(&self, now: Instant) -> bool {
        now >= self.deadline
    }

    pub(super) fn federation(&self) -> &Federation {
        &self.surroundings.federation
    }

    pub(super) fn settings(&self) -> &GraphSettings {
        &self.surroundings.settings
    }

    pub(super) fn standing(&self) -> &GatewayStanding {
        &self.surroundings.standing
    }

    pub(super) fn introspected(&self) -> &IntrospectionAnswer {
        &self.surroundings.introspected
    }

    pub(super) fn variables(&self) -> &CoercedVariables {
        &self.variables
    }

    pub(super) fn spelling(&self) -> &DocumentSpelling {
        &self.spelling
    }

    pub(super) fn asking(&self) -> &QueryContext {
        &self.asking
    }

    pub(super) fn budget(&self) -> &OperationBudget {
        &self.budget
    }

    /// Returns where incomplete lists are noted.
    pub(super) fn incomplete(&self) -> &IncompleteLists {
        &self.incomplete
    }

    /// Returns where dangers that phrases mention are noted.
    pub(super) fn dangers(&self) -> &AskedDangers {
        &self.dangers
    }

    /// Returns where the places that were used are noted.
    pub(super) fn places(&self) -> &MeantPlaces {
        &self.places
    }
}
