//! Where postcodes are, and in which areas: from a full file, from the built-in directory, and from the addresses of
//! published locations.

mod built_in;
mod doubt;
mod file;
pub(in crate::model) mod grid;
mod key;
mod table;

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::Read;
use std::sync::Arc;

use crate::model::geography::areas;
use crate::model::{AreaCode, AreaKind, AskedPostcode, Coordinates, Postcode};
use built_in::PostcodeDirectory;
use table::{PostcodeTable, TableBuilder};

pub use doubt::PostcodeDoubt;
pub use file::PostcodesError;
pub(in crate::model) use key::{PostcodeKey, PostcodeSpan};

/// The positions of postcodes.
///
/// Uses the most precise position known: the postcode's own, else the centre of its sector, else that of its district.
/// For each, a configured file takes precedence over the built-in directory, and that over addresses. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct PostcodePlaces {
    file: Arc<PostcodeTable>,
    learnt: Arc<PostcodeTable>,
}

// Compares identity, not content: there may be millions of postcodes.
impl PartialEq for PostcodePlaces {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.file, &other.file) && Arc::ptr_eq(&self.learnt, &other.learnt)
    }
}

/// The distance in metres within which postcodes determine the area of a point.
const CLOSE: f64 = 500.0;
/// The distance in metres within which the nearest postcode is searched for.
const NEAREST: f64 = 5_000.0;
/// The distance in metres within which most addresses of a postcode must lie.
const AGREED: f64 = 500.0;

/// The position of a postcode.
#[derive(Clone, Debug, PartialEq)]
pub struct PostcodePlace {
    /// Its centre.
    pub coordinates: Coordinates,
    /// How precise the position is.
    pub accuracy: PostcodeAccuracy,
    /// The areas that it certainly lies in, unsorted. May be incomplete.
    pub areas: Vec<AreaCode>,
}

/// How precise the position of a postcode is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PostcodeAccuracy {
    /// The centre of the postcode itself.
    Postcode,
    /// The postcode itself, to about 150 metres: it was withdrawn before 2000, when positions were recorded to a
    /// hundred metres; or the position comes from unverified addresses.
    Approximate,
    /// The middle of its sector, e.g. `BS1 4`.
    Sector,
    /// The middle of its district, e.g. `BS1`.
    District,
}

impl PostcodePlace {
    /// The council area that it lies in.
    pub fn local_authority(&self) -> Option<AreaCode> {
        self.areas.iter().copied().find(|area| area.kind() == Some(AreaKind::LocalAuthority))
    }

    /// Adds areas: those from `others` if there are none, and the wider areas that follow from them.
    fn with_areas(mut self, others: impl FnOnce() -> Vec<AreaCode>) -> Self {
        if self.areas.is_empty() {
            self.areas = others();
        }
        Self { areas: completed(self.areas), ..self }
    }
}

impl PostcodePlaces {
    /// Reads a full file: the ONS Postcode Directory or the National Statistics Postcode Lookup of any release,
    /// recognised by its header, or OS Code-Point Open, which has none. Skips postcodes without a position. Postcodes
    /// no longer in use keep their last position.
    ///
    /// # Errors
    /// Returns [`PostcodesError`] with line and column if it is none of these, or cannot be read.
    pub fn from_csv(reader: impl Read) -> Result<Self, PostcodesError> {
        Ok(Self { file: Arc::new(file::read(reader)?), learnt: Arc::default() })
    }

    /// Returns the same positions with those learnt from addresses, replacing what was learnt before. Ignores points
    /// that are rounded or outside the United Kingdom, postcodes that are built in, those whose addresses do not agree,
    /// and those far from the rest of their sector or district.
    #[must_use]
    pub fn learning(&self, addresses: impl IntoIterator<Item = (Postcode, Coordinates)>) -> Self {
        let directory = PostcodeDirectory::get();
        let told =
            addresses.into_iter().filter_map(|(postcode, point)| Some((PostcodeKey::of(&postcode)?, point)));
        let mut told: Vec<(PostcodeKey, Coordinates)> = told
            .filter(|(key, point)| point.is_near_uk() && !point.is_rounded() && !directory.has(*key))
            .collect();
        told.sort_by_key(|(key, _)| *key);
        let mut builder = TableBuilder::default();
        for of_one in told.chunk_by(|(one, _), (next, _)| one == next) {
            if let (Some((key, _)), Some(point)) = (of_one.first(), agreed(of_one))
                && directory.may_have(*key, point)
            {
                builder.add(*key, point, &[]);
            }
        }
        Self { file: Arc::clone(&self.file), learnt: Arc::new(builder.build()) }
    }

    /// Returns the position of a postcode. Returns `None` if not even its district is known.
    pub fn lookup(&self, postcode: &Postcode) -> Option<PostcodePlace> {
        let (key, built_in) = (PostcodeKey::of(postcode)?, PostcodeDirectory::get());
        let itself = key.itself();
        let placed = placed_by(&self.file, itself, PostcodeAccuracy::Postcode)
            .or_else(|| built_in.itself(key))
            .or_else(|| placed_by(&self.learnt, itself, PostcodeAccuracy::Approximate))
            .or_else(|| self.middle(key.sector(), PostcodeAccuracy::Sector))
            .or_else(|| self.district(postcode.outward()))?;
        Some(placed.with_areas(|| built_in.areas_of(key)))
    }

