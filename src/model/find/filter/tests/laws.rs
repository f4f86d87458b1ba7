//! Property tests over all filters and services.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::model::{Coordinates, DayOfWeek, NearPoint, TaxonomyTermRef};

/// A row with shorter nested lists and fewer fields, and the full service.
fn pair() -> impl Strategy<Value = (Service, Service)> {
    let nested = (
        vec(select(vec![price(0.0), price(5.0), price(50.0)]), 0..3),
        vec(select(vec!["ur", "pl"]), 0..3),
        vec(place(), 0..3),
        vec(schedule(), 0..3),
        vec(select(vec!["t0", "t1"]), 0..3),
        vec(select(vec!["BS3", "England", "nobody knows"]), 0..2),
    );
    let own = (
        select(vec!["Active", "Defunct", "Unknown"]),
        select(vec![None, Some("2026-09-01T00:00:00Z")]),
        select(vec![None, Some("free"), Some("ask us")]),
        any::<[usize; 6]>(),
        any::<[bool; 2]>(),
    );
    (own, nested).prop_map(|((status, changed, fees, cuts, unsaid), nested)| {
        let said = |cuts: [usize; 6], [status_is_unsaid, change_is_unsaid]: [bool; 2]| {
            let [prices, languages, places, schedules, terms, areas] = cuts;
            json!({
                "status": if status_is_unsaid { "Unknown" } else { status },
                "last_modified": changed.filter(|_| !change_is_unsaid), "fees": fees,
                "cost_options": cut(&nested.0, prices),
                "languages": cut(&nested.1, languages)
                    .iter().map(|code| json!({"part": part("Language"), "code": code})).collect::<Vec<_>>(),
                "service_at_locations": cut(&nested.2, places),
                "schedules": cut(&nested.3, schedules),
                "attributes": cut(&nested.4, terms).iter().map(|term| attribute(term)).collect::<Vec<_>>(),
                "service_areas": cut(&nested.5, areas)
                    .iter().map(|area| json!({"part": part("ServiceArea"), "extent": area})).collect::<Vec<_>>(),
            })
        };
        let most = |cut: usize| cut % 4;
        (service(true, &said(cuts.map(most), unsaid)), service(false, &said([usize::MAX; 6], [false; 2])))
    })
}

fn cut<T>(list: &[T], most: usize) -> &[T] {
    &list[..list.len().min(most)]
}

fn attribute(term: &str) -> Value {
    let term_record = json!({
        "id": format!("TaxonomyTerm(elmshire/{term})"), "order_key": term, "carried": 0, "name": term, "code": term,
        "metadata": [], "extra": {}, "provenance": {
            "fetched_at": "2026-01-01T00:00:00Z", "fresh_until": "2026-01-01T00:00:00Z", "shallow": false,
            "content_hash": "00000000000000000000000000000000", "issues": [], "read_bytes": 1,
        },
    });
    json!({ "id": format!("Attribute:elmshire:{term}"), "taxonomy_term": term_record })
}

fn place() -> impl Strategy<Value = Value> {
    let access = select(vec!["Wheelchair access", "No wheelchair access", ""]);
    (50.0..53.0f64, access).prop_map(|(latitude, access)| {
        let provenance = &serde_json::to_value(&service(false, &json!({})).provenance).unwrap();
        let location = json!({
            "id": "Location(elmshire/l)", "provenance": provenance, "order_key": "l", "carried": 0,
            "location_type": "Physical", "coordinates": {"latitude": latitude, "longitude": -2.5},
            "addresses": [], "languages": [], "contacts": [], "phones": [], "schedules": [], "attributes": [],
            "accessibility": [{"part": part("Accessibility"), "description": access}], "metadata": [], "extra": {},
        });
        json!({
            "id": "ServiceAtLocation(elmshire/s)", "provenance": provenance, "order_key": "s", "carried": 0,
            "location_id": "Location(elmshire/l)", "location": location, "service_areas": [], "contacts": [],
            "phones": [], "schedules": [], "attributes": [], "metadata": [], "extra": {},
        })
    })
}

fn schedule() -> impl Strategy<Value = Value> {
    (select(vec!["MO", "TU"]), select(vec![None, Some("Closed")])).prop_map(|(day, exception)| {
        json!({
            "part": part("Schedule"), "freq": "Weekly", "byday": [day], "bymonthday": [], "byweekno": [],
            "byyearday": [], "opens_at": "09:00:00", "closes_at": "10:00:00", "exception": exception,
        })
    })
}

