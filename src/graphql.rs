//! The public contract: thin views over records, argument parsing, connections, limits and error codes.
//! No I/O of its own: what a record does not carry is asked of the federation.

mod answer;
mod budget;
mod context;
mod detail;
mod documents;
mod enums;
mod error;
mod exports;
mod fields;
mod graph;
mod incomplete;
mod input;
mod introspection;
mod lessons;
mod limits;
mod lookup;
mod meant_places;
mod notice;
mod operation;
mod output;
mod paging;
mod plan;
mod query;
mod scalars;
mod schema;
mod selected_rows;
mod settings;
mod subgraph;
mod types;
mod variables;
mod walk;
mod written_value;

pub use answer::{
    AnswerExtensions, ExecuteOperations, KeepingTime, OperationAnswer, OperationOutcome, PreparedOperation,
    WrittenData,
};
pub use documents::PlannedOperation;
pub use error::ErrorCode;
pub use exports::{DemandedServices, ExportedList, OpenExports, OpenedExport, PreparedExport};
pub use graph::ServiceGraph;
pub use schema::{sdl, served_sdl};
pub use settings::GraphSettings;
pub use subgraph::subgraph_sdl;
