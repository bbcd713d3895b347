//! The example payloads that GitHub's own library is tested with, if `npm ci` brought them into `web/node_modules`.
use forge::{Kind, Place, Reader, Record, System, Told};
use serde_json::Value;
use std::{
    collections::{BTreeMap, HashMap},
    fs,
    hash::{BuildHasher, RandomState},
    path::PathBuf,
};

fn payloads() -> Option<Vec<Value>> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../web/node_modules/@octokit/webhooks-examples");
    let Ok(text) = fs::read(folder.join("api.github.com/index.json")) else {
        println!("skipped: {} is not here", folder.display());
        return None;
    };
    let events: Vec<Value> = serde_json::from_slice(&text).unwrap();
    Some(events.iter().flat_map(|event| event["examples"].as_array().unwrap().clone()).collect())
}

type Key = (Kind, Place, Option<i64>, String);

/// What is known after these payloads, each thing under what tells it apart.
fn state(payloads: &[&Value]) -> BTreeMap<Key, Told> {
    let mut reader = Reader::new(System::GitHub, Place::default());
    let mut known: BTreeMap<Key, Told> = BTreeMap::new();
    for payload in payloads {
        for record in reader.read_value((*payload).clone()) {
            known.entry(key(&record)).or_default().hear(&record);
        }
    }
    known
}

fn key(record: &Record) -> Key {
    let place = Place { id: None, host: None, ..record.place.clone() };
    let id = match record.kind {
        Kind::Event => format!("{} {}", record.fields["event"], record.fields["at"]),
        Kind::Pull => String::new(),
        _ => record.id.clone(),
    };
    (record.kind, place, record.number, id)
}

#[test]
fn all_of_them_in_any_order_and_twice_end_in_one_state() {
    let Some(payloads) = payloads() else { return };
    assert_eq!(payloads.len(), 329);
    let straight: Vec<&Value> = payloads.iter().collect();
    let wanted = state(&straight);
    let mut kinds: HashMap<Kind, usize> = HashMap::new();
    wanted.keys().for_each(|key| *kinds.entry(key.0).or_default() += 1);
    for kind in [Kind::Pull, Kind::Review, Kind::Comment, Kind::Event, Kind::Issue, Kind::Release, Kind::Commit] {
        assert!(kinds.contains_key(&kind), "{kind:?}: {kinds:?}");
    }
    for _ in 0..20 {
        let chance = RandomState::new();
        let mut order: Vec<(u64, &Value)> =
            straight.iter().chain(&straight).enumerate().map(|(at, one)| (chance.hash_one(at), *one)).collect();
        order.sort_unstable_by_key(|(place, _)| *place);
        let order: Vec<&Value> = order.into_iter().map(|(_, one)| one).collect();
        assert!(state(&order) == wanted);
    }
}

#[test]
fn every_payload_is_taken_or_named() {
    let Some(payloads) = payloads() else { return };
    for payload in &payloads {
        let mut reader = Reader::new(System::GitHub, Place::default());
        reader.read_value(payload.clone());
        let report = reader.report();
        assert!(!report.taken.is_empty() || !report.not_taken.is_empty(), "{payload}");
    }
}
