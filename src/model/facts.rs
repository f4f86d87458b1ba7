//! What services state, compiled so that filters, orders, facets and statistics can look through many of them quickly.

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

pub use access::{Access, AccessFilter, AccessText, PlaceAccess};
pub use ages::{AgeRange, Ages, RangeMatch};
pub use attending::{AttendingType, AttendingTypes};
pub use common::Common;
pub use digest::Facts;
pub use dimension::{Aspect, Dependence, Dimension, Said, Viewpoint};
pub use essentials::{Essential, Essentials};
pub use free_places::{CapacityFilter, FreePlaces, UnitName};
pub use identifiers::{IdentifierFilter, Identifiers};
pub use languages::{LanguageCode, Languages, UnknownLanguage};
pub use noted_issues::{IssueFilter, IssuePath, NotedIssues};
pub use prices::{CostFilter, Prices, is_free};
pub use recency::Recency;
pub use tags::Tag;
pub use term_group::{SharedVocabulary, TermGroup, TermGroupError, VocabularyNames};
pub use vocabulary::{KnownGroup, TermSays, Vocabulary};
pub use wheelchair::wheelchair_accessible;
