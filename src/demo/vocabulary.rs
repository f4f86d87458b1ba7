//! The vocabularies of the feeds: three small invented taxonomies with broader and narrower terms.

use serde_json::{Value, json};

use super::identity::IdNamespace;

/// An invented taxonomy.
pub(super) struct InventedTaxonomy {
    pub(super) key: &'static str,
    name: &'static str,
    description: &'static str,
    terms: &'static [Term],
}

/// A term: its code in the taxonomy, its name, and the code of its broader term.
struct Term {
    code: u16,
    name: &'static str,
    broader: Option<u16>,
}

/// The taxonomy of types of services.
pub(super) const SERVICE_TYPES: &str = "esdServiceType";
/// The taxonomy of needs.
pub(super) const NEEDS: &str = "esdNeed";
/// The taxonomy of people's circumstances.
pub(super) const CIRCUMSTANCES: &str = "esdCircumstance";

impl InventedTaxonomy {
    /// Returns all three taxonomies, in the order in which feeds list them.
    pub(super) fn all() -> &'static [InventedTaxonomy] {
        TAXONOMIES
    }

    /// Returns the record of the taxonomy.
    pub(super) fn record(&self, ids: IdNamespace) -> Value {
        json!({
            "id": ids.id("taxonomy", self.key),
            "name": self.name,
            "description": self.description,
            "uri": format!("https://vocabulary.example/{}", self.key),
            "version": "2026-04",
        })
    }

    /// Returns the records of the taxonomy's terms, broader terms first.
    pub(super) fn terms(&self, ids: IdNamespace) -> impl Iterator<Item = Value> {
        self.terms.iter().map(move |term| self.term(ids, term))
    }

    fn term(&self, ids: IdNamespace, term: &Term) -> Value {
        json!({
            "id": ids.id("taxonomy_term", &format!("{}:{}", self.key, term.code)),
            "code": format!("{}:{}", self.key, term.code),
            "name": term.name,
            "description": format!("{}: {}.", self.name, term.name.to_lowercase()),
            "parent_id": term.broader.map(|code| ids.id("taxonomy_term", &format!("{}:{code}", self.key))),
            "taxonomy": self.name,
            "taxonomy_detail": self.record(ids),
            "language": "en",
            "taxonomy_id": ids.id("taxonomy", self.key),
            "term_uri": format!("https://vocabulary.example/{}/{}", self.key, term.code),
        })
    }
}

/// Returns the record of a term. `None` if the taxonomy has no term with this code.
pub(super) fn term(ids: IdNamespace, taxonomy: &str, code: u16) -> Option<Value> {
    let taxonomy = TAXONOMIES.iter().find(|candidate| candidate.key == taxonomy)?;
    let term = taxonomy.terms.iter().find(|candidate| candidate.code == code)?;
    Some(taxonomy.term(ids, term))
}

/// Returns the term with a CURIE in the form of Open Referral UK 1.0, with its broader terms nested in it.
pub(super) fn nested(curie: &str) -> Option<Value> {
    let (key, code) = curie.split_once(':')?;
    let taxonomy = TAXONOMIES.iter().find(|candidate| candidate.key == key)?;
    let term = taxonomy.terms.iter().find(|candidate| code.parse() == Ok(candidate.code))?;
    let mut nested = json!({ "id": curie, "name": term.name, "vocabulary": format!("{key}s") });
    let broader = term.broader.and_then(|code| self::nested(&format!("{key}:{code}")));
    if let (Some(broader), Value::Object(members)) = (broader, &mut nested) {
        members.insert("parent".to_owned(), broader);
    }
    Some(nested)
}

/// Returns the name that Open Referral UK 1.0 uses for the taxonomy of this name. `None` if there is no such taxonomy.
pub(super) fn plural(name: &str) -> Option<String> {
    let taxonomy = TAXONOMIES.iter().find(|candidate| candidate.name == name)?;
    Some(format!("{}s", taxonomy.key))
}

/// Returns the label of a circumstance. `None` if no term has this code.
pub(super) fn circumstance(code: u16) -> Option<&'static str> {
    let taxonomy = TAXONOMIES.iter().find(|candidate| candidate.key == CIRCUMSTANCES)?;
    taxonomy.terms.iter().find(|term| term.code == code).map(|term| term.name)
}

const fn top(code: u16, name: &'static str) -> Term {
    Term { code, name, broader: None }
}

