//! Tests of looking up and learning positions, and of reading files.

use super::*;

fn postcode(text: &str) -> Postcode {
    Postcode::parse(text).unwrap()
}

fn at(latitude: f64, longitude: f64) -> Coordinates {
    Coordinates::new(latitude, longitude).unwrap()
}

fn codes(areas: &[AreaCode]) -> Vec<&str> {
    let mut codes: Vec<&str> = areas.iter().map(AreaCode::as_str).collect();
    codes.sort_unstable();
    codes
}

const DIRECTORY: &str = "\u{feff}\"pcd7\",\"pcds\",\"dointr\",\"doterm\",\"cty25cd\",\"lad25cd\",\"wd25cd\",\"lat\",\"long\",\"ctry25cd\",\"oa21cd\"
XB1 4AA,XB1 4AA,200001,,E99999999,E06000023,E05000001,51.4500,-2.5900,E92000001,E00073319
XB1 4AB,XB1 4AB,200001,201501,E99999999,E06000023,E05000001,51.4510,-2.5910,E92000001,E00073320
XB1 4AD,XB1 4AD,200001,,E99999999,E06000023,E05000002,51.4520,-2.5920,E92000001,E00073321
XB1 5AA,XB1 5AA,200001,,E99999999,E06000025,E05000003,51.5000,-2.5000,E92000001,E00073322
XB9 9ZZ,XB9 9ZZ,200001,,E99999999,E99999999,E99999999,99.999999,0.000000,E92000001,E00073322
";

#[test]
fn a_directory_is_read_by_its_header() {
    let table = PostcodePlaces::from_csv(DIRECTORY.as_bytes()).unwrap();
    assert_eq!(table.len(), 4, "one has no position");
    let placed = table.lookup(&postcode("xb14ab")).unwrap();
    assert_eq!((placed.coordinates, placed.accuracy), (at(51.4510, -2.5910), PostcodeAccuracy::Postcode));
    assert_eq!(codes(&placed.areas), ["E05000001", "E06000023", "E92000001"]);
    assert_eq!(placed.local_authority(), AreaCode::parse("E06000023").ok());
}

#[test]
fn what_is_not_in_the_file_is_as_near_as_can_be_told() {
    let table = PostcodePlaces::from_csv(DIRECTORY.as_bytes()).unwrap();
    let sector = table.lookup(&postcode("XB1 4ZZ")).unwrap();
    assert_eq!((sector.coordinates, sector.accuracy), (at(51.4510, -2.5910), PostcodeAccuracy::Sector));
    assert_eq!(codes(&sector.areas), ["E06000023", "E92000001"], "those that all of the sector lies in");
    let district = table.lookup(&postcode("XB1 9ZZ")).unwrap();
    assert_eq!((district.accuracy, codes(&district.areas)), (PostcodeAccuracy::District, vec!["E92000001"]));
    assert_eq!(table.district("XB1").unwrap(), district);
    assert_eq!(table.lookup(&postcode("XB9 9ZZ")), None);
    assert_eq!(table.lookup(&postcode("GIR 0AA")), None);
}

#[test]
fn areas_know_what_they_lie_in() {
    let table = PostcodePlaces::from_csv(DIRECTORY.as_bytes()).unwrap();
    let around = |text| table.around(AreaCode::parse(text).unwrap());
    assert_eq!(codes(&around("E05000002")), ["E05000002", "E06000023", "E92000001"]);
    assert_eq!(codes(&around("E06000023")), ["E06000023", "E92000001"]);
    assert_eq!(codes(&around("E06000099")), ["E06000099", "E92000001"]);
    assert_eq!(codes(&around("E07000040")), ["E07000040", "E10000008", "E92000001"], "by the gazetteer");
}

#[test]
fn code_point_open_has_no_header_and_metres() {
    let rows = "\"BS1 4DJ\",10,358630,172567,\"E92000001\",\"E19000002\",\"E18000010\",\"\",\"E06000023\",\"E05010892\"\n\
                \"BS1 4DZ\",90,0,0,\"E92000001\",\"E19000002\",\"E18000010\",\"\",\"E06000023\",\"E05010892\"\n";
    let table = PostcodePlaces::from_csv(rows.as_bytes()).unwrap();
    assert_eq!(table.len(), 1, "quality 90 has no position");
    let placed = table.lookup(&postcode("BS1 4DJ")).unwrap();
    assert!(placed.coordinates.metres_to(at(51.4508, -2.5970)) < 100.0, "{placed:?}");
    assert_eq!(codes(&placed.areas), ["E05010892", "E06000023", "E92000001"]);
}

