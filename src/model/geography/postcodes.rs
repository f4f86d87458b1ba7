//! Where postcodes are, and in which areas: from a full file, from the directory built in, and from what the addresses
//! of published locations teach.

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

/// Where postcodes are.
///
/// The nearest knowledge counts: the code itself, else the middle of its sector, else that of its district. On each level
/// a file comes first, then what is built in, then what addresses teach. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct PostcodePlaces {
    file: Arc<PostcodeTable>,
    learnt: Arc<PostcodeTable>,
}

// Two are the same only where they are one: nobody compares millions of postcodes.
impl PartialEq for PostcodePlaces {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.file, &other.file) && Arc::ptr_eq(&self.learnt, &other.learnt)
    }
}

/// Metres within which postcodes tell what area a point lies in.
const CLOSE: f64 = 500.0;
/// Metres within which the nearest postcode is looked for.
const NEAREST: f64 = 5_000.0;
/// Metres within which most addresses of one postcode lie.
const AGREED: f64 = 500.0;

/// Where a postcode is.
#[derive(Clone, Debug, PartialEq)]
pub struct PostcodePlace {
    /// Its middle.
    pub coordinates: Coordinates,
    /// How near the postcode that is.
    pub accuracy: PostcodeAccuracy,
    /// The areas that it lies in for certain, as far as they are known; in no order.
    pub areas: Vec<AreaCode>,
}

/// How near a place is to the postcode asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PostcodeAccuracy {
    /// The middle of the postcode itself.
    Postcode,
    /// The postcode itself, to some 150 metres: it was given up before 2000, when positions were recorded to a hundred;
    /// or it is where addresses that name it are, which nobody has checked.
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

    /// Adds the areas around it: others' where its own table names none, and those that follow from them.
    fn with_areas(mut self, others: impl FnOnce() -> Vec<AreaCode>) -> Self {
        if self.areas.is_empty() {
            self.areas = others();
        }
        Self { areas: completed(self.areas), ..self }
    }
}

impl PostcodePlaces {
    /// Reads a full file: the ONS Postcode Directory or the National Statistics Postcode Lookup of any release, known
    /// by its header, or OS Code-Point Open, which has none. Postcodes without a position are left out; those no
    /// longer in use keep their last one.
    ///
    /// # Errors
    /// When it is none of these, or cannot be read; says at which line and column.
    pub fn from_csv(reader: impl Read) -> Result<Self, PostcodesError> {
        Ok(Self { file: Arc::new(file::read(reader)?), learnt: Arc::default() })
    }

    /// The same, having learnt from addresses in place of whatever was learnt before. Points outside the United
    /// Kingdom and rounded ones teach nothing, nor do postcodes that are built in, those whose addresses do not agree, and
    /// those that lie elsewhere than their sector or district does.
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

    /// Where a postcode is; none where not even its district is known.
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

    /// Where a postcode is, or the middle of those that a first part stands for.
    pub fn lookup_asked(&self, asked: &AskedPostcode) -> Option<PostcodePlace> {
        match asked {
            AskedPostcode::Whole(postcode) => self.lookup(postcode),
            AskedPostcode::Sector { outward, digit } => self.sector(outward, digit.encode_utf8(&mut [0; 4])),
            AskedPostcode::District { outward } => self.district(outward),
        }
    }

    /// Where a district is, e.g. `BS1`; none where it is not known. Of one that is divided further, as `EC1` is into
    /// `EC1A` to `EC1Y`, where all of these are.
    pub fn district(&self, outward: &str) -> Option<PostcodePlace> {
        let itself =
            PostcodeSpan::of_district(outward).and_then(|span| self.middle(span, PostcodeAccuracy::District));
        let divided = || self.middle(PostcodeSpan::of_lettered(outward)?, PostcodeAccuracy::District);
        itself.or_else(divided).map(|placed| placed.with_areas(Vec::new))
    }

    /// Where a sector is, by its district and digit, e.g. `BS1` and `4`; none where it is not known.
    pub fn sector(&self, outward: &str, digit: &str) -> Option<PostcodePlace> {
        let placed = self.middle(PostcodeSpan::of_sector(outward, digit)?, PostcodeAccuracy::Sector)?;
        Some(placed.with_areas(Vec::new))
    }

    /// Returns the district of the postcode built in that is nearest to a point, if there is one within some kilometres.
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

    /// Whether two codes certainly name different areas, neither part of the other. Those of one kind do where one and
    /// the same list has both as in use: a code out of use may have been that of the very area which has another now.
    pub(in crate::model) fn tells_apart(&self, one: AreaCode, other: AreaCode) -> bool {
        let file_has_both = self.file.has_area(one) && self.file.has_area(other);
        one != other && (file_has_both || (one.is_in_use() && other.is_in_use()))
    }

    /// The areas that a point lies in for certain: those that all postcodes within half a kilometre share.
    pub(in crate::model) fn areas_at(&self, point: Coordinates) -> Vec<AreaCode> {
        let told = self.file.areas_at(point, CLOSE);
        if told.is_empty() { PostcodeDirectory::get().areas_at(point, CLOSE) } else { completed(told) }
    }

    /// The areas that all of an area lies in, itself among them, as far as they are known.
    pub fn around(&self, area: AreaCode) -> Vec<AreaCode> {
        completed(self.file.around(area))
    }

    /// How many postcodes are known each by itself, besides those built in.
    pub fn len(&self) -> usize {
        self.file.len() + self.learnt.len()
    }

    /// Whether no postcode is known by itself but those built in.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What it occupies in memory, in bytes, besides what is built in.
    pub fn bytes(&self) -> usize {
        self.file.bytes() + self.learnt.bytes()
    }

    /// Tells the file, and what is built in, from others: whatever was worked out by one of these does for no other.
    /// Another compiler's may differ, which costs no more than working it out again.
    pub fn fingerprint(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.file.hash(&mut hasher);
        PostcodeDirectory::get().fingerprint(&mut hasher);
        areas::fingerprint(&mut hasher);
        hasher.finish()
    }
}

/// The middle of a span by what a table has of it.
fn placed_by(table: &PostcodeTable, span: PostcodeSpan, accuracy: PostcodeAccuracy) -> Option<PostcodePlace> {
    let (coordinates, areas) = table.middle(span)?;
    Some(PostcodePlace { coordinates, accuracy, areas })
}

/// The middle of the addresses of one postcode, if most of them agree.
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
