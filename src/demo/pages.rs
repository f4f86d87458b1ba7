//! A collection as it is served. Every record is rendered once, the rendered records are stored one after the other,
//! and pages are made by copying ranges of them.

mod ask;
mod frame;
mod packed;

use std::collections::HashMap;
use std::ops::Range;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use serde_json::Value;

use super::paging::{FeedPaging, PageFacts, PagingStep, start_at, token_to};
use super::publisher::FeedPublisher;

pub(super) use ask::ListQuery;
pub(super) use frame::PageFrame;
use packed::{PackedRecords, RecordPacking};

/// The records of one collection, as rows of its list and as single records.
pub(super) struct CollectionPages {
    rows: PackedRecords,
    /// The single records. Empty for a record whose single record is the same as its row.
    details: PackedRecords,
    /// The rows with their nested records.
    including: PackedRecords,
    by_id: HashMap<Box<str>, usize>,
    broken: Vec<usize>,
    keys: Vec<SearchKey>,
    ranks: Vec<u8>,
}

/// One record before it is rendered.
pub(super) struct PageEntry {
    pub(super) row: Value,
    pub(super) detail: Option<Value>,
    pub(super) including: Option<Value>,
    pub(super) key: Option<SearchKey>,
    pub(super) rank: u8,
    /// Whether a request for the single record fails.
    pub(super) broken: bool,
}

impl PageEntry {
    /// Returns a record that is the same in the list and on its own.
    pub(super) fn of(row: Value) -> Self {
        Self { row, detail: None, including: None, key: None, rank: 0, broken: false }
    }
}

/// The values of a record that the publisher's filters compare.
#[derive(Default)]
pub(super) struct SearchKey {
    /// The searched text, in lower case.
    pub(super) words: String,
    pub(super) modified: Option<DateTime<Utc>>,
    pub(super) vocabulary: String,
}

/// The result of looking up a record by its id.
pub(super) enum SingleAnswer {
    Whole(Bytes),
    Broken,
}

impl CollectionPages {
    /// Renders all records of a collection.
    pub(super) fn render(
        publisher: &dyn FeedPublisher,
        entries: impl IntoIterator<Item = PageEntry>,
    ) -> Self {
        let (mut rows, mut details, mut including) =
            (RecordPacking::default(), RecordPacking::default(), RecordPacking::default());
        let (mut by_id, mut broken) = (HashMap::new(), Vec::new());
        let (mut keys, mut ranks) = (Vec::new(), Vec::new());
        for (position, entry) in entries.into_iter().enumerate() {
            by_id.extend(id(publisher, &entry.row).map(|id| (id.into_boxed_str(), position)));
            broken.extend(entry.broken.then_some(position));
            rows.push(&publisher.write(&entry.row));
            details.push(&entry.detail.map(|record| publisher.write(&record)).unwrap_or_default());
            including.push(&entry.including.map(|record| publisher.write(&record)).unwrap_or_default());
            keys.extend(entry.key);
            ranks.push(entry.rank);
        }
        let (rows, details, including) = (rows.finish(), details.finish(), including.finish());
        Self { rows, details, including, by_id, broken, keys, ranks }
    }

    /// Returns a single record. `None` if no record has this id.
    pub(super) fn alone(&self, id: &str) -> Option<SingleAnswer> {
        let position = *self.by_id.get(id)?;
        if self.broken.contains(&position) {
            return Some(SingleAnswer::Broken);
        }
        self.details.record(position).or_else(|| self.rows.record(position)).map(SingleAnswer::Whole)
    }

    /// Returns all records as a JSON list without an envelope.
    pub(super) fn bare(&self) -> Bytes {
        let everything = self.rows.records(&(0..self.rows.len())).unwrap_or_default();
        [b"[", everything, b"]"].concat().into()
    }

    /// Returns one page of the list in the publisher's envelope.
    pub(super) fn page(&self, publisher: &dyn FeedPublisher, list: &'static str, ask: &ListQuery) -> Bytes {
        let paging = publisher.paging();
        let per_page = paging.per_page(ask.per_page);
        let matching = self.matching(ask);
        let total = matching.as_ref().map_or(self.rows.len(), Vec::len);
        let (number, start) = self.start(paging.step, ask, (total, per_page));
        let ranges = match matching {
            Some(found) => found.into_iter().skip(start).take(per_page).map(|at| at..at + 1).collect(),
            None => self.stretch(paging, number, start, per_page),
        };
        let rows = ranges.iter().map(Range::len).sum();
        let facts = PageFacts {
            total,
            per_page,
            number,
            rows,
            including: !ask.includes.is_empty(),
            next: match paging.step {
                PagingStep::Link(_) => ranges.last().and_then(|range| self.last_id(publisher, range)),
                PagingStep::Token(_) => Some(start + rows).filter(|next| *next < total).map(token_to),
                PagingStep::Number(_) | PagingStep::Clamped(_) | PagingStep::Offset(_) => None,
            },
            list,
        };
        let frame = PageFrame::of_list(publisher.envelope(&facts), publisher.list_member());
        if ask.includes.is_empty() {
            let records: Vec<&[u8]> = ranges.iter().filter_map(|range| self.rows.records(range)).collect();
            return frame.around(&records);
        }
        let records = ranges.into_iter().flatten().filter_map(|position| self.included(position, ask));
        let records: Vec<_> = records.map(|record| publisher.write(&record).into_bytes()).collect();
        frame.around(&records)
    }

