//! The settings of the graph.

use std::time::Duration;

use crate::federation::PageSizes;
use crate::model::DangerNotice;

/// The limits and switches of the graph. The defaults are part of the contract.
#[derive(Clone, Debug)]
pub struct GraphSettings {
    /// The gateway's release, as in `meta.version`.
    pub version: String,
    /// Whether clients may read the schema through introspection.
    pub introspection: bool,
    /// Whether the graph is also a subgraph, with fields for federation routers.
    pub federation: bool,
    /// The deepest nesting of fields.
    pub max_depth: usize,
    /// The highest cost of an operation, in points.
    pub max_complexity: usize,
    /// The most aliases in an operation. Fragments count where they are spread.
    pub max_aliases: usize,
    /// The most fields at the root of an operation.
    pub max_root_fields: usize,
    /// The most lexical tokens in a document.
    pub max_tokens: usize,
    /// The most directives in an operation.
    pub max_directives: usize,
    /// The most list elements and records read by id in one response.
    pub max_nodes: usize,
    /// The most bytes in one response.
    pub max_answer: usize,
    /// The longest time that an operation may run.
    pub request_timeout: Duration,
    /// The most searches in one operation.
    pub max_searches: usize,
    /// The largest page that a client may ask for.
    pub max_page_size: usize,
    /// The size of a page if the client does not give one.
    pub default_page_size: usize,
    /// The notice to show if a phrase mentions danger. `None` turns the notice off.
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
