//! Signs in a feed's responses by which dialects are detected. Signs that several dialects share are here; the others
//! are with their dialect.

use serde_json::Value;

use super::SeenAnswers;

/// A sign in a feed's responses.
pub(in crate::source) struct DialectMarker {
    /// The weight of the sign.
    pub points: u32,
    /// A description of the sign, for people.
    pub reason: &'static str,
    /// Returns whether the sign is present.
    pub holds: fn(&SeenAnswers) -> bool,
}

/// The envelope of 1.0.
pub(in crate::source::dialects) const ENVELOPE_OF_1: DialectMarker =
    DialectMarker { points: 3, reason: "the page has the envelope of 1", holds: |seen| seen.is_of_1() };
/// Organisations under the name that 1.0 has for them.
pub(in crate::source::dialects) const ORGANIZATION_OF_1: DialectMarker = DialectMarker {
    points: 1,
    reason: "records name their organization as 1 does",
    holds: |seen| seen.is_of_1() && seen.has("organization"),
};
/// Members that only 1.0 has.
pub(in crate::source::dialects) const MEMBERS_OF_1: DialectMarker = DialectMarker {
    points: 3,
    reason: "records have members of 1",
    holds: |seen| {
        seen.has_any(&[
            "service_taxonomys",
            "service_taxonomies",
            "physical_addresses",
            "deliverable_type",
            "attending_access",
        ])
    },
};
/// The envelope of 3.0.
pub(in crate::source::dialects) const ENVELOPE_OF_3: DialectMarker = DialectMarker {
    points: 3,
    reason: "the page has the envelope of 3",
    holds: |seen| seen.in_envelope(&["contents", "total_items"]),
};
/// The envelope of a web framework that servers of 3.1 use. It counts most for international HSDS.
pub(in crate::source::dialects) const ENVELOPE_OF_A_FRAMEWORK: DialectMarker = DialectMarker {
    points: 3,
    reason: "the page has the envelope of international 3.1 servers",
    holds: |seen| seen.envelope.contains_key("data") && seen.in_envelope(&["links", "current_page"]),
};
/// Members that are new in 3.0.
pub(in crate::source::dialects) const MEMBERS_OF_3: DialectMarker = DialectMarker {
    points: 2,
    reason: "records have members of 3",
    holds: |seen| {
        seen.has_any(&["taxonomy_term", "location_type", "website", "organization_identifiers", "schedules"])
    },
};
/// A declared version 3, if the page itself shows no dialect.
pub(in crate::source::dialects) const VERSION_3: DialectMarker = DialectMarker {
    points: 1,
    reason: "the version is 3, and the envelope is no dialect's",
    holds: |seen| !has_known_envelope(seen) && seen.root_version().next() == Some(3),
};

fn has_known_envelope(seen: &SeenAnswers) -> bool {
    seen.is_of_1() || seen.in_envelope(&["contents", "total_items", "current_page"])
}

impl SeenAnswers {
    /// Returns whether the page itself has one of these members.
    pub(in crate::source::dialects) fn in_envelope(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.envelope.contains_key(*name))
    }

    /// Returns a member of the page itself.
    pub(in crate::source::dialects) fn of_envelope(&self, name: &str) -> Option<&Value> {
        self.envelope.get(name)
    }

    /// Returns the records: rows of the page, and a detail page.
    pub(in crate::source::dialects) fn records(&self) -> &[Value] {
        &self.records
    }

    /// Returns whether the page has the envelope of 1.0.
    pub(in crate::source::dialects) fn is_of_1(&self) -> bool {
        self.in_envelope(&["content", "totalElements", "totalelements", "totalPages", "totalpages"])
    }

    /// Returns whether a record has a member with exactly this name, at any depth.
    pub(in crate::source::dialects) fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Returns whether a record has a member with one of these names, at any depth.
    pub(in crate::source::dialects) fn has_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.has(name))
    }

    /// Returns whether a record has a member whose name passes a test, at any depth.
    pub(in crate::source::dialects) fn has_name(&self, test: impl Fn(&str) -> bool) -> bool {
        self.names.iter().any(|name| test(name))
    }

    /// Returns whether a record has a member whose name begins with a vendor's prefix, at any depth.
    pub(in crate::source::dialects) fn has_vendor(&self, prefix: &str) -> bool {
        self.has_name(|name| name.starts_with(prefix))
    }

    /// Returns whether any object in the records, at any depth, passes a test.
    pub(in crate::source::dialects) fn any(
        &self,
        test: impl Fn(&serde_json::Map<String, Value>) -> bool,
    ) -> bool {
        let mut stack: Vec<&Value> = self.records.iter().collect();
        while let Some(value) = stack.pop() {
            match value {
                Value::Object(members) if test(members) => return true,
                Value::Object(members) => stack.extend(members.values()),
                Value::Array(elements) => stack.extend(elements),
                _ => {}
            }
        }
        false
    }

    /// Returns whether the text in a member of this name passes a test, in any object of the records.
    pub(in crate::source::dialects) fn any_text(&self, name: &str, test: impl Fn(&str) -> bool) -> bool {
        self.any(|members| members.get(name).and_then(Value::as_str).is_some_and(&test))
    }

    /// Returns a text of the root document in lower case. Returns an empty text if it is missing.
    pub(in crate::source::dialects) fn root_text(&self, name: &str) -> String {
        self.root.get(name).and_then(Value::as_str).unwrap_or_default().to_lowercase()
    }

    /// Returns the numbers in the declared version: 3 and 1 for `HSDS-3.1`.
    pub(in crate::source::dialects) fn root_version(&self) -> impl Iterator<Item = u32> + use<> {
        let version = self.root_text("version");
        let numbers = version.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok());
        numbers.collect::<Vec<_>>().into_iter()
    }
}
