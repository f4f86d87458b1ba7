//! Plain strings, and strings with few rules.

use std::path::PathBuf;

use serde_json::json;

use super::Kind;
use crate::config::problem::Refusal;
use crate::config::secret::Secret;

/// Any text without control characters, trimmed.
pub(in crate::config) fn text() -> Kind<String> {
    let parse = |text: &str| {
        if text.chars().any(char::is_control) {
            return Err(Refusal::new("contains a line break or another control character"));
        }
        Ok(text.trim().to_owned())
    };
    Kind::parsed(json!({ "type": "string" }), parse, |text| Some(text.as_str().into()))
}

/// A name defined elsewhere: not empty, no white space.
pub(in crate::config) fn word() -> Kind<String> {
    let parse = |text: &str| match text {
        "" => Err(Refusal::new("is empty")),
        text if text.contains(|c: char| c.is_whitespace() || c.is_control()) => {
            Err(Refusal::new("contains white space"))
        }
        text => Ok(text.to_owned()),
    };
    Kind::parsed(json!({ "type": "string", "minLength": 1 }), parse, |text| Some(text.as_str().into()))
}

/// A file or directory, not checked for existence.
pub(in crate::config) fn path() -> Kind<PathBuf> {
    let parse = |text: &str| match text {
        text if text.contains('\0') => Err(Refusal::new("is not a path")),
        text => Ok(PathBuf::from(text)),
    };
    Kind::parsed(json!({ "type": "string" }), parse, |path| path.to_str().map(Into::into))
}

/// Text that is never shown, not even in the schema.
pub(in crate::config) fn secret() -> Kind<Secret> {
    Kind::parsed(json!({ "type": "string" }), |text| Ok(Secret::new(text)), |_| None)
}
