//! The prices of fields that cost more than a plain read, and the assumed sizes of lists.
//!
//! Calibrated with `cargo bench --bench cost`, which prints points and milliseconds. Prices are part of the contract: a
//! query that was within the limit should stay within it.

use crate::graphql::fields::{DEFAULT_CHANGES, MAX_PLACES, MAX_ROWS, MAX_SUGGESTIONS};
use crate::graphql::types::MAX_OCCURRENCES;

/// The price of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct FieldPrice {
    /// Points for the field itself.
    pub(super) once: usize,
    /// Points for each element, in addition to what is selected of it.
    pub(super) each: usize,
    /// Points for each value in its arguments: searches cost more the more they ask.
    pub(super) by_value: usize,
}

impl FieldPrice {
    const fn new(once: usize, each: usize) -> Self {
        Self { once, each, by_value: 0 }
    }

    const fn search(once: usize, each: usize) -> Self {
        Self { once, each, by_value: 2 }
    }
}

/// A plain read. Plain values are counted together, and objects cost what is selected of them.
pub(super) const READ: FieldPrice = FieldPrice::new(0, 0);
/// A search over the records of one or more sources.
const SEARCH: FieldPrice = FieldPrice::search(50, 0);
/// A record read by id.
const LOOKUP: FieldPrice = FieldPrice::new(6, 0);
/// A list of records, some of which are read by id.
const LOOKUPS: FieldPrice = FieldPrice::new(1, 0);
/// A count over all matches of a search.
const COUNT: FieldPrice = FieldPrice::new(4, 0);
/// Such a count with a record read for each row.
const COUNT_OF_RECORDS: FieldPrice = FieldPrice::new(15, 5);
/// A count that needs a pass of its own.
const COUNT_OF_GROUPS: FieldPrice = FieldPrice::new(50, 1);
/// A computation of opening times.
const CALENDAR: FieldPrice = FieldPrice::new(4, 0);
/// A value as its feed sent it, which may be long. The budget counts its bytes before it is copied.
const JSON: FieldPrice = FieldPrice::new(20, 0);
/// A list of introspection, which is in memory. Its plain values cost nothing.
const INTROSPECTED: FieldPrice = FieldPrice::new(0, 1);

/// The assumed size of a list, unless another is given below.
pub(super) const LIST: usize = 2;
/// The additional cost of a text written as HTML. The budget counts its length.
pub(super) const HTML: usize = 140;
/// How many plain values of one object cost a point together: a value takes a small fraction of the time of an object.
pub(super) const VALUES_FOR_A_POINT: usize = 8;

const PRICES: &[(&str, FieldPrice)] = &[
    ("Query.services", SEARCH),
    ("Query.organizations", SEARCH),
    ("Query.locations", SEARCH),
    ("Query.taxonomyTerms", SEARCH),
    ("Query.taxonomyTermGroups", SEARCH),
    ("Query.taxonomies", SEARCH),
    ("Query.serviceStatistics", FieldPrice::search(200, 0)),
    ("Query.changes", SEARCH),
    ("Query.suggest", FieldPrice::new(20, 1)),
    ("ServiceConnection.nothingFound", FieldPrice::new(400, 1)),
    ("Query.places", SEARCH),
    ("Query.node", LOOKUP),
    ("Query.nodes", FieldPrice::new(1, 5)),
    ("Query._entities", FieldPrice::new(1, 5)),
    ("Query.service", LOOKUP),
    ("Query.organization", LOOKUP),
    ("Query.location", LOOKUP),
    ("Query.serviceAtLocation", LOOKUP),
    ("Query.taxonomy", LOOKUP),
    ("Query.taxonomyTerm", LOOKUP),
    ("Organization.services", SEARCH),
    ("Location.services", SEARCH),
    ("Location.organization", LOOKUP),
    ("TaxonomyTerm.services", SEARCH),
    ("TaxonomyTerm.serviceCount", SEARCH),
    ("TaxonomyTerm.children", FieldPrice::new(4, 1)),
    ("TaxonomyTerm.parent", FieldPrice::new(24, 1)),
    ("TaxonomyTerm.taxonomy", LOOKUP),
    ("TaxonomyTerm.group", FieldPrice::new(5, 1)),
    ("TaxonomyTermGroup.terms", LOOKUPS),
    ("Taxonomy.terms", SEARCH),
    ("Taxonomy.nestedTerms", LOOKUPS),
    ("Service.organization", FieldPrice::new(2, 0)),
    ("Service.locations", LOOKUPS),
    ("Service.taxonomyTerms", LOOKUPS),
    ("Service.occurrences", CALENDAR),
    ("Service.nextOpening", CALENDAR),
    ("Service.openAt", CALENDAR),
    ("Schedule.occurrences", CALENDAR),
    ("Occurrence.location", LOOKUP),
    ("ServiceArea.geojson", FieldPrice::new(1, 0)),
    ("Attribute.taxonomyTerm", FieldPrice::new(5, 1)),
    ("Distance.location", LOOKUP),
    ("ChangeConnection.nodes", FieldPrice::new(0, 3)),
    ("ChangeConnection.edges", FieldPrice::new(0, 3)),
    ("Change.record", LOOKUP),
    ("ServiceEdge.matches", FieldPrice::new(20, 1)),
    ("ServiceConnection.grid", FieldPrice::new(50, 1)),
    ("ServiceFacets.sources", COUNT),
    ("ServiceFacets.taxonomyTerms", COUNT_OF_RECORDS),
    ("ServiceFacets.termGroups", COUNT_OF_GROUPS),
    ("ServiceFacets.values", COUNT_OF_GROUPS),
    ("TermGroupFacet.terms", LOOKUPS),
    ("FacetValue.terms", LOOKUPS),
    ("ServiceFacets.statuses", COUNT),
    ("ServiceFacets.days", COUNT),
    ("ServiceFacets.organizations", COUNT_OF_RECORDS),
    ("ServiceFacets.localAuthorities", COUNT),
    ("ServiceFacets.free", COUNT),
    ("Source.quality", FieldPrice::new(5, 0)),
    ("Source.conformance", FieldPrice::new(20, 1)),
    ("Source.validator", FieldPrice::new(20, 1)),
    ("Source.capabilities", FieldPrice::new(10, 1)),
    ("Source.status", FieldPrice::new(5, 1)),
    ("Meta.dataVersion", FieldPrice::new(20, 1)),
    ("ServiceStatistics.rows", FieldPrice::new(0, 3)),
    ("__Schema.types", INTROSPECTED),
    ("__Schema.directives", INTROSPECTED),
    ("__Type.fields", INTROSPECTED),
    ("__Type.interfaces", INTROSPECTED),
    ("__Type.possibleTypes", INTROSPECTED),
    ("__Type.enumValues", INTROSPECTED),
    ("__Type.inputFields", INTROSPECTED),
];

