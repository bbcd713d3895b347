//! What is decided about an issue in triage: accepted, a duplicate, declined, or put off; each can be undone.
use super::topic;
use crate::{
    issue::{Batch, Direction, Issue, Priority, RelateIssues, UndoChanges, UnrelateIssues, Wanted, Which, apply},
    team::{Category, State, states_of},
};
use jiff::civil::Date;
use kernel::{
    Actor, Change, Error, Id, Method::Post, Operation, Person, Result, Route, Team, Time, Tx, args, columns, json, sql,
    text::Line, words,
};
use people::person::Record;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

words! {
    pub enum Act {
        Accepted = "accepted",
        Merged = "merged",
        Declined = "declined",
        PutOff = "put_off",
    }
}

/// What was decided, and by what it is undone.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "TriageActed")]
pub struct Acted {
    pub batch: Id<Batch>,
    pub keys: Vec<String>,
}

/// Take issues on: they leave triage.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptIssues {
    /// 1 to 100 issues in triage.
    pub issues: Vec<Which>,
    /// A state of their team outside of triage; its first one of the backlog if left out.
    #[serde(default)]
    pub state: Option<Id<State>>,
    #[serde(default)]
    pub assignee: Option<Id<Person>>,
    #[serde(default)]
    pub priority: Option<Priority>,
}

/// Say that issues in triage are duplicates of another one: they are cancelled and point at it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeIssues {
    /// 1 to 100 issues in triage.
    pub issues: Vec<Which>,
    pub into: Which,
}

/// Decline issues in triage with a reason, which stands in their history.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclineIssues {
    /// 1 to 100 issues in triage.
    pub issues: Vec<Which>,
    pub reason: Line<300>,
}

/// Put issues in triage off until the morning of a day where the team is.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PutOffIssues {
    /// 1 to 100 issues in triage.
    pub issues: Vec<Which>,
    pub until: Date,
}

const MOST: usize = 100;

impl Operation for AcceptIssues {
    const NAME: &str = "triage.accept";
    const ROUTE: Route = Route(Post, "/triage/accepted");
    type Target = Vec<Issue>;
    type Output = Acted;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Vec<Issue>> {
        if let Some(person) = self.assignee {
            Record::visible(tx, person).await?;
        }
        found(tx, &self.issues).await
    }

    fn allows(actor: &Actor, _: &Vec<Issue>) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, issues: Vec<Issue>) -> Result<Acted> {
        check(&issues)?;
        let batch = tx.id();
        for issue in &issues {
            let state = match self.state {
                Some(state) => outside(tx, issue.team_id, state).await?,
                None => of_category(tx, issue, &[Category::Backlog, Category::Unstarted, Category::Started]).await?,
            };
            let wanted = Wanted {
                state: Some(state),
                assignee: self.assignee.map_or(Change::Keep, Change::Set),
                priority: self.priority,
                ..Wanted::default()
            };
            apply(tx, issue, &wanted, batch).await?;
            note(tx, batch, issue, Act::Accepted, &Noted::default()).await?;
        }
        Ok(acted(batch, &issues))
    }
}

impl Operation for MergeIssues {
    const NAME: &str = "triage.merge";
    const ROUTE: Route = Route(Post, "/triage/merged");
    type Target = (Vec<Issue>, Issue);
    type Output = Acted;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Ok((found(tx, &self.issues).await?, Issue::visible(tx, &self.into, false).await?))
    }

    fn allows(actor: &Actor, _: &Self::Target) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, (issues, into): Self::Target) -> Result<Acted> {
        check(&issues)?;
        if issues.iter().any(|issue| issue.id == into.id) {
            return Err(Error::invalid("into", "An issue is no duplicate of itself. Name another one."));
        }
        let batch = tx.id();
        for issue in &issues {
            let known = sql!(
                "select 1 from issue_relations
                  where workspace_id = $1 and issue_id = $2 and kind = 'duplicates' and other_id = $3"
            );
            let known = tx.exists(known, args![tx.workspace(), issue.id, into.id]).await?;
            let (one, other) = (Which::Id(issue.id), Which::Id(into.id));
            tx.call_as(tx.actor(), &RelateIssues { issue: one, direction: Direction::Duplicates, other }).await?;
            cancel(tx, issue, batch).await?;
            let noted = Noted { other: (!known).then_some(into.id), ..Noted::default() };
            note(tx, batch, issue, Act::Merged, &noted).await?;
        }
        Ok(acted(batch, &issues))
    }
}

