//! The input types of the graph, and their conversion to the model's queries.

mod accessibility;
mod capacity;
mod change_filter;
mod cost;
mod group_order;
mod identifier;
mod issue;
mod location_filter;
mod missing;
mod near;
mod open;
mod organization_filter;
mod place;
mod service_filter;
mod service_order;
mod sources;
mod taxonomy_term_filter;
mod taxonomy_terms;
#[cfg(test)]
mod tests;
mod text;
mod within_box;
mod words;

use super::error::ApiError;

pub(super) use change_filter::ChangeFilterInput;
pub(super) use group_order::GroupOrderInput;
pub(super) use location_filter::LocationFilterInput;
pub(super) use organization_filter::OrganizationFilterInput;
pub(super) use service_filter::ServiceFilterInput;
pub(super) use service_order::ServiceOrderInput;
pub(super) use sources::known as known_sources;
pub(super) use taxonomy_term_filter::TaxonomyTermFilterInput;

/// The most entries of a list in a filter. Every entry is compared with every record.
const MAX_ENTRIES: usize = 100;

fn bounded<T>(argument: &str, entries: Option<Vec<T>>) -> Result<Option<Vec<T>>, ApiError> {
    match entries {
        Some(entries) if entries.len() > MAX_ENTRIES => {
            let message =
                format!("`{argument}` has {} entries; at most {MAX_ENTRIES} are allowed", entries.len());
            Err(ApiError::bad_input(message))
        }
        entries => Ok(entries),
    }
}
