use super::{Kept, Project, State, teams_of_each};
use crate::{
    health::{self, Update},
    held::{self, Blocked, Counted, Item, Progress, whole},
    milestone::Milestone,
    quiet::{self, Quiet},
};
use kernel::{
    Actor, Aside, CodeChange, Id, Method::Get, Operation, Person, Reference, Result, Route, Team, Tx, args, sql,
};
use people::person::Named;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A project with its milestones and issues, what is blocked, and who takes part.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowProject {
    pub project: Id<kernel::Project>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ProjectView {
    #[serde(flatten)]
    pub project: Project,
    /// Markdown.
    pub about: String,
    pub teams: Vec<Named<Team>>,
    pub progress: Progress,
    pub milestones: Vec<MilestoneView>,
    /// What is in no milestone.
    pub others: Contents,
    /// How it stood in somebody's words, the latest first, at most 50.
    pub health: Vec<Update>,
    pub blocked: Vec<Blocked>,
    /// Who works on its issues, by their names.
    pub people: Vec<Named<Person>>,
    /// The newest pull requests that are the work on its issues.
    pub code: Vec<CodeChange>,
    /// That these stopped, where it is clear; nothing for a project that is not under way.
    pub quiet: Option<Quiet>,
    /// What other parts say about it.
    pub asides: Vec<Aside>,
    /// Whether the reader settles what belongs to it.
    pub may_change: bool,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MilestoneView {
    #[serde(flatten)]
    pub milestone: Milestone,
    #[serde(flatten)]
    pub contents: Contents,
}

/// How far something is, with the first of its issues, the open ones before the others.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Contents {
    pub progress: Progress,
    pub issues: Vec<Item>,
    /// How many issues it has, without those below them.
    pub count: i64,
}

impl Operation for ShowProject {
    const NAME: &str = "project.show";
    const ROUTE: Route = Route(Get, "/projects/{project}");
    const READS: bool = true;
    type Target = Kept;
    type Output = ProjectView;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        Kept::visible(tx, self.project).await
    }

    fn allows(_: &Actor, _: &Kept) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, kept: Kept) -> Result<ProjectView> {
        let id = self.project;
        let about = sql!("select about from projects where workspace_id = $1 and id = $2");
        let counted = Counted::of(tx, &[id]).await?;
        let mut items = held::items(tx, id).await?;
        let mut contents = |milestone: Option<Id<kernel::Milestone>>| {
            let issues: Vec<Item> = items.extract_if(.., |item| item.milestone_id == milestone).collect();
            let of = counted.iter().filter(|one| one.milestone_id == milestone);
            Contents {
                progress: of.fold(Progress::default(), |sum, one| sum.and(one.progress())),
                count: issues.first().map_or(0, |issue| issue.among),
                issues,
            }
        };
        let milestones = Milestone::of(tx, id).await?;
        let milestones: Vec<MilestoneView> = milestones
            .into_iter()
            .map(|milestone| MilestoneView { contents: contents(Some(milestone.id)), milestone })
            .collect();
        let others = contents(None);
        Ok(ProjectView {
            about: tx.one(about, args![tx.workspace(), id]).await?,
            teams: teams_of_each(tx, &[id]).await?.into_iter().map(|(_, team)| team).collect(),
            progress: whole(&counted, id),
            milestones,
            others,
            health: health::of(tx, id).await?,
            blocked: held::blocked(tx, id).await?,
            people: held::people(tx, id).await?,
            code: quiet::pulls(tx, id).await?,
            quiet: match kept.project.state {
                State::Started => quiet::of(tx, id).await?,
                _ => None,
            },
            asides: tx.gather_about(&Reference::to("project", id), |part| part.asides).await?,
            may_change: kept.may_change(tx.actor()),
            project: kept.project,
        })
    }
}
