//! The description of all exports: their addresses, parameters and columns. Responses link to it.

use std::sync::LazyLock;

use poem::Response;
use poem::http::HeaderMap;
use serde_json::{Value, json};

use super::address::{EXPORT_ADDRESSES, ExportAddress};
use super::export_parameters::parameters_of;
use crate::graphql::ExportedList;
use crate::http::content::ResponseContent;
use crate::http::negotiate::MediaType;
use crate::http::response::{self, ResponseForm};
use crate::writers::{ExportRow, LocationRow, OrganizationRow, ServiceRow, TermRow, all_columns};

static INDEX: LazyLock<ResponseContent> = LazyLock::new(|| {
    let lists: Vec<Value> = EXPORT_ADDRESSES.iter().map(described).collect();
    ResponseContent::new(MediaType::Json.content_type(), json!({ "exports": lists }).to_string())
});

/// Responds with the description.
pub(super) async fn respond(request: &HeaderMap) -> Response {
    response::send(&INDEX, request, ResponseForm::plainly(&INDEX, "public, max-age=300")).await
}

fn described(address: &ExportAddress) -> Value {
    let name = address.list.as_str();
    let files: Vec<Value> = address
        .formats
        .iter()
        .map(|format| {
            let parameters = parameters_of(address.list, *format).into_iter().map(|parameter| {
                json!({
                    "name": parameter.name,
                    "description": parameter.description,
                    "schema": parameter.form.schema(),
                    "example": parameter.example,
                })
            });
            json!({
                "address": format!("/export/{name}.{}", format.suffix()),
                "type": format.content_type(),
                "parameters": parameters.collect::<Vec<_>>(),
            })
        })
        .collect();
    json!({
        "list": name,
        "address": format!("/export/{name}"),
        "summary": address.summary,
        "filter": format!("the input type `{}` of the GraphQL schema", address.list.filter_type()),
        "files": files,
        "columns": match address.list {
            ExportedList::Services => columns::<ServiceRow>(),
            ExportedList::Organizations => columns::<OrganizationRow>(),
            ExportedList::Locations => columns::<LocationRow>(),
            ExportedList::TaxonomyTerms => columns::<TermRow>(),
        },
    })
}

fn columns<R: ExportRow>() -> Vec<Value> {
    all_columns::<R>()
        .map(|column| json!({ "name": column.name, "description": column.description }))
        .collect()
}
