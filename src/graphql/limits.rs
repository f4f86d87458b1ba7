//! Limits on documents, checked on the text and the syntax tree before validation. Fragments count wherever they are
//! spread, but each is weighed only once, so that weighing takes no more time than parsing.

mod prices;
mod request_arguments;
mod tariff;
mod weighed;
mod weigher;
mod weight;

use apollo_compiler::ast::Document;
use async_graphql::{ServerError, Variables};

use super::lexemes::{Lexeme, Lexemes};
use super::{ErrorCode, GraphSettings};
pub(super) use tariff::FieldTariff;
pub(super) use weighed::WeighedDocument;
use weigher::SelectionWeigher;
use weight::SelectionWeight;

/// The deepest nesting of brackets in a text, and of selections with fragments expanded, that the recursive parser and
/// validation can handle.
pub(super) const MAX_NESTING: usize = 64;

type WithinLimits = Result<(), Box<ServerError>>;

/// The size of a text, for the limits that need no parsing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct TextSize {
    tokens: usize,
    /// How deeply brackets nest outside strings.
    nesting: usize,
}

impl TextSize {
    pub(super) fn of(text: &str) -> Self {
        let (mut size, mut open) = (Self::default(), 0_usize);
        for lexeme in Lexemes::of(text) {
            size.tokens += 1;
            match lexeme {
                Lexeme::Open(_) => open += 1,
                Lexeme::Close(_) => open = open.saturating_sub(1),
                Lexeme::Word(_) | Lexeme::Other => {}
            }
            size.nesting = size.nesting.max(open);
        }
        size
    }

    /// Checks the limits that need no parsing.
    pub(super) fn check(self, settings: &GraphSettings) -> WithinLimits {
        within(self.tokens, settings.max_tokens, ErrorCode::TooManyTokens, "tokens")?;
        within(self.nesting, MAX_NESTING, ErrorCode::QueryTooDeep, "levels of brackets")
    }
}

/// Weighs a parsed document, as far as its text alone determines the weight.
///
/// # Errors
/// Returns an error if fragments spread themselves, or if selections are nested too deeply.
pub(super) fn weigh(
    document: &Document,
    settings: &GraphSettings,
    tariff: &FieldTariff,
) -> Result<WeighedDocument, Box<ServerError>> {
    SelectionWeigher::new(document, settings, tariff).weigh()
}

/// Checks each operation of a document for one request. Returns the cost of the most expensive one.
///
/// # Errors
/// Returns an error if an operation exceeds a limit.
pub(super) fn check_document(
    document: &WeighedDocument,
    variables: &Variables,
    settings: &GraphSettings,
) -> Result<usize, Box<ServerError>> {
    let mut dearest = 0;
    for weight in document.weights(variables, settings) {
        check_weight(&weight, settings)?;
        dearest = dearest.max(weight.total_cost());
    }
    Ok(dearest)
}

fn check_weight(weight: &SelectionWeight, settings: &GraphSettings) -> WithinLimits {
    if weight.introspects && !settings.introspection {
        let message = "introspection is turned off; the schema is at `/schema.graphql`";
        return Err(Box::new(ErrorCode::GraphqlValidationFailed.error(message)));
    }
    within(weight.depth, settings.max_depth, ErrorCode::QueryTooDeep, "levels of fields")?;
    within(weight.nesting, MAX_NESTING, ErrorCode::QueryTooDeep, "levels of selections and fragments")?;
    within(weight.root_fields, settings.max_root_fields, ErrorCode::TooManyRootFields, "fields at its root")?;
    within(weight.aliases, settings.max_aliases, ErrorCode::TooManyAliases, "aliases")?;
    within(weight.directives, settings.max_directives, ErrorCode::TooManyDirectives, "directives")?;
    within(weight.total_cost(), settings.max_complexity, ErrorCode::QueryTooComplex, "points of cost")
}

