//! The project of an issue and the milestone within it, which the part of the roadmap keeps.
use super::{
    Field, Issue,
    change::{Difference, Wanted, in_words},
    named::matching,
};
use crate::query::{self, Mistake, Word};
use kernel::{
    Actor, Change, Error, Id, Method::Get, Milestone, Operation, Project, Result, Route, Tx, args, columns, sql,
};
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeSet;
use ui::{Markup, Submitted, html};

/// The projects that go on and their milestones, as forms and the picker name them. It has no door of its own.
#[derive(Deserialize, JsonSchema)]
pub(super) struct OpenProjects {}

impl Operation for OpenProjects {
    const NAME: &str = "issue.projects";
    const ROUTE: Route = Route(Get, "/issue-projects");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<(String, String)>;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Self::Output> {
        open(tx).await
    }
}

struct Open {
    project_id: Id<Project>,
    name: String,
    milestone_id: Option<Id<Milestone>>,
    milestone_name: Option<String>,
}
columns!(Open { project_id, name, milestone_id, milestone_name });

/// More projects and milestones are not proposed at once.
const MOST: i64 = 1000;

/// Each project that goes on, and behind it each with one of its milestones: the value of a form, and what it says.
pub(super) async fn open(tx: &mut Tx<'_>) -> Result<Vec<(String, String)>> {
    let select = sql!(
        "select p.project_id, p.name, m.milestone_id, m.name as milestone_name
           from roadmap_public_projects p
           left join roadmap_public_milestones m on m.workspace_id = p.workspace_id and m.project_id = p.project_id
          where p.workspace_id = $1 and $2 and p.open
          order by lower(p.name), p.project_id, m.position, m.milestone_id limit $3"
    );
    let rows: Vec<Open> = tx.all(select, args![tx.workspace(), tx.actor().belongs(), MOST]).await?;
    let mut all: Vec<(String, String)> = Vec::new();
    for row in rows {
        let value = row.project_id.to_string();
        if all.iter().all(|(known, _)| *known != value) {
            all.push((value, row.name.clone()));
        }
        if let (Some(id), Some(name)) = (row.milestone_id, row.milestone_name) {
            all.push((format!("{}/{id}", row.project_id), format!("{}: {name}", row.name)));
        }
    }
    Ok(all)
}

/// What a form says of the issue as it stands: nothing, the id of its project, or that and the one of its milestone with
/// a stroke between.
pub(super) fn value_of(issue: &Issue) -> String {
    match (issue.project_id, issue.milestone_id) {
        (Some(project), Some(milestone)) => format!("{project}/{milestone}"),
        (Some(project), None) => project.to_string(),
        (None, _) => String::new(),
    }
}

/// `Payouts in euro: Beta`
pub(super) fn words_of(issue: &Issue) -> Option<String> {
    let project = issue.project_name.as_ref()?;
    Some(match &issue.milestone_name {
        Some(milestone) => format!("{project}: {milestone}"),
        None => project.clone(),
    })
}

/// On the page of an issue, where it leads.
pub(super) fn line(issue: &Issue) -> Markup {
    html! { @if let (Some(id), Some(words)) = (issue.project_id, words_of(issue)) {
        p.small.muted { "Part of " a.link href={ "/projects/" (id) } { (words) } }
    } }
}

/// The form with the project and the milestone apart, as operations take them.
pub(super) fn parted(form: &Submitted) -> Submitted {
    let part = |(name, text): &(String, String)| match name.as_str() {
        "project" => {
            let (project, milestone) = text.split_once('/').unwrap_or((text, ""));
            vec![(name.clone(), project.to_owned()), ("milestone".to_owned(), milestone.to_owned())]
        }
        _ => vec![(name.clone(), text.clone())],
    };
    Submitted { cx: form.cx.clone(), texts: form.texts.iter().flat_map(part).collect() }
}

/// Looks up what a change names, so that nobody learns of what they cannot see.
pub(super) async fn look_up(
    tx: &mut Tx<'_>,
    project: &Change<Id<Project>>,
    milestone: &Change<Id<Milestone>>,
) -> Result<()> {
    if let Change::Set(project) = project {
        name_of_project(tx, *project).await?;
    }
    if let Change::Set(milestone) = milestone {
        Known::of(tx, *milestone).await?;
    }
    Ok(())
}

/// Where an issue is to be. A milestone takes it into its project; another project takes it out of its milestone.
pub(super) async fn settled(
    tx: &mut Tx<'_>,
    old: &Issue,
    wanted: &Wanted,
) -> Result<(Option<Id<Project>>, Option<Id<Milestone>>)> {
    let project = wanted.project.clone().apply(old.project_id);
    match wanted.milestone {
        Change::Keep if project == old.project_id => Ok((project, old.milestone_id)),
        Change::Keep | Change::Clear => Ok((project, None)),
        Change::Set(milestone) => {
            let of = Known::of(tx, milestone).await?.project_id;
            if wanted.project != Change::Keep && project != Some(of) {
                return Err(Error::invalid("milestone", "This is a milestone of another project."));
            }
            Ok((Some(of), Some(milestone)))
        }
    }
}

