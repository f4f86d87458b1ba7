//! The public contract: thin views over records, argument parsing, connections, limits and error codes.

mod answer;

pub use answer::{Answer, Execute, Freshness, Outcome};
