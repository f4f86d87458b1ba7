//! The budget of an operation while it runs, and how the operation ends when the budget is used up.
//!
//! Weighing beforehand uses assumed sizes. The budget counts actual ones: the elements of lists before they are
//! resolved, the bytes of the response, and the searches. A task that asks for more than is left waits forever. The
//! operation is then dropped with all of its tasks, because [`OperationBudget::ended`] is awaited beside it.

use std::future::pending;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_graphql::ServerError;
use tokio::sync::Notify;
use tokio::task::coop::consume_budget;

use super::walk::{PathStep, WalkStop, WriteResult};
use super::{ErrorCode, GraphSettings};

/// The most errors that one response may have.
const MOST_ERRORS: usize = 1000;
/// What is left of an operation's budget.
pub(super) struct OperationBudget {
    nodes: OperationAllowance,
    bytes: OperationAllowance,
    searches: OperationAllowance,
    errors: OperationAllowance,
    ended: OnceLock<ServerError>,
    told: Notify,
}

/// The limit of one resource, and how much of it is left.
struct OperationAllowance {
    left: AtomicUsize,
    most: usize,
    what: &'static str,
    key: &'static str,
}

impl OperationBudget {
    /// Creates an unused budget.
    pub(super) fn new(settings: &GraphSettings) -> Self {
        Self {
            nodes: OperationAllowance::new(settings.max_nodes, "records and nested objects", "max_nodes"),
            bytes: OperationAllowance::new(settings.max_answer, "bytes of response", "max_answer"),
            searches: OperationAllowance::new(settings.max_searches, "searches", "max_searches"),
            errors: OperationAllowance::new(MOST_ERRORS, "errors; fix their common cause", ""),
            ended: OnceLock::new(),
            told: Notify::new(),
        }
    }

    /// Takes the elements of a list, or parts of records, before they are written.
    ///
    /// # Errors
    /// Returns [`WalkStop::Ended`] if fewer are left.
    pub(super) fn spend_nodes(&self, count: usize, path: &[PathStep<'_>]) -> WriteResult {
        self.spend(&self.nodes, count, path)
    }

    /// Takes bytes that were written, or are about to be.
    ///
    /// # Errors
    /// Returns [`WalkStop::Ended`] if fewer are left.
    pub(super) fn spend_bytes(&self, count: usize, path: &[PathStep<'_>]) -> WriteResult {
        self.spend(&self.bytes, count, path)
    }

    /// Takes an error.
    ///
    /// # Errors
    /// Returns [`WalkStop::Ended`] if there are too many.
    pub(super) fn spend_error(&self, path: &[PathStep<'_>]) -> WriteResult {
        self.spend(&self.errors, 1, path)
    }

    /// Takes a record that is read by id. Waits forever if none is left. Yields to other tasks now and then.
    pub(super) async fn take_reading(&self, path: &[PathStep<'_>]) {
        self.take(&self.nodes, path).await;
        consume_budget().await;
    }

    /// Takes a search over the records of one or more sources. Waits forever if none is left. Yields to other tasks now
    /// and then.
    pub(super) async fn take_search(&self, path: &[PathStep<'_>]) {
        self.take(&self.searches, path).await;
        consume_budget().await;
    }

    /// Waits until the budget is exceeded, and returns the error with which the operation ends.
    pub(super) async fn ended(&self) -> ServerError {
        loop {
            if let Some(error) = self.ended.get() {
                return error.clone();
            }
            self.told.notified().await;
        }
    }

    async fn take(&self, allowance: &OperationAllowance, path: &[PathStep<'_>]) {
        if self.spend(allowance, 1, path).is_err() {
            pending().await
        }
    }

    fn spend(&self, allowance: &OperationAllowance, amount: usize, path: &[PathStep<'_>]) -> WriteResult {
        if self.ended.get().is_none() && allowance.take(amount) {
            return Ok(());
        }
        let path = || path.iter().map(PathStep::segment).collect();
        self.ended.get_or_init(|| ServerError { path: path(), ..allowance.refusal() });
        self.told.notify_one();
        Err(WalkStop::Ended)
    }
}

impl OperationAllowance {
    fn new(most: usize, what: &'static str, key: &'static str) -> Self {
        Self { left: AtomicUsize::new(most), most, what, key }
    }

    fn take(&self, amount: usize) -> bool {
        let less = |left: usize| left.checked_sub(amount);
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok()
    }

    fn refusal(&self) -> ServerError {
        let Self { most, what, key, .. } = self;
        let message = match *key {
            "" => format!("the response has more than {most} {what}"),
            key => format!("the operation exceeds the limit of {most} {what} (`{key}`)"),
        };
        ErrorCode::QueryTooComplex.error(message)
    }
}
