//! Annotations of records: terms from vocabularies, and change history.

use crate::graphql::context::FieldContext;
use oruk_gateway_derive::graph_object;
use std::sync::Arc;

use super::{TaxonomyTerm, views};
use crate::graphql::scalars::{Date, Id};
use crate::graphql::{detail, lookup};
use crate::model::{self, UnsaidFields};

/// An attribute as clients see it.
#[derive(Clone)]
pub(crate) struct Attribute(pub(crate) Arc<model::Attribute>);

/// The term of an annotation, if it carries one that states what is wanted, or names none: then nothing has to be
/// waited for.
pub(super) fn carried_term(
    attribute: &model::Attribute,
    wanted: UnsaidFields,
) -> Option<Option<TaxonomyTerm>> {
    match &attribute.taxonomy_term {
        Some(nested) => TaxonomyTerm::at_hand(nested, wanted).map(Some),
        None => attribute.taxonomy_term_id.is_none().then_some(None),
    }
}

/// Links a record, or a part of one, to a taxonomy term.
#[graph_object]
impl Attribute {
    /// The opaque, globally unique id, derived from the owner and the content when the feed gives no id.
    fn id(&self) -> Id<'_> {
        Id(self.0.id.as_str())
    }

    /// The meaning in words. `null` when the feed gives none.
    fn label(&self) -> Option<&str> {
        self.0.label.as_deref()
    }

    /// A value carried with the term. `null` when there is none.
    fn value(&self) -> Option<&str> {
        self.0.value.as_deref()
    }

    /// The aspect the term describes, e.g. `eligibility`. `null` when the feed does not say.
    fn link_type(&self) -> Option<&str> {
        self.0.link_type.as_deref()
    }

    /// The name of the standard's object it is attached to. `null` when the feed does not say.
    fn link_entity(&self) -> Option<&str> {
        self.0.link_entity.as_deref()
    }

    /// The term. `null` when the feed names none or it cannot be fetched.
    #[at_hand(carried_term(&self.0, detail::of_terms(ctx.field(), false)))]
    async fn taxonomy_term(&self, ctx: &FieldContext<'_>) -> Option<TaxonomyTerm> {
        if let Some(nested) = &self.0.taxonomy_term {
            return Some(TaxonomyTerm::in_full(ctx, nested, detail::of_terms(ctx.field(), false)).await);
        }
        let id = self.0.taxonomy_term_id.as_ref()?;
        let now = ctx.federation().clock().now();
        lookup::related(lookup::taxonomy_term(ctx, id).await, id, (now, now), TaxonomyTerm)
    }

    /// The history of changes.
    fn metadata(&self) -> Vec<Metadata> {
        views(&self.0.metadata, Metadata)
    }
}

/// A line of history as clients see it.
pub(crate) struct Metadata(pub(crate) Arc<model::Metadata>);

/// An entry in a record's change history.
#[graph_object]
impl Metadata {
    /// The opaque, globally unique id, derived from the owner and the content when the feed gives no id.
    fn id(&self) -> Id<'_> {
        Id(self.0.id.as_str())
    }

    /// The kind of object that changed, by its name in the standard. `null` when the feed does not say.
    fn resource_type(&self) -> Option<&str> {
        self.0.resource_type.as_deref()
    }

    /// The date of the change. `null` when the feed does not say.
    fn last_action_date(&self) -> Option<Date> {
        self.0.last_action_date.map(Date)
    }

    /// The kind of change. `null` when the feed does not say.
    fn last_action_type(&self) -> Option<&str> {
        self.0.last_action_type.as_deref()
    }

    /// The field that changed. `null` when the feed does not say.
    fn field_name(&self) -> Option<&str> {
        self.0.field_name.as_deref()
    }

    /// The old value. `null` when there was none.
    fn previous_value(&self) -> Option<&str> {
        self.0.previous_value.as_deref()
    }

    /// The new value. `null` when there is none.
    fn replacement_value(&self) -> Option<&str> {
        self.0.replacement_value.as_deref()
    }

    /// Who changed it. `null` when the feed does not say.
    fn updated_by(&self) -> Option<&str> {
        self.0.updated_by.as_deref()
    }
}

/// The term of an annotation: as it carries it, completed if that does not state what is wanted, or fetched.
pub(super) async fn term_of(
    ctx: &FieldContext<'_>,
    attribute: &model::Attribute,
    wanted: UnsaidFields,
) -> Option<TaxonomyTerm> {
    if let Some(nested) = &attribute.taxonomy_term {
        return Some(TaxonomyTerm::in_full(ctx, nested, wanted).await);
    }
    lookup::found(lookup::taxonomy_term(ctx, attribute.taxonomy_term_id.as_ref()?).await)
}
