//! Sprints of the past, with what they held at the start and the ledger of what changed since.
use super::{Called, Import, IncomingPlace, IncomingSprint, Somebody, Tracker, incoming_sprint::somebodies_in, named};
use crate::{
    issue::{Issue, topic},
    sprint::{
        Sprint, exchange,
        past::{self, Changed, Committed, Past, Place},
    },
    team::{Kept, Work},
};
use kernel::{Actor, Error, INDEX_JOB, Id, Method::Post, Operation, Result, Route, Team, Tx, args, json, list, sql};
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
        let counted = somebodies_in(sprints)?;
        people.extend(counted.iter().map(|one| (&*one.id, one)));
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
            tx.all(select, args![tx.workspace(), import.source, list(&named)]).await?;
        let mut issues: BTreeMap<_, _> =
            rows.into_iter().map(|(name, id, key, title)| (name, (id, key, title))).collect();
        if import.source == Tracker::Cairn {
            own_issues(tx, &named, &mut issues).await?;
        }
        let people = named::somebodies(tx, import.source, people.into_values().collect()).await?;
        Ok(Here { import, issues, people })
    }

    fn issue(&self, sprint: &IncomingSprint, name: &str) -> Result<&(Id<Issue>, String, String)> {
        self.issues.get(name).ok_or_else(|| sprint.wrong(&format!("issue {name} was not brought over.")))
    }

    /// The issue, and how it was called when something was written down about it.
    fn called(
        &self,
        sprint: &IncomingSprint,
        name: &str,
        then: Option<&Called>,
    ) -> Result<(Id<Issue>, String, String)> {
        let (id, key, title) = self.issue(sprint, name)?.clone();
        Ok(then.map_or((id, key, title), |then| (id, then.key.to_string(), then.title.to_string())))
    }

    /// A sprint that was exported from here is still here: it has the same number and was planned in the same moment.
    async fn is_own(&self, tx: &mut Tx<'_>, team: Id<Team>, sprint: &IncomingSprint) -> Result<bool> {
        let select = sql!(
            "select 1 from sprints p where p.workspace_id = $1 and p.team_id = $2 and p.number = $3 and p.created_at = $4
                and not exists (select 1 from sprint_sources s where s.workspace_id = p.workspace_id
                                   and s.sprint_id = p.id and s.source = 'cairn')"
        );
        match (self.import.source, sprint.number, sprint.created_at) {
            (Tracker::Cairn, Some(number), Some(at)) => {
                tx.exists(select, args![tx.workspace(), team, number, at]).await
            }
            _ => Ok(false),
        }
    }

    /// What only another Cairn says of a sprint.
    async fn record(&self, tx: &mut Tx<'_>, id: Id<Sprint>, sprint: &IncomingSprint) -> Result<()> {
        past::keep_plan(tx, id, sprint).await?;
        let Some(report) = &sprint.report else { return Ok(()) };
        let issue = |name: &str| self.issues.get(name).map(|(id, ..)| *id);
        let person = |one: &Somebody| self.people.get(&*one.id).copied().unwrap_or_default();
        let names = sprint.changes.iter().map(|one| one.by_name.as_deref()).collect();
        let report = exchange::read(tx, id, (report, names), issue, person).await?;
        let report = report.ok_or_else(|| sprint.wrong("its report is not one that a Cairn has written."))?;
        past::keep_report(tx, id, &report).await
    }

    async fn store(
        &self,
        tx: &mut Tx<'_>,
        team: Id<Team>,
        sprint: &IncomingSprint,
        stored: &mut StoredSprints,
    ) -> Result<()> {
        let print = kernel::fingerprint(&serde_json::to_string(sprint).map_err(Error::internal)?);
        let known = known(tx, self.import.source, team, &sprint.source_id).await?;
        if known.is_some_and(|(_, before, _)| before == print) || self.is_own(tx, team, sprint).await? {
            stored.unchanged += 1;
            return Ok(());
        }
        let past = self.past(tx, team, sprint).await?;
        let id = match known {
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
        self.record(tx, id, sprint).await?;
        let now = tx.now();
        tx.want(INDEX_JOB, id.to_string(), json!({ "kind": "sprint" }), now);
        self.remember(tx, (team, id), sprint, print).await
    }

    async fn past(&self, tx: &mut Tx<'_>, team: Id<Team>, sprint: &IncomingSprint) -> Result<Past> {
        let (mut commitment, mut changes) = (Vec::new(), Vec::new());
        for one in &sprint.commitment {
            let (issue, key, title) = self.called(sprint, &one.issue, one.called.as_ref())?;
            commitment.push(Committed { issue, key, title, estimate: one.estimate });
        }
        let place = |place: Option<IncomingPlace>| place.map_or(Place::Out, |place| Place::In(place.estimate));
        for one in &sprint.changes {
            let (issue, key, title) = self.called(sprint, &one.issue, one.called.as_ref())?;
            let (by, outsider) = one.by.as_ref().and_then(|by| self.people.get(&*by.id)).copied().unwrap_or_default();
            let (before, after) = (place(one.before), place(one.after));
            let by_outsider = outsider.map(|id| id.to_string());
            let reason = one.reason.to_string();
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
        let days = match &sprint.days {
            Some(days) => past::Days { zone: days.zone.to_string(), first_on: days.first_on, last_on: days.last_on },
            None => past::Days::of(tx, team, sprint.first_at, sprint.last_at).await?,
        };
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
        let (workspace, import, no_print) = (tx.workspace(), self.import, 0_i64);
        let mut rows =
            vec![args![workspace, import.source, sprint.source_id, team, id, import.id, print, stood].to_vec()];
        for one in &sprint.origins {
            rows.push(args![workspace, one.source, one.source_id, team, id, import.id, no_print, stood].to_vec());
        }
        tx.run_many(insert, &rows).await.map(drop)
    }
}

/// Issues that were exported from here and are still here, by their keys.
async fn own_issues(
    tx: &mut Tx<'_>,
    named: &[&str],
    issues: &mut BTreeMap<String, (Id<Issue>, String, String)>,
) -> Result<()> {
    let select = sql!(
        "select w.key || '-' || cast(i.number as text) as key, i.id, i.title
           from work_teams w join issues i on i.workspace_id = w.workspace_id and i.team_id = w.team_id
          where w.workspace_id = $1 and w.key in (select value from json_each(cast($2 as text)))
            and i.number in (select cast(value as bigint) from json_each(cast($3 as text)))"
    );
    let parts = named.iter().filter(|name| !issues.contains_key(**name)).filter_map(|name| name.rsplit_once('-'));
    let (teams, numbers): (Vec<&str>, Vec<&str>) = parts.filter(|(_, number)| number.parse::<u32>().is_ok()).unzip();
    if teams.is_empty() {
        return Ok(());
    }
    let rows: Vec<(String, Id<Issue>, String)> =
        tx.all(select, args![tx.workspace(), list(teams), list(numbers)]).await?;
    for (key, id, title) in rows.into_iter().filter(|(key, ..)| named.contains(&key.as_str())) {
        issues.entry(key.clone()).or_insert((id, key, title));
    }
    Ok(())
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
