//! Sprints that happened elsewhere, written with their commitment and their ledger by whoever brings them over.
use super::{
    Capacity, Kind, Report, Sprint,
    capacity::weekdays,
    ledger::{self, Entry},
    list,
    plan::Proposed,
};
use crate::{
    estimate::{Estimate, Sum},
    import::IncomingSprint,
    issue::Issue,
};
use jiff::{civil::Date, tz::TimeZone};
use kernel::{Id, Person, Result, Team, Time, Tx, args, list as id_list, sql};

/// A sprint as its history tells it. The issues and the time in their states are written before it, as the report is made
/// from them.
#[derive(Clone, Debug)]
pub struct Past {
    pub team: Id<Team>,
    pub name: String,
    pub goal: String,
    /// An IANA name.
    pub zone: String,
    /// Both included.
    pub first_on: Date,
    pub last_on: Date,
    /// Nothing while it is only planned.
    pub started_at: Option<Time>,
    /// Nothing while it runs. With it the report is computed and kept for ever.
    pub closed_at: Option<Time>,
    /// What it held at the start.
    pub commitment: Vec<Committed>,
    /// What changed from the start to the closing, the first change first.
    pub changes: Vec<Changed>,
}

#[derive(Clone, Debug)]
pub struct Committed {
    pub issue: Id<Issue>,
    pub key: String,
    pub title: String,
    pub estimate: Option<Estimate>,
}

#[derive(Clone, Debug)]
pub struct Changed {
    pub issue: Id<Issue>,
    pub key: String,
    pub title: String,
    pub before: Place,
    pub after: Place,
    /// As `before` and `after` tell, if left out: added, removed or estimated.
    pub kind: Option<Kind>,
    pub reason: String,
    pub at: Time,
    pub by: Option<Id<Person>>,
    /// The id of an outsider, where nobody here did it.
    pub by_outsider: Option<String>,
}

/// Whether an issue was in the sprint, and what it counted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Out,
    In(Option<Estimate>),
}

impl Place {
    fn estimate(self) -> Option<Estimate> {
        match self {
            Place::Out => None,
            Place::In(estimate) => estimate,
        }
    }

    fn issues(self) -> i64 {
        i64::from(self != Place::Out)
    }
}

