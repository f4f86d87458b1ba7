//! The graph: one schema over a federation, with its limits.

use std::sync::Arc;

use async_graphql::{Request, ServerError};
use futures_util::FutureExt as _;

use super::answer::{AnswerExtensions, ExecuteOperations, OperationAnswer, PreparedOperation, WrittenData};
use super::documents::{DocumentCache, PlannedOperation};
use super::introspection::IntrospectionAnswer;
use super::operation::{GraphSurroundings, RunningOperation};
use super::query::Query;
use super::types::GatewayStanding;
use super::walk::{FinishedWalk, WrittenFragment};
use super::{GraphSettings, schema};
use crate::admission::{OperationLoad, TooHeavy, hold_large};
use crate::federation::Federation;

/// The graph over all sources.
pub struct ServiceGraph {
    documents: DocumentCache,
    surroundings: Arc<GraphSurroundings>,
}

impl ServiceGraph {
    /// Creates the graph over a federation, with these limits.
    pub fn new(federation: Arc<Federation>, settings: GraphSettings) -> Self {
        let sdl = schema::served_sdl(settings.federation);
        let documents = DocumentCache::new(&sdl, federation.states().len());
        let standing = GatewayStanding::new(&sdl, federation.clock());
        let introspected = IntrospectionAnswer::read(settings.federation);
        Self {
            documents,
            surroundings: Arc::new(GraphSurroundings { federation, settings, standing, introspected }),
        }
    }

    /// Returns the cost of a request in points, without executing it.
    ///
    /// # Errors
    /// Returns the errors if the request would be refused before execution.
    pub fn cost(&self, request: Request) -> Result<usize, Vec<ServerError>> {
        self.plan(request).map(|(_, cost)| cost)
    }

    /// Returns what all operations share.
    pub(super) fn surroundings(&self) -> &Arc<GraphSurroundings> {
        &self.surroundings
    }

    pub(super) fn plan(&self, request: Request) -> Result<(PlannedOperation, usize), Vec<ServerError>> {
        self.documents.plan(request, &self.surroundings.settings)
    }
}

impl ExecuteOperations for ServiceGraph {
    type Operation = PlannedOperation;

    fn prepare(&self, request: Request) -> Result<PreparedOperation<PlannedOperation>, Box<OperationAnswer>> {
        match self.plan(request) {
            Ok((operation, cost)) => Ok(PreparedOperation { operation, cost }),
            Err(errors) => Err(Box::new(OperationAnswer::refused(errors))),
        }
    }

    async fn run(&self, prepared: PreparedOperation<PlannedOperation>) -> OperationAnswer {
        let cost = prepared.cost;
        tracing::trace!(cost, "executing an operation");
        let answer = self.answered(&prepared).await;
        if !answer.is_large() {
            return answer;
        }
        match hold_large().now_or_never() {
            Some(place) => answer.holding(place),
            // Responses that wait for a slot are dropped and computed again, because there may be many of them.
            None => {
                drop(answer);
                let place = hold_large().await;
                self.answered(&prepared).await.holding(place)
            }
        }
    }
}

impl ServiceGraph {
    async fn answered(&self, prepared: &PreparedOperation<PlannedOperation>) -> OperationAnswer {
        let mut load = OperationLoad::begin();
        loop {
            match self.executed(prepared, load).await {
                Ok(answer) => return answer,
                Err(too_heavy) => load = too_heavy.wait().await,
            }
        }
    }

    /// Executes an operation, as long as there is memory for the data it holds.
    async fn executed(
        &self,
        prepared: &PreparedOperation<PlannedOperation>,
        load: OperationLoad,
    ) -> Result<OperationAnswer, TooHeavy> {
        let planned = &prepared.operation;
        let operation = RunningOperation::begin(Arc::clone(&self.surroundings), planned, load);
        let fragment = tokio::select! {
            biased;
            fragment = FinishedWalk::of_root(&operation, &planned.plan, &Query).finish() => fragment,
            // Checked after the walk, so that the output of an ended operation is dropped at once.
            refusal = operation.budget().ended() => return Ok(OperationAnswer::ended(refusal)),
            too_heavy = operation.asking().too_heavy() => return Err(too_heavy),
        };
        Ok(answer(&operation, fragment))
    }
}

