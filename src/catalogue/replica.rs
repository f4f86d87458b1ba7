//! A gateway among several that share a catalogue: it takes the lease if that is free, and keeps its copy level with the
//! journal.

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
/// How often it is claimed.
const CLAIM_EVERY: Duration = Duration::from_secs(5);
/// How often it is claimed by a gateway that may not lead yet.
const CLAIM_SOON: Duration = Duration::from_secs(1);
/// How long the journal may take to answer.
const ANSWERED_WITHIN: Duration = Duration::from_secs(4);

/// How a gateway takes part in keeping a catalogue together.
#[derive(Clone, Debug)]
pub struct ReplicaSettings {
    /// Where steps are decided.
    pub journal: Arc<dyn StepJournal>,
    /// What people know the gateway by.
    pub name: String,
}

/// The journal, and where this gateway stands. Cheap to clone; all clones are one.
#[derive(Clone, Debug)]
pub(super) struct SharedJournal {
    journal: Arc<dyn StepJournal>,
    standing: watch::Sender<ReplicaStanding>,
    /// Wakes whoever keeps the copy level.
    wake: Arc<Notify>,
}

/// What keeps a gateway's copy level with the journal.
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

    /// Where this gateway stands, and whoever wants to know when that changes.
    pub(super) fn watch(&self) -> watch::Receiver<ReplicaStanding> {
        self.standing.subscribe()
    }

    /// The lease under which this gateway may write now, if it leads.
    pub(super) fn lease_to_write(&self) -> Option<HeldLease> {
        let standing = self.standing.borrow();
        standing.valid_lease().filter(|_| standing.leads())
    }

    /// Notes that another gateway holds the lease.
    pub(super) fn lose_lease(&self) {
        self.change(|standing| standing.lease = None);
        self.wake.notify_one();
    }

    /// Notes that this copy may lack steps, or has to be reloaded. Nothing is written until it is level.
    pub(super) fn fall_behind(&self) {
        self.change(|standing| standing.is_level = false);
        self.wake.notify_one();
    }

    /// Notes that this copy has applied all steps up to a place.
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
    /// What a gateway is to the others.
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

    /// Takes part until told to stop, and then gives the lease back.
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
        // Otherwise the others wait for the lease to run out.
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
            // Whoever has just been started need not wait long once it may.
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
                // It may have been renewed at the same moment.
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
            // Steps of whoever led before may be there by now.
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

    /// Waits for an answer, not for ever.
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
