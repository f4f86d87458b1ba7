//! Reads lists, detail pages and the root document through the cache.

use std::borrow::Cow;
use std::sync::Arc;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use tokio::time::Instant;

use super::collection::FromRow;
use super::complete_list::{WalkedList, walk};
use super::declared::FeedDeclaration;
use super::dialects::{HIDDEN, MASKED, is_about_assurers};
use super::error::{SourceError, SourceErrorCode};
use super::set::RecordSet;
use super::shelf::{CacheItem, ShelfKey};
use super::slot::{CachedRead, LandedRead, ReadClaim, keep_failure};
use super::standing::StandingKeeper;
use super::{FeedSource, MemoryWeight, feed::KnownFeed};
use crate::model::{DetailForm, IssueCode, Provenance, Record, RecordIssue, RecordKind, Service};

/// The response for a single record. `None` if the feed has no such record.
#[derive(Debug)]
pub(crate) struct SingleRecord<T>(pub Option<Arc<T>>);

/// A service with as much detail as could be read.
pub(crate) struct DetailedService {
    pub service: Arc<Service>,
    /// Why the detail is missing or stale. `None` if it is not, or if the feed simply has no detail page.
    pub error: Option<SourceError>,
    /// Whether the detail is missing although it should exist.
    pub is_lacking: bool,
}

/// The HSDS parameter that restricts a list to records changed since a time.
pub(super) const MODIFIED_AFTER: &str = "modified_after";

impl FeedSource {
    /// Returns all records of a kind that the feed lists. With `modified_after`, returns only those changed since, if
    /// the feed is known to support that.
    pub(crate) async fn set<T: FromRow>(
        &self,
        modified_after: Option<DateTime<Utc>>,
        until: Instant,
    ) -> CachedRead<RecordSet<T>> {
        if self.probed.lacks_list(T::KIND) {
            let nothing = RecordSet::new(Vec::new(), self.clock.now());
            return CachedRead::fresh(Arc::new(nothing), self.limits.fresh_for);
        }
        let honoured = modified_after.filter(|_| self.honours(MODIFIED_AFTER));
        // Some feeds exclude records changed in that very second. The filter itself decides on those.
        let earlier = honoured.map(|since| since.checked_sub_signed(TimeDelta::seconds(1)).unwrap_or(since));
        let parameter = earlier.map(|since| since.to_rfc3339_opts(SecondsFormat::Secs, true));
        let what = CacheItem::Set(T::KIND, parameter.clone().map(String::into_boxed_str));
        let is_standing = T::KIND == RecordKind::Service
            && parameter.is_none()
            && self.standings.synchronised_for().is_none();
        let standings = is_standing.then(|| Arc::clone(&self.standings));
        let read = |feed, claim| read_set(feed, claim, parameter, standings);
        self.look(what, until, read).await
    }

    /// Returns the cached list of a kind without reading the feed. Returns `None` if it is not cached.
    pub(crate) async fn set_at_hand<T: FromRow>(&self) -> Option<Arc<RecordSet<T>>> {
        let key = ShelfKey { source: self.info.key.clone(), what: CacheItem::Set(T::KIND, None) };
        self.shelf.peek::<RecordSet<T>>(&key).await?.kept()
    }

    /// Returns a single record, from its detail page.
    pub(crate) async fn single<T: FromRow>(
        &self,
        upstream_id: &str,
        until: Instant,
    ) -> CachedRead<SingleRecord<T>> {
        if self.probed.lacks_own_pages(T::KIND) {
            return CachedRead::fresh(Arc::new(SingleRecord(None)), self.limits.fresh_for);
        }
        let id = upstream_id.to_owned();
        let what = CacheItem::Record(T::KIND, upstream_id.into());
        let seen: CachedRead<SingleRecord<T>> =
            self.look(what, until, |feed, claim| read_single(feed, claim, id)).await;
        if let Some(single) = &seen.value {
            self.probed.note_own_page(T::KIND, single.0.is_some());
        }
        seen
    }

    /// Returns whether the feed filters its list by this parameter, according to the configuration or to the last
    /// probe.
    fn honours(&self, parameter: &str) -> bool {
        self.honours.iter().any(|name| name == parameter) || self.probed.honours(parameter)
    }

    /// Completes a listed service from its detail page if that is cached, however old it is.
    pub(crate) async fn in_cached_detail(&self, listed: &Arc<Service>) -> Option<Arc<Service>> {
        let what = CacheItem::Record(RecordKind::Service, listed.id.upstream().into());
        let key = ShelfKey { source: self.info.key.clone(), what };
        let detail = self.shelf.peek::<SingleRecord<Service>>(&key).await?.kept()?.0.clone()?;
        Some(self.withhold(fill(&detail, listed)))
    }

