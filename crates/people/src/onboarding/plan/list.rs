use super::{LED, PEOPLE, Plan, plans_visible};
use crate::{
    access::{cares_for_people, today},
    onboarding::tabs,
};
use jiff::civil::Date;
use kernel::{Actor, Id, Method::Get, Operation, Person, Result, Route, Time, Tx, args, columns, sql, words};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Head, Markup, chip, date, empty, face, html};

words! {
    /// Which plans a list shows.
    pub enum Which {
        Running = "running",
        Ended = "ended",
        All = "all",
    }
}

/// The onboarding plans that the reader can see, the latest start first.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListPlans {
    /// Those that run if left out.
    #[serde(default)]
    pub which: Option<Which>,
    /// Only the plans of this newcomer.
    #[serde(default)]
    pub person: Option<Id<Person>>,
}

/// A plan in a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Overview {
    pub id: Id<Plan>,
    pub person_id: Id<Person>,
    pub person_name: String,
    pub person_photo: Option<String>,
    pub person_title: String,
    pub buddy_id: Option<Id<Person>>,
    pub buddy_name: Option<String>,
    pub manager_id: Option<Id<Person>>,
    pub manager_name: Option<String>,
    pub starts_on: Date,
    pub begun_at: Option<Time>,
    pub ended_at: Option<Time>,
    pub end_reason: Option<String>,
    pub steps: i64,
    pub done: i64,
    /// Steps that are open after their day.
    pub late: i64,
    /// When the next open step is due.
    pub next_on: Option<Date>,
}
columns!(Overview {
    id,
    person_id,
    person_name,
    person_photo,
    person_title,
    buddy_id,
    buddy_name,
    manager_id,
    manager_name,
    starts_on,
    begun_at,
    ended_at,
    end_reason,
    steps,
    done,
    late,
    next_on,
});

const MOST: i64 = 200;

impl Operation for ListPlans {
    const NAME: &str = "onboarding.list";
    const ROUTE: Route = Route(Get, "/onboarding");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<Overview>;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Vec<Overview>> {
        let select = sql!(
            "select n.id, n.person_id, p.name as person_name, p.photo as person_photo, p.title as person_title,
                    n.buddy_id, b.name as buddy_name, h.id as manager_id, h.name as manager_name, n.starts_on, n.begun_at,
                    n.ended_at, n.end_reason, coalesce(c.steps, 0) as steps, coalesce(c.done, 0) as done,
                    coalesce(c.late, 0) as late, c.next_on
               from onboarding_plans n",
            PEOPLE,
            "left join (select s.plan_id, count(*) as steps, count(s.done_at) as done,
                    count(case when s.done_at is null and s.due_on < $4 then 1 end) as late,
                    min(case when s.done_at is null then s.due_on end) as next_on
               from onboarding_steps s where s.workspace_id = $1 and s.removed_at is null group by s.plan_id) c
               on c.plan_id = n.id
              where",
            plans_visible!(),
            LED,
            ") and ($5 = 'all' or ($5 = 'running') = (n.ended_at is null))
               and (cast($6 as text) is null or n.person_id = $6)
              order by n.starts_on desc, p.sort_name, n.id limit $7"
        );
        let cares = cares_for_people(tx.actor());
        let which = self.which.unwrap_or(Which::Running);
        let (me, today) = (tx.me(), today(tx));
        tx.all(select, args![tx.workspace(), cares, me, today, which, self.person, MOST]).await
    }
}

/// `GET /onboarding`
pub async fn list(cx: Cx) -> Answer {
    let list: ListPlans = cx.input()?;
    let which = list.which.unwrap_or(Which::Running);
    let plans = cx.read(list).await?;
    let may_start = cx.read(super::start::MayStart {}).await?;
    let actions = html! { @if may_start {
        a.button.primary href="/onboarding/new" data-key="c" data-key-label="Start a plan" { "Start a plan" kbd { "C" } }
    } };
    let lead = "The first weeks of those who are new: what is to do, who does it, and by when in the newcomer's own working days.";
    let body = html! {
        (Head { title: "Onboarding", lead, actions: Some(actions), ..Head::default() }.show())
        (tabs("/onboarding"))
        div.stack {
            nav.segments aria-label="Which plans" {
                @for (one, label) in [(Which::Running, "Running"), (Which::Ended, "Ended"), (Which::All, "All")] {
                    a href={ "/onboarding?which=" (one.word()) } aria-current=[(one == which).then_some("true")] { (label) }
                }
            }
            div #plans {
                @if plans.is_empty() { (nothing(which, may_start)) }
                @else { section.card { ul.list { @for plan in &plans { (line(&cx, plan)) } } } }
            }
        }
    };
    Ok(cx.live_page("Onboarding", &["onboarding"], body))
}

fn nothing(which: Which, may_start: bool) -> Markup {
    let what = match which {
        Which::Ended => "No plan has ended yet. Plans end by themselves when everything in them is done.",
        _ => {
            "No plan runs that you take part in. A plan leads a newcomer through the first weeks; you see those of your own, of your reports, and those in which you are the buddy."
        }
    };
    empty(what, may_start.then_some(("/onboarding/new", "Start a plan")))
}

fn line(cx: &Cx, plan: &Overview) -> Markup {
    let people = [
        plan.manager_name.as_deref().map(|name| ("manager", name)),
        plan.buddy_name.as_deref().map(|name| ("buddy", name)),
    ];
    let people: Vec<String> = people.into_iter().flatten().map(|(part, name)| format!("{part} {name}")).collect();
    html! {
        li id={ "plan-" (plan.id) } {
            (face(&plan.person_id, &plan.person_name, plan.person_photo.as_deref(), ""))
            div.what {
                p { a href={ "/onboarding/" (plan.id) } { (plan.person_name) } @if !plan.person_title.is_empty() { span.muted { ", " (plan.person_title) } } }
                p.small.muted { (people.join(", ")) }
            }
            div.row.wrap.end { (standing(cx, plan)) (progress(plan)) }
        }
    }
}

/// Where a plan stands, in a chip.
pub(in crate::onboarding) fn standing(cx: &Cx, plan: &Overview) -> Markup {
    match (&plan.end_reason, plan.ended_at, plan.next_on) {
        (Some(_), ..) => chip("", "Ended early"),
        (None, Some(_), _) => chip("good", "Finished"),
        _ if plan.late > 0 => chip("bad", &format!("{} late", plan.late)),
        _ if plan.starts_on > cx.today() => chip("info", &format!("Starts {}", date(plan.starts_on, cx.today()))),
        (.., Some(next)) => chip("", &format!("Next due {}", date(next, cx.today()))),
        _ => html! {},
    }
}

pub(in crate::onboarding) fn progress(plan: &Overview) -> Markup {
    let label = format!("Done in the plan of {}", plan.person_name);
    bar(&format!("done-{}", plan.id), &label, plan.done as usize, plan.steps as usize)
}

pub(super) fn bar(id: &str, label: &str, done: usize, all: usize) -> Markup {
    let words = format!("{done} of {all}");
    html! {
        div.progress {
            label.vh for=(id) { (label) }
            progress id=(id) max=(all.max(1)) value=(done) { (words) }
            span.num { (words) }
        }
    }
}
