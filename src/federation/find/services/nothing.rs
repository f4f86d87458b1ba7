//! Advice for searches that find nothing: how many services other filters would find, and words with similar spellings.

use std::sync::Arc;

use futures_util::future::join_all;
use tokio::time::Instant;

use super::ServiceFinder;
use crate::catalogue::{CatalogueSnapshot, IndexError};
use crate::federation::query_context::StillAsked;
use crate::federation::ranking::SearchPlan;
use crate::federation::source_matches::SourceMatches;
use crate::federation::{QueryContext, SourceReport, WantedFacts};
use crate::model::{NearSpellings, QueryWord, Service, ServiceFilter, TextQuery};

/// The most words of a filter for which similar ones are looked for.
const MOST_WORDS: usize = 8;
const MOST_NEAR: usize = 3;

/// A word that no service contains, with words of similar spelling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnheldWord {
    /// The word, in folded form.
    pub word: String,
    /// Words that services contain, in folded form, the most similar first.
    pub near: Vec<String>,
}

impl ServiceFinder {
    /// Counts the services that match, as far as sources could be considered.
    pub async fn count(&self, filter: &ServiceFilter, asking: &QueryContext) -> usize {
        let plan = SearchPlan::of_counts(false, WantedFacts::default());
        SourceReport::total(&self.search(filter, plan, asking).await.reports)
    }

    /// Returns the words of a filter that no service contains, if services contain words of similar spelling.
    pub async fn near_words(&self, filter: &ServiceFilter, asking: &QueryContext) -> Vec<UnheldWord> {
        let mut words: Vec<QueryWord> = Vec::new();
        for word in filter.all_texts().into_iter().flat_map(TextQuery::words) {
            if words.len() < MOST_WORDS && !words.contains(word) {
                words.push(word.clone());
            }
        }
        if words.is_empty() {
            return Vec::new();
        }
        let began = Instant::now();
        let live = join_all(self.holdings.live().map(|feed| feed.services(began, asking))).await;
        let snapshot = self.holdings.snapshot();
        let looking = asking.off_thread(move |still| near_each(&words, snapshot.as_ref(), &live, still));
        looking.await.unwrap_or_default()
    }
}

fn near_each(
    words: &[QueryWord],
    snapshot: Option<&Arc<CatalogueSnapshot>>,
    live: &[SourceMatches<Service>],
    still: &StillAsked,
) -> Vec<UnheldWord> {
    let services = || live.iter().flat_map(|one| one.matches.as_slice());
    let is_held = |word: &QueryWord| -> Result<bool, IndexError> {
        let text = TextQuery::for_word(word);
        let is_live = services().any(|service| text.matches(service.search_text()));
        Ok(is_live || snapshot.map_or(Ok(false), |snapshot| snapshot.has_words(&text))?)
    };
    let unheld = words.iter().filter(|word| is_held(word).is_ok_and(|is_held| !is_held));
    let mut near: Vec<NearSpellings> = unheld.filter_map(|word| NearSpellings::of(&word.folded)).collect();
    if near.is_empty() {
        return Vec::new();
    }
    if let Some(snapshot) = snapshot
        && let Err(error) = snapshot.offer_words(&mut near, &|| still.is_asked())
    {
        tracing::error!(%error, "cannot read the catalogue's words");
    }
    for service in still.while_asked(services()) {
        service.search_text().words().for_each(|word| near.iter_mut().for_each(|near| near.offer(word, 1)));
    }
    let near = near
        .into_iter()
        .map(|near| UnheldWord { word: near.word().to_owned(), near: near.nearest(MOST_NEAR) });
    near.filter(|one| !one.near.is_empty()).collect()
}
