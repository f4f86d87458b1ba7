//! Reads rows of the tables. Anyone with access to the database may have written them, so nothing is assumed.

use tokio_postgres::Row;
use tokio_postgres::types::FromSql;
use uuid::Uuid;

use super::PostgresJournal;
use crate::catalogue::journal::{
    DecidedStep, JournalCatalogue, JournalError, JournalMember, JournalStretch, SnapshotAt, StepChain,
    StepNumber,
};

impl PostgresJournal {
    /// Reads a column.
    ///
    /// # Errors
    /// If the column has another type, because the table was not created by a gateway.
    pub(super) fn column<'r, T: FromSql<'r>>(&self, row: &'r Row, at: usize) -> Result<T, JournalError> {
        row.try_get(at).map_err(|_| self.odd("a column"))
    }

    /// Creates the error for data that no gateway has written.
    pub(super) fn odd(&self, what: &str) -> JournalError {
        JournalError::Refused {
            place: self.place.clone(),
            reason: format!("{what} is not as a gateway writes it"),
            remedy: "restore the schema `oruk` from a backup, or drop it to begin anew",
        }
    }

    pub(super) fn chain(&self, bytes: &[u8]) -> Result<StepChain, JournalError> {
        StepChain::of_bytes(bytes).ok_or_else(|| self.odd("a chain"))
    }

    pub(super) fn step(&self, row: &Row) -> Result<Option<DecidedStep>, JournalError> {
        let Some(number) = self.column::<Option<i64>>(row, 4)? else { return Ok(None) };
        let number = StepNumber::try_from(number).map_err(|_| self.odd("the number of a step"))?;
        let (id, chain) = (self.column(row, 5)?, self.chain(self.column(row, 6)?)?);
        Ok(Some(DecidedStep { number, id, chain, bytes: self.column(row, 7)? }))
    }

    pub(super) fn member(&self, row: &Row) -> Result<JournalMember, JournalError> {
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

    pub(super) fn stretch(&self, after: StepNumber, rows: &[Row]) -> Result<JournalStretch, JournalError> {
        let Some(first) = rows.first() else { return Ok(JournalStretch::default()) };
        let generation: Option<Uuid> = self.column(first, 0)?;
        let rules: Option<String> = self.column(first, 1)?;
        let chain = self.column::<Option<&[u8]>>(first, 3)?.map(|chain| self.chain(chain)).transpose()?;
        let mut steps = Vec::new();
        for row in rows {
            let Some(step) = self.step(row)? else { break };
            // Steps after a gap cannot be applied.
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

    pub(super) fn snapshot_at(&self, row: &Row) -> Result<SnapshotAt, JournalError> {
        let odd = |_| self.odd("a snapshot");
        Ok(SnapshotAt {
            step: self.column::<i64>(row, 0)?.try_into().map_err(odd)?,
            chain: self.chain(self.column(row, 1)?)?,
            parts: self.column::<i32>(row, 2)?.try_into().map_err(odd)?,
            bytes: self.column::<i64>(row, 3)?.try_into().map_err(odd)?,
        })
    }
}
