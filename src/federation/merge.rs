//! Merges many ordered lists, one from each source, into one page.

use std::ops::Range;
use std::sync::Arc;

use itertools::Itertools as _;

use super::PageRequest;
use super::select::SelectedPage;
use crate::model::{OrderKey, Record, RecordId, SortOrder, SortPosition, SortRank};

/// Cuts a page from the merged order of `lists`. Each list must be sorted by name and then by id.
///
/// The work grows with the page and the number of lists, not with their length.
pub(super) fn cut<T: Record>(lists: &[&[Arc<T>]], page: &PageRequest) -> SelectedPage<Arc<T>> {
    let windows: Vec<Range<usize>> = lists.iter().map(|list| window(list, page)).collect();
    let before: usize = windows.iter().map(|window| window.start).sum();
    let after: usize = lists.iter().zip(&windows).map(|(list, window)| list.len() - window.end).sum();
    let within: usize = windows.iter().map(ExactSizeIterator::len).sum();
    let records = if page.from_end {
        take_last(lists, windows, page.size)
    } else {
        take_first(lists, windows, page.size)
    };
    let left_over = within > records.len();
    SelectedPage {
        has_next_page: after > 0 || (left_over && !page.from_end),
        has_previous_page: before > 0 || (left_over && page.from_end),
        candidates: records,
    }
}

fn window<T: Record>(list: &[Arc<T>], page: &PageRequest) -> Range<usize> {
    let place = |position: &SortPosition, record: &Arc<T>| {
        let record = SortRank::by_name(record.order_key(), record.id());
        SortOrder::default().compare(position.rank(), record)
    };
    let start = match &page.after {
        Some(after) => list.partition_point(|record| place(after, record).is_ge()),
        None => 0,
    };
    let end = match &page.before {
        Some(before) => list.partition_point(|record| place(before, record).is_gt()),
        None => list.len(),
    };
    start..end.max(start)
}

/// Returns the part of a list that a page may show, with one more record that tells whether the list goes on. The two
/// flags say whether the list has records before and behind the page's two cursors.
pub(super) fn nearest<T: Record>(list: &[Arc<T>], page: &PageRequest) -> (Range<usize>, bool, bool) {
    let Range { start, end } = window(list, page);
    let wanted = page.size.saturating_add(1).min(end - start);
    let part = if page.from_end { end - wanted..end } else { start..start + wanted };
    (part, start > 0, end < list.len())
}

fn take_first<T: Record>(lists: &[&[Arc<T>]], windows: Vec<Range<usize>>, size: usize) -> Vec<Arc<T>> {
    let parts = lists.iter().zip(windows).map(|(list, window)| list.get(window).unwrap_or_default().iter());
    parts.kmerge_by(|a, b| place(&***a) < place(&***b)).take(size).cloned().collect()
}

fn take_last<T: Record>(lists: &[&[Arc<T>]], windows: Vec<Range<usize>>, size: usize) -> Vec<Arc<T>> {
    let parts = lists.iter().zip(windows).map(|(list, window)| list.get(window).unwrap_or_default());
    let backwards = parts.map(|part| part.iter().rev()).kmerge_by(|a, b| place(&***a) > place(&***b));
    let mut records: Vec<Arc<T>> = backwards.take(size).cloned().collect();
    records.reverse();
    records
}

