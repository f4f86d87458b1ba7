//! Tests that the index and brute force find the same services with the same scores, whatever the filter.

use std::sync::Arc;

use chrono::{NaiveDate, NaiveTime};
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::{at, batch, id, organization, provenance, service};
use crate::catalogue::StoredCatalogue;
use crate::model::{
    AccessFilter, AgeRange, AnyRecord, AskLexicon, AskedPhrase, AskedPlace, CapacityFilter, Coordinates,
    CostFilter, DayOfWeek, EssentialDetail, GeoBox, InstantClock, IssueCode, IssueFilter, IssuePath,
    IssueSeverity, LanguageCode, NearPoint, OpenFilter, PostcodePlaces, PreparedFilter, RangeMatch,
    RecordKind, Service, ServiceFacts, ServiceFilter, ServiceStatus, TaxonomyTerm, TaxonomyTermRef,
    TaxonomyTermsFilter, TermGroup, TermVocabulary, TextQuery, UnitName, WordCounts,
};

/// Terms `t0` to `t5`, each below the previous one, except `t3`, which is below `t5`: a cycle. The first and the last
/// have equal names, so they form one group.
const TERMS: [(&str, Option<&str>); 6] = [
    ("t0", None),
    ("t1", Some("t0")),
    ("t2", Some("t1")),
    ("t3", Some("t5")),
    ("t4", Some("t3")),
    ("t5", Some("t4")),
];

fn term(name: &str, parent: Option<&str>) -> Value {
    json!({
        "id": format!("TaxonomyTerm(elmshire/{name})"), "provenance": provenance(name, at(0)), "order_key": name,
        "carried": 0, "code": name, "name": label(name), "metadata": [], "extra": {},
        "parent_id": parent.map(|parent| format!("TaxonomyTerm(elmshire/{parent})")),
    })
}

fn label(name: &str) -> &str {
    match name {
        "t0" => "Cafés & clubs",
        "t5" => "cafes/CLUBS",
        name => name,
    }
}

fn group(name: &str) -> TermGroup {
    let folded = if label(name) == name { name } else { "cafes-clubs" };
    TermGroup::parse(&format!("name::{folded}")).unwrap()
}

fn terms() -> Vec<Arc<TaxonomyTerm>> {
    TERMS.map(|(name, parent)| Arc::new(serde_json::from_value(term(name, parent)).unwrap())).into()
}

fn part(kind: &str, number: usize) -> Value {
    json!({ "id": format!("{kind}:elmshire:{number}") })
}

fn words() -> impl Strategy<Value = String> {
    "((te|tea|teas|talk|talking|café|the|walks) ){0,4}"
}

fn schedule() -> impl Strategy<Value = Value> {
    let day = select(vec!["MO", "TU", "SU"]);
    let times = select(vec![("09:30:00", "12:00:00"), ("22:00:00", "02:00:00"), ("00:00:00", "23:59:00")]);
    let freq = select(vec![Some("Weekly"), Some("Monthly"), None]);
    // The bounds that could not be read, as bits.
    let unread = select(vec![0, 0, 0, 1, 2, 4, 8]);
    let said = (day, times, freq, any::<bool>(), unread);
    said.prop_map(|(day, (opens, closes), freq, is_timed, unread)| {
        json!({
            "part": part("Schedule", 1), "freq": freq, "byday": [day], "bymonthday": [], "byweekno": [],
            "unread": unread,
            "byyearday": [], "opens_at": is_timed.then_some(opens), "closes_at": is_timed.then_some(closes),
        })
    })
}

fn place(number: usize, latitude: f64, access: &str) -> Value {
    let location = json!({
        "id": format!("Location(elmshire/l{number})"), "provenance": provenance("place", at(0)), "order_key": "l",
        "carried": 0, "location_type": "Physical", "coordinates": {"latitude": latitude, "longitude": -2.5},
        "addresses": [], "languages": [], "contacts": [], "phones": [], "schedules": [], "attributes": [],
        "accessibility": [{"part": part("Accessibility", number), "description": access}],
        "metadata": [], "extra": {},
    });
    json!({
        "id": format!("ServiceAtLocation(elmshire/s{number})"), "provenance": provenance("at", at(0)),
        "order_key": "s", "carried": 0, "location_id": format!("Location(elmshire/l{number})"),
        "location": location, "service_areas": [], "contacts": [], "phones": [], "schedules": [],
        "attributes": [], "metadata": [], "extra": {},
    })
}

fn attribute(name: &str) -> Value {
    json!({ "id": format!("Attribute:elmshire:{name}"), "taxonomy_term_id": format!("TaxonomyTerm(elmshire/{name})") })
}

