//! A collection as it is served: every record rendered once, kept end to end, and cut into pages by copying.

use std::collections::HashMap;
use std::ops::Range;

use bytes::{Bytes, BytesMut};
use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;

use super::varieties::{PageFacts, Paging, Publisher};

/// The records of one collection, as rows of its list and on their own.
pub(super) struct Pages {
    rows: Packed,
    /// None where a record on its own is the same as its row.
    details: Option<Packed>,
    by_id: HashMap<Box<str>, usize>,
    keys: Vec<SearchKey>,
}

/// One record before it is rendered.
pub(super) struct Entry {
    pub(super) row: Value,
    pub(super) detail: Option<Value>,
    pub(super) key: Option<SearchKey>,
}

/// What the filters of a publisher that has any look at.
pub(super) struct SearchKey {
    /// In lower case.
    pub(super) words: String,
    pub(super) modified: Option<DateTime<Utc>>,
}

/// What a caller asks of a list.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Ask {
    page: Option<usize>,
    per_page: Option<usize>,
    search: Option<String>,
    modified_after: Option<DateTime<Utc>>,
}

impl Ask {
    /// Reads the query of a request target; what it cannot read it leaves out.
    pub(super) fn parse(query: &str) -> Self {
        let mut ask = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "page" => ask.page = value.parse().ok(),
                "per_page" => ask.per_page = value.parse().ok(),
                "search" => ask.search = Some(value.to_lowercase()).filter(|words| !words.trim().is_empty()),
                "modified_after" => ask.modified_after = instant(&value),
                _ => {}
            }
        }
        ask
    }

    fn narrows(&self) -> bool {
        self.search.is_some() || self.modified_after.is_some()
    }

    fn wants(&self, key: &SearchKey) -> bool {
        let found = self
            .search
            .as_ref()
            .is_none_or(|search| search.split_whitespace().all(|word| key.words.contains(word)));
        let changed =
            self.modified_after.is_none_or(|after| key.modified.is_some_and(|modified| modified > after));
        found && changed
    }
}

impl Pages {
    /// Renders every record.
    pub(super) fn render(entries: impl IntoIterator<Item = Entry>) -> Self {
        let (mut rows, mut details) = (Packing::default(), Packing::default());
        let (mut by_id, mut keys) = (HashMap::new(), Vec::new());
        for (position, entry) in entries.into_iter().enumerate() {
            let id = entry.row.get("id").and_then(Value::as_str).unwrap_or_default();
            by_id.insert(id.into(), position);
            rows.push(&entry.row);
            entry.detail.iter().for_each(|detail| details.push(detail));
            keys.extend(entry.key);
        }
        let details = (!details.spans.is_empty()).then(|| details.finish());
        Self { rows: rows.finish(), details, by_id, keys }
    }

    /// One record on its own.
    pub(super) fn detail(&self, id: &str) -> Option<Bytes> {
        let position = *self.by_id.get(id)?;
        self.details.as_ref().unwrap_or(&self.rows).record(position)
    }

    /// One page in the publisher's envelope. A page past the end is empty.
    pub(super) fn page(&self, publisher: &dyn Publisher, ask: &Ask) -> Bytes {
        let per_page = per_page(publisher.paging(), ask.per_page);
        let number = ask.page.unwrap_or(1).max(1);
        let start = (number - 1).saturating_mul(per_page);
        if publisher.filters() && ask.narrows() && !self.keys.is_empty() {
            let matching = self.keys.iter().enumerate().filter(|(_, key)| ask.wants(key));
            let matching: Vec<_> = matching.map(|(position, _)| position).collect();
            let spans: Vec<_> =
                matching.iter().skip(start).take(per_page).map(|position| *position..position + 1).collect();
            let facts = PageFacts { total: matching.len(), per_page, number, rows: spans.len() };
            return self.assemble(publisher, &facts, &spans);
        }
        let total = self.rows.spans.len();
        let range = start.min(total)..start.saturating_add(per_page).min(total);
        let facts = PageFacts { total, per_page, number, rows: range.len() };
        self.assemble(publisher, &facts, &[range])
    }