/// What is different, in words.
pub(super) async fn differences(
    tx: &mut Tx<'_>,
    old: &Issue,
    project: Option<Id<Project>>,
    milestone: Option<Id<Milestone>>,
) -> Result<Vec<Difference>> {
    let mut found = Vec::new();
    if project != old.project_id {
        let after = match project {
            Some(project) => name_of_project(tx, project).await?,
            None => NO_PROJECT.to_owned(),
        };
        let ids = (old.project_id.map(|id| id.to_string()), project.map(|id| id.to_string()));
        found.push(in_words(Field::Project, ids, old.project_name.as_deref().unwrap_or(NO_PROJECT), &after));
    }
    if milestone != old.milestone_id {
        let after = match milestone {
            Some(milestone) => Known::of(tx, milestone).await?.name,
            None => NO_MILESTONE.to_owned(),
        };
        let ids = (old.milestone_id.map(|id| id.to_string()), milestone.map(|id| id.to_string()));
        found.push(in_words(Field::Milestone, ids, old.milestone_name.as_deref().unwrap_or(NO_MILESTONE), &after));
    }
    Ok(found)
}

const NO_PROJECT: &str = "no project";
const NO_MILESTONE: &str = "no milestone";

/// Whether the milestone that an issue had is still there, in the project that it would have.
pub(super) async fn can_go_back(tx: &mut Tx<'_>, issue: &Issue, wanted: &Wanted) -> Result<bool> {
    let Change::Set(milestone) = wanted.milestone else { return Ok(true) };
    match Known::of(tx, milestone).await {
        Ok(known) => Ok(wanted.project.clone().apply(issue.project_id) == Some(known.project_id)),
        Err(Error::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}

struct Known {
    project_id: Id<Project>,
    name: String,
}
columns!(Known { project_id, name });

impl Known {
    async fn of(tx: &mut Tx<'_>, milestone: Id<Milestone>) -> Result<Known> {
        let select = sql!(
            "select project_id, name from roadmap_public_milestones
              where workspace_id = $1 and $2 and milestone_id = $3"
        );
        tx.one(select, args![tx.workspace(), tx.actor().belongs(), milestone]).await
    }
}

async fn name_of_project(tx: &mut Tx<'_>, project: Id<Project>) -> Result<String> {
    let select = sql!("select name from roadmap_public_projects where workspace_id = $1 and $2 and project_id = $3");
    tx.one(select, args![tx.workspace(), tx.actor().belongs(), project]).await
}

pub(super) async fn named_projects(tx: &mut Tx<'_>, words: &[Word]) -> Result<BTreeSet<String>> {
    let all = sql!("select project_id, name from roadmap_public_projects where workspace_id = $1 and $2");
    let all: Vec<(String, String)> = tx.all(all, args![tx.workspace(), tx.actor().belongs()]).await?;
    named(words, "project", &all).map_err(Error::from)
}

/// Several projects may have a milestone of one name.
pub(super) async fn named_milestones(tx: &mut Tx<'_>, words: &[Word]) -> Result<BTreeSet<String>> {
    let all = sql!("select milestone_id, name from roadmap_public_milestones where workspace_id = $1 and $2");
    let all: Vec<(String, String)> = tx.all(all, args![tx.workspace(), tx.actor().belongs()]).await?;
    named(words, "milestone", &all).map_err(Error::from)
}

fn named(words: &[Word], noun: &str, all: &[(String, String)]) -> Result<BTreeSet<String>, Mistake> {
    let mut found = BTreeSet::new();
    for word in words {
        match word.text.as_str() {
            "none" => drop(found.insert(String::new())),
            text => found.extend(matching(word, noun, all, |id| id == text)?),
        }
    }
    Ok(found)
}

/// More names are not proposed in queries.
const MOST_NAMES: i64 = 500;

/// The names of projects or of milestones, and `none`.
pub(super) async fn names(tx: &mut Tx<'_>, field: query::Field) -> Result<Vec<String>> {
    let select = match field {
        query::Field::Project => {
            sql!("select name from roadmap_public_projects where workspace_id = $1 and $2 order by name limit $3")
        }
        _ => sql!(
            "select distinct name from roadmap_public_milestones where workspace_id = $1 and $2 order by name limit $3"
        ),
    };
    let names: Vec<String> = tx.all(select, args![tx.workspace(), tx.actor().belongs(), MOST_NAMES]).await?;
    Ok(["none".to_owned()].into_iter().chain(names).collect())
}
