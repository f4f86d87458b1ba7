//! Removes private data from records that were read before it was known to be private.
//!
//! The result is what reading the record now would have left. Places are reduced here; people, and everything attached
//! to them, are removed by [`people`](super::people).

use std::sync::Arc;

use serde_json::{Map, Value, json};

use super::people::{id_in_feed, without_people};
use super::{KeptBack, PrivacyLevel, PrivateKind};
use crate::model::{
    Attribute, Contact, IssueCode, Location, OrderKey, Organization, Phone, Provenance, RecordId,
    RecordIssue, RecordKind, RecordPart, Service, ServiceAtLocation, Taxonomy, TaxonomyTerm,
};
use crate::source::dialects::{HIDDEN, MASKED, PERSONAL, says_where, withheld_from};

pub(super) const IS_HIDDEN: &str = "another page of the feed hides the address, so the place was left out";
pub(super) const IS_MASKED: &str =
    "another page of the feed masks the exact address, so the place is approximate, to about a kilometre";
const IS_PERSONAL: &str = "another page of the feed says not to name people here, so they were left out";

/// A record that may contain something private.
pub(crate) trait LessPrivate: Sized {
    /// Removes what is known to be private. Returns `None` if nothing had to be removed.
    fn of(record: &Arc<Self>, known: &KeptBack) -> Option<Arc<Self>>;
}

/// What is known about the records around a part.
#[derive(Clone, Copy, Default)]
struct PartSurroundings {
    is_hidden: bool,
    is_masked: bool,
    is_personal: bool,
}

impl PartSurroundings {
    /// Adds what is known about a record itself.
    fn and(self, known: &KeptBack, class: PrivateKind, id: &RecordId) -> Self {
        let says = |said| known.says(class, said, id.upstream());
        Self {
            is_hidden: self.is_hidden || says(PrivacyLevel::Hidden),
            is_masked: self.is_masked || says(PrivacyLevel::Masked),
            is_personal: self.is_personal || says(PrivacyLevel::Personal),
        }
    }

    fn flags(self) -> Vec<(&'static str, Value)> {
        let flags = [(self.is_hidden, HIDDEN), (self.is_masked, MASKED), (self.is_personal, PERSONAL)];
        flags.into_iter().filter(|(is_set, _)| *is_set).map(|(_, flag)| (flag, json!(true))).collect()
    }
}

macro_rules! less_private {
    ($($record:ident)*) => {$(
        impl LessPrivate for $record {
            fn of(record: &Arc<Self>, known: &KeptBack) -> Option<Arc<Self>> {
                let less = record.less(known, PartSurroundings::default());
                let Some(nameless) = without_people(RecordKind::$record, &**record, less.is_some(), known) else {
                    return less.map(Arc::new);
                };
                let mut less = nameless.less(known, PartSurroundings::default()).unwrap_or(nameless);
                note_others(&mut less.provenance, PartSurroundings::default());
                Some(Arc::new(less))
            }
        }
    )*};
}
less_private!(Service Organization Location ServiceAtLocation);

impl LessPrivate for Taxonomy {
    fn of(_: &Arc<Self>, _: &KeptBack) -> Option<Arc<Self>> {
        None
    }
}

impl LessPrivate for TaxonomyTerm {
    fn of(_: &Arc<Self>, _: &KeptBack) -> Option<Arc<Self>> {
        None
    }
}

/// A record that contains other records.
trait Less: Sized {
    fn less(&self, known: &KeptBack, around: PartSurroundings) -> Option<Self>;
}

/// Removes what is private from each element of a list. Returns `None` if nothing had to be removed.
fn less_each<T: Less>(records: &[Arc<T>], known: &KeptBack, around: PartSurroundings) -> Option<Vec<Arc<T>>> {
    let changed: Vec<_> = records.iter().map(|record| less_one(Some(record), known, around)).collect();
    changed.iter().any(Option::is_some).then(|| {
        let both = changed.into_iter().zip(records);
        both.map(|(less, record)| less.unwrap_or_else(|| Arc::clone(record))).collect()
    })
}

