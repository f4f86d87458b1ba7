//! The GraphQL schema: types that read records, the parsing of arguments, connections, limits and error codes. This
//! module does no I/O: it asks the federation for what a record does not carry.

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
mod lexemes;
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
pub(crate) use lexemes::{Lexeme, Lexemes};
pub use schema::{sdl, served_sdl};
pub use settings::GraphSettings;
pub use subgraph::subgraph_sdl;
