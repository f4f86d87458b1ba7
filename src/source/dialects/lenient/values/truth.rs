//! Booleans in any notation.

use serde_json::Value;

use crate::model::IssueCode;
use crate::source::dialects::lenient::members::object::{ObjectMembers, TakenMember};
use crate::source::dialects::lenient::values::numbers;

/// Returns the Boolean in a value, if it is one.
pub(in crate::source::dialects) fn truth(value: &Value) -> Option<bool> {
    if let Value::Bool(truth) = value {
        return Some(*truth);
    }
    let word = value.as_str().map(|text| text.trim().to_ascii_lowercase()).unwrap_or_default();
    match word.as_str() {
        "true" | "yes" | "y" | "t" => return Some(true),
        "false" | "no" | "n" | "f" => return Some(false),
        _ => {}
    }
    match numbers::read(value).and_then(numbers::whole)? {
        0 => Some(false),
        1 => Some(true),
        _ => None,
    }
}

impl ObjectMembers<'_> {
    /// Takes a Boolean. Returns `None` if it is missing or unreadable.
    pub(in crate::source::dialects) fn truth(&mut self, names: &[&str]) -> Option<bool> {
        let TakenMember { key, value } = self.plain_scalar(names)?;
        let read = truth(&value);
        match read {
            None => self.note_unreadable(&key, "is neither true nor false", value),
            Some(_) if !value.is_boolean() => {
                self.note(IssueCode::WrongType, &key, "is not a JSON boolean", Some(value));
            }
            Some(_) => {}
        }
        read
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::truth;

    #[test]
    fn quirk_54_truth_in_every_form() {
        for (value, read) in [
            (json!(true), Some(true)),
            (json!("True"), Some(true)),
            (json!("no"), Some(false)),
            (json!(0), Some(false)),
            (json!("1"), Some(true)),
            (json!(null), None),
            (json!("maybe"), None),
            (json!(2), None),
        ] {
            assert_eq!(truth(&value), read, "{value}");
        }
    }
}
