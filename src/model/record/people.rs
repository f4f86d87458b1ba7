//! Contacts, phones, languages and links.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::model::RecordPart;

/// A person or role to get in touch with.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Contact {
    /// Id, annotations and history.
    pub part: RecordPart,
    /// Name of the person or desk.
    pub name: Option<String>,
    /// Job title or role.
    pub title: Option<String>,
    /// Department within the organisation.
    pub department: Option<String>,
    /// Email address.
    pub email: Option<String>,
    /// Telephone numbers of this contact.
    pub phones: Vec<Arc<Phone>>,
}

/// A telephone number.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Phone {
    /// Id, annotations and history.
    pub part: RecordPart,
    /// The number as published, without any prose around it.
    pub number: Option<String>,
    /// Extension; text, since leading zeros matter.
    pub extension: Option<String>,
    /// RFC 6350 kind: `voice`, `text`, `textphone` …
    pub phone_type: Option<String>,
    /// Notes about the line.
    pub description: Option<String>,
    /// Languages spoken on the line.
    pub languages: Vec<Arc<Language>>,
}

/// A language offered directly, not through an interpreter.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Language {
    /// Id, annotations and history.
    pub part: RecordPart,
    /// Name of the language.
    pub name: Option<String>,
    /// ISO 639 code.
    pub code: Option<String>,
    /// Context, such as when staff who speak it are there.
    pub note: Option<String>,
}

/// A labelled link (HSDS 3.1 `url`).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Link {
    /// Id, annotations and history.
    pub part: RecordPart,
    /// The link's text.
    pub label: Option<String>,
    /// The address.
    pub url: Option<Url>,
}
