//! One GraphQL graph over every Open Referral UK feed.
//!
//! The rooms, highest first; a room imports only rooms below it (`tests/it/house.rs` holds this):
//!
//! | room | what lives there |
//! |---|---|
//! | [`cli`] | the commands: the only readers of files, environment and clock |
//! | [`app`] | from a [`config::GatewayConfig`] to a running server |
//! | [`http`] | GraphQL over HTTP, pages, health, metrics |
//! | [`graphql`] | the public contract: views over records, arguments, limits, error codes |
//! | [`federation`] | the use cases over all sources: find, get, page, report |
//! | [`sync`] | walks sources and keeps the catalogue in step with them |
//! | [`catalogue`] | what is stored of synchronised sources: the store, the index over it, what changed |
//! | [`source`] | one source: the engine and the dialects |
//! | [`config`] | text in, settings or every problem out |
//! | [`writers`] | records out, in the forms that others read: Open Referral UK JSON, CSV, GeoJSON, iCalendar |
//! | [`model`] | the nouns and their rules |
//!
//! [`admission`] shares the process out among clients; [`demo`] invents feeds to try the rest on; [`telemetry`] names the
//! metrics and sets up logging; [`fuzzing`] is for fuzzers alone.

pub mod admission;
pub mod app;
pub mod catalogue;
pub mod cli;
pub mod config;
pub mod demo;
pub mod federation;
#[doc(hidden)]
pub mod fuzzing;
pub mod graphql;
pub mod http;
pub mod model;
pub mod source;
pub mod sync;
pub mod telemetry;
pub mod writers;
