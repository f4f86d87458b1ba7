//! Measures how long a connection has been waiting for its client, and when that is too long.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, ready};
use std::time::Duration;

use poem::http::Version;
use tokio::time::{Instant, sleep};

/// The number of bytes a client has to read before a blocked response counts as moving again. With the default
/// `idle_timeout` of a minute that is 4 KiB a second, so that no client can hold a large response in memory by reading
/// slowly.
const PROGRESS: usize = 256 << 10;

/// Why a connection was closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OverdueClient {
    /// A request's headers did not arrive in time.
    Headers,
    /// No further request arrived.
    Idle,
    /// The client does not read its response.
    Unread,
}

impl OverdueClient {
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Headers => "headers",
            Self::Idle => "idle",
            Self::Unread => "unread",
        }
    }
}

/// Watches one connection. hyper's own timer is not used, because it has one limit for both headers and idle
/// connections, and none for writing.
pub(super) struct ConnectionPulse {
    header_timeout: Duration,
    idle_timeout: Duration,
    state: Mutex<PulseState>,
}

struct PulseState {
    phase: ConnectionPhase,
    /// When the phase began, or last made progress.
    since: Instant,
    /// The number of requests in progress, whose time the routes limit. More than one only with HTTP/2.
    working: usize,
    /// When writing was first blocked, if it still is.
    blocked_since: Option<Instant>,
    /// Bytes written since progress was last noted.
    written: usize,
    /// Whether requests share the connection, so that bytes alone do not show that one begins.
    is_multiplexed: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum ConnectionPhase {
    /// Opened; no complete request has arrived yet.
    Opened,
    /// Between requests.
    Idle,
    /// Some bytes of a further request have arrived.
    Headers,
}

impl ConnectionPulse {
    pub(super) fn new(header_timeout: Duration, idle_timeout: Duration) -> Self {
        let state = PulseState {
            phase: ConnectionPhase::Opened,
            since: Instant::now(),
            working: 0,
            blocked_since: None,
            written: 0,
            is_multiplexed: false,
        };
        Self { header_timeout, idle_timeout, state: Mutex::new(state) }
    }

    /// Notes bytes received.
    pub(super) fn read(&self) {
        let mut state = self.state();
        if state.working == 0 && state.phase == ConnectionPhase::Idle && !state.is_multiplexed {
            (state.phase, state.since) = (ConnectionPhase::Headers, Instant::now());
        }
    }

    /// Notes bytes sent.
    pub(super) fn wrote(&self, bytes: usize) {
        let mut state = self.state();
        state.written = state.written.saturating_add(bytes);
        if state.written >= PROGRESS {
            state.moved();
        }
    }

    /// Notes that writing is blocked because the client does not read.
    pub(super) fn blocked(&self) {
        let mut state = self.state();
        if state.blocked_since.is_none() {
            (state.blocked_since, state.written) = (Some(Instant::now()), 0);
        }
    }

    /// Notes that everything has been sent.
    pub(super) fn flushed(&self) {
        let mut state = self.state();
        if state.blocked_since.is_some() {
            state.moved();
        }
    }

    /// Notes that a request's headers are complete. The request is in progress until the guard is dropped.
    pub(super) fn begin(self: &Arc<Self>, version: Version) -> WorkingRequest {
        let mut state = self.state();
        state.working += 1;
        state.is_multiplexed |= version == Version::HTTP_2;
        WorkingRequest { pulse: Arc::clone(self) }
    }

    /// Waits until the connection has been slow for too long. Must be polled after each change, that is after hyper, in
    /// the same task.
    pub(super) async fn overdue(&self) -> OverdueClient {
        let mut alarm = pin!(sleep(self.header_timeout));
        poll_fn(|context| {
            loop {
                let now = Instant::now();
                let next = match self.due() {
                    Some((due, why)) if due <= now => return Poll::Ready(why),
                    Some((due, _)) => due,
                    None => now + self.idle_timeout,
                };
                // An early alarm is left alone: checking again is cheaper than setting it for each request.
                if next < alarm.deadline() || alarm.is_elapsed() {
                    alarm.as_mut().reset(next);
                }
                ready!(alarm.as_mut().poll(context));
            }
        })
        .await
    }

    /// Returns when the connection must be closed if nothing happens, and why.
    fn due(&self) -> Option<(Instant, OverdueClient)> {
        let state = self.state();
        let waiting = (state.working == 0).then(|| match state.phase {
            ConnectionPhase::Opened | ConnectionPhase::Headers => {
                (state.since + self.header_timeout, OverdueClient::Headers)
            }
            ConnectionPhase::Idle => (state.since + self.idle_timeout, OverdueClient::Idle),
        });
        let blocked = state.blocked_since.map(|since| (since + self.idle_timeout, OverdueClient::Unread));
        blocked.into_iter().chain(waiting).min_by_key(|(due, _)| *due)
    }

