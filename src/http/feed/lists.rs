//! Lists: chooses the edition that a page is cut from, and writes the page.

use poem::http::{HeaderValue, StatusCode, header};
use url::form_urlencoded;

use super::envelope::PageEnvelope;
use super::{MergedFeed, RequestFault, WrittenAnswer};
use crate::admission::{ClientAddress, off_thread};
use crate::federation::{
    EditionPage, EditionQuery, EditionWanted, ListEdition, LocationFilter, OrganizationFilter, QueryContext,
    TaxonomyTermFilter,
};
use crate::graphql::ErrorCode;
use crate::http::incomplete_sources::{X_INCOMPLETE_SOURCES, incomplete_sources};
use crate::http::parameters::{
    GivenParameters, MODIFIED_AFTER, PAGE, PAGING, PER_PAGE, ParameterForm, QueryParameter, SEARCH,
    SERVICE_CONDITIONS, modified_since, refuse_unknown_terms, service_filter, text_query,
};
use crate::model::{ContentHash, RecordKind};

/// The edition that a walk keeps to.
pub(in crate::http) static EDITION: QueryParameter = QueryParameter {
    name: "edition",
    form: ParameterForm::Name { longest: 40 },
    description: "The edition of the list that a walk began with, from the `link` header of its first page: all pages \
                  of an edition are of one moment. It is kept for 5 minutes after its last page was read, and for 30 \
                  minutes at most.",
    example: "5f0c1d2e3a4b5c6d7e8f",
};

/// Returns the parameters of the list of a kind.
pub(in crate::http) fn list_parameters(kind: RecordKind) -> Vec<&'static QueryParameter> {
    let conditions: &[&'static QueryParameter] = match kind {
        RecordKind::Service | RecordKind::ServiceAtLocation => &SERVICE_CONDITIONS,
        RecordKind::Organization => &[&SEARCH, &MODIFIED_AFTER],
        RecordKind::Location | RecordKind::TaxonomyTerm => &[&SEARCH],
        RecordKind::Taxonomy => &[],
    };
    conditions.iter().copied().chain(PAGING).chain([&EDITION]).collect()
}

/// A request for a page of a list.
pub(super) struct ListAsked {
    kind: RecordKind,
    given: GivenParameters,
    page: usize,
    pub(super) size: usize,
    edition: Option<String>,
    /// Names what is listed, apart from the page.
    subject: String,
    /// The conditions as a query string, for links to other pages.
    conditions: String,
}

impl ListAsked {
    pub(super) fn read(kind: RecordKind, query: &str) -> Result<Self, RequestFault> {
        let given = GivenParameters::read(query, &list_parameters(kind))?;
        let number = |parameter| given.whole(parameter).unwrap_or(1) as usize;
        let (page, size) = (number(&PAGE), number(&PER_PAGE));
        let edition = given.text(&EDITION).map(str::to_owned);
        let of_page = [PAGE.name, PER_PAGE.name, EDITION.name];
        let mut pairs: Vec<(String, String)> = form_urlencoded::parse(query.as_bytes())
            .map(|(name, value)| (name.into_owned(), value.trim().to_owned()))
            .filter(|(name, value)| !of_page.contains(&name.as_str()) && !value.is_empty())
            .collect();
        pairs.sort_unstable();
        let conditions = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let subject = subject(kind, &conditions);
        Ok(Self { kind, given, page, size, edition, subject, conditions })
    }

    /// Returns the edition to use: the one that is named, a new one for the first page, or else the one that the client
    /// has been walking.
    fn wanted(&self) -> EditionWanted<'_> {
        match &self.edition {
            Some(token) => EditionWanted::Token(token),
            None if self.page == 1 => EditionWanted::Present,
            None => EditionWanted::Walked,
        }
    }

    fn link(&self, edition: &ListEdition, page: usize, rel: &str) -> String {
        let mut query = form_urlencoded::Serializer::new(self.conditions.clone());
        query.append_pair(PAGE.name, &page.to_string());
        query.append_pair(PER_PAGE.name, &self.size.to_string());
        query.append_pair(EDITION.name, &edition.token);
        // Relative, so that it holds behind any proxy.
        format!("<?{}>; rel=\"{rel}\"", query.finish())
    }
}

/// Names the list of a kind under these conditions. Conditions are hashed, so that searches are not kept in clear text.
fn subject(kind: RecordKind, conditions: &str) -> String {
    match conditions.is_empty() {
        true => format!("{kind:?}"),
        false => format!("{kind:?}/{}", ContentHash::of(conditions.as_bytes()).as_str()),
    }
}

