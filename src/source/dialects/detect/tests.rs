//! The dialect of every saved page is detected.

use std::path::Path;

use serde_json::json;

use super::{DetectionAnswers, detect};
use crate::model::Dialect;
use crate::source::dialects::description;
use crate::source::dialects::saved::{beside, saved_folders};
use crate::source::patience::ReadingPatience;

fn of(page: &[u8], detail: Option<&[u8]>, root: Option<&[u8]>) -> Option<Dialect> {
    let detection = detect(&DetectionAnswers { page, detail, root, patience: &ReadingPatience::default() });
    assert!(detection.dialect.is_none() || !detection.reasons.is_empty());
    detection.dialect
}

fn dialect_in(folder: &Path, page: &str, detail: Option<&str>) -> Option<Dialect> {
    let body = |name: &str| std::fs::read(folder.join(name)).ok();
    let page = body(page).unwrap_or_else(|| panic!("{folder:?}/{page}"));
    let detail = detail.map(|name| body(name).unwrap_or_else(|| panic!("{folder:?}/{name}")));
    of(&page, detail.as_deref(), body("root.json").as_deref())
}

#[test]
fn every_dialect_is_told_by_its_markers() {
    for (dialect, folder) in saved_folders() {
        if !description(dialect).begins_unsure {
            assert_eq!(dialect_in(&folder, "services.json", None), Some(dialect), "{folder:?}");
        }
    }
}

#[test]
fn saved_pages_speak_for_their_dialects() {
    let feeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/feeds");
    let cases = [
        ("hsds-3", "hsds-3.2-services.json", None, Dialect::Hsds3),
        ("hsds-3", "oruk-3-services.json", Some("oruk-3-service.json"), Dialect::Oruk3),
        ("oruk-1", "services-include.json", Some("service.json"), Dialect::Oruk1),
        ("placecube-1", "services.json", Some("service.json"), Dialect::Placecube1),
        ("connect-to-support", "services-empty.json", None, Dialect::ConnectToSupport),
        ("localgov-drupal", "services.json", Some("service.json"), Dialect::LocalgovDrupal),
    ];
    for (folder, page, detail, dialect) in cases {
        assert_eq!(dialect_in(&feeds.join(folder), page, detail), Some(dialect), "{folder} {page}");
    }
}

#[test]
fn quirk_1_captures_speak_for_their_dialects() {
    let Some(captures) = beside("domain/captures") else {
        eprintln!("SKIPPED: no captures beside this repository, so none was told apart");
        return;
    };
    let by_id = Some("services_by_id.json");
    let cases = [
        ("porism-v1", "services_page1.json", None, Dialect::Oruk1),
        ("porism-v1", "services_include_contacts_page1.json", by_id, Dialect::Oruk1),
        ("placecube-v2", "services_page1.json", None, Dialect::Placecube1),
        ("placecube-v2", "services_page1_raw_control_chars.txt", by_id, Dialect::Placecube1),
        ("placecube-v3", "services_page1.json", None, Dialect::Oruk3),
        ("placecube-v3", "services_page1.json", by_id, Dialect::Oruk3),
        ("outpost", "services_page1.json", None, Dialect::Outpost),
        ("outpost", "services_near_page1.json", Some("services_by_id_older_release.json"), Dialect::Outpost),
        ("localgov-drupal", "services_page1.json", None, Dialect::LocalgovDrupal),
        ("localgov-drupal", "services_page1.json", by_id, Dialect::LocalgovDrupal),
        ("hull-connect-to-support", "services_page1.json", None, Dialect::ConnectToSupport),
        ("hull-connect-to-support", "services_empty.json", None, Dialect::ConnectToSupport),
        ("southampton-etch", "services_page1.json", None, Dialect::Southampton),
        ("dorset-aggregator", "services_page1.json", None, Dialect::Oruk3),
        ("oruk3-profile", "services.json", by_id, Dialect::Oruk3),
        ("hsds-3.0", "services.json", by_id, Dialect::Hsds3),
        ("hsds-3.1", "services.json", by_id, Dialect::Hsds3),
        ("hsds-3.2-server", "services_page1.json", None, Dialect::Hsds3),
        ("hsds-3.2-server", "services_bare_minimal.json", None, Dialect::Hsds3),
        ("oruk-validator/default", "services.json", by_id, Dialect::Oruk3),
    ];
    for (folder, page, detail, dialect) in cases {
        assert_eq!(dialect_in(&captures.join(folder), page, detail), Some(dialect), "{folder} {page}");
    }
}

