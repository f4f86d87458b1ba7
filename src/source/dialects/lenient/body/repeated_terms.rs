//! Reads terms that a page nests repeatedly only once: services of one feed share few terms, and most feeds nest them
//! in full in every service.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::model::TaxonomyTerm;
use crate::source::dialects::lenient::members::object::ObjectMembers;

/// How many different terms of a page are remembered.
const MOST: usize = 256;
/// The largest term that is remembered, in bytes of JSON. Remembered terms take memory that no estimate includes.
const LARGEST: usize = 4 << 10;
/// The deepest nesting at which terms are remembered. Deeper down, the limit on nesting affects what is read.
const DEEPEST: u8 = 8;

/// The terms that were read from one page.
#[derive(Debug, Default)]
pub(crate) struct RepeatedTerms {
    known: RefCell<HashMap<String, ReadTerm>>,
    /// How often a nested object has used values of the objects around its record.
    outward: Cell<usize>,
}

/// A term, with the members from which it was read.
#[derive(Debug)]
struct ReadTerm {
    members: Map<String, Value>,
    term: Arc<TaxonomyTerm>,
}

impl RepeatedTerms {
    /// Returns the term that `read` makes of the members nested in `outer`, from memory if possible.
    pub(in crate::source::dialects) fn read(
        &self,
        outer: &ObjectMembers<'_>,
        members: Map<String, Value>,
        read: impl FnOnce(Map<String, Value>) -> Option<TaxonomyTerm>,
    ) -> Option<Arc<TaxonomyTerm>> {
        let Some(id) = members.get("id").and_then(Value::as_str).filter(|_| outer.depth < DEEPEST) else {
            return read(members).map(Arc::new);
        };
        if let Some(known) = self.known.borrow().get(id) {
            if known.members == members {
                return Some(Arc::clone(&known.term));
            }
        } else if self.known.borrow().len() < MOST {
            return self.read_new(id.to_owned(), members, read);
        }
        read(members).map(Arc::new)
    }

    // A term that used values around it, or left members unread, would be read differently elsewhere, so it is not
    // remembered.
    fn read_new(
        &self,
        id: String,
        members: Map<String, Value>,
        read: impl FnOnce(Map<String, Value>) -> Option<TaxonomyTerm>,
    ) -> Option<Arc<TaxonomyTerm>> {
        let before = self.outward.get();
        let term = Arc::new(read(members.clone())?);
        let is_small = term.provenance.read_bytes <= LARGEST;
        if is_small && self.outward.get() == before && term.extra.is_empty() {
            self.known.borrow_mut().insert(id, ReadTerm { members, term: Arc::clone(&term) });
        }
        Some(term)
    }

    /// Notes that a nested object has used values of the objects around its record.
    pub(in crate::source::dialects::lenient) fn note_outward(&self) {
        self.outward.set(self.outward.get() + 1);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::Service;
    use crate::source::dialect::{AnswerDepth, DialectReader as _};
    use crate::source::dialects::hsds3::READER;
    use crate::source::dialects::reader_laws::with_reading;

    fn services(terms: &[Value]) -> Vec<Service> {
        let row = |(number, term)| {
            let attribute = json!({"id": format!("a{number}"), "taxonomy_term": term});
            json!({"id": format!("s{number}"), "name": "Tea", "attributes": [attribute]})
        };
        let rows = terms.iter().enumerate().map(row);
        with_reading(AnswerDepth::List, |reading| {
            rows.filter_map(|row| READER.read_service(row, reading)).collect()
        })
    }

    fn term(service: &Service) -> &Arc<TaxonomyTerm> {
        service.attributes[0].taxonomy_term.as_ref().unwrap()
    }

    #[test]
    fn a_term_that_is_sent_again_is_the_one_that_was_read() {
        let sent = json!({"id": "t1", "name": "Lunch clubs", "taxonomy_detail": {"id": "v", "name": "Ours"}});
        let renamed = json!({"id": "t1", "name": "Lunches"});
        let read = services(&[sent.clone(), sent.clone(), renamed, sent]);
        let [one, two, other, three] = &read[..] else { panic!("{read:?}") };
        assert!(Arc::ptr_eq(term(one), term(two)) && Arc::ptr_eq(term(one), term(three)));
        assert_eq!((&*term(one).name, &*term(other).name), ("Lunch clubs", "Lunches"));
    }

    #[test]
    fn what_depends_on_where_it_stands_is_read_where_it_stands() {
        // In the first service, the key repeats the nesting. In the second it contradicts it.
        let sent = json!({"id": "t1", "name": "Lunch clubs", "service_id": "s0"});
        let read = services(&[sent.clone(), sent]);
        let [one, two] = &read[..] else { panic!("{read:?}") };
        let issues = |service| term(service).provenance.issues.len();
        assert_eq!((issues(one), issues(two)), (0, 1), "{read:?}");
    }
}
