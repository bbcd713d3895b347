//! Sprints of the past, with what they held at the start and the ledger of what changed since.
use super::{Import, Somebody, Tracker, named};
use crate::{
    estimate::Estimate,
    issue::{Issue, topic},
    sprint::{
        Kind, Sprint,
        past::{self, Changed, Committed, Past, Place},
    },
    team::{Kept, Work},
};
use kernel::{
    Actor, Error, INDEX_JOB, Id,
    Method::Post,
    Operation, Result, Route, Team, Time, Tx, args, json, list, sql,
    text::{Line, Name},
};
use people::access::cares_for_people;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Bring over sprints of one team, after their issues: at most 100, with at most 50,000 lines. First those that were closed,
/// in that order. One that was closed here, or that somebody has changed here, stays as it is.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportSprints {
    pub import: Id<Import>,
    pub team: Id<Team>,
    pub sprints: Vec<IncomingSprint>,
}

/// A sprint as the history of its issues tells it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IncomingSprint {
    /// The source's own name for it, which never changes.
    pub source_id: Name<200>,
    pub name: Name<120>,
    #[serde(default)]
    pub goal: Line<300>,
    /// Instants on its first and on its last day; a sprint that did not begin may have none.
    #[serde(default)]
    pub first_at: Option<Time>,
    #[serde(default)]
    pub last_at: Option<Time>,
    #[serde(default)]
    pub started_at: Option<Time>,
    #[serde(default)]
    pub closed_at: Option<Time>,
    /// What it held at the start.
    #[serde(default)]
    pub commitment: Vec<IncomingCommitted>,
    /// What changed since, the first change first.
    #[serde(default)]
    pub changes: Vec<IncomingScope>,
    /// The issues that belong to it now: those it finished, and those that are in it while it is not closed.
    #[serde(default)]
    pub holds: Vec<Name<200>>,
}

/// An issue by the source's id, with what it counted for at the start.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IncomingCommitted {
    pub issue: Name<200>,
    #[serde(default)]
    pub estimate: Option<Estimate>,
}

/// A change of what a sprint holds; nothing stands for an issue that is not in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IncomingScope {
    pub issue: Name<200>,
    pub at: Time,
    #[serde(default)]
    pub by: Option<Somebody>,
    /// Added, removed or estimated if left out, as the two places tell.
    #[serde(default)]
    pub kind: Option<Kind>,
    #[serde(default)]
    pub before: Option<IncomingPlace>,
    #[serde(default)]
    pub after: Option<IncomingPlace>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IncomingPlace {
    #[serde(default)]
    pub estimate: Option<Estimate>,
}

/// What became of the sprints.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StoredSprints {
    pub created: i64,
    pub renewed: i64,
    pub unchanged: i64,
    /// The names of those that are different there and stay as they are here.
    pub kept: Vec<String>,
}

/// Sprints and lines of their ledgers that are sent at once.
pub const MOST: usize = 100;
pub const MOST_LINES: usize = 50_000;

impl IncomingSprint {
    pub fn lines(&self) -> usize {
        self.commitment.len() + self.changes.len() + self.holds.len()
    }
}

/// As many sprints at once as one call takes.
pub fn bunches(all: Vec<IncomingSprint>) -> Vec<Vec<IncomingSprint>> {
    let (mut bunches, mut lines): (Vec<Vec<IncomingSprint>>, usize) = (Vec::new(), 0);
    for sprint in all {
        lines += sprint.lines();
        match bunches.last_mut().filter(|bunch| bunch.len() < MOST && lines <= MOST_LINES) {
            Some(bunch) => bunch.push(sprint),
            None => {
                lines = sprint.lines();
                bunches.push(vec![sprint]);
            }
        }
    }
    bunches
}

impl Operation for ImportSprints {
    const NAME: &str = "issue_import.sprints";
    const ROUTE: Route = Route(Post, "/issue-imports/{import}/sprints");
    type Target = (Import, Kept);
    type Output = StoredSprints;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Ok((Import::visible(tx, self.import).await?, Kept::visible(tx, self.team).await?))
    }

    fn allows(actor: &Actor, _: &Self::Target) -> bool {
        cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (import, _): Self::Target) -> Result<StoredSprints> {
        import.open()?;
        self.check()?;
        if Work::find(tx, self.team).await?.is_none() {
            return Err(Error::invalid("team", "Send the issues of this team first."));
        }
        let here = Here::of(tx, &import, &self.sprints).await?;
        let mut stored = StoredSprints::default();
        for sprint in &self.sprints {
            here.store(tx, self.team, sprint, &mut stored).await?;
        }
        tx.touch("sprint");
        tx.touch(topic(self.team));
        Ok(stored)
    }
}

