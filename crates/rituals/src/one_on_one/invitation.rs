//! Dates of one-on-ones as letters that calendar programs enter, change and cancel by themselves (RFC 5546).
use super::{Meeting, MeetingState, OneOnOne, RUNS, attendance, meeting, place};
use crate::calendar;
use holidays::ics::{Method, Party};
use kernel::{
    Id, Job, JobKind, Later, Occasion, Person, Result, Run, Time, Tx, args, calendar::zone, columns, json, sql,
};
use people::{
    access::{actor_of, today},
    hours::calendars,
};
use std::time::Duration;
use ui::html;

pub const JOB: JobKind = JobKind { name: "one_on_one.invite", run: Run::Inside(invite) };

const EIGHT_WEEKS: Duration = Duration::from_secs(8 * 7 * 24 * 3600);

/// Notes that a meeting is different in the calendars. Whoever changed it hears of it at once, and the other one when they are
/// at work; also at once where one of the dates that it had and has is sooner than that.
pub(super) async fn changed(
    tx: &mut Tx<'_>,
    one_on_one: &OneOnOne,
    meeting: Id<Meeting>,
    dates: [Option<Time>; 2],
) -> Result<()> {
    raise(tx, meeting).await?;
    let (me, now) = (tx.me(), tx.now());
    let soonest = dates.into_iter().flatten().filter(|date| *date > now).min();
    let them = one_on_one.facing(me).id;
    let then = when_at_work(tx, them, soonest).await?;
    for (person, at) in [(me, now), (them, then)] {
        tx.want(JOB.name, meeting.to_string(), json!({ "person": person }), at);
    }
    Ok(())
}

/// Notes that a meeting does not take place although nobody changed it. Both hear of it when they are at work.
pub(super) async fn called_off(tx: &mut Tx<'_>, meeting: Id<Meeting>, people: [Id<Person>; 2]) -> Result<()> {
    raise(tx, meeting).await?;
    for person in people {
        let at = when_at_work(tx, person, None).await?;
        tx.want(JOB.name, meeting.to_string(), json!({ "person": person }), at);
    }
    Ok(())
}

async fn raise(tx: &mut Tx<'_>, meeting: Id<Meeting>) -> Result<()> {
    let update = sql!(
        "update one_on_one_meetings set revision = revision + 1, changed_at = $3 where workspace_id = $1 and id = $2"
    );
    let now = tx.now();
    tx.run(update, args![tx.workspace(), meeting, now]).await?;
    attendance::settle(tx, meeting);
    Ok(())
}

/// Now for somebody who is at work, else when they come to work; but now as well if that is too late.
async fn when_at_work(tx: &mut Tx<'_>, person: Id<Person>, soonest: Option<Time>) -> Result<Time> {
    let now = tx.now();
    let theirs = calendars(tx, &[person], now, now + EIGHT_WEEKS).await?.pop().map(|theirs| theirs.calendar);
    let at_work = theirs.filter(|theirs| !theirs.is_working(now)).and_then(|theirs| theirs.next_start(now));
    Ok(at_work.filter(|at| soonest.is_none_or(|soonest| *at < soonest)).unwrap_or(now))
}

/// [`changed`], of the next one.
pub(super) async fn changed_next(tx: &mut Tx<'_>, one_on_one: &OneOnOne) -> Result<()> {
    let next = meeting::next(tx, one_on_one.id).await?;
    changed(tx, one_on_one, next.id, [next.starts_at, None]).await
}

/// A meeting as it is now, and what the calendar of one of the two was told of it.
struct Standing {
    one_on_one_id: Id<OneOnOne>,
    starts_at: Option<Time>,
    minutes: i64,
    state: MeetingState,
    runs: bool,
    revision: i64,
    changed_at: Time,
    name: String,
    email: String,
    zone: String,
    with_name: String,
    with_email: Option<String>,
    invited: bool,
    told_revision: Option<i64>,
    told_starts_at: Option<Time>,
    told_cancelled: Option<bool>,
}
columns!(Standing {
    one_on_one_id,
    starts_at,
    minutes,
    state,
    runs,
    revision,
    changed_at,
    name,
    email,
    zone,
    with_name,
    with_email,
    invited,
    told_revision,
    told_starts_at,
    told_cancelled,
});

fn invite<'a>(tx: &'a mut Tx<'_>, job: &'a Job) -> Later<'a, ()> {
    Box::pin(async move {
        let (meeting, person): (Id<Meeting>, Id<Person>) =
            (job.subject.parse()?, job.args["person"].as_str().unwrap_or_default().parse()?);
        let Some(receiver) = actor_of(tx, person).await? else { return Ok(()) };
        let Some(standing) = standing(tx, meeting, person).await? else { return Ok(()) };
        let Some((method, starts_at)) = standing.wants(tx.now()) else { return Ok(()) };
        let replies = attendance::address(tx, meeting, person).await?;
        let organizer = standing.organizer(replies, receiver.belongs());
        let calendar = standing.calendar(tx, meeting, (method, starts_at), organizer);
        standing.send(tx, (method, starts_at), &calendar).await?;
        let told = sql!(
            "insert into one_on_one_invitations (workspace_id, meeting_id, person_id, revision, starts_at, cancelled)
             values ($1, $2, $3, $4, $5, $6)
             on conflict (workspace_id, meeting_id, person_id) do update
                set revision = excluded.revision, starts_at = excluded.starts_at, cancelled = excluded.cancelled"
        );
        let (revision, cancelled) = (standing.revision, method == Method::Cancel);
        tx.run(told, args![tx.workspace(), meeting, person, revision, starts_at, cancelled]).await?;
        Ok(())
    })
}

