//! Where postcodes are, and in which areas: from a full file, from a small table built in, and from what the addresses
//! of published locations teach.

mod district;
mod file;
pub(super) mod grid;
mod key;
mod table;

use std::io::Read;
use std::sync::Arc;

use super::{AreaCode, AreaKind, Coordinates, Postcode};
use table::{Builder, Table};

pub use file::PostcodesError;
pub(super) use key::{Key, Span};

/// Where postcodes are.
///
/// The nearest knowledge counts: the code itself, else the middle of its sector, else that of its district; and each
/// of these from the file before what addresses taught, and that before what is built in. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Postcodes {
    file: Arc<Table>,
    learnt: Arc<Table>,
}

// Two are the same only where they are one: nobody compares millions of postcodes.
impl PartialEq for Postcodes {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.file, &other.file) && Arc::ptr_eq(&self.learnt, &other.learnt)
    }
}

/// Metres within which postcodes tell what area a point lies in.
const CLOSE: f64 = 500.0;

/// Where a postcode is.
#[derive(Clone, Debug, PartialEq)]
pub struct Placed {
    /// Its middle.
    pub coordinates: Coordinates,
    /// How near the postcode that is.
    pub accuracy: Accuracy,
    /// The areas that it lies in for certain, as far as they are known; in no order.
    pub areas: Vec<AreaCode>,
}

/// How near a place is to the postcode asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Accuracy {
    /// The middle of the postcode itself.
    Postcode,
    /// The middle of its sector, e.g. `BS1 4`.
    Sector,
    /// The middle of its district, e.g. `BS1`.
    District,
}

impl Placed {
    /// The council area that it lies in.
    pub fn local_authority(&self) -> Option<AreaCode> {
        self.areas.iter().copied().find(|area| area.kind() == Some(AreaKind::LocalAuthority))
    }
}

impl Postcodes {
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
    /// Kingdom and rounded ones teach nothing.
    #[must_use]
    pub fn learning(&self, addresses: impl IntoIterator<Item = (Postcode, Coordinates)>) -> Self {
        let mut builder = Builder::default();
        for (postcode, point) in addresses {
            if let Some(key) = Key::of(&postcode)
                && point.is_near_uk()
                && !point.is_rounded()
            {
                builder.add(key, point, &[]);
            }
        }
        Self { file: Arc::clone(&self.file), learnt: Arc::new(builder.build()) }
    }

    /// Where a postcode is; none where not even its district is known.
    pub fn lookup(&self, postcode: &Postcode) -> Option<Placed> {
        let key = Key::of(postcode)?;
        self.middle(key.itself(), Accuracy::Postcode)
            .or_else(|| self.middle(key.sector(), Accuracy::Sector))
            .or_else(|| self.district(postcode.outward()))
    }

    /// Where a district is, e.g. `BS1`; none where it is not known.
    pub fn district(&self, outward: &str) -> Option<Placed> {
        let known = Span::of_district(outward).and_then(|span| self.middle(span, Accuracy::District));
        let built_in = || {
            let coordinates = district::built_in(outward)?;
            Some(Placed { coordinates, accuracy: Accuracy::District, areas: Vec::new() })
        };
        known.or_else(built_in)
    }

    /// Whether any postcode is known to lie in an area. Codes out of use, and those of a kind that no file tells, lie
    /// nowhere as far as anybody here knows.
    pub fn knows(&self, area: AreaCode) -> bool {
        self.file.has_area(area)
    }

    /// Whether anything is known of areas at all.
    pub(super) fn tells_areas(&self) -> bool {
        self.file.has_areas()
    }

    /// The areas that a point lies in for certain: those that all postcodes within half a kilometre share.
    pub(super) fn areas_at(&self, point: Coordinates) -> Vec<AreaCode> {
        self.file.areas_at(point, CLOSE)
    }

    /// The areas that all of an area lies in, itself among them, as far as they are known.
    pub fn around(&self, area: AreaCode) -> Vec<AreaCode> {
        self.file.around(area)
    }

    /// How many postcodes are known each by itself.
    pub fn len(&self) -> usize {
        self.file.len() + self.learnt.len()
    }

    /// Whether no postcode is known by itself.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// What it occupies in memory, in bytes.
    pub fn bytes(&self) -> usize {
        self.file.bytes() + self.learnt.bytes()
    }

    fn middle(&self, span: Span, accuracy: Accuracy) -> Option<Placed> {
        let tables = [&self.file, &self.learnt];
        let (coordinates, areas) = tables.into_iter().find_map(|table| table.middle(span))?;
        Some(Placed { coordinates, accuracy, areas })
    }
}

#[cfg(test)]
mod tests;
