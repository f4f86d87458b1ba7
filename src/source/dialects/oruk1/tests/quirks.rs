//! One irregularity at a time, by its number in `docs/quirks.md`.

use chrono::NaiveDate;
use serde_json::{Value, json};

use super::{DIALECT, READER, SAVED};
use crate::model::{
    AgeRange, AttendingType, AttendingTypes, Frequency, IssueCode, LocationType, PostcodePlaces,
    PreparedFilter, Record as _, RecordKind, ScheduleException, ServiceFacts, ServiceFilter, ServiceStatus,
    SpokenLanguages, TermVocabulary, TriState,
};
use crate::source::dialect::{AnswerDepth, DialectReader as _, NotAPage};
use crate::source::dialects::reader_laws::with_reading;
use crate::source::dialects::saved::{issues, terms};

#[test]
fn endpoints_are_those_of_1_0() {
    let lists = RecordKind::ALL.map(|kind| DIALECT.endpoints.list(kind));
    let names = ["services", "organizations", "locations"].map(Some);
    assert_eq!(lists, [names[0], names[1], names[2], None, Some("vocabularies"), Some("taxonomies")]);
    let records = RecordKind::ALL.into_iter().filter(|kind| DIALECT.endpoints.record(*kind).is_some());
    assert_eq!(records.collect::<Vec<_>>(), [RecordKind::Service]);
}

#[test]
fn quirk_14_page_numbers_from_0_are_only_a_claim() {
    let envelope = DIALECT.read_envelope(&SAVED.body("services-include")).unwrap();
    assert_eq!((envelope.page_number, envelope.total_items, envelope.rows.len()), (Some(0), Some(2), 1));
}

#[test]
fn quirk_21_a_demanded_parameter_is_an_error_message() {
    let body = br#"{"error":"Required parameter 'vocabulary' is missing.","code":1}"#;
    assert_eq!(DIALECT.read_envelope(body), Err(NotAPage::ErrorMessage));
}

#[test]
fn quirk_23_an_empty_answer_is_no_record() {
    assert_eq!(DIALECT.read_single(b""), Ok(None));
}

#[test]
fn quirk_36_a_singular_name_may_hold_a_list() {
    let place = json!({"id": "s", "location_id": "l", "regular_schedule": [{"id": "r", "freq": "WEEKLY", "byday": "MO"}]});
    let service = SAVED.service_with(json!({"service_at_locations": [place]}));
    let place = &service.service_at_locations[0];
    assert_eq!(place.schedules[0].byday, ["MO"]);
    assert!(place.provenance.issues.is_empty(), "{:?}", place.provenance.issues);
}

#[test]
fn quirk_37_plurals_of_both_kinds_are_read() {
    let term = json!([{"id": "t", "taxonomy": {"id": "a:1", "name": "Tea"}}]);
    for name in ["service_taxonomys", "service_taxonomies"] {
        assert_eq!(terms(&SAVED.service_with(json!({name: term}))), [("", "Tea")], "{name}");
    }
    for name in ["eligibilitys", "eligibilities"] {
        let service = SAVED.service_with(json!({name: [{"id": "e", "minimum_age": 18}]}));
        assert_eq!((service.minimum_age, issues(&service).len()), (Some(18.0), 0), "{name}");
    }
}

#[test]
fn quirk_45_and_46_broader_terms_are_flattened_to_a_depth() {
    let mut chain = json!({"id": "t:0", "name": "t", "vocabulary": "v"});
    for level in 1..60 {
        chain = json!({"id": format!("t:{level}"), "name": "t", "vocabulary": "v", "parent": chain});
    }
    let service = SAVED.service_with(json!({"service_taxonomys": [{"id": "a", "taxonomy": chain}]}));
    let term = service.attributes[0].taxonomy_term.as_ref().unwrap();
    assert_eq!(term.parent_id.as_ref().map(|id| id.upstream()), Some("t:58"));
    let broader = &term.taxonomy.as_ref().unwrap().terms;
    assert_eq!(
        (broader.len(), broader[0].id().upstream(), broader[31].id().upstream()),
        (32, "t:58", "t:27")
    );
    assert_eq!(broader[31].parent_id.as_ref().map(|id| id.upstream()), Some("t:26"));

    let own_parent = json!({"id": "t:1", "name": "t", "parent": {"id": "t:1", "name": "t"}});
    let read =
        with_reading(AnswerDepth::List, |reading| READER.read_taxonomy_term(own_parent, reading)).unwrap();
    assert!(read.parent_id.is_none() && read.taxonomy.unwrap().terms.is_empty());
    assert_eq!(read.provenance.issues.last().map(|issue| issue.code), Some(IssueCode::Conflict));

    let of = |id: &str, parent: Value| json!({"id": id, "name": id, "vocabulary": "v", "parent": parent});
    let circle = of("t:1", of("t:2", of("t:3", of("t:2", of("t:1", json!(null))))));
    let read = with_reading(AnswerDepth::List, |reading| READER.read_taxonomy_term(circle, reading)).unwrap();
    let broader = &read.taxonomy.as_ref().unwrap().terms;
    let parents =
        broader.iter().map(|term| term.parent_id.as_ref().map(|id| id.upstream())).collect::<Vec<_>>();
    assert_eq!((read.parent_id.unwrap().upstream(), parents), ("t:2", vec![Some("t:3"), None]));
}

