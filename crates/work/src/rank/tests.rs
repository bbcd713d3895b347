use super::{between, first};
use proptest::prelude::*;

proptest! {
    #[test]
    fn whatever_is_put_anywhere_stands_there(places in prop::collection::vec(any::<prop::sample::Index>(), 1..400)) {
        let mut order: Vec<String> = vec![first()];
        for place in places {
            let at = place.index(order.len() + 1);
            let after = at.checked_sub(1).map(|before| order[before].clone());
            let new = between(after.as_deref(), order.get(at).map(String::as_str)).unwrap();
            order.insert(at, new);
            prop_assert!(order.is_sorted_by(|one, next| one < next), "{order:?}");
        }
    }
}

#[test]
fn an_end_that_grows_stays_short() {
    let mut last = first();
    for _ in 0..100_000 {
        last = between(Some(&last), None).unwrap();
    }
    assert_eq!(last.len(), 6);
}

#[test]
fn the_same_gap_takes_thousands() {
    let (low, mut high) = (first(), between(Some(&first()), None).unwrap());
    for _ in 0..2_000 {
        high = between(Some(&low), Some(&high)).unwrap();
    }
    assert!(low < high && high.len() < 500, "{}", high.len());
}

#[test]
fn what_moved_meanwhile_is_a_conflict() {
    assert!(between(Some("b"), Some("a")).is_err());
    assert!(between(Some("a"), Some("a")).is_err());
}
