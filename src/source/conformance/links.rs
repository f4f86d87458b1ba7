//! Which records a row contains, and which it only refers to. A reference dangles if the feed has no such record.

use std::hash::BuildHasher as _;

use foldhash::fast::FixedState;

use super::issues::presentable;
use crate::model::{Record, RecordId, RecordKind};

/// What one row contains and refers to.
#[derive(Clone, Debug, Default)]
pub(super) struct RowLinks {
    /// The records in the row, including itself. Services at locations are left out, because nothing refers to them.
    pub held: Vec<RecordMark>,
    /// The records that the row refers to without containing them.
    pub named: Vec<RowLink>,
}

/// A hash that stands for a record's kind and id. A collision would hide one fault among millions.
pub(super) type RecordMark = u64;

/// A reference to a record.
#[derive(Clone, Debug)]
pub(super) struct RowLink {
    /// The record.
    pub target: RecordMark,
    /// The kind of the record.
    pub kind: RecordKind,
    /// The path of the reference, without indices.
    pub path: String,
}

impl RowLinks {
    /// Collects the links of a record and of all records nested in it.
    pub(super) fn of(record: &dyn Record) -> Self {
        let mut links = Self::default();
        links.gather(record, None);
        links
    }

    // Recursion is bounded, because dialects limit how deep records nest.
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

/// The path at which a record is nested. It becomes text only when a reference needs it.
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