const fn under(broader: u16, code: u16, name: &'static str) -> Term {
    Term { code, name, broader: Some(broader) }
}

static TAXONOMIES: &[InventedTaxonomy] = &[
    InventedTaxonomy {
        key: SERVICE_TYPES,
        name: "Service types",
        description: "What kind of help or activity a service is.",
        terms: &[
            top(9100, "Social life and friendship"),
            under(9100, 9101, "Lunch clubs"),
            under(9100, 9102, "Befriending"),
            under(9100, 9103, "Memory cafés"),
            under(9100, 9104, "Community cafés and warm spaces"),
            under(9100, 9105, "Men's sheds"),
            under(9100, 9106, "Arts and crafts groups"),
            top(9200, "Money and advice"),
            under(9200, 9201, "Debt advice"),
            under(9200, 9202, "Benefits advice"),
            under(9200, 9203, "Legal advice"),
            under(9200, 9204, "Energy and fuel advice"),
            top(9300, "Health and wellbeing"),
            under(9300, 9301, "Stop smoking"),
            under(9300, 9302, "Talking therapies"),
            under(9300, 9303, "Bereavement support"),
            under(9300, 9304, "Drug and alcohol recovery"),
            under(9300, 9305, "Falls prevention"),
            under(9300, 9306, "Peer support for mental health"),
            top(9400, "Being active"),
            under(9400, 9401, "Walking groups"),
            under(9400, 9402, "Swimming for all"),
            under(9400, 9403, "Gardening and nature"),
            top(9500, "Families and young people"),
            under(9500, 9501, "Parent and toddler groups"),
            under(9500, 9502, "Breastfeeding support"),
            under(9500, 9503, "Youth clubs and drop-ins"),
            under(9500, 9504, "Holiday clubs"),
            under(9500, 9505, "Short breaks for disabled children"),
            top(9600, "Food and essentials"),
            under(9600, 9601, "Food banks"),
            under(9600, 9602, "Community pantries"),
            under(9600, 9603, "Furniture reuse"),
            top(9700, "Learning and work"),
            under(9700, 9701, "English for speakers of other languages"),
            under(9700, 9702, "Digital skills"),
            under(9700, 9703, "Job clubs"),
            top(9800, "Care and support"),
            under(9800, 9801, "Carers' support"),
            under(9800, 9802, "Community transport"),
            under(9800, 9803, "Help at home"),
            under(9800, 9804, "Sight and hearing support"),
            top(9900, "Housing and safety"),
            under(9900, 9901, "Homelessness advice"),
            under(9900, 9902, "Domestic abuse support"),
            under(9900, 9903, "Refugee welcome"),
        ],
    },
    InventedTaxonomy {
        key: NEEDS,
        name: "Needs",
        description: "What someone looking for a service may need.",
        terms: &[
            top(810, "Company and connection"),
            under(810, 811, "Meeting people"),
            under(810, 812, "Someone to talk to"),
            top(820, "Money worries"),
            under(820, 821, "Managing debt"),
            under(820, 822, "Affording food and heating"),
            top(830, "Staying well"),
            under(830, 831, "Moving more"),
            under(830, 832, "Better mental health"),
            under(830, 833, "Stopping smoking or drinking"),
            top(840, "Family life"),
            under(840, 841, "Support as a parent"),
            under(840, 842, "Things for children to do"),
            top(850, "Getting on"),
            under(850, 851, "Learning something new"),
            under(850, 852, "Finding work"),
            top(860, "A safe home"),
            under(860, 861, "Somewhere to live"),
            under(860, 862, "Living independently"),
        ],
    },
    InventedTaxonomy {
        key: CIRCUMSTANCES,
        name: "Circumstances",
        description: "Who a service is meant for.",
        terms: &[
            top(700, "Everyone"),
            top(710, "Older people"),
            under(710, 711, "People living with dementia"),
            top(720, "Carers"),
            under(720, 721, "Young carers"),
            top(730, "Parents and families"),
            under(730, 731, "Expectant and new parents"),
            top(740, "Children and young people"),
            under(740, 741, "Care leavers"),
            top(750, "Disabled people"),
            under(750, 751, "Blind and partially sighted people"),
            under(750, 752, "Deaf people and people with hearing loss"),
            under(750, 753, "People with a learning disability"),
            top(760, "People on a low income"),
            under(760, 761, "People who are homeless"),
            top(770, "Refugees and people seeking asylum"),
            top(780, "Women"),
            top(790, "Men"),
        ],
    },
];
