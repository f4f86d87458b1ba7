//! The tariff: the price of each field and how often its subfields count, computed once from the schema document.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use async_graphql::Value;
use async_graphql::parser::parse_schema;
use async_graphql::parser::types::{
    BaseType, FieldDefinition, InputValueDefinition, ServiceDocument, Type, TypeDefinition, TypeKind,
    TypeSystemDefinition,
};

use super::prices::{self, FieldPrice};

/// The rates of all fields, by type name and field name.
pub(in crate::graphql) struct FieldTariff {
    types: HashMap<String, HashMap<String, Arc<FieldRate>>>,
}

/// The rate of one field.
#[derive(Debug)]
pub(super) struct FieldRate {
    /// The named type of its value, without list and non-null wrappers.
    pub(super) of: String,
    pub(super) price: FieldPrice,
    pub(super) times: CountedTimes,
    /// The page that it bounds: its own elements, or the lists of the page object that it returns.
    pub(super) page: Option<PageBounds>,
}

/// How often the subfields of a field count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CountedTimes {
    /// Once, because the field is not a list.
    Once,
    /// Once for each row of its own page.
    OwnPage,
    /// Once for each row of the page that it is part of.
    Rows,
    /// This assumed number of times.
    Assumed(usize),
    /// Once for each value in this list argument. If it is not given, the assumed number of times.
    Listed(&'static str, usize),
}

impl CountedTimes {
    /// Returns the argument whose length counts.
    pub(super) fn listing_argument(self) -> Option<&'static str> {
        match self {
            Self::Listed(argument, _) => Some(argument),
            _ => None,
        }
    }
}

/// The bounds of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PageBounds {
    /// The rows if the query gives no number. `None` means the configured page size.
    pub(super) default: Option<usize>,
    /// The most rows that can be asked for. `None` means the configured maximum.
    pub(super) most: Option<usize>,
}

/// Arguments that list what is wanted.
const LISTING: [&str; 3] = ["ids", "keys", "representations"];

impl FieldTariff {
    /// Computes the rates of a schema for a gateway with this number of sources.
    pub(in crate::graphql) fn new(sdl: &str, sources: usize) -> Self {
        // A test checks that the committed schema equals this document, so it parses. Without it every field would cost
        // 1.
        let documents = [parse_schema(sdl), parse_schema(prices::INTROSPECTION)];
        let documents: Vec<ServiceDocument> = documents.into_iter().filter_map(Result::ok).collect();
        let fields: Vec<(&str, &FieldDefinition)> = documents.iter().flat_map(fields).collect();
        let pages: HashSet<&str> = fields
            .iter()
            .filter(|(_, field)| !is_list(field) && page_of(field, "").is_some())
            .map(|(_, field)| named(&field.ty.node))
            .collect();
        let mut types: HashMap<String, HashMap<String, Arc<FieldRate>>> = HashMap::new();
        for (parent, field) in fields {
            let rate = FieldRate::new(parent, field, pages.contains(parent), sources);
            types.entry(parent.to_owned()).or_default().insert(field.name.node.to_string(), Arc::new(rate));
        }
        Self { types }
    }

    /// Returns the rate of a field. Returns `None` if the schema has no such field, which validation reports.
    pub(super) fn rate(&self, parent: &str, field: &str) -> Option<&Arc<FieldRate>> {
        self.types.get(parent)?.get(field)
    }
}

impl FieldRate {
    fn new(parent: &str, field: &FieldDefinition, is_in_page: bool, sources: usize) -> Self {
        let coordinate = format!("{parent}.{}", field.name.node);
        let of = named(&field.ty.node);
        let page = page_of(field, &coordinate);
        let assumed = || prices::assumed_size(&coordinate, of, sources);
        let listing = LISTING.into_iter().find(|name| argument(field, name).is_some());
        let times = match (is_list(field), listing) {
            (false, _) => CountedTimes::Once,
            (true, _) if page.is_some() => CountedTimes::OwnPage,
            (true, Some(argument)) => CountedTimes::Listed(argument, assumed()),
            (true, None) if is_in_page && !prices::is_per_source(of) => CountedTimes::Rows,
            (true, None) => CountedTimes::Assumed(assumed()),
        };
        Self { of: of.to_owned(), price: prices::of(&coordinate, of), times, page }
    }
}

