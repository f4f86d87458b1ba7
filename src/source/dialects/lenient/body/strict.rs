//! Parses strict JSON, and notices objects that have a member twice, where JSON leaves open which one counts.

use std::cell::{Cell, RefCell};
use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::map::Entry;
use serde_json::{Map, Value};

use crate::source::dialects::lenient::body::exact_numbers;
use crate::source::dialects::lenient::body::serialised::unwrapped_value;
use crate::source::dialects::lenient::body::wrapping::is_structured;
use crate::source::memory::{MOST_IN_VALUES, OBJECT, VALUE};
use crate::source::patience::ReadingPatience;

/// The result of parsing.
#[derive(Debug)]
pub(in crate::source::dialects::lenient) struct ParsedJson {
    /// The value, without the list elements beyond the limit.
    pub value: Value,
    /// The name of a member that some object has twice. The last one that has a value counts.
    pub twice: Option<String>,
    /// Whether there were more values than are read at once. List elements are left out whole.
    pub is_cut: bool,
    /// Whether objects refer to others, or wrap lists, as .NET's serialisers do.
    pub has_references: bool,
    /// Whether a list of parts may be written as an object with numbers as names, or as a text with JSON.
    pub has_wrappings: bool,
    /// Whether values were unwrapped from MongoDB's extended JSON or from XML.
    pub has_serialised: bool,
}

/// The most memory for the values in a single text, in bytes: fifty thousand points.
const MOST_NESTED: usize = 16 << 20;

pub(in crate::source::dialects::lenient) fn parse(
    text: &str,
    patience: &ReadingPatience,
) -> Result<ParsedJson, serde_json::Error> {
    parse_within(text, MOST_IN_VALUES, patience)
}

/// The memory left for the values of one response, including all JSON in its texts.
pub(in crate::source::dialects::lenient) struct ParseRoom(Cell<usize>);

impl Default for ParseRoom {
    fn default() -> Self {
        Self(Cell::new(MOST_IN_VALUES))
    }
}

/// Parses strict JSON that shares its memory limit with other parts of the response.
pub(in crate::source::dialects::lenient) fn parse_in(
    room: &ParseRoom,
    text: &str,
    patience: &ReadingPatience,
) -> Result<ParsedJson, serde_json::Error> {
    let (parsed, left) = parse_counted(text, room.0.get(), patience)?;
    room.0.set(left);
    Ok(parsed)
}

/// Parses the JSON in a text. Returns `None` if it is not JSON, or takes more memory than an area may.
pub(in crate::source::dialects::lenient) fn parse_nested(
    text: &str,
    patience: &ReadingPatience,
) -> Option<Value> {
    parse_within(text, MOST_NESTED, patience).ok().filter(|parsed| !parsed.is_cut).map(|parsed| parsed.value)
}

fn parse_within(
    text: &str,
    most: usize,
    patience: &ReadingPatience,
) -> Result<ParsedJson, serde_json::Error> {
    parse_counted(text, most, patience).map(|(parsed, _)| parsed)
}

// Returns the result, and the memory that is left.
fn parse_counted(
    text: &str,
    most: usize,
    patience: &ReadingPatience,
) -> Result<(ParsedJson, usize), serde_json::Error> {
    let watch = Watch {
        twice: RefCell::default(),
        room: Cell::new(most),
        is_full: Cell::new(false),
        has_references: Cell::new(false),
        has_wrappings: Cell::new(false),
        has_serialised: Cell::new(false),
        patience,
    };
    let mut json = serde_json::Deserializer::from_str(text);
    let value = Watching(&watch).deserialize(&mut json)?;
    json.end()?;
    let left = if watch.is_full.get() { 0 } else { watch.room.get() };
    let parsed = ParsedJson {
        value,
        twice: watch.twice.into_inner(),
        is_cut: watch.is_full.get(),
        has_references: watch.has_references.get(),
        has_wrappings: watch.has_wrappings.get(),
        has_serialised: watch.has_serialised.get(),
    };
    Ok((parsed, left))
}

/// What is observed while a value is parsed.
struct Watch<'p> {
    twice: RefCell<Option<String>>,
    room: Cell<usize>,
    is_full: Cell<bool>,
    has_references: Cell<bool>,
    has_wrappings: Cell<bool>,
    has_serialised: Cell<bool>,
    patience: &'p ReadingPatience,
}