fn answer(operation: &RunningOperation, fragment: WrittenFragment) -> OperationAnswer {
    let mut extensions = AnswerExtensions::new();
    operation.incomplete().tell(&mut extensions);
    operation.places().tell(&mut extensions);
    operation.dangers().tell(operation.settings().notice.as_ref(), &mut extensions);
    OperationAnswer {
        data: Some(if fragment.raised { WrittenData::null() } else { WrittenData::begun(fragment.bytes) }),
        errors: fragment.errors.into_iter().map(|(_, error)| error).collect(),
        extensions,
        freshness: operation.asking().freshness().into(),
        large: None,
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::sync::LazyLock;

    use async_graphql::Variables;
    use serde_json::{Value, json};

    use super::*;
    use crate::graphql::output::GraphObject;
    use crate::graphql::{ErrorCode, KeepingTime, OperationOutcome};
    use crate::model::{InstantClock, NodeId, RecordId, RecordKind, SourceKey};

    /// Creates a graph without sources.
    pub(in crate::graphql) fn empty(settings: GraphSettings) -> ServiceGraph {
        let clock = InstantClock::fixed("2026-03-31T12:00:00Z".parse().unwrap());
        ServiceGraph::new(Arc::new(Federation::new(Vec::new(), clock)), settings)
    }

    /// Returns the codes of a response's errors.
    pub(in crate::graphql) fn codes(answer: &OperationAnswer) -> Vec<String> {
        answer.codes().map(|code| code.map_or("none", ErrorCode::as_str).to_owned()).collect()
    }

    /// Returns an operation of a graph without sources.
    pub(in crate::graphql) fn operation(variables: Variables) -> RunningOperation {
        static GRAPH: LazyLock<ServiceGraph> = LazyLock::new(|| empty(GraphSettings::default()));
        let graph = &*GRAPH;
        let (planned, _) = graph.plan(Request::new("{ __typename }").variables(variables)).unwrap();
        RunningOperation::begin(Arc::clone(&graph.surroundings), &planned, OperationLoad::begin())
    }

    /// Executes a query with another root.
    pub(in crate::graphql) async fn executed_over(root: &impl GraphObject, query: &str) -> OperationAnswer {
        let graph = empty(GraphSettings::default());
        let (planned, _) = graph.plan(query.into()).unwrap();
        let operation =
            RunningOperation::begin(Arc::clone(&graph.surroundings), &planned, OperationLoad::begin());
        let fragment = FinishedWalk::of_root(&operation, &planned.plan, root).finish().await;
        answer(&operation, fragment)
    }

    async fn ask(query: &str) -> OperationAnswer {
        empty(GraphSettings::default()).execute(query.into()).await
    }

    async fn ask_with(query: &str, variables: Value) -> OperationAnswer {
        let request = Request::new(query).variables(Variables::from_json(variables));
        empty(GraphSettings::default()).execute(request).await
    }

    fn data(answer: OperationAnswer) -> Value {
        assert!(answer.errors.is_empty(), "{:?}", answer.errors);
        answer.data()
    }

    fn service_id() -> String {
        RecordId::new(RecordKind::Service, &SourceKey::parse("bristol").unwrap(), "1").as_str().to_owned()
    }

    #[tokio::test]
    async fn tells_about_itself() {
        let query = "{ meta { version startedAt schemaHash dataVersion } sources { key } source(key: \"x\") { key } }";
        let answer = ask(query).await;
        assert_eq!(answer.outcome(), OperationOutcome::Executed);
        assert_eq!(answer.freshness, KeepingTime::NONE);
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
            ("{ services(filter: { age: 99999999999 }) { complete } }", "GRAPHQL_VALIDATION_FAILED"),
            ("{ ...F } fragment F on Query { ...F }", "GRAPHQL_VALIDATION_FAILED"),
            ("query($key: String!) { source(key: $key) { key } }", "BAD_USER_INPUT"),
        ];
        for (query, code) in cases {
            let answer = ask(query).await;
            assert_eq!(answer.outcome(), OperationOutcome::Refused, "{query}");
            assert!(answer.data.is_none(), "{query}");
            assert!(codes(&answer).iter().all(|is| is == code), "{query}: {:?}", answer.errors);
        }
    }

    #[tokio::test]
    async fn variables_are_read_as_their_types() {
        let query = "query($since: DateTime) { organizations(first: -1, filter: { modifiedSince: $since }) { complete } }";
        let answer = ask_with(query, json!({ "since": "yesterday" })).await;
        assert_eq!(
            (answer.outcome(), codes(&answer)),
            (OperationOutcome::Refused, vec!["GRAPHQL_VALIDATION_FAILED".to_owned()])
        );
        // Without it, the variable is null, and the page size is the error.
        let answer = ask_with(query, json!({})).await;
        assert_eq!(
            (answer.outcome(), codes(&answer)),
            (OperationOutcome::Executed, vec!["BAD_USER_INPUT".to_owned()])
        );
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
            ("taxonomies(sources: [\"x\"]) { id }".to_owned(), "BAD_USER_INPUT"),
            ("sources(keys: [\"x\"]) { id }".to_owned(), "BAD_USER_INPUT"),
            ("node(id: \"nonsense\") { id }".to_owned(), "BAD_USER_INPUT"),
            (format!("nodes(ids: [{}]) {{ id }}", format!("\"{service}\" ").repeat(101)), "BAD_USER_INPUT"),
        ];
        for (field, code) in cases {
            let answer = ask(&format!("{{ {field} }}")).await;
            assert_eq!(codes(&answer), [code], "{field}: {:?}", answer.errors);
            assert_eq!(answer.outcome(), OperationOutcome::Executed, "{field}");
        }
    }

    #[tokio::test]
    async fn an_id_of_another_kind_names_both() {
        let answer =
            ask(&format!("{{ organization(id: \"{}\") {{ name }} meta {{ version }} }}", service_id())).await;
        assert_eq!(codes(&answer), ["BAD_USER_INPUT"]);
        let message = &answer.errors[0].message;
        assert!(message.contains("Service") && message.contains("Organization"), "{message}");
        // Only the field is null; the rest of the response is unaffected.
        let data = answer.data();
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
        assert!(!answer.errors[0].message.contains("ZZ9"), "{:?}", answer.errors);
        assert_eq!(answer.data()["place"], Value::Null);
    }

    /// If it ended only when it is polled again, hundreds of operations might hold their output until then.
    #[tokio::test]
    async fn what_is_used_up_ends_at_once() {
        let graph = empty(GraphSettings { max_answer: 100, ..GraphSettings::default() });
        let answer = graph.execute("{ __schema { types { name } } }".into()).now_or_never();
        assert_eq!(answer.map(|answer| codes(&answer)), Some(vec!["QUERY_TOO_COMPLEX".to_owned()]));
    }

    #[tokio::test]
    async fn an_answer_has_only_so_many_errors() {
        let fields: String = (0..15).map(|nth| format!("f{nth}: nodes(ids: $ids) {{ id }} ")).collect();
        let query = format!("query($ids: [ID!]!) {{ {fields} }}");
        let answer = ask_with(&query, json!({ "ids": vec!["nonsense"; 100] })).await;
        assert_eq!(codes(&answer), ["QUERY_TOO_COMPLEX"]);
        assert!(answer.errors[0].message.contains("1000 errors"), "{:?}", answer.errors);
        assert_eq!(answer.data(), Value::Null);
    }

    #[tokio::test]
    async fn one_malformed_id_of_many_costs_only_itself() {
        let answer = ask(&format!("{{ nodes(ids: [\"nonsense\", \"{}\"]) {{ id }} }}", service_id())).await;
        assert_eq!(codes(&answer), ["BAD_USER_INPUT"]);
        assert_eq!(serde_json::to_value(&answer.errors[0].path).unwrap(), json!(["nodes", 0]));
        assert_eq!(answer.data(), json!({ "nodes": [null, null] }));
    }
}
