//! From the parameters of a request to a filter on services.

use poem::http::StatusCode;

use super::tables::{
    AGE_MATCH, DAY, END_TIME, MAXIMUM_AGE, MINIMUM_AGE, MODIFIED_AFTER, ORGANIZATION_ID, POSTCODE, PROXIMITY,
    SEARCH, START_TIME, TAXONOMY_TERM_ID, TIME_MATCH,
};
use super::{Fault, Given, Parameter, Value};
use crate::federation::{Federation, UnknownTerm};
use crate::graphql::ErrorCode;
use crate::model::{
    AgeRange, Near, NodeId, OpenFilter, PostcodeDoubt, Postcodes, RangeMatch, RecordId, RecordKind,
    ServiceFilter, TaxonomyTermRef, TaxonomyTermsFilter, TextQuery, Whereabouts,
};

/// Returns the filter that the parameters of `SERVICE_CONDITIONS` make.
///
/// # Errors
/// If values do not go together, or a postcode or an id is unknown.
pub(in crate::http) fn service_filter(
    given: &Given,
    federation: &Federation,
) -> Result<ServiceFilter, Fault> {
    let places = federation.places();
    let mut filter = ServiceFilter {
        text: given.text(&SEARCH).and_then(TextQuery::parse),
        ages: ages(given)?.into_iter().collect(),
        open: open(given)?,
        taxonomy_terms: taxonomy_terms(given)?,
        organization: organization(given)?,
        ..ServiceFilter::default()
    };
    if let Some(Value::Instant(since)) = given.value(&MODIFIED_AFTER) {
        filter.modified_since = Some(*since);
    }
    (filter.serves, filter.near) = place(given, &places)?;
    Ok(filter)
}

/// Refuses terms that no source has.
///
/// # Errors
/// If there are any.
pub(in crate::http) fn refuse_unknown_terms(unknown: &[UnknownTerm]) -> Result<(), Fault> {
    let Some(UnknownTerm { near, .. }) = unknown.first() else { return Ok(()) };
    let near = match near.as_slice() {
        [] => "see `/oruk/v3/taxonomy_terms` for those there are".to_owned(),
        near => format!("did you mean `{}`?", near.join("` or `")),
    };
    Err(TAXONOMY_TERM_ID.refuse(format!("names a term that no source has; {near}")))
}

fn ages(given: &Given) -> Result<Option<AgeRange>, Fault> {
    let (minimum, maximum) = (given.number(&MINIMUM_AGE), given.number(&MAXIMUM_AGE));
    if minimum.is_none() && maximum.is_none() {
        return match given.value(&AGE_MATCH) {
            Some(_) => Err(AGE_MATCH.refuse("needs `minimum_age` or `maximum_age`")),
            None => Ok(None),
        };
    }
    if let (Some(lowest), Some(highest)) = (minimum, maximum)
        && lowest > highest
    {
        let because =
            format!("is `{lowest}`; it must not be greater than `maximum_age`, which is `{highest}`");
        return Err(MINIMUM_AGE.refuse(because));
    }
    let relation = given.relation(&AGE_MATCH, RangeMatch::Overlaps);
    Ok(Some(AgeRange { minimum, maximum, relation }))
}

fn open(given: &Given) -> Result<Option<OpenFilter>, Fault> {
    let days = match given.value(&DAY) {
        Some(Value::Days(days)) => Some(*days),
        _ => None,
    };
    let time = |parameter| match given.value(parameter) {
        Some(Value::Time(time)) => Some(*time),
        _ => None,
    };
    let (from, to) = (time(&START_TIME), time(&END_TIME));
    if given.value(&TIME_MATCH).is_some() && from.is_none() && to.is_none() {
        return Err(TIME_MATCH.refuse("needs `start_time` or `end_time`"));
    }
    if from.is_some() && from == to && from != Some(chrono::NaiveTime::MIN) {
        return Err(END_TIME.refuse("must not be equal to `start_time`"));
    }
    let relation = given.relation(&TIME_MATCH, RangeMatch::Within);
    let filter = OpenFilter { at: None, on: None, days, from, to, relation };
    Ok(Some(filter).filter(|filter| !filter.is_empty()))
}

fn place(given: &Given, places: &Postcodes) -> Result<(Option<Whereabouts>, Option<Near>), Fault> {
    let proximity = given.number(&PROXIMITY);
    let Some(Value::Postcode(postcode)) = given.value(&POSTCODE) else {
        return match proximity {
            Some(_) => Err(PROXIMITY.refuse("needs `postcode`, the place that distances are measured from")),
            None => Ok((None, None)),
        };
    };
    let unknown = || {
        let message = format!("`{}` {}", POSTCODE.name, PostcodeDoubt::of(postcode));
        Fault::new(StatusCode::BAD_REQUEST, ErrorCode::PostcodeUnknown, message).about(POSTCODE.name)
    };
    let serves = Whereabouts::of_asked(postcode, places).ok_or_else(unknown)?;
    let centre = places.lookup_asked(postcode).ok_or_else(unknown)?.coordinates;
    Ok((Some(serves), proximity.map(|within_metres| Near { centre, within_metres })))
}

fn taxonomy_terms(given: &Given) -> Result<Option<TaxonomyTermsFilter>, Fault> {
    let Some(Value::Texts(names)) = given.value(&TAXONOMY_TERM_ID) else { return Ok(None) };
    let any_of = names.iter().map(|name| term(name)).collect::<Result<_, _>>()?;
    Ok(Some(TaxonomyTermsFilter { any_of, include_descendants: true, ..TaxonomyTermsFilter::default() }))
}

fn term(name: &str) -> Result<TaxonomyTermRef, Fault> {
    if name.starts_with("http://") || name.starts_with("https://") {
        return Ok(TaxonomyTermRef::Uri(name.to_owned()));
    }
    match gateway_id(&TAXONOMY_TERM_ID, RecordKind::TaxonomyTerm, name)? {
        Some(id) => Ok(TaxonomyTermRef::Id(id)),
        None => Ok(TaxonomyTermRef::Code { taxonomy: None, code: name.to_owned() }),
    }
}

fn organization(given: &Given) -> Result<Option<RecordId>, Fault> {
    let Some(text) = given.text(&ORGANIZATION_ID) else { return Ok(None) };
    let id = gateway_id(&ORGANIZATION_ID, RecordKind::Organization, text)?;
    let because = "is not an id of this gateway; use the `id` of an organisation, unchanged";
    id.map(Some).ok_or_else(|| ORGANIZATION_ID.refuse(because))
}

/// Returns the record that an id of the graph names. `None` if it is not such an id.
fn gateway_id(parameter: &Parameter, kind: RecordKind, text: &str) -> Result<Option<RecordId>, Fault> {
    let found = match NodeId::parse(text) {
        Ok(NodeId::Record(id)) if id.kind() == kind => return Ok(Some(id)),
        Ok(NodeId::Record(id)) => id.kind().type_name(),
        Ok(NodeId::Source(_)) => "Source",
        Err(_) => return Ok(None),
    };
    Err(parameter.refuse(format!("is the id of a {found}, not of a {}", kind.type_name())))
}

impl Given {
    fn number(&self, parameter: &Parameter) -> Option<f64> {
        match self.value(parameter)? {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    fn relation(&self, parameter: &Parameter, otherwise: RangeMatch) -> RangeMatch {
        match self.value(parameter) {
            Some(Value::Word("overlaps")) => RangeMatch::Overlaps,
            Some(Value::Word("covers")) => RangeMatch::Covers,
            Some(Value::Word("within")) => RangeMatch::Within,
            _ => otherwise,
        }
    }
}
