//! How much one document may ask: checked on its text and on its tree, before validation. Fragments count
//! wherever they are spread, and each is weighed once, so that weighing costs no more than reading.

mod lexemes;
mod weight;

use async_graphql::parser::types::ExecutableDocument;
use async_graphql::{ServerError, Variables};

use super::{ErrorCode, GraphSettings};
use weight::{Weigher, Weight};

/// Deepest nesting of brackets in a text, and of selections with fragments spread out: what the parser and the
/// validation, which recurse, can bear.
pub(super) const MAX_NESTING: usize = 64;

type Checked = Result<(), Box<ServerError>>;

/// Checks what can be known without parsing.
pub(super) fn check_text(text: &str, settings: &GraphSettings) -> Checked {
    let lexemes = lexemes::count(text);
    within(lexemes.tokens, settings.max_tokens, ErrorCode::TooManyTokens, "tokens")?;
    within(lexemes.nesting, MAX_NESTING, ErrorCode::QueryTooDeep, "levels of brackets")
}

/// Checks each operation of a parsed document.
pub(super) fn check_document(
    document: &ExecutableDocument,
    variables: &Variables,
    settings: &GraphSettings,
) -> Checked {
    for (_, operation) in document.operations.iter() {
        let weight = Weigher::new(document, &operation.node, variables, settings).weigh()?;
        check_weight(&weight, settings)?;
    }
    Ok(())
}

fn check_weight(weight: &Weight, settings: &GraphSettings) -> Checked {
    if weight.introspects && !settings.introspection {
        let message = "introspection is switched off; the schema is published at `/schema.graphql`";
        return Err(Box::new(ErrorCode::GraphqlValidationFailed.error(message)));
    }
    within(weight.depth, settings.max_depth, ErrorCode::QueryTooDeep, "levels of fields")?;
    within(weight.nesting, MAX_NESTING, ErrorCode::QueryTooDeep, "levels of selections and fragments")?;
    within(weight.root_fields, settings.max_root_fields, ErrorCode::TooManyRootFields, "fields at its root")?;
    within(weight.aliases, settings.max_aliases, ErrorCode::TooManyAliases, "aliases")?;
    within(weight.directives, settings.max_directives, ErrorCode::TooManyDirectives, "directives")?;
    within(weight.total_cost(), settings.max_complexity, ErrorCode::QueryTooComplex, "points of cost")
}

