use super::{Basis, Kept, MOST};

fn basis(parts: &[&str]) -> Basis {
    let mut basis = Basis::default();
    parts.iter().for_each(|part| basis.add(part));
    basis
}

#[test]
fn an_answer_is_given_again_only_for_what_it_rests_on() {
    let kept = Kept::new();
    kept.keep("how".into(), basis(&["ab", "c"]), 10, 1);
    assert_eq!(kept.get("how", &basis(&["ab", "c"])).as_deref(), Some(&1));
    assert_eq!(kept.get("how", &basis(&["a", "bc"])), None, "other parts of the same letters");
    assert_eq!(kept.get("why", &basis(&["ab", "c"])), None);
    kept.keep("how".into(), basis(&["later"]), 10, 2);
    assert_eq!(kept.get("how", &basis(&["ab", "c"])), None);
    assert_eq!(kept.get("how", &basis(&["later"])).as_deref(), Some(&2));
}

#[test]
fn what_is_kept_stays_within_its_bound() {
    let kept = Kept::new();
    for round in 0..5 {
        for _ in 0..3 {
            kept.keep(format!("question {round}"), basis(&["same"]), MOST / 2 - 1, round);
        }
    }
    let held = (0..5).filter(|round| kept.get(&format!("question {round}"), &basis(&["same"])).is_some()).count();
    assert!((1..=2).contains(&held), "{held}");
    assert_eq!(kept.get("question 4", &basis(&["same"])).as_deref(), Some(&4), "the last one is there");
}
