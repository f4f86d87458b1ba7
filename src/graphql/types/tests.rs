//! The views over a record at hand, without any source to ask.

use std::sync::Arc;

use serde_json::{Value, json};

use super::*;
use crate::graphql::OperationAnswer;
use crate::graphql::graph::tests::executed_over;
use crate::graphql::output::{FieldOutput, GraphObject};
use crate::graphql::plan::FieldPlan;
use crate::graphql::walk::{OutputWalk, WriteResult};
use crate::model::{
    self, CarriedMembers, ContentHash, OrderKey, PartId, RecordKind, RecordPart, RichText, SourceKey,
    StubRecord as _,
};

struct Root;

impl Root {
    fn service(&self) -> Service {
        Service(Arc::new(lunch_club()))
    }
}

impl GraphObject for Root {
    const NAME: &'static str = "Query";

    fn write_field<'r>(&self, field: &'r FieldPlan, walk: &mut OutputWalk<'r>) -> WriteResult {
        match &*field.name {
            "service" => self.service().write(field, walk),
            "node" => Node::from(self.service()).write(field, walk),
            _ => walk.no_field(field),
        }
    }
}

impl FieldOutput for Root {
    fn register(registry: &mut async_graphql::registry::Registry) -> String {
        crate::graphql::query::Query::register(registry)
    }

    fn write<'r>(&self, field: &'r FieldPlan, walk: &mut OutputWalk<'r>) -> WriteResult {
        walk.object(field.selected(Self::NAME), |field, walk| self.write_field(field, walk))
    }
}

fn source() -> SourceKey {
    SourceKey::parse("bristol").unwrap()
}

fn id(kind: RecordKind, upstream: &str) -> RecordId {
    RecordId::new(kind, &source(), upstream)
}

fn part(type_name: &str, upstream: &str) -> RecordPart {
    RecordPart::bare(PartId::given(type_name, &source(), upstream))
}

fn provenance() -> model::Provenance {
    model::Provenance {
        upstream_url: "https://feed.example/services/s1".parse().ok(),
        fetched_at: "2026-03-31T11:00:00Z".parse().unwrap(),
        fresh_until: "2026-03-31T11:05:00Z".parse().unwrap(),
        last_modified: None,
        assured_date: None,
        assurer_email: None,
        shallow: false,
        content_hash: ContentHash::of(b"s1"),
        issues: vec![model::RecordIssue {
            code: model::IssueCode::Repaired,
            path: "url".to_owned(),
            message: "added the scheme".to_owned(),
            original: Some(json!("lunch.example")),
        }],
        read_bytes: 2,
        origin: None,
    }
}

fn hall() -> model::Location {
    model::Location {
        id: id(RecordKind::Location, "l1"),
        provenance: provenance(),
        order_key: OrderKey::of("Hall"),
        carried: CarriedMembers::default(),
        location_type: model::LocationType::Physical,
        name: Some("Hall".to_owned()),
        alternate_name: None,
        description: None,
        url: None,
        transportation: None,
        coordinates: model::Coordinates::new(51.45, -2.59),
        external_identifier: None,
        external_identifier_type: None,
        organization_id: None,
        addresses: Vec::new(),
        accessibility: vec![Arc::new(model::Accessibility {
            part: part("Accessibility", "a1"),
            description: Some("Wheelchair accessible".to_owned()),
            details: None,
            url: None,
        })],
        languages: Vec::new(),
        contacts: Vec::new(),
        phones: Vec::new(),
        schedules: Vec::new(),
        attributes: Vec::new(),
        metadata: Vec::new(),
        extra: serde_json::Map::new(),
    }
}

fn at_hall(upstream: &str) -> Arc<model::ServiceAtLocation> {
    Arc::new(model::ServiceAtLocation {
        id: id(RecordKind::ServiceAtLocation, upstream),
        provenance: provenance(),
        order_key: OrderKey::of("Hall"),
        carried: CarriedMembers::default(),
        description: None,
        service_id: None,
        service: None,
        location_id: Some(id(RecordKind::Location, "l1")),
        location: Some(Arc::new(hall())),
        service_areas: Vec::new(),
        contacts: Vec::new(),
        phones: Vec::new(),
        schedules: Vec::new(),
        attributes: Vec::new(),
        metadata: Vec::new(),
        extra: serde_json::Map::new(),
    })
}

fn tuesdays() -> model::Schedule {
    model::Schedule {
        part: part("Schedule", "t1"),
        valid_from: None,
        valid_to: None,
        dtstart: None,
        until: None,
        count: None,
        freq: Some(model::Frequency::Weekly),
        interval: None,
        wkst: None,
        byday: vec!["TU".to_owned()],
        bymonthday: Vec::new(),
        byweekno: Vec::new(),
        byyearday: Vec::new(),
        opens_at: chrono::NaiveTime::from_hms_opt(12, 30, 0),
        closes_at: None,
        universal: None,
        timezone: None,
        attending_type: None,
        description: None,
        notes: None,
        schedule_link: None,
        exception: None,
        unread: model::UnreadBounds::default(),
    }
}

