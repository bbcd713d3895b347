use super::{FROM, OneOnOne, RUNS, Rhythm, SELECT, VISIBLE, parts, place, rhythm, rhythm_page, topic};
use jiff::tz::TimeZone;
use kernel::{
    Actor, Id, Later, Method::Get, Operation, Person, Result, Route, Time, Tx, args, columns, list as texts, sql,
};
use people::{access::today, person::Named};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use ui::{Answer, Cx, Head, Markup, chip, empty, face, html};

/// The one-on-ones of the reader, and nobody else's.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListOneOnOnes {}

/// The reader's one-on-ones, and those with whom one is missing.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Pairs {
    pub one_on_ones: Vec<Overview>,
    /// How those that run kept to what was agreed.
    pub rhythms: Vec<Rhythm>,
    /// The reader's manager and reports with whom none runs.
    pub missing: Vec<Named<Person>>,
}

/// A one-on-one in a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Overview {
    pub one_on_one: OneOnOne,
    pub counts: Counts,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Counts {
    pub id: Id<OneOnOne>,
    pub next_at: Option<Time>,
    /// When the two last talked, or wrote.
    pub last_at: Option<Time>,
    pub open_points: i64,
    /// Open promises of the reader.
    pub owed: i64,
    /// Open promises to the reader.
    pub owing: i64,
}
columns!(Counts { id, next_at, last_at, open_points, owed, owing });

impl Overview {
    /// The date is over and nobody has said how it went, or the cadence says that it is time.
    pub fn is_due(&self, now: Time) -> bool {
        const DAY: u64 = 24 * 3600;
        let since = self.counts.last_at.unwrap_or(self.one_on_one.started_at);
        let weeks = self.one_on_one.cadence.weeks();
        self.one_on_one.runs
            && match (self.counts.next_at, weeks) {
                (Some(at), _) => at < now,
                (None, Some(weeks)) => since + Duration::from_secs(weeks.unsigned_abs() * 7 * DAY) < now,
                (None, None) => false,
            }
    }

    /// Those that are due come first, the one that waits longest before all; then by the next date.
    fn urgency(&self, now: Time) -> (bool, Option<Time>, bool, Option<Time>) {
        let due = self.is_due(now);
        (!due, self.counts.last_at.filter(|_| due), self.counts.next_at.is_none(), self.counts.next_at)
    }
}

impl Counts {
    /// `4 points to talk about`, `1 promise of yours`
    fn in_words(&self) -> Vec<String> {
        let count = |n: i64, one: &str, many: &str| match n {
            0 => None,
            1 => Some(format!("1 {one}")),
            n => Some(format!("{n} {many}")),
        };
        let all = [
            count(self.open_points, "point to talk about", "points to talk about"),
            count(self.owed, "promise of yours", "promises of yours"),
            count(self.owing, "promise to you", "promises to you"),
        ];
        all.into_iter().flatten().collect()
    }
}

impl Overview {
    fn for_today(&self, me: Id<Person>) -> kernel::OneOnOne {
        let (one_on_one, at) = (&self.one_on_one, self.counts.next_at);
        let zone = TimeZone::get(one_on_one.party(me).zone).unwrap_or(TimeZone::UTC);
        let them = one_on_one.facing(me);
        kernel::OneOnOne {
            person: them.id,
            name: them.name.to_owned(),
            on: at.map(|at| at.date(&zone)),
            at,
            note: self.counts.in_words().join(", "),
            href: place(one_on_one.id),
        }
    }
}

impl Operation for ListOneOnOnes {
    const NAME: &str = "one_on_one.list";
    const ROUTE: Route = Route(Get, "/one-on-ones");
    const READS: bool = true;
    type Target = ();
    type Output = Pairs;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Pairs> {
        let one_on_ones = mine(tx).await?;
        let running: Vec<&OneOnOne> = one_on_ones.iter().map(|one| &one.one_on_one).filter(|one| one.runs).collect();
        Ok(Pairs { rhythms: rhythm::of(tx, &running).await?, missing: missing(tx).await?, one_on_ones })
    }
}

