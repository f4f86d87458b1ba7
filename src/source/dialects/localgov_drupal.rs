//! Open Referral UK 1.0 as LocalGov Drupal writes it: a single object instead of a list, an empty list instead of a
//! value, and texts beside their markup. Lenient reading accepts all that, so only the differing endpoints and members
//! are described here.

#[cfg(test)]
mod tests;

use serde_json::Value;
use uuid::Uuid;

use super::detect::{DialectMarker, ENVELOPE_OF_1, MEMBERS_OF_1, ORGANIZATION_OF_1};
use super::oruk1::{self, Oruk1Reader};
use super::{DeclaredStandard, DialectDescription, DialectEndpoints, PageNames, PageParameters, TieRule};
use crate::model::{Dialect, RecordKind};
use crate::source::conformance::FeedStandard;

/// LocalGov Drupal's 1.0.
pub(super) const DIALECT: DialectDescription = DialectDescription {
    standard: DeclaredStandard::One(FeedStandard::Oruk1),
    names: PageNames::OF_1,
    paging: PageParameters::STANDARD,
    // The list of terms needs the name of a vocabulary, and has only the terms of that one.
    endpoints: DialectEndpoints {
        lists: &[(RecordKind::Service, "services"), (RecordKind::Taxonomy, "vocabulary")],
        records: &[
            (RecordKind::Service, "services"),
            (RecordKind::Organization, "organization"),
            (RecordKind::Location, "location"),
        ],
    },
    markers: &[
        ENVELOPE_OF_1,
        ORGANIZATION_OF_1,
        MEMBERS_OF_1,
        DialectMarker {
            points: 5,
            reason: "identifiers are two UUIDs in one",
            holds: |seen| seen.any_text("id", is_composite),
        },
        DialectMarker {
            points: 4,
            reason: "texts come with their format",
            holds: |seen| seen.any(|members| members.contains_key("value") && members.contains_key("format")),
        },
        DialectMarker {
            points: 3,
            reason: "the number of pages is a float",
            holds: |seen| seen.of_envelope("totalPages").is_some_and(Value::is_f64),
        },
        DialectMarker {
            points: 2,
            reason: "empty lists stand for values",
            holds: |seen| {
                let is_list = |member: Option<&Value>| member.is_some_and(Value::is_array);
                seen.any(|members| {
                    ["url", "description", "organization"].iter().any(|name| is_list(members.get(*name)))
                })
            },
        },
    ],
    telling: &[],
    tie: TieRule::LeftTo(Dialect::Oruk1),
    begins_unsure: false,
    makers: &["localgov drupal", "localgovdrupal"],
    reader: &READER,
    lists_state_facts: false,
};

/// Reads LocalGov Drupal's 1.0.
pub(super) const READER: Oruk1Reader = oruk1::READER;

fn is_composite(id: &str) -> bool {
    let is_uuid = |half: Option<&str>| half.is_some_and(|half| Uuid::try_parse(half).is_ok());
    id.len() == 73 && is_uuid(id.get(..36)) && is_uuid(id.get(37..))
}