fn less_one<T: Less>(record: Option<&Arc<T>>, known: &KeptBack, around: PartSurroundings) -> Option<Arc<T>> {
    record?.less(known, around).map(Arc::new)
}

fn is_private(known: &KeptBack, class: PrivateKind, part: &RecordPart) -> bool {
    part.id.upstream().is_some_and(|id| known.says(class, PrivacyLevel::Personal, id_in_feed(&id)))
}

/// Returns the contacts that may be named. Returns `None` if all may.
fn contacts(
    contacts: &[Arc<Contact>],
    known: &KeptBack,
    around: PartSurroundings,
) -> Option<Vec<Arc<Contact>>> {
    retained(contacts, |contact| {
        !around.is_personal && !is_private(known, PrivateKind::Contact, &contact.part)
    })
}

/// Returns the telephones that may be shown. Returns `None` if all may.
fn phones(phones: &[Arc<Phone>], known: &KeptBack, around: PartSurroundings) -> Option<Vec<Arc<Phone>>> {
    retained(phones, |phone| !around.is_personal && !is_private(known, PrivateKind::Phone, &phone.part))
}

fn retained<T>(parts: &[Arc<T>], stays: impl Fn(&T) -> bool) -> Option<Vec<Arc<T>>> {
    let kept: Vec<_> = parts.iter().filter(|part| stays(part)).cloned().collect();
    (kept.len() < parts.len()).then_some(kept)
}

fn extra(
    kind: RecordKind,
    extra: &Map<String, Value>,
    known: &KeptBack,
    around: PartSurroundings,
) -> Option<Map<String, Value>> {
    if extra.is_empty() { None } else { withheld_from(kind, extra, around.flags(), known) }
}

/// Adds an issue about what was removed, and drops the originals that other issues quote.
pub(super) fn note(provenance: &mut Provenance, path: &str, message: &str) {
    provenance.issues.iter_mut().for_each(|issue| issue.original = None);
    let (path, message) = (path.to_owned(), message.to_owned());
    let issue = RecordIssue { code: IssueCode::Withheld, path, message, original: None };
    if !provenance.issues.contains(&issue) {
        provenance.issues.push(issue);
    }
}

/// Copies a record with those members replaced that have changed. Evaluates to `None` if none have.
macro_rules! changed {
    ($record:expr, $($member:ident: $less:expr),* $(,)?) => {{
        let ($($member,)*) = ($($less,)*);
        if $($member.is_none())&&* {
            None
        } else {
            let mut changed = Self::clone($record);
            $(if let Some(less) = $member { changed.$member = less.into(); })*
            Some(changed)
        }
    }};
}

impl Less for Service {
    fn less(&self, known: &KeptBack, around: PartSurroundings) -> Option<Self> {
        let around = around.and(known, PrivateKind::Service, &self.id);
        let mut less = changed!(
            self,
            organization: less_one(self.organization.as_ref(), known, around),
            service_at_locations: less_each(&self.service_at_locations, known, around),
            contacts: contacts(&self.contacts, known, around),
            phones: phones(&self.phones, known, around),
            email: self.email.as_ref().filter(|_| around.is_personal).map(|_| None::<String>),
            attributes: attributes(&self.attributes, around),
            extra: extra(RecordKind::Service, &self.extra, known, around),
        )?;
        note_others(&mut less.provenance, around);
        (less.search_text, less.ask_text, less.facts) = Default::default();
        Some(less)
    }
}

