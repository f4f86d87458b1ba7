//! Invents the records that are nested in a service, such as places, areas, prices, contacts and terms.

use chrono::Duration;
use serde_json::{Value, json};

use super::draw::SeededDraw;
use super::families::FUNDERS;
use super::identity::IdNamespace;
use super::kinds::{InventedCost, ServiceTemplate, SessionRhythm};
use super::organization::InventedOrganization;
use super::place::{DemoPlace, InventedNeighbourhood};
use super::record::InventedWorld;
use super::vocabulary::{self, CIRCUMSTANCES, NEEDS, SERVICE_TYPES};
use super::{contact, location};

/// Returns the members of a service that are lists or nested records.
pub(super) fn invent(
    world: InventedWorld,
    draw: &mut SeededDraw,
    (kind, online): (&ServiceTemplate, bool),
    hood: &InventedNeighbourhood,
    (id, organization): (&str, &InventedOrganization),
) -> Value {
    let ids = world.ids;
    json!({
        "phones": draw.percent(60).then(|| vec![
            contact::phone(ids, draw, world.place, contact::PhoneChannel::Voice, &format!("service/{id}")),
        ]),
        "service_areas": areas(world, draw, hood, id),
        "service_at_locations": places(world, draw, (kind, online), hood, (id, organization)),
        "languages": languages(ids, draw, world.place, id),
        "organization": nested_organization(organization),
        "funding": draw.percent(25).then(|| json!([{
            "id": ids.id("funding", id), "service_id": id, "source": draw.pick(FUNDERS),
        }])),
        "cost_options": costs(ids, draw, kind.cost, id),
        "program": draw.percent(10).then(|| program(ids, world.place, organization)),
        "required_documents": draw.percent(9).then(|| json!([{
            "id": ids.id("required_document", id), "service_id": id, "document": draw.pick(DOCUMENTS),
        }])),
        "contacts": contact::contacts(ids, draw, world.place, id, &organization.host),
        "capacities": draw.percent(10).then(|| capacity(world, draw, id)),
        "attributes": attributes(ids, kind, id),
        "metadata": metadata(world, draw, id),
    })
}

fn nested_organization(organization: &InventedOrganization) -> Value {
    let mut record = organization.record.clone();
    if let Value::Object(members) = &mut record {
        members.retain(|_, member| !member.is_array());
    }
    record
}

fn places(
    world: InventedWorld,
    draw: &mut SeededDraw,
    (kind, online): (&ServiceTemplate, bool),
    hood: &InventedNeighbourhood,
    (id, organization): (&str, &InventedOrganization),
) -> Value {
    let mut venues = match kind.rhythm {
        _ if online => vec![location::online(world, &organization.host)],
        SessionRhythm::Appointment => return Value::Null,
        _ => vec![location::venue(world, draw, hood)],
    };
    let second = draw.percent(12).then(|| draw.pick(world.place.neighbourhoods));
    if let Some(elsewhere) = second.filter(|elsewhere| *elsewhere != hood) {
        venues.push(location::venue(world, draw, elsewhere));
    }
    let link = |(n, place): (usize, Value)| {
        json!({
            "id": world.ids.id("service_at_location", &format!("{id}/{n}")),
            "service_id": id,
            "location_id": place.get("id").cloned(),
            "description": (n > 0).then_some("Runs here too, by arrangement."),
            "location": place,
        })
    };
    venues.into_iter().enumerate().map(link).collect()
}

fn areas(world: InventedWorld, draw: &mut SeededDraw, hood: &InventedNeighbourhood, id: &str) -> Value {
    let whole = draw.percent(60);
    let (name, bounds) = if whole {
        (world.place.name, world.place.bounds())
    } else {
        let (x, y) = (hood.longitude, hood.latitude);
        (hood.name, [x - 0.02, y - 0.014, x + 0.02, y + 0.014])
    };
    let uri =
        whole.then(|| format!("https://geography.example/id/statistical-geography/{}", world.place.code));
    let extent = draw.percent(40).then(|| polygon(bounds));
    json!([{
        "id": world.ids.id("service_area", id),
        "service_id": id,
        "name": name,
        "extent_type": extent.as_ref().map(|_| "geojson"),
        "extent": extent,
        "uri": uri,
    }])
}

fn polygon([west, south, east, north]: [f64; 4]) -> String {
    let round = |degrees: f64| (degrees * 1e4).round() / 1e4;
    let [west, south, east, north] = [west, south, east, north].map(round);
    json!({
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    })
    .to_string()
}

