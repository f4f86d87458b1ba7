//! Reports which lists of a response are incomplete, whatever is selected: a client that selects neither `complete` nor
//! `sources` must not mistake a gap for the end.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use async_graphql::{Name, Value};

use super::answer::AnswerExtensions;
use super::context::FieldContext;
use super::walk::PathStep;
use crate::federation::{ReportStatus, SourceReport};
use crate::graphql::enums::SourceReportStatus;
use crate::model::SourceKey;

/// The name of the member of `extensions`.
const NAME: &str = "incomplete";
/// The most lists that are named. More gaps usually have a common cause.
const MOST: usize = 100;

/// The incomplete lists of one response.
#[derive(Default)]
pub(super) struct IncompleteLists(Mutex<BTreeMap<Vec<ListStep>, BTreeMap<SourceKey, ReportStatus>>>);

/// A step of the path to a list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum ListStep {
    Field(String),
    Index(usize),
}

/// Notes the current field as incomplete if some source was not fully considered. For fields that list or count
/// records.
pub(super) fn note(ctx: &FieldContext<'_>, reports: &[SourceReport]) {
    let lacking = reports.iter().filter(|report| !report.status.is_complete());
    let mut lacking = lacking.map(|report| (report.info.key.clone(), report.status)).peekable();
    if lacking.peek().is_some() {
        let mut lists = ctx.operation().incomplete().0.lock().unwrap_or_else(PoisonError::into_inner);
        lists.insert(path(ctx), lacking.collect());
    }
}

/// Notes that a source failed for part of the current field.
pub(super) fn note_failed(ctx: &FieldContext<'_>, source: &SourceKey) {
    note_status(ctx, source, ReportStatus::Failed);
}

/// Notes a source's status for the current field, if the source was not fully considered.
pub(super) fn note_status(ctx: &FieldContext<'_>, source: &SourceKey, status: ReportStatus) {
    if !status.is_complete() {
        let mut lists = ctx.operation().incomplete().0.lock().unwrap_or_else(PoisonError::into_inner);
        lists.entry(path(ctx)).or_default().insert(source.clone(), status);
    }
}

impl IncompleteLists {
    /// Adds what was noted to the response. Adds nothing if every list is complete.
    pub(super) fn tell(&self, extensions: &mut AnswerExtensions) {
        let lists = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if !lists.is_empty() {
            let lists = lists.into_iter().take(MOST).map(|(path, sources)| entry(&path, &sources));
            extensions.insert(NAME.to_owned(), Value::List(lists.collect()));
        }
    }
}

fn entry(path: &[ListStep], sources: &BTreeMap<SourceKey, ReportStatus>) -> Value {
    let path = path.iter().map(|step| match step {
        ListStep::Field(name) => Value::from(name.as_str()),
        ListStep::Index(index) => Value::from(*index),
    });
    let sources = sources.iter().map(|(key, status)| {
        let status: Value = Value::Enum(Name::new(SourceReportStatus::from(*status).name()));
        object([("key", Value::from(key.as_str())), ("status", status)])
    });
    object([("path", Value::List(path.collect())), ("sources", Value::List(sources.collect()))])
}

fn object<const N: usize>(members: [(&str, Value); N]) -> Value {
    Value::Object(members.into_iter().map(|(name, value)| (Name::new(name), value)).collect())
}

/// Returns the path of the current field in the response.
fn path(ctx: &FieldContext<'_>) -> Vec<ListStep> {
    let steps = ctx.path().iter().map(|step| match step {
        PathStep::Field(name) => ListStep::Field((*name).to_owned()),
        PathStep::Index(index) => ListStep::Index(*index),
    });
    steps.collect()
}
