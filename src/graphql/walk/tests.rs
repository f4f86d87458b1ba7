//! Tests that responses equal those of a sequential walk, whatever waits and whatever fails.

use async_graphql::registry::Registry;
use async_graphql::{ServerError, Variables};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::graphql::graph::tests::operation;
use crate::graphql::output::{FieldOutput, GraphObject};
use crate::graphql::plan::PlanSelection;
use crate::model::Rendering;

/// The declaration of a field.
#[derive(Clone, Debug)]
struct Declared {
    may_be_null: bool,
    waits: bool,
    of: Of,
}

#[derive(Clone, Debug)]
enum Of {
    Text,
    Object(Vec<Declared>),
    /// A list, and whether its elements are nullable.
    List(bool, Box<Of>),
}

/// The value of a field.
#[derive(Clone, Debug)]
enum Has {
    Nothing,
    Fault,
    Text(u8),
    Object(Vec<Has>),
    List(Vec<Has>),
}

fn declared() -> impl Strategy<Value = Vec<Declared>> {
    let text = Just(Of::Text);
    let of = text.prop_recursive(4, 40, 4, |within| {
        let field = (any::<bool>(), any::<bool>(), within.clone());
        let field = field.prop_map(|(may_be_null, waits, of)| Declared { may_be_null, waits, of });
        prop_oneof![
            2 => prop::collection::vec(field, 1..4).prop_map(Of::Object),
            1 => (any::<bool>(), within).prop_map(|(may_be_null, of)| Of::List(may_be_null, Box::new(of))),
        ]
    });
    let field = (any::<bool>(), any::<bool>(), of);
    prop::collection::vec(
        field.prop_map(|(may_be_null, waits, of)| Declared { may_be_null, waits, of }),
        1..4,
    )
}

/// Draws values from a stream of bytes.
fn draw(of: &Of, bytes: &mut impl Iterator<Item = u8>) -> Has {
    let byte = bytes.next().unwrap_or(7);
    match (byte % 8, of) {
        (0, _) => Has::Fault,
        (1, _) => Has::Nothing,
        (_, Of::Text) => Has::Text(byte),
        (_, Of::Object(fields)) => Has::Object(fields.iter().map(|field| draw(&field.of, bytes)).collect()),
        (_, Of::List(_, of)) => Has::List((0..byte % 4).map(|_| draw(of, bytes)).collect()),
    }
}

fn plan(fields: &[Declared]) -> SelectedFields {
    let fields = fields.iter().enumerate().map(|(number, declared)| {
        let name = format!("f{number}");
        FieldPlan { within: selection(&declared.of), ..FieldPlan::of_name(&name, &name, number) }
    });
    SelectedFields { type_name: "Thing".to_owned(), fields: fields.collect(), ..SelectedFields::default() }
}

fn selection(of: &Of) -> PlanSelection {
    match of {
        Of::Text => PlanSelection::Values,
        Of::Object(fields) => PlanSelection::Object(plan(fields)),
        Of::List(_, of) => selection(of),
    }
}

/// A value for the walk to write.
#[derive(Clone)]
struct Thing {
    of: Of,
    may_be_null: bool,
    has: Has,
}

impl FieldOutput for Thing {
    fn register(_: &mut Registry) -> String {
        String::new()
    }

    fn write<'r>(&self, field: &'r FieldPlan, walk: &mut OutputWalk<'r>) -> WriteResult {
        if self.may_be_null {
            return walk.nullable(|walk| Thing { may_be_null: false, ..self.clone() }.write(field, walk));
        }
        match (&self.has, &self.of) {
            (Has::Text(text), _) => walk.json(text),
            (Has::Object(has), Of::Object(declared)) => {
                let object = Things { declared: declared.clone(), has: has.clone() };
                return walk.object(field.selected(""), |field, walk| object.write_field(field, walk));
            }
            (Has::List(has), Of::List(may_be_null, of)) => {
                let thing =
                    |has: &Has| Thing { of: Of::clone(of), may_be_null: *may_be_null, has: has.clone() };
                let things: Vec<Thing> = has.iter().map(thing).collect();
                return walk.list(things.len(), things.iter(), field);
            }
            _ => {
                walk.note(ServerError::new("fault", None), field)?;
                return Err(WalkStop::Raised);
            }
        }
        Ok(())
    }
}

#[derive(Clone)]
struct Things {
    declared: Vec<Declared>,
    has: Vec<Has>,
}

impl FieldOutput for Things {
    fn register(_: &mut Registry) -> String {
        String::new()
    }

    fn write<'r>(&self, field: &'r FieldPlan, walk: &mut OutputWalk<'r>) -> WriteResult {
        walk.object(field.selected(""), |field, walk| self.write_field(field, walk))
    }
}

impl GraphObject for Things {
    const NAME: &'static str = "Thing";

    fn write_field<'r>(&self, field: &'r FieldPlan, walk: &mut OutputWalk<'r>) -> WriteResult {
        let Declared { may_be_null, waits, of } = self.declared[field.number()].clone();
        let thing = Thing { of, may_be_null, has: self.has[field.number()].clone() };
        if !waits {
            return thing.write(field, walk);
        }
        // Of the fields that may have to be waited for, some are ready.
        let must_wait = field.number().is_multiple_of(2);
        walk.resolve(field, move |place| {
            Box::pin(async move {
                if must_wait {
                    tokio::task::yield_now().await;
                }
                (place, thing)
            })
        })
    }
}

