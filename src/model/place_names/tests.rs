//! What is found by a name, what is certain, and what is not.

use super::*;
use crate::model::Postcodes;

fn qualified(places: &[NamedPlace]) -> Vec<String> {
    places.iter().map(|place| place.among(places)).collect()
}

fn resolve_among(names: &PlaceNames, text: &str) -> Result<String, String> {
    match names.resolve(text, &Postcodes::default()) {
        Ok(place) => Ok(place.among([&place])),
        Err(PlaceError::Ambiguous(places)) => Err(format!("? {}", qualified(&places).join(" | "))),
        Err(PlaceError::Unknown(places)) => Err(format!("- {}", qualified(&places).join(" | "))),
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
        ("South Gloucestershire", "South Gloucestershire, Gloucestershire"),
        ("bs3", "BS3"),
        ("BS3-4DJ", "BS3 4DJ, Bristol"),
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

#[test]
fn what_an_error_says_to_write_is_understood() {
    for text in ["Newport", "Newcastle", "Hayes", "Richmond", "Gillingham", "Kingston"] {
        let Err(PlaceError::Ambiguous(places)) = PlaceNames::default().resolve(text, &Postcodes::default())
        else {
            panic!("{text}");
        };
        let ways = qualified(&places);
        for (place, way) in places.iter().zip(&ways).filter(|(_, way)| way.contains(',')) {
            let meant = PlaceNames::default().resolve(way, &Postcodes::default());
            assert_eq!(meant.map(|meant| meant.point), Ok(place.point), "{way}");
        }
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
        ("Newport, Gwent", "Newport"),
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
        let found = PlaceNames::default().find(text, &Postcodes::default(), 3);
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

    /// A service at an address: what it calls the place, twice over, and where it is.
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
            names.add(&serde_json::from_value(location).unwrap(), &Postcodes::default());
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
            ("Southmead Rise", "Bedminster", (51.4405, -2.5955), "BS3 4DJ"),
            ("Unit 4", "BEDMINSTER", (51.4415, -2.5965), "BS3 4DJ"),
            ("North Street", "bedminster", (51.4425, -2.5975), "BS3 4DJ"),
        ]);
        assert_eq!(resolve_among(&known, "Bedminster").as_deref(), Ok("Bedminster, Bristol"));
        let place = known.resolve("bedminster", &Postcodes::default()).unwrap();
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
        let known = names(&[("", "Knowle", (51.4291, -2.5687), "BS4 2AA")]);
        assert_eq!(
            resolve_among(&known, "Knowle"),
            Err("? Knowle, West Midlands | Knowle, Bristol".to_owned())
        );
        assert_eq!(resolve_among(&known, "Knowle, Bristol").as_deref(), Ok("Knowle, Bristol"));
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
