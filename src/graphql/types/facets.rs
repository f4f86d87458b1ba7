//! Facets: how many of the services found say what.

use crate::graphql::context::FieldContext;
use oruk_gateway_derive::{GraphObject, graph_object};
use std::sync::Arc;

use async_graphql::Value;
use futures_util::future::join_all;

use super::facet_values::{FacetValueConnection, TermGroupFacet, facet_values, term_group_facets};
use super::{Organization, Source, TaxonomyTerm};
use crate::federation::{FacetCounts, FacetsWanted, MatchingServices, ServicePage, WantedFacts};
use crate::graphql::enums::{DayOfWeek, ServiceDimension, ServiceStatus, TriState};
use crate::graphql::error::ApiError;
use crate::graphql::fields::GroupArguments;
use crate::graphql::input::GroupOrderInput;
use crate::graphql::plan::FieldPlan;
use crate::graphql::scalars::int;
use crate::graphql::{incomplete, lookup};
use crate::model::{AreaCode, FacetDimension, RecordId};

/// What the client asks to be counted.
pub(crate) fn wanted(ctx: &FieldContext<'_>) -> FacetsWanted {
    let facets = || ctx.field().fields("facets");
    let asked = |name| facets().any(|facets| facets.selects(name));
    let all_terms =
        facets().flat_map(|facets| facets.fields("taxonomyTerms")).any(|terms| ctx.given(terms, 0).is_some());
    let later: Vec<_> = facets().flat_map(|facets| counted_later(ctx, facets)).collect();
    FacetsWanted {
        sources: asked("sources"),
        taxonomy_terms: asked("taxonomyTerms"),
        all_terms,
        statuses: asked("statuses"),
        days: asked("days"),
        organizations: asked("organizations"),
        local_authorities: asked("localAuthorities"),
        free: asked("free"),
        by_terms: all_terms || later.iter().any(|dimension| dimension.is_of_terms()),
        counted_later: later
            .into_iter()
            .map(WantedFacts::of_dimension)
            .fold(WantedFacts::default(), WantedFacts::or),
    }
}

/// Returns the dimensions that `values` and `termGroups` count after the page is made.
fn counted_later(ctx: &FieldContext<'_>, facets: &FieldPlan) -> Vec<FacetDimension> {
    let dimension = |values: &FieldPlan| match ctx.given(values, 0)? {
        Value::Enum(of) => ServiceDimension::named(&of),
        Value::String(of) => ServiceDimension::named(&of),
        _ => None,
    };
    let values = facets.fields("values").filter_map(dimension).map(FacetDimension::from);
    values.chain(facets.selects("termGroups").then_some(FacetDimension::TermGroup)).collect()
}

/// How many of the services found say what.
#[derive(Clone)]
pub(crate) struct ServiceFacets {
    counts: FacetCounts,
    first: usize,
    matching: Arc<MatchingServices>,
}

impl ServiceFacets {
    pub(super) fn new(page: &ServicePage, first: i32) -> Result<Self, ApiError> {
        let (most, matching) = (FacetCounts::MOST, Arc::clone(&page.matching));
        match usize::try_from(first) {
            Ok(first) if (1..=most).contains(&first) => {
                Ok(Self { counts: page.facets.clone(), first, matching })
            }
            _ => Err(ApiError::bad_input(format!("`facets.first` must be 1 to {most}"))),
        }
    }
}

/// The most frequent values among matching services, at most `facets(first:)` of each kind. A service with several
/// values of a kind counts for each. `values` pages through all values.
#[graph_object]
impl ServiceFacets {
    /// By source.
    fn sources(&self, ctx: &FieldContext<'_>) -> Vec<SourceFacet> {
        let counts = self.counts.sources.iter().take(self.first);
        counts
            .filter_map(|(key, count)| {
                Some(SourceFacet { source: lookup::source(ctx, key)?, count: int(*count) })
            })
            .collect()
    }

