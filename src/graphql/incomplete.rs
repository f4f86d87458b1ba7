//! Saying which lists of an answer are not complete, whatever was selected: a client that asks for neither `complete` nor
//! `sources` must not take a gap for an end.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use async_graphql::{Name, Value};

use super::answer::AnswerExtensions;
use super::context::FieldContext;
use super::walk::PathStep;
use crate::federation::{ReportStatus, SourceReport};
use crate::graphql::enums::SourceReportStatus;
use crate::model::SourceKey;

/// The member of `extensions` that names them.
const NAME: &str = "incomplete";
/// How many lists are named. An answer with so many gaps has one reason for all of them.
const MOST: usize = 100;

/// The lists of one answer that are not complete.
#[derive(Default)]
pub(super) struct IncompleteLists(Mutex<BTreeMap<Vec<ListStep>, BTreeMap<SourceKey, ReportStatus>>>);

/// A step on the way to a list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum ListStep {
    Field(String),
    Index(usize),
}

/// Notes the field under way if it is a list, or counts records, and some source was not considered in full.
pub(super) fn note(ctx: &FieldContext<'_>, reports: &[SourceReport]) {
    let lacking = reports.iter().filter(|report| !report.status.is_complete());
    let mut lacking = lacking.map(|report| (report.info.key.clone(), report.status)).peekable();
    if lacking.peek().is_some() {
        let mut lists = ctx.operation().incomplete().0.lock().unwrap_or_else(PoisonError::into_inner);
        lists.insert(path(ctx), lacking.collect());
    }
}

/// Notes that a source could not answer for some of the field under way.
pub(super) fn note_failed(ctx: &FieldContext<'_>, source: &SourceKey) {
    note_status(ctx, source, ReportStatus::Failed);
}

/// Notes how far a source was considered for the field under way, if that is not in full.
pub(super) fn note_status(ctx: &FieldContext<'_>, source: &SourceKey, status: ReportStatus) {
    if !status.is_complete() {
        let mut lists = ctx.operation().incomplete().0.lock().unwrap_or_else(PoisonError::into_inner);
        lists.entry(path(ctx)).or_default().insert(source.clone(), status);
    }
}

impl IncompleteLists {
    /// Adds what has been noted to an answer; nothing where every list is complete.
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

/// Where the field under way stands in the answer.
fn path(ctx: &FieldContext<'_>) -> Vec<ListStep> {
    let steps = ctx.path().iter().map(|step| match step {
        PathStep::Field(name) => ListStep::Field((*name).to_owned()),
        PathStep::Index(index) => ListStep::Index(*index),
    });
    steps.collect()
}
