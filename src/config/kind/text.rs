//! Plain strings, and strings with few rules.

use std::path::PathBuf;

use serde_json::json;

use super::ValueKind;
use crate::config::problem::ValueRefusal;
use crate::config::secret::SecretText;

/// Any text without control characters, trimmed.
pub(in crate::config) fn text() -> ValueKind<String> {
    let parse = |text: &str| {
        if text.chars().any(char::is_control) {
            return Err(ValueRefusal::new("contains a line break or another control character"));
        }
        Ok(text.trim().to_owned())
    };
    ValueKind::parsed(json!({ "type": "string" }), parse, |text| Some(text.as_str().into()))
}

/// A name defined elsewhere: not empty, no white space.
pub(in crate::config) fn word() -> ValueKind<String> {
    let parse = |text: &str| match text {
        "" => Err(ValueRefusal::new("is empty")),
        text if text.contains(|c: char| c.is_whitespace() || c.is_control()) => {
            Err(ValueRefusal::new("contains white space"))
        }
        text => Ok(text.to_owned()),
    };
    ValueKind::parsed(json!({ "type": "string", "minLength": 1 }), parse, |text| Some(text.as_str().into()))
}

/// A file or directory, not checked for existence.
pub(in crate::config) fn path() -> ValueKind<PathBuf> {
    let parse = |text: &str| match text {
        text if text.contains('\0') => Err(ValueRefusal::new("is not a path")),
        text => Ok(PathBuf::from(text)),
    };
    ValueKind::parsed(json!({ "type": "string" }), parse, |path| path.to_str().map(Into::into))
}

/// Text that is never shown, not even in the schema.
pub(in crate::config) fn secret() -> ValueKind<SecretText> {
    ValueKind::parsed(json!({ "type": "string" }), |text| Ok(SecretText::new(text)), |_| None)
}
