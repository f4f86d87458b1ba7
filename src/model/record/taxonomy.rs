//! Vocabularies, their terms, and the annotations that attach terms to records.

use std::sync::Arc;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use url::Url;

use crate::model::{
    CarriedMembers, OrderKey, PartId, Provenance, RecordId, SharedVocabulary, TermGroup, UnsaidFields,
};

/// A vocabulary that terms are drawn from.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Taxonomy {
    /// Kind, source and the feed's own id.
    pub id: RecordId,
    /// Where the record came from.
    pub provenance: Provenance,
    /// The key that sorts vocabularies by name.
    pub order_key: OrderKey,
    /// The nested members that the feed sent with the record.
    pub carried: CarriedMembers,
    /// Name; "(unnamed)" if the feed gives none.
    pub name: String,
    /// What it covers.
    pub description: Option<String>,
    /// Its identifier or home.
    pub uri: Option<Url>,
    /// Its release.
    pub version: Option<String>,
    /// Terms embedded in it (a UK addition).
    pub terms: Vec<Arc<TaxonomyTerm>>,
    /// Change history.
    pub metadata: Vec<Arc<Metadata>>,
    /// Members that the feed sent and the standard does not define.
    pub extra: Map<String, Value>,
}

super::record!(Taxonomy);

macro_rules! fill {
    ($whole:ident, $other:ident; scalars: $($scalar:ident)*; lists: $($list:ident)*) => {
        $(if $whole.$scalar.is_none() { $whole.$scalar.clone_from(&$other.$scalar); })*
        $(if $whole.$list.is_empty() { $whole.$list.clone_from(&$other.$list); })*
        for (key, value) in &$other.extra {
            $whole.extra.entry(key).or_insert_with(|| value.clone());
        }
        $whole.carried = $whole.carried.or($other.carried);
        $whole.provenance.clone_from(&$other.provenance);
    };
}

impl Taxonomy {
    /// Fills what this form leaves out from another form of the same vocabulary, and takes over that form's provenance.
    pub fn fill_from(&mut self, other: &Self) {
        fill!(self, other; scalars: description uri version; lists: terms metadata);
    }
}

/// One concept of a vocabulary.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TaxonomyTerm {
    /// Kind, source and the feed's own id.
    pub id: RecordId,
    /// Where the record came from.
    pub provenance: Provenance,
    /// The key that sorts terms by name.
    pub order_key: OrderKey,
    /// The nested members that the feed sent with the record.
    pub carried: CarriedMembers,
    /// Identifier of the term inside its vocabulary.
    pub code: Option<String>,
    /// Label; "(unnamed)" if the feed gives none.
    pub name: String,
    /// What it means.
    pub description: Option<String>,
    /// ISO 639 language of the label.
    pub language: Option<String>,
    /// URI of the concept.
    pub term_uri: Option<Url>,
    /// Name or URI of the vocabulary, as text.
    pub taxonomy_name: Option<String>,
    /// The vocabulary.
    pub taxonomy_id: Option<RecordId>,
    /// The vocabulary, if the feed nests it in this record.
    pub taxonomy: Option<Arc<Taxonomy>>,
    /// The broader term.
    pub parent_id: Option<RecordId>,
    /// Change history.
    pub metadata: Vec<Arc<Metadata>>,
    /// Members that the feed sent and the standard does not define.
    pub extra: Map<String, Value>,
}

super::record!(TaxonomyTerm);

impl TaxonomyTerm {
    /// Fills what this form leaves out from another form of the same term, and takes over that form's provenance.
    pub fn fill_from(&mut self, other: &Self) {
        fill!(
            self, other;
            scalars: code description language term_uri taxonomy_name taxonomy_id taxonomy parent_id;
            lists: metadata
        );
    }

    /// Returns whether the feed gives the term no name.
    pub fn is_nameless(&self) -> bool {
        self.name == "(unnamed)"
    }

