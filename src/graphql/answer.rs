//! What executing one operation comes to, for the transport to write down.

use std::sync::Arc;
use std::time::Duration;

use async_graphql::{Request, Response, Value};

use super::faults;
use super::order::Order;
use crate::admission::LargeAnswer;
use crate::federation::{self, Asking};

/// Executes operations; what the HTTP room needs of this one.
pub trait Execute: Send + Sync + 'static {
    /// Parses and weighs an operation, and executes nothing.
    ///
    /// # Errors
    /// The answer, if the operation is refused.
    fn prepare(&self, request: Request) -> Result<Prepared, Box<Answer>>;

    /// Runs a prepared operation. Never fails: faults are in the answer.
    fn run(&self, prepared: Prepared) -> impl Future<Output = Answer> + Send;

    /// Prepares an operation and runs it.
    fn execute(&self, request: Request) -> impl Future<Output = Answer> + Send {
        async {
            match self.prepare(request) {
                Ok(prepared) => self.run(prepared).await,
                Err(refused) => *refused,
            }
        }
    }
}

/// An operation that is within its limits and can be run.
#[derive(Debug)]
pub struct Prepared {
    /// The request, parsed.
    pub request: Request,
    /// What it costs, in points.
    pub cost: usize,
    pub(super) order: Order,
}

impl Prepared {
    /// A request as it is, of this cost.
    pub fn new(request: Request, cost: usize) -> Self {
        Self { request, cost, order: Order::default() }
    }
}

/// The answer to one operation.
#[derive(Debug)]
pub struct Answer {
    /// Data and errors; every error has its `code`.
    pub response: Response,
    /// How far the operation came.
    pub outcome: Outcome,
    /// How long the answer may be kept.
    pub freshness: Freshness,
    /// The place of a large answer, to be held until it has been sent.
    pub large: Option<Arc<LargeAnswer>>,
}

impl Answer {
    /// Judges a response; none of its errors leaves without a code.
    pub(super) fn new(mut response: Response, asking: Option<&Asking>) -> Self {
        faults::classify(&mut response);
        let outcome = Outcome::of(&response);
        let freshness = asking.map_or(Freshness::NONE, |asking| asking.freshness().into());
        Self { response, outcome, freshness, large: None }
    }
}

/// How far an operation came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was executed: the answer has `data`, if only null.
    Executed,
    /// It was refused before execution (parse, validation, limits, variables): the answer has no `data`.
    Refused,
}

impl Outcome {
    // Only an error met in execution knows its path.
    fn of(response: &Response) -> Self {
        let refused = response.data == Value::Null
            && !response.errors.is_empty()
            && response.errors.iter().all(|error| error.path.is_empty());
        if refused { Self::Refused } else { Self::Executed }
    }
}

/// How long an answer may be kept, from the sources it was made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freshness {
    /// How long it may be handed out: as long as it stays within every source's freshness target, and a moment only where
    /// one is past it or fails.
    pub remaining: Duration,
    /// Age of the oldest data in it.
    pub age: Duration,
    /// Whether a source failed, or served kept data because it fails or is late.
    pub degraded: bool,
}

impl Freshness {
    /// Of an answer that took nothing from any source (introspection, errors).
    pub const NONE: Self = Self { remaining: Duration::ZERO, age: Duration::ZERO, degraded: false };
}

impl From<federation::Freshness> for Freshness {
    fn from(freshness: federation::Freshness) -> Self {
        let federation::Freshness { remaining, age, degraded, briefly } = freshness;
        let remaining = remaining.into_iter().chain(briefly).min().unwrap_or_default();
        Self { remaining, age, degraded }
    }
}
