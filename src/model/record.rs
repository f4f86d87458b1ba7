//! The records of the standard, their parts, and what the gateway notes about a record when it reads one.

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
mod supersede;
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
pub use supersede::{DetailForm, FormSigns, LastMet, NewForm, StoredForm, Superseding};
pub use taxonomy::{Attribute, Metadata, Taxonomy, TaxonomyTerm};
pub use ties::{NamedRecord, RecordTies};
pub use unread::{StatedBound, UnreadBounds};
pub use unsaid::{NamedField, SilentRecord, UnsaidFields};

use crate::model::{OrderKey, RecordId};

/// What the gateway knows about every record that has an id of its own in a feed.
pub trait Record: RecordTies {
    /// Returns the record's kind, source and upstream id.
    fn id(&self) -> &RecordId;
    /// Returns where the record came from, when it was read, and what normalising changed.
    fn provenance(&self) -> &Provenance;
    /// Gives access to the provenance, to note what happened to the record after it was read.
    fn provenance_mut(&mut self) -> &mut Provenance;
    /// Returns the key that sorts records of one kind by name.
    fn order_key(&self) -> &OrderKey;
    /// Returns which nested members the feed sent with the record.
    fn carried(&self) -> CarriedMembers;
    /// Returns roughly how many bytes the record takes in memory.
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
