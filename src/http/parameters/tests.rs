//! Tests of what parameters mean, and of what is refused.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use poem::http::StatusCode;

use super::tables::{AGE_MATCH, DAY, MODIFIED_AFTER};
use super::*;
use crate::federation::{Federation, UnknownTerm};
use crate::model::{
    DayOfWeek, InstantClock, RangeMatch, RecordId, RecordKind, ServiceFilter, SourceKey, TaxonomyTermRef,
};

fn every() -> Vec<&'static QueryParameter> {
    SERVICE_CONDITIONS.into_iter().chain(PAGING).collect()
}

fn read(query: &str) -> Result<GivenParameters, RequestFault> {
    GivenParameters::read(query, &every())
}

fn filter(query: &str) -> Result<ServiceFilter, RequestFault> {
    let federation = Federation::new(Vec::new(), InstantClock::fixed(DateTime::<Utc>::UNIX_EPOCH));
    service_filter(&read(query)?, &federation)
}

fn refusal(query: &str) -> String {
    let fault = filter(query).expect_err(query);
    assert_eq!(fault.status, StatusCode::BAD_REQUEST, "{query}");
    let told = fault.told();
    let error = &told["errors"][0];
    let argument = error["extensions"]["argument"].as_str().unwrap();
    let message = error["message"].as_str().unwrap();
    assert!(message.starts_with(&format!("`{argument}` ")), "{query}: {message}");
    message.to_owned()
}

#[test]
fn each_parameter_is_declared_once_and_accepts_its_own_example() {
    let names: BTreeSet<&str> = every().iter().map(|parameter| parameter.name).collect();
    assert_eq!(names.len(), every().len());
    for parameter in every() {
        assert!(parameter.form.read(parameter.example).is_ok(), "{}", parameter.name);
    }
}

#[test]
fn parameters_become_a_filter() {
    let asked = filter(
        "search=lunch+club&postcode=bs1+4dj&proximity=1500&taxonomy_term_id=298,http%3A%2F%2Fid.elm.example%2F1\
         &minimum_age=18&maximum_age=30&day=MO,sunday&start_time=09:30&end_time=17:00&modified_after=2026-07-01",
    )
    .unwrap();
    assert!(asked.text.is_some() && asked.serves.is_some());
    assert!((asked.near.unwrap().within_metres - 1500.0).abs() < f64::EPSILON);
    let terms = asked.taxonomy_terms.unwrap();
    assert!(terms.include_descendants);
    assert!(matches!(&terms.any_of[..], [TaxonomyTermRef::Code { .. }, TaxonomyTermRef::Uri(_)]));
    assert_eq!((asked.ages[0].minimum, asked.ages[0].maximum), (Some(18.0), Some(30.0)));
    assert_eq!(asked.ages[0].relation, RangeMatch::Overlaps);
    let open = asked.open.unwrap();
    assert!(
        open.days.unwrap().contains(DayOfWeek::Sunday) && !open.days.unwrap().contains(DayOfWeek::Tuesday)
    );
    assert_eq!(open.relation, RangeMatch::Within);
    assert_eq!(asked.modified_since.unwrap().to_rfc3339(), "2026-06-30T23:00:00+00:00", "midnight in London");
}

#[test]
fn nothing_given_asks_nothing_and_an_empty_value_is_left_out() {
    assert_eq!(filter("").unwrap(), ServiceFilter::default());
    assert_eq!(filter("search=&postcode=+&day=&minimum_age=").unwrap(), ServiceFilter::default());
    let given = read("").unwrap();
    assert_eq!((given.whole(&PAGE), given.whole(&PER_PAGE)), (Some(1), Some(50)));
    assert_eq!(read("page=7&per_page=100").unwrap().whole(&PAGE), Some(7));
}

#[test]
fn ids_of_the_graph_name_terms_and_organisations() {
    let source = SourceKey::parse("elm").unwrap();
    let id = |kind| RecordId::new(kind, &source, "17").as_str().to_owned();
    let (term, organization) = (id(RecordKind::TaxonomyTerm), id(RecordKind::Organization));
    let asked = filter(&format!("taxonomy_term_id={term}&organization_id={organization}")).unwrap();
    assert!(matches!(&asked.taxonomy_terms.unwrap().any_of[..], [TaxonomyTermRef::Id(_)]));
    assert_eq!(asked.organization.unwrap().as_str(), organization);
    assert!(
        refusal(&format!("organization_id={term}")).contains("of type `TaxonomyTerm`, not `Organization`")
    );
    assert!(refusal("organization_id=17").contains("unchanged"));
}

