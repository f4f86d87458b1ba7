//! JSON as it stands, with an eye on members that an object has twice: of two, JSON lets either win.

use std::cell::RefCell;
use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, MapAccess, SeqAccess, Visitor};
use serde_json::map::Entry;
use serde_json::{Map, Value};

/// Reads strict JSON; gives back the name of a member that some object has twice, where one does. The last one that
/// says anything counts.
pub(super) fn parse(text: &str) -> Result<(Value, Option<String>), serde_json::Error> {
    let twice = RefCell::default();
    let mut json = serde_json::Deserializer::from_str(text);
    let value = Watching(&twice).deserialize(&mut json)?;
    json.end()?;
    Ok((value, twice.into_inner()))
}

/// Builds a value as `Value` itself would.
#[derive(Clone, Copy)]
struct Watching<'c>(&'c RefCell<Option<String>>);

impl<'de> DeserializeSeed<'de> for Watching<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<Value, D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Watching<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(flag.into())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(element) = elements.next_element_seed(self)? {
            list.push(element);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let value = members.next_value_seed(self)?;
            self.insert(&mut object, name, value);
        }
        Ok(Value::Object(object))
    }
}

impl Watching<'_> {
    fn insert(self, object: &mut Map<String, Value>, name: String, value: Value) {
        match object.entry(name) {
            Entry::Vacant(place) => drop(place.insert(value)),
            Entry::Occupied(mut before) => {
                self.0.borrow_mut().get_or_insert_with(|| before.key().clone());
                if !value.is_null() {
                    before.insert(value);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn a_member_that_is_there_twice_is_told() {
        let (value, twice) = parse(r#"[{"a": 1, "b": {"c": 1, "c": 2}}, {"a": 3}]"#).unwrap();
        assert_eq!((value, twice.as_deref()), (json!([{"a": 1, "b": {"c": 2}}, {"a": 3}]), Some("c")));
        let (value, twice) = parse(r#"{"a": 1, "a": null}"#).unwrap();
        assert_eq!((value, twice.as_deref()), (json!({"a": 1}), Some("a")));
    }

    proptest! {
        #[test]
        fn all_else_is_as_ever(text in r#"[\[\]{}:,"a-c0-9.eE+ntrufals \\-]{0,40}"#) {
            let ours = parse(&text).ok().filter(|(_, twice)| twice.is_none()).map(|(value, _)| value);
            prop_assume!(ours.is_some() || parse(&text).is_err());
            prop_assert_eq!(ours, serde_json::from_str::<Value>(&text).ok());
        }
    }
}