#[test]
fn codes_of_a_form_that_is_no_more_are_left_out() {
    let rows =
        "pcd7,pcds,lat,long\nGIR0AA,GIR 0AA,53.5,-2.9\nNPT0AA,NPT 0AA,51.6,-3.0\nXB1 4AA,XB1 4AA,51.4,-2.5\n";
    assert_eq!(PostcodePlaces::from_csv(rows.as_bytes()).unwrap().len(), 1);
}

#[test]
fn faults_are_told_by_line_and_column_and_not_by_what_stands_there() {
    let fault = |text: &str| PostcodePlaces::from_csv(text.as_bytes()).unwrap_err().to_string();
    let header = "pcds,lat,long\n";
    assert_eq!(
        fault(&format!("{header}XB1 4AA,51.4,-2.5\nnonsense,1,2\n")),
        "line 3, column `pcds`: is not a postcode"
    );
    assert_eq!(fault(&format!("{header}XB1 4AA,north,-2.5\n")), "line 2, column `lat`: is not a number");
    assert_eq!(fault(&format!("{header}XB1 4AA,51.4\n")), "line 2, column `long`: is missing");
    assert_eq!(
        fault("XB1 4AA,10,358630,172567\nXB1 4AB,10,x,172567\n"),
        "line 2, column `3`: is not a number"
    );
    assert_eq!(fault(header), "contains no postcode with a position");
    for text in ["", "name,address\nA,B\n", "<html></html>", "\u{0}\u{1}"] {
        assert!(fault(text).starts_with("is not a postcode file"), "{text}: {}", fault(text));
    }
}

#[test]
fn addresses_teach_and_a_wrong_one_does_little_harm() {
    let nothing = PostcodePlaces::default();
    assert_eq!(nothing.lookup(&postcode("XB1 4AA")), None);
    let taught = [
        ("XB1 4AA", at(51.451, -2.591)),
        ("XB1 4AA", at(51.452, -2.592)),
        ("XB1 4AA", at(58.123, -5.123)),
        ("XB1 4AB", at(51.453, -2.593)),
        // Outside the country, or rounded.
        ("XB2 4AA", at(48.123, 11.567)),
        ("XB3 4AA", at(51.45, -2.59)),
    ];
    let table = nothing.learning(taught.map(|(text, point)| (postcode(text), point)));
    let placed = table.lookup(&postcode("XB1 4AA")).unwrap();
    assert_eq!(placed.accuracy, PostcodeAccuracy::Approximate, "nobody has checked it");
    assert!(placed.coordinates.metres_to(at(51.452, -2.592)) < 1.0, "{placed:?}");
    assert_eq!(table.lookup(&postcode("XB1 4ZZ")).unwrap().accuracy, PostcodeAccuracy::Sector);
    assert_eq!(table.lookup(&postcode("XB2 4AA")), None);
    assert_eq!(table.lookup(&postcode("XB3 4AA")), None);
    assert_eq!(table.learning([]).lookup(&postcode("XB1 4AA")), None, "taught anew, from nothing");
}

#[test]
fn addresses_do_not_move_a_postcode_out_of_where_its_sector_or_district_is() {
    let aberdeen = at(57.1472, -2.0951);
    let taught = [
        ("BS3 2XX", aberdeen),
        // This sector is not built in, but its district is.
        ("BS3 0ZZ", aberdeen),
        ("BT1 1AA", aberdeen),
        ("BS3 4ZZ", at(51.4421, -2.5921)),
        ("BT1 5GS", at(54.5971, -5.9302)),
        // Half of the addresses are in one place, half in another, so nothing is learnt.
        ("BS3 4ZY", at(51.4421, -2.5921)),
        ("BS3 4ZY", at(51.4921, -2.5121)),
    ];
    let table = PostcodePlaces::default().learning(taught.map(|(text, point)| (postcode(text), point)));
    let accuracy = |text| table.lookup(&postcode(text)).map(|placed| placed.accuracy);
    for (text, expected) in [
        ("BS3 2XX", Some(PostcodeAccuracy::Sector)),
        ("BS3 0ZZ", Some(PostcodeAccuracy::District)),
        ("BS3 4ZZ", Some(PostcodeAccuracy::Approximate)),
        ("BS3 4ZY", Some(PostcodeAccuracy::Sector)),
        ("BT1 5GS", Some(PostcodeAccuracy::Approximate)),
        ("BT1 1AA", Some(PostcodeAccuracy::District)),
    ] {
        assert_eq!(accuracy(text), expected, "{text}");
    }
    assert!(table.district("BT1").unwrap().coordinates.metres_to(at(54.5971, -5.9302)) < 1.0);
}

