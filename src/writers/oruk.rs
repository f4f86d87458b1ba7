//! Writes Open Referral UK 3.0 JSON, nested as its detail pages are. This is the counterpart of the reader of HSDS 3.
//!
//! Every property of the model is written as one member; a property without a value is left out. The standard has no
//! member for some of what the gateway knows. Such values go into a member `gateway` of the object concerned, which
//! readers of the standard ignore and [this gateway's reader](crate::source) reads back:
//!
//! | in `gateway` | what it holds |
//! |---|---|
//! | `id` | the record's `id` in the graph; the standard wants UUIDs, so `id` is one made of it |
//! | `source` | the first publisher: name, publisher, home page, feed, licence, attribution |
//! | `upstream_id`, `upstream_url` | the record in the first publisher's feed |
//! | `assumed` | members that the standard requires and the publisher did not state |
//! | `as_published` | values that are not of the type or form that the standard wants |
//! | `extra` | members unknown to the standard, by their paths |
//! | others | what the model derives: see `parts` and `records` |

mod object;
mod parts;
mod records;

use serde_json::{Map, Value, json};

use crate::model::{
    AnyRecord, Location, Organization, Record, RecordOrigin, Service, ServiceAtLocation, Taxonomy,
    TaxonomyTerm,
};
use object::OrukObject;

/// The name of the member that holds what the standard has no member for.
pub const GATEWAY: &str = "gateway";

/// Writes a record of any kind. `publisher` describes the source that the record comes from.
pub fn record(record: &AnyRecord, publisher: &RecordOrigin) -> Value {
    match record {
        AnyRecord::Service(one) => service(one, publisher),
        AnyRecord::Organization(one) => organization(one, publisher),
        AnyRecord::Location(one) => location(one, publisher),
        AnyRecord::ServiceAtLocation(one) => service_at_location(one, publisher),
        AnyRecord::Taxonomy(one) => taxonomy(one, publisher),
        AnyRecord::TaxonomyTerm(one) => taxonomy_term(one, publisher),
    }
}

macro_rules! writers {
    ($($(#[$doc:meta])* $name:ident: $Record:ident),* $(,)?) => {$(
        $(#[$doc])*
        pub fn $name(record: &$Record, publisher: &RecordOrigin) -> Value {
            let mut object = records::$name(record);
            tell_origin(&mut object, record, publisher);
            object.into_value()
        }
    )*};
}

writers! {
    /// Writes a service and its origin.
    service: Service,
    /// Writes an organisation and its origin.
    organization: Organization,
    /// Writes a location and its origin.
    location: Location,
    /// Writes a service at a location and its origin.
    service_at_location: ServiceAtLocation,
    /// Writes a taxonomy and its origin.
    taxonomy: Taxonomy,
    /// Writes a taxonomy term and its origin.
    taxonomy_term: TaxonomyTerm,
}

/// Adds where a record comes from. If the feed is another gateway's and names the record's first publisher, that
/// publisher is kept as the origin.
fn tell_origin(object: &mut OrukObject, record: &impl Record, publisher: &RecordOrigin) {
    let provenance = record.provenance();
    let (origin, id, url) = match provenance.origin.as_deref() {
        Some(first) => (first, first.record_id.as_deref(), first.record_url.as_ref()),
        None => (publisher, Some(record.id().upstream()), provenance.upstream_url.as_ref()),
    };
    object.aside("id", Some(record.id().as_str()));
    object.aside("source", Some(source(origin)));
    object.aside("upstream_id", id);
    object.aside("upstream_url", url.map(url::Url::as_str));
}

/// Writes what is known about the origin of records.
pub fn source(origin: &RecordOrigin) -> Value {
    let licence = origin.licence.as_ref().map(|licence| {
        let url = licence.url.as_ref().map(url::Url::as_str);
        stated([
            ("name", Some(json!(licence.name))),
            ("url", url.map(Value::from)),
            ("spdx_id", licence.spdx_id.as_deref().map(Value::from)),
        ])
    });
    stated([
        ("name", Some(json!(origin.name))),
        ("publisher", origin.publisher.as_deref().map(Value::from)),
        ("homepage", origin.homepage.as_ref().map(|url| url.as_str().into())),
        ("feed", origin.feed.as_ref().map(|url| url.as_str().into())),
        ("licence", licence),
        ("attribution", origin.attribution.as_deref().map(Value::from)),
    ])
}

fn stated<const N: usize>(members: [(&str, Option<Value>); N]) -> Value {
    let stated = members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
    Value::Object(stated.collect::<Map<_, _>>())
}
