//! What somebody missed: decisions, what waits, what changed in what they own, and where most was said.
use crate::ask::{Ask, SELECT, around, due_chip, what};
use jiff::{civil::Date, tz::TimeZone};
use kernel::{
    Activity, Actor, Decided, Error, Id, Json, Method::Get, Operation, Person, RecordKind, Reference, Result, Route,
    Team, Time, Tx, args, columns, list, sql,
};
use people::{
    access::today,
    hours::{Clock, calendars},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, ops::Range, time::Duration};
use ui::{Answer, Cx, Head, Markup, Pages, ago, avatar, day_and_time, html, icon};

/// What I missed: since a moment, or from one day to another; if nothing is said, since my leave began or I last stopped
/// working.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CatchUp {
    #[serde(default)]
    pub since: Option<Time>,
    /// A day in my own time zone, from its beginning; in place of `since`.
    #[serde(default)]
    pub first_on: Option<Date>,
    /// The last day, to its end; up to now if left out.
    #[serde(default)]
    pub last_on: Option<Date>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Missed {
    pub since: Time,
    pub until: Time,
    /// The leave from which I came back, by its dates.
    pub after_leave: Option<(Date, Date)>,
    /// Decisions and approvals that I asked for or was asked for and that others, or silence, have made.
    pub decisions: Vec<Ask>,
    /// What waits on me, by due time.
    pub waiting: Vec<Ask>,
    /// What others said to have come of the conversations that I take part in.
    pub resolved: Vec<Decided>,
    /// What others changed in the teams that I lead, the people who report to me, and the issues that are mine.
    pub changed: Vec<Changed>,
    /// The records about which others wrote most, the busiest first.
    pub busiest: Vec<Activity>,
}

/// What happened to one record, in words.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Changed {
    pub title: String,
    pub href: String,
    pub person: Option<Id<Person>>,
    pub changes: Vec<String>,
    pub last_at: Time,
}

struct Event {
    subject: String,
    verb: String,
    actor_name: Option<String>,
    data: Option<String>,
    at: Time,
}
columns!(Event { subject, verb, actor_name, data, at });

/// After so many days a return is none any more.
const RETURNED: Duration = Duration::from_secs(7 * 24 * 3600);
/// Nobody catches up on more than this.
const FARTHEST: Duration = Duration::from_secs(366 * 24 * 3600);
const MOST: i64 = 100;

impl Operation for CatchUp {
    const NAME: &str = "catch_up.show";
    const ROUTE: Route = Route(Get, "/catch-up");
    const READS: bool = true;
    type Target = ();
    type Output = Missed;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Missed> {
        let (me, now) = (tx.me(), tx.now());
        let clock = calendars(tx, &[me], now - Duration::from_secs(120 * 24 * 3600), around(now).1).await?.pop();
        let (usual, after_leave) = clock.as_ref().map_or((now - RETURNED, None), |clock| last_seen(clock, now));
        let zone = clock.as_ref().map_or(TimeZone::UTC, |clock| clock.calendar.zone().clone());
        let time = self.time(&zone, usual, now)?;
        let decisions = sql!(
            SELECT,
            "where a.workspace_id = $1 and (a.receiver_id = $2 or a.asker_id = $2) and a.verb in ('decide', 'approve')
                and a.state in ('done', 'lapsed') and a.ended_at >= $3 and a.ended_at < $4 and a.ended_by <> $2
              order by a.ended_at desc, a.id limit $5"
        );
        let decisions = tx.all(decisions, args![tx.workspace(), me, time.start, time.end, MOST]).await?;
        let waiting = sql!(
            SELECT,
            "where a.workspace_id = $1 and a.receiver_id = $2 and a.state = 'open'
                and (a.snoozed_until is null or a.snoozed_until <= $3) order by a.due_at, a.id limit $4"
        );
        let waiting = tx.all(waiting, args![tx.workspace(), me, now, MOST]).await?;
        let chosen = self.since.is_some() || self.first_on.is_some() || self.last_on.is_some();
        Ok(Missed {
            since: time.start,
            until: time.end,
            after_leave: after_leave.filter(|_| !chosen),
            decisions,
            waiting,
            resolved: tx.gather_in(time.clone(), |part| part.decided).await?,
            changed: changed(tx, me, &time).await?.into_iter().chain(in_records(tx, &time).await?).collect(),
            busiest: tx.gather_in(time, |part| part.busiest).await?,
        })
    }
}

