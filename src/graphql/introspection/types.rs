//! The types of introspection, as section 4.2 of the GraphQL specification declares them.

use std::sync::Arc;

use async_graphql::registry::Registry;
use oruk_gateway_derive::graph_object;

use super::{
    IntrospectionAnswer, ToldDirective, ToldEnumValue, ToldField, ToldInputValue, ToldType, TypeReference,
};
use crate::graphql::output::FieldOutput;
use crate::graphql::plan::FieldPlan;
use crate::graphql::walk::{OutputWalk, WriteResult};

/// The schema.
#[derive(Clone)]
pub(super) struct SchemaView(pub(super) IntrospectionAnswer);

#[graph_object("__Schema")]
impl SchemaView {
    /// The schema document has none. The library would describe what a schema is.
    fn description(&self) -> Option<&str> {
        None
    }

    fn types(&self) -> Vec<TypeView> {
        let each = self.0.0.schema.types.iter();
        each.map(|of| TypeView::Named { of: Arc::clone(of), all: self.0.clone() }).collect()
    }

    fn query_type(&self) -> Option<TypeView> {
        self.0.type_of(self.0.0.schema.query_type.as_ref()?)
    }

    fn mutation_type(&self) -> Option<TypeView> {
        self.0.type_of(self.0.0.schema.mutation_type.as_ref()?)
    }

    fn subscription_type(&self) -> Option<TypeView> {
        self.0.type_of(self.0.0.schema.subscription_type.as_ref()?)
    }

    fn directives(&self) -> Vec<DirectiveView> {
        let each = self.0.0.schema.directives.iter();
        each.map(|told| DirectiveView(Arc::clone(told), self.0.clone())).collect()
    }
}

/// A type.
#[derive(Clone)]
pub(super) enum TypeView {
    /// One that has a name.
    Named { of: Arc<ToldType>, all: IntrospectionAnswer },
    /// A list of another, or one that is not null.
    Wrapping { kind: String, within: TypeReference, all: IntrospectionAnswer },
}

impl TypeView {
    fn told(&self) -> Option<&ToldType> {
        match self {
            Self::Named { of, .. } => Some(of),
            Self::Wrapping { .. } => None,
        }
    }

    fn all(&self) -> &IntrospectionAnswer {
        match self {
            Self::Named { all, .. } | Self::Wrapping { all, .. } => all,
        }
    }

    fn types(&self, references: Option<&Vec<TypeReference>>) -> Option<Vec<TypeView>> {
        Some(references?.iter().filter_map(|reference| self.all().type_of(reference)).collect())
    }
}

#[graph_object("__Type")]
impl TypeView {
    fn kind(&self) -> EnumWord {
        EnumWord(match self {
            Self::Named { of, .. } => of.kind.clone(),
            Self::Wrapping { kind, .. } => kind.clone(),
        })
    }

    fn name(&self) -> Option<&str> {
        self.told()?.name.as_deref()
    }

    fn description(&self) -> Option<&str> {
        self.told()?.description.as_deref()
    }

    #[graphql(name = "specifiedByURL")]
    fn specified_by_url(&self) -> Option<&str> {
        self.told()?.specified_by_url.as_deref()
    }

    fn fields(
        &self,
        #[graphql(default_with = "Some(false)")] include_deprecated: Option<bool>,
    ) -> Option<Vec<FieldView>> {
        let fields = self.told()?.fields.as_ref()?.iter();
        let fields = fields.filter(|told| include_deprecated.unwrap_or_default() || !told.is_deprecated);
        Some(fields.map(|told| FieldView(Arc::clone(told), self.all().clone())).collect())
    }

    fn interfaces(&self) -> Option<Vec<TypeView>> {
        let told = self.told()?;
        let of_an_interface = || (told.kind == "INTERFACE").then(Vec::new);
        self.types(told.interfaces.as_ref()).or_else(of_an_interface)
    }

    fn possible_types(&self) -> Option<Vec<TypeView>> {
        self.types(self.told()?.possible_types.as_ref())
    }

    fn enum_values(
        &self,
        #[graphql(default_with = "Some(false)")] include_deprecated: Option<bool>,
    ) -> Option<Vec<EnumValueView>> {
        let values = self.told()?.enum_values.as_ref()?.iter();
        let values = values.filter(|told| include_deprecated.unwrap_or_default() || !told.is_deprecated);
        Some(values.map(|told| EnumValueView(Arc::clone(told))).collect())
    }

