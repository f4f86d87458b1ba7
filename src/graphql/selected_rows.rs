//! What is selected of the services of a page.

use super::output::GraphObject as _;
use super::plan::FieldPlan;
use super::types::Service;
use crate::model::Shape;

/// What can be told of a service on a page without its record.
const TOLD_WITHOUT_RECORD: [&str; 5] = ["__typename", "cursor", "distance", "node", "score"];

/// The selections of a page's records, as often as there are any.
pub(super) fn selected_rows(page: &FieldPlan) -> impl Iterator<Item = &FieldPlan> {
    page.fields("nodes").chain(page.fields("edges").flat_map(|edge| edge.fields("node")))
}

/// Returns whether it is asked which conditions each service of a page lacks information for.
pub(super) fn ask_for_unknown(page: &FieldPlan) -> bool {
    page.fields("edges").any(|edge| edge.selects("unknown"))
}

/// Returns what is written of each service of a page. `None` if that is written in two shapes, or if more than that is asked
/// of its record.
pub(super) fn shape(page: &FieldPlan) -> Option<Shape> {
    let mut of_edges = page.fields("edges").flat_map(FieldPlan::all_fields);
    let mut rows = selected_rows(page);
    let row = rows.next()?;
    let is_all = rows.next().is_none() && of_edges.all(|field| TOLD_WITHOUT_RECORD.contains(&&*field.name));
    is_all.then(|| row.selected(Service::NAME).shape())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::graphql::documents::tests::planned;

    #[test]
    fn rows_have_one_shape_where_nothing_but_one_selection_is_read_of_their_records() {
        for (selection, has_one) in [
            ("totalCount", false),
            ("nodes { name }", true),
            ("nodes { name } totalCount edges { cursor score }", true),
            ("edges { cursor __typename distance { metres } node { id } }", true),
            ("nodes { name } edges { node { id } }", false),
            ("a: nodes { name } b: nodes { id }", false),
            ("edges { node { id } matches { snippet } }", false),
            ("edges { node { id } unknown }", false),
        ] {
            let plan = planned(&format!("{{ services {{ {selection} }} }}"));
            let page = plan.fields.first().unwrap();
            assert_eq!(shape(page).is_some(), has_one, "{selection}");
            assert_eq!(shape(page), shape(page), "{selection}");
        }
    }
}
