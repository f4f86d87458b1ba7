//! Unwraps values that serialisers put into objects: MongoDB's extended JSON, and XML converted to JSON.
//!
//! Only objects with nothing but a value are unwrapped here, before ids are needed, because that loses nothing. Objects
//! with a language or another attribute are handled where a scalar is expected, with an issue that quotes the whole.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};
use uuid::Uuid;

/// Converters' names for the text of an XML element.
const TEXTS: [&str; 10] =
    ["#text", "#cdata-section", "$t", "$", "_", "_text", "_cdata", "__text", "__cdata", "$text"];
/// Converters' names for the attributes of an XML element.
const ATTRIBUTES: [&str; 3] = ["$", "_attributes", "@attributes"];
/// The most members of an object that only says that an element is nil: declarations of namespaces may be beside it.
const MOST_MEMBERS: usize = 3;

/// Returns the value that an object wraps. The error is the unchanged object.
pub(in crate::source::dialects::lenient) fn unwrapped_value(
    object: Map<String, Value>,
) -> Result<Value, Map<String, Value>> {
    if object.len() > MOST_MEMBERS {
        return Err(object);
    }
    let Some((name, inner)) = object.iter().next() else { return Err(object) };
    // A fast check: the first byte of nearly every name rules it out.
    if !matches!(name.as_bytes().first(), Some(b'$' | b'#' | b'@' | b'_' | b'-')) {
        return Err(object);
    }
    if is_nil(&object) {
        return Ok(Value::Null);
    }
    let value = if object.len() == 1 { of_only(name, inner) } else { None };
    value.ok_or(object)
}

fn of_only(name: &str, inner: &Value) -> Option<Value> {
    match name {
        "$oid" | "$uuid" | "$symbol" => inner.is_string().then(|| inner.clone()),
        "$numberInt" | "$numberLong" | "$numberDouble" | "$numberDecimal" => number(inner),
        "$undefined" => Some(Value::Null),
        "$binary" => guid(inner),
        _ if TEXTS.contains(&name) => (!inner.is_array() && !inner.is_object()).then(|| inner.clone()),
        _ => None,
    }
}

// A number that JSON cannot represent exactly stays a text.
fn number(inner: &Value) -> Option<Value> {
    let text = match inner {
        Value::String(text) => text.trim(),
        Value::Number(_) => return Some(inner.clone()),
        _ => return None,
    };
    if matches!(text, "NaN" | "Infinity" | "-Infinity") {
        return Some(Value::Null);
    }
    if let Ok(whole) = text.parse::<i64>() {
        return Some(whole.into());
    }
    let float: f64 = text.parse().ok().filter(|float: &f64| float.is_finite())?;
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    Some(if digits <= 17 { float.into() } else { text.into() })
}

// `{"base64": "…", "subType": "04"}` has the sixteen bytes of a GUID.
fn guid(inner: &Value) -> Option<Value> {
    let kind = inner.get("subType")?.as_str()?;
    let bytes = STANDARD.decode(inner.get("base64")?.as_str()?).ok()?;
    let guid = Uuid::from_slice(&bytes).ok().filter(|_| matches!(kind, "04" | "4"))?;
    Some(guid.to_string().into())
}

// `{"@xsi:nil": "true"}`, perhaps with the declaration of the namespace.
fn is_nil(members: &Map<String, Value>) -> bool {
    let is_declared = |name: &str| name.trim_start_matches(['@', '_', '-', '$']).starts_with("xmlns");
    let mut said = members.iter().filter(|(name, _)| !is_declared(name));
    let (Some((name, value)), None) = (said.next(), said.next()) else { return false };
    match value {
        Value::Object(attributes) => ATTRIBUTES.contains(&name.as_str()) && is_nil(attributes),
        Value::Bool(is_true) => *is_true && names_nil(name),
        Value::String(text) => matches!(text.as_str(), "true" | "1") && names_nil(name),
        _ => false,
    }
}

fn names_nil(name: &str) -> bool {
    name.ends_with(":nil") || matches!(name, "@nil" | "@_nil" | "-nil" | "nil")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn unwrapped(value: &Value) -> Option<Value> {
        unwrapped_value(value.as_object().unwrap().clone()).ok()
    }

    #[test]
    fn quirk_122_values_of_extended_json() {
        for (wrapped, value) in [
            (json!({"$oid": "64f0c2a19d8e7f6a5b4c3d2e"}), json!("64f0c2a19d8e7f6a5b4c3d2e")),
            (json!({"$numberInt": "18"}), json!(18)),
            (json!({"$numberLong": "9007199254740993"}), json!(9_007_199_254_740_993_i64)),
            (json!({"$numberDouble": "11.0"}), json!(11.0)),
            (json!({"$numberDouble": "NaN"}), json!(null)),
            (json!({"$numberDecimal": "4.50"}), json!(4.5)),
            (json!({"$numberDecimal": "0.1234567890123456789"}), json!("0.1234567890123456789")),
            (json!({"$numberInt": 7}), json!(7)),
            (json!({"$undefined": true}), json!(null)),
            (
                json!({"$binary": {"base64": "AAECAwQFRgeICQoLDA0ODw==", "subType": "04"}}),
                json!("00010203-0405-4607-8809-0a0b0c0d0e0f"),
            ),
        ] {
            assert_eq!(unwrapped(&wrapped), Some(value), "{wrapped}");
        }
    }

    #[test]
    fn quirk_122_texts_and_nil_elements_of_xml() {
        for text in ["#text", "$t", "$", "_", "_text", "#cdata-section", "__cdata"] {
            assert_eq!(unwrapped(&json!({ text: "Tea and talk" })), Some(json!("Tea and talk")), "{text}");
        }
        for nil in [
            json!({"@xsi:nil": "true"}),
            json!({"@xsi:nil": true, "@xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance"}),
            json!({"@_xsi:nil": "1"}),
            json!({"@i:nil": "true"}),
            json!({"-nil": "true"}),
            json!({"$": {"xsi:nil": "true"}}),
            json!({"_attributes": {"xsi:nil": "true", "xmlns:xsi": "x"}}),
        ] {
            assert_eq!(unwrapped(&nil), Some(Value::Null), "{nil}");
        }
    }

    #[test]
    fn what_would_lose_something_stays_wrapped() {
        for object in [
            json!({}),
            json!({"text": "Tea"}),
            json!({"#text": "Te", "@xml:lang": "cy"}),
            json!({"@xsi:nil": "false"}),
            json!({"@xsi:nil": "true", "#text": "Tea"}),
            json!({"$date": "2026-06-30T09:00:00Z"}),
            json!({"$ref": "3"}),
            json!({"$": {"lang": "cy"}}),
            json!({"$numberInt": "seven"}),
            json!({"$binary": {"base64": "AAEC", "subType": "00"}}),
            json!({"_": ["a", "b"]}),
            json!({"@xmlns:xsi": "x"}),
        ] {
            assert_eq!(unwrapped(&object), None, "{object}");
        }
    }
}
