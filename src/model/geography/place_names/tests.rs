//! Tests of what a name finds, what is certain, and what is ambiguous.

use super::*;
use crate::model::PostcodePlaces;

fn ways(places: &[NamedPlace]) -> Vec<&str> {
    places.iter().map(|place| &*place.ask_as).collect()
}

fn resolve_among(names: &PlaceNames, text: &str) -> Result<String, String> {
    match names.resolve(text, &PostcodePlaces::default()) {
        Ok(place) => Ok(place.ask_as.into()),
        Err(PlaceError::Ambiguous(places)) => Err(format!("? {}", ways(&places).join(" | "))),
        Err(PlaceError::Unknown(places)) => Err(format!("- {}", ways(&places).join(" | "))),
        Err(PlaceError::Country(places)) => Err(format!("country {}", ways(&places).join(" | "))),
        Err(PlaceError::Postcode(doubt)) => Err(format!("{doubt:?}")),
        Err(PlaceError::NoPostcode) => Err("no postcode".to_owned()),
    }
}

fn resolve(text: &str) -> Result<String, String> {
    resolve_among(&PlaceNames::default(), text)
}

#[test]
fn a_name_that_one_place_has_is_that_place_however_it_is_written() {
    for (text, expected) in [
        ("Totnes", "Totnes, Devon"),
        ("BURY ST. EDMUNDS", "Bury St Edmunds, Suffolk"),
        ("newcastle upon tyne", "Newcastle upon Tyne, Tyne and Wear"),
        ("Newcastle-on-Tyne", "Newcastle upon Tyne, Tyne and Wear"),
        ("Kings Lynn", "King's Lynn, Norfolk"),
        ("weston supermare", "Weston-super-Mare, Somerset"),
        ("Bristol", "Bristol"),
        ("Bristol city centre", "Bristol"),
        ("city of bristol", "Bristol"),
        ("Hull", "Kingston upon Hull, East Riding of Yorkshire"),
        ("Tunbridge Wells", "Royal Tunbridge Wells, Kent"),
        ("Southend", "Southend-on-Sea, Essex"),
        ("Chester", "Chester, Cheshire"),
        ("Bradford", "Bradford, West Yorkshire"),
        ("Caerdydd", "Cardiff"),
        ("Devon", "Devon"),
        ("South Gloucestershire", "South Gloucestershire"),
        ("West Midlands", "West Midlands"),
        ("Salop", "Shropshire"),
        ("Devonshire", "Devon"),
        ("Herts", "Hertfordshire"),
        ("Sussex", "Sussex"),
        ("Armagh City, Banbridge and Craigavon", "Armagh City, Banbridge and Craigavon"),
        ("Yr Wyddgrug", "Mold, Flintshire"),
        ("Casnewydd", "Newport, Wales"),
        ("Sir Benfro", "Pembrokeshire"),
        ("Dun Eideann", "Edinburgh"),
        ("An t-Òban", "Oban, Argyll and Bute"),
        ("Hay-on-Wye", "Hay, Powys"),
        ("Letchworth", "Letchworth Garden City, Hertfordshire"),
        ("Merthyr", "Merthyr Tydfil"),
        ("Tobermory", "Tobermory, Argyll and Bute"),
        ("Hampstead", "Hampstead, London"),
        ("Jesmond", "Jesmond, Tyne and Wear"),
        ("Skye", "Isle of Skye, Highland"),
        ("Chapeltown, Leeds", "Chapeltown, West Yorkshire"),
        ("bs3", "BS3"),
        ("BS3-4DJ", "BS3 4DJ"),
    ] {
        assert_eq!(resolve(text).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn a_town_is_meant_before_hamlets_of_its_name() {
    for text in ["Warrington", "Preston", "Rochester"] {
        assert!(resolve(text).is_ok(), "{text}: {:?}", resolve(text));
    }
}

#[test]
fn a_name_that_several_places_have_is_not_guessed() {
    for (text, among) in [
        ("Chapeltown", ["Chapeltown, South Yorkshire", "Chapeltown, West Yorkshire"]),
        ("Handsworth", ["Handsworth, West Midlands", "Handsworth, South Yorkshire"]),
        ("Newport", ["Newport, Wales", "Newport, Isle of Wight"]),
        ("Newcastle", ["Newcastle upon Tyne, Tyne and Wear", "Newcastle under Lyme, Staffordshire"]),
        ("Richmond", ["Richmond, London", "Richmond, North Yorkshire"]),
        ("Hayes", ["Hayes, Hillingdon", "Hayes, Bromley"]),
        ("St Ives", ["Saint Ives, Cambridgeshire", "St Ives, Cornwall"]),
        ("Ashford", ["Ashford, Kent", "Ashford, Surrey"]),
        ("Bangor", ["Bangor, Gwynedd", "Bangor, Ards and North Down"]),
        ("Stratford", ["Stratford, London", "Stratford-upon-Avon, Warwickshire"]),
    ] {
        let told = resolve(text).unwrap_err();
        let candidates: Vec<&str> = told.strip_prefix("? ").unwrap_or_default().split(" | ").collect();
        assert!(among.iter().all(|one| candidates.contains(one)), "{text}: {told}");
    }
}

/// Returns the places for which `ask_as` does not resolve to the place itself.
fn misled(names: &PlaceNames) -> Vec<String> {
    let postcodes = PostcodePlaces::default();
    let each = names.known.each().map(|(_, place)| place);
    let is_meant = |place: &&NamedPlace| {
        let meant = names.resolve(&place.ask_as, &postcodes);
        meant
            .is_ok_and(|meant| (meant.point, meant.kind, meant.area) == (place.point, place.kind, place.area))
    };
    each.filter(|place| !is_meant(place)).map(|place| place.ask_as.to_string()).collect()
}

#[test]
fn whatever_is_offered_to_ask_for_means_that_place_and_no_other() {
    let names = PlaceNames::default();
    assert_eq!(misled(&names), [""; 0]);
    assert!(names.known.each().all(|(_, place)| !place.ask_as.is_empty()));
    let places: Vec<NamedPlace> = names.known.each().map(|(_, place)| place.clone()).collect();
    assert!(places.len() > 6_000, "{}", places.len());
    let by_point = places.iter().filter(|place| place.ask_as.contains(", -") || place.ask_as.ends_with("0)"));
    assert_eq!(ways(&by_point.cloned().collect::<Vec<_>>()), [""; 0], "people know no coordinates");
    let offered: std::collections::HashSet<Box<str>> =
        names.offered().into_iter().map(|place| place.ask_as).collect();
    for way in
        ["Aston, West Midlands", "Faringdon, Oxfordshire", "Newry, Mourne and Down", "Oban, Argyll and Bute"]
    {
        assert!(offered.contains(way), "{way}");
    }
}

#[test]
fn a_county_a_council_a_country_or_a_town_nearby_tells_which() {
    for (text, expected) in [
        ("Newport, Isle of Wight", "Newport, Isle of Wight"),
        ("Newport (IoW)", "Newport, Isle of Wight"),
        ("newport isle of wight", "Newport, Isle of Wight"),
        ("Newport, Shropshire", "Newport, Shropshire"),
        ("Newport, Telford and Wrekin", "Newport, Shropshire"),
        ("Newport, Gwent", "Newport, Wales"),
        ("Birmingham, West Midlands", "Birmingham, West Midlands"),
        ("Birmingham, UK", "Birmingham, West Midlands"),
        ("Bangor, NI", "Bangor, Ards and North Down"),
        ("Richmond, Surrey", "Richmond, London"),
        ("Croydon, Surrey", "Croydon, London"),
        ("Bromley, Kent", "Bromley, London"),
        ("Wellington, Somerset", "Wellington, Somerset"),
        ("Richmond, N Yorks", "Richmond, North Yorkshire"),
        ("Bangor, Wales", "Bangor, Gwynedd"),
        ("Bangor, Northern Ireland", "Bangor, Ards and North Down"),
        ("Newport, PO30", "Newport, Isle of Wight"),
        ("Ashford, Surrey", "Ashford, Surrey"),
    ] {
        assert_eq!(resolve(text).as_deref(), Ok(expected), "{text}");
    }
}

#[test]
fn a_postcode_behind_a_town_says_more_than_the_town_unless_it_tells_which() {
    for (text, expected) in [
        ("London SE25", Ok("SE25")),
        ("London NW3 2QG", Ok("NW3 2QG")),
        ("Bristol BS3 4DJ", Ok("BS3 4DJ")),
        ("Bristol, BS3", Ok("BS3")),
        ("BS3 Bristol", Ok("BS3")),
        ("Leeds (LS28)", Ok("LS28")),
        ("Elm Street, BS3 4DJ", Ok("BS3 4DJ")),
        ("Newport PO30", Ok("Newport, Isle of Wight")),
        ("Leeds BS3", Err("? Leeds, West Yorkshire | BS3")),
        ("Leeds ZZ1", Err("NoSuchArea")),
        ("BT1 5GS", Err("NorthernIreland")),
        ("Belfast BT1", Err("NorthernIreland")),
        ("JE2 3AB", Err("Islands")),
        ("BS88 9ZZ", Err("NoSuchDistrict")),
        ("BS3 4D", Err("no postcode")),
        ("Wales", Err("country Wales, South Yorkshire")),
        ("the UK", Err("country ")),
    ] {
        let told = resolve(text);
        assert_eq!(told.as_deref().map_err(|told| &**told), expected, "{text}");
    }
}

#[test]
fn what_nobody_knows_is_told_with_what_is_spelt_nearly_so() {
    let told = resolve("Bournmouth").unwrap_err();
    assert!(told.starts_with("- Bournemouth"), "{told}");
    assert_eq!(resolve("Xyzzyville"), Err("- ".to_owned()));
    assert_eq!(resolve(""), Err("- ".to_owned()));
    assert_eq!(resolve("Totnes, Norfolk"), Err("- Totnes, Devon".to_owned()), "the county says otherwise");
}

#[test]
fn all_that_may_be_meant_is_found_the_likeliest_first() {
    let found = |text: &str| {
        let found = PlaceNames::default().find(text, &PostcodePlaces::default(), 3);
        found.into_iter().map(|found| (found.place.name.to_string(), found.by)).collect::<Vec<_>>()
    };
    assert_eq!(found("Newport").first(), Some(&("Newport".to_owned(), NameMatch::Exact)));
    assert_eq!(found("totn"), [("Totnes".to_owned(), NameMatch::Beginning)]);
    assert_eq!(found("Totness"), [("Totnes".to_owned(), NameMatch::Similar)]);
    assert_eq!(found("New").len(), 3);
    assert_eq!(found("!!"), []);
}

mod from_addresses {
    use serde_json::json;

    use super::*;
    use crate::model::{AddressNames, sample};

    /// Learns from locations with these addresses and coordinates.
    fn names(addresses: &[(&str, &str, (f64, f64), &str)]) -> PlaceNames {
        let mut names = AddressNames::default();
        for (line, city, (latitude, longitude), postcode) in addresses {
            let address = json!({
                "part": { "id": "Address:elmshire:1" }, "address_2": line, "city": city, "postal_code": postcode,
                "postcode": postcode, "address_type": "Physical",
            });
            let location = json!({
                "id": "Location(elmshire/l1)", "provenance": provenance(), "order_key": "l", "carried": 0,
                "location_type": "Physical", "coordinates": { "latitude": latitude, "longitude": longitude },
                "addresses": [address], "languages": [], "contacts": [], "phones": [], "schedules": [],
                "attributes": [], "accessibility": [], "metadata": [], "extra": {},
            });
            names.add(&serde_json::from_value(location).unwrap(), &PostcodePlaces::default());
        }
        PlaceNames::with_learnt(names.places())
    }

    fn provenance() -> serde_json::Value {
        serde_json::to_value(&sample::service(&json!({})).provenance).unwrap()
    }

    const BS3: (f64, f64) = (51.4405, -2.5955);

    #[test]
    fn a_part_of_a_town_is_where_its_addresses_are() {
        let known = names(&[
            ("Southmead Rise", "Elmcombe", (51.4405, -2.5955), "BS3 4DJ"),
            ("Unit 4", "ELMCOMBE", (51.4415, -2.5965), "BS3 4DJ"),
            ("North Street", "elmcombe", (51.4425, -2.5975), "BS3 4DJ"),
        ]);
        assert_eq!(resolve_among(&known, "Elmcombe").as_deref(), Ok("Elmcombe, Bristol"));
        let place = known.resolve("elmcombe", &PostcodePlaces::default()).unwrap();
        assert_eq!((place.point.latitude, place.size), (51.4415, Some(3)));
        for no_place in ["North Street", "Unit 4", "Southmead Rise"] {
            assert!(resolve_among(&known, no_place).is_err(), "{no_place}");
        }
    }

    #[test]
    fn a_post_town_is_no_other_town_of_its_name_and_a_slip_no_place() {
        let known = names(&[
            ("Portishead", "Bristol", (51.4847, -2.7680), "BS20 7AN"),
            ("Portishead", "Bristol", (51.4851, -2.7688), "BS20 7AN"),
            ("", "Leeds", BS3, "BS3 4DJ"),
            ("", "England", BS3, "BS3 4DJ"),
        ]);
        assert_eq!(resolve_among(&known, "Bristol").as_deref(), Ok("Bristol"));
        assert_eq!(resolve_among(&known, "Portishead").as_deref(), Ok("Portishead, Somerset"));
        assert_eq!(resolve_among(&known, "Leeds").as_deref(), Ok("Leeds, West Yorkshire"));
        assert!(resolve_among(&known, "England").is_err());
    }

    #[test]
    fn a_place_of_the_sources_is_not_passed_over_for_one_of_the_table() {
        let known = names(&[("", "Sandbach", (51.4291, -2.5687), "BS4 2AA")]);
        assert_eq!(
            resolve_among(&known, "Sandbach"),
            Err("? Sandbach, Cheshire | Sandbach, Bristol".to_owned())
        );
        assert_eq!(resolve_among(&known, "Sandbach, Bristol").as_deref(), Ok("Sandbach, Bristol"));
    }

    #[test]
    fn a_namesake_of_a_village_far_away_is_another_place_and_each_can_be_asked_for() {
        let known = names(&[
            ("", "Sandbach", (53.8151, -1.5312), "LS7 4AA"),
            ("", "Sandbach", (53.8155, -1.5318), "LS7 4AA"),
            ("", "Clifton", (51.4641, -2.6152), "BS8 4AA"),
            ("", "Totnes", (50.4331, -3.6863), "TQ9 5AA"),
            ("", "Halton", (53.7951, -1.4712), "LS15 7AA"),
        ]);
        for (text, expected) in [
            ("Sandbach", Err("? Sandbach, Cheshire | Sandbach, West Yorkshire")),
            ("Sandbach, Leeds", Ok("Sandbach, West Yorkshire")),
            ("Clifton, Bristol", Ok("Clifton, Bristol")),
            ("Totnes", Ok("Totnes, Devon")),
        ] {
            let told = resolve_among(&known, text);
            assert_eq!(told.as_deref().map_err(|told| &**told), expected, "{text}");
        }
        let halton = resolve_among(&known, "Halton").unwrap_err();
        assert!(halton.contains("Halton, West Yorkshire"), "{halton}");
        assert_eq!(misled(&known), [""; 0]);
    }

    #[test]
    fn names_given_all_over_the_country_are_no_places() {
        let known = names(&[
            ("Elmwick", "", (51.4405, -2.5955), ""),
            ("Elmwick", "", (53.4405, -1.5955), ""),
            ("Elmwick", "", (55.4405, -3.5955), ""),
        ]);
        assert!(resolve_among(&known, "Elmwick").is_err());
    }
}
