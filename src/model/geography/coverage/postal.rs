//! Areas given as lists of postcodes, sectors, districts, ranges of districts or postcode areas.

use serde::{Deserialize, Serialize};

use crate::model::Postcode;
use crate::model::geography::postcodes::{PostcodeKey, PostcodeSpan};

/// Ranges of postcodes, in the order of postcodes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct PostalUnits(Box<[PostcodeSpan]>);

impl PostalUnits {
    /// Reads a list. Returns `None` if any item is something else.
    pub(super) fn of(text: &str) -> Option<Self> {
        let text = text.to_ascii_uppercase().replace(" AND ", ",").replace(" TO ", "-");
        let text = text.replace(['\u{2013}', '\u{2014}'], "-");
        let mut spans = Vec::new();
        for item in text.split([',', ';', '/', '|', '&', '\n']).map(str::trim).filter(|item| !item.is_empty())
        {
            spans.extend(item_of(item)?);
        }
        spans.sort_unstable();
        spans.dedup();
        (!spans.is_empty()).then(|| Self(spans.into()))
    }

    /// Returns whether a postcode is in the list.
    pub(super) fn hold(&self, key: PostcodeKey) -> bool {
        self.0.iter().any(|span| span.holds(key))
    }
}

// Between commas there is one unit or range, or several units separated by spaces.
fn item_of(item: &str) -> Option<Vec<PostcodeSpan>> {
    if let Some((from, to)) = item.split_once('-') {
        return range(from.trim(), to.trim());
    }
    if let Some(span) = unit(item) {
        return Some(vec![span]);
    }
    let mut words = item.split_whitespace().peekable();
    let mut spans = Vec::new();
    while let Some(word) = words.next() {
        let joined = words.peek().and_then(|next| unit(&format!("{word} {next}")));
        if joined.is_some() {
            words.next();
        }
        spans.push(joined.or_else(|| unit(word))?);
    }
    Some(spans)
}

/// Reads `BS3 4AA`, `BS3 4`, `BS3` or `BS`.
fn unit(text: &str) -> Option<PostcodeSpan> {
    if let Ok(postcode) = Postcode::parse(text) {
        return Some(PostcodeKey::of(&postcode)?.itself());
    }
    if let Some((outward, sector)) = text.split_once(' ') {
        return PostcodeSpan::of_sector(outward, sector.trim());
    }
    if POSTCODE_AREAS.contains(&text) { PostcodeSpan::of_area(text) } else { PostcodeSpan::of_district(text) }
}

/// Reads `BS3-BS7` or `BS3-7`: all districts from one number to another.
fn range(from: &str, to: &str) -> Option<Vec<PostcodeSpan>> {
    let (letters, first) = lettered(from)?;
    let (others, last) = lettered(to)?;
    if first > last || !(others.is_empty() || others == letters) || letters.is_empty() {
        return None;
    }
    let spans = (first..=last).flat_map(|number| {
        let outward = format!("{letters}{number}");
        [PostcodeSpan::of_district(&outward), PostcodeSpan::of_lettered(&outward)]
    });
    Some(spans.flatten().collect())
}

fn lettered(text: &str) -> Option<(&str, u8)> {
    let (letters, number) = text.split_at_checked(text.find(|c: char| c.is_ascii_digit())?)?;
    let number = number.parse().ok().filter(|number| *number < 100)?;
    (letters.len() <= 2).then_some((letters, number))
}

/// All postcode areas. Not every pair of letters is one, and words of two letters occur in names.
const POSTCODE_AREAS: [&str; 124] = [
    "AB", "AL", "B", "BA", "BB", "BD", "BH", "BL", "BN", "BR", "BS", "BT", "CA", "CB", "CF", "CH", "CM",
    "CO", "CR", "CT", "CV", "CW", "DA", "DD", "DE", "DG", "DH", "DL", "DN", "DT", "DY", "E", "EC", "EH",
    "EN", "EX", "FK", "FY", "G", "GL", "GU", "GY", "HA", "HD", "HG", "HP", "HR", "HS", "HU", "HX", "IG",
    "IM", "IP", "IV", "JE", "KA", "KT", "KW", "KY", "L", "LA", "LD", "LE", "LL", "LN", "LS", "LU", "M", "ME",
    "MK", "ML", "N", "NE", "NG", "NN", "NP", "NR", "NW", "OL", "OX", "PA", "PE", "PH", "PL", "PO", "PR",
    "RG", "RH", "RM", "S", "SA", "SE", "SG", "SK", "SL", "SM", "SN", "SO", "SP", "SR", "SS", "ST", "SW",
    "SY", "TA", "TD", "TF", "TN", "TQ", "TR", "TS", "TW", "UB", "W", "WA", "WC", "WD", "WF", "WN", "WR",
    "WS", "WV", "YO", "ZE",
];
