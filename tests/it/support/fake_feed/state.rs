//! The state of a running feed, and the requests that it has seen.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use serde_json::Value;
use tokio::sync::watch;

use super::listing::{self, Habit, Page};
use super::manner::{Manner, Scope};
use super::records;
use super::request::Asked;

/// A response, word for word.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub(crate) status: u16,
    /// The header lines, each with its line end.
    pub(crate) headers: String,
    pub(crate) body: String,
}

impl Said {
    /// A JSON response with status 200.
    pub(crate) fn json(body: &Value) -> Self {
        Self { status: 200, headers: String::new(), body: body.to_string() }
    }

    /// A response with this status and body.
    pub(crate) fn status(status: u16, body: &str) -> Self {
        Self { status, headers: String::new(), body: body.to_owned() }
    }
}

/// Answers a request for the list of services, given the services that the feed has.
pub(crate) type Script = Box<dyn Fn(&Asked, &[Value]) -> Said + Send + Sync>;

pub(super) struct State {
    script: Option<Script>,
    root: Mutex<Value>,
    services: Mutex<Vec<Value>>,
    lists: Vec<(&'static str, Vec<Value>)>,
    pub(super) habits: Vec<Habit>,
    manners: Mutex<Vec<(Scope, Manner)>>,
    asked: Mutex<Vec<Asked>>,
    under_way: AtomicUsize,
    /// Counts events, so that tests can wait for one rather than poll.
    happened: watch::Sender<usize>,
    released: watch::Sender<bool>,
}

/// Longer than anything that a test waits for should take.
const PATIENCE: Duration = Duration::from_secs(20);

impl State {
    pub(super) fn new(
        root: Value,
        services: Vec<Value>,
        lists: Vec<(&'static str, Vec<Value>)>,
        habits: Vec<Habit>,
        manners: Vec<(Scope, Manner)>,
        script: Option<Script>,
    ) -> Self {
        Self {
            script,
            root: Mutex::new(root),
            services: Mutex::new(services),
            lists,
            habits,
            manners: Mutex::new(manners),
            asked: Mutex::default(),
            under_way: AtomicUsize::new(0),
            happened: watch::Sender::new(0),
            released: watch::Sender::new(false),
        }
    }

    pub(super) fn behave(&self, scope: Scope, manner: Manner) {
        let mut manners = lock(&self.manners);
        if scope == Scope::Everywhere {
            manners.clear();
        }
        manners.push((scope, manner));
    }

    pub(super) fn replace_root(&self, root: Value) {
        *lock(&self.root) = root;
    }

    pub(super) fn replace_services(&self, services: Vec<Value>) {
        *lock(&self.services) = services;
    }

    /// Records a request. It is in progress until the returned guard is dropped.
    pub(super) fn begin(&self, asked: &Asked) -> UnderWay<'_> {
        lock(&self.asked).push(asked.clone());
        self.under_way.fetch_add(1, Ordering::SeqCst);
        self.happened.send_modify(|count| *count += 1);
        UnderWay(self)
    }

    pub(super) fn asked(&self) -> Vec<Asked> {
        lock(&self.asked).clone()
    }

    pub(super) fn under_way(&self) -> usize {
        self.under_way.load(Ordering::SeqCst)
    }

    /// Waits until something holds that requests bring about.
    pub(super) async fn until(&self, holds: impl Fn() -> bool) {
        let mut happened = self.happened.subscribe();
        let waited = tokio::time::timeout(PATIENCE, happened.wait_for(|_| holds())).await;
        assert!(waited.is_ok(), "what was waited for did not happen; asked so far: {:?}", self.asked());
    }

    pub(super) fn release(&self) {
        self.released.send_replace(true);
    }

    pub(super) async fn until_released(&self) {
        let _ = self.released.subscribe().wait_for(|released| *released).await;
    }

    /// Returns the manner for a request: the one that was set last of those whose scope covers it.
    pub(super) fn manner(&self, asked: &Asked) -> Manner {
        let manners = lock(&self.manners);
        let last = manners.iter().rev().find(|(scope, _)| scope.covers(asked));
        last.map_or(Manner::Healthy, |(_, manner)| manner.clone())
    }

    /// Returns the script's response. `None` if there is no script, or the request is not for the list of services.
    pub(super) fn scripted(&self, asked: &Asked) -> Option<Said> {
        let script = self.script.as_ref().filter(|_| asked.path == "/services")?;
        Some(script(asked, &lock(&self.services)))
    }

    /// Returns the healthy response. `None` if the path does not exist.
    pub(super) fn answer(&self, asked: &Asked) -> Option<Value> {
        let path = asked.path.trim_matches('/');
        if path.is_empty() {
            return Some(lock(&self.root).clone());
        }
        let (name, id) = path.split_once('/').map_or((path, None), |(name, id)| (name, Some(id)));
        let services = lock(&self.services);
        let is_services = name == "services";
        let records =
            if is_services { &*services } else { &self.lists.iter().find(|list| list.0 == name)?.1 };
        match id {
            Some(id) => {
                let record = records.iter().find(|record| record["id"] == id)?;
                let is_deeper = is_services && !self.habits.contains(&Habit::Verbatim);
                Some(if is_deeper { records::in_detail(record) } else { records::on_own_page(record) })
            }
            None => self.page(asked, &records.iter().map(records::on_list).collect::<Vec<_>>(), is_services),
        }
    }

    fn page(&self, asked: &Asked, records: &[Value], is_services: bool) -> Option<Value> {
        let times = lock(&self.asked).iter().filter(|before| before.path == asked.path).count();
        let habits = if is_services { &self.habits[..] } else { &[] };
        let page = Page { asked, times_asked: times, habits };
        listing::answer(&page, records)
    }
}

/// A request in progress.
pub(super) struct UnderWay<'a>(&'a State);

impl Drop for UnderWay<'_> {
    fn drop(&mut self) {
        self.0.under_way.fetch_sub(1, Ordering::SeqCst);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap()
}
