//! The conditions of a filter: what each requires of the facts of a service, and what a list row alone can decide.

use super::prepared::PreparedFilter;
use super::{FilterMatch, ServiceFilter};
use crate::model::{
    AccessFilter, CoverageAnswer, DeliveryPoint, RecordId, Service, ServiceFacts, ServiceStatus, TriState,
};

/// One kind of condition on facts.
pub(super) struct FilterCondition {
    pub(super) name: &'static str,
    /// What a list row says about it, before the detail page has been read.
    row: RowTelling,
    /// Whether a service that is kept as unknown is presumed to meet the condition. Where the condition is negated,
    /// such services are then dropped rather than kept, and vice versa.
    pub(super) presumes: fn(&ServiceFacts) -> bool,
    /// Returns whether a service matches and, if that is unknown, whether it is kept by default. Returns `None` if
    /// nothing is asked.
    pub(super) evaluate: fn(&PreparedFilter<'_>, &ServiceFacts) -> Option<FilterMatch>,
}

/// What a list row says about a condition.
#[derive(Clone, Copy, PartialEq)]
enum RowTelling {
    /// All that there is, if it states each of these fields. What it leaves out of them, the detail page may state. Fields
    /// are named as in the graph.
    Tells(&'static [&'static str]),
    /// That it holds: lists may lack some of the data, but more data does not revoke a match.
    TellsHits,
    /// That it does not hold: more data does not turn a miss into a match.
    TellsMisses,
    /// Nothing certain: the detail page may change the result either way.
    Silent,
}

impl FilterCondition {
    /// Returns whether the detail page may change this outcome of a list row. `row` is the row, if the detail page may
    /// state fields that the row leaves out.
    pub(super) fn may_change(&self, outcome: FilterMatch, row: Option<&Service>) -> bool {
        match self.row {
            RowTelling::Tells(fields) => {
                row.is_some_and(|row| fields.iter().any(|field| row.leaves_out(field)))
            }
            RowTelling::TellsHits => outcome != FilterMatch::Yes,
            RowTelling::TellsMisses => outcome != FilterMatch::No,
            RowTelling::Silent => true,
        }
    }
}

