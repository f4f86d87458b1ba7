//! Values that the facts of many services share, held in memory once.

use std::collections::HashSet;

use super::ServiceFacts;
use crate::model::{NotedIssues, RecordId, SharedShapes, SourceKey};

/// The values shared: sources, organisations, terms, the outlines of areas and the issues of records.
#[derive(Debug, Default)]
pub struct SharedFacts {
    sources: HashSet<SourceKey>,
    ids: HashSet<RecordId>,
    shapes: SharedShapes,
    issues: HashSet<NotedIssues>,
}

impl ServiceFacts {
    /// Replaces values that other facts also have with shared copies.
    pub fn share(&mut self, common: &mut SharedFacts) {
        self.id.share_source(common.source(&self.id));
        self.organization.iter_mut().chain(&mut self.terms).for_each(|id| common.share(id));
        for id in self.locations.iter_mut().flatten() {
            id.share_source(common.source(id));
        }
        self.coverage.share(&mut common.shapes);
        match common.issues.get(&self.issues) {
            Some(known) => self.issues = known.clone(),
            None => {
                common.issues.insert(self.issues.clone());
            }
        }
    }
}

impl SharedFacts {
    fn share(&mut self, id: &mut RecordId) {
        match self.ids.get(id) {
            Some(known) => *id = known.clone(),
            None => {
                id.share_source(self.source(id));
                self.ids.insert(id.clone());
            }
        }
    }

    fn source(&mut self, id: &RecordId) -> SourceKey {
        if let Some(known) = self.sources.get(id.source()) {
            return known.clone();
        }
        self.sources.insert(id.source().clone());
        id.source().clone()
    }
}
