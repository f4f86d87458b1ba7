//! Tests of filters against services: what is decided, what a list row can decide, and why.

mod laws;

use serde_json::{Value, json};

use super::*;
use crate::model::{PostcodePlaces, Service, ServiceFacts, TermVocabulary, sample};

/// Returns a service with these members and no others.
fn service(shallow: bool, said: &Value) -> Service {
    let mut service = sample::service(said);
    service.provenance.shallow = shallow;
    service
}

fn part(kind: &str) -> Value {
    json!({ "id": format!("{kind}:elmshire:1") })
}

fn price(amount: f64) -> Value {
    json!({ "part": part("CostOption"), "amount": amount })
}

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 9, 7).unwrap()
}

/// The results of a filter for a service.
struct Held {
    verdict: FilterVerdict,
    decision: FilterMatch,
    unknown: Vec<&'static str>,
}

fn hold(filter: &ServiceFilter, service: &Service) -> Held {
    let known = TermVocabulary::default();
    let asked = PreparedFilter::new(filter, &known, today());
    let facts = ServiceFacts::of(service, &PostcodePlaces::default());
    Held {
        verdict: asked.verdict(&facts, service, true),
        decision: asked.decide(&facts, service),
        unknown: asked.unknown(&facts, service),
    }
}

fn text(words: &str) -> ServiceFilter {
    ServiceFilter { text: TextQuery::parse(words), ..ServiceFilter::default() }
}

fn at_most(amount: f64) -> ServiceFilter {
    let cost = CostFilter { free: None, maximum_amount: Some(amount) };
    ServiceFilter { cost: Some(cost), ..ServiceFilter::default() }
}

fn free() -> ServiceFilter {
    let cost = CostFilter { free: Some(true), maximum_amount: None };
    ServiceFilter { cost: Some(cost), ..ServiceFilter::default() }
}

fn speaks(code: &str) -> ServiceFilter {
    let codes = vec![LanguageCode::read(code).unwrap()];
    ServiceFilter { languages: Some(codes), ..ServiceFilter::default() }
}

fn not(filter: ServiceFilter) -> ServiceFilter {
    ServiceFilter { not: Some(Box::new(filter)), ..ServiceFilter::default() }
}

fn one_of(or: Vec<ServiceFilter>) -> ServiceFilter {
    ServiceFilter { or, ..ServiceFilter::default() }
}

#[test]
fn what_only_the_own_page_tells_is_read_there_also_beside_a_denial() {
    let row = service(true, &json!({}));
    let urdu = || speaks("ur");
    for filter in [
        ServiceFilter { not: Some(Box::new(urdu())), ..at_most(8.0) },
        ServiceFilter { and: vec![at_most(8.0), not(urdu())], ..ServiceFilter::default() },
        one_of(vec![not(urdu()), at_most(8.0)]),
        not(ServiceFilter { not: Some(Box::new(at_most(8.0))), ..urdu() }),
        ServiceFilter { not: Some(Box::new(text("nomatch"))), ..urdu() },
        ServiceFilter { include_unknown: Some(true), not: Some(Box::new(urdu())), ..at_most(8.0) },
    ] {
        assert_eq!(hold(&filter, &row).verdict, FilterVerdict::NeedsDetail, "{filter:?}");
    }
}

#[test]
fn what_lists_carry_decides_whatever_the_own_page_says() {
    let row = service(true, &json!({ "name": "Lunch club" }));
    let defunct = ServiceFilter { status: Some(vec![ServiceStatus::Defunct]), ..at_most(8.0) };
    assert_eq!(hold(&defunct, &row).verdict, FilterVerdict::Decided(FilterMatch::No));
    assert_eq!(hold(&text("lunch"), &row).verdict, FilterVerdict::Decided(FilterMatch::Yes));
    assert_eq!(
        hold(&one_of(vec![at_most(8.0), text("lunch")]), &row).verdict,
        FilterVerdict::Decided(FilterMatch::Yes)
    );
    let whole = service(false, &json!({}));
    assert_eq!(hold(&at_most(8.0), &whole).verdict, FilterVerdict::Decided(FilterMatch::No));
}

