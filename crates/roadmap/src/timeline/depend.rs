//! What waits for what across projects and teams: derived from the issues that block each other, with the days between.
use super::Planned;
use crate::{held::HELD, period::Period, project};
use jiff::civil::Date;
use kernel::{Id, Result, Team, Tx, args, columns, list, sql};
use schemars::JsonSchema;
use serde::Serialize;
use ui::date_long;

/// Open issues of a project, or of one of its milestones, wait for open issues elsewhere.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Dependency {
    /// What has to be done before.
    pub first: First,
    pub waits: Waiting,
    /// The issues: what has to be done, and what waits for it. At most 20.
    pub issues: Vec<Pair>,
    /// The last day of what has to be done before: of the milestone, else of the project, else of the issue. Within one
    /// project of the issue, else of another milestone.
    pub ends_on: Option<Date>,
    /// The day on which it is needed: the start of a project that is planned, else the last day of the milestone or project.
    pub needed_on: Option<Date>,
    /// The days between; below zero it ends too late.
    pub slack: Option<i64>,
    /// In a sentence.
    pub says: String,
}

/// Another project that goes on, or a team: another one within the same project, or one that does it outside of any.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum First {
    Project { project_id: Id<kernel::Project>, name: String, milestone: Option<String> },
    Team { team_id: Id<Team>, name: String, within: bool },
}

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Waiting {
    pub project_id: Id<kernel::Project>,
    pub name: String,
    pub milestone: Option<String>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Pair {
    pub first: String,
    pub waits: String,
}

impl First {
    pub fn project_id(&self) -> Option<Id<kernel::Project>> {
        match self {
            First::Project { project_id, .. } => Some(*project_id),
            First::Team { .. } => None,
        }
    }

    fn in_words(&self) -> String {
        match self {
            First::Project { name, milestone, .. } => part(name, milestone.as_deref()),
            First::Team { name, within: true, .. } => format!("{name}, within the project,"),
            First::Team { name, .. } => format!("{name}, outside of any project,"),
        }
    }
}

/// `“Beta” of Payouts in euro`
fn part(project: &str, milestone: Option<&str>) -> String {
    match milestone {
        Some(milestone) => format!("“{milestone}” of {project}"),
        None => project.to_owned(),
    }
}

struct Row {
    first_key: String,
    first_due: Option<Date>,
    first_team_id: Id<Team>,
    first_team: String,
    first_project: Option<Id<kernel::Project>>,
    first_milestone: Option<Id<kernel::Milestone>>,
    waits_key: String,
    waits_project: Id<kernel::Project>,
    waits_milestone: Option<Id<kernel::Milestone>>,
}
columns!(Row {
    first_key,
    first_due,
    first_team_id,
    first_team,
    first_project,
    first_milestone,
    waits_key,
    waits_project,
    waits_milestone,
});

/// Pairs of issues that are read.
const MOST: usize = 1000;
const MOST_PAIRS: usize = 20;

/// Between these projects, and from teams to them; and whether issues wait for each other that are not among these.
pub(super) async fn of(tx: &mut Tx<'_>, open: &[Planned]) -> Result<(Vec<Dependency>, bool)> {
    let select = sql!(
        HELD,
        "select a.team_key || '-' || cast(a.number as text) as first_key, a.due_on as first_due,
                a.team_id as first_team_id, t.name as first_team, f.project_id as first_project,
                f.milestone_id as first_milestone, w.team_key || '-' || cast(w.number as text) as waits_key,
                h.project_id as waits_project, h.milestone_id as waits_milestone
           from held h
           join work_public_items w on w.workspace_id = $1 and w.issue_id = h.issue_id
           join work_public_blocks b on b.workspace_id = $1 and b.other_id = h.issue_id
           join work_public_items a on a.workspace_id = $1 and a.issue_id = b.issue_id
           join teams t on t.workspace_id = $1 and t.id = a.team_id
           left join held f on f.issue_id = a.issue_id
          where w.finished_at is null and a.finished_at is null
            and (f.project_id is distinct from h.project_id or a.team_id <> w.team_id)
          order by w.created_at, w.issue_id, a.issue_id limit $3"
    );
    let ids = list(open.iter().map(|one| one.listed.project.id));
    let mut rows: Vec<Row> = tx.all(select, args![tx.workspace(), ids, MOST as i64 + 1]).await?;
    let more = rows.len() > MOST;
    rows.truncate(MOST);
    let mut all: Vec<Dependency> = Vec::new();
    for row in rows {
        let Some(new) = row.dependency(open) else { continue };
        let same = |one: &&mut Dependency| one.first == new.first && one.waits == new.waits;
        match all.iter_mut().find(same) {
            Some(known) => known.take(new),
            None => all.push(new),
        }
    }
    all.sort_by_key(|one| one.slack.unwrap_or(i64::MAX));
    for one in &mut all {
        one.says = one.in_words();
    }
    Ok((all, more))
}

impl Row {
    fn in_one_milestone(&self) -> bool {
        self.first_milestone == self.waits_milestone
    }

    fn dependency(self, open: &[Planned]) -> Option<Dependency> {
        let of = |id: Id<kernel::Project>| open.iter().find(|one| one.listed.project.id == id);
        let waits = of(self.waits_project)?;
        let (project, milestone) = (&waits.listed.project, waits.milestone(self.waits_milestone));
        let start = project.start.filter(|_| project.state == project::State::Planned).map(|start| start.first());
        let needed_on = start.or_else(|| waits.ends(self.waits_milestone));
        let within = self.first_project == Some(self.waits_project);
        let first = self.first_project.filter(|_| !within).and_then(of);
        let ends_on = match within {
            true => {
                self.first_due.or_else(|| waits.target_of(self.first_milestone.filter(|_| !self.in_one_milestone())))
            }
            false => first.and_then(|first| first.ends(self.first_milestone)).or(self.first_due),
        };
        let last_free = if start.is_some() { needed_on.and_then(|day| day.yesterday().ok()) } else { needed_on };
        let slack = last_free.zip(ends_on).map(|(needed, ends)| i64::from((needed - ends).get_days()));
        Some(Dependency {
            first: match first {
                Some(first) => First::Project {
                    project_id: first.listed.project.id,
                    name: first.listed.project.name.clone(),
                    milestone: first.milestone(self.first_milestone).map(str::to_owned),
                },
                None => First::Team { team_id: self.first_team_id, name: self.first_team, within },
            },
            waits: Waiting {
                project_id: project.id,
                name: project.name.clone(),
                milestone: milestone.map(str::to_owned),
            },
            issues: vec![Pair { first: self.first_key, waits: self.waits_key }],
            ends_on,
            needed_on,
            slack,
            says: String::new(),
        })
    }
}

impl Planned {
    fn milestone(&self, id: Option<Id<kernel::Milestone>>) -> Option<&str> {
        self.milestones.iter().find(|one| Some(one.id) == id).map(|one| one.name.as_str())
    }

    /// The last day of the milestone, or else of the project.
    fn ends(&self, milestone: Option<Id<kernel::Milestone>>) -> Option<Date> {
        self.target_of(milestone).or(self.listed.project.target.map(Period::last))
    }

    fn target_of(&self, milestone: Option<Id<kernel::Milestone>>) -> Option<Date> {
        self.milestones.iter().find(|one| Some(one.id) == milestone)?.target.map(Period::last)
    }
}

impl Dependency {
    /// Another issue of the same two; what is known to end last counts.
    fn take(&mut self, other: Dependency) {
        if self.issues.len() < MOST_PAIRS {
            self.issues.extend(other.issues);
        }
        let later = other.slack.is_some_and(|slack| self.slack.is_none_or(|own| slack < own));
        if later {
            (self.ends_on, self.needed_on, self.slack) = (other.ends_on, other.needed_on, other.slack);
        }
    }

    fn in_words(&self) -> String {
        let (first, waits) = (self.first.in_words(), part(&self.waits.name, self.waits.milestone.as_deref()));
        match (self.ends_on, self.needed_on, self.slack) {
            (Some(ends), Some(needed), Some(slack)) if slack < 0 => format!(
                "{first} ends on {}, {} too late for {waits}, which needs it by {}.",
                date_long(ends),
                days(-slack),
                date_long(needed)
            ),
            (Some(ends), Some(_), Some(slack)) => {
                format!("{waits} waits for {first}, which ends on {}: {} to spare.", date_long(ends), days(slack))
            }
            (None, _, _) => format!("{waits} waits for {first}, which has no date."),
            _ => format!("{waits} waits for {first}, and has no date itself."),
        }
        .replace(",, ", ", ")
    }
}

fn days(count: i64) -> String {
    match count {
        0 => "no day".to_owned(),
        1 => "one day".to_owned(),
        n => format!("{n} days"),
    }
}
