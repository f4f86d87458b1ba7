//! Deciding: a filter made ready for one question, held against the facts of many services.

use chrono::NaiveDate;

use super::conditions::CONDITIONS;
use super::outcome::{ConditionOutcome, DecisionReasons, FilterOutcome, PossibleMatches};
use super::taxonomy::ResolvedTerms;
use super::{FilterMatch, FilterVerdict, ServiceFilter};
use crate::model::{AskedPhrase, Service, ServiceFacts, TermVocabulary, TextQuery};

/// A filter made ready: what it names is looked up once, not for every service.
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

/// Tells whether a service's words match.
pub trait TextMatches {
    /// Whether those of the service at hand match the text of the filter with this number; numbers count filters
    /// from the outermost inwards, `and` before `or` before `not`.
    fn matches(&self, filter: usize, text: &TextQuery) -> bool;

    /// Whether they answer the phrase of the filter with this number.
    fn answers(&self, filter: usize, ask: &AskedPhrase) -> bool;
}

/// A record at hand has its words with it.
impl TextMatches for Service {
    fn matches(&self, _filter: usize, text: &TextQuery) -> bool {
        text.matches(self.search_text())
    }

    fn answers(&self, _filter: usize, ask: &AskedPhrase) -> bool {
        ask.reading().tenths(self.ask_text()).is_some()
    }
}

/// What holds around a condition.
#[derive(Clone, Copy, Default)]
struct ConditionScope {
    /// What the client says of unknown ones.
    include_unknown: Option<bool>,
    /// Whether it is denied in the end.
    is_denied: bool,
}

impl<'a> PreparedFilter<'a> {
    /// Makes a filter ready for `today` in London, looking up what it names among the terms that are `known`.
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

    /// The day it is asked on.
    pub fn today(&self) -> NaiveDate {
        self.today
    }

    /// The filter.
    pub fn filter(&self) -> &'a ServiceFilter {
        self.filter
    }

    /// Whether a service matches, as far as the record at hand can tell.
    pub fn verdict(&self, facts: &ServiceFacts, texts: &impl TextMatches) -> FilterVerdict {
        self.evaluate::<PossibleMatches>(facts, texts, ConditionScope::default()).verdict()
    }

    /// Whether a service matches, taking the record at hand for all there is.
    pub fn decide(&self, facts: &ServiceFacts, texts: &impl TextMatches) -> FilterMatch {
        self.evaluate(facts, texts, ConditionScope::default())
    }

    /// The conditions for whose sake a service is unknown, because it does not state what they ask, by their names in
    /// the filter; each once. None where something else decides.
    pub fn unknown(&self, facts: &ServiceFacts, texts: &impl TextMatches) -> Vec<&'static str> {
        self.evaluate::<DecisionReasons>(facts, texts, ConditionScope::default()).names()
    }

    fn evaluate<O: FilterOutcome>(
        &self,
        facts: &ServiceFacts,
        texts: &impl TextMatches,
        outer: ConditionScope,
    ) -> O {
        let scope = ConditionScope {
            include_unknown: self.filter.include_unknown.or(outer.include_unknown),
            ..outer
        };
        let mut all = self.by_facts::<O>(facts, scope);
        if all.is_miss() {
            return all;
        }
        // Words cost the most, so they are looked for last of a filter's own.
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

    /// What its own conditions come to, but for its text.
    fn by_facts<O: FilterOutcome>(&self, facts: &ServiceFacts, scope: ConditionScope) -> O {
        let mut all = O::of(ConditionOutcome { name: "", outcome: FilterMatch::Yes, may_change: false });
        for condition in CONDITIONS {
            let Some(outcome) = (condition.evaluate)(self, facts) else { continue };
            let may_change = facts.shallow && condition.may_change(outcome);
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
