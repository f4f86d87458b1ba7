//! The mistakes in almost valid JSON that can be mended because there is only one possible reading.

use crate::model::{IssueCode, RecordIssue};

/// A kind of mistake that was mended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source::dialects::lenient) enum MendKind {
    /// Text before or after the JSON: notices, JSONP, guards against cross-site reading.
    TextAround,
    /// A comma before a closing bracket, or two in a row.
    ExtraComma,
    /// No comma between two objects, or between a value and the next name.
    MissingComma,
    /// `\'` and other escapes that JSON does not have.
    Escape,
    /// A line break or other control character in a text.
    ControlCharacter,
    /// Half of a surrogate pair.
    HalfCharacter,
    /// Single, curly or no quotes.
    Quotes,
    /// A quote in a text, without its backslash.
    InnerQuotes,
    /// `NaN`, `Infinity`, or a number too large for any reader.
    NotANumber,
    /// `None`, `True`, `undefined`.
    Word,
    /// `007`, `.5`, `+5`, a date without quotes.
    Number,
    /// A name without its value.
    MissingValue,
    /// `//` or `/* */` comments.
    Comment,
    /// `=>` instead of a colon, or a value inside a call such as `ISODate("…")`.
    Notation,
    /// `&quot;` instead of quotes.
    Entities,
    /// Objects one after another, without a list around them.
    Lines,
    /// JSON inside a text.
    InText,
    /// `$values`, `$ref` and `$id`.
    References,
    /// `{"$oid": …}`, `{"#text": …}`: a value in a serialiser's wrapping.
    Serialised,
    /// A list written as an object with positions as names.
    ListAsObject,
    /// A compressed body without the header that says so.
    Packed,
}

const ALL: [MendKind; 21] = [
    MendKind::TextAround,
    MendKind::ExtraComma,
    MendKind::MissingComma,
    MendKind::Escape,
    MendKind::ControlCharacter,
    MendKind::HalfCharacter,
    MendKind::Quotes,
    MendKind::InnerQuotes,
    MendKind::NotANumber,
    MendKind::Word,
    MendKind::Number,
    MendKind::MissingValue,
    MendKind::Comment,
    MendKind::Notation,
    MendKind::Entities,
    MendKind::Lines,
    MendKind::InText,
    MendKind::References,
    MendKind::Serialised,
    MendKind::ListAsObject,
    MendKind::Packed,
];

impl MendKind {
    fn message(self) -> &'static str {
        match self {
            Self::TextAround => "the JSON had other text before or after it, which was ignored",
            Self::ExtraComma => "commas with nothing after them were dropped",
            Self::MissingComma => "missing commas were added",
            Self::Escape => "invalid escapes were read as intended",
            Self::ControlCharacter => "control characters inside strings were escaped",
            Self::HalfCharacter => "unpaired surrogates were replaced by U+FFFD",
            Self::Quotes => "names or strings in single, curly or no quotes were read",
            Self::InnerQuotes => "unescaped quotes inside strings were retained",
            Self::NotANumber => "NaN, Infinity or a number out of range was read as null",
            Self::Word => "True, None, undefined and the like were read as true, false or null",
            Self::Number => "numbers and dates that are not valid JSON were read",
            Self::MissingValue => "names without a value were read as null",
            Self::Comment => "comments were ignored",
            Self::Notation => "syntax of another programming language was read",
            Self::Entities => "HTML character references in the JSON were decoded",
            Self::Lines => "records without a list around them were read as a list",
            Self::InText => "JSON inside a string was read",
            Self::References => "`$values`, `$ref` and `$id` were resolved",
            Self::Serialised => "values in MongoDB extended JSON or converted from XML were read",
            Self::ListAsObject => "an object with numbered members was read as a list",
            Self::Packed => "the response is compressed without saying so; it was decompressed",
        }
    }

    fn bit(self) -> u32 {
        1 << (self as u32)
    }
}

/// The kinds of mistakes that were mended in one response.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(in crate::source::dialects::lenient) struct MendKinds(u32);

impl MendKinds {
    pub(in crate::source::dialects::lenient) fn note(&mut self, mend: MendKind) {
        self.0 |= mend.bit();
    }

    /// Adds everything that another response, or a part of one, needed.
    pub(in crate::source::dialects::lenient) fn extend(&mut self, others: Self) {
        self.0 |= others.0;
    }

    #[cfg(test)]
    pub(in crate::source::dialects::lenient) fn has(self, mend: MendKind) -> bool {
        self.0 & mend.bit() != 0
    }

    /// Returns an issue of the page for each kind.
    pub(in crate::source::dialects::lenient) fn issues(self) -> impl Iterator<Item = RecordIssue> {
        let done = ALL.into_iter().filter(move |mend| self.0 & mend.bit() != 0);
        done.map(|mend| RecordIssue {
            code: IssueCode::Repaired,
            path: String::new(),
            message: mend.message().to_owned(),
            original: None,
        })
    }
}

/// Returns the issue of a page that was compressed without saying so.
pub(in crate::source) fn packed_issue() -> impl Iterator<Item = RecordIssue> {
    MendKinds(MendKind::Packed.bit()).issues()
}

/// Returns our own message for a mended page, if `message` is one. It may be shown, because it contains nothing of the
/// feed.
pub(in crate::source::dialects::lenient) fn mend_message(message: &str) -> Option<&'static str> {
    ALL.into_iter().map(MendKind::message).find(|known| *known == message)
}