fn within(has: usize, may_have: usize, code: ErrorCode, what: &str) -> WithinLimits {
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
    use crate::graphql::{ExecuteOperations as _, OperationOutcome};

    type Set = fn(&mut GraphSettings, usize);

    fn settings() -> GraphSettings {
        GraphSettings::default()
    }

    async fn codes_of(query: &str, settings: GraphSettings) -> Vec<String> {
        let answer = empty(settings).execute(query.into()).await;
        let refused = !answer.errors.is_empty();
        assert_eq!(answer.outcome() == OperationOutcome::Refused, refused);
        codes(&answer)
    }

    /// Checks that a query passes at the limit and fails one past it.
    async fn limited(query: &str, at: GraphSettings, past: GraphSettings, code: &str) {
        assert!(codes_of(query, at).await.is_empty(), "at the limit: {query}");
        assert_eq!(codes_of(query, past).await, [code], "past the limit: {query}");
    }

    #[test]
    fn brackets_nest_outside_strings() {
        assert_eq!(TextSize::of(r#"{ a(b: [[1]], c: "[[[[[") { d } }"#).nesting, 4);
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
            (meta, |s, to| s.max_complexity = to, 1, "QUERY_TOO_COMPLEX"),
        ];
        for (query, set, to, code) in cases {
            limited(query, limit(set, to), limit(set, to - 1), code).await;
        }
    }

    fn cost(query: &str, variables: serde_json::Value) -> usize {
        let document = Document::parse(query, "query").unwrap();
        let (variables, settings) = (Variables::from_json(variables), settings());
        let tariff = FieldTariff::new(&crate::graphql::sdl(), 3);
        let weighed = weigh(&document, &settings, &tariff).unwrap();
        weighed.weights(&variables, &settings).next().unwrap().total_cost()
    }

    fn plain(query: &str) -> usize {
        cost(query, serde_json::json!({}))
    }

    #[test]
    fn rows_cost_as_often_as_the_page_has_them() {
        let given = serde_json::json!({ "n": 3 });
        assert_eq!(plain("{ services { totalCount } }"), 50 + 1);
        assert_eq!(plain("{ services { nodes { id } } }"), 50 + 20);
        assert_eq!(plain("{ services(last: 5) { edges { node { id } } } }"), 52 + 5);
        let fragment = "query($n: Int = 7) { services(last: $n) { ...F } } fragment F on ServiceConnection { nodes { id } }";
        assert_eq!(plain(fragment), 52 + 7);
        assert_eq!(cost(fragment, given), 52 + 3);
        assert_eq!(plain("{ nodes(ids: [1, 2, 3]) { id } }"), 1 + 3 * (5 + 1));
        assert_eq!(plain("{ service(id: 1) { occurrences { start } } }"), 6 + 4 + 50);
        assert_eq!(plain("{ service(id: 1) { occurrences(first: 7) { start end } } }"), 6 + 4 + 7);
        // Up to eight plain values of an object cost a point together, however they are written.
        assert_eq!(plain("{ service(id: 1) { id name email url } }"), 6 + 1);
        assert_eq!(
            plain(
                "{ service(id: 1) { id name email url fees ... on Service { alert status waitTime licenses } } }"
            ),
            6 + 2
        );
        let statistics = plain("{ serviceStatistics(groupBy: [SOURCE]) { totalCount rows { services } } }");
        assert_eq!(statistics, 202 + 1 + 100 * 4);
        assert_eq!(plain("{ serviceStatistics(first: 5000) { rows { services } } }"), 202 + 1000 * 4);
        let facets =
            "{ services(first: 0) { facets(first: 30) { statuses { count } } sources { matched } } }";
        assert_eq!(plain(facets), 52 + 4 + 30 + 3);
    }

    #[test]
    fn every_list_counts_as_often_as_is_assumed_and_what_is_found_as_finding() {
        assert_eq!(plain("{ service(id: 1) { phones { number } } }"), 6 + 2);
        assert_eq!(
            plain("{ service(id: 1) { description } }") + prices::HTML,
            plain("{ service(id: 1) { description(format: HTML) } }")
        );
        // Selections inside an interface are weighed by the type they are selected on.
        let of_node =
            plain("{ nodes(ids: [1, 2]) { ... on Organization { services(first: 3) { nodes { id } } } } }");
        assert_eq!(of_node, 1 + 2 * (5 + 52 + 3));
        let searched =
            plain("{ services(filter: { text: \"a\", or: [{ age: 3 }, { age: 4 }] }) { totalCount } }");
        assert_eq!(searched, 50 + 3 * 2 + 1);
        let nested = "{ services(first: 9999999999) { nodes { organization { services(first: 100) { nodes { id } } } } } }";
        assert_eq!(plain(nested), 52 + 100 * (2 + 52 + 100));
    }

    /// Queries of a few bytes that would yield millions of records, or thousands of searches.
    #[tokio::test]
    async fn short_queries_that_explode_are_refused_before_they_run() {
        let place = "serviceAtLocations{service{";
        let deep = format!("{{services(first:100){{nodes{{{}id{}}}}}}}", place.repeat(5), "}}".repeat(5));
        let aliases: String =
            (0..48).map(|n| format!("a{n}:services(filter:{{text:\"x{n}\"}}){{totalCount}}")).collect();
        for query in [
            "{taxonomyTerms(first:1,filter:{rootOnly:true}){nodes{children{parent{children{parent{children{parent{id}}}}}}}}}",
            &deep,
            "{services(first:100){nodes{organization{services(first:100){nodes{organization{services{totalCount}}}}}}}}",
            &format!("{{organizations(first:20){{nodes{{{aliases}}}}}}}"),
            "{services(first:100){nodes{organization{services{facets{organizations{count}taxonomyTerms{count}}}}}}}",
            "{services(first:100){nodes{occurrences(from:\"2026-01-01T00:00:00Z\",to:\"2026-12-01T00:00:00Z\",first:1000){start}}}}",
            "{__schema{types{fields{type{fields{type{fields{type{fields{name}}}}}}}}}}",
        ] {
            assert_eq!(codes_of(query, settings()).await, ["QUERY_TOO_COMPLEX"], "{query}");
        }
    }

    /// What users ask for: the examples of the console and the pages, and large pages with everything an app shows.
    #[test]
    fn what_users_ask_for_is_well_within_the_limit() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let examples = std::fs::read_dir(root.join("web/examples")).unwrap();
        let read = |path: std::path::PathBuf| std::fs::read_to_string(path).unwrap();
        let mut queries: Vec<String> = examples.map(|file| read(file.unwrap().path())).collect();
        for page in ["README.md", "docs/paging-and-failure.md"] {
            let text = read(root.join(page));
            let blocks = text.split("```graphql\n").skip(1).filter_map(|rest| rest.split("```").next());
            queries.extend(blocks.map(str::to_owned));
        }
        assert!(queries.len() > 10);
        for query in queries {
            let points = plain(&query);
            assert!(points * 2 <= settings().max_complexity, "{points}: {query}");
        }
        let service = "id name description url email status isFree minimumAge maximumAge lastModified
            organization { id name website email description } phones { number type }
            contacts { name email phones { number } } schedules { byday opensAt closesAt freq validFrom validTo }
            locations { id name latitude longitude addresses { address1 city postcode } }
            costOptions { option amount currency } taxonomyTerms { id name } source { key name }";
        let page = format!("{{ services(first: 100) {{ totalCount nodes {{ {service} }} }} }}");
        assert!(plain(&page) < settings().max_complexity, "{}", plain(&page));
        let everything = format!(
            "{{ services(first: 100) {{ totalCount complete sources {{ status error {{ code message }} }} nodes {{ {service}
            html: description(format: HTML) languages {{ name code }} serviceAreas {{ name extent extentType }}
            identifiers: organization {{ identifiers {{ scheme value }} website }} alternateName assuredDate alert
            areas: serviceAreas {{ geojson }} nextOpening {{ start }} openAt(at: \"2026-06-01T10:00:00Z\")
            provenance {{ issues {{ code path message }} }} }} }} }}"
        );
        assert!(plain(&everything) < settings().max_complexity, "{}", plain(&everything));
        let organizations =
            "{ organizations(first: 100) { nodes { name services(first: 5) { nodes { name } } } } }";
        assert!(plain(organizations) < settings().max_complexity, "{}", plain(organizations));
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

    // The introspection queries of client libraries.
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
