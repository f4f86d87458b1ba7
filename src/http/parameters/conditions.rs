//! Turns the parameters of a request into a filter on services.

use chrono::{DateTime, Utc};
use poem::http::StatusCode;
use uuid::Uuid;

use super::tables::{
    AGE_MATCH, DAY, END_TIME, MAXIMUM_AGE, MINIMUM_AGE, MODIFIED_AFTER, ORGANIZATION_ID, POSTCODE, PROXIMITY,
    SEARCH, START_TIME, TAXONOMY_TERM_ID, TIME_MATCH,
};
use super::{GivenParameters, ParameterValue, QueryParameter, RequestFault, did_you_mean};
use crate::federation::{Federation, UnknownTerm};
use crate::graphql::ErrorCode;
use crate::model::{
    AgeRange, AskedPlace, NearPoint, NodeId, OpenFilter, PostcodeDoubt, PostcodePlaces, RangeMatch, RecordId,
    RecordKind, ServiceFilter, TaxonomyTermRef, TaxonomyTermsFilter, TextQuery,
};

/// Returns the filter that the parameters of `SERVICE_CONDITIONS` stand for.
///
/// # Errors
/// If values contradict each other, or a postcode or an id is unknown.
pub(in crate::http) fn service_filter(
    given: &GivenParameters,
    federation: &Federation,
) -> Result<ServiceFilter, RequestFault> {
    let places = federation.places.postcodes();
    let (serves, near) = place(given, &places)?;
    Ok(ServiceFilter {
        serves,
        near,
        text: text_query(given)?,
        modified_since: modified_since(given),
        ages: ages(given)?.into_iter().collect(),
        open: open(given)?,
        taxonomy_terms: taxonomy_terms(given)?,
        organization: organization(given)?,
        ..ServiceFilter::default()
    })
}

/// Returns the words to search for. `None` if the parameter is left out.
///
/// # Errors
/// If it contains no word.
pub(in crate::http) fn text_query(given: &GivenParameters) -> Result<Option<TextQuery>, RequestFault> {
    let Some(text) = given.text(&SEARCH) else { return Ok(None) };
    TextQuery::parse(text).map(Some).ok_or_else(|| SEARCH.refuse("has no word to search for"))
}

/// Returns the instant since which records must have changed. `None` if the parameter is left out.
pub(in crate::http) fn modified_since(given: &GivenParameters) -> Option<DateTime<Utc>> {
    match given.value(&MODIFIED_AFTER)? {
        ParameterValue::Instant(since) => Some(*since),
        _ => None,
    }
}

/// Refuses a request that names terms which no source has.
///
/// # Errors
/// If `unknown` is not empty.
pub(in crate::http) fn refuse_unknown_terms(unknown: &[UnknownTerm]) -> Result<(), RequestFault> {
    let Some(UnknownTerm { near, .. }) = unknown.first() else { return Ok(()) };
    let near = match near.as_slice() {
        [] => "see `/oruk/v3/taxonomy_terms` for those there are".to_owned(),
        near => did_you_mean(near),
    };
    Err(TAXONOMY_TERM_ID.refuse(format!("names a term that no source has; {near}")))
}

