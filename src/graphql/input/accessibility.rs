//! What is asked of access for disabled people.

use async_graphql::InputObject;

use super::text;
use crate::graphql::error::ApiError;
use crate::model::{AccessFilter, AccessText};

/// What somebody needs of a place; one and the same place of a service must have all of it. With `near`, that place
/// must be within reach too.
#[derive(Debug, InputObject)]
#[graphql(name = "AccessibilityInput")]
pub(crate) struct AccessibilityInput {
    /// Whether a wheelchair user can get in, as `Location.wheelchairAccessible` says: true for YES, false for NO.
    wheelchair: Option<bool>,
    /// What has to be there: words that all occur in the place's statements on access, as in `ServiceFilter.text`,
    /// or the whole code or name of a feature the place is annotated with. Words shortly after `no`, `not`,
    /// `without`, `unsuitable` and the like do not count. A text without words is no condition; at most 500 characters.
    text: Option<String>,
}

impl AccessibilityInput {
    pub(super) fn into_filter(self) -> Result<AccessFilter, ApiError> {
        let text = text::bounded("filter.accessibility.text", self.text.as_deref())?;
        Ok(AccessFilter { wheelchair: self.wheelchair, text: text.and_then(AccessText::parse) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_without_words_is_no_condition_and_a_long_one_is_refused() {
        let asked =
            |text: &str| AccessibilityInput { wheelchair: None, text: Some(text.into()) }.into_filter();
        assert_eq!(asked(" - ").unwrap(), AccessFilter::default());
        assert!(asked("ramp").unwrap().text.is_some());
        assert!(asked(&"x".repeat(501)).is_err());
    }
}
