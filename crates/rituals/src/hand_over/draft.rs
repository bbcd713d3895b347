use super::{HandOver, SELECT};
use crate::{plain::plain, sharing::shared_team};
use jiff::civil::{Date, Time as Clock};
use kernel::{
    Actor, Deed, Error, Id, Method::Get, Operation, Person, Result, Route, Team, Time, Tx, Underway, args,
    calendar::Calendar, columns, sql,
};
use people::{access::today, hours::calendars, team};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 3600);
/// Whoever is away for longer hands over by a leave.
const LONGEST: u32 = 30;

/// What I could leave for those of a team who work while I do not: begun with what I did today and have under way.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftHandOver {
    pub team: Id<Team>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "HandOverDraft")]
pub struct Draft {
    pub team_id: Id<Team>,
    pub team_name: String,
    /// The date where I am.
    pub on_date: Date,
    /// When I am back at work.
    pub back_at: Option<Time>,
    /// Who of the team works before I am back, those that begin first first.
    pub readers: Vec<Reader>,
    /// Markdown, to be edited.
    pub body: String,
    /// What I asked of others and have no answer to. Only the two of an ask read it, so the body names none of them.
    pub waiting: Vec<Waiting>,
    /// What I handed over today already.
    pub written: Option<HandOver>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "HandOverReader")]
pub struct Reader {
    pub id: Id<Person>,
    pub name: String,
    pub photo: Option<String>,
    /// Whether they are at work now.
    pub working: bool,
    /// When they begin; now for those who are at work.
    pub begins_at: Time,
    /// Of their IANA zone.
    pub zone: String,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "HandOverWaiting")]
pub struct Waiting {
    pub to_name: String,
    pub subject: String,
    /// The page of the ask, from the root of the site.
    pub href: String,
    pub due_at: Time,
}

impl Operation for DraftHandOver {
    const NAME: &str = "hand_over.draft";
    const ROUTE: Route = Route(Get, "/teams/{team}/hand-over");
    const READS: bool = true;
    /// The team, and whether the actor is on it.
    type Target = (team::Record, bool);
    type Output = Draft;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let team = shared_team(tx, self.team).await?;
        let people = people_of(tx, self.team).await?;
        let me = tx.me();
        Ok((team, people.iter().any(|one| one.id == me)))
    }

    fn allows(actor: &Actor, (_, member): &Self::Target) -> bool {
        actor.belongs() && *member
    }

    async fn run(&self, tx: &mut Tx<'_>, (team, _): Self::Target) -> Result<Draft> {
        let days = Days::of(tx, self.team).await?;
        let (me, now, on_date) = (tx.me(), tx.now(), days.on_date);
        let from = days.mine.zone().to_ambiguous_zoned(on_date.to_datetime(Clock::midnight())).compatible();
        let from = from.map_err(Error::internal)?.timestamp().into();
        let deeds = tx.gather_of(me, from..now, |part| part.deeds).await?;
        let underway = tx.gather(|part| part.underway).await?;
        let written =
            sql!(SELECT, "where h.workspace_id = $1 and h.team_id = $2 and h.person_id = $3 and h.on_date = $4");
        Ok(Draft {
            written: tx.find(written, args![tx.workspace(), self.team, me, on_date]).await?,
            waiting: waiting(tx).await?,
            body: begun(&deeds, &underway),
            team_id: team.id,
            team_name: team.name,
            on_date,
            back_at: days.back_at,
            readers: days.readers,
        })
    }
}

/// Somebody of the team with an account.
pub(super) struct Colleague {
    pub id: Id<Person>,
    name: String,
    photo: Option<String>,
}
columns!(Colleague { id, name, photo });

