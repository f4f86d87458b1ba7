//! Everything one feed has to serve: the records invented, written the variety's way and rendered.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::answer::Answer;
use super::community::Community;
use super::identity::Namespace;
use super::pages::{Alone, Ask, Pages};
use super::place::Place;
use super::publisher::{Collection, Missing, Offer, Publisher};
use super::record::World;
use super::varieties::Variety;

/// The rendered feed.
pub(super) struct Publication {
    pub(super) publisher: &'static dyn Publisher,
    lists: HashMap<&'static str, Collection>,
    records: HashMap<&'static str, Collection>,
    collections: HashMap<Collection, Pages>,
}

impl Publication {
    /// Invents and renders a feed.
    pub(super) fn new(variety: Variety, place: &'static Place, seed: u64, services: usize) -> Self {
        let publisher = variety.publisher();
        let community = Community::invent(world(place, seed), services);
        let (mut lists, mut records) = (HashMap::new(), HashMap::new());
        let mut collections = HashMap::new();
        for collection in Collection::ALL {
            let pages = match publisher.offers(collection) {
                Offer::Full | Offer::Bare => community.pages(publisher, collection),
                Offer::Empty => Pages::render(publisher, []),
                Offer::Absent => continue,
            };
            let paths = publisher.paths(collection);
            lists.extend(paths.list.map(|segment| (segment, collection)));
            records.extend(paths.record.map(|segment| (segment, collection)));
            collections.insert(collection, pages);
        }
        Self { publisher, lists, records, collections }
    }

    /// What a path and query answer.
    pub(super) fn answer(&self, path: &str, query: &str) -> Answer {
        let segments = path.split('/').filter(|segment| !segment.is_empty());
        let segments: Vec<_> = segments.map(|segment| self.publisher.spelled(segment)).collect();
        let found = match segments.as_slice() {
            [] => Some(self.publisher.root()),
            [list] => {
                self.lists.get_key_value(*list).map(|(list, collection)| self.page(list, *collection, query))
            }
            [list, id] => self.records.get(*list).map(|collection| self.record(*collection, id)),
            _ => None,
        };
        found.unwrap_or_else(|| self.publisher.missing(Missing::Route))
    }

    fn page(&self, list: &'static str, collection: Collection, query: &str) -> Answer {
        let ask = Ask::parse(query, self.publisher.paging(), &self.publisher.filters());
        let refused = self.publisher.refuse(collection, &ask);
        let page = || {
            let pages = self.collections.get(&collection)?;
            Some(Answer::ok(match self.publisher.offers(collection) {
                Offer::Bare => pages.bare(),
                _ => pages.page(self.publisher, list, &ask),
            }))
        };
        refused.or_else(page).unwrap_or_else(|| self.publisher.missing(Missing::Route))
    }

    fn record(&self, collection: Collection, id: &str) -> Answer {
        match self.collections.get(&collection).and_then(|pages| pages.alone(id)) {
            Some(Alone::Whole(record)) => Answer::ok(record),
            Some(Alone::Broken) => self.publisher.missing(Missing::Broken),
            None => self.publisher.missing(Missing::Record),
        }
    }
}

/// What the records of a feed share.
pub(super) fn world(place: &'static Place, seed: u64) -> World {
    World { seed, ids: Namespace::new(seed), place, today: written() }
}

/// The day the feeds were written, so that they stay the same.
fn written() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 1).unwrap_or_default()
}
