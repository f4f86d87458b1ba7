//! Saved pages, invented for the tests of the dialects, and what becomes of them.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::conformance::{conforms, with_reading};
use crate::model::{IssueCode, Service};
use crate::source::dialect::{Depth, DialectReader};

/// The saved pages of one dialect.
pub(super) struct Saved<'r> {
    /// Their folder below `tests/feeds`.
    pub folder: &'static str,
    /// Who reads them.
    pub reader: &'r dyn DialectReader,
}

impl Saved<'_> {
    /// The bytes of a page.
    pub(super) fn body(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path().join(format!("{name}.json"))).unwrap()
    }

    /// Holds a list of services against its snapshot, and the reader against what every reader must hold.
    pub(super) fn check_page(&self, name: &str) {
        let body = self.body(name);
        let envelope = self.reader.read_envelope(&body).unwrap();
        let services: Vec<Service> = with_reading(Depth::List, |reading| {
            envelope.rows.iter().filter_map(|row| self.reader.read_service(row.clone(), reading)).collect()
        });
        let claims = json!({
            "rows": envelope.rows.len(),
            "total_items": envelope.total_items,
            "total_pages": envelope.total_pages,
            "page_number": envelope.page_number,
            "issues": envelope.issues,
        });
        self.snapshot(name, &json!({"envelope": claims, "services": services}));
        conforms(self.reader, &body);
    }

    /// Holds a service's own answer against its snapshot, and the reader, as above, against a page of it.
    pub(super) fn check_detail(&self, name: &str) {
        self.snapshot(name, &json!(self.detail(name)));
        let row = self.reader.read_single(&self.body(name)).unwrap();
        conforms(self.reader, json!({"content": [row]}).to_string().as_bytes());
    }

    /// A service's own answer.
    pub(super) fn detail(&self, name: &str) -> Service {
        let row = self.reader.read_single(&self.body(name)).unwrap().expect("a record");
        self.service(row)
    }

    /// A service out of its own answer's JSON.
    pub(super) fn service(&self, row: Value) -> Service {
        with_reading(Depth::Detail, |reading| self.reader.read_service(row, reading)).expect("a service")
    }

    /// A service with what every service needs, and `members`.
    pub(super) fn service_with(&self, members: Value) -> Service {
        let mut row = json!({
            "id": "3c8f5f0a-0000-4000-8000-000000000001",
            "name": "Tea",
            "status": "active",
            "organization_id": "3c8f5f0a-0000-4000-8000-000000000002",
        });
        row.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        self.service(row)
    }

    /// A snapshot beside its page.
    pub(super) fn snapshot(&self, name: &str, read: &Value) {
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(self.path());
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_json_snapshot!(name, as_shown(read)));
    }

    fn path(&self) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/feeds").join(self.folder)
    }

    /// Reads the captures of real feeds, which are kept beside the repository where it is developed, not in it:
    /// every row must become a record with a name.
    pub(super) fn check_captures(&self, folder: &str, pages: &[&str], details: &[&str]) {
        let Some(captures) = beside("domain/captures") else {
            eprintln!("SKIPPED: no captures beside this repository, so none of {folder} was read");
            return;
        };
        let body = |name: &&str| std::fs::read(captures.join(folder).join(name)).unwrap();
        for name in pages {
            let rows = self.reader.read_envelope(&body(name)).unwrap().rows;
            let read = |row| with_reading(Depth::List, |reading| self.reader.read_service(row, reading));
            assert!(
                rows.into_iter().all(|row| read(row).is_some_and(|one| one.name != "(unnamed)")),
                "{name}"
            );
            conforms(self.reader, &body(name));
        }
        for name in details {
            let row = self.reader.read_single(&body(name)).unwrap().expect("a record");
            let service = self.service(row);
            assert!(service.name != "(unnamed)" && !service.attributes.is_empty(), "{name}");
        }
    }
}

/// Records as snapshots show them: parts as one with what they are part of, and nothing that follows from the rest.
pub(super) fn as_shown(read: &Value) -> Value {
    match read {
        Value::Array(items) => items.iter().map(as_shown).collect(),
        Value::Object(members) => {
            let shown = members.iter().flat_map(|(name, value)| match (name.as_str(), as_shown(value)) {
                ("order_key" | "read_bytes", _) => Map::new(),
                ("part", Value::Object(part)) => part,
                (name, value) => Map::from_iter([(name.to_owned(), value)]),
            });
            Value::Object(shown.collect())
        }
        other => other.clone(),
    }
}

/// What lies in the folder that is shared where this is developed.
pub(super) fn beside(path: &str) -> Option<PathBuf> {
    let around = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(1);
    around.map(|folder| folder.join("shared").join(path)).find(|path| path.exists())
}

/// The codes and places of a service's departures.
pub(super) fn issues(service: &Service) -> Vec<(IssueCode, &str)> {
    service.provenance.issues.iter().map(|issue| (issue.code, issue.path.as_str())).collect()
}

/// Names of terms by what they describe.
pub(super) fn terms(service: &Service) -> Vec<(&str, &str)> {
    let attributes = service.attributes.iter();
    let named = attributes.filter_map(|one| {
        let term = one.taxonomy_term.as_ref()?;
        Some((one.link_type.as_deref().unwrap_or_default(), term.name.as_str()))
    });
    named.collect()
}
