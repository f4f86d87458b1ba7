//! Pages that are almost JSON, or wrapped JSON, are read completely and reported. Nothing nested in a broken record
//! becomes a record.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::{Value, json};

use crate::support::{FakeFeed, Gateway, Manner, Scope, data};

const QUERY: &str =
    "{ services { totalCount complete nodes { upstreamId name phones { number } organization { name } } } }";
const CONFORMANCE: &str =
    "{ sources { error { message } conformance { issues(first: 100) { code path message } } } }";

fn services() -> Vec<Value> {
    let service = |id: &str, name: &str| {
        json!({
            "id": id, "name": name, "status": "active", "organization": { "id": "o", "name": "Hall Trust" },
            "phones": [{ "id": "p", "number": "0117 496 0001" }, { "id": "q", "number": "0117 496 0002" }],
        })
    };
    vec![service("a", "Elm"), service("b", "Ash"), service("c", "Oak")]
}

/// Returns the services and the source of a feed whose list is rewritten.
async fn read(rewrite: fn(&str) -> Vec<u8>) -> (Value, Value) {
    let mut plan = FakeFeed::called("one");
    for service in services() {
        plan = plan.with_service(service);
    }
    let feed = plan.behaving_at(Scope::ListFrom(1), Manner::Rewriting(rewrite)).spawn().await;
    let gateway = Gateway::over(&[&feed]).with_defaults("dialect = 'auto'").start().await;
    let services = data(gateway.query(QUERY).await)["services"].take();
    let source = data(gateway.query(CONFORMANCE).await)["sources"][0].take();
    (services, source)
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

/// Writes a list as PHP does after an element has been removed.
fn numbered(value: Value) -> Value {
    match value {
        Value::Array(elements) => {
            let element = |(place, element): (usize, Value)| ((place + 2).to_string(), numbered(element));
            elements.into_iter().enumerate().map(element).collect()
        }
        Value::Object(members) => members.into_iter().map(|(name, value)| (name, numbered(value))).collect(),
        scalar => scalar,
    }
}

/// Writes a value as .NET does to preserve references: an object that occurs twice is written once.
fn preserved(value: Value, written: &mut usize) -> Value {
    *written += 1;
    let id = written.to_string();
    match value {
        Value::Object(members) => {
            let mut object = json!({ "$id": id });
            for (name, member) in members {
                object[name] = preserved(member, written);
            }
            object
        }
        Value::Array(elements) => {
            let elements: Vec<Value> = elements.into_iter().map(|one| preserved(one, written)).collect();
            json!({ "$id": id, "$values": elements })
        }
        scalar => scalar,
    }
}

fn with_references(page: &str) -> Vec<u8> {
    let mut page = preserved(serde_json::from_str(page).unwrap(), &mut 0);
    let rows = page["contents"]["$values"].as_array_mut().unwrap();
    let first = rows.first().map(|row| row["organization"]["$id"].clone());
    for row in rows.iter_mut().skip(1) {
        row["organization"] = json!({ "$ref": first });
    }
    page.to_string().into()
}

#[tokio::test]
async fn what_has_one_reading_is_read_whole_and_reported() {
    type Rewrite = fn(&str) -> Vec<u8>;
    let cases: [(&str, Rewrite); 16] = [
        ("commas", |page| page.replace('}', ",}").replace(']', ",]").into()),
        ("escapes", |page| page.replace("Elm", "El\\x6d").into()),
        ("other text", |page| {
            format!("<br />\n<b>Notice</b>: x[0] in <b>/srv/x.php</b><br />\n{page}").into()
        }),
        ("other text", |page| format!("callback({page});").into()),
        ("single", |page| page.replace('"', "'").into()),
        ("None", |page| page.replace("\"name\":", "\"url\":None,\"name\":").into()),
        ("NaN", |page| page.replace("\"name\":", "\"minimum_age\":NaN,\"name\":").into()),
        ("control characters", |page| page.replace("Hall Trust", "Hall\tTrust").into()),
        ("JSON inside a string", |page| json!(page).to_string().into()),
        ("character references", |page| format!("<pre>{}</pre>", page.replace('"', "&quot;")).into()),
        ("comments", |page| page.replace("\"contents\":", "/* by hand */\"contents\":").into()),
        ("not UTF-8", |page| page.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("not UTF-8", |page| page.chars().map(u32::from).flat_map(u32::to_be_bytes).collect()),
        ("compressed", gzip),
        ("numbered", |page| numbered(serde_json::from_str(page).unwrap()).to_string().into()),
        ("$ref", with_references),
    ];
    for (what, rewrite) in cases {
        let (services, source) = read(rewrite).await;
        assert_eq!(
            (&services["totalCount"], &services["complete"]),
            (&json!(3), &json!(true)),
            "{what}: {source}"
        );
        for (node, name) in services["nodes"].as_array().unwrap().iter().zip(["Ash", "Elm", "Oak"]) {
            assert_eq!(node["name"], name, "{what}");
            assert_eq!(node["phones"].as_array().unwrap().len(), 2, "{what}: {node}");
            assert!(node["organization"]["name"].as_str().unwrap().starts_with("Hall"), "{what}: {node}");
        }
        let issues = source["conformance"]["issues"].as_array().unwrap();
        let is_told =
            |issue: &Value| issue["path"] == "" && issue["message"].as_str().unwrap().contains(what);
        assert!(issues.iter().any(is_told), "{what}: {source:#}");
    }
}

#[tokio::test]
async fn nothing_inside_a_broken_record_becomes_a_record() {
    // The page ends within the last record, after its organisation and before its phones.
    let (services, source) = read(|page| page.rsplit_once("\"q\"").unwrap().0.into()).await;
    let ids: Vec<&str> =
        services["nodes"].as_array().unwrap().iter().filter_map(|node| node["upstreamId"].as_str()).collect();
    assert_eq!((ids, &services["complete"]), (vec!["b", "a"], &json!(false)), "{source}");
    // The page ends within the first record, and has no other.
    let (services, source) = read(|page| page.split_once("\"q\"").unwrap().0.into()).await;
    assert_eq!(services["nodes"], json!([]), "{source}");
    assert!(source["error"]["message"].as_str().unwrap().contains("ends early"), "{source}");
}
