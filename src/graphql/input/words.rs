//! Languages and ways of attending in filters, which are normalised before they are compared.

use super::bounded;
use crate::graphql::error::ApiError;
use crate::model::{AttendingType, LanguageCode};

/// Reads languages. Fails for a text that names none, which would otherwise look like a language that nobody speaks.
pub(super) fn languages(texts: Option<Vec<String>>) -> Result<Option<Vec<LanguageCode>>, ApiError> {
    read("filter.languages", texts, |text| {
        LanguageCode::read(text).map_err(|error| format!("names `{text}`, which {error}"))
    })
}

/// Reads ways of attending.
pub(super) fn attending_types(texts: Option<Vec<String>>) -> Result<Option<Vec<AttendingType>>, ApiError> {
    read("filter.attendingTypes", texts, |text| {
        AttendingType::read(text).ok_or_else(|| "has an entry without a letter or digit".to_owned())
    })
}

fn read<T>(
    argument: &str,
    texts: Option<Vec<String>>,
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<Option<Vec<T>>, ApiError> {
    let refused = |reason| ApiError::bad_input(format!("`{argument}` {reason}"));
    let all = |texts: Vec<String>| texts.iter().map(|text| read(text).map_err(refused)).collect();
    bounded(argument, texts)?.map(all).transpose()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(texts: &[&str]) -> Option<Vec<String>> {
        Some(texts.iter().map(|text| (*text).to_owned()).collect())
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        let codes = languages(asked(&["ur", "Urdu", "en-GB"])).unwrap().unwrap();
        assert_eq!(codes.iter().map(|code| code.as_str()).collect::<Vec<_>>(), ["urd", "urd", "eng"]);
        assert!(languages(asked(&["ur", "Elvish tongue"])).is_err());
        assert!(attending_types(asked(&["--"])).is_err());
        assert_eq!(attending_types(asked(&["Home visit"])).unwrap().unwrap()[0].as_str(), "homevisit");
        assert_eq!((languages(None).unwrap(), attending_types(None).unwrap()), (None, None));
    }
}
