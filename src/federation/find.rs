//! Finding: lists over all sources.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};

use super::{Asking, Connection, Federation, PageRequest};
use crate::model::{
    Organization, RecordId, Service, ServiceFilter, SourceKey, Taxonomy, TaxonomyTerm, TextQuery,
};

/// A question for services.
#[derive(Clone, Debug)]
pub struct ServiceQuery {
    /// What they must be.
    pub filter: ServiceFilter,
    /// Which part of the list.
    pub page: PageRequest,
    /// Whether nested members are wanted that list pages may leave out.
    pub in_detail: bool,
}

/// Conditions on organisations; all that are given must hold.
#[derive(Clone, Debug, Default)]
pub struct OrganizationFilter {
    /// Words that must occur in names and description.
    pub text: Option<TextQuery>,
    /// Only these sources.
    pub sources: Option<BTreeSet<SourceKey>>,
    /// Carries this registration number: scheme, where given, and value.
    pub identifier: Option<(Option<String>, String)>,
    /// Changed at or after this instant; those that do not say are kept.
    pub modified_since: Option<DateTime<Utc>>,
}

/// Conditions on taxonomy terms; all that are given must hold.
#[derive(Clone, Debug, Default)]
pub struct TaxonomyTermFilter {
    /// Words that must occur in name and description.
    pub text: Option<TextQuery>,
    /// Only these sources.
    pub sources: Option<BTreeSet<SourceKey>>,
    /// Of this vocabulary: its name, URI or upstream id, or the gateway's id.
    pub taxonomy: Option<String>,
    /// Directly below this term.
    pub parent: Option<RecordId>,
    /// Only terms with no broader term.
    pub root_only: bool,
}

impl Federation {
    /// Services over all sources that can match.
    pub async fn services(&self, query: &ServiceQuery, asking: &Asking) -> Connection<Service> {
        todo!()
    }

    /// Organisations over all sources. `in_detail`: nested members are wanted that list pages may leave out.
    pub async fn organizations(
        &self,
        filter: &OrganizationFilter,
        page: &PageRequest,
        in_detail: bool,
        asking: &Asking,
    ) -> Connection<Organization> {
        todo!()
    }

    /// Taxonomy terms over all sources.
    pub async fn taxonomy_terms(
        &self,
        filter: &TaxonomyTermFilter,
        page: &PageRequest,
        asking: &Asking,
    ) -> Connection<TaxonomyTerm> {
        todo!()
    }

    /// Taxonomies of these sources, or of all; what a failing source has is left out.
    pub async fn taxonomies(
        &self,
        sources: Option<&BTreeSet<SourceKey>>,
        asking: &Asking,
    ) -> Vec<std::sync::Arc<Taxonomy>> {
        todo!()
    }
}
