//! The merged feed at `/oruk/v3`, in the form of Open Referral UK 3.0.
//!
//! `federation` knows what is in it, and `writers::oruk` how records are written. This module has the addresses,
//! parameters and pages.

mod address;
mod envelope;
mod lists;
mod record;
mod root;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::FutureExt as _;
use poem::http::{HeaderMap, HeaderName, HeaderValue};
use poem::{Request, Response};
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::HttpSettings;
use super::content::ResponseContent;
use super::errors::RequestFault;
use super::negotiate::MediaType;
use super::response::{self, ResponseForm};
use crate::admission::{
    AdmittedOperation, ClientAddress, OperationAdmission, OperationLoad, TooHeavy, hold_large,
};
use crate::federation::{Federation, QueryContext};
use crate::model::{RecordOrigin, SourceKey};

pub(super) use address::{FeedAddress, PREFIX, list_name};
pub(super) use lists::list_parameters;

/// The merged feed.
pub(super) struct MergedFeed {
    federation: Arc<Federation>,
    admission: Arc<OperationAdmission>,
    request_timeout: Duration,
    max_query: usize,
    public_url: Option<Url>,
}

/// A response, written but not sent.
struct WrittenAnswer {
    body: Vec<u8>,
    cache_control: HeaderValue,
    headers: Vec<(HeaderName, HeaderValue)>,
}

/// Responses of more bytes than this wait for one of a few places.
const LARGE: usize = 256 << 10;
/// The points that a response costs, and each record in it: about as much as a query for most of a record's fields.
const COST: usize = 20;
const COST_OF_RECORD: usize = 20;

impl MergedFeed {
    pub(super) fn new(
        federation: Arc<Federation>,
        admission: Arc<OperationAdmission>,
        settings: &HttpSettings,
    ) -> Self {
        let (request_timeout, max_query) = (settings.request_timeout, settings.max_body);
        Self { federation, admission, request_timeout, max_query, public_url: settings.public_url.clone() }
    }

    /// Answers a GET or HEAD request.
    pub(super) async fn answer(&self, address: FeedAddress<'_>, request: &Request) -> Response {
        let deadline = Instant::now() + self.request_timeout;
        let answered = timeout_at(deadline, self.admitted(address, request)).await;
        let answered = answered.unwrap_or_else(|_| Err(RequestFault::timed_out()));
        answered.unwrap_or_else(|fault| fault.respond(MediaType::Json.content_type()))
    }

    async fn admitted(&self, address: FeedAddress<'_>, request: &Request) -> Result<Response, RequestFault> {
        let query = request.uri().query().unwrap_or_default();
        if query.len() > self.max_query {
            return Err(RequestFault::too_long(self.max_query, "ask with fewer parameters"));
        }
        let client = request.extensions().get().copied().unwrap_or_else(ClientAddress::unknown);
        let asked = address.read(query)?;
        let cost = COST + COST_OF_RECORD * asked.size();
        let mut admitted = self.admission.admit(client, cost).await.map_err(RequestFault::refused)?;
        let write = || self.written(&asked, request, client);
        let mut written = write().await?;
        if written.body.len() > LARGE {
            // The response is dropped while it waits for a place, because many may wait.
            let place = match hold_large().now_or_never() {
                Some(place) => place,
                None => {
                    drop(written);
                    let place = hold_large().await;
                    written = write().await?;
                    place
                }
            };
            place.into_iter().for_each(|place| admitted.keep(Arc::new(place)));
        }
        Ok(send(written, request.headers(), admitted).await)
    }

    /// Writes a response. Starts again if there was no memory for what it holds.
    async fn written(
        &self,
        asked: &address::FeedAsked<'_>,
        request: &Request,
        client: ClientAddress,
    ) -> Result<WrittenAnswer, RequestFault> {
        let mut load = OperationLoad::begin();
        loop {
            let asking = QueryContext::with(load);
            let heavy: TooHeavy = tokio::select! {
                biased;
                written = self.write(asked, request, client, &asking) => return written,
                heavy = asking.too_heavy() => heavy,
            };
            drop(asking);
            load = heavy.wait().await;
        }
    }

    async fn write(
        &self,
        asked: &address::FeedAsked<'_>,
        request: &Request,
        client: ClientAddress,
        asking: &QueryContext,
    ) -> Result<WrittenAnswer, RequestFault> {
        match asked {
            address::FeedAsked::Root => Ok(self.root(request)),
            address::FeedAsked::List(list) => self.list(list, client, asking).await,
            address::FeedAsked::Record(kind, id) => self.record(*kind, id, asking).await,
        }
    }

    /// Returns how the sources of some records are named as their publishers.
    fn publishers<'k>(
        &self,
        sources: impl Iterator<Item = &'k SourceKey>,
    ) -> HashMap<SourceKey, RecordOrigin> {
        let mut publishers = HashMap::new();
        for key in sources {
            if !publishers.contains_key(key)
                && let Some(publisher) = self.federation.publisher(key)
            {
                publishers.insert(key.clone(), publisher);
            }
        }
        publishers
    }
}

async fn send(written: WrittenAnswer, request: &HeaderMap, admitted: AdmittedOperation) -> Response {
    let WrittenAnswer { body, cache_control, headers } = written;
    let content = ResponseContent::new("application/json; charset=utf-8", body);
    let sending =
        ResponseForm { cache_control, held: vec![admitted], ..ResponseForm::plainly(&content, "no-store") };
    let mut response = response::send(&content, request, sending).await;
    for (name, value) in headers {
        response.headers_mut().append(name, value);
    }
    response
}