fn place(record: &impl Record) -> (&OrderKey, &RecordId) {
    (record.order_key(), record.id())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use chrono::{DateTime, Utc};
    use proptest::prelude::*;

    use super::*;
    use crate::federation::select::{CandidatePlace, ServiceCandidate, select};
    use crate::model::{
        CarriedMembers, ContentHash, Cursor, Provenance, RecordKind, SortPrefix, SourceKey, Taxonomy,
    };
    use crate::source::RecordSet;

    fn record(source: &SourceKey, upstream: &str, name: &str) -> Arc<Taxonomy> {
        let provenance = Provenance {
            upstream_url: None,
            fetched_at: DateTime::<Utc>::UNIX_EPOCH,
            fresh_until: DateTime::<Utc>::UNIX_EPOCH,
            last_modified: None,
            assured_date: None,
            assurer_email: None,
            shallow: false,
            content_hash: ContentHash::of(b""),
            issues: Vec::new(),
            read_bytes: 0,
            origin: None,
        };
        Arc::new(Taxonomy {
            id: RecordId::new(RecordKind::Taxonomy, source, upstream),
            provenance,
            order_key: OrderKey::of(name),
            carried: CarriedMembers::default(),
            name: name.to_owned(),
            description: None,
            uri: None,
            version: None,
            terms: Vec::new(),
            metadata: Vec::new(),
            extra: serde_json::Map::new(),
        })
    }

    /// Few names, so that many records have the same one, within a source and across sources. The ids do not sort like
    /// numbers.
    fn feeds() -> impl Strategy<Value = Vec<RecordSet<Taxonomy>>> {
        let name = prop_oneof!["[abÀé]{0,2}", "[ -~]{0,3}", Just("x".repeat(200))];
        let records = prop::collection::btree_map("[a-c0-2:/ ]{1,4}", name, 0..40);
        prop::collection::vec(records, 1..=4).prop_map(|feeds| {
            let set = |(number, feed): (usize, std::collections::BTreeMap<String, String>)| {
                let key = SourceKey::parse(&format!("source-{}", 9 - number)).unwrap();
                let records = feed.iter().map(|(id, name)| record(&key, id, name)).collect();
                RecordSet::new(records, DateTime::<Utc>::UNIX_EPOCH)
            };
            feeds.into_iter().enumerate().map(set).collect()
        })
    }

    /// Returns the place of a record, encoded and decoded as a cursor.
    fn cursor(record: &Taxonomy) -> SortPosition {
        let text = Cursor::encode(RecordKind::Taxonomy, SortOrder::default(), &SortPosition::of(record));
        Cursor::decode(RecordKind::Taxonomy, SortOrder::default(), &text).unwrap()
    }

    /// Walks all pages from one end to the other. `lose` says after which page a list is lost, and which list.
    fn walk(
        sets: &[RecordSet<Taxonomy>],
        size: usize,
        from_end: bool,
        lose: Option<(usize, usize)>,
    ) -> Vec<String> {
        let mut lists: Vec<&[Arc<Taxonomy>]> = sets.iter().map(RecordSet::records).collect();
        let mut page = PageRequest { size, after: None, before: None, from_end };
        let mut seen = Vec::new();
        for number in 0.. {
            let SelectedPage { candidates: records, has_next_page, has_previous_page } = cut(&lists, &page);
            assert!(records.len() <= size);
            let ids = records.iter().map(|record| record.id.as_str().to_owned());
            seen = if from_end { ids.chain(seen).collect() } else { seen.into_iter().chain(ids).collect() };
            if let Some((_, list)) = lose.filter(|(after, _)| *after == number) {
                lists[list % sets.len()] = &[];
            }
            let (has_more, end) =
                if from_end { (has_previous_page, records.first()) } else { (has_next_page, records.last()) };
            assert!(!has_more || records.len() == size, "a page before the last is full");
            let Some(end) = end.filter(|_| has_more) else { break };
            if from_end { page.before = Some(cursor(end)) } else { page.after = Some(cursor(end)) }
        }
        seen
    }

    fn all(sets: &[RecordSet<Taxonomy>]) -> BTreeSet<String> {
        sets.iter().flat_map(RecordSet::records).map(|record| record.id.as_str().to_owned()).collect()
    }

    proptest! {
        #[test]
        fn pages_of_any_size_visit_each_record_once_in_one_order(sets in feeds(), size in 1usize..50) {
            let forwards = walk(&sets, size, false, None);
            prop_assert_eq!(&walk(&sets, size, true, None), &forwards);
            prop_assert_eq!(&walk(&sets, 1000, false, None), &forwards);
            prop_assert_eq!(forwards.len(), all(&sets).len());
            prop_assert_eq!(forwards.into_iter().collect::<BTreeSet<_>>(), all(&sets));
        }

        #[test]
        fn what_is_nearest_in_each_list_makes_the_same_page(
            sets in feeds(), size in 0usize..20, from in 0usize..60, to in 0usize..60, from_end: bool,
        ) {
            let lists: Vec<&[Arc<Taxonomy>]> = sets.iter().map(RecordSet::records).collect();
            let order = cut(&lists, &PageRequest::EVERYTHING).candidates;
            let at = |index: usize| order.get(index).map(|record| cursor(record));
            let page = PageRequest { size, after: at(from), before: at(to), from_end };
            let (mut candidates, mut goes_before, mut follows) = (Vec::new(), false, false);
            for (holding, list) in lists.iter().enumerate() {
                let (part, before, behind) = nearest(list, &page);
                (goes_before, follows) = (goes_before | before, follows | behind);
                candidates.extend(part.map(|at| {
                    let (order_key, id) = place(&*list[at]);
                    let name = SortPrefix::of_name(order_key);
                    ServiceCandidate { order_key, id, lead: name, name, at: CandidatePlace { holding, at } }
                }));
            }
            let selected = select(candidates, SortOrder::default(), &page);
            let expected = cut(&lists, &page);
            let ids: Vec<&RecordId> = selected.candidates.iter().map(|one| one.id).collect();
            prop_assert_eq!(ids, expected.candidates.iter().map(|one| &one.id).collect::<Vec<_>>());
            prop_assert_eq!(selected.has_next_page || follows, expected.has_next_page);
            prop_assert_eq!(selected.has_previous_page || goes_before, expected.has_previous_page);
        }

        #[test]
        fn losing_a_source_between_pages_repeats_nothing_and_leaves_out_only_its_records(
            sets in feeds(), size in 1usize..20, after in 0usize..6, list in 0usize..4, from_end: bool,
        ) {
            let seen = walk(&sets, size, from_end, Some((after, list)));
            let distinct: BTreeSet<String> = seen.iter().cloned().collect();
            prop_assert_eq!(distinct.len(), seen.len());
            let lost: BTreeSet<String> = all(&sets[list % sets.len()..=list % sets.len()]);
            prop_assert!(all(&sets).difference(&distinct).all(|id| lost.contains(id)));
        }

        #[test]
        fn the_flags_tell_what_lies_on_either_side(
            sets in feeds(), size in 0usize..20, from in 0usize..60, to in 0usize..60, from_end: bool,
        ) {
            let lists: Vec<&[Arc<Taxonomy>]> = sets.iter().map(RecordSet::records).collect();
            let whole = PageRequest { size: 1000, after: None, before: None, from_end: false };
            let order = cut(&lists, &whole).candidates;
            let at = |index: usize| order.get(index).map(|record| cursor(record));
            let page = PageRequest { size, after: at(from), before: at(to), from_end };
            let SelectedPage { candidates: records, has_next_page, has_previous_page } = cut(&lists, &page);
            let start = if from < order.len() { from + 1 } else { 0 };
            let window = start..to.min(order.len()).max(start);
            let expected = match from_end {
                false => window.start..window.end.min(window.start + size),
                true => window.end.saturating_sub(size).max(window.start)..window.end,
            };
            let ids = |records: &[Arc<Taxonomy>]| -> Vec<String> {
                records.iter().map(|record| record.id.as_str().to_owned()).collect()
            };
            prop_assert_eq!(ids(&records), ids(&order[expected.clone()]));
            if from < to {
                prop_assert_eq!(has_previous_page, expected.start > 0);
                prop_assert_eq!(has_next_page, expected.end < order.len());
            }
        }
    }
}