    fn state(&self) -> MutexGuard<'_, PulseState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl PulseState {
    fn moved(&mut self) {
        (self.blocked_since, self.written) = (None, 0);
        if self.phase == ConnectionPhase::Idle {
            self.since = Instant::now();
        }
    }
}

/// A request in progress: its client waits for the gateway. A body that is made while it is sent holds this, so that
/// the connection does not count as idle in the meantime.
pub(in crate::http) struct WorkingRequest {
    pulse: Arc<ConnectionPulse>,
}

impl std::fmt::Debug for WorkingRequest {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("WorkingRequest")
    }
}

impl Drop for WorkingRequest {
    fn drop(&mut self) {
        let mut state = self.pulse.state();
        state.working = state.working.saturating_sub(1);
        (state.phase, state.since) = (ConnectionPhase::Idle, Instant::now());
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::{advance, timeout};

    use super::*;

    const HEADERS: Duration = Duration::from_secs(10);
    const IDLE: Duration = Duration::from_secs(60);

    fn pulse() -> Arc<ConnectionPulse> {
        Arc::new(ConnectionPulse::new(HEADERS, IDLE))
    }

    fn ask(pulse: &Arc<ConnectionPulse>, version: Version) {
        pulse.read();
        drop(pulse.begin(version));
    }

    /// Returns after how many seconds the connection is overdue, and why.
    async fn overdue(pulse: &ConnectionPulse) -> (u64, OverdueClient) {
        let began = Instant::now();
        let why = timeout(Duration::from_secs(3600), pulse.overdue()).await.expect("never overdue");
        (began.elapsed().as_secs(), why)
    }

    #[tokio::test(start_paused = true)]
    async fn the_first_request_is_waited_for_from_the_opening_whatever_dribbles_in() {
        assert_eq!(overdue(&pulse()).await, (10, OverdueClient::Headers));
        let pulse = pulse();
        for _ in 0..3 {
            advance(Duration::from_secs(3)).await;
            pulse.read();
        }
        assert_eq!(overdue(&pulse).await, (1, OverdueClient::Headers));
    }

    #[tokio::test(start_paused = true)]
    async fn an_answered_connection_is_idle_until_the_next_request_begins() {
        let pulse = pulse();
        advance(Duration::from_secs(9)).await;
        ask(&pulse, Version::HTTP_11);
        assert_eq!(overdue(&pulse).await, (60, OverdueClient::Idle));
        ask(&pulse, Version::HTTP_11);
        advance(Duration::from_secs(55)).await;
        pulse.read();
        advance(Duration::from_secs(8)).await;
        pulse.read();
        assert_eq!(overdue(&pulse).await, (2, OverdueClient::Headers));
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_that_is_worked_on_is_left_alone_until_its_guard_goes() {
        let pulse = pulse();
        let working = pulse.begin(Version::HTTP_11);
        assert!(timeout(Duration::from_secs(3600), pulse.overdue()).await.is_err());
        drop(working);
        assert_eq!(overdue(&pulse).await, (60, OverdueClient::Idle));
    }

    #[tokio::test(start_paused = true)]
    async fn an_answer_has_to_move_by_more_than_a_sip() {
        let pulse = pulse();
        ask(&pulse, Version::HTTP_11);
        pulse.blocked();
        advance(Duration::from_secs(40)).await;
        pulse.wrote(PROGRESS - 1);
        pulse.blocked();
        assert_eq!(overdue(&pulse).await, (20, OverdueClient::Unread));
        pulse.wrote(1);
        pulse.blocked();
        assert_eq!(overdue(&pulse).await, (60, OverdueClient::Unread));
        pulse.flushed();
        assert_eq!(overdue(&pulse).await, (60, OverdueClient::Idle));
    }

    #[tokio::test(start_paused = true)]
    async fn a_blocked_answer_is_overdue_though_the_client_asks_on() {
        let pulse = pulse();
        ask(&pulse, Version::HTTP_11);
        pulse.blocked();
        advance(Duration::from_secs(50)).await;
        let _working = pulse.begin(Version::HTTP_11);
        assert_eq!(overdue(&pulse).await, (10, OverdueClient::Unread));
    }

    #[tokio::test(start_paused = true)]
    async fn frames_alone_keep_no_http2_connection_open() {
        let pulse = pulse();
        ask(&pulse, Version::HTTP_2);
        advance(Duration::from_secs(59)).await;
        pulse.read();
        pulse.wrote(17);
        assert_eq!(overdue(&pulse).await, (1, OverdueClient::Idle));
    }
}
