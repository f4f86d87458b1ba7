//! What must not leave the gateway, taken out of a record's JSON before anything else is read.
//!
//! This is the only place that decides what is private. It sees each row whole, whatever the dialect, and at every
//! depth, including members nobody knows and texts that are JSON themselves. What it takes out is therefore in no typed
//! field, no `extra`, no issue's original, no history, no index and no log. What it took out is noted, without its value.
//! What other pages of the feed say is private comes in by [`KeptBack`].

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

/// Rises whenever more is withheld than before: what was read until then is read again.
pub(in crate::source) const WITHHOLDING: u32 = 3;

/// Something that was taken out of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WithheldItem {
    /// Where it stood.
    pub path: String,
    /// Why it was taken out.
    pub message: &'static str,
}

/// By what rules a row is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct WithholdingRules<'k> {
    /// Whether who checked a record is left out, which is the operator's choice.
    pub omits_assurers: bool,
    /// What other pages of the feed have said is private.
    pub known: &'k KeptBack,
}

/// Takes out of a row what must not leave: by the publisher's own word, here or on another page, and by the rules.
/// `signs` are those of the row, if they are known.
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

/// What a row says is private, by ids, and its signs.
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

/// Whether a note of what was withheld is about who checked a record, which the publisher did not keep back.
pub(in crate::source) fn is_about_assurers(message: &str) -> bool {
    [assurers::IS_ASSURER, assurers::HAS_ADDRESS].contains(&message)
}

/// The feed's own id of a row.
pub(in crate::source) fn id_of(row: &Value) -> Option<String> {
    id_text(member(row.as_object()?, "id")?)
}

/// What is left of the members of a record that nobody knows, once what is known to be private is taken out of them.
/// `read` are those of its other members that matter for that. Returns `None` if all of them are left.
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

/// Says what a record keeps back of its own whereabouts: the member that says so, and what follows from it.
///
/// Each record says it of itself, nested or not, so that those who read only that record learn of it.
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