    fn matching(&self, ask: &ListQuery) -> Option<Vec<usize>> {
        let narrowed = ask.narrows() && !self.keys.is_empty();
        let keys = self.keys.iter().enumerate();
        narrowed.then(|| keys.filter(|(_, key)| ask.wants(key)).map(|(position, _)| position).collect())
    }

    /// Returns the number of the requested page and the position of its first record.
    fn start(&self, step: PagingStep, ask: &ListQuery, (total, per_page): (usize, usize)) -> (usize, usize) {
        let asked = ask.place.as_deref();
        let number = ask.number().unwrap_or(1).max(1);
        let numbered = |number: usize| (number, (number - 1).saturating_mul(per_page));
        let from = |start: Option<usize>| {
            let start = start.unwrap_or(0);
            (start / per_page.max(1) + 1, start)
        };
        match step {
            PagingStep::Number(_) => numbered(number),
            PagingStep::Clamped(_) => numbered(number.min(total.div_ceil(per_page.max(1)).max(1))),
            PagingStep::Offset(_) => from(ask.number()),
            PagingStep::Link(_) => from(asked.and_then(|id| self.by_id.get(id)).map(|before| before + 1)),
            PagingStep::Token(_) => from(asked.and_then(start_at)),
        }
    }

    /// Returns the positions on a page of the unfiltered list. If the list is unsteady, every third page repeats the
    /// last record of the page before it instead of its own first record, as long as both have the same rank.
    fn stretch(&self, paging: FeedPaging, number: usize, start: usize, per_page: usize) -> Vec<Range<usize>> {
        let total = self.rows.len();
        let end = start.saturating_add(per_page).min(total);
        let start = start.min(total);
        let rank = |position: usize| self.ranks.get(position);
        match start.checked_sub(1) {
            Some(before)
                if paging.unsteady
                    && number.is_multiple_of(3)
                    && start < end
                    && rank(before) == rank(start) =>
            {
                vec![before..start, start + 1..end]
            }
            _ => std::iter::once(start..end).collect(),
        }
    }

    fn last_id(&self, publisher: &dyn FeedPublisher, range: &Range<usize>) -> Option<String> {
        let last = self.rows.record(range.end.checked_sub(1)?).filter(|_| !range.is_empty())?;
        id(publisher, &serde_json::from_slice(&last).ok()?)
    }

    /// Returns a row with only those nested lists that were asked for.
    fn included(&self, position: usize, ask: &ListQuery) -> Option<Value> {
        let row = self.including.record(position).or_else(|| self.rows.record(position))?;
        let mut row: Value = serde_json::from_slice(&row).ok()?;
        if let Value::Object(members) = &mut row {
            members.retain(|name, member| !member.is_array() || ask.includes.contains(name));
        }
        Some(row)
    }
}

fn id(publisher: &dyn FeedPublisher, record: &Value) -> Option<String> {
    match record.get(publisher.id_member())? {
        Value::String(id) => Some(id.clone()),
        Value::Number(id) => Some(id.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::demo::publisher::FeedFilters;
    use crate::demo::varieties::FeedVariety;

    fn page(variety: FeedVariety, query: &str) -> Value {
        let publisher = variety.publisher();
        let pages =
            CollectionPages::render(publisher, ["a", "b", "c"].map(|id| PageEntry::of(json!({ "id": id }))));
        let body = pages.page(
            publisher,
            "services",
            &ListQuery::parse(query, publisher.paging(), &FeedFilters::default()),
        );
        serde_json::from_slice(&body).unwrap()
    }

    #[test]
    fn a_page_says_where_it_stands() {
        let last = page(FeedVariety::Oruk3, "page=2&per_page=2");
        assert_eq!(last["contents"], json!([{ "id": "c" }]));
        assert_eq!(
            (&last["total_items"], &last["total_pages"], &last["size"], &last["last_page"]),
            (&json!(3), &json!(2), &json!(1), &json!(true))
        );
        assert_eq!(page(FeedVariety::Oruk3, "per_page=2")["last_page"], json!(false));
    }

    #[test]
    fn past_the_end_is_empty_and_nonsense_is_the_first_page() {
        let page = |query| page(FeedVariety::Oruk3, query);
        assert_eq!(page("page=9")["contents"], json!([]));
        assert_eq!(page("page=18446744073709551615&per_page=3")["empty"], json!(true));
        assert_eq!(page("page=0&per_page=none"), page(""));
    }
}
