//! Open Referral UK 1.0 as Connect to Support writes it: names in lower case without underscores, most values as text,
//! and collections under names that end in `collection`. Names are compared without case and underscores anyway, and
//! lenient reading accepts texts as numbers, so only the differing endpoints and members are described here.

#[cfg(test)]
mod tests;

use super::detect::{DialectMarker, ENVELOPE_OF_1, ORGANIZATION_OF_1};
use super::oruk1::{self, Oruk1Reader};
use super::{DeclaredStandard, DialectDescription, DialectEndpoints, PageNames, PageParameters, TieRule};
use crate::model::Dialect;
use crate::source::conformance::FeedStandard;

/// Connect to Support's 1.0.
pub(super) const DIALECT: DialectDescription = DialectDescription {
    standard: DeclaredStandard::One(FeedStandard::Oruk1),
    names: PageNames::OF_1,
    paging: PageParameters::STANDARD,
    endpoints: DialectEndpoints::SERVICES_ALONE,
    markers: &[
        ENVELOPE_OF_1,
        ORGANIZATION_OF_1,
        DialectMarker {
            points: 6,
            reason: "the envelope is in lower case",
            holds: |seen| seen.in_envelope(&["totalelements", "totalpages"]),
        },
        DialectMarker {
            points: 4,
            reason: "collections are named in lower case",
            holds: |seen| seen.has_name(|name| name.ends_with("collection") && !name.contains('_')),
        },
    ],
    telling: &["contact_collection"],
    tie: TieRule::LeftTo(Dialect::Oruk1),
    begins_unsure: false,
    makers: &["people places lives", "connect to support"],
    reader: &READER,
    lists_state_facts: false,
};

/// Reads Connect to Support's 1.0.
pub(super) const READER: Oruk1Reader = oruk1::READER;
