//! The journal of a catalogue that several gateways keep together: numbered steps in the order in which they were
//! decided, snapshots for newcomers, one lease for whoever leads, and who is there.
//!
//! Each gateway has a whole copy of the catalogue and answers from it. The journal is not asked by any query: it only
//! says which steps the copies take, and each is decided once, by the one who holds the lease.

mod memory;
mod postgres;
mod step;

use std::fmt;

use futures_util::future::BoxFuture;
use uuid::Uuid;

pub use memory::{JournalBackup, JournalFault, MemoryJournal};
pub use postgres::{PostgresJournal, PostgresUrlError, check_postgres_url, schema as postgres_schema};
pub(super) use step::{PutRecord, SeenRecords};
pub use step::{StepChain, StepEffects, StepError};

/// The number of a step. The first is 1; a copy that has taken none is at 0.
pub type StepNumber = u64;

/// How often the lease has changed hands.
pub type LeaseEpoch = i64;

/// Why the journal did not do what it was asked. Of a step that was to be appended, it is not known whether it was.
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
    /// Its own for as long as it runs.
    pub id: Uuid,
    /// What people know it by.
    pub name: String,
    /// The last step that its copy has taken.
    pub applied: StepNumber,
    /// Its release.
    pub release: String,
    /// The newest format of steps that it reads.
    pub format: u8,
    /// The rules that it reads records by.
    pub rules: String,
    /// Whether its copy is level with the journal, or may become so at once: others do not take the lease.
    pub may_lead: bool,
}

/// The lease, as whoever holds it knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HeldLease {
    /// The holder.
    pub holder: Uuid,
    /// The epoch in which it was taken.
    pub epoch: LeaseEpoch,
}

/// What a journal says of the catalogue as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JournalCatalogue {
    /// Names the catalogue among all there ever were: the numbers of changes in two are not to be compared.
    pub generation: Uuid,
    /// The rules by which its records were read.
    pub rules: String,
}

/// A step to be decided.
#[derive(Clone, Debug)]
pub struct NewStep {
    /// Its number, one more than that of the last.
    pub number: StepNumber,
    /// The lease under which it is made.
    pub lease: HeldLease,
    /// Its own, by which its maker knows it again.
    pub id: Uuid,
    /// What the journal comes to before it.
    pub before: StepChain,
    /// What the journal comes to with it.
    pub chain: StepChain,
    /// Its effects, written down.
    pub bytes: Vec<u8>,
}

/// A step that was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecidedStep {
    /// Its number.
    pub number: StepNumber,
    /// Its own, by which its maker knows it again.
    pub id: Uuid,
    /// What the journal comes to with it.
    pub chain: StepChain,
    /// Its effects, written down.
    pub bytes: Vec<u8>,
}

/// What became of a step that was to be appended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AppendOutcome {
    /// It is decided.
    Decided,
    /// Somebody else has the lease.
    Fenced,
    /// Its number is taken, or what it builds on is not what the journal ends with.
    Behind,
}

/// A stretch of the journal, all as of one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JournalStretch {
    /// What the journal says of the catalogue; none if nobody has begun it yet.
    pub catalogue: Option<JournalCatalogue>,
    /// The number of the newest step; 0 if there is none.
    pub newest: StepNumber,
    /// What the journal came to with the step that was asked about; none if that is not there (any more).
    pub chain: Option<StepChain>,
    /// The steps right after it, in their order, without a gap. None if the next one is not there (any more).
    pub steps: Vec<DecidedStep>,
}

/// A snapshot of the whole catalogue, in parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapshotAt {
    /// The last step that is in it.
    pub step: StepNumber,
    /// What the journal came to with that step.
    pub chain: StepChain,
    /// How many parts it has.
    pub parts: u32,
    /// How many bytes they have together.
    pub bytes: u64,
}

/// What the journal takes up, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct JournalBytes {
    /// The newest complete snapshot.
    pub snapshot: u64,
    /// The steps since.
    pub since: u64,
}

/// Where the steps of a catalogue are decided when several gateways keep it together.
///
/// An implementation does nothing of its own accord and decides nothing by the time of day of a gateway. Every future
/// may be dropped.
pub trait StepJournal: Send + Sync + fmt::Debug {
    /// What names it to people, without a secret.
    fn place(&self) -> String;

    /// Says that `me` is there, and takes the lease or keeps it: if it may lead, and the lease is free or its own. Whoever
    /// does not have it yet leaves it to live members that read only an older format, and, if its rules are not those of
    /// the catalogue, to any that have other rules.
    fn claim<'j>(&'j self, me: &'j JournalMember) -> BoxFuture<'j, Result<Option<LeaseEpoch>, JournalError>>;

    /// Says that a member is not there any more, and gives the lease back if it has it.
    fn leave(&self, member: Uuid) -> BoxFuture<'_, Result<(), JournalError>>;

    /// Begins the catalogue, under a lease, in place of whatever other there was: that one's steps and snapshots go
    /// (the snapshot as of step 0, which the new one may begin with, stays if there was none). False if fenced.
    fn begin<'j>(
        &'j self,
        lease: HeldLease,
        catalogue: &'j JournalCatalogue,
    ) -> BoxFuture<'j, Result<bool, JournalError>>;

    /// Gives the catalogue another generation, its steps as they are, if it still has the one named.
    fn regenerate(&self, from: Uuid, to: Uuid) -> BoxFuture<'_, Result<(), JournalError>>;

    /// Appends a step: whether it may, and that it is the next one, is decided with writing it. After an error it is
    /// not known whether it was appended.
    fn append<'j>(&'j self, step: &'j NewStep) -> BoxFuture<'j, Result<AppendOutcome, JournalError>>;

    /// The journal from behind a step on, at most so many steps.
    fn after(&self, step: StepNumber, most: usize) -> BoxFuture<'_, Result<JournalStretch, JournalError>>;

    /// The newest complete snapshot.
    fn snapshot(&self) -> BoxFuture<'_, Result<Option<SnapshotAt>, JournalError>>;

    /// A part of a snapshot, counted from 0; none if it is gone.
    fn part(&self, step: StepNumber, part: u32) -> BoxFuture<'_, Result<Option<Vec<u8>>, JournalError>>;

    /// Writes a part of a snapshot, in place of one that was begun before. Nobody reads it until the snapshot is complete.
    fn put_part(
        &self,
        step: StepNumber,
        part: u32,
        bytes: Vec<u8>,
    ) -> BoxFuture<'_, Result<(), JournalError>>;

    /// Completes a snapshot, under a lease. Older ones than the one before go, and the steps that only they need. False
    /// if fenced.
    fn complete(&self, lease: HeldLease, snapshot: SnapshotAt) -> BoxFuture<'_, Result<bool, JournalError>>;

    /// What the journal takes up.
    fn bytes(&self) -> BoxFuture<'_, Result<JournalBytes, JournalError>>;

    /// Who has been there in the last 30 seconds.
    fn members(&self) -> BoxFuture<'_, Result<Vec<JournalMember>, JournalError>>;

    /// Waits until there may be a new step: a hint, to be waited for with a limit.
    fn changed(&self) -> BoxFuture<'_, ()>;
}