impl Less for Organization {
    fn less(&self, known: &KeptBack, around: PartSurroundings) -> Option<Self> {
        let around = around.and(known, PrivateKind::Organization, &self.id);
        let mut less = changed!(
            self,
            locations: less_each(&self.locations, known, around),
            services: less_each(&self.services, known, around),
            contacts: contacts(&self.contacts, known, around),
            phones: phones(&self.phones, known, around),
            email: self.email.as_ref().filter(|_| around.is_personal).map(|_| None::<String>),
            attributes: attributes(&self.attributes, around),
            extra: extra(RecordKind::Organization, &self.extra, known, around),
        )?;
        note_others(&mut less.provenance, around);
        Some(less)
    }
}

impl Less for ServiceAtLocation {
    fn less(&self, known: &KeptBack, around: PartSurroundings) -> Option<Self> {
        let of_place = self
            .location_id
            .as_ref()
            .map(|id| PartSurroundings::default().and(known, PrivateKind::Place, id));
        let of_place = of_place.unwrap_or_default();
        let is_private_place = of_place.is_hidden || of_place.is_masked;
        let mut less = changed!(
            self,
            order_key: (is_private_place && self.order_key != unnamed()).then(unnamed),
            service: less_one(self.service.as_ref(), known, around).map(Some),
            location: less_one(self.location.as_ref(), known, around).map(Some),
            contacts: contacts(&self.contacts, known, around),
            phones: phones(&self.phones, known, around),
            attributes: attributes(&self.attributes, around),
            extra: self.less_extra(known, around),
        )?;
        note_others(&mut less.provenance, around);
        Some(less)
    }
}

impl ServiceAtLocation {
    // Unknown members may contain the address of the place.
    fn less_extra(&self, known: &KeptBack, around: PartSurroundings) -> Option<Map<String, Value>> {
        let place = self.location_id.as_ref().map(|id| ("location_id", json!(id.upstream())));
        let read = around.flags().into_iter().chain(place).collect();
        if self.extra.is_empty() {
            None
        } else {
            withheld_from(RecordKind::ServiceAtLocation, &self.extra, read, known)
        }
    }
}

pub(super) fn unnamed() -> OrderKey {
    OrderKey::of("")
}

fn note_others(provenance: &mut Provenance, around: PartSurroundings) {
    match around {
        PartSurroundings { is_hidden: true, .. } => note(provenance, HIDDEN, IS_HIDDEN),
        PartSurroundings { is_masked: true, .. } => note(provenance, MASKED, IS_MASKED),
        PartSurroundings { is_personal: true, .. } => note(provenance, PERSONAL, IS_PERSONAL),
        _ => note(
            provenance,
            "",
            "another page of the feed says that parts of it are private, so they were left out",
        ),
    }
}

// An attribute may contain an address: `{"label": "Address", "value": "…"}`.
fn attributes(attributes: &[Arc<Attribute>], around: PartSurroundings) -> Option<Vec<Arc<Attribute>>> {
    retained(attributes, |attribute: &Attribute| {
        let term = attribute.taxonomy_term.as_ref().map(|term| term.name.as_str());
        let names = [attribute.label.as_deref(), attribute.link_type.as_deref(), term];
        let is_where = || names.into_iter().flatten().any(says_where);
        !(around.is_hidden && attribute.value.is_some() && is_where())
    })
}

impl Less for Location {
    fn less(&self, known: &KeptBack, around: PartSurroundings) -> Option<Self> {
        let around = around.and(known, PrivateKind::Place, &self.id);
        let says = |path: &str| {
            let issues = &self.provenance.issues;
            issues.iter().any(|issue| issue.code == IssueCode::Withheld && issue.path == path)
        };
        if around.is_hidden {
            return (!says(HIDDEN)).then(|| self.hidden());
        }
        if around.is_masked && !says(HIDDEN) {
            return (!says(MASKED)).then(|| self.coarse());
        }
        let mut less = changed!(
            self,
            contacts: contacts(&self.contacts, known, around),
            phones: phones(&self.phones, known, around),
            extra: extra(RecordKind::Location, &self.extra, known, around),
        )?;
        note_others(&mut less.provenance, around);
        Some(less)
    }
}
