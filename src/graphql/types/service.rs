//! Services.

use crate::graphql::context::FieldContext;
use crate::graphql::enums::{ServiceStatus, TriState};
use oruk_gateway_derive::graph_object;
use std::sync::Arc;

use futures_util::future::join_all;

use super::annotation::{carried_term, term_of};
use super::occurrence::Sessions;
use super::provenance::source_of;
use super::service_at_location::location_of;
use super::{
    Attribute, Contact, CostOption, DEFAULT_OCCURRENCES, Funding, Language, Link, Location, Metadata,
    Occurrence, Organization, Phone, Program, Provenance, RequiredDocument, Schedule, ServiceArea,
    ServiceAtLocation, ServiceCapacity, Source, TaxonomyTerm, TextFormat, WrittenText, carried, distinct,
    views, written,
};
use crate::graphql::error::ApiError;
use crate::graphql::scalars::{Date, DateTime, Id, Json, Url};
use crate::graphql::{detail, lookup};
use crate::model::{self, OpeningHours};

/// A service as clients see it.
#[derive(Clone)]
pub(crate) struct Service(pub(crate) Arc<model::Service>);

/// What needs no waiting: the record carries it, or names nothing of the kind.
impl Service {
    fn carried_organization(&self, ctx: &FieldContext<'_>) -> Option<Option<Organization>> {
        let complete =
            self.0.organization.as_ref().filter(|carried| !detail::is_lacking(ctx.field(), carried));
        carried(complete, self.0.organization_id.as_ref(), Organization)
    }

    fn carried_locations(&self) -> Option<Vec<Location>> {
        let each = self
            .0
            .service_at_locations
            .iter()
            .map(|place| carried(place.location.as_ref(), place.location_id.as_ref(), Location));
        Some(distinct(each.collect::<Option<_>>()?, |location| &location.0.id))
    }

    fn carried_terms(&self, ctx: &FieldContext<'_>, taxonomy: Option<&str>) -> Option<Vec<TaxonomyTerm>> {
        let wanted = detail::of_terms(ctx.field(), taxonomy.is_some());
        let each = self.0.attributes.iter().map(|attribute| carried_term(attribute, wanted));
        Some(distinct_terms(each.collect::<Option<_>>()?, taxonomy))
    }
}

fn distinct_terms(terms: Vec<Option<TaxonomyTerm>>, taxonomy: Option<&str>) -> Vec<TaxonomyTerm> {
    let mut terms = distinct(terms, |term| &term.0.id);
    terms.retain(|term| taxonomy.is_none_or(|taxonomy| term.0.is_of(taxonomy)));
    terms
}

