//! Ways to get in touch: contacts, phones, languages and links.

use oruk_gateway_derive::graph_object;
use std::sync::Arc;

use super::{Attribute, Metadata, views};
use crate::graphql::scalars::{Id, Url};
use crate::model;

/// A contact as clients see it.
pub(crate) struct Contact(pub(crate) Arc<model::Contact>);

/// A person or role to contact.
#[graph_object]
impl Contact {
    /// The opaque, globally unique id, derived from the owner and the content when the feed gives no id.
    fn id(&self) -> Id<'_> {
        Id(self.0.part.id.as_str())
    }

    /// Name of the person or desk. `null` when the feed gives none.
    fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// Job title or role. `null` when the feed gives none.
    fn title(&self) -> Option<&str> {
        self.0.title.as_deref()
    }

    /// Department within the organisation. `null` when the feed gives none.
    fn department(&self) -> Option<&str> {
        self.0.department.as_deref()
    }

    /// Email address. `null` when the feed gives none.
    fn email(&self) -> Option<&str> {
        self.0.email.as_deref()
    }

    /// The contact's telephone numbers.
    fn phones(&self) -> Vec<Phone> {
        views(&self.0.phones, Phone)
    }

    /// The contact's taxonomy-based annotations.
    fn attributes(&self) -> Vec<Attribute> {
        views(&self.0.part.attributes, Attribute)
    }

    /// The history of changes.
    fn metadata(&self) -> Vec<Metadata> {
        views(&self.0.part.metadata, Metadata)
    }
}

/// A phone as clients see it.
pub(crate) struct Phone(pub(crate) Arc<model::Phone>);

/// A telephone number.
#[graph_object]
impl Phone {
    /// The opaque, globally unique id, derived from the owner and the content when the feed gives no id.
    fn id(&self) -> Id<'_> {
        Id(self.0.part.id.as_str())
    }

    /// The number as published, without any text around it. `null` when the feed gives none.
    fn number(&self) -> Option<&str> {
        self.0.number.as_deref()
    }

    /// The extension, as text to preserve leading zeros. `null` when there is none.
    fn extension(&self) -> Option<&str> {
        self.0.extension.as_deref()
    }

    /// The RFC 6350 kind, e.g. `voice`, `text` or `textphone`. `null` when the feed does not say.
    fn r#type(&self) -> Option<&str> {
        self.0.phone_type.as_deref()
    }

    /// Notes about the line. `null` when there are none.
    fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    /// Languages spoken on the line.
    fn languages(&self) -> Vec<Language> {
        views(&self.0.languages, Language)
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

/// A language as clients see it.
pub(crate) struct Language(pub(crate) Arc<model::Language>);

/// A language offered directly, not through an interpreter.
#[graph_object]
impl Language {
    /// The opaque, globally unique id, derived from the owner and the content when the feed gives no id.
    fn id(&self) -> Id<'_> {
        Id(self.0.part.id.as_str())
    }

    /// Name of the language. `null` when the feed gives none.
    fn name(&self) -> Option<&str> {
        self.0.name.as_deref()
    }

    /// The ISO 639 code. `null` when the feed gives none.
    fn code(&self) -> Option<&str> {
        self.0.code.as_deref()
    }

    /// Context, such as when staff who speak it are available. `null` when there is none.
    fn note(&self) -> Option<&str> {
        self.0.note.as_deref()
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

/// A link as clients see it.
pub(crate) struct Link(pub(crate) Arc<model::Link>);

/// A labelled web link.
#[graph_object]
impl Link {
    /// The opaque, globally unique id, derived from the owner and the content when the feed gives no id.
    fn id(&self) -> Id<'_> {
        Id(self.0.part.id.as_str())
    }

    /// The link's text. `null` when the feed gives none.
    fn label(&self) -> Option<&str> {
        self.0.label.as_deref()
    }

    /// The address. `null` when the feed gives no readable one.
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
