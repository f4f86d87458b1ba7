//! Reports the places that were searched for, whatever was selected and found: how the gateway understood place names
//! and parts of postcodes.

use std::sync::{Mutex, PoisonError};

use async_graphql::{Name, Value};

use super::answer::AnswerExtensions;
use crate::graphql::enums::PlaceKind;
use crate::model::{AskedPostcode, Coordinates, NamedPlace, PlaceKind as Kind, PostcodePlace};

/// The name of the member of `extensions`.
const NAME: &str = "places";

/// The places that one operation asked for by name or by part of a postcode.
#[derive(Default)]
pub(super) struct MeantPlaces(Mutex<Vec<MeantPlace>>);

/// What was asked for, and the place that was used.
#[derive(PartialEq)]
struct MeantPlace {
    asked: String,
    found: String,
    kind: Kind,
    point: Coordinates,
}

impl MeantPlaces {
    /// Notes which place was used for a name.
    pub(super) fn note(&self, asked: &str, place: &NamedPlace) {
        let (asked, found) = (asked.to_owned(), place.ask_as.to_string());
        self.add(MeantPlace { asked, found, kind: place.kind, point: place.point });
    }

    /// Notes the place that was used for a postcode, unless it is the postcode's own position.
    pub(super) fn note_postcode(&self, asked: &AskedPostcode, placed: &PostcodePlace) {
        let (asked, kind) = (asked.to_string(), Kind::from(placed.accuracy));
        if kind != Kind::Postcode {
            self.add(MeantPlace { found: asked.clone(), asked, kind, point: placed.coordinates });
        }
    }

    fn add(&self, place: MeantPlace) {
        let mut noted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !noted.contains(&place) {
            noted.push(place);
        }
    }

    /// Adds the places to the response, if there are any.
    pub(super) fn tell(&self, extensions: &mut AnswerExtensions) {
        let places = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        if !places.is_empty() {
            let told = Value::List(places.iter().map(MeantPlace::told).collect());
            extensions.insert(NAME.to_owned(), told);
        }
    }
}

impl MeantPlace {
    fn told(&self) -> Value {
        let kind = Value::Enum(Name::new(PlaceKind::from(self.kind).written_name()));
        let members = [
            ("asked", Value::from(self.asked.as_str())),
            ("found", Value::from(self.found.as_str())),
            ("kind", kind),
            ("latitude", Value::from(self.point.latitude)),
            ("longitude", Value::from(self.point.longitude)),
        ];
        Value::Object(members.into_iter().map(|(name, value)| (Name::new(name), value)).collect())
    }
}
