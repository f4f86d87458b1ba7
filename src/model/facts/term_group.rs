//! Which terms of different feeds are one and the same: the key under which a term is counted, listed and filtered by
//! across sources.

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

/// Stands for the name that a feed left out.
const UNNAMED: &str = "(unnamed)";

/// The key that the terms of one group have in common. Terms of any source with equal keys are one term.
///
/// It follows from the term alone: its address, else its vocabulary and code, else its vocabulary and name, else its id.
/// So it is the same in every gateway, after every restart, and whichever other sources there are.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TermGroup(Arc<str>);

/// What a vocabulary's own record calls it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VocabularyNames {
    /// Its name.
    pub name: Box<str>,
    /// Its address.
    pub uri: Option<Box<str>>,
}

/// A text that is no key of a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("is not the key of a group of terms, such as `code:esd-service-types:298`")]
pub struct TermGroupError;

impl TermGroup {
    /// The forms that keys come in, by what they begin with.
    const FORMS: [&str; 4] = ["uri:", "code:", "name:", "id:"];

    /// The group of a term; `listed` is what its vocabulary's own record says, for terms that name it by its id alone.
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

    /// The group of a term of which nothing is known but its id.
    pub fn of_id(id: &RecordId) -> Self {
        Self(by_id(id).into())
    }

    /// The group of the terms with this address.
    pub fn of_uri(uri: &str) -> Self {
        let shared = SharedVocabulary::of_term(uri);
        let key = shared.map(|(shared, code)| by_code(shared.slug, &code));
        Self(key.unwrap_or_else(|| by_uri(uri)).into())
    }

    /// The group of the terms with this code in a vocabulary of this name, where that is one that feeds share.
    pub fn of_shared_code(vocabulary: &str, code: &str) -> Option<Self> {
        let shared = SharedVocabulary::named(vocabulary)?;
        Some(Self(by_code(shared.slug, local(code)).into()))
    }

    /// The group of the terms with a code that says itself which vocabulary it is of: `esdServiceType:298`.
    pub(in crate::model) fn of_prefixed_code(code: &str) -> Option<Self> {
        let (prefix, local) = prefixed(code)?;
        let slug =
            SharedVocabulary::of_prefix(prefix).map_or_else(|| slug_of(prefix), |shared| shared.slug.into());
        Some(Self(by_code(&slug, local).into()))
    }

    /// Reads a key as a client holds it.
    ///
    /// # Errors
    /// When it has none of the forms of a key.
    pub fn parse(text: &str) -> Result<Self, TermGroupError> {
        let text = text.trim();
        let rest = Self::FORMS.iter().find_map(|form| text.strip_prefix(form)).ok_or(TermGroupError)?;
        if rest.is_empty() { Err(TermGroupError) } else { Ok(Self(text.into())) }
    }

    /// The shared vocabulary that a code names by its prefix, and the code in it.
    pub(in crate::model) fn shared_code(code: &str) -> Option<(&'static SharedVocabulary, &str)> {
        let (prefix, local) = prefixed(code)?;
        Some((SharedVocabulary::of_prefix(prefix)?, local))
    }

    /// The shared vocabulary that the key names; none where it names none.
    pub(in crate::model) fn shared_vocabulary(&self) -> Option<&'static SharedVocabulary> {
        let (_, rest) = self.0.split_once(':')?;
        SharedVocabulary::with_slug(rest.split_once(':')?.0)
    }

    /// The key as clients hold it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TermGroup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a term and its vocabulary go by.
pub(in crate::model) struct TermWords<'t> {
    pub(in crate::model) id: &'t RecordId,
    pub(in crate::model) code: Option<&'t str>,
    pub(in crate::model) name: Option<&'t str>,
    pub(in crate::model) uri: Option<&'t str>,
    /// The names and addresses of its vocabulary, the most telling first.
    pub(in crate::model) vocabularies: Vec<&'t str>,
}

impl VocabularyNames {
    /// Those of a record.
    pub fn of(taxonomy: &Taxonomy) -> Self {
        Self { name: (*taxonomy.name).into(), uri: taxonomy.uri.as_ref().map(|uri| uri.as_str().into()) }
    }

    pub(in crate::model) fn each(&self) -> impl Iterator<Item = &str> {
        let name = Some(&*self.name).filter(|name| *name != UNNAMED);
        name.into_iter().chain(self.uri.as_deref())
    }
}

impl TaxonomyTerm {
    /// What it says itself of its vocabulary that means something in other feeds too.
    pub(in crate::model) fn own_vocabulary_names(&self) -> impl Iterator<Item = &str> {
        let carried = self.taxonomy.as_deref();
        let names = [
            self.taxonomy_name.as_deref(),
            carried.map(|taxonomy| &*taxonomy.name),
            carried.and_then(|taxonomy| taxonomy.uri.as_ref()).map(url::Url::as_str),
            // A feed's own number means nothing elsewhere; a UUID does.
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

    /// In a vocabulary that feeds share, a term is its code there, however either is written.
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

    /// Its address, and its code where that is one.
    fn addresses(&self) -> impl Iterator<Item = &str> {
        self.uri.into_iter().chain(self.code.filter(|code| code.contains("://")))
    }

    // Feeds put their own web site, or the vocabulary's address, into every term.
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

    /// Its code as a vocabulary gives it: no address, and no UUID, which is no more than a feed's own id.
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

/// A code written as a CURIE, in two: `esdServiceType` and `298` of `esdServiceType:298`.
fn prefixed(code: &str) -> Option<(&str, &str)> {
    let (prefix, local) = code.trim().rsplit_once(':')?;
    (!prefix.is_empty() && !local.is_empty() && !local.starts_with("//")).then_some((prefix, local))
}

/// A code without the prefix of a CURIE.
fn local(code: &str) -> &str {
    prefixed(code).map_or(code, |(_, local)| local)
}

#[cfg(test)]
mod tests;