impl Operation for DeclineIssues {
    const NAME: &str = "triage.decline";
    const ROUTE: Route = Route(Post, "/triage/declined");
    type Target = Vec<Issue>;
    type Output = Acted;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Vec<Issue>> {
        found(tx, &self.issues).await
    }

    fn allows(actor: &Actor, _: &Vec<Issue>) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, issues: Vec<Issue>) -> Result<Acted> {
        if self.reason.trim().is_empty() {
            return Err(Error::invalid("reason", "Say why, so that whoever filed it knows."));
        }
        check(&issues)?;
        let batch = tx.id();
        for issue in &issues {
            cancel(tx, issue, batch).await?;
            tx.record("issue.declined", issue.id, json!({ "reason": self.reason }));
            let noted = Noted { reason: self.reason.to_string(), ..Noted::default() };
            note(tx, batch, issue, Act::Declined, &noted).await?;
        }
        Ok(acted(batch, &issues))
    }
}

impl Operation for PutOffIssues {
    const NAME: &str = "triage.put_off";
    const ROUTE: Route = Route(Post, "/triage/put-off");
    type Target = Vec<Issue>;
    type Output = Acted;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Vec<Issue>> {
        found(tx, &self.issues).await
    }

    fn allows(actor: &Actor, _: &Vec<Issue>) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, issues: Vec<Issue>) -> Result<Acted> {
        check(&issues)?;
        let today = people::access::today(tx);
        let latest = today.saturating_add(jiff::Span::new().days(366));
        if self.until <= today || self.until > latest {
            return Err(Error::invalid("until", "Choose a day from tomorrow to a year from now."));
        }
        let batch = tx.id();
        for issue in &issues {
            tx.record("issue.put_off", issue.id, json!({ "until": ui::date_long(self.until) }));
            tx.touch(crate::issue::topic(issue.team_id));
            note(tx, batch, issue, Act::PutOff, &Noted { until: Some(self.until), ..Noted::default() }).await?;
        }
        Ok(acted(batch, &issues))
    }
}

async fn found(tx: &mut Tx<'_>, which: &[Which]) -> Result<Vec<Issue>> {
    let mut issues: Vec<Issue> = Vec::new();
    for which in which.iter().take(MOST + 1) {
        let issue = Issue::visible(tx, which, false).await?;
        if issues.iter().all(|one| one.id != issue.id) {
            issues.push(issue);
        }
    }
    Ok(issues)
}

fn check(issues: &[Issue]) -> Result<()> {
    if !(1..=MOST).contains(&issues.len()) {
        return Err(Error::invalid("issues", format!("Choose 1 to {MOST} issues.")));
    }
    match issues.iter().find(|issue| issue.category != Category::Triage) {
        Some(issue) => Err(Error::conflict(format!("{} is not in triage any more.", issue.key))),
        None => Ok(()),
    }
}

fn acted(batch: Id<Batch>, issues: &[Issue]) -> Acted {
    Acted { batch, keys: issues.iter().map(|issue| issue.key.clone()).collect() }
}

async fn outside(tx: &mut Tx<'_>, team: Id<Team>, wanted: Id<State>) -> Result<Id<State>> {
    let states = states_of(tx, team).await?;
    let fits = |state: &&State| state.id == wanted && state.archived_at.is_none() && state.category != Category::Triage;
    let found = states.iter().find(fits).map(|state| state.id);
    found.ok_or_else(|| Error::invalid("state", "Choose a state of this team outside of triage."))
}

