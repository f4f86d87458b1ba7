//! Which facts a service states: list pages often leave out what the service's own page says.

use crate::model::{Service, ServiceFilter};

/// Facts of a service that are no nested member; those that publishers leave out of all rows of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StatedFacts {
    /// Texts and addresses: what it is, where on the web, what it costs.
    pub texts: bool,
    /// Whom it is for.
    pub ages: bool,
    /// When it was checked.
    pub assured: bool,
}

impl StatedFacts {
    /// What a service states.
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

    /// What any of a list's services states.
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

    /// What a filter has to know that is said in no nested member. What it says of texts is decided elsewhere.
    pub fn asked_by(filter: &ServiceFilter) -> Self {
        let assured = filter.assured_since.or(filter.assured_within).is_some();
        let own = Self { texts: false, ages: !filter.ages.is_empty(), assured };
        let within = filter.and.iter().chain(&filter.or).chain(filter.not.as_deref());
        within.map(Self::asked_by).fold(own, Self::or)
    }

    /// The facts of either.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            texts: self.texts || other.texts,
            ages: self.ages || other.ages,
            assured: self.assured || other.assured,
        }
    }

    /// Whether all facts of `other` are among these.
    pub fn covers(self, other: Self) -> bool {
        self.or(other) == self
    }
}
