//! Sprints with what they held at the start, their ledger and their report, page by page.
use super::{WHO, Who, text, unreadable};
use crate::{
    estimate::Estimate,
    import::{
        Called, IncomingCommitted, IncomingPlace, IncomingScope, IncomingSprint, Outsider, Somebody, SprintDays,
        SprintOrigin, Tracker,
    },
    issue::Issue,
    sprint::{Kind, Sprint, exchange},
    team::Kept,
};
use jiff::civil::Date;
use kernel::{
    Actor, FromRow, Id,
    Method::Get,
    Operation, Person, Result, Route, Row, Team, Time, Tx, args, columns, list, sql,
    text::{Line, Markdown},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Sprints of a team with what they held at the start, every change since and their reports: everything that can be brought
/// over.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportSprints {
    pub team: Id<Team>,
    /// The number of the last sprint of the page before.
    #[serde(default)]
    pub after: Option<i64>,
}

/// A page of sprints by their numbers.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ExportedSprints {
    pub sprints: Vec<IncomingSprint>,
    /// What to give as `after` for the next page; nothing on the last one.
    pub next: Option<i64>,
}

const PAGE: i64 = 50;

impl Operation for ExportSprints {
    const NAME: &str = "sprint.export";
    const ROUTE: Route = Route(Get, "/teams/{team}/sprints/export");
    const READS: bool = true;
    type Target = Kept;
    type Output = ExportedSprints;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        Kept::visible(tx, self.team).await
    }

    fn allows(actor: &Actor, _: &Kept) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: Kept) -> Result<ExportedSprints> {
        let select = sql!(
            "select id, number, name, goal, first_on, last_on, zone, commitment, risks, away, left_out, created_at,
                    started_at, closed_at, report
               from sprints where workspace_id = $1 and team_id = $2 and number > $3 order by number limit $4"
        );
        let after = self.after.unwrap_or(0);
        let rows: Vec<SprintRow> = tx.all(select, args![tx.workspace(), self.team, after, PAGE]).await?;
        let next = rows.last().filter(|_| rows.len() as i64 == PAGE).map(|row| row.number);
        let mut beside = Beside::of(tx, &rows).await?;
        let sprints = rows.into_iter().map(|row| beside.sprint(row)).collect::<Result<_>>()?;
        Ok(ExportedSprints { sprints, next })
    }
}

struct SprintRow {
    id: Id<Sprint>,
    number: i64,
    name: String,
    goal: String,
    first_on: Date,
    last_on: Date,
    zone: String,
    commitment: Markdown,
    risks: Markdown,
    away: Markdown,
    left_out: Markdown,
    created_at: Time,
    started_at: Option<Time>,
    closed_at: Option<Time>,
    report: Option<String>,
}
columns!(SprintRow {
    id,
    number,
    name,
    goal,
    first_on,
    last_on,
    zone,
    commitment,
    risks,
    away,
    left_out,
    created_at,
    started_at,
    closed_at,
    report,
});

/// An issue in the record of a sprint, as it was called then and as it is now.
struct Named {
    sprint_id: Id<Sprint>,
    issue_id: Id<Issue>,
    team_key: String,
    number: i64,
    title: String,
    then_key: String,
    then_title: String,
}
columns!(Named { sprint_id, issue_id, team_key, number, title, then_key, then_title });

impl Named {
    fn key(&self) -> String {
        format!("{}-{}", self.team_key, self.number)
    }

    fn called(&self) -> Result<Option<Called>> {
        let same = self.then_key == self.key() && self.then_title == self.title;
        let called = || Ok(Called { key: text(self.then_key.clone())?, title: text(self.then_title.clone())? });
        if same { Ok(None) } else { called().map(Some) }
    }
}

struct Commitment(Named, Option<Estimate>);

impl FromRow for Commitment {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Commitment(Named::from_row(row)?, row.get("estimate")?))
    }
}

/// A row of a ledger.
struct Change {
    of: Named,
    kind: Kind,
    sizes: (Option<Estimate>, Option<Estimate>),
    issues_more: i64,
    reason: String,
    at: Time,
    by: Option<Somebody>,
}

impl FromRow for Change {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok(Change {
            of: Named::from_row(row)?,
            kind: row.get("kind")?,
            sizes: (row.get("before_estimate")?, row.get("after_estimate")?),
            issues_more: row.get("issues_more")?,
            reason: row.get("reason")?,
            at: row.get("at")?,
            by: Who::from_row(row)?.0,
        })
    }
}

