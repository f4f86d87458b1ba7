//! The areas that a service covers, and whether a place lies in them.

mod codes;
mod names;
mod postal;
mod shape;
mod shapes;
mod whereabouts;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::{AreaCode, Service, ServiceArea, TriState};
use postal::PostalUnits;
use shape::AreaShape;

pub use shapes::SharedShapes;
pub use whereabouts::AskedPlace;

/// The areas that one service covers, compiled for asking whether a place lies in them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ServiceCoverage(Box<[CoveredArea]>);

/// Whether a service covers a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoverageAnswer {
    /// The place lies in one of its areas.
    Inside,
    /// It lies in none of them.
    Outside,
    /// It lies in none of those that can be read, and there are others.
    Unknown,
    /// The service states no area. By the guidance it is open to all, and matches unless somebody wants only what is
    /// stated.
    NoAreas,
}

/// One area, read as far as that is possible.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum CoveredArea {
    /// All of the United Kingdom.
    Everywhere,
    /// What lies within an outline.
    Shape(Arc<AreaShape>),
    /// Areas by their codes in the national statistics.
    Codes(Box<[AreaCode]>),
    /// Postcodes, whole or by their first parts.
    Postal(PostalUnits),
    /// Nobody can tell where it is.
    Unreadable,
}

impl ServiceCoverage {
    /// The areas of a service, and those of its service_at_locations.
    pub fn of(service: &Service) -> Self {
        let there = service.service_at_locations.iter().flat_map(|place| &place.service_areas);
        Self(service.service_areas.iter().chain(there).map(|area| CoveredArea::of(area)).collect())
    }

    /// Whether a place lies in one of the areas.
    pub fn covers(&self, place: &AskedPlace) -> CoverageAnswer {
        if self.0.is_empty() {
            return CoverageAnswer::NoAreas;
        }
        let mut doubtful = false;
        for area in &self.0 {
            match area.holds(place) {
                TriState::Yes => return CoverageAnswer::Inside,
                TriState::Unknown => doubtful = true,
                TriState::No => {}
            }
        }
        if doubtful { CoverageAnswer::Unknown } else { CoverageAnswer::Outside }
    }

    /// Keeps outlines that others have too only once.
    pub fn share(&mut self, shapes: &mut SharedShapes) {
        for area in &mut self.0 {
            if let CoveredArea::Shape(shape) = area {
                shapes.share(shape);
            }
        }
    }
}

impl CoveredArea {
    /// Reads an area by the first of its members that says where it is.
    fn of(area: &ServiceArea) -> Self {
        let texts = || [&area.extent, &area.name].into_iter().flatten().map(String::as_str);
        let shape = || {
            let geojson = area.geojson.as_ref().and_then(|geojson| AreaShape::of_geojson(&geojson.value()));
            let shape = geojson.or_else(|| area.extent.as_deref().and_then(AreaShape::of_text))?;
            Some(Self::Shape(Arc::new(shape)))
        };
        let codes = || area.uri.as_deref().into_iter().chain(texts()).find_map(codes::named).map(Self::Codes);
        let postal = || texts().find_map(PostalUnits::of).map(Self::Postal);
        let name = || texts().find_map(names::area);
        shape().or_else(codes).or_else(postal).or_else(name).unwrap_or(Self::Unreadable)
    }

    fn holds(&self, place: &AskedPlace) -> TriState {
        match self {
            Self::Everywhere => TriState::Yes,
            Self::Shape(shape) => told(place.point().map(|point| shape.holds(point))),
            Self::Codes(codes) => codes::any_holds(codes, place),
            Self::Postal(units) => told(place.key().map(|key| units.hold(key))),
            Self::Unreadable => TriState::Unknown,
        }
    }
}

fn told(fact: Option<bool>) -> TriState {
    match fact {
        Some(true) => TriState::Yes,
        Some(false) => TriState::No,
        None => TriState::Unknown,
    }
}

#[cfg(test)]
mod tests;
