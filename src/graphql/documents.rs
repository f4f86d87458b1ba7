//! Documents, read once: parsed, held against the schema and planned, and kept for whoever sends the text again.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use apollo_compiler::ast::Document as WrittenDocument;
use apollo_compiler::executable::{DirectiveList, Operation, Selection, SelectionSet};
use apollo_compiler::parser::Parser;
use apollo_compiler::schema::{Component, ExtendedType};
use apollo_compiler::validation::{DiagnosticList, Valid};
use apollo_compiler::{ExecutableDocument, Node, Schema, ast};
use async_graphql::{Pos, ServerError, Variables};
use moka::sync::Cache;

use super::lessons::Lessons;
use super::limits::{self, MAX_NESTING, Tariff};
use super::plan::{FieldNumbers, PlanMaker, SelectedFields};
use super::variables::CoercedVariables;
use super::{ErrorCode, GraphSettings};

/// Bytes of documents that are kept, by what they are reckoned to take.
const KEPT: u64 = 32 << 20;
/// What a document takes for each byte of its text, with its plans: a guess that was measured to be no less.
const BYTES_FOR_ONE: usize = 64;
/// How many plans of one document are kept: one for each operation and for what its conditions come to.
const MOST_PLANS: usize = 8;

/// Everything that documents are read by.
pub(super) struct Documents {
    schema: Valid<Schema>,
    numbers: FieldNumbers,
    lessons: Lessons,
    tariff: Tariff,
    read: Cache<String, Arc<ReadDocument>>,
}

/// A document that the schema knows all names of.
struct ReadDocument {
    written: WrittenDocument,
    document: Valid<ExecutableDocument>,
    plans: Mutex<HashMap<PlanKey, Arc<SelectedFields>>>,
}

/// The name of an operation, and what the variables of its conditions are.
type PlanKey = (Option<String>, Vec<(String, bool)>);

/// What is to be executed.
#[derive(Debug)]
pub struct PlannedOperation {
    pub(super) plan: Arc<SelectedFields>,
    pub(super) variables: Arc<CoercedVariables>,
}

type Refusals = Vec<ServerError>;

impl Documents {
    /// Of a schema, for a gateway with so many sources.
    pub(super) fn new(sdl: &str, sources: usize) -> Self {
        let weight = |text: &String, _: &Arc<ReadDocument>| {
            u32::try_from(text.len().saturating_mul(BYTES_FOR_ONE)).unwrap_or(u32::MAX)
        };
        Self {
            schema: schema(sdl),
            numbers: FieldNumbers::new(),
            lessons: Lessons::new(sdl),
            tariff: Tariff::new(sdl, sources),
            read: Cache::builder().max_capacity(KEPT).weigher(weight).build(),
        }
    }

    /// Reads a document, and decides what to execute. Returns what it costs, in points, too; if the document holds several
    /// operations, what the dearest of them does.
    ///
    /// # Errors
    /// Whatever is wrong with the request: nothing of it is executed then.
    pub(super) fn plan(
        &self,
        text: &str,
        operation: Option<&str>,
        variables: &Variables,
        settings: &GraphSettings,
    ) -> Result<(PlannedOperation, usize), Refusals> {
        let (read, cost) = match self.read.get(text) {
            Some(read) => {
                let cost = limits::check_document(&read.written, variables, settings, &self.tariff);
                (read, cost.map_err(|refusal| vec![*refusal])?)
            }
            None => self.read(text, variables, settings)?,
        };
        let selected = read.document.operations.get(operation);
        let selected = selected.map_err(|_| vec![Lessons::of_operations(&read.document, operation)])?;
        let variables =
            CoercedVariables::read(&self.schema, &read.document, selected, variables, &self.lessons)?;
        let plan = self.plan_of(&read, selected, &variables);
        Ok((PlannedOperation { plan, variables: Arc::new(variables) }, cost))
    }