impl ImportSprints {
    fn check(&self) -> Result<()> {
        let lines: usize = self.sprints.iter().map(IncomingSprint::lines).sum();
        if self.sprints.len() > MOST || lines > MOST_LINES {
            let sentence = format!("Send at most {MOST} sprints with {MOST_LINES} lines at once.");
            return Err(Error::invalid("sprints", sentence));
        }
        self.sprints.iter().try_for_each(IncomingSprint::check)
    }
}

impl IncomingSprint {
    fn wrong(&self, why: &str) -> Error {
        Error::invalid("sprints", format!("{}: {why}", self.name))
    }

    /// Its days and times follow each other, and every change begins where the one before has ended.
    pub(super) fn check(&self) -> Result<()> {
        if self.first_at.zip(self.last_at).is_some_and(|(first, last)| last < first) {
            return Err(self.wrong("it ends before it begins."));
        }
        let Some(started) = self.started_at else {
            let empty = self.closed_at.is_none() && self.commitment.is_empty() && self.changes.is_empty();
            return if empty { Ok(()) } else { Err(self.wrong("it did not begin, and so it has no ledger.")) };
        };
        if self.closed_at.is_some_and(|closed| closed <= started) {
            return Err(self.wrong("it is closed before it begins."));
        }
        let mut places: BTreeMap<&str, IncomingPlace> = BTreeMap::new();
        for one in &self.commitment {
            if places.insert(&one.issue, IncomingPlace { estimate: one.estimate }).is_some() {
                return Err(self.wrong(&format!("{} is in the commitment twice.", &*one.issue)));
            }
        }
        let mut last = started;
        for change in &self.changes {
            let in_time = last <= change.at && self.closed_at.is_none_or(|closed| change.at <= closed);
            if !in_time || places.get(&*change.issue) != change.before.as_ref() {
                return Err(self.wrong(&format!("the changes of {} do not follow each other.", &*change.issue)));
            }
            last = change.at;
            match change.after {
                Some(after) => drop(places.insert(&change.issue, after)),
                None => drop(places.remove(&*change.issue)),
            }
        }
        Ok(())
    }
}

/// What is here of the things that sprints name.
struct Here<'i> {
    import: &'i Import,
    issues: BTreeMap<String, (Id<Issue>, String, String)>,
    people: BTreeMap<String, named::Who>,
}

