//! What each filter finds, what it keeps because it is unknown, and what it leaves out.

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::support::{FakeFeed, Gateway, Habit, data, records};

/// Four services, each named after a letter. C states nothing.
async fn feed() -> FakeFeed {
    FakeFeed::called("one")
        .with(Habit::FullLists)
        .with_service(json!({
            "name": "A boxing club", "status": "active", "minimum_age": 16, "maximum_age": 25,
            "last_modified": "2026-05-01T09:00:00Z", "assured_date": "2026-10-15",
            "organization": { "id": "o-guild", "name": "The Guild" },
        }))
        .with_service(json!({
            "name": "B choirs for pensioners", "status": "inactive", "minimum_age": 60,
            "last_modified": "2024-05-01T09:00:00Z", "assured_date": "2024-01-01",
            "organization": { "id": "o-guild", "name": "The Guild" },
        }))
        .with_service(json!({
            "name": "C", "description": null, "status": null, "last_modified": null, "organization": null,
            "attributes": [],
        }))
        .with_service(json!({
            "name": "D drop-in", "description": "Boxes of food, and singing in choirs.",
            "status": "temporarily closed", "minimum_age": 18, "maximum_age": 30,
            "last_modified": "2026-10-31T23:00:00Z", "assured_date": "2026-11-01",
            "organization": { "id": "o-other", "name": "Others" },
        }))
        .with_list("taxonomy_terms", vec![records::term("plain"), records::term("lucky")])
        .spawn()
        .await
}

fn noon_on_all_saints() -> DateTime<Utc> {
    "2026-11-01T12:00:00Z".parse().unwrap()
}

const FIND: &str =
    "query($filter: ServiceFilter) { services(filter: $filter) { totalCount complete nodes { name } } }";

async fn found(gateway: &Gateway, filter: &Value) -> String {
    let services = data(gateway.query_with(FIND, json!({ "filter": filter })).await)["services"].take();
    let names = services["nodes"].as_array().unwrap().iter();
    let letters: String = names.filter_map(|node| node["name"].as_str()?.chars().next()).collect();
    assert_eq!(services["totalCount"], letters.len());
    assert_eq!(services["complete"], true);
    letters
}

