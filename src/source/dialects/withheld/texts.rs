//! Finds private details in texts that consist of members: JSON or something similar in a text.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickBuilder};
use memchr::{memchr, memmem};
use serde_json::{Map, Value};

use super::super::lenient::truth;
use super::WithheldItem;
use super::flags;
use super::names;
use super::walk::ObjectPath;

const IS_NO_JSON: &str = "names private members in a form that cannot be parsed, and was left out";

/// How deep JSON in texts is parsed.
const DEEPEST: usize = 4;
/// How many bytes of a row's texts are parsed. The parsed form takes far more memory.
const MOST_BYTES: usize = 1 << 20;
/// The character before the number of a parsed text.
const MARK: char = '\0';

/// Beginnings of words in the names of private members and flags.
const STEMS: [&str; 22] = [
    "assur",
    "personal",
    "sensitiv",
    "hid",
    "mask",
    "confident",
    "private",
    "undisclosed",
    "suppress",
    "withh",
    "secret",
    "redact",
    "publish",
    "public",
    "show",
    "display",
    "visib",
    "disclos",
    "share",
    "obscur",
    "blur",
    "listed",
];

static SPEAKS: LazyLock<Option<AhoCorasick>> =
    LazyLock::new(|| AhoCorasickBuilder::new().ascii_case_insensitive(true).build(STEMS).ok());

/// Returns whether a text has to be parsed, because it consists of members and some may be private.
pub(super) fn may_hold_private(text: &str, omits_assurers: bool) -> bool {
    (looks_like_json(text) && speaks_of_private(text)) || names_private_member(text, omits_assurers)
}

fn looks_like_json(text: &str) -> bool {
    const SHORTEST: usize = 8;
    text.len() >= SHORTEST && matches!(text.trim_ascii_start().as_bytes().first(), Some(b'{' | b'[' | b'"'))
}

// Names may contain escapes.
fn speaks_of_private(text: &str) -> bool {
    SPEAKS.as_ref().is_none_or(|stems| stems.is_match(text))
        || memmem::find(text.as_bytes(), b"\\u").is_some()
}

/// Returns whether a text that is not JSON has a private member or a set flag: `assurer_email=…`, `<hide_address>true`,
/// `{'personal_data': True}`.
fn names_private_member(text: &str, omits_assurers: bool) -> bool {
    let is_machine = matches!(text.trim_ascii_start().as_bytes().first(), Some(b'{' | b'['));
    let is_markup = || text.starts_with('<') && memmem::find(text.as_bytes(), b"ssurer").is_some();
    if !is_machine && memchr(b'_', text.as_bytes()).is_none() && !is_markup() {
        return false;
    }
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let mut rest = text;
    while let Some(start) = rest.find(is_name) {
        let (_, from) = rest.split_at(start);
        let (word, after) = from.split_at(from.find(|c: char| !is_name(c)).unwrap_or(from.len()));
        if is_private_name(word, after, is_machine, omits_assurers) {
            return true;
        }
        rest = after;
    }
    false
}

fn is_private_name(word: &str, after: &str, is_machine: bool, omits_assurers: bool) -> bool {
    let names_assurer = omits_assurers && names::names_assurer(word);
    if !names_assurer && flags::flag(word).is_none() {
        return false;
    }
    // Prose may mention assurers and personal data, but hardly in this form.
    let is_identifier =
        is_machine || word.contains('_') || word.bytes().skip(1).any(|byte| byte.is_ascii_uppercase());
    let Some(value) = is_identifier.then(|| value_after(after)).flatten() else { return false };
    let value = value.trim_start_matches(|c: char| !c.is_alphanumeric());
    let said = value.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default();
    let is_nothing = ["null", "none", "nil", ""].iter().any(|nothing| said.eq_ignore_ascii_case(nothing));
    let is_no = || is_nothing || truth(&Value::String(said.to_owned())) == Some(false);
    names_assurer || !is_no()
}

// Returns what follows a name if it is the name of a member.
fn value_after(after: &str) -> Option<&str> {
    let mut rest = after;
    loop {
        let bare = rest.trim_start_matches([' ', '"', '\'', '\\']);
        rest = match ["&quot;", "&#34;", "&#39;", "&apos;"].iter().find_map(|quote| bare.strip_prefix(quote))
        {
            Some(rest) => rest,
            None => return bare.strip_prefix([':', '=', '>', ';']),
        };
    }
}