#[test]
fn a_postcode_takes_sixteen_bytes_and_its_areas_are_kept_once() {
    let units = |sector: usize| {
        (b'A'..=b'B')
            .flat_map(move |one| (b'D'..=b'H').map(move |other| (sector, char::from(one), char::from(other))))
    };
    let rows: String = (0..1_000)
        .flat_map(units)
        .map(|(sector, one, other)| {
            let (district, digit) = (sector / 10, sector % 10);
            format!("XB{district} {digit}{one}{other},51.4,-2.5,E06000023,E0500{sector:04}\n")
        })
        .collect();
    let table = PostcodePlaces::from_csv(format!("pcds,lat,long,lad,ward\n{rows}").as_bytes()).unwrap();
    assert_eq!(table.len(), 10_000);
    // A row for each postcode; for each ward its code, and a set of two numbers with its end.
    assert_eq!(table.bytes(), 10_000 * 16 + 1_000 * (9 + 4 + 2 * 4) + 9);
}

/// Some of the directory's rows, converted by another program: from the Highlands, islands, town centres and both sides
/// of borders, and some long out of use.
const SAMPLE: [(&str, f64, f64, PostcodeAccuracy, &str); 17] = [
    ("IV27 4EG", 58.02791, -4.40518, PostcodeAccuracy::Postcode, "S12000017"),
    ("PH41 4PL", 57.04052, -5.69778, PostcodeAccuracy::Postcode, "S12000017"),
    ("TR21 0PL", 49.91544, -6.31718, PostcodeAccuracy::Postcode, "E06000053"),
    ("TR21 0JT", 49.91467, -6.31234, PostcodeAccuracy::Postcode, "E06000053"),
    ("ZE2 9AB", 60.34125, -1.01882, PostcodeAccuracy::Postcode, "S12000027"),
    ("HS2 0AA", 58.21892, -6.34995, PostcodeAccuracy::Postcode, "S12000013"),
    ("BS1 4DJ", 51.45173, -2.59686, PostcodeAccuracy::Postcode, "E06000023"),
    ("EC1A 1BB", 51.52457, -0.11204, PostcodeAccuracy::Postcode, "E09000019"),
    ("E20 1EJ", 51.54434, -0.00635, PostcodeAccuracy::Postcode, "E09000025"),
    ("EX1 1AA", 50.72372, -3.52760, PostcodeAccuracy::Postcode, "E07000041"),
    ("LL14 5AA", 52.92989, -3.06777, PostcodeAccuracy::Postcode, "W06000006"),
    ("TD15 1AA", 55.76910, -2.00142, PostcodeAccuracy::Postcode, "E06000057"),
    ("KA27 8AA", 55.57708, -5.15109, PostcodeAccuracy::Postcode, "S12000021"),
    ("NP20 1AA", 51.58973, -2.99732, PostcodeAccuracy::Postcode, "W06000022"),
    ("AB1 0AE", 57.08444, -2.25571, PostcodeAccuracy::Approximate, "S12000034"),
    ("AB1 4NJ", 57.09816, -2.07755, PostcodeAccuracy::Approximate, "S12000033"),
    ("MK1 1DU", 52.00305, -0.73551, PostcodeAccuracy::Approximate, "E06000042"),
];

