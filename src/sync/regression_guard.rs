//! Whether what a feed sends is fit to be kept, and fit to stand in the place of what is kept.
//!
//! Both are judged narrowly: a publisher may change, shorten and empty a record as they like. What is refused is what
//! feeds send when something is broken.

use std::sync::Arc;

use crate::model::{
    AnyRecord, CarriedMembers, Location, Organization, Service, ServiceAtLocation, Taxonomy, TaxonomyTerm,
    has_lost_members,
};
use crate::source::{FromRow, has_no_own_id};

/// A kind of record that can be told from rubbish.
pub(super) trait RegressionGuard: FromRow {
    /// What people would know it by, where it has such a thing.
    fn own_name(&self) -> Option<&str>;

    /// As one of any kind.
    fn any(record: Arc<Self>) -> AnyRecord;

    /// The record, if it is one of this kind.
    fn of(record: AnyRecord) -> Option<Arc<Self>>;

    /// Notes that its own page says no more.
    fn make_full(&mut self) {}

    /// Whether it says anything beside its name.
    fn says_something(&self) -> bool {
        true
    }

    /// Whether nobody could tell it from another record: its feed gives it neither an id that can be read nor a name, as
    /// broken answers do. It is not kept: with each answer it would be another record.
    fn is_junk(&self) -> bool {
        self.is_nameless() && has_no_own_id(self.provenance())
    }

    /// Whether to keep `kept` in place of this form of the same record: this one has lost its name, or it has lost
    /// everything but its name without being said to have been changed since.
    fn is_worse_than(&self, kept: &Self) -> bool {
        let lost_name = self.is_nameless() && !kept.is_nameless();
        let is_newer = self.provenance().last_modified > kept.provenance().last_modified;
        let is_shell = !self.says_something() && kept.says_something() && !is_newer;
        lost_name || (is_shell && kept.is_as_deep_as(self))
    }

    /// Whether it says less than `kept`, without being said to have been changed since. Publishers shorten their records;
    /// but where very many are shortened at once, something is broken.
    fn is_poorer_than(self: &Arc<Self>, kept: &Arc<Self>) -> bool {
        let is_newer = self.provenance().last_modified > kept.provenance().last_modified;
        !is_newer
            && kept.is_as_deep_as(self)
            && has_lost_members(&Self::any(Arc::clone(kept)), &Self::any(Arc::clone(self)))
    }

    /// Whether its feed gives it no id, so that it has one by its content.
    fn was_given_no_id(&self) -> bool {
        has_no_own_id(self.provenance())
    }

    /// Whether it was given no name.
    fn is_nameless(&self) -> bool {
        self.own_name().is_some_and(|name| name == NAMELESS)
    }

    /// Whether it was read from where the other one was: a list's row says less than a page, and is no worse for it.
    fn is_as_deep_as(&self, other: &Self) -> bool {
        self.provenance().shallow == other.provenance().shallow
    }
}

/// What a record without a name is called.
const NAMELESS: &str = "(unnamed)";

/// Whether a record's feed gives it no id, so that it has one by its content.
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

// Places need no name, and links between places and services have none.
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
