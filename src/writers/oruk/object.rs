//! One JSON object under construction. Values that the model does not have are left out, and values that the standard
//! would reject go into the member `gateway`.

use serde_json::{Map, Value, json};
use url::Url;
use uuid::Uuid;

use super::GATEWAY;
use crate::model::UnreadBounds;

/// An object in the form of the standard.
#[derive(Debug, Default)]
pub(super) struct OrukObject {
    members: Map<String, Value>,
    /// Values for which the standard has no member; they go into the member `gateway`.
    aside: Map<String, Value>,
    /// Members that are present only because the standard requires them.
    assumed: Vec<&'static str>,
    /// Values that are not of the form that the standard requires, by the names of their members.
    as_published: Map<String, Value>,
}

impl OrukObject {
    /// Returns an object that has only an id.
    pub(super) fn with_id(id: Uuid) -> Self {
        let mut object = Self::default();
        object.put("id", id.to_string());
        object
    }

    /// Writes a member.
    pub(super) fn put(&mut self, name: &str, value: impl Into<Value>) {
        self.members.insert(name.to_owned(), value.into());
    }

    /// Writes a member if there is a value.
    pub(super) fn some(&mut self, name: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.put(name, value);
        }
    }

    /// Writes a list unless it is empty.
    pub(super) fn list(&mut self, name: &str, items: impl Iterator<Item = Self>) {
        let items: Vec<Value> = items.map(Self::into_value).collect();
        if !items.is_empty() {
            self.put(name, items);
        }
    }

    /// Writes numbers or codes as one text with commas between them, unless there are none.
    pub(super) fn joined<T: ToString>(&mut self, name: &str, items: &[T]) {
        let items: Vec<String> = items.iter().map(T::to_string).collect();
        if !items.is_empty() {
            self.put(name, items.join(","));
        }
    }

    /// Writes a number, without a decimal part if it is whole.
    pub(super) fn number(&mut self, name: &str, value: Option<f64>) {
        self.some(name, value.map(number));
    }

    /// Writes a member that the standard requires. Without a value, writes `otherwise` and lists the member as assumed.
    pub(super) fn required(
        &mut self,
        name: &'static str,
        value: Option<impl Into<Value>>,
        otherwise: impl Into<Value>,
    ) {
        match value {
            Some(value) => self.put(name, value),
            None => {
                self.assumed.push(name);
                self.put(name, otherwise);
            }
        }
    }

    /// Writes a text that the standard requires. Without a text, writes an empty one and lists the member as assumed.
    pub(super) fn required_text(&mut self, name: &'static str, text: Option<&str>) {
        self.required(name, text, "");
    }

    /// Writes a name that the standard requires. The placeholder for a name that the publisher did not give is listed
    /// as assumed.
    pub(super) fn required_name(&mut self, name: &'static str, text: &str) {
        const UNNAMED: &str = "(unnamed)";
        self.required(name, Some(text).filter(|text| *text != UNNAMED), UNNAMED);
    }

    /// Writes a URI. A text that is not a URI goes to the values as published.
    pub(super) fn uri(&mut self, name: &str, uri: Option<&str>) {
        let is_uri = |text: &str| !text.contains(char::is_whitespace) && Url::parse(text).is_ok();
        self.formed(name, uri, is_uri);
    }

    /// Writes an email address. A text that is not an email address goes to the values as published.
    pub(super) fn email(&mut self, name: &str, email: Option<&str>) {
        self.formed(name, email, is_email);
    }

    /// Writes one of the words that the standard allows. Any other word goes to the values as published.
    pub(super) fn word(&mut self, name: &str, word: Option<&str>, words: &[&str]) {
        self.formed(name, word, |text| words.contains(&text));
    }

    fn formed(&mut self, name: &str, text: Option<&str>, is_right: impl Fn(&str) -> bool) {
        let Some(text) = text else { return };
        match is_right(text) {
            true => self.put(name, text),
            false => _ = self.as_published.insert(name.to_owned(), text.into()),
        }
    }

    /// Writes a value for which the standard has no member into the member `gateway`.
    pub(super) fn aside(&mut self, name: &str, value: Option<impl Into<Value>>) {
        if let Some(value) = value {
            self.aside.insert(name.to_owned(), value.into());
        }
    }

    /// Records which bounds the publisher stated in a form that could not be parsed.
    pub(super) fn unread(&mut self, unread: UnreadBounds) {
        self.aside("unread", (!unread.is_empty()).then(|| json!(unread)));
    }

    /// Returns the finished JSON object, with the member `gateway` if it has any content.
    pub(super) fn into_value(mut self) -> Value {
        if !self.assumed.is_empty() {
            self.aside("assumed", Some(json!(self.assumed)));
        }
        let as_published = std::mem::take(&mut self.as_published);
        self.aside("as_published", (!as_published.is_empty()).then_some(as_published));
        if !self.aside.is_empty() {
            self.members.insert(GATEWAY.to_owned(), Value::Object(self.aside));
        }
        Value::Object(self.members)
    }
}

fn number(value: f64) -> Value {
    #[expect(clippy::cast_possible_truncation, reason = "it has no decimals and is small")]
    let whole = (value.fract() == 0.0 && value.abs() < 1e15).then_some(value as i64);
    whole.map_or_else(|| json!(value), Value::from)
}

fn is_email(text: &str) -> bool {
    let is_clean =
        |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || "<>,;@".contains(c));
    text.rsplit_once('@')
        .is_some_and(|(name, domain)| is_clean(name) && is_clean(domain) && domain.contains('.'))
}
