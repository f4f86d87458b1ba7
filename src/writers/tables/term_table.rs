//! The table of taxonomy terms.

use std::sync::Arc;

use super::RowsOf;
use super::service_columns::columns;
use crate::model::TaxonomyTerm;
use crate::writers::export_column::{ExportColumn, ExportRow};
use crate::writers::row_context::RowContext;

/// One row of the table of taxonomy terms.
#[derive(Debug)]
pub struct TermRow {
    term: Arc<TaxonomyTerm>,
    context: Arc<RowContext>,
}

impl ExportRow for TermRow {
    type Record = TaxonomyTerm;
    const COLUMNS: &'static [ExportColumn<Self>] = columns! {
        "id", "The id of the term in this gateway: opaque, stable, and unique over all sources.",
            |row| (&row.term.id).into();
        "name", "The name of the term.", |row| row.term.name.as_str().into();
        "code", "Its code in its vocabulary.", |row| row.term.code.as_deref().into();
        "description", "What it means.", |row| row.term.description.as_deref().into();
        "language", "The ISO 639 code of the name's language.", |row| row.term.language.as_deref().into();
        "term_uri", "Its URI.", |row| row.term.term_uri.as_ref().into();
        "taxonomy", "The name of its vocabulary.",
            |row| {
                let carried = row.term.taxonomy.as_ref().map(|taxonomy| taxonomy.name.as_str());
                row.term.taxonomy_name.as_deref().or(carried).into()
            };
        "taxonomy_id", "The id of its vocabulary.", |row| row.term.taxonomy_id.as_ref().into();
        "parent_id", "The id of the broader term.", |row| row.term.parent_id.as_ref().into();
    };

    fn rows(record: &Arc<TaxonomyTerm>, _: RowsOf, context: &Arc<RowContext>) -> Vec<Self> {
        vec![Self { term: Arc::clone(record), context: Arc::clone(context) }]
    }

    fn record(&self) -> &TaxonomyTerm {
        &self.term
    }

    fn context(&self) -> &RowContext {
        &self.context
    }
}
