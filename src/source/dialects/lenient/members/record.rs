//! Reads records: everything with an id of its own in the feed, provenance and an `extra`.

use std::cell::{Cell, RefCell};
use std::sync::Arc;

use serde_json::{Map, Value};
use url::Url;
use uuid::Uuid;

use crate::model::{ContentHash, IssueCode, Provenance, RecordId, RecordKind, canonical_id};
use crate::source::dialect::{AnswerDepth, ReadingContext};
use crate::source::dialects::lenient::body::cut::cut_parts;
use crate::source::dialects::lenient::body::shape::ShapedMembers;
use crate::source::dialects::lenient::members::notes::RecordNotes;
use crate::source::dialects::lenient::members::object::{ObjectMembers, TakenMember, is_nothing};
use crate::source::dialects::lenient::members::republished::take_origin;
use crate::source::dialects::withheld::{self, WithheldItem, WithholdingRules};

/// What is known about a record before its members are read.
pub(in crate::source::dialects) struct RecordHead<'n> {
    /// The kind, the source and the feed's own id.
    pub id: RecordId,
    url: Cell<Option<Url>>,
    content_hash: ContentHash,
    read_bytes: usize,
    shallow: bool,
    notes: &'n RefCell<RecordNotes>,
}

/// Reads a record that is a row or a detail page, or is nested in `outer`. Returns `None` if it is empty.
///
/// `key` is the name of foreign keys that refer to the record. What `read` does not take goes to the record's extra, so
/// `read` must end with [`RecordHead::provenance`] and [`RecordHead::extra`].
pub(in crate::source::dialects) fn read_record<T>(
    row: Value,
    kind: RecordKind,
    key: &'static str,
    reading: &ReadingContext<'_>,
    outer: Option<&ObjectMembers<'_>>,
    read: impl FnOnce(&mut ObjectMembers<'_>, &RecordHead<'_>) -> T,
) -> Option<T> {
    let Value::Object(mut object) = row else { return None };
    if object.values().all(is_nothing) {
        return None;
    }
    let notes = RefCell::<RecordNotes>::default();
    withhold(kind, &mut object, reading, outer.is_none(), &notes);
    // After withholding: a part that is cut may say what is private.
    if outer.is_none() {
        cut_parts(&mut object, reading.max_parts, &mut notes.borrow_mut());
    }
    if let Some(shape) = reading.shape {
        shape(kind, &mut ShapedMembers::new(&mut object, &notes, outer));
    }
    let around = || Some(Arc::new(outer?.origin()?.without_record()));
    let origin = take_origin(&mut object).or_else(around);
    let bytes = written(&object, outer.is_some());
    let mut members = ObjectMembers::of_record(object, &notes, reading, outer, origin);
    if let Some(extra) = members.aside::<Map<String, Value>>("extra") {
        notes.borrow_mut().extra.extend(extra);
    }
    let other_notation = other_notation(members.peek("id"));
    let upstream = members.keyed_id(&["id"]);
    if let Some(TakenMember { key, value: id }) = &upstream
        && outer.is_none()
        && Uuid::try_parse(id).is_err()
    {
        members.note(IssueCode::NonStandardFormat, key, "is not a UUID", None);
    }
    let url = upstream
        .as_ref()
        .and_then(|id| page_url(reading, kind, other_notation.as_deref().unwrap_or(&id.value)));
    let upstream = upstream.map_or_else(|| derived_id(&members, kind, &bytes), |id| id.value);
    members.own(key, &upstream);
    let head = RecordHead {
        id: RecordId::new(kind, reading.source, &upstream),
        url: Cell::new(url),
        content_hash: ContentHash::of(&bytes),
        read_bytes: bytes.len(),
        shallow: outer.is_some() || reading.depth == AnswerDepth::List,
        notes: &notes,
    };
    Some(read(&mut members, &head))
}

impl RecordHead<'_> {
    /// Returns the record's provenance with its issues. Must be called after all members have been read.
    pub(in crate::source::dialects) fn provenance(&self, members: &mut ObjectMembers<'_>) -> Provenance {
        members.close();
        let reading = members.reading();
        Provenance {
            upstream_url: self.url.take(),
            fetched_at: reading.fetched_at,
            fresh_until: reading.fresh_until,
            last_modified: None,
            assured_date: None,
            assurer_email: None,
            shallow: self.shallow,
            content_hash: self.content_hash,
            issues: self.notes.borrow_mut().take_issues(),
            read_bytes: self.read_bytes,
            origin: members.origin().cloned(),
        }
    }

    /// Returns the unread members. Must be called after [`RecordHead::provenance`].
    pub(in crate::source::dialects) fn extra(&self) -> Map<String, Value> {
        std::mem::take(&mut self.notes.borrow_mut().extra)
    }
}

// A row contains all nested records, so it is searched once. Each record notes what it says about its own place.
fn withhold(
    kind: RecordKind,
    object: &mut Map<String, Value>,
    reading: &ReadingContext<'_>,
    is_row: bool,
    notes: &RefCell<RecordNotes>,
) {
    let rules = WithholdingRules { omits_assurers: reading.omits_assurers, known: reading.kept_back };
    let row = if is_row { withheld::withhold(kind, object, rules, reading.signs) } else { Vec::new() };
    let own = reading.may_hide_places().then(|| withheld::kept_back(kind, object)).flatten();
    for WithheldItem { path, message } in row.into_iter().chain(own) {
        notes.borrow_mut().issue(IssueCode::Withheld, path, message.to_owned(), None);
    }
}

// Returns the id as sent, if the gateway uses another notation: the feed may only know its own.
fn other_notation(id: Option<&Value>) -> Option<String> {
    let sent = id?.as_str()?.trim();
    (canonical_id(sent) != sent).then(|| sent.to_owned())
}

fn page_url(reading: &ReadingContext<'_>, kind: RecordKind, id: &str) -> Option<Url> {
    let mut url = reading.record_url.record_url(kind, id)?;
    // A configured URL may have a key in its query.
    url.set_query(None);
    Some(url)
}

// Allocates enough for most records, because growing means copying.
fn written(object: &Map<String, Value>, is_nested: bool) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(if is_nested { 2 << 10 } else { 8 << 10 });
    // Names and values always serialise, and writing to memory cannot fail.
    let _ = serde_json::to_writer(&mut bytes, object);
    bytes
}

fn derived_id(members: &ObjectMembers<'_>, kind: RecordKind, bytes: &[u8]) -> String {
    members.note(IssueCode::MissingId, "id", "is missing; an id was derived from the content", None);
    let mut seed = kind.type_name().as_bytes().to_vec();
    seed.push(b'\n');
    seed.extend_from_slice(bytes);
    Uuid::new_v5(&Uuid::NAMESPACE_URL, &seed).to_string()
}