    fn read(
        &self,
        text: &str,
        variables: &Variables,
        settings: &GraphSettings,
    ) -> Result<(Arc<ReadDocument>, usize), Refusals> {
        let refused = |refusal: Box<ServerError>| vec![*refusal];
        limits::check_text(text, settings).map_err(refused)?;
        let mut parser = Parser::new().recursion_limit(4 * MAX_NESTING);
        let written = parser.parse_ast(text, "query");
        let written = written.map_err(|found| parse_failures(&found.errors))?;
        let cost = limits::check_document(&written, variables, settings, &self.tariff).map_err(refused)?;
        let document = match written.to_executable_validate(&self.schema) {
            Ok(document) => document,
            Err(found) => return Err(self.lessons.of_document(&found.partial, Some(&found.errors))),
        };
        let faults = self.lessons.of_document(&document, None);
        if !faults.is_empty() {
            return Err(faults);
        }
        let read = Arc::new(ReadDocument { written, document, plans: Mutex::default() });
        self.read.insert(text.to_owned(), Arc::clone(&read));
        Ok((read, cost))
    }

    fn plan_of(
        &self,
        read: &ReadDocument,
        operation: &Operation,
        variables: &CoercedVariables,
    ) -> Arc<SelectedFields> {
        let conditions = conditions(&read.document, operation);
        let conditions = conditions.into_iter().map(|name| (name.to_owned(), variables.is_true(name)));
        let key = (operation.name.as_ref().map(ToString::to_string), conditions.collect());
        let plans = || read.plans.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(plan) = plans().get(&key) {
            return Arc::clone(plan);
        }
        let maker = PlanMaker {
            schema: &self.schema,
            numbers: &self.numbers,
            document: &read.document,
            conditions: &|name| variables.is_true(name),
        };
        let plan = Arc::new(maker.plan(operation));
        let mut plans = plans();
        if plans.len() >= MOST_PLANS {
            plans.clear();
        }
        plans.insert(key, Arc::clone(&plan));
        plan
    }
}

/// The schema that documents are held against.
fn schema(sdl: &str) -> Valid<Schema> {
    // The library writes the directive down where it is used and does not define it, as every server knows it.
    let sdl = format!("{sdl}\ndirective @oneOf on INPUT_OBJECT\n");
    let schema = Schema::parse_and_validate(sdl, "schema.graphql").unwrap_or_else(|found| {
        // A test holds that it never happens; without types every document would be refused.
        tracing::error!(errors = %found.errors, "the schema is not valid");
        Valid::assume_valid(found.partial)
    });
    with_one_of(schema)
}

/// Adds what later drafts of the specification say of input objects, which the validator's introspection lacks yet.
fn with_one_of(schema: Valid<Schema>) -> Valid<Schema> {
    let mut schema = schema.into_inner();
    if let Some(ExtendedType::Object(of)) = schema.types.get_mut("__Type") {
        let (name, boolean) = (apollo_compiler::name!("isOneOf"), apollo_compiler::name!("Boolean"));
        let (description, arguments, directives) = (None, Vec::new(), ast::DirectiveList::new());
        let field = ast::FieldDefinition {
            description,
            name: name.clone(),
            arguments,
            ty: ast::Type::Named(boolean),
            directives,
        };
        of.make_mut().fields.insert(name, Component::new(field));
    }
    Valid::assume_valid(schema)
}

fn parse_failures(found: &DiagnosticList) -> Refusals {
    let failures = found.iter().map(|found| {
        let message = found.error.to_string();
        let code = match message.contains("recursion limit") {
            true => ErrorCode::QueryTooDeep,
            false => ErrorCode::GraphqlParseFailed,
        };
        let mut error = code.error(message);
        let place = found.line_column_range().map(|range| range.start);
        error.locations =
            place.map(|place| Pos { line: place.line, column: place.column }).into_iter().collect();
        error
    });
    // What is wrong first makes the rest wrong.
    failures.take(1).collect()
}

/// The variables that the conditions of an operation name.
fn conditions<'a>(document: &'a ExecutableDocument, operation: &'a Operation) -> Vec<&'a str> {
    let mut found = Vec::new();
    let mut spread = Vec::new();
    collect(document, &operation.selection_set, &mut spread, &mut found);
    found
}