impl Watch<'_> {
    fn take(&self, bytes: usize) {
        match self.room.get().checked_sub(bytes) {
            Some(room) => self.room.set(room),
            None => self.is_full.set(true),
        }
    }

    // Looks only at the first byte of nearly every name and text.
    fn look_at(&self, name: &str, value: &Value) {
        match name.as_bytes().first() {
            Some(b'$') if matches!(name, "$ref" | "$values") => self.has_references.set(true),
            Some(b'0'..=b'9') => self.has_wrappings.set(true),
            _ => {}
        }
        let may_hold_json = value
            .as_str()
            .is_some_and(|text| matches!(text.as_bytes().first(), Some(b'{' | b'[' | b' ' | b'\n')));
        if may_hold_json && is_structured(name) {
            self.has_wrappings.set(true);
        }
    }

    fn go_on<E: serde::de::Error>(&self) -> Result<(), E> {
        if self.patience.is_over() { Err(E::custom("given up")) } else { Ok(()) }
    }
}

/// Builds a value like `Value`'s own deserializer.
#[derive(Clone, Copy)]
struct Watching<'c>(&'c Watch<'c>);

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
        if let Some(number) = exact_numbers::restored(text) {
            return Ok(number);
        }
        self.0.take(text.len());
        Ok(text.into())
    }

    fn visit_string<E>(self, text: String) -> Result<Value, E> {
        if let Some(number) = exact_numbers::restored(&text) {
            return Ok(number);
        }
        self.0.take(text.len());
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while !self.0.is_full.get()
            && let Some(element) = elements.next_element_seed(self)?
        {
            self.0.go_on::<A::Error>()?;
            self.0.take(VALUE);
            // An incomplete element is left out.
            if !self.0.is_full.get() {
                list.push(element);
            }
        }
        while elements.next_element::<IgnoredAny>()?.is_some() {
            self.0.go_on::<A::Error>()?;
        }
        // Short lists have a capacity of four, and a shape has very many of two. Objects take far more than that
        // themselves.
        if !list.first().is_some_and(Value::is_object) {
            list.shrink_to_fit();
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        self.0.take(OBJECT);
        while let Some(name) = members.next_key::<String>()? {
            self.0.go_on::<A::Error>()?;
            if self.0.is_full.get() {
                members.next_value::<IgnoredAny>()?;
                continue;
            }
            self.0.take(VALUE + name.len());
            let value = members.next_value_seed(self)?;
            self.0.look_at(&name, &value);
            self.insert(&mut object, name, value);
        }
        Ok(self.unwrapped(object))
    }
}

impl Watching<'_> {
    fn unwrapped(self, object: Map<String, Value>) -> Value {
        match unwrapped_value(object) {
            Ok(value) => {
                self.0.has_serialised.set(true);
                value
            }
            Err(object) => Value::Object(object),
        }
    }

    fn insert(self, object: &mut Map<String, Value>, name: String, value: Value) {
        match object.entry(name) {
            Entry::Vacant(place) => drop(place.insert(value)),
            Entry::Occupied(mut before) => {
                self.0.twice.borrow_mut().get_or_insert_with(|| before.key().clone());
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

    fn read(text: &str) -> Result<ParsedJson, serde_json::Error> {
        parse(text, &ReadingPatience::default())
    }

    #[test]
    fn a_list_that_is_too_much_is_cut_between_its_elements() {
        let row = r#"{"id": 1, "tags": ["a", "b"]}"#;
        let text = format!(r#"{{"contents": [{}], "size": 3}}"#, [row; 3].join(","));
        let whole = OBJECT * 3 + VALUE * 16;
        let read = parse_within(&text, whole, &ReadingPatience::default()).unwrap();
        let rows = read.value["contents"].as_array().unwrap();
        assert!(read.is_cut && (1..3).contains(&rows.len()), "{read:?}");
        assert!(rows.iter().all(|kept| kept["tags"] == json!(["a", "b"])), "{rows:?}");
        assert!(parse_within(&text, OBJECT * 8, &ReadingPatience::default()).is_ok_and(|read| !read.is_cut));
    }

    #[test]
    fn what_nobody_waits_for_is_given_up() {
        let patience = ReadingPatience::default();
        drop(patience.while_waiting());
        assert!(parse("[1, 2]", &patience).is_err());
    }

    #[test]
    fn a_member_that_is_there_twice_is_told() {
        let ParsedJson { value, twice, .. } = read(r#"[{"a": 1, "b": {"c": 1, "c": 2}}, {"a": 3}]"#).unwrap();
        assert_eq!((value, twice.as_deref()), (json!([{"a": 1, "b": {"c": 2}}, {"a": 3}]), Some("c")));
        let ParsedJson { value, twice, .. } = read(r#"{"a": 1, "a": null}"#).unwrap();
        assert_eq!((value, twice.as_deref()), (json!({"a": 1}), Some("a")));
    }

    proptest! {
        #[test]
        fn all_else_is_as_ever(text in r#"[\[\]{}:,"a-c0-9.eE+ntrufals \\-]{0,40}"#) {
            let ours = read(&text).ok().filter(|read| read.twice.is_none()).map(|read| read.value);
            prop_assume!(ours.is_some() || read(&text).is_err());
            prop_assert_eq!(ours, serde_json::from_str::<Value>(&text).ok());
        }
    }
}
