//! One invented service, as each publisher of 1.0 and ORUK 3.0 would write it. The graph is the same.

use serde_json::{Value, json};

use crate::model::{Schedule, Service, ServiceAtLocation};
use crate::source::dialects::saved::SavedPages;
use crate::source::dialects::{connect_to_support, localgov_drupal, oruk1, oruk3, placecube1};

#[test]
fn the_same_truth_is_the_same_graph() {
    let of = |dialect, service| facts(&SavedPages { folder: "", dialect }.service(service));
    let truth = of(&oruk3::DIALECT, in_oruk_3());
    for (dialect, service) in [
        (&oruk1::DIALECT, in_porism()),
        (&placecube1::DIALECT, in_placecube()),
        (&connect_to_support::DIALECT, in_connect_to_support()),
        (&localgov_drupal::DIALECT, in_drupal()),
    ] {
        assert_eq!(of(dialect, service.clone()), truth, "{service}");
    }
    assert_eq!(truth["phones"], json!(["01632 960123"]));
    assert!(truth.as_object().unwrap().values().all(|fact| !fact.is_null()), "{truth:#}");
}

fn in_oruk_3() -> Value {
    json!({
        "id": "s", "name": "Tea & Talk", "status": "active", "assured_date": "2025-02-14",
        "description": "Tea, cake and company", "url": "https://tea.example", "fees": "£2",
        "minimum_age": 60, "maximum_age": 99, "attending_type": "venue",
        "organization": {"id": "o", "name": "Hall Trust", "website": "https://hall.example"},
        "attributes": [{"id": "t", "taxonomy_term":
            {"id": "x", "code": "esdServiceType:298", "name": "Carers support groups", "taxonomy": "esdServiceTypes"}}],
        "service_at_locations": [{"id": "sl", "location": {
            "id": "l", "location_type": "physical", "name": "Hall", "latitude": 51.45, "longitude": -2.58,
            "addresses": [{"id": "a", "address_1": "1 High St, Bedminster", "city": "Bristol",
                "state_province": "Avon", "postal_code": "BS3 4AA", "country": "GB", "address_type": "physical"}],
            "accessibility": [{"id": "ac", "description": "Ramp"}]},
            "schedules": [{"id": "r", "freq": "WEEKLY", "byday": "TU", "opens_at": "10:00", "closes_at": "12:00",
                "dtstart": "2025-01-07", "attending_type": "venue"}]}],
        "cost_options": [{"id": "co", "option": "Cup", "amount": 2, "amount_description": "per cup"}],
        "contacts": [{"id": "c", "name": "Desk", "phones": [{"id": "p", "number": "01632 960123"}]}],
    })
}

fn in_porism() -> Value {
    json!({
        "id": "s", "name": "Tea &amp; Talk", "status": "active", "assured_date": "2025-02-14T00:00:00.000+0000",
        "description": "Tea, cake and company", "url": "tea.example", "fees": "£2", "attending_type": "venue",
        "eligibilitys": [{"id": "e", "minimum_age": 60, "maximum_age": 99}],
        "organization": {"id": "o", "name": "Hall Trust", "description": "", "url": "https://hall.example"},
        "service_taxonomys": [{"id": "t", "taxonomy":
            {"id": "esdServiceType:298", "name": "Carers support groups", "vocabulary": "esdServiceTypes"}}],
        "service_at_locations": [{"id": "sl", "location": {
            "id": "l", "name": "Hall", "latitude": 51.45, "longitude": -2.58,
            "physical_addresses": [{"id": "a", "address_1": "1 High St\nBedminster", "city": "Bristol",
                "state_province": "Avon", "postal_code": "BS3 4AA", "country": "United Kingdom"}],
            "accessibility_for_disabilities": [{"id": "ac", "accessibility": "Ramp"}]},
            "regular_schedule": [{"id": "r", "weekday": 2, "opens_at": "10:00", "closes_at": "12:00",
                "dtstart": 1_736_208_000_000_i64, "freq": "", "interval": "1"}]}],
        "cost_options": [{"id": "co", "option": "Cup", "amount": 2.0, "amount_description": "per cup"}],
        "contacts": [{"id": "c", "name": "Desk", "phones": [{"id": "p", "number": "01632 960123"}]}],
    })
}

fn in_placecube() -> Value {
    json!({
        "id": "s", "name": "Tea & Talk", "status": "active", "assured_date": "2025-02-14", "email": "",
        "description": "Tea, cake and company", "url": "https://tea.example", "fees": "Â£2", "attending_type": "venue",
        "eligibilitys": [{"id": "e", "eligibility": "", "minimum_age": "60", "maximum_age": "99"}],
        "organization": {"id": "o", "name": "Hall Trust", "url": "https://hall.example", "logo": "", "uri": ""},
        "service_taxonomys": [{"id": "t", "taxonomy":
            {"id": "esdServiceType:298", "name": "Carers support groups", "vocabulary": "esdServiceTypes"}}],
        "service_at_locations": [{"holidayScheduleCollection": [], "location": {
            "id": "l", "name": "Hall", "latitude": 51.45, "longitude": -2.58,
            "physical_addresses": [{"address_1": "1 High St, Bedminster", "city": "Bristol",
                "state_province": "Avon", "postal_code": "BS3 4AA", "country": "England"}],
            "accessibility_for_disabilities": [{"accessibility": "Ramp"}]},
            "regular_schedule": [{"id": "r", "opens_at": "10:00", "closes_at": "12:00", "dtstart": "2025-01-07",
                "freq": "WEEKLY", "interval": "1", "byday": "TU", "valid_from": "", "bymonthday": ""}]}],
        "cost_options": [{"id": "co", "option": "Cup", "amount": 2.0, "amount_description": "per cup"}],
        "contacts": [{"id": "c", "name": "Desk", "title": "", "phones": [{"number": "01632 960123"}]}],
    })
}

