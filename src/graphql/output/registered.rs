//! Registers objects, interfaces, enums, fields and arguments with the schema library.

use async_graphql::indexmap::{IndexMap, IndexSet};
use async_graphql::registry::{Deprecation, MetaEnumValue, MetaField, MetaInputValue, MetaType, Registry};
use async_graphql::{CacheControl, InputType, Value};

/// Describes an argument: its name, description and type, and its default, if it has one.
pub(crate) fn registered_argument<T: InputType>(
    registry: &mut Registry,
    (name, description): (&str, &str),
    default: Option<Value>,
) -> MetaInputValue {
    MetaInputValue {
        name: name.to_owned(),
        description: told(description),
        ty: T::create_type_info(registry),
        deprecation: Deprecation::NoDeprecated,
        default_value: default.map(|default| default.to_string()),
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        is_secret: false,
        directive_invocations: Vec::new(),
    }
}

/// Describes a field: its name, description and deprecation, its type and its arguments.
pub(crate) fn registered_field<const N: usize>(
    (name, description, deprecation): (&str, &str, Option<&str>),
    of: String,
    arguments: [MetaInputValue; N],
) -> MetaField {
    MetaField {
        name: name.to_owned(),
        description: told(description),
        args: arguments.into_iter().map(|argument| (argument.name.clone(), argument)).collect(),
        ty: of,
        deprecation: match deprecation {
            Some(reason) => Deprecation::Deprecated { reason: Some(reason.to_owned()) },
            None => Deprecation::NoDeprecated,
        },
        cache_control: CacheControl::default(),
        external: false,
        requires: None,
        provides: None,
        visible: None,
        shareable: false,
        inaccessible: false,
        tags: Vec::new(),
        override_from: None,
        compute_complexity: None,
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    }
}

/// Registers an object with these fields. Returns its type as written in the schema.
pub(crate) fn registered_object(
    registry: &mut Registry,
    name: &str,
    description: &str,
    fields: RegisteredList<MetaField>,
) -> String {
    let object = |fields: IndexMap<String, MetaField>| MetaType::Object {
        name: name.to_owned(),
        description: told(description),
        fields,
        cache_control: CacheControl::default(),
        extends: false,
        shareable: false,
        resolvable: true,
        keys: None,
        visible: None,
        inaccessible: false,
        interface_object: false,
        tags: Vec::new(),
        is_subscription: false,
        rust_typename: None,
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    };
    if !registry.types.contains_key(name) {
        // Registered empty first, because its fields may contain the object itself.
        registry.types.insert(name.to_owned(), object(IndexMap::new()));
        let fields = fields(registry);
        registry.types.insert(name.to_owned(), object(by_name(fields)));
    }
    format!("{name}!")
}

/// Describes several items. Called with the registry, because describing them registers the types they use.
pub(crate) type RegisteredList<T> = fn(&mut Registry) -> Vec<T>;

/// Registers an interface with these fields and implementing objects. Returns its type as written in the schema.
pub(crate) fn registered_interface(
    registry: &mut Registry,
    name: &str,
    description: &str,
    (fields, objects): (RegisteredList<MetaField>, RegisteredList<String>),
) -> String {
    let interface = |fields, possible_types| MetaType::Interface {
        name: name.to_owned(),
        description: told(description),
        fields,
        possible_types,
        extends: false,
        keys: None,
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        rust_typename: None,
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    };
    if !registry.types.contains_key(name) {
        registry.types.insert(name.to_owned(), interface(IndexMap::new(), IndexSet::new()));
        let fields = fields(registry);
        let objects: IndexSet<String> =
            objects(registry).into_iter().map(|object| object.trim_end_matches('!').to_owned()).collect();
        for object in &objects {
            registry.add_implements(object, name);
        }
        registry.types.insert(name.to_owned(), interface(by_name(fields), objects));
    }
    format!("{name}!")
}

/// Registers an enum with these values and descriptions. Returns its type as written in the schema.
pub(crate) fn registered_enum(
    registry: &mut Registry,
    name: &str,
    description: &str,
    values: impl Iterator<Item = (String, &'static str)>,
) -> String {
    let value = |(name, description): (String, &str)| MetaEnumValue {
        name,
        description: told(description),
        deprecation: Deprecation::NoDeprecated,
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        directive_invocations: Vec::new(),
    };
    let enumeration = MetaType::Enum {
        name: name.to_owned(),
        description: told(description),
        enum_values: values.map(value).map(|value| (value.name.clone(), value)).collect(),
        visible: None,
        inaccessible: false,
        tags: Vec::new(),
        rust_typename: None,
        directive_invocations: Vec::new(),
        requires_scopes: Vec::new(),
    };
    registry.types.insert(name.to_owned(), enumeration);
    format!("{name}!")
}

fn by_name(fields: Vec<MetaField>) -> IndexMap<String, MetaField> {
    fields.into_iter().map(|field| (field.name.clone(), field)).collect()
}

fn told(description: &str) -> Option<String> {
    (!description.is_empty()).then(|| description.to_owned())
}
