//! What services are counted by.

use async_graphql::Enum;
use async_graphql::resolver_utils::EnumType as _;
use oruk_gateway_derive::GraphEnum;

use crate::model;

/// A dimension that services can be grouped by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum, GraphEnum)]
#[graphql(remote = "model::FacetDimension")]
pub(crate) enum ServiceDimension {
    /// The source. Value: its `key`. Label: its name.
    Source,
    /// Whether it operates. Value: a `ServiceStatus`.
    Status,
    /// The taxonomy terms of the service, its provider, places, prices and areas. Value: the term's `id`. Label: its
    /// name.
    TaxonomyTerm,
    /// The organisation that runs it. Value: the organisation's `id`. Label: its name.
    Organization,
    /// The council areas of its places, found by postcode. Value: the ONS code, e.g. `E06000023`. Label: the area's
    /// name.
    LocalAuthority,
    /// The letters that the postcodes of its places begin with. Value: the letters, e.g. `BS`.
    PostcodeArea,
    /// The days of the week on which it opens within 35 days from today. Value: a `DayOfWeek`.
    Day,
    /// Whether it is free today. Value: `FREE`, `PAID` or, if not stated, `UNKNOWN`.
    Cost,
    /// Days since it was last checked or, failing that, changed, in the ranges of `Source.quality.freshness`. Value:
    /// `0-30`, `31-90`, `91-180`, `181-365` or `366-`. Label: the range in words.
    Freshness,
    /// The month of the last change, in London time. Value: year and month, e.g. `2026-05`.
    ModifiedMonth,
    /// The languages it is offered in. Value: the ISO 639-3 code, e.g. `urd`. Label: the English name.
    Language,
    /// The taxonomy terms it carries, each counted once even if several sources have it. Value: the `key` of the
    /// `TaxonomyTermGroup`. Label: its name.
    TermGroup,
}

impl ServiceDimension {
    /// Returns the dimension with this name in the graph.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::items().iter().find(|item| item.name == name).map(|item| item.value)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::model::ServiceAspect;

    #[test]
    fn every_aspect_has_a_number_of_its_own() {
        let dimensions = ServiceDimension::items().iter().map(|item| ServiceAspect::Of(item.value.into()));
        let others = [ServiceAspect::Location, ServiceAspect::AssuredDate, ServiceAspect::Ages];
        let numbers: Vec<usize> = dimensions.chain(others).map(ServiceAspect::number).collect();
        let distinct: BTreeSet<usize> = numbers.iter().copied().collect();
        assert_eq!(distinct.into_iter().collect::<Vec<_>>(), (0..ServiceAspect::COUNT).collect::<Vec<_>>());
        assert_eq!(
            numbers.len(),
            ServiceAspect::COUNT,
            "a dimension after the last shares the number of another"
        );
    }
}
