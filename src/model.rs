//! The nouns and their rules: records, ids, provenance, queries and what it means to match one.
//! No I/O, no feed's own format, no GraphQL, and no clock but the one handed in.

mod carried;
mod clock;
mod codes;
mod content_hash;
mod cost;
mod cursor;
mod filter;
mod free;
mod id;
mod issue;
mod location;
mod organization;
mod part;
mod people;
mod place;
mod postcode;
mod provenance;
mod rich_text;
mod schedule;
mod service;
mod service_at_location;
mod source_key;
mod stated;
mod taxonomy;
mod text;
mod wheelchair;

pub use carried::{Carried, Member};
pub use clock::{Clock, london_today};
pub use codes::{
    DayOfWeek, Dialect, Frequency, LocationType, ServiceStatus, SourceMode, TriState, UnknownCode,
};
pub use content_hash::ContentHash;
pub use cost::{CostOption, Funding, RequiredDocument, ServiceCapacity, Unit};
pub use cursor::{Cursor, CursorError, Position};
pub use filter::{AgeRange, Match, RangeMatch, ServiceFilter, TaxonomyTermRef, TaxonomyTermsFilter, Verdict};
pub use free::is_free;
pub use id::{IdError, NodeId, PartId, RecordId, RecordKind};
pub use issue::{IssueCode, IssueSeverity, RecordIssue};
pub use location::{Accessibility, Address, Location};
pub use organization::{Organization, OrganizationIdentifier, Program};
pub use part::Part;
pub use people::{Contact, Language, Link, Phone};
pub use place::{Coordinates, ServiceArea};
pub use postcode::{Postcode, PostcodeError};
pub use provenance::Provenance;
pub use rich_text::RichText;
pub use schedule::Schedule;
pub use service::Service;
pub use service_at_location::ServiceAtLocation;
pub use source_key::{SourceKey, SourceKeyError};
pub use stated::Stated;
pub use taxonomy::{Attribute, Metadata, Taxonomy, TaxonomyTerm};
pub use text::{OrderKey, SearchText, TextQuery};
pub use wheelchair::wheelchair_accessible;

/// What every record that has an id of its own in a feed can say about itself.
pub trait Record {
    /// Its identity: kind, source and the feed's own id.
    fn id(&self) -> &RecordId;
    /// Where it came from, when, and what normalising did to it.
    fn provenance(&self) -> &Provenance;
    /// For noting what happened to it after it was read.
    fn provenance_mut(&mut self) -> &mut Provenance;
    /// Its place among its kind: by name.
    fn order_key(&self) -> &OrderKey;
    /// The nested members it came with.
    fn carried(&self) -> Carried;
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
            fn carried(&self) -> crate::model::Carried {
                self.carried
            }
            fn weight(&self) -> usize {
                self.provenance.read_bytes * 3 + size_of::<Self>()
            }
        }
    };
}
use record;
