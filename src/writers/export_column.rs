//! Columns of exported tables. Each column is declared once, with its name, its description and the function that reads
//! it from a row. CSV files, GeoJSON properties, the `fields` parameter and the documentation all use these
//! declarations.

use std::borrow::Cow;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use url::Url;

use super::row_context::{RowContext, SourcePublication};
use super::tables::RowsOf;
use crate::model::{Provenance, Record, RecordId, RichText, TriState, near_names};

/// A column of rows of one kind.
#[derive(Debug)]
pub struct ExportColumn<R: 'static> {
    /// The name in the header and in the `fields` parameter.
    pub name: &'static str,
    /// What the column contains, for the documentation.
    pub description: &'static str,
    pub(super) read: for<'r> fn(&'r R) -> ColumnValue<'r>,
}

impl<R> Clone for ExportColumn<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for ExportColumn<R> {}

/// The value of a column in one row.
#[derive(Clone, Debug, PartialEq)]
pub enum ColumnValue<'r> {
    /// No value: the record does not state one.
    Nothing,
    /// A text.
    Text(Cow<'r, str>),
    /// Several texts, in order and without repeats.
    Texts(Vec<Cow<'r, str>>),
    /// A number.
    Number(f64),
    /// A boolean, written `true` or `false`.
    Truth(bool),
}

/// A kind of exported row. One record may have several rows.
pub trait ExportRow: Sized + Send + Sync + 'static {
    /// The kind of record that the rows are made from.
    type Record: Record + Send + Sync + 'static;
    /// The columns of this kind of row, without the columns about provenance that all kinds have.
    const COLUMNS: &'static [ExportColumn<Self>];

    /// Returns the rows of a record.
    fn rows(record: &Arc<Self::Record>, of: RowsOf, context: &Arc<RowContext>) -> Vec<Self>;

    /// Returns the record that the row was made from.
    fn record(&self) -> &Self::Record;

    /// Returns what all rows of the export have in common.
    fn context(&self) -> &RowContext;
}

/// The error that a requested column does not exist.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownColumn {
    /// The name that was requested.
    pub name: String,
    /// The names of existing columns that are similar, the most similar first.
    pub near: Vec<&'static str>,
}

/// Returns all columns of a kind of row, in order, including those about provenance.
pub fn all_columns<R: ExportRow>() -> impl Iterator<Item = ExportColumn<R>> {
    R::COLUMNS.iter().chain(ProvenanceColumns::<R>::COLUMNS).copied()
}

/// Returns the columns that a comma-separated list names, in the order of the list; all columns if the list is empty.
/// Names match regardless of case, `_` and `-`.
///
/// # Errors
/// If the list names a column that does not exist.
pub fn chosen_columns<R: ExportRow>(list: &str) -> Result<Vec<ExportColumn<R>>, UnknownColumn> {
    let mut chosen: Vec<ExportColumn<R>> = Vec::new();
    for name in list.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let column = all_columns::<R>().find(|column| is_called(column.name, name)).ok_or_else(|| {
            let near = near_names(name, all_columns::<R>().map(|column| column.name), 3);
            let near = near.iter().filter_map(|near| all_columns::<R>().find(|one| one.name == *near));
            UnknownColumn { name: name.to_owned(), near: near.map(|column| column.name).collect() }
        })?;
        if chosen.iter().all(|one| one.name != column.name) {
            chosen.push(column);
        }
    }
    Ok(if chosen.is_empty() { all_columns::<R>().collect() } else { chosen })
}

fn is_called(name: &str, asked: &str) -> bool {
    let letters = |text: &str| -> String {
        text.chars().filter(|c| !matches!(c, '_' | '-')).flat_map(char::to_lowercase).collect()
    };
    letters(name) == letters(asked)
}

/// The columns about provenance, which all kinds of rows have.
struct ProvenanceColumns<R>(std::marker::PhantomData<R>);