impl Change {
    fn incoming(self, in_report: Option<&str>) -> Result<IncomingScope> {
        let place = |inside: bool, estimate| inside.then_some(IncomingPlace { estimate });
        let by_name = in_report.filter(|name| self.by.as_ref().is_none_or(|by| &*by.name != *name));
        Ok(IncomingScope {
            issue: text(self.of.key())?,
            at: self.at,
            kind: Some(self.kind),
            before: place(self.issues_more <= 0, self.sizes.0),
            after: place(self.issues_more >= 0, self.sizes.1),
            called: self.of.called()?,
            reason: Line::try_from(self.reason).map_err(unreadable)?,
            by_name: by_name.map(str::to_owned).map(text).transpose()?,
            by: self.by,
        })
    }
}

/// What stands beside the rows of sprints.
struct Beside {
    commitments: Vec<Commitment>,
    changes: Vec<Change>,
    held: Vec<(Id<Sprint>, String, i64)>,
    origins: Vec<(Id<Sprint>, Tracker, String)>,
    /// Everyone who is counted in a report, by the id.
    people: BTreeMap<String, Somebody>,
}

impl Beside {
    async fn of(tx: &mut Tx<'_>, rows: &[SprintRow]) -> Result<Beside> {
        let ids = list(rows.iter().map(|row| row.id));
        let mut counted = Vec::new();
        for report in rows.iter().filter_map(|row| row.report.as_ref()) {
            counted.extend(exchange::counted(report)?);
        }
        counted.sort();
        counted.dedup();
        Ok(Beside {
            commitments: commitments(tx, &ids).await?,
            changes: changes(tx, &ids).await?,
            held: held(tx, &ids).await?,
            origins: origins(tx, &ids).await?,
            people: people(tx, &list(counted)).await?,
        })
    }

    fn sprint(&mut self, row: SprintRow) -> Result<IncomingSprint> {
        let id = row.id;
        let committed: Vec<Commitment> = self.commitments.extract_if(.., |one| one.0.sprint_id == id).collect();
        let changes: Vec<Change> = self.changes.extract_if(.., |one| one.of.sprint_id == id).collect();
        let named = committed.iter().map(|one| &one.0).chain(changes.iter().map(|one| &one.of));
        let keys: BTreeMap<String, String> = named.map(|one| (one.issue_id.to_string(), one.key())).collect();
        let issue = |id: &str| keys.get(id).cloned();
        let person = |id: &str| self.people.get(id).cloned();
        let report = row.report.as_ref().map(|stored| exchange::write(stored, issue, person)).transpose()?;
        let names = row.report.as_deref().map(exchange::names).transpose()?.unwrap_or_default();
        let mut names = names.into_iter();
        let of_change = |one: Change| one.incoming(names.next().flatten().as_deref());
        let of_commitment = |one: Commitment| {
            let (issue, called) = (text(one.0.key())?, one.0.called()?);
            Ok(IncomingCommitted { issue, estimate: one.1, called })
        };
        let held = self.held.extract_if(.., |one| one.0 == id).map(|(_, key, number)| text(format!("{key}-{number}")));
        let origins = self.origins.extract_if(.., |one| one.0 == id);
        let origin = |(_, source, source_id): (_, _, String)| Ok(SprintOrigin { source, source_id: text(source_id)? });
        Ok(IncomingSprint {
            goal: Line::try_from(row.goal).map_err(unreadable)?,
            started_at: row.started_at,
            closed_at: row.closed_at,
            commitment: committed.into_iter().map(of_commitment).collect::<Result<_>>()?,
            changes: changes.into_iter().map(of_change).collect::<Result<_>>()?,
            holds: held.collect::<Result<_>>()?,
            number: Some(row.number),
            created_at: Some(row.created_at),
            days: Some(SprintDays { first_on: row.first_on, last_on: row.last_on, zone: text(row.zone)? }),
            risks: row.risks,
            away: row.away,
            left_out: row.left_out,
            report,
            origins: origins.map(origin).collect::<Result<_>>()?,
            body: row.commitment,
            // Its number is how a Cairn names a sprint of a team to another one.
            ..IncomingSprint::named(text(row.number.to_string())?, text(row.name)?)
        })
    }
}

/// An issue `i` of a team `w` in the record `c` of a sprint.
const NAMED: &str = " c.sprint_id, c.issue_id, w.key as team_key, i.number, i.title, c.issue_key as then_key,
    c.title as then_title ";
