//! How a team does with asks: never of a person, and nothing that rests on fewer than five people.
use jiff::civil::Date;
use kernel::{Actor, Id, Method::Get, Operation, Person, Result, Route, Team, Time, Tx, Verb, args, columns, sql};
use people::{access::today, team::Record};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeSet, time::Duration};
use ui::{Answer, Cx, Head, Markup, Pages, html};

use crate::ask::hours;

/// No number is shown that rests on fewer people than this.
const FEWEST: usize = 5;
const WEEKS: u64 = 4;
const MOST: i64 = 20_000;

/// How a team does with asks in the last four weeks, beside the four weeks before.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowHealth {
    pub team: Id<Team>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Health {
    pub team: Record,
    /// How many people are on the team today.
    pub people: usize,
    pub now: Option<Span>,
    pub before: Option<Span>,
}

/// Four weeks of a team. Every number rests on asks of at least five people.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Span {
    pub from: Time,
    pub to: Time,
    /// Asks that reached the team, to the nearest ten.
    pub asks: usize,
    pub answers: Vec<AnswerTime>,
    /// Of those that were due, the ones that were not answered in time.
    pub overdue: Share,
    pub urgent: Share,
    /// Raised while the receiver was not at work.
    pub crossed: Share,
    /// With less working time than the team has agreed.
    pub short: Share,
    /// Of the decisions and approvals, those that silence made.
    pub silent: Share,
}

/// The median working time to an answer.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AnswerTime {
    pub verb: Verb,
    /// To the nearest ten.
    pub answered: usize,
    pub median_minutes: i64,
}

/// A share in whole percents, and of about how many; nothing where too few people are behind it.
#[derive(Clone, Copy, Debug, Default, Serialize, JsonSchema)]
pub struct Share {
    pub percent: Option<usize>,
    pub of: usize,
}

struct Row {
    receiver_id: Id<Person>,
    verb: Verb,
    state: String,
    raised_at: Time,
    due_at: Time,
    ended_at: Option<Time>,
    worked_minutes: Option<i64>,
    urgent: bool,
    crossed: bool,
    short_minutes: i64,
}
columns!(Row { receiver_id, verb, state, raised_at, due_at, ended_at, worked_minutes, urgent, crossed, short_minutes });

impl Operation for ShowHealth {
    const NAME: &str = "team.async_health";
    const ROUTE: Route = Route(Get, "/teams/{team}/async-health");
    const READS: bool = true;
    type Target = Record;
    type Output = Health;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Record> {
        Record::visible(tx, self.team).await
    }

    fn allows(_: &Actor, _: &Record) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, team: Record) -> Result<Health> {
        let (now, today): (Time, Date) = (tx.now(), today(tx));
        let weeks = Duration::from_secs(WEEKS * 7 * 24 * 3600);
        let members = sql!(
            "select count(*) from memberships m
               join people p on p.workspace_id = m.workspace_id and p.id = m.person_id and p.deactivated_at is null
              where m.workspace_id = $1 and m.team_id = $2 and m.from_on <= $3 and (m.until_on is null or m.until_on > $3)"
        );
        let people: i64 = tx.one(members, args![tx.workspace(), team.id, today]).await?;
        let rows = sql!(
            "select a.receiver_id, a.verb, a.state, a.raised_at, a.due_at, a.ended_at, a.worked_minutes, a.urgent,
                    a.crossed, a.short_minutes
               from memberships m
               join asks a on a.workspace_id = m.workspace_id and a.receiver_id = m.person_id
              where m.workspace_id = $1 and m.team_id = $2 and m.from_on <= $3
                and (m.until_on is null or m.until_on > $3) and a.raised_at >= $4 and a.state <> 'withdrawn'
              order by a.raised_at desc limit $5"
        );
        let start = now - weeks - weeks;
        let rows: Vec<Row> = tx.all(rows, args![tx.workspace(), team.id, today, start, MOST]).await?;
        let (recent, old): (Vec<Row>, Vec<Row>) = rows.into_iter().partition(|row| row.raised_at >= now - weeks);
        let enough = people as usize >= FEWEST;
        Ok(Health {
            team,
            people: people as usize,
            now: enough.then(|| span(&recent, now - weeks, now)).flatten(),
            before: enough.then(|| span(&old, start, now - weeks)).flatten(),
        })
    }
}

/// `None` where the asks are those of too few people.
fn span(rows: &[Row], from: Time, to: Time) -> Option<Span> {
    if !are_enough(rows.iter()) {
        return None;
    }
    let share = |all: &dyn Fn(&Row) -> bool, part: &dyn Fn(&Row) -> bool| {
        let chosen: Vec<&Row> = rows.iter().filter(|row| all(row)).collect();
        match are_enough(chosen.iter().copied()) {
            true => Share::new(chosen.iter().filter(|row| part(row)).count(), chosen.len()),
            false => Share::default(),
        }
    };
    let late = |row: &Row| row.state == "lapsed" || row.ended_at.is_none_or(|ended| ended > row.due_at);
    let decisive = |row: &Row| matches!(row.verb, Verb::Decide | Verb::Approve) && row.ended_at.is_some();
    Some(Span {
        from,
        to,
        asks: about(rows.len()),
        answers: Verb::ALL.iter().filter_map(|verb| answer_time(rows, *verb)).collect(),
        overdue: share(&|row| row.due_at <= to, &late),
        urgent: share(&|_| true, &|row| row.urgent),
        crossed: share(&|_| true, &|row| row.crossed),
        short: share(&|_| true, &|row| row.short_minutes > 0),
        silent: share(&decisive, &|row| row.state == "lapsed"),
    })
}

