//! The order of an answer's members: that of the query, as the specification asks.
//!
//! async-graphql hands fields over as they complete, so that equal questions would get answers that are not equal to
//! the byte, and a client's copy would never be current.

use std::collections::HashSet;

use async_graphql::parser::types::{ExecutableDocument, OperationDefinition, Selection, SelectionSet};
use async_graphql::{Name, Value};

/// The members of an object in the order of the query, with the same for what is within each.
#[derive(Debug, Default)]
pub(super) struct Order(Vec<(Name, Order)>);

impl Order {
    /// The order an operation asks for. The document is within its limits, so it is as large as what it spreads out to.
    pub(super) fn of(document: &ExecutableDocument, operation: &OperationDefinition) -> Self {
        let mut order = Self::default();
        order.collect(document, &operation.selection_set.node, &mut HashSet::new());
        order
    }

    /// Puts an answer's members into this order.
    pub(super) fn apply(&self, value: &mut Value) {
        match value {
            Value::List(items) => items.iter_mut().for_each(|item| self.apply(item)),
            Value::Object(members) => {
                let mut least = 0;
                let in_order = members.keys().all(|name| {
                    let place = self.place(name, least);
                    let follows = place >= least;
                    least = place;
                    follows
                });
                if !in_order {
                    members.sort_by_cached_key(|name, _| self.place(name, 0));
                }
                for (name, within) in self.0.iter().filter(|(_, within)| !within.0.is_empty()) {
                    members.get_mut(name).into_iter().for_each(|member| within.apply(member));
                }
            }
            _ => {}
        }
    }

    // Members mostly come in order, so the search begins where the last one was found.
    fn place(&self, name: &Name, near: usize) -> usize {
        let after = self.0.iter().skip(near).position(|(own, _)| own == name).map(|at| near + at);
        after.or_else(|| self.0.iter().position(|(own, _)| own == name)).unwrap_or(usize::MAX)
    }

    fn collect<'d>(
        &mut self,
        document: &'d ExecutableDocument,
        set: &'d SelectionSet,
        spread: &mut HashSet<&'d Name>,
    ) {
        for selection in &set.items {
            match &selection.node {
                Selection::Field(field) => {
                    let within = &field.node.selection_set.node;
                    self.member(&field.node.response_key().node).collect(
                        document,
                        within,
                        &mut HashSet::new(),
                    );
                }
                Selection::InlineFragment(fragment) => {
                    self.collect(document, &fragment.node.selection_set.node, spread);
                }
                Selection::FragmentSpread(fragment) => {
                    let name = &fragment.node.fragment_name.node;
                    let definition = document.fragments.get(name).filter(|_| spread.insert(name));
                    if let Some(definition) = definition {
                        self.collect(document, &definition.node.selection_set.node, spread);
                    }
                }
            }
        }
    }

    fn member(&mut self, name: &Name) -> &mut Self {
        let at = self.0.iter().position(|(own, _)| own == name).unwrap_or_else(|| {
            self.0.push((name.clone(), Self::default()));
            self.0.len() - 1
        });
        #[expect(clippy::indexing_slicing, reason = "found or pushed just before")]
        &mut self.0[at].1
    }
}

#[cfg(test)]
mod tests {
    use async_graphql::parser::parse_query;
    use serde_json::json;

    use super::*;

    #[test]
    fn members_stand_as_the_query_has_them() {
        let query = "{ b a: x { ...F d ... on T { c } } } fragment F on T { e c }";
        let document = parse_query(query).unwrap();
        let operation = document.operations.iter().next().unwrap().1;
        let json = json!({ "a": [{ "c": 1, "d": 2, "e": 3 }, null], "b": 0 });
        let mut value = Value::from_json(json).unwrap();
        Order::of(&document, &operation.node).apply(&mut value);
        assert_eq!(value.to_string(), "{b: 0, a: [{e: 3, c: 1, d: 2}, null]}");
    }
}
