//! What types have in common.

use async_graphql::registry::{MetaField, Registry};

use super::{Location, Organization, Provenance, Service, ServiceAtLocation, Source, Taxonomy, TaxonomyTerm};
use crate::graphql::output::{FieldOutput, registered_field, registered_interface};
use crate::graphql::plan::FieldPlan;
use crate::graphql::scalars::Id;
use crate::graphql::walk::{OutputWalk, WriteResult};

/// An interface: which objects have it, and its fields, which these objects declare themselves.
macro_rules! interface {
    ($(#[doc = $of:literal])+ $Interface:ident: $($Object:ident),+; $fields:expr) => {
        $(#[doc = $of])+
        pub(crate) enum $Interface {
            $($Object($Object)),+
        }

        impl FieldOutput for $Interface {
            fn register(registry: &mut Registry) -> String {
                let objects: fn(&mut Registry) -> Vec<String> = |registry| vec![$($Object::register(registry)),+];
                let description = concat!($($of),+).trim();
                registered_interface(registry, stringify!($Interface), description, ($fields, objects))
            }

            fn write<'r>(&self, field: &'r FieldPlan, walk: &mut OutputWalk<'r>) -> WriteResult {
                match self {
                    $(Self::$Object(object) => object.write(field, walk)),+
                }
            }
        }

        $(impl From<$Object> for $Interface {
            fn from(object: $Object) -> Self {
                Self::$Object(object)
            }
        })+
    };
}

interface! {
    /// Anything with a globally unique id.
    Node: Source, Service, Organization, Location, ServiceAtLocation, Taxonomy, TaxonomyTerm;
    |registry| vec![id(registry)]
}

interface! {
    /// Any record that comes from a feed.
    Record: Service, Organization, Location, ServiceAtLocation, Taxonomy, TaxonomyTerm;
    |registry| {
        let read = "Where the record comes from, when it was read, and what the gateway changed.";
        vec![
            id(registry),
            registered_field(("upstreamId", "The id in the feed.", None), <&str>::register(registry), []),
            registered_field(("source", "The source it comes from.", None), Source::register(registry), []),
            registered_field(("provenance", read, None), Provenance::register(registry), []),
        ]
    }
}

fn id(registry: &mut Registry) -> MetaField {
    let description = "The opaque, globally unique id.";
    registered_field(("id", description, None), Id::register(registry), [])
}