impl CatchUp {
    fn time(&self, zone: &TimeZone, usual: Time, now: Time) -> Result<Range<Time>> {
        // What has just happened belongs to it.
        let present = now + Duration::from_millis(1);
        let begins = |day: Date| midnight(day, zone).ok_or_else(|| Error::invalid("first_on", "There is no such day."));
        let start = match self.first_on {
            Some(day) => begins(day)?,
            None => self.since.unwrap_or(usual),
        };
        let end = match self.last_on {
            Some(day) => begins(day.saturating_add(jiff::Span::new().days(1)))?,
            None => present,
        };
        if end <= start {
            return Err(Error::invalid("last_on", "The last day is before the first one."));
        }
        let start = start.clamp(now - FARTHEST, now);
        Ok(start..end.clamp(start, present))
    }
}

/// The start of the leave from which somebody came back in the last days, or the end of their last day of work.
fn last_seen(clock: &Clock, now: Time) -> (Time, Option<(Date, Date)>) {
    const REST: Duration = Duration::from_secs(6 * 3600);
    let zone = clock.calendar.zone();
    let today = now.date(zone);
    let recent = (now - RETURNED).date(zone);
    let back = clock.away.iter().rev().map(|away| &away.time);
    let leave = back.filter(|time| time.hours.is_none()).find(|time| time.last_on < today && time.last_on >= recent);
    if let Some(leave) = leave {
        let start = midnight(leave.first_on, zone).unwrap_or(now);
        return (start, Some((leave.first_on, leave.last_on)));
    }
    let spans = clock.calendar.working(now - Duration::from_secs(14 * 24 * 3600), now);
    let last = spans.filter(|span| span.end + REST <= now).last().map(|span| span.end);
    (last.unwrap_or(now - RETURNED), None)
}

fn midnight(date: Date, zone: &TimeZone) -> Option<Time> {
    date.at(0, 0, 0, 0).to_zoned(zone.clone()).ok().map(|zoned| zoned.timestamp().into())
}

/// Only events that are anyone's to know.
async fn changed(tx: &mut Tx<'_>, me: Id<Person>, time: &Range<Time>) -> Result<Vec<Changed>> {
    let owned = owned(tx, me).await?;
    let select = sql!(
        "select e.subject, e.verb, p.name as actor_name, e.data, e.at from events e
           left join people p on p.workspace_id = e.workspace_id and p.id = e.actor
          where e.workspace_id = $1 and e.subject in (select value from json_each(cast($2 as text))) and e.id >= $3
            and e.id < $4 and e.actor <> $5
            and e.verb in ('person.profile_changed', 'person.role_changed', 'person.deactivated', 'person.reactivated',
                           'person.manager_changed', 'person.joined_team', 'person.left_team', 'team.changed',
                           'team.member_joined', 'team.member_left', 'team.archived', 'team.restored', 'norms.changed')
          order by e.id desc limit $6"
    );
    let (first, last): (Id<kernel::Event>, Id<kernel::Event>) = (Id::at(time.start, 0), Id::at(time.end, 0));
    let subjects = list(owned.keys());
    let events: Vec<Event> = tx.all(select, args![tx.workspace(), subjects, first, last, me, MOST]).await?;
    let mut found: Vec<Changed> = Vec::new();
    for event in events {
        let Some((title, href, person)) = owned.get(&event.subject) else { continue };
        let words = event.in_words();
        match found.iter_mut().find(|one| one.href == *href) {
            Some(one) if one.changes.contains(&words) => {}
            Some(one) => one.changes.push(words),
            None => found.push(Changed {
                title: title.clone(),
                href: href.clone(),
                person: *person,
                changes: vec![words],
                last_at: event.at,
            }),
        }
    }
    Ok(found)
}

