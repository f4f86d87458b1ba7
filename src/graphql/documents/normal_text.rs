//! Normalises texts, so that documents that differ only in irrelevant tokens and strings are read once.
//!
//! Clients often write ids, postcodes and cursors into their texts rather than send variables. Such texts are one
//! document with different strings, and so are texts with other names of their only operation, other comments or other
//! line breaks.

use apollo_parser::{Lexer, TokenKind};

/// Stands for a string in the key. No valid text contains it.
const STRING: &str = "\u{1}";

/// A text without what does not affect its meaning.
pub(super) struct NormalText<'t> {
    /// The key, equal for all texts that differ only in their strings.
    pub(super) key: String,
    /// The strings that are not part of the key: positions in bytes, and contents without quotes.
    pub(super) strings: Vec<(usize, &'t str)>,
    /// The name of the only operation.
    pub(super) operation_name: Option<&'t str>,
}

/// A token that affects what the text means.
struct SignificantToken<'t> {
    text: &'t str,
    /// The position of its first byte.
    at: usize,
    role: Role,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    /// It begins an operation.
    Operation,
    OperationName,
    /// A string without escapes that may be the value of an argument.
    String,
    Other,
}

/// The state of the scan through a document.
#[derive(Default)]
struct TokenPosition {
    braces: usize,
    parentheses: usize,
    /// Whether the scan is between definitions.
    is_between: bool,
    may_be_named: bool,
}

impl<'t> NormalText<'t> {
    /// Reads a text. Returns `None` if it has several operations or invalid tokens: such a text is its own key.
    pub(super) fn of(text: &'t str) -> Option<Self> {
        let mut normal =
            Self { key: String::with_capacity(text.len()), strings: Vec::new(), operation_name: None };
        let mut operations = 0;
        for token in significant_tokens(text) {
            let SignificantToken { text, at, role } = token?;
            match role {
                Role::OperationName => {
                    normal.operation_name = Some(text);
                    continue;
                }
                Role::String => {
                    normal.key.push_str(STRING);
                    normal.strings.push((at, text.get(1..text.len() - 1)?));
                }
                Role::Operation | Role::Other => normal.key.push_str(text),
            }
            operations += usize::from(role == Role::Operation);
            normal.key.push('\n');
        }
        (operations == 1).then_some(normal)
    }
}

/// Returns the positions of a text's tokens in bytes, without the names of operations. Texts with the same key have the
/// same number of tokens.
pub(super) fn token_places(text: &str) -> Vec<usize> {
    let each = significant_tokens(text).flatten().filter(|token| token.role != Role::OperationName);
    each.map(|token| token.at).collect()
}

/// Returns the tokens of a text, without those that mean nothing. `None` stands for an invalid token.
fn significant_tokens(text: &str) -> impl Iterator<Item = Option<SignificantToken<'_>>> {
    let mut position = TokenPosition { is_between: true, ..TokenPosition::default() };
    Lexer::new(text).filter_map(move |token| {
        let Ok(token) = token else { return Some(None) };
        let is_space = matches!(
            token.kind(),
            TokenKind::Whitespace | TokenKind::Comment | TokenKind::Comma | TokenKind::Eof
        );
        (!is_space).then(|| {
            let role = position.role(token.kind(), token.data());
            Some(SignificantToken { text: token.data(), at: token.index(), role })
        })
    })
}

impl TokenPosition {
    /// Returns the role of the next token, and moves past it.
    fn role(&mut self, kind: TokenKind, text: &str) -> Role {
        let is_outside = self.braces == 0 && self.parentheses == 0;
        let begins = is_outside && std::mem::take(&mut self.is_between);
        let may_be_named = std::mem::take(&mut self.may_be_named);
        match kind {
            TokenKind::Name if begins => {
                self.may_be_named = matches!(text, "query" | "mutation" | "subscription");
                if self.may_be_named { Role::Operation } else { Role::Other }
            }
            TokenKind::Name if may_be_named => Role::OperationName,
            TokenKind::LCurly => {
                self.braces += 1;
                if begins { Role::Operation } else { Role::Other }
            }
            TokenKind::RCurly => {
                self.braces = self.braces.saturating_sub(1);
                self.is_between = self.braces == 0 && self.parentheses == 0;
                Role::Other
            }
            TokenKind::LParen => {
                self.parentheses += 1;
                Role::Other
            }
            TokenKind::RParen => {
                self.parentheses = self.parentheses.saturating_sub(1);
                Role::Other
            }
            TokenKind::StringValue if self.braces > 0 && self.parentheses > 0 && is_plain(text) => {
                Role::String
            }
            _ => Role::Other,
        }
    }
}

/// Returns whether a string contains no escapes and is not a block string.
fn is_plain(text: &str) -> bool {
    !text.starts_with("\"\"\"") && !text.contains('\\')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Option<String> {
        NormalText::of(text).map(|normal| normal.key)
    }

    #[test]
    fn what_does_not_change_the_meaning_is_not_part_of_the_key() {
        let one = key("query A($a: Int) { service(id: \"one\") { name } }");
        let other = key("# a comment\nquery Longer ( $a : Int, ) {\n  service(id: \"\"),{ name }}");
        assert!(one.is_some());
        assert_eq!(one, other);
        for different in [
            "query A($a: Int) { service(id: \"one\") { id } }",
            "query A($a: Int) { service(id: one) { name } }",
            "query A($a: Int) { service(id: \"\"\"one\"\"\") { name } }",
            "query A($a: Int) { service(id: \"o\\u006ee\") { name } }",
            "query A($a: Int = 1) { service(id: \"one\") { name } }",
        ] {
            assert_ne!(key(different), one, "{different}");
        }
        assert_ne!(key("{ a b }"), key("{ ab }"));
    }

    #[test]
    fn strings_and_the_name_of_the_operation_are_told() {
        let text = "query Named { a(b: [\"x\", {c: \"\"}], d: \"y z\") } fragment F on query { query }";
        let normal = NormalText::of(text).unwrap();
        let strings: Vec<&str> = normal.strings.iter().map(|(_, string)| *string).collect();
        assert_eq!((strings.as_slice(), normal.operation_name), (&["x", "", "y z"][..], Some("Named")));
        assert!(normal.strings.iter().all(|(at, _)| text.as_bytes()[*at] == b'"'));
    }

    #[test]
    fn texts_with_several_operations_or_with_faults_are_their_own_key() {
        for text in ["query A { a } query B { b }", "{ a } query B { b }", "", "{ a(b: \"c) }", "{ a } \u{1}"]
        {
            assert_eq!(key(text), None, "{text}");
        }
    }

    #[test]
    fn texts_with_the_same_key_have_their_tokens_at_the_same_numbers() {
        let places = |text: &'static str| {
            token_places(text).into_iter().map(|at| char::from(text.as_bytes()[at])).collect::<String>()
        };
        assert_eq!(places("query A { b(c: \"d\") }"), "q{b(c:\")}");
        assert_eq!(places("query{\n# ignored\nb(c:\"\")}"), "q{b(c:\")}");
    }
}