/// Generates capacities, issues, and members that may be missing.
fn said_besides() -> impl Strategy<Value = Value> {
    let capacity = select(vec![
        None,
        Some((Some("Beds"), Some(0.0))),
        Some((None, Some(3.0))),
        Some((Some("seat"), None)),
    ]);
    let issue =
        select(vec![None, Some(("UNREADABLE", "schedules[0].byday")), Some(("MISSING_ID", "contacts[2]"))]);
    let email = select(vec![None, Some(" "), Some("desk@elm.example")]);
    (capacity, issue, email).prop_map(|(capacity, issue, email)| {
        let unit = |name: &str| json!({ "part": part("Unit", 1), "name": name });
        let mut provenance = provenance(&format!("{capacity:?} {issue:?} {email:?}"), at(0));
        let issues = issue.iter().map(|(code, path)| json!({ "code": code, "path": path, "message": "m" }));
        provenance["issues"] = issues.collect();
        json!({
            "provenance": provenance, "email": email,
            "capacities": capacity.iter().map(|(name, available)| {
                json!({ "part": part("ServiceCapacity", 1), "unit": name.map(unit), "available": available })
            }).collect::<Vec<_>>(),
        })
    })
}

fn some_of_publishers()
-> impl Strategy<Value = (Option<CapacityFilter>, Option<IssueFilter>, Vec<EssentialDetail>)> {
    let unit = select(vec![None, UnitName::read("bed")]);
    let capacity = (unit, prop::option::of(any::<bool>()), prop::option::of(select(vec![1.0, 4.0])));
    let capacity = capacity.prop_map(|(unit, has_free_places, available_at_least)| CapacityFilter {
        unit,
        has_free_places,
        available_at_least,
        maximum_at_least: None,
    });
    let issue = (
        select(vec![None, Some(IssueCode::Unreadable), Some(IssueCode::Conflict)]),
        select(vec![None, Some(IssueSeverity::Info)]),
        select(vec![None, Some(IssuePath::read("schedules")), Some(IssuePath::read("contacts[].id"))]),
    );
    let issue = issue.prop_map(|(code, severity, path)| IssueFilter { code, severity, path });
    let missing = prop::sample::subsequence(
        vec![
            EssentialDetail::Email,
            EssentialDetail::Locations,
            EssentialDetail::Costs,
            EssentialDetail::Capacities,
            EssentialDetail::Name,
        ],
        0..=2,
    );
    (
        prop::option::weighted(0.2, capacity),
        prop::option::weighted(0.15, issue),
        prop::bool::weighted(0.2),
        missing,
    )
        .prop_map(|(capacity, issue, asks, missing)| {
            (capacity, issue, if asks { missing } else { Vec::new() })
        })
}

fn some_service() -> impl Strategy<Value = (String, Value)> {
    let names = TERMS.map(|(name, _)| name).to_vec();
    let places = prop::collection::vec(
        (50.0..53.0f64, select(vec!["Wheelchair access", "No wheelchair access", ""])),
        0..3,
    );
    // The third number has the bounds that could not be read, as bits.
    let ages = select(vec![
        (None, None, 0),
        (Some(18.0), Some(25.0), 0),
        (Some(60.0), None, 0),
        (None, Some(5.0), 0),
        (None, Some(25.0), 1),
        (Some(18.0), None, 2),
        (None, None, 3),
    ]);
    let amount = select(vec![None, Some((0.0, 0)), Some((5.0, 0)), Some((5.0, 2))]);
    let said = (
        (words(), words(), select(vec!["Active", "Inactive", "Unknown"]), ages),
        (prop::collection::vec(select(names), 0..3), prop::collection::vec(schedule(), 0..3), places),
        (amount, prop::option::of(select(vec!["o1", "o2"])), prop::option::of(select(vec!["ur", "pl"]))),
        (
            prop::option::of(0..100i64),
            any::<bool>(),
            select(vec![None, Some("BS3, BS4"), Some("England")]),
            said_besides(),
        ),
    );
    said.prop_map(|((name, text, status, ages), (terms, schedules, places), (amount, provider, language), rest)| {
        let (days, is_assured, area, besides) = rest;
        let organization =
            provider.map(|name| serde_json::to_value(&*organization(name, name, at(0))).unwrap());
        let places = places.iter().enumerate().map(|(number, (latitude, access))| place(number, *latitude, access));
        let modified = days.map(|days| at(days * 86_400));
        let mut said = json!({
            "description": {"raw": text.clone(), "plain": text},
            "status": status,
            "minimum_age": ages.0, "maximum_age": ages.1, "unread_ages": ages.2,
            "attributes": terms.iter().map(|name| attribute(name)).collect::<Vec<_>>(),
            "schedules": schedules,
            "service_at_locations": places.collect::<Vec<_>>(),
            "cost_options": amount.iter().map(|(amount, unread)| json!({"part": part("CostOption", 1), "amount": amount, "unread": unread})).collect::<Vec<_>>(),
            "organization_id": provider.map(|name| format!("Organization(elmshire/{name})")),
            "organization": organization,
            "languages": language.iter().map(|code| json!({"part": part("Language", 1), "code": code})).collect::<Vec<_>>(),
            "last_modified": modified,
            "assured_date": modified.filter(|_| is_assured).map(|at| at.date_naive()),
            "service_areas": area.iter().map(|text| json!({"part": part("ServiceArea", 1), "extent": text})).collect::<Vec<_>>(),
        });
        said.as_object_mut().unwrap().extend(besides.as_object().unwrap().clone());
        (name, said)
    })
}

