//! Deciding: a filter made ready for one question, held against the facts of many services.

use chrono::NaiveDate;

use super::taxonomy::ResolvedTerms;
use super::{Match, ServiceFilter, Verdict};
use crate::model::{
    AccessFilter, Covered, Facts, Point, RecordId, ServiceStatus, TextQuery, TriState, Vocabulary,
};

/// A filter made ready: what it names is looked up once, not for every service.
#[derive(Debug)]
pub struct Prepared<'a> {
    pub(super) filter: &'a ServiceFilter,
    pub(super) number: usize,
    today: NaiveDate,
    pub(super) terms: Option<ResolvedTerms>,
    pub(super) and: Vec<Prepared<'a>>,
    pub(super) or: Vec<Prepared<'a>>,
    pub(super) not: Option<Box<Prepared<'a>>>,
}

/// Tells whether a service's words match.
pub trait Texts {
    /// Whether those of the service at hand match the text of the filter with this number; numbers count filters
    /// from the outermost inwards, `and` before `or` before `not`.
    fn matches(&self, filter: usize, text: &TextQuery) -> bool;
}

impl<F: Fn(&TextQuery) -> bool> Texts for F {
    fn matches(&self, _filter: usize, text: &TextQuery) -> bool {
        self(text)
    }
}

impl<'a> Prepared<'a> {
    /// Makes a filter ready for `today` in London, looking up what it names among the terms that are `known`.
    pub fn new(filter: &'a ServiceFilter, known: &Vocabulary, today: NaiveDate) -> Self {
        Self::numbered(filter, known, today, &mut 0)
    }

    fn numbered(filter: &'a ServiceFilter, known: &Vocabulary, today: NaiveDate, next: &mut usize) -> Self {
        let number = *next;
        *next += 1;
        let mut each = |filters: &'a [ServiceFilter]| -> Vec<Self> {
            filters.iter().map(|filter| Self::numbered(filter, known, today, next)).collect()
        };
        let (and, or) = (each(&filter.and), each(&filter.or));
        Self {
            filter,
            number,
            today,
            terms: filter.taxonomy_terms.as_ref().map(|asked| ResolvedTerms::of(asked, known)),
            and,
            or,
            not: filter.not.as_deref().map(|filter| Box::new(Self::numbered(filter, known, today, next))),
        }
    }

    /// The day it is asked on.
    pub fn today(&self) -> NaiveDate {
        self.today
    }

    /// The filter.
    pub fn filter(&self) -> &'a ServiceFilter {
        self.filter
    }

    /// Whether a service matches, as far as the record at hand can tell.
    pub fn verdict(&self, facts: &Facts, texts: &impl Texts) -> Verdict {
        if !facts.shallow {
            return Verdict::Decided(self.decide(facts, texts));
        }
        Verdict::between(|unread| {
            let scope = Scope { include_unknown: None, unread: Some(unread) };
            self.evaluate(facts, texts, scope, &mut |_| {})
        })
    }

    /// Whether a service matches, taking the record at hand for all there is.
    pub fn decide(&self, facts: &Facts, texts: &impl Texts) -> Match {
        self.evaluate(facts, texts, Scope::OUTERMOST, &mut |_| {})
    }

    /// The conditions asked for that a service does not state, by their names in `ServiceFilter`; each once.
    pub fn unknown(&self, facts: &Facts, texts: &impl Texts) -> Vec<&'static str> {
        let mut names = Vec::new();
        self.evaluate(facts, texts, Scope::OUTERMOST, &mut |name| {
            if !names.contains(&name) {
                names.push(name);
            }
        });
        names
    }

    fn evaluate(
        &self,
        facts: &Facts,
        texts: &impl Texts,
        outer: Scope,
        note: &mut dyn FnMut(&'static str),
    ) -> Match {
        let filter = self.filter;
        let scope = Scope { include_unknown: filter.include_unknown.or(outer.include_unknown), ..outer };
        let mut all = Match::Yes;
        for condition in CONDITIONS {
            let Some(outcome) = (condition.evaluate)(self, facts) else { continue };
            let outcome = if condition.in_lists { outcome } else { scope.readable(facts, outcome) };
            if matches!(outcome, Match::Unknown { .. }) {
                note(condition.name);
            }
            all = all.and(scope.settle(outcome, condition.keeps_unknown));
            if all == Match::No {
                return all;
            }
        }
        // Words cost the most, so they are looked for last of a filter's own.
        if let Some(text) = &filter.text {
            all = all.and(scope.readable(facts, texts.matches(self.number, text).into()));
        }
        for inner in &self.and {
            all = all.and(inner.evaluate(facts, texts, scope, note));
        }
        if let Some(inner) = &self.not {
            all = all.and(inner.evaluate(facts, texts, scope, note).negated());
        }
        if self.or.is_empty() || all == Match::No {
            return all;
        }
        let any = self.or.iter().map(|inner| inner.evaluate(facts, texts, scope, note));
        all.and(any.fold(Match::No, Match::or))
    }
}