/// Lists that are longer than most.
const SIZES: &[(&str, usize)] = &[
    ("TaxonomyTerm.children", 12),
    ("TaxonomyTermGroup.terms", 4),
    ("TermGroupFacet.terms", 4),
    ("FacetValue.terms", 4),
    ("Query.taxonomies", 10),
    ("Service.serviceAtLocations", 3),
    ("Service.attributes", 4),
    ("Service.taxonomyTerms", 4),
    ("Organization.locations", 3),
    ("Provenance.issues", 3),
    ("SourceCapabilities.endpoints", 8),
    ("SourceCapabilities.parameters", 10),
    ("DataQuality.completeness", 15),
    ("DataQuality.freshness", 6),
    ("NothingFound.tried", 8),
    ("__Schema.types", 120),
    ("__Schema.directives", 5),
    ("__Type.fields", 8),
];

/// The most rows of pages that have a default size of their own.
const MOST_ROWS: &[(&str, usize)] = &[
    ("Query.serviceStatistics", MAX_ROWS.unsigned_abs() as usize),
    ("ServiceFacets.values", MAX_ROWS.unsigned_abs() as usize),
    ("Query.changes", DEFAULT_CHANGES),
    ("Query.suggest", MAX_SUGGESTIONS.unsigned_abs() as usize),
    ("Query.places", MAX_PLACES.unsigned_abs() as usize),
    ("Service.occurrences", MAX_OCCURRENCES.unsigned_abs() as usize),
    ("Schedule.occurrences", MAX_OCCURRENCES.unsigned_abs() as usize),
    ("ServiceConnection.grid", crate::federation::GridCount::MOST),
    ("ServiceConnection.facets", crate::federation::FacetCounts::MOST),
];

/// Types whose lists have one element for each source.
const PER_SOURCE: [&str; 2] = ["Source", "SourceReport"];

/// The type of values kept as a feed sent them.
const JSON_TYPE: &str = "JSON";

/// The lists of introspection, which the schema document does not contain.
pub(super) const INTROSPECTION: &str = "
type __Schema { types: [__Type!]! queryType: __Type! mutationType: __Type subscriptionType: __Type
    directives: [__Directive!]! }
type __Type { fields(includeDeprecated: Boolean): [__Field!] interfaces: [__Type!] possibleTypes: [__Type!]
    enumValues(includeDeprecated: Boolean): [__EnumValue!] inputFields: [__InputValue!] ofType: __Type }
type __Field { args: [__InputValue!]! type: __Type! }
type __InputValue { type: __Type! }
type __Directive { args: [__InputValue!]! }
";

/// Returns the price of a field.
pub(super) fn of(coordinate: &str, of: &str) -> FieldPrice {
    let listed = PRICES.iter().find(|(of, _)| *of == coordinate).map(|(_, price)| *price);
    listed.unwrap_or(if of == JSON_TYPE { JSON } else { READ })
}

/// Returns the assumed size of a list.
pub(super) fn assumed_size(coordinate: &str, of: &str, sources: usize) -> usize {
    if is_per_source(of) {
        return sources.max(1);
    }
    SIZES.iter().find(|(of, _)| *of == coordinate).map_or(LIST, |(_, size)| *size)
}

/// Returns whether lists of this type have one element for each source.
pub(super) fn is_per_source(of: &str) -> bool {
    PER_SOURCE.contains(&of)
}

/// Returns the most rows of a page whose size the configuration does not limit.
pub(super) fn most_rows(coordinate: &str) -> Option<usize> {
    MOST_ROWS.iter().find(|(of, _)| *of == coordinate).map(|(_, most)| *most)
}

/// Returns every field in the tables.
#[cfg(test)]
pub(super) fn coordinates() -> impl Iterator<Item = &'static str> {
    let sizes = SIZES.iter().chain(MOST_ROWS).map(|(coordinate, _)| *coordinate);
    PRICES.iter().map(|(coordinate, _)| *coordinate).chain(sizes)
}

/// Returns every type in the tables.
#[cfg(test)]
pub(super) fn type_names() -> impl Iterator<Item = &'static str> {
    PER_SOURCE.into_iter().chain([JSON_TYPE])
}
