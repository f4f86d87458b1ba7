//! Which form of a record stands.
//!
//! A feed shows one record in several forms: as rows of its lists, inside other records, and as its own detail. They come
//! in any order, from walks that may be broken off. What stands is decided here and nowhere else, because what is decided
//! wrongly is lost. The decisions are pure: no store, no clock, no feed.
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
//! **What a read shows** ([`DetailForm::of`]): the detail, and where it leaves out what its row says, both together. If the
//! row is not at hand, nobody can tell whether what is missing is gone: the stored form stands until the row is read.
//!
//! **What is no form of the record at all, but a fault of its feed** ([`FormSigns`]): one without the name or without
//! everything that the record had.

use chrono::{DateTime, Utc};

use super::Service;

/// A form of a record that is stored, as far as that decides what replaces it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredForm {
    /// Whether it holds what a detail says or said.
    pub is_full: bool,
    /// When a walk last met it saying what it says.
    pub met: LastMet,
}

/// In which walk a stored form was last met saying what it says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LastMet {
    /// In the one that goes on now.
    ThisWalk,
    /// In the one before it.
    LastWalk,
    /// In an earlier one.
    Earlier,
}

/// A form of a record that was just read, held against the stored one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NewForm {
    /// Whether it is a row, or was found inside another record, and no detail.
    pub is_row: bool,
    /// Whether it is known to be newer than the stored form.
    pub is_newer: bool,
    /// Whether it is of a service: others are found inside several records, in as many forms.
    pub is_service: bool,
    /// Whether it leaves out something that the stored form has.
    pub lacks: bool,
    /// Whether the stored form leaves out something that it has.
    pub adds: bool,
}

/// What stands where two forms of a record meet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Superseding {
    /// The stored form.
    Stored,
    /// The new form, as it is.
    New {
        /// Whether it counts as full from now on.
        is_full: bool,
    },
    /// The new form with what it leaves out of the stored one, which is full.
    NewFilled,
}

impl LastMet {
    /// Of a form that was last met in a walk, while another one goes on.
    pub fn of(walk: u64, now: u64) -> Self {
        match now.saturating_sub(walk) {
            0 => Self::ThisWalk,
            1 => Self::LastWalk,
            _ => Self::Earlier,
        }
    }
}

impl StoredForm {
    /// What stands of this form and a new one.
    pub fn supersede(self, new: NewForm) -> Superseding {
        if !new.is_row {
            return Superseding::New { is_full: true };
        }
        if new.is_newer {
            // Of other records, members can be missing that `lacks` does not know of.
            let may_lack = new.lacks || !new.is_service;
            let is_filled = self.is_full && may_lack;
            return if is_filled { Superseding::NewFilled } else { Superseding::New { is_full: self.is_full } };
        }
        let stands = match (self.is_full, new.is_service) {
            (true, _) => new.lacks,
            (false, true) => new.lacks && self.met == LastMet::ThisWalk,
            // Forms from inside other records come in any order. So that they do not take turns, one stands until a
            // fuller one comes, or until a walk has gone by without it.
            (false, false) => self.met != LastMet::Earlier && (new.lacks || !new.adds),
        };
        if stands { Superseding::Stored } else { Superseding::New { is_full: self.is_full } }
    }
}

/// What is to be made of a service's detail.
#[derive(Debug)]
pub enum DetailForm<'s> {
    /// It says all there is.
    Complete,
    /// It leaves out what this row says.
    Filled(&'s Service),
    /// It leaves out what the stored form says, and the row that could tell whether that is gone is not at hand.
    Undecided,
}

impl<'s> DetailForm<'s> {
    /// Of a detail, the row of the service where it is at hand, and what is stored of it.
    pub fn of(detail: &Service, row: Option<&'s Service>, stored: Option<&'s Service>) -> Self {
        // What is stored is the row, unless it came from a detail.
        let row = row.or_else(|| stored.filter(|stored| stored.provenance.shallow));
        match (row, stored) {
            (Some(row), _) if detail.lacks_what_is_in(row) => Self::Filled(row),
            (None, Some(stored)) if detail.lacks_what_is_in(stored) => Self::Undecided,
            _ => Self::Complete,
        }
    }
}

/// What a form of a record shows of itself, as far as that tells a record that its publisher changed from a broken one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormSigns {
    /// Whether it has no name, though its kind has names.
    pub is_nameless: bool,
    /// Whether it says nothing beside its name.
    pub is_empty: bool,
    /// Whether it is a row: that says less than a detail, and is no worse for it.
    pub is_row: bool,
    /// When it says that it was last changed.
    pub changed_at: Option<DateTime<Utc>>,
}

impl FormSigns {
    /// Whether it has lost its name, or everything but its name without being said to have been changed since.
    pub fn is_worse_than(self, stored: Self) -> bool {
        let lost_name = self.is_nameless && !stored.is_nameless;
        let is_shell = self.is_empty && !stored.is_empty && !self.is_newer_than(stored);
        lost_name || (is_shell && self.is_row == stored.is_row)
    }

    /// Whether what it leaves out counts as lost: it was read from where the stored form was, and is not said to have
    /// been changed since.
    pub fn is_held_against(self, stored: Self) -> bool {
        !self.is_newer_than(stored) && self.is_row == stored.is_row
    }

    fn is_newer_than(self, stored: Self) -> bool {
        self.changed_at > stored.changed_at
    }
}

#[cfg(test)]
mod tests;
