//! What one operation may use while it runs, and how it ends once that is used up.
//!
//! Weighing beforehand goes by assumed sizes. The budget counts what is really there: the elements of lists before any
//! of them is resolved, the bytes of what was resolved, and the searches. Whoever asks for more than is left waits for
//! ever, and the operation is dropped with everything it has under way, since [`Budget::ended`] is waited for beside it.

use std::future::pending;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

use async_graphql::{ContextBase, PathSegment, ServerError, Value};
use tokio::sync::{Notify, OnceCell};
use tokio::task::coop::consume_budget;

use super::{ErrorCode, GraphSettings, size};
use crate::admission::{LargeAnswer, hold_large};

/// Errors that one answer may have.
const MOST_ERRORS: usize = 1000;
/// Bytes beyond which an answer is large.
const LARGE_BYTES: usize = 256 << 10;
/// List elements and records beyond which it is.
const LARGE_NODES: usize = 500;

/// What is left to one operation.
pub(super) struct Budget {
    nodes: Allowance,
    bytes: Allowance,
    searches: Allowance,
    large: OnceCell<Option<Arc<LargeAnswer>>>,
    ended: OnceLock<ServerError>,
    told: Notify,
}

/// How much of one thing may be used, and how much of it is left.
struct Allowance {
    left: AtomicUsize,
    most: usize,
    what: &'static str,
    key: &'static str,
}

impl Budget {
    /// A budget of which nothing has been used.
    pub(super) fn new(settings: &GraphSettings) -> Self {
        Self {
            nodes: Allowance::new(settings.max_nodes, "records and parts of records", "max_nodes"),
            bytes: Allowance::new(settings.max_answer, "bytes of answer", "max_answer"),
            searches: Allowance::new(settings.max_searches, "searches", "max_searches"),
            large: OnceCell::new(),
            ended: OnceLock::new(),
            told: Notify::new(),
        }
    }

    /// Takes the elements of a list, before they are resolved.
    pub(super) async fn take_nodes<T: Sync>(&self, count: usize, ctx: &ContextBase<'_, T>) {
        self.take(&self.nodes, count, ctx).await;
        self.hold_place_if_large().await;
    }

    /// Takes the bytes of something that was resolved or is about to be.
    pub(super) async fn take_bytes<T: Sync>(&self, count: usize, ctx: &ContextBase<'_, T>) {
        self.take(&self.bytes, count, ctx).await;
        self.hold_place_if_large().await;
    }

    /// Waits for the place of a large answer once this one has turned out to be one: before the rest of it is made, which
    /// takes many times the memory of what is sent.
    async fn hold_place_if_large(&self) {
        let is_large = self.nodes.used() > LARGE_NODES || self.bytes.used() > LARGE_BYTES;
        if is_large && !self.large.initialized() {
            self.large.get_or_init(|| async { hold_large().await.map(Arc::new) }).await;
        }
    }

    /// Ends the operation if it has met more errors than anybody reads. They count towards nothing else.
    pub(super) async fn check_errors<T: Sync>(&self, ctx: &ContextBase<'_, T>) {
        let met = ctx.query_env.errors.lock().map_or(0, |errors| errors.len());
        if met > MOST_ERRORS {
            self.end(|| ctx.set_error_path(too_many_errors())).await;
        }
    }

    /// Returns the place that the answer holds if it turned out large.
    pub(super) fn large(&self) -> Option<Arc<LargeAnswer>> {
        self.large.get().cloned().flatten()
    }

    /// Makes sure that so many bytes are left, before they are copied.
    pub(super) async fn allow_bytes<T: Sync>(&self, count: usize, ctx: &ContextBase<'_, T>) {
        if self.bytes.left.load(Ordering::Relaxed) < count {
            self.take(&self.bytes, usize::MAX, ctx).await;
        }
    }

    /// Takes a record that is read by its id. Gives way to other tasks now and then.
    pub(super) async fn take_reading<T: Sync>(&self, ctx: &ContextBase<'_, T>) {
        self.take(&self.nodes, 1, ctx).await;
        consume_budget().await;
    }

    /// Takes a search over the records of one or more sources. Gives way to other tasks now and then.
    pub(super) async fn take_search<T: Sync>(&self, ctx: &ContextBase<'_, T>) {
        self.take(&self.searches, 1, ctx).await;
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

    /// Takes what an answer holds outside its lists, which nobody has counted before.
    pub(super) fn take_rest(&self, data: &Value) -> Result<(), ServerError> {
        let Value::Object(members) = data else { return Ok(()) };
        for (name, value) in members {
            if !self.bytes.take(size::outside_lists(value)) {
                let path = vec![PathSegment::Field(name.to_string())];
                return Err(ServerError { path, ..self.bytes.refusal() });
            }
        }
        Ok(())
    }

    async fn take<T: Sync>(&self, allowance: &Allowance, amount: usize, ctx: &ContextBase<'_, T>) {
        if self.ended.get().is_none() && allowance.take(amount) {
            return;
        }
        self.end(|| ctx.set_error_path(allowance.refusal())).await;
    }

    async fn end(&self, refusal: impl FnOnce() -> ServerError) {
        self.ended.get_or_init(refusal);
        self.told.notify_one();
        pending().await
    }
}

/// Refuses an answer with more errors than anybody reads.
pub(super) fn check_errors(errors: &[ServerError]) -> Result<(), ServerError> {
    if errors.len() > MOST_ERRORS { Err(too_many_errors()) } else { Ok(()) }
}

fn too_many_errors() -> ServerError {
    let message = format!("the answer has more than {MOST_ERRORS} errors; mend what they have in common");
    ErrorCode::QueryTooComplex.error(message)
}

impl Allowance {
    fn new(most: usize, what: &'static str, key: &'static str) -> Self {
        Self { left: AtomicUsize::new(most), most, what, key }
    }

    fn take(&self, amount: usize) -> bool {
        let less = |left: usize| left.checked_sub(amount);
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok()
    }

    fn used(&self) -> usize {
        self.most.saturating_sub(self.left.load(Ordering::Relaxed))
    }

    fn refusal(&self) -> ServerError {
        let Self { most, what, key, .. } = self;
        let message = format!("the answer takes more than {most} {what}, the most allowed (`{key}`)");
        ErrorCode::QueryTooComplex.error(message)
    }
}
