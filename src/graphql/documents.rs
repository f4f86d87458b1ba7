//! The document cache. A document is parsed, validated and planned once, and kept for further requests with the same
//! text.

mod conditions;
mod normal_text;
mod spelling;
mod string_slots;
mod syntax;
mod validated_schema;

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use apollo_compiler::executable::Operation;
use apollo_compiler::validation::Valid;
use apollo_compiler::{ExecutableDocument, Name, Schema};
use async_graphql::{Request, ServerError, Value, Variables};
use moka::sync::Cache;

use super::GraphSettings;
use super::lessons::SchemaLessons;
use super::limits::{self, FieldTariff, WeighedDocument};
use super::plan::{FieldNumbers, PlanMaker, SelectedFields, SourceTokens};
use super::scalars::ScalarForm;
use super::variables::CoercedVariables;
use conditions::conditions;
use normal_text::{NormalText, token_places};
pub(super) use spelling::DocumentSpelling;
use string_slots::{StringSlot, string_slots};
use validated_schema::validated_schema;

/// The capacity of the cache, in estimated bytes.
const KEPT: u64 = crate::config::memory::DOCUMENTS;
/// The estimated memory for each byte of a document's text, including its plans. Measurements were never higher.
const BYTES_FOR_ONE: usize = 64;
/// The most plans that are kept of one operation: one for each combination of its conditions.
const MOST_PLANS: usize = 8;

/// The cache, and what is needed to read documents.
pub(super) struct DocumentCache {
    schema: Valid<Schema>,
    numbers: FieldNumbers,
    lessons: SchemaLessons,
    tariff: FieldTariff,
    read: Cache<String, Arc<ReadDocument>>,
}

/// A valid document.
struct ReadDocument {
    weighed: WeighedDocument,
    document: Valid<ExecutableDocument>,
    plans: HashMap<Option<Name>, OperationPlans>,
    tokens: SourceTokens,
    /// The variables that replace the document's strings, and what a string must be like to replace each.
    slots: Vec<(async_graphql::Name, &'static ScalarForm)>,
}

/// The plans of one operation, by the values of the variables in its conditions.
struct OperationPlans {
    conditions: Vec<Name>,
    made: Mutex<Vec<(Vec<bool>, Arc<SelectedFields>)>>,
}

/// An operation to execute.
#[derive(Debug)]
pub struct PlannedOperation {
    pub(super) plan: Arc<SelectedFields>,
    pub(super) variables: Arc<CoercedVariables>,
    pub(super) spelling: Arc<DocumentSpelling>,
}

/// A document that a request asks for.
struct AskedDocument<'r> {
    read: Arc<ReadDocument>,
    /// The strings of the request's text that replace those of the document.
    strings: Vec<Value>,
    /// The operation to be executed. `None` if it is the only one.
    operation: Option<&'r str>,
}

type Refusals = Vec<ServerError>;

impl DocumentCache {
    /// Creates an empty cache for a schema, for a gateway with this number of sources.
    pub(super) fn new(sdl: &str, sources: usize) -> Self {
        let weight = |text: &String, _: &Arc<ReadDocument>| {
            u32::try_from(text.len().saturating_mul(BYTES_FOR_ONE)).unwrap_or(u32::MAX)
        };
        Self {
            schema: validated_schema(sdl),
            numbers: FieldNumbers::new(),
            lessons: SchemaLessons::new(sdl),
            tariff: FieldTariff::new(sdl, sources),
            read: Cache::builder().max_capacity(KEPT).weigher(weight).build(),
        }
    }

    /// Reads a document and chooses the operation. Also returns the cost in points; if the document has several
    /// operations, the highest.
    ///
    /// # Errors
    /// Returns what is wrong with the request. Nothing is executed then.
    pub(super) fn plan(
        &self,
        request: Request,
        settings: &GraphSettings,
    ) -> Result<(PlannedOperation, usize), Refusals> {
        let Request { query: text, operation_name, variables, .. } = request;
        let AskedDocument { read, strings, operation } =
            self.asked(&text, operation_name.as_deref(), &variables, settings)?;
        let cost = limits::check_document(&read.weighed, &variables, settings);
        let cost = cost.map_err(|refusal| vec![*refusal])?;
        let selected = read.document.operations.get(operation);
        let selected = selected.map_err(|_| vec![SchemaLessons::of_operations(&read.document, operation)])?;
        let variables =
            CoercedVariables::read(&self.schema, &read.document, selected, &variables, &self.lessons)?;
        let plan = self.plan_of(&read, selected, &variables);
        let names = read.slots.iter().map(|(name, _)| name.clone());
        let variables = Arc::new(variables.with(names.zip(strings)));
        Ok((PlannedOperation { plan, variables, spelling: Arc::new(DocumentSpelling::of(text)) }, cost))
    }

