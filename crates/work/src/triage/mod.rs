//! Triage: what is new in a team, who looks at it this week, and by when, in working hours of whoever has the turn.
mod act;
mod page;
mod promise;
mod rota;
mod set;
mod settings_page;
mod show;
mod sweep;
mod turn;

pub use act::{AcceptIssues, Act, Acted, DeclineIssues, MergeIssues, PutOffIssues, UndoTriage};
pub use promise::Promise;
pub(crate) use promise::{Due, due_of};
pub use rota::Turn;
pub use set::SetTriage;
pub use show::{Promised, ShowTriage, TriageView, Waiting};
pub use sweep::{JOB, SCHEDULE};
pub use turn::GiveTurn;

use crate::team::State;
use jiff::{SignedDuration, civil::Date, tz::TimeZone};
use kernel::{Card, Error, Id, Person, RecordKind, Result, Team, Time, Tx, args, columns, sql};
use people::{access, team::Record};
use ui::Pages;

/// How a team looks at what is new, as it is stored.
struct Triage {
    team_id: Id<Team>,
    zone: String,
    from_others: bool,
    /// The Monday from which the turns are counted.
    first_on: Date,
    /// Who is asked at present to look, and by when.
    asked_id: Option<Id<Person>>,
    asked_due: Option<Time>,
}
columns!(Triage { team_id, zone, from_others, first_on, asked_id, asked_due });

impl Triage {
    /// Nothing before the team has settled anything.
    async fn find(tx: &mut Tx<'_>, team: Id<Team>) -> Result<Option<Triage>> {
        let select = sql!(
            "select team_id, zone, from_others, first_on, asked_id, asked_due from triages
              where workspace_id = $1 and team_id = $2"
        );
        tx.find(select, args![tx.workspace(), team]).await
    }
}

/// What is asked of somebody about a team's triage; its id is that of the team.
pub const RECORD: RecordKind =
    RecordKind { kind: "triage", path: "/triage/", told: None, find: |tx, id| Box::pin(card(tx, id)), documents: None };

async fn card(tx: &mut Tx<'_>, id: &str) -> Result<Option<Card>> {
    let Ok(team) = id.parse::<Id<Team>>() else { return Ok(None) };
    match Record::visible(tx, team).await {
        Ok(team) if tx.actor().belongs() => {
            Ok(Some(Card { title: format!("Triage of {}", team.name), href: format!("/teams/{}/triage", team.id) }))
        }
        Ok(_) | Err(Error::NotFound) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The state in which an issue of the actor begins, if the team wants to look first at what others file.
pub(crate) async fn entrance(tx: &mut Tx<'_>, team: Id<Team>) -> Result<Option<State>> {
    if tx.actor().is_system() {
        return Ok(None);
    }
    let select = sql!(
        "select s.id, s.team_id, s.name, s.category, s.position, s.archived_at
           from triages t join work_states s on s.workspace_id = t.workspace_id and s.team_id = t.team_id
          where t.workspace_id = $1 and t.team_id = $2 and t.from_others and s.category = 'triage'
            and s.archived_at is null
          order by s.position, s.id limit 1"
    );
    let Some(state) = tx.find::<State>(select, args![tx.workspace(), team]).await? else { return Ok(None) };
    let me = tx.me();
    Ok((!access::teams_of(tx, me).await?.contains(&team)).then_some(state))
}

/// The zone in which days of the team begin.
pub(crate) async fn zone_of(tx: &mut Tx<'_>, team: Id<Team>) -> Result<TimeZone> {
    let triage = show::settled(tx, team).await?;
    Ok(TimeZone::get(&triage.zone).unwrap_or(TimeZone::UTC))
}

/// Working time of a team: that of whoever has the turn.
pub(crate) struct Hours(rota::Rota);

impl Hours {
    pub async fn of(tx: &mut Tx<'_>, team: Id<Team>) -> Result<Hours> {
        let triage = show::settled(tx, team).await?;
        rota::Rota::load(tx, &triage).await.map(Hours)
    }

    pub fn between(&self, from: Time, to: Time) -> SignedDuration {
        self.0.between(from, to)
    }
}

/// What live pages of a team's triage listen to besides the issues.
fn topic(team: Id<Team>) -> String {
    format!("triage-{team}")
}

pub fn pages() -> Pages {
    Pages::new()
        .get("/triage/{team}", page::there)
        .get("/teams/{team}/triage", page::show)
        .post("/teams/{team}/triage/accepted", page::accept)
        .post("/teams/{team}/triage/merged", page::merge)
        .post("/teams/{team}/triage/declined", page::decline)
        .post("/teams/{team}/triage/put-off", page::put_off)
        .post("/triage-acts/{batch}/undo", page::undo)
        .post("/teams/{team}/triage/turns", page::give)
        .get("/teams/{team}/triage/settings", settings_page::show)
        .post("/teams/{team}/triage/settings", settings_page::save)
}
