//! What is due is made, once for each day, also if the program was not running at that time.
use super::{super::Template, Recurrence, SELECT, next};
use crate::issue::CreateIssue;
use jiff::{
    Span,
    civil::{Date, Time as TimeOfDay},
};
use kernel::{Error, Id, Job, JobKind, Later, Result, Run, Schedule, Time, Tx, args, sql};
use people::hours::calendars;
use std::time::Duration;

pub const JOB: JobKind = JobKind { name: "recurrence.sweep", run: Run::Inside(sweep) };
pub const SCHEDULE: Schedule = Schedule { kind: "recurrence.sweep", every: Duration::from_secs(5 * 60) };

const MOST: i64 = 50;

fn sweep<'a>(tx: &'a mut Tx<'_>, _: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let select = sql!(
            SELECT,
            "where c.workspace_id = $1 and c.next_at <= $2 and c.paused_at is null and x.deleted_at is null
              order by c.next_at, c.id limit $3"
        );
        let due: Vec<Recurrence> = tx.all(select, args![tx.workspace(), tx.now(), MOST]).await?;
        for recurrence in due {
            make(tx, &recurrence).await?;
        }
        Ok(())
    })
}

/// Makes the issue of the day, and finds the next day after now: what was missed meanwhile is not made up for.
async fn make(tx: &mut Tx<'_>, recurrence: &Recurrence) -> Result<()> {
    let template = Template::visible(tx, recurrence.template_id, false).await?;
    let title = template.content.title.parse().map_err(Error::internal)?;
    let today = tx.now().date(&recurrence.zone());
    let new = template.content.fill(tx, CreateIssue::named(template.team_id, title), today).await?;
    let made = match tx.call_as(tx.actor(), &new).await {
        Ok(issue) => note(tx, recurrence, Some(issue.id), "").await,
        Err(Error::Invalid(flaws)) => {
            let why: Vec<&str> = flaws.iter().map(|flaw| flaw.sentence.as_str()).collect();
            note(tx, recurrence, None, &why.join(" ")).await
        }
        Err(error) => Err(error),
    };
    made?;
    go_on(tx, recurrence, recurrence.next_on.tomorrow().unwrap_or(today).max(today)).await
}

/// What became of the day that is next.
pub(super) async fn note(
    tx: &mut Tx<'_>,
    recurrence: &Recurrence,
    issue: Option<Id<crate::issue::Issue>>,
    skipped: &str,
) -> Result<()> {
    let insert = sql!(
        "insert into recurrence_occurrences (workspace_id, recurrence_id, on_date, issue_id, skipped, at)
         values ($1, $2, $3, $4, $5, $6)"
    );
    let (workspace, now) = (tx.workspace(), tx.now());
    tx.run(insert, args![workspace, recurrence.id, recurrence.next_on, issue, skipped, now]).await.map(drop)
}

/// Finds the next day from `from` on.
pub(super) async fn go_on(tx: &mut Tx<'_>, recurrence: &Recurrence, from: Date) -> Result<()> {
    let template = Template::visible(tx, recurrence.template_id, true).await?;
    let at = TimeOfDay::strptime("%H:%M", &recurrence.at).map_err(Error::internal)?;
    let works = working_days(tx, &template, from).await?;
    let found = next(&recurrence.rhythm, recurrence.first_on, from, at, &recurrence.zone(), works);
    let never = || Error::internal(format!("nothing follows in {:?}", recurrence.rhythm));
    let (next_on, next_at) = found.ok_or_else(never)?;
    let update = sql!("update recurrences set next_on = $3, next_at = $4 where workspace_id = $1 and id = $2");
    tx.run(update, args![tx.workspace(), recurrence.id, next_on, next_at]).await.map(drop)
}

/// On which days around a date somebody works: whoever the issue is assigned to, else Monday to Friday.
pub(super) async fn working_days(
    tx: &mut Tx<'_>,
    template: &Template,
    from: Date,
) -> Result<impl Fn(Date) -> bool + use<>> {
    let start = from.to_zoned(jiff::tz::TimeZone::UTC).map_err(Error::internal)?;
    let start: Time = start.timestamp().into();
    let calendar = match template.content.assignee {
        Some(person) => {
            let end = start + Duration::from_secs(200 * 24 * 3600);
            calendars(tx, &[person], start, end).await?.pop().map(|clock| clock.calendar)
        }
        None => None,
    };
    let last = from.saturating_add(Span::new().days(190));
    Ok(move |day: Date| match &calendar {
        Some(calendar) if day <= last => !calendar.on(day).is_empty(),
        _ => day.weekday().to_monday_zero_offset() < 5,
    })
}
