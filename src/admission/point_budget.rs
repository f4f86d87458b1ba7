//! Limits the points that a client may spend in a minute, counted in this gateway or by all gateways together.

use std::num::NonZeroU32;
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::ClientAddress;
use super::shared_budget::SharedBudget;
use crate::model::LiveMembers;

/// The interval at which clients are forgotten that have not spent anything for a minute.
const FORGET_EVERY: Duration = Duration::from_secs(60);

/// The points that each client may spend in a minute. A client that has not spent anything for a minute may spend them
/// all at once; what it spends comes back evenly over the minute.
pub struct PointBudget {
    per_minute: NonZeroU32,
    own: DefaultKeyedRateLimiter<ClientAddress>,
    /// The number of gateways that clients are spread over.
    members: LiveMembers,
    shared: Option<SharedBudget>,
}

impl PointBudget {
    /// Grants every client this many points a minute, divided by the number of gateways. With `shared`, all gateways
    /// count together, and points are divided only while that cannot be reached.
    pub fn new(per_minute: NonZeroU32, members: LiveMembers, shared: Option<SharedBudget>) -> Self {
        Self { per_minute, own: RateLimiter::keyed(Quota::per_minute(per_minute)), members, shared }
    }

    /// Spends a client's points. An operation that costs more than a minute's points counts as all of them.
    ///
    /// # Errors
    /// If the client has too few points. Contains how long to wait.
    pub(super) async fn spend(&self, client: ClientAddress, points: u64) -> Result<(), Duration> {
        let points = self.within_a_minute(points);
        let shared = match &self.shared {
            Some(shared) => shared.spend(client, points, self.per_minute).await,
            None => None,
        };
        shared.unwrap_or_else(|| self.spend_here(client, points))
    }

    /// Does background work while it is polled: keeps the connection, and forgets clients.
    pub async fn keep_up(&self) {
        let forgetting = async {
            loop {
                tokio::time::sleep(FORGET_EVERY).await;
                self.own.retain_recent();
                self.own.shrink_to_fit();
            }
        };
        match &self.shared {
            Some(shared) => drop(tokio::join!(forgetting, shared.keep_connected())),
            None => forgetting.await,
        }
    }

    /// Spends from this gateway's part. Each point costs as many points as there are gateways.
    fn spend_here(&self, client: ClientAddress, points: NonZeroU32) -> Result<(), Duration> {
        let points = self.within_a_minute(u64::from(points.saturating_mul(self.members.count()).get()));
        match self.own.check_key_n(&client, points) {
            Ok(Err(not_until)) => Err(not_until.wait_time_from(DefaultClock::default().now())),
            // Fails only for more than a minute's points, which `within_a_minute` rules out.
            Ok(Ok(())) | Err(_) => Ok(()),
        }
    }

    fn within_a_minute(&self, points: u64) -> NonZeroU32 {
        let points = u32::try_from(points).ok().and_then(NonZeroU32::new).unwrap_or(match points {
            0 => NonZeroU32::MIN,
            _ => NonZeroU32::MAX,
        });
        points.min(self.per_minute)
    }
}

impl std::fmt::Debug for PointBudget {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PointBudget").field("per_minute", &self.per_minute).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(last: u8) -> ClientAddress {
        ClientAddress::at([192, 0, 2, last].into())
    }

    fn budget(members: usize) -> PointBudget {
        let live = LiveMembers::default();
        live.set(members);
        PointBudget::new(NonZeroU32::new(600).unwrap(), live, None)
    }

    #[tokio::test]
    async fn each_client_has_its_own_points_and_is_told_when_they_are_back() {
        let budget = budget(1);
        assert_eq!(budget.spend(client(1), 600).await, Ok(()));
        let wait = budget.spend(client(1), 100).await.unwrap_err();
        assert!(wait > Duration::from_secs(9) && wait <= Duration::from_secs(10), "{wait:?}");
        assert_eq!(budget.spend(client(2), 500).await, Ok(()));
    }

    #[tokio::test]
    async fn points_are_divided_by_the_gateways_there_are_now() {
        let budget = budget(3);
        assert_eq!(budget.spend(client(1), 190).await, Ok(()));
        assert!(budget.spend(client(1), 20).await.is_err(), "a third of 600 is spent");
        budget.members.set(1);
        assert!(budget.spend(client(1), 20).await.is_ok(), "the others' thirds are free now");
    }

    #[tokio::test]
    async fn an_operation_beyond_a_minute_takes_all_of_it_and_one_without_cost_takes_one() {
        let budget = budget(1);
        assert_eq!(budget.spend(client(1), u64::MAX).await, Ok(()));
        assert!(budget.spend(client(1), 0).await.is_err());
    }
}
