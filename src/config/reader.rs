//! Reads a TOML document into sections, continuing after each problem to find them all.

mod report;
mod table;

use std::ops::Range;

use serde_spanned::Spanned;
use toml::de::{DeTable, DeValue};

pub(super) use report::ProblemReport;
pub(super) use table::read_table;

use super::interpolate::VariableLookup;
use super::problem::ConfigProblem;
use super::section::ConfigSection;

/// A value of the document, and its key.
pub(super) struct FoundValue<'a> {
    pub(super) key: String,
    pub(super) span: Range<usize>,
    pub(super) value: &'a DeValue<'a>,
}

impl<'a> FoundValue<'a> {
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
pub(super) fn read<S: ConfigSection>(
    mut section: S,
    text: &str,
    env: VariableLookup<'_>,
) -> Result<S, Vec<ConfigProblem>> {
    let (document, errors) = DeTable::parse_recoverable(text);
    let mut report = ProblemReport::new(text, env, &errors);
    let root = DeValue::Table(document.into_inner());
    read_table(&mut report, &FoundValue { key: String::new(), span: 0..0, value: &root }, &mut section);
    report.finish().map(|()| section)
}
