//! Parses documents, and says in plain words why one cannot be parsed.

use apollo_compiler::ast::Document;
use apollo_compiler::parser::Parser;
use apollo_compiler::validation::DiagnosticList;
use apollo_parser::{Lexer, Token, TokenKind};
use async_graphql::{Pos, ServerError};

use super::spelling::place_of;
use crate::graphql::ErrorCode;
use crate::graphql::limits::MAX_NESTING;

/// What the parser calls some tokens, and how they are written.
const SPELLED: [(&str, &str); 8] = [
    ("L_PAREN", "`(`"),
    ("R_PAREN", "`)`"),
    ("L_CURLY", "`{`"),
    ("R_CURLY", "`}`"),
    ("L_BRACK", "`[`"),
    ("R_BRACK", "`]`"),
    ("COLON", "`:`"),
    ("EOF", "the end of the document"),
];

/// Parses a document.
///
/// # Errors
/// The first syntax error. Further ones usually follow from it.
pub(super) fn parse(text: &str) -> Result<Document, Box<ServerError>> {
    let read = |text: &str| Parser::new().recursion_limit(4 * MAX_NESTING).parse_ast(text, "query");
    let document = read(text).or_else(|found| match without_descriptions(text) {
        Some(plain) => read(&plain),
        None => Err(found),
    });
    let document = document.map_err(|found| Box::new(first_of(&found.errors)))?;
    match lacking_value(text) {
        None => Ok(document),
        Some(name) => {
            let said = format!("syntax error: expected `:` and a value after `{}`", name.data());
            Err(Box::new(failure(ErrorCode::GraphqlParseFailed, said, Some(place_of(text, name.index())))))
        }
    }
}

fn first_of(found: &DiagnosticList) -> ServerError {
    let Some(found) = found.iter().next() else {
        return ErrorCode::GraphqlParseFailed.error("syntax error");
    };
    let message = found.error.to_string();
    let code = match message.contains("recursion limit") {
        true => ErrorCode::QueryTooDeep,
        false => ErrorCode::GraphqlParseFailed,
    };
    let place = found.line_column_range().map(|range| range.start);
    failure(code, in_words(&message), place.map(|place| Pos { line: place.line, column: place.column }))
}

fn failure(code: ErrorCode, message: String, place: Option<Pos>) -> ServerError {
    let mut error = code.error(message);
    error.locations = place.into_iter().collect();
    error
}

/// Replaces the parser's names of tokens.
fn in_words(message: &str) -> String {
    let Some((before, got)) = message.split_once(", got ") else { return message.to_owned() };
    let spelled = |name: &str| SPELLED.iter().find(|(token, _)| *token == name).map(|(_, written)| *written);
    let expected =
        before.rsplit_once(' ').and_then(|(said, name)| Some(format!("{said} {}", spelled(name)?)));
    let got = spelled(got).map_or_else(|| format!("`{got}`"), str::to_owned);
    format!("{}, got {got}", expected.as_deref().unwrap_or(before))
}

/// What a bracket encloses.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Enclosed {
    Selections,
    /// Arguments, variables or the members of an object: names with values.
    Named,
    Values,
}

/// A significant token, and what is around it.
struct PlacedToken<'t> {
    token: Token<'t>,
    before: Option<TokenKind>,
    after: Option<Token<'t>>,
    /// What encloses it, and in how many brackets it is.
    open: Option<Enclosed>,
    depth: usize,
}

/// Returns the significant tokens of a text. A bracket is inside of itself.
fn placed_tokens(text: &str) -> impl Iterator<Item = PlacedToken<'_>> {
    let is_significant = |token: &Token<'_>| {
        use TokenKind::{Comma, Comment, Eof, Whitespace};
        !matches!(token.kind(), Whitespace | Comment | Comma | Eof)
    };
    let mut tokens = Lexer::new(text).flatten().filter(is_significant).peekable();
    let (mut open, mut before) = (Vec::new(), None);
    std::iter::from_fn(move || {
        let token = tokens.next()?;
        let kind = token.kind();
        match kind {
            TokenKind::LParen => open.push(Enclosed::Named),
            TokenKind::LBracket => open.push(Enclosed::Values),
            TokenKind::LCurly => open.push(match open.last() {
                None | Some(Enclosed::Selections) => Enclosed::Selections,
                Some(Enclosed::Named | Enclosed::Values) => Enclosed::Named,
            }),
            TokenKind::RParen | TokenKind::RBracket | TokenKind::RCurly => drop(open.pop()),
            _ => {}
        }
        let (open, depth) = (open.last().copied(), open.len());
        Some(PlacedToken { token, before: before.replace(kind), after: tokens.peek().cloned(), open, depth })
    })
}

