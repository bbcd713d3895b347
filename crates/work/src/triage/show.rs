use super::{
    Promise, Triage, Turn,
    promise::{self, Kept as KeptPromise},
    rota::Rota,
};
use crate::{
    issue::{Issue, SELECT, VISIBLE},
    team::{Category, Kept, State, Work, states_of},
};
use jiff::civil::Date;
use kernel::{Actor, Id, Method::Get, Operation, Person, Result, Route, Team, Time, Tx, args, columns, list, sql};
use people::person::Named;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is new in a team, who looks at it, and by when that was promised.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowTriage {
    pub team: Id<Team>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TriageView {
    pub team_id: Id<Team>,
    pub team_name: String,
    /// The IANA zone in which turns and days begin.
    pub zone: String,
    /// Whether what is filed by people who are not on the team begins in triage.
    pub from_others: bool,
    /// What waits, what is due first at the top; at most 200.
    pub waiting: Vec<Waiting>,
    /// What was put off until a day that is still to come.
    pub put_off: Vec<Waiting>,
    /// Open issues for which a time was promised, the first one first; at most 50.
    pub promised: Vec<Promised>,
    /// Whose turn this week is, and the five after it.
    pub turns: Vec<Turn>,
    /// Who takes turns, in the order as it goes on from this week.
    pub people: Vec<Named<Person>>,
    pub promises: Vec<Promise>,
    /// The states into which an issue can be accepted.
    pub states: Vec<State>,
    /// Whether the reader settles the rota and the promises.
    pub may_change: bool,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Waiting {
    #[serde(flatten)]
    pub issue: Issue,
    pub creator_name: Option<String>,
    /// Since when it waits: when it came, or the morning of the day until which it was put off.
    pub waits_from: Time,
    /// Working minutes of whoever had the turn meanwhile; of the last half year.
    pub waited_minutes: i64,
    /// By when somebody looks at it, as was promised.
    pub due_at: Option<Time>,
    pub put_off_until: Option<Date>,
}

/// An open issue that is to be done by some time.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "PromisedIssue")]
pub struct Promised {
    #[serde(flatten)]
    pub issue: Issue,
    pub done_due: Time,
}

/// More than this nobody looks through.
const MOST: i64 = 200;
const MOST_PROMISED: usize = 50;
const WEEKS: i32 = 6;

impl Operation for ShowTriage {
    const NAME: &str = "triage.show";
    const ROUTE: Route = Route(Get, "/teams/{team}/triage");
    const READS: bool = true;
    type Target = Kept;
    type Output = TriageView;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        Kept::visible(tx, self.team).await
    }

    fn allows(actor: &Actor, _: &Kept) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, kept: Kept) -> Result<TriageView> {
        let triage = settled(tx, self.team).await?;
        let rota = Rota::load(tx, &triage).await?;
        let promises = promise::of(tx, self.team).await?;
        let found = waiting(tx, self.team, &rota, &promises).await?;
        let now = tx.now();
        let (put_off, waiting) = found.into_iter().partition(|one: &Waiting| one.waits_from > now);
        let leads_out = |state: &State| state.archived_at.is_none() && state.category != Category::Triage;
        Ok(TriageView {
            team_id: self.team,
            may_change: kept.may_change(tx.actor()) && !tx.actor().is_system(),
            team_name: kept.team.name,
            zone: triage.zone,
            from_others: triage.from_others,
            waiting,
            put_off,
            promised: promised(tx, self.team, &rota, &promises).await?,
            turns: rota.turns(WEEKS),
            people: rota.order,
            promises: promises.into_iter().map(|kept| kept.promise).collect(),
            states: states_of(tx, self.team).await?.into_iter().filter(leads_out).collect(),
        })
    }
}

/// What the team has settled, or how it is as long as it has not.
pub(super) async fn settled(tx: &mut Tx<'_>, team: Id<Team>) -> Result<Triage> {
    if let Some(triage) = Triage::find(tx, team).await? {
        return Ok(triage);
    }
    let zone = Work::find(tx, team).await?.and_then(|work| work.sprint_zone);
    Ok(Triage {
        team_id: team,
        zone: zone.unwrap_or_else(|| "Etc/UTC".to_owned()),
        from_others: false,
        first_on: people::access::today(tx),
        asked_id: None,
        asked_due: None,
    })
}

struct More {
    id: Id<Issue>,
    creator_name: Option<String>,
    until_on: Option<Date>,
}
columns!(More { id, creator_name, until_on });

