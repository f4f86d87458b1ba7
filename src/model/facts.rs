//! What services state, compiled so that filters, orders, facets and statistics can scan many of them quickly.

pub(in crate::model) mod access;
pub(in crate::model) mod ages;
mod attending;
mod common;
mod digest;
mod dimension;
mod essentials;
mod free_places;
mod identifiers;
mod languages;
mod noted_issues;
mod prices;
mod recency;
mod tags;
pub(in crate::model) mod term_group;
mod vocabulary;
pub(in crate::model) mod wheelchair;

pub use access::{AccessFacts, AccessFilter, AccessText, PlaceAccess};
pub use ages::{AgeRange, AgeRanges, RangeMatch};
pub use attending::{AttendingType, AttendingTypes};
pub use common::SharedFacts;
pub use digest::ServiceFacts;
pub use dimension::{AspectDependence, FacetDimension, FacetKey, FacetViewpoint, ServiceAspect};
pub use essentials::{EssentialDetail, EssentialDetails};
pub use free_places::{CapacityFilter, FreePlaces, UnitName};
pub use identifiers::{IdentifierFacts, IdentifierFilter};
pub use languages::{LanguageCode, SpokenLanguages, UnknownLanguage};
pub use noted_issues::{IssueFilter, IssuePath, NotedIssues};
pub use prices::{CostFilter, PriceFacts, is_free};
pub use recency::RecencyBand;
pub use tags::ServiceTag;
pub use term_group::{SharedVocabulary, TermGroup, TermGroupError, VocabularyNames};
pub use vocabulary::{KnownGroup, TermSays, TermVocabulary};
pub use wheelchair::wheelchair_accessible;
