use super::*;
use jiff::ToSpan;
use proptest::prelude::*;

fn today() -> Date {
    jiff::civil::date(2026, 3, 17)
}

/// Days relative to today, both included.
fn days(first: i32, last: i32) -> Stretch {
    Stretch { first_on: today() + first.days(), last_on: today() + last.days(), hours: None }
}

fn event(key: &str, time: Stretch) -> Wanted {
    Wanted {
        line: 1,
        title: String::new(),
        key: Some(key.to_owned()),
        first_on: time.first_on,
        last_on: time.last_on,
        time: Ok(time),
        cancelled: false,
    }
}

fn known(id: u128, key: Option<&str>, time: Stretch) -> Known {
    Known { id: Id::from_u128(id), key: key.map(str::to_owned), time, withdrawn: false }
}

/// What is entered after the plan.
fn applied(known: Vec<Known>, wanted: &[Wanted]) -> Vec<Known> {
    let steps = plan(wanted, &known, today());
    let mut after = known;
    for (event, step) in wanted.iter().zip(steps) {
        let mut place = |id: Id<Leave>, time: Option<Stretch>| {
            let one = after.iter_mut().find(|one| one.id == id).unwrap();
            one.withdrawn = time.is_none();
            one.time = time.unwrap_or(one.time.clone());
        };
        match step {
            Step::Change(id, time) | Step::Restore(id, time) => place(id, Some(time)),
            Step::Withdraw(id) => place(id, None),
            Step::Enter(time) => after.push(Known {
                id: Id::from_u128(1000 + after.len() as u128),
                key: event.key.clone(),
                time,
                withdrawn: false,
            }),
            Step::Keep | Step::LeaveOut(_) => {}
        }
    }
    after
}

#[test]
fn an_event_enters_moves_withdraws_and_comes_back() {
    let id = Id::from_u128(1);
    assert_eq!(plan(&[event("a", days(1, 3))], &[], today()), [Step::Enter(days(1, 3))]);
    let entered = || known(1, Some("a"), days(1, 3));
    assert_eq!(plan(&[event("a", days(1, 3))], &[entered()], today()), [Step::Keep]);
    assert_eq!(plan(&[event("a", days(2, 4))], &[entered()], today()), [Step::Change(id, days(2, 4))]);
    let cancelled = || Wanted { cancelled: true, ..event("a", days(1, 3)) };
    assert_eq!(plan(&[cancelled()], &[entered()], today()), [Step::Withdraw(id)]);
    assert_eq!(plan(&[cancelled()], &[], today()), [Step::LeaveOut("It is cancelled.".into())]);
    let gone = Known { withdrawn: true, ..entered() };
    assert_eq!(plan(&[event("a", days(1, 3))], &[gone], today()), [Step::Restore(id, days(1, 3))]);
}

#[test]
fn what_a_person_has_entered_stays_and_the_refusal_names_it() {
    let own = known(1, None, days(2, 5));
    let steps = plan(&[event("a", days(5, 6)), event("b", days(6, 7))], &[own], today());
    let taken = Step::LeaveOut("Leave is entered for this time already: 19 to 22 March.".into());
    assert_eq!(steps, [taken, Step::Enter(days(6, 7))]);
}

#[test]
fn a_leave_that_moves_away_makes_room_whatever_the_order() {
    let entered = known(1, Some("b"), days(1, 3));
    let steps = plan(&[event("a", days(2, 2)), event("b", days(10, 12))], &[entered], today());
    assert_eq!(steps, [Step::Enter(days(2, 2)), Step::Change(Id::from_u128(1), days(10, 12))]);
}

/// Days around each other, so that most of them meet.
fn stretches() -> impl Strategy<Value = Stretch> {
    (0i32..30, 0i32..5).prop_map(|(first, length)| days(first, first + length))
}

fn events() -> impl Strategy<Value = Vec<Wanted>> {
    let one = (0u8..8, stretches(), prop::bool::weighted(0.2));
    prop::collection::vec(one, 0..8).prop_map(|all| {
        let mut seen = std::collections::BTreeSet::new();
        let fresh = all.into_iter().filter(|(key, ..)| seen.insert(*key)).collect::<Vec<_>>();
        fresh.into_iter().map(|(key, time, cancelled)| Wanted { cancelled, ..event(&key.to_string(), time) }).collect()
    })
}

proptest! {
    /// After any two files no leave overlaps another, and the second file again has nothing to do.
    #[test]
    fn nothing_overlaps_and_the_same_file_does_nothing_twice(first in events(), second in events(), own in stretches()) {
        let after = applied(applied(vec![known(1, None, own)], &first), &second);
        let standing: Vec<&Known> = after.iter().filter(|one| !one.withdrawn).collect();
        for (i, one) in standing.iter().enumerate() {
            for other in &standing[i + 1..] {
                prop_assert!(!one.time.overlaps(&other.time), "{:?} and {:?}", one.time, other.time);
            }
        }
        let again = plan(&second, &after, today());
        prop_assert!(again.iter().all(|step| matches!(step, Step::Keep | Step::LeaveOut(_))), "{again:?}");
    }
}
