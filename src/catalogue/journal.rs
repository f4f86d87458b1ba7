//! The journal of a catalogue that several gateways share. It holds numbered steps, snapshots for new gateways, the leader's
//! lease and the list of members.
//!
//! Each gateway has a full copy of the catalogue and answers from it; queries never ask the journal. The journal decides
//! which steps the copies apply. Only the holder of the lease appends, so each step is decided once.

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

/// The number of a step. The first is 1; a copy that has taken none is at 0.
pub type StepNumber = u64;

/// Counts how often the lease has changed hands.
pub type LeaseEpoch = i64;

/// Why a request to the journal failed. If the request was to append a step, the step may have been appended all the same.
#[derive(Clone, Debug, thiserror::Error)]
pub enum JournalError {
    /// It does not answer.
    #[error(
        "the journal at {place} cannot be reached: {reason}; check `catalogue.journal`, the network and the server"
    )]
    Unreachable {
        /// The host and port, or whatever names it without a secret.
        place: String,
        /// What the client or the system said.
        reason: String,
    },
    /// It answers, and refuses.
    #[error("the journal at {place} refused: {reason}; {remedy}")]
    Refused {
        /// The host and port, or whatever names it without a secret.
        place: String,
        /// What it said.
        reason: String,
        /// What to do.
        remedy: &'static str,
    },
}

/// A gateway among those that keep a catalogue together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalMember {
    /// Unique to this run of the process.
    pub id: Uuid,
    /// The name for people: `catalogue.replica_name`.
    pub name: String,
    /// The last step that its copy has applied.
    pub applied: StepNumber,
    /// Its release.
    pub release: String,
    /// The newest format of steps that it reads.
    pub format: u8,
    /// The privacy rules by which it reads records.
    pub rules: String,
    /// Whether it may take the lease: its copy is level with the journal, or can catch up at once.
    pub may_lead: bool,
}

/// A lease: who holds it, and since which epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldLease {
    /// The holder.
    pub holder: Uuid,
    /// The epoch in which it was taken.
    pub epoch: LeaseEpoch,
}

/// The catalogue that a journal belongs to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalCatalogue {
    /// Identifies the catalogue. Change numbers of two generations cannot be compared.
    pub generation: Uuid,
    /// The privacy rules by which its records were read.
    pub rules: String,
}

/// A step to append.
#[derive(Clone, Debug)]
pub struct NewStep {
    /// Its number, one more than that of the last.
    pub number: StepNumber,
    /// The lease under which it is made.
    pub lease: HeldLease,
    /// A random id, by which its author recognises it.
    pub id: Uuid,
    /// The chain of the step before it.
    pub before: StepChain,
    /// The chain up to and including it.
    pub chain: StepChain,
    /// Its effects, encoded.
    pub bytes: Vec<u8>,
}

/// A step that has been appended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecidedStep {
    /// Its number.
    pub number: StepNumber,
    /// A random id, by which its author recognises it.
    pub id: Uuid,
    /// The chain up to and including it.
    pub chain: StepChain,
    /// Its effects, encoded.
    pub bytes: Vec<u8>,
}

/// The result of appending a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppendOutcome {
    /// It has been appended.
    Decided,
    /// Somebody else has the lease.
    Fenced,
    /// Its number is taken, or it does not follow the journal's last step.
    Behind,
}

/// Part of the journal, read at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JournalStretch {
    /// The catalogue. `None` if nobody has begun the journal yet.
    pub catalogue: Option<JournalCatalogue>,
    /// The number of the newest step; 0 if there is none.
    pub newest: StepNumber,
    /// The chain of the step that was asked about. `None` if the journal does not have that step, or no longer.
    pub chain: Option<StepChain>,
    /// The steps right after it, in order and without a gap. Empty if the journal does not have the next one, or no longer.
    pub steps: Vec<DecidedStep>,
}

