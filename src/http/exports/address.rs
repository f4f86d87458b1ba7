//! The addresses of exports, the formats of each list, and which format a request wants.

use poem::http::{HeaderMap, StatusCode};

use super::refused::RefusedExport;
use crate::graphql::{ErrorCode, ExportedList};
use crate::http::errors::RequestFault;
use crate::http::negotiate;

/// A format of exports.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::http) enum ExportFormat {
    Csv,
    GeoJson,
    Calendar,
}

/// A list and its export formats. Each format has an address with its suffix; an address without a suffix is negotiated
/// by `accept`.
#[derive(Debug)]
pub(in crate::http) struct ExportAddress {
    pub(in crate::http) list: ExportedList,
    /// The formats. The first one is sent to clients that accept any.
    pub(in crate::http) formats: &'static [ExportFormat],
    /// A sentence for the OpenAPI description.
    pub(in crate::http) summary: &'static str,
}

/// All addresses of exports.
pub(in crate::http) static EXPORT_ADDRESSES: [ExportAddress; 4] = [
    ExportAddress {
        list: ExportedList::Services,
        formats: &[ExportFormat::Csv, ExportFormat::GeoJson, ExportFormat::Calendar],
        summary: "All services that match, as a table, as places on a map, or as a calendar of their opening times.",
    },
    ExportAddress {
        list: ExportedList::Organizations,
        formats: &[ExportFormat::Csv],
        summary: "All organisations that match, as a table.",
    },
    ExportAddress {
        list: ExportedList::Locations,
        formats: &[ExportFormat::Csv, ExportFormat::GeoJson],
        summary: "All locations that match, as a table, or as places on a map.",
    },
    ExportAddress {
        list: ExportedList::TaxonomyTerms,
        formats: &[ExportFormat::Csv],
        summary: "All taxonomy terms that match, as a table.",
    },
];

/// The list and format that a request wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct WantedExport {
    pub(super) list: ExportedList,
    pub(super) format: ExportFormat,
    /// Whether the format was negotiated by `accept`.
    pub(super) is_negotiated: bool,
}

impl ExportFormat {
    /// Returns the suffix of the address.
    pub(in crate::http) fn suffix(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::GeoJson => "geojson",
            Self::Calendar => "ics",
        }
    }

    /// Returns the value of `content-type`.
    pub(in crate::http) fn content_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::GeoJson => "application/geo+json",
            Self::Calendar => "text/calendar; charset=utf-8",
        }
    }

    fn essence(self) -> (&'static str, &'static str) {
        match self {
            Self::Csv => ("text", "csv"),
            Self::GeoJson => ("application", "geo+json"),
            Self::Calendar => ("text", "calendar"),
        }
    }
}

impl WantedExport {
    /// Reads the part of an address after `/export`: `/services.csv`, or `/services` with an `accept` header.
    ///
    /// # Errors
    /// If there is no such export, or the client accepts none of its formats.
    pub(super) fn of(rest: &str, headers: &HeaderMap) -> Result<Self, RefusedExport> {
        let name = rest.strip_prefix('/').unwrap_or(rest);
        let (list, suffix) = name.split_once('.').map_or((name, None), |(list, suffix)| (list, Some(suffix)));
        let address = EXPORT_ADDRESSES.iter().find(|address| address.list.as_str() == list);
        let address = address.ok_or_else(unknown)?;
        let (list, is_negotiated) = (address.list, suffix.is_none());
        let format = match suffix {
            Some(suffix) => address.formats.iter().copied().find(|format| format.suffix() == suffix),
            None => Some(negotiated(address, headers)?),
        };
        let format = format.ok_or_else(unknown)?;
        Ok(Self { list, format, is_negotiated })
    }
}

fn negotiated(address: &ExportAddress, headers: &HeaderMap) -> Result<ExportFormat, RefusedExport> {
    let essences: Vec<_> = address.formats.iter().map(|format| format.essence()).collect();
    let preferred =
        negotiate::preferred(headers, &essences).and_then(|nth| address.formats.get(nth).copied());
    preferred.ok_or_else(|| {
        let types: Vec<String> = essences.iter().map(|(family, kind)| format!("`{family}/{kind}`")).collect();
        let message = format!(
            "this list is exported as {}; accept one of them, or add `.{}` to the address",
            types.join(", "),
            address.formats.iter().map(|format| format.suffix()).collect::<Vec<_>>().join("` or `."),
        );
        RequestFault::new(StatusCode::NOT_ACCEPTABLE, ErrorCode::BadUserInput, message).about("accept").into()
    })
}

fn unknown() -> RefusedExport {
    let each = EXPORT_ADDRESSES.iter().flat_map(|address| {
        let list = address.list.as_str();
        address.formats.iter().map(move |format| format!("`/export/{list}.{}`", format.suffix()))
    });
    let message = format!("there is no such export; there are {}", each.collect::<Vec<_>>().join(", "));
    RequestFault::new(StatusCode::NOT_FOUND, ErrorCode::BadUserInput, message).into()
}
