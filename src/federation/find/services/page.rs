//! From all that matches to the page that was asked for.

use std::sync::Arc;

use super::kept::Kept;
use super::live::Live;
use super::{Distance, Found, Matching, ServicePage, ServiceQuery, Yardstick, score};
use crate::federation::facets::FacetCounts;
use crate::federation::select::{Candidate, Ranked as _, Selection, select};
use crate::federation::{Connection, Federation};
use crate::model::{Facts, Lead, Order, OrderBy, Position, Service};

impl Federation {
    pub(super) async fn service_page(&self, matching: &Matching, query: &ServiceQuery) -> ServicePage {
        let (live, reports) = (&*matching.live, self.reports_of(matching));
        let total_count = reports.iter().map(|report| report.matched).sum();
        let by_name = query.order == Order::default() && query.facets.is_empty();
        let Chosen { records, found, has_next_page, has_previous_page, facets } = match &matching.kept {
            // Sources keep their lists in this order, so that nothing has to be sorted.
            None if by_name => self.first_by_name(live, query),
            kept => self.select(live, kept.as_ref(), query).await,
        };
        let connection = Connection { records, has_next_page, has_previous_page, total_count, reports };
        ServicePage { connection, order: query.order, found, facets }
    }

    fn first_by_name(&self, live: &[Live], query: &ServiceQuery) -> Chosen {
        let lists: Vec<_> = live.iter().map(|one| one.considered.matches.as_slice()).collect();
        let cut = crate::federation::merge::cut(&lists, &query.page);
        let (yardstick, places) = (Yardstick::of(query), self.places());
        let found = cut.records.iter().map(|service| {
            let unknown = live.iter().find_map(|one| one.unknown.get(&service.id)).cloned();
            let position = Position::of(&**service);
            yardstick.found(position, service, query, || service.facts(&places), unknown.unwrap_or_default())
        });
        Chosen {
            found: found.collect(),
            records: cut.records,
            has_next_page: cut.has_next_page,
            has_previous_page: cut.has_previous_page,
            facets: FacetCounts::default(),
        }
    }

    async fn select(&self, live: &[Live], kept: Option<&Kept>, query: &ServiceQuery) -> Chosen {
        let (yardstick, places) = (Yardstick::of(query), self.places());
        let (chosen, facets) = {
            let mut candidates = kept.map(Kept::candidates).unwrap_or_default();
            for (number, one) in live.iter().enumerate() {
                let each = one.considered.matches.as_slice().iter().enumerate();
                candidates.extend(each.map(|(at, service)| {
                    let facts = service.facts(&places);
                    let score = || score(&query.filter, service);
                    Candidate { facts, lead: yardstick.lead(facts, score), at: At::Live(number, at) }
                }));
            }
            let today = crate::model::london_today(self.clock.now());
            let facets = FacetCounts::of(query.facets, candidates.iter().map(|one| one.facts), today);
            let Selection { candidates, has_next_page, has_previous_page } =
                select(candidates, query.order, &query.page);
            let chosen = candidates.iter().map(|one| (one.at, one.rank().to_position()));
            ((chosen.collect::<Vec<_>>(), has_next_page, has_previous_page), facets)
        };
        let (chosen, has_next_page, has_previous_page) = chosen;
        let mut fetched = match kept {
            Some(kept) => kept.fetch(chosen.iter().filter_map(|(at, _)| at.ordinal()).collect()).await,
            None => std::collections::HashMap::new(),
        };
        let (mut records, mut found) = (Vec::with_capacity(chosen.len()), Vec::with_capacity(chosen.len()));
        for (at, position) in chosen {
            let (service, unknown) = match at {
                At::Live(number, at) => {
                    let one = live.get(number);
                    let service = one.and_then(|one| one.considered.matches.as_slice().get(at)).cloned();
                    let unknown =
                        service.as_ref().zip(one).and_then(|(service, one)| one.unknown.get(&service.id));
                    let unknown = unknown.cloned().unwrap_or_default();
                    (service, unknown)
                }
                At::Kept(ordinal) => {
                    let unknown = kept.map(|kept| kept.unknown(ordinal, query)).unwrap_or_default();
                    (fetched.remove(&ordinal), unknown)
                }
            };
            let Some(service) = service else { continue };
            found.push(yardstick.found(position, &service, query, || service.facts(&places), unknown));
            records.push(service);
        }
        Chosen { records, found, has_next_page, has_previous_page, facets }
    }
}

/// A page's services, and what goes with them.
struct Chosen {
    records: Vec<Arc<Service>>,
    found: Vec<Found>,
    has_next_page: bool,
    has_previous_page: bool,
    facets: FacetCounts,
}

/// Where a candidate's record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::federation) enum At {
    /// In the list of a live source: which source's, and where in it.
    Live(usize, usize),
    /// In the catalogue, under this number.
    Kept(u32),
}

impl At {
    fn ordinal(self) -> Option<u32> {
        match self {
            Self::Live(..) => None,
            Self::Kept(ordinal) => Some(ordinal),
        }
    }
}

impl Yardstick {
    /// What decides a service's place before its name does.
    pub(super) fn lead(self, facts: &Facts, score: impl FnOnce() -> f32) -> Lead {
        #[expect(clippy::cast_precision_loss, reason = "milliseconds stay exact for some 285,000 years")]
        let value = match self.order.by {
            OrderBy::Name | OrderBy::Source => return Lead::of_name(&facts.order_key),
            // Scores are tenths; sums of them in another order may differ by less.
            OrderBy::Relevance => self.has_texts.then(|| f64::from(score() * 10.0).round()),
            OrderBy::Distance => {
                self.near.and_then(|near| facts.points.nearest(near.centre)).map(|nearest| nearest.metres)
            }
            OrderBy::LastModified => facts.last_modified.map(|at| at.timestamp_millis() as f64),
            OrderBy::AssuredDate => {
                facts.assured_date.map(|date| f64::from(chrono::Datelike::num_days_from_ce(&date)))
            }
        };
        self.order.lead(value)
    }

    fn found<'f>(
        self,
        position: Position,
        service: &Arc<Service>,
        query: &ServiceQuery,
        facts: impl FnOnce() -> &'f Facts,
        unknown: Vec<&'static str>,
    ) -> Found {
        let distance = self.near.and_then(|near| {
            let facts = facts();
            let nearest = facts.points.nearest(near.centre)?;
            Some(Distance { metres: nearest.metres, location: facts.location_of(nearest.point).cloned() })
        });
        let score = self.has_texts.then(|| score(&query.filter, service));
        Found { position, unknown, score, distance }
    }
}
