//! Organisations, their registration numbers and programmes.

use crate::graphql::context::FieldContext;
use oruk_gateway_derive::graph_object;
use std::sync::Arc;

use super::provenance::source_of;
use super::{
    Attribute, Contact, Funding, Link, Location, Metadata, Phone, Provenance, Service, ServiceConnection,
    Source, TextFormat, WrittenText, carried, views, written,
};
use crate::graphql::error::ApiError;
use crate::graphql::fields::services;
use crate::graphql::input::{ServiceFilterInput, ServiceOrderInput};
use crate::graphql::lookup;
use crate::graphql::paging::PageArguments;
use crate::graphql::scalars::{Id, Json, Url};
use crate::model::{self, ServiceFilter};

/// An organisation as clients see it.
#[derive(Clone)]
pub(crate) struct Organization(pub(crate) Arc<model::Organization>);

/// An organisation that delivers services. Fields are `null`, and lists are empty, when the feed does not say.
#[graph_object]
impl Organization {
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

    /// Other or trading name. `null` when there is none.
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

    /// General email. `null` when the feed gives none.
    fn email(&self) -> Option<&str> {
        self.0.email.as_deref()
    }

    /// Website. `null` when the feed gives none.
    fn website(&self) -> Option<Url> {
        self.0.website.clone().map(Url)
    }

    /// Further labelled links.
    fn additional_websites(&self) -> Vec<Link> {
        views(&self.0.additional_websites, Link)
    }

    /// Legal form, e.g. `registered charity`. `null` when the feed does not say.
    fn legal_status(&self) -> Option<&str> {
        self.0.legal_status.as_deref()
    }

    /// Year of legal formation. `null` when the feed does not say.
    fn year_incorporated(&self) -> Option<i32> {
        self.0.year_incorporated
    }

    /// Tax designation. `null` when the feed does not say. Deprecated in the standard.
    fn tax_status(&self) -> Option<&str> {
        self.0.tax_status.as_deref()
    }

    /// Tax number. `null` when the feed does not say. Deprecated in the standard.
    fn tax_id(&self) -> Option<&str> {
        self.0.tax_id.as_deref()
    }

    /// Logo image. `null` when the feed gives none.
    fn logo(&self) -> Option<Url> {
        self.0.logo.clone().map(Url)
    }

    /// Persistent identifying URI, not the website. `null` when the feed gives none.
    fn uri(&self) -> Option<&str> {
        self.0.uri.as_deref()
    }

    /// The organisation it is part of. `null` when the feed names none or it cannot be fetched.
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

    /// People and desks to contact.
    fn contacts(&self) -> Vec<Contact> {
        views(&self.0.contacts, Contact)
    }

    /// Telephone numbers.
    fn phones(&self) -> Vec<Phone> {
        views(&self.0.phones, Phone)
    }

    /// Places it operates.
    fn locations(&self) -> Vec<Location> {
        views(&self.0.locations, Location)
    }

    /// The services nested in the organisation's own record. Some may be missing from the feed's list of services;
    /// `services` returns those in the list.
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

    /// The history of changes.
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
        let own = ServiceFilter { organization: Some(self.0.id.clone()), ..ServiceFilter::default() };
        services(ctx, filter, order_by, Some(own), page).await
    }

    /// Members the feed sends that the schema has no field for, unchanged. Members of nested objects are named by path,
    /// e.g. `phones[0].fax`. `null` when there are none.
    fn extra(&self) -> Option<Json<'_>> {
        Json::extra(&self.0.extra)
    }
}

/// A registration number as clients see it.
pub(crate) struct OrganizationIdentifier(pub(crate) Arc<model::OrganizationIdentifier>);

/// A registration number in another register.
#[graph_object]
impl OrganizationIdentifier {
    /// The opaque, globally unique id, derived from the owner and the content when the feed gives no id.
    fn id(&self) -> Id<'_> {
        Id(self.0.part.id.as_str())
    }

    /// The register, as an org-id.guide code such as `GB-CHC`. `null` when the feed does not say.
    fn scheme(&self) -> Option<&str> {
        self.0.scheme.as_deref()
    }

    /// The readable name of the register. `null` when the feed gives none.
    fn r#type(&self) -> Option<&str> {
        self.0.identifier_type.as_deref()
    }

    /// The number. `null` when the feed gives none.
    fn value(&self) -> Option<&str> {
        self.0.value.as_deref()
    }

    /// Taxonomy-based annotations.
    fn attributes(&self) -> Vec<Attribute> {
        views(&self.0.part.attributes, Attribute)
    }

    /// The history of changes.
    fn metadata(&self) -> Vec<Metadata> {
        views(&self.0.part.metadata, Metadata)
    }
}

/// A programme as clients see it.
pub(crate) struct Program(pub(crate) Arc<model::Program>);

/// A named group of services.
#[graph_object]
impl Program {
    /// The opaque, globally unique id, derived from the owner and the content when the feed gives no id.
    fn id(&self) -> Id<'_> {
        Id(self.0.part.id.as_str())
    }

    /// Name. `null` when the feed gives none.
    fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// Other name. `null` when there is none.
    fn alternate_name(&self) -> Option<&str> {
        self.0.alternate_name.as_deref()
    }

    /// The summary. `null` when there is none.
    fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// Taxonomy-based annotations.
    fn attributes(&self) -> Vec<Attribute> {
        views(&self.0.part.attributes, Attribute)
    }

    /// The history of changes.
    fn metadata(&self) -> Vec<Metadata> {
        views(&self.0.part.metadata, Metadata)
    }
}
