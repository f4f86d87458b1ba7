//! Tests that copies of a catalogue are equal: whatever is written to one, those that apply its steps and those that
//! load its snapshot hold the same.

use proptest::prelude::*;
use serde_json::json;

use super::{at, id, organization, service, service_id, source};
use crate::catalogue::SyncBatch;
use crate::catalogue::index::CatalogueIndex;
use crate::catalogue::journal::{StepChain, StepEffects};
use crate::catalogue::part_draft::PartDrafter;
use crate::catalogue::store::{JournalPlace, RecordStore};
use crate::model::{PostcodePlaces, RecordKind};

fn store() -> RecordStore {
    RecordStore::open(None, &PostcodePlaces::default()).unwrap()
}

fn drafter() -> PartDrafter {
    PartDrafter::new(PostcodePlaces::default(), CatalogueIndex::closed().unwrap().documents())
}

/// All there is in a store, and what follows from it.
fn all(store: &RecordStore) -> (StepEffects, Vec<String>) {
    let snapshot = store.read().unwrap();
    let mut whole = Vec::new();
    snapshot
        .parts(usize::MAX, |part| {
            whole.push(part);
            Ok(true)
        })
        .unwrap();
    let facts = snapshot.all_facts().unwrap();
    (whole.remove(0), facts.iter().map(|facts| format!("{facts:?}")).collect())
}

/// Something that a walk may do.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Service { number: u8, says: u8, names_provider: bool },
    Provider { number: u8, says: u8 },
    Seen(u8),
    Missed(u8),
    Removed(u8),
    ProviderRemoved(u8),
    Noted(u8),
}

fn deed() -> impl Strategy<Value = Deed> {
    let few = 0..5_u8;
    prop_oneof![
        4 => (few.clone(), 0..3_u8, any::<bool>())
            .prop_map(|(number, says, names_provider)| Deed::Service { number, says, names_provider }),
        2 => (few.clone(), 0..3_u8).prop_map(|(number, says)| Deed::Provider { number, says }),
        2 => few.clone().prop_map(Deed::Seen),
        1 => few.clone().prop_map(Deed::Missed),
        2 => few.clone().prop_map(Deed::Removed),
        1 => few.clone().prop_map(Deed::ProviderRemoved),
        1 => few.prop_map(Deed::Noted),
    ]
}

fn batch(walk: u64, deeds: &[Deed]) -> SyncBatch {
    let mut batch = SyncBatch::new(source("elmshire"), walk);
    let moment = at(i64::try_from(walk).unwrap());
    for deed in deeds {
        match *deed {
            Deed::Service { number, says, names_provider } => {
                let provider = names_provider.then(|| format!("Organization(elmshire/o{number})"));
                let said = json!({ "organization_id": provider, "extra": { "says": says } });
                let name = format!("Tea {says}");
                batch.upserts.push(service(&format!("s{number}"), &name, moment, said).into());
            }
            Deed::Provider { number, says } => {
                let name = format!("Trust {says}");
                batch.upserts.push(organization(&format!("o{number}"), &name, moment).into());
            }
            Deed::Seen(number) => batch.seen.push(service_id(&format!("s{number}"))),
            Deed::Missed(number) => batch.missed.push(service_id(&format!("s{number}"))),
            Deed::Removed(number) => batch.removals.push(service_id(&format!("s{number}"))),
            Deed::ProviderRemoved(number) => {
                batch.removals.push(id(RecordKind::Organization, &format!("o{number}")));
            }
            Deed::Noted(number) => {
                let note = (number > 1).then(|| vec![number]);
                batch.notes.push((format!("n{}", number % 2).into(), note));
                batch.state = Some(vec![number]);
            }
        }
    }
    batch
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn copies_that_take_the_steps_or_load_a_snapshot_are_equal(
        walks in prop::collection::vec(prop::collection::vec(deed(), 1..8), 1..8),
        at_once in 1..4_usize,
        part in 1..4_000_usize,
    ) {
        let (first, second, third) = (store(), store(), store());
        let mut steps = Vec::new();
        for (walk, deeds) in (1_u64..).zip(&walks) {
            let batches = [batch(walk, deeds)];
            let (prepared, effects) = first.prepare(&batches, at(i64::try_from(walk).unwrap())).unwrap();
            let place = JournalPlace { step: walk, chain: StepChain::default() };
            prepared.commit(Some(place)).unwrap();
            steps.push(effects.to_bytes().unwrap());
        }
        for (number, steps) in (1_u64..).zip(steps.chunks(at_once)) {
            let steps: Vec<&[u8]> = steps.iter().map(AsRef::as_ref).collect();
            let steps = PartDrafter::draft_all(&steps, &drafter).unwrap();
            second.apply(&steps, JournalPlace { step: number, chain: StepChain::default() }).unwrap();
        }
        prop_assert_eq!(all(&second), all(&first));

        let mut parts = Vec::new();
        first.read().unwrap().parts(part, |part| { parts.push(part); Ok(true) }).unwrap();
        third.write(&[batch(9, &[Deed::Service { number: 9, says: 0, names_provider: false }])], at(9)).unwrap();
        let loading = third.load().unwrap();
        let mut drafter = drafter();
        for part in &parts {
            let drafted = drafter.draft(&part.to_bytes().unwrap()).unwrap();
            loading.take(&drafted).unwrap();
        }
        let place = JournalPlace { step: 7, chain: StepChain::default() };
        loading.commit(uuid::Uuid::nil(), place).unwrap();
        prop_assert_eq!(all(&third), all(&first));
        let loaded = third.read().unwrap();
        prop_assert_eq!(loaded.journal_place(), Some(place));
        let count = |store: &RecordStore| {
            [RecordKind::Service, RecordKind::Organization]
                .map(|kind| store.read().unwrap().count(kind, &source("elmshire")).unwrap())
        };
        prop_assert_eq!(count(&third), count(&first));
        prop_assert_eq!(count(&second), count(&first));
    }
}

#[test]
fn a_record_that_cannot_be_read_is_left_out_of_a_snapshot_and_noted() {
    type Key = (u8, &'static str, &'static str);
    let directory = tempfile::tempdir().unwrap();
    let opened = || RecordStore::open(Some(directory.path()), &PostcodePlaces::default()).unwrap();
    let deeds = [1, 2].map(|number| Deed::Provider { number, says: 0 });
    opened().write(&[batch(1, &deeds)], at(1)).unwrap();
    let database = redb::Database::open(RecordStore::path_in(directory.path())).unwrap();
    let writing = database.begin_write().unwrap();
    let records = redb::TableDefinition::<Key, &[u8]>::new("records");
    writing.open_table(records).unwrap().insert((1, "elmshire", "o2"), &b"\x01nonsense"[..]).unwrap();
    writing.commit().unwrap();
    drop(database);

    let store = opened();
    let (snapshot, _) = all(&store);
    let sent: Vec<&str> = snapshot.put.iter().map(|put| put.id.upstream()).collect();
    assert_eq!(sent, ["o1"]);
    assert_eq!(store.mending().failed_records(), [id(RecordKind::Organization, "o2")].into());
}
