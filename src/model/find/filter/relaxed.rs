//! Filters without one of their conditions: what might find something if the whole filter finds nothing.

use super::ServiceFilter;

impl ServiceFilter {
    /// Returns the filter without each of its conditions in turn, with the condition's name in `ServiceFilter`.
    /// Conditions in `and` are removed one by one, `or` and `not` as a whole.
    pub fn less_each_condition(&self) -> Vec<(String, Self)> {
        let mut relaxed = Vec::new();
        macro_rules! without {
            ($($name:literal: $field:ident),* $(,)?) => {
                // Does not compile if a condition is missing below.
                let Self { $($field: _,)* location: _, include_unknown: _, and: _ } = self;
                $(
                if self.$field != Self::default().$field {
                    relaxed.push(($name.to_owned(), Self { $field: Default::default(), ..self.clone() }));
                }
                )*
            };
        }
        without!(
            "text": text, "ask": ask, "near": near, "withinBox": within_box, "open": open, "taxonomyTerms": taxonomy_terms,
            "sameTerm": same_term, "serves": serves, "cost": cost,
            "accessibility": accessibility, "languages": languages, "ages": ages, "attendingTypes": attending_types,
            "capacity": capacity, "status": status, "organization": organization,
            "organizationIdentifier": organization_identifier, "modifiedSince": modified_since,
            "assuredSince": assured_since, "assuredWithin": assured_within, "hasIssue": has_issue, "missing": missing,
            "sources": sources, "or": or, "not": not,
        );
        for (at, inner) in self.and.iter().enumerate() {
            for (name, less) in inner.less_each_condition() {
                let mut and = self.and.clone();
                if let Some(place) = and.get_mut(at) {
                    *place = less;
                }
                relaxed.push((format!("and[{at}].{name}"), Self { and, ..self.clone() }));
            }
        }
        relaxed
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ServiceStatus, TextQuery};

    #[test]
    fn every_condition_is_left_out_once_and_nothing_else_is() {
        let text = ServiceFilter { text: TextQuery::parse("tea"), ..ServiceFilter::default() };
        let filter = ServiceFilter {
            status: Some(vec![ServiceStatus::Active]),
            not: Some(Box::new(text.clone())),
            and: vec![text.clone()],
            include_unknown: Some(true),
            ..ServiceFilter::default()
        };
        let relaxed = filter.less_each_condition();
        let names: Vec<&str> = relaxed.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["status", "not", "and[0].text"]);
        assert_eq!(relaxed[0].1, ServiceFilter { status: None, ..filter.clone() });
        assert_eq!(relaxed[1].1, ServiceFilter { not: None, ..filter.clone() });
        assert_eq!(relaxed[2].1, ServiceFilter { and: vec![ServiceFilter::default()], ..filter });
    }
}
