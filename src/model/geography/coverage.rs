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

/// The areas that one service covers, in a form in which it is quick to test whether a place lies in them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ServiceCoverage(Box<[CoveredArea]>);

/// Whether a service covers a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CoverageAnswer {
    /// The place lies in one of its areas.
    Inside,
    /// It lies in none of them.
    Outside,
    /// It lies in none of the areas that can be read, and some cannot be read.
    Unknown,
    /// The service states no area. By the standard's guidance it is open to all, so it matches unless the client wants
    /// only stated areas.
    NoAreas,
}

/// One area, read as far as possible.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
enum CoveredArea {
    /// All of the United Kingdom.
    Everywhere,
    /// The inside of an outline.
    Shape(Arc<AreaShape>),
    /// Areas given by their official codes.
    Codes(Box<[AreaCode]>),
    /// Postcodes, or groups of postcodes.
    Postal(PostalUnits),
    /// It is unknown where the area is.
    Unreadable,
}

impl ServiceCoverage {
    /// Reads the areas of a service and of its `service_at_locations`.
    pub fn of(service: &Service) -> Self {
        let there = service.service_at_locations.iter().flat_map(|place| &place.service_areas);
        Self(service.service_areas.iter().chain(there).map(|area| CoveredArea::of(area)).collect())
    }

    /// Returns whether a place lies in one of the areas.
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

    /// Replaces outlines that other services also have with shared copies.
    pub fn share(&mut self, shapes: &mut SharedShapes) {
        for area in &mut self.0 {
            if let CoveredArea::Shape(shape) = area {
                shapes.share(shape);
            }
        }
    }
}

impl CoveredArea {
    /// Reads an area from the first of its members that says where it is.
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
