//! Tests that what is known about terms stays consistent, whatever is added and removed.

use std::collections::BTreeMap;

use chrono::DateTime;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;
use crate::model::{RecordKind, SourceKey, StubRecord as _};

fn id(kind: RecordKind, number: usize) -> RecordId {
    let source = SourceKey::parse(["elm", "ash"][number % 2]).unwrap();
    RecordId::new(kind, &source, &number.to_string())
}

fn term(number: usize, name: &str, code: Option<&str>, taxonomy: usize) -> TaxonomyTerm {
    let read = (DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH);
    TaxonomyTerm {
        name: name.to_owned(),
        code: code.map(str::to_owned),
        taxonomy_id: Some(id(RecordKind::Taxonomy, taxonomy)),
        ..TaxonomyTerm::stub(id(RecordKind::TaxonomyTerm, number), read)
    }
}

fn taxonomy(number: usize, name: &str) -> Taxonomy {
    let read = (DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH);
    Taxonomy { name: name.to_owned(), ..Taxonomy::stub(id(RecordKind::Taxonomy, number), read) }
}

#[derive(Clone, Debug)]
enum Step {
    Term(usize, &'static str, Option<&'static str>, usize),
    Taxonomy(usize, &'static str),
    Gone(RecordKind, usize),
}

fn some_step() -> impl Strategy<Value = Step> {
    let name = select(vec!["Tea", "Téa", "Talk", "(unnamed)"]);
    let code = select(vec![None, Some("1"), Some("esdNeed:1")]);
    let called = select(vec!["LGA needs", "Ours", "ours"]);
    let kind = select(vec![RecordKind::TaxonomyTerm, RecordKind::Taxonomy]);
    prop_oneof![
        3 => (0..6_usize, name, code, 0..3_usize).prop_map(|(n, name, code, of)| Step::Term(n, name, code, of)),
        2 => (0..3_usize, called).prop_map(|(n, name)| Step::Taxonomy(n, name)),
        1 => (kind, 0..6_usize).prop_map(|(kind, n)| Step::Gone(kind, n)),
    ]
}

proptest! {
    #[test]
    fn groups_are_what_grouping_each_term_by_itself_comes_to(steps in prop::collection::vec(some_step(), 0..30)) {
        let (mut vocabulary, mut terms, mut taxonomies) = (TermVocabulary::default(), BTreeMap::new(), BTreeMap::new());
        let (mut before, mut grouping) = (BTreeMap::new(), vocabulary.grouping());
        for step in steps {
            match step {
                Step::Term(number, name, code, of) => {
                    let term = term(number, name, code, of);
                    vocabulary.add(&term);
                    terms.insert(term.id.clone(), term);
                }
                Step::Taxonomy(number, name) => {
                    let taxonomy = taxonomy(number, name);
                    vocabulary.add_taxonomy(&taxonomy);
                    taxonomies.insert(taxonomy.id.clone(), VocabularyNames::of(&taxonomy));
                }
                Step::Gone(kind, number) => {
                    let id = id(kind, number);
                    vocabulary.remove(&id);
                    terms.remove(&id);
                    taxonomies.remove(&id);
                }
            }
            let mut groups: BTreeMap<TermGroup, Vec<RecordId>> = BTreeMap::new();
            for (id, term) in &terms {
                let listed = term.taxonomy_id.as_ref().and_then(|id| taxonomies.get(id));
                groups.entry(TermGroup::of(term, listed)).or_default().push(id.clone());
            }
            for (group, ids) in &groups {
                prop_assert_eq!(vocabulary.group(group).map(KnownGroup::terms), Some(&ids[..]), "{}", group);
                prop_assert!(ids.iter().all(|id| vocabulary.group_of(id) == *group));
                let named = vocabulary.named(&TaxonomyTermRef::Group(group.clone()), false);
                prop_assert_eq!(named, ids.iter().cloned().collect::<HashSet<_>>());
            }
            prop_assert_eq!(vocabulary.groups.len(), groups.len());
            // Data computed for one grouping must not be used for another.
            prop_assert!(groups == before || vocabulary.grouping() != grouping);
            (before, grouping) = (groups, vocabulary.grouping());
        }
    }
}

#[test]
fn a_code_with_a_prefix_finds_what_its_vocabulary_and_code_find() {
    let mut vocabulary = TermVocabulary::default();
    vocabulary.add_taxonomy(&taxonomy(0, "LGA Services list"));
    vocabulary.add_taxonomy(&taxonomy(1, "Ours"));
    vocabulary.add(&term(0, "Carers' groups", Some("298"), 0));
    vocabulary.add(&term(1, "Carers", Some("esdServiceTypes:298"), 1));
    vocabulary.add(&term(2, "Other", Some("298"), 1));
    vocabulary.add(&term(3, "Own", Some("ours:298"), 2));
    let found = |taxonomy: Option<&str>, code: &str| {
        let wanted = TaxonomyTermRef::Code { taxonomy: taxonomy.map(Into::into), code: code.into() };
        vocabulary.named(&wanted, false)
    };
    let shared = HashSet::from([id(RecordKind::TaxonomyTerm, 0), id(RecordKind::TaxonomyTerm, 1)]);
    assert_eq!(found(Some("LGSL"), "298"), shared);
    for code in ["esdServiceType:298", "ESDSERVICETYPES:298", "LGSL:298", "esd-service-types:298"] {
        assert_eq!(found(None, code), shared, "{code}");
    }
    let own = HashSet::from([id(RecordKind::TaxonomyTerm, 2), id(RecordKind::TaxonomyTerm, 3)]);
    assert_eq!(found(None, "ours:298"), own);
    assert_eq!(found(None, "298").len(), 4);
}

#[test]
fn what_is_near_is_told_once_and_nearest_first() {
    let mut vocabulary = TermVocabulary::default();
    for (number, name) in
        ["Debt advice", "DEBT ADVICE", "Debt counselling", "Dance", "Walking"].iter().enumerate()
    {
        vocabulary.add(&term(number, name, None, 0));
    }
    let near =
        |name: &str| TermVocabulary::near([&vocabulary].into_iter(), &TaxonomyTermRef::Name(name.to_owned()));
    assert_eq!(near("dept advice"), ["DEBT ADVICE"]);
    assert_eq!(near("debt"), ["DEBT ADVICE", "Debt counselling"]);
    assert_eq!(near("dancing"), Vec::<String>::new());
    assert_eq!(near("walkign"), ["Walking"]);
    assert_eq!(near(""), Vec::<String>::new());
}
