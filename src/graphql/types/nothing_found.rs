//! Where nothing is found: what was tried, and what is near.

use crate::graphql::context::FieldContext;
use crate::graphql::scalars::int;
use crate::model::ServiceFilter;
use oruk_gateway_derive::{GraphObject, graph_object};

/// How many conditions are tried to be left out: each is a search.
const MOST_TRIED: usize = 8;

/// A filter that finds nothing.
#[derive(Clone)]
pub(crate) struct NothingFound {
    /// What the client asks.
    pub(crate) asked: ServiceFilter,
    /// What the field itself demands, which is never left out.
    pub(crate) demanded: Option<ServiceFilter>,
}

/// Hints for a filter that matches nothing, although every source was considered in full.
#[graph_object]
impl NothingFound {
    /// Each condition of the filter, with the number of services that match without it: at most eight, largest number
    /// first.
    async fn tried(&self, ctx: &FieldContext<'_>) -> Vec<TriedCondition> {
        let mut tried = Vec::new();
        for (condition, less) in self.asked.less_each_condition().into_iter().take(MOST_TRIED) {
            let filter = match self.demanded.clone() {
                Some(demanded) => ServiceFilter { and: vec![less], ..demanded },
                None => less,
            };
            let services = ctx.federation().services.count(&filter, ctx.searching().await).await;
            tried.push(TriedCondition { condition, services: int(services) });
        }
        tried.sort_by_key(|one| std::cmp::Reverse(one.services));
        tried.into_iter().collect()
    }

    /// Words of the filter that occur in no service, with similarly spelt words that do.
    async fn near(&self, ctx: &FieldContext<'_>) -> Vec<NearWord> {
        if self.asked.all_texts().is_empty() {
            return Vec::new();
        }
        let near = ctx.federation().services.near_words(&self.asked, ctx.searching().await).await;
        near.into_iter().map(|one| NearWord { word: one.word, spellings: one.near }).collect()
    }
}

/// A condition of the filter, and the number of matches without it.
#[derive(GraphObject)]
pub(crate) struct TriedCondition {
    /// The condition, by its name in `ServiceFilter`, e.g. `near` or `and[0].text`. `ages` also stands for `age`.
    condition: String,
    /// The number of services that match all the other conditions.
    services: i32,
}

/// A word that occurs in no service.
#[derive(GraphObject)]
pub(crate) struct NearWord {
    /// The word, without case and accents.
    word: String,
    /// Similarly spelt words that do occur in services: at most three, nearest first.
    spellings: Vec<String>,
}
