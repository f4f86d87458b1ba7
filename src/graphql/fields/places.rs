//! Answers `place` and `places`.

use crate::graphql::context::FieldContext;
use crate::graphql::error::ApiError;
use crate::graphql::scalars::Postcode;
use crate::graphql::types::{Place, PlaceCandidate};
use crate::model::PostcodeDoubt;

/// The number of places if the client does not give one.
pub(crate) const DEFAULT_PLACES: i32 = 10;

/// The most places that may be asked for.
pub(crate) const MAX_PLACES: i32 = 50;

/// The most characters of a name. No place has a longer one.
const MAX_CHARS: usize = 100;

/// Returns the places that a name may mean.
pub(crate) async fn places(
    ctx: &FieldContext<'_>,
    name: &str,
    first: Option<i32>,
) -> Result<Vec<PlaceCandidate>, ApiError> {
    let first = first.unwrap_or(DEFAULT_PLACES);
    if !(1..=MAX_PLACES).contains(&first) {
        return Err(ApiError::bad_input(format!("`first` must be 1 to {MAX_PLACES}")));
    }
    let name = bounded_name("name", name)?;
    let federation = ctx.federation();
    federation.places.know_names(ctx.searching().await).await;
    let most = usize::try_from(first).unwrap_or_default();
    let found = federation.places.names().find(name, &federation.places.postcodes(), most);
    Ok(found.iter().map(PlaceCandidate::new).collect())
}

/// Returns the name, if it is not too long.
pub(crate) fn bounded_name<'n>(argument: &str, name: &'n str) -> Result<&'n str, ApiError> {
    match name.chars().count() {
        0..=MAX_CHARS => Ok(name),
        _ => Err(ApiError::bad_input(format!("`{argument}` has more than {MAX_CHARS} characters"))),
    }
}

/// Returns the place of a postcode, or of its first part.
pub(crate) fn place(ctx: &FieldContext<'_>, postcode: Postcode) -> Result<Place, ApiError> {
    let placed = ctx.federation().places.postcodes().lookup_asked(&postcode.0);
    let placed = placed.ok_or_else(|| ApiError::PostcodeUnknown {
        argument: "postcode",
        doubt: PostcodeDoubt::of(&postcode.0),
    })?;
    Ok(Place::new(postcode.0, placed))
}
