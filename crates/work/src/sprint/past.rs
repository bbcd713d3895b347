//! Sprints that happened elsewhere, written with their commitment and their ledger by whoever brings them over.
use super::{
    Capacity, Kind, Report, Sprint,
    capacity::weekdays,
    ledger::{self, Entry},
    list,
};
use crate::{
    estimate::{Estimate, Sum},
    issue::Issue,
};
use jiff::civil::Date;
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
        let id = self.insert(tx).await?;
        let commit = sql!(
            "insert into sprint_commitments (workspace_id, sprint_id, issue_id, issue_key, title, estimate)
             values ($1, $2, $3, $4, $5, $6)"
        );
        for one in &self.commitment {
            tx.run(commit, args![tx.workspace(), id, one.issue, one.key, one.title, one.estimate]).await?;
        }
        for change in &self.changes {
            let entry = change.entry(tx.id());
            ledger::insert(tx, id, &entry, change.by_outsider.as_deref()).await?;
        }
        if let Some((started, closed)) = self.started_at.zip(self.closed_at) {
            let sprint = Sprint::visible(tx, id).await?;
            let working_days = weekdays(self.first_on, self.last_on);
            let capacity = Capacity { working_days, ..Capacity::default() };
            let report = Report::at(tx, &sprint, (started, closed), capacity).await?;
            list::store(tx, id, &report).await?;
        }
        Ok(id)
    }

    async fn insert(&self, tx: &mut Tx<'_>) -> Result<Id<Sprint>> {
        let id: Id<Sprint> = tx.id();
        let last = sql!("select max(number) from sprints where workspace_id = $1 and team_id = $2");
        let last: Option<i64> = tx.one(last, args![tx.workspace(), self.team]).await?;
        let insert = sql!(
            "insert into sprints (workspace_id, id, team_id, number, name, first_on, last_on, zone, goal, created_at,
               started_at, closed_at, committed, committed_issues)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)"
        );
        let committed: i64 = self.commitment.iter().filter_map(|one| one.estimate).map(|estimate| estimate.0).sum();
        let now = tx.now();
        tx.run(
            insert,
            args![
                tx.workspace(),
                id,
                self.team,
                last.unwrap_or(0) + 1,
                self.name,
                self.first_on,
                self.last_on,
                self.zone,
                self.goal,
                self.started_at.unwrap_or(now),
                self.started_at,
                self.closed_at.filter(|_| self.started_at.is_some()),
                committed,
                self.commitment.len() as i64
            ],
        )
        .await?;
        Ok(id)
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

/// Says in which sprint issues are now: the one that is planned or runs, or the one in which they were finished.
pub async fn hold(tx: &mut Tx<'_>, sprint: Id<Sprint>, issues: &[Id<Issue>]) -> Result<()> {
    let update = sql!(
        "update issues set sprint_id = $2
          where workspace_id = $1 and id in (select value from json_each(cast($3 as text)))"
    );
    tx.run(update, args![tx.workspace(), sprint, id_list(issues)]).await.map(drop)
}