impl MergedFeed {
    pub(super) async fn list(
        &self,
        asked: &ListAsked,
        client: ClientAddress,
        asking: &QueryContext,
    ) -> Result<WrittenAnswer, RequestFault> {
        let query = self.query(asked, asking).await?;
        let edition =
            self.federation.editions.edition(&query, &asked.subject, asked.wanted(), client, asking).await;
        let edition = edition.map_err(|_| gone())?;
        refuse_unknown_terms(&edition.unknown_terms)?;
        let from = (asked.page - 1).saturating_mul(asked.size);
        let page = self.federation.editions.edition_page(&edition, from, asked.size, asking).await;
        let envelope = PageEnvelope::of(edition.len(), asked.page, asked.size);
        let links = self.links(asked, &edition, &envelope);
        let EditionPage { records, lacking } = page;
        let publishers = self.publishers(records.iter().map(|record| record.id().source()));
        let reported = edition.incomplete().map(|report| (report.info.key.clone(), report.status.as_str()));
        let known: Vec<_> = reported.collect();
        let more = lacking.into_iter().filter(|key| !known.iter().any(|(known, _)| known == key));
        let more: Vec<_> = more.map(|key| (key, "PARTIAL")).collect();
        let named = known.iter().chain(&more).map(|(key, status)| (key, *status));
        let incomplete = incomplete_sources(named).map(|sources| (X_INCOMPLETE_SOURCES, sources));
        // Writing a hundred records would hold up this thread, which serves other requests, for too long.
        let body = off_thread(move || envelope.write(&records, &publishers)).await;
        let body = body.map_err(|_| RequestFault::internal())?;
        Ok(WrittenAnswer {
            body,
            cache_control: HeaderValue::from_static(match asked.edition {
                Some(_) => "public, max-age=60",
                // The edition depends on the client and the moment.
                None => "private, no-cache",
            }),
            headers: links.into_iter().map(|link| (header::LINK, link)).chain(incomplete).collect(),
        })
    }

    async fn query(&self, asked: &ListAsked, asking: &QueryContext) -> Result<EditionQuery, RequestFault> {
        let given = &asked.given;
        Ok(match asked.kind {
            RecordKind::Service | RecordKind::ServiceAtLocation => {
                let given = self.with_graph_ids(given, asking).await;
                let filter = service_filter(&given, &self.federation)?;
                match asked.kind {
                    RecordKind::Service => EditionQuery::Services(filter),
                    _ => EditionQuery::ServiceAtLocations(filter),
                }
            }
            RecordKind::Organization => EditionQuery::Organizations(OrganizationFilter {
                text: text_query(given)?,
                modified_since: modified_since(given),
                ..OrganizationFilter::default()
            }),
            RecordKind::Location => EditionQuery::Locations(LocationFilter {
                text: text_query(given)?,
                ..LocationFilter::default()
            }),
            RecordKind::TaxonomyTerm => EditionQuery::TaxonomyTerms(TaxonomyTermFilter {
                text: text_query(given)?,
                ..TaxonomyTermFilter::default()
            }),
            RecordKind::Taxonomy => EditionQuery::Taxonomies,
        })
    }

    fn links(&self, asked: &ListAsked, edition: &ListEdition, envelope: &PageEnvelope) -> Vec<HeaderValue> {
        let last = envelope.total_pages.max(1);
        let mut links = vec![(1, "first"), (last, "last")];
        if asked.page < last {
            links.push((asked.page + 1, "next"));
        }
        if asked.page > 1 {
            links.push(((asked.page - 1).min(last), "prev"));
        }
        let links = links.into_iter().map(|(page, rel)| asked.link(edition, page, rel));
        let prefix = self.public_url.as_ref().map_or("", |url| url.path().trim_end_matches('/'));
        let all = links.chain([format!("<{prefix}/openapi.json>; rel=\"service-desc\"")]);
        all.filter_map(|link| HeaderValue::try_from(link).ok()).collect()
    }

    /// Replaces the feed's UUIDs in the parameters by the graph's ids.
    async fn with_graph_ids(&self, given: &GivenParameters, asking: &QueryContext) -> GivenParameters {
        let mut with_ids = given.clone();
        for (kind, uuid) in given.published_ids() {
            if let Some(id) = self.federation.editions.published_as(kind, uuid, asking).await {
                with_ids.replace(uuid, id.as_str());
            }
        }
        with_ids
    }
}

fn gone() -> RequestFault {
    let message = "`edition` names an edition that is not kept any more, or one of another list; begin again without it";
    RequestFault::new(StatusCode::GONE, ErrorCode::CursorExpired, message).about(EDITION.name)
}
