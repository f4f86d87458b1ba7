//! Where a service is delivered, and how far that is from a point.

mod cells;
mod geo_box;
mod tiles;

use std::num::NonZeroU16;

use serde::{Deserialize, Serialize};

use crate::model::{Address, Coordinates, Location, LocationType, PostcodePlaces, Service, TriState};

pub use geo_box::{GeoBox, GeoBoxError};
pub use tiles::MapTile;

/// The points at which one service is delivered, in a form in which it is quick to compute distances.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct DeliveryPoints(Box<[DeliveryPoint]>);

/// One point at which a service is delivered.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct DeliveryPoint {
    /// The coordinates.
    pub coordinates: Coordinates,
    /// Whether the position is only approximate: the centre of a postcode, or coordinates that were rounded to hide it.
    pub approximate: bool,
    /// The index plus one, so that `Option` needs no extra space.
    ordinal: NonZeroU16,
}

/// A point, and the distance that counts as near it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NearPoint {
    /// The centre.
    pub centre: Coordinates,
    /// The distance from the centre in metres, inclusive.
    pub within_metres: f64,
}

/// The point of a service that is nearest to another point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NearestPoint {
    /// The distance in metres, on the sphere.
    pub metres: f64,
    /// The point.
    pub point: DeliveryPoint,
}

impl NearPoint {
    /// The greatest distance that may be asked for, in metres.
    pub const WIDEST: f64 = 500_000.0;

    /// Whether a point is near enough.
    pub fn holds(&self, point: Coordinates) -> bool {
        self.centre.metres_to(point) <= self.within_metres
    }
}

impl DeliveryPoint {
    /// Returns the index of the `service_at_locations` entry that the point belongs to.
    pub fn service_at_location(self) -> usize {
        usize::from(self.ordinal.get()) - 1
    }
}

impl DeliveryPoints {
    /// Collects the points of a service: the coordinates of its locations or, for a location without coordinates, the
    /// centre of its postcode. Virtual locations have no point.
    pub fn of(service: &Service, postcodes: &PostcodePlaces) -> Self {
        let locations = service.service_at_locations.iter().map(|place| place.location.as_deref());
        // Locations after the first 65,535 are not found by distance. No service has so many.
        let numbered = (1..=u16::MAX).filter_map(NonZeroU16::new).zip(locations);
        let points = numbered.filter_map(|(ordinal, location)| {
            let (coordinates, approximate) = place_of(location?, postcodes)?;
            Some(DeliveryPoint { coordinates, approximate, ordinal })
        });
        Self(points.collect())
    }

    /// Returns all points, in the order of the service's `service_at_locations`.
    pub fn iter(&self) -> impl Iterator<Item = DeliveryPoint> {
        self.0.iter().copied()
    }

    /// Returns the point nearest to `from`. Returns `None` if the service has no points.
    pub fn nearest(&self, from: Coordinates) -> Option<NearestPoint> {
        let each = self.iter().map(|point| NearestPoint { metres: from.metres_to(point.coordinates), point });
        each.min_by(|one, other| one.metres.total_cmp(&other.metres))
    }

    /// The points that are near enough.
    pub fn within(&self, near: NearPoint) -> impl Iterator<Item = DeliveryPoint> {
        self.iter().filter(move |point| near.holds(point.coordinates))
    }

    /// Returns whether any of the points is near enough. Unknown if there are none.
    pub fn matches(&self, near: NearPoint) -> TriState {
        if self.0.is_empty() {
            return TriState::Unknown;
        }
        if self.within(near).next().is_some() { TriState::Yes } else { TriState::No }
    }
}

