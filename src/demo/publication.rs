//! Everything that one feed serves: its invented records in the format of its variety, rendered.

use std::collections::HashMap;

use chrono::NaiveDate;

use super::answer::FeedAnswer;
use super::community::InventedCommunity;
use super::identity::IdNamespace;
use super::pages::{CollectionPages, ListQuery, PageFrame, SingleAnswer};
use super::place::DemoPlace;
use super::publisher::{CollectionOffer, FeedCollection, FeedPublisher, MissingAnswer};
use super::record::InventedWorld;

/// A rendered feed.
pub(super) struct RenderedFeed {
    pub(super) publisher: &'static dyn FeedPublisher,
    lists: HashMap<&'static str, FeedCollection>,
    records: HashMap<&'static str, FeedCollection>,
    collections: HashMap<FeedCollection, CollectionPages>,
}

impl RenderedFeed {
    /// Invents and renders a feed.
    pub(super) fn new(
        publisher: &'static dyn FeedPublisher,
        place: &'static DemoPlace,
        seed: u64,
        services: usize,
    ) -> Self {
        let community = InventedCommunity::invent(world(place, seed), services);
        let (mut lists, mut records) = (HashMap::new(), HashMap::new());
        let mut collections = HashMap::new();
        for collection in FeedCollection::ALL {
            let pages = match publisher.offers(collection) {
                CollectionOffer::Full | CollectionOffer::Bare => community.pages(publisher, collection),
                CollectionOffer::Empty => CollectionPages::render(publisher, []),
                CollectionOffer::Absent => continue,
            };
            let paths = publisher.paths(collection);
            lists.extend(paths.list.map(|path| (path, collection)));
            records.extend(paths.record.map(|path| (path, collection)));
            collections.insert(collection, pages);
        }
        Self { publisher, lists, records, collections }
    }

    /// Returns the answer to a request for a path with a query string.
    pub(super) fn answer(&self, path: &str, query: &str) -> FeedAnswer {
        let segments = path.split('/').filter(|segment| !segment.is_empty());
        let path = segments.map(|segment| self.publisher.spelled(segment)).collect::<Vec<_>>().join("/");
        if path.is_empty() {
            return self.publisher.root();
        }
        let list = self.lists.get_key_value(&*path);
        let found = list.map(|(list, collection)| self.page(list, *collection, query)).or_else(|| {
            let (records, id) = path.rsplit_once('/')?;
            Some(self.record(*self.records.get(records)?, id))
        });
        found.unwrap_or_else(|| self.publisher.missing(MissingAnswer::Route))
    }

    fn page(&self, list: &'static str, collection: FeedCollection, query: &str) -> FeedAnswer {
        let ask = ListQuery::parse(query, self.publisher.paging(), &self.publisher.filters());
        let refused = self.publisher.refuse(collection, &ask);
        let page = || {
            let pages = self.collections.get(&collection)?;
            Some(FeedAnswer::ok(match self.publisher.offers(collection) {
                CollectionOffer::Bare => pages.bare(),
                _ => pages.page(self.publisher, list, &ask),
            }))
        };
        refused.or_else(page).unwrap_or_else(|| self.publisher.missing(MissingAnswer::Route))
    }

    fn record(&self, collection: FeedCollection, id: &str) -> FeedAnswer {
        match self.collections.get(&collection).and_then(|pages| pages.alone(id)) {
            Some(SingleAnswer::Whole(record)) => FeedAnswer::ok(match self.publisher.record_member() {
                Some(path) => PageFrame::of_record(path).around(&[record]),
                None => record,
            }),
            Some(SingleAnswer::Broken) => self.publisher.missing(MissingAnswer::Broken),
            None => self.publisher.missing(MissingAnswer::Record),
        }
    }
}

/// Returns what all records of a feed have in common.
pub(super) fn world(place: &'static DemoPlace, seed: u64) -> InventedWorld {
    InventedWorld { seed, ids: IdNamespace::new(seed), place, today: written() }
}

/// Returns the date on which feeds are set. It is fixed, so that a seed gives the same bytes on any day.
fn written() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 1).unwrap_or_default()
}
