//! Facets: how many of the services found say what.

use async_graphql::{Context, Object, SelectionField, SimpleObject};
use futures_util::future::join_all;

use super::{DayOfWeek, List, Organization, ServiceStatus, Source, TaxonomyTerm, TriState};
use crate::federation::{FacetCounts, FacetsWanted};
use crate::graphql::error::ApiError;
use crate::graphql::scalars::int;
use crate::graphql::{incomplete, lookup};
use crate::model::{AreaCode, RecordId};

/// What the client asks to be counted.
pub(super) fn wanted(ctx: &Context<'_>) -> FacetsWanted {
    let facets = ctx.look_ahead().field("facets");
    let asked = |name| facets.field(name).exists();
    let terms = facets.field("taxonomyTerms").selection_fields();
    let is_of_one_vocabulary =
        |terms: &SelectionField<'_>| terms.arguments().is_ok_and(|given| !given.is_empty());
    FacetsWanted {
        sources: asked("sources"),
        taxonomy_terms: asked("taxonomyTerms"),
        all_terms: terms.iter().any(is_of_one_vocabulary),
        statuses: asked("statuses"),
        days: asked("days"),
        organizations: asked("organizations"),
        local_authorities: asked("localAuthorities"),
        free: asked("free"),
    }
}

/// How many of the services found say what.
pub(crate) struct ServiceFacets {
    counts: FacetCounts,
    first: usize,
}

impl ServiceFacets {
    pub(super) fn new(counts: &FacetCounts, first: i32) -> Result<Self, ApiError> {
        let most = FacetCounts::MOST;
        match usize::try_from(first) {
            Ok(first) if (1..=most).contains(&first) => Ok(Self { counts: counts.clone(), first }),
            _ => Err(ApiError::bad_input(format!("`facets.first` must be 1 to {most}"))),
        }
    }
}

/// How many of the services found say what: the most frequent first. A service that says several things of a kind
/// counts for each.
#[Object]
impl ServiceFacets {
    /// By source.
    async fn sources(&self, ctx: &Context<'_>) -> List<SourceFacet> {
        let counts = self.counts.sources.iter().take(self.first);
        counts
            .filter_map(|(key, count)| {
                Some(SourceFacet { source: lookup::source(ctx, key)?, count: int(*count) })
            })
            .collect()
    }

    /// By taxonomy term. Terms that their source cannot answer for are left out.
    async fn taxonomy_terms(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "Only terms of this vocabulary, by its name, its URI, its id in the feed or its `id` here. Null means all."
        )]
        taxonomy: Option<String>,
    ) -> List<TaxonomyTermFacet> {
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
        facets.into()
    }

    /// By status.
    async fn statuses(&self) -> List<ServiceStatusFacet> {
        let counts = self.counts.statuses.iter().take(self.first);
        counts
            .map(|(status, count)| ServiceStatusFacet { status: (*status).into(), count: int(*count) })
            .collect()
    }

    /// By the days of the week on which they open within 35 days from today on; Monday first.
    async fn days(&self) -> List<DayFacet> {
        let counts = self.counts.days.iter().take(self.first);
        counts.map(|(day, count)| DayFacet { day: (*day).into(), count: int(*count) }).collect()
    }

    /// By organisation. Organisations that their source cannot answer for are left out.
    async fn organizations(&self, ctx: &Context<'_>) -> List<OrganizationFacet> {
        let counts = self.counts.organizations.iter().take(self.first).cloned();
        let facets = counts.map(|(id, count)| async move {
            let organization = found(ctx, &id, lookup::organization(ctx, &id).await)?;
            Some(OrganizationFacet { organization, count: int(count) })
        });
        join_all(facets).await.into_iter().flatten().collect()
    }

    /// By council area of their places, as far as postcodes tell.
    async fn local_authorities(&self) -> List<AreaFacet> {
        let counts = self.counts.local_authorities.iter().take(self.first);
        let facet = |(area, count): &(AreaCode, usize)| AreaFacet {
            code: area.as_str().to_owned(),
            name: area.name().map(str::to_owned),
            count: int(*count),
        };
        counts.map(facet).collect()
    }

    /// By whether they are free today.
    async fn free(&self) -> List<TriStateFacet> {
        let counts = self.counts.free.iter().take(self.first);
        counts.map(|(value, count)| TriStateFacet { value: (*value).into(), count: int(*count) }).collect()
    }
}

/// What a facet is about; where its source cannot answer for it, the list lacks it, and that is noted.
fn found<V>(ctx: &Context<'_>, id: &RecordId, looked_up: Result<Option<V>, ApiError>) -> Option<V> {
    if looked_up.is_err() {
        incomplete::note_failed(ctx, id.source());
    }
    lookup::found(looked_up)
}

/// How many services are of a source.
#[derive(SimpleObject)]
pub(crate) struct SourceFacet {
    /// The source.
    source: Source,
    /// How many services.
    count: i32,
}

/// How many services carry a term.
#[derive(SimpleObject)]
pub(crate) struct TaxonomyTermFacet {
    /// The term.
    term: TaxonomyTerm,
    /// How many services.
    count: i32,
}

/// How many services have a status.
#[derive(SimpleObject)]
pub(crate) struct ServiceStatusFacet {
    /// The status.
    status: ServiceStatus,
    /// How many services.
    count: i32,
}

/// How many services open on a day.
#[derive(SimpleObject)]
pub(crate) struct DayFacet {
    /// The day of the week.
    day: DayOfWeek,
    /// How many services.
    count: i32,
}

/// How many services an organisation runs.
#[derive(SimpleObject)]
pub(crate) struct OrganizationFacet {
    /// The organisation.
    organization: Organization,
    /// How many services.
    count: i32,
}

/// How many services have a place in an area.
#[derive(SimpleObject)]
pub(crate) struct AreaFacet {
    /// The area's code in the national statistics.
    code: String,
    /// What the national statistics call it, e.g. `Bristol, City of`. Null where it is not known.
    name: Option<String>,
    /// How many services.
    count: i32,
}

/// How many services do, do not, or do not say.
#[derive(SimpleObject)]
pub(crate) struct TriStateFacet {
    /// Which of these.
    value: TriState,
    /// How many services.
    count: i32,
}
