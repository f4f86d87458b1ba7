//! The dialects, one folder each with only what differs, and the lenient reading that they share.
//!
//! `model::identity::dialects` lists the dialects. The modules here are generated from that list.

mod description;
mod detect;
#[cfg(test)]
mod documented;
mod documents;
mod lenient;
#[cfg(test)]
mod lossless;
#[cfg(test)]
mod reader_laws;
#[cfg(test)]
mod saved;
mod withheld;
#[cfg(test)]
mod written_again;

pub(super) use description::{
    DeclaredStandard, DialectDescription, DialectEndpoints, PageParameters, TieRule,
};
pub(super) use detect::{DetectionAnswers, DialectDetection, detect};
pub(crate) use lenient::{MemberShaper, PageNames, RepeatedTerms};
pub(super) use lenient::{
    claims_beside, id_names, is_placeholder, json_of, mended, mended_first, mended_in, packed_issue,
    read_envelope, read_single, rows_of, salvage, same_name, standard_date, without_cdata,
};
pub(crate) use withheld::PrivacySigns;
pub(super) use withheld::{
    HIDDEN, MASKED, PERSONAL, WITHHOLDING, clear_addresses, id_of, is_about_assurers, is_plain_access,
    is_plain_language, outcode, says_where, stated, withheld_from,
};

use crate::model::{Dialect, for_each_dialect};

macro_rules! describe_dialects {
    ($($dialect:ident = $name:tt in $folder:ident: $about:tt,)+) => {
        $(mod $folder;)+

        /// Returns the description of a dialect.
        pub(super) const fn description(dialect: Dialect) -> &'static DialectDescription {
            match dialect {
                $(Dialect::$dialect => &$folder::DIALECT,)+
            }
        }
    };
}

for_each_dialect!(describe_dialects);

/// Returns the descriptions of all dialects, in the order in which users see them.
pub(super) fn descriptions() -> impl Iterator<Item = (Dialect, &'static DialectDescription)> {
    Dialect::ALL.iter().map(|dialect| (*dialect, description(*dialect)))
}
