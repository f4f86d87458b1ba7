//! Values in which every character counts, such as dates, numbers, codes and addresses. They are read without invisible
//! characters and markup, and out of a list with one element.

use serde_json::Value;

use crate::model::IssueCode;
use crate::source::dialects::lenient::members::object::{
    ExpectedMember, ObjectMembers, TakenMember, is_nothing,
};
use crate::source::dialects::lenient::members::scalars::unwrapped;
use crate::source::dialects::lenient::values::languages;
use crate::source::dialects::lenient::values::numbers;
use crate::source::dialects::lenient::values::texts;

impl ObjectMembers<'_> {
    /// Takes a scalar that is not prose, in plain characters and without markup.
    pub(in crate::source::dialects::lenient) fn plain_scalar(
        &mut self,
        names: &[&str],
    ) -> Option<TakenMember> {
        let taken = self.take_scalar(names)?;
        self.made_bare(taken)
    }

    /// Takes a text of one line in which invisible characters have no meaning, such as a postcode or a code.
    pub(in crate::source::dialects) fn plain_line(&mut self, names: &[&str]) -> Option<String> {
        self.keyed_plain_line(names).map(|taken| taken.value)
    }

    pub(in crate::source::dialects::lenient) fn keyed_plain_line(
        &mut self,
        names: &[&str],
    ) -> Option<TakenMember<String>> {
        let TakenMember { key, value } = self.keyed_line(names)?;
        let TakenMember { key, value } = self.made_plain(TakenMember { key, value: Value::String(value) })?;
        Some(TakenMember { key, value: value.as_str()?.to_owned() })
    }

    /// Takes a registration number or extension, which feeds may send as a JSON number. Spreadsheets turn it into
    /// `1123456.0`.
    pub(in crate::source::dialects) fn register_number(&mut self, names: &[&str]) -> Option<String> {
        let TakenMember { key, value: sent } = self.keyed_code(names)?;
        let plain = texts::as_plain(&sent);
        let whole = numbers::without_point(plain.as_deref().unwrap_or(&sent).trim());
        if whole == sent {
            return Some(sent);
        }
        let whole = whole.to_owned();
        let message = format!("is another notation of `{whole}`");
        self.note(IssueCode::NonStandardFormat, &key, message, Some(Value::String(sent)));
        Some(whole).filter(|whole| !texts::is_placeholder(whole))
    }

    /// Takes a scalar. From a list of several, takes the first that is not empty, and returns the others with it.
    pub(in crate::source::dialects::lenient) fn take_first(
        &mut self,
        names: &[&str],
    ) -> Option<(TakenMember, Vec<Value>)> {
        let taken = self.take(names, ExpectedMember::Scalar)?;
        self.first_of(taken)
    }

    /// Like `take_first`, but an object may have the scalar under one of the names in `inner`.
    pub(in crate::source::dialects::lenient) fn take_first_within(
        &mut self,
        names: &[&str],
        inner: &[&str],
    ) -> Option<(TakenMember, Vec<Value>)> {
        let TakenMember { key, value } = self.take(names, ExpectedMember::Scalar)?;
        let Some(found) = found_within(&value, inner) else {
            return self.first_of(TakenMember { key, value });
        };
        self.note(IssueCode::WrongType, &key, "is a list or an object, not a single value", Some(value));
        self.first_of(TakenMember { key, value: found })
    }

    fn first_of(&self, taken: TakenMember) -> Option<(TakenMember, Vec<Value>)> {
        let Some((first, others)) = first_of_several(&taken.value) else {
            return Some((self.scalar_of(taken)?, Vec::new()));
        };
        let TakenMember { key, value: list } = taken;
        self.note(IssueCode::WrongType, &key, "is a list; its first value was read", Some(list));
        Some((TakenMember { key, value: first }, others))
    }

    /// Replaces characters that are invisible, or only look like plain ones. Returns `None` if nothing is left.
    pub(in crate::source::dialects::lenient) fn made_plain(
        &self,
        TakenMember { key, value }: TakenMember,
    ) -> Option<TakenMember> {
        let Some(plain) = plain_value(&value) else { return Some(TakenMember { key, value }) };
        let message =
            "contained invisible characters, or wide spaces and letters; they were replaced by plain ones";
        self.note(IssueCode::Repaired, &key, message, Some(value));
        (!is_nothing(&plain)).then_some(TakenMember { key, value: plain })
    }

    /// Converts a value to plain characters, and removes markup around it. Returns `None` if nothing is left.
    pub(in crate::source::dialects::lenient) fn made_bare(&self, taken: TakenMember) -> Option<TakenMember> {
        let TakenMember { key, value } = self.made_plain(taken)?;
        let value = match value {
            Value::String(text) => Value::String(self.without_cdata(&key, text)),
            value => value,
        };
        let marked_up = value.as_str().filter(|text| text.contains(['<', '&']));
        let Some(bare) = marked_up.and_then(texts::as_prose) else {
            return (!is_nothing(&value)).then_some(TakenMember { key, value });
        };
        self.note(IssueCode::Repaired, &key, "markup was decoded", Some(value));
        (!texts::is_placeholder(&bare)).then_some(TakenMember { key, value: Value::String(bare) })
    }
}

