//! Conditions on the taxonomy terms of services.

use async_graphql::{ID, InputObject, OneofObject};

use super::bounded;
use crate::graphql::error::ApiError;
use crate::graphql::lookup;
use crate::graphql::scalars::Url;
use crate::model::{RecordKind, TaxonomyTermRef, TaxonomyTermsFilter, TermGroup};

/// Terms that a service must, may or must not carry. Terms of its organisation, places, prices and areas count too.
#[derive(Debug, InputObject)]
#[graphql(name = "TaxonomyTermsInput")]
pub(crate) struct TaxonomyTermsInput {
    /// At least one of these, if any are given. At most 100.
    any_of: Option<Vec<TaxonomyTermRefInput>>,
    /// All of these. At most 100.
    all_of: Option<Vec<TaxonomyTermRefInput>>,
    /// None of these. At most 100.
    none_of: Option<Vec<TaxonomyTermRefInput>>,
    /// Whether narrower terms match too, where the source says which terms are narrower.
    #[graphql(default_with = "Some(true)")]
    include_descendants: Option<bool>,
}

/// A taxonomy term: one of these.
#[derive(Debug, OneofObject)]
#[graphql(name = "TaxonomyTermRef")]
pub(crate) enum TaxonomyTermRefInput {
    /// By its `id`: matches the term in one source only.
    Id(ID),
    /// By its URI, in any source. A final slash, and the difference between `http` and `https`, are ignored.
    Uri(Url),
    /// By its code, in any source.
    Code(TaxonomyCodeInput),
    /// By its name, in any source, ignoring case.
    Name(String),
    /// By the `key` of its `TaxonomyTermGroup`, in any source.
    Group(ID),
}

/// A code in a vocabulary.
#[derive(Debug, InputObject)]
#[graphql(name = "TaxonomyCodeInput")]
pub(crate) struct TaxonomyCodeInput {
    /// The vocabulary, by its name, its URI or its id in the feed. A vocabulary that many feeds share also goes by its
    /// usual names, e.g. `esdServiceTypes`. Defaults to any vocabulary.
    taxonomy: Option<String>,
    /// The code, with or without a prefix, in any case, e.g. `298` or `esdServiceType:298`.
    code: String,
}

impl TaxonomyTermsInput {
    pub(super) fn into_filter(self) -> Result<TaxonomyTermsFilter, ApiError> {
        Ok(TaxonomyTermsFilter {
            any_of: references("taxonomyTerms.anyOf", self.any_of)?,
            all_of: references("taxonomyTerms.allOf", self.all_of)?,
            none_of: references("taxonomyTerms.noneOf", self.none_of)?,
            include_descendants: self.include_descendants.unwrap_or(true),
        })
    }
}

/// Parses the key of a group of terms.
pub(super) fn group_key(argument: &str, key: &str) -> Result<TermGroup, ApiError> {
    TermGroup::parse(key).map_err(|error| ApiError::bad_input(format!("`{argument}` {error}")))
}

/// Parses the keys of `sameTerm`.
pub(super) fn same_term(keys: Option<Vec<ID>>) -> Result<Vec<TermGroup>, ApiError> {
    let keys = bounded("filter.sameTerm", keys)?.unwrap_or_default();
    keys.iter().map(|key| group_key("filter.sameTerm", key)).collect()
}

fn references(
    argument: &str,
    inputs: Option<Vec<TaxonomyTermRefInput>>,
) -> Result<Vec<TaxonomyTermRef>, ApiError> {
    let inputs = bounded(argument, inputs)?.unwrap_or_default();
    let each = inputs.into_iter().enumerate();
    each.map(|(at, input)| input.into_reference(&format!("filter.{argument}[{at}]"))).collect()
}

impl TaxonomyTermRefInput {
    fn into_reference(self, place: &str) -> Result<TaxonomyTermRef, ApiError> {
        let member = |name: &str| format!("{place}.{name}");
        Ok(match self {
            Self::Id(id) => {
                TaxonomyTermRef::Id(lookup::record_id(&member("id"), &id, RecordKind::TaxonomyTerm)?)
            }
            Self::Uri(uri) => TaxonomyTermRef::Uri(uri.0.into()),
            Self::Code(TaxonomyCodeInput { taxonomy, code }) => TaxonomyTermRef::Code { taxonomy, code },
            Self::Name(name) => TaxonomyTermRef::Name(name),
            Self::Group(key) => TaxonomyTermRef::Group(group_key(&member("group"), &key)?),
        })
    }
}
