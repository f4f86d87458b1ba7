//! The varieties of publishing system: one file each, saying how it lays out the same invented records.
//! To add one: a file with a [`Publisher`], a name in [`Variety`].

mod aggregator;
mod hsds31;
mod oruk3;

use std::fmt;
use std::str::FromStr;

use serde_json::{Map, Value, json};

use super::record::Service;
use crate::model::Dialect;

/// A publishing system an invented feed behaves like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Variety {
    /// Open Referral UK 3.0 as a council's directory serves it: shallow lists, details one by one, no filters.
    Oruk3,
    /// International HSDS 3.1: everything nested in lists, filters that work, every optional collection.
    Hsds31,
    /// An aggregator of several directories: shallow lists, small pages, version `V3`, optional collections absent.
    Aggregator,
}

/// A name that is no variety's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is no variety of feed; use one of {}", names())]
pub struct UnknownVariety;

impl Variety {
    /// Every variety there is.
    pub fn all() -> &'static [Variety] {
        &[Self::Oruk3, Self::Hsds31, Self::Aggregator]
    }

    /// The name on the command line, e.g. `oruk-3`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Oruk3 => "oruk-3",
            Self::Hsds31 => "hsds-3",
            Self::Aggregator => "aggregator",
        }
    }

    /// The dialect a gateway reads it with.
    pub fn dialect(self) -> Dialect {
        match self {
            Self::Oruk3 | Self::Aggregator => Dialect::Oruk3,
            Self::Hsds31 => Dialect::Hsds3,
        }
    }

    pub(super) fn publisher(self) -> &'static dyn Publisher {
        match self {
            Self::Oruk3 => &oruk3::Oruk3,
            Self::Hsds31 => &hsds31::Hsds31,
            Self::Aggregator => &aggregator::Aggregator,
        }
    }
}

impl fmt::Display for Variety {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Variety {
    type Err = UnknownVariety;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::all().iter().copied().find(|variety| variety.name() == text).ok_or(UnknownVariety)
    }
}

fn names() -> String {
    Variety::all().iter().map(|variety| variety.name()).collect::<Vec<_>>().join(", ")
}

/// How one publishing system writes what it has. Pure: records in, JSON out.
pub(super) trait Publisher: Send + Sync {
    /// What `GET /` answers.
    fn root(&self) -> Value;

    /// Whether a collection is there.
    fn offers(&self, collection: Collection) -> Offer;

    /// How long pages are.
    fn paging(&self) -> Paging;

    /// Whether `search` and `modified_after` narrow the services.
    fn filters(&self) -> bool {
        false
    }

    /// A service as it stands in a list.
    fn service_row(&self, service: &Service) -> Value;

    /// A service on its own.
    fn service(&self, service: &Service) -> Value;

    /// An organisation as it stands in a list.
    fn organization_row(&self, record: &Value) -> Value;

    /// An organisation on its own, with the services it runs.
    fn organization(&self, record: &Value, services: &[&Service]) -> Value;

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

    /// The body of a 404.
    fn not_found(&self) -> Value;
}

/// The collections of the standard's API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Collection {
    Services,
    Organizations,
    ServiceAtLocations,
    Taxonomies,
    TaxonomyTerms,
}

impl Collection {
    pub(super) const ALL: [Collection; 5] = [
        Self::Services,
        Self::Organizations,
        Self::ServiceAtLocations,
        Self::Taxonomies,
        Self::TaxonomyTerms,
    ];

    /// The path segment.
    pub(super) fn path(self) -> &'static str {
        match self {
            Self::Services => "services",
            Self::Organizations => "organizations",
            Self::ServiceAtLocations => "service_at_locations",
            Self::Taxonomies => "taxonomies",
            Self::TaxonomyTerms => "taxonomy_terms",
        }
    }
}

/// Whether a publisher has a collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Offer {
    Full,
    /// The endpoint answers, with no records.
    Empty,
    Absent,
}

/// The length of pages: unasked, and at most.
#[derive(Clone, Copy, Debug)]
pub(super) struct Paging {
    pub(super) usual: usize,
    pub(super) most: Option<usize>,
}

/// Where a page stands in its list.
#[derive(Clone, Copy, Debug)]
pub(super) struct PageFacts {
    pub(super) total: usize,
    pub(super) per_page: usize,
    /// Counted from 1.
    pub(super) number: usize,
    /// Records on this page.
    pub(super) rows: usize,
}

impl PageFacts {
    pub(super) fn pages(&self) -> usize {
        self.total.div_ceil(self.per_page.max(1))
    }

    pub(super) fn is_last(&self) -> bool {
        self.number >= self.pages()
    }
}

/// The named members a record has, in the order asked for.
fn only(record: &Value, members: &[&str]) -> Map<String, Value> {
    let present = members.iter().filter_map(|name| Some(((*name).to_owned(), record.get(*name)?.clone())));
    present.collect()
}

fn set(record: &mut Map<String, Value>, name: &str, value: impl Into<Value>) {
    record.insert(name.to_owned(), value.into());
}

/// A member's text, or nothing where it has none.
fn text<'a>(record: &'a Value, name: &str) -> &'a str {
    record.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The objects in a list that is a member of a record.
fn each<'a>(
    record: &'a mut Map<String, Value>,
    name: &str,
) -> impl Iterator<Item = &'a mut Map<String, Value>> {
    record.get_mut(name).and_then(Value::as_array_mut).into_iter().flatten().filter_map(Value::as_object_mut)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lead_back_to_their_varieties() {
        for variety in Variety::all() {
            assert_eq!(variety.to_string().parse(), Ok(*variety));
        }
        assert_eq!("oruk".parse::<Variety>(), Err(UnknownVariety));
        assert_eq!(
            UnknownVariety.to_string(),
            "is no variety of feed; use one of oruk-3, hsds-3, aggregator"
        );
    }
}
