//! Groups of invented services.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::federation::KnownTerms;
use crate::federation::rows::MatchedRows;
use crate::model::{
    AgeRanges, AreaCode, FacetViewpoint, GroupOrder, OrderKey, RecordId, RecordKind, ServiceFacts,
    ServiceStatus, SortDirection, SortKey, SourceKey, TermVocabulary,
};

fn everything(examples: usize) -> DetailsWanted {
    DetailsWanted { organizations: true, locations: true, assured_age: true, examples }
}

fn source(key: &str) -> SourceKey {
    SourceKey::parse(key).unwrap()
}

fn id(kind: RecordKind, upstream: &str) -> RecordId {
    RecordId::new(kind, &source("elm"), upstream)
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn today() -> NaiveDate {
    date("2026-06-30")
}

/// A service that states nothing.
pub(in crate::federation) fn silent(number: usize) -> ServiceFacts {
    ServiceFacts {
        id: id(RecordKind::Service, &number.to_string()),
        order_key: OrderKey::of("a"),
        shallow: false,
        status: ServiceStatus::Unknown,
        status_is_missing: true,
        organization: None,
        identifiers: crate::model::IdentifierFacts::default(),
        ages: AgeRanges::of(std::iter::empty()),
        terms: Box::default(),
        locations: Box::default(),
        points: crate::model::DeliveryPoints::default(),
        coverage: crate::model::ServiceCoverage::default(),
        hours: crate::model::OpeningHours::default(),
        prices: crate::model::PriceFacts::default(),
        free_places: crate::model::FreePlaces::default(),
        languages: crate::model::SpokenLanguages::default(),
        access: crate::model::AccessFacts::default(),
        attending_types: crate::model::AttendingTypes::default(),
        postcode_areas: Box::default(),
        local_authorities: Box::default(),
        last_modified: None,
        noticed_at: None,
        assured_date: None,
        issues: crate::model::NotedIssues::default(),
        stated: crate::model::EssentialDetails::default(),
    }
}

fn terms(names: &[&str]) -> Box<[RecordId]> {
    names.iter().map(|name| id(RecordKind::TaxonomyTerm, name)).collect()
}

/// Sort keys in which the name of a record is its id.
fn by_id(said: &FacetKey) -> SortKey {
    let name = said.record().map(|id| id.upstream().to_owned()).or_else(|| said.text());
    SortKey::by_rank(said).unwrap_or_else(|| SortKey::by_name(name.as_deref()))
}

fn largest(first: usize) -> GroupsWanted {
    GroupsWanted::most_frequent(first)
}

fn listed<'f>(facts: Vec<&'f ServiceFacts>, terms: &'f KnownTerms) -> MatchedRows<'f> {
    let mut found = MatchedRows::none(today(), terms);
    found.add_listed(facts.into_iter());
    found
}

/// Returns rows as `first/second: services organizations locations median`. Ids are shortened to their upstream part;
/// `-` stands for no value.
fn rows(facts: &[ServiceFacts], by: &[FacetDimension], first: usize) -> (Vec<String>, bool) {
    let facts: Vec<&ServiceFacts> = facts.iter().collect();
    let terms = KnownTerms::default();
    let found = listed(facts, &terms);
    let asking = QueryContext::begin();
    let asked = asking.still_asked();
    let groups = ServiceGroups::of(&found, &GroupDimensions::new(by.to_vec()).unwrap(), &asked);
    let page = groups.page(&largest(first), by_id);
    let details = groups.detailed(&page.groups, everything(1));
    let shown = page.groups.iter().zip(details).map(|(group, row)| {
        let value = |value: &FacetKey| match value.record() {
            Some(id) => id.upstream().to_owned(),
            None => value.text().unwrap_or("-".to_owned()),
        };
        let keys: Vec<String> = group.position.values.iter().map(value).collect();
        let median = row.median_assured_age_days.map_or("-".to_owned(), |days| days.to_string());
        format!(
            "{}: {} {} {} {median}",
            keys.join("/"),
            group.position.services,
            row.organizations,
            row.locations
        )
    });
    (shown.collect(), page.has_next)
}

/// Three services: two of one organisation at one place, and one that states nothing.
fn three() -> Vec<ServiceFacts> {
    let at_hall = || Box::from([Some(id(RecordKind::Location, "hall")), None]);
    let organization = Some(id(RecordKind::Organization, "guild"));
    let first = ServiceFacts {
        status: ServiceStatus::Active,
        organization: organization.clone(),
        terms: terms(&["tea", "talk"]),
        locations: at_hall(),
        assured_date: Some(date("2026-06-20")),
        last_modified: "2026-04-30T23:30:00Z".parse().ok(),
        ..silent(1)
    };
    let second = ServiceFacts {
        status: ServiceStatus::Active,
        organization,
        terms: terms(&["tea"]),
        locations: at_hall(),
        assured_date: Some(date("2025-06-29")),
        ..silent(2)
    };
    vec![first, second, silent(3)]
}

#[test]
fn a_service_counts_in_each_of_its_groups_and_one_that_says_nothing_among_its_like() {
    let (rows, truncated) = rows(&three(), &[FacetDimension::TaxonomyTerm], 10);
    // The median of 10 and 366 days is 188.
    assert_eq!(rows, ["tea: 2 1 1 188", "talk: 1 1 1 10", "-: 1 0 0 -"]);
    assert!(!truncated);
}

#[test]
fn two_dimensions_make_a_group_of_each_pair() {
    let all = three();
    let (by_both, _) = rows(&all, &[FacetDimension::TaxonomyTerm, FacetDimension::Freshness], 10);
    assert_eq!(by_both, ["talk/0-30: 1 1 1 10", "tea/0-30: 1 1 1 10", "tea/366-: 1 1 1 366", "-/-: 1 0 0 -"]);
    let (turned, _) =
        rows(&all, &[FacetDimension::Status, FacetDimension::TaxonomyTerm, FacetDimension::Cost], 10);
    assert_eq!(
        turned,
        ["ACTIVE/tea/UNKNOWN: 2 1 1 188", "ACTIVE/talk/UNKNOWN: 1 1 1 10", "UNKNOWN/-/UNKNOWN: 1 0 0 -"]
    );
}

#[test]
fn only_the_largest_groups_are_shown_and_said_so() {
    let all = three();
    let (two, truncated) = rows(&all, &[FacetDimension::TaxonomyTerm], 2);
    assert_eq!((two.len(), two[0].as_str(), truncated), (2, "tea: 2 1 1 188", true));
    let (three, truncated) = rows(&all, &[FacetDimension::TaxonomyTerm], 3);
    assert_eq!((three.len(), truncated), (3, false));
    assert_eq!(rows(&[], &[FacetDimension::Source], 1), (Vec::new(), false));
}

#[test]
fn months_begin_when_they_do_in_london() {
    let (rows, _) = rows(&three(), &[FacetDimension::ModifiedMonth], 10);
    assert_eq!(rows, ["-: 2 1 1 366", "2026-05: 1 1 1 10"]);
}

#[test]
fn one_to_three_dimensions_each_once() {
    use FacetDimension::{Cost, Day, Source, Status};
    assert_eq!(GroupDimensions::new(vec![]), Err(DimensionsError::Number));
    assert_eq!(GroupDimensions::new(vec![Cost, Day, Source, Status]), Err(DimensionsError::Number));
    assert_eq!(GroupDimensions::new(vec![Cost, Day, Cost]), Err(DimensionsError::Repeated));
    assert!(GroupDimensions::new(vec![Cost, Day, Source]).is_ok());
}

const BY: [FacetDimension; 7] = [
    FacetDimension::Status,
    FacetDimension::Organization,
    FacetDimension::Freshness,
    FacetDimension::ModifiedMonth,
    FacetDimension::TaxonomyTerm,
    FacetDimension::PostcodeArea,
    FacetDimension::LocalAuthority,
];

/// How many of these dimensions, from the start, allow a service only one value.
const SINGLE: usize = 4;

fn any_services() -> impl Strategy<Value = Vec<ServiceFacts>> {
    let some = |of: usize| prop::collection::btree_set(0..of, 0..4);
    let one =
        (0..3usize, prop::option::of(0..4usize), some(5), some(4), some(3), prop::option::of(0..500i64));
    let one = one.prop_map(|(status, organization, terms, postcodes, councils, age)| {
        let ago = |days| chrono::TimeDelta::days(days);
        ServiceFacts {
            status: [ServiceStatus::Active, ServiceStatus::Defunct, ServiceStatus::Unknown][status],
            organization: organization.map(|number| id(RecordKind::Organization, &number.to_string())),
            locations: terms.iter().map(|n| Some(id(RecordKind::Location, &n.to_string()))).collect(),
            terms: terms.iter().map(|n| id(RecordKind::TaxonomyTerm, &n.to_string())).collect(),
            postcode_areas: postcodes.iter().map(|n| Box::from(["BS", "CF", "EH", "BT"][*n])).collect(),
            local_authorities: councils
                .iter()
                .map(|n| AreaCode::parse(&format!("E0600000{n}")).unwrap())
                .collect(),
            assured_date: age.map(|days| today() - ago(days)),
            last_modified: age
                .filter(|days| days % 3 > 0)
                .map(|days| (today() - ago(days)).and_hms_opt(12, 0, 0).unwrap().and_utc()),
            ..silent(0)
        }
    });
    let numbered = |services: Vec<ServiceFacts>| {
        let each = services.into_iter().enumerate();
        each.map(|(number, facts)| ServiceFacts { id: silent(number).id, ..facts }).collect()
    };
    prop::collection::vec(one, 0..40).prop_map(numbered)
}

fn said(facts: &ServiceFacts, dimension: FacetDimension) -> Vec<Option<String>> {
    let mut said = Vec::new();
    let from = FacetViewpoint { today: today(), terms: &TermVocabulary::default() };
    facts.each_said(dimension.into(), from, |value| said.push(value.text()));
    said
}

proptest! {
    #[test]
    fn groups_are_what_counting_each_by_itself_comes_to(
        services in any_services(),
        by in prop::sample::subsequence(BY.to_vec(), 1..=3).prop_shuffle(),
    ) {
        let facts: Vec<&ServiceFacts> = services.iter().collect();
        let dimensions = GroupDimensions::new(by.clone()).unwrap();
        let terms = KnownTerms::default();
        let found = listed(facts.clone(), &terms);
        let asking = QueryContext::begin();
        let asked = asking.still_asked();
        let groups = ServiceGroups::of(&found, &dimensions, &asked);
        let page = groups.page(&largest(10_000), by_id);
        prop_assert!(!page.has_next && page.total == page.groups.len());
        let details = groups.detailed(&page.groups, everything(2));
        let rows: Vec<_> = page.groups.iter().map(|group| &group.position).collect();
        let mut seen = BTreeMap::new();
        for (place, row) in rows.iter().zip(&details) {
            let keys: Vec<Option<String>> = place.values.iter().map(|value| value.text()).collect();
            let is_within = |one: &&&ServiceFacts| by.iter().zip(&keys).all(|(by, key)| said(one, *by).contains(key));
            let within: Vec<_> = facts.iter().filter(is_within).collect();
            let organizations = within.iter().filter_map(|one| one.organization.as_ref());
            let locations = within.iter().flat_map(|one| one.locations.iter().flatten());
            let count = |ids: Vec<&RecordId>| ids.into_iter().collect::<std::collections::HashSet<_>>().len();
            prop_assert_eq!(place.services, within.len());
            let firsts: Vec<&RecordId> = within.iter().take(2).map(|one| &one.id).collect();
            prop_assert_eq!(row.examples.iter().collect::<Vec<_>>(), firsts);
            prop_assert_eq!(row.organizations, count(organizations.collect()));
            prop_assert_eq!(row.locations, count(locations.collect()));
            prop_assert!(place.services <= services.len() && place.services > 0);
            prop_assert!(seen.insert(keys, ()).is_none(), "each group once");
        }
        prop_assert!(rows.is_sorted_by(|a, b| (b.services, &a.values) <= (a.services, &b.values)));
        if by.iter().all(|one| BY[..SINGLE].contains(one)) {
            let sum: usize = rows.iter().map(|row| row.services).sum();
            prop_assert_eq!(sum, services.len());
        }
    }

    #[test]
    fn the_first_rows_are_the_same_however_many_are_asked_for(services in any_services(), first in 1..20usize) {
        let by = [FacetDimension::TaxonomyTerm, FacetDimension::PostcodeArea];
        let (all, _) = rows(&services, &by, 10_000);
        let (some, truncated) = rows(&services, &by, first);
        prop_assert_eq!(truncated, all.len() > first);
        prop_assert_eq!(&some[..], &all[..some.len()]);
        prop_assert_eq!(some.len(), all.len().min(first));
    }

    #[test]
    fn pages_of_groups_walked_to_the_end_are_the_whole_in_any_order(
        services in any_services(),
        by in prop::sample::subsequence(BY.to_vec(), 1..=3).prop_shuffle(),
        order in (any::<bool>(), any::<bool>()),
        size in 1..9usize,
    ) {
        let order = GroupOrder {
            by: if order.0 { GroupOrderBy::Key } else { GroupOrderBy::Count },
            direction: if order.1 { SortDirection::Ascending } else { SortDirection::Descending },
        };
        let (facts, terms): (Vec<&ServiceFacts>, _) = (services.iter().collect(), KnownTerms::default());
        let found = listed(facts, &terms);
        let asking = QueryContext::begin();
        let asked = asking.still_asked();
        let groups = ServiceGroups::of(&found, &GroupDimensions::new(by.clone()).unwrap(), &asked);
        let whole = groups.page(&GroupsWanted { order, after: None, first: 10_000 }, by_id);
        let whole: Vec<GroupPosition> = whole.groups.into_iter().map(|group| group.position).collect();
        prop_assert!(whole.is_sorted_by(|a, b| order.compare(a.rank(), b.rank()).is_lt()));
        let (mut walked, mut after) = (Vec::new(), None);
        loop {
            let page = groups.page(&GroupsWanted { order, after, first: size }, by_id);
            prop_assert_eq!(page.total, whole.len());
            prop_assert_eq!(page.has_previous, !walked.is_empty());
            walked.extend(page.groups.into_iter().map(|group| group.position));
            if !page.has_next {
                break;
            }
            // Encoded and decoded, as for a client.
            let text = walked.last().unwrap().encode(&by, order);
            after = Some(GroupPosition::decode(&by, order, &text).unwrap());
        }
        prop_assert_eq!(walked, whole);
    }
}
