//! Answers the root's fields, in one file each: reads the arguments, asks `federation`, and returns views of the
//! results. `query` declares the fields.

mod changes;
mod locations;
mod nodes;
mod organizations;
mod places;
mod services;
mod sources;
mod statistics;
mod suggest;
mod taxonomies;
mod term_groups;

pub(super) use changes::{DEFAULT_CHANGES, changes};
pub(super) use locations::locations;
pub(super) use nodes::nodes;
pub(super) use organizations::organizations;
pub(super) use places::{DEFAULT_PLACES, MAX_PLACES, bounded_name, place, places};
pub(super) use services::services;
pub(super) use sources::sources;
pub(super) use statistics::{DEFAULT_ROWS, GroupArguments, MAX_ROWS, statistics};
pub(super) use suggest::{MAX_SUGGESTIONS, suggest};
pub(super) use taxonomies::{taxonomies, taxonomy_terms};
pub(super) use term_groups::term_groups;
