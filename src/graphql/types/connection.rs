//! Connections: pages of a list over all sources, with each source's report.

use oruk_gateway_derive::{GraphObject, graph_object};
use std::sync::Arc;

use super::{Organization, SourceReport, TaxonomyTerm};
use crate::federation;
use crate::graphql::scalars::int;
use crate::model::{self, Cursor, Order, Position, Record, RecordKind};

/// Where a page lies in its list.
#[derive(GraphObject)]
pub(crate) struct PageInfo {
    /// Whether more follows this page.
    pub(super) has_next_page: bool,
    /// Whether something goes before this page.
    pub(super) has_previous_page: bool,
    /// Cursor of the first record, to be given as `before`. Null where the page is empty.
    pub(super) start_cursor: Option<String>,
    /// Cursor of the last record, to be given as `after`. Null where the page is empty.
    pub(super) end_cursor: Option<String>,
}

macro_rules! connection {
    ($Connection:ident, $Edge:ident, $View:ident, $($of:literal)+) => {
        $(#[doc = $of])+
        pub(crate) struct $Connection(federation::Connection<model::$View>);

        impl From<federation::Connection<model::$View>> for $Connection {
            fn from(connection: federation::Connection<model::$View>) -> Self {
                Self(connection)
            }
        }

        $(#[doc = $of])+
        #[graph_object]
        impl $Connection {
            /// The records with their cursors.
            fn edges(&self) -> Vec<$Edge> {
                self.0.records.iter().map(|record| $Edge(Arc::clone(record))).collect()
            }

            /// The records.
            fn nodes(&self) -> Vec<$View> {
                super::views(&self.0.records, $View)
            }

            /// Where the page lies in the list.
            fn page_info(&self) -> PageInfo {
                page_info(&self.0, RecordKind::$View)
            }

            /// All matches that are known, over all sources: those of a source that is not considered in full as far
            /// as it is. `complete` says whether that is all. Never null.
            fn total_count(&self) -> Option<i32> {
                Some(int(self.0.total_count))
            }

            /// True when every source asked is considered in full.
            fn complete(&self) -> bool {
                self.0.is_complete()
            }

            /// How each source that is asked takes part, in configuration order.
            fn sources(&self) -> Vec<SourceReport> {
                self.0.reports.iter().cloned().map(SourceReport).collect()
            }
        }

        /// A record in its list.
        pub(crate) struct $Edge(Arc<model::$View>);

        /// A record in its list.
        #[graph_object]
        impl $Edge {
            /// The record's place in the list, to be given as `after` or `before`. Opaque; outlives restarts.
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

connection!(
    OrganizationConnection,
    OrganizationEdge,
    Organization,
    "A page of organisations, in the order of their names."
);
connection!(
    TaxonomyTermConnection,
    TaxonomyTermEdge,
    TaxonomyTerm,
    "A page of taxonomy terms, in the order of their names."
);

fn page_info<T: Record>(connection: &federation::Connection<T>, kind: RecordKind) -> PageInfo {
    let of = |record: &Arc<T>| cursor(kind, &**record);
    PageInfo {
        has_next_page: connection.has_next_page,
        has_previous_page: connection.has_previous_page,
        start_cursor: connection.records.first().map(of),
        end_cursor: connection.records.last().map(of),
    }
}

fn cursor(kind: RecordKind, record: &impl Record) -> String {
    Cursor::encode(kind, Order::default(), &Position::of(record))
}
