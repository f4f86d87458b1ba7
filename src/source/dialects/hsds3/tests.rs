//! Saved pages and what becomes of them.

use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::super::conformance::{conforms, with_reading};
use super::Hsds3Reader;
use crate::model::{Dialect, Service};
use crate::source::dialect::{Depth, DialectReader as _, Reading};

const READER: Hsds3Reader = Hsds3Reader { dialect: Dialect::Hsds3 };

/// Reads one service that is not in a list.
fn detail(service: Value) -> Service {
    with_reading(Depth::Detail, |reading| READER.read_service(service, reading)).expect("it is a service")
}

// The captures are kept beside the repository where it is developed, not in it.
#[test]
fn captures_read_whole() {
    let captures = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().join("../shared/domain/captures");
    let captures =
        if captures.exists() { captures } else { captures.join("../../../../shared/domain/captures") };
    if !captures.exists() {
        eprintln!("SKIPPED: no captures beside this repository, so none of their rows was read");
        return;
    }
    let folders =
        ["placecube-v3", "dorset-aggregator", "hsds-3.0", "hsds-3.1", "hsds-3.2-server", "oruk3-profile"];
    let mocks = ["default", "fail", "warn", "test"].map(|name| format!("oruk-validator/{name}"));
    let folders = folders.into_iter().map(ToOwned::to_owned).chain(mocks);
    let read: usize = folders.map(|folder| capture_folder(&captures.join(folder))).sum();
    assert!(read > 50, "{read} rows read");
}

fn capture_folder(folder: &Path) -> usize {
    let Ok(files) = std::fs::read_dir(folder) else { return 0 };
    let files: Vec<PathBuf> = files.map(|file| file.unwrap().path()).collect();
    let wanted = |file: &&PathBuf| {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        name.ends_with(".json") && !name.starts_with("root") && !name.starts_with("dashboard")
    };
    files.iter().filter(wanted).map(|file| capture(file)).sum()
}

fn capture(file: &Path) -> usize {
    let body = std::fs::read(file).unwrap();
    let name = file.file_name().unwrap().to_string_lossy().into_owned();
    if name.contains("_by_id") {
        let row = READER.read_single(&body).unwrap().expect("a record");
        return usize::from(with_reading(Depth::Detail, |reading| is_read(&name, row, reading)));
    }
    let sent: Value = serde_json::from_slice(&body).unwrap();
    let sent = ["contents", "data"].iter().find_map(|key| sent[*key].as_array().map(Vec::len)).unwrap_or(0);
    let rows = READER.read_envelope(&body).unwrap_or_else(|error| panic!("{file:?}: {error}")).rows;
    assert_eq!(rows.len(), sent, "{file:?}");
    let read = with_reading(Depth::List, |reading| {
        rows.into_iter().filter(|row| is_read(&name, row.clone(), reading)).count()
    });
    assert_eq!(read, sent, "{file:?}");
    read
}

fn is_read(name: &str, row: Value, reading: &Reading<'_>) -> bool {
    let record = match name.split(['.', '_']).next().unwrap() {
        "organizations" => json!(READER.read_organization(row, reading)),
        "taxonomies" => json!(READER.read_taxonomy(row, reading)),
        "taxonomy" => json!(READER.read_taxonomy_term(row, reading)),
        "service" => json!(READER.read_service_at_location(row, reading)),
        _ => json!(READER.read_service(row, reading)),
    };
    if std::env::var_os("SHOW").is_some() {
        println!("{name}: {}", record["provenance"]["issues"]);
        println!("   extra {}", record["extra"]);
    }
    !record.is_null()
}
