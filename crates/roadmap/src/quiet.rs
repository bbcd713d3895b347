//! Projects and initiatives whose pull requests stopped while issues are open: by the weeks in which one that is the work on an
//! issue of theirs was opened or merged. Whose they are does not matter here.
use crate::held::{Counted, HELD, whole};
use kernel::{Id, Later, Project, Result, Signal, Sure, Time, Tone, Tx, args, columns, list, sql};
use measures::silence;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Weeks that are looked at, counted back from now.
const WEEKS: usize = 26;
const WEEK: i64 = 7 * 86_400_000_000;
/// Over all that somebody looks after there is one false alarm in so many looks, at most.
const LOOKS: usize = 20;
/// So many projects and initiatives of one person are looked at.
const MOST: i64 = 50;

/// That pull requests stopped.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Quiet {
    /// When the last one was opened or merged.
    pub since: Time,
    /// Weeks without one up to now.
    pub weeks: usize,
    /// Weeks with one, of those from the first to the last such in half a year.
    pub active: usize,
    pub of: usize,
    /// How often it would be as quiet if it went on as before, in thousandths.
    pub chance: i64,
}

impl Quiet {
    /// Without a stop.
    pub fn basis(&self) -> String {
        format!("One was opened or merged in {} of the {} weeks before, and issues are open", self.active, self.of)
    }
}

/// Whether pull requests of a project stopped: of twenty that go on as before one would seem to.
pub(crate) async fn of(tx: &mut Tx<'_>, project: Id<Project>) -> Result<Option<Quiet>> {
    let signs = Signs::of(tx, &[project]).await?;
    Ok(signs.quiet(&[project], 1.0 / LOOKS as f64))
}

/// What the actor looks after that came to a stop.
pub fn gather<'a>(tx: &'a mut Tx<'_>) -> Later<'a, Vec<Signal>> {
    Box::pin(async move {
        if !tx.actor().belongs() {
            return Ok(Vec::new());
        }
        let mut subjects = projects(tx).await?;
        subjects.extend(initiatives(tx).await?);
        let held: BTreeSet<Id<Project>> = subjects.iter().flat_map(|one| one.projects.iter().copied()).collect();
        let signs = Signs::of(tx, &held.into_iter().collect::<Vec<_>>()).await?;
        let level = 1.0 / (LOOKS * subjects.len().max(1)) as f64;
        Ok(subjects.iter().filter_map(|one| Some(one.says(&signs.quiet(&one.projects, level)?))).collect())
    })
}

/// A project, or an initiative with its projects.
struct Subject {
    href: String,
    name: String,
    projects: Vec<Id<Project>>,
}

impl Subject {
    fn says(&self, quiet: &Quiet) -> Signal {
        let day = quiet.since.in_zone(&jiff::tz::TimeZone::UTC).strftime("%-d %B").to_string();
        Signal {
            tone: Tone::Warn,
            mark: "Quiet",
            sentence: format!("{} has had no pull request since {day}", self.name),
            basis: quiet.basis(),
            sure: Sure::Likely,
            evidence: self.href.clone(),
        }
    }
}

/// The projects under way that the actor owns, and those of teams that the actor leads.
async fn projects(tx: &mut Tx<'_>) -> Result<Vec<Subject>> {
    let select = sql!(
        "select p.id, p.name from projects p
          where p.workspace_id = $1 and p.state = 'started'
            and (p.owner_id = $2 or exists (
                 select 1 from project_teams pt join teams t on t.workspace_id = pt.workspace_id and t.id = pt.team_id
                  where pt.workspace_id = p.workspace_id and pt.project_id = p.id and t.lead_id = $2))
          order by lower(p.name), p.id limit $3"
    );
    let rows: Vec<(Id<Project>, String)> = tx.all(select, args![tx.workspace(), tx.me(), MOST]).await?;
    let subject = |(id, name)| Subject { href: format!("/projects/{id}#code"), name, projects: vec![id] };
    Ok(rows.into_iter().map(subject).collect())
}

struct Part {
    id: String,
    name: String,
    project_id: Id<Project>,
}
columns!(Part { id, name, project_id });

