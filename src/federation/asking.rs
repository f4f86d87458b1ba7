//! One client's question, across everything that is asked on its behalf.

use std::sync::Mutex;
use std::time::Duration;

use tokio::time::Instant;

/// A question under way: when it began, so that every source's deadline runs from one moment, and how fresh
/// the data was that went into its answer.
#[derive(Debug)]
pub struct Asking {
    began: Instant,
    freshness: Mutex<Freshness>,
}

/// How fresh an answer is: the worst over all it was made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Freshness {
    /// How long it stays within every source's freshness target; none where no source went into it.
    pub remaining: Option<Duration>,
    /// Age of the oldest data in it.
    pub age: Duration,
    /// Whether a source failed, or served kept data because it fails.
    pub degraded: bool,
}

impl Asking {
    /// A question that begins now.
    pub fn begin() -> Self {
        let fresh = Freshness { remaining: None, age: Duration::ZERO, degraded: false };
        Self { began: Instant::now(), freshness: Mutex::new(fresh) }
    }

    /// Until when to wait for a source that may take this long.
    pub(crate) fn until(&self, deadline: Duration) -> Instant {
        self.began + deadline
    }

    /// How fresh what went into the answer so far is.
    pub fn freshness(&self) -> Freshness {
        *self.lock()
    }

    /// Notes data that went into the answer.
    pub(crate) fn took(&self, remaining: Duration, age: Duration) {
        let mut noted = self.lock();
        noted.remaining = Some(noted.remaining.map_or(remaining, |least| least.min(remaining)));
        noted.age = noted.age.max(age);
    }

    /// Notes that a source failed, or served kept data because it fails.
    pub(crate) fn degraded(&self) {
        let mut noted = self.lock();
        noted.degraded = true;
        noted.remaining = Some(Duration::ZERO);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Freshness> {
        self.freshness.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}
