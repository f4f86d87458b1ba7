//! An in-process feed on loopback. It behaves as configured, records requests, and can be changed while it runs.

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

/// A running feed, stopped when dropped.
pub(crate) struct FakeFeed {
    pub(crate) key: String,
    /// Its address, without a trailing slash.
    pub(crate) url: String,
    state: Arc<State>,
    running: AbortHandle,
}

/// The configuration of a feed.
pub(crate) struct Plan {
    key: String,
    services: Vec<Value>,
    lists: Vec<(&'static str, Vec<Value>)>,
    habits: Vec<Habit>,
    manners: Vec<(Scope, Manner)>,
    script: Option<Script>,
}

impl FakeFeed {
    /// Configures a feed without services, with healthy responses and shallow lists. The gateway knows it by `key`.
    pub(crate) fn called(key: &str) -> Plan {
        let (services, lists, habits, manners) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Plan { key: key.to_owned(), services, lists, habits, manners, script: None }
    }

    /// Behaves like this from now on, towards all requests.
    pub(crate) fn behave(&self, manner: Manner) {
        self.state.behave(Scope::Everywhere, manner);
    }

    /// Behaves like this from now on, towards requests in this scope.
    pub(crate) fn behave_at(&self, scope: Scope, manner: Manner) {
        self.state.behave(scope, manner);
    }

    /// Replaces the services.
    pub(crate) fn now_has(&self, services: Vec<Value>) {
        self.state.replace_services(services);
    }

    /// Replaces the root document.
    pub(crate) fn now_declares(&self, root: Value) {
        self.state.replace_root(root);
    }

    /// Returns the number of requests for a path.
    pub(crate) fn hits(&self, path: &str) -> usize {
        self.asked().iter().filter(|asked| asked.path == path).count()
    }

    /// Returns the number of all requests.
    pub(crate) fn all_hits(&self) -> usize {
        self.asked().len()
    }

    /// Returns the ids of services whose detail page was requested, one for each request.
    pub(crate) fn details(&self) -> Vec<String> {
        let ids = self.asked().into_iter();
        ids.filter_map(|asked| asked.path.strip_prefix("/services/").map(str::to_owned)).collect()
    }

    /// Returns all requests.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.state.asked()
    }

    /// Waits until `path` has been asked for `times` times.
    pub(crate) async fn is_asked(&self, path: &str, times: usize) {
        self.state.until(|| self.hits(path) >= times).await;
    }

    /// Waits until there have been this many requests for anything.
    pub(crate) async fn is_asked_in_all(&self, times: usize) {
        self.state.until(|| self.all_hits() >= times).await;
    }

    /// Waits until this many requests are in progress at once.
    pub(crate) async fn has_under_way(&self, requests: usize) {
        self.state.until(|| self.state.under_way() >= requests).await;
    }

    /// Releases everything that [`Manner::Held`] holds.
    pub(crate) fn release(&self) {
        self.state.release();
    }
}

impl Plan {
    /// Adds this many invented services.
    pub(crate) fn with_services(mut self, count: usize) -> Self {
        self.services.extend((0..count).map(records::service));
        self
    }

    /// Adds an invented service with these members. Members that are `null` are removed.
    pub(crate) fn with_service(mut self, members: Value) -> Self {
        self.services.push(records::with(records::service(self.services.len()), members));
        self
    }

    /// Adds a list of other records, with their detail pages.
    pub(crate) fn with_list(mut self, name: &'static str, records: Vec<Value>) -> Self {
        self.lists.push((name, records));
        self
    }

    /// Adds a habit of listing.
    pub(crate) fn with(mut self, habit: Habit) -> Self {
        self.habits.push(habit);
        self
    }

    /// Limits pages to this many rows.
    pub(crate) fn page_size_cap(self, rows: usize) -> Self {
        self.with(Habit::PageSizeCap(rows))
    }

    /// Behaves like this towards all requests.
    pub(crate) fn behaving(self, manner: Manner) -> Self {
        self.behaving_at(Scope::Everywhere, manner)
    }

    /// Behaves like this towards requests in this scope.
    pub(crate) fn behaving_at(mut self, scope: Scope, manner: Manner) -> Self {
        self.manners.push((scope, manner));
        self
    }

    /// Answers requests for the list of services with a script.
    pub(crate) fn listing(
        mut self,
        script: impl Fn(&Asked, &[Value]) -> Said + Send + Sync + 'static,
    ) -> Self {
        self.script = Some(Box::new(script));
        self
    }

    /// Starts the feed on a free port.
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

/// Serves until the task is aborted. Connections are closed with it.
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
