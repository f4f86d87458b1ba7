//! What a field may know and reach: the federation, the question under way, the settings, and what is selected of it.

use std::sync::Arc;

use async_graphql::Value;
use chrono::NaiveDate;

use super::operation::RunningOperation;
use super::plan::FieldPlan;
use super::settings::GraphSettings;
use super::walk::{PathStep, Reach, Reached};
use crate::federation::{Federation, QueryContext, SourceInfo};
use crate::model::{SourceKey, london_today};

/// What the code of a field is given beside its arguments. The question under way is only to be had by saying what is
/// done with it, so that nothing is asked of sources without being counted.
#[derive(Clone, Copy)]
pub(crate) struct FieldContext<'c> {
    operation: &'c RunningOperation,
    field: &'c FieldPlan,
    path: &'c [PathStep<'c>],
    reached: &'c Reached,
}

impl<'c> FieldContext<'c> {
    /// Of a field at this place of the answer.
    pub(super) fn new(
        operation: &'c RunningOperation,
        field: &'c FieldPlan,
        path: &'c [PathStep<'c>],
        reached: &'c Reached,
    ) -> Self {
        Self { operation, field, path, reached }
    }

    /// What is selected of the field.
    pub(crate) fn field(&self) -> &'c FieldPlan {
        self.field
    }

    /// What is given for an argument of a field that is selected within, by its place among those it declares.
    pub(crate) fn given(&self, field: &FieldPlan, place: usize) -> Option<Value> {
        self.reached.note(Reach::Anything);
        field.arguments.get(place)?.value(self.operation.variables()).filter(|value| *value != Value::Null)
    }

    /// Where it stands in the answer.
    pub(crate) fn path(&self) -> &'c [PathStep<'c>] {
        self.path
    }

    pub(crate) fn operation(&self) -> &'c RunningOperation {
        self.reached.note(Reach::Anything);
        self.operation
    }

    pub(crate) fn federation(&self) -> &'c Federation {
        self.reached.note(Reach::Anything);
        self.operation.federation()
    }

    /// What is configured of a source.
    pub(crate) fn source_info(&self, key: &SourceKey) -> Option<Arc<SourceInfo>> {
        self.operation.federation().info(key)
    }

    /// Today's date in London.
    pub(crate) fn today(&self) -> NaiveDate {
        let today = london_today(self.operation.federation().clock().now());
        self.reached.note(Reach::Day(today));
        today
    }

    pub(crate) fn settings(&self) -> &'c GraphSettings {
        self.operation.settings()
    }

    /// Returns the question under way once a search is taken from its budget. If none is left, the operation ends.
    pub(crate) async fn searching(&self) -> &'c QueryContext {
        self.reached.note(Reach::Anything);
        self.operation.budget().take_search(self.path).await;
        self.operation.asking()
    }

    /// Returns the question under way once a record is taken from its budget. If none is left, the operation ends.
    pub(crate) async fn reading(&self) -> &'c QueryContext {
        self.reached.note(Reach::Anything);
        self.operation.budget().take_reading(self.path).await;
        self.operation.asking()
    }

    /// Sees to it that places are known by the names that addresses give them, if any is asked for by its name.
    pub(crate) async fn knowing_names(&self, if_any: bool) {
        if if_any {
            self.federation().places.know_names(self.searching().await).await;
        }
    }
}