/// All that is in triage, what is due first at the top.
pub(super) async fn waiting(
    tx: &mut Tx<'_>,
    team: Id<Team>,
    rota: &Rota,
    promises: &[KeptPromise],
) -> Result<Vec<Waiting>> {
    let select = sql!(
        SELECT,
        "where",
        VISIBLE,
        "and i.team_id = $3 and i.category = 'triage' and i.deleted_at is null order by i.state_since, i.id limit $4"
    );
    let issues: Vec<Issue> = tx.all(select, args![tx.workspace(), tx.actor().belongs(), team, MOST]).await?;
    let ids: Vec<Id<Issue>> = issues.iter().map(|issue| issue.id).collect();
    let mut more = more(tx, &ids).await?;
    let now = tx.now();
    let mut all: Vec<Waiting> = issues
        .into_iter()
        .map(|issue| {
            let more = more.extract_if(.., |one| one.id == issue.id).next();
            let until = more.as_ref().and_then(|one| one.until_on);
            let waits_from = until.map_or(issue.state_since, |day| rota.morning(day).max(issue.state_since));
            let due = promise::for_priority(promises, issue.priority).and_then(|kept| kept.look_due(rota, waits_from));
            Waiting {
                creator_name: more.and_then(|one| one.creator_name),
                waits_from,
                waited_minutes: rota.between(waits_from, now.max(waits_from)).as_mins(),
                due_at: due,
                put_off_until: until,
                issue,
            }
        })
        .collect();
    all.sort_by_key(|one| (one.due_at.unwrap_or(Time(i64::MAX)), one.waits_from, one.issue.id));
    Ok(all)
}

/// Who filed them, and until when they are put off.
async fn more(tx: &mut Tx<'_>, issues: &[Id<Issue>]) -> Result<Vec<More>> {
    if issues.is_empty() {
        return Ok(Vec::new());
    }
    let select = sql!(
        "select i.id, coalesce(p.name, o.name) as creator_name,
                (select max(a.until_on) from triage_acts a
                  where a.workspace_id = i.workspace_id and a.issue_id = i.id and a.at >= i.state_since) as until_on
           from issues i
           left join people p on p.workspace_id = i.workspace_id and p.id = i.creator_id
           left join outsiders o on o.workspace_id = i.workspace_id and o.id = i.creator_outsider_id
          where i.workspace_id = $1 and i.id in (select value from json_each(cast($2 as text)))"
    );
    tx.all(select, args![tx.workspace(), list(issues)]).await
}

/// Since when an issue in triage waits.
pub(super) async fn waits_from(tx: &mut Tx<'_>, rota: &Rota, issue: &Issue) -> Result<Time> {
    let until = more(tx, &[issue.id]).await?.pop().and_then(|one| one.until_on);
    Ok(until.map_or(issue.state_since, |day| rota.morning(day).max(issue.state_since)))
}

/// Open issues with a priority for which a time is promised, that came since it is.
async fn promised(tx: &mut Tx<'_>, team: Id<Team>, rota: &Rota, promises: &[KeptPromise]) -> Result<Vec<Promised>> {
    let with_time: Vec<&KeptPromise> = promises.iter().filter(|kept| kept.promise.done_hours.is_some()).collect();
    let Some(since) = with_time.iter().map(|kept| kept.since_at).min() else { return Ok(Vec::new()) };
    let priorities: Vec<String> = with_time.iter().map(|kept| (kept.promise.priority as i64).to_string()).collect();
    let select = sql!(
        SELECT,
        "where",
        VISIBLE,
        "and i.team_id = $3 and i.created_at >= $4 and i.finished_at is null and i.deleted_at is null
            and cast(i.priority as text) in (select value from json_each(cast($5 as text)))
          order by i.created_at, i.id limit $6"
    );
    let (workspace, belongs) = (tx.workspace(), tx.actor().belongs());
    let found: Vec<Issue> = tx.all(select, args![workspace, belongs, team, since, list(&priorities), MOST]).await?;
    let due = |issue: Issue| {
        let done_due = promise::for_priority(promises, issue.priority)?.done_due(rota, issue.created_at)?;
        Some(Promised { issue, done_due })
    };
    let mut all: Vec<Promised> = found.into_iter().filter_map(due).collect();
    all.sort_by_key(|one| (one.done_due, one.issue.id));
    all.truncate(MOST_PROMISED);
    Ok(all)
}
