//! A journal in PostgreSQL. The lease has its own connection, so heavy writing does not delay its renewal.
//!
//! Leases expire by PostgreSQL's clock. Every operation is one unnamed statement, so a pooler may stand in between. A pooler
//! does not pass on notifications; gateways then learn of new steps by polling.

mod address;
mod link;
mod statements;

use std::error::Error as _;
use std::path::PathBuf;
use std::sync::Arc;

use futures_util::future::BoxFuture;
use tokio::sync::Notify;
use tokio_postgres::Row;
use tokio_postgres::error::SqlState;
use tokio_postgres::types::{FromSql, ToSql, Type};
use uuid::Uuid;

use super::{
    AppendOutcome, DecidedStep, HeldLease, JournalBytes, JournalCatalogue, JournalError, JournalMember,
    JournalStretch, LeaseEpoch, NewStep, SnapshotAt, StepChain, StepJournal, StepNumber,
};

pub use address::{PostgresUrlError, check_postgres_url};

use link::{PostgresAddress, PostgresLink};

/// The format of the tables.
const FORMAT: i32 = 1;

/// The statements that make the tables.
pub fn schema() -> &'static str {
    include_str!("postgres/schema.sql")
}

/// A journal in PostgreSQL. It connects on first use.
#[derive(Debug)]
pub struct PostgresJournal {
    place: String,
    /// For steps and snapshots.
    work: PostgresLink,
    /// For the lease; it listens, too.
    lease: PostgresLink,
    news: Arc<Notify>,
}

/// A parameter with its type.
type Parameter<'p> = (&'p (dyn ToSql + Sync), Type);

impl PostgresJournal {
    /// Creates the journal at a URL. The password may be in a file instead of the URL.
    ///
    /// # Errors
    /// If the URL cannot be used. The message quotes nothing of it but names of parameters.
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

    /// Reads a column.
    ///
    /// # Errors
    /// If it has another type: somebody else made the table.
    fn column<'r, T: FromSql<'r>>(&self, row: &'r Row, at: usize) -> Result<T, JournalError> {
        row.try_get(at).map_err(|_| self.odd("a column"))
    }

    /// The error for what no gateway has written.
    fn odd(&self, what: &str) -> JournalError {
        JournalError::Refused {
            place: self.place.clone(),
            reason: format!("{what} is not as a gateway writes it"),
            remedy: "restore the schema `oruk` from a backup, or drop it to begin anew",
        }
    }

    fn chain(&self, bytes: &[u8]) -> Result<StepChain, JournalError> {
        StepChain::of_bytes(bytes).ok_or_else(|| self.odd("a chain"))
    }

    fn step(&self, row: &Row) -> Result<Option<DecidedStep>, JournalError> {
        let Some(number) = self.column::<Option<i64>>(row, 4)? else { return Ok(None) };
        let number = StepNumber::try_from(number).map_err(|_| self.odd("the number of a step"))?;
        let (id, chain) = (self.column(row, 5)?, self.chain(self.column(row, 6)?)?);
        Ok(Some(DecidedStep { number, id, chain, bytes: self.column(row, 7)? }))
    }

    fn member(&self, row: &Row) -> Result<JournalMember, JournalError> {
        Ok(JournalMember {
            id: self.column(row, 0)?,
            name: self.column(row, 1)?,
            applied: StepNumber::try_from(self.column::<i64>(row, 2)?).unwrap_or(0),
            release: self.column(row, 3)?,
            format: u8::try_from(self.column::<i32>(row, 4)?).unwrap_or(u8::MAX),
            rules: self.column(row, 5)?,
            may_lead: true,
        })
    }

    fn stretch(&self, after: StepNumber, rows: &[Row]) -> Result<JournalStretch, JournalError> {
        let Some(first) = rows.first() else { return Ok(JournalStretch::default()) };
        let generation: Option<Uuid> = self.column(first, 0)?;
        let rules: Option<String> = self.column(first, 1)?;
        let chain = self.column::<Option<&[u8]>>(first, 3)?.map(|chain| self.chain(chain)).transpose()?;
        let mut steps = Vec::new();
        for row in rows {
            let Some(step) = self.step(row)? else { break };
            // Behind a gap there is nothing that could be taken.
            if step.number != after + 1 + steps.len() as u64 {
                break;
            }
            steps.push(step);
        }
        Ok(JournalStretch {
            catalogue: generation
                .zip(rules)
                .map(|(generation, rules)| JournalCatalogue { generation, rules }),
            newest: StepNumber::try_from(self.column::<i64>(first, 2)?).unwrap_or(0),
            chain,
            steps,
        })
    }
}

/// Explains a failure and its remedy. Neither the client nor the server puts the password into its messages.
fn failed(place: &str, error: &tokio_postgres::Error) -> JournalError {
    let place = place.to_owned();
    let told = error.as_db_error().map(|told| (told.code().clone(), told.message().to_owned()));
    let Some((code, reason)) = told else {
        let reason = error.source().map_or_else(|| error.to_string(), |cause| format!("{error}: {cause}"));
        return JournalError::Unreachable { place, reason };
    };
    let remedy = match code {
        SqlState::INVALID_PASSWORD | SqlState::INVALID_AUTHORIZATION_SPECIFICATION => {
            "check the user and the password of `catalogue.journal`"
        }
        SqlState::INVALID_CATALOG_NAME => "create the database, or name another one in `catalogue.journal`",
        SqlState::INSUFFICIENT_PRIVILEGE | SqlState::INVALID_SCHEMA_NAME | SqlState::UNDEFINED_TABLE => {
            "have the owner of the database run what `oruk-gateway journal schema` prints, with its grants"
        }
        SqlState::READ_ONLY_SQL_TRANSACTION => {
            "name the primary server in `catalogue.journal`, not a standby"
        }
        _ => return JournalError::Unreachable { place, reason },
    };
    JournalError::Refused { place, reason, remedy }
}

/// A number as PostgreSQL has it.
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
            let Some(row) = rows.first() else { return Ok(None) };
            let odd = |_| self.odd("a snapshot");
            Ok(Some(SnapshotAt {
                step: self.column::<i64>(row, 0)?.try_into().map_err(odd)?,
                chain: self.chain(self.column(row, 1)?)?,
                parts: self.column::<i32>(row, 2)?.try_into().map_err(odd)?,
                bytes: self.column::<i64>(row, 3)?.try_into().map_err(odd)?,
            }))
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
