//! Registers in every known shape, and the configuration that they become.

use serde_json::{Value, json};

use super::{FeedRegister, NotARegister};
use crate::config::GatewayConfig;
use crate::model::Dialect;

fn read(register: &Value) -> FeedRegister {
    FeedRegister::read(register.to_string().as_bytes()).unwrap()
}

fn configured(register: &FeedRegister) -> GatewayConfig {
    let text = register.to_toml("a test");
    GatewayConfig::parse(&text, &|_| None).unwrap_or_else(|problems| panic!("{problems:?}\n{text}"))
}

#[test]
fn documents_of_the_website_are_read() {
    let register = read(&json!([
        { "_id": { "$oid": "688b87d3ce02ed2709c523e9" }, "name": { "value": "Borset directory" },
          "publisher": { "value": "Borset Council", "url": "https://www.borset.example" },
          "developer": { "value": "Placecube", "url": "https://maker.example" },
          "service": { "value": "Borset", "url": "https://borset.example/o/OpenReferralService/v3/services/" },
          "email": { "value": "someone@borset.example" }, "status": "approved", "active": true,
          "schemaVersion": { "value": "3.0" }, "statusIsUp": { "value": true }, "statusIsValid": { "value": false },
          "lastTested": { "value": { "$date": "2026-09-10T02:00:00Z" } } },
        { "name": { "value": "Waiting" }, "publisher": { "value": "Borset Council" }, "status": "pending",
          "service": { "value": "w", "url": "https://w.example/v3" }, "schemaVersion": { "value": "1.0" } },
    ]));
    let [borset, waiting] = &register.feeds[..] else { panic!("{register:?}") };
    assert_eq!(borset.key.as_str(), "borset-council");
    assert_eq!(borset.url.as_str(), "https://borset.example/o/OpenReferralService/v3");
    assert_eq!((borset.name.as_str(), borset.dialect), ("Borset directory", Some(Dialect::Oruk3)));
    assert_eq!(borset.homepage.as_ref().unwrap().as_str(), "https://www.borset.example/");
    assert_eq!(borset.disabled, None, "one that is up but not valid is worth asking");
    assert!(borset.notes.contains(&"the register found it invalid (2026-09-10T02:00:00Z)".to_owned()));
    assert_eq!((waiting.key.as_str(), waiting.dialect), ("borset-council-2", None));
    assert!(waiting.disabled.as_ref().unwrap().contains("pending"));
    assert!(!register.to_toml("a test").contains("someone@"), "a contact is not for publication");
    assert_eq!(configured(&register).sources.len(), 2);
}

#[test]
fn flattened_rows_are_read_alone_or_one_a_line() {
    let row = json!({ "id": "1", "name": "A", "publisher": "A Council", "publisherUrl": "www.a.example",
        "service": "A's feed", "serviceUrl": "feed.a.example/services?page=1", "developer": "Porism",
        "schemaVersion": "1.0", "status": "approved", "statusIsUp": true, "contactEmail": "x@a.example" });
    let down = json!({ "name": "B", "serviceUrl": "http://b.example/", "statusIsUp": 0, "lastTested": "2026-09-01" });
    let register = FeedRegister::read(format!("\u{feff}{row}\n{down}\n").as_bytes()).unwrap();
    let [a, b] = &register.feeds[..] else { panic!("{register:?}") };
    assert_eq!((a.url.as_str(), a.dialect), ("https://feed.a.example/", Some(Dialect::Oruk1)));
    assert_eq!(a.homepage.as_ref().unwrap().as_str(), "https://www.a.example/");
    assert_eq!(
        (b.key.as_str(), b.disabled.as_deref()),
        ("b", Some("it was down when last tested (2026-09-01)"))
    );
    assert_eq!(read(&row).feeds.len(), 1);
}

#[test]
fn the_validators_list_is_read() {
    let feed = |id: u32, up: Value| {
        json!({ "id": id, "url": format!("https://{id}.example/v3"), "name": format!("Feed {id}"), "active": "true",
            "statusIsUp": up, "statusIsValid": "0", "validationErrors": 7, "lastError": null, "lastTested": null })
    };
    let register =
        read(&json!([feed(1, json!("1")), feed(2, json!({ "value": false })), feed(3, Value::Null)]));
    let disabled: Vec<_> = register.feeds.iter().map(|feed| feed.disabled.is_some()).collect();
    assert_eq!(disabled, [false, true, true]);
    assert!(register.feeds[0].notes.contains(&"the register found it invalid, with 7 errors".to_owned()));
}

