//! Prices, funding, required documents and capacity.

use std::sync::Arc;

use super::super::lenient::{ObjectMembers, PartKind, PriceReading, currency, price};
use super::part::{one_part, parts};
use crate::model::{
    CostOption, Funding, NestedMember, RecordPart, RequiredDocument, ServiceCapacity, StatedBound, Unit,
    UnreadBounds,
};

const COSTS: PartKind = PartKind {
    type_name: "CostOption",
    member: Some(NestedMember::CostOptions),
    names: &["cost_options"],
    bare: "option",
    key: "cost_option_id",
};
const FUNDING: PartKind = PartKind {
    type_name: "Funding",
    member: Some(NestedMember::Funding),
    names: &["funding", "fundings"],
    bare: "source",
    key: "funding_id",
};
const DOCUMENTS: PartKind = PartKind {
    type_name: "RequiredDocument",
    member: Some(NestedMember::RequiredDocuments),
    names: &["required_documents"],
    bare: "document",
    key: "required_document_id",
};
const CAPACITIES: PartKind = PartKind {
    type_name: "ServiceCapacity",
    member: Some(NestedMember::Capacities),
    names: &["capacities"],
    bare: "description",
    key: "service_capacity_id",
};
const UNIT: PartKind = PartKind {
    type_name: "Unit",
    member: Some(NestedMember::Capacities),
    names: &["unit"],
    bare: "name",
    key: "unit_id",
};

pub(in crate::source::dialects) fn cost_options(members: &mut ObjectMembers<'_>) -> Vec<Arc<CostOption>> {
    parts(members, &COSTS, |m, part| {
        let PriceReading { amount, currency: sign, unit } = price(m, &["amount"]);
        let currency = currency(m, &["currency"]);
        let (valid_from, is_from_unread) = m.tried(|m| m.date(&["valid_from"]));
        let (valid_to, is_to_unread) = m.tried(|m| m.date(&["valid_to"]));
        let unread =
            [is_from_unread.then_some(StatedBound::Lower), is_to_unread.then_some(StatedBound::Upper)];
        CostOption {
            part,
            option: m.line(&["option"]),
            amount,
            amount_description: m.line(&["amount_description"]).or(unit),
            currency: currency.or_else(|| sign.map(ToOwned::to_owned)),
            valid_from,
            valid_to,
            unread: unread
                .into_iter()
                .flatten()
                .collect::<UnreadBounds>()
                .or(m.aside("unread").unwrap_or_default()),
        }
    })
}

pub(in crate::source::dialects) fn funding(members: &mut ObjectMembers<'_>) -> Vec<Arc<Funding>> {
    parts(members, &FUNDING, |m, part| Funding { part, source: m.prose(&["source"]) })
}

pub(in crate::source::dialects) fn required_documents(
    members: &mut ObjectMembers<'_>,
) -> Vec<Arc<RequiredDocument>> {
    parts(members, &DOCUMENTS, |m, part| RequiredDocument {
        part,
        document: m.prose(&["document"]),
        uri: m.url(&["uri"]),
    })
}

pub(in crate::source::dialects) fn capacities(members: &mut ObjectMembers<'_>) -> Vec<Arc<ServiceCapacity>> {
    parts(members, &CAPACITIES, |m, part| ServiceCapacity {
        part,
        unit: unit(m),
        available: m.number(&["available"]),
        maximum: m.number(&["maximum"]),
        description: m.prose(&["description"]),
        updated: m.instant(&["updated"]),
    })
}

fn unit(members: &mut ObjectMembers<'_>) -> Option<Arc<Unit>> {
    members.nest_reference("unit", "unit_id");
    one_part(members, &UNIT, |m, part: RecordPart| Unit {
        part,
        name: m.name(&["name"]),
        scheme: m.line(&["scheme"]),
        identifier: m.code(&["identifier"]),
        uri: m.line(&["uri"]),
    })
}