    /// Returns what the feed's root document declares.
    pub(crate) async fn declared(&self, until: Instant) -> CachedRead<FeedDeclaration> {
        let seen = self.look(CacheItem::Root, until, read_root).await;
        // While the feed does not respond, use what it declared earlier, or before the restart.
        let known = || self.feed.spoken.declared();
        CachedRead { value: seen.value.or_else(known), ..seen }
    }

    /// Completes a listed service from its detail page.
    ///
    /// If the detail page cannot be read, returns the listed form with an issue that says so. If the detail page omits
    /// something that the list has, it is taken from the list.
    pub(crate) async fn in_detail(&self, listed: &Arc<Service>, until: Instant) -> DetailedService {
        if !listed.provenance.shallow || has_no_own_id(&listed.provenance) || self.lists_in_full(until).await
        {
            return DetailedService { service: Arc::clone(listed), error: None, is_lacking: false };
        }
        let seen = self.single::<Service>(listed.id.upstream(), until).await;
        let error = seen.error;
        match seen.value.as_deref() {
            Some(SingleRecord(Some(detail))) => DetailedService {
                service: self.withhold(fill(detail, listed)),
                error: error.filter(|_| seen.stale),
                is_lacking: false,
            },
            Some(SingleRecord(None)) => lacking(&self.withhold(Arc::clone(listed)), None),
            None => lacking(&self.withhold(Arc::clone(listed)), error),
        }
    }

    /// Removes from a record what the feed has since said is private.
    pub(crate) fn withhold<T: FromRow>(&self, record: Arc<T>) -> Arc<T> {
        let known = Some(&self.feed.kept_back).filter(|known| !known.is_empty());
        known.and_then(|known| T::less_private(&record, known)).unwrap_or(record)
    }
}

/// Returns whether a record's id was derived by the gateway, because the feed gave none. Such a record has no detail
/// page.
pub(crate) fn has_no_own_id(provenance: &Provenance) -> bool {
    provenance.issues.iter().any(|issue| issue.code == IssueCode::MissingId && issue.path == "id")
}

fn fill(detail: &Arc<Service>, listed: &Service) -> Arc<Service> {
    // The list names the service twice whichever form is served, so keep that issue.
    let listed_twice = || listed.provenance.issues.iter().filter(|issue| issue.is_of_duplicate());
    let is_complete = matches!(DetailForm::of(detail, Some(listed), None), DetailForm::Complete);
    if is_complete && listed_twice().next().is_none() {
        return Arc::clone(detail);
    }
    let mut filled = Service::clone(detail);
    fill_from_list(&mut filled, listed);
    filled.provenance.issues.extend(listed_twice().cloned());
    Arc::new(filled)
}

/// Fills in what a detail page omits from the service's list row, except what the detail page withholds.
pub(crate) fn fill_from_list(detail: &mut Service, listed: &Service) {
    let listed = less_withheld(listed, detail);
    detail.fill_from(&listed);
}

/// Removes from a list row the kinds of things that the detail page withholds. Parts without an id cannot be matched
/// one by one, so the whole kind is removed.
fn less_withheld<'s>(listed: &'s Service, detail: &Service) -> Cow<'s, Service> {
    let is_kept_back =
        |issue: &&RecordIssue| issue.code == IssueCode::Withheld && !is_about_assurers(&issue.message);
    let withheld: Vec<_> = detail.provenance.issues.iter().filter(is_kept_back).collect();
    if withheld.is_empty() {
        return Cow::Borrowed(listed);
    }
    let is_about =
        |names: &[&str]| withheld.iter().any(|issue| names.iter().any(|name| issue.path.starts_with(name)));
    let is_personal = withheld.iter().any(|issue| issue.path.is_empty());
    let mut listed = Service { extra: serde_json::Map::new(), ..listed.clone() };
    if is_personal || is_about(&["contact", "phone"]) {
        (listed.contacts, listed.phones) = (Vec::new(), Vec::new());
        listed.email = listed.email.filter(|_| !is_personal);
    }
    if is_about(&[HIDDEN, MASKED, "location", "service_at_location", "address"]) {
        listed.service_at_locations = Vec::new();
    }
    Cow::Owned(listed)
}

fn lacking(listed: &Arc<Service>, error: Option<SourceError>) -> DetailedService {
    let mut service = Service::clone(listed);
    let reason = error
        .as_ref()
        .map_or("the feed lists the record but has no detail page for it", |error| &error.message);
    service.provenance.issues.push(detail_unavailable(reason));
    DetailedService { service: Arc::new(service), error, is_lacking: true }
}

/// Returns the issue for a record whose detail page could not be read.
pub(crate) fn detail_unavailable(reason: &str) -> RecordIssue {
    unavailable(format!(
        "its detail page could not be read, so fields that the list leaves out are missing: {reason}"
    ))
}

/// Returns the issue for a nested record whose own record could not be read.
pub(crate) fn own_record_unavailable(reason: &str) -> RecordIssue {
    unavailable(format!(
        "its own record could not be read, so fields that are left out where it is nested are missing: {reason}"
    ))
}