#[test]
fn instants_are_read_in_every_usual_form() {
    for (text, expected) in [
        ("2026-01-05T10:00:00Z", "2026-01-05T10:00:00+00:00"),
        ("2026-07-05T10:00:00+01:00", "2026-07-05T09:00:00+00:00"),
        ("2026-07-05T10:00:00%2B01:00", "2026-07-05T09:00:00+00:00"),
        ("2026-07-05T10:00", "2026-07-05T09:00:00+00:00"),
        ("2026-03-29T01:30:00", "2026-03-29T01:30:00+00:00"),
        ("2026-10-25T01:30:00", "2026-10-25T00:30:00+00:00"),
    ] {
        let given = read(&format!("modified_after={text}")).unwrap();
        let Some(ParameterValue::Instant(at)) = given.value(&MODIFIED_AFTER) else { panic!("{text}") };
        assert_eq!(at.to_rfc3339(), expected, "{text}");
    }
}

#[test]
fn what_is_refused_is_named_with_what_would_be_right() {
    for (query, words) in [
        ("serch=club", "did you mean `search`?"),
        ("colour=red", "it takes `search`, `postcode`, "),
        ("page=1&page=2", "more than once"),
        ("page=0", "is `0`; it must be a whole number from 1 to 1000000, such as `2`"),
        ("page=-1", "is `-1`"),
        ("page=1.5", "is `1.5`"),
        ("per_page=101", "1 to 100"),
        ("minimum_age=abc", "is `abc`; it must be a number from 0 to 150, such as `18`"),
        ("maximum_age=NaN", "is `NaN`"),
        (
            "minimum_age=30&maximum_age=18",
            "is `30`; it must not be greater than `maximum_age`, which is `18`",
        ),
        ("age_match=covers", "needs `minimum_age` or `maximum_age`"),
        ("minimum_age=1&age_match=near", "one of `overlaps`, `covers`, `within`"),
        ("day=MO,Someday", "MO, TU, WE, TH, FR, SA or SU"),
        ("start_time=9am", "from 00:00 to 23:59"),
        ("end_time=24:00", "from 00:00 to 23:59"),
        ("start_time=09:00&end_time=09:00", "must not be equal to `start_time`"),
        ("time_match=covers&day=MO", "needs `start_time` or `end_time`"),
        ("proximity=500", "needs `postcode`"),
        ("postcode=BS1&proximity=5km", "from 1 to 500000"),
        ("postcode=nowhere", "is not a UK postcode"),
        ("modified_after=yesterday", "RFC 3339"),
        ("taxonomy_term_id=,", "1 to 100 values"),
        ("search=%FF", "is not percent-encoded UTF-8"),
        ("search=(%22", "has no word to search for"),
    ] {
        let message = refusal(query);
        assert!(message.contains(words), "{query}: {message}");
    }
    assert!(refusal(&format!("search={}", "a".repeat(501))).contains("at most 500 characters"));
    assert!(refusal(&format!("page={}", "9".repeat(500))).chars().count() < 200);
}

#[test]
fn an_error_does_not_repeat_where_somebody_is_or_what_they_look_for() {
    assert!(!refusal("postcode=nowhere+17").contains("17"));
    assert!(!refusal(&format!("search={}", "debt".repeat(200))).contains("debt"));
    assert!(!refusal("postcode=ZZ1+1AA").contains("ZZ1"));
}

#[test]
fn a_term_that_no_source_has_is_refused_with_near_ones() {
    let argument = "taxonomyTerms.anyOf[0].code.code".to_owned();
    let unknown = UnknownTerm { argument, is_vocabulary: false, near: vec!["299".to_owned()] };
    assert!(refuse_unknown_terms(&[]).is_ok());
    let told = refuse_unknown_terms(&[unknown]).unwrap_err().told();
    assert!(told.to_string().contains("did you mean `299`?"), "{told}");
    assert_eq!(told["errors"][0]["extensions"]["argument"], "taxonomy_term_id");
}

#[test]
fn schemas_say_what_reading_accepts() {
    assert_eq!(PER_PAGE.form.schema()["maximum"], 100);
    assert_eq!(AGE_MATCH.form.schema()["default"], "overlaps");
    assert!(DAY.form.is_list() && !PAGE.form.is_list());
}
