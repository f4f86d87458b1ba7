//! Which facts a service states. List pages often leave out facts that the detail page has.

use crate::model::{Service, ServiceFilter};

/// Facts outside nested members that some publishers leave out of every row of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StatedFacts {
    /// Texts and addresses: description, website, email, fees or accreditations.
    pub texts: bool,
    /// Ages or eligibility.
    pub ages: bool,
    /// The date of the last check.
    pub assured: bool,
}

impl StatedFacts {
    /// Returns the facts that a service states.
    pub fn by(service: &Service) -> Self {
        let Service { description, url, email, fees, fees_description, accreditations, .. } = service;
        let texts = [email, fees, fees_description, accreditations];
        let ages = [service.minimum_age, service.maximum_age];
        let says_ages = ages.into_iter().any(|age| age.is_some()) || !service.unread_ages.is_empty();
        Self {
            texts: description.is_some() || url.is_some() || texts.into_iter().any(Option::is_some),
            ages: says_ages || service.eligibility_description.is_some(),
            assured: service.assured_date.is_some(),
        }
    }

    /// Returns the facts that at least one service of a list states.
    pub fn by_any<'s>(services: impl Iterator<Item = &'s Service>) -> Self {
        let mut all = Self::default();
        for service in services {
            all = all.or(Self::by(service));
            if all == (Self { texts: true, ages: true, assured: true }) {
                break;
            }
        }
        all
    }

    /// Returns the facts that a filter needs. Texts are always `false`: they are decided elsewhere.
    pub fn asked_by(filter: &ServiceFilter) -> Self {
        let assured = filter.assured_since.or(filter.assured_within).is_some();
        let own = Self { texts: false, ages: !filter.ages.is_empty(), assured };
        let within = filter.and.iter().chain(&filter.or).chain(filter.not.as_deref());
        within.map(Self::asked_by).fold(own, Self::or)
    }

    /// Returns the union of both sets.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            texts: self.texts || other.texts,
            ages: self.ages || other.ages,
            assured: self.assured || other.assured,
        }
    }

    /// Returns whether all facts of `other` are in this set.
    pub fn covers(self, other: Self) -> bool {
        self.or(other) == self
    }
}