/// Who is on the team today, or leads it.
pub(super) async fn people_of(tx: &mut Tx<'_>, team: Id<Team>) -> Result<Vec<Colleague>> {
    let select = sql!(
        "select p.id, p.name, p.photo from people p
           join accounts a on a.workspace_id = p.workspace_id and a.person_id = p.id and a.disabled_at is null
          where p.workspace_id = $1 and p.deactivated_at is null
            and (exists (select 1 from teams t where t.workspace_id = $1 and t.id = $2 and t.lead_id = p.id)
              or exists (select 1 from memberships m
                          where m.workspace_id = $1 and m.team_id = $2 and m.person_id = p.id and",
        people::holds!("m", "$3"),
        ")) order by p.name, p.id"
    );
    let today = today(tx);
    tx.all(select, args![tx.workspace(), team, today]).await
}

/// The end of my day, and who of the team works before my next one begins.
pub(super) struct Days {
    pub on_date: Date,
    pub back_at: Option<Time>,
    pub readers: Vec<Reader>,
    mine: Calendar,
}

impl Days {
    pub async fn of(tx: &mut Tx<'_>, team: Id<Team>) -> Result<Days> {
        let (me, now) = (tx.me(), tx.now());
        let people = people_of(tx, team).await?;
        let ids: Vec<_> = people.iter().map(|one| one.id).collect();
        let clocks = calendars(tx, &ids, now - DAY, now + DAY * LONGEST).await?;
        let calendar = |id| clocks.iter().find(|clock| clock.id == id).map(|clock| &clock.calendar);
        let mine = calendar(me).cloned().ok_or(Error::NotFound)?;
        let latest = now + DAY * LONGEST;
        let back_at = mine.next_working_morning(now).filter(|at| *at <= latest);
        let until = back_at.unwrap_or(latest);
        let others = people.into_iter().filter(|one| one.id != me);
        let readers = others.filter_map(|Colleague { id, name, photo }| {
            let calendar = calendar(id)?;
            let begins_at = calendar.working(now, until).next()?.start.max(now);
            let working = calendar.is_working(now);
            Some(Reader { id, name, photo, working, begins_at, zone: calendar.zone_name().to_owned() })
        });
        let mut readers: Vec<Reader> = readers.collect();
        readers.sort_by_key(|reader| reader.begins_at);
        Ok(Days { on_date: now.date(mine.zone()), back_at, readers, mine })
    }
}

struct Asked {
    id: String,
    to_name: String,
    subject: String,
    due_at: Time,
}
columns!(Asked { id, to_name, subject, due_at });

async fn waiting(tx: &mut Tx<'_>) -> Result<Vec<Waiting>> {
    let select = sql!(
        "select a.id, p.name as to_name, a.subject, a.due_at from asks_public_asks a
           join people p on p.workspace_id = a.workspace_id and p.id = a.receiver_id
          where a.workspace_id = $1 and a.asker_id = $2 and a.receiver_id <> $2 and a.state = 'open'
          order by a.due_at, a.id limit 20"
    );
    let me = tx.me();
    let asked: Vec<Asked> = tx.all(select, args![tx.workspace(), me]).await?;
    let waiting = asked.into_iter().map(|Asked { id, to_name, subject, due_at }| Waiting {
        href: format!("/asks/{id}"),
        to_name,
        subject,
        due_at,
    });
    Ok(waiting.collect())
}

fn begun(deeds: &[Deed], underway: &[Underway]) -> String {
    // A key of an issue is a link by itself.
    let link = |title: &str, href: &str| match href.starts_with("/issues/") {
        true => plain(title),
        false => format!("[{}]({href})", plain(title)),
    };
    let did = deeds.iter().map(|one| format!("- {} {}", one.verb, link(&one.title, &one.href)));
    let (open, mine): (Vec<_>, Vec<_>) = underway.iter().partition(|one| one.wants.is_some());
    let wanted =
        open.iter().filter_map(|one| Some(format!("- {} waits for {}", link(&one.title, &one.href), one.wants?)));
    let left = mine.iter().map(|one| format!("- {}", link(&one.title, &one.href)));
    let parts = [
        ("Done today", did.collect::<Vec<_>>()),
        ("Could be picked up before I am back", wanted.collect()),
        ("Under way, waits for me", left.collect()),
    ];
    let parts = parts.into_iter().filter(|(_, lines)| !lines.is_empty());
    parts.map(|(title, lines)| format!("**{title}**\n\n{}", lines.join("\n"))).collect::<Vec<_>>().join("\n\n")
}
