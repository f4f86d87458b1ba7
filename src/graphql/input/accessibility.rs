//! Conditions on access for disabled people.

use async_graphql::InputObject;

use super::text;
use crate::graphql::error::ApiError;
use crate::model::{AccessFilter, AccessText};

/// Accessibility needs. One place of the service must meet all of them. With `near`, that place must also be within
/// reach.
#[derive(Debug, InputObject)]
#[graphql(name = "AccessibilityInput")]
pub(crate) struct AccessibilityInput {
    /// Whether a wheelchair user can get in, by `Location.wheelchairAccessible`: `true` matches YES, `false` matches
    /// NO.
    wheelchair: Option<bool>,
    /// Words that must all occur in the place's access statements, matched as in `ServiceFilter.text`, or the complete
    /// code or name of an access feature. Words shortly after `no`, `not`, `without`, `unsuitable` and the like do not
    /// count. Text without words is ignored. At most 500 characters.
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