#[test]
fn quirk_50_words_that_stand_for_none_are_none() {
    let address =
        json!({"id": "a", "address_1": "Elm Court\nPark Road", "state_province": "None", "country": "GB"});
    let location = json!({"id": "l", "name": "Elm Court", "physical_addresses": [address]});
    let service = SAVED.service_with(json!({"service_at_locations": [{"id": "s", "location": location}]}));
    let location = service.service_at_locations[0].location.as_ref().unwrap();
    assert_eq!(location.addresses[0].state_province, None);
    assert_eq!(location.addresses[0].address_1.as_deref(), Some("Elm Court, Park Road"));
}

#[test]
fn quirk_51_bands_of_ages_are_merged_and_kept() {
    let ages = |rows: Value| {
        let service = SAVED.service_with(json!({"eligibilitys": rows}));
        let for_30 = ServiceFilter { ages: vec![AgeRange::of_person(30.0)], ..ServiceFilter::default() };
        let asked = PreparedFilter::new(&for_30, &TermVocabulary::default(), NaiveDate::default());
        let facts = ServiceFacts::of(&service, &PostcodePlaces::default());
        let is_for_30 = asked.decide(&facts, &service).is_retained();
        ((service.minimum_age, service.maximum_age), is_for_30, service.extra.get("eligibilitys").cloned())
    };
    let band =
        |low: Value, high: Value| json!({"id": format!("{low}"), "minimum_age": low, "maximum_age": high});
    let two = json!([band(json!(0), json!(5)), band(json!(60), json!(99))]);
    let kept = json!([{"minimum_age": 0, "maximum_age": 5}, {"minimum_age": 60, "maximum_age": 99}]);
    assert_eq!(ages(two), ((Some(0.0), Some(99.0)), false, Some(kept)));
    assert_eq!(ages(json!([band(json!(0), json!(5)), band(json!(60), json!(-1))])).0, (Some(0.0), None));
    assert_eq!(ages(json!([band(json!(null), json!(5)), band(json!(60), json!(99))])).0, (None, Some(99.0)));
    assert_eq!(ages(json!([band(json!(0), json!(0))])), ((None, None), true, None));
    assert_eq!(ages(json!([band(json!(18), json!(999))])), ((Some(18.0), None), true, None));
}

#[test]
fn quirk_54_and_55_holidays_in_every_form() {
    let row = |closed: Value, start: Value| {
        let row = json!({"id": "h", "closed": closed, "start_date": start, "end_date": "2026-12-26T00:00:00.000+0000"});
        let service = SAVED.service_with(json!({"holiday_schedules": [row]}));
        let schedule = &service.schedules[0];
        let dates = [schedule.valid_from, schedule.valid_to].map(|date| date.unwrap().to_string());
        let is_closed = schedule.exception == Some(ScheduleException::Closed);
        assert_eq!(is_closed, schedule.notes.is_some());
        (schedule.notes.clone(), dates, schedule.freq)
    };
    let closed = (Some("Closed".to_owned()), ["2026-12-25".to_owned(), "2026-12-26".to_owned()], None);
    for start in [json!("2026-12-25"), json!("25/12/2026 00:00:00"), json!(1_798_156_800_000_i64)] {
        for word in [json!(true), json!("true"), json!(1), json!(null)] {
            assert_eq!(row(word.clone(), start.clone()), closed, "{word} {start}");
        }
    }
    let (notes, _, freq) = row(json!("false"), json!("2026-12-25"));
    assert_eq!((notes, freq), (None, Some(Frequency::Weekly)));
    // The closing date is before the opening date, so they are swapped.
    assert_eq!(row(json!(true), json!("2026-12-27")).1, ["2026-12-26", "2026-12-27"]);
}

