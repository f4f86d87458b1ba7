//! Records that are asked for by their ids: written from their records, or as they were written before.

use std::sync::Arc;

use async_graphql::registry::Registry;

use crate::federation::StoredRecord;
use crate::graphql::context::FieldContext;
use crate::graphql::error::ApiError;
use crate::graphql::output::{FieldOutput, GraphObject};
use crate::graphql::plan::FieldPlan;
use crate::graphql::walk::{OutputWalk, WriteResult};
use crate::model::{AnyRecord, Record, RecordId, Rendering};

/// A record that was asked for by its id.
pub(crate) enum RecordById<V> {
    /// As its source has it.
    Read(V),
    /// As it is stored.
    Stored(V, StoredRecord),
    /// As it was written before from what is stored.
    Written(Rendering),
}

/// Returns the record with this id: from what is stored, and else as `ask` finds it.
pub(crate) async fn record_by_id<R, V, F>(
    ctx: &FieldContext<'_>,
    id: Result<RecordId, ApiError>,
    view: fn(Arc<R>) -> V,
    ask: impl FnOnce(RecordId) -> F,
) -> Option<Result<RecordById<V>, ApiError>>
where
    R: Record,
    Arc<R>: TryFrom<AnyRecord>,
    V: GraphObject,
    F: Future<Output = Result<Option<V>, ApiError>>,
{
    let id = match id {
        Ok(id) => id,
        Err(error) => return Some(Err(error)),
    };
    let shape = ctx.field().selected(V::NAME).shape();
    if let Some(stored) = ctx.federation().records.stored(&id) {
        if let Some(rendering) = stored.rendering(shape) {
            ctx.reading().await.hold(rendering.bytes.len()).await;
            return Some(Ok(RecordById::Written(rendering)));
        }
        if let Some(record) = stored.read::<R>() {
            ctx.reading().await.hold(record.weight()).await;
            return Some(Ok(RecordById::Stored(view(record), stored)));
        }
    }
    ask(id).await.map(|found| found.map(RecordById::Read)).transpose()
}

impl<V: GraphObject> FieldOutput for RecordById<V> {
    fn register(registry: &mut Registry) -> String {
        V::register(registry)
    }

    fn write<'r>(&self, field: &'r FieldPlan, walk: &mut OutputWalk<'r>) -> WriteResult {
        match self {
            Self::Read(view) => view.write(field, walk),
            Self::Stored(view, stored) => {
                let shape = field.selected(V::NAME).shape();
                walk.render(
                    shape,
                    |walk| view.write(field, walk),
                    |rendering| stored.hold_rendering(rendering),
                )
            }
            Self::Written(rendering) => walk.write_again(rendering),
        }
    }
}
