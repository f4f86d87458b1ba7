//! How the synchronisation of a source ended, in words.

use crate::cli::probed::counted;
use crate::model::SourceKey;
use crate::sync::SyncOutcome;

/// Describes the end of a source in a line of its own.
pub(super) fn ending_line(key: &SourceKey, outcome: &SyncOutcome, services: u64) -> String {
    let came_to = match outcome {
        SyncOutcome::Whole => "read completely".to_owned(),
        SyncOutcome::Partial(error) => format!("read only in part: {}", error.message),
        SyncOutcome::BrokenOff(error) => {
            format!("interrupted: {}; the next run resumes from there", error.message)
        }
        SyncOutcome::NotKept(reason) => format!("not stored: {reason}"),
    };
    format!("{key}: {} stored, {came_to}", services_counted(services))
}

/// Describes the end of a source beside its name, in a line that may be cut.
pub(super) fn ending_beside_name(outcome: &SyncOutcome, services: u64) -> String {
    match outcome {
        SyncOutcome::Whole => format!("done: {}", services_counted(services)),
        SyncOutcome::Partial(error) => format!("done in part: {}", error.message),
        SyncOutcome::BrokenOff(error) => format!("failed: {}", error.message),
        SyncOutcome::NotKept(reason) => format!("not stored: {reason}"),
    }
}

fn services_counted(services: u64) -> String {
    counted(usize::try_from(services).unwrap_or(usize::MAX), "service")
}
