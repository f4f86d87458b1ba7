//! CORS: which other sites' pages may send requests.
//!
//! Our own, because the framework's returns 401 to an origin that is not listed, and replaces `vary`.

use poem::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use poem::{Request, Response};

/// The response headers that pages may read.
const EXPOSED: &str = "x-request-id, age, etag, link, content-disposition, x-complete, x-incomplete-sources, \
                       x-data-version, x-total-count";

/// The origins allowed.
pub(super) enum CrossOrigin {
    /// Any origin: the data is open, and no credentials are used.
    Any,
    /// These origins.
    Listed(Vec<String>),
}

impl CrossOrigin {
    /// Reads the configured list; `*` in it means all.
    pub(super) fn new(origins: &[String]) -> Self {
        if origins.iter().any(|origin| origin == "*") {
            return Self::Any;
        }
        Self::Listed(origins.iter().map(|origin| origin.trim_end_matches('/').to_owned()).collect())
    }

    /// Returns the response to a preflight request, or `None` if the request is not one.
    pub(super) fn preflight(&self, request: &Request) -> Option<Response> {
        let headers = request.headers();
        let asks = request.method() == Method::OPTIONS
            && headers.contains_key(header::ORIGIN)
            && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
        if !asks {
            return None;
        }
        let mut response = Response::builder().status(StatusCode::NO_CONTENT).finish();
        let answer = response.headers_mut();
        answer.insert(
            header::VARY,
            HeaderValue::from_static("access-control-request-method, access-control-request-headers"),
        );
        if self.allows(headers.get(header::ORIGIN)) {
            let methods = HeaderValue::from_static("GET, HEAD, POST, OPTIONS");
            answer.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
            if let Some(wanted) = headers.get(header::ACCESS_CONTROL_REQUEST_HEADERS) {
                answer.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, wanted.clone());
            }
            answer.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
        }
        Some(response)
    }

    /// Adds the CORS headers to a response.
    pub(super) fn mark(&self, origin: Option<&HeaderValue>, answer: &mut HeaderMap) {
        if let Self::Listed(_) = self {
            answer.append(header::VARY, HeaderValue::from_static("origin"));
        }
        let Some(origin) = origin.filter(|origin| self.allows(Some(origin))) else { return };
        let allowed = match self {
            Self::Any => HeaderValue::from_static("*"),
            Self::Listed(_) => origin.clone(),
        };
        answer.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, allowed);
        let exposed = HeaderValue::from_static(EXPOSED);
        answer.insert(header::ACCESS_CONTROL_EXPOSE_HEADERS, exposed);
    }

    fn allows(&self, origin: Option<&HeaderValue>) -> bool {
        match self {
            Self::Any => true,
            Self::Listed(origins) => {
                origins.iter().any(|listed| origin.is_some_and(|origin| origin == listed))
            }
        }
    }
}
