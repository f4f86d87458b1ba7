//! The graph: one schema over one federation, with its limits.

use std::sync::Arc;

use async_graphql::{EmptyMutation, EmptySubscription, Request, Response, Schema, ServerError};

use super::admit::{self, Admitted};
use super::answer::{Answer, Execute, Prepared};
use super::budget::{Budget, check_errors};
use super::incomplete::Incomplete;
use super::lessons::{QueryLessons, QueryText};
use super::limits::Tariff;
use super::meant_places::MeantPlaces;
use super::notice::Dangers;
use super::query::Query;
use super::types::Standing;
use super::{GraphSettings, faults, limits, schema};
use crate::federation::{Asking, Federation};

/// The graph over all sources.
pub struct Graph {
    schema: Schema<Query, EmptyMutation, EmptySubscription>,
    settings: Arc<GraphSettings>,
    tariff: Tariff,
    lessons: QueryLessons,
}

impl Graph {
    /// Over these sources, within these limits.
    pub fn new(federation: Arc<Federation>, settings: GraphSettings) -> Self {
        let (settings, sdl) = (Arc::new(settings), schema::sdl());
        let tariff = Tariff::new(&sdl, federation.states().len());
        let schema = schema::build()
            .limit_recursive_depth(limits::MAX_NESTING)
            .disable_suggestions()
            .data(Standing::new(&sdl, federation.clock()))
            .data(federation)
            .data(Arc::clone(&settings))
            .finish();
        Self { schema, settings, tariff, lessons: QueryLessons::new(sdl) }
    }

    /// Returns what a request costs, in points, without executing it.
    ///
    /// # Errors
    /// If the request would be refused before execution.
    pub fn cost(&self, mut request: Request) -> Result<usize, Box<ServerError>> {
        admit::admit(&mut request, &self.settings, &self.tariff).map(|admitted| admitted.cost)
    }
}

impl Execute for Graph {
    fn prepare(&self, mut request: Request) -> Result<Prepared, Box<Answer>> {
        match admit::admit(&mut request, &self.settings, &self.tariff) {
            Ok(Admitted { order, cost }) => Ok(Prepared { request, cost, order }),
            Err(refusal) => Err(Box::new(Answer::new(Response::from_errors(vec![*refusal]), None))),
        }
    }

