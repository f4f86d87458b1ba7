//! What somebody asks of services, and what it means for a service to match: the one home of that meaning.
//! Push-down and indexes only narrow the candidates.

mod age;
mod taxonomy;
mod verdict;

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};

use super::{RecordId, Service, ServiceStatus, SourceKey, TextQuery};

pub use age::{AgeRange, RangeMatch};
pub use taxonomy::{TaxonomyTermRef, TaxonomyTermsFilter};
pub use verdict::{Match, Verdict};

/// Conditions on services; all that are given must hold.
///
/// A service that does not state a fact asked about is neither a match nor a miss but unknown. Whether unknown
/// ones are kept is `include_unknown`'s business, or, where that is not given, each condition's own: by default
/// a missing time of change keeps a service and any other missing fact drops it. A missing age bound is no
/// bound, so ages are never unknown.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ServiceFilter {
    /// Words that must occur.
    pub text: Option<TextQuery>,
    /// Only these sources.
    pub sources: Option<BTreeSet<SourceKey>>,
    /// One of these states.
    pub status: Option<Vec<ServiceStatus>>,
    /// Ages it must be for.
    pub ages: Vec<AgeRange>,
    /// Run by this organisation.
    pub organization: Option<RecordId>,
    /// Annotated with these terms.
    pub taxonomy_terms: Option<TaxonomyTermsFilter>,
    /// Changed at or after this instant.
    pub modified_since: Option<DateTime<Utc>>,
    /// Checked on or after this date.
    pub assured_since: Option<NaiveDate>,
    /// Keep (true) or drop (false) services that do not state a fact asked about; given to the filters within,
    /// unless they say otherwise.
    pub include_unknown: Option<bool>,
    /// All of these.
    pub and: Vec<ServiceFilter>,
    /// At least one of these, where there are any.
    pub or: Vec<ServiceFilter>,
    /// Not this.
    pub not: Option<Box<ServiceFilter>>,
}

impl ServiceFilter {
    /// Whether a service matches, as far as the record at hand can tell.
    pub fn verdict(&self, service: &Service) -> Verdict {
        let evaluate = |unread| self.evaluate(service, Scope { include_unknown: None, unread });
        if service.provenance.shallow {
            Verdict::between(evaluate)
        } else {
            Verdict::Decided(evaluate(Match::No))
        }
    }

    /// Whether a service matches, taking the record at hand for all there is.
    pub fn decide(&self, service: &Service) -> Match {
        self.evaluate(service, Scope { include_unknown: None, unread: Match::No })
    }

    /// Whether no record of `source` can match, so that it need not be asked.
    pub fn rules_out(&self, source: &SourceKey) -> bool {
        self.sources.as_ref().is_some_and(|keys| !keys.contains(source))
            || self.organization.as_ref().is_some_and(|id| id.source() != source)
            || self.and.iter().any(|filter| filter.rules_out(source))
            || (!self.or.is_empty() && self.or.iter().all(|filter| filter.rules_out(source)))
    }

    /// The latest instant that every match must have been changed since; for pushing down.
    pub fn must_be_modified_since(&self) -> Option<DateTime<Utc>> {
        let own = self.modified_since.filter(|_| self.include_unknown == Some(false));
        self.and.iter().filter_map(Self::must_be_modified_since).chain(own).max()
    }

    fn evaluate(&self, service: &Service, outer: Scope) -> Match {
        let scope = Scope { include_unknown: self.include_unknown.or(outer.include_unknown), ..outer };
        let conditions = [
            self.text
                .as_ref()
                .map(|text| scope.readable(service, Match::from(text.matches(service.search_text())))),
            self.sources.as_ref().map(|keys| keys.contains(service.id.source()).into()),
            self.status.as_ref().map(|wanted| scope.settle(status(wanted, service.status), false)),
            self.organization.as_ref().map(|id| scope.settle(organization(id, service), false)),
            self.taxonomy_terms.as_ref().map(|terms| {
                let found = terms.evaluate(service);
                scope.settle(scope.readable(service, found), false)
            }),
            self.modified_since.map(|since| scope.settle(at_least(service.last_modified, since), true)),
            self.assured_since.map(|since| scope.settle(at_least(service.assured_date, since), false)),
        ];
        let conditions = conditions.into_iter().flatten();
        let ages = self.ages.iter().map(|asked| service.ages().any(|band| asked.matches(band)).into());
        let and = self.and.iter().map(|filter| filter.evaluate(service, scope));
        let not = self.not.iter().map(|filter| filter.evaluate(service, scope).negated());
        let or = (!self.or.is_empty())
            .then(|| Match::any(self.or.iter().map(|filter| filter.evaluate(service, scope))));
        Match::all(conditions.chain(ages).chain(and).chain(not).chain(or))
    }
}

/// What holds around a condition.
#[derive(Clone, Copy)]
struct Scope {
    include_unknown: Option<bool>,
    /// What to suppose of facts that only the unread detail of a shallow record can tell.
    unread: Match,
}

impl Scope {
    /// Decides whether an unknown outcome keeps the record.
    fn settle(self, outcome: Match, kept_by_default: bool) -> Match {
        match outcome {
            Match::Unknown { .. } => Match::Unknown { kept: self.include_unknown.unwrap_or(kept_by_default) },
            certain => certain,
        }
    }

    /// A miss on a record whose detail has not been read may yet turn out a match.
    fn readable(self, service: &Service, outcome: Match) -> Match {
        if outcome != Match::Yes && service.provenance.shallow { self.unread } else { outcome }
    }
}

fn status(wanted: &[ServiceStatus], is: ServiceStatus) -> Match {
    match is {
        _ if wanted.contains(&is) => Match::Yes,
        ServiceStatus::Unknown => Match::UNSETTLED,
        _ => Match::No,
    }
}

fn organization(wanted: &RecordId, service: &Service) -> Match {
    service.organization_id.as_ref().map_or(Match::UNSETTLED, |id| (id == wanted).into())
}

fn at_least<T: PartialOrd>(fact: Option<T>, since: T) -> Match {
    fact.map_or(Match::UNSETTLED, |fact| (fact >= since).into())
}
