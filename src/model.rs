//! The domain: records, ids, provenance, queries, and the rules by which a record matches a query. The model does no
//! I/O and knows neither the formats of feeds nor GraphQL. It never reads the clock: callers pass in the time.

mod facts;
mod find;
mod geography;
mod identity;
mod record;
mod time;

pub use facts::{
    AccessFacts, AccessFilter, AccessText, AgeRange, AgeRanges, AspectDependence, AttendingType,
    AttendingTypes, CapacityFilter, CostFilter, EssentialDetail, EssentialDetails, FacetDimension, FacetKey,
    FacetViewpoint, FreePlaces, IdentifierFacts, IdentifierFilter, IssueFilter, IssuePath, KnownGroup,
    LanguageCode, NotedIssues, PlaceAccess, PriceFacts, RangeMatch, RecencyBand, ServiceAspect, ServiceFacts,
    ServiceTag, SharedFacts, SharedVocabulary, SpokenLanguages, TermGroup, TermGroupError, TermSays,
    TermVocabulary, UnitName, UnknownLanguage, VocabularyNames, is_free, wheelchair_accessible,
};
pub use find::{
    AllCounts, AskField, AskLexicon, AskMatch, AskText, AskedNeed, AskedPhrase, BegunName, Cursor,
    CursorError, DangerHelpline, DangerNotice, FORM_WEIGHTS, FilterMatch, FilterNarrowing, FilterVerdict,
    GroupOrder, GroupOrderBy, GroupPosition, GroupRank, HistoryPosition, LexiconError, NameBeginnings,
    NearSpellings, OrderBy, OrderKey, PhraseReading, PhraseWant, PreparedFilter, QueryWord, SearchText,
    ServiceFilter, SortDirection, SortKey, SortOrder, SortPosition, SortPrefix, SortRank, TaxonomyTermRef,
    TaxonomyTermsFilter, TextClass, TextField, TextMatch, TextMatches, TextQuery, UncountedWords, WantScore,
    WantWay, WordCounts, WordFrequencies, WordRarity, WordStanding, folded_name, folded_words, near_names,
    phrase_score, slip_beginning, slips, stem, word_score,
};
pub use geography::{
    AddressNames, AreaCode, AreaCodeError, AreaKind, AskedPlace, AskedPostcode, AskedPostcodeError,
    Coordinates, CoverageAnswer, DeliveryPoint, DeliveryPoints, FoundPlace, GeoBox, GeoBoxError, GeoJson,
    LearntPlaces, MapTile, NameMatch, NamedPlace, NearPoint, NearestPoint, PlaceError, PlaceKind, PlaceNames,
    PlaceOrigin, Postcode, PostcodeAccuracy, PostcodeDoubt, PostcodeError, PostcodePlace, PostcodePlaces,
    PostcodesError, ServiceArea, ServiceCoverage, SharedShapes, place_of,
};
pub(crate) use identity::for_each_dialect;
pub use identity::{
    ContentHash, Dialect, IdError, LiveMembers, NodeId, PartId, RecordId, RecordKind, SourceKey,
    SourceKeyError, canonical_id,
};
#[cfg(test)]
pub(crate) use record::sample;
pub use record::{
    Accessibility, Address, AnyRecord, Attribute, CarriedMembers, Contact, CostOption, DayOfWeek, DetailForm,
    FormSigns, Frequency, Funding, IssueCode, IssueSeverity, Language, LastMet, Link, Location,
    LocationField, LocationType, MOST_DUPLICATES, Metadata, NamedField, NamedRecord, NestedMember, NewForm,
    Organization, OrganizationField, OrganizationIdentifier, OriginLicence, OtherKind, OwnRenderings, Phone,
    Program, Provenance, Record, RecordIssue, RecordOrigin, RecordPart, RecordTies, Rendering, Renderings,
    RequiredDocument, RichText, Schedule, ScheduleException, Service, ServiceAtLocation, ServiceCapacity,
    ServiceStatus, Shape, SilentRecord, SourceMode, StatedBound, StatedFacts, StoredForm, StubRecord,
    Superseding, Taxonomy, TaxonomyTerm, TriState, Unit, UnknownCode, UnreadBounds, UnsaidFields,
    changed_members, has_lost_members,
};
pub(crate) use record::{ReadAgain, said};
pub use time::{
    DaySet, EventSeries, InstantClock, Occurrence, OpenFilter, OpeningHours, ScheduleOwner, ScheduleRef,
    SeriesWindow, UnsayableSeries, WeekSlots, london_instant, london_today,
};