#[test]
fn quirk_4_the_version_alone_does_not_make_a_feed_the_uks() {
    let page =
        json!({"contents": [{"id": "1", "locations": [{"country": "US"}]}], "total_items": 1}).to_string();
    let root = json!({"version": "HSDS-UK-3.0"}).to_string();
    assert_eq!(of(page.as_bytes(), None, Some(root.as_bytes())), Some(Dialect::Hsds3));
}

#[test]
fn quirk_6_the_answers_count_more_than_the_version() {
    let row =
        json!({"id": "3c8f5f0a-0000-4000-8000-000000000001", "name": "Tea", "organization": {"id": "o"}});
    let page = json!({"totalElements": 1, "content": [row]}).to_string();
    let root = json!({"version": "HSDS-UK-3.0", "profile": "https://openreferraluk.org/"}).to_string();
    assert_eq!(of(page.as_bytes(), None, Some(root.as_bytes())), Some(Dialect::Oruk1));
}

#[test]
fn quirk_8_a_bare_list_of_records_of_1_0_is_1_0() {
    let row = json!({"id": "3c8f5f0a-0000-4000-8000-000000000001", "service_taxonomys": []});
    assert_eq!(of(json!([row]).to_string().as_bytes(), None, None), Some(Dialect::Oruk1));
}

#[test]
fn what_says_nothing_is_nothing() {
    for page in ["", "<html>", "[]", "{}", "7", r#"{"error":"down"}"#, r#"{"totalElements":0,"content":[]}"#]
    {
        assert_eq!(of(page.as_bytes(), None, None), None, "{page}");
    }
}

#[test]
fn one_record_without_a_proper_id_changes_nothing() {
    let row =
        |id: &str| json!({"id": id, "name": "Tea", "organization": {"id": "o"}, "service_taxonomys": []});
    let ids = ["3c8f5f0a-0000-4000-8000-000000000001", "3c8f5f0a-0000-4000-8000-000000000002", "3c8f5f0X"];
    let page = json!({"totalElements": 3, "content": ids.map(row)}).to_string();
    let found = detect(&DetectionAnswers {
        page: page.as_bytes(),
        detail: None,
        root: None,
        patience: &ReadingPatience::default(),
    });
    assert_eq!(found.dialect, Some(Dialect::Oruk1), "{:?}", found.reasons);
}

#[test]
fn plain_1_0_is_told_whatever_its_ids_look_like() {
    for ids in [[json!(17), json!(18)], [json!("17"), json!("elm-18")], [json!("a"), json!(2)]] {
        for extra in [
            json!({}),
            json!({"service_taxonomys": [], "eligibilitys": []}),
            json!({"contacts": [], "locations": []}),
        ] {
            let row = |id: serde_json::Value| {
                let mut row =
                    json!({"id": id, "name": "Tea", "status": "active", "organization": {"id": "o"}});
                row.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
                row
            };
            let page =
                json!({"totalElements": 2, "totalPages": 1, "content": ids.clone().map(row)}).to_string();
            assert_eq!(of(page.as_bytes(), None, None), Some(Dialect::Oruk1), "{page}");
        }
    }
}

#[test]
fn two_publishing_systems_of_1_0_at_once_are_plain_1_0() {
    let row =
        json!({"id": "a", "name": "Tea", "organization": {"id": "o"}, "pc_flag": 1, "hide_address": true});
    let page = json!({"totalElements": 1, "content": [row]}).to_string();
    assert_eq!(of(page.as_bytes(), None, None), Some(Dialect::Oruk1));
}

#[test]
fn a_list_of_its_own_kind_that_shows_little_is_of_the_version_that_the_root_declares() {
    let rows = json!([{"id": "a", "name": "Tea", "organization": {"id": "o"}}]);
    let root = json!({"version": "3.0", "profile": "https://docs.openreferraluk.org/"}).to_string();
    for page in [
        rows.clone(),
        json!({"_embedded": {"services": rows}, "_links": {"next": {"href": "/services?page=2"}}}),
        json!({"services": rows, "paging": {"next": "/services?page=2"}}),
    ] {
        let page = page.to_string();
        assert_eq!(of(page.as_bytes(), None, Some(root.as_bytes())), Some(Dialect::Oruk3), "{page}");
        assert_eq!(of(page.as_bytes(), None, None), None, "{page}");
    }
}
