//! What clients ask with, and how it becomes the model's questions.

mod identifier;
mod organization_filter;
mod service_filter;
mod sources;
mod taxonomy_term_filter;
mod taxonomy_terms;

pub(super) use organization_filter::OrganizationFilterInput;
pub(super) use service_filter::ServiceFilterInput;
pub(super) use sources::known as known_sources;
pub(super) use taxonomy_term_filter::TaxonomyTermFilterInput;
