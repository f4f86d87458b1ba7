//! One record, by its id.

use poem::http::{StatusCode, header};
use uuid::Uuid;

use super::address::list_name;
use super::{MergedFeed, PREFIX, RequestFault, WrittenAnswer};
use crate::admission::AdmissionRefusal;
use crate::federation::{QueryContext, SourceUnavailable};
use crate::graphql::ErrorCode;
use crate::http::caching;
use crate::model::{NodeId, RecordKind};
use crate::writers::oruk;

impl MergedFeed {
    pub(super) async fn record(
        &self,
        kind: RecordKind,
        id: &str,
        asking: &QueryContext,
    ) -> Result<WrittenAnswer, RequestFault> {
        let id = match (Uuid::try_parse(id), NodeId::parse(id)) {
            (Ok(uuid), _) => self
                .federation
                .editions
                .published_as(kind, uuid, asking)
                .await
                .ok_or_else(|| missing(kind))?,
            (_, Ok(NodeId::Record(id))) if id.kind() == kind => id,
            _ => return Err(missing(kind)),
        };
        if !self.federation.is_published(id.source()) {
            return Err(missing(kind));
        }
        let found = self.federation.records.full(&id, asking).await.map_err(unavailable)?;
        let record = found.ok_or_else(|| missing(kind))?;
        asking.hold(record.weight()).await;
        let publisher = self.federation.publisher(id.source()).unwrap_or_default();
        let mut body = Vec::with_capacity(8 << 10);
        // Our records always serialise, and writing to memory cannot fail.
        let _ = serde_json::to_writer(&mut body, &oruk::record(&record, &publisher));
        let freshness = asking.freshness().into();
        let age = (header::AGE, caching::age(freshness));
        Ok(WrittenAnswer {
            body,
            cache_control: caching::cache_control(freshness, false),
            headers: vec![age],
        })
    }
}

fn missing(kind: RecordKind) -> RequestFault {
    let message = format!(
        "no record of this feed has this id; see {PREFIX}/{} for those that have, and {PREFIX}/ for sources left out",
        list_name(kind)
    );
    RequestFault::new(StatusCode::NOT_FOUND, ErrorCode::BadUserInput, message)
}

fn unavailable(SourceUnavailable { source, error }: SourceUnavailable) -> RequestFault {
    let message = format!("source `{source}` is unavailable and the record is not cached: {}", error.message);
    RequestFault::new(StatusCode::SERVICE_UNAVAILABLE, ErrorCode::SourceUnavailable, message)
        .header(header::RETRY_AFTER, AdmissionRefusal::RETRY_AFTER.as_secs().into())
}