/// Texts that have been parsed in place, so that the rules apply to their content.
#[derive(Default)]
pub(super) struct UnpackedTexts {
    originals: Vec<Option<String>>,
    omits_assurers: bool,
    /// Whether any text may contain something private, whatever words it has.
    looks_into_all: bool,
    /// How many more bytes may be parsed.
    room: usize,
}

impl UnpackedTexts {
    /// Replaces texts that may contain something private by their parsed content. [`UnpackedTexts::pack`] reverts it.
    pub(super) fn unpack(
        row: &mut Map<String, Value>,
        omits_assurers: bool,
        looks_into_all: bool,
        withheld: &mut Vec<WithheldItem>,
    ) -> Self {
        let mut texts = Self { originals: Vec::new(), omits_assurers, looks_into_all, room: MOST_BYTES };
        texts.unpack_members(row, 0, &mut ObjectPath::default(), withheld);
        texts
    }

    fn unpack_members(
        &mut self,
        members: &mut Map<String, Value>,
        depth: usize,
        path: &mut ObjectPath,
        withheld: &mut Vec<WithheldItem>,
    ) {
        for (name, value) in members.iter_mut() {
            path.at(name, |path| self.unpack_value(value, depth, path, withheld));
        }
    }

    fn unpack_value(
        &mut self,
        value: &mut Value,
        depth: usize,
        path: &mut ObjectPath,
        withheld: &mut Vec<WithheldItem>,
    ) {
        match value {
            Value::Object(members) => self.unpack_members(members, depth, path, withheld),
            Value::Array(elements) => {
                for (index, element) in elements.iter_mut().enumerate() {
                    path.at_element(index, |path| self.unpack_value(element, depth, path, withheld));
                }
            }
            Value::String(text) => {
                if let Some(mut inside) = self.inside(text, depth) {
                    let original = std::mem::take(text);
                    self.unpack_value(&mut inside, depth + 1, path, withheld);
                    let mark = format!("{MARK}{}", self.originals.len());
                    self.originals.push(Some(original));
                    *value = Value::Array(vec![Value::String(mark), inside]);
                } else if names_private_member(text, self.omits_assurers) || self.is_too_long(text) {
                    *value = Value::Null;
                    withheld.push(WithheldItem { path: path.text(), message: IS_NO_JSON });
                }
            }
            _ => {}
        }
    }

    fn is_to_be_looked_into(&self, text: &str) -> bool {
        looks_like_json(text) && (self.looks_into_all || speaks_of_private(text))
    }

    // Names may contain escapes, which only parsing decodes.
    fn is_too_long(&self, text: &str) -> bool {
        text.len() > self.room
            && self.is_to_be_looked_into(text)
            && memmem::find(text.as_bytes(), b"\\u").is_some()
    }

    fn inside(&mut self, text: &str, depth: usize) -> Option<Value> {
        if depth >= DEEPEST || !self.is_to_be_looked_into(text) {
            return None;
        }
        self.room = self.room.checked_sub(text.len())?;
        let inside: Value = serde_json::from_str(text).ok()?;
        (inside.is_object() || inside.is_array() || inside.is_string()).then_some(inside)
    }

    /// Turns the parsed content back into texts. Texts from which nothing was removed are restored exactly.
    pub(super) fn pack(mut self, row: &mut Map<String, Value>) {
        row.values_mut().for_each(|value| self.pack_value(value));
    }

    fn pack_value(&mut self, value: &mut Value) {
        match value {
            Value::Object(members) => members.values_mut().for_each(|value| self.pack_value(value)),
            Value::Array(elements) => {
                elements.iter_mut().for_each(|element| self.pack_value(element));
                if let Some(original) = self.original(elements) {
                    *value = packed(original, elements.get(1));
                }
            }
            _ => {}
        }
    }

    fn original(&mut self, elements: &[Value]) -> Option<String> {
        let mark = elements.first().filter(|_| elements.len() <= 2)?.as_str()?.strip_prefix(MARK)?;
        self.originals.get_mut(mark.parse::<usize>().ok()?)?.take()
    }
}

fn packed(original: String, inside: Option<&Value>) -> Value {
    let Some(inside) = inside else { return Value::Null };
    let is_whole = serde_json::from_str::<Value>(&original).is_ok_and(|before| before == *inside);
    Value::String(if is_whole { original } else { inside.to_string() })
}