    /// Returns this form, which is nested in another record, with what it leaves out and the term's own record states.
    /// Returns `None` if that is nothing.
    pub fn completed_by(&self, own: &Self) -> Option<Self> {
        if UnsaidFields::by(self).without(UnsaidFields::by(own)).is_empty() {
            return None;
        }
        let mut completed = self.clone();
        if self.is_nameless() {
            completed.name.clone_from(&own.name);
            completed.order_key.clone_from(&own.order_key);
        }
        completed.fill_from(own);
        Some(completed)
    }
}

impl TaxonomyTerm {
    /// Returns whether the term belongs to the vocabulary with this name, URI, upstream id or gateway id, in any case.
    /// A vocabulary that many feeds share is recognised by any of its names.
    pub fn is_of(&self, taxonomy: &str) -> bool {
        let wanted = taxonomy.trim().to_lowercase();
        let is_named = self.vocabulary_names().any(|name| name.trim().to_lowercase() == wanted);
        is_named
            || SharedVocabulary::named(taxonomy).is_some_and(|shared| {
                TermGroup::of(self, None).shared_vocabulary() == Some(shared)
                    || self.own_vocabulary_names().find_map(SharedVocabulary::named) == Some(shared)
            })
    }

    /// Returns other words for the term, if the vocabulary gives any. The standard has no member for them, so
    /// publishers use one of several names.
    pub fn synonyms(&self) -> impl Iterator<Item = &str> {
        const NAMES: [&str; 9] = [
            "synonyms",
            "altLabel",
            "alt_label",
            "altLabels",
            "alternative_names",
            "aliases",
            "use_for",
            "hiddenLabel",
            "non_preferred",
        ];
        let members = NAMES.iter().filter_map(|name| self.extra.get(*name));
        let texts = members.flat_map(|member| match member {
            Value::Array(items) => items.as_slice(),
            one => std::slice::from_ref(one),
        });
        texts.filter_map(Value::as_str)
    }

    /// Returns everything that identifies the vocabulary: name, URI, upstream id and gateway id.
    pub(in crate::model) fn vocabulary_names(&self) -> impl Iterator<Item = &str> {
        let record = self.taxonomy.as_deref();
        let names = [
            self.taxonomy_name.as_deref(),
            self.taxonomy_id.as_ref().map(RecordId::upstream),
            self.taxonomy_id.as_ref().map(RecordId::as_str),
            record.map(|taxonomy| taxonomy.name.as_str()),
            record.and_then(|taxonomy| taxonomy.uri.as_ref()).map(Url::as_str),
        ];
        names.into_iter().flatten()
    }
}

/// Joins a record, or a part of one, to a term, with an optional value.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Attribute {
    /// Its opaque id.
    pub id: PartId,
    /// What is meant, in words (HSDS 3.1).
    pub label: Option<String>,
    /// A value carried with the term.
    pub value: Option<String>,
    /// What aspect the term describes, e.g. `eligibility`.
    pub link_type: Option<String>,
    /// Name of the standard's object it is attached to.
    pub link_entity: Option<String>,
    /// The term.
    pub taxonomy_term_id: Option<RecordId>,
    /// The term, if the feed nests it in this annotation.
    pub taxonomy_term: Option<Arc<TaxonomyTerm>>,
    /// See [`crate::model::RecordPart::of_contact`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of_contact: Option<Box<str>>,
    /// Change history.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub metadata: Vec<Arc<Metadata>>,
}

/// One line of a record's change history.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Metadata {
    /// Its opaque id.
    pub id: PartId,
    /// The standard's object that changed.
    pub resource_type: Option<String>,
    /// Date of the change.
    pub last_action_date: Option<NaiveDate>,
    /// Kind of change.
    pub last_action_type: Option<String>,
    /// Field that changed.
    pub field_name: Option<String>,
    /// Old value.
    pub previous_value: Option<String>,
    /// New value.
    pub replacement_value: Option<String>,
    /// Who changed it.
    pub updated_by: Option<String>,
    /// See [`crate::model::RecordPart::of_contact`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub of_contact: Option<Box<str>>,
}
