//! What all parts of a record have: an id, annotations, and a history.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::super::lenient::{ObjectMembers, ObjectStep, PartKind};
use super::attribute::attributes;
use super::taxonomy::metadata;
use crate::model::{RecordId, RecordKind, RecordPart};

/// Takes the parts of one kind.
pub(in crate::source::dialects) fn parts<T>(
    members: &mut ObjectMembers<'_>,
    kind: &PartKind,
    read: impl Fn(&mut ObjectMembers<'_>, RecordPart) -> T,
) -> Vec<Arc<T>> {
    members.list(kind.member, kind.names, kind.bare, |outer, step, object| {
        Some(part(outer, step, object, kind, &read))
    })
}

/// Takes the one part of a kind.
pub(in crate::source::dialects) fn one_part<T>(
    members: &mut ObjectMembers<'_>,
    kind: &PartKind,
    read: impl Fn(&mut ObjectMembers<'_>, RecordPart) -> T,
) -> Option<Arc<T>> {
    members.one(kind.member, kind.names, kind.bare, |outer, step, object| {
        Some(part(outer, step, object, kind, &read))
    })
}

/// Reads one part of a kind.
pub(in crate::source::dialects) fn part<T>(
    outer: &ObjectMembers<'_>,
    step: ObjectStep<'_>,
    object: Map<String, Value>,
    kind: &PartKind,
    read: impl Fn(&mut ObjectMembers<'_>, RecordPart) -> T,
) -> T {
    inside(outer, step, object, kind, |members, id| {
        let (attributes, metadata) = (attributes(members), metadata(members));
        let part = RecordPart { id, attributes, metadata, of_contact: members.of_contact() };
        read(members, part)
    })
}

/// Reads an object that has an id, but nothing else in common with other parts.
pub(in crate::source::dialects) fn inside<T>(
    outer: &ObjectMembers<'_>,
    step: ObjectStep<'_>,
    object: Map<String, Value>,
    kind: &PartKind,
    read: impl FnOnce(&mut ObjectMembers<'_>, crate::model::PartId) -> T,
) -> T {
    let mut members = ObjectMembers::of_part(object, outer, step);
    let id = members.part_id(kind);
    let thing = read(&mut members, id);
    members.close();
    thing
}

/// Takes the id of a record of another kind. The id of the record nested beside it takes precedence.
pub(in crate::source::dialects) fn reference(
    members: &mut ObjectMembers<'_>,
    names: &[&str],
    kind: RecordKind,
    nested: Option<&RecordId>,
) -> Option<RecordId> {
    members
        .reference(names, nested.map(RecordId::upstream))
        .map(|id| RecordId::new(kind, members.source(), &id))
}
