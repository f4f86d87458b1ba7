//! The journal of a catalogue that several gateways share. It holds numbered steps, snapshots for new gateways, the
//! leader's lease and the list of members.
//!
//! Each gateway has a full copy of the catalogue and answers from it; queries never ask the journal. The journal
//! decides which steps the copies apply. Only the holder of the lease appends, so each step is decided once.

#[cfg(test)]
mod memory;
mod postgres;
mod step;

use std::fmt;

use futures_util::future::BoxFuture;
use uuid::Uuid;

#[cfg(test)]
pub(crate) use memory::{JournalBackup, JournalFault, MemoryJournal};
pub use postgres::{PostgresJournal, PostgresUrlError, check_postgres_url, schema as postgres_schema};
pub(super) use step::{PutRecord, SeenRecords};
pub use step::{StepChain, StepEffects, StepError};

/// The number of a step. The first is 1; a copy that has applied none is at 0.
pub type StepNumber = u64;

/// Counts how often the lease has changed hands.
pub type LeaseEpoch = i64;

/// Why a request to the journal failed. If the request was to append a step, the step may still have been appended.
#[derive(Clone, Debug, thiserror::Error)]
pub enum JournalError {
    /// The journal does not answer.
    #[error(
        "the journal at {place} cannot be reached: {reason}; check `catalogue.journal`, the network and the server"
    )]
    Unreachable {
        /// The host and port, or another name without secrets.
        place: String,
        /// What the client library or the system reported.
        reason: String,
    },
    /// The journal answers with a refusal.
    #[error("the journal at {place} refused: {reason}; {remedy}")]
    Refused {
        /// The host and port, or another name without secrets.
        place: String,
        /// What the journal reported.
        reason: String,
        /// What the operator can do.
        remedy: &'static str,
    },
}

/// One of the gateways that share a catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalMember {
    /// Unique to this run of the process.
    pub id: Uuid,
    /// The name for people: `catalogue.replica_name`.
    pub name: String,
    /// The last step that the member's copy has applied.
    pub applied: StepNumber,
    /// The release of the gateway.
    pub release: String,
    /// The newest format of steps that the gateway reads.
    pub format: u8,
    /// The privacy rules under which the gateway reads records.
    pub rules: String,
    /// Whether the gateway may take the lease: its copy is level with the journal, or can catch up at once.
    pub may_lead: bool,
}

/// A lease: who holds it, and since which epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldLease {
    /// The gateway that holds the lease.
    pub holder: Uuid,
    /// The epoch in which the lease was taken.
    pub epoch: LeaseEpoch,
}

/// The catalogue that a journal belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalCatalogue {
    /// Identifies the catalogue. Change numbers of two generations cannot be compared.
    pub generation: Uuid,
    /// The privacy rules under which the records of the catalogue were read.
    pub rules: String,
}

/// A step to append.
#[derive(Clone, Debug)]
pub struct NewStep {
    /// The number of the step: one more than the last.
    pub number: StepNumber,
    /// The lease under which the step is appended.
    pub lease: HeldLease,
    /// A random id, by which the author recognises the step.
    pub id: Uuid,
    /// The chain of the previous step.
    pub before: StepChain,
    /// The chain up to and including this step.
    pub chain: StepChain,
    /// The effects of the step, encoded.
    pub bytes: Vec<u8>,
}

/// A step that has been appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecidedStep {
    /// The number of the step.
    pub number: StepNumber,
    /// A random id, by which the author recognises the step.
    pub id: Uuid,
    /// The chain up to and including this step.
    pub chain: StepChain,
    /// The effects of the step, encoded.
    pub bytes: Vec<u8>,
}

/// The result of appending a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppendOutcome {
    /// The step has been appended.
    Decided,
    /// Another gateway holds the lease.
    Fenced,
    /// The number is taken, or the step does not follow the last one in the journal.
    Behind,
}

/// Part of the journal, read at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JournalStretch {
    /// The catalogue. `None` if no gateway has begun the journal yet.
    pub catalogue: Option<JournalCatalogue>,
    /// The number of the newest step; 0 if there is none.
    pub newest: StepNumber,
    /// The chain of the step that was asked about. `None` if the journal never had that step, or deleted it more than 30
    /// days ago.
    pub chain: Option<StepChain>,
    /// The steps right after it, in order and without a gap. Empty if the journal does not have the next step, or has
    /// deleted it.
    pub steps: Vec<DecidedStep>,
}