fn in_connect_to_support() -> Value {
    json!({
        "id": "s", "name": "Tea & Talk", "status": "active", "assureddate": "2025-02-14T00:00:00",
        "description": "Tea, cake and company", "url": "https://tea.example", "fees": "£2", "attendingtype": "venue",
        "eligibilitycollection": [{"id": "e", "minimumage": "60", "maximumage": "99", "linkid": null}],
        "organization": {"id": "o", "name": "Hall Trust", "url": "https://hall.example", "services": null},
        "servicetaxonomycollection": [{"id": "t", "taxonomy":
            {"id": "esdServiceType:298", "name": "Carers support groups", "vocabulary": "esdServiceTypes"}}],
        "serviceatlocations": [{"id": "sl", "location": {
            "id": "l", "name": "Hall", "latitude": "51.45", "longitude": "-2.58",
            "physicaladdresses": [{"id": "a", "address1": "1 High St, Bedminster", "city": "Bristol",
                "stateprovince": "Avon", "postalcode": "BS3 4AA", "country": "England"}],
            "accessibilityfordisabilities": [{"id": "ac", "accessibility": "Ramp"}]},
            "regularschedule": [{"id": "r", "opensat": "10:00:00", "closesat": "12:00:00", "byday": "TU",
                "dtstart": "2025-01-07T00:00:00", "freq": "", "interval": "1"}]}],
        "costoptions": [{"id": "co", "option": "Cup", "amount": "2.00", "amountdescription": "per cup"}],
        "contacts": [{"id": "c", "name": "Desk", "phones": [{"id": "p", "number": "01632 960123"}]}],
    })
}

fn in_drupal() -> Value {
    json!({
        "id": "s", "name": "Tea & Talk", "status": "active", "assured_date": "2025-02-14", "email": [],
        "description": {"value": "Tea, cake and company", "format": "plain", "processed": "Tea, cake and company"},
        "url": "https://tea.example", "fees": "£2", "attending_type": "venue",
        "eligibilitys": {"id": "e", "minimum_age": 60, "maximum_age": 99},
        "organization": {"id": "o", "name": "Hall Trust", "description": [], "url": "https://hall.example"},
        "service_taxonomys": [{"id": "s-x", "taxonomy":
            {"id": "x", "name": "Carers support groups", "vocabulary": "esdServiceTypes"}}],
        "service_at_locations": {"id": "s-l", "location": {
            "id": "l", "name": "Hall", "latitude": 51.45, "longitude": -2.58,
            "physical_addresses": {"id": "address:1", "address_1": "1 High St, Bedminster", "city": "Bristol",
                "state_province": "Avon", "postal_code": "BS3 4AA", "country": "GB"},
            "accessibility_for_disabilities": {"accessibility": "Ramp"}},
            "regular_schedule": {"id": "r", "opens_at": "10:00", "closes_at": "12:00", "byday": "TU",
                "dtstart": "2025-01-07", "freq": "WEEKLY", "interval": []}},
        "cost_options": {"id": "co", "option": "Cup", "amount": "2.00", "amount_description": "per cup"},
        "contacts": {"id": "c", "name": "Desk", "phones": {"number": "01632 960123"}},
    })
}

// The facts of a service that people ask about.
fn facts(service: &Service) -> Value {
    let places = &service.service_at_locations;
    let organization = service.organization.as_ref().unwrap();
    let terms = service.attributes.iter().filter_map(|one| {
        let term = one.taxonomy_term.as_ref()?;
        let vocabulary = term.taxonomy_name.as_deref()?;
        (!vocabulary.starts_with("ORUK v1")).then(|| json!([term.name, vocabulary]))
    });
    let costs = service.cost_options.iter();
    let phones = service.contacts.iter().flat_map(|contact| &contact.phones);
    json!({
        "name": service.name,
        "description": service.description.as_ref().map(|text| text.text().to_owned()),
        "status": service.status,
        "url": service.url,
        "fees": service.fees,
        "assured": service.assured_date,
        "ages": [service.minimum_age, service.maximum_age],
        "provider": [organization.name.clone(), organization.website.as_ref().unwrap().to_string()],
        "terms": terms.collect::<Vec<_>>(),
        "places": places.iter().map(|place| whereabouts(place)).collect::<Vec<_>>(),
        "times": places.iter().flat_map(|place| &place.schedules).map(|one| times(one)).collect::<Vec<_>>(),
        "costs": costs.map(|one| json!([one.option, one.amount, one.amount_description])).collect::<Vec<_>>(),
        "phones": phones.map(|phone| phone.number.clone()).collect::<Vec<_>>(),
    })
}

fn whereabouts(place: &ServiceAtLocation) -> Value {
    let location = place.location.as_ref().unwrap();
    let address = &location.addresses[0];
    json!({
        "name": location.name,
        "type": location.location_type,
        "point": location.coordinates,
        "address": [address.address_1, address.city, address.state_province, address.country],
        "postcode": address.postcode,
        "access": location.accessibility.iter().map(|one| one.description.clone()).collect::<Vec<_>>(),
    })
}

fn times(schedule: &Schedule) -> Value {
    json!([
        schedule.freq,
        schedule.byday,
        schedule.opens_at,
        schedule.closes_at,
        schedule.dtstart,
        schedule.attending_type,
    ])
}