fn collect<'a>(
    document: &'a ExecutableDocument,
    set: &'a SelectionSet,
    spread: &mut Vec<&'a str>,
    found: &mut Vec<&'a str>,
) {
    for selection in &set.selections {
        conditions_of(selection.directives(), found);
        match selection {
            Selection::Field(field) => collect(document, &field.selection_set, spread, found),
            Selection::InlineFragment(inline) => collect(document, &inline.selection_set, spread, found),
            Selection::FragmentSpread(named) => {
                let name = named.fragment_name.as_str();
                if let Some(fragment) = document.fragments.get(name).filter(|_| !spread.contains(&name)) {
                    spread.push(name);
                    collect(document, &fragment.selection_set, spread, found);
                }
            }
        }
    }
}

fn conditions_of<'a>(directives: &'a DirectiveList, found: &mut Vec<&'a str>) {
    let given = directives.iter().filter_map(|directive| directive.specified_argument_by_name("if"));
    let variables = given.filter_map(|given: &Node<ast::Value>| given.as_variable());
    for name in variables {
        if !found.contains(&name.as_str()) {
            found.push(name);
        }
    }
}

#[cfg(test)]
pub(in crate::graphql) mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn documents() -> Documents {
        Documents::new(&crate::graphql::sdl(), 1)
    }

    /// The plan of a query.
    pub(in crate::graphql) fn planned(query: &str) -> Arc<SelectedFields> {
        let planned = documents().plan(query, None, &Variables::default(), &GraphSettings::default());
        planned.unwrap().0.plan
    }

    fn code(refusals: &Refusals) -> Option<&async_graphql::Value> {
        refusals.first()?.extensions.as_ref()?.get("code")
    }

    #[test]
    fn the_schema_is_one_that_the_validator_holds_for_valid() {
        let sdl = format!("{}\ndirective @oneOf on INPUT_OBJECT\n", crate::graphql::sdl());
        assert!(Schema::parse_and_validate(sdl, "schema.graphql").is_ok());
    }

    #[test]
    fn a_document_that_was_read_before_is_weighed_for_each_request() {
        let (documents, query) = (documents(), "query($n: Int) { services(first: $n) { nodes { id } } }");
        let settings = GraphSettings { max_complexity: 200, ..GraphSettings::default() };
        let plan = |first: i32| {
            let variables = Variables::from_json(json!({ "n": first }));
            documents.plan(query, None, &variables, &settings)
        };
        let (cheap, cost) = plan(1).unwrap();
        let (again, dearer) = plan(2).unwrap();
        assert!(Arc::ptr_eq(&cheap.plan, &again.plan) && cost < dearer, "{cost} {dearer}");
        assert_eq!(code(&plan(100).unwrap_err()), Some(&"QUERY_TOO_COMPLEX".into()));
    }

    #[test]
    fn conditions_make_a_plan_of_their_own() {
        let documents = documents();
        let fields = |variables: Value| {
            let query =
                "query($v: Boolean = true) { meta { version @include(if: $v) startedAt @skip(if: $v) } }";
            let variables = Variables::from_json(variables);
            let planned = documents.plan(query, None, &variables, &GraphSettings::default()).unwrap().0;
            let fields = planned.plan.fields.first().unwrap().all_fields();
            fields.map(|field| field.name.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(fields(json!({})), ["version"]);
        assert_eq!(fields(json!({ "v": false })), ["startedAt"]);
        assert_eq!(fields(json!({ "v": true })), ["version"]);
    }

    #[test]
    fn merged_selections_are_read_once_and_in_order() {
        let query = "{ meta { version } __typename ...F meta { startedAt } } fragment F on Query { meta { version } }";
        let plan = planned(query);
        let names: Vec<&str> = plan.fields.iter().map(|field| &*field.response_name).collect();
        assert_eq!(names, ["meta", "__typename"]);
        let meta = plan.fields.first().unwrap();
        assert_eq!(meta.all_fields().map(|field| &*field.name).collect::<Vec<_>>(), ["version", "startedAt"]);
        assert_eq!(meta.locations.len(), 3);
    }
}