/// What others did about the records that parts know to be the actor's, as far as the actor sees them.
async fn in_records(tx: &mut Tx<'_>, time: &Range<Time>) -> Result<Vec<Changed>> {
    let owned = tx.gather(|part| part.owned).await?;
    let kinds: BTreeMap<&str, &RecordKind> = tx.record_kinds().map(|kind| (kind.kind, kind)).collect();
    let select = sql!(
        "select e.subject, e.verb, p.name as actor_name, e.data, e.at from events e
           left join people p on p.workspace_id = e.workspace_id and p.id = e.actor
          where e.workspace_id = $1 and e.subject in (select value from json_each(cast($2 as text))) and e.id >= $3
            and e.id < $4 and e.actor <> $5
          order by e.id desc limit $6"
    );
    let (first, last): (Id<kernel::Event>, Id<kernel::Event>) = (Id::at(time.start, 0), Id::at(time.end, 0));
    let (workspace, me, subjects) = (tx.workspace(), tx.me(), list(owned.iter().map(|one| one.id.as_str())));
    let events: Vec<Event> = tx.all(select, args![workspace, subjects, first, last, me, MOST]).await?;
    let mut found: Vec<(&Reference, Vec<String>, Time)> = Vec::new();
    for event in &events {
        let Some(record) = owned.iter().find(|one| one.id == event.subject) else { continue };
        let kind = kinds.get(record.kind.as_str());
        let Some(words) = kind.and_then(|kind| kind.in_words(&event.verb, event.data.as_deref())) else { continue };
        let words = format!("{} {words}", event.actor_name.as_deref().unwrap_or("Cairn"));
        match found.iter_mut().find(|(of, ..)| *of == record) {
            Some((_, changes, _)) => changes.push(words),
            None => found.push((record, vec![words], event.at)),
        }
    }
    let mut all = Vec::new();
    for (record, changes, last_at) in found {
        match tx.card(record).await {
            Ok(card) => all.push(Changed { title: card.title, href: card.href, person: None, changes, last_at }),
            Err(Error::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(all)
}

type Owned = BTreeMap<String, (String, String, Option<Id<Person>>)>;

/// The teams that somebody leads and the people who report to them: id, name and address.
async fn owned(tx: &mut Tx<'_>, me: Id<Person>) -> Result<Owned> {
    let teams = sql!("select id, name from teams where workspace_id = $1 and lead_id = $2");
    let teams: Vec<(Id<Team>, String)> = tx.all(teams, args![tx.workspace(), me]).await?;
    let reports = sql!(
        "select p.id, p.name from manager_lines l join people p on p.workspace_id = l.workspace_id and p.id = l.person_id
          where l.workspace_id = $1 and l.manager_id = $2 and l.from_on <= $3 and (l.until_on is null or l.until_on > $3)"
    );
    let reports: Vec<(Id<Person>, String)> = tx.all(reports, args![tx.workspace(), me, today(tx)]).await?;
    let teams = teams.into_iter().map(|(id, name)| (id.to_string(), (name, format!("/teams/{id}"), None)));
    let people = reports.into_iter().map(|(id, name)| (id.to_string(), (name, format!("/people/{id}"), Some(id))));
    Ok(teams.chain(people).collect())
}

impl Event {
    fn in_words(&self) -> String {
        let what = match self.verb.as_str() {
            "person.profile_changed" | "person.role_changed" => format!("changed {}", self.fields()),
            "person.deactivated" => "ended their access".to_owned(),
            "person.reactivated" => "brought them back".to_owned(),
            "person.manager_changed" => "changed who they report to".to_owned(),
            "person.joined_team" => "put them on a team".to_owned(),
            "person.left_team" => "took them off a team".to_owned(),
            "team.member_joined" => "added a member".to_owned(),
            "team.member_left" => "took a member off".to_owned(),
            "team.archived" => "archived it".to_owned(),
            "team.restored" => "brought it back".to_owned(),
            "norms.changed" => "changed its norms".to_owned(),
            _ => "changed it".to_owned(),
        };
        format!("{} {what}", self.actor_name.as_deref().unwrap_or("Cairn"))
    }

    /// `the title and the location`
    fn fields(&self) -> String {
        let data: Json = self.data.as_deref().and_then(|text| text.parse().ok()).unwrap_or_default();
        let names: Vec<String> = data["changes"]
            .as_object()
            .map(|changes| changes.keys().map(|field| format!("the {}", field.replace('_', " "))).collect())
            .unwrap_or_default();
        if names.is_empty() { "the profile".to_owned() } else { names.join(" and ") }
    }
}

pub fn pages() -> Pages {
    Pages::new().get("/catch-up", show)
}

/// `GET /catch-up`
async fn show(cx: Cx) -> Answer {
    let missed = match cx.read_here::<CatchUp>().await {
        Err(Error::Invalid(flaws)) => return Ok(cx.page("Catch up", refused(&cx, &flaws))),
        other => other?,
    };
    let zone = &cx.viewer.zone;
    let title = match missed.after_leave {
        Some(_) => "Welcome back. This is what you missed.".to_owned(),
        None if cx.text("last_on").is_empty() => format!("Since {}", day_and_time(missed.since, zone)),
        None => {
            let last = missed.until - Duration::from_secs(1);
            format!("What you missed {}", ui::date_range(missed.since.date(zone), last.date(zone), cx.today()))
        }
    };
    let lead = match missed.after_leave {
        Some((first, last)) => format!("Since you went away, {}.", ui::date_range(first, last, cx.today())),
        None => String::new(),
    };
    let body = html! {
        (Head { crumbs: vec![("/today", "Today")], title: &title, lead: &lead, ..Head::default() }.show())
        (choice(&cx))
        div.stack {
            (asks(&cx, "decisions", "Decisions made", &missed.decisions, "No decision that you asked for, or were asked for, was made by others."))
            @if !missed.resolved.is_empty() { (resolved(&cx, &missed.resolved)) }
            (asks(&cx, "waiting", "What waits on you", &missed.waiting, "Nothing waits on you. What you handed over is not here."))
            (changes(&cx, &missed.changed))
            (busiest(&cx, &missed.busiest))
        }
    };
    Ok(cx.live_page(&title, &[&crate::inbox::topic(&cx)], body))
}

/// From which day to which.
fn choice(cx: &Cx) -> Markup {
    let latest = cx.today().to_string();
    html! {
        form.toolbar method="get" action="/catch-up" {
            label for="first_on" { "While I was away, from" }
            input #first_on type="date" name="first_on" value=(cx.text("first_on")) max=(latest);
            label for="last_on" { "to" }
            input #last_on type="date" name="last_on" value=(cx.text("last_on")) max=(latest);
            button.button { "Show" }
        }
    }
}

fn refused(cx: &Cx, flaws: &[kernel::Flaw]) -> Markup {
    html! {
        (Head { crumbs: vec![("/today", "Today")], title: "Catch up", ..Head::default() }.show())
        (choice(cx))
        div.ask.warn role="alert" { @for flaw in flaws { p { (flaw.sentence) } } }
    }
}

fn resolved(cx: &Cx, resolved: &[Decided]) -> Markup {
    html! {
        section.card #resolved { header { h2 { "What came of conversations" } span.right.small.muted { (resolved.len()) } }
            ul.list { @for one in resolved { li {
                (icon("message"))
                div.what.wrap { p { a href={ (one.href) "#conversation" } { (one.title) } ": " strong { (one.outcome) } }
                    p.small.muted { (one.by_name) } }
                span.small.muted { (ago(one.at, cx.now(), &cx.viewer.zone)) }
            } } }
        }
    }
}

fn busiest(cx: &Cx, busiest: &[Activity]) -> Markup {
    html! {
        section.card #busiest { header { h2 { "Where most was said" } }
            @if busiest.is_empty() { div.body { p.muted { "No conversation that you can read had two comments by others." } } }
            ul.list { @for one in busiest { li {
                (icon("message"))
                div.what.wrap { p { a href={ (one.href) "#conversation" } { (one.title) } } p.small.muted { (one.said()) } }
                span.small.muted { (ago(one.last_at, cx.now(), &cx.viewer.zone)) }
            } } }
        }
    }
}

fn asks(cx: &Cx, id: &str, title: &str, asks: &[Ask], nothing: &str) -> Markup {
    html! {
        section.card id=(id) { header { h2 { (title) } @if !asks.is_empty() { span.right.small.muted { (asks.len()) } } }
            @if asks.is_empty() { div.body { p.muted { (nothing) } } }
            ul.list { @for ask in asks { li {
                @let other = if ask.receiver_id == cx.actor().person { ask.asker_id.zip(ask.asker_name.as_ref()) } else { Some((ask.receiver_id, &ask.receiver_name)) };
                @match other { Some((person, name)) => (avatar(&person, name)), None => (icon("inbox")) }
                (what(ask, &format!("/asks/{}", ask.id), other.map_or("Cairn", |(_, name)| name), None))
                (due_chip(cx, ask))
            } } }
        }
    }
}

fn changes(cx: &Cx, changed: &[Changed]) -> Markup {
    html! {
        section.card #changed { header { h2 { "What changed in what is yours" } }
            @if changed.is_empty() { div.body { p.muted { "Nothing changed in the teams that you lead, the records of those who report to you, or the issues that are yours." } } }
            ul.list { @for one in changed { li {
                @match &one.person { Some(person) => (avatar(person, &one.title)), None => (icon("network")) }
                div.what.wrap { p { a href=(one.href) { (one.title) } } p.small.muted { (one.changes.join(". ")) } }
                span.small.muted { (ago(one.last_at, cx.now(), &cx.viewer.zone)) }
            } } }
        }
    }
}
