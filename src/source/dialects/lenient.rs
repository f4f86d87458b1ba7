//! Reads whatever feeds send as if it were the standard. Every departure is noted, nothing is lost, nothing panics.
//! Each dialect decides what it expects, and under which names.

mod body;
mod members;
mod values;

pub(in crate::source) use body::envelope::{claims_beside, rows_of};
pub(in crate::source) use body::envelope::{read_envelope, read_single};
pub(in crate::source) use body::json_text::{json_of, mended_in};
pub(in crate::source) use body::mend::{mended, mended_first, packed_issue};
pub(crate) use body::page_names::PageNames;
pub(in crate::source) use body::page_names::id_names;
#[cfg(test)]
pub(super) use body::page_names::put_at;
pub(crate) use body::repeated_terms::RepeatedTerms;
pub(in crate::source) use body::salvage::salvage;
pub(crate) use body::shape::MemberShaper;
pub(super) use body::shape::{MovedObject, ShapedMembers, is_spelling, member, take_member};
pub(in crate::source) use members::names::same_name;
pub(super) use members::nested::PartKind;
pub(super) use members::object::{ObjectMembers, ObjectStep, is_nothing};
pub(super) use members::record::{RecordHead, read_record};
pub(super) use values::ages::{AgeLimits, ages};
pub(super) use values::closures::{is_closed, tells_of_closure};
pub(super) use values::codelists::{location_type, service_status};
pub(super) use values::currencies::currency;
pub(in crate::source) use values::dates::standard_date;
pub(super) use values::dates::{instant_of, yearless};
pub(super) use values::extents::extent;
pub(super) use values::numbers::read as number;
pub(super) use values::phones::{PhoneReading, telephone};
pub(super) use values::places::{coordinates, country, postcode};
pub(super) use values::prices::{PriceReading, price};
pub(super) use values::recurrence::{days, frequency, week_start, whole_numbers};
pub(super) use values::texts::id_text;
pub(in crate::source) use values::texts::{is_placeholder, without_cdata};
pub(super) use values::times::{ClockTime, OffsetContext, SessionEnds, times, timezone};
pub(super) use values::truth::truth;
