//! Collects what the validator reports. It reads the root document, each list and some detail pages, and checks them
//! against the schemas of the version that the root document declares.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::super::check;
use super::super::formats::is_uri;
use super::super::issues::RecordDepartures;
use super::super::standard::FeedStandard;
use super::{ReasonCode, ValidatorReason, ValidatorVerdict};
use crate::model::RecordKind;

/// The profile versions for which the validator has schemas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source) enum ValidatorProfile {
    /// 1.0, or no readable version.
    Uk1,
    /// 3.0.
    Uk3,
    /// Any other version.
    Unknown,
}

impl ValidatorProfile {
    /// Returns the version that a root document declares, as the validator reads it.
    pub(in crate::source) fn of(root: Option<&Value>) -> Self {
        let version = root.and_then(|root| root.get("version"));
        let text = match version {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => return Self::Uk1,
        };
        let bare = text.to_ascii_lowercase().replace("hsds-uk-", "").replace('v', "");
        match bare.trim().parse::<f64>() {
            Ok(version) if (version - 3.0).abs() < 0.05 => Self::Uk3,
            Ok(version) if (version - 1.0).abs() < 0.05 => Self::Uk1,
            Ok(_) => Self::Unknown,
            Err(_) => Self::Uk1,
        }
    }

    /// Returns the standard against which records are checked.
    pub(in crate::source) fn standard(self) -> Option<FeedStandard> {
        match self {
            Self::Uk1 => Some(FeedStandard::Oruk1),
            Self::Uk3 => Some(FeedStandard::Oruk3),
            Self::Unknown => None,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Uk1 => "HSDS-UK 1.0",
            Self::Uk3 => "HSDS-UK 3.0",
            Self::Unknown => "no UK profile",
        }
    }

    /// Returns the kinds of the profile's lists, the required one first.
    pub(in crate::source) fn kinds(self) -> &'static [RecordKind] {
        match self {
            Self::Uk1 => &[RecordKind::Service],
            Self::Uk3 | Self::Unknown => &[
                RecordKind::Service,
                RecordKind::Organization,
                RecordKind::Taxonomy,
                RecordKind::TaxonomyTerm,
                RecordKind::ServiceAtLocation,
            ],
        }
    }
}

// Returns whether a root document declares 1.0.
fn is_1(root: Option<&Value>) -> bool {
    let version = root.and_then(|root| root.get("version"));
    version.is_some_and(|version| version.to_string().contains('1'))
}

/// An endpoint that the validator reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::source) enum ValidatorEndpoint {
    /// The root document.
    Root,
    /// A list.
    List(RecordKind),
    /// A detail page.
    Detail(RecordKind),
}

impl ValidatorEndpoint {
    fn name(self) -> &'static str {
        match self {
            Self::Root => "/",
            Self::List(RecordKind::Service) => "/services",
            Self::List(RecordKind::Organization) => "/organizations",
            Self::List(RecordKind::Location) => "/locations",
            Self::List(RecordKind::ServiceAtLocation) => "/service_at_locations",
            Self::List(RecordKind::Taxonomy) => "/taxonomies",
            Self::List(RecordKind::TaxonomyTerm) => "/taxonomy_terms",
            Self::Detail(RecordKind::Service) => "/services/{id}",
            Self::Detail(RecordKind::Organization) => "/organizations/{id}",
            Self::Detail(RecordKind::Location) => "/locations/{id}",
            Self::Detail(RecordKind::ServiceAtLocation) => "/service_at_locations/{id}",
            Self::Detail(RecordKind::Taxonomy) => "/taxonomies/{id}",
            Self::Detail(RecordKind::TaxonomyTerm) => "/taxonomy_terms/{id}",
        }
    }

    fn is_required(self) -> bool {
        matches!(self, Self::Root | Self::List(RecordKind::Service) | Self::Detail(RecordKind::Service))
    }

    // Faults in an optional list fail a feed as well, and those in an optional detail page are warnings. Organisations
    // have no endpoint in the profile, so the validator treats them as an extra.
    fn must_be_valid(self) -> bool {
        let is_listed = matches!(self, Self::List(kind) if kind != RecordKind::Organization);
        self.is_required() || is_listed
    }
}

