//! The table built in: the middles of the postcode districts and sectors of Great Britain. What it holds and where that
//! is from stands in `middles.md` beside it.

use std::hash::{Hash as _, Hasher};
use std::sync::LazyLock;

use super::key::Span;
use super::table::{Builder, Table};
use crate::model::{AreaCode, Coordinates, areas};

const TEXT: &str = include_str!("middles.csv");

static BUILT_IN: LazyLock<BuiltIn> = LazyLock::new(|| BuiltIn::read(TEXT));

/// The middles of sectors and of districts, each under the first postcode that there could be in it.
pub(super) struct BuiltIn {
    pub(super) sectors: Table,
    pub(super) districts: Table,
}

impl BuiltIn {
    /// The one there is; read when it is first asked for.
    pub(super) fn get() -> &'static Self {
        &BUILT_IN
    }

    fn read(text: &str) -> Self {
        let (mut sectors, mut districts) = (Builder::default(), Builder::default());
        let (mut last, mut around) = (None, Vec::new());
        for row in text.lines().skip(1).filter_map(Row::read) {
            // Neighbours mostly share theirs.
            if row.area != last {
                around = Vec::from_iter(row.area);
                areas::complete(&mut around);
                last = row.area;
            }
            let level = if row.is_sector { &mut sectors } else { &mut districts };
            level.add(row.span.first, row.point, &around);
        }
        Self { sectors: sectors.build(), districts: districts.build() }
    }
}

/// Takes in all that the table says, so that another is told from it.
pub(super) fn fingerprint(hasher: &mut impl Hasher) {
    TEXT.hash(hasher);
}

struct Row {
    span: Span,
    is_sector: bool,
    point: Coordinates,
    area: Option<AreaCode>,
}

impl Row {
    fn read(line: &str) -> Option<Self> {
        let mut values = line.split(',');
        let (name, latitude, longitude, area) =
            (values.next()?, values.next()?, values.next()?, values.next()?);
        let sector = name.split_once(' ');
        let span = match sector {
            Some((outward, digit)) => Span::of_sector(outward, digit)?,
            None => Span::of_district(name)?,
        };
        let point = Coordinates::new(latitude.parse().ok()?, longitude.parse().ok()?)?;
        Some(Self { span, is_sector: sector.is_some(), point, area: AreaCode::parse(area).ok() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::AreaKind;

    #[test]
    fn every_row_is_a_sector_or_district_in_the_kingdom() {
        let rows: Vec<&str> = TEXT.lines().skip(1).collect();
        for line in &rows {
            let row = Row::read(line).unwrap_or_else(|| panic!("{line}"));
            assert!(row.point.is_near_uk(), "{line}");
            let is_told = line.ends_with(',') || row.area.is_some_and(AreaCode::is_in_use);
            let kind = row.area.and_then(AreaCode::kind);
            assert!(
                is_told && matches!(kind, None | Some(AreaKind::LocalAuthority | AreaKind::Country)),
                "{line}"
            );
        }
        let built_in = BuiltIn::get();
        assert_eq!((built_in.sectors.len(), built_in.districts.len()), (12_008, 2_996));
        assert_eq!(rows.len(), 12_008 + 2_996, "none stands there twice");
    }

    #[test]
    fn it_takes_little_room() {
        let built_in = BuiltIn::get();
        assert!(built_in.sectors.bytes() + built_in.districts.bytes() < 300_000);
    }
}