    async fn run(&self, Prepared { mut request, cost, order }: Prepared) -> Answer {
        tracing::trace!(cost, "an operation begins");
        let (asking, budget) = (Arc::new(Asking::begin()), Arc::new(Budget::new(&self.settings)));
        let (incomplete, dangers) = (Arc::new(Incomplete::default()), Arc::new(Dangers::default()));
        let places = Arc::new(MeantPlaces::default());
        let question = QueryText::of(&mut request);
        let request = request.data(Arc::clone(&asking)).data(Arc::clone(&budget));
        let request =
            request.data(Arc::clone(&incomplete)).data(Arc::clone(&dangers)).data(Arc::clone(&places));
        let mut response = tokio::select! {
            biased;
            // What is still under way is dropped with the operation.
            refusal = budget.ended() => return Answer::new(Response::from_errors(vec![refusal]), None),
            response = self.schema.execute(request) => response,
        };
        let within = budget.take_rest(&response.data).and_then(|()| check_errors(&response.errors));
        if let Err(refusal) = within {
            return Answer::new(Response::from_errors(vec![refusal]), None);
        }
        faults::classify(&mut response);
        self.lessons.teach(&question, &mut response);
        order.apply(&mut response.data);
        incomplete.tell(&mut response);
        places.tell(&mut response);
        dangers.tell(self.settings.notice.as_ref(), &mut response);
        Answer { large: budget.large(), ..Answer::new(response, Some(&asking)) }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use async_graphql::Variables;
    use serde_json::{Value, json};

    use super::*;
    use crate::graphql::{Freshness, Outcome};
    use crate::model::{Clock, NodeId, RecordId, RecordKind, SourceKey};

    /// A graph over no source at all.
    pub(in crate::graphql) fn empty(settings: GraphSettings) -> Graph {
        let clock = Clock::fixed("2026-03-31T12:00:00Z".parse().unwrap());
        Graph::new(Arc::new(Federation::new(Vec::new(), clock)), settings)
    }

    /// The codes of an answer's errors.
    pub(in crate::graphql) fn codes(answer: &Answer) -> Vec<String> {
        let code = |error: &async_graphql::ServerError| {
            let extensions = serde_json::to_value(&error.extensions).unwrap();
            extensions["code"].as_str().unwrap_or("none").to_owned()
        };
        answer.response.errors.iter().map(code).collect()
    }

    async fn ask(query: &str) -> Answer {
        empty(GraphSettings::default()).execute(query.into()).await
    }

    async fn ask_with(query: &str, variables: Value) -> Answer {
        let request = Request::new(query).variables(Variables::from_json(variables));
        empty(GraphSettings::default()).execute(request).await
    }

    fn data(answer: Answer) -> Value {
        assert!(answer.response.errors.is_empty(), "{:?}", answer.response.errors);
        answer.response.data.into_json().unwrap()
    }

    fn service_id() -> String {
        RecordId::new(RecordKind::Service, &SourceKey::parse("bristol").unwrap(), "1").as_str().to_owned()
    }

    #[tokio::test]
    async fn tells_about_itself() {
        let query = "{ meta { version startedAt schemaHash dataVersion } sources { key } source(key: \"x\") { key } }";
        let answer = ask(query).await;
        assert_eq!(answer.outcome, Outcome::Executed);
        assert_eq!(answer.freshness, Freshness::NONE);
        let data = data(answer);
        assert_eq!(data["meta"]["version"], env!("CARGO_PKG_VERSION"));
        assert_eq!(data["meta"]["startedAt"], "2026-03-31T12:00:00Z");
        assert_eq!(data["meta"]["schemaHash"].as_str().map(str::len), Some(32));
        assert_eq!((&data["sources"], &data["source"]), (&json!([]), &Value::Null));
    }

    #[tokio::test]
    async fn what_is_refused_before_execution_has_a_code() {
        let cases = [
            ("{ meta { version }", "GRAPHQL_PARSE_FAILED"),
            ("", "GRAPHQL_PARSE_FAILED"),
            ("{ weather }", "GRAPHQL_VALIDATION_FAILED"),
            ("{ meta }", "GRAPHQL_VALIDATION_FAILED"),
            ("mutation { a }", "GRAPHQL_VALIDATION_FAILED"),
            ("subscription { a }", "GRAPHQL_VALIDATION_FAILED"),
            ("query A { meta { version } } query B { meta { version } }", "GRAPHQL_VALIDATION_FAILED"),
            (
                "{ services(filter: { assuredSince: \"2026-02-30\" }) { totalCount } }",
                "GRAPHQL_VALIDATION_FAILED",
            ),
            ("{ ...F } fragment F on Query { ...F }", "GRAPHQL_VALIDATION_FAILED"),
            ("query($key: String!) { source(key: $key) { key } }", "BAD_USER_INPUT"),
        ];
        for (query, code) in cases {
            let answer = ask(query).await;
            assert_eq!(answer.outcome, Outcome::Refused, "{query}");
            assert_eq!(answer.response.data, async_graphql::Value::Null, "{query}");
            assert!(codes(&answer).iter().all(|is| is == code), "{query}: {:?}", answer.response.errors);
        }
    }

    #[tokio::test]
    async fn variables_are_read_as_their_types() {
        let query = "query($since: DateTime) { organizations(first: -1, filter: { modifiedSince: $since }) { complete } }";
        let answer = ask_with(query, json!({ "since": "yesterday" })).await;
        assert_eq!(
            (answer.outcome, codes(&answer)),
            (Outcome::Refused, vec!["GRAPHQL_VALIDATION_FAILED".to_owned()])
        );
        // Left out, it is null, and the page size is at fault.
        let answer = ask_with(query, json!({})).await;
        assert_eq!((answer.outcome, codes(&answer)), (Outcome::Executed, vec!["BAD_USER_INPUT".to_owned()]));
    }

    #[tokio::test]
    async fn bad_arguments_are_errors_of_their_fields() {
        let service = service_id();
        let deep = (0..8).fold("{}".to_owned(), |filter, _| format!("{{ not: {filter} }}"));
        let cases = [
            ("services(first: 101) { complete }".to_owned(), "BAD_USER_INPUT"),
            ("services(first: 1, last: 1) { complete }".to_owned(), "BAD_USER_INPUT"),
            ("services(after: \"nonsense\") { complete }".to_owned(), "CURSOR_INVALID"),
            ("services(filter: { age: -1 }) { complete }".to_owned(), "BAD_USER_INPUT"),
            (
                "services(filter: { ages: { minimum: 2, maximum: 1 } }) { complete }".to_owned(),
                "BAD_USER_INPUT",
            ),
            ("services(filter: { sources: [\"x\"] }) { complete }".to_owned(), "BAD_USER_INPUT"),
            ("services(filter: { assuredWithin: \"P999999Y\" }) { complete }".to_owned(), "BAD_USER_INPUT"),
            (format!("services(filter: {{ organization: \"{service}\" }}) {{ complete }}"), "BAD_USER_INPUT"),
            (format!("services(filter: {{ or: [{}] }}) {{ complete }}", "{} ".repeat(100)), "BAD_USER_INPUT"),
            (
                format!("services(filter: {{ text: \"{}\" }}) {{ complete }}", "a".repeat(501)),
                "BAD_USER_INPUT",
            ),
            (
                format!("services(filter: {{ status: [{}] }}) {{ complete }}", "ACTIVE ".repeat(101)),
                "BAD_USER_INPUT",
            ),
            (format!("services(filter: {deep}) {{ complete }}"), "BAD_USER_INPUT"),
            ("services(filter: { age: 99999999999 }) { complete }".to_owned(), "BAD_USER_INPUT"),
            ("taxonomies(sources: [\"x\"]) { id }".to_owned(), "BAD_USER_INPUT"),
            ("sources(keys: [\"x\"]) { id }".to_owned(), "BAD_USER_INPUT"),
            ("node(id: \"nonsense\") { id }".to_owned(), "BAD_USER_INPUT"),
            (format!("nodes(ids: [{}]) {{ id }}", format!("\"{service}\" ").repeat(101)), "BAD_USER_INPUT"),
        ];
        for (field, code) in cases {
            let answer = ask(&format!("{{ {field} }}")).await;
            assert_eq!(codes(&answer), [code], "{field}: {:?}", answer.response.errors);
            assert_eq!(answer.outcome, Outcome::Executed, "{field}");
        }
    }

    #[tokio::test]
    async fn an_id_of_another_kind_names_both() {
        let answer =
            ask(&format!("{{ organization(id: \"{}\") {{ name }} meta {{ version }} }}", service_id())).await;
        assert_eq!(codes(&answer), ["BAD_USER_INPUT"]);
        let message = &answer.response.errors[0].message;
        assert!(message.contains("Service") && message.contains("Organization"), "{message}");
        // The field is null, the rest of the answer stands.
        let data = answer.response.data.into_json().unwrap();
        assert_eq!(data["organization"], Value::Null);
        assert!(data["meta"]["version"].is_string());
    }

    #[tokio::test]
    async fn an_id_of_no_configured_source_is_null() {
        let source = NodeId::of_source(&SourceKey::parse("bristol").unwrap());
        let query = "query($ids: [ID!]!, $id: ID!) { service(id: $id) { name } nodes(ids: $ids) { id } }";
        let variables = json!({ "id": service_id(), "ids": [service_id(), source] });
        let data = data(ask_with(query, variables).await);
        assert_eq!(data, json!({ "service": null, "nodes": [null, null] }));
    }

    #[tokio::test]
    async fn a_postcode_has_a_place_or_an_error() {
        let place = "{ postcode latitude longitude accuracy localAuthority { code name } }";
        let data = data(ask(&format!("{{ place(postcode: \"bs34aa\") {place} }}")).await);
        let bristol = json!({ "code": "E06000023", "name": "Bristol, City of" });
        let bs3 = json!({ "postcode": "BS3 4AA", "latitude": 51.44475, "longitude": -2.58781,
            "accuracy": "POSTCODE", "localAuthority": bristol });
        assert_eq!(data, json!({ "place": bs3 }));

        let answer = ask(&format!("{{ place(postcode: \"ZZ9 9ZZ\") {place} meta {{ version }} }}")).await;
        assert_eq!(codes(&answer), ["POSTCODE_UNKNOWN"]);
        assert!(!answer.response.errors[0].message.contains("ZZ9"), "{:?}", answer.response.errors);
        assert_eq!(answer.response.data.into_json().unwrap()["place"], Value::Null);
    }

    #[tokio::test]
    async fn an_answer_has_only_so_many_errors() {
        let fields: String = (0..15).map(|nth| format!("f{nth}: nodes(ids: $ids) {{ id }} ")).collect();
        let query = format!("query($ids: [ID!]!) {{ {fields} }}");
        let answer = ask_with(&query, json!({ "ids": vec!["nonsense"; 100] })).await;
        assert_eq!(codes(&answer), ["QUERY_TOO_COMPLEX"]);
        assert!(answer.response.errors[0].message.contains("1000 errors"), "{:?}", answer.response.errors);
        assert_eq!(answer.response.data, async_graphql::Value::Null);
    }

    #[tokio::test]
    async fn one_malformed_id_of_many_costs_only_itself() {
        let answer = ask(&format!("{{ nodes(ids: [\"nonsense\", \"{}\"]) {{ id }} }}", service_id())).await;
        assert_eq!(codes(&answer), ["BAD_USER_INPUT"]);
        assert_eq!(serde_json::to_value(&answer.response.errors[0].path).unwrap(), json!(["nodes", 0]));
        assert_eq!(answer.response.data.into_json().unwrap(), json!({ "nodes": [null, null] }));
    }
}
