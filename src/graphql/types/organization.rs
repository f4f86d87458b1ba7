//! Organisations, their registration numbers and programmes.

use crate::graphql::context::FieldContext;
use oruk_gateway_derive::graph_object;
use std::sync::Arc;

use super::provenance::source_of;
use super::{
    Attribute, Contact, Funding, Link, Location, Metadata, Phone, Provenance, Service, ServiceConnection,
    Source, TextFormat, WrittenText, carried, services, views, written,
};
use crate::graphql::error::ApiError;
use crate::graphql::input::{ServiceFilterInput, ServiceOrderInput};
use crate::graphql::lookup;
use crate::graphql::paging::PageArguments;
use crate::graphql::scalars::{Id, Json, Url};
use crate::model::{self, ServiceFilter};

/// An organisation as clients see it.
#[derive(Clone)]
pub(crate) struct Organization(pub(crate) Arc<model::Organization>);

/// A body that delivers services. Null fields are what the feed does not say; lists are empty instead.
#[graph_object]
impl Organization {
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

    /// Official name; `(unnamed)` where the feed gives none.
    fn name(&self) -> &str {
        &self.0.name
    }

    /// Other or trading name. Null where there is none.
    fn alternate_name(&self) -> Option<&str> {
        self.0.alternate_name.as_deref()
    }

    /// What it is. Null where the feed does not say. Feeds send plain text, HTML and Markdown.
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

    /// General email. Null where the feed gives none.
    fn email(&self) -> Option<&str> {
        self.0.email.as_deref()
    }

    /// Website. Null where the feed gives none.
    fn website(&self) -> Option<Url> {
        self.0.website.clone().map(Url)
    }

    /// Further labelled links.
    fn additional_websites(&self) -> Vec<Link> {
        views(&self.0.additional_websites, Link)
    }

    /// Legal form, e.g. `registered charity`. Null where the feed does not say.
    fn legal_status(&self) -> Option<&str> {
        self.0.legal_status.as_deref()
    }

    /// Year of legal formation. Null where the feed does not say.
    fn year_incorporated(&self) -> Option<i32> {
        self.0.year_incorporated
    }

    /// Tax designation. Null where the feed does not say. Deprecated in the standard.
    fn tax_status(&self) -> Option<&str> {
        self.0.tax_status.as_deref()
    }

    /// Tax number. Null where the feed does not say. Deprecated in the standard.
    fn tax_id(&self) -> Option<&str> {
        self.0.tax_id.as_deref()
    }

    /// Logo image. Null where the feed gives none.
    fn logo(&self) -> Option<Url> {
        self.0.logo.clone().map(Url)
    }

    /// Persistent identifying URI, not the website. Null where the feed gives none.
    fn uri(&self) -> Option<&str> {
        self.0.uri.as_deref()
    }

    /// The organisation it is part of. Null where the feed names none, or cannot answer for it.
    #[at_hand(carried(None, self.0.parent_organization_id.as_ref(), Organization))]
    async fn parent_organization(&self, ctx: &FieldContext<'_>) -> Option<Organization> {
        let id = self.0.parent_organization_id.as_ref()?;
        lookup::related(lookup::organization(ctx, id).await, id, self.0.provenance.read(), Organization)
    }

    /// Registration numbers, e.g. of the Charity Commission.
    fn identifiers(&self) -> Vec<OrganizationIdentifier> {
        views(&self.0.identifiers, OrganizationIdentifier)
    }

    /// Its funders.
    fn funding(&self) -> Vec<Funding> {
        views(&self.0.funding, Funding)
    }

    /// People and desks to get in touch with.
    fn contacts(&self) -> Vec<Contact> {
        views(&self.0.contacts, Contact)
    }

    /// Telephones.
    fn phones(&self) -> Vec<Phone> {
        views(&self.0.phones, Phone)
    }

    /// Places it operates.
    fn locations(&self) -> Vec<Location> {
        views(&self.0.locations, Location)
    }

    /// The services that its own record nests, as that has them: some that the feed does not list may be among them.
    /// `services` finds those that it lists.
    fn nested_services(&self) -> Vec<Service> {
        views(&self.0.services, Service)
    }

    /// Programmes it runs.
    fn programs(&self) -> Vec<Program> {
        views(&self.0.programs, Program)
    }

    /// Taxonomy-based annotations.
    fn attributes(&self) -> Vec<Attribute> {
        views(&self.0.attributes, Attribute)
    }

    /// Change history.
    fn metadata(&self) -> Vec<Metadata> {
        views(&self.0.metadata, Metadata)
    }

    /// The services it provides.
    #[expect(
        clippy::too_many_arguments,
        reason = "the arguments of a connection that can be filtered and ordered"
    )]
    async fn services(
        &self,
        ctx: &FieldContext<'_>,
        #[graphql(desc = "What they must be. Null means all of this organisation's.")] filter: Option<
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
        let own = ServiceFilter { organization: Some(self.0.id.clone()), ..ServiceFilter::default() };
        services(ctx, filter, order_by, Some(own), page).await
    }

    /// What the feed sent that the model has no place for, kept as it came. Members of parts go by their path, e.g.
    /// `phones[0].fax`. Null where there is nothing.
    fn extra(&self) -> Option<Json<'_>> {
        Json::extra(&self.0.extra)
    }
}

/// A registration number as clients see it.
pub(crate) struct OrganizationIdentifier(pub(crate) Arc<model::OrganizationIdentifier>);

/// A registration number from another register.
#[graph_object]
impl OrganizationIdentifier {
    /// The opaque, globally unique id; derived from owner and content where the feed gives none.
    fn id(&self) -> Id<'_> {
        Id(self.0.part.id.as_str())
    }

    /// The register, as an org-id.guide code such as `GB-CHC`. Null where the feed does not say.
    fn scheme(&self) -> Option<&str> {
        self.0.scheme.as_deref()
    }

    /// Readable name of the register. Null where the feed gives none.
    fn r#type(&self) -> Option<&str> {
        self.0.identifier_type.as_deref()
    }

    /// The number itself. Null where the feed gives none.
    fn value(&self) -> Option<&str> {
        self.0.value.as_deref()
    }

    /// Taxonomy-based annotations.
    fn attributes(&self) -> Vec<Attribute> {
        views(&self.0.part.attributes, Attribute)
    }

    /// Change history.
    fn metadata(&self) -> Vec<Metadata> {
        views(&self.0.part.metadata, Metadata)
    }
}

/// A programme as clients see it.
pub(crate) struct Program(pub(crate) Arc<model::Program>);

/// A named group of services.
#[graph_object]
impl Program {
    /// The opaque, globally unique id; derived from owner and content where the feed gives none.
    fn id(&self) -> Id<'_> {
        Id(self.0.part.id.as_str())
    }

    /// Name. Null where the feed gives none.
    fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// Other name. Null where there is none.
    fn alternate_name(&self) -> Option<&str> {
        self.0.alternate_name.as_deref()
    }

    /// Summary. Null where there is none.
    fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// Taxonomy-based annotations.
    fn attributes(&self) -> Vec<Attribute> {
        views(&self.0.part.attributes, Attribute)
    }

    /// Change history.
    fn metadata(&self) -> Vec<Metadata> {
        views(&self.0.part.metadata, Metadata)
    }
}