#[test]
fn quirk_65_widgets_are_script_and_left_out() {
    let reviews = json!([{"id": "r", "score": "Good", "widget": "<script>evil()</script>"}, {"id": "s", "widget": null}]);
    let service = SAVED.service_with(json!({"reviews": reviews}));
    assert_eq!(issues(&service), [(IssueCode::UnsafeMarkup, "reviews")]);
    assert_eq!(service.extra["reviews"], json!([{"id": "r", "score": "Good"}, {"id": "s"}]));
}

#[test]
fn quirk_74_a_status_of_null_is_unknown() {
    let service = SAVED.service_with(json!({"status": null}));
    assert_eq!(service.status, ServiceStatus::Unknown);
    assert_eq!(issues(&service), [(IssueCode::MissingRequired, "status")]);
}

#[test]
fn quirk_75_words_outside_a_code_list_are_kept() {
    let service = SAVED.service_with(json!({"deliverable_type": "1 to 1 support, Social activity"}));
    let kind = "deliverable_type";
    assert_eq!(terms(&service), [(kind, "1 to 1 support"), (kind, "Social activity")]);
    assert!(issues(&service).is_empty());
}

#[test]
fn quirk_76_days_without_a_frequency_are_weekly() {
    for row in [json!({"id": "r", "byday": "TU", "freq": ""}), json!({"id": "r", "weekday": 2})] {
        let service = SAVED.service_with(json!({"regular_schedules": [row]}));
        assert_eq!(service.schedules[0].freq, Some(Frequency::Weekly), "{row}");
        assert_eq!(service.schedules[0].byday, ["TU"], "{row}");
    }
}

#[test]
fn an_interval_of_0_is_none_in_this_profile() {
    let row = json!({"id": "r", "freq": "WEEKLY", "byday": "MO", "interval": "0"});
    let service = SAVED.service_with(json!({"regular_schedules": [row]}));
    let schedule = &service.schedules[0];
    assert_eq!((schedule.interval, schedule.is_doubtful()), (None, false));
}

#[test]
fn how_people_attend_is_said_of_schedules_or_else_of_the_service() {
    let place = json!({"id": "s", "location": {"id": "l", "name": "Helpline"}});
    let service = SAVED.service_with(
        json!({"attending_type": "online", "attending_access": "drop-in", "service_at_locations": [place]}),
    );
    assert_eq!(terms(&service), [("attending_access", "drop-in"), ("attending_type", "online")]);
    assert_eq!(service.application_process.as_deref(), Some("drop-in"));
    let location = service.service_at_locations[0].location.as_ref().unwrap();
    assert_eq!(location.location_type, LocationType::Virtual);
    let asked = [AttendingType::read("Online").unwrap()];
    assert_eq!(AttendingTypes::of(&service).matches(&asked), TriState::Yes);

    let times = json!([{"id": "r", "freq": "WEEKLY", "byday": "MO"}]);
    let service = SAVED.service_with(json!({"attending_type": "venue", "regular_schedules": times}));
    assert_eq!(service.schedules[0].attending_type.as_deref(), Some("venue"));
    assert_eq!(AttendingTypes::of(&service).matches(&asked), TriState::No);
    assert!(terms(&service).is_empty());
}

#[test]
fn words_of_the_lists_are_the_same_in_any_case() {
    let times = json!([{"id": "r", "freq": "WEEKLY", "byday": "MO"}]);
    let sent = json!({"attending_type": "Venue", "attending_access": "Drop-in, Self referral", "regular_schedules": times});
    let service = SAVED.service_with(sent);
    assert_eq!(service.schedules[0].attending_type.as_deref(), Some("venue"));
    assert_eq!(terms(&service), [("attending_access", "drop-in"), ("attending_access", "Self referral")]);
    assert_eq!(issues(&service), [(IssueCode::NonStandardFormat, "attending_type")]);
}

