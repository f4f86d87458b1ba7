//! Money, places and papers: what a service costs, who pays for it, how full it is, what to bring.

use oruk_gateway_derive::graph_object;
use std::sync::Arc;

use super::{Attribute, Metadata, views};
use crate::graphql::scalars::{Date, DateTime, Id, Url};
use crate::model;

/// A price as clients see it.
pub(crate) struct CostOption(pub(crate) Arc<model::CostOption>);

/// A price of a service.
#[graph_object]
impl CostOption {
    /// The opaque, globally unique id, derived from the owner and the content when the feed gives no id.
    fn id(&self) -> Id<'_> {
        Id(self.0.part.id.as_str())
    }

    /// Who or what the price is for. `null` when the feed does not say.
    fn option(&self) -> Option<&str> {
        self.0.option.as_deref()
    }

    /// The price, in units of the currency. `null` when the feed gives no number.
    fn amount(&self) -> Option<f64> {
        self.0.amount
    }

    /// Unit or qualifier of the price, e.g. `per hour`. `null` when there is none.
    fn amount_description(&self) -> Option<&str> {
        self.0.amount_description.as_deref()
    }

    /// The ISO 4217 code in upper case. `null` when the feed does not say: assume pounds sterling.
    fn currency(&self) -> Option<&str> {
        self.0.currency.as_deref()
    }

    /// The first date on which the price applies. `null` when it has no start date, or an unreadable one.
    fn valid_from(&self) -> Option<Date> {
        self.0.valid_from.map(Date)
    }

    /// The last date on which the price applies. `null` when it has no end date, or an unreadable one.
    fn valid_to(&self) -> Option<Date> {
        self.0.valid_to.map(Date)
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

/// Funding as clients see it.
pub(crate) struct Funding(pub(crate) Arc<model::Funding>);

/// Where money for a service or organisation comes from.
#[graph_object]
impl Funding {
    /// The opaque, globally unique id, derived from the owner and the content when the feed gives no id.
    fn id(&self) -> Id<'_> {
        Id(self.0.part.id.as_str())
    }

    /// The funder, in words. `null` when the feed does not say.
    fn source(&self) -> Option<&str> {
        self.0.source.as_deref()
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

/// A required document as clients see it.
pub(crate) struct RequiredDocument(pub(crate) Arc<model::RequiredDocument>);

/// A document someone must bring or supply.
#[graph_object]
impl RequiredDocument {
    /// The opaque, globally unique id, derived from the owner and the content when the feed gives no id.
    fn id(&self) -> Id<'_> {
        Id(self.0.part.id.as_str())
    }

    /// The document. `null` when the feed does not say.
    fn document(&self) -> Option<&str> {
        self.0.document.as_deref()
    }

    /// Link to the document or form. `null` when there is none.
    fn uri(&self) -> Option<Url> {
        self.0.uri.clone().map(Url)
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

/// Capacity as clients see it.
pub(crate) struct ServiceCapacity(pub(crate) Arc<model::ServiceCapacity>);

/// How many units of something, such as beds, a service has free.
#[graph_object]
impl ServiceCapacity {
    /// The opaque, globally unique id, derived from the owner and the content when the feed gives no id.
    fn id(&self) -> Id<'_> {
        Id(self.0.part.id.as_str())
    }

    /// The unit counted. `null` when the feed does not say.
    fn unit(&self) -> Option<Unit> {
        self.0.unit.clone().map(Unit)
    }

    /// The number of units free when last updated. `null` when the feed does not say.
    fn available(&self) -> Option<f64> {
        self.0.available
    }

    /// The greatest number of units possible. `null` when the feed does not say.
    fn maximum(&self) -> Option<f64> {
        self.0.maximum
    }

    /// The capacity in words. `null` when there are none.
    fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// When the numbers were last updated. `null` when the feed does not say.
    fn updated(&self) -> Option<DateTime> {
        self.0.updated.map(DateTime)
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

/// A unit as clients see it.
pub(crate) struct Unit(pub(crate) Arc<model::Unit>);

/// A unit of capacity.
#[graph_object]
impl Unit {
    /// The opaque, globally unique id, derived from the owner and the content when the feed gives no id.
    fn id(&self) -> Id<'_> {
        Id(self.0.part.id.as_str())
    }

    /// Readable name, e.g. `bed`. `null` when the feed gives none.
    fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// The scheme that defines it. `null` when the feed names none.
    fn scheme(&self) -> Option<&str> {
        self.0.scheme.as_deref()
    }

    /// Its code in that scheme. `null` when the feed gives none.
    fn identifier(&self) -> Option<&str> {
        self.0.identifier.as_deref()
    }

    /// The URI of its definition. `null` when the feed gives none.
    fn uri(&self) -> Option<&str> {
        self.0.uri.as_deref()
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
