//! Open Referral UK 3.0: HSDS 3.0 with four more members, read like HSDS 3.

use super::detect::{
    DialectMarker, ENVELOPE_OF_3, ENVELOPE_OF_A_FRAMEWORK, MEMBERS_OF_3, SeenAnswers, VERSION_3,
};
use super::{
    DeclaredStandard, DialectDescription, DialectEndpoints, PageNames, PageParameters, TieRule, hsds3,
};
use crate::model::Postcode;
use crate::source::conformance::FeedStandard;

/// Open Referral UK 3.0, the UK's profile of HSDS.
pub(super) const DIALECT: DialectDescription = DialectDescription {
    standard: DeclaredStandard::One(FeedStandard::Oruk3),
    names: PageNames::STANDARD,
    paging: PageParameters::STANDARD,
    endpoints: DialectEndpoints::STANDARD,
    markers: &[
        ENVELOPE_OF_3,
        ENVELOPE_OF_A_FRAMEWORK,
        MEMBERS_OF_3,
        DialectMarker {
            points: 3,
            reason: "records have members that only the UK added",
            holds: has_uk_additions,
        },
        DialectMarker {
            points: 3,
            reason: "records of 3 have members of a UK publishing system",
            holds: |seen| !seen.is_of_1() && seen.has_vendor("pc_"),
        },
        DialectMarker {
            points: 2,
            reason: "the profile is the UK's",
            holds: |seen| seen.root_text("profile").contains("uk"),
        },
        DialectMarker {
            points: 1,
            reason: "the version names the UK",
            holds: |seen| seen.root_text("version").contains("uk"),
        },
        VERSION_3,
        DialectMarker {
            points: 1,
            reason: "postcodes are the UK's",
            holds: |seen| seen.any_text("postal_code", |text| Postcode::parse(text).is_ok()),
        },
    ],
    telling: &[],
    tie: TieRule::Open,
    begins_unsure: true,
    makers: &[],
    reader: &hsds3::READER,
    lists_state_facts: true,
};

// The four members that the UK adds, as texts or lists. Elsewhere `accessibility` is a list.
fn has_uk_additions(seen: &SeenAnswers) -> bool {
    let has_text = |name| seen.any_text(name, |_| true);
    !seen.is_of_1()
        && (has_text("accessibility")
            || has_text("service_area")
            || has_text("term")
            || seen.has("taxonomy_terms"))
}