#[tokio::test]
async fn quirk_20_and_47_each_filter_finds_what_it_says() {
    let feed = feed().await;
    let gateway = Gateway::over(&[&feed]).at(noon_on_all_saints()).start().await;
    let text = "{ services { nodes { name organization { id } } } }";
    let guild = data(gateway.query(text).await)["services"]["nodes"][0]["organization"]["id"].take();
    let (adult, thirties) =
        (json!({ "minimum": 18, "maximum": 30 }), json!({ "minimum": 31, "maximum": 39 }));
    let matching = |range: &Value, how: &str| json!({ "ages": { "minimum": range["minimum"], "maximum": range["maximum"], "match": how } });
    let cases = [
        (json!({}), "ABCD"),
        (Value::Null, "ABCD"),
        // A service without a status counts as active, unless only known values are wanted.
        (json!({ "status": ["ACTIVE"] }), "AC"),
        (json!({ "status": ["ACTIVE"], "includeUnknown": false }), "A"),
        (json!({ "not": { "status": ["DEFUNCT"] } }), "ABCD"),
        (json!({ "status": ["INACTIVE", "TEMPORARILY_CLOSED"] }), "BD"),
        (json!({ "status": ["DEFUNCT"] }), ""),
        (json!({ "status": ["ACTIVE"], "includeUnknown": true }), "AC"),
        (json!({ "status": ["UNKNOWN"] }), "C"),
        // A missing bound does not limit.
        (json!({ "age": 16 }), "AC"),
        (json!({ "age": 25 }), "ACD"),
        (json!({ "age": 31 }), "C"),
        (json!({ "age": 99 }), "BC"),
        (json!({ "age": 0 }), "C"),
        // The three values of `match`.
        (json!({ "ages": adult }), "ACD"),
        (matching(&adult, "OVERLAPS"), "ACD"),
        (matching(&adult, "COVERS"), "CD"),
        (matching(&adult, "WITHIN"), "D"),
        (matching(&thirties, "OVERLAPS"), "C"),
        (json!({ "ages": { "minimum": 26 } }), "BCD"),
        (json!({ "ages": { "minimum": 60, "match": "WITHIN" } }), "B"),
        // Words, stemmed, in any of the texts.
        (json!({ "text": "choir" }), "BD"),
        (json!({ "text": "CHOIRS pensioner" }), "B"),
        (json!({ "text": "\"boxing club\"" }), "A"),
        (json!({ "text": "\"club boxing\"" }), ""),
        (json!({ "text": "guild" }), "AB"),
        (json!({ "text": "zebra" }), ""),
        (json!({ "text": "  " }), "ABCD"),
        // Organisation.
        (json!({ "organization": guild }), "AB"),
        (json!({ "organization": guild, "includeUnknown": true }), "ABC"),
        // An undated change may be later. An undated assurance does not count.
        (json!({ "modifiedSince": "2026-05-01T09:00:00Z" }), "ACD"),
        (json!({ "modifiedSince": "2026-05-01T10:00:01+01:00" }), "CD"),
        (json!({ "modifiedSince": "2026-05-01T09:00:00Z", "includeUnknown": false }), "AD"),
        (json!({ "assuredSince": "2026-10-15" }), "AD"),
        (json!({ "assuredSince": "2026-10-16" }), "D"),
        (json!({ "assuredSince": "2026-10-16", "includeUnknown": true }), "CD"),
        (json!({ "assuredWithin": "P17D" }), "AD"),
        (json!({ "assuredWithin": "P16D" }), "D"),
        (json!({ "assuredWithin": "P3Y" }), "ABD"),
        // Combinations.
        (json!({ "and": [{ "age": 20 }, { "status": ["ACTIVE", "INACTIVE"] }] }), "AC"),
        (json!({ "or": [{ "age": 61 }, { "status": ["ACTIVE"] }] }), "ABC"),
        (json!({ "or": [] }), "ABCD"),
        (json!({ "not": { "age": 20 } }), "B"),
        (json!({ "not": { "status": ["ACTIVE"] } }), "BD"),
        (json!({ "not": { "status": ["ACTIVE"] }, "includeUnknown": true }), "BCD"),
        (json!({ "not": { "or": [{ "text": "box" }, { "text": "choir" }] } }), "C"),
        (json!({ "age": 20, "or": [{ "status": ["ACTIVE"] }, { "status": ["TEMPORARILY_CLOSED"] }] }), "ACD"),
        (json!({ "sources": ["one"] }), "ABCD"),
        (json!({ "sources": [] }), ""),
        (json!({ "not": { "sources": ["one"] } }), ""),
        // Terms. C has none, which counts as unknown.
        (json!({ "taxonomyTerms": { "anyOf": [{ "name": "a PLAIN thing" }] } }), "ABD"),
        (json!({ "taxonomyTerms": { "anyOf": [], "noneOf": [] } }), "ABCD"),
        (json!({ "taxonomyTerms": { "anyOf": [{ "code": { "code": "plain" } }] } }), "ABD"),
        (
            json!({ "taxonomyTerms": { "anyOf": [{ "code": { "code": "plain", "taxonomy": "THINGS" } }] } }),
            "ABD",
        ),
        (json!({ "taxonomyTerms": { "noneOf": [{ "code": { "code": "plain" } }] } }), ""),
        (json!({ "taxonomyTerms": { "noneOf": [{ "code": { "code": "lucky" } }] } }), "ABD"),
        (
            json!({ "taxonomyTerms": { "allOf": [{ "code": { "code": "plain" } }, { "code": { "code": "lucky" } }] } }),
            "",
        ),
    ];
    for (filter, expected) in cases {
        assert_eq!(found(&gateway, &filter).await, expected, "{filter}");
    }
}

#[tokio::test]
async fn poor_lists_decide_nothing_that_their_own_pages_may_turn() {
    // According to their detail pages, each is open on Mondays, and B has another term than A.
    let feed = FakeFeed::called("one")
        .with_service(json!({ "id": "s-1", "name": "A" }))
        .with_service(json!({ "id": "s-7", "name": "B" }))
        .spawn()
        .await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let lucky = json!({ "taxonomyTerms": { "anyOf": [{ "code": { "code": "lucky" } }] } });
    let (mondays, sundays) = (json!({ "days": ["MONDAY"] }), json!({ "days": ["SUNDAY"] }));
    for (filter, expected) in [
        (json!({ "not": lucky }), "A"),
        (json!({ "open": mondays, "not": lucky }), "A"),
        (json!({ "and": [{ "open": mondays }, { "not": lucky }] }), "A"),
        (json!({ "or": [{ "not": lucky }, { "open": sundays }] }), "A"),
        (json!({ "not": { "open": mondays, "not": lucky } }), "B"),
        (json!({ "open": mondays, "not": { "text": "village" } }), ""),
        (json!({ "open": mondays, "not": lucky, "includeUnknown": true }), "A"),
    ] {
        assert_eq!(found(&gateway, &filter).await, expected, "{filter}");
    }
}

