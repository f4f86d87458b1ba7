//! The records of the standard and their parts, and what reading them left behind.

mod any_record;
mod carried;
mod codes;
mod cost;
mod difference;
mod issue;
mod left_out;
mod location;
mod organization;
mod origin;
mod part;
mod people;
mod provenance;
mod rendering;
mod rich_text;
#[cfg(test)]
pub(crate) mod sample;
mod schedule;
mod service;
mod service_at_location;
mod stated;
mod stub;
mod taxonomy;
mod ties;
mod unread;
mod unsaid;

pub(crate) use any_record::ReadAgain;
pub use any_record::{AnyRecord, OtherKind};
pub use carried::{CarriedMembers, NestedMember};
pub use codes::{DayOfWeek, Frequency, LocationType, ServiceStatus, SourceMode, TriState, UnknownCode};
pub use cost::{CostOption, Funding, RequiredDocument, ServiceCapacity, Unit};
pub(crate) use difference::said;
pub use difference::{changed_members, has_lost_members};
pub use issue::{IssueCode, IssueSeverity, MOST_DUPLICATES, RecordIssue};
pub use left_out::{LocationField, OrganizationField};
pub use location::{Accessibility, Address, Location};
pub use organization::{Organization, OrganizationIdentifier, Program};
pub use origin::{OriginLicence, RecordOrigin};
pub use part::RecordPart;
pub use people::{Contact, Language, Link, Phone};
pub use provenance::Provenance;
pub use rendering::{OwnRenderings, Rendering, Renderings, Shape};
pub use rich_text::RichText;
pub use schedule::{Schedule, ScheduleException};
pub use service::Service;
pub use service_at_location::ServiceAtLocation;
pub use stated::StatedFacts;
pub use stub::StubRecord;
pub use taxonomy::{Attribute, Metadata, Taxonomy, TaxonomyTerm};
pub use ties::{NamedRecord, RecordTies};
pub use unread::{StatedBound, UnreadBounds};
pub use unsaid::{NamedField, SilentRecord, UnsaidFields};

use crate::model::{OrderKey, RecordId};

/// What every record that has an id of its own in a feed can say about itself.
pub trait Record: RecordTies {
    /// Its identity: kind, source and the feed's own id.
    fn id(&self) -> &RecordId;
    /// Where it came from, when, and what normalising did to it.
    fn provenance(&self) -> &Provenance;
    /// For noting what happened to it after it was read.
    fn provenance_mut(&mut self) -> &mut Provenance;
    /// Its place among its kind: by name.
    fn order_key(&self) -> &OrderKey;
    /// The nested members it came with.
    fn carried(&self) -> CarriedMembers;
    /// Roughly what it occupies in memory, in bytes.
    fn weight(&self) -> usize;
}

macro_rules! record {
    ($type:ty) => {
        impl crate::model::Record for $type {
            fn id(&self) -> &crate::model::RecordId {
                &self.id
            }
            fn provenance(&self) -> &crate::model::Provenance {
                &self.provenance
            }
            fn provenance_mut(&mut self) -> &mut crate::model::Provenance {
                &mut self.provenance
            }
            fn order_key(&self) -> &crate::model::OrderKey {
                &self.order_key
            }
            fn carried(&self) -> crate::model::CarriedMembers {
                self.carried
            }
            fn weight(&self) -> usize {
                self.provenance.read_bytes * 3 + size_of::<Self>()
            }
        }
    };
}
pub(in crate::model) use record;