#[test]
fn only_what_makes_it_unknown_is_named() {
    let zebra = service(false, &json!({ "name": "Zebra" }));
    assert_eq!(hold(&one_of(vec![text("zebra"), free()]), &zebra).unknown, [""; 0]);
    let denied = not(ServiceFilter { cost: free().cost, ..text("nomatch") });
    let held = hold(&denied, &zebra);
    assert_eq!((held.decision, held.unknown), (FilterMatch::Yes, vec![]));
    let keeps = |filter| ServiceFilter { include_unknown: Some(true), ..filter };
    let unsure = keeps(ServiceFilter { cost: free().cost, ..speaks("ur") });
    assert_eq!(hold(&unsure, &zebra).unknown, ["languages", "cost"]);
    // An unknown result of the first would drop the service, so it is kept because of the second.
    assert_eq!(hold(&one_of(vec![speaks("ur"), keeps(free())]), &zebra).unknown, ["cost"]);
    assert_eq!(hold(&keeps(not(free())), &zebra).unknown, ["cost"]);
}

#[test]
fn a_condition_that_asks_nothing_is_none() {
    let bare = service(false, &json!({}));
    for filter in [
        ServiceFilter { accessibility: Some(AccessFilter::default()), ..ServiceFilter::default() },
        ServiceFilter { cost: Some(CostFilter::default()), ..ServiceFilter::default() },
        ServiceFilter { open: Some(OpenFilter::default()), ..ServiceFilter::default() },
        ServiceFilter { taxonomy_terms: Some(TaxonomyTermsFilter::default()), ..ServiceFilter::default() },
    ] {
        let held = hold(&ServiceFilter { include_unknown: Some(false), ..filter.clone() }, &bare);
        assert_eq!((held.decision, held.unknown), (FilterMatch::Yes, vec![]), "{filter:?}");
    }
}

#[test]
fn the_two_ways_to_ask_for_terms_have_names_of_their_own() {
    let bare = service(false, &json!({}));
    let tea = TermGroup::parse("name::tea").unwrap();
    let same = ServiceFilter { same_term: vec![tea.clone()], ..ServiceFilter::default() };
    let any_of = vec![TaxonomyTermRef::Group(tea)];
    let terms = TaxonomyTermsFilter { any_of, ..TaxonomyTermsFilter::default() };
    let terms = ServiceFilter { taxonomy_terms: Some(terms), ..ServiceFilter::default() };
    assert_eq!(hold(&same, &bare).unknown, ["sameTerm"]);
    assert_eq!(hold(&terms, &bare).unknown, ["taxonomyTerms"]);
    let tried: Vec<String> = same.less_each_condition().into_iter().map(|(name, _)| name).collect();
    assert_eq!(tried, ["sameTerm"]);
}

#[test]
fn the_two_ways_to_ask_for_checks_have_names_of_their_own() {
    let unchecked = service(false, &json!({}));
    let since = ServiceFilter { assured_since: Some(today()), ..ServiceFilter::default() };
    let within = ServiceFilter { assured_within: Some(today()), ..ServiceFilter::default() };
    assert_eq!(hold(&since, &unchecked).unknown, ["assuredSince"]);
    assert_eq!(hold(&within, &unchecked).unknown, ["assuredWithin"]);
    let checked = service(false, &json!({ "assured_date": "2026-09-06" }));
    assert_eq!(hold(&within, &checked).decision, FilterMatch::No);
}

#[test]
fn what_says_nothing_of_its_status_is_kept_with_the_active_ones() {
    let issue = json!({ "code": "OUTSIDE_CODELIST", "path": "status", "message": "odd", "original": "open" });
    let missing = service(false, &json!({ "status": "Unknown" }));
    let mut odd = service(false, &json!({ "status": "Unknown" }));
    odd.provenance.issues.push(serde_json::from_value(issue).unwrap());
    let asked = |status: ServiceStatus, include_unknown| ServiceFilter {
        status: Some(vec![status]),
        include_unknown,
        ..ServiceFilter::default()
    };
    let active = asked(ServiceStatus::Active, None);
    assert_eq!(hold(&active, &missing).decision, FilterMatch::Unknown { kept: true });
    assert_eq!(hold(&active, &missing).unknown, ["status"]);
    assert!(!hold(&active, &odd).decision.is_retained());
    assert!(!hold(&asked(ServiceStatus::Active, Some(false)), &missing).decision.is_retained());
    assert!(hold(&asked(ServiceStatus::Active, Some(true)), &odd).decision.is_retained());
    assert!(!hold(&asked(ServiceStatus::Defunct, None), &missing).decision.is_retained());
    // It is presumed active, so it does not match "not active", but does match "not defunct".
    assert!(!hold(&not(active), &missing).decision.is_retained());
    assert!(hold(&not(asked(ServiceStatus::Defunct, None)), &missing).decision.is_retained());
    assert!(!hold(&not(asked(ServiceStatus::Active, None)), &odd).decision.is_retained());
    assert_eq!(hold(&asked(ServiceStatus::Unknown, None), &odd).decision, FilterMatch::Yes);
}
