//! The real areas in which the feeds are set: neighbourhoods, streets, postcode districts and their positions. Streets
//! and districts are real; house numbers, postcode units and positions are invented.

use super::draw::SeededDraw;

/// A real council area.
#[derive(Debug, PartialEq)]
pub struct DemoPlace {
    /// The name on the command line, e.g. `bristol`.
    pub(super) key: &'static str,
    /// The name of the council area.
    pub(super) name: &'static str,
    /// The county that addresses state.
    pub(super) county: &'static str,
    /// The ONS code of the area.
    pub(super) code: &'static str,
    /// The beginning of a telephone number that Ofcom reserves for drama; three more digits complete it.
    pub(super) landline: &'static str,
    pub(super) neighbourhoods: &'static [InventedNeighbourhood],
}

/// A neighbourhood, with its centre, postcode district and streets.
#[derive(Debug, PartialEq)]
pub(super) struct InventedNeighbourhood {
    pub(super) name: &'static str,
    pub(super) town: &'static str,
    pub(super) latitude: f64,
    pub(super) longitude: f64,
    pub(super) district: &'static str,
    pub(super) streets: &'static [&'static str],
}

impl DemoPlace {
    /// Returns all areas.
    pub fn all() -> &'static [DemoPlace] {
        PLACES
    }

    /// Returns the area with a key, e.g. `shropshire`.
    pub fn named(key: &str) -> Option<&'static DemoPlace> {
        PLACES.iter().find(|place| place.key == key)
    }

    /// Returns the key that [`DemoPlace::named`] takes.
    pub fn key(&self) -> &'static str {
        self.key
    }

    /// Returns the name of the area as its council writes it.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Returns the smallest box around the neighbourhoods, plus a margin, in degrees: west, south, east, north.
    pub(super) fn bounds(&self) -> [f64; 4] {
        let margin = 0.02;
        let mut bounds = [f64::MAX, f64::MAX, f64::MIN, f64::MIN];
        for hood in self.neighbourhoods {
            let [west, south, east, north] = bounds;
            bounds = [
                west.min(hood.longitude - margin),
                south.min(hood.latitude - margin),
                east.max(hood.longitude + margin),
                north.max(hood.latitude + margin),
            ];
        }
        bounds
    }
}

impl InventedNeighbourhood {
    /// Returns a well-formed postcode with the real district and an invented sector and unit.
    pub(super) fn postcode(&self, draw: &mut SeededDraw) -> String {
        const UNIT: &[char] = &[
            'A', 'B', 'D', 'E', 'F', 'G', 'H', 'J', 'L', 'N', 'P', 'Q', 'R', 'S', 'T', 'U', 'W', 'X', 'Y',
            'Z',
        ];
        let sector = draw.between(1, 9);
        format!("{} {sector}{}{}", self.district, draw.pick(UNIT), draw.pick(UNIT))
    }

    /// Returns a point within a few streets of the centre: latitude and longitude in degrees.
    pub(super) fn point(&self, draw: &mut SeededDraw) -> (f64, f64) {
        let near = |centre: f64, reach: f64, offset: f64| ((centre + reach * offset) * 1e5).round() / 1e5;
        (near(self.latitude, 0.004, draw.offset()), near(self.longitude, 0.006, draw.offset()))
    }
}

const fn hood(
    name: &'static str,
    town: &'static str,
    (latitude, longitude): (f64, f64),
    district: &'static str,
    streets: &'static [&'static str],
) -> InventedNeighbourhood {
    InventedNeighbourhood { name, town, latitude, longitude, district, streets }
}