impl<R: ExportRow> ProvenanceColumns<R> {
    const COLUMNS: &'static [ExportColumn<R>] = &[
        ExportColumn {
            name: "source",
            description: "The key of the source that the record comes from.",
            read: |row| id(row).source().as_str().into(),
        },
        ExportColumn {
            name: "publisher",
            description: "Who publishes the source; its name if the publisher is not configured.",
            read: |row| {
                let publication = publication(row);
                publication.map(|one| one.publisher.as_deref().unwrap_or(&one.name)).into()
            },
        },
        ExportColumn {
            name: "publisher_url",
            description: "The publisher's page about the source.",
            read: |row| publication(row).and_then(|one| one.homepage.as_deref()).into(),
        },
        ExportColumn {
            name: "licence",
            description: "The licence of the data: an SPDX id, or the licence's name.",
            read: |row| publication(row).and_then(|one| one.licence.as_deref()).into(),
        },
        ExportColumn {
            name: "licence_url",
            description: "The text of the licence.",
            read: |row| publication(row).and_then(|one| one.licence_url.as_deref()).into(),
        },
        ExportColumn {
            name: "attribution",
            description: "Words that the licence asks you to show.",
            read: |row| publication(row).and_then(|one| one.attribution.as_deref()).into(),
        },
        ExportColumn {
            name: "original_id",
            description: "The id of the record in its own feed.",
            read: |row| id(row).upstream().into(),
        },
        ExportColumn {
            name: "original_url",
            description: "The address of the record in its own feed.",
            read: |row| provenance(row).upstream_url.as_ref().into(),
        },
        ExportColumn {
            name: "last_modified",
            description: "When the publisher last changed the record, as the publisher states it (ISO 8601, UTC).",
            read: |row| provenance(row).last_modified.into(),
        },
        ExportColumn {
            name: "assured_date",
            description: "When the publisher last checked the record (ISO 8601).",
            read: |row| provenance(row).assured_date.into(),
        },
        ExportColumn {
            name: "fetched_at",
            description: "When the gateway last read the record (ISO 8601, UTC).",
            read: |row| provenance(row).fetched_at.into(),
        },
    ];
}

fn id<R: ExportRow>(row: &R) -> &RecordId {
    row.record().id()
}

fn provenance<R: ExportRow>(row: &R) -> &Provenance {
    row.record().provenance()
}

fn publication<R: ExportRow>(row: &R) -> Option<&SourcePublication> {
    row.context().publication(id(row).source())
}

impl<'r> ColumnValue<'r> {
    /// Returns a value of several texts, without empty texts and repeats.
    pub(super) fn texts(all: impl IntoIterator<Item = impl Into<Cow<'r, str>>>) -> Self {
        let mut texts: Vec<Cow<'r, str>> = Vec::new();
        for text in all.into_iter().map(Into::into) {
            if !text.trim().is_empty() && !texts.contains(&text) {
                texts.push(text);
            }
        }
        if texts.is_empty() { Self::Nothing } else { Self::Texts(texts) }
    }
}

impl<'r> From<&'r str> for ColumnValue<'r> {
    fn from(text: &'r str) -> Self {
        if text.is_empty() { Self::Nothing } else { Self::Text(text.into()) }
    }
}

impl From<String> for ColumnValue<'_> {
    fn from(text: String) -> Self {
        if text.is_empty() { Self::Nothing } else { Self::Text(text.into()) }
    }
}

impl<'r> From<&'r Url> for ColumnValue<'r> {
    fn from(url: &'r Url) -> Self {
        url.as_str().into()
    }
}

impl<'r> From<&'r RichText> for ColumnValue<'r> {
    fn from(text: &'r RichText) -> Self {
        text.text().into()
    }
}

impl<'r> From<&'r RecordId> for ColumnValue<'r> {
    fn from(id: &'r RecordId) -> Self {
        id.as_str().into()
    }
}

impl From<NaiveDate> for ColumnValue<'_> {
    fn from(date: NaiveDate) -> Self {
        date.to_string().into()
    }
}

impl From<DateTime<Utc>> for ColumnValue<'_> {
    fn from(at: DateTime<Utc>) -> Self {
        at.to_rfc3339_opts(SecondsFormat::Secs, true).into()
    }
}

impl From<f64> for ColumnValue<'_> {
    fn from(number: f64) -> Self {
        if number.is_finite() { Self::Number(number) } else { Self::Nothing }
    }
}

impl From<TriState> for ColumnValue<'_> {
    fn from(is: TriState) -> Self {
        match is {
            TriState::Yes => Self::Truth(true),
            TriState::No => Self::Truth(false),
            TriState::Unknown => Self::Nothing,
        }
    }
}

impl<T> From<Option<T>> for ColumnValue<'_>
where
    Self: From<T>,
{
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Nothing, Self::from)
    }
}
