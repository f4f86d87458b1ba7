//! Errors as clients see them: a code from a closed list, and a message that is safe to show.

mod place_error;

use async_graphql::{ErrorExtensionValues, ServerError};

use crate::federation::{PageRequestError, SourceUnavailable, UnknownTerm};
use crate::model::{CursorError, PlaceError, PostcodeDoubt};

/// Every `extensions.code` of errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the contract's page on errors explains the codes")]
pub enum ErrorCode {
    GraphqlParseFailed,
    GraphqlValidationFailed,
    BadUserInput,
    QueryTooComplex,
    QueryTooDeep,
    TooManyAliases,
    TooManyRootFields,
    TooManyTokens,
    TooManyDirectives,
    BatchTooLarge,
    PayloadTooLarge,
    Timeout,
    RateLimited,
    Unauthenticated,
    Forbidden,
    PersistedQueryNotFound,
    CursorInvalid,
    CursorExpired,
    PostcodeUnknown,
    PlaceAmbiguous,
    PlaceUnknown,
    SourceUnavailable,
    InternalServerError,
}

impl ErrorCode {
    /// All codes.
    pub const ALL: [Self; 23] = [
        Self::GraphqlParseFailed,
        Self::GraphqlValidationFailed,
        Self::BadUserInput,
        Self::QueryTooComplex,
        Self::QueryTooDeep,
        Self::TooManyAliases,
        Self::TooManyRootFields,
        Self::TooManyTokens,
        Self::TooManyDirectives,
        Self::BatchTooLarge,
        Self::PayloadTooLarge,
        Self::Timeout,
        Self::RateLimited,
        Self::Unauthenticated,
        Self::Forbidden,
        Self::PersistedQueryNotFound,
        Self::CursorInvalid,
        Self::CursorExpired,
        Self::PostcodeUnknown,
        Self::PlaceAmbiguous,
        Self::PlaceUnknown,
        Self::SourceUnavailable,
        Self::InternalServerError,
    ];

    /// Returns the code with this text, if there is one.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|code| code.as_str() == text)
    }

    /// Returns the code as clients see it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::GraphqlParseFailed => "GRAPHQL_PARSE_FAILED",
            Self::GraphqlValidationFailed => "GRAPHQL_VALIDATION_FAILED",
            Self::BadUserInput => "BAD_USER_INPUT",
            Self::QueryTooComplex => "QUERY_TOO_COMPLEX",
            Self::QueryTooDeep => "QUERY_TOO_DEEP",
            Self::TooManyAliases => "TOO_MANY_ALIASES",
            Self::TooManyRootFields => "TOO_MANY_ROOT_FIELDS",
            Self::TooManyTokens => "TOO_MANY_TOKENS",
            Self::TooManyDirectives => "TOO_MANY_DIRECTIVES",
            Self::BatchTooLarge => "BATCH_TOO_LARGE",
            Self::PayloadTooLarge => "PAYLOAD_TOO_LARGE",
            Self::Timeout => "TIMEOUT",
            Self::RateLimited => "RATE_LIMITED",
            Self::Unauthenticated => "UNAUTHENTICATED",
            Self::Forbidden => "FORBIDDEN",
            Self::PersistedQueryNotFound => "PERSISTED_QUERY_NOT_FOUND",
            Self::CursorInvalid => "CURSOR_INVALID",
            Self::CursorExpired => "CURSOR_EXPIRED",
            Self::PostcodeUnknown => "POSTCODE_UNKNOWN",
            Self::PlaceAmbiguous => "PLACE_AMBIGUOUS",
            Self::PlaceUnknown => "PLACE_UNKNOWN",
            Self::SourceUnavailable => "SOURCE_UNAVAILABLE",
            Self::InternalServerError => "INTERNAL_SERVER_ERROR",
        }
    }

    /// Creates an error with this code for a whole request. `message` must be safe to show.
    pub fn error(self, message: impl Into<String>) -> ServerError {
        let mut error = ServerError::new(message, None);
        self.mark(&mut error.extensions);
        error
    }

    pub(super) fn mark(self, extensions: &mut Option<ErrorExtensionValues>) {
        extensions.get_or_insert_default().set("code", self.as_str());
    }
}

/// The message that clients see if the gateway itself is at fault.
pub(super) const MASKED: &str =
    "something went wrong in the gateway; its log has the details under this request's id";

