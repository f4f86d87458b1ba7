//! The standing of a gateway among those that share a catalogue.

use std::time::Duration;

use tokio::time::Instant;

use crate::catalogue::journal::{HeldLease, StepNumber};

/// How long a copy counts as level after it was. It asks the journal more often than that.
const LEVEL_FOR: Duration = Duration::from_secs(6);

/// What a gateway does among several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReplicaRole {
    /// It reads the publishers, for all.
    Leader,
    /// It takes the leader's steps.
    Follower,
    /// It has not caught up with the journal since it started.
    Joining,
}

impl ReplicaRole {
    /// Its name, as health checks say it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Leader => "leader",
            Self::Follower => "follower",
            Self::Joining => "joining",
        }
    }
}

/// Where a gateway stands.
#[derive(Clone, Debug)]
pub struct ReplicaStanding {
    /// What people know it by.
    pub name: String,
    /// Where the journal is, without a secret.
    pub journal: String,
    /// The last step that its copy has taken.
    pub applied: StepNumber,
    /// The newest step that it knows of.
    pub newest: StepNumber,
    /// How many gateways there are, this one included, when that was last known.
    pub members: usize,
    /// Why it cannot apply steps, if so.
    pub trouble: Option<String>,
    /// Whether it is ready for queries: its copy has been level with the journal, or cannot be because of `trouble`.
    pub is_settled: bool,
    /// The lease, and until when it is certainly valid.
    pub(super) lease: Option<(HeldLease, Instant)>,
    /// Whether its copy has been level since it has the lease.
    pub(super) is_level: bool,
    /// When it was last level.
    pub(super) level_at: Option<Instant>,
    /// Whether it has met a step that it cannot apply, so that it must not lead.
    pub(super) stands_by: bool,
    began_at: Instant,
}

impl ReplicaStanding {
    pub(super) fn new(name: &str, journal: String) -> Self {
        Self {
            name: name.to_owned(),
            journal,
            applied: 0,
            newest: 0,
            members: 1,
            trouble: None,
            is_settled: false,
            lease: None,
            is_level: false,
            level_at: None,
            stands_by: false,
            began_at: Instant::now(),
        }
    }

    /// What it does.
    pub fn role(&self) -> ReplicaRole {
        match self.is_settled {
            _ if self.leads() => ReplicaRole::Leader,
            false => ReplicaRole::Joining,
            true => ReplicaRole::Follower,
        }
    }

    /// Whether it reads the publishers.
    pub fn leads(&self) -> bool {
        self.is_level && self.valid_lease().is_some()
    }

    /// Returns how long ago its copy was last known to be level with the journal; zero while it is.
    pub fn behind(&self) -> Duration {
        let since = self.level_at.unwrap_or(self.began_at).elapsed();
        if self.level_at.is_some() && since < LEVEL_FOR { Duration::ZERO } else { since }
    }

    pub(super) fn valid_lease(&self) -> Option<HeldLease> {
        self.lease.filter(|(_, until)| Instant::now() < *until).map(|(lease, _)| lease)
    }

    /// Whether its copy is level, or may become so at once.
    pub(super) fn may_lead(&self) -> bool {
        !self.stands_by && self.level_at.is_some()
    }
}
