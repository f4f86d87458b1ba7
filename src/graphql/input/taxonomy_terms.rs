//! Taxonomy terms that services must, may and must not carry.

use async_graphql::{ID, InputObject, OneofObject};

use super::bounded;
use crate::graphql::error::ApiError;
use crate::graphql::lookup;
use crate::graphql::scalars::Url;
use crate::model::{RecordKind, TaxonomyTermRef, TaxonomyTermsFilter, TermGroup};

/// Terms a service must, may and must not carry: itself, or its organisation, places, prices or areas.
#[derive(Debug, InputObject)]
#[graphql(name = "TaxonomyTermsInput")]
pub(crate) struct TaxonomyTermsInput {
    /// At least one of these, where there are any; at most 100.
    any_of: Option<Vec<TaxonomyTermRefInput>>,
    /// All of these; at most 100.
    all_of: Option<Vec<TaxonomyTermRefInput>>,
    /// None of these; at most 100.
    none_of: Option<Vec<TaxonomyTermRefInput>>,
    /// Whether a term stands for those narrower than it too, as far as its source says which are.
    #[graphql(default_with = "Some(true)")]
    include_descendants: Option<bool>,
}

/// A way to name a taxonomy term.
#[derive(Debug, OneofObject)]
#[graphql(name = "TaxonomyTermRef")]
pub(crate) enum TaxonomyTermRefInput {
    /// By its `id`: the term of one source alone.
    Id(ID),
    /// By its URI, in any source; `http` and `https`, and a last slash, make no difference.
    Uri(Url),
    /// By its code, in any source.
    Code(TaxonomyCodeInput),
    /// By its name, in any source and case.
    Name(String),
    /// By the `key` of its `TaxonomyTermGroup`, in any source.
    Group(ID),
}

/// A code inside a vocabulary.
#[derive(Debug, InputObject)]
#[graphql(name = "TaxonomyCodeInput")]
pub(crate) struct TaxonomyCodeInput {
    /// The vocabulary, by its name, its URI or its id in the feed; one that many feeds share by any of its names, e.g.
    /// `esdServiceTypes`. Left out, any vocabulary counts.
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

/// Reads the key of a group of terms.
pub(super) fn group_key(argument: &str, key: &str) -> Result<TermGroup, ApiError> {
    TermGroup::parse(key).map_err(|error| ApiError::bad_input(format!("`{argument}` {error}")))
}

/// Reads the groups of which a service carries a term.
pub(super) fn same_term(keys: Option<Vec<ID>>) -> Result<Vec<TermGroup>, ApiError> {
    let keys = bounded("filter.sameTerm", keys)?.unwrap_or_default();
    keys.iter().map(|key| group_key("filter.sameTerm", key)).collect()
}

fn references(
    argument: &str,
    inputs: Option<Vec<TaxonomyTermRefInput>>,
) -> Result<Vec<TaxonomyTermRef>, ApiError> {
    let inputs = bounded(argument, inputs)?.unwrap_or_default();
    inputs.into_iter().map(TaxonomyTermRefInput::into_reference).collect()
}

impl TaxonomyTermRefInput {
    fn into_reference(self) -> Result<TaxonomyTermRef, ApiError> {
        Ok(match self {
            Self::Id(id) => {
                TaxonomyTermRef::Id(lookup::record_id("taxonomyTerms.id", &id, RecordKind::TaxonomyTerm)?)
            }
            Self::Uri(uri) => TaxonomyTermRef::Uri(uri.0.into()),
            Self::Code(TaxonomyCodeInput { taxonomy, code }) => TaxonomyTermRef::Code { taxonomy, code },
            Self::Name(name) => TaxonomyTermRef::Name(name),
            Self::Group(key) => TaxonomyTermRef::Group(group_key("taxonomyTerms.group", &key)?),
        })
    }
}
