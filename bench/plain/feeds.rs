//! Reads feeds page by page, and caches each list for an hour, as the gateway does in the same run.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::try_join_all;
use moka::future::Cache;
use reqwest::Client;
use serde::Deserialize;

use crate::graph::Service;

const KEPT_FOR: Duration = Duration::from_secs(3600);

/// One feed's services, shared so that an answer copies no records.
type Services = Arc<Vec<Arc<Service>>>;

/// All feeds, with a cache of their lists.
pub(crate) struct Feeds {
    addresses: Vec<String>,
    client: Client,
    kept: Cache<String, Services>,
}

#[derive(Deserialize)]
struct Page {
    last_page: bool,
    contents: Vec<Arc<Service>>,
}

impl Feeds {
    pub(crate) fn new(addresses: Vec<String>) -> anyhow::Result<Self> {
        // The build has two cryptography providers, so rustls does not choose one. An error means that one is
        // installed already, which is fine.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().build()?;
        Ok(Self { addresses, client, kept: Cache::builder().time_to_live(KEPT_FOR).build() })
    }

    /// Returns the services of every feed, one list after the other.
    pub(crate) async fn services(&self) -> Result<Vec<Arc<Service>>, Arc<anyhow::Error>> {
        let lists = try_join_all(self.addresses.iter().map(|address| self.services_of(address))).await?;
        Ok(lists.iter().flat_map(|list| list.iter().cloned()).collect())
    }

    async fn services_of(&self, address: &str) -> Result<Services, Arc<anyhow::Error>> {
        self.kept.try_get_with_by_ref(address, self.read(address)).await
    }

    async fn read(&self, address: &str) -> anyhow::Result<Services> {
        let mut services = Vec::new();
        for number in 1.. {
            let url = format!("{address}/services?page={number}&per_page=100");
            let response = self.client.get(url).send().await?.error_for_status()?;
            let page: Page = serde_json::from_slice(&response.bytes().await?)?;
            services.extend(page.contents);
            if page.last_page {
                break;
            }
        }
        Ok(Arc::new(services))
    }
}