#[tokio::test]
async fn what_a_provider_says_is_found_though_services_only_name_it() {
    let guild = json!({
        "id": "o-guild", "name": "The Guild", "description": "d",
        "organization_identifiers": [{ "id": "i", "identifier_scheme": "GB-CHC", "identifier_type": "c", "identifier": "777" }],
    });
    let feed = FakeFeed::called("one")
        .with(Habit::FullLists)
        .with_service(json!({ "name": "A", "organization": null, "organization_id": "o-guild" }))
        .with_service(json!({ "name": "B", "organization": null, "organization_id": "o-gone" }))
        .with_list("organizations", vec![guild])
        .spawn()
        .await;
    let gateway = Gateway::over(&[&feed]).start().await;
    for (filter, expected) in [
        (json!({ "text": "guild" }), "A"),
        (json!({ "text": "guild b" }), ""),
        (json!({ "organizationIdentifier": { "value": "777" } }), "A"),
        (json!({ "not": { "text": "guild" } }), "B"),
    ] {
        assert_eq!(found(&gateway, &filter).await, expected, "{filter}");
    }
}

/// Questions that publishers and people who need a place ask, over full lists and over lists that leave everything out.
#[tokio::test]
async fn free_places_issues_and_gaps_are_found_whatever_lists_leave_out() {
    let capacity = |available: Value, unit: &str| json!([{ "id": "k", "available": available, "maximum": 9, "unit": { "id": "u", "name": unit } }]);
    let plan = || {
        FakeFeed::called("one")
            .with_service(json!({
                "name": "A", "capacities": capacity(json!(2), "beds"), "url": "https://a.example/", "email": "desk@a.example",
            }))
            .with_service(json!({ "name": "B", "capacities": capacity(json!(0), "bed"), "url": null, "email": " ", "contacts": [],
            }))
            .with_service(json!({ "name": "C", "capacities": capacity(Value::Null, "seat"), "url": { "no": "text" } }))
            .with_service(json!({ "name": "D", "capacities": [], "url": null, "assured_date": "a while ago" }))
    };
    let free = |wanted: bool| json!({ "capacity": { "hasFreePlaces": wanted } });
    let issue = |of: Value| json!({ "hasIssue": of });
    let cases = [
        (free(true), "A"),
        (free(false), "B"),
        (json!({ "capacity": { "hasFreePlaces": true }, "includeUnknown": true }), "ACD"),
        (json!({ "not": free(true) }), "B"),
        (json!({ "capacity": { "availableAtLeast": 2, "unit": "BED" } }), "A"),
        (json!({ "capacity": { "availableAtLeast": 3 } }), ""),
        (json!({ "capacity": { "maximumAtLeast": 9, "unit": "seats" } }), "C"),
        (json!({ "capacity": { "unit": "bed" } }), "ABCD"),
        (issue(json!({ "path": "url" })), "C"),
        (issue(json!({ "path": "assured_date", "severity": "ERROR" })), "D"),
        (issue(json!({ "code": "UNREADABLE", "path": "assured_date" })), "D"),
        (issue(json!({ "code": "DUPLICATE_ID" })), ""),
        (json!({ "missing": ["URL"] }), "BCD"),
        (json!({ "missing": ["URL", "CAPACITIES"] }), "D"),
        (json!({ "missing": ["EMAIL"], "not": { "missing": ["CAPACITIES"] } }), "B"),
        (json!({ "missing": [] }), "ABCD"),
        (json!({ "missing": ["NAME"] }), ""),
    ];
    for (habit, mode) in [(Some(Habit::FullLists), "live"), (None, "live"), (None, "catalogue")] {
        let feed = habit.into_iter().fold(plan(), |plan, habit| plan.with(habit)).spawn().await;
        let gateway = Gateway::over(&[&feed]).with_source("one", &format!("mode = '{mode}'")).start().await;
        found(&gateway, &json!({})).await;
        for (filter, expected) in &cases {
            assert_eq!(found(&gateway, filter).await, *expected, "{filter} {mode} {habit:?}");
        }
        gateway.stop().await;
    }
}

