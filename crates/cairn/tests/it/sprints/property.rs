//! Any sequence of changes: what the issues of the sprint add up to at the end of each day is what its report says, and the
//! report is the same a year later whatever happened since.
use super::{begun, edit, planned, report};
use crate::issues::{asked, issue, state};
use jiff::{Timestamp, ToSpan};
use kernel::{Json, json};
use proptest::{collection::vec, prelude::*, test_runner::TestRunner};
use testkit::{World, worlds};
use tokio::{runtime::Handle, task::block_in_place};

#[derive(Clone, Copy, Debug)]
enum Act {
    Estimate(usize, Option<u8>),
    Into(usize),
    Out(usize),
    State(usize, usize),
    Delete(usize),
    Restore(usize),
    Split(usize, u8),
    MoveAway(usize),
    Create(u8),
    UndoLast,
    NextDay,
}

const STATES: [&str; 5] = ["Ready", "In progress", "Done", "Cancelled", "Backlog"];

fn act() -> impl Strategy<Value = Act> {
    let one = 0..6_usize;
    prop_oneof![
        (one.clone(), proptest::option::of(0..9_u8)).prop_map(|(one, size)| Act::Estimate(one, size)),
        one.clone().prop_map(Act::Into),
        one.clone().prop_map(Act::Out),
        (one.clone(), 0..STATES.len()).prop_map(|(one, state)| Act::State(one, state)),
        one.clone().prop_map(Act::Delete),
        one.clone().prop_map(Act::Restore),
        (one.clone(), 0..5_u8).prop_map(|(one, size)| Act::Split(one, size)),
        one.prop_map(Act::MoveAway),
        (0..5_u8).prop_map(Act::Create),
        Just(Act::UndoLast),
        Just(Act::NextDay),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn scope_is_commitment_and_ledger_on_every_day_and_a_closed_report_stays() {
    for world in worlds().await {
        let mut runner =
            TestRunner::new(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() });
        let run = |acts: Vec<Act>| block_in_place(|| Handle::current().block_on(Case::run(&world, acts)));
        runner.run(&vec(act(), 1..24), run).unwrap_or_else(|failed| panic!("on {}: {failed}", world.url));
    }
}

struct Case<'w> {
    world: &'w World,
    sprint: Json,
    issues: Vec<Json>,
    batch: Json,
    now: Timestamp,
    /// At the end of each day, the estimates and the number of what the sprint held.
    held: Vec<(f64, usize)>,
}

impl Case<'_> {
    async fn run(world: &World, acts: Vec<Act>) -> Result<(), TestCaseError> {
        let now: Timestamp = "2026-03-17T12:00:00Z".parse().unwrap();
        world.clock.set(now.into());
        let mut issues = Vec::new();
        for size in [5, 3, 1, 2] {
            issues.push(issue(world, json!({ "estimate": size })).await);
        }
        let inside: Vec<&Json> = issues.iter().take(3).collect();
        let sprint = begun(world, &inside).await;
        let mut case = Case { world, sprint, issues, batch: Json::Null, now, held: Vec::new() };
        for act in &acts {
            case.act(*act).await;
        }
        case.next_day().await;
        let found = report(world, &case.sprint).await;
        let days = found["days"].as_array().unwrap();
        for (day, (estimate, count)) in days.iter().zip(&case.held) {
            let scope = (day["scope"]["estimate"].as_f64().unwrap(), day["scope"]["issues"].as_u64().unwrap() as usize);
            prop_assert_eq!(scope, (*estimate, *count), "on {}", day["on"].clone());
        }
        case.close_and_go_on(&acts).await
    }

    async fn act(&mut self, act: Act) {
        let state = match act {
            Act::State(_, place) => state(self.world, STATES[place]).await,
            _ => Json::Null,
        };
        let of = |one: usize| self.issues[one % self.issues.len()]["id"].clone();
        let (name, input) = match act {
            Act::Estimate(one, size) => ("issue.edit", json!({ "issue": of(one), "estimate": size })),
            Act::Into(one) => ("issue.edit", json!({ "issue": of(one), "sprint": self.sprint["id"] })),
            Act::Out(one) => ("issue.edit", json!({ "issue": of(one), "sprint": null })),
            Act::State(one, _) => ("issue.edit", json!({ "issue": of(one), "state": state })),
            Act::Delete(one) => ("issue.delete", json!({ "issue": of(one) })),
            Act::Restore(one) => ("issue.restore", json!({ "issue": of(one) })),
            Act::Split(one, size) => (
                "issue.split",
                json!({ "issue": of(one), "pieces": [{ "title": "Piece", "estimate": size }], "estimate": 1 }),
            ),
            Act::MoveAway(one) => ("issue.move", json!({ "issue": of(one), "team": self.world.team("ledger") })),
            Act::Create(size) => (
                "issue.create",
                json!({ "team": self.world.team("payments"), "title": "New", "estimate": size, "sprint": self.sprint["id"] }),
            ),
            Act::UndoLast => ("issue.undo", json!({ "batch": self.batch })),
            Act::NextDay => return self.next_day().await,
        };
        self.now = self.now.checked_add(1.second()).unwrap();
        self.world.clock.set(self.now.into());
        // What cannot be done at this moment is refused and changes nothing.
        let Ok(answer) = self.world.ask(&self.world.actor("dele").await, name, input).await else { return };
        match name {
            "issue.edit" if !answer["batch"].is_null() => self.batch = answer["batch"].clone(),
            "issue.create" => self.issues.push(answer),
            "issue.split" => self.issues.push(answer["pieces"][0].clone()),
            _ => {}
        }
    }

    /// What the issues say, not the ledger.
    async fn next_day(&mut self) {
        let view = asked(self.world, "mara", "sprint.show", json!({ "sprint": self.sprint["id"] })).await;
        let all = view["issues"].as_array().unwrap();
        let counts: Vec<&Json> = all.iter().filter(|issue| issue["category"] != "cancelled").collect();
        let sum = counts.iter().map(|issue| issue["estimate"].as_f64().unwrap_or(0.0)).sum();
        self.held.push((sum, counts.len()));
        self.now = self.now.checked_add(24.hours()).unwrap();
        self.world.clock.set(self.now.into());
    }

    async fn close_and_go_on(&mut self, acts: &[Act]) -> Result<(), TestCaseError> {
        let close = json!({ "sprint": self.sprint["id"], "reason": "Enough" });
        asked(self.world, "tomasz", "sprint.close", close).await;
        let closed = report(self.world, &self.sprint).await;
        let other = planned(self.world, &[]).await;
        for act in acts.iter().filter(|act| !matches!(act, Act::NextDay)) {
            self.act(*act).await;
        }
        for one in 0..self.issues.len() {
            let input = json!({ "issue": self.issues[one]["id"], "estimate": 21, "sprint": other["id"] });
            drop(self.world.ask(&self.world.actor("dele").await, "issue.edit", input).await);
        }
        asked(self.world, "tomasz", "sprint.drop", json!({ "sprint": other["id"] })).await;
        self.now = self.now.checked_add((366 * 24).hours()).unwrap();
        self.world.clock.set(self.now.into());
        prop_assert_eq!(report(self.world, &self.sprint).await, closed);
        let last = issue(self.world, json!({})).await;
        edit(self.world, &last, json!({ "estimate": 1 })).await;
        Ok(())
    }
}
