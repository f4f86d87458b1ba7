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
        match TriState::any(self.0.iter().map(|area| area.holds(place))) {
            TriState::Yes => CoverageAnswer::Inside,
            TriState::No => CoverageAnswer::Outside,
            TriState::Unknown => CoverageAnswer::Unknown,
        }
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
        if let Some(shape) = outline(area) {
            return Self::Shape(Arc::new(shape));
        }
        let (uri, extent, name) = (area.uri.as_deref(), area.extent.as_deref(), area.name.as_deref());
        if let Some(codes) = [uri, extent, name].into_iter().flatten().find_map(codes::named) {
            return Self::Codes(codes);
        }
        let texts = || [extent, name].into_iter().flatten();
        if let Some(units) = texts().find_map(PostalUnits::of) {
            return Self::Postal(units);
        }
        texts().find_map(names::area).unwrap_or(Self::Unreadable)
    }

    fn holds(&self, place: &AskedPlace) -> TriState {
        match self {
            Self::Everywhere => TriState::Yes,
            Self::Shape(shape) => place.point().map(|point| shape.holds(point)).into(),
            Self::Codes(codes) => codes::any_holds(codes, place),
            Self::Postal(units) => place.key().map(|key| units.hold(key)).into(),
            Self::Unreadable => TriState::Unknown,
        }
    }
}

fn outline(area: &ServiceArea) -> Option<AreaShape> {
    if let Some(geojson) = &area.geojson
        && let Some(shape) = AreaShape::of_geojson(&geojson.value())
    {
        return Some(shape);
    }
    AreaShape::of_text(area.extent.as_deref()?)
}

#[cfg(test)]
mod tests;
