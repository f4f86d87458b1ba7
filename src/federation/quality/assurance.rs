//! When publishers last checked their data, as far as is known without asking feeds.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::QualityJudge;
use crate::federation::holding::Holding;
use crate::model::{Service, SourceKey};
use crate::source::FeedSource;

/// The last time a publisher checked a service of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewestAssurance {
    /// The date that the publisher states, today at the latest.
    pub date: NaiveDate,
    /// The number of days from that date until today.
    pub days_ago: u64,
}

impl QualityJudge {
    /// Returns the newest date on which each source's publisher says that it checked a service. No feed is asked: for a
    /// live source, only its cached list counts. Sources without a known date are left out.
    pub async fn newest_assurances(&self) -> HashMap<SourceKey, NewestAssurance> {
        let today = self.holdings.today();
        let stored = self.stored_tallies().await;
        let mut newest = HashMap::new();
        for holding in self.holdings.each() {
            let key = &holding.source().info().key;
            let date = match holding {
                Holding::Stored(_) => stored.get(key).and_then(|tally| tally.newest_assurance),
                Holding::Live(feed) => newest_at_hand(feed.source, today).await,
            };
            if let Some(date) = date {
                let days_ago = u64::try_from((today - date).num_days()).unwrap_or_default();
                newest.insert(key.clone(), NewestAssurance { date, days_ago });
            }
        }
        newest
    }
}

async fn newest_at_hand(source: &FeedSource, today: NaiveDate) -> Option<NaiveDate> {
    let services = source.set_at_hand::<Service>().await?;
    services.records().iter().filter_map(|service| service.assured_date).filter(|date| *date <= today).max()
}