#[test]
fn postcodes_of_great_britain_are_built_in() {
    let nothing = PostcodePlaces::default();
    for (text, latitude, longitude, accuracy, council) in SAMPLE {
        let placed = nothing.lookup(&postcode(text)).unwrap();
        let off = placed.coordinates.metres_to(at(latitude, longitude));
        assert!(off < 15.0, "{text} is {off} m off");
        assert_eq!(
            (placed.accuracy, placed.local_authority()),
            (accuracy, AreaCode::parse(council).ok()),
            "{text}"
        );
    }
    assert!(nothing.is_empty(), "none is kept in memory");
    assert_eq!(nothing.lookup(&postcode("BT1 1AA")), None, "Northern Ireland is under other terms");
}

#[test]
fn what_is_not_built_in_is_in_the_middle_of_its_sector_or_district() {
    let nothing = PostcodePlaces::default();
    let sector = nothing.lookup(&postcode("BS1 4ZZ")).unwrap();
    assert_eq!(
        (sector.accuracy, codes(&sector.areas)),
        (PostcodeAccuracy::Sector, vec!["E06000023", "E92000001"])
    );
    assert!(sector.coordinates.metres_to(at(51.4517, -2.5961)) < 15.0, "{sector:?}");
    assert_eq!(nothing.sector("BS1", "4").unwrap(), sector);
    let district = nothing.lookup(&postcode("BS1 8ZZ")).unwrap();
    assert_eq!((district.accuracy, codes(&district.areas)), (PostcodeAccuracy::District, vec!["E92000001"]));
    assert!(district.coordinates.metres_to(at(51.4536, -2.5937)) < 15.0, "{district:?}");
    assert_eq!(nothing.district("BS1").unwrap(), district);
    let exeter = nothing.lookup(&postcode("EX1 1ZZ")).unwrap();
    assert_eq!(codes(&exeter.areas), ["E07000041", "E10000008", "E92000001"], "with its county");
    assert_eq!(nothing.district("EC1").unwrap().accuracy, PostcodeAccuracy::District, "EC1A to EC1Y");
    assert_eq!(nothing.district("XB1"), None);
}

#[test]
fn a_point_lies_in_the_council_that_all_postcodes_around_it_lie_in() {
    let nothing = PostcodePlaces::default();
    assert_eq!(codes(&nothing.areas_at(at(51.4517, -2.5969))), ["E06000023", "E92000001"]);
    assert_eq!(codes(&nothing.areas_at(at(49.9145, -6.3150))), ["E06000053", "E92000001"]);
    assert_eq!(nothing.areas_at(at(51.30, -5.50)), [], "at sea");
    assert_eq!(nothing.areas_at(at(40.40, -3.70)), [], "abroad");
}

#[test]
fn a_file_counts_before_what_is_built_in_and_that_before_what_addresses_teach() {
    let rows = "pcds,lad25cd,lat,long\nBS1 4AA,E06000025,51.5000,-2.5000\n";
    let file = PostcodePlaces::from_csv(rows.as_bytes()).unwrap();
    let both = file.learning([
        (postcode("BS1 4AA"), at(50.001, -1.001)),
        (postcode("BS3 4AA"), at(51.001, -1.001)),
        (postcode("BS3 4ZZ"), at(51.442, -2.592)),
        (postcode("XB3 4AA"), at(51.002, -1.002)),
    ]);
    let found = |text| {
        let placed = both.lookup(&postcode(text)).unwrap();
        (placed.coordinates, placed.accuracy, placed.local_authority().map(|area| area.as_str().to_owned()))
    };
    let council = |code: &str| Some(code.to_owned());
    for (text, expected) in [
        ("BS1 4AA", (at(51.5, -2.5), PostcodeAccuracy::Postcode, council("E06000025"))),
        ("BS1 4DJ", (at(51.45172, -2.59682), PostcodeAccuracy::Postcode, council("E06000023"))),
        ("BS1 4ZZ", (at(51.5, -2.5), PostcodeAccuracy::Sector, council("E06000025"))),
        ("BS1 8ZZ", (at(51.5, -2.5), PostcodeAccuracy::District, council("E06000025"))),
        ("BS3 4AA", (at(51.44475, -2.58781), PostcodeAccuracy::Postcode, council("E06000023"))),
        ("BS3 4ZZ", (at(51.442, -2.592), PostcodeAccuracy::Approximate, council("E06000023"))),
        ("XB3 4ZZ", (at(51.002, -1.002), PostcodeAccuracy::Sector, None)),
        ("XB3 1ZZ", (at(51.002, -1.002), PostcodeAccuracy::District, None)),
    ] {
        assert_eq!(found(text), expected, "{text}");
    }
    assert_eq!(both.len(), 3, "what is built in is not learnt");
}