#[test]
fn the_dashboards_of_both_generations_are_read() {
    let second = read(&json!({
        "NB": "a note", "service": {}, "definitions": { "columns": {}, "views": {} },
        "data": [{ "name": { "value": "One" }, "service": { "value": "one.example", "url": "http://one.example/1" },
            "publisher": { "value": "One", "url": "http://one.example" }, "schemaVersion": { "value": "1.0" },
            "statusIsUp": { "value": 0 }, "lastTested": { "value": "2024-08-06T18:01:07", "url": "/d/1" } }],
    }));
    assert_eq!(second.feeds[0].url.as_str(), "http://one.example/1");
    assert!(second.feeds[0].disabled.as_ref().unwrap().contains("2024-08-06"));

    let first = read(
        &json!([{ "url": "https://x.example/o/ServiceDirectoryService/v2", "label": "X services",
        "organisationLabel": "X", "organisationUrl": "https://www.x.example", "developerLabel": "Placecube",
        "schemaType": null, "servicePathOverride": "/directory/", "lastCheck": "2024-07-17T18:00:07", "isUp": true,
        "isServicesValid": true, "searchEnabledMessage": "[{\"TestName\":\"Text Test\"}]", "searchResults": [] }]),
    );
    let source = &configured(&first).sources[0];
    assert_eq!((source.key.as_str(), source.enabled), ("x", true));
    assert_eq!(source.dialect, Some(Dialect::Placecube1));
    assert_eq!(source.paths["services"], "/directory");
}

#[test]
fn entries_without_use_are_named_and_the_others_kept() {
    let register = read(&json!({ "feeds": [
        null, "text", { "name": "No address" }, { "name": "Odd", "url": "ftp://a.example" },
        { "name": "Good", "url": "https://a.example/v3/services" }, { "name": "Again", "url": "https://a.example/v3/" },
        { "publisher": "Odd", "url": "not an address" },
    ]}));
    assert_eq!(register.feeds.len(), 1);
    let entries: Vec<_> = register.unusable.iter().map(|unusable| unusable.entry).collect();
    assert_eq!(entries, [1, 2, 3, 4, 6, 7]);
    let text = register.to_toml("a test");
    assert!(text.contains("# entry 6 (Again): it is the same feed as `good`"), "{text}");
    assert_eq!(configured(&register).sources.len(), 1);
}

#[test]
fn nothing_in_an_entry_becomes_more_than_words() {
    let evil = "x\"\nenabled = false # ${HOME} \u{202e}\u{1b}[31m\\ '''";
    let register = read(&json!([{ "name": evil, "publisher": evil, "description": evil, "licence": evil,
        "url": "https://user:secret@a.example/${HOME}/v3#${HOME}", "attribution": evil, "servicePathOverride": evil,
        "statusIsUp": false, "lastTested": evil }]));
    let source = &configured(&register).sources[0];
    assert!(source.name.contains("${HOME}") && !source.name.contains(['\n', '\u{1b}', '\u{202e}']));
    assert!(!source.url.as_str().contains("secret"));
    assert!(!source.enabled);
}

#[test]
fn what_is_no_register_says_why() {
    let why = |body: &str| FeedRegister::read(body.as_bytes()).unwrap_err();
    for page in ["<!doctype html><title>Directory</title>", "", "[{\"url\":"] {
        assert_eq!(why(page), NotARegister::NotJson, "{page}");
    }
    for other in ["{}", "7", "{\"message\":\"not found\"}"] {
        assert_eq!(why(other), NotARegister::NoList, "{other}");
    }
    assert!(FeedRegister::read(b"[]").unwrap().feeds.is_empty());
}

/// The list of public feeds in the repository.
const UK: &str = include_str!("../../../config/uk.toml");

#[test]
fn the_list_of_public_feeds_is_what_discover_prints() {
    let printed = FeedRegister::known().to_toml("the list built into oruk-gateway");
    assert!(printed == UK, "`oruk-gateway discover > config/uk.toml` to accept:\n{printed}");
}

#[test]
fn the_public_feeds_can_be_served_as_they_are_listed() {
    let config = GatewayConfig::parse(UK, &|_| None).unwrap();
    let (known, blocks) = (FeedRegister::known(), UK.split("[[sources]]").skip(1));
    assert_eq!(known.unusable.len(), 0);
    assert_eq!(config.sources.len(), 15);
    for (source, block) in config.sources.iter().zip(blocks) {
        assert!(source.dialect.is_some() && source.publisher.is_some(), "{}", source.key);
        assert!(source.licence.is_some() || block.contains("# licence: none stated"), "{}", source.key);
        assert!(source.licence.is_none() || source.attribution.is_some(), "{}", source.key);
        assert_eq!(source.enabled, !block.contains("# disabled: "), "{}", source.key);
        assert!(
            source.limits.requests_per_second <= 2.0 && source.limits.max_concurrency <= 2,
            "{}",
            source.key
        );
    }
    let enabled = config.sources.iter().filter(|source| source.enabled);
    let enabled: Vec<_> = enabled.map(|source| source.key.as_str()).collect();
    let up = [
        "bristol",
        "shropshire",
        "northlincs",
        "buckinghamshire",
        "cqc",
        "dorset",
        "opensessions",
        "southampton",
    ];
    assert_eq!(enabled, up);
}
