//! Tests of every form of area, and of whether a place lies in it.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::model::{Coordinates, GeoJson, PartId, Postcode, PostcodePlaces, RecordPart, SourceKey};

/// A postcode directory: one postcode is inside the box below, the others are around it.
const DIRECTORY: &str = "pcds,cty25cd,lad25cd,wd25cd,lat,long,ctry25cd
BS1 4DJ,E99999999,E06000023,E05000001,51.4545,-2.5879,E92000001
BS3 4AA,E99999999,E06000023,E05000002,51.4400,-2.6000,E92000001
BS34 5AA,E99999999,E06000025,E05000003,51.5300,-2.5600,E92000001
BN1 1AA,E10000011,E07000063,E05000004,50.8200,-0.1400,E92000001
CF10 1AA,W99999999,W06000015,W05000001,51.4800,-3.1800,W92000004
";

const RING: &str = "[[[-2.62,51.44],[-2.56,51.44],[-2.56,51.47],[-2.62,51.47],[-2.62,51.44]]]";

fn directory() -> PostcodePlaces {
    PostcodePlaces::from_csv(DIRECTORY.as_bytes()).unwrap()
}

fn place(postcode: &str) -> AskedPlace {
    AskedPlace::of_postcode(&Postcode::parse(postcode).unwrap(), &directory()).unwrap()
}

fn point(latitude: f64, longitude: f64) -> AskedPlace {
    AskedPlace::of_point(Coordinates::new(latitude, longitude).unwrap(), &PostcodePlaces::default())
}

fn area(name: Option<&str>, extent: Option<&str>, uri: Option<&str>, geojson: Option<Value>) -> CoveredArea {
    let key = SourceKey::parse("elm").unwrap();
    let id = PartId::given("ServiceArea", &key, "1");
    let text = |text: Option<&str>| text.map(str::to_owned);
    CoveredArea::of(&ServiceArea {
        part: RecordPart::bare(id),
        name: text(name),
        description: None,
        extent: text(extent),
        extent_type: None,
        uri: text(uri),
        geojson: geojson.as_ref().map(GeoJson::from),
    })
}

fn extent(text: &str) -> CoveredArea {
    area(Some("Elmshire"), Some(text), None, None)
}

fn covered(areas: impl IntoIterator<Item = CoveredArea>, place: &AskedPlace) -> CoverageAnswer {
    ServiceCoverage(areas.into_iter().collect()).covers(place)
}

