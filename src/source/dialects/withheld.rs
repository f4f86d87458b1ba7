//! Removes what must not leave the gateway from a record's JSON before anything else is read.
//!
//! This is the only place that decides what is private. It sees each row whole, whatever the dialect, at every depth,
//! including unknown members and texts that contain JSON. So what it removes is in no field, `extra`, issue, history,
//! index or log. Removals are noted without the value. [`KeptBack`] adds what other pages of the feed say is private.

mod addresses;
mod assurers;
mod flag_words;
mod flags;
mod names;
mod people;
mod places;
mod private;
mod signs;
#[cfg(test)]
mod tests;
mod texts;
mod walk;
mod whereabouts;

use serde_json::{Map, Value};

use super::lenient::{id_text, member};
use crate::model::RecordKind;
use crate::source::kept_back::{KeptBack, StatedPrivacy};
use flags::PrivacyFlag;
use private::PrivateRow;
use texts::UnpackedTexts;

pub(in crate::source) use addresses::clear_addresses;
pub(in crate::source) use flags::{HIDDEN, MASKED, PERSONAL};
pub(super) use people::contacts_named;
pub(in crate::source) use places::{is_plain_access, is_plain_language, outcode};
pub(crate) use signs::PrivacySigns;
pub(in crate::source) use whereabouts::says_where;

/// The version of the rules. Raise it when more is withheld, so that stored records are read again.
pub(in crate::source) const WITHHOLDING: u32 = 3;

/// Something that was removed from a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WithheldItem {
    /// Where it was.
    pub path: String,
    /// Why it was removed.
    pub message: &'static str,
}

/// The rules by which a row is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct WithholdingRules<'k> {
    /// Whether people who checked a record are left out, as the operator chooses.
    pub omits_assurers: bool,
    /// What other pages of the feed have said is private.
    pub known: &'k KeptBack,
}

/// Removes from a row what the publisher says is private, here or on another page, and what the rules withhold. `signs`
/// are those of the row, if known.
///
/// Changes nothing if nothing in the row is private.
pub(super) fn withhold(
    kind: RecordKind,
    row: &mut Map<String, Value>,
    WithholdingRules { omits_assurers, known }: WithholdingRules<'_>,
    signs: Option<PrivacySigns>,
) -> Vec<WithheldItem> {
    let signs = signs.unwrap_or_else(|| PrivacySigns::of(row, omits_assurers)).with(known);
    let mut withheld = Vec::new();
    if !signs.texts && known.is_empty() {
        take_out(kind, row, signs, known, &mut withheld);
        return withheld;
    }
    let texts = UnpackedTexts::unpack(row, omits_assurers, !known.is_empty(), &mut withheld);
    let signs = PrivacySigns::of(row, omits_assurers).with(known);
    take_out(kind, row, signs, known, &mut withheld);
    texts.pack(row);
    withheld
}

fn take_out(
    kind: RecordKind,
    row: &mut Map<String, Value>,
    signs: PrivacySigns,
    known: &KeptBack,
    withheld: &mut Vec<WithheldItem>,
) {
    if signs.people || signs.places {
        if !known.is_empty() {
            private::imprint(kind, row, known);
        }
        let private = PrivateRow::of(kind, row, known);
        people::withhold(kind, row, &private, withheld);
        places::withhold(kind, row, &private, withheld);
    }
    if signs.assurers {
        assurers::withhold(kind, row, withheld);
    }
}

/// Returns what a row says is private, by id, and the row's privacy signs.
pub(in crate::source) fn stated(
    kind: RecordKind,
    row: &Value,
    omits_assurers: bool,
) -> (StatedPrivacy, PrivacySigns) {
    let Value::Object(members) = row else { return Default::default() };
    let signs = PrivacySigns::of(members, omits_assurers);
    let stated = if signs.texts {
        let mut members = members.clone();
        UnpackedTexts::unpack(&mut members, omits_assurers, false, &mut Vec::new());
        private::stated(kind, &members)
    } else if signs.people || signs.places {
        private::stated(kind, members)
    } else {
        StatedPrivacy::default()
    };
    (stated, signs)
}

/// Returns whether a message is about people who checked a record, whom the operator withholds and not the publisher.
pub(in crate::source) fn is_about_assurers(message: &str) -> bool {
    [assurers::IS_ASSURER, assurers::HAS_ADDRESS].contains(&message)
}

/// Returns the feed's own id of a row.
pub(in crate::source) fn id_of(row: &Value) -> Option<String> {
    id_text(member(row.as_object()?, "id")?)
}

/// Removes what is known to be private from the unknown members of a record. `read` are other members of the record
/// that are needed to decide. Returns `None` if nothing had to be removed.
pub(in crate::source) fn withheld_from(
    kind: RecordKind,
    unread: &Map<String, Value>,
    read: Vec<(&'static str, Value)>,
    known: &KeptBack,
) -> Option<Map<String, Value>> {
    let mut left = unread.clone();
    let added: Vec<(&str, Value)> = read.into_iter().filter(|(name, _)| !left.contains_key(*name)).collect();
    left.extend(added.iter().map(|(name, value)| ((*name).to_owned(), value.clone())));
    withhold(kind, &mut left, WithholdingRules { omits_assurers: false, known }, None);
    added.into_iter().for_each(|(name, _)| drop(left.remove(name)));
    (left != *unread).then_some(left)
}

/// Returns what a record says about hiding its own place: the member that says so, and the consequence.
///
/// Every record has this note of its own, nested or not, so that whoever reads only that record learns of it.
pub(super) fn kept_back(kind: RecordKind, record: &Map<String, Value>) -> Option<WithheldItem> {
    if flags::is_set(record, PrivacyFlag::HideAddress) {
        let message = "the publisher hides the address, so the place was left out";
        return Some(WithheldItem { path: HIDDEN.to_owned(), message });
    }
    if flags::is_set(record, PrivacyFlag::MaskExactAddress) {
        let message = match kind {
            RecordKind::Location => {
                "the publisher masks the exact address, so the place is approximate, to about a kilometre"
            }
            _ => "the publisher masks the exact address, so its places are approximate, to about a kilometre",
        };
        return Some(WithheldItem { path: MASKED.to_owned(), message });
    }
    None
}