fn page_of(field: &FieldDefinition, coordinate: &str) -> Option<PageBounds> {
    let first = argument(field, "first")?;
    let default = first.default_value.as_ref().and_then(|value| match &value.node {
        Value::Number(number) => usize::try_from(number.as_u64()?).ok(),
        _ => None,
    });
    Some(PageBounds { default, most: default.and(prices::most_rows(coordinate)) })
}

fn argument<'a>(field: &'a FieldDefinition, name: &str) -> Option<&'a InputValueDefinition> {
    field.arguments.iter().map(|argument| &argument.node).find(|argument| argument.name.node == name)
}

fn is_list(field: &FieldDefinition) -> bool {
    matches!(field.ty.node.base, BaseType::List(_))
}

fn named(of: &Type) -> &str {
    match &of.base {
        BaseType::Named(name) => name,
        BaseType::List(within) => named(within),
    }
}

/// Returns every field of the document's objects and interfaces, with the name of its type.
fn fields(document: &ServiceDocument) -> impl Iterator<Item = (&str, &FieldDefinition)> {
    let types = document.definitions.iter().filter_map(|definition| match definition {
        TypeSystemDefinition::Type(of) => Some(&of.node),
        _ => None,
    });
    types.flat_map(|of| fields_of(of).iter().map(|field| (of.name.node.as_str(), &field.node)))
}

fn fields_of(of: &TypeDefinition) -> &[async_graphql::Positioned<FieldDefinition>] {
    match &of.kind {
        TypeKind::Object(object) => &object.fields,
        TypeKind::Interface(interface) => &interface.fields,
        _ => &[],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::served_sdl;

    #[test]
    fn every_entry_of_the_tables_names_a_field_or_type_of_the_schema() {
        let tariff = FieldTariff::new(&served_sdl(true), 3);
        for coordinate in prices::coordinates() {
            let (parent, field) = coordinate.split_once('.').unwrap();
            assert!(tariff.rate(parent, field).is_some(), "{coordinate}");
        }
        let all: Vec<&Arc<FieldRate>> = tariff.types.values().flat_map(HashMap::values).collect();
        for name in prices::type_names() {
            assert!(all.iter().any(|rate| rate.of == name), "{name}");
        }
    }

    #[test]
    fn lists_are_multiplied_by_what_bounds_them() {
        let tariff = FieldTariff::new(&served_sdl(true), 7);
        let times = |parent, field| tariff.rate(parent, field).unwrap().times;
        assert_eq!(times("ServiceConnection", "nodes"), CountedTimes::Rows);
        assert_eq!(times("ServiceFacets", "sources"), CountedTimes::Rows);
        assert_eq!(times("ServiceStatistics", "rows"), CountedTimes::Rows);
        assert_eq!(times("ServiceConnection", "sources"), CountedTimes::Assumed(7));
        assert_eq!(times("Query", "nodes"), CountedTimes::Listed("ids", prices::LIST));
        assert_eq!(times("Query", "_entities"), CountedTimes::Listed("representations", prices::LIST));
        assert_eq!(times("Service", "occurrences"), CountedTimes::OwnPage);
        assert_eq!(times("Service", "name"), CountedTimes::Once);
        // Fails if a list is added to the schema without counting more than once.
        for (parent, fields) in &tariff.types {
            for (name, rate) in fields.iter().filter(|(_, rate)| rate.times != CountedTimes::Once) {
                assert!(!matches!(rate.times, CountedTimes::Assumed(0)), "{parent}.{name}");
            }
        }
        let page = tariff.rate("Query", "serviceStatistics").unwrap().page.unwrap();
        assert_eq!(page, PageBounds { default: Some(100), most: Some(1000) });
        assert_eq!(
            tariff.rate("Query", "services").unwrap().page,
            Some(PageBounds { default: None, most: None })
        );
    }
}
