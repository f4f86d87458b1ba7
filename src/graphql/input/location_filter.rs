//! What is asked of locations.

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
    /// Words that must all occur in name, other name, description, directions or address; `"quoted phrases"` keep their
    /// order. A text without words is no condition; at most 500 characters.
    text: Option<String>,
    /// Keys of the sources to ask. Left out, all are asked.
    sources: Option<Vec<String>>,
    /// Near here; the nearest come first. Locations without coordinates are where their postcode is. The points of
    /// postcodes are as exact as `place` says.
    near: Option<NearInput>,
    /// In this box, as a map shows it. Locations without coordinates are where their postcode is.
    within_box: Option<BoxInput>,
    /// Has this postcode in an address or, given the first part of one (`BS1`, `BS1 4`), one of those in it.
    postcode: Option<Postcode>,
    /// Has this identifier in another scheme, e.g. a UPRN.
    external_identifier: Option<IdentifierInput>,
    /// Whether a wheelchair user can get in (true) or cannot (false), as `wheelchairAccessible` has it.
    wheelchair: Option<bool>,
    /// Its record carries such an issue. An empty object means any issue.
    has_issue: Option<IssueInput>,
    /// Its record leaves out all of these. An empty list is no condition.
    missing: Option<Vec<LocationField>>,
    /// Keep (true) or drop (false) locations that do not state a fact asked about. Null means false.
    #[graphql(default_with = "Some(false)")]
    include_unknown: Option<bool>,
}

impl LocationFilterInput {
    /// Whether it goes by the name of a place.
    pub(crate) fn names_a_place(&self) -> bool {
        self.near.as_ref().is_some_and(NearInput::is_by_name)
    }

    pub(crate) fn into_filter(self, ctx: &FieldContext<'_>) -> Result<LocationFilter, ApiError> {
        let (places, names) = (ctx.federation().places(), ctx.federation().place_names());
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
