//! The morning of the first day: once, in the newcomer's own time, the plan begins and those who take part get a letter.
use super::{Calendars, Owner, plan::Plan};
use crate::access::today;
use jiff::{ToSpan, civil::Date};
use kernel::{Id, Job, JobKind, Later, Person, Result, Run, Schedule, Time, Tx, args, columns, json, sql};
use std::time::Duration;
use ui::{date_long, html};

pub const JOB: JobKind = JobKind { name: "onboarding.begin", run: Run::Inside(begin) };
pub const SCHEDULE: Schedule = Schedule { kind: "onboarding.begin", every: Duration::from_secs(15 * 60) };

/// A plan that has not begun.
struct Waiting {
    id: Id<Plan>,
    person_id: Id<Person>,
    buddy_id: Option<Id<Person>>,
    manager_id: Option<Id<Person>>,
    starts_on: Date,
}
columns!(Waiting { id, person_id, buddy_id, manager_id, starts_on });

/// Plans that one run looks at; the next ones follow a quarter of an hour later.
const MOST: i64 = 200;
/// A letter that late would only surprise: the plan was written down after the fact.
const LATEST: Duration = Duration::from_secs(7 * 24 * 3600);

fn begin<'a>(tx: &'a mut Tx<'_>, _: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        for plan in waiting(tx).await? {
            let calendars = Calendars::read(tx, plan.person_id, None, None, plan.starts_on).await?;
            let now = tx.now();
            if let Some((day, morning)) = first_morning(&calendars, plan.starts_on).filter(|(_, at)| *at <= now) {
                begin_one(tx, &plan, day, now < morning + LATEST).await?;
            }
        }
        Ok(())
    })
}

/// A day on either side of today, as somebody's date there differs from the one in UTC.
async fn waiting(tx: &mut Tx<'_>) -> Result<Vec<Waiting>> {
    let select = sql!(
        "select n.id, n.person_id, n.buddy_id, l.manager_id, n.starts_on from onboarding_plans n
           join people p on p.workspace_id = n.workspace_id and p.id = n.person_id
           left join manager_lines l on l.workspace_id = n.workspace_id and l.person_id = n.person_id and",
        holds!("l", "$2"),
        "where n.workspace_id = $1 and n.begun_at is null and n.ended_at is null and p.deactivated_at is null
            and n.starts_on <= $2 order by n.starts_on desc, n.id limit $3"
    );
    let tomorrow = today(tx).saturating_add(1.day());
    tx.all(select, args![tx.workspace(), tomorrow, MOST]).await
}

/// The newcomer's first working day, and when they come to work on it; midday for somebody without hours.
fn first_morning(calendars: &Calendars, starts_on: Date) -> Option<(Date, Time)> {
    let calendar = &calendars.newcomer.calendar;
    let day = calendars.days().first(starts_on)?;
    let midday = || day.at(12, 0, 0, 0).to_zoned(calendar.zone().clone()).ok().map(|noon| noon.timestamp().into());
    let morning = calendar.on(day).first().map(|span| span.start).or_else(midday)?;
    Some((day, morning))
}

async fn begin_one(tx: &mut Tx<'_>, plan: &Waiting, day: Date, tell: bool) -> Result<()> {
    let mark =
        sql!("update onboarding_plans set begun_at = $3 where workspace_id = $1 and id = $2 and begun_at is null");
    if tx.run(mark, args![tx.workspace(), plan.id, tx.now()]).await? == 0 {
        return Ok(());
    }
    tx.record("onboarding.begun", plan.id, json!({}));
    if tell {
        let name = sql!("select name from people where workspace_id = $1 and id = $2");
        let newcomer: String = tx.one(name, args![tx.workspace(), plan.person_id]).await?;
        let all =
            [(Owner::Newcomer, Some(plan.person_id)), (Owner::Buddy, plan.buddy_id), (Owner::Manager, plan.manager_id)];
        for (owner, person) in all {
            if let Some(person) = person {
                write_to(tx, plan.id, owner, person, &newcomer, day).await?;
            }
        }
    }
    Ok(())
}

/// Only to people who can sign in, as the letter leads to the plan.
async fn write_to(
    tx: &mut Tx<'_>,
    plan: Id<Plan>,
    owner: Owner,
    person: Id<Person>,
    newcomer: &str,
    day: Date,
) -> Result<()> {
    let address = sql!(
        "select p.name, p.email from people p
           join accounts a on a.workspace_id = p.workspace_id and a.person_id = p.id
          where p.workspace_id = $1 and p.id = $2 and p.email is not null and p.deactivated_at is null
            and a.disabled_at is null"
    );
    let found: Option<(String, String)> = tx.find(address, args![tx.workspace(), person]).await?;
    let Some((name, email)) = found else { return Ok(()) };
    let (subject, sentences) = words(owner, newcomer, &date_long(day));
    let link = format!("{}/onboarding/{plan}", tx.base_url());
    let text = format!("Hello {name},\n\n{sentences}\n\n{link}\n");
    let html =
        html! { p { "Hello " (name) "," } p { (sentences) } p { a href=(link) { "Open the plan" } } }.into_string();
    tx.mail(&email, &subject, &text, &html).await
}

/// The subject and the letter, for each part in the plan.
fn words(owner: Owner, newcomer: &str, day: &str) -> (String, String) {
    match owner {
        Owner::Newcomer => (
            "Welcome: your first weeks".into(),
            format!(
                "Welcome. Your first day is {day}. Your plan says what to do in the first weeks and whom to ask. \
                 Nobody expects all of it at once: each step has a day of its own, counted in your working days."
            ),
        ),
        Owner::Buddy => (
            format!("{newcomer} begins"),
            format!(
                "{newcomer} begins on {day}, and you are the buddy. A short message with a hello and the hours in which \
                 you are best asked is a good first step. The plan shows which steps are yours."
            ),
        ),
        Owner::Manager => (
            format!("{newcomer} begins"),
            format!(
                "{newcomer} begins on {day}. The plan shows which steps are yours, and what {newcomer} is expected to \
                 know at the end of each phase. What you say there, {newcomer} reads."
            ),
        ),
    }
}
