//! A client that reads `changes` from another gateway each time, and adds up what it is told.

use std::collections::{BTreeMap, BTreeSet};

use super::checks::Broken;
use crate::catalogue::tests::simulated::CopyContent;
use crate::catalogue::{HistoryChange, HistoryChangeKind};
use crate::federation::{ChangeFilter, ChangePage, ChangesSince};
use crate::model::{HistoryPosition, RecordId};

/// A client that reads changes, and what it knows by now.
#[derive(Debug, Default)]
pub(super) struct HoppingReader {
    position: Option<HistoryPosition>,
    /// The sequence number after which it began, or last began anew.
    began: u64,
    told: BTreeMap<u64, HistoryChange>,
    present: BTreeSet<RecordId>,
    /// Whether it was told of changes that the journal has lost since. A gateway must then tell it to begin anew.
    knows_lost: bool,
    pub(super) resyncs: usize,
}

impl HoppingReader {
    /// Returns where it continues.
    pub(super) fn since(&self) -> ChangesSince {
        self.position.clone().map_or(ChangesSince::Beginning, ChangesSince::Seen)
    }

    pub(super) fn knows_lost(&self) -> bool {
        self.knows_lost
    }

    /// Notes that the journal has lost the changes of this generation after this number.
    pub(super) fn journal_lost(&mut self, generation: &str, after: u64) {
        let is_of =
            |position: &HistoryPosition| *position.generation == *generation && position.sequence > after;
        self.knows_lost |= self.position.as_ref().is_some_and(is_of);
    }

    /// Begins anew. If no gateway could notice that the journal was restored, whoever restored it has to tell clients
    /// to do so.
    pub(super) fn begin_anew(&mut self) {
        *self = Self { resyncs: self.resyncs, ..Self::default() };
    }

    /// Takes a page from a gateway whose copy has this content.
    pub(super) fn take(&mut self, page: &ChangePage, generation: &str, content: &CopyContent) -> Broken {
        if page.resync_required {
            return self.resync(page, generation, content);
        }
        let from = self.position.as_ref().map_or(0, |position| position.sequence);
        if self.position.as_ref().is_some_and(|position| position.generation != page.end.generation) {
            return Err("goes on in another generation without having been told".to_owned());
        }
        if self.knows_lost {
            self.position = Some(page.end.clone());
            return Ok(());
        }
        let told: Vec<(u64, &HistoryChange)> =
            page.changes.iter().map(|(position, change)| (position.sequence, change)).collect();
        let wanted: Vec<_> = of_readers(content)
            .filter(|(number, _)| (from + 1..=page.end.sequence).contains(number))
            .collect();
        if told != wanted {
            return Err(format!("is told {told:?} after {from} instead of {wanted:?}"));
        }
        for (number, change) in told {
            self.fold(number, change)?;
        }
        self.position = Some(page.end.clone());
        Ok(())
    }

    fn resync(&mut self, page: &ChangePage, generation: &str, content: &CopyContent) -> Broken {
        if self.position.as_ref().is_none_or(|position| *position.generation == *generation) {
            return Err(format!("is to begin anew for no reason after {:?}", self.position));
        }
        let present = content.all_ids().filter(|id| ChangeFilter::RECORDS.contains(&id.kind())).cloned();
        *self = Self {
            began: page.end.sequence,
            position: Some(page.end.clone()),
            present: present.collect(),
            resyncs: self.resyncs + 1,
            ..Self::default()
        };
        Ok(())
    }

    fn fold(&mut self, number: u64, change: &HistoryChange) -> Broken {
        let fits = match change.kind {
            HistoryChangeKind::Created => self.present.insert(change.id.clone()),
            HistoryChangeKind::Updated => self.present.contains(&change.id),
            HistoryChangeKind::Deleted => self.present.remove(&change.id),
        };
        if !fits || self.told.insert(number, change.clone()).is_some() {
            return Err(format!("is told {number} {change:?}, which does not fit what it was told before"));
        }
        Ok(())
    }

