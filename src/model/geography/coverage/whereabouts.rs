//! A place that a client asks about, with everything known about it.

use crate::model::geography::postcodes::PostcodeKey;
use crate::model::{AreaCode, AskedPostcode, Coordinates, Postcode, PostcodeAccuracy, PostcodePlaces};

/// What is known of a place that a client asks about, for comparing it with areas.
#[derive(Clone, Debug, PartialEq)]
pub struct AskedPlace {
    point: Option<Coordinates>,
    key: Option<PostcodeKey>,
    areas: Vec<AreaCode>,
    country: Option<AreaCode>,
    postcodes: PostcodePlaces,
    is_approximate: bool,
}

impl AskedPlace {
    /// Returns the centre of a postcode. Returns `None` if its position is not known.
    pub fn of_postcode(postcode: &Postcode, postcodes: &PostcodePlaces) -> Option<Self> {
        let placed = postcodes.lookup(postcode)?;
        let told = placed.areas.iter().find_map(|area| area.country());
        Some(Self {
            point: Some(placed.coordinates),
            key: PostcodeKey::of(postcode),
            country: told.or_else(|| country_of(postcode)),
            areas: placed.areas,
            postcodes: postcodes.clone(),
            is_approximate: placed.accuracy != PostcodeAccuracy::Postcode,
        })
    }

    /// Returns the centre of a postcode, sector or district, with the areas that all of it lies in. Returns `None` if
    /// its position is not known.
    pub fn of_asked(asked: &AskedPostcode, postcodes: &PostcodePlaces) -> Option<Self> {
        if let AskedPostcode::Whole(postcode) = asked {
            return Self::of_postcode(postcode, postcodes);
        }
        let placed = postcodes.lookup_asked(asked)?;
        let country = placed.areas.iter().find_map(|area| area.country());
        Some(Self {
            point: Some(placed.coordinates),
            key: None,
            areas: placed.areas,
            country,
            postcodes: postcodes.clone(),
            is_approximate: true,
        })
    }

    /// Returns a point, with the areas that all postcodes close to it lie in.
    pub fn of_point(point: Coordinates, postcodes: &PostcodePlaces) -> Self {
        let areas = postcodes.areas_at(point);
        let country = areas.iter().find_map(|area| area.country());
        let postcodes = postcodes.clone();
        Self { point: Some(point), key: None, areas, country, postcodes, is_approximate: false }
    }

    /// Returns an area as a whole.
    pub fn of_area(area: AreaCode, postcodes: &PostcodePlaces) -> Self {
        let (areas, country) = (postcodes.around(area), area.country());
        let postcodes = postcodes.clone();
        Self { point: None, key: None, areas, country, postcodes, is_approximate: false }
    }

    /// Returns the coordinates. `None` for an area.
    pub fn point(&self) -> Option<Coordinates> {
        self.point
    }

    /// Returns the areas that the place is known to lie in.
    pub fn areas(&self) -> &[AreaCode] {
        &self.areas
    }

    /// Returns whether the coordinates are only those of the postcode sector or district.
    pub fn is_approximate(&self) -> bool {
        self.is_approximate
    }

    pub(super) fn key(&self) -> Option<PostcodeKey> {
        self.key
    }

    pub(super) fn country(&self) -> Option<AreaCode> {
        self.country
    }

    /// Returns whether two codes are known to mean different areas.
    pub(super) fn tells_apart(&self, one: AreaCode, other: AreaCode) -> bool {
        self.postcodes.tells_apart(one, other)
    }
}

/// Returns the country of a postcode, if its postcode area determines it.
fn country_of(postcode: &Postcode) -> Option<AreaCode> {
    let outward = postcode.outward();
    let letters = outward.split(|c: char| c.is_ascii_digit()).next()?;
    match letters {
        "BT" => Some(AreaCode::NORTHERN_IRELAND),
        "CF" | "SA" => Some(AreaCode::WALES),
        "AB" | "DD" | "EH" | "FK" | "G" | "HS" | "IV" | "KA" | "KW" | "KY" | "ML" | "PA" | "PH" | "ZE" => {
            Some(AreaCode::SCOTLAND)
        }
        // These lie on both sides of a border, or outside the United Kingdom.
        "CA" | "CH" | "DG" | "GL" | "HR" | "LD" | "LL" | "NP" | "SY" | "TD" | "GY" | "IM" | "JE" => None,
        _ => Some(AreaCode::ENGLAND),
    }
}