async fn mine(tx: &mut Tx<'_>) -> Result<Vec<Overview>> {
    let (me, today) = (tx.me(), today(tx));
    let select = sql!(SELECT, RUNS, FROM, "where", VISIBLE, "order by p.sort_name, l.sort_name, o.id");
    let found: Vec<OneOnOne> = tx.all(select, args![tx.workspace(), me, today]).await?;
    let mut counts = counts(tx, me, &found).await?;
    let with = |one_on_one: OneOnOne| {
        let place = counts.iter().position(|counts| counts.id == one_on_one.id)?;
        Some(Overview { counts: counts.swap_remove(place), one_on_one })
    };
    Ok(found.into_iter().filter_map(with).collect())
}

/// Those of the actor that have a date in the coming seven days, are overdue, or are due without a date.
pub fn gather<'a>(tx: &'a mut Tx<'_>) -> Later<'a, Vec<kernel::OneOnOne>> {
    const WEEK: Duration = Duration::from_secs(7 * 24 * 3600);
    Box::pin(async move {
        let (me, now) = (tx.me(), tx.now());
        let soon = |one: &Overview| one.is_due(now) || one.counts.next_at.is_some_and(|at| at < now + WEEK);
        let all = mine(tx).await?.into_iter().filter(|one| one.one_on_one.runs && soon(one));
        Ok(all.map(|one| one.for_today(me)).collect())
    })
}

async fn counts(tx: &mut Tx<'_>, me: Id<Person>, of: &[OneOnOne]) -> Result<Vec<Counts>> {
    let select = sql!(
        "select o.id,
            (select m.starts_at from one_on_one_meetings m
              where m.workspace_id = o.workspace_id and m.one_on_one_id = o.id and m.state = 'open') as next_at,
            (select max(coalesce(m.starts_at, m.ended_at)) from one_on_one_meetings m
              where m.workspace_id = o.workspace_id and m.one_on_one_id = o.id
                and m.state in ('called', 'written')) as last_at,
            (select count(*) from talking_points t
              where t.workspace_id = o.workspace_id and t.one_on_one_id = o.id and t.state = 'open') as open_points,
            (select count(*) from promises r
              where r.workspace_id = o.workspace_id and r.one_on_one_id = o.id and r.state = 'open'
                and r.owner_id = $2) as owed,
            (select count(*) from promises r
              where r.workspace_id = o.workspace_id and r.one_on_one_id = o.id and r.state = 'open'
                and r.owner_id <> $2) as owing
           from one_on_ones o
          where o.workspace_id = $1 and o.id in (select value from json_each(cast($3 as text)))"
    );
    tx.all(select, args![tx.workspace(), me, texts(of.iter().map(|one| one.id))]).await
}

struct Missing {
    id: Id<Person>,
    name: String,
}
columns!(Missing { id, name });

/// The manager and the reports of today who have an account, and no one-on-one that runs.
async fn missing(tx: &mut Tx<'_>) -> Result<Vec<Named<Person>>> {
    let select = sql!(
        "select p.id, p.name from manager_lines m
           join people p on p.workspace_id = m.workspace_id
                and p.id = case when m.manager_id = $2 then m.person_id else m.manager_id end
           join accounts a on a.workspace_id = p.workspace_id and a.person_id = p.id and a.disabled_at is null
          where m.workspace_id = $1 and (m.manager_id = $2 or m.person_id = $2) and p.deactivated_at is null and",
        people::holds!("m", "$3"),
        "and not exists (select 1 from one_on_ones o
                          where o.workspace_id = m.workspace_id and o.kind = 'report' and o.ended_at is null
                            and o.lead_id = m.manager_id and o.other_id = m.person_id)
          order by p.sort_name, p.id"
    );
    let (me, today) = (tx.me(), today(tx));
    let found: Vec<Missing> = tx.all(select, args![tx.workspace(), me, today]).await?;
    Ok(found.into_iter().map(|one| Named { id: one.id, name: one.name }).collect())
}

