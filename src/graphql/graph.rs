//! The graph: one schema over one federation, with its limits.

use std::sync::Arc;

use async_graphql::{EmptyMutation, EmptySubscription, Request, Response, Schema};

use super::answer::{Answer, Execute};
use super::query::Query;
use super::types::Standing;
use super::{GraphSettings, admit, limits, schema};
use crate::federation::{Asking, Federation};

/// The graph over all sources.
pub struct Graph {
    schema: Schema<Query, EmptyMutation, EmptySubscription>,
    settings: Arc<GraphSettings>,
}

impl Graph {
    /// Over these sources, within these limits.
    pub fn new(federation: Arc<Federation>, settings: GraphSettings) -> Self {
        let settings = Arc::new(settings);
        let schema = schema::build()
            .limit_recursive_depth(limits::MAX_NESTING)
            .data(Standing::new(&schema::sdl(), federation.clock()))
            .data(federation)
            .data(Arc::clone(&settings))
            .finish();
        Self { schema, settings }
    }
}

impl Execute for Graph {
    async fn execute(&self, mut request: Request) -> Answer {
        if let Err(refusal) = admit::admit(&mut request, &self.settings) {
            return Answer::new(Response::from_errors(vec![*refusal]), None);
        }
        let asking = Arc::new(Asking::begin());
        let response = self.schema.execute(request.data(Arc::clone(&asking))).await;
        Answer::new(response, Some(&asking))
    }
}