// Returns a text, or the texts in a list, in plain characters. Returns `None` if they are plain already.
fn plain_value(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => texts::as_plain(text).map(Value::String),
        Value::Array(elements) => {
            let plain = |element: &Value| element.as_str().and_then(texts::as_plain).map(Value::String);
            let made = |element: &Value| plain(element).unwrap_or_else(|| element.clone());
            elements.iter().any(|one| plain(one).is_some()).then(|| elements.iter().map(made).collect())
        }
        _ => None,
    }
}

// Returns the scalar in an object under one of these names, in any case. For a list of such objects, returns a list.
// Returns `None` if there is no such object.
fn found_within(value: &Value, inner: &[&str]) -> Option<Value> {
    match value {
        Value::Object(members) => {
            let named = |name: &&str| members.iter().find(|(key, _)| key.eq_ignore_ascii_case(name));
            let mut scalars = inner.iter().filter_map(named).map(|(_, value)| value);
            scalars.find(|value| value.is_string() && !is_nothing(value)).cloned()
        }
        Value::Array(elements) if elements.iter().any(Value::is_object) => {
            let found: Vec<Value> = elements
                .iter()
                .map(|one| if one.is_object() { found_within(one, inner) } else { Some(one.clone()) })
                .collect::<Option<_>>()?;
            // English is chosen elsewhere.
            languages::english_of(elements).is_none().then_some(Value::Array(found))
        }
        _ => None,
    }
}

// Returns the first scalar of a list, and the others. Lists with several languages are handled elsewhere.
fn first_of_several(value: &Value) -> Option<(Value, Vec<Value>)> {
    let elements = value.as_array().filter(|elements| elements.len() > 1)?;
    if languages::english_of(elements).is_some() {
        return None;
    }
    let mut scalars = elements.iter().filter(|element| !is_nothing(element)).map(|element| match element {
        Value::Array(_) | Value::Object(_) => unwrapped(element).cloned(),
        scalar => Some(scalar.clone()),
    });
    Some((scalars.next()??, scalars.flatten().collect()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn of_several_values_the_first_is_read_and_no_other_is_lost() {
        let several = |value: Value| first_of_several(&value);
        assert_eq!(several(json!(["", "a", null, "b"])), Some((json!("a"), vec![json!("b")])));
        assert_eq!(several(json!([{"value": "a"}, {"value": "b"}])), Some((json!("a"), vec![json!("b")])));
        for one in [json!(["a"]), json!("a"), json!([[], {}]), json!([{"cy": "Cinio"}, {"en": "Lunch"}])] {
            assert_eq!(several(one.clone()), None, "{one}");
        }
    }

    #[test]
    fn quirk_98_objects_hold_addresses_under_a_name() {
        for (value, found) in [
            (json!({"uri": "https://elm.example/x", "title": "Site"}), Some(json!("https://elm.example/x"))),
            (json!({"URL": "https://elm.example/x", "uri": ""}), Some(json!("https://elm.example/x"))),
            (json!([{"url": "a"}, "b"]), Some(json!(["a", "b"]))),
            (json!({"title": "Site"}), None),
            (json!([{"url": "a"}, {"title": "b"}]), None),
            (json!(["a"]), None),
            (json!("a"), None),
        ] {
            assert_eq!(found_within(&value, &["uri", "url"]), found, "{value}");
        }
    }

    #[test]
    fn quirk_96_marks_inside_the_texts_of_a_list_go() {
        assert_eq!(plain_value(&json!(["MO\u{200e}", 2])), Some(json!(["MO", 2])));
        assert_eq!(plain_value(&json!(["MO", "TU"])), None);
    }
}
