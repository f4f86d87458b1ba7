//! Turns failures of PostgreSQL into errors that say what to do.

use std::error::Error as _;

use tokio_postgres::error::SqlState;

use crate::catalogue::journal::JournalError;

/// Converts a client error. Neither the client nor the server puts the password into its messages.
pub(super) fn failed(place: &str, error: &tokio_postgres::Error) -> JournalError {
    let place = place.to_owned();
    let told = error.as_db_error().map(|told| (told.code().clone(), told.message().to_owned()));
    let Some((code, reason)) = told else {
        let reason = error.source().map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"));
        return JournalError::Unreachable { place, reason };
    };
    let remedy = match code {
        SqlState::INVALID_PASSWORD | SqlState::INVALID_AUTHORIZATION_SPECIFICATION => {
            "check the user and the password of `catalogue.journal`"
        }
        SqlState::INVALID_CATALOG_NAME => "create the database, or name another one in `catalogue.journal`",
        SqlState::INSUFFICIENT_PRIVILEGE | SqlState::INVALID_SCHEMA_NAME | SqlState::UNDEFINED_TABLE => {
            "have the owner of the database run what `oruk-gateway journal schema` prints, with its grants"
        }
        SqlState::READ_ONLY_SQL_TRANSACTION => {
            "name the primary server in `catalogue.journal`, not a standby"
        }
        _ => return JournalError::Unreachable { place, reason },
    };
    JournalError::Refused { place, reason, remedy }
}