impl Here<'_> {
    async fn of<'i>(tx: &mut Tx<'_>, import: &'i Import, sprints: &[IncomingSprint]) -> Result<Here<'i>> {
        let mut named: Vec<&str> = Vec::new();
        let mut people: BTreeMap<&str, &Somebody> = BTreeMap::new();
        for sprint in sprints {
            named.extend(sprint.commitment.iter().map(|one| &*one.issue));
            named.extend(sprint.changes.iter().map(|one| &*one.issue));
            named.extend(sprint.holds.iter().map(|one| &**one));
            people.extend(sprint.changes.iter().filter_map(|one| one.by.as_ref()).map(|by| (&*by.id, by)));
        }
        named.sort_unstable();
        named.dedup();
        let select = sql!(
            "select s.source_id, i.id, w.key || '-' || cast(i.number as text) as key, i.title
               from issue_sources s
               join issues i on i.workspace_id = s.workspace_id and i.id = s.issue_id
               join work_teams w on w.workspace_id = i.workspace_id and w.team_id = i.team_id
              where s.workspace_id = $1 and s.source = $2 and s.source_id in (select value from json_each(cast($3 as text)))"
        );
        let rows: Vec<(String, Id<Issue>, String, String)> =
            tx.all(select, args![tx.workspace(), import.source, list(named)]).await?;
        let issues = rows.into_iter().map(|(name, id, key, title)| (name, (id, key, title))).collect();
        let people = named::somebodies(tx, import.source, people.into_values().collect()).await?;
        Ok(Here { import, issues, people })
    }

    fn issue(&self, sprint: &IncomingSprint, name: &str) -> Result<&(Id<Issue>, String, String)> {
        self.issues.get(name).ok_or_else(|| sprint.wrong(&format!("issue {name} was not brought over.")))
    }

    async fn store(
        &self,
        tx: &mut Tx<'_>,
        team: Id<Team>,
        sprint: &IncomingSprint,
        stored: &mut StoredSprints,
    ) -> Result<()> {
        let print = kernel::fingerprint(&serde_json::to_string(sprint).map_err(Error::internal)?);
        let past = self.past(tx, team, sprint).await?;
        let id = match known(tx, self.import.source, team, &sprint.source_id).await? {
            Some((_, before, _)) if before == print => {
                stored.unchanged += 1;
                return Ok(());
            }
            Some((id, _, stood)) if stood == past::stands(tx, id).await? && !past::is_closed(tx, id).await? => {
                past.rewrite(tx, id).await?;
                stored.renewed += 1;
                id
            }
            Some(_) => {
                stored.kept.push(sprint.name.to_string());
                return Ok(());
            }
            None => {
                stored.created += 1;
                past.write(tx).await?
            }
        };
        let mut held = Vec::new();
        for name in &sprint.holds {
            held.push(self.issue(sprint, name)?.0);
        }
        past::hold(tx, id, &held).await?;
        let now = tx.now();
        tx.want(INDEX_JOB, id.to_string(), json!({ "kind": "sprint" }), now);
        self.remember(tx, (team, id), sprint, print).await
    }

    async fn past(&self, tx: &mut Tx<'_>, team: Id<Team>, sprint: &IncomingSprint) -> Result<Past> {
        let (mut commitment, mut changes) = (Vec::new(), Vec::new());
        for one in &sprint.commitment {
            let (issue, key, title) = self.issue(sprint, &one.issue)?.clone();
            commitment.push(Committed { issue, key, title, estimate: one.estimate });
        }
        let place = |place: Option<IncomingPlace>| place.map_or(Place::Out, |place| Place::In(place.estimate));
        for one in &sprint.changes {
            let (issue, key, title) = self.issue(sprint, &one.issue)?.clone();
            let (by, outsider) = one.by.as_ref().and_then(|by| self.people.get(&*by.id)).copied().unwrap_or_default();
            let (before, after) = (place(one.before), place(one.after));
            let by_outsider = outsider.map(|id| id.to_string());
            let reason = String::new();
            changes.push(Changed {
                issue,
                key,
                title,
                before,
                after,
                kind: one.kind,
                reason,
                at: one.at,
                by,
                by_outsider,
            });
        }
        let days = past::Days::of(tx, team, sprint.first_at, sprint.last_at).await?;
        Ok(Past {
            team,
            name: sprint.name.to_string(),
            goal: sprint.goal.to_string(),
            zone: days.zone,
            first_on: days.first_on,
            last_on: days.last_on,
            started_at: sprint.started_at,
            closed_at: sprint.closed_at,
            commitment,
            changes,
        })
    }

    async fn remember(
        &self,
        tx: &mut Tx<'_>,
        (team, id): (Id<Team>, Id<Sprint>),
        sprint: &IncomingSprint,
        print: i64,
    ) -> Result<()> {
        let insert = sql!(
            "insert into sprint_sources (workspace_id, source, source_id, team_id, sprint_id, import_id, fingerprint, stood)
             values ($1, $2, $3, $4, $5, $6, $7, $8)
             on conflict (workspace_id, source, source_id, team_id)
             do update set fingerprint = excluded.fingerprint, stood = excluded.stood"
        );
        let stood = past::stands(tx, id).await?;
        let import = self.import;
        tx.run(insert, args![tx.workspace(), import.source, sprint.source_id, team, id, import.id, print, stood])
            .await
            .map(drop)
    }
}

/// A sprint that was brought over before: what was sent then, and how it stood here after that.
async fn known(
    tx: &mut Tx<'_>,
    source: Tracker,
    team: Id<Team>,
    source_id: &str,
) -> Result<Option<(Id<Sprint>, i64, i64)>> {
    let select = sql!(
        "select sprint_id, fingerprint, stood from sprint_sources
          where workspace_id = $1 and source = $2 and source_id = $3 and team_id = $4"
    );
    tx.find(select, args![tx.workspace(), source, source_id, team]).await
}