/// The initiatives under way of several projects that the actor owns.
async fn initiatives(tx: &mut Tx<'_>) -> Result<Vec<Subject>> {
    let select = sql!(
        "select n.id, n.name, p.id as project_id
           from (select id, workspace_id, name from initiatives
                  where workspace_id = $1 and owner_id = $2 and state = 'started' order by lower(name), id limit $3) n
           join projects p on p.workspace_id = n.workspace_id and p.initiative_id = n.id
            and p.state not in ('idea', 'cancelled')
          order by lower(n.name), n.id, p.id"
    );
    let rows: Vec<Part> = tx.all(select, args![tx.workspace(), tx.me(), MOST]).await?;
    let mut found: Vec<Subject> = Vec::new();
    for row in rows {
        let href = format!("/initiatives/{}", row.id);
        match found.last_mut().filter(|last| last.href == href) {
            Some(last) => last.projects.push(row.project_id),
            None => found.push(Subject { href, name: row.name, projects: vec![row.project_id] }),
        }
    }
    found.retain(|one| one.projects.len() > 1);
    Ok(found)
}

struct Sign {
    project_id: Id<Project>,
    created_at: Option<Time>,
    merged_at: Option<Time>,
}
columns!(Sign { project_id, created_at, merged_at });

/// When pull requests of projects were opened or merged, and which of these projects have open issues.
struct Signs {
    now: Time,
    at: BTreeMap<Id<Project>, Vec<Time>>,
    open: BTreeSet<Id<Project>>,
}

impl Signs {
    async fn of(tx: &mut Tx<'_>, projects: &[Id<Project>]) -> Result<Signs> {
        let counted = Counted::of(tx, projects).await?;
        let is_open = |project: &Id<Project>| {
            let progress = whole(&counted, *project);
            progress.done < progress.all
        };
        let open = projects.iter().copied().filter(is_open).collect();
        let now = tx.now();
        let from = Time(now.0 - WEEKS as i64 * WEEK);
        let select = sql!(
            HELD,
            "select h.project_id, v.created_at, v.merged_at
               from held h
               join work_public_items i on i.workspace_id = $1 and i.issue_id = h.issue_id
               join delivery_public_pull_keys v on v.workspace_id = $1
                and v.key = i.team_key || '-' || cast(i.number as text)
              where v.created_at >= $3 or v.merged_at >= $3"
        );
        let rows: Vec<Sign> = match projects {
            [] => Vec::new(),
            _ => tx.all(select, args![tx.workspace(), list(projects), from]).await?,
        };
        let mut at: BTreeMap<Id<Project>, Vec<Time>> = BTreeMap::new();
        for row in rows {
            let signs = [row.created_at, row.merged_at].into_iter().flatten().filter(|at| (from..=now).contains(at));
            at.entry(row.project_id).or_default().extend(signs);
        }
        Ok(Signs { now, at, open })
    }

    /// Whether these projects together came to a stop.
    fn quiet(&self, projects: &[Id<Project>], level: f64) -> Option<Quiet> {
        if !projects.iter().any(|project| self.open.contains(project)) {
            return None;
        }
        let signs: Vec<Time> = projects.iter().filter_map(|project| self.at.get(project)).flatten().copied().collect();
        let mut happened = [false; WEEKS];
        for at in &signs {
            let back = ((self.now.0 - at.0) / WEEK) as usize;
            happened[WEEKS - 1 - back.min(WEEKS - 1)] = true;
        }
        let found = silence(&happened, level)?;
        let since = signs.into_iter().max()?;
        let chance = (found.p * 1_000.0).ceil() as i64;
        Some(Quiet { since, weeks: found.weeks, active: found.active, of: found.of, chance })
    }
}

/// The pull requests that name issues of a project, the newest first.
pub(crate) async fn pulls(tx: &mut Tx<'_>, project: Id<Project>) -> Result<Vec<kernel::CodeChange>> {
    let select = sql!(
        HELD,
        "select distinct i.team_key || '-' || cast(i.number as text) as key
           from held h join work_public_items i on i.workspace_id = $1 and i.issue_id = h.issue_id"
    );
    let keys: Vec<String> = tx.all(select, args![tx.workspace(), list([project])]).await?;
    let mut found = tx.gather_named(&keys, |part| part.code).await?;
    found.retain(|one| one.state != kernel::CodeState::Committed && !one.mentions);
    found.truncate(MOST_SHOWN);
    Ok(found)
}

/// So many pull requests stand on the page of a project.
const MOST_SHOWN: usize = 8;
