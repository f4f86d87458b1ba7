//! Writes GeoJSON (RFC 7946): one feature for each row, with the longitude before the latitude. A row without a known
//! position has the geometry `null`.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::export_column::{ColumnValue, ExportColumn, ExportRow};
use super::export_document::{ExportDocument, ExportHead};
use super::row_context::RowContext;
use super::tables::RowsOf;
use crate::model::{Coordinates, SourceKey};

/// A row that may have a position on a map.
pub trait PlacedRow: ExportRow {
    /// Returns an id that no other row of the document has.
    fn feature_id(&self) -> String;

    /// Returns the position of the row. `None` if it is not known.
    fn point(&self) -> Option<Coordinates>;
}

/// A feature collection of rows of one kind.
pub struct GeoJsonFeatures<R: PlacedRow> {
    columns: Vec<ExportColumn<R>>,
    context: Arc<RowContext>,
}

impl<R: PlacedRow> GeoJsonFeatures<R> {
    /// Returns a collection whose features have these columns as properties.
    pub fn new(columns: Vec<ExportColumn<R>>, context: Arc<RowContext>) -> Self {
        Self { columns, context }
    }

    fn feature(&self, row: &R) -> Value {
        let properties: Map<String, Value> = self
            .columns
            .iter()
            .map(|column| (column.name.to_owned(), property((column.read)(row))))
            .collect();
        json!({
            "type": "Feature",
            "id": row.feature_id(),
            "geometry": row.point().map(|point| json!({
                "type": "Point",
                "coordinates": [point.longitude, point.latitude],
            })),
            "properties": properties,
        })
    }
}

impl<R: PlacedRow> ExportDocument<R::Record> for GeoJsonFeatures<R> {
    fn begin(&self, head: &ExportHead) -> Vec<u8> {
        let incomplete: Vec<Value> = head
            .incomplete
            .iter()
            .map(|(source, status)| json!({ "source": source.as_str(), "status": status }))
            .collect();
        let mut publications: Vec<_> = self.context.publications.iter().collect();
        publications.sort_by_key(|(key, _)| *key);
        let sources: Vec<Value> = publications.into_iter().map(source).collect();
        let members = [
            ("type", json!("FeatureCollection")),
            ("complete", json!(incomplete.is_empty())),
            ("incomplete", incomplete.into()),
            ("dataVersion", json!(head.data_version)),
            ("sources", sources.into()),
        ];
        let members: Vec<String> =
            members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
        format!("{{{},\"features\":[", members.join(",")).into_bytes()
    }

    fn records(&self, records: &[Arc<R::Record>], is_first: bool) -> Vec<u8> {
        let mut written = Vec::new();
        for row in records.iter().flat_map(|record| R::rows(record, RowsOf::Places, &self.context)) {
            let is_first = is_first && written.is_empty();
            written.extend_from_slice(if is_first { b"\n" } else { b",\n" });
            // Writing to memory cannot fail.
            let _ = serde_json::to_writer(&mut written, &self.feature(&row));
        }
        written
    }

    fn end(&self) -> Vec<u8> {
        b"\n]}\n".to_vec()
    }
}

fn source((key, publication): (&SourceKey, &super::SourcePublication)) -> Value {
    json!({
        "source": key.as_str(),
        "name": publication.name,
        "publisher": publication.publisher,
        "licence": publication.licence,
        "licenceUrl": publication.licence_url,
        "attribution": publication.attribution,
    })
}

fn property(value: ColumnValue<'_>) -> Value {
    match value {
        ColumnValue::Nothing => Value::Null,
        ColumnValue::Text(text) => text.into(),
        ColumnValue::Texts(texts) => Value::Array(texts.into_iter().map(Value::from).collect()),
        ColumnValue::Number(number) => json!(number),
        ColumnValue::Truth(is) => is.into(),
    }
}
