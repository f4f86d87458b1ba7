//! Decides whether a record is good enough to be stored, and to replace the stored one.
//!
//! The rules are narrow: publishers may change, shorten and empty their records. Only what feeds send when something is
//! broken is refused.

use std::sync::Arc;

use crate::model::{
    AnyRecord, CarriedMembers, FormSigns, Location, Organization, Service, ServiceAtLocation, Taxonomy,
    TaxonomyTerm, has_lost_members,
};
use crate::source::{FromRow, has_no_own_id};

/// A kind of record for which broken forms can be recognised.
pub(super) trait RegressionGuard: FromRow {
    /// Returns its name. Returns `None` for kinds that have no name.
    fn own_name(&self) -> Option<&str>;

    fn any(record: Arc<Self>) -> AnyRecord;

    /// Returns the record if it is of this kind.
    fn of(record: AnyRecord) -> Option<Arc<Self>>;

    /// Marks the row as complete: the detail page says no more.
    fn make_full(&mut self) {}

    /// Returns whether the record says anything besides its name.
    fn says_something(&self) -> bool {
        true
    }

    /// Returns whether the record cannot be identified: it has neither a readable id nor a name, as in broken
    /// responses. It is not stored, because every read would create another record.
    fn is_junk(&self) -> bool {
        self.is_nameless() && has_no_own_id(self.provenance())
    }

    /// Returns whether to keep `kept` instead of this form: this form has lost its name, or everything but its name,
    /// without a later modification date.
    fn is_worse_than(&self, kept: &Self) -> bool {
        self.signs().is_worse_than(kept.signs())
    }

    /// Returns whether this form has less content than `kept`, without a later modification date. Publishers do shorten
    /// records, but if very many are shortened at once, something is broken.
    fn is_poorer_than(self: &Arc<Self>, kept: &Arc<Self>) -> bool {
        self.signs().is_held_against(kept.signs())
            && has_lost_members(&Self::any(Arc::clone(kept)), &Self::any(Arc::clone(self)))
    }

    /// Returns whether the feed gave no id, so that the id is derived from the content.
    fn was_given_no_id(&self) -> bool {
        has_no_own_id(self.provenance())
    }

    fn is_nameless(&self) -> bool {
        self.own_name().is_some_and(|name| name == NAMELESS)
    }

    /// Returns the signs by which broken forms are recognised.
    fn signs(&self) -> FormSigns {
        FormSigns {
            is_nameless: self.is_nameless(),
            is_empty: !self.says_something(),
            is_row: self.provenance().shallow,
            changed_at: self.provenance().last_modified,
        }
    }
}

/// The name that readers give to a record without one.
const NAMELESS: &str = "(unnamed)";

/// Returns whether the feed gave no id, so that the id is derived from the content.
pub(super) fn was_given_no_id(record: &AnyRecord) -> bool {
    has_no_own_id(record.provenance())
}

macro_rules! worth {
    ($($kind:ident $(, $name:ident)?;)+) => {$(
        impl RegressionGuard for $kind {
            fn own_name(&self) -> Option<&str> {
                None$(.or(Some(self.$name.as_str())))?
            }

            fn any(record: Arc<Self>) -> AnyRecord {
                record.into()
            }

            fn of(record: AnyRecord) -> Option<Arc<Self>> {
                match record {
                    AnyRecord::$kind(record) => Some(record),
                    _ => None,
                }
            }
        }
    )+};
}

// Locations need no name, and services at locations have none.
worth! {
    Organization, name;
    Location;
    ServiceAtLocation;
    Taxonomy, name;
    TaxonomyTerm, name;
}

impl RegressionGuard for Service {
    fn own_name(&self) -> Option<&str> {
        Some(&self.name)
    }

    fn says_something(&self) -> bool {
        self.description.is_some()
            || self.organization_id.is_some()
            || self.carried != CarriedMembers::default()
    }

    fn any(record: Arc<Self>) -> AnyRecord {
        record.into()
    }

    fn of(record: AnyRecord) -> Option<Arc<Self>> {
        match record {
            AnyRecord::Service(record) => Some(record),
            _ => None,
        }
    }

    fn make_full(&mut self) {
        self.provenance.shallow = false;
    }
}

#[cfg(test)]
mod tests;
