//! Parts of places: addresses, access statements and the areas that services cover.

use oruk_gateway_derive::graph_object;
use std::sync::Arc;

use super::{Attribute, Metadata, views};
use crate::graphql::enums::LocationType;
use crate::graphql::scalars::{Id, Json, Postcode, Url};
use crate::model;

/// An address as clients see it.
pub(crate) struct Address(pub(crate) Arc<model::Address>);

/// A postal, physical or virtual address.
#[graph_object]
impl Address {
    /// The opaque, globally unique id, derived from the owner and the content when the feed gives no id.
    fn id(&self) -> Id<'_> {
        Id(self.0.part.id.as_str())
    }

    /// The person or office that post is marked for. `null` when there is none.
    fn attention(&self) -> Option<&str> {
        self.0.attention.as_deref()
    }

    /// House or building, and street. `null` when the feed gives none.
    fn address1(&self) -> Option<&str> {
        self.0.address_1.as_deref()
    }

    /// Second line. `null` when there is none.
    fn address2(&self) -> Option<&str> {
        self.0.address_2.as_deref()
    }

    /// Town or city. `null` when the feed gives none.
    fn city(&self) -> Option<&str> {
        self.0.city.as_deref()
    }

    /// Wider region. `null` when the feed gives none.
    fn region(&self) -> Option<&str> {
        self.0.region.as_deref()
    }

    /// County. `null` when the feed gives none.
    fn state_province(&self) -> Option<&str> {
        self.0.state_province.as_deref()
    }

    /// The postcode as published. `null` when the feed gives none.
    fn postal_code(&self) -> Option<&str> {
        self.0.postal_code.as_deref()
    }

    /// The postcode in its standard spelling. `null` when `postalCode` is not a complete UK postcode.
    fn postcode(&self) -> Option<Postcode> {
        self.0.postcode.clone().map(Postcode::from)
    }

    /// The ISO 3166-1 country code, usually `GB`. `null` when the feed gives none.
    fn country(&self) -> Option<&str> {
        self.0.country.as_deref()
    }

    /// The kind of address.
    fn address_type(&self) -> LocationType {
        self.0.address_type.into()
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

/// An access statement as clients see it.
pub(crate) struct Accessibility(pub(crate) Arc<model::Accessibility>);

/// A statement about access for disabled people at a location.
#[graph_object]
impl Accessibility {
    /// The opaque, globally unique id, derived from the owner and the content when the feed gives no id.
    fn id(&self) -> Id<'_> {
        Id(self.0.part.id.as_str())
    }

    /// The feature provided, e.g. a ramp, a hearing loop or a lift. `null` when the feed does not say.
    fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// Practical notes on using it. `null` when there are none.
    fn details(&self) -> Option<&str> {
        self.0.details.as_deref()
    }

    /// A page that describes access here. `null` when there is none.
    fn url(&self) -> Option<Url> {
        self.0.url.clone().map(Url)
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

/// A service area as clients see it.
pub(crate) struct ServiceArea(pub(crate) Arc<model::ServiceArea>);

/// A geographic area a service covers.
#[graph_object]
impl ServiceArea {
    /// The opaque, globally unique id, derived from the owner and the content when the feed gives no id.
    fn id(&self) -> Id<'_> {
        Id(self.0.part.id.as_str())
    }

    /// Name of the area. `null` when the feed gives none.
    fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// The coverage in words. `null` when there are none.
    fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// The extent as published, in the format that `extentType` gives. `null` when there is none.
    fn extent(&self) -> Option<&str> {
        self.0.extent.as_deref()
    }

    /// The format of the extent: `geojson`, `topojson`, `kml` or `text`. `null` when the feed does not say.
    fn extent_type(&self) -> Option<&str> {
        self.0.extent_type.as_deref()
    }

    /// Persistent identifier of the area, e.g. of ONS statistical geography. `null` when there is none.
    fn uri(&self) -> Option<&str> {
        self.0.uri.as_deref()
    }

    /// The extent as GeoJSON. `null` when it is in another format.
    fn geojson(&self) -> Option<Json<'_>> {
        self.0.geojson.as_ref().map(|geojson| Json::Written(geojson.text()))
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
