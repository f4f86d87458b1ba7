//! Exports everything that a filter matches. The graph's own input types read the filters, so that they have the same
//! meaning and the same errors.

use std::sync::Arc;

use async_graphql::{InputType, Request, ServerError, Value, Variables};
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;

use super::context::FieldContext;
use super::documents::PlannedOperation;
use super::error::ApiError;
use super::graph::ServiceGraph;
use super::input::{
    LocationFilterInput, OrganizationFilterInput, ServiceFilterInput, TaxonomyTermFilterInput,
};
use super::operation::RunningOperation;
use super::walk::Reached;
use crate::admission::OperationLoad;
use crate::federation::RecordExport;
use crate::model::{Location, Organization, Service, ServiceFilter, TaxonomyTerm};

/// The cost in points of reading and writing a batch, without the search: the price of a page of full services.
const BATCH: usize = 2_000;

/// The lists that can be exported.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is the list of that name at the root of the graph")]
pub enum ExportedList {
    Services,
    Organizations,
    Locations,
    TaxonomyTerms,
}

/// An export that is within the limits and has not read anything yet.
#[derive(Debug)]
pub struct PreparedExport {
    list: ExportedList,
    planned: PlannedOperation,
    /// The cost in points while it runs.
    pub cost: usize,
}

/// Conditions on services in addition to the filter of the graph.
#[derive(Clone, Debug, Default)]
pub struct DemandedServices {
    /// The conditions.
    pub filter: ServiceFilter,
    /// The name of the parameter with its terms, for error messages.
    pub terms_argument: &'static str,
}

/// An export in progress.
#[expect(missing_docs, reason = "each is the list of that name at the root of the graph")]
pub enum OpenedExport {
    Services(RecordExport<Service>),
    Organizations(RecordExport<Organization>),
    Locations(RecordExport<Location>),
    TaxonomyTerms(RecordExport<TaxonomyTerm>),
}

/// Opens exports, for the HTTP room.
pub trait OpenExports: Send + Sync + 'static {
    /// Reads a filter as the variable `$filter` of a query, without reading data.
    ///
    /// # Errors
    /// Returns an error if the filter does not fit the list's input type.
    fn prepare_export(
        &self,
        list: ExportedList,
        filter: serde_json::Value,
    ) -> Result<PreparedExport, Vec<ServerError>>;

    /// Finds the matches. Services must also meet `demanded`.
    ///
    /// # Errors
    /// Returns an error if the filter names a source, term or place that does not exist.
    fn open_export(
        &self,
        prepared: PreparedExport,
        demanded: DemandedServices,
    ) -> BoxFuture<'_, Result<OpenedExport, ServerError>>;
}

impl ExportedList {
    /// All lists.
    pub const ALL: [Self; 4] = [Self::Services, Self::Organizations, Self::Locations, Self::TaxonomyTerms];

    /// Returns the list's name in the standard and in URLs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Services => "services",
            Self::Organizations => "organizations",
            Self::Locations => "locations",
            Self::TaxonomyTerms => "taxonomy_terms",
        }
    }

    /// Returns the name of the filter's input type.
    pub fn filter_type(self) -> &'static str {
        match self {
            Self::Services => "ServiceFilter",
            Self::Organizations => "OrganizationFilter",
            Self::Locations => "LocationFilter",
            Self::TaxonomyTerms => "TaxonomyTermFilter",
        }
    }

    /// Returns the query that an export of the list runs.
    fn query(self) -> &'static str {
        match self {
            Self::Services => "query($filter: ServiceFilter) { services(filter: $filter) { complete } }",
            Self::Organizations => {
                "query($filter: OrganizationFilter) { organizations(filter: $filter) { complete } }"
            }
            Self::Locations => "query($filter: LocationFilter) { locations(filter: $filter) { complete } }",
            Self::TaxonomyTerms => {
                "query($filter: TaxonomyTermFilter) { taxonomyTerms(filter: $filter) { complete } }"
            }
        }
    }
}

