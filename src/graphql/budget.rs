//! What one operation may use while it runs, and how it ends once that is used up.
//!
//! Weighing beforehand goes by assumed sizes. The budget counts what is really there: the elements of lists before any
//! of them is resolved, the bytes of what was resolved, and the searches. Whoever asks for more than is left waits for
//! ever, and the operation is dropped with everything it has under way, since [`Budget::ended`] is waited for beside it.

use std::future::pending;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_graphql::{ContextBase, PathSegment, ServerError, Value};
use tokio::sync::Notify;
use tokio::task::coop::consume_budget;

use super::{ErrorCode, GraphSettings, size};

/// What is left to one operation.
pub(super) struct Budget {
    nodes: Allowance,
    bytes: Allowance,
    searches: Allowance,
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
            ended: OnceLock::new(),
            told: Notify::new(),
        }
    }

    /// Takes the elements of a list, before they are resolved.
    pub(super) async fn take_nodes<T: Sync>(&self, count: usize, ctx: &ContextBase<'_, T>) {
        self.take(&self.nodes, count, ctx).await;
    }

    /// Takes the bytes of something that was resolved or is about to be.
    pub(super) async fn take_bytes<T: Sync>(&self, count: usize, ctx: &ContextBase<'_, T>) {
        self.take(&self.bytes, count, ctx).await;
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
        self.ended.get_or_init(|| ctx.set_error_path(allowance.refusal()));
        self.told.notify_one();
        pending().await
    }
}

impl Allowance {
    fn new(most: usize, what: &'static str, key: &'static str) -> Self {
        Self { left: AtomicUsize::new(most), most, what, key }
    }

    fn take(&self, amount: usize) -> bool {
        let less = |left: usize| left.checked_sub(amount);
        self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, less).is_ok()
    }

    fn refusal(&self) -> ServerError {
        let Self { most, what, key, .. } = self;
        let message = format!("the answer takes more than {most} {what}, the most allowed (`{key}`)");
        ErrorCode::QueryTooComplex.error(message)
    }
}