    /// Returns a document from the cache, or reads it.
    fn asked<'r>(
        &self,
        text: &str,
        operation: Option<&'r str>,
        variables: &Variables,
        settings: &GraphSettings,
    ) -> Result<AskedDocument<'r>, Refusals> {
        // Texts with the same key may differ in the name of the operation, which counts as a token.
        limits::check_text(text, settings).map_err(|refusal| vec![*refusal])?;
        let normal = NormalText::of(text);
        if let Some(normal) =
            normal.as_ref().filter(|normal| operation.is_none_or(|name| normal.operation_name == Some(name)))
            && let Some(read) = self.read.get(&normal.key)
            && let Some(strings) = read.fitting(normal)
        {
            return Ok(AskedDocument { read, strings, operation: None });
        }
        if let Some(read) = self.read.get(text) {
            return Ok(AskedDocument { read, strings: Vec::new(), operation });
        }
        let (read, strings) = self.read(text, normal, variables, settings)?;
        Ok(AskedDocument { read, strings, operation })
    }

    fn read(
        &self,
        text: &str,
        normal: Option<NormalText<'_>>,
        variables: &Variables,
        settings: &GraphSettings,
    ) -> Result<(Arc<ReadDocument>, Vec<Value>), Refusals> {
        let refused = |refusal: Box<ServerError>| vec![*refusal];
        let written = syntax::parse(text).map_err(refused)?;
        let weighed = limits::weigh(&written, settings, &self.tariff).map_err(refused)?;
        // A document that exceeds a limit is not validated.
        limits::check_document(&weighed, variables, settings).map_err(refused)?;
        let document = match written.to_executable_validate(&self.schema) {
            Ok(document) => document,
            Err(found) => return Err(self.lessons.of_document(&found.partial, Some(&found.errors))),
        };
        let faults = self.lessons.of_document(&document, None);
        if !faults.is_empty() {
            return Err(faults);
        }
        let slots = string_slots(&self.schema, &document);
        let is_shared = |normal: &NormalText<'_>| {
            let strings = normal.strings.iter().map(|(at, _)| *at);
            slots.as_ref().is_some_and(|slots| strings.eq(slots.iter().map(|slot| slot.at)))
        };
        let normal = normal.filter(is_shared);
        let slots = slots.filter(|_| normal.is_some()).unwrap_or_default();
        let read = Arc::new(ReadDocument::new(weighed, document, text, slots));
        let strings = normal.as_ref().and_then(|normal| read.fitting(normal)).unwrap_or_default();
        self.read.insert(normal.map_or_else(|| text.to_owned(), |normal| normal.key), Arc::clone(&read));
        Ok((read, strings))
    }

    fn plan_of(
        &self,
        read: &ReadDocument,
        operation: &Operation,
        variables: &CoercedVariables,
    ) -> Arc<SelectedFields> {
        let make = || {
            let conditions = &|name: &str| variables.is_true(name);
            let (schema, numbers, document) = (&self.schema, &self.numbers, &read.document);
            let tokens = &read.tokens;
            Arc::new(PlanMaker { schema, numbers, document, conditions, tokens }.plan(operation))
        };
        let Some(plans) = read.plans.get(&operation.name) else { return make() };
        let key: Vec<bool> = plans.conditions.iter().map(|name| variables.is_true(name)).collect();
        let made = || plans.made.lock().unwrap_or_else(PoisonError::into_inner);
        let known = made().iter().find(|(of, _)| *of == key).map(|(_, plan)| Arc::clone(plan));
        known.unwrap_or_else(|| {
            let plan = make();
            let mut made = made();
            if made.len() >= MOST_PLANS {
                made.clear();
            }
            made.push((key, Arc::clone(&plan)));
            plan
        })
    }
}

impl ReadDocument {
    fn new(
        weighed: WeighedDocument,
        document: Valid<ExecutableDocument>,
        text: &str,
        slots: Vec<StringSlot>,
    ) -> Self {
        let operations = document.operations.iter();
        let plans = operations.map(|operation| {
            let conditions = conditions(&document, operation).into_iter().cloned().collect();
            (operation.name.clone(), OperationPlans { conditions, made: Mutex::default() })
        });
        let plans = plans.collect();
        let strings = slots.iter().map(|slot| slot.at);
        let tokens = SourceTokens::new(token_places(text), strings.collect());
        let slots = slots.iter().enumerate().map(|(number, slot)| (SourceTokens::name(number), slot.form));
        Self { weighed, plans, tokens, slots: slots.collect(), document }
    }