#[test]
fn the_forms_of_areas_around_one_place() {
    let here = place("BS1 4DJ");
    let polygon = format!(r#"{{"type":"Polygon","coordinates":{RING}}}"#);
    let object = || serde_json::from_str::<Value>(&polygon).ok();
    let swapped = r#"{"type":"Polygon","coordinates":[[[51.44,-2.62],[51.44,-2.56],[51.47,-2.56],[51.47,-2.62],[51.44,-2.62]]]}"#;
    let wkt = "POLYGON((-2.62 51.44,-2.56 51.44,-2.56 51.47,-2.62 51.47,-2.62 51.44))";
    let statistics = "http://statistics.data.gov.uk/id/statistical-geography/E06000023";
    for (what, area, expected) in [
        ("GeoJSON in a text", extent(&polygon), CoverageAnswer::Inside),
        ("GeoJSON in a text in a text", extent(&json!(polygon).to_string()), CoverageAnswer::Inside),
        ("a GeoJSON object", area(None, None, None, object()), CoverageAnswer::Inside),
        ("latitude first", extent(swapped), CoverageAnswer::Inside),
        ("well-known text", extent(wkt), CoverageAnswer::Inside),
        ("a code's address", area(Some("City of Elm"), None, Some(statistics), None), CoverageAnswer::Inside),
        ("a code as text", area(Some("E06000023"), Some("E06000023"), None, None), CoverageAnswer::Inside),
        ("another council's code", extent("E06000025"), CoverageAnswer::Outside),
        ("a code out of use", extent("E06000099"), CoverageAnswer::Unknown),
        ("another country's code", extent("W06000015"), CoverageAnswer::Outside),
        ("a county, which a city has not", extent("E10000011"), CoverageAnswer::Outside),
        ("other districts", extent("BS3, BS4"), CoverageAnswer::Outside),
        ("its own district", extent("BS3; bs1"), CoverageAnswer::Inside),
        ("its country", area(Some("England"), None, None, None), CoverageAnswer::Inside),
        ("everywhere", area(Some("Nationwide"), None, None, None), CoverageAnswer::Inside),
        ("another country", area(Some("Wales"), None, None, None), CoverageAnswer::Outside),
        ("both", area(Some("England and Wales"), None, None, None), CoverageAnswer::Inside),
        (
            "only a name",
            area(Some("South Elmshire"), None, Some("http://www.example.com"), None),
            CoverageAnswer::Unknown,
        ),
        (
            "the name of a council's area",
            area(Some("City of Bristol"), None, None, None),
            CoverageAnswer::Inside,
        ),
        (
            "another's name",
            area(Some("South Gloucestershire"), Some("extent"), None, None),
            CoverageAnswer::Outside,
        ),
        ("a placeholder", extent("extent"), CoverageAnswer::Unknown),
        ("a point", extent(r#"{"type":"Point","coordinates":[-2.5879,51.4545]}"#), CoverageAnswer::Unknown),
        ("a line", extent("LINESTRING(-2.62 51.44,-2.56 51.47)"), CoverageAnswer::Unknown),
    ] {
        assert_eq!(covered([area], &here), expected, "{what}");
    }
}

#[test]
fn what_a_service_covers_is_told_by_all_its_areas() {
    let (inside, outside, unknown) = (|| extent("BS1"), || extent("BS3"), || extent("extent"));
    let here = place("BS1 4DJ");
    assert_eq!(covered([], &here), CoverageAnswer::NoAreas);
    assert_eq!(covered([unknown(), outside(), inside()], &here), CoverageAnswer::Inside);
    assert_eq!(covered([outside(), outside()], &here), CoverageAnswer::Outside);
    assert_eq!(covered([outside(), unknown()], &here), CoverageAnswer::Unknown);
    assert_eq!(covered([unknown()], &here), CoverageAnswer::Unknown);
}

#[test]
fn units_of_postcodes_are_whole() {
    let holds = |list: &str, postcode: &str| {
        let units = PostalUnits::of(list).unwrap_or_else(|| panic!("{list} is a list"));
        units.hold(
            crate::model::geography::postcodes::PostcodeKey::of(&Postcode::parse(postcode).unwrap()).unwrap(),
        )
    };
    for (list, inside, outside) in [
        ("BS3", "BS3 4AA", "BS34 5AA"),
        ("BS34", "BS34 5AA", "BS3 4AA"),
        ("BS3 4", "BS3 4AA", "BS3 5AA"),
        ("bs3 4aa", "BS3 4AA", "BS3 4AB"),
        ("BS34AA", "BS3 4AA", "BS34 4AA"),
        ("BS", "BS34 5AA", "B3 4AA"),
        ("B", "B3 4AA", "BS3 4AA"),
        ("BS3-BS7", "BS5 4AA", "BS34 5AA"),
        ("BS3 \u{2013} 7", "BS7 4AA", "BS8 4AA"),
        ("EC1-EC4", "EC1A 1BB", "EC1A 1BB"),
        ("BS1 BS2 BS3 4 BS5 5AA", "BS3 4ZZ", "BS3 5AA"),
        ("BS1 and BS2 / TA & BS48", "TA1 1AA", "BS4 1AA"),
    ] {
        assert!(holds(list, inside), "{list}: {inside}");
        assert!(inside == outside || !holds(list, outside), "{list}: {outside}");
    }
    for text in
        ["", ",", "Bath", "UK", "BS3 and around", "BS7-BS3", "BS3-BA7", "the Elms", "12", "BS3-BS4000"]
    {
        assert_eq!(PostalUnits::of(text), None, "{text}");
    }
}

#[test]
fn outlines_hold_their_border_and_not_their_holes() {
    let holed = r#"{"type":"FeatureCollection","features":[{"type":"Feature","properties":null,"geometry":null},
        {"type":"Feature","properties":{},"geometry":{"type":"GeometryCollection","geometries":[
        {"type":"Point","coordinates":[0.5,52.5]},
        {"type":"MultiPolygon","coordinates":[[[[0,52],[0,53],[1,53],[1,52]],[[0.4,52.4],[0.6,52.4],[0.6,52.6],[0.4,52.6],[0.4,52.4]]],
        [[[-1,50],[-2,50],[-2,51],[-1,51],[-1,50]]]]}]}}]}"#;
    let held = |latitude, longitude| covered([extent(holed)], &point(latitude, longitude));
    assert_eq!(held(52.2, 0.2), CoverageAnswer::Inside);
    assert_eq!(held(52.0, 0.2), CoverageAnswer::Inside, "on the border, of a ring that was left open");
    assert_eq!(held(52.5, 0.5), CoverageAnswer::Outside, "in the hole");
    assert_eq!(held(50.5, -1.5), CoverageAnswer::Inside, "in the other one, wound the other way");
    assert_eq!(held(51.5, -0.5), CoverageAnswer::Outside, "between the two");
}

#[test]
fn metres_on_the_national_grid_are_understood() {
    let grid = "SRID=27700;POLYGON((358000 172000,359000 172000,359000 173000,358000 173000,358000 172000))";
    assert_eq!(covered([extent(grid)], &point(51.4508, -2.5970)), CoverageAnswer::Inside);
    assert_eq!(covered([extent(grid)], &point(51.4708, -2.5970)), CoverageAnswer::Outside);
    assert_eq!(extent("POLYGON((900 900000,901 900000,901 900001,900 900000))"), CoveredArea::Unreadable);
}

#[test]
fn a_code_is_asked_for_by_itself_and_by_what_it_lies_in() {
    let asked = |code| AskedPlace::of_area(AreaCode::parse(code).unwrap(), &directory());
    assert_eq!(covered([extent("E06000023")], &asked("E06000023")), CoverageAnswer::Inside);
    assert_eq!(covered([extent("E06000023")], &asked("E05000002")), CoverageAnswer::Inside, "a ward of it");
    assert_eq!(
        covered([extent("E05000002")], &asked("E06000023")),
        CoverageAnswer::Unknown,
        "only part of it"
    );
    assert_eq!(covered([extent("E06000025")], &asked("E06000023")), CoverageAnswer::Outside);
    assert_eq!(covered([extent("E10000011")], &asked("E07000063")), CoverageAnswer::Inside);
    assert_eq!(
        covered([area(Some("England"), None, None, None)], &asked("E06000023")),
        CoverageAnswer::Inside
    );
    assert_eq!(covered([extent("BS3")], &asked("E06000023")), CoverageAnswer::Unknown);
    let alone = AskedPlace::of_area(AreaCode::parse("E06000023").unwrap(), &PostcodePlaces::default());
    assert_eq!(covered([extent("E06000025")], &alone), CoverageAnswer::Outside);
}

/// Looks a postcode up in the built-in directory only.
fn built_in(postcode: &str) -> AskedPlace {
    AskedPlace::of_postcode(&Postcode::parse(postcode).unwrap(), &PostcodePlaces::default()).unwrap()
}

#[test]
fn without_a_full_file_the_postcode_tells_the_council_and_its_county() {
    let named = |name: &str| area(Some(name), None, None, None);
    let (bristol, exeter, camden) = (built_in("BS1 4DJ"), built_in("EX1 1AA"), built_in("NW1 0AA"));
    assert!(!bristol.is_approximate() && built_in("BS1 4ZZ").is_approximate());
    for (what, area, place, expected) in [
        ("its code", extent("E06000023"), &bristol, CoverageAnswer::Inside),
        ("its name", named("Bristol"), &bristol, CoverageAnswer::Inside),
        ("its country", named("England"), &bristol, CoverageAnswer::Inside),
        ("another council", named("South Gloucestershire"), &bristol, CoverageAnswer::Outside),
        ("another council's code", extent("E06000025"), &bristol, CoverageAnswer::Outside),
        ("another country", named("Wales"), &bristol, CoverageAnswer::Outside),
        ("a county, which it is no part of", named("Devon"), &bristol, CoverageAnswer::Outside),
        ("London, likewise", named("London"), &bristol, CoverageAnswer::Outside),
        ("a county that is no more", extent("E10000027"), &bristol, CoverageAnswer::Unknown),
        ("the former code of Sheffield", extent("E08000019"), &bristol, CoverageAnswer::Unknown),
        ("a ward", extent("E05010892"), &bristol, CoverageAnswer::Unknown),
        ("a small area for statistics", extent("E01033348"), &bristol, CoverageAnswer::Unknown),
        ("a region", extent("E12000009"), &bristol, CoverageAnswer::Unknown),
        ("its county's code", extent("E10000008"), &exeter, CoverageAnswer::Inside),
        ("its county's name", named("Devon"), &exeter, CoverageAnswer::Inside),
        ("another county", named("Kent County Council"), &exeter, CoverageAnswer::Outside),
        ("another district of the county", named("East Devon"), &exeter, CoverageAnswer::Outside),
        ("a borough of London", named("London Borough of Camden"), &camden, CoverageAnswer::Inside),
        ("London", named("Greater London"), &camden, CoverageAnswer::Inside),
        ("the City, which is small", named("City of London"), &camden, CoverageAnswer::Outside),
    ] {
        assert_eq!(covered([area], place), expected, "{what}");
    }
}

#[test]
fn where_a_sector_lies_in_several_areas_the_letters_tell_the_country_at_most() {
    let (mixed, border) = (built_in("BS1 1ZZ"), built_in("LL14 5ZZ"));
    assert_eq!(covered([area(Some("England"), None, None, None)], &mixed), CoverageAnswer::Inside);
    assert_eq!(covered([extent("E06000023")], &mixed), CoverageAnswer::Unknown);
    assert_eq!(covered([area(Some("Wales"), None, None, None)], &border), CoverageAnswer::Unknown);
    let districts = AskedPlace::of_area(AreaCode::parse("E07000040").unwrap(), &PostcodePlaces::default());
    assert_eq!(covered([area(Some("Devon"), None, None, None)], &districts), CoverageAnswer::Inside);
}

#[test]
fn a_point_lies_in_what_all_around_it_lies_in() {
    let near = |latitude, longitude| {
        AskedPlace::of_point(Coordinates::new(latitude, longitude).unwrap(), &directory())
    };
    assert_eq!(covered([extent("E06000023")], &near(51.4546, -2.5880)), CoverageAnswer::Inside);
    assert_eq!(
        covered([extent("E06000023")], &near(51.60, -2.70)),
        CoverageAnswer::Unknown,
        "far from any postcode"
    );
}

#[test]
fn what_is_kept_comes_back_and_equal_outlines_are_kept_once() {
    let wkt = "POLYGON((-2.62 51.44,-2.56 51.44,-2.56 51.47,-2.62 51.47,-2.62 51.44))";
    let coverage = || {
        ServiceCoverage([extent(wkt), extent("BS3"), extent("E06000023"), extent("UK"), extent("?")].into())
    };
    let kept = serde_json::to_string(&coverage()).unwrap();
    let mut again: ServiceCoverage = serde_json::from_str(&kept).unwrap();
    assert_eq!(again, coverage());

    let (mut shapes, mut other) = (SharedShapes::default(), coverage());
    other.share(&mut shapes);
    again.share(&mut shapes);
    let shape = |coverage: &ServiceCoverage| match coverage.0.first() {
        Some(CoveredArea::Shape(shape)) => Arc::clone(shape),
        other => panic!("{other:?}"),
    };
    assert!(Arc::ptr_eq(&shape(&again), &shape(&other)));
}

#[test]
fn outlines_that_are_none_are_unreadable() {
    let deep = format!("GEOMETRYCOLLECTION{}", "(GEOMETRYCOLLECTION".repeat(50_000));
    assert_eq!(extent(&deep), CoveredArea::Unreadable);
    assert_eq!(extent(&format!("{}{}", "[".repeat(50_000), "]".repeat(50_000))), CoveredArea::Unreadable);
    for position in ["[]", "[1]", "[null,null]", "[1e400,2]", "{}"] {
        let ring = [position; 4].join(",");
        let json = format!(r#"{{"type":"Polygon","coordinates":[[{ring}]]}}"#);
        assert_eq!(extent(&json), CoveredArea::Unreadable, "{position}");
    }
}

fn junk() -> impl Strategy<Value = Value> {
    let number = prop_oneof![
        Just(json!(1e308)),
        Just(json!(-0.0)),
        any::<i64>().prop_map(|n| json!(n)),
        (-200.0..200.0).prop_map(|n: f64| json!(n))
    ];
    let leaf = prop_oneof![number, Just(Value::Null), "[a-z]{0,3}".prop_map(Value::from)];
    let types = prop::sample::select(vec![
        "Polygon",
        "MultiPolygon",
        "Feature",
        "FeatureCollection",
        "GeometryCollection",
        "Point",
    ]);
    leaf.prop_recursive(6, 64, 5, move |inner| {
        let object = (types.clone(), inner.clone()).prop_map(|(kind, inner)| {
            json!({ "type": kind, "coordinates": inner, "geometry": inner, "geometries": inner, "features": inner })
        });
        prop_oneof![prop::collection::vec(inner, 0..5).prop_map(Value::from), object]
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn junk_is_an_area_nobody_can_read_or_one_that_can_be_asked(json in junk(), text in ".{0,40}") {
        let areas = [area(None, None, None, Some(json.clone())), extent(&json.to_string()), extent(&text)];
        let _ = covered(areas, &point(51.4545, -2.5879));
    }

    #[test]
    fn junk_in_well_known_text_never_harms(
        text in "(SRID=4326;)?(POLYGON|MULTIPOLYGON|GEOMETRYCOLLECTION|POINT)? ?[(),0-9. A-Z-]{0,60}",
    ) {
        let _ = covered([extent(&text)], &point(51.4545, -2.5879));
    }

    #[test]
    fn a_box_holds_just_what_its_bounds_do(
        (west, east) in (-9.0..-4.0, -4.0..2.0), (south, north) in (49.0..55.0, 55.0..61.0),
        (latitude, longitude) in (49.0..61.0, -9.0..2.0),
    ) {
        let outline = extent(&format!(
            "POLYGON(({west} {south},{east} {south},{east} {north},{west} {north},{west} {south}))"
        ));
        let within = (south..=north).contains(&latitude) && (west..=east).contains(&longitude);
        let expected = if within { CoverageAnswer::Inside } else { CoverageAnswer::Outside };
        prop_assert_eq!(covered([outline], &point(latitude, longitude)), expected);
    }
}
