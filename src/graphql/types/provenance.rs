//! Where a record came from.

use crate::graphql::context::FieldContext;
use crate::graphql::enums::IssueSeverity;
use oruk_gateway_derive::{GraphObject, graph_object};
use std::borrow::Cow;
use std::sync::Arc;

use futures_util::future::join_all;

use super::{Licence, Source};
use crate::graphql::error::ApiError;
use crate::graphql::lookup;
use crate::graphql::scalars::{Date, DateTime, Json, Url};
use crate::model::{self, NamedRecord, RecordId};

/// Any record, for what it says of its origin.
#[derive(Clone)]
pub(crate) struct Provenance(Arc<dyn model::Record + Send + Sync>);

impl Provenance {
    pub(super) fn of<R: model::Record + Send + Sync + 'static>(record: &Arc<R>) -> Self {
        Self(Arc::<R>::clone(record))
    }
}

/// Where a record comes from, when it was read, and what the gateway changed.
#[graph_object]
impl Provenance {
    /// The source it comes from.
    fn source(&self, ctx: &FieldContext<'_>) -> Result<Source, ApiError> {
        source_of(ctx, self.0.id())
    }

    /// The record's id in the feed.
    fn upstream_id(&self) -> &str {
        self.0.id().upstream()
    }

    /// The address of the record in its feed. `null` when the feed has no endpoint for this kind of record.
    fn upstream_url(&self) -> Option<Url> {
        self.0.provenance().upstream_url.clone().map(Url)
    }

    /// When the gateway received the response it was read from.
    fn fetched_at(&self) -> DateTime {
        DateTime(self.0.provenance().fetched_at)
    }

    /// When the record last changed, according to its publisher. `null` when the feed does not say.
    fn last_modified(&self) -> Option<DateTime> {
        self.0.provenance().last_modified.map(DateTime)
    }

    /// When the record was last checked, according to its publisher. A check is not a change. `null` when the feed does
    /// not say.
    fn assured_date(&self) -> Option<Date> {
        self.0.provenance().assured_date.map(Date)
    }

    /// The email address of the person who made that check. `null` when the feed does not say, or this gateway is
    /// configured to omit it.
    fn assurer_email(&self) -> Option<&str> {
        self.0.provenance().assurer_email.as_deref()
    }

    /// Whether the record was read from a list page or from inside another record, without fetching its detail page.
    fn shallow(&self) -> bool {
        self.0.provenance().shallow
    }

    /// Whether the data is older than the source's freshness target.
    fn stale(&self, ctx: &FieldContext<'_>) -> bool {
        ctx.federation().is_stale(self.0.id(), self.0.provenance())
    }

    /// A hash of the record as the feed sent it: equal hashes mean equal content.
    fn content_hash(&self) -> &str {
        self.0.provenance().content_hash.as_str()
    }

    /// Who published the record first, when its source is another gateway that publishes the records of others. `null`
    /// when the source itself is the publisher.
    fn origin(&self) -> Option<RecordOrigin> {
        self.0.provenance().origin.as_deref().map(RecordOrigin::of)
    }

    /// Problems found in this record: values that the gateway changed or could not read, and ids that refer to no
    /// record of the feed.
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

/// The first publisher of a record that another gateway publishes, as that gateway says.
#[derive(GraphObject)]
pub(crate) struct RecordOrigin {
    /// The name of the source.
    name: String,
    /// The publisher. `null` when not stated.
    publisher: Option<String>,
    /// The publisher's home page. `null` when not stated.
    homepage: Option<Url>,
    /// The base address of the feed. `null` when not stated.
    url: Option<Url>,
    /// The licence of the data. `null` when not stated.
    licence: Option<Licence>,
    /// The attribution that the licence requires. `null` when there is none.
    attribution: Option<String>,
    /// The record's id in that feed. `null` for a record that is only found inside others.
    upstream_id: Option<String>,
    /// The record's address in that feed. `null` when it has none.
    upstream_url: Option<Url>,
}

impl RecordOrigin {
    fn of(origin: &model::RecordOrigin) -> Self {
        Self {
            name: origin.name.clone(),
            publisher: origin.publisher.clone(),
            homepage: origin.homepage.clone().map(Url),
            url: origin.feed.clone().map(Url),
            licence: origin.licence.as_ref().map(Licence::of_origin),
            attribution: origin.attribution.clone(),
            upstream_id: origin.record_id.clone(),
            upstream_url: origin.record_url.clone().map(Url),
        }
    }
}

/// An issue as clients see it.
pub(crate) struct RecordIssue<'a>(Cow<'a, model::RecordIssue>);

/// A departure from the standard in one record.
#[graph_object]
impl RecordIssue<'_> {
    /// The kind of departure, a stable code such as `MISSING_REQUIRED`.
    fn code(&self) -> &str {
        self.0.code.as_str()
    }

    /// How much harm it does to users.
    fn severity(&self) -> IssueSeverity {
        self.0.code.severity().into()
    }

    /// The path in the feed's own JSON, e.g. `schedules[0].byday`.
    fn path(&self) -> &str {
        &self.0.path
    }

    /// What is wrong, and what the gateway did about it.
    fn message(&self) -> &str {
        &self.0.message
    }

    /// The value the feed sent. `null` when the message says everything.
    fn original(&self) -> Option<Json<'_>> {
        self.0.original.as_ref().map(Json::Value)
    }
}

// Records mostly hold what they name, and then nothing has to be looked for.
async fn dangling(
    ctx: &FieldContext<'_>,
    record: &(dyn model::Record + Send + Sync),
) -> Vec<model::RecordIssue> {
    let issues = record.named().into_iter().map(|NamedRecord { path, id }| async move {
        let is_dangling = ctx.federation().records.is_dangling(id, ctx.reading().await).await;
        is_dangling.then(|| model::RecordIssue::dangling(path, id))
    });
    join_all(issues).await.into_iter().flatten().collect()
}

/// The source of a record: configured, or there would be no record.
pub(super) fn source_of(ctx: &FieldContext<'_>, id: &RecordId) -> Result<Source, ApiError> {
    lookup::source(ctx, id.source()).ok_or(ApiError::Internal("a record of a source that is not configured"))
}