fn some_text() -> impl Strategy<Value = Option<TextQuery>> {
    let text = "((tea|teas|te|talk|cafe|the|wal) ?){1,2}|\"(the|tea) (tea|talk)\"";
    prop::option::weighted(0.3, text).prop_map(|text| text.and_then(|text| TextQuery::parse(&text)))
}

fn some_ask() -> impl Strategy<Value = Option<AskedPhrase>> {
    let phrase = "((tea|talkin|walsk|cafe and tea|no one to talk to|teawalks|out of tea) ?){1,3}";
    let parsed = phrase.prop_map(|phrase| AskedPhrase::parse(&phrase, &AskLexicon::built_in()));
    prop::option::weighted(0.3, parsed).prop_map(Option::flatten)
}

fn some_condition() -> impl Strategy<Value = ServiceFilter> {
    let names = TERMS.map(|(name, _)| name).to_vec();
    let references = prop::collection::vec((any::<bool>(), select(names)), 0..2);
    let references = references.prop_map(|names| {
        let reference = |(by_name, code): (bool, &str)| match by_name {
            true => TaxonomyTermRef::Group(group(code)),
            false => TaxonomyTermRef::Code { taxonomy: None, code: code.to_owned() },
        };
        names.into_iter().map(reference).collect()
    });
    let terms = (references.clone(), references.clone(), references, any::<bool>()).prop_map(
        |(any_of, all_of, none_of, include_descendants): (Vec<_>, _, _, _)| TaxonomyTermsFilter {
            any_of,
            all_of,
            none_of,
            include_descendants,
        },
    );
    let near =
        (50.0..53.0f64, select(vec![500.0, 20_000.0, 150_000.0])).prop_map(|(latitude, within_metres)| {
            NearPoint { centre: Coordinates::new(latitude, -2.4).unwrap(), within_metres }
        });
    // Some have their edge on the meridian on which all places are.
    let bounds = (50.0..53.0f64, select(vec![0.01, 0.5, 3.0]), select(vec![-2.5, -2.6, -2.49]))
        .prop_map(|(south, height, west)| GeoBox::new(south, west, south + height, west + height).unwrap());
    let time = |hour| NaiveTime::from_hms_opt(hour, 0, 0);
    let relation = select(vec![RangeMatch::Overlaps, RangeMatch::Covers, RangeMatch::Within]);
    let open = (
        any::<bool>(),
        select(vec![(None, None), (time(9), time(13)), (time(23), time(1))]),
        relation.clone(),
    );
    let open = open.prop_map(|(on_monday, (from, to), relation)| OpenFilter {
        days: on_monday.then(|| [DayOfWeek::Monday].into_iter().collect()),
        from,
        to,
        relation,
        ..OpenFilter::default()
    });
    let serves = select(vec![51.45, 55.0]).prop_map(|latitude| {
        AskedPlace::of_point(Coordinates::new(latitude, -2.5).unwrap(), &PostcodePlaces::default())
    });
    let age = (10.0..80.0f64, relation).prop_map(|(age, relation)| AgeRange {
        minimum: Some(age),
        maximum: Some(age + 10.0),
        relation,
    });
    let ids = |kind, names: [&'static str; 2]| select(names.to_vec()).prop_map(move |name| id(kind, name));
    let maybe = |chance| prop::bool::weighted(chance);
    (
        (
            (some_text(), some_ask()),
            prop::option::weighted(0.2, select(vec![ServiceStatus::Active, ServiceStatus::Unknown])),
            some_of_publishers(),
        ),
        (
            prop::option::weighted(0.2, age),
            prop::option::weighted(0.2, ids(RecordKind::Organization, ["o1", "o3"])),
        ),
        (
            prop::option::weighted(0.1, ids(RecordKind::Location, ["l0", "l9"])),
            prop::option::weighted(0.3, terms),
            prop::option::weighted(0.1, select(TERMS.map(|(name, _)| group(name)).to_vec())),
        ),
        (
            (prop::option::weighted(0.2, near), prop::option::weighted(0.2, bounds)),
            prop::option::weighted(0.2, open),
            prop::option::weighted(0.2, serves),
        ),
        (prop::option::weighted(0.2, 0..100i64), maybe(0.1), maybe(0.1), maybe(0.1)),
        prop::option::weighted(0.3, any::<bool>()),
    )
        .prop_map(
            |(first, second, third, fourth, (since, free, speaks, wheelchair), include_unknown)| {
                ServiceFilter {
                    text: first.0.0,
                    ask: first.0.1,
                    capacity: (first.2).0,
                    has_issue: (first.2).1,
                    missing: (first.2).2,
                    status: first.1.map(|status| vec![status]),
                    ages: second.0.into_iter().collect(),
                    organization: second.1,
                    location: third.0,
                    taxonomy_terms: third.1,
                    same_term: third.2.into_iter().collect(),
                    near: fourth.0.0,
                    within_box: fourth.0.1,
                    open: fourth.1,
                    serves: fourth.2,
                    modified_since: since.map(|days| at(days * 86_400)),
                    cost: free.then_some(CostFilter { free: Some(true), maximum_amount: None }),
                    languages: speaks.then(|| vec![LanguageCode::read("ur").unwrap()]),
                    accessibility: wheelchair
                        .then(|| AccessFilter { wheelchair: Some(true), ..AccessFilter::default() }),
                    include_unknown,
                    ..ServiceFilter::default()
                }
            },
        )
}

fn some_filter() -> impl Strategy<Value = ServiceFilter> {
    some_condition().prop_recursive(3, 8, 2, |inner| {
        let several = || prop::collection::vec(inner.clone(), 0..2);
        (some_condition(), several(), several(), prop::option::weighted(0.3, inner.clone()))
            .prop_map(|(own, and, or, not)| ServiceFilter { and, or, not: not.map(Box::new), ..own })
    })
}

/// Finds services without the index. Returns ids and scores, in the order of ids.
fn by_force(services: &[Arc<Service>], filter: &ServiceFilter, known: &TermVocabulary) -> Vec<(String, f32)> {
    let mut counts = WordCounts::default();
    services.iter().for_each(|service| counts.add(service.ask_text()));
    let filter = &filter.counted(&counts);
    let asked = PreparedFilter::new(filter, known, today());
    let kept = services.iter().filter(|service| {
        // A service without a date of change was noticed when it was submitted.
        let noticed_at = service.provenance.last_modified.is_none().then(|| at(60));
        let facts = ServiceFacts { noticed_at, ..ServiceFacts::of(service, &PostcodePlaces::default()) };
        asked.decide(&facts, &***service).is_retained()
    });
    let score = |service: &Service| TextQuery::of_tenths(filter.tenths(service));
    sorted(kept.map(|service| (service.id.upstream().to_owned(), score(service))).collect())
}

fn by_index(catalogue: &StoredCatalogue, filter: &ServiceFilter) -> Vec<(String, f32)> {
    let snapshot = catalogue.snapshot();
    let filter = &snapshot.counted(filter, &[]).unwrap();
    let kept = snapshot.find(&PreparedFilter::new(filter, snapshot.vocabulary(), today()), &|| true).unwrap();
    let id = |ordinal| snapshot.facts().get(ordinal).unwrap().id.upstream().to_owned();
    sorted(kept.hits.iter().map(|hit| (id(hit.ordinal), hit.score)).collect())
}

fn sorted(mut found: Vec<(String, f32)>) -> Vec<(String, f32)> {
    found.sort_by(|(a, _), (b, _)| a.cmp(b));
    found
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 9, 7).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]
    #[test]
    fn the_index_finds_what_brute_force_finds(
        said in prop::collection::vec(some_service(), 1..30),
        filters in prop::collection::vec(some_filter(), 12),
    ) {
        let services: Vec<Arc<Service>> = said.into_iter().enumerate()
            .map(|(number, (name, said))| service(&format!("s{number}"), &name, at(0), said))
            .collect();
        let terms = terms();
        let mut known = TermVocabulary::default();
        terms.iter().for_each(|term| known.add(term));
        let records = services.iter().cloned().map(AnyRecord::from).chain(terms.into_iter().map(AnyRecord::from));
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let catalogue = StoredCatalogue::open(None, PostcodePlaces::default(), InstantClock::fixed(at(60))).await.unwrap();
            catalogue.submit(batch(1, records)).await.unwrap();
            for filter in &filters {
                let (found, expected) = (by_index(&catalogue, filter), by_force(&services, filter, &known));
                let ids = |found: &[(String, f32)]| found.iter().map(|(id, _)| id.clone()).collect::<Vec<_>>();
                prop_assert_eq!(ids(&found), ids(&expected), "{:?}", filter);
                for ((id, score), (_, by_rule)) in found.iter().zip(&expected) {
                    prop_assert!((score - by_rule).abs() < 1e-3, "{} scores {} and {}: {:?}", id, score, by_rule, filter);
                }
            }
            catalogue.close().await;
            Ok(())
        })?;
    }
}
