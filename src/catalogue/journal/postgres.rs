//! A journal in PostgreSQL. The lease has its own connection, so heavy writing does not delay its renewal.
//!
//! Leases expire by PostgreSQL's clock. Every operation is one unnamed statement, so a pooler may stand in between. A
//! pooler does not pass on notifications; gateways then learn of new steps by polling.

mod address;
mod failure;
mod link;
mod rows;
mod statements;

use std::path::PathBuf;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use tokio::sync::Notify;
use tokio_postgres::Row;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{ToSql, Type};
use uuid::Uuid;

use super::{
    AppendOutcome, HeldLease, JournalBytes, JournalCatalogue, JournalError, JournalMember, JournalStretch,
    LeaseEpoch, NewStep, SnapshotAt, StepJournal, StepNumber,
};

pub use address::{PostgresUrlError, check_postgres_url};

use failure::failed;
use link::{PostgresAddress, PostgresLink};

/// The version of the table layout.
const FORMAT: i32 = 1;

/// Returns the SQL statements that create the tables.
pub fn schema() -> &'static str {
    include_str!("postgres/schema.sql")
}

/// A journal in PostgreSQL. It connects on first use.
#[derive(Debug)]
pub struct PostgresJournal {
    place: String,
    /// The connection for steps and snapshots.
    work: PostgresLink,
    /// The connection for the lease and for notifications.
    lease: PostgresLink,
    news: Arc<Notify>,
}

type Parameter<'p> = (&'p (dyn ToSql + Sync), Type);

impl PostgresJournal {
    /// Creates a journal for a URL. The password may be in a file instead of the URL.
    ///
    /// # Errors
    /// If the URL cannot be used. The message quotes only names of parameters from it.
    pub fn at(url: &str, password_file: Option<PathBuf>) -> Result<Self, PostgresUrlError> {
        let address = PostgresAddress::parse(url, password_file)?;
        let news = Arc::<Notify>::default();
        Ok(Self {
            place: address.place.clone(),
            work: PostgresLink::new(address.clone(), None),
            lease: PostgresLink::new(address, Some(Arc::clone(&news))),
            news,
        })
    }

    async fn ask(
        &self,
        link: &PostgresLink,
        statement: &str,
        parameters: &[Parameter<'_>],
    ) -> Result<Vec<Row>, JournalError> {
        self.try_asking(link, statement, parameters).await?.map_err(|error| failed(&self.place, &error))
    }

    async fn try_asking(
        &self,
        link: &PostgresLink,
        statement: &str,
        parameters: &[Parameter<'_>],
    ) -> Result<Result<Vec<Row>, tokio_postgres::Error>, JournalError> {
        let used = link.client().await?;
        let parameters: Vec<_> = parameters.iter().map(|(value, kind)| (*value, kind.clone())).collect();
        let answered = used.client.query_typed(statement, &parameters).await;
        used.done();
        Ok(answered)
    }
}

/// Converts a number to PostgreSQL's `bigint`.
fn whole(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

fn part_number(part: u32) -> i32 {
    i32::try_from(part).unwrap_or(i32::MAX)
}

impl StepJournal for PostgresJournal {
    fn place(&self) -> String {
        self.place.clone()
    }

    fn claim<'j>(&'j self, me: &'j JournalMember) -> BoxFuture<'j, Result<Option<LeaseEpoch>, JournalError>> {
        Box::pin(async move {
            let (applied, format) = (whole(me.applied), i32::from(me.format));
            let parameters: [Parameter<'_>; 7] = [
                (&me.id, Type::UUID),
                (&me.name, Type::TEXT),
                (&applied, Type::INT8),
                (&me.release, Type::TEXT),
                (&format, Type::INT4),
                (&me.rules, Type::TEXT),
                (&me.may_lead, Type::BOOL),
            ];
            let rows = self.ask(&self.lease, statements::CLAIM, &parameters).await?;
            rows.first().map(|row| self.column(row, 0)).transpose()
        })
    }

    fn leave(&self, member: Uuid) -> BoxFuture<'_, Result<(), JournalError>> {
        Box::pin(
            async move { self.ask(&self.lease, statements::LEAVE, &[(&member, Type::UUID)]).await.map(drop) },
        )
    }

    fn begin<'j>(
        &'j self,
        lease: HeldLease,
        catalogue: &'j JournalCatalogue,
    ) -> BoxFuture<'j, Result<bool, JournalError>> {
        Box::pin(async move {
            let parameters: [Parameter<'_>; 4] = [
                (&lease.holder, Type::UUID),
                (&lease.epoch, Type::INT8),
                (&catalogue.generation, Type::UUID),
                (&catalogue.rules, Type::TEXT),
            ];
            let begun = self.ask(&self.work, statements::BEGIN, &parameters);
            Ok(!begun.await?.is_empty())
        })
    }

