//! Entities: the objects that a router asks for by representations, all read from the same state of the data.

use async_graphql::registry::{MetaType, Registry};

use super::EntityRepresentation;
use crate::graphql::context::FieldContext;
use crate::graphql::error::ApiError;
use crate::graphql::lookup;
use crate::graphql::output::FieldOutput;
use crate::graphql::plan::FieldPlan;
use crate::graphql::types::{
    Location, Node, Organization, Service, ServiceAtLocation, Source, Taxonomy, TaxonomyTerm,
};
use crate::graphql::walk::{OutputWalk, WriteResult};
use crate::model::{AnyRecord, NodeId, RecordId};

/// The description of entities in the schema.
const DESCRIPTION: &str = "Any object that other subgraphs may extend.";

/// An object that another subgraph may know by its key.
pub(in crate::graphql) struct SubgraphEntity(Node);

impl FieldOutput for SubgraphEntity {
    fn register(registry: &mut Registry) -> String {
        let objects: [fn(&mut Registry) -> String; 7] = [
            Service::register,
            Organization::register,
            Location::register,
            ServiceAtLocation::register,
            Taxonomy::register,
            TaxonomyTerm::register,
            Source::register,
        ];
        let names = objects.map(|register| register(registry).trim_end_matches('!').to_owned());
        let union = MetaType::Union {
            name: "_Entity".to_owned(),
            description: Some(DESCRIPTION.to_owned()),
            possible_types: names.into_iter().collect(),
            visible: None,
            inaccessible: false,
            tags: Vec::new(),
            rust_typename: None,
            directive_invocations: Vec::new(),
        };
        registry.types.insert("_Entity".to_owned(), union);
        "_Entity!".to_owned()
    }

    fn write<'r>(&self, field: &'r FieldPlan, walk: &mut OutputWalk<'r>) -> WriteResult {
        self.0.write(field, walk)
    }
}

/// The result for one representation. `None` if there is no such entity.
type AnsweredEntity = Option<Result<SubgraphEntity, ApiError>>;

/// Returns the entities for representations, in the same order. An incorrect representation affects only its own
/// result.
pub(in crate::graphql) async fn entities(
    ctx: &FieldContext<'_>,
    representations: &[EntityRepresentation],
) -> Vec<AnsweredEntity> {
    let meant: Vec<Result<NodeId, ApiError>> =
        representations.iter().map(EntityRepresentation::node).collect();
    let ids: Vec<RecordId> = meant
        .iter()
        .filter_map(|node| match node {
            Ok(NodeId::Record(id)) => Some(id.clone()),
            _ => None,
        })
        .collect();
    let mut records = lookup::records(ctx, &ids).await.into_iter();
    let answered = meant.into_iter().map(|node| match node {
        Err(error) => Some(Err(error)),
        Ok(NodeId::Source(key)) => lookup::source(ctx, &key).map(|source| Ok(SubgraphEntity(source.into()))),
        Ok(NodeId::Record(_)) => records.next()?.map(|record| record.map(SubgraphEntity::of)).transpose(),
    });
    answered.collect()
}

impl SubgraphEntity {
    fn of(record: AnyRecord) -> Self {
        Self(match record {
            AnyRecord::Service(record) => Service(record).into(),
            AnyRecord::Organization(record) => Organization(record).into(),
            AnyRecord::Location(record) => Location(record).into(),
            AnyRecord::ServiceAtLocation(record) => ServiceAtLocation(record).into(),
            AnyRecord::Taxonomy(record) => Taxonomy(record).into(),
            AnyRecord::TaxonomyTerm(record) => TaxonomyTerm(record).into(),
        })
    }
}
