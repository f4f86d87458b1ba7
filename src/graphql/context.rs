//! The context of a field: the federation, the query's context, the settings, and what is selected of the field.

use std::sync::Arc;

use async_graphql::Value;
use chrono::NaiveDate;

use super::operation::RunningOperation;
use super::plan::FieldPlan;
use super::settings::GraphSettings;
use super::walk::{PathStep, Reach, Reached};
use crate::federation::{Federation, QueryContext, SourceInfo};
use crate::model::{SourceKey, london_today};

/// The context given to the code of a field, in addition to its arguments. The query's context is available only by
/// saying what it is for, so that every request to sources is counted.
#[derive(Clone, Copy)]
pub(crate) struct FieldContext<'c> {
    operation: &'c RunningOperation,
    field: &'c FieldPlan,
    path: &'c [PathStep<'c>],
    reached: &'c Reached,
}

impl<'c> FieldContext<'c> {
    /// Creates the context of a field at a place in the response.
    pub(super) fn new(
        operation: &'c RunningOperation,
        field: &'c FieldPlan,
        path: &'c [PathStep<'c>],
        reached: &'c Reached,
    ) -> Self {
        Self { operation, field, path, reached }
    }

    /// Returns the selection of the field.
    pub(crate) fn field(&self) -> &'c FieldPlan {
        self.field
    }

    /// Returns the value of an argument of a subfield, given the argument's index among those that the subfield
    /// declares.
    pub(crate) fn given(&self, field: &FieldPlan, place: usize) -> Option<Value> {
        self.reached.note(Reach::Anything);
        field.arguments.get(place)?.value(self.operation.variables()).filter(|value| *value != Value::Null)
    }

    /// Returns the path of the field in the response.
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

    /// Returns the configuration of a source.
    pub(crate) fn source_info(&self, key: &SourceKey) -> Option<Arc<SourceInfo>> {
        self.operation.federation().info(key)
    }

    /// Returns today's date in London.
    pub(crate) fn today(&self) -> NaiveDate {
        let today = london_today(self.operation.federation().clock().now());
        self.reached.note(Reach::Day(today));
        today
    }

    pub(crate) fn settings(&self) -> &'c GraphSettings {
        self.operation.settings()
    }

    /// Takes a search from the budget and returns the query's context. If no search is left, the operation ends.
    pub(crate) async fn searching(&self) -> &'c QueryContext {
        self.reached.note(Reach::Anything);
        self.operation.budget().take_search(self.path).await;
        self.operation.asking()
    }

    /// Takes a record from the budget and returns the query's context. If none is left, the operation ends.
    pub(crate) async fn reading(&self) -> &'c QueryContext {
        self.reached.note(Reach::Anything);
        self.operation.budget().take_reading(self.path).await;
        self.operation.asking()
    }

    /// If `if_any`, makes sure that place names from addresses have been learnt.
    pub(crate) async fn knowing_names(&self, if_any: bool) {
        if if_any {
            self.federation().places.know_names(self.searching().await).await;
        }
    }
}