    fn input_fields(
        &self,
        #[graphql(default_with = "Some(false)")] include_deprecated: Option<bool>,
    ) -> Option<Vec<InputValueView>> {
        Some(input_values(self.told()?.input_fields.as_ref()?, include_deprecated, self.all()))
    }

    fn of_type(&self) -> Option<TypeView> {
        match self {
            Self::Named { .. } => None,
            Self::Wrapping { within, all, .. } => all.type_of(within),
        }
    }

    fn is_one_of(&self) -> Option<bool> {
        self.told()?.is_one_of
    }
}

/// A field of an object or interface.
#[derive(Clone)]
pub(super) struct FieldView(Arc<ToldField>, IntrospectionAnswer);

#[graph_object("__Field")]
impl FieldView {
    fn name(&self) -> &str {
        &self.0.name
    }

    fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    fn args(
        &self,
        #[graphql(default_with = "Some(false)")] include_deprecated: Option<bool>,
    ) -> Vec<InputValueView> {
        input_values(&self.0.args, include_deprecated, &self.1)
    }

    #[graphql(name = "type")]
    fn of(&self) -> Option<TypeView> {
        self.1.type_of(&self.0.of)
    }

    fn is_deprecated(&self) -> bool {
        self.0.is_deprecated
    }

    fn deprecation_reason(&self) -> Option<&str> {
        self.0.deprecation_reason.as_deref()
    }
}

/// An argument, or a member of an input object.
#[derive(Clone)]
pub(super) struct InputValueView(Arc<ToldInputValue>, IntrospectionAnswer);

#[graph_object("__InputValue")]
impl InputValueView {
    fn name(&self) -> &str {
        &self.0.name
    }

    fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    #[graphql(name = "type")]
    fn of(&self) -> Option<TypeView> {
        self.1.type_of(&self.0.of)
    }

    fn default_value(&self) -> Option<&str> {
        self.0.default_value.as_deref()
    }

    fn is_deprecated(&self) -> bool {
        self.0.is_deprecated
    }

    fn deprecation_reason(&self) -> Option<&str> {
        self.0.deprecation_reason.as_deref()
    }
}

/// A value of an enum.
#[derive(Clone)]
pub(super) struct EnumValueView(Arc<ToldEnumValue>);

#[graph_object("__EnumValue")]
impl EnumValueView {
    fn name(&self) -> &str {
        &self.0.name
    }

    fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    fn is_deprecated(&self) -> bool {
        self.0.is_deprecated
    }

    fn deprecation_reason(&self) -> Option<&str> {
        self.0.deprecation_reason.as_deref()
    }
}

/// A directive.
#[derive(Clone)]
pub(super) struct DirectiveView(Arc<ToldDirective>, IntrospectionAnswer);

#[graph_object("__Directive")]
impl DirectiveView {
    fn name(&self) -> &str {
        &self.0.name
    }

    fn description(&self) -> Option<&str> {
        self.0.description.as_deref()
    }

    fn is_repeatable(&self) -> bool {
        self.0.is_repeatable
    }

    fn locations(&self) -> Vec<EnumWord> {
        self.0.locations.iter().cloned().map(EnumWord).collect()
    }

    fn args(
        &self,
        #[graphql(default_with = "Some(false)")] include_deprecated: Option<bool>,
    ) -> Vec<InputValueView> {
        input_values(&self.0.args, include_deprecated, &self.1)
    }
}

/// A value of an enum of introspection.
struct EnumWord(String);

impl FieldOutput for EnumWord {
    fn register(_: &mut Registry) -> String {
        "__TypeKind!".to_owned()
    }

    fn write<'r>(&self, _: &'r FieldPlan, walk: &mut OutputWalk<'r>) -> WriteResult {
        walk.name(&self.0);
        Ok(())
    }
}

fn input_values(
    told: &[Arc<ToldInputValue>],
    include_deprecated: Option<bool>,
    all: &IntrospectionAnswer,
) -> Vec<InputValueView> {
    let told = told.iter().filter(|told| include_deprecated.unwrap_or_default() || !told.is_deprecated);
    told.map(|told| InputValueView(Arc::clone(told), all.clone())).collect()
}
