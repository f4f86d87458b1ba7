//! The use cases over all sources: who is asked, how answers merge, what each source reports.

mod state;

pub use state::{SourceError, SourceErrorCode, SourceInfo, SourceState, SourceStatus};
