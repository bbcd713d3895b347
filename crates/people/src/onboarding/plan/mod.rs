//! Plans: the way of one newcomer through their first weeks, with the dates in their own calendar.
mod change;
mod document;
mod end;
mod list;
mod mark;
mod show;
mod start;
mod step;

pub use change::ChangePlan;
pub(crate) use document::PLANS;
pub use end::{EndPlan, ResumePlan};
pub use list::{ListPlans, Overview, Which};
pub(super) use list::{progress, standing};
pub use mark::{AssessExpectation, CompleteStep, ReopenStep, Verdict};
pub use show::{PlanView, ShowPlan};
pub use start::StartPlan;
pub use step::{AddStep, EditStep, MoveStep, RemoveStep, RestoreStep};

use super::{Kind, Owner, template};
use crate::access::{cares_for_people, today};
use jiff::civil::Date;
use kernel::{Actor, Error, Id, Person, Result, Time, Tx, args, columns, json, sql};
use schemars::JsonSchema;
use serde::Serialize;
use ui::Pages;

pub fn pages() -> Pages {
    Pages::new()
        .get("/onboarding", list::list)
        .get("/onboarding/new", start::new)
        .post("/onboarding/new", start::start)
        .get("/onboarding/{plan}", show::show)
        .get("/onboarding/{plan}/edit", change::form)
        .post("/onboarding/{plan}/edit", change::save)
        .get("/onboarding/{plan}/end", end::form)
        .post("/onboarding/{plan}/end", end::end)
        .post("/onboarding/{plan}/resume", end::resume)
        .get("/onboarding/{plan}/steps/new", step::new)
        .post("/onboarding/{plan}/steps/new", step::add)
        .get("/onboarding/{plan}/steps/{step}", mark::form)
        .post("/onboarding/{plan}/steps/{step}/done", mark::done)
        .post("/onboarding/{plan}/steps/{step}/assessment", mark::assess)
        .post("/onboarding/{plan}/steps/{step}/reopen", mark::reopen)
        .get("/onboarding/{plan}/steps/{step}/edit", step::form)
        .post("/onboarding/{plan}/steps/{step}/edit", step::save)
        .post("/onboarding/{plan}/steps/{step}/move", step::shift)
        .post("/onboarding/{plan}/steps/{step}/remove", step::remove)
        .post("/onboarding/{plan}/steps/{step}/restore", step::restore)
}

/// A plan and those who take part in it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Plan {
    pub id: Id<Plan>,
    pub person_id: Id<Person>,
    pub person_name: String,
    pub person_photo: Option<String>,
    pub buddy_id: Option<Id<Person>>,
    pub buddy_name: Option<String>,
    pub buddy_photo: Option<String>,
    /// The manager of today, or of the first day where that is still to come.
    pub manager_id: Option<Id<Person>>,
    pub manager_name: Option<String>,
    pub manager_photo: Option<String>,
    pub template_id: Option<Id<template::Template>>,
    pub starts_on: Date,
    /// When the newcomer's first working day came.
    pub begun_at: Option<Time>,
    pub ended_at: Option<Time>,
    /// Why it was ended early; none where it was finished.
    pub end_reason: Option<String>,
    /// Whether the reader is in the newcomer's manager line.
    pub leads: bool,
}
columns!(Plan {
    id,
    person_id,
    person_name,
    person_photo,
    buddy_id,
    buddy_name,
    buddy_photo,
    manager_id,
    manager_name,
    manager_photo,
    template_id,
    starts_on,
    begun_at,
    ended_at,
    end_reason,
    leads,
});

/// A stretch of a plan.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Phase {
    /// The working day of the newcomer with which it ends, counted from the first one, which is 0.
    pub day: i64,
    pub name: String,
    pub ends_on: Date,
}
columns!(Phase { day, name, ends_on });

/// A step or an expectation of a plan.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Step {
    pub id: Id<Step>,
    /// The day of its phase.
    pub phase: i64,
    pub kind: Kind,
    pub rank: i64,
    pub title: String,
    pub body: String,
    pub owner: Owner,
    /// The working day from which the date was counted; none where the date was written by hand.
    pub due_day: Option<i64>,
    pub due_on: Date,
    /// When it was done, or the expectation was met.
    pub done_at: Option<Time>,
    /// When the manager said that the expectation is not met yet.
    pub not_yet_at: Option<Time>,
    /// Who said so.
    pub done_by: Option<Id<Person>>,
    pub done_by_name: Option<String>,
    pub note: String,
}
columns!(Step {
    id,
    phase,
    kind,
    rank,
    title,
    body,
    owner,
    due_day,
    due_on,
    done_at,
    not_yet_at,
    done_by,
    done_by_name,
    note,
});

/// Whether the actor, as `$3`, is above the newcomer in the reporting line on the date `$4`, or will be: a manager
/// prepares the plan before the first day.
const LED: &str = concat!(
    " n.person_id in (
        with recursive line (person_id, depth) as (
          select cast($3 as text), 0
          union all
          select l.person_id, line.depth + 1 from line join manager_lines l on l.manager_id = line.person_id
           where l.workspace_id = $1 and line.depth < 50 and",
    holds!("l", "$4"),
    "
        )
        select l.person_id from line join manager_lines l on l.manager_id = line.person_id
         where l.workspace_id = $1 and (l.until_on is null or l.until_on > $4)) "
);

/// The reach of every query that shows plans, as `n`: the newcomer, the buddy, the manager line, and those who keep the
/// records of people (`$2`).
macro_rules! plans_visible {
    () => {
        " n.workspace_id = $1 and ($2 or n.person_id = $3 or n.buddy_id = $3 or "
    };
}
use plans_visible;

