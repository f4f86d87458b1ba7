//! Where a record came from.

use crate::graphql::context::FieldContext;
use oruk_gateway_derive::graph_object;
use std::borrow::Cow;
use std::sync::Arc;

use futures_util::future::join_all;

use super::{IssueSeverity, Source};
use crate::graphql::error::ApiError;
use crate::graphql::lookup;
use crate::graphql::scalars::{Date, DateTime, Json, Url};
use crate::model::{self, Named, RecordId};

/// Any record, for what it says of its origin.
#[derive(Clone)]
pub(crate) struct Provenance(Arc<dyn model::Record + Send + Sync>);

impl Provenance {
    pub(super) fn of<R: model::Record + Send + Sync + 'static>(record: &Arc<R>) -> Self {
        Self(Arc::<R>::clone(record))
    }
}

/// Where a record comes from, when, and what reading it did to it.
#[graph_object]
impl Provenance {
    /// The source it comes from.
    fn source(&self, ctx: &FieldContext<'_>) -> Result<Source, ApiError> {
        source_of(ctx, self.0.id())
    }

    /// The id in the feed.
    fn upstream_id(&self) -> &str {
        self.0.id().upstream()
    }

    /// Address of the record in its feed. Null where the feed has no endpoint for its kind.
    fn upstream_url(&self) -> Option<Url> {
        self.0.provenance().upstream_url.clone().map(Url)
    }

    /// When the answer it is read from arrived.
    fn fetched_at(&self) -> DateTime {
        DateTime(self.0.provenance().fetched_at)
    }

    /// The publisher's own statement of the last change. Null where the feed does not say.
    fn last_modified(&self) -> Option<DateTime> {
        self.0.provenance().last_modified.map(DateTime)
    }

    /// The publisher's own statement of the last check, which is not a change. Null where the feed does not say.
    fn assured_date(&self) -> Option<Date> {
        self.0.provenance().assured_date.map(Date)
    }

    /// Who made that check. Null where the feed does not say, or this gateway is set to leave it out.
    fn assurer_email(&self) -> Option<&str> {
        self.0.provenance().assurer_email.as_deref()
    }

    /// True when it is read from a list page or from inside another record, its own detail not fetched.
    fn shallow(&self) -> bool {
        self.0.provenance().shallow
    }

    /// True once the source's freshness target for this answer has passed.
    fn stale(&self, ctx: &FieldContext<'_>) -> bool {
        self.0.provenance().is_stale(ctx.federation().clock().now())
    }

    /// Fingerprint of the record as its feed sends it: equal hashes mean equal content.
    fn content_hash(&self) -> &str {
        self.0.provenance().content_hash.as_str()
    }

    /// What normalising changed or could not read in this record, and which of the ids it names are those of no record
    /// of its feed.
    #[at_hand(self.0.named().is_empty().then(|| self.noted()))]
    async fn issues(&self, ctx: &FieldContext<'_>) -> Vec<RecordIssue<'static>> {
        let noted = self.0.provenance().issues.iter().cloned();
        let dangling = dangling(ctx, &*self.0).await;
        noted.chain(dangling).map(Cow::Owned).map(RecordIssue).collect()
    }
}

impl Provenance {
    /// What reading the record noted.
    fn noted(&self) -> Vec<RecordIssue<'_>> {
        self.0.provenance().issues.iter().map(Cow::Borrowed).map(RecordIssue).collect()
    }
}

/// An issue as clients see it.
pub(crate) struct RecordIssue<'a>(Cow<'a, model::RecordIssue>);

/// A departure from the standard, met in one record.
#[graph_object]
impl RecordIssue<'_> {
    /// The kind of departure, a stable code such as `MISSING_REQUIRED`.
    fn code(&self) -> &str {
        self.0.code.as_str()
    }

    /// What it costs a user.
    fn severity(&self) -> IssueSeverity {
        self.0.code.severity().into()
    }

    /// Where it is in the feed's own JSON, e.g. `schedules[0].byday`.
    fn path(&self) -> &str {
        &self.0.path
    }

    /// What is wrong and what is done about it.
    fn message(&self) -> &str {
        &self.0.message
    }

    /// What the feed sent. Null where the message says it all.
    fn original(&self) -> Option<Json<'_>> {
        self.0.original.as_ref().map(Json::Value)
    }
}

// Records mostly hold what they name, and then nothing has to be looked for.
async fn dangling(
    ctx: &FieldContext<'_>,
    record: &(dyn model::Record + Send + Sync),
) -> Vec<model::RecordIssue> {
    let issues = record.named().into_iter().map(|Named { path, id }| async move {
        let is_dangling = ctx.federation().is_dangling(id, ctx.reading().await).await;
        is_dangling.then(|| model::RecordIssue::dangling(path, id))
    });
    join_all(issues).await.into_iter().flatten().collect()
}

/// The source of a record: configured, or there would be no record.
pub(super) fn source_of(ctx: &FieldContext<'_>, id: &RecordId) -> Result<Source, ApiError> {
    lookup::source(ctx, id.source()).ok_or(ApiError::Internal("a record of a source that is not configured"))
}
