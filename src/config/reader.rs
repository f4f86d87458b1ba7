//! Reads a TOML document into sections, continuing after each problem to find them all.

mod report;
mod table;

use std::ops::Range;

use serde_spanned::Spanned;
use toml::de::{DeTable, DeValue};

pub(super) use report::Report;
pub(super) use table::read_table;

use super::interpolate::Environment;
use super::problem::Problem;
use super::section::Section;

/// A value of the document, and its key.
pub(super) struct Found<'a> {
    pub(super) key: String,
    pub(super) span: Range<usize>,
    pub(super) value: &'a DeValue<'a>,
}

impl<'a> Found<'a> {
    /// Returns an item of this array.
    pub(super) fn item(&self, index: usize, item: &'a Spanned<DeValue<'a>>) -> Self {
        Self { key: format!("{}[{index}]", self.key), span: item.span(), value: item.get_ref() }
    }

    /// Returns a member of this table.
    pub(super) fn member(&self, name: &str, member: &'a Spanned<DeValue<'a>>) -> Self {
        Self { key: self.path(name), span: member.span(), value: member.get_ref() }
    }

    /// Returns the path of a key of this table, written or not.
    pub(super) fn path(&self, name: &str) -> String {
        let bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let name = if name.chars().all(bare) { name.to_owned() } else { format!("{name:?}") };
        if self.key.is_empty() { name } else { format!("{}.{name}", self.key) }
    }
}

/// Reads a document over the defaults in `section`.
///
/// # Errors
/// All problems, ordered by line.
pub(super) fn read<S: Section>(mut section: S, text: &str, env: Environment<'_>) -> Result<S, Vec<Problem>> {
    let (document, errors) = DeTable::parse_recoverable(text);
    let mut report = Report::new(text, env, &errors);
    let root = DeValue::Table(document.into_inner());
    read_table(&mut report, &Found { key: String::new(), span: 0..0, value: &root }, &mut section);
    report.finish().map(|()| section)
}