/// A snapshot of the whole catalogue, in parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapshotAt {
    /// The last step that the snapshot contains.
    pub step: StepNumber,
    /// The chain of that step.
    pub chain: StepChain,
    /// The number of parts.
    pub parts: u32,
    /// The total size of the parts, in bytes.
    pub bytes: u64,
}

/// The size of the journal, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JournalBytes {
    /// The size of the newest complete snapshot.
    pub snapshot: u64,
    /// The total size of the steps after that snapshot.
    pub since: u64,
}

/// Decides the steps of a catalogue that several gateways share.
///
/// Leases expire by the journal's clock, never by a gateway's. Every future may be dropped.
pub trait StepJournal: Send + Sync + fmt::Debug {
    /// Returns the host and port, or another name for people, without secrets.
    fn place(&self) -> String;

    /// Registers `me` as live, and takes or renews the lease if `me` may lead and the lease is free or its own. Returns
    /// `None` if `me` does not hold the lease. A gateway does not take the lease while a live member reads only an
    /// older format, or, if the gateway's rules are not those of the catalogue, while a live member has other rules.
    fn claim<'j>(&'j self, me: &'j JournalMember) -> BoxFuture<'j, Result<Option<LeaseEpoch>, JournalError>>;

    /// Removes a member, and releases the lease if it holds it.
    fn leave(&self, member: Uuid) -> BoxFuture<'_, Result<(), JournalError>>;

    /// Begins a new catalogue under a lease, and deletes the steps and snapshots of the previous one. If there was
    /// none, a snapshot as of step 0 stays: the new catalogue begins with it. Returns `false` if the lease is no longer
    /// held.
    fn begin<'j>(
        &'j self,
        lease: HeldLease,
        catalogue: &'j JournalCatalogue,
    ) -> BoxFuture<'j, Result<bool, JournalError>>;

    /// Changes the generation of the catalogue from `from` to `to`, and keeps its steps. Does nothing if the current
    /// generation is not `from`.
    fn regenerate(&self, from: Uuid, to: Uuid) -> BoxFuture<'_, Result<(), JournalError>>;

    /// Appends a step if the lease is still held and the step follows the last one, in one atomic operation. After an
    /// error, the step may still have been appended.
    fn append<'j>(&'j self, step: &'j NewStep) -> BoxFuture<'j, Result<AppendOutcome, JournalError>>;

    /// Returns at most `most` steps after `step`.
    fn after(&self, step: StepNumber, most: usize) -> BoxFuture<'_, Result<JournalStretch, JournalError>>;

    /// Returns the newest complete snapshot. `None` if there is none.
    fn snapshot(&self) -> BoxFuture<'_, Result<Option<SnapshotAt>, JournalError>>;

    /// Returns a part of a snapshot, counted from 0. `None` if the part has been deleted.
    fn part(&self, step: StepNumber, part: u32) -> BoxFuture<'_, Result<Option<Vec<u8>>, JournalError>>;

    /// Writes a part of a snapshot, and replaces one left by an interrupted attempt. Parts are read only once the
    /// snapshot is complete.
    fn put_part(
        &self,
        step: StepNumber,
        part: u32,
        bytes: Vec<u8>,
    ) -> BoxFuture<'_, Result<(), JournalError>>;

    /// Completes a snapshot under a lease. Keeps the snapshot before it, and deletes older ones and the steps that only
    /// they need. Returns `false` if the lease is no longer held, or if the journal does not have the snapshot's step,
    /// as after it has lost commits.
    fn complete(&self, lease: HeldLease, snapshot: SnapshotAt) -> BoxFuture<'_, Result<bool, JournalError>>;

    /// Returns the size of the journal.
    fn bytes(&self) -> BoxFuture<'_, Result<JournalBytes, JournalError>>;

    /// Returns the members seen in the last 30 seconds.
    fn members(&self) -> BoxFuture<'_, Result<Vec<JournalMember>, JournalError>>;

    /// Waits until there may be a new step. Notifications can be missed, so callers must also poll.
    fn changed(&self) -> BoxFuture<'_, ()>;
}