#[test]
fn terms_of_two_vocabularies_that_share_an_id_are_two() {
    let of = |vocabulary: &str, name: &str| json!({"id": 22, "name": name, "vocabulary": vocabulary, "parent_id": 7});
    let broader = json!({"id": "22", "name": "Play", "vocabulary": "Themes",
        "parent": {"id": "7", "name": "Everything"}});
    let service = SAVED.service_with(json!({"service_taxonomys": [
        {"id": "a", "taxonomy_id": "22", "taxonomy": of("Family", "Holiday clubs")},
        {"id": "b", "taxonomy": of("Needs", "Hearing")},
        {"id": "c", "taxonomy": broader},
    ]}));
    let terms = service.attributes.iter().filter_map(|one| one.taxonomy_term.as_ref());
    let ids: Vec<_> = terms.clone().map(|term| (term.id.upstream(), term.code.as_deref().unwrap())).collect();
    assert_eq!(ids, [("family|22", "22"), ("needs|22", "22"), ("themes|22", "22")]);
    let parents: Vec<_> = terms.clone().map(|term| term.parent_id.as_ref().unwrap().upstream()).collect();
    assert_eq!(parents, ["family|7", "needs|7", "themes|7"]);
    let play = terms.clone().next_back().unwrap().taxonomy.as_ref().unwrap();
    assert_eq!(play.terms[0].id.upstream(), "themes|7", "what is nested is found by the same id");
    for attribute in &service.attributes {
        assert_eq!(
            attribute.taxonomy_term_id.as_ref(),
            attribute.taxonomy_term.as_ref().map(|term| term.id())
        );
    }
    assert_eq!(issues(&service), []);
    let row = of("family", "Holiday clubs");
    let listed = with_reading(AnswerDepth::List, |reading| READER.read_taxonomy_term(row, reading)).unwrap();
    assert_eq!(
        Some(&listed.id),
        service.attributes[0].taxonomy_term_id.as_ref(),
        "and so in the list of terms"
    );
}

#[test]
fn private_contacts_leave_no_trace() {
    let contact = json!({"id": "c", "name": "Sam Private", "sensitive_data": "true", "phones": [{"number": "01632 960001"}]});
    let service = SAVED.service_with(json!({"contacts": [contact]}));
    assert!(service.contacts.is_empty());
    assert!(!json!(service).to_string().contains("Private"));
}

#[test]
fn several_languages_in_one_text_are_several() {
    let service = SAVED.service_with(json!({"languages": [{"id": "l", "language": "en, Welsh, Klingon"}]}));
    let read: Vec<_> =
        service.languages.iter().map(|one| (one.name.as_deref().unwrap(), one.code.as_deref())).collect();
    assert_eq!(read, [("English", Some("en")), ("Welsh", Some("cy")), ("Klingon", None)]);
    let codes = SpokenLanguages::of(&service).codes().iter().map(|code| code.as_str()).collect::<Vec<_>>();
    assert_eq!(codes, ["cym", "eng", "tlh"]);
}

#[test]
fn quirk_91_holidays_of_every_year() {
    let holiday = |start: &str, end: &str| {
        let regular =
            json!({"id": "r", "freq": "WEEKLY", "byday": "MO,FR", "opens_at": "09:00", "closes_at": "17:00"});
        let closed = json!({"id": "x", "closed": true, "start_date": start, "end_date": end});
        let row = json!({"id": "s1", "name": "Club", "status": "active", "regular_schedules": [regular], "holiday_schedules": [closed]});
        let service = with_reading(AnswerDepth::Detail, |reading| READER.read_service(row, reading)).unwrap();
        ServiceFacts::of(&service, &PostcodePlaces::default()).hours
    };
    let at = |hours: &crate::model::OpeningHours, date: &str| {
        hours.open_at(format!("{date}T11:00:00Z").parse().unwrap())
    };
    for year in ["0001", "0000", "-"] {
        let new_year = holiday(&format!("{year}-01-01"), &format!("{year}-01-01"));
        assert_eq!(at(&new_year, "2026-09-07"), TriState::Yes);
        assert_eq!(at(&new_year, "2027-01-01"), TriState::No);
        assert_eq!(at(&new_year, "2027-01-04"), TriState::Yes);
    }
    for day in ["25 December", "25/12", "25th Dec", "December 25"] {
        let christmas = holiday(day, day);
        let open = ["2026-12-21", "2028-12-25", "2028-12-29"].map(|date| at(&christmas, date));
        assert_eq!(open, [TriState::Yes, TriState::No, TriState::Yes], "{day}");
    }
    let christmas = holiday("0001-12-24", "0001-01-01");
    for (date, open) in
        [("2026-12-21", true), ("2026-12-25", false), ("2026-12-28", false), ("2027-01-01", false)]
    {
        assert_eq!(at(&christmas, date), open.into(), "{date}");
    }
    let unreadable = holiday("Christmas Eve", "Twelfth Night");
    assert_eq!(at(&unreadable, "2026-12-25"), TriState::Yes);
}