impl Past {
    /// Writes the sprint, its commitment and its ledger, and the report if it is closed. Its number is the next one of the
    /// team, which has its states already.
    pub async fn write(&self, tx: &mut Tx<'_>) -> Result<Id<Sprint>> {
        let id: Id<Sprint> = tx.id();
        let last = sql!("select max(number) from sprints where workspace_id = $1 and team_id = $2");
        let last: Option<i64> = tx.one(last, args![tx.workspace(), self.team]).await?;
        let insert = sql!(
            "insert into sprints (workspace_id, id, team_id, number, name, first_on, last_on, zone, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        );
        let (number, at) = (last.unwrap_or(0) + 1, self.started_at.unwrap_or(tx.now()));
        let Past { team, name, first_on, last_on, zone, .. } = self;
        tx.run(insert, args![tx.workspace(), id, team, number, name, first_on, last_on, zone, at]).await?;
        self.fill(tx, id).await?;
        Ok(id)
    }

    /// Writes a sprint that is not closed anew, in place of all that was said of it before.
    pub async fn rewrite(&self, tx: &mut Tx<'_>, id: Id<Sprint>) -> Result<()> {
        clear(tx, id).await?;
        self.fill(tx, id).await
    }

    async fn fill(&self, tx: &mut Tx<'_>, id: Id<Sprint>) -> Result<()> {
        self.plan(tx, id).await?;
        let commit = sql!(
            "insert into sprint_commitments (workspace_id, sprint_id, issue_id, issue_key, title, estimate)
             values ($1, $2, $3, $4, $5, $6)"
        );
        let (workspace, mut rows) = (tx.workspace(), Vec::new());
        for one in &self.commitment {
            rows.push(args![workspace, id, one.issue, one.key, one.title, one.estimate].to_vec());
        }
        tx.run_many(commit, &rows).await?;
        let entries: Vec<(Entry, Option<&str>)> =
            self.changes.iter().map(|change| (change.entry(tx.id()), change.by_outsider.as_deref())).collect();
        ledger::insert_all(tx, id, &entries).await?;
        if let Some((started, closed)) = self.started_at.zip(self.closed_at) {
            let sprint = Sprint::visible(tx, id).await?;
            let working_days = weekdays(self.first_on, self.last_on);
            let capacity = Capacity { working_days, ..Capacity::default() };
            let report = Report::at(tx, &sprint, (started, closed), capacity).await?;
            list::store(tx, id, &report).await?;
        }
        Ok(())
    }

    async fn plan(&self, tx: &mut Tx<'_>, id: Id<Sprint>) -> Result<()> {
        let update = sql!(
            "update sprints set name = $3, first_on = $4, last_on = $5, zone = $6, goal = $7, started_at = $8,
                    closed_at = $9, committed = $10, committed_issues = $11
              where workspace_id = $1 and id = $2"
        );
        let committed: i64 = self.commitment.iter().filter_map(|one| one.estimate).map(|estimate| estimate.0).sum();
        let closed_at = self.closed_at.filter(|_| self.started_at.is_some());
        let Past { name, first_on, last_on, zone, goal, started_at, .. } = self;
        let issues = self.commitment.len() as i64;
        tx.run(
            update,
            args![tx.workspace(), id, name, first_on, last_on, zone, goal, started_at, closed_at, committed, issues],
        )
        .await
        .map(drop)
    }
}

/// The plan in words, when it was planned, and its number, unless another sprint of the team has that.
pub(crate) async fn keep_plan(tx: &mut Tx<'_>, id: Id<Sprint>, told: &IncomingSprint) -> Result<()> {
    let IncomingSprint { body, risks, away, left_out, number, created_at, .. } = told;
    let update = sql!(
        "update sprints set commitment = $3, risks = $4, away = $5, left_out = $6, created_at = coalesce($7, created_at)
          where workspace_id = $1 and id = $2"
    );
    tx.run(update, args![tx.workspace(), id, body, risks, away, left_out, created_at]).await?;
    let renumber = sql!(
        "update sprints set number = $3 where workspace_id = $1 and id = $2 and not exists (
           select 1 from sprints other where other.workspace_id = $1 and other.team_id = sprints.team_id
              and other.number = $3)"
    );
    if let Some(number) = number.filter(|number| (1..1_000_000).contains(number)) {
        tx.run(renumber, args![tx.workspace(), id, number]).await?;
    }
    Ok(())
}

/// Keeps the report as it was at the closing, in place of the one that the history makes.
pub(crate) async fn keep_report(tx: &mut Tx<'_>, id: Id<Sprint>, report: &Report) -> Result<()> {
    if is_closed(tx, id).await? { list::store(tx, id, report).await } else { Ok(()) }
}

/// Takes away the commitment and the ledger of a sprint that was brought over.
async fn clear(tx: &mut Tx<'_>, id: Id<Sprint>) -> Result<()> {
    for statement in [
        sql!("delete from sprint_commitments where workspace_id = $1 and sprint_id = $2"),
        sql!("delete from sprint_changes where workspace_id = $1 and sprint_id = $2"),
    ] {
        tx.run(statement, args![tx.workspace(), id]).await?;
    }
    Ok(())
}

/// Takes a sprint that was brought over away, with its record.
pub(crate) async fn take_back(tx: &mut Tx<'_>, id: Id<Sprint>) -> Result<()> {
    clear(tx, id).await?;
    for statement in [
        sql!("update issues set sprint_id = null where workspace_id = $1 and sprint_id = $2"),
        sql!("delete from sprints where workspace_id = $1 and id = $2"),
    ] {
        tx.run(statement, args![tx.workspace(), id]).await?;
    }
    Ok(())
}

