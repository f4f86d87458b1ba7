//! The table built in: roughly where a few postcode districts are. What it holds and where that is from stands in
//! `districts.md` beside it.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::model::Coordinates;

static DISTRICTS: LazyLock<HashMap<&str, Coordinates>> =
    LazyLock::new(|| include_str!("districts.csv").lines().filter_map(row).collect());

/// The middle of a district, if the table has it.
pub(super) fn built_in(outward: &str) -> Option<Coordinates> {
    DISTRICTS.get(outward).copied()
}

fn row(line: &'static str) -> Option<(&'static str, Coordinates)> {
    let mut values = line.split(',');
    let number = |text: Option<&str>| text?.parse::<f64>().ok();
    let district = values.next()?;
    Some((district, Coordinates::new(number(values.next())?, number(values.next())?)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::postcodes::key::Span;

    #[test]
    fn every_row_is_a_district_in_the_kingdom() {
        let rows = include_str!("districts.csv").lines().skip(1).count();
        assert_eq!(DISTRICTS.len(), rows);
        for (district, point) in DISTRICTS.iter() {
            assert!(Span::of_district(district).is_some() && point.is_near_uk(), "{district}");
        }
    }
}
