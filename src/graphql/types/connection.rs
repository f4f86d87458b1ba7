//! Connections: pages of a list over all sources, with each source's report.

use oruk_gateway_derive::{GraphObject, graph_object};
use std::sync::Arc;

use super::{Organization, SourceReport, TaxonomyTerm};
use crate::federation;
use crate::graphql::scalars::int;
use crate::model::{self, Cursor, Record, RecordKind, SortOrder, SortPosition};

/// A page's position in its list.
#[derive(GraphObject)]
pub(crate) struct PageInfo {
    /// Whether there are more records after this page.
    pub(super) has_next_page: bool,
    /// Whether there are records before this page.
    pub(super) has_previous_page: bool,
    /// The cursor of the first record, for `before`. `null` when the page is empty.
    pub(super) start_cursor: Option<String>,
    /// The cursor of the last record, for `after`. `null` when the page is empty.
    pub(super) end_cursor: Option<String>,
}

macro_rules! connection {
    ($RecordPage:ident, $Edge:ident, $View:ident, $($of:literal)+) => {
        $(#[doc = $of])+
        pub(crate) struct $RecordPage(federation::RecordPage<Arc<model::$View>>);

        impl From<federation::RecordPage<Arc<model::$View>>> for $RecordPage {
            fn from(connection: federation::RecordPage<Arc<model::$View>>) -> Self {
                Self(connection)
            }
        }

        $(#[doc = $of])+
        #[graph_object]
        impl $RecordPage {
            /// The records with their cursors.
            fn edges(&self) -> Vec<$Edge> {
                self.0.records.iter().map(|record| $Edge(Arc::clone(record))).collect()
            }

            /// The records.
            fn nodes(&self) -> Vec<$View> {
                super::views(&self.0.records, $View)
            }

            /// The page's position in the list.
            fn page_info(&self) -> PageInfo {
                page_info(&self.0, RecordKind::$View)
            }

            /// The number of matches known over all sources. It is exact when `complete` is true; otherwise some
            /// sources are counted only in part or not at all. Never `null`.
            fn total_count(&self) -> Option<i32> {
                Some(int(self.0.total_count))
            }

            /// Whether every source asked was considered in full.
            fn complete(&self) -> bool {
                self.0.is_complete()
            }

            /// How far each source asked was considered, in configuration order.
            fn sources(&self) -> Vec<SourceReport> {
                self.0.reports.iter().cloned().map(SourceReport).collect()
            }
        }

        /// A record and its cursor.
        pub(crate) struct $Edge(Arc<model::$View>);

        /// A record and its cursor.
        #[graph_object]
        impl $Edge {
            /// The record's position in the list, for `after` or `before`. Opaque; survives restarts.
            fn cursor(&self) -> String {
                cursor(RecordKind::$View, &*self.0)
            }

            /// The record.
            fn node(&self) -> $View {
                $View(Arc::clone(&self.0))
            }
        }
    };
}

connection!(OrganizationConnection, OrganizationEdge, Organization, "A page of organisations, by name.");
connection!(TaxonomyTermConnection, TaxonomyTermEdge, TaxonomyTerm, "A page of taxonomy terms, by name.");

fn page_info<T: Record>(connection: &federation::RecordPage<Arc<T>>, kind: RecordKind) -> PageInfo {
    let of = |record: &Arc<T>| cursor(kind, &**record);
    PageInfo {
        has_next_page: connection.has_next_page,
        has_previous_page: connection.has_previous_page,
        start_cursor: connection.records.first().map(of),
        end_cursor: connection.records.last().map(of),
    }
}

fn cursor(kind: RecordKind, record: &impl Record) -> String {
    Cursor::encode(kind, SortOrder::default(), &SortPosition::of(record))
}
