//! Refused exports: faults found here, and errors of the graph in its own words.

use async_graphql::{ServerError, Value as GraphValue};
use poem::http::StatusCode;
use poem::{Body, Response};
use serde_json::{Value, json};

use crate::graphql::ErrorCode;
use crate::http::errors::{self, RequestFault};
use crate::http::negotiate::MediaType;

/// Why a request for an export is refused.
#[derive(Debug)]
pub(super) enum RefusedExport {
    /// The request is at fault, or too much is in progress.
    ByUs(Box<RequestFault>),
    /// The graph refuses the filter.
    ByGraph(Vec<ServerError>),
}

impl From<RequestFault> for RefusedExport {
    fn from(fault: RequestFault) -> Self {
        Self::ByUs(Box::new(fault))
    }
}

impl RefusedExport {
    /// Returns the response.
    pub(super) fn respond(self) -> Response {
        let content_type = MediaType::Json.content_type();
        let graph_errors = match self {
            Self::ByUs(fault) => return fault.respond(content_type),
            Self::ByGraph(graph_errors) => graph_errors,
        };
        let code = graph_errors.first().and_then(code_of).unwrap_or(ErrorCode::InternalServerError);
        let told: Vec<Value> = graph_errors.iter().map(told).collect();
        let status = if code == ErrorCode::InternalServerError {
            StatusCode::INTERNAL_SERVER_ERROR
        } else {
            StatusCode::BAD_REQUEST
        };
        // The same headers as for any refusal, with the graph's own error messages.
        let mut response = RequestFault::new(status, code, "").respond(content_type);
        graph_errors.iter().skip(1).filter_map(code_of).for_each(errors::count);
        response.set_body(Body::from_string(json!({ "errors": told }).to_string()));
        response
    }
}

fn told(error: &ServerError) -> Value {
    let mut extensions = serde_json::to_value(&error.extensions).unwrap_or_default();
    if let Some(members) = extensions.as_object_mut()
        && !members.contains_key("argument")
    {
        members.insert("argument".to_owned(), "filter".into());
    }
    json!({ "message": error.message, "extensions": extensions })
}

fn code_of(error: &ServerError) -> Option<ErrorCode> {
    match error.extensions.as_ref()?.get("code")? {
        GraphValue::String(code) => ErrorCode::parse(code),
        _ => None,
    }
}