#[test]
fn a_file_that_names_no_areas_leaves_them_to_what_is_built_in() {
    let file =
        PostcodePlaces::from_csv("postcode,latitude,longitude\nBS1 4AA,51.45,-2.59\n".as_bytes()).unwrap();
    let placed = file.lookup(&postcode("BS1 4AA")).unwrap();
    assert_eq!(
        (placed.coordinates, codes(&placed.areas)),
        (at(51.45, -2.59), vec!["E06000023", "E92000001"])
    );
}

#[test]
fn areas_are_told_apart_by_a_list_that_has_both() {
    let apart = |table: &PostcodePlaces, one, other| {
        table.tells_apart(AreaCode::parse(one).unwrap(), AreaCode::parse(other).unwrap())
    };
    let (alone, file) = (PostcodePlaces::default(), PostcodePlaces::from_csv(DIRECTORY.as_bytes()).unwrap());
    assert!(apart(&alone, "E06000023", "E06000025") && !apart(&alone, "E06000023", "E06000023"));
    assert!(!apart(&alone, "E08000038", "E08000016"), "one is the other's former code");
    assert!(!apart(&alone, "E05000001", "E05000002"), "of wards only a file knows");
    assert!(apart(&file, "E05000001", "E05000002") && apart(&file, "E06000023", "W06000015"));
}

#[test]
fn files_are_told_apart_by_what_they_say() {
    let of = |text: &str| PostcodePlaces::from_csv(text.as_bytes()).unwrap().fingerprint();
    let (one, other) = (of(DIRECTORY), of(&DIRECTORY.replace("E06000025", "E06000024")));
    assert_eq!(one, of(DIRECTORY));
    assert!(one != other && one != of(&DIRECTORY.replace("51.5000", "51.5001")));
    assert_ne!(one, PostcodePlaces::default().fingerprint());
}

#[test]
fn the_directory_of_november_2025_is_read_by_its_new_names() {
    let rows = "pcd7,pcd8,pcds,dointr,doterm,cty25cd,ced25cd,lad25cd,wd25cd,nhser24cd,ctry25cd,rgn25cd,pcon24cd,\
                parncp25cd,east1m,north1m,gridind,oa21cd,lsoa21cd,msoa21cd,lat,long,imd20ind\n\
                EX1 1AA,EX1  1AA,EX1 1AA,198001,,E10000008,E58000222,E07000041,E05011020,E40000006,E92000001,\
                E12000009,E14001233,E43000046,292076,92829,1,E00101128,E01019976,E02004158,50.7262,-3.5301,1\n\
                BT1 1AA,BT1  1AA,BT1 1AA,198001,200001,N99999999,N99999999,N09000003,N08000301,N99999999,N92000002,\
                N99999999,N05000001,N99999999,333000,374000,1,N00000001,N20000001,N21000001,54.5991,-5.9290,1\n";
    let table = PostcodePlaces::from_csv(rows.as_bytes()).unwrap();
    let exeter = table.lookup(&postcode("EX1 1AA")).unwrap();
    assert_eq!((exeter.coordinates, exeter.accuracy), (at(50.7262, -3.5301), PostcodeAccuracy::Postcode));
    let expected = [
        "E01019976",
        "E02004158",
        "E05011020",
        "E07000041",
        "E10000008",
        "E12000009",
        "E14001233",
        "E92000001",
    ];
    assert_eq!(codes(&exeter.areas), expected);
    let belfast = table.lookup(&postcode("BT1 1AA")).unwrap();
    assert_eq!(belfast.local_authority(), AreaCode::parse("N09000003").ok());
    // A file with these columns that has only metres.
    let metres = "pcds,lad25cd,east1m,north1m\nBS1 4DJ,E06000023,358630,172567\n";
    let bristol = PostcodePlaces::from_csv(metres.as_bytes()).unwrap().lookup(&postcode("BS1 4DJ")).unwrap();
    assert!(bristol.coordinates.metres_to(at(51.4508, -2.5970)) < 100.0, "{bristol:?}");
}
