//! The gateway turns the pages of every variety of the demonstration, however they are turned.

use std::collections::BTreeSet;

use oruk_gateway::demo::{FeedVariety, InventedFeed};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use crate::support::{Gateway, data};

/// A variety being served over HTTP.
pub(crate) struct ServedVariety {
    pub(crate) url: String,
    pub(crate) feed: InventedFeed,
    serving: JoinHandle<std::io::Result<()>>,
}

impl ServedVariety {
    /// Serves a number of services.
    pub(crate) async fn with(variety: FeedVariety, services: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let feed = InventedFeed::new(variety).services(services).budget(1_000_000);
        let serving = tokio::spawn(feed.clone().serve(listener, std::future::pending()));
        Self { url, feed, serving }
    }
}

impl Drop for ServedVariety {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

/// Returns a number of services that no variety has on two pages.
pub(crate) fn more_than_two_pages() -> usize {
    let longest = FeedVariety::all().iter().map(|variety| variety.paging().longest_page());
    2 * longest.max().unwrap() + 37
}

#[tokio::test]
async fn every_record_is_read_once_from_the_pages_of_every_variety() {
    let services = more_than_two_pages();
    let mut wrong = Vec::new();
    for variety in FeedVariety::all() {
        let served = ServedVariety::with(*variety, services).await;
        let defaults = format!("dialect = '{}'", variety.dialect().as_str());
        let gateway = Gateway::over_addresses(&[("one", &served.url)]).with_defaults(&defaults).start().await;
        let ids = ids(&gateway).await;
        let distinct: BTreeSet<&str> = ids.iter().filter_map(Value::as_str).collect();
        if (ids.len(), distinct.len()) != (services, services) || served.feed.requests() < 3 {
            let requests = served.feed.requests();
            wrong.push(format!(
                "{variety}: {} ids, {} distinct, {requests} requests",
                ids.len(),
                distinct.len()
            ));
        }
        gateway.stop().await;
    }
    assert!(wrong.is_empty(), "of {services} services: {wrong:#?}");
}

/// Returns the feed's ids of all services, in the order of the list.
async fn ids(gateway: &Gateway) -> Vec<Value> {
    const PAGE: &str = "query($after: String) { services(first: 100, after: $after) {
      nodes { upstreamId } pageInfo { hasNextPage endCursor } } }";
    let (mut ids, mut after) = (Vec::new(), Value::Null);
    loop {
        let page = data(gateway.query_with(PAGE, json!({ "after": after })).await)["services"].take();
        ids.extend(page["nodes"].as_array().unwrap().iter().map(|node| node["upstreamId"].clone()));
        if page["pageInfo"]["hasNextPage"] == false {
            return ids;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
}