fn within(has: usize, may_have: usize, code: ErrorCode, what: &str) -> Checked {
    if has <= may_have {
        return Ok(());
    }
    let has = if has == usize::MAX { "countless".to_owned() } else { has.to_string() };
    Err(Box::new(code.error(format!("the query has {has} {what}; at most {may_have} are allowed"))))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;
    use crate::graphql::graph::tests::{codes, empty};
    use crate::graphql::{Execute as _, Outcome};

    type Set = fn(&mut GraphSettings, usize);

    fn settings() -> GraphSettings {
        GraphSettings::default()
    }

    async fn codes_of(query: &str, settings: GraphSettings) -> Vec<String> {
        let answer = empty(settings).execute(query.into()).await;
        let refused = !answer.response.errors.is_empty();
        assert_eq!(answer.outcome == Outcome::Refused, refused);
        codes(&answer)
    }

    /// Holds at the limit, and one past it does not.
    async fn limited(query: &str, at: GraphSettings, past: GraphSettings, code: &str) {
        assert!(codes_of(query, at).await.is_empty(), "at the limit: {query}");
        assert_eq!(codes_of(query, past).await, [code], "past the limit: {query}");
    }

    #[tokio::test]
    async fn each_limit_holds_to_the_last_one() {
        let (meta, deep) = ("{ meta { version } }", "{ meta { ...M } } fragment M on Meta { version }");
        let limit = |set: Set, to: usize| {
            let mut settings = settings();
            set(&mut settings, to);
            settings
        };
        let cases: [(&str, Set, usize, &str); 6] = [
            (meta, |s, to| s.max_tokens = to, 6, "TOO_MANY_TOKENS"),
            (deep, |s, to| s.max_depth = to, 2, "QUERY_TOO_DEEP"),
            (
                "{ meta { version } sources { key } }",
                |s, to| s.max_root_fields = to,
                2,
                "TOO_MANY_ROOT_FIELDS",
            ),
            (
                "{ a: meta { b: version } ...F } fragment F on Query { c: __typename }",
                |s, to| s.max_aliases = to,
                3,
                "TOO_MANY_ALIASES",
            ),
            (
                "{ meta @skip(if: false) { version @skip(if: false) } }",
                |s, to| s.max_directives = to,
                2,
                "TOO_MANY_DIRECTIVES",
            ),
            (meta, |s, to| s.max_complexity = to, 2, "QUERY_TOO_COMPLEX"),
        ];
        for (query, set, to, code) in cases {
            limited(query, limit(set, to), limit(set, to - 1), code).await;
        }
    }

    fn cost(query: &str, variables: serde_json::Value) -> usize {
        let document = async_graphql::parser::parse_query(query).unwrap();
        let (_, operation) = document.operations.iter().next().unwrap();
        let (variables, settings) = (Variables::from_json(variables), settings());
        Weigher::new(&document, &operation.node, &variables, &settings).weigh().unwrap().total_cost()
    }

    #[test]
    fn rows_cost_as_often_as_the_page_has_them() {
        let none = || serde_json::json!({});
        assert_eq!(cost("{ services { totalCount } }", none()), 2);
        assert_eq!(cost("{ services { nodes { id } } }", none()), 1 + 20 * 2);
        assert_eq!(cost("{ services(first: 5) { edges { node { id } } } }", none()), 1 + 5 * 3);
        assert_eq!(
            cost(
                "query($n: Int = 7) { services(last: $n) { ...F } } fragment F on X { nodes { id } }",
                none()
            ),
            1 + 7 * 2
        );
        assert_eq!(
            cost("query($n: Int) { services(first: $n) { nodes { id } } }", serde_json::json!({ "n": 3 })),
            1 + 3 * 2
        );
        assert_eq!(cost("{ nodes(ids: [1, 2, 3]) { id } }", none()), 1 + 3);
        assert_eq!(cost("{ service { occurrences { start } } }", none()), 1 + 1 + 50);
        assert_eq!(cost("{ service { occurrences(first: 7) { start end } } }", none()), 1 + 1 + 7 * 2);
        assert_eq!(cost("{ serviceStatistics { totalCount rows { services } } }", none()), 2 + 100 * 2);
        assert_eq!(cost("{ serviceStatistics(first: 5000) { rows { services } } }", none()), 1 + 1000 * 2);
        let nested = "{ services(first: 9999999999) { nodes { organization { services(first: 100) { nodes { id } } } } } }";
        assert_eq!(cost(nested, none()), 1 + 100 * (2 + (1 + 100 * 2)));
    }

    #[tokio::test]
    async fn fragments_that_double_are_weighed_and_not_walked() {
        let mut query = "{ ...F0 }".to_owned();
        for n in 0..60 {
            write!(query, " fragment F{n} on Query {{ ...F{m} ...F{m} }}", m = n + 1).unwrap();
        }
        query += " fragment F60 on Query { meta { version } }";
        assert_eq!(codes_of(&query, settings()).await, ["TOO_MANY_ROOT_FIELDS"]);
    }

    #[tokio::test]
    async fn what_would_overflow_a_stack_is_refused() {
        let nested = format!("{}{}", "{ a ".repeat(900), "}".repeat(900));
        assert_eq!(codes_of(&nested, settings()).await, ["QUERY_TOO_DEEP"]);
        let values = format!("{{ a(b: {}{}) }}", "[".repeat(900), "]".repeat(900));
        assert_eq!(codes_of(&values, settings()).await, ["QUERY_TOO_DEEP"]);
        let mut chain = "{ ...F0 }".to_owned();
        for n in 0..600 {
            write!(chain, " fragment F{n} on Query {{ ...F{} }}", n + 1).unwrap();
        }
        assert_eq!(codes_of(&chain, settings()).await, ["QUERY_TOO_DEEP"]);
        let inline = format!("{{ {} meta {{ version }} {} }}", "... { ".repeat(60), "}".repeat(60));
        assert!(codes_of(&inline, settings()).await.is_empty());
    }

    // What the clients' libraries send to read the schema.
    const INTROSPECTION: &str =
        "query IntrospectionQuery { __schema { queryType { name } types { ...FullType }
        directives { name args { ...InputValue } } } }
        fragment FullType on __Type { kind name description
            fields(includeDeprecated: true) { name args { ...InputValue } type { ...TypeRef } isDeprecated }
            inputFields { ...InputValue } interfaces { ...TypeRef }
            enumValues(includeDeprecated: true) { name } possibleTypes { ...TypeRef } }
        fragment InputValue on __InputValue { name type { ...TypeRef } defaultValue }
        fragment TypeRef on __Type { kind name ofType { kind name ofType { kind name ofType { kind name
            ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
            ofType { kind name } } } } } } } } } }";

    #[tokio::test]
    async fn introspection_is_within_the_limits_and_can_be_switched_off() {
        assert!(codes_of(INTROSPECTION, settings()).await.is_empty());
        let off = || GraphSettings { introspection: false, ..settings() };
        assert_eq!(codes_of(INTROSPECTION, off()).await, ["GRAPHQL_VALIDATION_FAILED"]);
        assert_eq!(
            codes_of("{ ...F } fragment F on Query { __type(name: \"Query\") { name } }", off()).await,
            ["GRAPHQL_VALIDATION_FAILED"]
        );
        assert!(codes_of("{ __typename }", off()).await.is_empty());
    }
}
