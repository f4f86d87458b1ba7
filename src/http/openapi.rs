//! The OpenAPI 3.1 description of every address, at `/openapi.json`.
//!
//! It is generated from the declarations that requests are read by: the parameter tables, the kinds of records and the
//! settings. A test compares it with the routes, in both directions.

mod addresses;
mod exports;
mod schemas;

use serde_json::{Map, Value, json};

use super::HttpSettings;
use super::parameters::QueryParameter;
use addresses::{DescribedAddress, DescribedAnswer};

#[cfg(test)]
pub(super) use addresses::labels;

/// Returns the description.
pub(super) fn document(settings: &HttpSettings) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for address in addresses::all(settings) {
        let item = paths.entry(address.path.clone()).or_insert_with(|| json!({}));
        if let Some(item) = item.as_object_mut() {
            item.insert(address.method.to_owned(), operation(&address));
        }
    }
    let server = settings.public_url.as_ref().map_or("/", |url| url.as_str());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "oruk-gateway",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "One graph, and one feed in the form of Open Referral UK 3.0, over many feeds of services. \
                            Parameters are read strictly: one that an address does not have, that is repeated, or whose \
                            value does not fit is refused with status 400 and its name.",
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": server }],
        "tags": [
            { "name": "graphql", "description": "The graph over all sources." },
            { "name": "feed", "description": "The merged catalogue as one Open Referral UK 3.0 feed." },
            { "name": "exports", "description": "All that matches a filter as one file." },
            { "name": "operations", "description": "For those who run the gateway." },
        ],
        "paths": paths,
        "components": { "schemas": schemas::all(), "responses": refusals() },
    })
}

fn operation(address: &DescribedAddress) -> Value {
    let mut responses = Map::new();
    for answered in &address.answers {
        responses.insert(answered.status.to_string(), response(answered));
    }
    for status in &address.refusals {
        responses.insert(status.to_string(), json!({ "$ref": format!("#/components/responses/{status}") }));
    }
    let id = address.path.split_once('{').and_then(|(_, rest)| rest.split_once('}')).map(|(name, _)| name);
    let of_path = id.map(|name| {
        let description = if name == "id" { "The `id` of the record, in the feed or in the graph." } else { "A name." };
        json!({ "name": name, "in": "path", "required": true, "description": description, "schema": { "type": "string" } })
    });
    let parameters = of_path.into_iter().chain(address.parameters.iter().map(|one| parameter(one)));
    let parameters: Vec<Value> = parameters.chain(address.other_parameters.iter().cloned()).collect();
    let mut operation = json!({
        "operationId": address.operation,
        "tags": [address.tag],
        "x-route": address.label,
        "summary": address.summary,
        "parameters": parameters,
        "responses": responses,
    });
    if let (Some(members), Some(body)) = (operation.as_object_mut(), &address.body) {
        let content = json!({ "application/json": { "schema": body } });
        members.insert("requestBody".to_owned(), json!({ "required": true, "content": content }));
    }
    operation
}

/// Describes a query parameter from its declaration.
fn parameter(parameter: &QueryParameter) -> Value {
    let mut said = json!({
        "name": parameter.name,
        "in": "query",
        "required": false,
        "description": parameter.description,
        "schema": parameter.form.schema(),
        "example": parameter.example,
    });
    if parameter.form.is_list()
        && let Some(members) = said.as_object_mut()
    {
        members.insert("style".to_owned(), "form".into());
        members.insert("explode".to_owned(), false.into());
        members.insert("example".to_owned(), parameter.example.split(',').collect());
    }
    said
}

fn response(answered: &DescribedAnswer) -> Value {
    let mut content = Map::new();
    for media_type in answered.media_types {
        content.insert((*media_type).to_owned(), json!({ "schema": answered.schema }));
    }
    let mut said = json!({ "description": answered.description });
    if let Some(members) = said.as_object_mut()
        && !content.is_empty()
    {
        members.insert("content".to_owned(), content.into());
    }
    said
}

/// Describes the responses to refused requests, which are the same at every address.
fn refusals() -> Value {
    let refusal = |description: &str| {
        let content = json!({ "application/json": { "schema": { "$ref": "#/components/schemas/Errors" } } });
        json!({ "description": description, "content": content })
    };
    json!({
        "304": { "description": "The client's copy, named by `if-none-match`, is current." },
        "400": refusal("A parameter or the request is wrong; the error names it."),
        "404": refusal("There is no such record, or no such address."),
        "406": refusal("The list is exported in none of the formats that `accept` names."),
        "410": refusal("The edition is not kept any more."),
        "414": refusal("The URL is too long."),
        "429": refusal("Too many of the client's requests are waiting, or it has spent its points; see `retry-after`."),
        "503": refusal("The gateway is overloaded, or the record's source is unavailable."),
        "504": refusal("There was no answer within the time limit."),
    })
}