fn languages(ids: IdNamespace, draw: &mut SeededDraw, place: &DemoPlace, id: &str) -> Value {
    let mut spoken = vec![("English", "en")];
    if place.key == "cardiff" && draw.percent(45) {
        spoken.push(("Welsh", "cy"));
    }
    if draw.percent(16) {
        spoken.push(*draw.pick(LANGUAGES));
    }
    let stated = spoken.len() > 1 || draw.percent(20);
    let language = |(name, code): (&str, &str)| json!({ "id": ids.id("language", &format!("{id}/{code}")), "service_id": id, "name": name, "code": code });
    if stated { spoken.into_iter().map(language).collect() } else { Value::Null }
}

fn attributes(ids: IdNamespace, kind: &ServiceTemplate, id: &str) -> Value {
    let applied = [(SERVICE_TYPES, kind.service_type, "service_type"), (NEEDS, kind.need, "need")];
    let audience = kind.circumstances.iter().map(|code| (CIRCUMSTANCES, *code, "intended audience"));
    let attribute = |(taxonomy, code, link_type): (&str, u16, &str)| {
        let term = vocabulary::term(ids, taxonomy, code)?;
        Some(json!({
            "id": ids.id("attribute", &format!("{id}/{taxonomy}/{code}")),
            "link_id": id,
            "taxonomy_term_id": term.get("id").cloned(),
            "link_type": link_type,
            "link_entity": "service",
            "taxonomy_term": term,
        }))
    };
    applied.into_iter().chain(audience).filter_map(attribute).collect()
}

fn program(ids: IdNamespace, place: &DemoPlace, organization: &InventedOrganization) -> Value {
    json!({
        "id": ids.id("program", &organization.id),
        "organization_id": organization.id,
        "name": format!("Live Well {}", place.name),
        "description": format!("Work of {} to keep people well and connected.", organization.name),
    })
}

fn capacity(world: InventedWorld, draw: &mut SeededDraw, id: &str) -> Value {
    let maximum = draw.between(6, 40);
    json!([{
        "id": world.ids.id("service_capacity", id),
        "service_id": id,
        "unit": { "id": world.ids.id("unit", "place"), "name": "Place", "scheme": "https://vocabulary.example/units", "identifier": "place" },
        "unit_id": world.ids.id("unit", "place"),
        "available": draw.between(0, maximum),
        "maximum": maximum,
        "description": "Places this week",
        "updated": format!("{}T09:00:00Z", world.today - Duration::days(draw.between(0, 20))),
    }])
}

fn metadata(world: InventedWorld, draw: &mut SeededDraw, id: &str) -> Value {
    let changed = world.today - Duration::days(draw.between(0, 700));
    let field = *draw.pick(&["description", "application_process", "eligibility_description"]);
    if !draw.percent(30) {
        return Value::Null;
    }
    json!([{
        "id": world.ids.id("metadata", id),
        "resource_id": id,
        "resource_type": "service",
        "last_action_date": changed.to_string(),
        "last_action_type": "update",
        "field_name": field,
        "previous_value": "",
        "replacement_value": "Checked with the provider",
        "updated_by": "Directory team",
    }])
}

fn costs(ids: IdNamespace, draw: &mut SeededDraw, cost: InventedCost, id: &str) -> Value {
    let (option, pence, unit) = match cost {
        InventedCost::Free | InventedCost::Donation => ("Everyone", 0, None),
        InventedCost::Session(low, high) => {
            ("Adult", draw.between(low / 50, high / 50) * 50, Some("per session"))
        }
        InventedCost::Meal(low, high) => {
            ("Two courses", draw.between(low / 25, high / 25) * 25, Some("per meal"))
        }
        InventedCost::Hour(low, high) => {
            ("Standard", draw.between(low / 100, high / 100) * 100, Some("per hour"))
        }
    };
    let price = |n: u8, option: &str, pence: i64, unit: Option<&str>| {
        json!({
            "id": ids.id("cost_option", &format!("{id}/{n}")),
            "service_id": id,
            "option": option,
            "currency": "GBP",
            "amount": pence as f64 / 100.0,
            "amount_description": unit,
        })
    };
    let mut prices = Vec::new();
    if pence > 0 || draw.percent(40) {
        prices.push(price(0, option, pence, unit));
    }
    if pence > 0 && draw.percent(35) {
        prices.push(price(1, "Concession", pence / 2, unit));
    }
    Value::Array(prices)
}

const DOCUMENTS: &[&str] =
    &["Proof of address", "Photo identification", "Referral letter", "Food bank voucher"];
const LANGUAGES: &[(&str, &str)] = &[
    ("Polish", "pl"),
    ("Somali", "so"),
    ("Urdu", "ur"),
    ("Arabic", "ar"),
    ("Ukrainian", "uk"),
    ("Romanian", "ro"),
    ("British Sign Language", "bfi"),
];
