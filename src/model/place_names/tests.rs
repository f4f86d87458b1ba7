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
        ("Newport", ["Newport", "Newport, Isle of Wight"]),
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
        let Err(PlaceError::Ambiguous(places)) = PlaceNames::default().resolve(text, &Postcodes::default()) else {
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
    assert_eq!(resolve("Totnes, Norfolk"), Err("- ".to_owned()), "the county says that it is another");
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
