//! A journal in PostgreSQL. The lease has a connection of its own, so that it is kept however much is written.
//!
//! Only PostgreSQL's own clock decides how long a lease is good for. Every question is one statement without a name, so
//! that a pooler may stand between; it then takes polling to learn of new steps, for a pooler does not pass them on.

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
use tokio_postgres::types::{ToSql, Type};
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

/// A journal in PostgreSQL. Nothing is connected before something is asked.
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
    /// At a URL, with the password in a file if it is not in the URL.
    ///
    /// # Errors
    /// When the URL cannot be used. The message contains nothing of it but names of parameters.
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

    /// A value that should be there, as it was written.
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
        let Some(number) = row.get::<_, Option<i64>>(4) else { return Ok(None) };
        let number = StepNumber::try_from(number).map_err(|_| self.odd("the number of a step"))?;
        let chain = self.chain(row.get(6))?;
        Ok(Some(DecidedStep { number, id: row.get(5), chain, bytes: row.get(7) }))
    }

    fn stretch(&self, after: StepNumber, rows: &[Row]) -> Result<JournalStretch, JournalError> {
        let Some(first) = rows.first() else { return Ok(JournalStretch::default()) };
        let generation: Option<Uuid> = first.get(0);
        let rules: Option<String> = first.get(1);
        let chain = first.get::<_, Option<&[u8]>>(3).map(|chain| self.chain(chain)).transpose()?;
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
            newest: StepNumber::try_from(first.get::<_, i64>(2)).unwrap_or(0),
            chain,
            steps,
        })
    }
}

/// Why something failed, and what to do. Does not contain the password: neither the client nor the server says it.
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
            let rows = self.ask(&self.lease, statements::CLAIM, &parameters);
            Ok(rows.await?.first().map(|row| row.get(0)))
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
            let said = rows.first().map(|row| (row.get::<_, bool>(0), row.get::<_, bool>(1)));
            Ok(match said {
                Some((_, true)) => AppendOutcome::Decided,
                Some((true, false)) => AppendOutcome::Behind,
                _ => AppendOutcome::Fenced,
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
                step: row.get::<_, i64>(0).try_into().map_err(odd)?,
                chain: self.chain(row.get(1))?,
                parts: row.get::<_, i32>(2).try_into().map_err(odd)?,
                bytes: row.get::<_, i64>(3).try_into().map_err(odd)?,
            }))
        })
    }

    fn part(&self, step: StepNumber, part: u32) -> BoxFuture<'_, Result<Option<Vec<u8>>, JournalError>> {
        Box::pin(async move {
            let (step, part) = (whole(step), part_number(part));
            let parameters: [Parameter<'_>; 2] = [(&step, Type::INT8), (&part, Type::INT4)];
            let rows = self.ask(&self.work, statements::PART, &parameters).await?;
            Ok(rows.first().map(|row| row.get(0)))
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
            let read = |at| rows.first().map_or(0, |row| u64::try_from(row.get::<_, i64>(at)).unwrap_or(0));
            Ok(JournalBytes { snapshot: read(0), since: read(1) })
        })
    }

    fn members(&self) -> BoxFuture<'_, Result<Vec<JournalMember>, JournalError>> {
        Box::pin(async move {
            let rows = self.ask(&self.lease, statements::MEMBERS, &[]).await?;
            let member = |row: &Row| JournalMember {
                id: row.get(0),
                name: row.get(1),
                applied: StepNumber::try_from(row.get::<_, i64>(2)).unwrap_or(0),
                release: row.get(3),
                format: u8::try_from(row.get::<_, i32>(4)).unwrap_or(u8::MAX),
                rules: row.get(5),
                may_lead: true,
            };
            Ok(rows.iter().map(member).collect())
        })
    }

    fn changed(&self) -> BoxFuture<'_, ()> {
        Box::pin(self.news.notified())
    }
}
