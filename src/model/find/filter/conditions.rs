//! The conditions of a filter: what each asks of the facts of a service, and what may be said of it by a list alone.

use super::prepared::Prepared;
use super::{Match, ServiceFilter};
use crate::model::{AccessFilter, Covered, Facts, Point, RecordId, ServiceStatus, TriState};

/// One kind of condition on facts.
pub(super) struct Condition {
    pub(super) name: &'static str,
    /// What the row of a list tells of it, where the service's own page has not been read.
    row: Row,
    /// Whether keeping unknown ones presumes that it holds, so that those are dropped where it is denied, and the other
    /// way round.
    pub(super) presumes: fn(&Facts) -> bool,
    /// Whether a service matches; where it does not state what is asked, whether that keeps it if the client does not
    /// say. None where nothing is asked.
    pub(super) evaluate: fn(&Prepared<'_>, &Facts) -> Option<Match>,
}

/// What the row of a list tells of a condition.
#[derive(Clone, Copy, PartialEq)]
enum Row {
    /// All there is: lists carry the fact.
    Tells,
    /// That it holds: lists may lack some of what is stated, and more of it takes nothing back.
    TellsHits,
    /// That it does not hold: more of what is stated does not make it hold again.
    TellsMisses,
    /// Nothing that lasts: the service's own page may turn it either way.
    Silent,
}

impl Condition {
    /// Whether this outcome, found in the row of a list, may be another by the service's own page.
    pub(super) fn may_change(&self, outcome: Match) -> bool {
        match self.row {
            Row::Tells => false,
            Row::TellsHits => outcome != Match::Yes,
            Row::TellsMisses => outcome != Match::No,
            Row::Silent => true,
        }
    }
}

/// The conditions, cheapest first.
pub(super) const CONDITIONS: [Condition; 22] = [
    Condition {
        name: "sources",
        row: Row::Tells,
        presumes: |_| false,
        evaluate: |asked, facts| Some(asked.filter.sources.as_ref()?.contains(facts.id.source()).into()),
    },
    Condition {
        name: "status",
        row: Row::Tells,
        presumes: |facts| facts.status_is_missing,
        evaluate: |asked, facts| Some(status(asked.filter.status.as_ref()?, facts)),
    },
    Condition {
        name: "ages",
        row: Row::Tells,
        presumes: |_| false,
        evaluate: |asked, facts| {
            let asked = &asked.filter.ages;
            (!asked.is_empty()).then(|| facts.ages.matches(asked).into())
        },
    },
    Condition {
        name: "organization",
        row: Row::Tells,
        presumes: |_| false,
        evaluate: |asked, facts| Some(organization(asked.filter.organization.as_ref()?, facts)),
    },
    Condition {
        name: "location",
        row: Row::TellsHits,
        presumes: |_| false,
        evaluate: |asked, facts| {
            let wanted = asked.filter.location.as_ref()?;
            Some(facts.locations.iter().flatten().any(|location| location == wanted).into())
        },
    },
    Condition {
        name: "modifiedSince",
        row: Row::Tells,
        presumes: |_| false,
        evaluate: |asked, facts| Some(at_least(facts.changed_at(), asked.filter.modified_since?, true)),
    },
    Condition {
        name: "assuredSince",
        row: Row::Tells,
        presumes: |_| false,
        evaluate: |asked, facts| Some(at_least(facts.assured_date, asked.filter.assured_since?, false)),
    },
    Condition {
        name: "assuredWithin",
        row: Row::Tells,
        presumes: |_| false,
        evaluate: |asked, facts| Some(at_least(facts.assured_date, asked.filter.assured_within?, false)),
    },
    Condition {
        name: "missing",
        row: Row::TellsMisses,
        presumes: |_| false,
        evaluate: |asked, facts| {
            let missing = &asked.filter.missing;
            (!missing.is_empty()).then(|| missing.iter().all(|one| !facts.stated.has(*one)).into())
        },
    },
    Condition {
        name: "hasIssue",
        row: Row::TellsHits,
        presumes: |_| false,
        evaluate: |asked, facts| Some(facts.issues.matches(asked.filter.has_issue.as_ref()?).into()),
    },
    Condition {
        name: "capacity",
        row: Row::Silent,
        presumes: |_| false,
        evaluate: |asked, facts| {
            let capacity = asked.filter.capacity.as_ref().filter(|capacity| !capacity.is_empty())?;
            Some(facts.free_places.matches(capacity).into())
        },
    },
    Condition {
        name: "near",
        row: Row::Silent,
        presumes: |_| false,
        evaluate: |asked, facts| Some(facts.points.matches(asked.filter.near?).into()),
    },
    Condition {
        name: "withinBox",
        row: Row::Silent,
        presumes: |_| false,
        evaluate: |asked, facts| Some(facts.points.matches_box(asked.filter.within_box?).into()),
    },
    Condition {
        name: "attendingTypes",
        row: Row::TellsHits,
        presumes: |_| false,
        evaluate: |asked, facts| {
            Some(facts.attending_types.matches(asked.filter.attending_types.as_ref()?).into())
        },
    },
    Condition {
        name: "languages",
        row: Row::TellsHits,
        presumes: |_| false,
        evaluate: |asked, facts| Some(facts.languages.matches(asked.filter.languages.as_ref()?).into()),
    },
    Condition {
        name: "cost",
        row: Row::Silent,
        presumes: |_| false,
        evaluate: |asked, facts| {
            let cost = asked.filter.cost.as_ref().filter(|cost| !cost.is_empty())?;
            Some(facts.prices.matches(cost, asked.today).into())
        },
    },
    Condition {
        name: "organizationIdentifier",
        row: Row::TellsHits,
        presumes: |_| false,
        evaluate: |asked, facts| {
            Some(facts.identifiers.matches(asked.filter.organization_identifier.as_ref()?).into())
        },
    },
    Condition {
        name: "open",
        row: Row::Silent,
        presumes: |_| false,
        evaluate: |asked, facts| {
            let open = asked.filter.open.as_ref().filter(|open| !open.is_empty())?;
            Some(facts.hours.matches(open, asked.today).into())
        },
    },
    Condition {
        name: "accessibility",
        row: Row::Silent,
        presumes: |_| false,
        evaluate: |asked, facts| {
            let access = asked.filter.accessibility.as_ref().filter(|access| !access.is_empty())?;
            Some(accessibility(asked.filter, access, facts).into())
        },
    },
    Condition {
        name: "serves",
        row: Row::TellsHits,
        presumes: |_| false,
        evaluate: |asked, facts| Some(serves(facts.coverage.covers(asked.filter.serves.as_ref()?))),
    },
    Condition {
        name: "taxonomyTerms",
        row: Row::Silent,
        presumes: |_| false,
        evaluate: |asked, facts| Some(asked.terms.as_ref()?.evaluate(&facts.terms)),
    },
    Condition {
        name: "sameTerm",
        row: Row::Silent,
        presumes: |_| false,
        evaluate: |asked, facts| Some(asked.same_term.as_ref()?.evaluate(&facts.terms)),
    },
];

// Publishers of what operates often do not say so, but say what is closed.
fn status(wanted: &[ServiceStatus], facts: &Facts) -> Match {
    match facts.status {
        is if wanted.contains(&is) => Match::Yes,
        ServiceStatus::Unknown => {
            Match::Unknown { kept: facts.status_is_missing && wanted.contains(&ServiceStatus::Active) }
        }
        _ => Match::No,
    }
}

fn organization(wanted: &RecordId, facts: &Facts) -> Match {
    facts.organization.as_ref().map_or(Match::DROPPED, |id| (id == wanted).into())
}

// With a place to be near to, or a box, it must be a place there that has all that is needed.
fn accessibility(filter: &ServiceFilter, asked: &AccessFilter, facts: &Facts) -> TriState {
    if filter.near.is_none() && filter.within_box.is_none() {
        return facts.access.matches(asked);
    }
    let is_there = |point: &Point| {
        filter.near.is_none_or(|near| near.holds(point.coordinates))
            && filter.within_box.is_none_or(|bounds| bounds.holds(point.coordinates))
    };
    let within: Vec<usize> = facts.points.iter().filter(is_there).map(Point::service_at_location).collect();
    // Where it is not known which places are near, any of them may be.
    if within.is_empty() {
        return facts.access.matches(asked);
    }
    facts.access.matches_at(asked, |place| within.contains(&place))
}

// A service that states no area is taken to be open to all, as the standard's guidance asks.
fn serves(covered: Covered) -> Match {
    match covered {
        Covered::Inside => Match::Yes,
        Covered::Outside => Match::No,
        Covered::Unknown | Covered::NoAreas => Match::Unknown { kept: true },
    }
}

fn at_least<T: PartialOrd>(fact: Option<T>, since: T, keeps_unknown: bool) -> Match {
    fact.map_or(Match::Unknown { kept: keeps_unknown }, |fact| (fact >= since).into())
}
