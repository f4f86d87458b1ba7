//! Finds the kind of operation that a request selects, without parsing the document.
//!
//! This keeps mutations off GET and out of the response cache before any work is spent on a document that the limits
//! may refuse. It is exact for every document that parses; the parser refuses the others later.

use crate::graphql::{Lexeme, Lexemes};

/// The kind of the selected operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OperationKind {
    /// A query.
    Query,
    /// A mutation.
    Mutation,
    /// A subscription, none, or an unknown kind.
    Other,
}

impl OperationKind {
    /// Returns the word for the log.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Query => "query",
            Self::Mutation => "mutation",
            Self::Other => "other",
        }
    }
}

/// Returns the kind of the operation called `name`, or of the only one. If several are possible, a mutation takes
/// precedence.
pub(super) fn kind(document: &str, name: Option<&str>) -> OperationKind {
    let mut kind = None;
    for operation in operations(document) {
        if name.is_some() && operation.name != name.map(str::as_bytes) {
            continue;
        }
        kind = match (kind, operation.kind) {
            (None, one) => Some(one),
            (Some(OperationKind::Mutation), _) | (_, OperationKind::Mutation) => {
                Some(OperationKind::Mutation)
            }
            (Some(OperationKind::Query), OperationKind::Query) => Some(OperationKind::Query),
            _ => Some(OperationKind::Other),
        };
    }
    kind.unwrap_or(OperationKind::Other)
}

#[derive(Debug, PartialEq, Eq)]
struct OperationScan<'a> {
    kind: OperationKind,
    name: Option<&'a [u8]>,
}

/// Iterates over a document's operations: definitions outside all brackets.
fn operations(document: &str) -> Vec<OperationScan<'_>> {
    let mut found: Vec<OperationScan<'_>> = Vec::new();
    let (mut depth, mut begins, mut may_be_named) = (0_usize, true, false);
    for lexeme in Lexemes::of(document) {
        let outside = depth == 0;
        match lexeme {
            Lexeme::Word(word) if outside && begins => {
                begins = false;
                let kind = definition(word);
                may_be_named = kind.is_some();
                found.extend(kind.map(|kind| OperationScan { kind, name: None }));
            }
            Lexeme::Word(word) if outside && may_be_named => {
                may_be_named = false;
                if let Some(operation) = found.last_mut() {
                    operation.name = Some(word);
                }
            }
            Lexeme::Open(bracket) => {
                if outside && begins && bracket == b'{' {
                    found.push(OperationScan { kind: OperationKind::Query, name: None });
                    begins = false;
                }
                may_be_named = false;
                depth += 1;
            }
            Lexeme::Close(bracket) => {
                depth = depth.saturating_sub(1);
                begins |= depth == 0 && bracket == b'}';
            }
            Lexeme::Word(_) | Lexeme::Other => may_be_named = false,
        }
    }
    found
}

fn definition(word: &[u8]) -> Option<OperationKind> {
    match word {
        b"query" => Some(OperationKind::Query),
        b"mutation" => Some(OperationKind::Mutation),
        b"subscription" => Some(OperationKind::Other),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::types::{DocumentOperations, OperationType};

    use super::*;

    const DOCUMENTS: [&str; 14] = [
        "{ a }",
        "query { a }",
        "mutation { a }",
        "query mutation { query }",
        "query A { a } mutation B { mutation }",
        "# mutation M { a }\n{ a }",
        "{ a(b: \"} mutation X { \") }",
        "{ a(b: \"\"\"} mutation X { \\\"\"\" } mutation\"\"\") }",
        "fragment mutation on Query { a } query B { ...mutation }",
        "query A($x: In = { mutation: [1] }) @live { a } ,,, mutation M @live { b }",
        "\u{feff}mutation A { a } query B { a } query C { a }",
        "query A { a { b } } query B { mutation { query } }",
        "query A { a(b: \"\\\\\") } mutation B { c }",
        "query @mutation { a(x: \"\\\"\") { b } }",
    ];

    #[test]
    fn agrees_with_the_parser() {
        for document in DOCUMENTS {
            let parsed = async_graphql::parser::parse_query(document).unwrap();
            let expected: Vec<(Option<String>, OperationKind)> = match &parsed.operations {
                DocumentOperations::Single(one) => vec![(None, kind_of(one.node.ty))],
                DocumentOperations::Multiple(all) => {
                    all.iter().map(|(name, one)| (Some(name.to_string()), kind_of(one.node.ty))).collect()
                }
            };
            for (name, expected) in expected {
                let name = name.filter(|_| matches!(parsed.operations, DocumentOperations::Multiple(_)));
                assert_eq!(kind(document, name.as_deref()), expected, "{document} {name:?}");
            }
        }
    }

    #[test]
    fn where_several_could_be_meant_a_mutation_counts() {
        assert_eq!(kind("query A { a } mutation B { b }", None), OperationKind::Mutation);
        assert_eq!(kind("query A { a } query B { b }", None), OperationKind::Query);
        assert_eq!(kind("query A { a } query B { b }", Some("C")), OperationKind::Other);
        assert_eq!(kind("{ a } mutation { b }", None), OperationKind::Mutation);
        assert_eq!(kind("subscription { a }", None), OperationKind::Other);
        assert_eq!(kind("} \" mutation", None), OperationKind::Other);
    }

    fn kind_of(ty: OperationType) -> OperationKind {
        match ty {
            OperationType::Query => OperationKind::Query,
            OperationType::Mutation => OperationKind::Mutation,
            OperationType::Subscription => OperationKind::Other,
        }
    }
}
