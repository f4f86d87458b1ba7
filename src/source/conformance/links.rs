//! Which records a row holds, and which it only names: a name that none of a feed's records answers to dangles.

use std::hash::BuildHasher as _;

use foldhash::fast::FixedState;

use super::issues::presentable;
use crate::model::{Record, RecordId, RecordKind};

/// What one row holds and names.
#[derive(Clone, Debug, Default)]
pub(super) struct RowLinks {
    /// The records it holds, itself included, but for services at locations, which nothing names.
    pub held: Vec<RecordMark>,
    /// The records it names without holding them.
    pub named: Vec<RowLink>,
}

/// Stands for a record: kinds and ids in a few bytes. That two are alike would hide one fault among millions.
pub(super) type RecordMark = u64;

/// A record that is named.
#[derive(Clone, Debug)]
pub(super) struct RowLink {
    /// Which.
    pub target: RecordMark,
    /// Of which kind.
    pub kind: RecordKind,
    /// Where, without indices.
    pub path: String,
}

impl RowLinks {
    /// Those of a record and of all it holds.
    pub(super) fn of(record: &dyn Record) -> Self {
        let mut links = Self::default();
        links.gather(record, None);
        links
    }

    // Records nest as deep as a dialect reads, and no deeper.
    fn gather(&mut self, record: &dyn Record, place: Option<&HolderPath<'_>>) {
        if record.id().kind() != RecordKind::ServiceAtLocation {
            self.held.push(mark(record.id()));
        }
        for named in record.named() {
            let path = presentable(&HolderPath::path(place, &named.path));
            self.named.push(RowLink { target: mark(named.id), kind: named.id.kind(), path });
        }
        for (member, held) in record.held() {
            self.gather(held, Some(&HolderPath { around: place, member }));
        }
    }
}

/// Where a record is held: written out only where something is to be said of it.
struct HolderPath<'p> {
    around: Option<&'p HolderPath<'p>>,
    member: &'static str,
}

impl HolderPath<'_> {
    fn path(place: Option<&HolderPath<'_>>, last: &str) -> String {
        match place {
            None => last.to_owned(),
            Some(place) => format!("{}.{last}", HolderPath::path(place.around, place.member)),
        }
    }
}

fn mark(id: &RecordId) -> RecordMark {
    FixedState::with_seed(0).hash_one((id.kind(), id.upstream()))
}