static PLACES: &[DemoPlace] = &[
    DemoPlace {
        key: "bristol",
        name: "Bristol",
        county: "Bristol",
        code: "E06000023",
        landline: "0117 496 0",
        neighbourhoods: &[
            hood(
                "Bedminster",
                "Bristol",
                (51.4403, -2.5951),
                "BS3",
                &["North Street", "East Street", "West Street", "Cannon Street"],
            ),
            hood(
                "Southville",
                "Bristol",
                (51.4432, -2.6040),
                "BS3",
                &["Coronation Road", "Raleigh Road", "Upton Road"],
            ),
            hood(
                "Easton",
                "Bristol",
                (51.4653, -2.5610),
                "BS5",
                &["St Mark's Road", "Stapleton Road", "Robertson Road"],
            ),
            hood(
                "St George",
                "Bristol",
                (51.4610, -2.5410),
                "BS5",
                &["Church Road", "Summerhill Road", "Beaufort Road"],
            ),
            hood(
                "St Pauls",
                "Bristol",
                (51.4627, -2.5818),
                "BS2",
                &["Grosvenor Road", "City Road", "Ashley Road"],
            ),
            hood(
                "Knowle West",
                "Bristol",
                (51.4217, -2.5950),
                "BS4",
                &["Filwood Broadway", "Leinster Avenue", "Melvin Square"],
            ),
            hood(
                "Hartcliffe",
                "Bristol",
                (51.4073, -2.5960),
                "BS13",
                &["Symes Avenue", "Hareclive Road", "Bishport Avenue"],
            ),
            hood(
                "Lockleaze",
                "Bristol",
                (51.4883, -2.5640),
                "BS7",
                &["Gainsborough Square", "Romney Avenue", "Muller Road"],
            ),
            hood(
                "Horfield",
                "Bristol",
                (51.4880, -2.5830),
                "BS7",
                &["Gloucester Road", "Filton Avenue", "Ashley Down Road"],
            ),
            hood(
                "Southmead",
                "Bristol",
                (51.5010, -2.6010),
                "BS10",
                &["Greystoke Avenue", "Arnside Road", "Doncaster Road"],
            ),
            hood(
                "Lawrence Weston",
                "Bristol",
                (51.5020, -2.6560),
                "BS11",
                &["Ridingleaze", "Long Cross", "Kings Weston Lane"],
            ),
            hood(
                "Fishponds",
                "Bristol",
                (51.4807, -2.5260),
                "BS16",
                &["Fishponds Road", "Lodge Causeway", "Straits Parade"],
            ),
        ],
    },
    DemoPlace {
        key: "shropshire",
        name: "Shropshire",
        county: "Shropshire",
        code: "E06000051",
        landline: "01632 960",
        neighbourhoods: &[
            hood(
                "Castlefields",
                "Shrewsbury",
                (52.7150, -2.7440),
                "SY1",
                &["New Park Road", "Beacall's Lane", "North Street"],
            ),
            hood(
                "Harlescott",
                "Shrewsbury",
                (52.7350, -2.7290),
                "SY1",
                &["Harlescott Lane", "Meadow Farm Drive", "Mount Pleasant Road"],
            ),
            hood(
                "Belle Vue",
                "Shrewsbury",
                (52.6980, -2.7470),
                "SY3",
                &["Belle Vue Road", "Trinity Street", "Longden Road"],
            ),
            hood(
                "Oswestry",
                "Oswestry",
                (52.8598, -3.0540),
                "SY11",
                &["Leg Street", "Church Street", "Beatrice Street"],
            ),
            hood(
                "Ludlow",
                "Ludlow",
                (52.3678, -2.7190),
                "SY8",
                &["Corve Street", "Old Street", "Smithfield Close"],
            ),
            hood(
                "Bridgnorth",
                "Bridgnorth",
                (52.5353, -2.4190),
                "WV16",
                &["Whitburn Street", "Listley Street", "Severn Street"],
            ),
            hood(
                "Market Drayton",
                "Market Drayton",
                (52.9040, -2.4850),
                "TF9",
                &["Cheshire Street", "Shropshire Street", "Frogmore Road"],
            ),
            hood(
                "Whitchurch",
                "Whitchurch",
                (52.9690, -2.6820),
                "SY13",
                &["Green End", "Bargates", "Dodington"],
            ),
            hood("Wem", "Wem", (52.8560, -2.7260), "SY4", &["High Street", "Aston Street", "New Street"]),
            hood(
                "Church Stretton",
                "Church Stretton",
                (52.5390, -2.8080),
                "SY6",
                &["Sandford Avenue", "Easthope Road", "Beaumont Road"],
            ),
            hood(
                "Craven Arms",
                "Craven Arms",
                (52.4410, -2.8350),
                "SY7",
                &["Corvedale Road", "Market Street", "Newington Way"],
            ),
            hood(
                "Ellesmere",
                "Ellesmere",
                (52.9070, -2.8940),
                "SY12",
                &["Scotland Street", "Cross Street", "Trimpley Street"],
            ),
        ],
    },
    DemoPlace {
        key: "leeds",
        name: "Leeds",
        county: "West Yorkshire",
        code: "E08000035",
        landline: "0113 496 0",
        neighbourhoods: &[
            hood(
                "Harehills",
                "Leeds",
                (53.8110, -1.5080),
                "LS8",
                &["Roundhay Road", "Harehills Lane", "Foundry Avenue"],
            ),
            hood(
                "Chapeltown",
                "Leeds",
                (53.8165, -1.5300),
                "LS7",
                &["Chapeltown Road", "Reginald Terrace", "Roundhay Road"],
            ),
            hood(
                "Burmantofts",
                "Leeds",
                (53.8020, -1.5170),
                "LS9",
                &["Stoney Rock Lane", "Lupton Avenue", "Nippet Lane"],
            ),
            hood(
                "Beeston",
                "Leeds",
                (53.7750, -1.5570),
                "LS11",
                &["Beeston Road", "Dewsbury Road", "Tempest Road"],
            ),
            hood(
                "Holbeck",
                "Leeds",
                (53.7850, -1.5590),
                "LS11",
                &["Domestic Street", "Shafton Lane", "Jenkinson Lawn"],
            ),
            hood(
                "Armley",
                "Leeds",
                (53.7970, -1.5900),
                "LS12",
                &["Town Street", "Stocks Hill", "Armley Ridge Road"],
            ),
            hood(
                "Bramley",
                "Leeds",
                (53.8110, -1.6290),
                "LS13",
                &["Town Street", "Broad Lane", "Upper Town Street"],
            ),
            hood(
                "Seacroft",
                "Leeds",
                (53.8200, -1.4620),
                "LS14",
                &["Seacroft Crescent", "South Parkway", "Boggart Hill Drive"],
            ),
            hood(
                "Headingley",
                "Leeds",
                (53.8200, -1.5770),
                "LS6",
                &["Otley Road", "North Lane", "Bennett Road"],
            ),
            hood(
                "Middleton",
                "Leeds",
                (53.7480, -1.5450),
                "LS10",
                &["Middleton Park Avenue", "Town Street", "Acre Road"],
            ),
            hood("Otley", "Otley", (53.9060, -1.6930), "LS21", &["Boroughgate", "Kirkgate", "Nelson Street"]),
            hood(
                "Morley",
                "Leeds",
                (53.7490, -1.6030),
                "LS27",
                &["Queen Street", "Commercial Street", "Fountain Street"],
            ),
        ],
    },
    DemoPlace {
        key: "dorset",
        name: "Dorset",
        county: "Dorset",
        code: "E06000059",
        landline: "01632 960",
        neighbourhoods: &[
            hood(
                "Dorchester",
                "Dorchester",
                (50.7150, -2.4370),
                "DT1",
                &["High West Street", "Trinity Street", "Colliton Street"],
            ),
            hood(
                "Westham",
                "Weymouth",
                (50.6130, -2.4700),
                "DT4",
                &["Abbotsbury Road", "Lanehouse Rocks Road", "Newstead Road"],
            ),
            hood("Easton", "Portland", (50.5470, -2.4350), "DT5", &["Easton Street", "Wakeham", "Reforne"]),
            hood(
                "Bridport",
                "Bridport",
                (50.7330, -2.7580),
                "DT6",
                &["South Street", "East Street", "Victoria Grove"],
            ),
            hood(
                "Sherborne",
                "Sherborne",
                (50.9470, -2.5170),
                "DT9",
                &["Cheap Street", "Half Moon Street", "Digby Road"],
            ),
            hood(
                "Blandford Forum",
                "Blandford Forum",
                (50.8570, -2.1650),
                "DT11",
                &["Salisbury Street", "East Street", "The Plocks"],
            ),
            hood(
                "Wimborne Minster",
                "Wimborne",
                (50.7990, -1.9880),
                "BH21",
                &["East Borough", "West Borough", "King Street"],
            ),
            hood(
                "Swanage",
                "Swanage",
                (50.6080, -1.9580),
                "BH19",
                &["High Street", "Kings Road West", "Chapel Lane"],
            ),
            hood(
                "Shaftesbury",
                "Shaftesbury",
                (51.0050, -2.1970),
                "SP7",
                &["Bell Street", "Coppice Street", "High Street"],
            ),
            hood(
                "Gillingham",
                "Gillingham",
                (51.0370, -2.2760),
                "SP8",
                &["High Street", "Hardings Lane", "Queen Street"],
            ),
        ],
    },
    DemoPlace {
        key: "cardiff",
        name: "Cardiff",
        county: "South Glamorgan",
        code: "W06000015",
        landline: "029 2018 0",
        neighbourhoods: &[
            hood(
                "Splott",
                "Cardiff",
                (51.4840, -3.1490),
                "CF24",
                &["Splott Road", "Carlisle Street", "Habershon Street"],
            ),
            hood(
                "Roath",
                "Cardiff",
                (51.4950, -3.1600),
                "CF24",
                &["Albany Road", "City Road", "Wellfield Road"],
            ),
            hood(
                "Canton",
                "Cardiff",
                (51.4830, -3.2060),
                "CF5",
                &["Cowbridge Road East", "Leckwith Road", "Market Road"],
            ),
            hood(
                "Ely",
                "Cardiff",
                (51.4800, -3.2500),
                "CF5",
                &["Grand Avenue", "Cowbridge Road West", "Wilson Road"],
            ),
            hood(
                "Grangetown",
                "Cardiff",
                (51.4660, -3.1870),
                "CF11",
                &["Penarth Road", "Corporation Road", "Clare Road"],
            ),
            hood(
                "Butetown",
                "Cardiff",
                (51.4670, -3.1660),
                "CF10",
                &["Bute Street", "Loudoun Square", "James Street"],
            ),
            hood(
                "Llanrumney",
                "Cardiff",
                (51.5240, -3.1290),
                "CF3",
                &["Countisbury Avenue", "Llanrumney Avenue", "Ball Road"],
            ),
            hood(
                "Whitchurch",
                "Cardiff",
                (51.5140, -3.2210),
                "CF14",
                &["Merthyr Road", "Penlline Road", "Tyn-y-Parc Road"],
            ),
        ],
    },
];
