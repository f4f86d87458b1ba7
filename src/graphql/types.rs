//! The types of the graph: views on the model's records, without a state of their own.

mod annotation;
mod capabilities;
mod change;
mod conformance;
mod connection;
mod cost;
mod examples;
mod facet_values;
mod facets;
mod grid;
mod location;
mod location_connection;
mod meta;
mod named_place;
mod node;
mod nothing_found;
mod occurrence;
mod organization;
mod people;
mod place;
mod places;
mod provenance;
mod quality;
mod record_by_id;
mod schedule;
mod service;
mod service_at_location;
mod service_connection;
mod service_node;
mod source;
mod source_report;
mod statistics;
mod suggestion;
mod taxonomy;
mod taxonomy_term;
mod term_group;
mod text_format;
mod validator;

#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::sync::Arc;

pub(super) use annotation::{Attribute, Metadata};
pub(super) use capabilities::SourceCapabilities;
pub(super) use change::ChangeConnection;
pub(super) use conformance::Conformance;
pub(super) use connection::{OrganizationConnection, PageInfo, TaxonomyTermConnection};
pub(super) use cost::{CostOption, Funding, RequiredDocument, ServiceCapacity};
pub(super) use examples::MAX_EXAMPLES;
pub(super) use facets::wanted as facets_wanted;
pub(super) use grid::wanted as grids_wanted;
pub(super) use location::Location;
pub(super) use location_connection::LocationConnection;
pub(super) use meta::{GatewayStanding, Meta};
pub(super) use named_place::PlaceCandidate;
pub(super) use node::{Node, Record};
pub(super) use nothing_found::NothingFound;
pub(super) use occurrence::{DEFAULT_OCCURRENCES, MAX_OCCURRENCES, Occurrence};
pub(super) use organization::{Organization, Program};
pub(super) use people::{Contact, Language, Link, Phone};
pub(super) use place::{Accessibility, Address, ServiceArea};
pub(super) use places::Place;
pub(super) use provenance::Provenance;
pub(super) use quality::DataQuality;
pub(super) use record_by_id::{RecordById, record_by_id};
pub(super) use schedule::Schedule;
pub(super) use service::Service;
pub(super) use service_at_location::ServiceAtLocation;
pub(super) use service_connection::{Distance, ServiceConnection};
pub(super) use source::{Licence, Source, SourceError};
pub(super) use source_report::SourceReport;
pub(super) use statistics::ServiceStatistics;
pub(super) use suggestion::Suggestion;
pub(super) use taxonomy::Taxonomy;
pub(super) use taxonomy_term::TaxonomyTerm;
pub(super) use term_group::{TaxonomyTermGroup, TaxonomyTermGroupConnection};
pub(super) use text_format::{TextFormat, WrittenText, written};
pub(super) use validator::SourceValidator;

use crate::model::RecordId;

/// A view on each of these.
fn views<M, V>(records: &[Arc<M>], view: fn(Arc<M>) -> V) -> Vec<V> {
    records.iter().map(|record| view(Arc::clone(record))).collect()
}

/// What a record names, as it carries it: none where it names nothing, and `None` if it has to be looked for.
fn carried<M, V>(
    carried: Option<&Arc<M>>,
    named: Option<&RecordId>,
    view: fn(Arc<M>) -> V,
) -> Option<Option<V>> {
    match carried {
        Some(record) => Some(Some(view(Arc::clone(record)))),
        None => named.is_none().then_some(None),
    }
}

/// How many records are few.
const FEW: usize = 16;

/// Those that were found, each once, in their order.
fn distinct<V>(found: Vec<Option<V>>, id: impl Fn(&V) -> &RecordId) -> Vec<V> {
    let found: Vec<V> = found.into_iter().flatten().collect();
    if found.len() > FEW {
        let mut seen = HashSet::new();
        return found.into_iter().filter(|view| seen.insert(id(view).clone())).collect();
    }
    // Hashing ids takes longer than comparing few of them.
    let mut distinct: Vec<V> = Vec::with_capacity(found.len());
    for view in found {
        if distinct.iter().all(|one| id(one) != id(&view)) {
            distinct.push(view);
        }
    }
    distinct
}
