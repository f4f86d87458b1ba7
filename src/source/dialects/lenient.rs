//! Reading whatever feeds send as if it were the standard: every departure is noted, nothing is lost, nothing
//! panics. What a dialect expects, and under which names, is the dialect's own business.

mod ages;
mod body;
mod codelists;
mod dates;
mod envelope;
mod extents;
mod members;
mod mend;
mod names;
mod nested;
mod notes;
mod numbers;
mod owners;
mod phones;
mod places;
mod record;
mod recurrence;
mod salvage;
mod scalars;
mod shape;
mod strict;
mod texts;
mod times;
mod truth;
mod web;

pub(super) use ages::ages;
pub(in crate::source) use body::json_of;
pub(super) use codelists::{location_type, service_status};
pub(super) use dates::instant_of;
pub(in crate::source) use dates::standard_date;
pub(super) use envelope::{read_envelope, read_single};
pub(super) use extents::extent;
pub(super) use members::{Members, Step};
pub(super) use nested::PartKind;
pub(super) use numbers::price;
pub(super) use phones::phone_number;
pub(super) use places::{coordinates, country, postcode};
pub(super) use record::{Head, read_record};
pub(super) use recurrence::{days, frequency, week_start, whole_numbers};
pub(crate) use shape::Shape;
pub(super) use shape::{Moved, Shaping, is_spelling, member, take_member};
pub(super) use texts::id_text;
pub(super) use times::{Hours, hours};
pub(super) use truth::truth;