/// The conditions, cheapest first.
pub(super) const CONDITIONS: [FilterCondition; 22] = [
    FilterCondition {
        name: "sources",
        row: RowTelling::Tells(&[]),
        presumes: |_| false,
        evaluate: |asked, facts| Some(asked.filter.sources.as_ref()?.contains(facts.id.source()).into()),
    },
    FilterCondition {
        name: "status",
        row: RowTelling::Tells(&["status"]),
        presumes: |facts| facts.status_is_missing,
        evaluate: |asked, facts| Some(status(asked.filter.status.as_ref()?, facts)),
    },
    FilterCondition {
        name: "ages",
        row: RowTelling::Tells(&["minimumAge", "maximumAge"]),
        presumes: |_| false,
        evaluate: |asked, facts| {
            let asked = &asked.filter.ages;
            (!asked.is_empty()).then(|| facts.ages.matches(asked).into())
        },
    },
    FilterCondition {
        name: "organization",
        row: RowTelling::Tells(&["organization"]),
        presumes: |_| false,
        evaluate: |asked, facts| Some(organization(asked.filter.organization.as_ref()?, facts)),
    },
    FilterCondition {
        name: "location",
        row: RowTelling::TellsHits,
        presumes: |_| false,
        evaluate: |asked, facts| {
            let wanted = asked.filter.location.as_ref()?;
            Some(facts.locations.iter().flatten().any(|location| location == wanted).into())
        },
    },
    FilterCondition {
        name: "modifiedSince",
        row: RowTelling::Tells(&["lastModified"]),
        presumes: |_| false,
        evaluate: |asked, facts| Some(at_least(facts.changed_at(), asked.filter.modified_since?, true)),
    },
    FilterCondition {
        name: "assuredSince",
        row: RowTelling::Tells(&["assuredDate"]),
        presumes: |_| false,
        evaluate: |asked, facts| Some(at_least(facts.assured_date, asked.filter.assured_since?, false)),
    },
    FilterCondition {
        name: "assuredWithin",
        row: RowTelling::Tells(&["assuredDate"]),
        presumes: |_| false,
        evaluate: |asked, facts| Some(at_least(facts.assured_date, asked.filter.assured_within?, false)),
    },
    FilterCondition {
        name: "missing",
        row: RowTelling::TellsMisses,
        presumes: |_| false,
        evaluate: |asked, facts| {
            let missing = &asked.filter.missing;
            (!missing.is_empty()).then(|| missing.iter().all(|one| !facts.stated.has(*one)).into())
        },
    },
    FilterCondition {
        name: "hasIssue",
        row: RowTelling::Silent,
        presumes: |_| false,
        evaluate: |asked, facts| Some(facts.issues.matches(asked.filter.has_issue.as_ref()?).into()),
    },
    FilterCondition {
        name: "capacity",
        row: RowTelling::Silent,
        presumes: |_| false,
        evaluate: |asked, facts| {
            let capacity = asked.filter.capacity.as_ref().filter(|capacity| !capacity.is_empty())?;
            Some(facts.free_places.matches(capacity).into())
        },
    },
    FilterCondition {
        name: "near",
        row: RowTelling::Silent,
        presumes: |_| false,
        evaluate: |asked, facts| Some(facts.points.matches(asked.filter.near?).into()),
    },
    FilterCondition {
        name: "withinBox",
        row: RowTelling::Silent,
        presumes: |_| false,
        evaluate: |asked, facts| Some(facts.points.matches_box(asked.filter.within_box?).into()),
    },
    FilterCondition {
        name: "attendingTypes",
        row: RowTelling::Silent,
        presumes: |_| false,
        evaluate: |asked, facts| {
            Some(facts.attending_types.matches(asked.filter.attending_types.as_ref()?).into())
        },
    },
    FilterCondition {
        name: "languages",
        row: RowTelling::TellsHits,
        presumes: |_| false,
        evaluate: |asked, facts| Some(facts.languages.matches(asked.filter.languages.as_ref()?).into()),
    },
    FilterCondition {
        name: "cost",
        row: RowTelling::Silent,
        presumes: |_| false,
        evaluate: |asked, facts| {
            let cost = asked.filter.cost.as_ref().filter(|cost| !cost.is_empty())?;
            Some(facts.prices.matches(cost, asked.today).into())
        },
    },
    FilterCondition {
        name: "organizationIdentifier",
        row: RowTelling::TellsHits,
        presumes: |_| false,
        evaluate: |asked, facts| {
            Some(facts.identifiers.matches(asked.filter.organization_identifier.as_ref()?).into())
        },
    },
    FilterCondition {
        name: "open",
        row: RowTelling::Silent,
        presumes: |_| false,
        evaluate: |asked, facts| {
            let open = asked.filter.open.as_ref().filter(|open| !open.is_empty())?;
            Some(facts.hours.matches(open, asked.today).into())
        },
    },
    FilterCondition {
        name: "accessibility",
        row: RowTelling::Silent,
        presumes: |_| false,
        evaluate: |asked, facts| {
            let access = asked.filter.accessibility.as_ref().filter(|access| !access.is_empty())?;
            Some(accessibility(asked.filter, access, facts).into())
        },
    },
    FilterCondition {
        name: "serves",
        row: RowTelling::TellsHits,
        presumes: |_| false,
        evaluate: |asked, facts| Some(serves(facts.coverage.covers(asked.filter.serves.as_ref()?))),
    },
    FilterCondition {
        name: "taxonomyTerms",
        row: RowTelling::Silent,
        presumes: |_| false,
        evaluate: |asked, facts| Some(asked.terms.as_ref()?.evaluate(&facts.terms)),
    },
    FilterCondition {
        name: "sameTerm",
        row: RowTelling::Silent,
        presumes: |_| false,
        evaluate: |asked, facts| Some(asked.same_term.as_ref()?.evaluate(&facts.terms)),
    },
];

