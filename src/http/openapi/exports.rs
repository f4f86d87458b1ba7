//! The addresses of exports: one for each list and format, one for each list with the format negotiated, and the
//! description of all.

use itertools::Itertools as _;
use serde_json::json;

use super::addresses::{DescribedAddress, DescribedAnswer, JSON, camel, get, ok, text};
use crate::http::exports::{EXPORT_ADDRESSES, ExportAddress, ExportFormat, parameters_of};

/// The refusals of every export.
const OF_EXPORTS: [u16; 6] = [304, 400, 414, 429, 503, 504];

/// Returns all addresses of exports.
pub(super) fn all() -> Vec<DescribedAddress> {
    let described = ok("The addresses, their parameters and columns.", JSON, json!({ "type": "object" }));
    let index = DescribedAddress {
        operation: "exports".to_owned(),
        ..get("/export", "export", "exports", "Describes all exports", described)
    };
    let files = EXPORT_ADDRESSES.iter().flat_map(|address| {
        address.formats.iter().map(|format| file(address, *format)).chain([by_accept(address)])
    });
    [index].into_iter().chain(files).collect()
}

fn file(address: &ExportAddress, format: ExportFormat) -> DescribedAddress {
    let (list, suffix) = (address.list.as_str(), format.suffix());
    DescribedAddress {
        operation: format!("export{}{}", camel(list), camel(suffix)),
        parameters: parameters_of(address.list, format),
        refusals: OF_EXPORTS.to_vec(),
        ..get(
            &format!("/export/{list}.{suffix}"),
            "export",
            "exports",
            address.summary,
            answered(&[format], media_types(format)),
        )
    }
}

/// Describes the address without a suffix. It has the parameters of all its formats.
fn by_accept(address: &ExportAddress) -> DescribedAddress {
    let list = address.list.as_str();
    let parameters = address.formats.iter().flat_map(|format| parameters_of(address.list, *format));
    DescribedAddress {
        operation: format!("export{}", camel(list)),
        parameters: parameters.unique_by(|parameter| parameter.name).collect(),
        refusals: OF_EXPORTS.iter().copied().chain([406]).collect(),
        ..get(
            &format!("/export/{list}"),
            "export",
            "exports",
            address.summary,
            answered(address.formats, all_media_types(address.formats)),
        )
    }
}

fn answered(formats: &[ExportFormat], media_types: &'static [&'static str]) -> DescribedAnswer {
    let is_object = formats == [ExportFormat::GeoJson];
    ok("All that matches.", media_types, if is_object { json!({ "type": "object" }) } else { text() })
}

fn media_types(format: ExportFormat) -> &'static [&'static str] {
    match format {
        ExportFormat::Csv => &["text/csv"],
        ExportFormat::GeoJson => &["application/geo+json"],
        ExportFormat::Calendar => &["text/calendar"],
    }
}

fn all_media_types(formats: &[ExportFormat]) -> &'static [&'static str] {
    match formats {
        [ExportFormat::Csv] => &["text/csv"],
        [ExportFormat::Csv, ExportFormat::GeoJson] => &["text/csv", "application/geo+json"],
        _ => &["text/csv", "application/geo+json", "text/calendar"],
    }
}
