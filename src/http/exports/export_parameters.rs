//! The parameters of exports, and the request that they make.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json};

use super::address::{ExportFormat, WantedExport};
use super::refused::RefusedExport;
use crate::federation::Federation;
use crate::graphql::ExportedList;
use crate::http::errors::RequestFault;
use crate::http::parameters::{
    GivenParameters, ParameterForm, ParameterValue, QueryParameter, SEARCH, SERVICE_CONDITIONS, did_you_mean,
    service_filter,
};
use crate::model::{ServiceFilter, SourceKey};
use crate::writers::{ExportColumn, ExportRow, RowsOf, chosen_columns};

/// Conditions, as in GraphQL.
pub(in crate::http) static FILTER: QueryParameter = QueryParameter {
    name: "filter",
    form: ParameterForm::Text { longest: 20_000 },
    description: "Conditions as JSON: the `filter` of the list in GraphQL, with its members, its meaning and its errors. \
                  Other parameters narrow it down further.",
    example: r#"{"age":70,"near":{"postcode":{"postcode":"BS1 4DJ"}}}"#,
};

/// The sources to export.
pub(in crate::http) static SOURCE: QueryParameter = QueryParameter {
    name: "source",
    form: ParameterForm::Names { most: 100, longest: 100 },
    description: "The keys of the sources to export. Default: all.",
    example: "bristol,leeds",
};

/// The columns to export.
pub(in crate::http) static FIELDS: QueryParameter = QueryParameter {
    name: "fields",
    form: ParameterForm::Names { most: 200, longest: 100 },
    description: "The columns of CSV, or properties of GeoJSON, to write, in this order. Default: all of them.",
    example: "name,organization,postcodes",
};

/// Whether a row is a service or a service at one of its places.
pub(in crate::http) static ROWS: QueryParameter = QueryParameter {
    name: "rows",
    form: ParameterForm::Word(&["services", "places"]),
    description: "Of CSV: whether a row is a service with all its places, or a service at one of its places.",
    example: "places",
};

/// Whether the file begins with a byte order mark, which tells Excel the encoding.
pub(in crate::http) static BOM: QueryParameter = QueryParameter {
    name: "bom",
    form: ParameterForm::Word(&["false", "true"]),
    description: "Of CSV: whether the file begins with a byte order mark. Excel needs it to read UTF-8 when the file is \
                  opened by a double click.",
    example: "true",
};

/// Whether an incomplete export is refused.
pub(in crate::http) static REQUIRE_COMPLETE: QueryParameter = QueryParameter {
    name: "require_complete",
    form: ParameterForm::Word(&["false", "true"]),
    description: "Whether to respond with status 503 rather than leave out what a source cannot give at present.",
    example: "true",
};

/// A request for an export.
#[derive(Debug)]
pub(super) struct ExportQuestion {
    pub(super) wanted: WantedExport,
    /// The filter, as in GraphQL.
    pub(super) filter: Json,
    /// The conditions on services from plain parameters.
    pub(super) demanded: ServiceFilter,
    fields: String,
    pub(super) rows: RowsOf,
    pub(super) has_mark: bool,
    pub(super) must_be_complete: bool,
}

/// Returns the parameters of an export in one format.
pub(in crate::http) fn parameters_of(
    list: ExportedList,
    format: ExportFormat,
) -> Vec<&'static QueryParameter> {
    let mut parameters = vec![&FILTER, &SOURCE];
    match list {
        ExportedList::Services => parameters.extend(SERVICE_CONDITIONS),
        ExportedList::Organizations | ExportedList::Locations | ExportedList::TaxonomyTerms => {
            parameters.push(&SEARCH);
        }
    }
    if format != ExportFormat::Calendar {
        parameters.push(&FIELDS);
    }
    if format == ExportFormat::Csv {
        parameters.push(&BOM);
        parameters.extend((list == ExportedList::Services).then_some(&ROWS));
    }
    parameters.push(&REQUIRE_COMPLETE);
    parameters
}

