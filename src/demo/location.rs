//! Invents where services take place: halls and rooms in real streets, shared by several services.

use serde_json::{Value, json};

use super::draw::SeededDraw;
use super::families::BRANDS;
use super::identity::slug;
use super::place::InventedNeighbourhood;
use super::record::InventedWorld;

/// The number of halls and rooms in a neighbourhood.
const VENUES: i64 = 5;
/// The first stream of choices for venues, far from the streams of services and organisations.
const STREAM: u64 = 1 << 42;

/// Returns one of the venues of a neighbourhood. All services that draw the same venue get the same record.
pub(super) fn venue(world: InventedWorld, draw: &mut SeededDraw, hood: &InventedNeighbourhood) -> Value {
    let number = draw.between(0, VENUES - 1);
    let position =
        world.place.neighbourhoods.iter().position(|candidate| candidate == hood).unwrap_or_default();
    let stream = STREAM + position as u64 * VENUES as u64 + number as u64;
    physical(world, &mut SeededDraw::new(world.seed, stream), hood, &format!("{position}/{number}"))
}

/// Returns a virtual location, for a service that takes place online.
pub(super) fn online(world: InventedWorld, host: &str) -> Value {
    json!({
        "id": world.ids.id("location", host),
        "location_type": "virtual",
        "url": format!("https://{host}/join"),
        "name": "Online",
    })
}

fn physical(world: InventedWorld, draw: &mut SeededDraw, hood: &InventedNeighbourhood, key: &str) -> Value {
    let ids = world.ids;
    let id = ids.id("location", key);
    let building = draw.pick(BUILDINGS).replace("{hood}", hood.name);
    let name = building.replace("{brand}", draw.pick::<&str>(BRANDS));
    let (latitude, longitude) = hood.point(draw);
    let uprn = draw.percent(25).then(|| format!("99{:010}", draw.bits() % 10_000_000_000));
    json!({
        "id": id,
        "location_type": "physical",
        "name": name,
        "alternate_name": draw.percent(8).then(|| format!("{} meeting place", hood.name)),
        "description": draw.percent(30).then(|| *draw.pick(ROOMS)),
        "transportation": draw.percent(40).then(|| *draw.pick(JOURNEYS)),
        "latitude": latitude,
        "longitude": longitude,
        "external_identifier_type": uprn.as_ref().map(|_| "UPRN"),
        "external_identifier": uprn,
        "addresses": [address(world, draw, hood, &id, &name)],
        "accessibility": accessibility(world, draw, &id, &name),
    })
}

fn address(
    world: InventedWorld,
    draw: &mut SeededDraw,
    hood: &InventedNeighbourhood,
    location: &str,
    name: &str,
) -> Value {
    json!({
        "id": world.ids.id("address", location),
        "location_id": location,
        "address_1": format!("{name}, {} {}", draw.between(1, 240), draw.pick(hood.streets)),
        "address_2": (hood.town != hood.name).then_some(hood.name),
        "city": hood.town,
        "state_province": world.place.county,
        "postal_code": hood.postcode(draw),
        "country": "GB",
        "address_type": "physical",
    })
}

fn accessibility(world: InventedWorld, draw: &mut SeededDraw, location: &str, name: &str) -> Value {
    let count = draw.between(0, 3);
    let statement = |n: i64, draw: &mut SeededDraw| {
        let (description, details) = *draw.pick(ACCESS);
        json!({
            "id": world.ids.id("accessibility", &format!("{location}/{n}")),
            "location_id": location,
            "description": description,
            "details": details,
            "url": draw.percent(10).then(|| format!("https://access.example/{}", slug(name))),
        })
    };
    (0..count).map(|n| statement(n, draw)).collect()
}

const BUILDINGS: &[&str] = &[
    "{brand} Community Centre",
    "{brand} Hall",
    "{brand} Chapel Hall, {hood}",
    "The {brand} Rooms",
    "{brand} Church Rooms, {hood}",
    "{brand} Health Centre",
    "{brand} Children's Centre",
    "{brand} Pavilion",
    "The Old {brand} School, {hood}",
    "{brand} Reading Room",
];

const ROOMS: &[&str] = &[
    "Use the side door and ring the bell.",
    "Upstairs in the main hall.",
    "In the café area on the ground floor.",
    "The garden room, at the back of the car park.",
];

const JOURNEYS: &[&str] = &[
    "Bus stop outside. Free parking for two hours.",
    "Ten minutes' walk from the station.",
    "Cycle racks by the entrance; no parking.",
    "On the town bus route; blue badge bays in front.",
];

const ACCESS: &[(&str, Option<&str>)] = &[
    ("Step-free entrance", Some("The ramp is at the rear.")),
    ("Accessible toilet", None),
    ("Hearing loop", Some("Switch to T in the main hall.")),
    ("Lift to all floors", None),
    ("Blue badge parking", Some("Two bays by the door.")),
    ("Changing places toilet", Some("Ask for the key at reception.")),
    ("Assistance dogs welcome", None),
];
