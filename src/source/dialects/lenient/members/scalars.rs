//! Members with a single value: a text, a number, an id.

use serde_json::Value;

use crate::model::{IssueCode, RichText};
use crate::source::dialects::lenient::members::object::{ExpectedMember, ObjectMembers, TakenMember};
use crate::source::dialects::lenient::values::languages;
use crate::source::dialects::lenient::values::numbers;
use crate::source::dialects::lenient::values::texts;

impl ObjectMembers<'_> {
    /// Takes a text of one line.
    pub(in crate::source::dialects) fn line(&mut self, names: &[&str]) -> Option<String> {
        self.keyed_line(names).map(|taken| taken.value)
    }

    pub(in crate::source::dialects::lenient) fn keyed_line(
        &mut self,
        names: &[&str],
    ) -> Option<TakenMember<String>> {
        let TakenMember { key, value } = self.take_text(names)?;
        let text = self.mended(&key, value)?;
        let value = texts::on_one_line(&text).into_owned();
        if value != text {
            self.note(IssueCode::Repaired, &key, "line breaks were replaced", None);
        }
        Some(TakenMember { key, value })
    }

    /// Takes a name: one line, without markup.
    pub(in crate::source::dialects) fn name(&mut self, names: &[&str]) -> Option<String> {
        let TakenMember { key, value } = self.take_text(names)?;
        let text = self.mended(&key, value)?;
        let plain = texts::without_markup(&text);
        if plain.is_some() {
            let original = Some(Value::String(text.clone()));
            self.note(IssueCode::Repaired, &key, "markup was decoded", original);
        }
        let text = plain.unwrap_or(text);
        Some(texts::on_one_line(&text).into_owned())
    }

    /// Takes a name that the standard requires. Returns a placeholder if it is missing.
    pub(in crate::source::dialects) fn required_name(&mut self, names: &[&str]) -> String {
        self.name(names).unwrap_or_else(|| {
            self.note_missing(names.first().copied().unwrap_or_default());
            "(unnamed)".to_owned()
        })
    }

    /// Takes a text of any number of lines, without markup.
    pub(in crate::source::dialects) fn prose(&mut self, names: &[&str]) -> Option<String> {
        let TakenMember { key, value: text } = self.marked_up(names)?;
        if texts::has_script(&text) {
            return texts::without_markup(&text);
        }
        let Some(plain) = texts::as_prose(&text) else { return Some(text) };
        self.note(IssueCode::Repaired, &key, "markup was decoded", Some(Value::String(text)));
        Some(plain)
    }

    /// Takes a text that may contain markup.
    pub(in crate::source::dialects) fn rich(&mut self, names: &[&str]) -> Option<RichText> {
        // Copied first, because reading takes the member out.
        let raw = names.iter().find_map(|name| self.peek(name)?.as_str()).map(str::to_owned);
        let meant = self.marked_up(names)?.value;
        Some(RichText::mended(raw.unwrap_or_else(|| meant.clone()), &meant))
    }

    fn marked_up(&mut self, names: &[&str]) -> Option<TakenMember<String>> {
        let TakenMember { key, value } = self.take_text(names)?;
        let text = self.mended(&key, value)?;
        if RichText::has_too_much_markup(&text) {
            self.note(
                IssueCode::Repaired,
                &key,
                "contains too much markup to parse; its tags were removed",
                None,
            );
        }
        if texts::has_script(&text) {
            let original = Some(Value::String(text.clone()));
            self.note(IssueCode::UnsafeMarkup, &key, "contains scripts, which are never passed on", original);
        }
        Some(TakenMember { key, value: text })
    }

    /// Takes a text that feeds may send as a number, such as an extension.
    pub(in crate::source::dialects) fn code(&mut self, names: &[&str]) -> Option<String> {
        self.keyed_code(names).map(|taken| taken.value)
    }

    pub(in crate::source::dialects::lenient) fn keyed_code(
        &mut self,
        names: &[&str],
    ) -> Option<TakenMember<String>> {
        let TakenMember { key, value } = self.take_scalar(names)?;
        let value = match value {
            Value::Number(number) => number.to_string(),
            value => {
                let text = self.text_of(&key, value)?;
                self.mended(&key, text)?
            }
        };
        Some(TakenMember { key, value })
    }

    /// Takes an id, or a reference to another record.
    pub(in crate::source::dialects) fn id(&mut self, names: &[&str]) -> Option<String> {
        self.keyed_id(names).map(|taken| taken.value)
    }

    pub(in crate::source::dialects::lenient) fn keyed_id(
        &mut self,
        names: &[&str],
    ) -> Option<TakenMember<String>> {
        let TakenMember { key, value } = self.take_scalar(names)?;
        if value.is_number() {
            self.note(IssueCode::WrongType, &key, "is a number, not a string", None);
        }
        let sent = value.clone();
        let Some(id) = texts::id_text(&value) else {
            self.note_unreadable(&key, "is not an id", value);
            return None;
        };
        self.note_notation(&key, &id, sent);
        let most = self.reading().max_id_length;
        if id.len() > most {
            let message = format!("is an id longer than {most} bytes (`max_id_length`)");
            self.note_unreadable(&key, &message, Value::String(texts::excerpt(&id)));
            return None;
        }
        Some(TakenMember { key, value: id })
    }

    // Two notations of an id are the same id. The issue keeps the one that was sent.
    fn note_notation(&self, key: &str, id: &str, sent: Value) {
        let is_as_sent = match &sent {
            Value::String(text) => text.trim() == id,
            Value::Number(number) => !number.is_f64(),
            _ => true,
        };
        if !is_as_sent {
            let message = format!("is another notation of the id `{id}`");
            self.note(IssueCode::NonStandardFormat, key, message, Some(sent));
        }
    }

    /// Takes a number.
    pub(in crate::source::dialects) fn number(&mut self, names: &[&str]) -> Option<f64> {
        let TakenMember { key, value } = self.plain_scalar(names)?;
        self.number_of(&key, value)
    }

    /// Takes a whole number.
    pub(in crate::source::dialects) fn integer(&mut self, names: &[&str]) -> Option<i32> {
        let TakenMember { key, value } = self.plain_scalar(names)?;
        let original = value.clone();
        let number = self.number_of(&key, value)?;
        let whole = numbers::whole(number);
        if whole.is_none() {
            self.note_unreadable(&key, "is not a whole number", original);
        }
        whole
    }

    pub(in crate::source::dialects::lenient) fn number_of(&self, key: &str, value: Value) -> Option<f64> {
        match numbers::read(&value) {
            Some(number) => {
                if value.is_string() {
                    self.note(IssueCode::WrongType, key, "is a string, not a number", Some(value));
                }
                Some(number)
            }
            None => {
                self.note_unreadable(key, "is not a number", value);
                None
            }
        }
    }

    /// Adds an issue about an unreadable value, which quotes it.
    pub(in crate::source::dialects) fn note_unreadable(&self, key: &str, message: &str, original: Value) {
        self.note(IssueCode::Unreadable, key, message, Some(original));
    }

    /// Takes a scalar, from a list of one or a wrapping object if necessary.
    pub(in crate::source::dialects::lenient) fn take_scalar(
        &mut self,
        names: &[&str],
    ) -> Option<TakenMember> {
        let taken = self.take(names, ExpectedMember::Scalar)?;
        self.scalar_of(taken)
    }

    /// Returns the scalar itself, or the one in a list of one or in a wrapping object.
    pub(in crate::source::dialects::lenient) fn scalar_of(
        &self,
        TakenMember { key, value }: TakenMember,
    ) -> Option<TakenMember> {
        if !matches!(value, Value::Array(_) | Value::Object(_)) {
            return Some(TakenMember { key, value });
        }
        match unwrapped(&value).cloned() {
            Some(inner) => {
                self.note(
                    IssueCode::WrongType,
                    &key,
                    "is a list or an object, not a single value",
                    Some(value),
                );
                Some(TakenMember { key, value: inner })
            }
            None => {
                self.note_unreadable(&key, "is a list or an object, not a single value", value);
                None
            }
        }
    }

    /// Takes a text or number, or a list of them, in plain characters.
    pub(in crate::source::dialects::lenient) fn plain_list_or_scalar(
        &mut self,
        names: &[&str],
    ) -> Option<TakenMember> {
        let taken = self.take(names, ExpectedMember::Nested)?;
        self.made_bare(taken)
    }

    pub(in crate::source::dialects::lenient) fn take_text(
        &mut self,
        names: &[&str],
    ) -> Option<TakenMember<String>> {
        let TakenMember { key, value } = self.take_scalar(names)?;
        let value = self.text_of(&key, value)?;
        Some(TakenMember { key, value })
    }

    pub(in crate::source::dialects::lenient) fn text_of(&self, key: &str, value: Value) -> Option<String> {
        match value {
            Value::String(text) => Some(text),
            Value::Number(_) | Value::Bool(_) => {
                let text = value.to_string();
                self.note(IssueCode::WrongType, key, "is not a string", Some(value));
                Some(text)
            }
            // A scalar in a wrapper may still be empty.
            _ => None,
        }
    }

    /// Removes the markers of CDATA sections.
    pub(in crate::source::dialects::lenient) fn without_cdata(&self, key: &str, text: String) -> String {
        let Some(content) = texts::without_cdata(&text) else { return text };
        let original = Some(Value::String(text));
        self.note(IssueCode::Repaired, key, "the markers of a CDATA section were removed", original);
        content
    }

    // Trims a text and corrects wrong decoding. Returns `None` if nothing is left.
    pub(in crate::source::dialects::lenient) fn mended(&self, key: &str, text: String) -> Option<String> {
        let seen = texts::without_control(&text);
        if seen.is_some() {
            let original = Some(Value::String(text.clone()));
            self.note(
                IssueCode::Repaired,
                key,
                "contained invisible characters, which were removed",
                original,
            );
        }
        let text = texts::tidy(self.without_cdata(key, seen.unwrap_or(text)));
        if texts::is_placeholder(&text) {
            return None;
        }
        let Some(turned) = texts::without_mojibake(&text) else { return Some(text) };
        let original = Some(Value::String(text));
        self.note(
            IssueCode::Mojibake,
            key,
            "was decoded with the wrong character set, and was repaired",
            original,
        );
        Some(turned)
    }
}

// Names of members in which publishing systems wrap a text, the readable form first.
const WRAPPERS: [&str; 15] = [
    "processed",
    "value",
    "@value",
    "text",
    "name",
    "#text",
    "#cdata-section",
    "$t",
    "_text",
    "__text",
    "_",
    "content",
    "translation",
    "translations",
    "languages",
];

/// Returns the scalar in a list of one or in a wrapping object, or the English one of several languages.
pub(in crate::source::dialects::lenient) fn unwrapped(value: &Value) -> Option<&Value> {
    let inner = match value {
        Value::Array(elements) => match elements.as_slice() {
            [one] => one,
            several => languages::english_of(several)?,
        },
        Value::Object(members) => {
            let wrapped =
                || WRAPPERS.iter().find_map(|name| members.get(*name).filter(|inner| !inner.is_null()));
            languages::english(members).or_else(wrapped).or_else(|| languages::only_text_of(members))?
        }
        _ => return None,
    };
    match inner {
        Value::Array(_) | Value::Object(_) => unwrapped(inner),
        scalar => Some(scalar),
    }
}
