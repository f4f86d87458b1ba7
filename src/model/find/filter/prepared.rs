//! Decides a filter: prepared once for a query, then applied to the facts of many services.

use chrono::NaiveDate;

use super::conditions::CONDITIONS;
use super::outcome::{ConditionOutcome, DecisionReasons, FilterOutcome, PossibleMatches};
use super::taxonomy::ResolvedTerms;
use super::{FilterMatch, FilterVerdict, ServiceFilter};
use crate::model::{AskedPhrase, Service, ServiceFacts, TermVocabulary, TextQuery};

/// A prepared filter: whatever it names is looked up once, rather than for every service.
#[derive(Debug)]
pub struct PreparedFilter<'a> {
    pub(super) filter: &'a ServiceFilter,
    pub(super) number: usize,
    pub(super) today: NaiveDate,
    pub(super) terms: Option<ResolvedTerms>,
    pub(super) same_term: Option<ResolvedTerms>,
    pub(super) and: Vec<PreparedFilter<'a>>,
    pub(super) or: Vec<PreparedFilter<'a>>,
    pub(super) not: Option<Box<PreparedFilter<'a>>>,
}

/// Decides whether a service's words match.
pub trait TextMatches {
    /// Returns whether the current service matches the search of the filter with this number. Filters are numbered from
    /// the outside in, `and` before `or` before `not`.
    fn matches(&self, filter: usize, text: &TextQuery) -> bool;

    /// Returns whether the current service answers the phrase of the filter with this number.
    fn answers(&self, filter: usize, ask: &AskedPhrase) -> bool;
}

/// A record in memory contains its words.
impl TextMatches for Service {
    fn matches(&self, _filter: usize, text: &TextQuery) -> bool {
        text.matches(self.search_text())
    }

    fn answers(&self, _filter: usize, ask: &AskedPhrase) -> bool {
        ask.reading().tenths(self.ask_text()).is_some()
    }
}

/// The context of a condition.
#[derive(Clone, Copy, Default)]
struct ConditionScope<'s> {
    /// The list row to decide by, if the detail page may state fields that it leaves out.
    row: Option<&'s Service>,
    /// The client's choice for unknown results.
    include_unknown: Option<bool>,
    /// Whether the condition is negated overall.
    is_denied: bool,
}

impl<'a> PreparedFilter<'a> {
    /// Prepares a filter for `today` in London. Resolves terms among the `known` ones.
    pub fn new(filter: &'a ServiceFilter, known: &TermVocabulary, today: NaiveDate) -> Self {
        Self::numbered(filter, known, today, &mut 0)
    }

    fn numbered(
        filter: &'a ServiceFilter,
        known: &TermVocabulary,
        today: NaiveDate,
        next: &mut usize,
    ) -> Self {
        let number = *next;
        *next += 1;
        let mut each = |filters: &'a [ServiceFilter]| -> Vec<Self> {
            filters.iter().map(|filter| Self::numbered(filter, known, today, next)).collect()
        };
        let (and, or) = (each(&filter.and), each(&filter.or));
        let groups = &filter.same_term;
        let asked_terms = filter.taxonomy_terms.as_ref().filter(|asked| !asked.is_empty());
        Self {
            filter,
            number,
            today,
            terms: asked_terms.map(|asked| ResolvedTerms::of(asked, known)),
            same_term: (!groups.is_empty()).then(|| ResolvedTerms::of_groups(groups, known)),
            and,
            or,
            not: filter.not.as_deref().map(|filter| Box::new(Self::numbered(filter, known, today, next))),
        }
    }

    /// Returns the day for which the filter was prepared.
    pub fn today(&self) -> NaiveDate {
        self.today
    }

    /// Returns the filter.
    pub fn filter(&self) -> &'a ServiceFilter {
        self.filter
    }

    /// Returns whether a service with these facts matches, as far as its list row can tell. `rows_say_all` says whether
    /// what the source's rows leave out is on no detail page either, apart from nested members.
    pub fn verdict(&self, facts: &ServiceFacts, row: &Service, rows_say_all: bool) -> FilterVerdict {
        let scope = ConditionScope { row: (!rows_say_all).then_some(row), ..ConditionScope::default() };
        self.evaluate::<PossibleMatches>(facts, row, scope).verdict()
    }

    /// Returns whether a service matches, assuming that this form of its record is complete.
    pub fn decide(&self, facts: &ServiceFacts, texts: &impl TextMatches) -> FilterMatch {
        self.evaluate(facts, texts, ConditionScope::default())
    }

    /// Returns the names of the conditions that make the result unknown because the service does not state the facts;
    /// without duplicates. Empty if the result is certain.
    pub fn unknown(&self, facts: &ServiceFacts, texts: &impl TextMatches) -> Vec<&'static str> {
        self.evaluate::<DecisionReasons>(facts, texts, ConditionScope::default()).names()
    }

    fn evaluate<O: FilterOutcome>(
        &self,
        facts: &ServiceFacts,
        texts: &impl TextMatches,
        outer: ConditionScope<'_>,
    ) -> O {
        let scope = ConditionScope {
            include_unknown: self.filter.include_unknown.or(outer.include_unknown),
            ..outer
        };
        let mut all = self.by_facts::<O>(facts, scope);
        if all.is_miss() {
            return all;
        }
        // Words are the most expensive, so they are the last of a filter's own conditions.
        if let Some(text) = &self.filter.text {
            let is_found = texts.matches(self.number, text);
            let may_change = facts.shallow && !is_found;
            all = all.and(O::of(ConditionOutcome { name: "text", outcome: is_found.into(), may_change }));
        }
        if let Some(ask) = &self.filter.ask {
            let is_found = texts.answers(self.number, ask);
            all = all.and(O::of(ConditionOutcome {
                name: "ask",
                outcome: is_found.into(),
                may_change: facts.shallow,
            }));
        }
        for inner in &self.and {
            all = all.and(inner.evaluate(facts, texts, scope));
        }
        if let Some(inner) = &self.not {
            let denied = ConditionScope { is_denied: !scope.is_denied, ..scope };
            all = all.and(inner.evaluate::<O>(facts, texts, denied).negated());
        }
        let any = self.or.iter().map(|inner| inner.evaluate::<O>(facts, texts, scope));
        match any.reduce(O::or) {
            Some(any) => all.and(any),
            None => all,
        }
    }

    /// Returns the result of the filter's own conditions except words.
    fn by_facts<O: FilterOutcome>(&self, facts: &ServiceFacts, scope: ConditionScope<'_>) -> O {
        let mut all = O::of(ConditionOutcome { name: "", outcome: FilterMatch::Yes, may_change: false });
        for condition in CONDITIONS {
            let Some(outcome) = (condition.evaluate)(self, facts) else { continue };
            let may_change = facts.shallow && condition.may_change(outcome, scope.row);
            let is_turned = scope.is_denied && (condition.presumes)(facts);
            let outcome = if is_turned { outcome.presumed_otherwise() } else { outcome };
            let outcome = outcome.settled(scope.include_unknown);
            all = all.and(O::of(ConditionOutcome { name: condition.name, outcome, may_change }));
            if all.is_miss() {
                break;
            }
        }
        all
    }
}
