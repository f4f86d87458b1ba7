//! What changed in the synchronised sources.

use crate::graphql::context::FieldContext;
use oruk_gateway_derive::{GraphObject, graph_object};

use super::provenance::source_of;
use super::{
    Location, Organization, PageInfo, Record, Service, ServiceAtLocation, Source, Taxonomy, TaxonomyTerm,
};
use crate::federation::{self, ChangePage};
use crate::graphql::enums::{ChangeKind, RecordType};
use crate::graphql::error::ApiError;
use crate::graphql::scalars::{DateTime, Id};
use crate::model::{AnyRecord, RecordKind};

/// Changes as clients see them.
pub(crate) struct ChangeConnection(pub(crate) ChangePage);

/// A page of the history of the synchronised sources, oldest change first.
#[graph_object]
impl ChangeConnection {
    /// The changes with their cursors.
    fn edges(&self) -> Vec<ChangeEdge> {
        let each = self.0.changes.iter();
        each.map(|(at, change)| ChangeEdge { cursor: at.encode(), node: Change(change.clone()) }).collect()
    }

    /// The changes.
    fn nodes(&self) -> Vec<Change> {
        self.0.changes.iter().map(|(_, change)| Change(change.clone())).collect()
    }

    /// The page's position in the history. Unlike in other connections, `endCursor` is never `null`: pass it as `since`
    /// next time, even after an empty page. A page with fewer changes than asked for can still have a next page,
    /// because each request examines at most 10,000 changes.
    fn page_info(&self) -> PageInfo {
        PageInfo {
            has_next_page: self.0.has_next_page,
            has_previous_page: self.0.has_previous_page,
            start_cursor: self.0.changes.first().map(|(at, _)| at.encode()),
            end_cursor: Some(self.0.end.encode()),
        }
    }

    /// Whether changes after `since` have been lost, because they are too old or the catalogue was rebuilt. If true,
    /// read the records again and continue from `pageInfo.endCursor`, which is then the newest position.
    fn resync_required(&self) -> bool {
        self.0.resync_required
    }
}

/// A change and its cursor.
#[derive(GraphObject)]
pub(crate) struct ChangeEdge {
    /// The change's position in the history, for `since`. Opaque; survives restarts.
    cursor: String,
    /// The change.
    node: Change,
}

/// A change as clients see it.
#[derive(Clone)]
pub(crate) struct Change(federation::HistoryChange);

/// A change to one record, found by comparing two synchronisations.
#[graph_object]
impl Change {
    /// The kind of change.
    fn kind(&self) -> ChangeKind {
        self.0.kind.into()
    }

    /// When the gateway noticed the change.
    fn at(&self) -> DateTime {
        DateTime(self.0.at)
    }

    /// The kind of record.
    fn record_type(&self) -> Result<RecordType, ApiError> {
        RecordType::of(self.0.id.kind())
            .ok_or(ApiError::Internal("a change of a record that none are told of"))
    }

    /// The `id` of the record, which may no longer exist.
    fn record_id(&self) -> Id<'_> {
        Id(self.0.id.as_str())
    }

    /// The source it comes from.
    fn source(&self, ctx: &FieldContext<'_>) -> Result<Source, ApiError> {
        source_of(ctx, &self.0.id)
    }

    /// The fields that changed, by their names in this schema. A change to a nested record is listed under the field
    /// that holds it. Empty unless `kind` is UPDATED.
    fn changed_fields(&self) -> Vec<String> {
        let mut fields: Vec<String> = Vec::new();
        for name in self.0.fields.iter().flat_map(|member| graph_names(self.0.id.kind(), member)) {
            if !fields.contains(&name) {
                fields.push(name);
            }
        }
        fields
    }

    /// The record as it is now, which may be later than this change. `null` when it has been deleted.
    async fn record(&self, ctx: &FieldContext<'_>) -> Option<Record> {
        {
            ctx.reading().await;
            ctx.federation().history.record(&self.0.id).await
        }
        .map(view)
    }
}

fn view(record: AnyRecord) -> Record {
    match record {
        AnyRecord::Service(record) => Service(record).into(),
        AnyRecord::Organization(record) => Organization(record).into(),
        AnyRecord::Location(record) => Location(record).into(),
        AnyRecord::ServiceAtLocation(record) => ServiceAtLocation(record).into(),
        AnyRecord::Taxonomy(record) => Taxonomy(record).into(),
        AnyRecord::TaxonomyTerm(record) => TaxonomyTerm(record).into(),
    }
}

/// The fields of the graph that show a member of a record.
fn graph_names(kind: RecordKind, member: &str) -> Vec<String> {
    let names: &[&str] = match (kind, member) {
        (RecordKind::Service, "organization_id") => &["organization"],
        (RecordKind::Service, "age_bands") => &["minimumAge", "maximumAge"],
        (RecordKind::Service, "free") => &["isFree"],
        (RecordKind::Organization, "parent_organization_id") => &["parentOrganization"],
        (RecordKind::Location, "coordinates") => &["latitude", "longitude"],
        (RecordKind::Location, "organization_id") => &["organization"],
        (RecordKind::TaxonomyTerm, "taxonomy_id") => &["taxonomy"],
        (RecordKind::TaxonomyTerm, "parent_id") => &["parent"],
        _ => return vec![camel_case(member)],
    };
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let mut camel = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        camel.extend(letters.next().into_iter().flat_map(char::to_uppercase));
        camel.push_str(letters.as_str());
    }
    camel
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;
    use crate::graphql::sdl;
    use crate::graphql::types::tests::one_of_each;

    fn fields_of(type_name: &str) -> BTreeSet<String> {
        let sdl = sdl();
        let (_, after) = sdl.split_once(&format!("type {type_name} implements")).unwrap();
        let (body, _) = after.split_once("\n}").unwrap();
        // Arguments stand further in.
        let fields = body.lines().filter_map(|line| line.strip_prefix("  "));
        let fields = fields.filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
        fields.map(|line| line.split([':', '(']).next().unwrap().to_owned()).collect()
    }

    #[test]
    fn every_member_of_a_record_is_named_as_the_graph_shows_it() {
        for (kind, written) in one_of_each() {
            let Value::Object(members) = written else { panic!("{kind:?} is no object") };
            let fields = fields_of(kind.type_name());
            let internal = ["id", "provenance", "carried", "order_key"];
            let members = members.keys().filter(|name| !internal.contains(&name.as_str()));
            for (member, name) in members
                .flat_map(|member| graph_names(kind, member).into_iter().map(move |name| (member, name)))
            {
                assert!(fields.contains(&name), "{kind:?}.{member} is shown as {name}, which is no field");
            }
        }
    }
}
