use super::Told;
use crate::{Kind, Place, Record};
use proptest::prelude::*;
use serde_json::json;

fn record(stamp: i64, fields: Vec<(u8, u8)>) -> Record {
    Record {
        kind: Kind::Pull,
        place: Place::default(),
        number: Some(1),
        id: String::new(),
        stamp,
        fields: fields.iter().map(|(name, value)| (format!("f{name}"), json!(value))).collect(),
        aside: fields.iter().map(|(name, value)| (format!("f{name}"), json!({ "of": value }))).collect(),
    }
}

proptest! {
    #[test]
    fn the_order_of_arrival_and_repetition_do_not_matter(
        records in prop::collection::vec((0i64..4, prop::collection::vec((0u8..4, 0u8..4), 0..5)), 1..8),
        order in any::<prop::sample::Index>(),
    ) {
        let records: Vec<Record> = records.into_iter().map(|(stamp, fields)| record(stamp, fields)).collect();
        let mut straight = Told::default();
        records.iter().for_each(|record| { straight.hear(record); });
        let mut turned = records.clone();
        turned.rotate_left(order.index(records.len()));
        turned.reverse();
        let mut other = Told::default();
        for record in turned.iter().chain(&records) {
            other.hear(record);
        }
        prop_assert_eq!(&straight, &other);
        prop_assert!(!records.iter().any(|record| other.clone().hear(record)));
    }
}

#[test]
fn a_later_null_clears_and_silence_does_not() {
    let mut told = Told::default();
    let mut closed = record(1, vec![]);
    closed.fields.insert("closed_at".into(), json!(5));
    let mut reopened = record(2, vec![]);
    reopened.fields.insert("closed_at".into(), json!(null));
    told.hear(&reopened);
    told.hear(&closed);
    told.hear(&record(3, vec![]));
    assert_eq!(told.fields()["closed_at"], json!(null));
}
