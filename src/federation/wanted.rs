//! What a query needs to know of services that the list rows of live sources may leave out.

use super::{FacetsWanted, GridsWanted};
use crate::model::{FacetDimension, OrderBy, Service, ServiceAspect, StatedFacts, UnsaidFields};

/// What a query needs of services besides what its filter decides. List rows may leave it out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct WantedFacts {
    /// Nested members.
    pub nested: bool,
    /// Other facts. They matter if none of the source's services states them.
    pub facts: StatedFacts,
    /// Other fields. They matter if a row does not state them.
    pub fields: UnsaidFields,
}

impl WantedFacts {
    /// Nested members, such as places, prices and terms.
    const NESTED: Self = Self {
        nested: true,
        facts: StatedFacts { texts: false, ages: false, assured: false },
        fields: UnsaidFields::NONE,
    };

    /// Returns what values of an aspect are read from.
    pub fn of_aspect(aspect: ServiceAspect) -> Self {
        match aspect {
            ServiceAspect::Of(dimension) => Self::of_dimension(dimension),
            ServiceAspect::Location => Self::NESTED,
            ServiceAspect::AssuredDate => Self::of_fields(&["assuredDate"]),
            ServiceAspect::Ages => Self::of_fields(&["minimumAge", "maximumAge"]),
        }
    }

    /// Returns what values of a dimension are read from.
    pub fn of_dimension(dimension: FacetDimension) -> Self {
        match dimension {
            FacetDimension::Source => Self::default(),
            FacetDimension::Status => Self::of_fields(&["status"]),
            FacetDimension::Organization => Self::of_fields(&["organization"]),
            FacetDimension::ModifiedMonth => Self::of_fields(&["lastModified"]),
            FacetDimension::Freshness => Self::of_fields(&["assuredDate", "lastModified"]),
            FacetDimension::TaxonomyTerm
            | FacetDimension::TermGroup
            | FacetDimension::LocalAuthority
            | FacetDimension::PostcodeArea
            | FacetDimension::Day
            | FacetDimension::Cost
            | FacetDimension::Language => Self::NESTED,
        }
    }

    /// Returns what an order compares.
    pub(super) fn of_order(by: OrderBy) -> Self {
        match by {
            // Distances need the filter `near`, which reads what rows leave out. Scores count the words that were read.
            OrderBy::Name | OrderBy::Source | OrderBy::Relevance | OrderBy::Distance => Self::default(),
            OrderBy::LastModified => Self::of_fields(&["lastModified"]),
            OrderBy::AssuredDate => Self::of_fields(&["assuredDate"]),
        }
    }

    /// Returns what facets and grids count.
    pub(super) fn of_counts(facets: FacetsWanted, grids: GridsWanted) -> Self {
        let dimensions = facets.dimensions().map(Self::of_dimension);
        let places = if grids.is_empty() { Self::default() } else { Self::NESTED };
        dimensions.fold(places.or(facets.counted_later), Self::or)
    }

    /// Returns what these scalar fields are read from, named as in the graph.
    fn of_fields(names: &[&str]) -> Self {
        let facts = StatedFacts {
            texts: false,
            ages: names.iter().any(|name| name.ends_with("Age")),
            assured: names.contains(&"assuredDate"),
        };
        Self { nested: false, facts, fields: UnsaidFields::named::<Service>(|name| names.contains(&name)) }
    }

    /// Returns the union of both.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            nested: self.nested || other.nested,
            facts: self.facts.or(other.facts),
            fields: self.fields.or(other.fields),
        }
    }

    /// Returns whether a row leaves out some of these fields, though the service's detail may have them.
    pub(super) fn is_silent(self, service: &Service) -> bool {
        service.provenance.shallow && !self.fields.and(UnsaidFields::by(service)).is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_dimension_but_the_source_is_read_from_something() {
        let read_from = |dimension| WantedFacts::of_dimension(dimension) != WantedFacts::default();
        let of_fields = [
            FacetDimension::Status,
            FacetDimension::Organization,
            FacetDimension::ModifiedMonth,
            FacetDimension::Freshness,
        ];
        assert!(!read_from(FacetDimension::Source));
        for dimension in of_fields {
            assert!(!WantedFacts::of_dimension(dimension).fields.is_empty(), "{dimension:?}");
        }
        for aspect in [ServiceAspect::AssuredDate, ServiceAspect::Ages] {
            assert!(!WantedFacts::of_aspect(aspect).fields.is_empty(), "{aspect:?}");
        }
        assert!(!WantedFacts::of_order(OrderBy::LastModified).fields.is_empty());
    }
}