fn condition() -> impl Strategy<Value = ServiceFilter> {
    let none = ServiceFilter::default;
    let near = (50.0..53.0f64, select(vec![500.0, 150_000.0])).prop_map(move |(latitude, within_metres)| {
        let centre = Coordinates::new(latitude, -2.4).unwrap();
        ServiceFilter { near: Some(NearPoint { centre, within_metres }), ..none() }
    });
    let open = select(vec![DayOfWeek::Monday, DayOfWeek::Tuesday]).prop_map(move |day| {
        let days = Some(std::iter::once(day).collect());
        ServiceFilter { open: Some(OpenFilter { days, ..OpenFilter::default() }), ..none() }
    });
    let terms = (select(vec!["t0", "t1"]), any::<bool>()).prop_map(move |(code, is_wanted)| {
        let term = vec![TaxonomyTermRef::Name(code.to_owned())];
        let (any_of, none_of) = if is_wanted { (term, Vec::new()) } else { (Vec::new(), term) };
        let terms = TaxonomyTermsFilter { any_of, none_of, ..TaxonomyTermsFilter::default() };
        ServiceFilter { taxonomy_terms: Some(terms), ..none() }
    });
    let serves = Just(()).prop_map(move |()| {
        let place = Coordinates::new(51.45, -2.5).unwrap();
        ServiceFilter { serves: Some(AskedPlace::of_point(place, &PostcodePlaces::default())), ..none() }
    });
    let wheelchair = any::<bool>().prop_map(move |wanted| {
        let access = AccessFilter { wheelchair: Some(wanted), ..AccessFilter::default() };
        ServiceFilter { accessibility: Some(access), ..none() }
    });
    let said = prop_oneof![
        Just(at_most(8.0)),
        Just(free()),
        Just(speaks("ur")),
        Just(text("t1")),
        Just(text("nomatch")),
        Just(ServiceFilter { status: Some(vec![ServiceStatus::Active]), ..none() }),
        Just(ServiceFilter { modified_since: Some("2026-09-02T00:00:00Z".parse().unwrap()), ..none() }),
    ];
    prop_oneof![3 => said, 1 => near, 1 => open, 1 => terms, 1 => serves, 1 => wheelchair]
}

fn settled_condition() -> impl Strategy<Value = ServiceFilter> {
    (condition(), prop::option::weighted(0.3, any::<bool>()))
        .prop_map(|(condition, include_unknown)| ServiceFilter { include_unknown, ..condition })
}

fn filter() -> impl Strategy<Value = ServiceFilter> {
    settled_condition().prop_recursive(3, 10, 2, move |inner| {
        let several = || vec(inner.clone(), 0..3);
        (settled_condition(), several(), several(), prop::option::weighted(0.4, inner.clone()))
            .prop_map(|(own, and, or, not)| ServiceFilter { and, or, not: not.map(Box::new), ..own })
    })
}

/// The terms that the services have.
fn known() -> TermVocabulary {
    let mut known = TermVocabulary::default();
    known.add_service(&service(false, &json!({ "attributes": [attribute("t0"), attribute("t1")] })));
    known
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, ..ProptestConfig::default() })]

    #[test]
    fn what_is_decided_by_a_row_is_decided_alike_by_the_whole((row, whole) in pair(), filter in filter()) {
        let known = known();
        let asked = PreparedFilter::new(&filter, &known, today());
        let facts = |service: &Service| ServiceFacts::of(service, &PostcodePlaces::default());
        let decision = asked.decide(&facts(&whole), &whole).end();
        if let FilterVerdict::Decided(by_row) = asked.verdict(&facts(&row), &row, false) {
            prop_assert_eq!(by_row, decision, "{:?}", filter);
        }
        prop_assert_eq!(asked.verdict(&facts(&whole), &whole, false), FilterVerdict::Decided(decision));
    }

    #[test]
    fn reasons_are_named_where_it_is_unknown_and_only_there((_, whole) in pair(), filter in filter()) {
        let held = hold(&filter, &whole);
        let is_unknown = matches!(held.decision, FilterMatch::Unknown { .. });
        prop_assert_eq!(!held.unknown.is_empty(), is_unknown, "{:?}", filter);
    }
}
