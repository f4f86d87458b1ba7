//! Locations.

use crate::graphql::context::FieldContext;
use crate::graphql::enums::{LocationType, TriState};
use oruk_gateway_derive::graph_object;
use std::sync::Arc;

use super::provenance::source_of;
use super::{
    Accessibility, Address, Attribute, Contact, Language, Metadata, Organization, Phone, Provenance,
    Schedule, ServiceConnection, Source, TextFormat, WrittenText, carried, views, written,
};
use crate::graphql::error::ApiError;
use crate::graphql::fields::services;
use crate::graphql::input::{ServiceFilterInput, ServiceOrderInput};
use crate::graphql::lookup;
use crate::graphql::paging::PageArguments;
use crate::graphql::scalars::{Id, Json, Url};
use crate::model::{self, ServiceFilter};

/// A location as clients see it.
#[derive(Clone)]
pub(crate) struct Location(pub(crate) Arc<model::Location>);

/// A place, real or virtual, where services are delivered.
#[graph_object]
impl Location {
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

    /// The kind of place.
    fn location_type(&self) -> LocationType {
        self.0.location_type.into()
    }

    /// Name. `null` when the feed gives none.
    fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// Other name. `null` when there is none.
    fn alternate_name(&self) -> Option<&str> {
        self.0.alternate_name.as_deref()
    }

    /// The description. `null` when there is none. Feeds send plain text, HTML and Markdown.
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

    /// The web address of a virtual place. `null` when the feed gives none.
    fn url(&self) -> Option<Url> {
        self.0.url.clone().map(Url)
    }

    /// How to get there. `null` when the feed does not say.
    fn transportation(&self) -> Option<&str> {
        self.0.transportation.as_deref()
    }

    /// Degrees north of the equator (WGS84). `null` when the feed gives no usable coordinates.
    fn latitude(&self) -> Option<f64> {
        self.0.coordinates.map(|at| at.latitude)
    }

    /// Degrees east of Greenwich (WGS84). `null` when the feed gives no usable coordinates.
    fn longitude(&self) -> Option<f64> {
        self.0.coordinates.map(|at| at.longitude)
    }

    /// An identifier from another scheme, e.g. a UPRN. `null` when the feed gives none.
    fn external_identifier(&self) -> Option<&str> {
        self.0.external_identifier.as_deref()
    }

    /// The name of that scheme. `null` when the feed does not say.
    fn external_identifier_type(&self) -> Option<&str> {
        self.0.external_identifier_type.as_deref()
    }

    /// The organisation that maintains the record. `null` when the feed names none or it cannot be fetched.
    #[at_hand(carried(None, self.0.organization_id.as_ref(), Organization))]
    async fn organization(&self, ctx: &FieldContext<'_>) -> Option<Organization> {
        let id = self.0.organization_id.as_ref()?;
        lookup::related(lookup::organization(ctx, id).await, id, self.0.provenance.read(), Organization)
    }

    /// The addresses.
    fn addresses(&self) -> Vec<Address> {
        views(&self.0.addresses, Address)
    }

    /// Statements about access for disabled people.
    fn accessibility(&self) -> Vec<Accessibility> {
        views(&self.0.accessibility, Accessibility)
    }

    /// Whether a wheelchair user can get in, according to the access statements. UNKNOWN when they do not say or
    /// contradict each other.
    fn wheelchair_accessible(&self) -> TriState {
        model::wheelchair_accessible(&self.0).into()
    }

    /// Languages offered here.
    fn languages(&self) -> Vec<Language> {
        views(&self.0.languages, Language)
    }

    /// People and desks to contact here.
    fn contacts(&self) -> Vec<Contact> {
        views(&self.0.contacts, Contact)
    }

    /// Telephone numbers here.
    fn phones(&self) -> Vec<Phone> {
        views(&self.0.phones, Phone)
    }

    /// Opening times of the place itself.
    fn schedules(&self) -> Vec<Schedule> {
        views(&self.0.schedules, Schedule)
    }

    /// Taxonomy-based annotations.
    fn attributes(&self) -> Vec<Attribute> {
        views(&self.0.attributes, Attribute)
    }

    /// The history of changes.
    fn metadata(&self) -> Vec<Metadata> {
        views(&self.0.metadata, Metadata)
    }

    /// The services delivered here.
    #[expect(
        clippy::too_many_arguments,
        reason = "the arguments of a connection that can be filtered and ordered"
    )]
    async fn services(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "Conditions to meet. Default: none.")] filter: Option<ServiceFilterInput>,
        #[graphql(
            desc = "The order of the list. Defaults to RELEVANCE if the filter has `text` or `ask`, else to DISTANCE if it has `near`, else to NAME."
        )]
        order_by: Option<ServiceOrderInput>,
        #[graphql(
            desc = "The first *n* records. Without `first` and `last`, a page has 20 records, or as many as configured."
        )]
        first: Option<i32>,
        #[graphql(desc = "Records after this cursor. Default: from the start.")] after: Option<String>,
        #[graphql(desc = "The last *n* records. Cannot be combined with `first`.")] last: Option<i32>,
        #[graphql(desc = "Records before this cursor. Default: to the end.")] before: Option<String>,
    ) -> Result<ServiceConnection, ApiError> {
        let page = PageArguments { first, after, last, before };
        let own = ServiceFilter { location: Some(self.0.id.clone()), ..ServiceFilter::default() };
        services(ctx, filter, order_by, Some(own), page).await
    }

    /// Members the feed sends that the schema has no field for, unchanged. Members of nested objects are named by path,
    /// e.g. `phones[0].fax`. `null` when there are none.
    fn extra(&self) -> Option<Json<'_>> {
        Json::extra(&self.0.extra)
    }
}
