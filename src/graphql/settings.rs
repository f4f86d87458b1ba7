//! What an operator decides about the graph.

use std::time::Duration;

use crate::federation::PageSizes;
use crate::model::DangerNotice;

/// The limits and switches of the graph. The defaults are the contract's.
#[derive(Clone, Debug)]
pub struct GraphSettings {
    /// The gateway's release, as `meta.version` tells it.
    pub version: String,
    /// Whether clients may ask for the schema.
    pub introspection: bool,
    /// Whether the graph is a subgraph too, with fields for routers.
    pub federation: bool,
    /// Deepest nesting of fields.
    pub max_depth: usize,
    /// Highest cost of an operation: one for each field, times the size of the page it stands in.
    pub max_complexity: usize,
    /// Most aliases in an operation, fragments counted where they are spread.
    pub max_aliases: usize,
    /// Most fields at the root of an operation.
    pub max_root_fields: usize,
    /// Most lexical tokens in a document.
    pub max_tokens: usize,
    /// Most directives in an operation.
    pub max_directives: usize,
    /// Most elements of lists and records read by id in one answer.
    pub max_nodes: usize,
    /// Most bytes of one answer.
    pub max_answer: usize,
    /// Longest an operation runs.
    pub request_timeout: Duration,
    /// Most searches one operation makes.
    pub max_searches: usize,
    /// Largest page a client may ask for.
    pub max_page_size: usize,
    /// Size of a page where the client asks for none.
    pub default_page_size: usize,
    /// What is said where a phrase speaks of danger; nothing where there is none.
    pub notice: Option<DangerNotice>,
}

impl Default for GraphSettings {
    fn default() -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION").to_owned(),
            introspection: true,
            federation: false,
            max_depth: 16,
            max_complexity: 20_000,
            max_aliases: 50,
            max_root_fields: 20,
            max_tokens: 5_000,
            max_directives: 50,
            max_nodes: 100_000,
            max_answer: 10 << 20,
            request_timeout: Duration::from_secs(15),
            max_searches: 1_000,
            max_page_size: 100,
            default_page_size: 20,
            notice: Some(DangerNotice::default()),
        }
    }
}

impl GraphSettings {
    pub(super) fn paging(&self) -> PageSizes {
        PageSizes { default_size: self.default_page_size, max_size: self.max_page_size }
    }
}