async fn standing(tx: &mut Tx<'_>, meeting: Id<Meeting>, person: Id<Person>) -> Result<Option<Standing>> {
    let select = sql!(
        "select m.one_on_one_id, m.starts_at, o.minutes, m.state,",
        RUNS,
        "as runs, m.revision, m.changed_at, p.name, p.email, p.zone, w.name as with_name, w.email as with_email,
                coalesce(c.invited, true) as invited, i.revision as told_revision, i.starts_at as told_starts_at,
                i.cancelled as told_cancelled
           from one_on_one_meetings m
           join one_on_ones o on o.workspace_id = m.workspace_id and o.id = m.one_on_one_id
           join people p on p.workspace_id = o.workspace_id and p.id = $2
           join people w on w.workspace_id = o.workspace_id
                and w.id = case when o.lead_id = $2 then o.other_id else o.lead_id end
           left join calendars c on c.workspace_id = p.workspace_id and c.person_id = p.id
           left join one_on_one_invitations i on i.workspace_id = m.workspace_id and i.meeting_id = m.id
                and i.person_id = p.id
          where m.workspace_id = $1 and (o.lead_id = $2 or o.other_id = $2) and m.id = $4 and p.email is not null"
    );
    let today = today(tx);
    tx.find(select, args![tx.workspace(), person, today, meeting]).await
}

impl Standing {
    /// What the calendar has to be told, and of which time; nothing when it knows, or never knew of what is off.
    fn wants(&self, now: Time) -> Option<(Method, Time)> {
        if self.told_revision == Some(self.revision) {
            return None;
        }
        let told = self.told_starts_at.filter(|_| self.told_cancelled == Some(false));
        let on = self.starts_at.filter(|at| self.runs && self.state == MeetingState::Open && *at > now);
        match (on, told) {
            (Some(at), told) if self.invited || told.is_some() => Some((Method::Request, at)),
            (None, Some(at)) if self.state != MeetingState::Called && at > now => Some((Method::Cancel, at)),
            _ => None,
        }
    }

    fn calendar(
        &self,
        tx: &Tx<'_>,
        meeting: Id<Meeting>,
        (method, starts_at): (Method, Time),
        organizer: Party,
    ) -> String {
        let length = Duration::from_secs(60 * self.minutes.unsigned_abs());
        let occasion = Occasion {
            key: super::occasion::key(meeting),
            title: self.title(),
            href: place(self.one_on_one_id),
            from: starts_at,
            to: starts_at + length,
            revision: self.revision,
            changed_at: self.changed_at,
            cancelled: method == Method::Cancel,
            busy: true,
        };
        calendar::invitation(&occasion, tx.base_url(), method, organizer, self.receiver())
    }

    fn receiver(&self) -> Party {
        Party { name: self.name.clone(), mail: self.email.clone() }
    }

    /// Calendars answer to the address of the organizer. It is that of Cairn where answers are read; else that of the other
    /// one, of whose mail address a guest does not learn.
    fn organizer(&self, replies: Option<String>, belongs: bool) -> Party {
        let mail = replies.or_else(|| self.with_email.clone().filter(|_| belongs));
        mail.map_or_else(|| self.receiver(), |mail| Party { name: self.with_name.clone(), mail })
    }

    fn title(&self) -> String {
        format!("One-on-one with {}", self.with_name)
    }

    async fn send(&self, tx: &mut Tx<'_>, (method, starts_at): (Method, Time), calendar: &str) -> Result<()> {
        let when = ui::day_and_time(starts_at, &zone(&self.zone)?);
        let subject = match (method, self.told_revision) {
            (Method::Cancel, _) => format!("Off: {}, {when}", self.title()),
            (Method::Request, None) => format!("{}, {when}", self.title()),
            (Method::Request, Some(_)) => format!("Changed: {}, {when}", self.title()),
        };
        let says = match method {
            Method::Request => format!("{when} on your clock, for {}.", ui::minutes(self.minutes)),
            Method::Cancel => format!("It does not take place {when}."),
        };
        let (page, settings) =
            (format!("{}{}", tx.base_url(), place(self.one_on_one_id)), format!("{}/me/calendar", tx.base_url()));
        let text = format!(
            "{}\n\n{says}\n\nWhat there is to talk about: {page}\n\nYour calendar program can take this letter over. \
             How dates come to you: {settings}\n",
            self.title()
        );
        let html = html! {
            p { strong { (self.title()) } }
            p { (says) }
            p { a href=(page) { "What there is to talk about" } }
            p { "Your calendar program can take this letter over. " a href=(settings) { "How dates come to you" } }
        };
        tx.mail_calendar(&self.email, &subject, &text, &html.into_string(), calendar).await
    }
}