    /// Returns the strings of a text with the same key. Returns `None` if one of them is not valid in its place.
    fn fitting(&self, normal: &NormalText<'_>) -> Option<Vec<Value>> {
        let strings =
            normal.strings.iter().zip(&self.slots).map(|((_, string), (_, form))| {
                Some(Value::from(*string)).filter(|string| form.fits(string))
            });
        strings.collect()
    }
}

#[cfg(test)]
pub(in crate::graphql) mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn documents() -> DocumentCache {
        DocumentCache::new(&crate::graphql::sdl(), 1)
    }

    /// Returns the plan of a query.
    pub(in crate::graphql) fn planned(query: &str) -> Arc<SelectedFields> {
        let planned = documents().plan(Request::new(query), &GraphSettings::default());
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
        let settings = GraphSettings { max_complexity: 150, ..GraphSettings::default() };
        let plan = |first: i32| {
            let variables = Variables::from_json(json!({ "n": first }));
            documents.plan(Request::new(query).variables(variables), &settings)
        };
        let (cheap, cost) = plan(1).unwrap();
        let (again, dearer) = plan(2).unwrap();
        assert!(Arc::ptr_eq(&cheap.plan, &again.plan) && cost < dearer, "{cost} {dearer}");
        assert_eq!(code(&plan(100).unwrap_err()), Some(&"QUERY_TOO_COMPLEX".into()));
    }

    #[test]
    fn texts_that_differ_in_strings_share_a_plan_and_are_judged_by_their_own() {
        let documents = documents();
        let plan = |query: &str| documents.plan(Request::new(query), &GraphSettings::default());
        let plan_of = |query: &str| plan(query).unwrap().0.plan;
        let one = plan_of("query A { service(id: \"1\") { name } }");
        assert!(Arc::ptr_eq(&one, &plan_of("query B {\n service(id: \"2\") { name } # b\n}")));
        assert!(!Arc::ptr_eq(&one, &plan_of("query A { service(id: 3) { name } }")));
        // The first of each pair is valid and cached before the second, which is invalid.
        for (valid, invalid) in [
            (
                "{ services(filter: { modifiedSince: \"2026-01-02T03:04:05Z\" }) { totalCount } }",
                "{ services(filter: { modifiedSince: \"yesterday\" }) { totalCount } }",
            ),
            (
                "{ a: service(id: \"1\") { id } ... { a: service(id: \"1\") { name } } }",
                "{ a: service(id: \"1\") { id } ... { a: service(id: \"2\") { name } } }",
            ),
        ] {
            plan(valid).unwrap();
            let refusals = plan(invalid).unwrap_err();
            assert_eq!(code(&refusals), Some(&"GRAPHQL_VALIDATION_FAILED".into()), "{invalid}");
            assert!(!refusals[0].locations.is_empty(), "{invalid}");
        }
        let named = Request::new("query C { service(id: \"4\") { name } }").operation_name("A");
        assert!(documents.plan(named, &GraphSettings::default()).is_err());
    }

    #[test]
    fn a_text_is_counted_even_if_its_document_was_read_before() {
        let documents = documents();
        let settings = GraphSettings { max_tokens: 6, ..GraphSettings::default() };
        assert!(documents.plan(Request::new("{ meta { version } }"), &settings).is_ok());
        assert!(documents.plan(Request::new("query { meta { version } }"), &settings).is_err());
        let settings = GraphSettings { max_tokens: 7, ..GraphSettings::default() };
        assert!(documents.plan(Request::new("query { meta { version } }"), &settings).is_ok());
        assert!(documents.plan(Request::new("query Named { meta { version } }"), &settings).is_err());
    }

    #[test]
    fn conditions_make_a_plan_of_their_own() {
        let documents = documents();
        let fields = |variables: Value| {
            let query =
                "query($v: Boolean = true) { meta { version @include(if: $v) startedAt @skip(if: $v) } }";
            let variables = Variables::from_json(variables);
            let planned = documents.plan(Request::new(query).variables(variables), &GraphSettings::default());
            let planned = planned.unwrap().0;
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
        assert_eq!(meta.tokens.len(), 3);
    }
}
