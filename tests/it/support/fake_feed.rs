//! An in-process feed on loopback that behaves as told, counts who asks what, and can change its ways at run time.

mod listing;
mod manner;
pub(crate) mod records;
mod request;
mod state;

use std::sync::Arc;

use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::{AbortHandle, JoinSet};

pub(crate) use listing::Habit;
pub(crate) use manner::{Manner, Scope};
pub(crate) use request::Asked;
pub(crate) use state::{Said, Script};

use state::State;

/// A feed that runs until it is dropped.
pub(crate) struct FakeFeed {
    pub(crate) key: String,
    /// Where it is, without a last slash.
    pub(crate) url: String,
    state: Arc<State>,
    running: AbortHandle,
}

/// A feed as it shall be.
pub(crate) struct Plan {
    key: String,
    services: Vec<Value>,
    lists: Vec<(&'static str, Vec<Value>)>,
    habits: Vec<Habit>,
    manners: Vec<(Scope, Manner)>,
    script: Option<Script>,
}

impl FakeFeed {
    /// A feed with no services, good manners and shallow lists, which the gateway will know by `key`.
    pub(crate) fn called(key: &str) -> Plan {
        let (services, lists, habits, manners) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Plan { key: key.to_owned(), services, lists, habits, manners, script: None }
    }

    /// Behaves so from now on, everywhere.
    pub(crate) fn behave(&self, manner: Manner) {
        self.state.behave(Scope::Everywhere, manner);
    }

    /// Behaves so from now on, there.
    pub(crate) fn behave_at(&self, scope: Scope, manner: Manner) {
        self.state.behave(scope, manner);
    }

    /// Has these services from now on.
    pub(crate) fn now_has(&self, services: Vec<Value>) {
        self.state.replace_services(services);
    }

    /// Says so at its root from now on.
    pub(crate) fn now_declares(&self, root: Value) {
        self.state.replace_root(root);
    }

    /// How often a path was asked for.
    pub(crate) fn hits(&self, path: &str) -> usize {
        self.asked().iter().filter(|asked| asked.path == path).count()
    }

    /// How often anything was asked for.
    pub(crate) fn all_hits(&self) -> usize {
        self.asked().len()
    }

    /// The services whose own page was asked for, one entry for each request.
    pub(crate) fn details(&self) -> Vec<String> {
        let ids = self.asked().into_iter();
        ids.filter_map(|asked| asked.path.strip_prefix("/services/").map(str::to_owned)).collect()
    }

    /// Everything that was asked.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.state.asked()
    }

    /// Waits until `path` has been asked for `times` times.
    pub(crate) async fn is_asked(&self, path: &str, times: usize) {
        self.state.until(|| self.hits(path) >= times).await;
    }

    /// Waits until anything has been asked for so many times.
    pub(crate) async fn is_asked_in_all(&self, times: usize) {
        self.state.until(|| self.all_hits() >= times).await;
    }

    /// Waits until so many requests are under way at once.
    pub(crate) async fn has_under_way(&self, requests: usize) {
        self.state.until(|| self.state.under_way() >= requests).await;
    }

    /// Lets go all that [`Manner::Held`] holds.
    pub(crate) fn release(&self) {
        self.state.release();
    }
}

impl Plan {
    /// With so many invented services.
    pub(crate) fn with_services(mut self, count: usize) -> Self {
        self.services.extend((0..count).map(records::service));
        self
    }

    /// With one service more, invented but for these members; those that are null are left out.
    pub(crate) fn with_service(mut self, members: Value) -> Self {
        self.services.push(records::with(records::service(self.services.len()), members));
        self
    }

    /// With a list of other records, and their own pages.
    pub(crate) fn with_list(mut self, name: &'static str, records: Vec<Value>) -> Self {
        self.lists.push((name, records));
        self
    }

    /// With a way of listing.
    pub(crate) fn with(mut self, habit: Habit) -> Self {
        self.habits.push(habit);
        self
    }

    /// That gives at most so many on a page.
    pub(crate) fn page_size_cap(self, rows: usize) -> Self {
        self.with(Habit::PageSizeCap(rows))
    }

    /// Behaving so everywhere.
    pub(crate) fn behaving(self, manner: Manner) -> Self {
        self.behaving_at(Scope::Everywhere, manner)
    }

    /// Behaving so there.
    pub(crate) fn behaving_at(mut self, scope: Scope, manner: Manner) -> Self {
        self.manners.push((scope, manner));
        self
    }

    /// That answers questions for the list of services as a script has it.
    pub(crate) fn listing(
        mut self,
        script: impl Fn(&Asked, &[Value]) -> Said + Send + Sync + 'static,
    ) -> Self {
        self.script = Some(Box::new(script));
        self
    }

    /// On a port of its own.
    pub(crate) async fn spawn(self) -> FakeFeed {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let root = json!({ "version": "3.0", "profile": "https://feed.example/profile", "openapi_url": "" });
        let state =
            Arc::new(State::new(root, self.services, self.lists, self.habits, self.manners, self.script));
        let running = tokio::spawn(serve(listener, Arc::clone(&state))).abort_handle();
        FakeFeed { key: self.key, url, state, running }
    }
}

impl Drop for FakeFeed {
    fn drop(&mut self) {
        self.running.abort();
    }
}

/// Visitors are cut off when this is dropped.
async fn serve(listener: TcpListener, state: Arc<State>) {
    let mut visitors = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((stream, _)) = accepted else { return };
                visitors.spawn(manner::receive(stream, Arc::clone(&state)));
            }
            Some(_) = visitors.join_next() => {}
        }
    }
}
