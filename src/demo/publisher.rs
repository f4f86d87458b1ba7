//! What a publishing system determines: its lists, how they are paged, and the format of its records.

use poem::http::StatusCode;
use serde_json::{Map, Value, json};

use super::answer::FeedAnswer;
use super::pages::ListQuery;
pub(super) use super::paging::{FeedPaging, PageFacts, PagingStep};
use super::record::InventedService;

/// The behaviour of one publishing system. Implementations are pure: they turn records into JSON.
pub(super) trait FeedPublisher: Send + Sync {
    /// Returns the answer to `GET /`.
    fn root(&self) -> FeedAnswer;

    /// Returns whether and in what form a collection is served.
    fn offers(&self, collection: FeedCollection) -> CollectionOffer;

    /// Returns the paths of a collection.
    fn paths(&self, collection: FeedCollection) -> CollectionPaths {
        CollectionPaths::at(collection.path())
    }

    /// Returns the usual spelling of a path segment that has several spellings.
    fn spelled<'a>(&self, segment: &'a str) -> &'a str {
        segment
    }

    /// Returns how lists are paged.
    fn paging(&self) -> FeedPaging;

    /// Returns the parameters that filter lists.
    fn filters(&self) -> FeedFilters {
        FeedFilters::default()
    }

    /// Returns how many requests are allowed in a window. `None` if requests are not counted.
    fn budget(&self) -> Option<RequestBudget> {
        None
    }

    /// Returns whether answers have a weak entity tag (`ETag`).
    fn tags(&self) -> bool {
        false
    }

    /// Returns the answer to a list request that the publisher refuses. `None` if it accepts the request.
    fn refuse(&self, _: FeedCollection, _: &ListQuery) -> Option<FeedAnswer> {
        None
    }

    /// Returns a service as a row of a list.
    fn service_row(&self, service: &InventedService) -> Value;

    /// Returns a service as a single record.
    fn service(&self, service: &InventedService) -> Value;

    /// Returns a service as a row of a list with all nested lists, for requests that ask for nested lists. `None` if
    /// the publisher has no such rows.
    fn including_row(&self, _: &InventedService) -> Option<Value> {
        None
    }

    /// Returns an entry that follows a service in the list and is not a record.
    fn stray_row(&self, _: &InventedService) -> Option<Value> {
        None
    }

    /// Returns whether a request for the single record of a service fails.
    fn is_broken(&self, _: &InventedService) -> bool {
        false
    }

    /// Returns the rank by which services are ordered in the list: lower ranks come first, and services of equal rank
    /// are in the order of their numbers.
    fn rank(&self, _: &InventedService) -> u8 {
        0
    }

    /// Returns an organisation as a row of a list.
    fn organization_row(&self, record: &Value) -> Value;

    /// Returns an organisation as a single record, with the services that it runs.
    fn organization(&self, record: &Value, services: &[&InventedService]) -> Value;

    /// Returns a record of any other kind, for lists and on its own.
    fn other(&self, _: FeedCollection, record: &Value) -> Value {
        record.clone()
    }

    /// Serialises a record.
    fn write(&self, record: &Value) -> String {
        record.to_string()
    }

    /// Returns the members of a page except its records. The records follow as the last member of their object, at
    /// [`Self::list_member`].
    fn envelope(&self, page: &PageFacts) -> Map<String, Value> {
        let facts = json!({
            "total_items": page.total,
            "total_pages": page.pages(),
            "page_number": page.number,
            "size": page.rows,
            "first_page": page.number == 1,
            "last_page": page.is_last(),
            "empty": page.rows == 0,
        });
        match facts {
            Value::Object(members) => members,
            _ => Map::new(),
        }
    }

    /// Returns the name of the member that holds the records of a page, with the names of the objects around it if it
    /// is nested: `data.results`.
    fn list_member(&self) -> &'static str {
        "contents"
    }

    /// Returns the name of the member that holds a single record. `None` if the record is the whole response.
    fn record_member(&self) -> Option<&'static str> {
        None
    }

    /// Returns the name of the member that holds the id of a record.
    fn id_member(&self) -> &'static str {
        "id"
    }

    /// Returns the members that this system names differently from the standard, each with the name in the standard.
    /// Tests use them to compare records of different systems.
    #[cfg(test)]
    fn own_words(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    /// Returns the facts that this system leaves out of some or all single records of services. Tests do not expect
    /// them, but they still expect nothing else in their place.
    #[cfg(test)]
    fn leaves_out(&self) -> &'static [ServiceFact] {
        &[]
    }

    /// Returns the answer to a request for something that does not exist or fails.
    fn missing(&self, what: MissingAnswer) -> FeedAnswer;
}

/// The collections that the APIs of the standards define.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum FeedCollection {
    Services,
    Organizations,
    Locations,
    ServiceAtLocations,
    Taxonomies,
    TaxonomyTerms,
}

impl FeedCollection {
    pub(super) const ALL: [FeedCollection; 6] = [
        Self::Services,
        Self::Organizations,
        Self::Locations,
        Self::ServiceAtLocations,
        Self::Taxonomies,
        Self::TaxonomyTerms,
    ];

    /// Returns the path segment of the collection in HSDS 3.
    fn path(self) -> &'static str {
        match self {
            Self::Services => "services",
            Self::Organizations => "organizations",
            Self::Locations => "locations",
            Self::ServiceAtLocations => "service_at_locations",
            Self::Taxonomies => "taxonomies",
            Self::TaxonomyTerms => "taxonomy_terms",
        }
    }
}

/// Whether and in what form a publisher serves a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CollectionOffer {
    Full,
    /// A list of all records without an envelope.
    Bare,
    /// A list without any records.
    Empty,
    Absent,
}

/// A fact that every service of the demonstration may state.
#[cfg(test)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ServiceFact {
    Ages,
    OpeningTimes,
    Postcodes,
    Terms,
    Prices,
    Phones,
}

#[cfg(test)]
impl ServiceFact {
    /// All facts.
    pub(super) const ALL: [Self; 6] =
        [Self::Ages, Self::OpeningTimes, Self::Postcodes, Self::Terms, Self::Prices, Self::Phones];
}

/// The paths of a collection's list and of its single records, of one segment or several.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct CollectionPaths {
    pub(super) list: Option<&'static str>,
    pub(super) record: Option<&'static str>,
}

impl CollectionPaths {
    /// Returns one path for both the list and the single records.
    pub(super) fn at(path: &'static str) -> Self {
        Self { list: Some(path), record: Some(path) }
    }
}

/// Why a request cannot be answered with a record or a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MissingAnswer {
    Route,
    Record,
    /// The record exists, but a request for it fails.
    Broken,
}

impl MissingAnswer {
    /// Returns the usual status of the answer.
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::Route | Self::Record => StatusCode::NOT_FOUND,
            Self::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// The query parameters that filter lists.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct FeedFilters {
    /// The name of the parameter that searches names and descriptions.
    pub(super) search: Option<&'static str>,
    pub(super) modified_after: bool,
    /// Whether a parameter `vocabulary` filters the list of terms.
    pub(super) vocabulary: bool,
}

/// The number of requests that are allowed in a number of seconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct RequestBudget {
    pub(super) requests: u32,
    pub(super) seconds: u64,
}