/// One kind of condition on facts.
struct Condition {
    name: &'static str,
    /// Whether unknown outcomes keep a service where the client does not say.
    keeps_unknown: bool,
    /// Whether list pages carry the fact: else a miss on a service known from a list alone may yet be a match.
    in_lists: bool,
    evaluate: fn(&Prepared<'_>, &Facts) -> Option<Match>,
}

/// The conditions, cheapest first.
const CONDITIONS: [Condition; 16] = [
    Condition {
        name: "sources",
        keeps_unknown: false,
        in_lists: true,
        evaluate: |asked, facts| Some(asked.filter.sources.as_ref()?.contains(facts.id.source()).into()),
    },
    Condition {
        name: "status",
        keeps_unknown: false,
        in_lists: true,
        evaluate: |asked, facts| Some(status(asked.filter.status.as_ref()?, facts.status)),
    },
    Condition {
        name: "ages",
        keeps_unknown: false,
        in_lists: true,
        evaluate: |asked, facts| {
            let asked = &asked.filter.ages;
            (!asked.is_empty()).then(|| facts.ages.matches(asked).into())
        },
    },
    Condition {
        name: "organization",
        keeps_unknown: false,
        in_lists: true,
        evaluate: |asked, facts| Some(organization(asked.filter.organization.as_ref()?, facts)),
    },
    Condition {
        name: "location",
        keeps_unknown: false,
        in_lists: false,
        evaluate: |asked, facts| {
            let wanted = asked.filter.location.as_ref()?;
            Some(facts.locations.iter().flatten().any(|location| location == wanted).into())
        },
    },
    Condition {
        name: "modifiedSince",
        keeps_unknown: true,
        in_lists: true,
        evaluate: |asked, facts| Some(at_least(facts.changed_at(), asked.filter.modified_since?)),
    },
    Condition {
        name: "assuredSince",
        keeps_unknown: false,
        in_lists: true,
        evaluate: |asked, facts| Some(at_least(facts.assured_date, asked.filter.assured_since?)),
    },
    Condition {
        name: "near",
        keeps_unknown: false,
        in_lists: false,
        evaluate: |asked, facts| Some(facts.points.matches(asked.filter.near?).into()),
    },
    Condition {
        name: "attendingTypes",
        keeps_unknown: false,
        in_lists: false,
        evaluate: |asked, facts| {
            Some(facts.attending_types.matches(asked.filter.attending_types.as_ref()?).into())
        },
    },
    Condition {
        name: "languages",
        keeps_unknown: false,
        in_lists: false,
        evaluate: |asked, facts| Some(facts.languages.matches(asked.filter.languages.as_ref()?).into()),
    },
    Condition {
        name: "cost",
        keeps_unknown: false,
        in_lists: false,
        evaluate: |asked, facts| Some(facts.prices.matches(asked.filter.cost.as_ref()?, asked.today).into()),
    },
    Condition {
        name: "organizationIdentifier",
        keeps_unknown: false,
        in_lists: false,
        evaluate: |asked, facts| {
            Some(facts.identifiers.matches(asked.filter.organization_identifier.as_ref()?).into())
        },
    },
    Condition {
        name: "open",
        keeps_unknown: false,
        in_lists: false,
        evaluate: |asked, facts| Some(facts.hours.matches(asked.filter.open.as_ref()?, asked.today).into()),
    },
    Condition {
        name: "accessibility",
        keeps_unknown: false,
        in_lists: false,
        evaluate: |asked, facts| {
            Some(accessibility(asked.filter, asked.filter.accessibility.as_ref()?, facts).into())
        },
    },
    Condition {
        name: "serves",
        keeps_unknown: true,
        in_lists: false,
        evaluate: |asked, facts| Some(serves(facts.coverage.covers(asked.filter.serves.as_ref()?))),
    },
    Condition {
        name: "taxonomyTerms",
        keeps_unknown: false,
        in_lists: false,
        evaluate: |asked, facts| Some(asked.terms.as_ref()?.evaluate(&facts.terms)),
    },
];

/// What holds around a condition.
#[derive(Clone, Copy)]
struct Scope {
    include_unknown: Option<bool>,
    /// What to suppose of facts that only the unread detail of a shallow record can tell; nothing where the record
    /// is taken for all there is.
    unread: Option<Match>,
}

impl Scope {
    const OUTERMOST: Self = Self { include_unknown: None, unread: None };

    /// Decides whether an unknown outcome keeps the record.
    fn settle(self, outcome: Match, kept_by_default: bool) -> Match {
        match outcome {
            Match::Unknown { .. } => Match::Unknown { kept: self.include_unknown.unwrap_or(kept_by_default) },
            certain => certain,
        }
    }

    /// A miss on a record whose detail has not been read may yet turn out a match.
    fn readable(self, facts: &Facts, outcome: Match) -> Match {
        self.unread.filter(|_| outcome != Match::Yes && facts.shallow).unwrap_or(outcome)
    }
}

fn status(wanted: &[ServiceStatus], is: ServiceStatus) -> Match {
    match is {
        _ if wanted.contains(&is) => Match::Yes,
        ServiceStatus::Unknown => Match::UNSETTLED,
        _ => Match::No,
    }
}

fn organization(wanted: &RecordId, facts: &Facts) -> Match {
    facts.organization.as_ref().map_or(Match::UNSETTLED, |id| (id == wanted).into())
}

// With a place to be near to, it must be that place that has all that is needed.
fn accessibility(filter: &ServiceFilter, asked: &AccessFilter, facts: &Facts) -> TriState {
    let Some(near) = filter.near else { return facts.access.matches(asked) };
    let within: Vec<usize> = facts.points.within(near).map(Point::service_at_location).collect();
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
        Covered::Unknown | Covered::NoAreas => Match::UNSETTLED,
    }
}

fn at_least<T: PartialOrd>(fact: Option<T>, since: T) -> Match {
    fact.map_or(Match::UNSETTLED, |fact| (fact >= since).into())
}