/// Returns the first name of an argument, or of an object's member, that has no value. The parser passes over those
/// without an error.
fn lacking_value(text: &str) -> Option<Token<'_>> {
    let mut tokens = placed_tokens(text).filter(|placed| placed.open == Some(Enclosed::Named));
    let lacking = tokens.find(|PlacedToken { token, before, after, .. }| {
        let is_value =
            matches!(before, Some(TokenKind::Colon | TokenKind::Dollar | TokenKind::Eq | TokenKind::At));
        let has_value = after.as_ref().is_some_and(|after| after.kind() == TokenKind::Colon);
        token.kind() == TokenKind::Name && !is_value && !has_value
    });
    lacking.map(|placed| placed.token)
}

/// Replaces the descriptions of operations, fragments and variables by spaces, as the parser does not know them.
/// Returns `None` if there are none.
fn without_descriptions(text: &str) -> Option<String> {
    let mut plain = text.to_owned();
    for description in placed_tokens(text).filter(PlacedToken::is_description).map(|placed| placed.token) {
        let range = description.index()..description.index() + description.data().len();
        let spaces = description.data().bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' });
        plain.replace_range(range, &spaces.collect::<String>());
    }
    (plain != text).then_some(plain)
}

impl PlacedToken<'_> {
    fn is_description(&self) -> bool {
        let Some(after) = self.after.as_ref().filter(|_| self.token.kind() == TokenKind::StringValue) else {
            return false;
        };
        match (self.open, self.depth) {
            (None, _) => {
                let begins = matches!(after.data(), "query" | "mutation" | "subscription" | "fragment");
                begins && matches!(self.before, None | Some(TokenKind::RCurly))
            }
            (Some(Enclosed::Named), 1) => {
                let is_default = matches!(self.before, Some(TokenKind::Eq | TokenKind::Colon));
                after.kind() == TokenKind::Dollar && !is_default
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_without_its_value_is_a_syntax_error_where_it_stands() {
        for (text, column) in [
            ("{ a(b) }", 5),
            ("{ a(b: 1 c) }", 10),
            ("{ a(b: { c }) }", 10),
            ("{ a(b: [{ c: 1 d e: 2 }]) }", 16),
            ("{ a(b b: 1) }", 5),
            ("{ a @b(c) }", 8),
            ("query ($a: B = { c }) { a }", 18),
        ] {
            let error = parse(text).unwrap_err();
            assert_eq!(error.locations, [Pos { line: 1, column }], "{text}");
            assert!(error.message.starts_with("syntax error: expected `:` and a value after"), "{text}");
        }
    }

    #[test]
    fn names_that_are_values_types_and_directives_need_no_colon() {
        for text in [
            "query ($a: B! = C @d(e: F), $g: [H] = [I]) { a(b: C, d: [E F], g: $h, i: { j: K }) @l(m: $n) { o } }",
            "fragment A on B @c(d: e) { f: g(h: i) { ...J ... on K { l } } }",
        ] {
            assert!(parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn operations_fragments_and_variables_may_be_described() {
        let described = "\"One\" query A(\"\"\"Two\nlines\"\"\" $a: B = \"c\" \"Three\" $d: [E!] \"\" $f: G) { h } \
                         \"Four\" fragment I on J { k }";
        let document = parse(described).unwrap();
        assert_eq!(document.definitions.len(), 2);
        assert!(document.to_string().contains("$a: B = \"c\""), "{document}");
        for text in
            ["\"One\" { a }", "query \"One\" query { a }", "query (\"a\" \"b\" $c: D) { e }", "{ \"a\" b }"]
        {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn tokens_are_named_as_they_are_written() {
        for (text, said) in [
            ("{ a", "syntax error: expected `}`, got the end of the document"),
            ("{ a(b: 1 { c } }", "syntax error: expected `)`, got `{`"),
            ("query ($a: [B) { c }", "syntax error: expected `]`, got `)`"),
            ("{ a(b: ) }", "syntax error: expected a valid Value"),
        ] {
            assert_eq!(parse(text).unwrap_err().message, said);
        }
    }
}