    /// Returns the position of a postcode, or the centre of those that a first part stands for.
    pub fn lookup_asked(&self, asked: &AskedPostcode) -> Option<PostcodePlace> {
        match asked {
            AskedPostcode::Whole(postcode) => self.lookup(postcode),
            AskedPostcode::Sector { outward, digit } => self.sector(outward, digit.encode_utf8(&mut [0; 4])),
            AskedPostcode::District { outward } => self.district(outward),
        }
    }

    /// Returns the centre of a district, e.g. `BS1`. If a district is subdivided, as `EC1` is into `EC1A` to `EC1Y`,
    /// returns the centre of all its parts. Returns `None` if it is not known.
    pub fn district(&self, outward: &str) -> Option<PostcodePlace> {
        let itself =
            PostcodeSpan::of_district(outward).and_then(|span| self.middle(span, PostcodeAccuracy::District));
        let divided = || self.middle(PostcodeSpan::of_lettered(outward)?, PostcodeAccuracy::District);
        itself.or_else(divided).map(|placed| placed.with_areas(Vec::new))
    }

    /// Returns the centre of a sector, given its district and digit, e.g. `BS1` and `4`. Returns `None` if it is not
    /// known.
    pub fn sector(&self, outward: &str, digit: &str) -> Option<PostcodePlace> {
        let placed = self.middle(PostcodeSpan::of_sector(outward, digit)?, PostcodeAccuracy::Sector)?;
        Some(placed.with_areas(Vec::new))
    }

    /// Returns the district of the built-in postcode that is nearest to a point, if there is one within five
    /// kilometres.
    pub(in crate::model) fn district_at(point: Coordinates) -> Option<String> {
        Some(PostcodeDirectory::get().nearest(point, NEAREST)?.outward())
    }

    fn middle(&self, span: PostcodeSpan, accuracy: PostcodeAccuracy) -> Option<PostcodePlace> {
        let built_in = || {
            let (coordinates, areas) = PostcodeDirectory::get().middle(span)?;
            Some(PostcodePlace { coordinates, accuracy, areas })
        };
        placed_by(&self.file, span, accuracy)
            .or_else(built_in)
            .or_else(|| placed_by(&self.learnt, span, accuracy))
    }

    /// Returns whether two codes of one kind certainly mean different areas. They do if one list has both as in use: a
    /// code out of use may be an old code of the other area.
    pub(in crate::model) fn tells_apart(&self, one: AreaCode, other: AreaCode) -> bool {
        let file_has_both = self.file.has_area(one) && self.file.has_area(other);
        one != other && (file_has_both || (one.is_in_use() && other.is_in_use()))
    }

    /// Returns the areas that a point certainly lies in: those that all postcodes within 500 metres share.
    pub(in crate::model) fn areas_at(&self, point: Coordinates) -> Vec<AreaCode> {
        let told = self.file.areas_at(point, CLOSE);
        if told.is_empty() { PostcodeDirectory::get().areas_at(point, CLOSE) } else { completed(told) }
    }

    /// Returns the areas that contain all of an area, including itself, as far as they are known.
    pub fn around(&self, area: AreaCode) -> Vec<AreaCode> {
        completed(self.file.around(area))
    }

    /// Returns how many postcodes have a position of their own, excluding the built-in ones.
    pub fn len(&self) -> usize {
        self.file.len() + self.learnt.len()
    }

    /// Returns whether only built-in postcodes have a position of their own.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Returns the memory used in bytes, excluding what is built in.
    pub fn bytes(&self) -> usize {
        self.file.bytes() + self.learnt.bytes()
    }

    /// Returns a hash of the file and the built-in data. Anything computed from them must be computed again if it
    /// changes. Another compiler version may yield a different hash, which only causes unnecessary work.
    pub fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.file.hash(&mut hasher);
        PostcodeDirectory::get().fingerprint(&mut hasher);
        areas::fingerprint(&mut hasher);
        hasher.finish()
    }
}

/// Returns the centre of a span according to a table.
fn placed_by(table: &PostcodeTable, span: PostcodeSpan, accuracy: PostcodeAccuracy) -> Option<PostcodePlace> {
    let (coordinates, areas) = table.middle(span)?;
    Some(PostcodePlace { coordinates, accuracy, areas })
}

/// Returns the centre of the addresses of one postcode, if most of them agree.
fn agreed(addresses: &[(PostcodeKey, Coordinates)]) -> Option<Coordinates> {
    let median = |of: &dyn Fn(Coordinates) -> f64| {
        let mut numbers: Vec<f64> = addresses.iter().map(|(_, point)| of(*point)).collect();
        let half = numbers.len() / 2;
        (half < numbers.len()).then(|| *numbers.select_nth_unstable_by(half, f64::total_cmp).1)
    };
    let (latitude, longitude) = (median(&|point| point.latitude)?, median(&|point| point.longitude)?);
    let middle = Coordinates { latitude, longitude };
    (median(&|point| point.metres_to(middle))? <= AGREED).then_some(middle)
}

fn completed(mut areas: Vec<AreaCode>) -> Vec<AreaCode> {
    areas::complete(&mut areas);
    areas
}

#[cfg(test)]
mod tests;
