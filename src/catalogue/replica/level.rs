//! Keeps the copy level with the journal: applies the next steps, or reloads everything if the journal no longer
//! continues what this copy has.

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;
use uuid::Uuid;

use super::Replica;
use crate::catalogue::journal::{
    HeldLease, JournalCatalogue, JournalError, JournalStretch, StepChain, StepError, StepNumber,
};
use crate::catalogue::store::JournalPlace;
use crate::catalogue::writer::{FollowRequest, FollowWork};
use crate::catalogue::{CatalogueError, StoreError};

/// How often the journal is asked for steps, even without a notification.
const ASK_EVERY: Duration = Duration::from_secs(2);
/// How many steps are requested at once.
const STEPS_AT_ONCE: usize = 50;
/// How long reading steps may take. Longer than other requests, because writes over the same connection go first.
const STEPS_WITHIN: Duration = Duration::from_secs(10);
/// How long reading a part of a snapshot may take.
const PART_WITHIN: Duration = Duration::from_secs(60);

/// Why the copy cannot be made level with the journal.
#[derive(Debug, thiserror::Error)]
pub(super) enum LevelError {
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    #[error(
        "the catalogue is kept under other rules of privacy than this gateway's; give every gateway the same `[privacy]`"
    )]
    OtherRules,
    #[error("a part of the newest snapshot is gone; a newer one takes its place")]
    PartGone,
}

/// The result of one look at the journal.
enum JournalLook {
    /// The copy is level with the journal.
    Level,
    /// There may be more to do: look again at once.
    More,
    /// No gateway has begun the journal, and this one may not because it does not hold the lease.
    NotBegun,
}

impl Replica {
    pub(super) async fn keep_level(&self) {
        loop {
            let before = self.shared.standing.borrow().clone();
            let lease = before.valid_lease();
            match self.look(lease).await {
                Ok(JournalLook::More) => continue,
                Ok(JournalLook::Level) => self.note_level(lease, before.times_behind),
                Ok(JournalLook::NotBegun) => {
                    self.shared.change(|standing| standing.level_at = Some(Instant::now()))
                }
                Err(error) => self.note_trouble(&error),
            }
            tokio::select! {
                biased;
                () = self.shared.journal.changed() => {}
                () = self.shared.wake.notified() => {}
                () = tokio::time::sleep(ASK_EVERY) => {}
            }
        }
    }

    /// Notes that a look found the copy level. `lease` and `times_behind` are as they were when the look began. If one
    /// has changed since, only the next look can tell whether the copy is level.
    fn note_level(&self, lease: Option<HeldLease>, times_behind: u64) {
        self.shared.change(|standing| {
            if standing.trouble.take().is_some() {
                tracing::info!(step = standing.applied, "level with the journal again");
            }
            standing.level_at = Some(Instant::now());
            standing.newest = standing.applied;
            (standing.is_settled, standing.stands_by) = (true, false);
            let is_as_before = standing.valid_lease() == lease && standing.times_behind == times_behind;
            standing.is_level = lease.is_some() && is_as_before;
        });
    }

    fn note_trouble(&self, error: &LevelError) {
        let trouble = error.to_string();
        let stands_by = error.is_lasting();
        self.shared.change(|standing| {
            if standing.trouble.as_ref() != Some(&trouble) {
                tracing::warn!(%error, "not level with the journal; answering from what is kept here");
                standing.trouble = Some(trouble);
            }
            // The gateway is ready all the same: its copy still answers queries.
            standing.is_settled = true;
            standing.stands_by = stands_by;
        });
        if stands_by {
            self.shared.fall_behind();
        }
    }

    /// Looks at the journal once, and acts on what it finds.
    async fn look(&self, lease: Option<HeldLease>) -> Result<JournalLook, LevelError> {
        let place = self.current.load().store().journal_place();
        let from = place.unwrap_or_default();
        self.shared.note_applied(from);
        let stretch = self.after(from.step).await?;
        self.shared.change(|standing| standing.newest = stretch.newest.max(standing.applied));
        let Some(catalogue) = stretch.catalogue.clone() else {
            let Some(lease) = lease else { return Ok(JournalLook::NotBegun) };
            self.begin(lease).await?;
            return Ok(JournalLook::More);
        };
        if catalogue.rules != self.member.rules {
            return self.begin_under_other_rules(lease).await;
        }
        let is_same = self.current.load().store().generation() == catalogue.generation.to_string();
        match place {
            Some(place) if goes_on(place, &stretch) => {
                if !is_same {
                    // The generation changed because the journal lost steps. This copy never applied those, so it can
                    // continue.
                    self.work(FollowWork::Join(catalogue.generation, place)).await?;
                    return Ok(JournalLook::More);
                }
                self.take(stretch).await
            }
            Some(place) if is_same && is_another(place, &stretch) => {
                tracing::error!(
                    applied = place.step,
                    newest = stretch.newest,
                    "the journal lacks steps that were decided, as after a failover or a restored backup; loading the \
                     catalogue anew"
                );
                let to = Uuid::new_v4();
                self.answered(self.shared.journal.regenerate(catalogue.generation, to)).await?;
                Ok(JournalLook::More)
            }
            _ => self.load(&catalogue).await,
        }
    }

