//! The standing of a gateway among those that share a catalogue.

use std::time::Duration;

use tokio::time::Instant;

use crate::catalogue::journal::{HeldLease, StepNumber};

/// How long a copy counts as level after it was last known to be. Longer than the interval between checks.
const LEVEL_FOR: Duration = Duration::from_secs(6);

/// What a gateway does among those that share a catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ReplicaRole {
    /// It reads the publishers for all gateways.
    Leader,
    /// It applies the leader's steps.
    Follower,
    /// It has not caught up with the journal since it started.
    Joining,
}

impl ReplicaRole {
    /// Returns the name of the role, as in health checks.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Leader => "leader",
            Self::Follower => "follower",
            Self::Joining => "joining",
        }
    }
}

/// The standing of a gateway among those that share a catalogue.
#[derive(Clone, Debug)]
pub struct ReplicaStanding {
    /// The name for people.
    pub name: String,
    /// The host and port of the journal, without secrets.
    pub journal: String,
    /// The last step that the copy has applied.
    pub applied: StepNumber,
    /// The newest step that the gateway knows of.
    pub newest: StepNumber,
    /// The number of live gateways, including this one, when it was last counted.
    pub members: usize,
    /// Why the gateway cannot apply steps. `None` if it can.
    pub trouble: Option<String>,
    /// Whether the gateway is ready for queries: its copy has been level with the journal, or cannot be because of
    /// `trouble`.
    pub is_settled: bool,
    /// The lease, and until when it is certainly valid.
    pub(super) lease: Option<(HeldLease, Instant)>,
    /// Whether the copy has been level since the gateway took the lease.
    pub(super) is_level: bool,
    /// How often this copy was found to lack steps, or to need loading anew.
    pub(super) times_behind: u64,
    /// When the copy was last level.
    pub(super) level_at: Option<Instant>,
    /// Whether the gateway must not lead, because of trouble that retrying cannot resolve.
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
            times_behind: 0,
            level_at: None,
            stands_by: false,
            began_at: Instant::now(),
        }
    }

    /// Returns what the gateway does.
    pub fn role(&self) -> ReplicaRole {
        match self.is_settled {
            _ if self.leads() => ReplicaRole::Leader,
            false => ReplicaRole::Joining,
            true => ReplicaRole::Follower,
        }
    }

    /// Returns whether the gateway reads the publishers.
    pub fn leads(&self) -> bool {
        self.is_level && self.valid_lease().is_some()
    }

    /// Returns how long ago the copy was last known to be level with the journal. Zero while it is level.
    pub fn behind(&self) -> Duration {
        let since = self.level_at.unwrap_or(self.began_at).elapsed();
        if self.level_at.is_some() && since < LEVEL_FOR { Duration::ZERO } else { since }
    }

    pub(super) fn valid_lease(&self) -> Option<HeldLease> {
        self.lease.filter(|(_, until)| Instant::now() < *until).map(|(lease, _)| lease)
    }

    /// Returns whether the gateway may take the lease: its copy is level, or can catch up at once.
    pub(super) fn may_lead(&self) -> bool {
        !self.stands_by && self.level_at.is_some()
    }
}