    fn assemble(&self, publisher: &dyn Publisher, facts: &PageFacts, ranges: &[Range<usize>]) -> Bytes {
        let envelope = Value::Object(publisher.envelope(facts)).to_string();
        let head = envelope.strip_suffix('}').unwrap_or(&envelope);
        let records: Vec<&[u8]> = ranges.iter().filter_map(|range| self.rows.records(range)).collect();
        let length: usize = records.iter().map(|record| record.len() + 1).sum();
        let mut body = BytesMut::with_capacity(head.len() + length + 32);
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(format!(",\"{}\":[", publisher.list_member()).as_bytes());
        for (n, record) in records.into_iter().enumerate() {
            body.extend_from_slice(if n == 0 { b"" } else { b"," });
            body.extend_from_slice(record);
        }
        body.extend_from_slice(b"]}");
        body.freeze()
    }
}

/// Rendered records end to end with commas between them, so that neighbours are one slice.
struct Packed {
    bytes: Bytes,
    spans: Vec<Range<usize>>,
}

#[derive(Default)]
struct Packing {
    bytes: BytesMut,
    spans: Vec<Range<usize>>,
}

impl Packing {
    fn push(&mut self, record: &Value) {
        if !self.spans.is_empty() {
            self.bytes.extend_from_slice(b",");
        }
        let start = self.bytes.len();
        self.bytes.extend_from_slice(record.to_string().as_bytes());
        self.spans.push(start..self.bytes.len());
    }

    fn finish(self) -> Packed {
        Packed { bytes: self.bytes.freeze(), spans: self.spans }
    }
}

impl Packed {
    fn record(&self, position: usize) -> Option<Bytes> {
        let span = self.spans.get(position)?.clone();
        Some(self.bytes.slice(span))
    }

    fn records(&self, range: &Range<usize>) -> Option<&[u8]> {
        let first = self.spans.get(range.start).filter(|_| !range.is_empty())?;
        let last = self.spans.get(range.end.checked_sub(1)?)?;
        self.bytes.get(first.start..last.end)
    }
}

fn per_page(paging: Paging, asked: Option<usize>) -> usize {
    let wanted = asked.filter(|count| *count > 0).unwrap_or(paging.usual);
    wanted.min(paging.most.unwrap_or(usize::MAX))
}

/// A date-time with a zone, or the first instant of a date.
fn instant(text: &str) -> Option<DateTime<Utc>> {
    let date = || Some(text.parse::<NaiveDate>().ok()?.and_hms_opt(0, 0, 0)?.and_utc());
    text.parse::<DateTime<Utc>>().ok().or_else(date)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::demo::varieties::Variety;

    fn three() -> Pages {
        Pages::render(["a", "b", "c"].map(|id| Entry { row: json!({ "id": id }), detail: None, key: None }))
    }

    fn page(query: &str) -> Value {
        let body = three().page(Variety::Oruk3.publisher(), &Ask::parse(query));
        serde_json::from_slice(&body).unwrap()
    }

    #[test]
    fn a_page_says_where_it_stands() {
        let last = page("page=2&per_page=2");
        assert_eq!(last["contents"], json!([{ "id": "c" }]));
        assert_eq!(
            (&last["total_items"], &last["total_pages"], &last["size"], &last["last_page"]),
            (&json!(3), &json!(2), &json!(1), &json!(true))
        );
        assert_eq!(page("per_page=2")["last_page"], json!(false));
    }

    #[test]
    fn past_the_end_is_empty_and_nonsense_is_the_first_page() {
        assert_eq!(page("page=9")["contents"], json!([]));
        assert_eq!(page("page=18446744073709551615&per_page=3")["empty"], json!(true));
        assert_eq!(page("page=0&per_page=none"), page(""));
    }
}
