//! The nouns and their rules: records, ids, provenance, queries and what it means to match one.
//! No I/O, no feed's own format, no GraphQL, and no clock but the one handed in.

mod facts;
mod find;
mod geography;
mod identity;
mod record;
mod time;

pub use facts::{
    Access, AccessFilter, AccessText, AgeRange, Ages, Aspect, AttendingType, AttendingTypes, CapacityFilter,
    Common, CostFilter, Dependence, Dimension, Essential, Essentials, Facts, FreePlaces, IdentifierFilter,
    Identifiers, IssueFilter, IssuePath, KnownGroup, LanguageCode, Languages, NotedIssues, PlaceAccess,
    Prices, RangeMatch, Recency, Said, SharedVocabulary, Tag, TermGroup, TermGroupError, TermSays, UnitName,
    UnknownLanguage, Viewpoint, Vocabulary, VocabularyNames, is_free, wheelchair_accessible,
};
pub use find::{
    AllCounts, Ask, AskField, AskMatch, AskText, Beginning, Beginnings, Counts, Cursor, CursorError,
    Direction, FORM_WEIGHTS, Frequencies, GroupOrder, GroupOrderBy, GroupPosition, GroupRank, Helpline,
    HistoryPosition, Lead, Lexicon, LexiconError, Match, Narrowing, NearSpellings, Need, Notice, Order,
    OrderBy, OrderKey, Position, Prepared, Rank, Reading, SearchText, ServiceFilter, SortKey, Standing,
    Tally, TaxonomyTermRef, TaxonomyTermsFilter, TextClass, TextField, TextMatch, TextQuery, Texts,
    Uncounted, Verdict, Want, Way, Word, WordCounts, folded_name, folded_words, near_names, phrase_score,
    slip_beginning, slips, stem, word_score,
};
pub use geography::{
    Accuracy, AddressNames, AreaCode, AreaCodeError, AreaKind, AskedPostcode, AskedPostcodeError,
    Coordinates, Coverage, Covered, FoundPlace, GeoBox, GeoBoxError, GeoJson, LearntPlaces, NameMatch,
    NamedPlace, Near, Nearest, PlaceError, PlaceKind, PlaceNames, PlaceOrigin, Placed, Point, Points,
    Postcode, PostcodeDoubt, PostcodeError, Postcodes, PostcodesError, ServiceArea, Shapes, Tile,
    Whereabouts, place_of,
};
pub(crate) use identity::for_each_dialect;
pub use identity::{
    ContentHash, Dialect, IdError, NodeId, PartId, RecordId, RecordKind, SourceKey, SourceKeyError,
    canonical_id,
};
#[cfg(test)]
pub(crate) use record::sample;
pub use record::{
    Accessibility, Address, AnyRecord, Attribute, Bound, Carried, Contact, CostOption, DayOfWeek, Exception,
    Field, Frequency, Funding, IssueCode, IssueSeverity, Language, Link, Location, LocationField,
    LocationType, MOST_DUPLICATES, Member, Metadata, Named, Organization, OrganizationField,
    OrganizationIdentifier, Origin, OriginLicence, OtherKind, OwnRenderings, Part, Phone, Program,
    Provenance, Record, RecordIssue, Rendering, Renderings, RequiredDocument, RichText, Schedule, Service,
    ServiceAtLocation, ServiceCapacity, ServiceStatus, Shape, Silent, SourceMode, Stated, Stub, Taxonomy,
    TaxonomyTerm, Ties, TriState, Unit, UnknownCode, Unread, Unsaid, changed_members, has_lost_members,
};
pub(crate) use record::{Again, said};
pub use time::{
    Clock, DaySet, Hours, Occurrence, OpenFilter, ScheduleOwner, ScheduleRef, Series, SeriesWindow, Slots,
    Unsayable, london_instant, london_today,
};
