//! Which terms of different feeds are the same: the key by which a term is counted, listed and filtered across sources.

mod folding;
mod shared;

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::model::{RecordId, Taxonomy, TaxonomyTerm};

pub(in crate::model) use folding::bare_uri;
pub use shared::SharedVocabulary;

use folding::{folded_code, slug_of};

/// The name that reading a record gives a term without one.
const UNNAMED: &str = "(unnamed)";

/// The key shared by the terms of one group. Terms of any sources with equal keys are the same term.
///
/// The key is computed from the term alone: its address, else its vocabulary and code, else its vocabulary and name,
/// else its id. So it is the same in every gateway and after every restart, whatever other sources there are.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TermGroup(Arc<str>);

/// The names that a vocabulary's own record gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VocabularyNames {
    /// Its name.
    pub name: Box<str>,
    /// Its address.
    pub uri: Option<Box<str>>,
}

/// The error for a text that is not the key of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not the key of a group of terms, such as `code:esd-service-types:298`")]
pub struct TermGroupError;

impl TermGroup {
    /// The prefixes of the forms of a key.
    const FORMS: [&str; 4] = ["uri:", "code:", "name:", "id:"];

    /// Returns the group of a term. `listed` is what the vocabulary's own record says, for terms that refer to it by id
    /// only.
    pub fn of(term: &TaxonomyTerm, listed: Option<&VocabularyNames>) -> Self {
        let names = term.own_vocabulary_names();
        TermWords {
            id: &term.id,
            code: term.code.as_deref(),
            name: Some(&*term.name).filter(|name| *name != UNNAMED),
            uri: term.term_uri.as_ref().map(url::Url::as_str),
            vocabularies: names.chain(listed.into_iter().flat_map(VocabularyNames::each)).collect(),
        }
        .group()
    }

    /// Returns the group of a term of which only the id is known.
    pub fn of_id(id: &RecordId) -> Self {
        Self(by_id(id).into())
    }

    /// Returns the group of the terms with this address.
    pub fn of_uri(uri: &str) -> Self {
        let shared = SharedVocabulary::of_term(uri);
        let key = shared.map(|(shared, code)| by_code(shared.slug, &code));
        Self(key.unwrap_or_else(|| by_uri(uri)).into())
    }

    /// Returns the group of the terms with this code in a vocabulary. `None` if `vocabulary` names none that feeds
    /// share.
    pub fn of_shared_code(vocabulary: &str, code: &str) -> Option<Self> {
        let shared = SharedVocabulary::named(vocabulary)?;
        Some(Self(by_code(shared.slug, local(code)).into()))
    }

    /// Returns the group of the terms whose code names its vocabulary in a prefix: `esdServiceType:298`.
    pub(in crate::model) fn of_prefixed_code(code: &str) -> Option<Self> {
        let (prefix, local) = prefixed(code)?;
        let slug =
            SharedVocabulary::of_prefix(prefix).map_or_else(|| slug_of(prefix), |shared| shared.slug.into());
        Some(Self(by_code(&slug, local).into()))
    }

    /// Parses a key.
    ///
    /// # Errors
    /// Returns [`TermGroupError`] if the text has none of the forms of a key.
    pub fn parse(text: &str) -> Result<Self, TermGroupError> {
        let text = text.trim();
        let rest = Self::FORMS.iter().find_map(|form| text.strip_prefix(form)).ok_or(TermGroupError)?;
        if rest.is_empty() { Err(TermGroupError) } else { Ok(Self(text.into())) }
    }

    /// Returns the shared vocabulary that the prefix of a code names, and the code without the prefix.
    pub(in crate::model) fn shared_code(code: &str) -> Option<(&'static SharedVocabulary, &str)> {
        let (prefix, local) = prefixed(code)?;
        Some((SharedVocabulary::of_prefix(prefix)?, local))
    }

    /// Returns the shared vocabulary that the key names, if any.
    pub(in crate::model) fn shared_vocabulary(&self) -> Option<&'static SharedVocabulary> {
        let (_, rest) = self.0.split_once(':')?;
        SharedVocabulary::with_slug(rest.split_once(':')?.0)
    }

    /// Returns the key as clients see it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TermGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The identifying texts of a term and its vocabulary.
pub(in crate::model) struct TermWords<'t> {
    pub(in crate::model) id: &'t RecordId,
    pub(in crate::model) code: Option<&'t str>,
    pub(in crate::model) name: Option<&'t str>,
    pub(in crate::model) uri: Option<&'t str>,
    /// The names and addresses of its vocabulary, the most reliable first.
    pub(in crate::model) vocabularies: Vec<&'t str>,
}

impl VocabularyNames {
    /// Takes the names from a vocabulary's record.
    pub fn of(taxonomy: &Taxonomy) -> Self {
        Self { name: (*taxonomy.name).into(), uri: taxonomy.uri.as_ref().map(|uri| uri.as_str().into()) }
    }