    fn regenerate(&self, from: Uuid, to: Uuid) -> BoxFuture<'_, Result<(), JournalError>> {
        Box::pin(async move {
            let parameters: [Parameter<'_>; 2] = [(&from, Type::UUID), (&to, Type::UUID)];
            self.ask(&self.work, statements::REGENERATE, &parameters).await.map(drop)
        })
    }

    fn append<'j>(&'j self, step: &'j NewStep) -> BoxFuture<'j, Result<AppendOutcome, JournalError>> {
        Box::pin(async move {
            let (number, before, chain) = (whole(step.number), step.before.as_bytes(), step.chain.as_bytes());
            let parameters: [Parameter<'_>; 7] = [
                (&number, Type::INT8),
                (&step.lease.epoch, Type::INT8),
                (&step.lease.holder, Type::UUID),
                (&step.id, Type::UUID),
                (&before, Type::BYTEA),
                (&chain, Type::BYTEA),
                (&step.bytes, Type::BYTEA),
            ];
            let appended = self.try_asking(&self.work, statements::APPEND, &parameters);
            let rows = match appended.await? {
                Err(error) if error.code() == Some(&SqlState::UNIQUE_VIOLATION) => {
                    return Ok(AppendOutcome::Behind);
                }
                appended => appended.map_err(|error| failed(&self.place, &error))?,
            };
            let Some(row) = rows.first() else { return Ok(AppendOutcome::Fenced) };
            Ok(match (self.column(row, 0)?, self.column(row, 1)?) {
                (_, true) => AppendOutcome::Decided,
                (true, false) => AppendOutcome::Behind,
                (false, false) => AppendOutcome::Fenced,
            })
        })
    }

    fn after(&self, step: StepNumber, most: usize) -> BoxFuture<'_, Result<JournalStretch, JournalError>> {
        Box::pin(async move {
            let (after, most) = (whole(step), whole(most as u64));
            let parameters: [Parameter<'_>; 2] = [(&after, Type::INT8), (&most, Type::INT8)];
            let rows = self.ask(&self.work, statements::AFTER, &parameters).await?;
            self.stretch(step, &rows)
        })
    }

    fn snapshot(&self) -> BoxFuture<'_, Result<Option<SnapshotAt>, JournalError>> {
        Box::pin(async move {
            let rows = self.ask(&self.work, statements::SNAPSHOT, &[]).await?;
            rows.first().map(|row| self.snapshot_at(row)).transpose()
        })
    }

    fn part(&self, step: StepNumber, part: u32) -> BoxFuture<'_, Result<Option<Vec<u8>>, JournalError>> {
        Box::pin(async move {
            let (step, part) = (whole(step), part_number(part));
            let parameters: [Parameter<'_>; 2] = [(&step, Type::INT8), (&part, Type::INT4)];
            let rows = self.ask(&self.work, statements::PART, &parameters).await?;
            rows.first().map(|row| self.column(row, 0)).transpose()
        })
    }

    fn put_part(
        &self,
        step: StepNumber,
        part: u32,
        bytes: Vec<u8>,
    ) -> BoxFuture<'_, Result<(), JournalError>> {
        Box::pin(async move {
            let (step, part) = (whole(step), part_number(part));
            let parameters: [Parameter<'_>; 3] =
                [(&step, Type::INT8), (&part, Type::INT4), (&bytes, Type::BYTEA)];
            self.ask(&self.work, statements::PUT_PART, &parameters).await.map(drop)
        })
    }

    fn complete(&self, lease: HeldLease, snapshot: SnapshotAt) -> BoxFuture<'_, Result<bool, JournalError>> {
        Box::pin(async move {
            let (step, chain) = (whole(snapshot.step), snapshot.chain.as_bytes());
            let (parts, bytes) = (part_number(snapshot.parts), whole(snapshot.bytes));
            let parameters: [Parameter<'_>; 6] = [
                (&lease.holder, Type::UUID),
                (&lease.epoch, Type::INT8),
                (&step, Type::INT8),
                (&chain, Type::BYTEA),
                (&parts, Type::INT4),
                (&bytes, Type::INT8),
            ];
            let completed = self.ask(&self.work, statements::COMPLETE, &parameters);
            Ok(!completed.await?.is_empty())
        })
    }

    fn bytes(&self) -> BoxFuture<'_, Result<JournalBytes, JournalError>> {
        Box::pin(async move {
            let rows = self.ask(&self.work, statements::BYTES, &[]).await?;
            let Some(row) = rows.first() else { return Ok(JournalBytes::default()) };
            let read = |at| Ok(u64::try_from(self.column::<i64>(row, at)?).unwrap_or(0));
            Ok(JournalBytes { snapshot: read(0)?, since: read(1)? })
        })
    }

    fn members(&self) -> BoxFuture<'_, Result<Vec<JournalMember>, JournalError>> {
        Box::pin(async move {
            let rows = self.ask(&self.lease, statements::MEMBERS, &[]).await?;
            rows.iter().map(|row| self.member(row)).collect()
        })
    }

    fn changed(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.news.notified())
    }
}