    /// By taxonomy term. Leaves out terms that cannot be fetched.
    async fn taxonomy_terms(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(
            desc = "Only terms of this vocabulary, by its name, its URI, its id in the feed or its `id` here. Defaults to all vocabularies."
        )]
        taxonomy: Option<String>,
    ) -> Result<Vec<TaxonomyTermFacet>, ApiError> {
        known_vocabulary(&self.matching, taxonomy.as_deref())?;
        let mut facets = Vec::new();
        // Of most vocabularies not every term is wanted, so they are looked up some at a time.
        for counts in self.counts.taxonomy_terms.chunks(self.first.max(1)) {
            let terms = counts.iter().cloned().map(|(id, count)| async move {
                let term = found(ctx, &id, lookup::taxonomy_term(ctx, &id).await)?;
                Some(TaxonomyTermFacet { term, count: int(count) })
            });
            let is_wanted = |facet: &TaxonomyTermFacet| {
                taxonomy.as_deref().is_none_or(|taxonomy| facet.term.0.is_of(taxonomy))
            };
            facets.extend(join_all(terms).await.into_iter().flatten().filter(is_wanted));
            if facets.len() >= self.first {
                break;
            }
        }
        facets.truncate(self.first);
        Ok(facets)
    }

    /// By taxonomy term, counting a term once even if several sources have it. Each group contains the sources' own
    /// terms.
    async fn term_groups(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(
            desc = "Only terms of this vocabulary, by its name, its URI, its id in the feed or its `id` here. A vocabulary that many feeds share also goes by its usual names. Defaults to all vocabularies."
        )]
        taxonomy: Option<String>,
    ) -> Result<Vec<TermGroupFacet>, ApiError> {
        known_vocabulary(&self.matching, taxonomy.as_deref())?;
        term_group_facets(ctx, &self.matching, taxonomy, self.first).await
    }

    /// By any dimension of `serviceStatistics`, with paging. Leaves out services without a value.
    async fn values(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "The dimension to count by.")] of: ServiceDimension,
        #[graphql(
            desc = "Only terms of this vocabulary, by its name, its URI or its id; for TAXONOMY_TERM and TERM_GROUP. Defaults to all vocabularies."
        )]
        taxonomy: Option<String>,
        #[graphql(desc = "The order. Defaults to COUNT, most frequent first.")] order_by: Option<
            GroupOrderInput,
        >,
        #[graphql(desc = "The maximum number to return, 0 to 1000.", default = 10)] first: i32,
        #[graphql(
            desc = "Returns values after this cursor, with the same `of` and `orderBy`. Defaults to the start of the list."
        )]
        after: Option<String>,
    ) -> Result<FacetValueConnection, ApiError> {
        known_vocabulary(&self.matching, taxonomy.as_deref())?;
        let page = GroupArguments { order_by, first, after };
        facet_values(ctx, &self.matching, of, taxonomy, page).await
    }

    /// By status.
    fn statuses(&self) -> Vec<ServiceStatusFacet> {
        let counts = self.counts.statuses.iter().take(self.first);
        counts
            .map(|(status, count)| ServiceStatusFacet { status: (*status).into(), count: int(*count) })
            .collect()
    }

    /// By the days of the week on which they open within 35 days from today, Monday first.
    fn days(&self) -> Vec<DayFacet> {
        let counts = self.counts.days.iter().take(self.first);
        counts.map(|(day, count)| DayFacet { day: (*day).into(), count: int(*count) }).collect()
    }

    /// By organisation. Leaves out organisations that cannot be fetched.
    async fn organizations(&self, ctx: &FieldContext<'_>) -> Vec<OrganizationFacet> {
        let counts = self.counts.organizations.iter().take(self.first).cloned();
        let facets = counts.map(|(id, count)| async move {
            let organization = found(ctx, &id, lookup::organization(ctx, &id).await)?;
            Some(OrganizationFacet { organization, count: int(count) })
        });
        join_all(facets).await.into_iter().flatten().collect()
    }

    /// By the council area of their places, found by postcode.
    fn local_authorities(&self) -> Vec<AreaFacet> {
        let counts = self.counts.local_authorities.iter().take(self.first);
        let facet = |(area, count): &(AreaCode, usize)| AreaFacet {
            code: area.as_str().to_owned(),
            name: area.name().map(str::to_owned),
            count: int(*count),
        };
        counts.map(facet).collect()
    }

    /// By whether they are free today.
    fn free(&self) -> Vec<TriStateFacet> {
        let counts = self.counts.free.iter().take(self.first);
        counts.map(|(value, count)| TriStateFacet { value: (*value).into(), count: int(*count) }).collect()
    }
}

fn known_vocabulary(matching: &MatchingServices, taxonomy: Option<&str>) -> Result<(), ApiError> {
    let unknown = taxonomy.and_then(|name| matching.terms().unknown_vocabulary("taxonomy", name));
    ApiError::of_unknown(unknown.as_slice())
}

/// What a facet is about; where its source cannot answer for it, the list lacks it, and that is noted.
pub(super) fn found<V>(
    ctx: &FieldContext<'_>,
    id: &RecordId,
    looked_up: Result<Option<V>, ApiError>,
) -> Option<V> {
    if looked_up.is_err() {
        incomplete::note_failed(ctx, id.source());
    }
    lookup::found(looked_up)
}

/// The number of services from a source.
#[derive(GraphObject)]
pub(crate) struct SourceFacet {
    /// The source.
    source: Source,
    /// The number of services.
    count: i32,
}

/// The number of services that carry a term.
#[derive(GraphObject)]
pub(crate) struct TaxonomyTermFacet {
    /// The term.
    pub(super) term: TaxonomyTerm,
    /// The number of services.
    pub(super) count: i32,
}

/// The number of services with a status.
#[derive(GraphObject)]
pub(crate) struct ServiceStatusFacet {
    /// The status.
    status: ServiceStatus,
    /// The number of services.
    count: i32,
}

/// The number of services that open on a day.
#[derive(GraphObject)]
pub(crate) struct DayFacet {
    /// The day of the week.
    day: DayOfWeek,
    /// The number of services.
    count: i32,
}

/// The number of services an organisation runs.
#[derive(GraphObject)]
pub(crate) struct OrganizationFacet {
    /// The organisation.
    organization: Organization,
    /// The number of services.
    count: i32,
}

/// The number of services with a place in an area.
#[derive(GraphObject)]
pub(crate) struct AreaFacet {
    /// The area's ONS code.
    code: String,
    /// The area's official name, e.g. `Bristol, City of`. `null` when it is not known.
    name: Option<String>,
    /// The number of services.
    count: i32,
}

/// The number of services that do, do not, or do not say.
#[derive(GraphObject)]
pub(crate) struct TriStateFacet {
    /// The value.
    value: TriState,
    /// The number of services.
    count: i32,
}
