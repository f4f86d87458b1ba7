//! Turns an opened export into the pieces of its document, and into what the headers say of it.

use std::sync::Arc;

use chrono::NaiveDate;

use super::address::ExportFormat;
use super::export_parameters::ExportQuestion;
use super::headers::AnnouncedExport;
use super::pieces::{DocumentPieces, PieceSource};
use super::refused::RefusedExport;
use crate::federation::{Federation, RecordExport, ReportStatus, SourceInfo, SourceReport};
use crate::graphql::OpenedExport;
use crate::model::SourceKey;
use crate::writers::{
    CalendarEvents, CsvTable, ExportDocument, ExportHead, ExportRow, GeoJsonFeatures, LocationRow,
    OrganizationRow, PlacedRow, RowContext, ServiceRow, SourcePublication, TermRow,
};

/// An export that has been opened, with the request that it answers.
pub(super) struct ExportOpening<'q> {
    pub(super) opened: OpenedExport,
    pub(super) question: &'q ExportQuestion,
    pub(super) federation: &'q Federation,
    pub(super) today: NaiveDate,
}

impl ExportOpening<'_> {
    /// Returns the pieces of the document, and what is known before the first one is made.
    ///
    /// # Errors
    /// If a column does not exist.
    pub(super) fn begin(self) -> Result<(Box<dyn PieceSource>, AnnouncedExport), RefusedExport> {
        let Self { opened, question, federation, today } = self;
        let making = Making { question, federation, today };
        match opened {
            OpenedExport::Services(export) if question.wanted.format == ExportFormat::Calendar => {
                making.pieces(export, |_, context| Ok(Arc::new(CalendarEvents::new(context))))
            }
            OpenedExport::Services(export) => making.pieces(export, Making::placed::<ServiceRow>),
            OpenedExport::Locations(export) => making.pieces(export, Making::placed::<LocationRow>),
            OpenedExport::Organizations(export) => making.pieces(export, Making::table::<OrganizationRow>),
            OpenedExport::TaxonomyTerms(export) => making.pieces(export, Making::table::<TermRow>),
        }
    }
}

/// What a document is made from.
struct Making<'q> {
    question: &'q ExportQuestion,
    federation: &'q Federation,
    today: NaiveDate,
}

type OpenDocument<T> = Arc<dyn ExportDocument<T>>;

impl Making<'_> {
    fn pieces<T: Send + Sync + 'static>(
        &self,
        export: RecordExport<T>,
        document: impl FnOnce(&Self, Arc<RowContext>) -> Result<OpenDocument<T>, RefusedExport>,
    ) -> Result<(Box<dyn PieceSource>, AnnouncedExport), RefusedExport> {
        let context = Arc::new(self.context(&export.reports));
        let announced = AnnouncedExport {
            incomplete: incomplete(&export.reports),
            data_version: export.version.clone(),
            total: export.total,
            freshness: export.freshness.into(),
            today: self.today,
        };
        let head = ExportHead {
            incomplete: announced.incomplete.clone(),
            data_version: announced.data_version.clone(),
        };
        let document = document(self, context)?;
        Ok((Box::new(DocumentPieces::new(export, document, head)), announced))
    }

    fn table<R: ExportRow>(
        &self,
        context: Arc<RowContext>,
    ) -> Result<OpenDocument<R::Record>, RefusedExport> {
        let columns = self.question.columns::<R>()?;
        Ok(Arc::new(CsvTable::new(columns, self.question.rows, context, self.question.has_mark)))
    }

    fn placed<R: PlacedRow>(
        &self,
        context: Arc<RowContext>,
    ) -> Result<OpenDocument<R::Record>, RefusedExport> {
        match self.question.wanted.format {
            ExportFormat::GeoJson => {
                Ok(Arc::new(GeoJsonFeatures::new(self.question.columns::<R>()?, context)))
            }
            ExportFormat::Csv | ExportFormat::Calendar => self.table::<R>(context),
        }
    }

    fn context(&self, reports: &[SourceReport]) -> RowContext {
        let publications = reports.iter().map(|report| (report.info.key.clone(), publication(&report.info)));
        RowContext {
            publications: publications.collect(),
            postcodes: self.federation.places.postcodes(),
            today: self.today,
        }
    }
}

fn publication(info: &SourceInfo) -> SourcePublication {
    let licence = info.licence.as_ref();
    SourcePublication {
        name: info.name.clone(),
        publisher: info.publisher.clone(),
        homepage: info.homepage.as_ref().map(ToString::to_string),
        licence: licence.map(|one| one.spdx_id.clone().unwrap_or_else(|| one.name.clone())),
        licence_url: licence.and_then(|one| one.url.as_ref()).map(ToString::to_string),
        attribution: info.attribution.clone(),
    }
}

fn incomplete(reports: &[SourceReport]) -> Vec<(SourceKey, &'static str)> {
    let status = |report: &SourceReport| match report.status {
        ReportStatus::Complete | ReportStatus::Stale => None,
        ReportStatus::Partial => Some((report.info.key.clone(), "PARTIAL")),
        ReportStatus::Failed => Some((report.info.key.clone(), "FAILED")),
    };
    reports.iter().filter_map(status).collect()
}