/// A service offered to the public. Fields are `null`, and lists are empty, when the feed does not say.
#[graph_object]
impl Service {
    /// The opaque, globally unique id, stable across restarts and re-reading.
    pub(super) fn id(&self) -> Id<'_> {
        Id(self.0.id.as_str())
    }

    /// The record's id in the feed.
    pub(super) fn upstream_id(&self) -> &str {
        self.0.id.upstream()
    }

    /// The source it comes from.
    pub(super) fn source(&self, ctx: &FieldContext<'_>) -> Result<Source, ApiError> {
        source_of(ctx, &self.0.id)
    }

    /// Where the record comes from, when it was read, and what the gateway changed.
    pub(super) fn provenance(&self) -> Provenance {
        Provenance::of(&self.0)
    }

    /// The official name; `(unnamed)` when the feed gives none.
    fn name(&self) -> &str {
        &self.0.name
    }

    /// Other name. `null` when there is none.
    fn alternate_name(&self) -> Option<&str> {
        self.0.alternate_name.as_deref()
    }

    /// The description. `null` when the feed gives none. Feeds send plain text, HTML and Markdown.
    fn description(
        &self,
        #[graphql(
            desc = "The format of the text. Defaults to TEXT.",
            default_with = "Some(TextFormat::Text)"
        )]
        format: Option<TextFormat>,
    ) -> Option<WrittenText<'_>> {
        written(self.0.description.as_ref(), format)
    }

    /// The service's web page. `null` when the feed gives none.
    fn url(&self) -> Option<Url> {
        self.0.url.clone().map(Url)
    }

    /// Further labelled links.
    fn additional_urls(&self) -> Vec<Link> {
        views(&self.0.additional_urls, Link)
    }

    /// Contact email. `null` when the feed gives none.
    fn email(&self) -> Option<&str> {
        self.0.email.as_deref()
    }

    /// Whether the service operates.
    fn status(&self) -> ServiceStatus {
        self.0.status.into()
    }

    /// Interpreting services available. `null` when the feed does not say.
    fn interpretation_services(&self) -> Option<&str> {
        self.0.interpretation_services.as_deref()
    }

    /// How to apply or be referred. `null` when the feed does not say.
    fn application_process(&self) -> Option<&str> {
        self.0.application_process.as_deref()
    }

    /// Charges, in words. `null` when the feed does not say.
    fn fees_description(&self) -> Option<&str> {
        self.0.fees_description.as_deref()
    }

    /// Expected wait. `null` when the feed does not say. Deprecated in the standard.
    fn wait_time(&self) -> Option<&str> {
        self.0.wait_time.as_deref()
    }

    /// Charges in words, from the standard's older member `fees`. `null` when the feed does not use it.
    fn fees(&self) -> Option<&str> {
        self.0.fees.as_deref()
    }

    /// Accreditations held. `null` when the feed does not say.
    fn accreditations(&self) -> Option<&str> {
        self.0.accreditations.as_deref()
    }

    /// Who it is for. `null` when the feed does not say.
    fn eligibility_description(&self) -> Option<&str> {
        self.0.eligibility_description.as_deref()
    }

    /// The lowest eligible age in years, inclusive. `null` when there is no lower bound, or an unreadable one.
    fn minimum_age(&self) -> Option<f64> {
        self.0.minimum_age
    }

    /// The highest eligible age in years, inclusive. `null` when there is no upper bound, or an unreadable one.
    fn maximum_age(&self) -> Option<f64> {
        self.0.maximum_age
    }

    /// YES when the feed says so, when a price valid today is 0 or, if there are no prices at all, when the text on fees
    /// says it is free. NO when the feed says so, or every price valid today is above 0. Otherwise UNKNOWN.
    fn is_free(&self, ctx: &FieldContext<'_>) -> TriState {
        model::is_free(&self.0, ctx.today()).into()
    }

    /// A short-term notice. `null` when there is none.
    fn alert(&self) -> Option<&str> {
        self.0.alert.as_deref()
    }

    /// Operating licences. `null` when the feed does not say. Deprecated in the standard.
    fn licenses(&self) -> Option<&str> {
        self.0.licenses.as_deref()
    }

    /// The date on which its publisher last checked it. A check is not a change. `null` when the feed does not say.
    fn assured_date(&self) -> Option<Date> {
        self.0.assured_date.map(Date)
    }

    /// The email address of the person who checked it. `null` when the feed does not say, or this gateway is configured
    /// to omit it.
    fn assurer_email(&self) -> Option<&str> {
        self.0.assurer_email.as_deref()
    }

    /// When the service, or anything within it, last changed. `null` when the feed does not say.
    fn last_modified(&self) -> Option<DateTime> {
        self.0.last_modified.map(DateTime)
    }

    /// The provider. `null` when the feed names none or it cannot be fetched.
    #[at_hand(self.carried_organization(ctx))]
    async fn organization(&self, ctx: &FieldContext<'_>) -> Option<Organization> {
        let Some(carried) = &self.0.organization else {
            let id = self.0.organization_id.as_ref()?;
            let found = lookup::organization(ctx, id).await;
            return lookup::related(found, id, self.0.provenance.read(), Organization);
        };
        if !detail::is_lacking(ctx.field(), carried) {
            return Some(Organization(Arc::clone(carried)));
        }
        Some(Organization(
            ctx.federation().records.organization_in_detail(carried, ctx.reading().await).await,
        ))
    }

    /// The programme it belongs to. `null` when the feed names none.
    fn program(&self) -> Option<Program> {
        self.0.program.clone().map(Program)
    }

    /// Telephone numbers.
    fn phones(&self) -> Vec<Phone> {
        views(&self.0.phones, Phone)
    }

    /// People and desks to contact.
    fn contacts(&self) -> Vec<Contact> {
        views(&self.0.contacts, Contact)
    }

    /// When it runs. Times that differ by place are in `serviceAtLocations`.
    fn schedules(&self) -> Vec<Schedule> {
        views(&self.0.schedules, Schedule)
    }

    /// Sessions in order of their start: from the service's own schedules and its schedules at its places or, if it has
    /// neither, from the schedules of the places. Exceptions are applied. Schedules given only in words have no
    /// sessions.
    fn occurrences(
        &self,
        #[graphql(desc = "Only sessions that begin at or after this instant.")] from: DateTime,
        #[graphql(desc = "Only sessions that begin before this instant, at most 400 days after `from`.")]
        to: DateTime,
        #[graphql(
            desc = "The maximum number of sessions to return, 1 to 1000. Defaults to 50.",
            default_with = "Some(DEFAULT_OCCURRENCES)"
        )]
        first: Option<i32>,
    ) -> Result<Vec<Occurrence>, ApiError> {
        let sessions = Sessions { from, to, first }.of(&OpeningHours::of(&self.0))?;
        Ok(sessions.into_iter().filter_map(|session| Occurrence::of_service(&self.0, session)).collect())
    }

    /// The first session that begins at or after an instant. `null` when there is none within 400 days, or the
    /// schedules cannot be read.
    fn next_opening(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "The earliest start. Defaults to now.")] after: Option<DateTime>,
    ) -> Option<Occurrence> {
        let after = after.map_or_else(|| ctx.federation().clock().now(), |after| after.0);
        Occurrence::of_service(&self.0, OpeningHours::of(&self.0).next_opening(after)?)
    }

    /// Whether it is open at an instant. UNKNOWN when it has no readable schedule, or the schedule that decides leaves
    /// out a time of day.
    fn open_at(&self, #[graphql(desc = "The instant to check.")] at: DateTime) -> TriState {
        OpeningHours::of(&self.0).open_at(at.0).into()
    }

    /// Areas it covers.
    fn service_areas(&self) -> Vec<ServiceArea> {
        views(&self.0.service_areas, ServiceArea)
    }

    /// The places where it is delivered, with details that differ there.
    fn service_at_locations(&self) -> Vec<ServiceAtLocation> {
        views(&self.0.service_at_locations, ServiceAtLocation)
    }

    /// The places where it is delivered, each listed once, without the `ServiceAtLocation` between. Leaves out places
    /// that the feed names but that cannot be fetched.
    #[at_hand(self.carried_locations())]
    async fn locations(&self, ctx: &FieldContext<'_>) -> Vec<Location> {
        let places = self.0.service_at_locations.iter().map(|place| location_of(ctx, place));
        distinct(join_all(places).await, |location| &location.0.id)
    }

    /// Languages in which it is offered.
    fn languages(&self) -> Vec<Language> {
        views(&self.0.languages, Language)
    }

    /// Funders.
    fn funding(&self) -> Vec<Funding> {
        views(&self.0.funding, Funding)
    }

    /// Prices, in structured form.
    fn cost_options(&self) -> Vec<CostOption> {
        views(&self.0.cost_options, CostOption)
    }

    /// Documents that people must bring or supply.
    fn required_documents(&self) -> Vec<RequiredDocument> {
        views(&self.0.required_documents, RequiredDocument)
    }

    /// How many places, beds or other units are free.
    fn capacities(&self) -> Vec<ServiceCapacity> {
        views(&self.0.capacities, ServiceCapacity)
    }

    /// Taxonomy-based annotations.
    fn attributes(&self) -> Vec<Attribute> {
        views(&self.0.attributes, Attribute)
    }

    /// The terms of its `attributes`, each listed once. Leaves out terms that the feed names but that cannot be
    /// fetched.
    #[at_hand(self.carried_terms(ctx, taxonomy.as_deref()))]
    async fn taxonomy_terms(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(
            desc = "Only terms of this vocabulary, by its name, its URI, its id in the feed or its `id` here. Defaults to all vocabularies."
        )]
        taxonomy: Option<String>,
    ) -> Vec<TaxonomyTerm> {
        let wanted = detail::of_terms(ctx.field(), taxonomy.is_some());
        let terms = self.0.attributes.iter().map(|attribute| term_of(ctx, attribute, wanted));
        distinct_terms(join_all(terms).await, taxonomy.as_deref())
    }

    /// The history of changes.
    fn metadata(&self) -> Vec<Metadata> {
        views(&self.0.metadata, Metadata)
    }

    /// Members the feed sends that the schema has no field for, unchanged. Members of nested objects are named by path,
    /// e.g. `phones[0].fax`. `null` when there are none.
    fn extra(&self) -> Option<Json<'_>> {
        Json::extra(&self.0.extra)
    }
}