/// Collects what the validator would report.
pub(in crate::source) struct ValidatorAudit {
    profile: ValidatorProfile,
    reasons: Vec<ValidatorReason>,
}

impl ValidatorAudit {
    pub(in crate::source) fn new(profile: ValidatorProfile) -> Self {
        let mut audit = Self { profile, reasons: Vec::new() };
        if profile == ValidatorProfile::Unknown {
            let message = "the validator has no profile for the version declared here";
            audit.add(ValidatorEndpoint::Root, ReasonCode::NoSpecification, true, "version", message, 1);
        }
        audit
    }

    /// Checks the root document. `None` means that there was no such document.
    pub(in crate::source) fn root(&mut self, root: Option<&Value>) {
        if self.profile == ValidatorProfile::Uk1 && !is_1(root) {
            let message = "is missing or cannot be read, so the feed is checked against 1.0";
            self.add(ValidatorEndpoint::Root, ReasonCode::ValidationError, false, "version", message, 1);
        }
        if self.profile != ValidatorProfile::Uk3 {
            return;
        }
        for name in ["profile", "openapi_url"] {
            let wrong = match root.and_then(|root| root.get(name)) {
                None => continue,
                Some(Value::String(text)) if is_uri(text) => continue,
                Some(Value::String(_)) => "is not a URI",
                Some(_) => "is not a string",
            };
            self.add(ValidatorEndpoint::Root, ReasonCode::ValidationError, true, name, wrong, 1);
        }
    }

    /// Adds an endpoint that did not return success.
    pub(in crate::source) fn failed(&mut self, endpoint: ValidatorEndpoint, status: Option<u16>) {
        let message = status
            .map_or(Cow::Borrowed("did not respond"), |status| format!("returned HTTP {status}").into());
        let code = match endpoint.is_required() {
            true => ReasonCode::RequiredEndpointFailed,
            false => ReasonCode::OptionalEndpointNonSuccess,
        };
        self.add(endpoint, code, endpoint.is_required(), "", message, 1);
    }

    /// Adds a response that is not JSON.
    pub(in crate::source) fn not_json(&mut self, endpoint: ValidatorEndpoint) {
        let message = "is not strictly valid JSON";
        self.add(endpoint, ReasonCode::InvalidJson, endpoint.must_be_valid(), "", message, 1);
    }

    /// Adds a list without records, which leaves no detail pages to test.
    pub(in crate::source) fn empty(&mut self, kind: RecordKind) {
        let endpoint = ValidatorEndpoint::List(kind);
        self.add(endpoint, ReasonCode::EmptyFeedWarning, false, "", "has no records", 1);
        let message = "was not tested, because the list has no ids";
        self.add(ValidatorEndpoint::Detail(kind), ReasonCode::NoIdsAvailable, false, "", message, 1);
    }

    /// Adds what the schema reports for a response.
    pub(in crate::source) fn departs(&mut self, endpoint: ValidatorEndpoint, departures: &RecordDepartures) {
        let list = if matches!(endpoint, ValidatorEndpoint::List(_)) { "contents[]." } else { "" };
        for one in &departures.0 {
            let path = format!("{list}{}", one.path);
            let (fails, count) = (endpoint.must_be_valid(), one.count as usize);
            self.add(endpoint, ReasonCode::ValidationError, fails, &path, one.message, count);
        }
    }

    /// Adds what the schema of a page reports for the members around its list.
    pub(in crate::source) fn envelope(&mut self, kind: RecordKind, members: &Map<String, Value>) {
        if self.profile != ValidatorProfile::Uk3 {
            return;
        }
        let is_whole = |value: &Value| value.as_f64().is_some_and(|number| number.fract() == 0.0);
        for (name, value) in members {
            let wrong = match name.as_str() {
                "total_items" | "total_pages" | "page_number" | "size" if !is_whole(value) => {
                    "is not a whole number"
                }
                "first_page" | "last_page" | "empty" if !value.is_boolean() => "is neither true nor false",
                "contents" if !value.is_array() => "is not a list",
                _ => continue,
            };
            self.add(ValidatorEndpoint::List(kind), ReasonCode::ValidationError, true, name, wrong, 1);
        }
    }