fn term(name: &str, taxonomy_name: &str) -> Arc<model::Attribute> {
    let term = model::TaxonomyTerm {
        id: id(RecordKind::TaxonomyTerm, name),
        provenance: provenance(),
        order_key: OrderKey::of(name),
        carried: CarriedMembers::default(),
        code: None,
        name: name.to_owned(),
        description: None,
        language: None,
        term_uri: None,
        taxonomy_name: Some(taxonomy_name.to_owned()),
        taxonomy_id: None,
        taxonomy: None,
        parent_id: None,
        metadata: Vec::new(),
        extra: serde_json::Map::new(),
    };
    Arc::new(model::Attribute {
        id: PartId::given("Attribute", &source(), name),
        label: None,
        value: None,
        link_type: None,
        link_entity: None,
        taxonomy_term_id: Some(term.id.clone()),
        taxonomy_term: Some(Arc::new(term)),
        of_contact: None,
        metadata: Vec::new(),
    })
}

fn lunch_club() -> model::Service {
    model::Service {
        id: id(RecordKind::Service, "s1"),
        provenance: provenance(),
        order_key: OrderKey::of("Lunch club"),
        carried: CarriedMembers::default(),
        name: "Lunch club".to_owned(),
        alternate_name: None,
        description: Some(RichText::new("<p>Soup &amp; bread<script>x()</script></p>".to_owned())),
        url: "https://lunch.example/".parse().ok(),
        additional_urls: Vec::new(),
        email: None,
        status: model::ServiceStatus::TemporarilyClosed,
        interpretation_services: None,
        application_process: None,
        fees_description: None,
        wait_time: None,
        fees: Some("Free".to_owned()),
        accreditations: None,
        eligibility_description: None,
        minimum_age: Some(60.0),
        maximum_age: None,
        age_bands: Vec::new(),
        unread_ages: model::UnreadBounds::default(),
        alert: None,
        licenses: None,
        assured_date: chrono::NaiveDate::from_ymd_opt(2026, 1, 2),
        assurer_email: None,
        last_modified: None,
        organization_id: Some(id(RecordKind::Organization, "o1")),
        organization: None,
        program: None,
        schedules: vec![Arc::new(tuesdays())],
        service_at_locations: vec![at_hall("sl1"), at_hall("sl2")],
        attributes: vec![term("Food", "Needs"), term("Older people", "Circumstances"), term("Food", "Needs")],
        extra: [("x-notes".to_owned(), json!({ "seen": [1, null] }))].into_iter().collect(),
        ..model::Service::stub(id(RecordKind::Service, "s1"), provenance().read())
    }
}

/// A record of each kind whose changes are told, as it is written down.
pub(super) fn one_of_each() -> [(RecordKind, Value); 4] {
    let organization = model::Organization {
        id: id(RecordKind::Organization, "o1"),
        provenance: provenance(),
        order_key: OrderKey::of("Org"),
        carried: CarriedMembers::default(),
        name: "Org".to_owned(),
        alternate_name: None,
        description: None,
        email: None,
        website: None,
        additional_websites: Vec::new(),
        legal_status: None,
        year_incorporated: None,
        tax_status: None,
        tax_id: None,
        logo: None,
        uri: None,
        parent_organization_id: None,
        identifiers: Vec::new(),
        funding: Vec::new(),
        contacts: Vec::new(),
        phones: Vec::new(),
        locations: Vec::new(),
        services: Vec::new(),
        programs: Vec::new(),
        attributes: Vec::new(),
        metadata: Vec::new(),
        extra: serde_json::Map::new(),
    };
    let term = term("Food", "Needs").taxonomy_term.clone();
    [
        (RecordKind::Service, serde_json::to_value(lunch_club()).unwrap()),
        (RecordKind::Organization, serde_json::to_value(organization).unwrap()),
        (RecordKind::Location, serde_json::to_value(hall()).unwrap()),
        (RecordKind::TaxonomyTerm, serde_json::to_value(term).unwrap()),
    ]
}

async fn ask(query: &str) -> Value {
    let answer = execute(query).await;
    assert!(answer.errors.is_empty(), "{:?}", answer.errors);
    answer.data()
}

async fn execute(query: &str) -> OperationAnswer {
    let query =
        query.replace("{ service {", "{ service(id: \"x\") {").replace("{ node {", "{ node(id: \"x\") {");
    executed_over(&Root, &query).await
}