fn ages(given: &GivenParameters) -> Result<Option<AgeRange>, RequestFault> {
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

fn open(given: &GivenParameters) -> Result<Option<OpenFilter>, RequestFault> {
    let days = match given.value(&DAY) {
        Some(ParameterValue::Days(days)) => Some(*days),
        _ => None,
    };
    let time = |parameter| match given.value(parameter) {
        Some(ParameterValue::Time(time)) => Some(*time),
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

fn place(
    given: &GivenParameters,
    places: &PostcodePlaces,
) -> Result<(Option<AskedPlace>, Option<NearPoint>), RequestFault> {
    let proximity = given.number(&PROXIMITY);
    let Some(ParameterValue::Postcode(postcode)) = given.value(&POSTCODE) else {
        return match proximity {
            Some(_) => Err(PROXIMITY.refuse("needs `postcode`, the place that distances are measured from")),
            None => Ok((None, None)),
        };
    };
    let unknown = || {
        let message = format!("`{}` {}", POSTCODE.name, PostcodeDoubt::of(postcode));
        RequestFault::new(StatusCode::BAD_REQUEST, ErrorCode::PostcodeUnknown, message).about(POSTCODE.name)
    };
    let serves = AskedPlace::of_asked(postcode, places).ok_or_else(unknown)?;
    let centre = places.lookup_asked(postcode).ok_or_else(unknown)?.coordinates;
    Ok((Some(serves), proximity.map(|within_metres| NearPoint { centre, within_metres })))
}

fn taxonomy_terms(given: &GivenParameters) -> Result<Option<TaxonomyTermsFilter>, RequestFault> {
    let Some(ParameterValue::Texts(names)) = given.value(&TAXONOMY_TERM_ID) else { return Ok(None) };
    let any_of = names.iter().map(|name| term(name)).collect::<Result<_, _>>()?;
    Ok(Some(TaxonomyTermsFilter { any_of, include_descendants: true, ..TaxonomyTermsFilter::default() }))
}

fn term(name: &str) -> Result<TaxonomyTermRef, RequestFault> {
    if name.starts_with("http://") || name.starts_with("https://") {
        return Ok(TaxonomyTermRef::Uri(name.to_owned()));
    }
    match gateway_id(&TAXONOMY_TERM_ID, RecordKind::TaxonomyTerm, name)? {
        Some(id) => Ok(TaxonomyTermRef::Id(id)),
        None => Ok(TaxonomyTermRef::Code { taxonomy: None, code: name.to_owned() }),
    }
}

fn organization(given: &GivenParameters) -> Result<Option<RecordId>, RequestFault> {
    let Some(text) = given.text(&ORGANIZATION_ID) else { return Ok(None) };
    let id = gateway_id(&ORGANIZATION_ID, RecordKind::Organization, text)?;
    let because = "is not an id of this gateway; use the `id` of an organisation, unchanged";
    id.map(Some).ok_or_else(|| ORGANIZATION_ID.refuse(because))
}

/// Returns the record with this global id of the graph. `None` if the text is not such an id.
///
/// # Errors
/// If it is the id of something else.
fn gateway_id(
    parameter: &QueryParameter,
    kind: RecordKind,
    text: &str,
) -> Result<Option<RecordId>, RequestFault> {
    let found = match NodeId::parse(text) {
        Ok(NodeId::Record(id)) if id.kind() == kind => return Ok(Some(id)),
        Ok(NodeId::Record(id)) => id.kind().type_name(),
        Ok(NodeId::Source(_)) => "Source",
        Err(_) => return Ok(None),
    };
    Err(parameter.refuse(format!("is the id of a record of type `{found}`, not `{}`", kind.type_name())))
}

impl GivenParameters {
    /// Returns the UUIDs among the ids, as the published feed has them, each with the kind of record that it
    /// identifies.
    pub(in crate::http) fn published_ids(&self) -> Vec<(RecordKind, Uuid)> {
        let parse = |text: &str| Uuid::try_parse(text).ok();
        let terms = match self.value(&TAXONOMY_TERM_ID) {
            Some(ParameterValue::Texts(names)) => names.iter().filter_map(|name| parse(name)).collect(),
            _ => Vec::new(),
        };
        let organization = self.text(&ORGANIZATION_ID).and_then(parse);
        let terms = terms.into_iter().map(|uuid| (RecordKind::TaxonomyTerm, uuid));
        terms.chain(organization.map(|uuid| (RecordKind::Organization, uuid))).collect()
    }

    /// Replaces a UUID by another id.
    pub(in crate::http) fn replace(&mut self, uuid: Uuid, id: &str) {
        let put = |text: &mut String| {
            if Uuid::try_parse(text).is_ok_and(|own| own == uuid) {
                id.clone_into(text);
            }
        };
        let is_id = |parameter: &QueryParameter| {
            [TAXONOMY_TERM_ID.name, ORGANIZATION_ID.name].contains(&parameter.name)
        };
        for (_, value) in self.0.iter_mut().filter(|(parameter, _)| is_id(parameter)) {
            match value {
                ParameterValue::Texts(texts) => texts.iter_mut().for_each(put),
                ParameterValue::Text(text) => put(text),
                _ => {}
            }
        }
    }

    fn number(&self, parameter: &QueryParameter) -> Option<f64> {
        match self.value(parameter)? {
            ParameterValue::Number(number) => Some(*number),
            _ => None,
        }
    }

    fn relation(&self, parameter: &QueryParameter, otherwise: RangeMatch) -> RangeMatch {
        match self.value(parameter) {
            Some(ParameterValue::Word("overlaps")) => RangeMatch::Overlaps,
            Some(ParameterValue::Word("covers")) => RangeMatch::Covers,
            Some(ParameterValue::Word("within")) => RangeMatch::Within,
            _ => otherwise,
        }
    }
}
