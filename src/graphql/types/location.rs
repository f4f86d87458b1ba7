//! Locations.

use crate::graphql::context::FieldContext;
use oruk_gateway_derive::graph_object;
use std::sync::Arc;

use super::provenance::source_of;
use super::{
    Accessibility, Address, Attribute, Contact, Language, LocationType, Metadata, Organization, Phone,
    Provenance, Schedule, ServiceConnection, Source, TextFormat, TriState, WrittenText, carried, services,
    views, written,
};
use crate::graphql::error::ApiError;
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

    /// The id in the feed.
    pub(super) fn upstream_id(&self) -> &str {
        self.0.id.upstream()
    }

    /// The source it comes from.
    pub(super) fn source(&self, ctx: &FieldContext<'_>) -> Result<Source, ApiError> {
        source_of(ctx, &self.0.id)
    }

    /// Where it came from, when, and what reading it did to it.
    pub(super) fn provenance(&self) -> Provenance {
        Provenance::of(&self.0)
    }

    /// Kind of place.
    fn location_type(&self) -> LocationType {
        self.0.location_type.into()
    }

    /// Name. Null where the feed gives none.
    fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// Other name. Null where there is none.
    fn alternate_name(&self) -> Option<&str> {
        self.0.alternate_name.as_deref()
    }

    /// Description. Null where there is none. Feeds send plain text, HTML and Markdown.
    fn description(
        &self,
        #[graphql(
            desc = "How the text is written. Null means TEXT.",
            default_with = "Some(TextFormat::Text)"
        )]
        format: Option<TextFormat>,
    ) -> Option<WrittenText<'_>> {
        written(self.0.description.as_ref(), format)
    }

    /// Web address, where the place is virtual. Null where the feed gives none.
    fn url(&self) -> Option<Url> {
        self.0.url.clone().map(Url)
    }

    /// How to get there. Null where the feed does not say.
    fn transportation(&self) -> Option<&str> {
        self.0.transportation.as_deref()
    }

    /// Degrees north of the equator (WGS84). Null where the feed gives no usable coordinates.
    fn latitude(&self) -> Option<f64> {
        self.0.coordinates.map(|at| at.latitude)
    }

    /// Degrees east of Greenwich (WGS84). Null where the feed gives no usable coordinates.
    fn longitude(&self) -> Option<f64> {
        self.0.coordinates.map(|at| at.longitude)
    }

    /// Identifier from another scheme, e.g. a UPRN. Null where the feed gives none.
    fn external_identifier(&self) -> Option<&str> {
        self.0.external_identifier.as_deref()
    }

    /// Name of that scheme. Null where the feed does not say.
    fn external_identifier_type(&self) -> Option<&str> {
        self.0.external_identifier_type.as_deref()
    }

    /// The organisation that maintains the record. Null where the feed names none, or cannot answer for it.
    #[at_hand(carried(None, self.0.organization_id.as_ref(), Organization))]
    async fn organization(&self, ctx: &FieldContext<'_>) -> Option<Organization> {
        let id = self.0.organization_id.as_ref()?;
        lookup::related(lookup::organization(ctx, id).await, id, self.0.provenance.read(), Organization)
    }

    /// Addresses.
    fn addresses(&self) -> Vec<Address> {
        views(&self.0.addresses, Address)
    }

    /// Statements about access for disabled people.
    fn accessibility(&self) -> Vec<Accessibility> {
        views(&self.0.accessibility, Accessibility)
    }

    /// Whether a wheelchair user can get in, as far as the access statements say; UNKNOWN where they do
    /// not, or contradict each other.
    fn wheelchair_accessible(&self) -> TriState {
        model::wheelchair_accessible(&self.0).into()
    }

    /// Languages offered here.
    fn languages(&self) -> Vec<Language> {
        views(&self.0.languages, Language)
    }

    /// People and desks here.
    fn contacts(&self) -> Vec<Contact> {
        views(&self.0.contacts, Contact)
    }

    /// Telephones here.
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

    /// Change history.
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
        #[graphql(desc = "What they must be. Null means all of this location's.")] filter: Option<
            ServiceFilterInput,
        >,
        #[graphql(
            desc = "The order. Null means by RELEVANCE where the filter asks for a text, by DISTANCE where it asks for what is near, else by NAME."
        )]
        order_by: Option<ServiceOrderInput>,
        #[graphql(
            desc = "So many from the beginning of the list. Null, with `last` null too, means 20 or as configured."
        )]
        first: Option<i32>,
        #[graphql(desc = "After this cursor only. Null means from the beginning.")] after: Option<String>,
        #[graphql(desc = "So many from the end of the list. Null means counting from the beginning.")]
        last: Option<i32>,
        #[graphql(desc = "Before this cursor only. Null means to the end.")] before: Option<String>,
    ) -> Result<ServiceConnection, ApiError> {
        let page = PageArguments { first, after, last, before };
        let own = ServiceFilter { location: Some(self.0.id.clone()), ..ServiceFilter::default() };
        services(ctx, filter, order_by, Some(own), page).await
    }

    /// What the feed sent that the model has no place for, kept as it came. Members of parts go by their path, e.g.
    /// `phones[0].fax`. Null where there is nothing.
    fn extra(&self) -> Option<Json<'_>> {
        Json::extra(&self.0.extra)
    }
}
