//! What in a feed's answers may speak for a dialect. Markers that several dialects have are here; the others are with
//! their dialect.

use serde_json::Value;

use super::SeenAnswers;

/// Something that a feed's answers may show.
pub(in crate::source) struct DialectMarker {
    /// How much it speaks for the dialect.
    pub points: u32,
    /// What it is, in words.
    pub reason: &'static str,
    /// Whether it is there.
    pub holds: fn(&SeenAnswers) -> bool,
}

/// The envelope of 1.
pub(in crate::source::dialects) const ENVELOPE_OF_1: DialectMarker =
    DialectMarker { points: 3, reason: "the page has the envelope of 1", holds: |seen| seen.is_of_1() };
/// Providers under the name that 1 has for them.
pub(in crate::source::dialects) const ORGANIZATION_OF_1: DialectMarker = DialectMarker {
    points: 1,
    reason: "records name their organization as 1 does",
    holds: |seen| seen.is_of_1() && seen.has("organization"),
};
/// Members that only 1 has.
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
/// The envelope of 3.
pub(in crate::source::dialects) const ENVELOPE_OF_3: DialectMarker = DialectMarker {
    points: 3,
    reason: "the page has the envelope of 3",
    holds: |seen| seen.in_envelope(&["contents", "total_items"]),
};
/// The envelope of a web framework that servers of 3.1 use. It speaks for the international standard above others.
pub(in crate::source::dialects) const ENVELOPE_OF_A_FRAMEWORK: DialectMarker = DialectMarker {
    points: 3,
    reason: "the page has the envelope of international 3.1 servers",
    holds: |seen| seen.envelope.contains_key("data") && seen.in_envelope(&["links", "current_page"]),
};
/// Members that came with 3.
pub(in crate::source::dialects) const MEMBERS_OF_3: DialectMarker = DialectMarker {
    points: 2,
    reason: "records have members of 3",
    holds: |seen| {
        seen.has_any(&["taxonomy_term", "location_type", "website", "organization_identifiers", "schedules"])
    },
};
/// A version of 3, where the page itself shows nothing of any dialect.
pub(in crate::source::dialects) const VERSION_3: DialectMarker = DialectMarker {
    points: 1,
    reason: "the version is 3, and the envelope is no dialect's",
    holds: |seen| !has_known_envelope(seen) && seen.root_version().next() == Some(3),
};

fn has_known_envelope(seen: &SeenAnswers) -> bool {
    seen.is_of_1() || seen.in_envelope(&["contents", "total_items", "current_page"])
}

impl SeenAnswers {
    /// Whether the page itself has a member of one of these names.
    pub(in crate::source::dialects) fn in_envelope(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.envelope.contains_key(*name))
    }

    /// A member of the page itself.
    pub(in crate::source::dialects) fn of_envelope(&self, name: &str) -> Option<&Value> {
        self.envelope.get(name)
    }

    /// The records: rows of the page, and a detail page.
    pub(in crate::source::dialects) fn records(&self) -> &[Value] {
        &self.records
    }

    /// Whether the page has the envelope of 1.
    pub(in crate::source::dialects) fn is_of_1(&self) -> bool {
        self.in_envelope(&["content", "totalElements", "totalelements", "totalPages", "totalpages"])
    }

    /// Whether a record has a member of this name, spelled like this, at any depth.
    pub(in crate::source::dialects) fn has(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// Whether a record has a member of one of these names, at any depth.
    pub(in crate::source::dialects) fn has_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.has(name))
    }

    /// Whether a record has a member whose name passes a test, at any depth.
    pub(in crate::source::dialects) fn has_name(&self, test: impl Fn(&str) -> bool) -> bool {
        self.names.iter().any(|name| test(name))
    }

    /// Whether a record has a member whose name begins with a publishing system's prefix, at any depth.
    pub(in crate::source::dialects) fn has_vendor(&self, prefix: &str) -> bool {
        self.has_name(|name| name.starts_with(prefix))
    }

    /// Whether any object in the records, at any depth, passes a test.
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

    /// Whether the text of this name passes a test, in any object of the records.
    pub(in crate::source::dialects) fn any_text(&self, name: &str, test: impl Fn(&str) -> bool) -> bool {
        self.any(|members| members.get(name).and_then(Value::as_str).is_some_and(&test))
    }

    /// A text of the root document, in small letters.
    pub(in crate::source::dialects) fn root_text(&self, name: &str) -> String {
        self.root.get(name).and_then(Value::as_str).unwrap_or_default().to_lowercase()
    }

    /// The numbers of the version that the root document names: 3 and 1 of `HSDS-3.1`.
    pub(in crate::source::dialects) fn root_version(&self) -> impl Iterator<Item = u32> + use<> {
        let version = self.root_text("version");
        let numbers = version.split(|c: char| !c.is_ascii_digit()).filter_map(|part| part.parse().ok());
        numbers.collect::<Vec<_>>().into_iter()
    }
}
