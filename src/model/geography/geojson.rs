//! GeoJSON kept as text. As parsed values, each point takes thirty times as much memory.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

/// A GeoJSON object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GeoJson(Box<str>);

impl GeoJson {
    /// Returns the object as JSON text.
    pub fn text(&self) -> &str {
        &self.0
    }

    /// Returns the object, parsed.
    pub fn value(&self) -> Value {
        // The text was written from a value, so parsing does not fail.
        serde_json::from_str(&self.0).unwrap_or_default()
    }
}

impl From<&Value> for GeoJson {
    fn from(value: &Value) -> Self {
        Self(value.to_string().into())
    }
}

/// Serialises as an object in formats for people, and as text in the catalogue.
impl Serialize for GeoJson {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match serializer.is_human_readable() {
            true => self.value().serialize(serializer),
            false => serializer.serialize_str(&self.0),
        }
    }
}

/// Reads both forms: earlier releases stored objects.
impl<'de> Deserialize<'de> for GeoJson {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match Value::deserialize(deserializer)? {
            Value::String(text) => Self(text.into()),
            value => Self::from(&value),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn shapes_are_kept_as_text_and_those_kept_as_objects_are_read() {
        let value = json!({"type": "Point", "coordinates": [-2.5, 51.0]});
        let shape = GeoJson::from(&value);
        assert_eq!(serde_json::to_value(&shape).unwrap(), value);
        let kept = rmp_serde::to_vec_named(&shape).unwrap();
        assert!(kept.len() < 64 && kept.windows(6).any(|bytes| bytes == b"-2.5,5"), "{kept:?}");
        for kept in [kept, rmp_serde::to_vec_named(&value).unwrap()] {
            let read: GeoJson = rmp_serde::from_slice(&kept).unwrap();
            assert_eq!((read.value(), &read), (value.clone(), &shape));
        }
    }
}
