//! The table of organisations.

use std::sync::Arc;

use super::RowsOf;
use super::service_columns::columns;
use crate::model::Organization;
use crate::writers::contact_words::{contact_in_words, identifier_in_words, phone_in_words};
use crate::writers::export_column::{ColumnValue, ExportColumn, ExportRow};
use crate::writers::row_context::RowContext;

/// One row of the table of organisations.
#[derive(Debug)]
pub struct OrganizationRow {
    organization: Arc<Organization>,
    context: Arc<RowContext>,
}

impl ExportRow for OrganizationRow {
    type Record = Organization;
    const COLUMNS: &'static [ExportColumn<Self>] = columns! {
        "id", "The id of the organisation in this gateway: opaque, stable, and unique over all sources.",
            |row| (&row.organization.id).into();
        "name", "The name of the organisation.", |row| row.organization.name.as_str().into();
        "alternate_name", "Another or trading name.", |row| row.organization.alternate_name.as_deref().into();
        "description", "A summary, as plain text.", |row| row.organization.description.as_ref().into();
        "website", "Its website.", |row| row.organization.website.as_ref().into();
        "email", "Its general email address.", |row| row.organization.email.as_deref().into();
        "phones", "Telephone numbers.",
            |row| ColumnValue::texts(row.organization.phones.iter().map(|phone| phone_in_words(phone)));
        "contacts", "People and desks to get in touch with: name, title, department.",
            |row| ColumnValue::texts(row.organization.contacts.iter().map(|contact| contact_in_words(contact)));
        "identifiers", "Its registration numbers, each after its scheme: `GB-CHC 1234567`.",
            |row| {
                let identifiers = row.organization.identifiers.iter();
                ColumnValue::texts(identifiers.map(|one| identifier_in_words(one)))
            };
        "legal_status", "Its legal form.", |row| row.organization.legal_status.as_deref().into();
        "year_incorporated", "The year in which it was formed.",
            |row| row.organization.year_incorporated.map(f64::from).into();
        "uri", "A persistent URI that identifies it.", |row| row.organization.uri.as_deref().into();
        "logo", "The address of its logo.", |row| row.organization.logo.as_ref().into();
        "parent_organization_id", "The id of the organisation it is part of.",
            |row| row.organization.parent_organization_id.as_ref().into();
    };

    fn rows(record: &Arc<Organization>, _: RowsOf, context: &Arc<RowContext>) -> Vec<Self> {
        vec![Self { organization: Arc::clone(record), context: Arc::clone(context) }]
    }

    fn record(&self) -> &Organization {
        &self.organization
    }

    fn context(&self) -> &RowContext {
        &self.context
    }
}
