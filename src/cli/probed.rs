//! Reports of probes, for people and for scripts.

mod json;
mod table;

use clap::ValueEnum;

pub(super) use json::json;
pub(super) use table::{counted, described, overview};

/// The format of a report.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum ReportFormat {
    /// For people.
    Text,
    /// For scripts.
    Json,
}