    /// Checks that it was told everything, once.
    pub(super) fn knows_all(&self, content: &CopyContent) -> Broken {
        let wanted: BTreeMap<u64, HistoryChange> = of_readers(content)
            .filter(|(number, _)| *number > self.began)
            .map(|(number, change)| (number, change.clone()))
            .collect();
        if self.told != wanted {
            return Err(format!("was told {:?} instead of {wanted:?}", self.told));
        }
        let present = content.all_ids().filter(|id| ChangeFilter::RECORDS.contains(&id.kind()));
        if !self.present.iter().eq(present) {
            return Err(format!("holds {:?} for what there is", self.present));
        }
        Ok(())
    }
}

/// Returns the changes that clients are told of.
fn of_readers(content: &CopyContent) -> impl Iterator<Item = (u64, &HistoryChange)> {
    let changes = content.changes.iter().map(|(number, change)| (*number, &**change));
    changes.filter(|(_, change)| ChangeFilter::RECORDS.contains(&change.id.kind()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::tests::simulated::sample_contents;

    fn position(generation: &str, sequence: u64) -> HistoryPosition {
        HistoryPosition { generation: generation.into(), sequence }
    }

    /// A page with the changes of these numbers.
    fn page(content: &CopyContent, numbers: impl IntoIterator<Item = u64>, end: u64) -> ChangePage {
        let change = |number| (position("one", number), HistoryChange::clone(&content.changes[&number]));
        ChangePage {
            changes: numbers.into_iter().map(change).collect(),
            has_previous_page: false,
            has_next_page: false,
            end: position("one", end),
            resync_required: false,
        }
    }

    fn after_two() -> (HoppingReader, CopyContent) {
        let [before, after] = sample_contents();
        let mut reader = HoppingReader::default();
        reader.take(&page(&before, [1, 2], 2), "one", &before).unwrap();
        reader.knows_all(&before).unwrap();
        (reader, after)
    }

    #[test]
    fn a_change_that_is_lost_told_twice_or_out_of_order_is_seen() {
        let [before, _] = sample_contents();
        let first = |numbers: &[u64], end| {
            let page = page(&before, numbers.iter().copied(), end);
            HoppingReader::default().take(&page, "one", &before)
        };
        first(&[1], 1).unwrap();
        first(&[2], 2).unwrap_err();
        first(&[1], 2).unwrap_err();
        first(&[2, 1], 2).unwrap_err();
        let (mut reader, after) = after_two();
        reader.knows_all(&after).unwrap_err();
        reader.take(&page(&after, [2, 3], 3), "one", &after).unwrap_err();
        reader.take(&page(&after, [], 2), "one", &after).unwrap();
        reader.take(&page(&after, [3], 3), "one", &after).unwrap();
        reader.knows_all(&after).unwrap();
    }

    #[test]
    fn a_change_that_does_not_fit_what_was_told_before_is_seen() {
        let (mut reader, mut after) = after_two();
        let mut forged = HistoryChange::clone(&after.changes[&3]);
        forged.kind = HistoryChangeKind::Created;
        after.changes.insert(3, std::sync::Arc::new(forged));
        reader.take(&page(&after, [3], 3), "one", &after).unwrap_err();
    }

    #[test]
    fn beginning_anew_for_no_reason_and_another_generation_in_silence_are_seen() {
        let anew = |end| ChangePage { resync_required: true, ..end };
        let (mut reader, after) = after_two();
        reader.take(&anew(page(&after, [], 3)), "one", &after).unwrap_err();
        let other = |page: ChangePage| ChangePage { end: position("two", 3), ..page };
        reader.take(&other(page(&after, [3], 3)), "two", &after).unwrap_err();
        reader.take(&anew(other(page(&after, [], 3))), "two", &after).unwrap();
        reader.knows_all(&after).unwrap();
        assert_eq!(reader.resyncs, 1);
    }

    #[test]
    fn a_reader_that_knows_what_the_journal_lost_has_to_be_told() {
        let (mut reader, after) = after_two();
        reader.journal_lost("two", 1);
        reader.journal_lost("one", 2);
        assert!(!reader.knows_lost());
        reader.journal_lost("one", 1);
        assert!(reader.knows_lost());
        let end = position("two", 3);
        let anew = ChangePage { resync_required: true, end, ..page(&after, [], 3) };
        reader.take(&anew, "two", &after).unwrap();
        assert!(!reader.knows_lost());
    }
}