/// Computes the response by a walk that waits for each value in place. Returns the paths of errors.
fn plainly(
    declared: &[Declared],
    has: &[Has],
    path: &[Value],
    errors: &mut Vec<Vec<Value>>,
) -> Option<Value> {
    let mut members = serde_json::Map::new();
    for (number, (declared, has)) in declared.iter().zip(has).enumerate() {
        let name = format!("f{number}");
        let path = [path, &[json!(name)]].concat();
        members.insert(name, value(&declared.of, declared.may_be_null, has, &path, errors)?);
    }
    Some(Value::Object(members))
}

fn value(
    of: &Of,
    may_be_null: bool,
    has: &Has,
    path: &[Value],
    errors: &mut Vec<Vec<Value>>,
) -> Option<Value> {
    let found = match (has, of) {
        (Has::Text(text), _) => Some(json!(text)),
        (Has::Object(has), Of::Object(declared)) => plainly(declared, has, path, errors),
        (Has::List(has), Of::List(may_be_null, of)) => {
            let each = has.iter().enumerate();
            each.map(|(at, has)| value(of, *may_be_null, has, &[path, &[json!(at)]].concat(), errors))
                .collect()
        }
        _ => {
            errors.push(path.to_vec());
            None
        }
    };
    found.or_else(|| may_be_null.then_some(Value::Null))
}

fn walked(declared: &[Declared], has: &[Has]) -> (Value, Vec<Value>) {
    let (operation, plan) = (operation(Variables::default()), plan(declared));
    let root = Things { declared: declared.to_vec(), has: has.to_vec() };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let fragment = runtime.block_on(FinishedWalk::of_root(&operation, &plan, &root).finish());
    let data = || serde_json::from_slice(fragment.bytes.strip_prefix(DATA).unwrap()).unwrap();
    let data = if fragment.raised { Value::Null } else { data() };
    let path = |error: ServerError| serde_json::to_value(error.path).unwrap();
    (data, fragment.errors.into_iter().map(|(_, error)| path(error)).collect())
}

proptest! {
    #[test]
    fn what_waits_makes_no_difference(
        declared in declared(),
        bytes in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let mut bytes = bytes.into_iter();
        let has: Vec<Has> = declared.iter().map(|field| draw(&field.of, &mut bytes)).collect();
        let mut errors = Vec::new();
        let expected = plainly(&declared, &has, &[], &mut errors).unwrap_or(Value::Null);
        let errors: Vec<Value> = errors.into_iter().map(Value::Array).collect();
        prop_assert_eq!(walked(&declared, &has), (expected, errors));
    }
}

fn waits_anywhere(of: &Of) -> bool {
    match of {
        Of::Text => false,
        Of::Object(fields) => fields.iter().any(|field| field.waits || waits_anywhere(&field.of)),
        Of::List(_, of) => waits_anywhere(of),
    }
}

/// Returns the rendering, if there is one, the output, and the number of elements.
fn rendered(declared: &[Declared], has: &[Has]) -> (Option<Rendering>, Vec<u8>, usize) {
    let (operation, plan) = (operation(Variables::default()), plan(declared));
    let root = Things { declared: declared.to_vec(), has: has.to_vec() };
    let (mut walk, mut held) = (OutputWalk::new(&operation, Vec::new()), None);
    let _ = walk.render(
        plan.shape(),
        |walk| walk.object(&plan, |field, walk| root.write_field(field, walk)),
        |rendering| held = Some(rendering),
    );
    (held, walk.out, walk.nodes)
}

proptest! {
    #[test]
    fn what_is_sent_again_is_what_was_written_and_nothing_was_waited_for_or_wrong(
        declared in declared(),
        bytes in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        let mut bytes = bytes.into_iter();
        let has: Vec<Has> = declared.iter().map(|field| draw(&field.of, &mut bytes)).collect();
        let mut errors = Vec::new();
        let expected = plainly(&declared, &has, &[], &mut errors);
        let (held, written, nodes) = rendered(&declared, &has);
        if !waits_anywhere(&Of::Object(declared.clone())) {
            prop_assert_eq!(held.is_some(), errors.is_empty());
        }
        let Some(held) = held else { return Ok(()) };
        prop_assert!(errors.is_empty());
        prop_assert_eq!(serde_json::from_slice::<Value>(&held.bytes).ok(), expected);
        let operation = operation(Variables::default());
        let mut again = OutputWalk::new(&operation, Vec::new());
        prop_assert!(again.write_again(&held).is_ok());
        prop_assert_eq!((again.out, again.nodes), (written, nodes));
    }
}

#[test]
fn variables_the_time_and_other_records_are_noted_as_more_than_the_record() {
    let day = |day| chrono::NaiveDate::from_ymd_opt(2026, 11, day).unwrap();
    for (reached, furthest) in [
        (vec![], Reach::Record),
        (vec![Reach::Record], Reach::Record),
        (vec![Reach::Day(day(1)), Reach::Record], Reach::Day(day(1))),
        (vec![Reach::Day(day(1)), Reach::Day(day(2))], Reach::Anything),
        (vec![Reach::Anything, Reach::Day(day(1))], Reach::Anything),
    ] {
        let noted = Reached::default();
        reached.iter().for_each(|reach| noted.note(*reach));
        assert_eq!(noted.furthest(), furthest, "{reached:?}");
    }
}
