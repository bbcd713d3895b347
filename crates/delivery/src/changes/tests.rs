use super::{Change, decode, encode};
use proptest::{collection::vec, option, prelude::*};

fn change() -> impl Strategy<Value = Change> {
    (0u64..1 << 40, option::of(any::<u64>()), option::of((any::<u64>(), any::<u64>())))
        .prop_map(|(path, renamed_from, lines)| Change { path, renamed_from, lines })
}

proptest! {
    #[test]
    fn what_is_stored_comes_back(changes in vec(change(), 0..20)) {
        prop_assert_eq!(decode(&encode(changes.clone())).unwrap(), changes);
    }

    #[test]
    fn damage_is_told(bytes in vec(any::<u8>(), 0..40)) {
        if let Ok(changes) = decode(&bytes) {
            prop_assert!(changes.len() <= bytes.len());
        }
    }
}

#[test]
fn a_usual_change_takes_four_bytes() {
    assert_eq!(encode([Change { path: 900, renamed_from: None, lines: Some((12, 3)) }]).len(), 4);
}