/// The people of a plan, to be joined to it.
const PEOPLE: &str = "
   join people p on p.workspace_id = n.workspace_id and p.id = n.person_id
   left join people b on b.workspace_id = n.workspace_id and b.id = n.buddy_id
   left join manager_lines m on m.workspace_id = n.workspace_id and m.person_id = n.person_id
        and m.from_on <= case when n.starts_on > $4 then n.starts_on else $4 end
        and (m.until_on is null or m.until_on > case when n.starts_on > $4 then n.starts_on else $4 end)
   left join people h on h.workspace_id = n.workspace_id and h.id = m.manager_id ";

impl Plan {
    /// The plan, if the actor can see it.
    pub async fn visible(tx: &mut Tx<'_>, id: Id<Plan>) -> Result<Plan> {
        let select = sql!(
            "select n.id, n.person_id, p.name as person_name, p.photo as person_photo, n.buddy_id, b.name as buddy_name,
                    b.photo as buddy_photo, h.id as manager_id, h.name as manager_name, h.photo as manager_photo,
                    n.template_id, n.starts_on, n.begun_at, n.ended_at, n.end_reason,",
            LED,
            "as leads from onboarding_plans n",
            PEOPLE,
            "where",
            plans_visible!(),
            LED,
            ") and n.id = $5"
        );
        let cares = cares_for_people(tx.actor());
        tx.one(select, args![tx.workspace(), cares, tx.me(), today(tx), id]).await
    }

    /// The plan with one of its steps, removed or not.
    async fn with_step(tx: &mut Tx<'_>, id: Id<Plan>, step: Id<Step>) -> Result<(Plan, Step)> {
        let plan = Plan::visible(tx, id).await?;
        let select = sql!(
            "select s.id, s.phase, s.kind, s.rank, s.title, s.body, s.owner, s.due_day, s.due_on, s.done_at, s.not_yet_at,
                    s.done_by, d.name as done_by_name, s.note
               from onboarding_steps s left join people d on d.workspace_id = s.workspace_id and d.id = s.done_by
              where s.workspace_id = $1 and s.plan_id = $2 and s.id = $3"
        );
        Ok((plan, tx.one(select, args![tx.workspace(), id, step]).await?))
    }

    async fn phases(tx: &mut Tx<'_>, id: Id<Plan>) -> Result<Vec<Phase>> {
        let select = sql!(
            "select day, name, ends_on from onboarding_phases where workspace_id = $1 and plan_id = $2 order by day"
        );
        tx.all(select, args![tx.workspace(), id]).await
    }

    /// The steps in their order, phase by phase.
    async fn steps(tx: &mut Tx<'_>, id: Id<Plan>) -> Result<Vec<Step>> {
        let select = sql!(
            "select s.id, s.phase, s.kind, s.rank, s.title, s.body, s.owner, s.due_day, s.due_on, s.done_at, s.not_yet_at,
                    s.done_by, d.name as done_by_name, s.note
               from onboarding_steps s left join people d on d.workspace_id = s.workspace_id and d.id = s.done_by
              where s.workspace_id = $1 and s.plan_id = $2 and s.removed_at is null order by s.phase, s.rank, s.id"
        );
        tx.all(select, args![tx.workspace(), id]).await
    }

    /// May change the plan: the manager line, and those who keep the records of people.
    pub fn is_kept_by(&self, actor: &Actor) -> bool {
        self.leads || cares_for_people(actor)
    }

    /// Whether the actor has this part in the plan.
    fn is(&self, owner: Owner, person: Id<Person>) -> bool {
        match owner {
            Owner::Newcomer => self.person_id == person,
            Owner::Buddy => self.buddy_id == Some(person),
            Owner::Manager => self.manager_id == Some(person),
        }
    }

    /// May say that a step is done: whoever has it, and those who keep the plan. What is expected of newcomers is never
    /// for themselves to judge.
    pub fn is_marked_by(&self, actor: &Actor, step: &Step) -> bool {
        match step.kind {
            Kind::Step => self.is_kept_by(actor) || self.is(step.owner, actor.person),
            Kind::Expectation => self.is_kept_by(actor) && self.person_id != actor.person,
        }
    }

    /// A plan that was ended early stays as it is.
    fn check_open(&self) -> Result<()> {
        match self.end_reason {
            None => Ok(()),
            Some(_) => Err(Error::conflict("This plan was ended. Take it up again before you change it.")),
        }
    }
}

impl Step {
    pub fn is_late(&self, today: Date) -> bool {
        self.done_at.is_none() && self.due_on < today
    }
}

/// Finishes a plan when the last step is done, and takes a finished one up again when a step is open.
async fn settle(tx: &mut Tx<'_>, plan: &Plan) -> Result<()> {
    let count = sql!(
        "select count(*), count(done_at) from onboarding_steps
          where workspace_id = $1 and plan_id = $2 and removed_at is null"
    );
    let (all, done): (i64, i64) = tx.one(count, args![tx.workspace(), plan.id]).await?;
    let finished = all > 0 && done == all;
    if finished == plan.ended_at.is_some() {
        return Ok(());
    }
    let update = sql!("update onboarding_plans set ended_at = $3, ended_by = null where workspace_id = $1 and id = $2");
    let (at, verb) = match finished {
        true => (Some(tx.now()), "onboarding.finished"),
        false => (None, "onboarding.resumed"),
    };
    tx.run(update, args![tx.workspace(), plan.id, at]).await?;
    tx.record(verb, plan.id, json!({}));
    Ok(())
}

fn place(plan: Id<Plan>) -> String {
    format!("/onboarding/{plan}")
}