/// A snapshot of the whole catalogue, in parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapshotAt {
    /// The last step it contains.
    pub step: StepNumber,
    /// The chain of that step.
    pub chain: StepChain,
    /// How many parts it has.
    pub parts: u32,
    /// The total size of the parts.
    pub bytes: u64,
}

/// The size of the journal, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JournalBytes {
    /// The newest complete snapshot.
    pub snapshot: u64,
    /// The steps after that snapshot.
    pub since: u64,
}

/// Where the steps of a catalogue are decided when several gateways keep it together.
///
/// Leases run by the journal's clock, never by a gateway's. Every future may be dropped.
pub trait StepJournal: Send + Sync + fmt::Debug {
    /// Returns the host and port, or another name for people, without secrets.
    fn place(&self) -> String;

    /// Registers `me` as live, and takes or renews the lease if `me` may lead and the lease is free or its own. Returns
    /// `None` if it does not hold the lease. A gateway does not take the lease while a live member reads only an older
    /// format, or, if its rules are not those of the catalogue, while a live member has other rules.
    fn claim<'j>(&'j self, me: &'j JournalMember) -> BoxFuture<'j, Result<Option<LeaseEpoch>, JournalError>>;

    /// Removes a member, and releases the lease if it holds it.
    fn leave(&self, member: Uuid) -> BoxFuture<'_, Result<(), JournalError>>;

    /// Begins a new catalogue under a lease, and deletes the steps and snapshots of the one before. If there was none, a
    /// snapshot as of step 0 stays: the new catalogue begins with it. Returns `false` if fenced.
    fn begin<'j>(
        &'j self,
        lease: HeldLease,
        catalogue: &'j JournalCatalogue,
    ) -> BoxFuture<'j, Result<bool, JournalError>>;

    /// Changes the generation of the catalogue from `from` to `to`, and keeps its steps. Does nothing if it has another one.
    fn regenerate(&self, from: Uuid, to: Uuid) -> BoxFuture<'_, Result<(), JournalError>>;

    /// Appends a step if the lease is still held and the step follows the last one, in one atomic operation. After an error,
    /// the step may have been appended all the same.
    fn append<'j>(&'j self, step: &'j NewStep) -> BoxFuture<'j, Result<AppendOutcome, JournalError>>;

    /// Returns the steps after a step, at most `most`.
    fn after(&self, step: StepNumber, most: usize) -> BoxFuture<'_, Result<JournalStretch, JournalError>>;

    /// Returns the newest complete snapshot.
    fn snapshot(&self) -> BoxFuture<'_, Result<Option<SnapshotAt>, JournalError>>;

    /// Returns a part of a snapshot, counted from 0. `None` if it has been deleted.
    fn part(&self, step: StepNumber, part: u32) -> BoxFuture<'_, Result<Option<Vec<u8>>, JournalError>>;

    /// Writes a part of a snapshot, replacing one left by an interrupted attempt. It is read only once the snapshot is complete.
    fn put_part(
        &self,
        step: StepNumber,
        part: u32,
        bytes: Vec<u8>,
    ) -> BoxFuture<'_, Result<(), JournalError>>;

    /// Completes a snapshot under a lease. Keeps the snapshot before it, and deletes older ones and the steps only they need.
    /// Returns `false` if fenced, or if the journal does not have its step, as after it has lost commits.
    fn complete(&self, lease: HeldLease, snapshot: SnapshotAt) -> BoxFuture<'_, Result<bool, JournalError>>;

    /// Returns the size of the journal.
    fn bytes(&self) -> BoxFuture<'_, Result<JournalBytes, JournalError>>;

    /// Returns the members seen in the last 30 seconds.
    fn members(&self) -> BoxFuture<'_, Result<Vec<JournalMember>, JournalError>>;

    /// Waits until there may be a new step. A hint only, so wait with a limit.
    fn changed(&self) -> BoxFuture<'_, ()>;
}
