//! Answers `services`, of the root and of records that have services.

use crate::federation::ServiceQuery;
use crate::graphql::context::FieldContext;
use crate::graphql::error::ApiError;
use crate::graphql::input::{ServiceFilterInput, ServiceOrderInput};
use crate::graphql::paging::PageArguments;
use crate::graphql::types::{NothingFound, ServiceConnection, facets_wanted, grids_wanted};
use crate::graphql::{detail, incomplete, selected_rows};
use crate::model::{RecordKind, ServiceFilter};

/// Returns the services that match the client's filter and the filter of the field itself.
pub(crate) async fn services(
    ctx: &FieldContext<'_>,
    asked: Option<ServiceFilterInput>,
    order: Option<ServiceOrderInput>,
    demanded: Option<ServiceFilter>,
    page: PageArguments,
) -> Result<ServiceConnection, ApiError> {
    let asked = asked.unwrap_or_default();
    ctx.knowing_names(asked.names_a_place()).await;
    let asked = asked.into_filter(ctx)?;
    let order = order.map_or_else(|| asked.natural_order(), Into::into);
    let page = page.page(ctx, RecordKind::Service, order)?;
    let filter = match demanded.clone() {
        Some(demanded) => ServiceFilter { and: vec![asked.clone()], ..demanded },
        None => asked.clone(),
    };
    let texts = filter.texts().cloned().collect();
    let (wanted, facets, grids) = (detail::of_services(ctx.field()), facets_wanted(ctx), grids_wanted(ctx));
    let (unknown, shape) = (selected_rows::ask_for_unknown(ctx.field()), selected_rows::shape(ctx.field()));
    let query = ServiceQuery { filter, order, page, wanted, facets, grids, unknown, shape };
    let found = ctx.federation().services.find(&query, ctx.searching().await).await;
    incomplete::note(ctx, &found.connection.reports);
    ApiError::of_unknown(&found.unknown_terms)?;
    let found_nothing = found.connection.total_count == 0 && found.connection.is_complete();
    let nothing =
        (found_nothing && asked != ServiceFilter::default()).then_some(NothingFound { asked, demanded });
    Ok(ServiceConnection::new(found, texts, nothing))
}
