//! The graph: the fields that `bench/services.graphql` selects, and a few more. It has no fields that the
//! demonstration's feeds sometimes send with the wrong type, because serde would reject the page.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, Result, SimpleObject};
use serde::Deserialize;

use crate::feeds::Feeds;

pub(crate) struct Query;

#[Object]
impl Query {
    async fn services(
        &self,
        ctx: &Context<'_>,
        #[graphql(default = 20)] first: usize,
    ) -> Result<ServiceList> {
        let mut nodes = ctx.data::<Feeds>()?.services().await?;
        let total_count = nodes.len();
        nodes.truncate(first);
        Ok(ServiceList { nodes, total_count })
    }
}

#[derive(SimpleObject)]
struct ServiceList {
    nodes: Vec<Arc<Service>>,
    total_count: usize,
}

#[derive(Deserialize, SimpleObject)]
pub(crate) struct Service {
    id: ID,
    name: String,
    alternate_name: Option<String>,
    description: Option<String>,
    url: Option<String>,
    status: Status,
    fees: Option<String>,
    assured_date: Option<String>,
    last_modified: Option<String>,
    organization: Option<Organization>,
}

#[derive(Clone, Copy, Deserialize, Enum, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
enum Status {
    Active,
    Inactive,
    Defunct,
    #[serde(rename = "temporarily closed")]
    TemporarilyClosed,
}

#[derive(Deserialize, SimpleObject)]
struct Organization {
    id: ID,
    name: String,
    description: Option<String>,
    email: Option<String>,
    website: Option<String>,
}