impl OpenExports for ServiceGraph {
    fn prepare_export(
        &self,
        list: ExportedList,
        filter: serde_json::Value,
    ) -> Result<PreparedExport, Vec<ServerError>> {
        let variables = Variables::from_json(serde_json::json!({ "filter": filter }));
        let (planned, cost) = self.plan(Request::new(list.query()).variables(variables))?;
        Ok(PreparedExport { list, planned, cost: cost + BATCH })
    }

    fn open_export(
        &self,
        prepared: PreparedExport,
        demanded: DemandedServices,
    ) -> BoxFuture<'_, Result<OpenedExport, ServerError>> {
        async move {
            let PreparedExport { list, planned, .. } = prepared;
            let operation =
                RunningOperation::begin(Arc::clone(self.surroundings()), &planned, OperationLoad::begin());
            tokio::select! {
                biased;
                opened = opened(list, demanded, &operation, &planned) => opened.map_err(|error| error.told()),
                refusal = operation.budget().ended() => Err(refusal),
            }
        }
        .boxed()
    }
}

async fn opened(
    list: ExportedList,
    demanded: DemandedServices,
    operation: &RunningOperation,
    planned: &PlannedOperation,
) -> Result<OpenedExport, ApiError> {
    let Some(field) = planned.plan.fields.first() else {
        return Err(ApiError::Internal("the query of an export has no field"));
    };
    let reached = Reached::default();
    let ctx = &FieldContext::new(operation, field, &[], &reached);
    let federation = ctx.federation();
    let given = field.arguments.iter().find_map(|argument| argument.value(operation.variables()));
    match list {
        ExportedList::Services => opened_services(ctx, read(given)?, demanded).await,
        ExportedList::Organizations => {
            let filter: OrganizationFilterInput = read(given)?;
            let filter = filter.into_filter(ctx)?;
            let export = federation.lists.export_organizations(&filter, ctx.searching().await).await;
            Ok(OpenedExport::Organizations(export))
        }
        ExportedList::Locations => {
            let filter: LocationFilterInput = read(given)?;
            ctx.knowing_names(filter.names_a_place()).await;
            let filter = filter.into_filter(ctx)?;
            let export = federation.lists.export_locations(&filter, ctx.searching().await).await;
            Ok(OpenedExport::Locations(export))
        }
        ExportedList::TaxonomyTerms => {
            let filter: Option<TaxonomyTermFilterInput> = read(given)?;
            let filter = filter.map(|filter| filter.into_filter(ctx)).transpose()?.unwrap_or_default();
            let asking = ctx.searching().await;
            let export = federation.lists.export_taxonomy_terms(&filter, asking).await;
            if export.total == 0 {
                let unknown = federation.lists.unknown_of_terms(&filter, &export.reports, asking).await;
                ApiError::of_unknown(&unknown)?;
            }
            Ok(OpenedExport::TaxonomyTerms(export))
        }
    }
}

async fn opened_services(
    ctx: &FieldContext<'_>,
    filter: ServiceFilterInput,
    demanded: DemandedServices,
) -> Result<OpenedExport, ApiError> {
    ctx.knowing_names(filter.names_a_place()).await;
    let asked = filter.into_filter(ctx)?;
    let asks_for_terms = asked.asks_for_terms();
    let filter = demanded.beside(asked);
    let (export, mut unknown) = ctx.federation().services.export(&filter, ctx.searching().await).await;
    for one in unknown.iter_mut().filter(|_| !asks_for_terms) {
        demanded.terms_argument.clone_into(&mut one.argument);
    }
    ApiError::of_unknown(&unknown)?;
    Ok(OpenedExport::Services(export))
}

impl DemandedServices {
    /// Adds these conditions to a filter, if there are any.
    fn beside(&self, mut asked: ServiceFilter) -> ServiceFilter {
        if self.filter != ServiceFilter::default() {
            asked.and.push(self.filter.clone());
        }
        asked
    }
}

/// Reads a validated filter. A missing filter has no conditions.
fn read<T: InputType>(given: Option<Value>) -> Result<T, ApiError> {
    let given =
        given.filter(|value| *value != Value::Null).unwrap_or_else(|| Value::Object(Default::default()));
    let read = T::parse(Some(given));
    read.map_err(|error| ApiError::bad_input(error.into_server_error(async_graphql::Pos::default()).message))
}
