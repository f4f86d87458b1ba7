//! Suggestions while a user types: names of services, organisations, terms, needs and places that begin with the text.
//!
//! Names are sorted once for each state of the data ([`NameBeginnings`]) and looked up in microseconds. Stored names
//! are sorted again in the background after a change, and a live source's names after each read of its lists.

mod choose;
mod live;
mod names;
mod places;
mod stored;

use std::sync::Arc;

use tokio::time::Instant;

use super::holding::Holdings;
use super::{PlaceLearner, QueryContext, SourceReport};
use crate::model::{RecordId, folded_name};

use live::LiveNames;
pub use names::FixedName;
use names::FixedNames;
use places::PlaceShelf;
pub(super) use stored::StoredNames;

use choose::{NameShelf, choose};

/// The kind of thing that a suggestion names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SuggestedKind {
    /// Something that people need. Clients ask for it in these words.
    Need,
    /// A place to be near.
    Place,
    /// A taxonomy term.
    Term,
    /// An organisation.
    Organization,
    /// A service.
    Service,
}

impl SuggestedKind {
    /// All kinds.
    pub const ALL: [Self; 5] = [Self::Need, Self::Place, Self::Term, Self::Organization, Self::Service];
}

/// A query for suggestions.
#[derive(Clone, Debug)]
pub struct SuggestQuery {
    /// The text typed so far.
    pub prefix: String,
    /// The kinds to suggest.
    pub kinds: Vec<SuggestedKind>,
    /// The most suggestions to return.
    pub first: usize,
}

/// A name that begins with the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameSuggestion {
    /// The name, as it is published.
    pub text: String,
    /// The kind of thing it names.
    pub kind: SuggestedKind,
    /// The records with this name. For services, only one of them.
    pub records: Vec<RecordId>,
    /// What to ask for if there are no records, as for needs and places.
    pub ask: Option<String>,
    /// The number of services that have this name, have this term or are run by this organisation. `None` for needs and
    /// places.
    pub services: Option<usize>,
}

/// Suggestions, the best first.
#[derive(Clone, Debug)]
pub struct NameSuggestions {
    /// The suggestions.
    pub suggestions: Vec<NameSuggestion>,
    /// How each source took part, in configuration order.
    pub reports: Vec<SourceReport>,
}

/// Suggests names.
pub struct NameSuggester {
    holdings: Arc<Holdings>,
    places: Arc<PlaceLearner>,
    fixed: FixedNames,
    live_names: LiveNames,
    place_shelf: PlaceShelf,
}

impl NameSuggester {
    pub(super) fn new((holdings, places): (Arc<Holdings>, Arc<PlaceLearner>)) -> Self {
        let (fixed, live_names, place_shelf) = Default::default();
        Self { holdings, places, fixed, live_names, place_shelf }
    }

    /// Suggests these needs too. Called once, when the gateway starts.
    pub(super) fn add_fixed(&mut self, names: impl IntoIterator<Item = FixedName>) {
        self.fixed = FixedNames::of(names);
    }

    /// Suggests names over all sources.
    pub async fn suggest(&self, query: &SuggestQuery, asking: &QueryContext) -> NameSuggestions {
        let prefix = folded_name(&query.prefix);
        if prefix.is_empty() || query.kinds.is_empty() || query.first == 0 {
            return NameSuggestions { suggestions: Vec::new(), reports: Vec::new() };
        }
        let mut shelves: Vec<NameShelf> = self.fixed.shelves();
        if query.kinds.contains(&SuggestedKind::Place) {
            shelves.extend(self.place_names_in_order(asking).await);
        }
        let mut reports = Vec::new();
        if query.kinds.iter().any(|kind| *kind >= SuggestedKind::Term) {
            let began = Instant::now();
            let (stored, live) = futures_util::future::join(
                self.synchronised_names(asking),
                self.live_names(&query.kinds, asking),
            )
            .await;
            shelves.extend(stored.into_iter().flatten());
            for (of_source, report) in live {
                shelves.extend(of_source);
                reports.push(report);
            }
            let sources = self.holdings.stored();
            reports.extend(sources.map(|source| source.report(0, began.elapsed(), asking)));
        }
        let (kinds, first) = (query.kinds.clone(), query.first);
        let choosing = asking.off_thread(move |_| choose(&shelves, &prefix, &kinds, first));
        NameSuggestions { suggestions: choosing.await.unwrap_or_default(), reports }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::federation::Federation;
    use crate::model::InstantClock;

    fn fixed(kind: SuggestedKind, text: &str, ask: &str, weight: u32) -> FixedName {
        FixedName { text: text.to_owned(), kind, ask: ask.to_owned(), weight }
    }

    #[tokio::test]
    async fn needs_come_before_places_and_no_kind_takes_all() {
        use SuggestedKind::{Need, Place, Service};
        let names = [
            fixed(Place, "Xundee", "Xundee, Angus", 148_000),
            fixed(Place, "Xunoon", "Xunoon", 9_000),
            fixed(Place, "Xundonald", "Xundonald", 9_500),
            fixed(Need, "Xung in the garden", "xung", 0),
            fixed(Need, "Not Xunkirk", "xunkirk", 9),
        ];
        let clock = InstantClock::fixed("2026-03-31T12:00:00Z".parse().unwrap());
        let federation = Federation::new(Vec::new(), clock).with_suggested(names);
        let suggested = async |kinds: &[SuggestedKind], first| {
            let query = SuggestQuery { prefix: "XUN".to_owned(), kinds: kinds.to_vec(), first };
            let found = federation.suggestions.suggest(&query, &QueryContext::begin()).await.suggestions;
            found.into_iter().map(|one| (one.text, one.ask.unwrap())).collect::<Vec<_>>()
        };
        let named = |names: &[(&str, &str)]| {
            names.iter().map(|(text, ask)| ((*text).to_owned(), (*ask).to_owned())).collect::<Vec<_>>()
        };
        let (garden, dundee) = (("Xung in the garden", "xung"), ("Xundee", "Xundee, Angus"));
        let all =
            [garden, dundee, ("Xundonald", "Xundonald"), ("Xunoon", "Xunoon"), ("Not Xunkirk", "xunkirk")];
        assert_eq!(suggested(&SuggestedKind::ALL, 9).await, named(&all));
        assert_eq!(suggested(&SuggestedKind::ALL, 2).await, named(&[garden, dundee]));
        let shared = [garden, dundee, all[2], ("Not Xunkirk", "xunkirk")];
        assert_eq!(suggested(&SuggestedKind::ALL, 4).await, named(&shared));
        assert_eq!(suggested(&[Place], 2).await, named(&all[1..3]));
        assert_eq!(suggested(&[Service], 2).await, named(&[]));
    }
}