    pub(in crate::model) fn each(&self) -> impl Iterator<Item = &str> {
        let name = Some(&*self.name).filter(|name| *name != UNNAMED);
        name.into_iter().chain(self.uri.as_deref())
    }
}

impl TaxonomyTerm {
    /// Returns the vocabulary names that the term itself states and that mean something in other feeds too.
    pub(in crate::model) fn own_vocabulary_names(&self) -> impl Iterator<Item = &str> {
        let carried = self.taxonomy.as_deref();
        let names = [
            self.taxonomy_name.as_deref(),
            carried.map(|taxonomy| &*taxonomy.name),
            carried.and_then(|taxonomy| taxonomy.uri.as_ref()).map(url::Url::as_str),
            // A number is an id that means nothing outside its feed; a UUID is unique.
            self.taxonomy_id.as_ref().map(RecordId::upstream).filter(|id| Uuid::try_parse(id).is_ok()),
        ];
        names.into_iter().flatten().filter(|name| !name.trim().is_empty() && *name != UNNAMED)
    }
}

impl TermWords<'_> {
    pub(in crate::model) fn group(&self) -> TermGroup {
        let key = self.shared_code().or_else(|| self.address()).or_else(|| self.own_code());
        TermGroup(key.or_else(|| self.by_name()).unwrap_or_else(|| by_id(self.id)).into())
    }

    /// In a shared vocabulary the code there identifies a term, however vocabulary and code are written.
    fn shared_code(&self) -> Option<String> {
        if let Some((shared, code)) = self.addresses().find_map(SharedVocabulary::of_term) {
            return Some(by_code(shared.slug, &code));
        }
        let own = [self.own_form(), Some(self.id.upstream())];
        let by_prefix = own.into_iter().flatten().find_map(|code| {
            let (prefix, local) = prefixed(code)?;
            Some(by_code(SharedVocabulary::of_prefix(prefix)?.slug, local))
        });
        by_prefix.or_else(|| Some(by_code(self.shared()?.slug, local(self.own_form()?))))
    }

    fn shared(&self) -> Option<&'static SharedVocabulary> {
        self.vocabularies.iter().find_map(|name| SharedVocabulary::named(name))
    }

    fn address(&self) -> Option<String> {
        self.addresses().find(|uri| self.is_own(uri)).map(by_uri)
    }

    /// Returns the term's address, and its code if that is an address.
    fn addresses(&self) -> impl Iterator<Item = &str> {
        self.uri.into_iter().chain(self.code.filter(|code| code.contains("://")))
    }

    // Some feeds put their own website, or the vocabulary's address, into every term.
    fn is_own(&self, uri: &str) -> bool {
        let bare = bare_uri(uri);
        let is_of_vocabulary =
            self.vocabularies.iter().any(|name| bare_uri(name).eq_ignore_ascii_case(&bare));
        bare.contains(['/', '?', '#', ':']) && !is_of_vocabulary
    }

    fn own_code(&self) -> Option<String> {
        let code = self.own_form()?;
        let vocabulary = self.vocabulary().or_else(|| Some(slug_of(prefixed(code)?.0)))?;
        Some(by_code(&vocabulary, local(code)))
    }

    /// Returns the code as its vocabulary gives it. Excludes addresses, and UUIDs, which are only the feed's ids.
    fn own_form(&self) -> Option<&str> {
        let code = self.code.map(str::trim).filter(|code| !code.is_empty() && !code.contains("://"));
        code.filter(|code| Uuid::try_parse(code).is_err())
    }

    fn by_name(&self) -> Option<String> {
        let name = self.name.map(slug_of).filter(|name| !name.is_empty())?;
        let vocabulary = self.shared().map(|shared| shared.slug.to_owned()).or_else(|| self.vocabulary());
        Some(format!("name:{}:{name}", vocabulary.unwrap_or_default()))
    }

    fn vocabulary(&self) -> Option<String> {
        let mut folded = self.vocabularies.iter().map(|name| slug_of(&bare_uri(name)));
        folded.find(|name| !name.is_empty())
    }
}

fn by_code(vocabulary: &str, code: &str) -> String {
    format!("code:{vocabulary}:{}", folded_code(code))
}

fn by_uri(uri: &str) -> String {
    format!("uri:{}", bare_uri(uri))
}

fn by_id(id: &RecordId) -> String {
    format!("id:{}", id.as_str())
}

/// Splits a CURIE: `esdServiceType:298` into `esdServiceType` and `298`.
fn prefixed(code: &str) -> Option<(&str, &str)> {
    let (prefix, local) = code.trim().rsplit_once(':')?;
    (!prefix.is_empty() && !local.is_empty() && !local.starts_with("//")).then_some((prefix, local))
}

/// Returns a code without its CURIE prefix.
fn local(code: &str) -> &str {
    prefixed(code).map_or(code, |(_, local)| local)
}

#[cfg(test)]
mod tests;
