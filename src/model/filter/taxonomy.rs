//! Taxonomy terms: how a reference names a term, and which terms a service must carry.

use crate::model::{Attribute, RecordId, Service, TaxonomyTerm};

use super::verdict::Match;

/// A way to name a term.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TaxonomyTermRef {
    /// By the gateway's id: the term of that source alone.
    Id(RecordId),
    /// By its URI, in any source; `http` and `https`, and a last slash, make no difference.
    Uri(String),
    /// By its code, in any source, and within one vocabulary where that is named.
    Code {
        /// Name or id of the vocabulary.
        taxonomy: Option<String>,
        /// The code.
        code: String,
    },
    /// By its name, in any source and case.
    Name(String),
}

/// Terms a service must, may and must not carry. Descendants are not looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TaxonomyTermsFilter {
    /// At least one of these, where there are any.
    pub any_of: Vec<TaxonomyTermRef>,
    /// All of these.
    pub all_of: Vec<TaxonomyTermRef>,
    /// None of these.
    pub none_of: Vec<TaxonomyTermRef>,
}

impl TaxonomyTermsFilter {
    pub(super) fn evaluate(&self, service: &Service) -> Match {
        let attributes: Vec<&Attribute> = service.all_attributes().map(AsRef::as_ref).collect();
        if attributes.is_empty() {
            return Match::UNSETTLED;
        }
        let carries = |wanted: &TaxonomyTermRef| attributes.iter().any(|attribute| wanted.names(attribute));
        let holds = (self.any_of.is_empty() || self.any_of.iter().any(carries))
            && self.all_of.iter().all(carries)
            && !self.none_of.iter().any(carries);
        holds.into()
    }
}

impl TaxonomyTermRef {
    /// Whether this names the term of an annotation.
    pub fn names(&self, attribute: &Attribute) -> bool {
        let term = attribute.taxonomy_term.as_deref();
        match self {
            Self::Id(id) => attribute.taxonomy_term_id.as_ref() == Some(id),
            Self::Uri(uri) => {
                term.and_then(|term| term.term_uri.as_ref()).is_some_and(|has| same_uri(has.as_str(), uri))
            }
            Self::Code { taxonomy, code } => term.is_some_and(|term| {
                has_code(term, code) && taxonomy.as_ref().is_none_or(|taxonomy| term.is_of(taxonomy))
            }),
            Self::Name(name) => term.is_some_and(|term| same_word(&term.name, name)),
        }
    }
}

// A code may be written as a CURIE (`esdServiceType:298`), whose prefix the feed may leave out or hold in the
// term's id.
fn has_code(term: &TaxonomyTerm, code: &str) -> bool {
    let own = term.code.as_deref().into_iter().chain([term.id.upstream()]);
    own.into_iter()
        .any(|own| same_word(own, code) || own.rsplit(':').next().is_some_and(|bare| same_word(bare, code)))
}

fn same_word(a: &str, b: &str) -> bool {
    a.trim().to_lowercase() == b.trim().to_lowercase()
}

fn same_uri(a: &str, b: &str) -> bool {
    let bare = |uri: &str| {
        let uri = uri.trim().trim_end_matches('/');
        uri.split_once("://").map_or(uri, |(_, rest)| rest).to_owned()
    };
    bare(a) == bare(b)
}