/// The error of a field.
///
/// It has no `Display`, so that async-graphql cannot show it, or its cause, by itself.
#[derive(Clone, Debug)]
pub(super) enum ApiError {
    /// An argument has a value that is not allowed.
    BadInput(String),
    /// An argument names a term or a vocabulary that no source has.
    UnknownTerm(UnknownTerm),
    /// A cursor cannot be read.
    Cursor { argument: &'static str, error: CursorError },
    /// A postcode's position is not known, and why. The postcode is not shown, because it may be private.
    PostcodeUnknown { argument: &'static str, doubt: PostcodeDoubt },
    /// A name means several places or none.
    Place { argument: &'static str, error: PlaceError },
    /// The source of a record that was asked for by id is unavailable.
    SourceUnavailable(SourceUnavailable),
    /// A bug. The text is for the log.
    Internal(&'static str),
}

impl ApiError {
    pub(super) fn bad_input(message: impl Into<String>) -> Self {
        Self::BadInput(message.into())
    }

    /// Returns an error for the first unknown term, if there is any.
    pub(super) fn of_unknown(unknown: &[UnknownTerm]) -> Result<(), Self> {
        unknown.first().map_or(Ok(()), |unknown| Err(Self::UnknownTerm(unknown.clone())))
    }

    fn code(&self) -> ErrorCode {
        match self {
            Self::BadInput(_) | Self::UnknownTerm(_) => ErrorCode::BadUserInput,
            Self::Cursor { error: CursorError::Invalid, .. } => ErrorCode::CursorInvalid,
            Self::Cursor { error: CursorError::Expired, .. } => ErrorCode::CursorExpired,
            Self::PostcodeUnknown { .. } => ErrorCode::PostcodeUnknown,
            Self::Place { error: PlaceError::Ambiguous(_), .. } => ErrorCode::PlaceAmbiguous,
            Self::Place { error: PlaceError::Unknown(_) | PlaceError::Country(_), .. } => {
                ErrorCode::PlaceUnknown
            }
            Self::Place { error: PlaceError::Postcode(_), .. } => ErrorCode::PostcodeUnknown,
            Self::Place { error: PlaceError::NoPostcode, .. } => ErrorCode::BadUserInput,
            Self::SourceUnavailable(_) => ErrorCode::SourceUnavailable,
            Self::Internal(_) => ErrorCode::InternalServerError,
        }
    }

    fn message(&self) -> String {
        match self {
            Self::BadInput(message) => message.clone(),
            Self::UnknownTerm(unknown) => unknown_term(unknown),
            Self::Cursor { argument, error } => format!("`{argument}` {error}"),
            Self::PostcodeUnknown { argument, doubt } => format!("`{argument}` {doubt}"),
            Self::Place { argument, error } => place_error::message(argument, error),
            Self::SourceUnavailable(SourceUnavailable { source, error }) => {
                format!("source `{source}` is unavailable and the record is not cached: {}", error.message)
            }
            Self::Internal(_) => MASKED.to_owned(),
        }
    }
}

// The message does not repeat what was asked: errors contain no text from users.
fn unknown_term(unknown: &UnknownTerm) -> String {
    let UnknownTerm { argument, is_vocabulary, near } = unknown;
    let kind = if *is_vocabulary { "vocabulary" } else { "taxonomy term" };
    let said = format!("`{argument}` matches no {kind} in any source");
    match near.as_slice() {
        [] => said,
        [one] => format!("{said}; did you mean `{one}`?"),
        several => format!("{said}; similar names are `{}`", several.join("`, `")),
    }
}

impl ApiError {
    /// Returns the error as clients see it. The caller adds path and locations.
    pub(super) fn told(&self) -> ServerError {
        let mut public = self.code().error(self.message());
        match self {
            ApiError::SourceUnavailable(SourceUnavailable { source, .. }) => {
                public.extensions.get_or_insert_default().set("source", source.as_str());
            }
            ApiError::UnknownTerm(unknown) => {
                let extensions = public.extensions.get_or_insert_default();
                extensions.set("argument", unknown.argument.as_str());
                extensions.set("unknown", if unknown.is_vocabulary { "VOCABULARY" } else { "TERM" });
                extensions.set("suggestions", unknown.near.clone());
            }
            ApiError::Place { error, .. } => {
                place_error::extend(public.extensions.get_or_insert_default(), error);
            }
            ApiError::Internal(cause) => tracing::error!(cause, "a resolver reached an impossible state"),
            ApiError::BadInput(_) | ApiError::Cursor { .. } | ApiError::PostcodeUnknown { .. } => {}
        }
        public
    }
}

impl From<PageRequestError> for ApiError {
    fn from(error: PageRequestError) -> Self {
        Self::BadInput(error.to_string())
    }
}

impl From<SourceUnavailable> for ApiError {
    fn from(unavailable: SourceUnavailable) -> Self {
        Self::SourceUnavailable(unavailable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::federation::{SourceError, SourceErrorCode};
    use crate::model::SourceKey;

    fn told(error: ApiError) -> serde_json::Value {
        serde_json::to_value(error.told()).unwrap()
    }

    #[test]
    fn an_unavailable_source_is_named() {
        let error =
            SourceError::new(SourceErrorCode::Timeout, "no answer within 8s", chrono::DateTime::UNIX_EPOCH);
        let source = SourceKey::parse("bristol").unwrap();
        let told = told(SourceUnavailable { source, error }.into());
        assert_eq!(
            told["extensions"],
            serde_json::json!({ "code": "SOURCE_UNAVAILABLE", "source": "bristol" })
        );
    }

    #[test]
    fn the_impossible_is_masked() {
        let told = told(ApiError::Internal("the third shelf fell down"));
        assert_eq!(told["extensions"]["code"], "INTERNAL_SERVER_ERROR");
        assert!(!told.to_string().contains("shelf"));
    }
}
