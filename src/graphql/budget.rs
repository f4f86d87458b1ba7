//! What one operation may use while it runs, and how it ends once that is used up.
//!
//! Weighing beforehand goes by assumed sizes. The budget counts what is really there: the elements of lists before any
//! of them is resolved, the bytes of what was resolved, and the searches. Whoever asks for more than is left waits for
//! ever, and the operation is dropped with everything it has under way, since [`OperationBudget::ended`] is waited for beside it.

use std::future::pending;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_graphql::ServerError;
use tokio::sync::Notify;
use tokio::task::coop::consume_budget;

use super::walk::{PathStep, WalkStop, WriteResult};
use super::{ErrorCode, GraphSettings};

/// Errors that one answer may have.
const MOST_ERRORS: usize = 1000;
/// What is left to one operation.
pub(super) struct OperationBudget {
    nodes: OperationAllowance,
    bytes: OperationAllowance,
    searches: OperationAllowance,
    errors: OperationAllowance,
    ended: OnceLock<ServerError>,
    told: Notify,
}

/// How much of one thing may be used, and how much of it is left.
struct OperationAllowance {
    left: AtomicUsize,
    most: usize,
    what: &'static str,
    key: &'static str,
}

impl OperationBudget {
    /// A budget of which nothing has been used.
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
    /// If fewer are left: the operation ends.
    pub(super) fn spend_nodes(&self, count: usize, path: &[PathStep<'_>]) -> WriteResult {
        self.spend(&self.nodes, count, path)
    }

    /// Takes bytes that were written, or are about to be.
    ///
    /// # Errors
    /// If fewer are left: the operation ends.
    pub(super) fn spend_bytes(&self, count: usize, path: &[PathStep<'_>]) -> WriteResult {
        self.spend(&self.bytes, count, path)
    }

    /// Takes an error that was met.
    ///
    /// # Errors
    /// If there are more than anybody reads: the operation ends.
    pub(super) fn spend_error(&self, path: &[PathStep<'_>]) -> WriteResult {
        self.spend(&self.errors, 1, path)
    }

    /// Takes a record that is read by its id. Gives way to other tasks now and then.
    pub(super) async fn take_reading(&self, path: &[PathStep<'_>]) {
        self.take(&self.nodes, path).await;
        consume_budget().await;
    }

    /// Takes a search over the records of one or more sources. Gives way to other tasks now and then.
    pub(super) async fn take_search(&self, path: &[PathStep<'_>]) {
        self.take(&self.searches, path).await;
        consume_budget().await;
    }

    /// Waits until more is asked for than is left, and returns the error that the operation ends with.
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
