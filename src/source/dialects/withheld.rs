//! What must not leave the gateway, taken out of a record's JSON before anything else is read.
//!
//! This is the only place that decides what is private. It sees each row whole, whatever the dialect, and at every
//! depth, including members nobody knows. What it takes out is therefore in no typed field, no `extra`, no issue's
//! original, no history, no index and no log. What it took out is noted, without its value.

mod assurers;
mod names;
mod people;
mod places;
mod signs;
#[cfg(test)]
mod tests;
mod walk;

use serde_json::{Map, Value};

use crate::model::RecordKind;
use names::Flag;
use signs::Signs;

/// Rises whenever more is withheld than before: what was read until then is read again.
pub(in crate::source) const WITHHOLDING: u32 = 1;

/// Something that was taken out of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Withheld {
    /// Where it stood.
    pub path: String,
    /// Why it was taken out.
    pub message: &'static str,
}

/// Takes out of a row what must not leave. `omits_assurers` is the operator's choice; the rest is the publisher's.
///
/// Allocates nothing and changes nothing if nothing in the row is private.
pub(super) fn withhold(
    kind: RecordKind,
    row: &mut Map<String, Value>,
    omits_assurers: bool,
) -> Vec<Withheld> {
    let signs = Signs::of(row, omits_assurers);
    let mut withheld = Vec::new();
    if signs.people {
        people::withhold(row, &mut withheld);
    }
    if signs.places {
        places::withhold(kind, row, &mut withheld);
    }
    if signs.assurers {
        assurers::withhold(row, &mut withheld);
    }
    withheld
}

/// Says what a record keeps back of its own whereabouts: the member that says so, and what follows from it.
///
/// Each record says it of itself, nested or not, so that those who read only that record learn of it.
pub(super) fn kept_back(kind: RecordKind, record: &Map<String, Value>) -> Option<Withheld> {
    if names::is_set(record, Flag::HideAddress) {
        let message = "the publisher hides the address, so the place is left out";
        return Some(Withheld { path: names::HIDDEN.to_owned(), message });
    }
    if names::is_set(record, Flag::MaskExactAddress) {
        let message = match kind {
            RecordKind::Location => {
                "the publisher masks the exact address: the place is coarse, to about a kilometre"
            }
            _ => "the publisher masks the exact address: its places are coarse, to about a kilometre",
        };
        return Some(Withheld { path: names::MASKED.to_owned(), message });
    }
    None
}
