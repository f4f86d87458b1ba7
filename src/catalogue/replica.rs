//! One of several gateways that share a catalogue. Takes the lease if it is free, and keeps the local copy level with
//! the journal.

mod level;
mod snapshots;
mod standing;

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwap;
use tokio::sync::{Notify, mpsc, watch};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::journal::{HeldLease, JournalError, JournalMember, StepEffects, StepJournal};
use super::snapshot::CatalogueSnapshot;
use super::store::JournalPlace;
use super::writer::FollowRequest;

pub use standing::{ReplicaRole, ReplicaStanding};

/// How long a lease is valid, by the journal's clock.
const LEASE: Duration = Duration::from_secs(15);
/// How often a gateway that may lead claims the lease.
const CLAIM_EVERY: Duration = Duration::from_secs(5);
/// How often a gateway that may not lead yet claims the lease.
const CLAIM_SOON: Duration = Duration::from_secs(1);
/// How long the journal may take to answer.
const ANSWERED_WITHIN: Duration = Duration::from_secs(4);

/// How a gateway shares a catalogue with others.
#[derive(Clone, Debug)]
pub struct ReplicaSettings {
    /// The journal that decides the steps.
    pub journal: Arc<dyn StepJournal>,
    /// The name for people: `catalogue.replica_name`.
    pub name: String,
}

/// The journal, and this gateway's standing. Cheap to clone; all clones share one state.
#[derive(Clone, Debug)]
pub(super) struct SharedJournal {
    journal: Arc<dyn StepJournal>,
    standing: watch::Sender<ReplicaStanding>,
    /// Wakes the task that keeps the copy level.
    wake: Arc<Notify>,
}

/// Keeps a gateway's copy level with the journal.
pub(super) struct Replica {
    pub(super) shared: SharedJournal,
    pub(super) member: JournalMember,
    pub(super) current: Arc<ArcSwap<CatalogueSnapshot>>,
    pub(super) requests: mpsc::Sender<FollowRequest>,
}

impl SharedJournal {
    pub(super) fn new(settings: &ReplicaSettings) -> Self {
        let standing = ReplicaStanding::new(&settings.name, settings.journal.place());
        let (journal, standing) = (Arc::clone(&settings.journal), watch::Sender::new(standing));
        Self { journal, standing, wake: Arc::default() }
    }

    pub(super) fn journal(&self) -> &dyn StepJournal {
        &*self.journal
    }

    /// Returns a receiver that is notified when this gateway's standing changes.
    pub(super) fn watch(&self) -> watch::Receiver<ReplicaStanding> {
        self.standing.subscribe()
    }

    /// Returns the lease under which this gateway may write now. `None` if it does not lead.
    pub(super) fn lease_to_write(&self) -> Option<HeldLease> {
        let standing = self.standing.borrow();
        standing.valid_lease().filter(|_| standing.leads())
    }

    /// Notes that another gateway holds the lease.
    pub(super) fn lose_lease(&self) {
        self.change(|standing| standing.lease = None);
        self.wake.notify_one();
    }

    /// Notes that this copy may lack steps, or must be reloaded. Nothing is written until the copy is level.
    pub(super) fn fall_behind(&self) {
        self.change(|standing| {
            standing.is_level = false;
            standing.times_behind += 1;
        });
        self.wake.notify_one();
    }

    /// Notes that this copy has applied all steps up to `place`.
    pub(super) fn note_applied(&self, place: JournalPlace) {
        self.change(|standing| {
            standing.applied = place.step;
            standing.newest = standing.newest.max(place.step);
        });
    }

    fn change(&self, change: impl FnOnce(&mut ReplicaStanding)) {
        self.standing.send_modify(change);
    }
}

impl Replica {
    /// Describes a gateway that has just started, as the journal lists it.
    pub(super) fn member(name: &str, rules: String) -> JournalMember {
        JournalMember {
            id: Uuid::new_v4(),
            name: name.to_owned(),
            applied: 0,
            release: env!("CARGO_PKG_VERSION").to_owned(),
            format: StepEffects::FORMAT,
            rules,
            may_lead: false,
        }
    }

    /// Takes part until `stopping` is cancelled, then releases the lease.
    pub(super) async fn run(self, stopping: CancellationToken) {
        let working = async {
            tokio::join!(
                self.keep_claiming(),
                self.keep_expiring(),
                self.keep_level(),
                self.keep_snapshots()
            );
        };
        tokio::select! {
            biased;
            () = working => {}
            () = stopping.cancelled() => {}
        }
        self.shared.lose_lease();
        // Without this, the other gateways would wait until the lease expires.
        let _ = self.answered(self.shared.journal.leave(self.member.id)).await;
    }

    async fn keep_claiming(&self) {
        loop {
            let asked_at = Instant::now();
            let standing = self.shared.standing.borrow().clone();
            let me = JournalMember {
                applied: standing.applied,
                may_lead: standing.may_lead(),
                ..self.member.clone()
            };
            match self.answered(self.shared.journal.claim(&me)).await {
                Ok(Some(epoch)) => self.lead(HeldLease { holder: me.id, epoch }, asked_at + LEASE),
                Ok(None) if standing.lease.is_some() => self.shared.lose_lease(),
                Ok(None) => {}
                Err(error) => tracing::debug!(%error, "cannot claim the lease"),
            }
            self.count_members().await;
            // A gateway that has just started need not wait long once it may lead.
            let next = asked_at + if me.may_lead { CLAIM_EVERY } else { CLAIM_SOON };
            tokio::time::sleep_until(next).await;
        }
    }

    /// Ends the lease when it expires, however long renewing it takes: another gateway may lead from then on.
    async fn keep_expiring(&self) {
        let mut standing = self.shared.watch();
        loop {
            let until = standing.borrow_and_update().lease.map(|(_, until)| until);
            let expiring = async {
                match until {
                    Some(until) => tokio::time::sleep_until(until).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                // The lease may have been renewed at the same moment.
                () = expiring => if standing.borrow().lease.map(|(_, until)| until) == until {
                    tracing::warn!("could not keep the lease; another gateway may lead by now");
                    self.shared.lose_lease();
                },
                changed = standing.changed() => if changed.is_err() { return },
            }
        }
    }

    fn lead(&self, lease: HeldLease, until: Instant) {
        let is_new = self.shared.standing.borrow().lease.map(|(held, _)| held) != Some(lease);
        self.shared.change(|standing| {
            standing.lease = Some((lease, until));
            // The previous leader may have appended steps that this copy lacks.
            standing.is_level &= !is_new;
        });
        if is_new {
            tracing::info!(epoch = lease.epoch, "this gateway leads: it reads the publishers for all");
            self.shared.wake.notify_one();
        }
    }

    async fn count_members(&self) {
        if let Ok(members) = self.answered(self.shared.journal.members()).await {
            self.shared.change(|standing| standing.members = members.len().max(1));
        }
    }

    /// Waits for the journal's answer, but no longer than `ANSWERED_WITHIN`.
    async fn answered<T>(
        &self,
        asked: impl Future<Output = Result<T, JournalError>>,
    ) -> Result<T, JournalError> {
        tokio::time::timeout(ANSWERED_WITHIN, asked).await.unwrap_or_else(|_| {
            let reason = format!("no answer within {} seconds", ANSWERED_WITHIN.as_secs());
            Err(JournalError::Unreachable { place: self.shared.journal.place(), reason })
        })
    }
}