/// A fingerprint of a sprint, which is another one as soon as somebody plans, begins, closes or changes what it holds here.
pub(crate) async fn stands(tx: &mut Tx<'_>, id: Id<Sprint>) -> Result<i64> {
    let select = sql!(
        "select name || '/' || goal || '/' || first_on || '/' || last_on || '/' || commitment || '/' || risks || '/' || away
                || '/' || left_out || '/' || coalesce(started_by, '') || '/' || coalesce(closed_by, '') || '/'
                || cast(coalesce(started_at, 0) as text) || '/' || cast(coalesce(closed_at, 0) as text) || '/'
                || cast((select count(*) from sprint_changes c
                          where c.workspace_id = sprints.workspace_id and c.sprint_id = sprints.id) as text)
           from sprints where workspace_id = $1 and id = $2"
    );
    let words: String = tx.one(select, args![tx.workspace(), id]).await?;
    Ok(kernel::fingerprint(&words))
}

pub(crate) async fn is_closed(tx: &mut Tx<'_>, id: Id<Sprint>) -> Result<bool> {
    ledger::is_closed(tx, Some(id)).await
}

/// The days of a sprint in the zone in which its team plans.
pub(crate) struct Days {
    pub zone: String,
    pub first_on: Date,
    pub last_on: Date,
}

impl Days {
    /// By instants on the first and on the last day; where one is not known, as the next sprint of the team would last.
    pub async fn of(tx: &mut Tx<'_>, team: Id<Team>, first: Option<Time>, last: Option<Time>) -> Result<Days> {
        let proposed = Proposed::of(tx, team).await?;
        let zone = TimeZone::get(&proposed.zone).unwrap_or(TimeZone::UTC);
        let first_on = first.map_or(proposed.first_on, |first| first.date(&zone));
        let last_on = last.map_or_else(|| proposed.last_of(first_on), |last| last.date(&zone)).max(first_on);
        Ok(Days { zone: proposed.zone, first_on, last_on })
    }
}

impl Changed {
    fn entry(&self, id: Id<Entry>) -> Entry {
        let size = |place: Place| place.estimate().map_or(0, |estimate| estimate.0);
        let kind = self.kind.unwrap_or(match (self.before, self.after) {
            (Place::Out, _) => Kind::Added,
            (_, Place::Out) => Kind::Removed,
            _ => Kind::Estimated,
        });
        let rolled = kind == Kind::RolledOver;
        let more = if rolled { 0 } else { self.after.issues() - self.before.issues() };
        Entry {
            id,
            issue_id: self.issue,
            key: self.key.clone(),
            title: self.title.clone(),
            kind,
            before: self.before.estimate(),
            after: self.after.estimate(),
            issues_more: more,
            estimate_more: Sum(if rolled { 0 } else { size(self.after) - size(self.before) }),
            reason: self.reason.clone(),
            at: self.at,
            by_id: self.by,
            by_name: None,
        }
    }
}

/// Says in which sprint issues are now: the one that is planned or runs, or the one in which they were finished. Where
/// somebody here has put an issue into a sprint or out of one, it stays.
pub async fn hold(tx: &mut Tx<'_>, sprint: Id<Sprint>, issues: &[Id<Issue>]) -> Result<()> {
    let update = sql!(
        "update issues set sprint_id = $2
          where workspace_id = $1 and id in (select value from json_each(cast($3 as text)))
            and not exists (select 1 from issue_changes c
                             where c.workspace_id = issues.workspace_id and c.issue_id = issues.id
                               and c.field = 'sprint' and c.batch <> c.issue_id)"
    );
    tx.run(update, args![tx.workspace(), sprint, id_list(issues)]).await.map(drop)
}
