//! Exports: all matches of a filter as one file, streamed while they are read.
//!
//! What the status and the headers promise is decided before the first byte. A later failure breaks off the transfer,
//! so that no client takes a part for the whole.

mod address;
mod export_parameters;
mod headers;
mod index;
mod opening;
mod pieces;
mod refused;

use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveDate;
use poem::http::{StatusCode, header};
use poem::{Body, Request, Response};
use tokio::time::{Instant, timeout_at};

use super::errors::RequestFault;
use super::negotiate;
use super::parameters::TAXONOMY_TERM_ID;
use crate::admission::{AdmissionRefusal, ClientAddress, OperationAdmission};
use crate::federation::Federation;
use crate::graphql::{DemandedServices, ErrorCode, OpenExports};
use crate::model::london_today;
pub(super) use address::{EXPORT_ADDRESSES, ExportAddress, ExportFormat};
pub(super) use export_parameters::parameters_of;

use address::WantedExport;
use export_parameters::ExportQuestion;
use headers::AnnouncedExport;
use opening::ExportOpening;
use pieces::{HeldByExport, StreamedExport};
use refused::RefusedExport;

/// Serves exports.
pub(super) struct ExportEndpoint {
    opener: Arc<dyn OpenExports>,
    federation: Arc<Federation>,
    admission: Arc<OperationAdmission>,
    request_timeout: Duration,
    export_timeout: Duration,
}

impl ExportEndpoint {
    /// Creates the endpoint. An export may take `export_timeout` from its first to its last byte.
    pub(super) fn new(
        opener: Arc<dyn OpenExports>,
        federation: Arc<Federation>,
        admission: Arc<OperationAdmission>,
        request_timeout: Duration,
        export_timeout: Duration,
    ) -> Self {
        Self { opener, federation, admission, request_timeout, export_timeout }
    }

    /// Answers a request for `/export`, or an address below it.
    pub(super) async fn call(&self, rest: &str, request: &Request) -> Response {
        if rest.is_empty() || rest == "/" {
            return index::respond(request.headers()).await;
        }
        match self.export(rest, request).await {
            Ok(response) => response,
            Err(refused) => refused.respond(),
        }
    }

    async fn export(&self, rest: &str, request: &Request) -> Result<Response, RefusedExport> {
        let wanted = WantedExport::of(rest, request.headers())?;
        let query = request.uri().query().unwrap_or_default();
        let question = ExportQuestion::read(query, wanted, &self.federation)?;
        let client = request.extensions().get().copied().unwrap_or_else(ClientAddress::unknown);
        let deadline = Instant::now() + self.request_timeout;
        let answered = self.answer(&question, query, request, client, deadline);
        timeout_at(deadline, answered).await.map_err(|_| timed_out())?
    }

    async fn answer(
        &self,
        question: &ExportQuestion,
        query: &str,
        request: &Request,
        client: ClientAddress,
        deadline: Instant,
    ) -> Result<Response, RefusedExport> {
        let prepared = self.opener.prepare_export(question.wanted.list, question.filter.clone());
        let prepared = prepared.map_err(RefusedExport::ByGraph)?;
        let admitted = self.admission.admit(client, prepared.cost).await.map_err(RequestFault::refused)?;
        let (filter, terms_argument) = (question.demanded.clone(), TAXONOMY_TERM_ID.name);
        let opened = self.opener.open_export(prepared, DemandedServices { filter, terms_argument });
        let opened = opened.await.map_err(|error| RefusedExport::ByGraph(vec![error]))?;
        let opening = ExportOpening { opened, question, federation: &self.federation, today: self.today() };
        let (pieces, announced) = opening.begin()?;
        if question.must_be_complete && !announced.incomplete.is_empty() {
            return Err(incomplete(&announced).into());
        }
        let etag = announced.etag(question, query);
        if announced.is_current(&etag, request.headers()) {
            return Ok(announced.not_modified(question, &etag));
        }
        let is_gzip = negotiate::accepts_gzip(request.headers());
        let place = timeout_at(deadline, self.admission.hold_export(client)).await.map_err(|_| too_many())?;
        let lane = self.admission.lane(client);
        let until = Instant::now() + self.export_timeout;
        let held = HeldByExport { admitted, place, working: request.extensions().get().cloned() };
        let streamed = StreamedExport::new(pieces, is_gzip, lane, until, held);
        let mut response = announced.response(question, &etag, is_gzip);
        response.set_body(Body::from_bytes_stream(streamed.into_stream()));
        Ok(response)
    }

    fn today(&self) -> NaiveDate {
        london_today(self.federation.clock().now())
    }
}

fn timed_out() -> RefusedExport {
    let message = "the export could not begin within the time allowed; narrow it down with a filter";
    RequestFault::new(StatusCode::GATEWAY_TIMEOUT, ErrorCode::Timeout, message).into()
}

fn too_many() -> RefusedExport {
    let message = "too many exports are running; try again when one has ended";
    RequestFault::new(StatusCode::TOO_MANY_REQUESTS, ErrorCode::RateLimited, message)
        .header(header::RETRY_AFTER, AdmissionRefusal::RETRY_AFTER.as_secs().into())
        .into()
}

fn incomplete(announced: &AnnouncedExport) -> RequestFault {
    let sources = announced.incomplete.iter().map(|(key, status)| format!("`{key}` is {status}"));
    let sources = sources.collect::<Vec<_>>().join(", ");
    let message =
        format!("the export would not be complete, and `require_complete` asks for that: {sources}");
    RequestFault::new(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::SourceUnavailable, message)
        .about("require_complete")
}
