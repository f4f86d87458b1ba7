//! The addresses of the feed, and the requests at each.

use super::RequestFault;
use super::lists::ListAsked;
use crate::http::parameters::GivenParameters;
use crate::model::RecordKind;

/// The prefix of all its addresses.
pub(in crate::http) const PREFIX: &str = "/oruk/v3";

/// An address of the feed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) enum FeedAddress<'p> {
    /// The root document: what the feed is, and what it contains.
    Root,
    /// A list of records.
    List(RecordKind),
    /// A record, by its published id.
    Record(RecordKind, &'p str),
}

/// A request at an address, with its parameters.
pub(super) enum FeedAsked<'p> {
    Root,
    List(ListAsked),
    Record(RecordKind, &'p str),
}

impl<'p> FeedAddress<'p> {
    /// Returns the address at a path. `None` if the feed has none there.
    pub(in crate::http) fn of(path: &'p str) -> Option<Self> {
        let rest = path.strip_prefix(PREFIX)?;
        let mut steps = rest.strip_prefix('/').unwrap_or(rest).split('/');
        if !rest.is_empty() && !rest.starts_with('/') {
            return None;
        }
        let list = steps.next().unwrap_or_default();
        if list.is_empty() {
            return steps.next().is_none().then_some(Self::Root);
        }
        let kind = RecordKind::ALL.into_iter().find(|kind| list_name(*kind) == list)?;
        match (steps.next(), steps.next()) {
            (None | Some(""), None) => Some(Self::List(kind)),
            (Some(id), None | Some("")) if steps.next().is_none() => Some(Self::Record(kind, id)),
            _ => None,
        }
    }

    /// Reads the parameters of a request at this address.
    pub(super) fn read(self, query: &str) -> Result<FeedAsked<'p>, RequestFault> {
        Ok(match self {
            Self::List(kind) => FeedAsked::List(ListAsked::read(kind, query)?),
            Self::Root => GivenParameters::read(query, &[]).map(|_| FeedAsked::Root)?,
            Self::Record(kind, id) => {
                GivenParameters::read(query, &[]).map(|_| FeedAsked::Record(kind, id))?
            }
        })
    }
}

impl FeedAsked<'_> {
    /// Returns the most records that the response may contain.
    pub(super) fn size(&self) -> usize {
        match self {
            Self::Root => 0,
            Self::List(list) => list.size,
            Self::Record(..) => 1,
        }
    }
}

/// Returns the standard's name of a list.
pub(in crate::http) fn list_name(kind: RecordKind) -> &'static str {
    match kind {
        RecordKind::Service => "services",
        RecordKind::Organization => "organizations",
        RecordKind::Location => "locations",
        RecordKind::ServiceAtLocation => "service_at_locations",
        RecordKind::Taxonomy => "taxonomies",
        RecordKind::TaxonomyTerm => "taxonomy_terms",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_addresses_with_and_without_a_last_slash() {
        for (path, expected) in [
            ("/oruk/v3", Some(FeedAddress::Root)),
            ("/oruk/v3/", Some(FeedAddress::Root)),
            ("/oruk/v3/services", Some(FeedAddress::List(RecordKind::Service))),
            ("/oruk/v3/taxonomy_terms/", Some(FeedAddress::List(RecordKind::TaxonomyTerm))),
            ("/oruk/v3/locations/a-b", Some(FeedAddress::Record(RecordKind::Location, "a-b"))),
            ("/oruk/v3/locations/a-b/", Some(FeedAddress::Record(RecordKind::Location, "a-b"))),
            ("/oruk/v3/locations/a/b", None),
            ("/oruk/v3/locations//b", None),
            ("/oruk/v3//services", None),
            ("/oruk/v3services", None),
            ("/oruk/v3/Services", None),
            ("/oruk", None),
        ] {
            assert_eq!(FeedAddress::of(path), expected, "{path}");
        }
    }
}