fn unavailable(message: String) -> RecordIssue {
    RecordIssue { code: IssueCode::DetailUnavailable, path: String::new(), message, original: None }
}

async fn read_set<T: FromRow>(
    feed: Arc<KnownFeed>,
    claim: ReadClaim<RecordSet<T>>,
    modified_after: Option<String>,
    standings: Option<Arc<StandingKeeper>>,
) {
    if let Some(standings) = &standings {
        standings.began(feed.engine.now());
    }
    let parameters: Vec<(&str, String)> =
        modified_after.into_iter().map(|since| (MODIFIED_AFTER, since)).collect();
    let walked = walk::<T>(&feed, &parameters, |so_far| claim.progress(Arc::new(so_far))).await;
    let mut walked = walked.and_then(|walked| believe(walked, claim.kept().as_deref(), &feed));
    if let Some(standings) = &standings {
        note(standings, &feed, &walked);
    }
    // A list restricted by `modified_after` says nothing about the records it omits, so it is not audited.
    if let Ok(walked) = &mut walked
        && parameters.is_empty()
    {
        let is_whole = walked.error.is_none() && walked.set.lacks().is_none();
        feed.ledger.walked(T::KIND, std::mem::take(&mut walked.tally), is_whole);
    }
    claim.land(match walked {
        Ok(WalkedList { set, fresh_for, error: None, .. }) => {
            LandedRead::Whole { value: Arc::new(set), fresh_for, stale_for: feed.limits.stale_for }
        }
        Ok(WalkedList { set, error: Some(error), .. }) => {
            let partial = Some(Arc::new(set)).filter(|set| !set.records().is_empty());
            LandedRead::Failed { error, partial, again_in: again_in(&feed) }
        }
        Err(error) => LandedRead::Failed { error, partial: None, again_in: again_in(&feed) },
    });
}

/// Rejects an empty list if records of it are still cached: that is a fault of the feed, and must not replace good
/// data.
fn believe<T: FromRow>(
    walked: WalkedList<T>,
    kept: Option<&RecordSet<T>>,
    feed: &KnownFeed,
) -> Result<WalkedList<T>, SourceError> {
    let before = kept.map_or(0, |set| set.records().len());
    if walked.error.is_some() || before == 0 || !walked.set.records().is_empty() {
        return Ok(walked);
    }
    let message = format!("returned an empty list, although it listed {before} records before");
    Err(SourceError::new(SourceErrorCode::InvalidResponse, message, feed.engine.now()))
}

fn note<T: FromRow>(
    standings: &StandingKeeper,
    feed: &KnownFeed,
    walked: &Result<WalkedList<T>, SourceError>,
) {
    match walked {
        Ok(WalkedList { set, fresh_for, error: None, .. }) => {
            let count = set.records().len();
            standings.succeeded(feed.engine.now(), count, set.fetched_at, *fresh_for, feed.limits.stale_for);
            set.lacks().into_iter().for_each(|lacks| standings.flawed(lacks.clone()));
        }
        Ok(WalkedList { set, error: Some(error), .. }) => {
            standings.failed_after(set.records().len(), set.fetched_at, error.clone());
        }
        Err(error) => standings.failed(error.clone()),
    }
}

async fn read_single<T: FromRow>(feed: Arc<KnownFeed>, claim: ReadClaim<SingleRecord<T>>, id: String) {
    claim.land(match feed.record::<T>(&id).await {
        Ok(found) => {
            let fresh_for = found.as_ref().map_or(feed.limits.fresh_for, |(_, arrival)| arrival.fresh_for);
            let value = Arc::new(SingleRecord(found.map(|(record, _)| Arc::new(record))));
            LandedRead::Whole { value, fresh_for, stale_for: feed.limits.stale_for }
        }
        Err(error) => LandedRead::Failed { error, partial: None, again_in: again_in(&feed) },
    });
}

async fn read_root(feed: Arc<KnownFeed>, claim: ReadClaim<FeedDeclaration>) {
    claim.land(match feed.declared().await {
        Ok(declared) => LandedRead::of_root(declared, &feed),
        Err(error) => LandedRead::Failed { error, partial: None, again_in: again_in(&feed) },
    });
}

fn again_in(feed: &KnownFeed) -> std::time::Duration {
    keep_failure(feed.limits.fresh_for)
}

impl<T: FromRow> MemoryWeight for RecordSet<T> {
    fn weigh(&self) -> usize {
        self.weight()
    }
}

impl<T: Record> MemoryWeight for SingleRecord<T> {
    fn weigh(&self) -> usize {
        self.0.as_ref().map_or(0, |record| record.weight())
    }
}

impl MemoryWeight for FeedDeclaration {
    fn weigh(&self) -> usize {
        size_of::<Self>()
    }
}
