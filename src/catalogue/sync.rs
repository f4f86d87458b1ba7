//! Synchronising.

mod plan;
mod progress;
mod sort;
mod state;
mod worth;
pub use plan::Doubt;
pub use progress::{Phase, Progress};