/// Returns the coordinates of a location or, if it has none, the centre of its postcode; and whether the position is
/// only approximate. Returns `None` for virtual locations, and if the position is not known.
pub fn place_of(location: &Location, postcodes: &PostcodePlaces) -> Option<(Coordinates, bool)> {
    if location.location_type == LocationType::Virtual {
        return None;
    }
    if let Some(coordinates) = location.coordinates.filter(|point| point.is_somewhere()) {
        return Some((coordinates, coordinates.is_rounded()));
    }
    let mut addresses: Vec<&Address> = location.addresses.iter().map(AsRef::as_ref).collect();
    // A postal address need not be where the service is.
    addresses.sort_by_key(|address| address.address_type == LocationType::Postal);
    let goes_to = addresses.iter().filter(|address| address.address_type != LocationType::Virtual);
    let centre = goes_to.filter_map(|address| postcodes.lookup(address.postcode.as_ref()?)).next()?;
    Some((centre.coordinates, true))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use chrono::DateTime;
    use serde_json::Map;

    use super::*;
    use crate::model::{
        CarriedMembers, ContentHash, OrderKey, PartId, Postcode, Provenance, RecordId, RecordKind,
        RecordPart, SourceKey,
    };

    fn at(latitude: f64, longitude: f64) -> Coordinates {
        Coordinates::new(latitude, longitude).unwrap()
    }

    fn points(places: &[Coordinates]) -> DeliveryPoints {
        let numbered = (1..).filter_map(NonZeroU16::new).zip(places);
        let point = |(ordinal, place): (_, &Coordinates)| DeliveryPoint {
            coordinates: *place,
            approximate: false,
            ordinal,
        };
        DeliveryPoints(numbered.map(point).collect())
    }

    fn within(metres: f64) -> NearPoint {
        NearPoint { centre: at(51.4545, -2.5879), within_metres: metres }
    }

    #[test]
    fn metres_are_measured_on_the_sphere_and_both_ends_count() {
        let there = at(51.4400, -2.6000);
        let metres = within(0.0).centre.metres_to(there);
        assert!((metres - 1_817.3).abs() < 0.05, "{metres}");
        let service = points(&[at(53.0, -1.0), there]);
        assert_eq!(service.matches(within(1_800.0)), TriState::No);
        assert_eq!(service.matches(within(1_818.0)), TriState::Yes);
        assert_eq!(service.matches(within(1.8)), TriState::No, "metres, not kilometres");
        assert_eq!(service.matches(within(metres)), TriState::Yes);
        let nearest = service.nearest(within(0.0).centre).unwrap();
        assert_eq!((nearest.metres, nearest.point.service_at_location()), (metres, 1));
        assert_eq!(service.within(within(1_818.0)).count(), 1);
    }

    fn location(
        kind: LocationType,
        coordinates: Option<Coordinates>,
        addresses: &[(LocationType, &str)],
    ) -> Location {
        let key = SourceKey::parse("elm").unwrap();
        let part = || RecordPart::bare(PartId::given("Address", &key, "1"));
        let address = |(address_type, postcode): &(LocationType, &str)| Address {
            part: part(),
            attention: None,
            address_1: None,
            address_2: None,
            city: None,
            region: None,
            state_province: None,
            postal_code: None,
            postcode: Postcode::parse(postcode).ok(),
            country: None,
            address_type: *address_type,
        };
        Location {
            id: RecordId::new(RecordKind::Location, &key, "1"),
            provenance: Provenance {
                upstream_url: None,
                fetched_at: DateTime::UNIX_EPOCH,
                fresh_until: DateTime::UNIX_EPOCH,
                last_modified: None,
                assured_date: None,
                assurer_email: None,
                shallow: false,
                content_hash: ContentHash::of(b""),
                issues: Vec::new(),
                read_bytes: 0,
                origin: None,
            },
            order_key: OrderKey::of(""),
            carried: CarriedMembers::default(),
            location_type: kind,
            name: None,
            alternate_name: None,
            description: None,
            url: None,
            transportation: None,
            coordinates,
            external_identifier: None,
            external_identifier_type: None,
            organization_id: None,
            addresses: addresses.iter().map(address).map(Arc::new).collect(),
            accessibility: Vec::new(),
            languages: Vec::new(),
            contacts: Vec::new(),
            phones: Vec::new(),
            schedules: Vec::new(),
            attributes: Vec::new(),
            metadata: Vec::new(),
            extra: Map::new(),
        }
    }

    #[test]
    fn a_location_is_where_it_says_else_where_its_postcode_is() {
        use LocationType::{Physical, Postal, Unknown, Virtual};
        let of_postcode =
            |text| PostcodePlaces::default().lookup(&Postcode::parse(text).unwrap()).unwrap().coordinates;
        let (exact, bs3, cf3) = (at(51.4545, -2.5879), of_postcode("BS3 4AA"), of_postcode("CF3 1AA"));
        assert!(bs3.metres_to(cf3) > 30_000.0);
        let place = |kind, coordinates, addresses: &[(LocationType, &str)]| {
            place_of(&location(kind, coordinates, addresses), &PostcodePlaces::default())
        };
        assert_eq!(place(Physical, Some(exact), &[(Physical, "BS3 4AA")]), Some((exact, false)));
        assert_eq!(place(Unknown, Some(at(51.45, -2.59)), &[]), Some((at(51.45, -2.59), true)));
        assert_eq!(place(Unknown, None, &[(Postal, "CF3 1AA"), (Unknown, "BS3 4AA")]), Some((bs3, true)));
        assert_eq!(place(Unknown, None, &[(Postal, "CF3 1AA"), (Virtual, "BS3 4AA")]), Some((cf3, true)));
        let null_island = Some(Coordinates { latitude: 0.0, longitude: 0.0 });
        assert_eq!(place(Physical, null_island, &[(Physical, "BS3 4AA")]), Some((bs3, true)));
        assert_eq!(place(Virtual, Some(exact), &[(Physical, "BS3 4AA")]), None);
        assert_eq!(place(Physical, None, &[(Physical, "XB1 1AA"), (Physical, "")]), None);
    }

    #[test]
    fn nobody_knows_how_far_nowhere_is() {
        assert_eq!(DeliveryPoints::default().matches(within(500_000.0)), TriState::Unknown);
        assert_eq!(DeliveryPoints::default().nearest(within(0.0).centre), None);
    }

    #[test]
    fn two_decimals_hide_where_a_place_is() {
        assert!(at(51.45, -2.58).is_rounded() && at(51.4, -2.0).is_rounded());
        assert!(!at(51.454, -2.58).is_rounded() && !at(51.45, -2.5879).is_rounded());
    }

    #[test]
    fn points_come_back_as_they_were_kept() {
        let service = points(&[at(51.4545, -2.5879), at(53.0, -1.0)]);
        let kept = serde_json::to_string(&service).unwrap();
        assert_eq!(serde_json::from_str::<DeliveryPoints>(&kept).unwrap(), service);
    }
}
