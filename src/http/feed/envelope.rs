//! The members around the records of a page.

use std::collections::HashMap;

use serde::Serialize;
use serde::ser::SerializeSeq as _;

use crate::model::{AnyRecord, RecordOrigin, SourceKey};
use crate::writers::oruk;

/// The members around the records of a page, as the standard names them.
#[derive(Debug, PartialEq)]
pub(super) struct PageEnvelope {
    total_items: usize,
    pub(super) total_pages: usize,
    page_number: usize,
    per_page: usize,
}

#[derive(Serialize)]
struct PageJson<C> {
    total_items: usize,
    total_pages: usize,
    page_number: usize,
    size: usize,
    first_page: bool,
    last_page: bool,
    empty: bool,
    contents: C,
}

/// Records that are written one by one, so that their JSON is not held twice.
struct PageContents<'r>(&'r [AnyRecord], &'r HashMap<SourceKey, RecordOrigin>);

impl PageEnvelope {
    pub(super) fn of(total_items: usize, page_number: usize, per_page: usize) -> Self {
        Self { total_items, total_pages: total_items.div_ceil(per_page), page_number, per_page }
    }

    /// Writes the page.
    pub(super) fn write(
        &self,
        records: &[AnyRecord],
        publishers: &HashMap<SourceKey, RecordOrigin>,
    ) -> Vec<u8> {
        let page = PageJson {
            total_items: self.total_items,
            total_pages: self.total_pages,
            page_number: self.page_number,
            size: records.len(),
            first_page: self.page_number == 1,
            last_page: self.page_number >= self.total_pages,
            empty: records.is_empty(),
            contents: PageContents(records, publishers),
        };
        let mut body = Vec::with_capacity(records.len() * 4096 + 256);
        // Our records always serialise, and writing to memory cannot fail.
        let _ = serde_json::to_writer(&mut body, &page);
        body
    }
}

impl Serialize for PageContents<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(records, publishers) = self;
        let mut list = serializer.serialize_seq(Some(records.len()))?;
        for record in *records {
            if let Some(publisher) = publishers.get(record.id().source()) {
                list.serialize_element(&oruk::record(record, publisher))?;
            }
        }
        list.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_where_it_stands() {
        let said = |total, page| {
            let body = PageEnvelope::of(total, page, 50).write(&[], &HashMap::new());
            let said: serde_json::Value = serde_json::from_slice(&body).unwrap();
            (said["total_pages"].as_u64().unwrap(), said["first_page"] == true, said["last_page"] == true)
        };
        assert_eq!(said(0, 1), (0, true, true));
        assert_eq!(said(50, 1), (1, true, true));
        assert_eq!(said(51, 1), (2, true, false));
        assert_eq!(said(51, 2), (2, false, true));
        assert_eq!(said(51, 3), (2, false, true));
    }
}