fn are_enough<'a>(rows: impl Iterator<Item = &'a Row>) -> bool {
    rows.map(|row| row.receiver_id).collect::<BTreeSet<_>>().len() >= FEWEST
}

fn answer_time(rows: &[Row], verb: Verb) -> Option<AnswerTime> {
    let answered: Vec<&Row> = rows.iter().filter(|row| row.verb == verb && row.state == "done").collect();
    if !are_enough(answered.iter().copied()) {
        return None;
    }
    let mut minutes: Vec<i64> = answered.iter().filter_map(|row| row.worked_minutes).collect();
    minutes.sort_unstable();
    let median = *minutes.get(minutes.len().checked_sub(1)? / 2)?;
    Some(AnswerTime { verb, answered: about(answered.len()), median_minutes: median })
}

pub fn pages() -> Pages {
    Pages::new().get("/teams/{team}/async-health", show)
}

/// `GET /teams/{team}/async-health`
async fn show(cx: Cx) -> Answer {
    let health = cx.read_here::<ShowHealth>().await?;
    let team = format!("/teams/{}", health.team.id);
    let title = format!("How {} does with asks", health.team.name);
    let lead = "The last four weeks, beside the four before. Of the team, never of a person.";
    let body = html! {
        (Head { crumbs: vec![("/teams", "Teams"), (&team, &health.team.name)], title: &title, lead, ..Head::default() }.show())
        (ui::team_tabs(&cx, health.team.id))
        @match &health.now {
            Some(now) => div.stack { (times(now, health.before.as_ref())) (shares(now, health.before.as_ref())) (definitions()) },
            None => (ui::empty(&nothing(&health), None)),
        }
    };
    Ok(cx.page(&title, body))
}

fn nothing(health: &Health) -> String {
    match health.people {
        n if n < FEWEST => format!(
            "Numbers are shown for teams of {FEWEST} people or more, so that they are of the team and not of a person. This one has {n}."
        ),
        _ => format!("Asks of fewer than {FEWEST} people in four weeks. Numbers show once there are more."),
    }
}

fn times(now: &Span, before: Option<&Span>) -> Markup {
    let earlier = |verb| before.and_then(|span| span.answers.iter().find(|one| one.verb == verb));
    html! {
        section.card #times { header { h2 { "Working time to an answer" } span.right.small.muted { "Median, by what was asked" } }
            @if now.answers.is_empty() { div.body { p.muted { "No kind of ask was answered by five people yet." } } } @else {
                table.data.listed {
                    caption.vh { "Median working time to an answer" }
                    thead { tr { th scope="col" { "Asked to" } th.n scope="col" { "Median" } th.n scope="col" { "Four weeks before" } th.n scope="col" { "Answered" } } }
                    tbody { @for one in &now.answers { tr {
                        td { (one.verb.title()) }
                        td.n data-label="Median" { (hours(one.median_minutes)) }
                        td.n.muted data-label="Four weeks before" { @match earlier(one.verb) { Some(old) => (hours(old.median_minutes)), None => "too few" } }
                        td.n data-label="Answered" { "about " (one.answered) }
                    } } }
                }
            }
        }
    }
}

fn shares(now: &Span, before: Option<&Span>) -> Markup {
    let rows: [(&str, Share, Option<Share>); 5] = [
        ("Overdue", now.overdue, before.map(|span| span.overdue)),
        ("Urgent", now.urgent, before.map(|span| span.urgent)),
        ("Asked outside the receiver's hours", now.crossed, before.map(|span| span.crossed)),
        ("With less time than agreed", now.short, before.map(|span| span.short)),
        ("Decisions made by silence", now.silent, before.map(|span| span.silent)),
    ];
    html! {
        section.card #shares { header { h2 { "Shares" } span.right.small.muted { "About " (now.asks) " asks" } }
            table.data.listed {
                caption.vh { "Shares of the asks of the team" }
                thead { tr { th scope="col" { "Share" } th.n scope="col" { "Now" } th.n scope="col" { "Four weeks before" } th.n scope="col" { "Asks" } } }
                tbody { @for (words, share, old) in rows { tr {
                    td { (words) }
                    td.n data-label="Now" { (share.words()) }
                    td.n.muted data-label="Four weeks before" { (old.map_or("too few".to_owned(), Share::words)) }
                    td.n data-label="Asks" { @if share.of > 0 { "about " (share.of) } }
                } } }
            }
        }
    }
}

fn definitions() -> Markup {
    html! {
        details.fold { summary { "How these numbers are made" } div.body {
            p { "Asks that reached people who are on the team today, by when they were raised; withdrawn ones are left out." }
            p { "The median is of the receiver's own working time from the asking to the answer. An ask is overdue when its due time passed before it was answered." }
            p { "A number is shown only where at least five people are behind it, and counts are rounded to tens." }
        } }
    }
}

impl Share {
    fn new(part: usize, of: usize) -> Share {
        Share { percent: (100 * part + of / 2).checked_div(of), of: about(of) }
    }

    fn words(self) -> String {
        self.percent.map_or("too few".to_owned(), |percent| format!("{percent} %"))
    }
}

/// To the nearest ten, so that nobody sees from one number to the next that two people have asked each other something.
fn about(count: usize) -> usize {
    (count + 5) / 10 * 10
}

#[cfg(test)]
mod tests;