impl ExportQuestion {
    /// Reads the query part of a URL.
    ///
    /// # Errors
    /// If a parameter is unknown, or its value does not fit.
    pub(super) fn read(
        query: &str,
        wanted: WantedExport,
        federation: &Federation,
    ) -> Result<Self, RefusedExport> {
        let given = GivenParameters::read(query, &parameters_of(wanted.list, wanted.format))?;
        let mut filter = filter(&given)?;
        if let Some(sources) = sources(&given, federation)? {
            add(
                &mut filter,
                &SOURCE,
                "sources",
                sources.iter().map(|key| Json::from(key.as_str())).collect(),
            )?;
        }
        let mut demanded = ServiceFilter::default();
        if wanted.list == ExportedList::Services {
            demanded = service_filter(&given, federation)?;
        } else if let Some(text) = given.text(&SEARCH) {
            add(&mut filter, &SEARCH, "text", text.into())?;
        }
        let fields = match given.value(&FIELDS) {
            Some(ParameterValue::Texts(names)) => names.join(","),
            _ => String::new(),
        };
        let is = |parameter, word| given.value(parameter) == Some(&ParameterValue::Word(word));
        Ok(Self {
            wanted,
            filter: Json::Object(filter),
            demanded,
            fields,
            rows: if is(&ROWS, "places") { RowsOf::Places } else { RowsOf::Records },
            has_mark: is(&BOM, "true"),
            must_be_complete: is(&REQUIRE_COMPLETE, "true"),
        })
    }

    /// Returns the columns asked for.
    ///
    /// # Errors
    /// If a column does not exist.
    pub(super) fn columns<R: ExportRow>(&self) -> Result<Vec<ExportColumn<R>>, RequestFault> {
        chosen_columns::<R>(&self.fields).map_err(|unknown| {
            let name: String = unknown.name.chars().filter(|c| !c.is_control() && *c != '`').collect();
            let hint = match unknown.near.as_slice() {
                [] => "`/export` lists them all".to_owned(),
                near => did_you_mean(near),
            };
            FIELDS.refuse(format!("names `{name}`, which is not a column; {hint}"))
        })
    }
}

fn filter(given: &GivenParameters) -> Result<Map<String, Json>, RequestFault> {
    let Some(text) = given.text(&FILTER) else { return Ok(Map::new()) };
    match serde_json::from_str(text) {
        Ok(Json::Object(filter)) => Ok(filter),
        Ok(Json::Null) => Ok(Map::new()),
        Ok(_) => Err(FILTER.refuse(format!("must be a JSON object, such as `{}`", FILTER.example))),
        Err(error) => {
            let place = error.column();
            Err(FILTER
                .refuse(format!("is not JSON (at character {place}); send one such as `{}`", FILTER.example)))
        }
    }
}

/// Adds a condition to a filter. Fails if the filter already has it.
fn add(
    filter: &mut Map<String, Json>,
    parameter: &QueryParameter,
    member: &str,
    value: Json,
) -> Result<(), RequestFault> {
    if filter.get(member).is_some_and(|given| !given.is_null()) {
        return Err(parameter.refuse(format!("cannot be combined with `filter.{member}`; send one of them")));
    }
    filter.insert(member.to_owned(), value);
    Ok(())
}

fn sources(
    given: &GivenParameters,
    federation: &Federation,
) -> Result<Option<BTreeSet<SourceKey>>, RequestFault> {
    let Some(ParameterValue::Texts(names)) = given.value(&SOURCE) else { return Ok(None) };
    let known = |name: &String| {
        let key = SourceKey::parse(name).ok().filter(|key| federation.info(key).is_some());
        key.ok_or_else(|| {
            let states = federation.states();
            let keys: Vec<String> = states.iter().map(|state| format!("`{}`", state.info.key)).collect();
            let name: String = name.chars().filter(|c| !c.is_control() && *c != '`').collect();
            SOURCE.refuse(format!(
                "names `{name}`, which is not a source; the sources are: {}",
                keys.join(", ")
            ))
        })
    };
    names.iter().map(known).collect::<Result<_, _>>().map(Some)
}
