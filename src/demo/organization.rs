//! Invents organisations: their names, legal status and contact details, and which services they run.

use serde_json::{Value, json};

use super::contact::{PhoneChannel, phone};
use super::draw::SeededDraw;
use super::families::{BRANDS, CHARITY, CIC, FAMILIES, FUNDERS, OrganizationFamily};
use super::identity::{IdNamespace, slug};
use super::kinds::OrganizationTheme;
use super::place::{DemoPlace, InventedNeighbourhood};
use super::record::InventedWorld;

/// An organisation, with the properties that its services are made from.
pub(super) struct InventedOrganization {
    pub(super) id: String,
    pub(super) name: String,
    /// The host name of its website, always under `.example`.
    pub(super) host: String,
    pub(super) theme: OrganizationTheme,
    pub(super) home: &'static InventedNeighbourhood,
    /// The whole record in the terms of the standard, without its services.
    pub(super) record: Value,
}

/// The number of services in a block. The services of a block share three organisations, so that one organisation runs
/// several services.
const BLOCK: usize = 8;
const ORGANIZATIONS_PER_BLOCK: usize = 3;
const SHARES: &[[usize; BLOCK]] =
    &[[0, 0, 1, 0, 2, 1, 0, 1], [0, 1, 1, 2, 0, 0, 2, 0], [0, 0, 0, 1, 0, 2, 2, 1], [0, 1, 0, 2, 1, 2, 0, 0]];
/// The first streams of choices for blocks and organisations, far from the streams of services.
const BLOCKS: u64 = 1 << 40;
const ORGANIZATIONS: u64 = 1 << 41;

/// Returns the number of the organisation that runs a service, as [`invent`] takes it.
pub(super) fn of_service(seed: u64, service: usize) -> usize {
    let block = service / BLOCK;
    let shares = SeededDraw::new(seed, BLOCKS + block as u64).pick(SHARES).to_owned();
    let share = shares.get(service % BLOCK).copied().unwrap_or_default();
    block * ORGANIZATIONS_PER_BLOCK + share
}

/// Invents the organisation with this number.
pub(super) fn invent(world: InventedWorld, number: usize) -> InventedOrganization {
    let mut draw = SeededDraw::new(world.seed, ORGANIZATIONS + number as u64);
    let family = draw.pick(FAMILIES);
    let home = draw.pick(world.place.neighbourhoods);
    let id = world.ids.id("organization", &number.to_string());
    let brand = draw.pick(BRANDS);
    let name = fill(draw.pick(family.names), world.place, home).replace("{brand}", brand);
    let host = format!("{}-{}.example", slug(&name), draw.between(11, 99));
    let record = record(world, &mut draw, number, family, (&id, &name, &host));
    InventedOrganization { id, name, host, theme: family.theme, home, record }
}

fn record(
    world: InventedWorld,
    draw: &mut SeededDraw,
    number: usize,
    family: &OrganizationFamily,
    (id, name, host): (&str, &str, &str),
) -> Value {
    let ids = world.ids;
    let key = number.to_string();
    json!({
        "id": id,
        "name": name,
        "alternate_name": draw.percent(12).then(|| initials(name)),
        "description": format!("{name} is {}.", draw.pick(family.about)),
        "email": draw.percent(90).then(|| format!("{}@{host}", draw.pick(&["hello", "office", "enquiries"]))),
        "website": format!("https://{host}"),
        "additional_websites": draw.percent(15).then(|| json!([{
            "id": ids.id("url", &format!("organization/{key}")),
            "label": "News",
            "url": format!("https://news.{host}/"),
            "organization_id": id,
        }])),
        "year_incorporated": draw.percent(60).then(|| draw.between(1948, 2023)),
        "legal_status": family.legal_status,
        "logo": draw.percent(30).then(|| format!("https://{host}/logo.png")),
        "uri": format!("https://register.example/organizations/{id}"),
        "parent_organization_id": parent(world, draw, number),
        "funding": draw.percent(20).then(|| json!([{
            "id": ids.id("funding", &format!("organization/{key}")),
            "organization_id": id,
            "source": draw.pick(FUNDERS),
        }])),
        "contacts": [{
            "id": ids.id("contact", &format!("organization/{key}")),
            "organization_id": id,
            "name": draw.pick(&["Reception", "Main office", "General enquiries"]),
            "email": format!("office@{host}"),
        }],
        "phones": [phone(ids, draw, world.place, PhoneChannel::Voice, &format!("organization/{key}"))],
        "organization_identifiers": identifiers(ids, draw, id, family.legal_status),
    })
}

/// Returns the id of the parent organisation, if there is one. Only the first organisation of a block can be a parent,
/// because it always runs a service and is therefore always listed.
fn parent(world: InventedWorld, draw: &mut SeededDraw, number: usize) -> Option<String> {
    let first = number - number % ORGANIZATIONS_PER_BLOCK;
    let has_parent = draw.percent(35) && number != first;
    has_parent.then(|| world.ids.id("organization", &first.to_string()))
}

/// Returns the registration number of an organisation, in a range that the real register has not reached. `None` if
/// organisations of this legal status have no register.
fn identifiers(ids: IdNamespace, draw: &mut SeededDraw, id: &str, legal_status: &str) -> Option<Value> {
    let (scheme, kind, number) = match legal_status {
        CHARITY => ("GB-CHC", "Charity number", format!("9000{:03}", draw.between(0, 999))),
        CIC => ("GB-COH", "Company number", format!("99000{:03}", draw.between(0, 999))),
        _ => return None,
    };
    Some(json!([{
        "id": ids.id("organization_identifier", id),
        "organization_id": id,
        "identifier_scheme": scheme,
        "identifier_type": kind,
        "identifier": number,
    }]))
}

fn fill(pattern: impl AsRef<str>, place: &DemoPlace, home: &InventedNeighbourhood) -> String {
    pattern.as_ref().replace("{area}", place.name).replace("{hood}", home.name)
}

fn initials(name: &str) -> String {
    name.split_whitespace().filter_map(|word| word.chars().next()).filter(|c| c.is_alphabetic()).collect()
}
