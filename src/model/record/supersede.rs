//! Which form of a record stands.
//!
//! A feed shows one record in several forms: as rows of its lists, nested in other records, and as its own detail. They
//! arrive in any order, from walks that may be interrupted. Only this module decides which form to keep, because a
//! wrong decision loses data. The decisions are pure: no store, no clock, no feed.
//!
//! **What the catalogue stores** ([`StoredForm::supersede`]):
//!
//! | the new form | what is stored | what stands |
//! |---|---|---|
//! | a detail | anything | the detail, as it is |
//! | a row that is newer | full | the row, filled with what it leaves out of the full form |
//! | a row that is newer | only rows | the row, as it is |
//! | a row | full, and the row leaves something out | the full form |
//! | a row | full, and the row leaves nothing out | the row, as it is; it counts as full |
//! | a row of a service | a row that this walk has met, with more in it | the stored row |
//! | a row of a service | any other row | the new row |
//! | a form of another record, found inside others | one of this walk or the last, not poorer | the stored form |
//! | a form of another record, found inside others | one that is poorer, or that a walk has not met | the new form |
//!
//! **What a read shows** ([`DetailForm::of`]): the detail. If the detail leaves out something that the row states, both
//! together. If the row has not been read, it is unknown whether the missing data was removed: the stored form stands
//! until the row is read.
//!
//! **What counts as a fault of the feed rather than a form of the record** ([`FormSigns`]): a form that has lost the
//! name, or everything but the name.

use chrono::{DateTime, Utc};

use super::Service;

/// A stored form of a record: what decides whether a new form replaces it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredForm {
    /// Whether it has the content of a detail.
    pub is_full: bool,
    /// The last walk that found it unchanged.
    pub met: LastMet,
}

/// Which walk last found a stored form unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastMet {
    /// The current walk.
    ThisWalk,
    /// The walk before the current one.
    LastWalk,
    /// An earlier walk.
    Earlier,
}

/// A form of a record that was just read, compared with the stored one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewForm {
    /// Whether it is a row, or was nested in another record, rather than a detail.
    pub is_row: bool,
    /// Whether it is known to be newer than the stored form.
    pub is_newer: bool,
    /// Whether the record is a service. Other records may be nested in several records, in different forms.
    pub is_service: bool,
    /// Whether it leaves out something that the stored form has.
    pub lacks: bool,
    /// Whether it has something that the stored form leaves out.
    pub adds: bool,
}

/// Which of two forms stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Superseding {
    /// The stored form.
    Stored,
    /// The new form, unchanged.
    New {
        /// Whether the record counts as full from now on.
        is_full: bool,
    },
    /// The new form, with what it leaves out taken from the stored form, which is full.
    NewFilled,
}

impl LastMet {
    /// Returns the age of a form last found in walk number `walk`, during walk number `now`.
    pub fn of(walk: u64, now: u64) -> Self {
        match now.checked_sub(walk) {
            Some(0) => Self::ThisWalk,
            Some(1) | None => Self::LastWalk,
            Some(_) => Self::Earlier,
        }
    }
}

impl StoredForm {
    /// Decides between this form and a new one.
    pub fn supersede(self, new: NewForm) -> Superseding {
        if !new.is_row {
            return Superseding::New { is_full: true };
        }
        if new.is_newer {
            // In records other than services, members may be missing that `lacks` does not cover.
            let may_lack = new.lacks || !new.is_service;
            let is_filled = self.is_full && may_lack;
            return if is_filled {
                Superseding::NewFilled
            } else {
                Superseding::New { is_full: self.is_full }
            };
        }
        let stands = match (self.is_full, new.is_service) {
            (true, _) => new.lacks,
            (false, true) => new.lacks && self.met == LastMet::ThisWalk,
            // Forms nested in other records arrive in any order. To stop them from alternating, a form stands until a
            // fuller one arrives, or until a whole walk has not found it.
            (false, false) => self.met != LastMet::Earlier && (new.lacks || !new.adds),
        };
        if stands { Superseding::Stored } else { Superseding::New { is_full: self.is_full } }
    }
}

/// How to use a service's detail.
#[derive(Debug)]
pub enum DetailForm<'s> {
    /// The detail is complete.
    Complete,
    /// The detail leaves out something that this row states.
    Filled(&'s Service),
    /// The detail leaves out something that the stored form states, and the row that would show whether it was removed
    /// has not been read.
    Undecided,
}

impl<'s> DetailForm<'s> {
    /// Compares a detail with the service's row, if it has been read, and with the stored form.
    pub fn of(detail: &Service, row: Option<&'s Service>, stored: Option<&'s Service>) -> Self {
        // The stored form is the row, unless it came from a detail.
        let row = row.or_else(|| stored.filter(|stored| stored.provenance.shallow));
        match (row, stored) {
            (Some(row), _) if detail.lacks_what_is_in(row) => Self::Filled(row),
            (None, Some(stored)) if detail.lacks_what_is_in(stored) => Self::Undecided,
            _ => Self::Complete,
        }
    }
}

/// The signs by which to tell a record that its publisher changed from one that its feed broke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormSigns {
    /// Whether the name is missing, in a kind of record that has names.
    pub is_nameless: bool,
    /// Whether the record says nothing but its name.
    pub is_empty: bool,
    /// Whether the form is a row. Rows may say less than details.
    pub is_row: bool,
    /// When the record says that it was last changed.
    pub changed_at: Option<DateTime<Utc>>,
}

impl FormSigns {
    /// Returns whether the record has lost its name, or everything but its name without a later date of change.
    pub fn is_worse_than(self, stored: Self) -> bool {
        let lost_name = self.is_nameless && !stored.is_nameless;
        let is_shell = self.is_empty && !stored.is_empty && !self.is_newer_than(stored);
        lost_name || (is_shell && self.is_row == stored.is_row)
    }

    /// Returns whether missing content counts as lost: both forms are rows or both are details, and this one has no
    /// later date of change.
    pub fn is_held_against(self, stored: Self) -> bool {
        !self.is_newer_than(stored) && self.is_row == stored.is_row
    }

    fn is_newer_than(self, stored: Self) -> bool {
        self.changed_at > stored.changed_at
    }
}

#[cfg(test)]
mod tests;
