//! Saved pages, invented for the tests of the dialects, and what they are read as.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::description::DialectDescription;
use super::descriptions;
use super::reader_laws::{keeps_the_laws, with_reading};
use crate::model::{Dialect, IssueCode, Service};
use crate::source::dialect::AnswerDepth;

/// The saved pages of one dialect.
pub(super) struct SavedPages {
    /// The folder below `tests/feeds`.
    pub folder: &'static str,
    /// The dialect that reads them.
    pub dialect: &'static DialectDescription,
}

impl SavedPages {
    /// Returns the bytes of a page.
    pub(super) fn body(&self, name: &str) -> Vec<u8> {
        std::fs::read(self.path().join(format!("{name}.json"))).unwrap()
    }

    /// Checks a list of services against its snapshot, and the reader against the laws of readers.
    pub(super) fn check_page(&self, name: &str) {
        let body = self.body(name);
        let envelope = self.dialect.read_envelope(&body).unwrap();
        let services: Vec<Service> = with_reading(AnswerDepth::List, |reading| {
            envelope
                .rows
                .iter()
                .filter_map(|row| self.dialect.reader.read_service(row.clone(), reading))
                .collect()
        });
        let claims = json!({
            "rows": envelope.rows.len(),
            "total_items": envelope.total_items,
            "total_pages": envelope.total_pages,
            "page_number": envelope.page_number,
            "issues": envelope.issues,
        });
        self.snapshot(name, &json!({"envelope": claims, "services": services}));
        keeps_the_laws(self.dialect, &body);
    }

    /// Checks a detail page against its snapshot, and the reader against the laws with a page of that record.
    pub(super) fn check_detail(&self, name: &str) {
        self.snapshot(name, &json!(self.detail(name)));
        let row = self.dialect.read_single(&self.body(name)).unwrap().unwrap_or_default();
        let page = self.dialect.write_page(Map::new(), &[row]);
        keeps_the_laws(self.dialect, page.to_string().as_bytes());
    }

    /// Reads the service on a detail page.
    pub(super) fn detail(&self, name: &str) -> Service {
        let row = self.dialect.read_single(&self.body(name)).unwrap().expect("a record");
        self.service(row)
    }

    /// Reads a service from the JSON of its detail page.
    pub(super) fn service(&self, row: Value) -> Service {
        with_reading(AnswerDepth::Detail, |reading| self.dialect.reader.read_service(row, reading))
            .expect("a service")
    }

    /// Reads a service with the required members and `members`.
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

    /// Checks a value against the snapshot beside its page.
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

    /// Reads captures of real feeds, if they are present beside the repository: every row must become a record with a
    /// name.
    pub(super) fn check_captures(&self, folder: &str, pages: &[&str], details: &[&str]) {
        let Some(captures) = beside("domain/captures") else {
            eprintln!("SKIPPED: no captures beside this repository, so none of {folder} was read");
            return;
        };
        let body = |name: &&str| std::fs::read(captures.join(folder).join(name)).unwrap();
        for name in pages {
            let rows = self.dialect.read_envelope(&body(name)).unwrap().rows;
            let read = |row| {
                with_reading(AnswerDepth::List, |reading| self.dialect.reader.read_service(row, reading))
            };
            assert!(
                rows.into_iter().all(|row| read(row).is_some_and(|one| one.name != "(unnamed)")),
                "{name}"
            );
            keeps_the_laws(self.dialect, &body(name));
        }
        for name in details {
            let row = self.dialect.read_single(&body(name)).unwrap().expect("a record");
            let service = self.service(row);
            assert!(service.name != "(unnamed)" && !service.attributes.is_empty(), "{name}");
        }
    }
}

/// Returns records as snapshots show them: parts merged into what they belong to, and without derived values.
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

/// Returns the dialects that have saved pages, with the folders of these, which are named like the dialects. A dialect
/// may have its pages in the folder of another that has the same reader.
pub(super) fn saved_folders() -> Vec<(Dialect, PathBuf)> {
    let feeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/feeds");
    let folders =
        descriptions().map(|(dialect, of)| (dialect, feeds.join(dialect.as_str()), of.begins_unsure));
    let (with_pages, without): (Vec<_>, Vec<_>) = folders.partition(|(_, folder, _)| folder.is_dir());
    for (dialect, _, has_pages_elsewhere) in without {
        assert!(has_pages_elsewhere, "save a page of {0} as tests/feeds/{0}/services.json", dialect.as_str());
    }
    with_pages.into_iter().map(|(dialect, folder, _)| (dialect, folder)).collect()
}

/// Returns a path in the folder shared by developers, if it exists.
pub(super) fn beside(path: &str) -> Option<PathBuf> {
    let around = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(1);
    around.map(|folder| folder.join("shared").join(path)).find(|path| path.exists())
}

/// Returns the codes and paths of a service's issues.
pub(super) fn issues(service: &Service) -> Vec<(IssueCode, &str)> {
    service.provenance.issues.iter().map(|issue| (issue.code, issue.path.as_str())).collect()
}

/// Returns the names of terms with what they describe.
pub(super) fn terms(service: &Service) -> Vec<(&str, &str)> {
    let attributes = service.attributes.iter();
    let named = attributes.filter_map(|one| {
        let term = one.taxonomy_term.as_ref()?;
        Some((one.link_type.as_deref().unwrap_or_default(), term.name.as_str()))
    });
    named.collect()
}
