//! The public contract: thin views over records, argument parsing, connections, limits and error codes.
//! No I/O of its own: what a record does not carry is asked of the federation.

mod admit;
mod answer;
mod budget;
mod detail;
mod error;
mod faults;
mod graph;
mod incomplete;
mod input;
mod lessons;
mod limits;
mod lookup;
mod meant_places;
mod notice;
mod order;
mod paging;
mod query;
mod reach;
mod scalars;
mod schema;
mod settings;
mod size;
mod types;

pub use answer::{Answer, Execute, Freshness, Outcome, Prepared};
pub use error::ErrorCode;
pub use graph::Graph;
pub use schema::sdl;
pub use settings::GraphSettings;
