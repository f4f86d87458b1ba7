//! Finds secrets in the texts of a row as they read once mended, stripped of markup and folded.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::folded::{folded, is_plain};
use super::spellings::SHORTEST;
use super::undo::UnescapedText;
use super::{IN_ITS_PLACE, LAYERS, Search, SecretRedactor};
use crate::model::RichText;
use crate::source::dialects::without_cdata;

impl SecretRedactor {
    /// Removes secrets from every text and member name of a row whose JSON has been mended. If a text reveals a secret
    /// only when it is folded or stripped of markup, the whole text is replaced.
    pub(crate) fn value(&self, value: &mut Value) {
        if let Some(search) = &self.search {
            self.clean_value(search, value);
        }
    }

    fn clean_value(&self, search: &Search, value: &mut Value) {
        match value {
            Value::String(text) => {
                if let Some(clean) = self.clean(search, text) {
                    *text = clean;
                }
            }
            Value::Array(elements) => {
                elements.iter_mut().for_each(|element| self.clean_value(search, element))
            }
            Value::Object(members) => {
                if members.keys().any(|name| self.clean(search, name).is_some()) {
                    self.clean_names(search, members);
                }
                members.values_mut().for_each(|value| self.clean_value(search, value));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn clean_names(&self, search: &Search, members: &mut Map<String, Value>) {
        let named = std::mem::take(members).into_iter();
        members.extend(named.map(|(name, value)| (self.clean(search, &name).unwrap_or(name), value)));
    }

    // Returns `None` if the text contains no secret.
    fn clean(&self, search: &Search, text: &str) -> Option<String> {
        if text.len() < SHORTEST && text.is_ascii() {
            return None;
        }
        let clean = self.text(text);
        if search.is_said_by(&clean) {
            return Some(String::from_utf8_lossy(IN_ITS_PLACE).into_owned());
        }
        match clean {
            Cow::Owned(clean) => Some(clean),
            Cow::Borrowed(_) => None,
        }
    }
}

impl Search {
    /// Returns whether a text contains a secret once it is folded, with or without its markup.
    fn is_said_by(&self, text: &str) -> bool {
        let has_markup = |text: &str| text.contains(['<', '&']);
        if is_plain(text) && !has_markup(text) && !text.contains(['%', '\\']) {
            return false;
        }
        let mut read = Cow::Borrowed(text);
        for _ in 0..LAYERS {
            if self.is_folded_in(&read) || self.is_undone_in(&read) {
                return true;
            }
            if !has_markup(&read) {
                return false;
            }
            let without = RichText::new(without_cdata(&read).unwrap_or_else(|| read.to_string()));
            if *without.text() == *read {
                return false;
            }
            read = Cow::Owned(without.text().to_owned());
        }
        self.is_folded_in(&read)
    }

    fn is_folded_in(&self, text: &str) -> bool {
        if is_plain(text) { self.spelled.is_match(text) } else { self.folded.is_match(&folded(text)) }
    }

    // The result of decoding escapes may have to be folded.
    fn is_undone_in(&self, text: &str) -> bool {
        let mut undone = UnescapedText::of(text.as_bytes(), false);
        for _ in 0..LAYERS {
            let Some(layer) = undone else { return false };
            if self.is_folded_in(&String::from_utf8_lossy(&layer.bytes)) {
                return true;
            }
            undone = UnescapedText::of(&layer.bytes, false);
        }
        false
    }
}