/// `GET /one-on-ones`
pub async fn list(cx: Cx) -> Answer {
    let pairs = cx.read(ListOneOnOnes {}).await?;
    let me = cx.actor().person;
    let actions = html! {
        a.button.quiet href="/me/calendar" { "In your calendar" }
        a.button href="/notes" { "Notes for you alone" }
        a.button.primary href="/one-on-ones/new" data-key="c" data-key-label="Start a one-on-one" { "Start one" kbd { "C" } }
    };
    let lead = "Yours alone: nobody sees a one-on-one but the two whose it is, not even that there is one.";
    let mut all: Vec<&Overview> = pairs.one_on_ones.iter().collect();
    all.sort_by_key(|one| one.urgency(cx.now()));
    let (running, past): (Vec<_>, Vec<_>) = all.into_iter().partition(|one| one.one_on_one.runs);
    let (led, others): (Vec<_>, Vec<_>) = running.into_iter().partition(|one| one.one_on_one.lead_id == me);
    let groups = [("Those you lead or help", led), ("Others", others), ("Over", past)];
    let body = html! {
        (Head { title: "One-on-ones", lead, actions: Some(actions), ..Head::default() }.show())
        div.stack #one-on-ones {
            @if pairs.one_on_ones.is_empty() && pairs.missing.is_empty() {
                (empty("You have no one-on-one yet. It is a page for two people: what to talk about, notes and promises, kept between calls or in place of them.", Some(("/one-on-ones/new", "Start one"))))
            }
            @for (title, ones) in groups.iter().filter(|(_, ones)| !ones.is_empty()) {
                section.card { header { h2 { (title) } }
                    ul.list { @for one in ones { (line(&cx, one, &pairs.rhythms)) } } }
            }
            @if !pairs.missing.is_empty() { (without(&pairs.missing)) }
        }
    };
    Ok(cx.live_page("One-on-ones", &[&topic(me)], body))
}

fn line(cx: &Cx, one: &Overview, rhythms: &[Rhythm]) -> Markup {
    let me = cx.actor().person;
    let them = one.one_on_one.facing(me);
    let open = [vec![one.one_on_one.relation(me).to_owned()], one.counts.in_words()].concat();
    let rhythm = rhythms.iter().find(|rhythm| rhythm.one_on_one_id == one.one_on_one.id);
    let rhythm = rhythm.map(|rhythm| rhythm_page::summary(&one.one_on_one, rhythm, cx.now()));
    let last = match one.counts.last_at {
        Some(at) => format!("Last {}", rhythm_page::on(at.date(&cx.viewer.zone), cx.today())),
        None => "Not held yet".to_owned(),
    };
    let gone = std::iter::once(last).chain(rhythm.filter(|words| !words.is_empty())).collect::<Vec<_>>().join(", ");
    html! {
        li id={ "one-on-one-" (one.one_on_one.id) } {
            (face(&them.id, them.name, them.photo, ""))
            div.what.wrap {
                p { a href=(place(one.one_on_one.id)) { (them.name) } }
                p.small.muted { (open.join(", ")) }
                p.small.muted { (gone) }
            }
            div.row.wrap.end { (standing(cx, one)) }
        }
    }
}

fn standing(cx: &Cx, one: &Overview) -> Markup {
    let date = |at: Time| ui::date(at.date(&cx.viewer.zone), cx.today());
    match (one.counts.next_at, one.is_due(cx.now())) {
        _ if !one.one_on_one.runs => chip("", "Over"),
        (Some(at), true) => chip("warn", &format!("Was {}: did you talk?", date(at))),
        (None, true) => match one.counts.last_at {
            Some(at) => chip("warn", &format!("Due; last {}", date(at))),
            None => chip("warn", "Due"),
        },
        (Some(at), false) => chip("info", &parts::both_clocks(cx, &one.one_on_one, at)),
        (None, false) => chip("", "In writing"),
    }
}

fn without(missing: &[Named<Person>]) -> Markup {
    html! {
        section.card #missing {
            header { h2 { "None yet" } span.right.small.muted { "Your manager, and those who report to you" } }
            ul.list { @for person in missing {
                li {
                    (ui::avatar(&person.id, &person.name))
                    div.what { p { a href={ "/one-on-ones/new?kind=report&person=" (person.id) } { (person.name) } } }
                    span.small.muted { "Start" }
                }
            } }
        }
    }
}