    async fn take(&self, stretch: JournalStretch) -> Result<JournalLook, LevelError> {
        let Some(last) = stretch.steps.last() else { return Ok(JournalLook::Level) };
        let is_all = last.number >= stretch.newest;
        self.work(FollowWork::Steps(stretch.steps)).await?;
        Ok(if is_all { JournalLook::Level } else { JournalLook::More })
    }

    /// Begins the journal with the catalogue stored locally.
    async fn begin(&self, lease: HeldLease) -> Result<(), LevelError> {
        let snapshot = self.current.load_full();
        let generation = Uuid::parse_str(snapshot.store().generation()).unwrap_or_else(|_| Uuid::new_v4());
        let begun = JournalPlace::default();
        if !snapshot.store().is_blank().map_err(CatalogueError::from)? {
            self.put_snapshot(lease, &snapshot, begun).await?;
        }
        let catalogue = JournalCatalogue { generation, rules: self.member.rules.clone() };
        if self.answered(self.shared.journal.begin(lease, &catalogue)).await? {
            tracing::info!(%generation, "began the journal with the catalogue of this gateway");
            self.work(FollowWork::Join(generation, begun)).await?;
        }
        Ok(())
    }

    async fn begin_under_other_rules(&self, lease: Option<HeldLease>) -> Result<JournalLook, LevelError> {
        let Some(lease) = lease else { return Err(LevelError::OtherRules) };
        tracing::warn!(
            "the rules of privacy changed; beginning the catalogue anew and reading every source again"
        );
        let catalogue = JournalCatalogue { generation: Uuid::new_v4(), rules: self.member.rules.clone() };
        self.answered(self.shared.journal.begin(lease, &catalogue)).await?;
        Ok(JournalLook::More)
    }

    /// Replaces the local catalogue with the newest snapshot, or with an empty catalogue if the journal has none.
    async fn load(&self, catalogue: &JournalCatalogue) -> Result<JournalLook, LevelError> {
        let snapshot = self.answered(self.shared.journal.snapshot()).await?;
        let place = snapshot.map(|at| JournalPlace { step: at.step, chain: at.chain }).unwrap_or_default();
        let count = snapshot.map_or(0, |at| at.parts);
        tracing::info!(step = place.step, parts = count, "loading the catalogue from the journal");
        let (parts, received) = mpsc::channel(2);
        let fetching = async {
            for part in 0..count {
                let read =
                    tokio::time::timeout(PART_WITHIN, self.shared.journal.part(place.step, part)).await;
                let read =
                    read.unwrap_or_else(|_| Err(self.silent(PART_WITHIN)))?.ok_or(LevelError::PartGone)?;
                if parts.send(Some(read)).await.is_err() {
                    break;
                }
            }
            // Fails only if loading has failed, and the loading side reports that error.
            let _ = parts.send(None).await;
            drop(parts);
            Ok::<_, LevelError>(())
        };
        let loading = self.work(FollowWork::Load(catalogue.generation, place, received));
        let (fetched, loaded) = tokio::join!(fetching, loading);
        fetched?;
        loaded?;
        Ok(JournalLook::More)
    }

    async fn after(&self, step: StepNumber) -> Result<JournalStretch, JournalError> {
        let asked = self.shared.journal.after(step, STEPS_AT_ONCE);
        let stretch = tokio::time::timeout(STEPS_WITHIN, asked).await;
        stretch.unwrap_or_else(|_| Err(self.silent(STEPS_WITHIN)))
    }

    /// Passes work to the writer, and waits until it is done.
    async fn work(&self, work: FollowWork) -> Result<(), LevelError> {
        let (reply, done) = oneshot::channel();
        let closed = || CatalogueError::from(StoreError::Closed);
        self.requests.send(FollowRequest { work, reply }).await.map_err(|_| closed())?;
        Ok(done.await.map_err(|_| closed())??)
    }

    fn silent(&self, within: Duration) -> JournalError {
        let reason = format!("no answer within {} seconds", within.as_secs());
        JournalError::Unreachable { place: self.shared.journal.place(), reason }
    }
}

impl LevelError {
    /// Returns whether retrying cannot help, because a step or record cannot be read or the privacy rules differ.
    fn is_lasting(&self) -> bool {
        let step = match self {
            Self::OtherRules => return true,
            Self::Catalogue(CatalogueError::Store(step)) => step,
            _ => return false,
        };
        matches!(step, StoreError::Step(StepError::Newer(_) | StepError::Damaged(_)) | StoreError::Record(_))
    }
}

/// Returns whether the journal continues from `place`.
fn goes_on(place: JournalPlace, stretch: &JournalStretch) -> bool {
    let is_at_beginning = place.step == 0 && place.chain == StepChain::default() && stretch.chain.is_none();
    let has_next = stretch.newest == place.step || !stretch.steps.is_empty();
    has_next && (is_at_beginning || stretch.chain == Some(place.chain))
}

/// Returns whether the journal has lost steps that led to `place`. Returns `false` if it may only have deleted them,
/// because a snapshot replaced them more than 30 days ago.
fn is_another(place: JournalPlace, stretch: &JournalStretch) -> bool {
    stretch.newest < place.step || stretch.chain.is_some_and(|chain| chain != place.chain)
}