#[tokio::test]
async fn a_service_says_what_its_record_does() {
    let answer = ask("{ service { upstreamId name status url minimumAge maximumAge isFree assuredDate extra
            text: description html: description(format: HTML) raw: description(format: RAW)
            schedules { rrule opensAt closesAt freq byday }
            organization { name } phones { number } } }")
    .await;
    assert_eq!(
        answer["service"],
        json!({
            "upstreamId": "s1",
            "name": "Lunch club",
            "status": "TEMPORARILY_CLOSED",
            "url": "https://lunch.example/",
            "minimumAge": 60.0,
            "maximumAge": null,
            "isFree": "YES",
            "assuredDate": "2026-01-02",
            "extra": { "x-notes": { "seen": [1, null] } },
            "text": "Soup & bread",
            "html": "<p>Soup &amp; bread</p>",
            "raw": "<p>Soup &amp; bread<script>x()</script></p>",
            "schedules": [{ "rrule": "FREQ=WEEKLY;BYDAY=TU", "opensAt": "12:30", "closesAt": null, "freq": "WEEKLY", "byday": ["TU"] }],
            "organization": { "name": "(unnamed)" },
            "phones": [],
        })
    );
}

#[tokio::test]
async fn places_and_terms_come_straight_and_once() {
    let answer = ask("{ service { serviceAtLocations { location { name } }
            locations { name latitude wheelchairAccessible locationType extra }
            all: taxonomyTerms { name } needs: taxonomyTerms(taxonomy: \" needs\") { name } } }")
    .await;
    let service = &answer["service"];
    assert_eq!(service["serviceAtLocations"].as_array().map(Vec::len), Some(2));
    assert_eq!(
        service["locations"],
        json!([{ "name": "Hall", "latitude": 51.45, "wheelchairAccessible": "YES", "locationType": "PHYSICAL", "extra": null }])
    );
    assert_eq!(service["all"], json!([{ "name": "Food" }, { "name": "Older people" }]));
    assert_eq!(service["needs"], json!([{ "name": "Food" }]));
}

#[tokio::test]
async fn a_record_says_where_it_came_from() {
    let answer = ask(
        "{ node { id __typename ... on Service { provenance { upstreamId upstreamUrl fetchedAt lastModified shallow stale
            issues { code severity path original } } } } }",
    )
    .await;
    assert_eq!(answer["node"]["id"], id(RecordKind::Service, "s1").as_str());
    assert_eq!(answer["node"]["__typename"], "Service");
    assert_eq!(
        answer["node"]["provenance"],
        json!({
            "upstreamId": "s1",
            "upstreamUrl": "https://feed.example/services/s1",
            "fetchedAt": "2026-03-31T11:00:00Z",
            "lastModified": null,
            "shallow": false,
            "stale": true,
            "issues": [{ "code": "REPAIRED", "severity": "WARNING", "path": "url", "original": "lunch.example" }],
        })
    );
}

#[tokio::test]
async fn sessions_come_from_the_schedules() {
    let answer = ask("{ service {
            occurrences(from: \"2026-03-20T00:00:00Z\", to: \"2026-04-30T00:00:00Z\", first: 2) {
                start end schedule { byday } location { name } }
            nextOpening { start }
            later: nextOpening(after: \"2026-10-20T12:00:00Z\") { start }
            noon: openAt(at: \"2026-03-31T11:00:00Z\") two: openAt(at: \"2026-03-31T13:00:00Z\")
            schedules { occurrences(from: \"2026-04-06T00:00:00Z\", to: \"2026-04-13T00:00:00Z\") { start } } } }")
    .await;
    let session = |start: &str| json!({ "start": start, "end": null, "schedule": { "byday": ["TU"] }, "location": null });
    assert_eq!(
        answer["service"],
        json!({
            "occurrences": [session("2026-03-24T12:30:00Z"), session("2026-03-31T11:30:00Z")],
            "nextOpening": { "start": "2026-04-07T11:30:00Z" },
            "later": { "start": "2026-10-27T12:30:00Z" },
            "noon": "NO",
            "two": "UNKNOWN",
            "schedules": [{ "occurrences": [{ "start": "2026-04-07T11:30:00Z" }] }],
        })
    );
}

#[tokio::test]
async fn lists_of_sessions_are_bounded() {
    for (arguments, member) in [
        ("from: \"2026-03-02T00:00:00Z\", to: \"2026-03-01T00:00:00Z\"", "`from`"),
        ("from: \"2026-03-02T00:00:00Z\", to: \"2027-05-01T00:00:00Z\"", "`to`"),
        ("from: \"2026-03-02T00:00:00Z\", to: \"2026-04-01T00:00:00Z\", first: 0", "`first`"),
        ("from: \"2026-03-02T00:00:00Z\", to: \"2026-04-01T00:00:00Z\", first: 1001", "`first`"),
    ] {
        let answer = execute(&format!("{{ service {{ occurrences({arguments}) {{ start }} }} }}")).await;
        let error = serde_json::to_value(&answer.errors[0]).unwrap();
        assert_eq!(error["extensions"]["code"], "BAD_USER_INPUT", "{arguments}");
        assert!(answer.errors[0].message.contains(member), "{arguments}: {}", answer.errors[0].message);
    }
}