// Publishers often do not say that a service is active, but do say if it is closed.
fn status(wanted: &[ServiceStatus], facts: &ServiceFacts) -> FilterMatch {
    match facts.status {
        is if wanted.contains(&is) => FilterMatch::Yes,
        ServiceStatus::Unknown => {
            FilterMatch::Unknown { kept: facts.status_is_missing && wanted.contains(&ServiceStatus::Active) }
        }
        _ => FilterMatch::No,
    }
}

fn organization(wanted: &RecordId, facts: &ServiceFacts) -> FilterMatch {
    facts.organization.as_ref().map_or(FilterMatch::DROPPED, |id| (id == wanted).into())
}

// If there is also a condition on location, the access must be at a location that meets that condition.
fn accessibility(filter: &ServiceFilter, asked: &AccessFilter, facts: &ServiceFacts) -> TriState {
    if filter.near.is_none() && filter.within_box.is_none() {
        return facts.access.matches(asked);
    }
    let is_there = |point: &DeliveryPoint| {
        filter.near.is_none_or(|near| near.holds(point.coordinates))
            && filter.within_box.is_none_or(|bounds| bounds.holds(point.coordinates))
    };
    let within: Vec<usize> =
        facts.points.iter().filter(is_there).map(DeliveryPoint::service_at_location).collect();
    // If it is unknown which locations are there, any of them may be.
    if within.is_empty() {
        return facts.access.matches(asked);
    }
    facts.access.matches_at(asked, |place| within.contains(&place))
}

// A service that states no area counts as open to all, as the standard's guidance says.
fn serves(covered: CoverageAnswer) -> FilterMatch {
    match covered {
        CoverageAnswer::Inside => FilterMatch::Yes,
        CoverageAnswer::Outside => FilterMatch::No,
        CoverageAnswer::Unknown | CoverageAnswer::NoAreas => FilterMatch::Unknown { kept: true },
    }
}

fn at_least<T: PartialOrd>(fact: Option<T>, since: T, keeps_unknown: bool) -> FilterMatch {
    fact.map_or(FilterMatch::Unknown { kept: keeps_unknown }, |fact| (fact >= since).into())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::model::SilentRecord as _;

    /// Returns the names of all fields of a filter. Does not compile if one is missing.
    macro_rules! filter_fields {
        ($($field:ident),* $(,)?) => {{
            let ServiceFilter { $($field: _),* } = ServiceFilter::default();
            [$(stringify!($field)),*]
        }};
    }

    #[test]
    fn each_field_of_a_filter_has_a_condition() {
        let fields = filter_fields![
            text,
            ask,
            sources,
            status,
            ages,
            organization,
            organization_identifier,
            location,
            near,
            within_box,
            serves,
            open,
            taxonomy_terms,
            same_term,
            cost,
            capacity,
            languages,
            accessibility,
            attending_types,
            modified_since,
            assured_since,
            assured_within,
            has_issue,
            missing,
            include_unknown,
            and,
            or,
            not,
        ];
        let evaluated_elsewhere = ["text", "ask", "include_unknown", "and", "or", "not"];
        let fields = fields.into_iter().filter(|field| !evaluated_elsewhere.contains(field));
        let fields: BTreeSet<String> = fields.map(|field| field.replace('_', "")).collect();
        let conditions = CONDITIONS.iter().map(|condition| condition.name.to_lowercase());
        assert_eq!(conditions.collect::<BTreeSet<_>>(), fields);
    }

    #[test]
    fn rows_leave_out_only_fields_that_are_known() {
        for condition in CONDITIONS {
            let RowTelling::Tells(fields) = condition.row else { continue };
            for name in fields {
                assert!(Service::FIELDS.iter().any(|(field, _)| field == name), "{name}");
            }
        }
    }
}
