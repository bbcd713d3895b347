use crate::{constant, forecast, history};
use forecast::{Flaw, Plan, Stage};
use jiff::civil::date;

fn stage(team: usize, items: u64, after: &[usize]) -> Stage {
    Stage { team, items, after: after.to_vec() }
}

#[test]
fn constant_teams_end_with_the_longest_path() {
    let as_of = date(2024, 3, 31);
    let teams = [1, 2].map(|each| forecast(constant(date(2024, 1, 1), 90, each), as_of));
    let stages = vec![stage(0, 10, &[]), stage(1, 10, &[]), stage(1, 8, &[0]), stage(0, 5, &[1])];
    let (ends, whole) = Plan::new(teams.to_vec(), stages, 0.3).unwrap().when_done(100, 5);
    let dates: Vec<_> = ends.iter().map(|end| end.date_for(0.5).unwrap().day()).collect();
    assert_eq!(dates, [9, 4, 13, 14], "the second stage of team 0 waits for its first");
    assert_eq!(whole.date_for(0.95), Some(date(2024, 4, 14)));
}

#[test]
fn what_is_done_by_when_is_counted_in_the_same_futures() {
    let as_of = date(2024, 3, 31);
    let teams = [1, 2].map(|each| forecast(constant(date(2024, 1, 1), 90, each), as_of));
    let stages = vec![stage(0, 10, &[]), stage(1, 10, &[]), stage(1, 8, &[0]), stage(0, 5, &[1])];
    let counts = Plan::new(teams.to_vec(), stages, 0.3).unwrap().ended_within(&[4, 5, 10, 14, 15], 10, 5);
    assert_eq!(counts, [0, 1, 2, 3, 4].map(|done| vec![done; 10]), "they end after 5, 10, 14 and 15 days");
    let team = forecast(history("drifting"), date(2022, 2, 1));
    let plan = Plan::new(vec![team], (0..30).map(|_| stage(0, 1, &[])).collect(), 0.0).unwrap();
    let (whole, counts) = (plan.when_done(1000, 5).1, plan.ended_within(&[28], 1000, 5).remove(0));
    let all = counts.iter().filter(|count| **count == 30).count() as f64 / 1000.0;
    assert_eq!(all, whole.chance(date(2022, 2, 28)));
}

#[test]
fn the_later_of_two_teams_is_later_than_each() {
    let as_of = date(2022, 2, 1);
    let team = forecast(history("drifting"), as_of);
    let by = team.date_for(30, 0.7).unwrap();
    let chance = |shared| {
        let stages = vec![stage(0, 30, &[]), stage(1, 30, &[])];
        Plan::new(vec![team.clone(); 2], stages, shared).unwrap().when_done(40_000, 5).1.chance(by)
    };
    assert!((chance(0.0) - 0.49).abs() < 0.02, "independent: 0.7 times 0.7, not {}", chance(0.0));
    assert!((chance(1.0) - 0.7).abs() < 0.02, "moving together: {}", chance(1.0));
    assert!(chance(0.3) > chance(0.0) && chance(0.3) < chance(1.0));
}

#[test]
fn a_plan_that_cannot_be_is_refused_in_words() {
    let team = forecast(constant(date(2024, 1, 1), 90, 1), date(2024, 3, 31));
    let refused = |stages| Plan::new(vec![team.clone()], stages, 0.3).unwrap_err();
    assert_eq!(refused(vec![]), Flaw::NoStages);
    assert_eq!(refused(vec![stage(1, 5, &[])]).to_string(), "Stage 1 names a team that the plan does not have.");
    let circle = refused(vec![stage(0, 5, &[1]), stage(0, 5, &[0])]);
    assert_eq!(circle.to_string(), "Stage 1 waits for stage 2, which does not come before it.");
}

#[test]
fn the_stages_of_one_team_take_as_long_as_one_of_all() {
    let team = || vec![forecast(history("drifting"), date(2022, 2, 1))];
    let whole = Plan::new(team(), vec![stage(0, 40, &[])], 0.0).unwrap().when_done(500, 5).1;
    let single = |place: usize| stage(0, 1, &[place.saturating_sub(1)][..place.min(1)]);
    let parts = Plan::new(team(), (0..40).map(single).collect(), 0.0).unwrap().when_done(500, 5).1;
    for share in [0.1, 0.5, 0.85, 0.95] {
        assert_eq!(parts.date_for(share), whole.date_for(share));
    }
}