#[tokio::test]
async fn organisations_and_locations_are_found_by_what_they_leave_out_and_what_is_wrong_with_them() {
    let address = json!({ "id": "a", "address_1": "1 Elm Street", "city": "Elm", "postal_code": "BS1 4DJ", "country": "GB", "address_type": "physical" });
    let place = |id: &str, latitude: Value, addresses: Value| {
        json!({ "id": format!("at-{id}"), "location": {
        "id": id, "name": id, "location_type": "physical", "latitude": latitude, "longitude": -2.58, "addresses": addresses } })
    };
    let feed = FakeFeed::called("one")
        .with(Habit::FullLists)
        .with_service(json!({
            "name": "A", "organization": { "id": "o-1", "name": "Guild", "website": "https://guild.example/" },
            "service_at_locations": [place("hall", json!(51.45), json!([address])), place("barn", json!(100), json!([]))],
        }))
        .with_service(json!({ "name": "B", "organization": { "id": "o-2", "name": "Others" } }))
        .spawn()
        .await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let names = async |field: &str, filter: &Value| {
        let (list, of) = field.split_once(':').unwrap();
        let query = format!("query($filter: {of}) {{ {list}(filter: $filter) {{ nodes {{ name }} }} }}");
        let nodes = data(gateway.query_with(&query, json!({ "filter": filter })).await)[list]["nodes"].take();
        nodes
            .as_array()
            .unwrap()
            .iter()
            .map(|node| node["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let organizations = "organizations:OrganizationFilter";
    assert_eq!(names(organizations, &json!({ "missing": ["WEBSITE"] })).await, ["Others"]);
    assert_eq!(names(organizations, &json!({ "missing": ["WEBSITE", "NAME"] })).await, [""; 0]);
    let locations = "locations:LocationFilter";
    assert_eq!(names(locations, &json!({ "missing": ["ADDRESS"] })).await, ["barn"]);
    assert_eq!(names(locations, &json!({ "missing": ["COORDINATES", "POSTCODE"] })).await, ["barn"]);
    assert_eq!(
        names(locations, &json!({ "hasIssue": { "code": "OUT_OF_RANGE", "path": "latitude" } })).await,
        ["barn"]
    );
    assert_eq!(names(locations, &json!({ "hasIssue": { "code": "MOJIBAKE" } })).await, [""; 0]);
}

#[tokio::test]
async fn filters_that_make_no_sense_are_refused() {
    let feed = feed().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let nested = (0..9).fold(json!({ "age": 1 }), |within, _| json!({ "not": within }));
    let cases = [
        json!({ "age": -1 }),
        json!({ "ages": { "minimum": 30, "maximum": 18 } }),
        json!({ "sources": ["nobody"] }),
        json!({ "organization": "nonsense" }),
        json!({ "modifiedSince": "yesterday" }),
        json!({ "assuredSince": "2026-13-01" }),
        json!({ "assuredWithin": "a while" }),
        json!({ "capacity": { "availableAtLeast": 0 } }),
        json!({ "capacity": { "hasFreePlaces": true, "unit": "-" } }),
        json!({ "missing": ["POSTCODES"] }),
        json!({ "hasIssue": { "code": "MISSING" } }),
        json!({ "taxonomyTerms": { "anyOf": [{ "name": "a", "uri": "https://a.example/" }] } }),
        nested,
    ];
    for filter in cases {
        let answer = gateway.query_with(FIND, json!({ "filter": filter })).await;
        let code = answer["errors"][0]["extensions"]["code"].as_str().unwrap_or_default();
        assert!(["BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED"].contains(&code), "{filter}: {answer}");
    }
}

#[tokio::test]
async fn a_source_that_cannot_match_is_not_asked() {
    let asked = FakeFeed::called("asked").with_services(3).spawn().await;
    let spared = FakeFeed::called("spared").with_services(3).spawn().await;
    let setup = Gateway::over(&[&asked, &spared]).with_defaults("fresh_for = '0s'\nstale_for = '0s'");
    let gateway = setup.start().await;
    // Requested once at the start, and not again.
    spared.is_asked("/services", 1).await;
    data(gateway.query("{ services { totalCount } }").await);
    let before = spared.all_hits();
    let text =
        "{ services(filter: { sources: [\"asked\"] }) { totalCount complete sources { source { key } } } }";
    let services = data(gateway.query(text).await)["services"].take();
    let expected =
        json!({ "totalCount": 3, "complete": true, "sources": [{ "source": { "key": "asked" } }] });
    assert_eq!(services, expected);
    assert_eq!(spared.all_hits(), before);
}

#[tokio::test]
async fn a_change_date_is_pushed_down_only_to_feeds_known_to_honour_it() {
    for (honours, pushed) in [("[]", false), ("['modified_after']", true)] {
        let feed = feed().await;
        let gateway =
            Gateway::over(&[&feed]).with_source("one", &format!("honours = {honours}")).start().await;
        let filter = json!({ "modifiedSince": "2026-05-01T09:00:00Z", "includeUnknown": false });
        assert_eq!(found(&gateway, &filter).await, "AD");
        let was = feed.asked().iter().any(|asked| asked.query.contains_key("modified_after"));
        assert_eq!(was, pushed);
        // A filter that keeps undated services must not get a list without them.
        assert_eq!(found(&gateway, &json!({ "modifiedSince": "2026-05-01T09:00:00Z" })).await, "ACD");
    }
}