    /// Returns the verdict.
    pub(in crate::source) fn verdict(mut self) -> ValidatorVerdict {
        self.reasons.sort_by_key(|reason| !reason.fails);
        ValidatorVerdict { profile: self.profile.name().to_owned(), reasons: self.reasons }
    }

    fn add(
        &mut self,
        endpoint: ValidatorEndpoint,
        code: ReasonCode,
        fails: bool,
        path: &str,
        message: impl Into<Cow<'static, str>>,
        count: usize,
    ) {
        let (endpoint, message) = (Cow::Borrowed(endpoint.name()), message.into());
        let is_same = |known: &&mut ValidatorReason| {
            known.endpoint == endpoint && known.code == code && known.path == path
        };
        let has_room = self.reasons.len() < MOST_REASONS;
        match self.reasons.iter_mut().find(is_same) {
            Some(known) => known.count += count,
            None if has_room => {
                self.reasons.push(ValidatorReason {
                    endpoint,
                    code,
                    fails,
                    path: path.to_owned(),
                    message,
                    count,
                });
            }
            None => {}
        }
    }
}

/// The most reasons that are collected for a feed.
const MOST_REASONS: usize = 200;

impl RecordDepartures {
    /// Checks a row by a schema. Unlike elsewhere, `null` and empty texts count as values rather than as missing.
    pub(in crate::source) fn by_schema(
        standard: Option<FeedStandard>,
        kind: RecordKind,
        row: &Value,
    ) -> Self {
        let mut found = Self::default();
        if let Some(standard) = standard {
            check::row_as_it_stands(standard, kind, row, &mut |path, fault| found.add_at(path, fault));
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_version_is_read_as_the_validator_reads_it() {
        for (version, profile) in [
            (json!("HSDS-UK-3.0"), ValidatorProfile::Uk3),
            (json!("V3"), ValidatorProfile::Uk3),
            (json!(3.0), ValidatorProfile::Uk3),
            (json!("1.0"), ValidatorProfile::Uk1),
            (json!("three"), ValidatorProfile::Uk1),
            (json!("3.1"), ValidatorProfile::Unknown),
        ] {
            assert_eq!(ValidatorProfile::of(Some(&json!({ "version": version }))), profile, "{version}");
        }
        assert_eq!(ValidatorProfile::of(None), ValidatorProfile::Uk1);
    }

    #[test]
    fn nulls_and_wrong_values_fail_a_feed_and_missing_optional_endpoints_do_not() {
        let id = "8f0f6b7e-5b0a-4c1e-9d0a-0a1b2c3d4e5f";
        let good = json!({ "id": id, "name": "A", "status": "active" });
        let mut audit = ValidatorAudit::new(ValidatorProfile::Uk3);
        audit.departs(
            ValidatorEndpoint::List(RecordKind::Service),
            &RecordDepartures::by_schema(Some(FeedStandard::Oruk3), RecordKind::Service, &good),
        );
        audit.failed(ValidatorEndpoint::List(RecordKind::Taxonomy), Some(404));
        audit.empty(RecordKind::TaxonomyTerm);
        let verdict = audit.verdict();
        assert!(verdict.passes(), "{verdict:?}");
        assert_eq!(verdict.reasons.len(), 3);
        let bad = json!({ "id": "17", "name": "A", "status": "active", "email": null, "url": "" });
        let mut audit = ValidatorAudit::new(ValidatorProfile::Uk3);
        let departures = RecordDepartures::by_schema(Some(FeedStandard::Oruk3), RecordKind::Service, &bad);
        audit.departs(ValidatorEndpoint::List(RecordKind::Service), &departures);
        audit.departs(ValidatorEndpoint::Detail(RecordKind::Taxonomy), &departures);
        let verdict = audit.verdict();
        let failing: Vec<&str> =
            verdict.reasons.iter().filter(|one| one.fails).map(|one| one.path.as_str()).collect();
        assert_eq!(failing, ["contents[].id", "contents[].email", "contents[].url"]);
        assert!(verdict.summary().contains("would fail this feed (HSDS-UK 3.0): /services VALIDATION_ERROR"));
    }
}
