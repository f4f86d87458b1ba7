//! Points that all gateways count together, in Valkey or Redis.

use std::convert::Infallible;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwapOption;
use metrics::gauge;
use redis::aio::MultiplexedConnection;
use redis::{Client, IntoConnectionInfo as _, RedisError, Script};
use sha2::{Digest as _, Sha256};
use tokio::sync::Notify;
use tokio::time::timeout;

use super::ClientAddress;
use crate::telemetry;

/// How long an operation waits for the count.
const COUNTED_WITHIN: Duration = Duration::from_millis(20);
/// How long the server may take to accept a connection.
const CONNECTED_WITHIN: Duration = Duration::from_secs(2);
/// How long after a failure the server is tried again.
const TRY_AGAIN_AFTER: Duration = Duration::from_secs(1);

/// The generic cell rate algorithm, by the server's clock. The key holds the time, in microseconds, at which all spent
/// points are back. Returns how many microseconds to wait, or 0 if it spent the points.
const SPEND: &str = r"
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local back = math.max(tonumber(redis.call('GET', KEYS[1]) or '0'), now) + ARGV[1] * 60000000 / ARGV[2]
local wait = back - now - 60000000
if wait > 0 then return math.ceil(wait) end
redis.call('SET', KEYS[1], string.format('%.0f', back), 'PX', math.ceil((back - now) / 1000))
return 0
";

/// Why the URL of a server cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{0}; write one such as \"redis://cache.example.org:6379/0\", or rediss:// for TLS")]
pub struct SharedBudgetUrlError(RedisError);

/// Counts points in a Valkey or Redis server. While the server cannot be reached, no operation waits for it.
pub struct SharedBudget {
    client: Client,
    /// The host and port, without secrets.
    place: String,
    spend: Script,
    connection: ArcSwapOption<MultiplexedConnection>,
    lost: Notify,
}

impl SharedBudget {
    /// Prepares to count in the server at this URL. Nothing is sent before `PointBudget::keep_up` runs.
    ///
    /// # Errors
    /// If the URL cannot be used.
    pub fn at(url: &str) -> Result<Self, SharedBudgetUrlError> {
        let info = url.into_connection_info().map_err(SharedBudgetUrlError)?;
        let place = info.addr().to_string();
        let client = Client::open(info).map_err(SharedBudgetUrlError)?;
        let (connection, lost) = (ArcSwapOption::empty(), Notify::new());
        Ok(Self { client, place, spend: Script::new(SPEND), connection, lost })
    }

    /// Spends a client's points. Returns `None` if the server does not answer in time. Otherwise returns whether the
    /// points are spent, or how long to wait for them.
    pub(super) async fn spend(
        &self,
        client: ClientAddress,
        points: NonZeroU32,
        per_minute: NonZeroU32,
    ) -> Option<Result<(), Duration>> {
        let mut connection = MultiplexedConnection::clone(&*self.connection.load_full()?);
        let mut asked = self.spend.key(key(client));
        asked.arg(points.get()).arg(per_minute.get());
        match timeout(COUNTED_WITHIN, asked.invoke_async::<u64>(&mut connection)).await {
            Ok(Ok(0)) => Some(Ok(())),
            Ok(Ok(wait)) => Some(Err(Duration::from_micros(wait))),
            Ok(Err(error)) => self.lose(&error.to_string()),
            Err(_) => self.lose(&format!("no answer within {COUNTED_WITHIN:?}")),
        }
    }

    /// Connects, and connects again whenever the connection is lost, while it is polled.
    pub(super) async fn keep_connected(&self) -> Infallible {
        let mut has_said = false;
        gauge!(telemetry::SHARED_BUDGETS).set(0.0);
        loop {
            match self.connect().await {
                Ok(connection) => {
                    tracing::info!(server = self.place, "points are counted by all gateways together");
                    self.hold(connection).await;
                    has_said = true;
                }
                Err(reason) if !has_said => {
                    tracing::warn!(
                        server = self.place,
                        reason,
                        "cannot reach `server.shared_budgets`; counting points here"
                    );
                    has_said = true;
                }
                Err(_) => {}
            }
            tokio::time::sleep(TRY_AGAIN_AFTER).await;
        }
    }

    async fn connect(&self) -> Result<MultiplexedConnection, String> {
        match timeout(CONNECTED_WITHIN, self.client.get_multiplexed_async_connection()).await {
            Ok(connected) => connected.map_err(|error| error.to_string()),
            Err(_) => Err(format!("no connection within {CONNECTED_WITHIN:?}")),
        }
    }

    /// Lets operations use the connection until it is lost.
    async fn hold(&self, connection: MultiplexedConnection) {
        self.connection.store(Some(Arc::new(connection)));
        gauge!(telemetry::SHARED_BUDGETS).set(1.0);
        self.lost.notified().await;
        gauge!(telemetry::SHARED_BUDGETS).set(0.0);
    }

    /// Gives up the connection, so that no other operation waits for it.
    fn lose<T>(&self, reason: &str) -> Option<T> {
        // Of many operations that give up at once, only one finds the connection here.
        if self.connection.swap(None).is_some() {
            tracing::warn!(server = self.place, reason, "lost `server.shared_budgets`; counting points here");
            self.lost.notify_one();
        }
        None
    }
}

/// Returns the key of a client's points. It is a hash, so that the server does not store addresses in clear text.
fn key(client: ClientAddress) -> String {
    let digest = Sha256::digest(client.octets());
    let name: String = digest.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
    format!("oruk:points:{name}")
}

impl std::fmt::Debug for SharedBudget {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SharedBudget").field("place", &self.place).finish_non_exhaustive()
    }
}