/// The first state of the issue's team in the first of these categories that it has.
async fn of_category(tx: &mut Tx<'_>, issue: &Issue, wanted: &[Category]) -> Result<Id<State>> {
    let states = states_of(tx, issue.team_id).await?;
    let first = |category: &Category| states.iter().find(|one| one.category == *category && one.archived_at.is_none());
    let found = wanted.iter().find_map(first).map(|state| state.id);
    found.ok_or_else(|| Error::conflict(format!("{} has no state into which this could go.", issue.team_name)))
}

async fn cancel(tx: &mut Tx<'_>, issue: &Issue, batch: Id<Batch>) -> Result<()> {
    let state = of_category(tx, issue, &[Category::Cancelled]).await?;
    apply(tx, issue, &Wanted { state: Some(state), ..Wanted::default() }, batch).await.map(drop)
}

#[derive(Default)]
struct Noted {
    reason: String,
    until: Option<Date>,
    other: Option<Id<Issue>>,
}

async fn note(tx: &mut Tx<'_>, batch: Id<Batch>, issue: &Issue, act: Act, noted: &Noted) -> Result<()> {
    let (id, me, now): (Id<Act>, _, _) = (tx.id(), tx.me(), tx.now());
    let Noted { reason, until, other } = noted;
    let insert = sql!(
        "insert into triage_acts (workspace_id, id, batch, issue_id, act, reason, until_on, other_id, state_since, at, by_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"
    );
    tx.touch(topic(issue.team_id));
    let workspace = tx.workspace();
    tx.run(insert, args![workspace, id, batch, issue.id, act, reason, until, other, issue.state_since, now, me])
        .await
        .map(drop)
}

/// Undo what one call has decided about issues in triage. What somebody has changed since then stays.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UndoTriage {
    pub batch: Id<Batch>,
}

pub struct Noting {
    issue_id: Id<Issue>,
    team_id: Id<Team>,
    act: Act,
    other_id: Option<Id<Issue>>,
    state_since: Time,
    by_id: Option<Id<Person>>,
}
columns!(Noting { issue_id, team_id, act, other_id, state_since, by_id });

impl Operation for UndoTriage {
    const NAME: &str = "triage.undo";
    const ROUTE: Route = Route(Post, "/triage-acts/{batch}/undo");
    /// What was decided, and whether the actor did.
    type Target = (Vec<Noting>, bool);
    /// The teams whose triage it was.
    type Output = Vec<Id<Team>>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let select = sql!(
            "select a.issue_id, i.team_id, a.act, a.other_id, a.state_since, a.by_id
               from triage_acts a join issues i on i.workspace_id = a.workspace_id and i.id = a.issue_id
              where a.workspace_id = $1 and $2 and a.batch = $3 order by a.id"
        );
        let all: Vec<Noting> = tx.all(select, args![tx.workspace(), tx.actor().belongs(), self.batch]).await?;
        let own = all.iter().all(|one| one.by_id == Some(tx.me()));
        if all.is_empty() { Err(Error::NotFound) } else { Ok((all, own)) }
    }

    fn allows(actor: &Actor, (_, own): &Self::Target) -> bool {
        *own || actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, (all, _): Self::Target) -> Result<Vec<Id<Team>>> {
        if all.iter().any(|one| one.act != Act::PutOff) {
            tx.call_as(tx.actor(), &UndoChanges { batch: self.batch }).await?;
        }
        let delete = sql!("delete from triage_acts where workspace_id = $1 and batch = $2");
        tx.run(delete, args![tx.workspace(), self.batch]).await?;
        for one in &all {
            if let Some(other) = one.other_id {
                let (issue, other) = (Which::Id(one.issue_id), Which::Id(other));
                tx.call_as(tx.actor(), &UnrelateIssues { issue, direction: Direction::Duplicates, other }).await?;
            }
            let update =
                sql!("update issues set state_since = $3 where workspace_id = $1 and id = $2 and category = 'triage'");
            tx.run(update, args![tx.workspace(), one.issue_id, one.state_since]).await?;
            tx.touch(topic(one.team_id));
        }
        let mut teams: Vec<Id<Team>> = all.into_iter().map(|one| one.team_id).collect();
        teams.dedup();
        Ok(teams)
    }
}
