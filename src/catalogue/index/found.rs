//! The services that a condition finds in one segment, as a set that can be joined with others.

use std::sync::Arc;

use roaring::RoaringBitmap;
use tantivy::{DocId, Score};

/// A service of a segment and its score inside the index: in tenths, so that sums are exact in any order.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ScoredDocument {
    pub(super) document: DocId,
    pub(super) score: Score,
}

/// Services of a segment, in order. May include removed services.
#[derive(Clone, Debug)]
pub(super) enum SegmentMatches {
    /// Services without scores.
    Unscored(Arc<RoaringBitmap>),
    /// Services, with how well their words answer.
    Scored(Arc<[ScoredDocument]>),
}

impl SegmentMatches {
    pub(super) fn len(&self) -> u64 {
        match self {
            Self::Unscored(set) => set.len(),
            Self::Scored(services) => services.len() as u64,
        }
    }

    /// Passes each service with its score to `take`. The score is 0 if words do not count.
    pub(super) fn each(&self, mut take: impl FnMut(DocId, Score)) {
        match self {
            Self::Unscored(set) => set.iter().for_each(|document| take(document, 0.0)),
            Self::Scored(services) => services.iter().for_each(|one| take(one.document, one.score)),
        }
    }

    pub(super) fn documents(&self) -> Vec<DocId> {
        let mut documents = Vec::with_capacity(usize::try_from(self.len()).unwrap_or(0));
        self.each(|document, _| documents.push(document));
        documents
    }

    /// Returns the services in both sets, with the sum of their scores.
    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unscored(one), Self::Unscored(other)) => Self::Unscored(Arc::new(&*one & &*other)),
            (Self::Unscored(set), Self::Scored(services)) | (Self::Scored(services), Self::Unscored(set)) => {
                Self::Scored(of_set(&services, &set))
            }
            (Self::Scored(some), Self::Scored(others)) => Self::Scored(in_both(&some, &others)),
        }
    }

    /// Returns the services without scores.
    pub(super) fn unscored(self) -> Arc<RoaringBitmap> {
        match self {
            Self::Unscored(set) => set,
            Self::Scored(services) => Arc::new(services.iter().map(|one| one.document).collect()),
        }
    }
}

fn of_set(services: &[ScoredDocument], set: &RoaringBitmap) -> Arc<[ScoredDocument]> {
    if (services.len() as u64) < set.len() {
        return services.iter().filter(|one| set.contains(one.document)).copied().collect();
    }
    // Merging in order is faster than looking up each service.
    let mut services = services.iter().peekable();
    let both = set.iter().filter_map(|document| {
        while services.next_if(|one| one.document < document).is_some() {}
        services.next_if(|one| one.document == document).copied()
    });
    both.collect()
}

fn in_both(some: &[ScoredDocument], others: &[ScoredDocument]) -> Arc<[ScoredDocument]> {
    let mut others = others.iter().peekable();
    let both = some.iter().filter_map(|one| {
        while others.next_if(|other| other.document < one.document).is_some() {}
        let other = others.next_if(|other| other.document == one.document)?;
        Some(ScoredDocument { score: one.score + other.score, ..*one })
    });
    both.collect()
}
