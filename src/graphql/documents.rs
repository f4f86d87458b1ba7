//! The document cache. A document is parsed, validated and planned once, and kept for further requests with the same
//! text.

mod conditions;
mod normal_text;
mod recent_texts;
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
use super::limits::{self, FieldTariff, TextSize, WeighedDocument};
use super::plan::{FieldNumbers, PlanMaker, SelectedFields, SourceTokens};
use super::scalars::ScalarForm;
use super::variables::CoercedVariables;
use conditions::conditions;
use normal_text::{NormalText, token_places};
use recent_texts::{RecentTexts, TextReading};
pub(super) use spelling::DocumentSpelling;
use string_slots::{StringSlot, string_slots};
use validated_schema::validated_schema;

/// The capacity of the cache, in estimated bytes.
const KEPT: u64 = crate::config::memory::DOCUMENTS - recent_texts::CAPACITY;
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
    texts: RecentTexts,
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
            texts: RecentTexts::new(),
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
        let recent = self.texts.get(text);
        let size = recent.as_ref().map_or_else(|| TextSize::of(text), |recent| recent.size);
        // Texts with the same document may differ in the name of the operation, which counts as a token.
        size.check(settings).map_err(|refusal| vec![*refusal])?;
        if let Some(asked) = recent.and_then(|recent| recent.asked(operation)) {
            return Ok(asked);
        }
        let normal = NormalText::of(text);
        if let Some(normal) =
            normal.as_ref().filter(|normal| operation.is_none_or(|name| normal.operation_name == Some(name)))
            && let Some(read) = self.read.get(&normal.key)
            && let Some(strings) = read.fitting(normal)
        {
            let asked = AskedDocument { read, strings, operation: None };
            self.texts.keep(text, TextReading::new(size, &asked, Some(normal)));
            return Ok(asked);
        }
        if let Some(read) = self.read.get(text) {
            let asked = AskedDocument { read, strings: Vec::new(), operation };
            self.texts.keep(text, TextReading::new(size, &asked, None));
            return Ok(asked);
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
pub(in crate::graphql) mod tests;
