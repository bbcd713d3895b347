use super::*;
use crate::import::reading::text::name;
use proptest::prelude::*;

const DAY: i64 = 86_400_000_000;
const START: Time = Time(10 * DAY);
const CLOSED: Time = Time(20 * DAY);

fn moments() -> impl Strategy<Value = Vec<Moment>> {
    let category = prop::sample::select(vec![
        Category::Backlog,
        Category::Unstarted,
        Category::Started,
        Category::Done,
        Category::Cancelled,
    ]);
    let one = (0i64..30 * DAY, any::<bool>(), prop::option::of(0i64..900), category);
    prop::collection::vec(one, 1..12).prop_map(|all| {
        let mut all: Vec<Moment> = all
            .into_iter()
            .map(|(at, is_in, estimate, category)| Moment {
                at: Time(at),
                by: None,
                sprints: is_in.then(|| "7".to_owned()).into_iter().collect(),
                estimate: estimate.map(Estimate),
                category,
            })
            .collect();
        all.sort_by_key(|moment| moment.at);
        all.dedup_by_key(|moment| moment.at);
        all
    })
}

/// What an issue counts for in the sprint at an instant, read off its history alone.
fn stands(moments: &[Moment], at: Time) -> Option<IncomingPlace> {
    let until: Vec<&Moment> = moments.iter().filter(|moment| moment.at <= at).collect();
    let now = until.last()?;
    let since_start = until.iter().rposition(|moment| moment.at <= START).map_or(&until[..0], |from| &until[from..]);
    let done_before = !since_start.is_empty() && since_start.iter().all(|moment| moment.category.is_finished());
    let counts = !now.sprints.is_empty() && now.category != Category::Cancelled && !done_before;
    counts.then_some(IncomingPlace { estimate: now.estimate })
}

fn sprint(told: Told) -> IncomingSprint {
    IncomingSprint {
        started_at: Some(START),
        closed_at: Some(CLOSED),
        commitment: told.commitment,
        changes: told.changes,
        holds: told.holds,
        ..IncomingSprint::named(name("7").0.unwrap(), name("Sprint 7").0.unwrap())
    }
}

proptest! {
    #[test]
    fn the_commitment_and_the_ledger_tell_at_each_instant_what_the_history_tells(moments in moments()) {
        let bounds = Bounds { started_at: Some(START), closed_at: Some(CLOSED) };
        let mut told = Told::default();
        told.follow(&name("1").0.unwrap(), "7", &moments, bounds);
        let sprint = sprint(told);
        prop_assert!(sprint.check().is_ok(), "{sprint:?}");
        let mut instants: Vec<Time> = moments.iter().map(|moment| moment.at).collect();
        instants.push(START);
        for at in instants.into_iter().filter(|at| START <= *at && at.0 < CLOSED.0 - CLOSING) {
            let start = sprint.commitment.first().map(|one| IncomingPlace { estimate: one.estimate });
            let last = sprint.changes.iter().rfind(|change| change.at <= at);
            prop_assert_eq!(last.map_or(start, |change| change.after), stands(&moments, at), "at {}", at);
        }
    }

    #[test]
    fn what_is_open_at_the_closing_is_carried_over_and_what_is_done_is_held(moments in moments()) {
        let near = |moment: &Moment| CLOSED.0 - CLOSING <= moment.at.0 && moment.at < CLOSED;
        prop_assume!(!moments.iter().any(near));
        let bounds = Bounds { started_at: Some(START), closed_at: Some(CLOSED) };
        let mut told = Told::default();
        told.follow(&name("1").0.unwrap(), "7", &moments, bounds);
        let done = moments.iter().rfind(|moment| moment.at < CLOSED).is_some_and(|moment| moment.category.is_finished());
        let is_in = stands(&moments, Time(CLOSED.0 - 1)).is_some();
        let carried = told.changes.iter().filter(|change| change.kind == Some(Kind::RolledOver)).count();
        prop_assert_eq!(carried, usize::from(is_in && !done));
        prop_assert_eq!(told.holds.len(), usize::from(is_in && done));
    }
}

#[test]
fn an_open_issue_that_leaves_as_its_sprint_is_closed_was_in_it_to_the_end() {
    let moment = |at: i64, is_in: bool| Moment {
        at: Time(at),
        by: None,
        sprints: is_in.then(|| "7".to_owned()).into_iter().collect(),
        estimate: None,
        category: Category::Started,
    };
    let mut told = Told::default();
    let bounds = Bounds { started_at: Some(START), closed_at: Some(CLOSED) };
    told.follow(&name("1").0.unwrap(), "7", &[moment(0, true), moment(CLOSED.0 - 5_000_000, false)], bounds);
    let kinds: Vec<_> = told.changes.iter().map(|change| change.kind).collect();
    assert_eq!((told.commitment.len(), kinds), (1, vec![Some(Kind::RolledOver)]));
}