const ISSUE: &str = "
    join issues i on i.workspace_id = c.workspace_id and i.id = c.issue_id
    join work_teams w on w.workspace_id = i.workspace_id and w.team_id = i.team_id ";

async fn commitments(tx: &mut Tx<'_>, sprints: &str) -> Result<Vec<Commitment>> {
    let select = sql!(
        "select",
        NAMED,
        ", c.estimate from sprint_commitments c",
        ISSUE,
        "where c.workspace_id = $1 and c.sprint_id in (select value from json_each(cast($2 as text)))"
    );
    let mut all: Vec<Commitment> = tx.all(select, args![tx.workspace(), sprints]).await?;
    all.sort_by(|a, b| (&a.0.team_key, a.0.number).cmp(&(&b.0.team_key, b.0.number)));
    Ok(all)
}

async fn changes(tx: &mut Tx<'_>, sprints: &str) -> Result<Vec<Change>> {
    let select = sql!(
        "select",
        NAMED,
        ", c.kind, c.before_estimate, c.after_estimate, c.issues_more, c.reason, c.at,",
        WHO,
        "  from sprint_changes c",
        ISSUE,
        "  left join people p on p.workspace_id = c.workspace_id and p.id = c.by_id
           left join outsiders o on o.workspace_id = c.workspace_id and o.id = c.by_outsider_id
          where c.workspace_id = $1 and c.sprint_id in (select value from json_each(cast($2 as text)))
          order by c.sprint_id, c.number"
    );
    tx.all(select, args![tx.workspace(), sprints]).await
}

/// The issues that are in a sprint now, or were finished in it.
async fn held(tx: &mut Tx<'_>, sprints: &str) -> Result<Vec<(Id<Sprint>, String, i64)>> {
    let select = sql!(
        "select i.sprint_id, w.key, i.number from issues i
           join work_teams w on w.workspace_id = i.workspace_id and w.team_id = i.team_id
          where i.workspace_id = $1 and i.sprint_id in (select value from json_each(cast($2 as text)))
            and i.deleted_at is null"
    );
    let mut all: Vec<(Id<Sprint>, String, i64)> = tx.all(select, args![tx.workspace(), sprints]).await?;
    all.sort_by(|a, b| (&a.1, a.2).cmp(&(&b.1, b.2)));
    Ok(all)
}

async fn origins(tx: &mut Tx<'_>, sprints: &str) -> Result<Vec<(Id<Sprint>, Tracker, String)>> {
    let select = sql!(
        "select sprint_id, source, source_id from sprint_sources where workspace_id = $1 and source <> $3
            and sprint_id in (select value from json_each(cast($2 as text)))"
    );
    let mut all: Vec<(Id<Sprint>, Tracker, String)> =
        tx.all(select, args![tx.workspace(), sprints, Tracker::Cairn]).await?;
    all.sort_by(|a, b| (a.1, &a.2).cmp(&(b.1, &b.2)));
    Ok(all)
}

/// People and outsiders by their ids.
async fn people(tx: &mut Tx<'_>, ids: &str) -> Result<BTreeMap<String, Somebody>> {
    struct One(String, Option<Somebody>);
    impl FromRow for One {
        fn from_row(row: &Row<'_>) -> Result<Self> {
            let (person, outsider): (Option<Id<Person>>, Option<Id<Outsider>>) =
                (row.get("who_id")?, row.get("who_outsider_id")?);
            let id = person.map(|id| id.to_string()).or(outsider.map(|id| id.to_string()));
            Ok(One(id.unwrap_or_default(), Who::from_row(row)?.0))
        }
    }
    let here = sql!(
        "select",
        WHO,
        "  from people p left join outsiders o on o.workspace_id = p.workspace_id and o.id = ''
          where p.workspace_id = $1 and p.id in (select value from json_each(cast($2 as text)))"
    );
    let elsewhere = sql!(
        "select",
        WHO,
        "  from outsiders o left join people p on p.workspace_id = o.workspace_id and p.id = ''
          where o.workspace_id = $1 and o.id in (select value from json_each(cast($2 as text)))"
    );
    let mut all: Vec<One> = tx.all(here, args![tx.workspace(), ids]).await?;
    all.extend(tx.all::<One>(elsewhere, args![tx.workspace(), ids]).await?);
    Ok(all.into_iter().filter_map(|One(id, who)| Some((id, who?))).collect())
}
