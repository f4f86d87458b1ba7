//! The nouns and their rules: records, ids, provenance, queries and what it means to match one.
//! No I/O, no feed's own format, no GraphQL, and no clock but the one handed in.

mod access;
mod ages;
mod any_record;
mod area_code;
mod areas;
mod ask;
mod attending;
mod carried;
mod clock;
mod codes;
mod content_hash;
mod cost;
mod coverage;
mod cursor;
mod dialects;
mod difference;
mod dimension;
mod facts;
mod filter;
mod free_places;
mod geojson;
mod group_order;
mod hours;
mod id;
mod identifiers;
mod issue;
mod languages;
mod left_out;
mod location;
mod near_names;
mod noted_issues;
mod order;
mod organization;
mod part;
mod people;
mod place;
mod place_names;
mod points;
mod postcode;
mod postcodes;
mod prices;
mod provenance;
mod recency;
mod recurrence;
mod rich_text;
#[cfg(test)]
pub(crate) mod sample;
mod schedule;
mod service;
mod service_at_location;
mod source_key;
mod stated;
mod stub;
mod taxonomy;
mod term_group;
mod text;
mod ties;
mod unread;
mod unsaid;
mod vocabulary;
mod wheelchair;

pub use access::{Access, AccessFilter, AccessText, PlaceAccess};
pub use ages::{AgeRange, Ages, RangeMatch};
pub(crate) use any_record::Again;
pub use any_record::{AnyRecord, OtherKind};
pub use area_code::{AreaCode, AreaCodeError, AreaKind};
pub use ask::{
    AllCounts, Ask, AskField, AskMatch, AskText, Counts, Frequencies, Helpline, Lexicon, LexiconError, Need,
    Notice, Reading, Standing, Tally, Uncounted, Want, Way, WordCounts, slip_beginning, slips,
};
pub use attending::{AttendingType, AttendingTypes};
pub use carried::{Carried, Member};
pub use clock::{Clock, london_instant, london_today};
pub use codes::{DayOfWeek, Frequency, LocationType, ServiceStatus, SourceMode, TriState, UnknownCode};
pub use content_hash::ContentHash;
pub use cost::{CostOption, Funding, RequiredDocument, ServiceCapacity, Unit};
pub use coverage::{Coverage, Covered, Shapes, Whereabouts};
pub use cursor::{Cursor, CursorError, HistoryPosition, Position};
pub use dialects::Dialect;
pub(crate) use dialects::for_each_dialect;
pub(crate) use difference::said;
pub use difference::{changed_members, has_lost_members};
pub use dimension::{Aspect, Dependence, Dimension, Said, Viewpoint};
pub use facts::{Common, Essential, Essentials, Facts, Tag};
pub use filter::{
    Match, Narrowing, Prepared, ServiceFilter, TaxonomyTermRef, TaxonomyTermsFilter, Texts, Verdict,
};
pub use free_places::{CapacityFilter, FreePlaces, UnitName};
pub use geojson::GeoJson;
pub use group_order::{GroupOrder, GroupOrderBy, GroupPosition, GroupRank, SortKey};
pub use hours::{
    DaySet, Hours, Occurrence, OpenFilter, ScheduleOwner, ScheduleRef, Series, SeriesWindow, Slots, Unsayable,
};
pub use id::{IdError, NodeId, PartId, RecordId, RecordKind, canonical_id};
pub use identifiers::{IdentifierFilter, Identifiers};
pub use issue::{IssueCode, IssueSeverity, MOST_DUPLICATES, RecordIssue};
pub use languages::{LanguageCode, Languages, UnknownLanguage};
pub use left_out::{LocationField, OrganizationField};
pub use location::{Accessibility, Address, Location};
pub use near_names::near_names;
pub use noted_issues::{IssueFilter, IssuePath, NotedIssues};
pub use order::{Direction, Lead, Order, OrderBy, Rank};
pub use organization::{Organization, OrganizationIdentifier, Program};
pub use part::Part;
pub use people::{Contact, Language, Link, Phone};
pub use place::{Coordinates, ServiceArea};
pub use place_names::{
    AddressNames, FoundPlace, LearntPlaces, NameMatch, NamedPlace, PlaceError, PlaceKind, PlaceNames,
    PlaceOrigin,
};
pub use points::{GeoBox, GeoBoxError, Near, Nearest, Point, Points, Tile, place_of};
pub use postcode::{AskedPostcode, AskedPostcodeError, Postcode, PostcodeError};
pub use postcodes::{Accuracy, Placed, PostcodeDoubt, Postcodes, PostcodesError};
pub use prices::{CostFilter, Prices, is_free};
pub use provenance::Provenance;
pub use recency::Recency;
pub use rich_text::RichText;
pub use schedule::{Exception, Schedule};
pub use service::Service;
pub use service_at_location::ServiceAtLocation;
pub use source_key::{SourceKey, SourceKeyError};
pub use stated::Stated;
pub use stub::Stub;
pub use taxonomy::{Attribute, Metadata, Taxonomy, TaxonomyTerm};
pub use term_group::{SharedVocabulary, TermGroup, TermGroupError, VocabularyNames};
pub use text::{
    Beginning, Beginnings, FORM_WEIGHTS, NearSpellings, OrderKey, SearchText, TextClass, TextField,
    TextMatch, TextQuery, Word, folded_name, folded_words, phrase_score, stem, word_score,
};
pub use ties::{Named, Ties};
pub use unread::{Bound, Unread};
pub use unsaid::{Field, Silent, Unsaid};
pub use vocabulary::{KnownGroup, TermSays, Vocabulary};
pub use wheelchair::wheelchair_accessible;

/// What every record that has an id of its own in a feed can say about itself.
pub trait Record: Ties {
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
