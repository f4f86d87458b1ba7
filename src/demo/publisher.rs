//! What a publishing system decides: which lists it has, how their pages run, and how it writes a record.

use poem::http::StatusCode;
use serde_json::{Map, Value, json};

use super::answer::FeedAnswer;
use super::pages::ListQuery;
use super::record::InventedService;

/// How one publishing system writes what it has. Pure: records in, JSON out.
pub(super) trait FeedPublisher: Send + Sync {
    /// What `GET /` answers.
    fn root(&self) -> FeedAnswer;

    /// Whether a collection is there.
    fn offers(&self, collection: FeedCollection) -> CollectionOffer;

    /// Where a collection is.
    fn paths(&self, collection: FeedCollection) -> CollectionPaths {
        CollectionPaths::at(collection.path())
    }

    /// The usual spelling of a path segment that may be spelled otherwise.
    fn spelled<'a>(&self, segment: &'a str) -> &'a str {
        segment
    }

    /// How pages run.
    fn paging(&self) -> FeedPaging;

    /// What narrows the services.
    fn filters(&self) -> FeedFilters {
        FeedFilters::default()
    }

    /// How many requests are allowed, where they are counted.
    fn budget(&self) -> Option<RequestBudget> {
        None
    }

    /// Whether answers carry a weak entity tag.
    fn tags(&self) -> bool {
        false
    }

    /// The answer to a list request that this publisher does not take.
    fn refuse(&self, _: FeedCollection, _: &ListQuery) -> Option<FeedAnswer> {
        None
    }

    /// A service as it stands in a list.
    fn service_row(&self, service: &InventedService) -> Value;

    /// A service on its own.
    fn service(&self, service: &InventedService) -> Value;

    /// A service as it stands in a list when collections are asked to be included; all of them are there.
    fn including_row(&self, _: &InventedService) -> Option<Value> {
        None
    }

    /// What stands in the list after a service and is no record.
    fn stray_row(&self, _: &InventedService) -> Option<Value> {
        None
    }

    /// Whether a service cannot be had on its own.
    fn is_broken(&self, _: &InventedService) -> bool {
        false
    }

    /// Where a service stands in its list: lower first, equals in order of their numbers.
    fn rank(&self, _: &InventedService) -> u8 {
        0
    }

    /// An organisation as it stands in a list.
    fn organization_row(&self, record: &Value) -> Value;

    /// An organisation on its own, with the services it runs.
    fn organization(&self, record: &Value, services: &[&InventedService]) -> Value;

    /// Any other record, in a list and on its own.
    fn other(&self, _: FeedCollection, record: &Value) -> Value {
        record.clone()
    }

    /// A record as text.
    fn write(&self, record: &Value) -> String {
        record.to_string()
    }

    /// Everything around a page's records; the records follow as the last member, called [`Self::list_member`].
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

    /// What the list of records is called.
    fn list_member(&self) -> &'static str {
        "contents"
    }

    /// What the ids of records are called.
    fn id_member(&self) -> &'static str {
        "id"
    }

    /// Members that this system calls otherwise than the standard, each with the standard's name: what it says is compared
    /// with what others say.
    #[cfg(test)]
    fn own_words(&self) -> &'static [(&'static str, &'static str)] {
        &[]
    }

    /// What a request for something that is not there answers.
    fn missing(&self, what: MissingAnswer) -> FeedAnswer;
}

/// The collections of the standards' APIs.
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

    /// The path segment, in HSDS 3.
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

/// Whether a publisher has a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CollectionOffer {
    Full,
    /// A list without an envelope.
    Bare,
    /// The endpoint answers, with no records.
    Empty,
    Absent,
}

/// The path segments of a collection's list and of its single records.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct CollectionPaths {
    pub(super) list: Option<&'static str>,
    pub(super) record: Option<&'static str>,
}

impl CollectionPaths {
    /// Both under one segment.
    pub(super) fn at(segment: &'static str) -> Self {
        Self { list: Some(segment), record: Some(segment) }
    }
}

/// What is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MissingAnswer {
    Route,
    Record,
    /// The record exists, and asking for it fails.
    Broken,
}

impl MissingAnswer {
    /// The usual status.
    pub(super) fn status(self) -> StatusCode {
        match self {
            Self::Route | Self::Record => StatusCode::NOT_FOUND,
            Self::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// The parameters that do something.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct FeedFilters {
    /// The one that searches names and descriptions.
    pub(super) search: Option<&'static str>,
    pub(super) modified_after: bool,
    /// Narrows a list of terms.
    pub(super) vocabulary: bool,
}

/// How many requests are allowed in how many seconds.
#[derive(Clone, Copy, Debug)]
pub(super) struct RequestBudget {
    pub(super) requests: u32,
    pub(super) seconds: u64,
}

/// The length and the order of pages.
#[derive(Clone, Copy, Debug)]
pub(super) struct FeedPaging {
    /// Records on a page, unasked.
    pub(super) usual: usize,
    /// Records on a page, at most.
    pub(super) most: Option<usize>,
    /// The parameter that takes how many records are wanted.
    pub(super) size: &'static str,
    /// Whether that does something.
    pub(super) asked: bool,
    /// The parameter that takes the number of a page.
    pub(super) page: &'static str,
    /// The parameter that takes how many records to pass over, where pages have no numbers.
    pub(super) offset: Option<&'static str>,
    /// What says which page is next.
    pub(super) step: PagingStep,
    /// Whether every third page starts with the last record of the page before, where the two have the same rank.
    pub(super) unsteady: bool,
}

impl FeedPaging {
    /// Pages of this length unless another is asked for.
    pub(super) const fn of(usual: usize) -> Self {
        let (size, page, offset) = ("per_page", "page", None);
        Self { usual, most: None, size, asked: true, page, offset, step: PagingStep::Number, unsteady: false }
    }
}

/// How a caller gets from page to page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PagingStep {
    /// By number; pages past the end are empty.
    Number,
    /// By number; every page past the end is the last one.
    Clamped,
    /// By the link that each page has to the next.
    Link,
}

/// Where a page stands in its list.
#[derive(Clone, Debug)]
pub(super) struct PageFacts {
    pub(super) total: usize,
    pub(super) per_page: usize,
    /// Counted from 1.
    pub(super) number: usize,
    /// Records on this page.
    pub(super) rows: usize,
    /// Whether collections were asked to be included.
    pub(super) including: bool,
    /// The id of the last record on this page.
    pub(super) last_id: Option<String>,
    /// The path segment of the list.
    pub(super) list: &'static str,
}

impl PageFacts {
    pub(super) fn pages(&self) -> usize {
        self.total.div_ceil(self.per_page.max(1))
    }

    pub(super) fn is_last(&self) -> bool {
        self.number >= self.pages()
    }
}
