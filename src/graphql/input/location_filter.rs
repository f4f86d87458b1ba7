//! Conditions on locations.

use crate::graphql::context::FieldContext;
use async_graphql::InputObject;

use super::identifier::IdentifierInput;
use super::issue::IssueInput;
use super::missing::LocationField;
use super::near::NearInput;
use super::within_box::BoxInput;
use super::{bounded, text};
use crate::federation::LocationFilter;
use crate::graphql::error::ApiError;
use crate::graphql::scalars::Postcode;

/// Conditions on locations; all that are given must hold.
#[derive(Debug, Default, InputObject)]
#[graphql(name = "LocationFilter")]
pub(crate) struct LocationFilterInput {
    /// Words that must all occur in the name, other name, description, directions or address. `"Quoted phrases"` match
    /// in order. Text without words is ignored. At most 500 characters.
    text: Option<String>,
    /// The keys of the sources to search. Default: all.
    sources: Option<Vec<String>>,
    /// Within this distance, nearest first. A location without coordinates is placed at its postcode; `place` tells how
    /// exact that is.
    near: Option<NearInput>,
    /// In this box. A location without coordinates is placed at its postcode.
    within_box: Option<BoxInput>,
    /// Has an address with this postcode or, given the first part of one (`BS1`, `BS1 4`), with a postcode that begins
    /// with it.
    postcode: Option<Postcode>,
    /// Has this identifier from another scheme, e.g. a UPRN.
    external_identifier: Option<IdentifierInput>,
    /// Whether a wheelchair user can get in, by `wheelchairAccessible`: `true` matches YES, `false` matches NO.
    wheelchair: Option<bool>,
    /// Its record has such an issue. An empty object matches any issue.
    has_issue: Option<IssueInput>,
    /// Its record lacks all of these. An empty list is ignored.
    missing: Option<Vec<LocationField>>,
    /// Whether to keep locations that lack the information a condition asks about. `null` means false.
    #[graphql(default_with = "Some(false)")]
    include_unknown: Option<bool>,
}

impl LocationFilterInput {
    /// Returns whether the filter refers to a place by name.
    pub(crate) fn names_a_place(&self) -> bool {
        self.near.as_ref().is_some_and(NearInput::is_by_name)
    }

    pub(crate) fn into_filter(self, ctx: &FieldContext<'_>) -> Result<LocationFilter, ApiError> {
        let known = &ctx.federation().places;
        let (places, names) = (known.postcodes(), known.names());
        Ok(LocationFilter {
            text: text::search(self.text.as_deref())?,
            sources: super::known_sources(ctx, "filter.sources", self.sources)?,
            near: self
                .near
                .map(|near| near.into_near(&places, &names, ctx.operation().places()))
                .transpose()?,
            within_box: self.within_box.map(BoxInput::into_box).transpose()?,
            postcode: self.postcode.map(|postcode| postcode.0),
            external_identifier: self.external_identifier.map(IdentifierInput::into_filter),
            wheelchair: self.wheelchair,
            has_issue: self.has_issue.map(IssueInput::into_filter).transpose()?,
            missing: bounded("filter.missing", self.missing)?.into_iter().flatten().map(Into::into).collect(),
            include_unknown: self.include_unknown.unwrap_or_default(),
        })
    }
}
