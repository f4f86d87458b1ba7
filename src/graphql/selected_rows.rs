//! Evaluates what is selected of the services on a page.

use super::output::GraphObject as _;
use super::plan::FieldPlan;
use super::types::Service;
use crate::model::Shape;

/// Fields of a service on a page that need no record.
const TOLD_WITHOUT_RECORD: [&str; 5] = ["__typename", "cursor", "distance", "node", "score"];

/// Returns the selections of a page's records. There may be several.
pub(super) fn selected_rows(page: &FieldPlan) -> impl Iterator<Item = &FieldPlan> {
    page.fields("nodes").chain(page.fields("edges").flat_map(|edge| edge.fields("node")))
}

/// Returns whether the query asks which conditions each service lacks information for.
pub(super) fn ask_for_unknown(page: &FieldPlan) -> bool {
    page.fields("edges").any(|edge| edge.selects("unknown"))
}

/// Returns the shape of each service on a page. Returns `None` if there are two shapes, or if other selected fields
/// need the record.
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
