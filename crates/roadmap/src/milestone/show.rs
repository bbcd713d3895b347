use super::Milestone;
use crate::{
    held::{self, Counted, Item, Progress},
    project::{self, Kept, bar},
};
use kernel::{Actor, Aside, Id, Method::Get, Operation, Reference, Result, Route, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Head, Markup, facts, html};

/// A milestone with its issues, and when it is likely reached.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowMilestone {
    pub milestone: Id<kernel::Milestone>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MilestonePage {
    #[serde(flatten)]
    pub milestone: Milestone,
    pub project_name: String,
    /// Its place among the milestones of the project; the first is 1.
    pub place: usize,
    pub progress: Progress,
    /// The first of its issues, the open ones before the others.
    pub issues: Vec<Item>,
    /// What other parts say about it.
    pub asides: Vec<Aside>,
    /// Whether the reader settles what belongs to its project.
    pub may_change: bool,
}

impl Operation for ShowMilestone {
    const NAME: &str = "milestone.show";
    const ROUTE: Route = Route(Get, "/milestones/{milestone}");
    const READS: bool = true;
    type Target = (Milestone, Kept);
    type Output = MilestonePage;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Milestone::visible(tx, self.milestone, false).await
    }

    fn allows(_: &Actor, _: &Self::Target) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, (milestone, kept): Self::Target) -> Result<MilestonePage> {
        let project = milestone.project_id;
        let all = Milestone::of(tx, project).await?;
        let counted = Counted::of(tx, &[project]).await?;
        let own = counted.iter().filter(|one| one.milestone_id == Some(milestone.id));
        let mut issues = held::items(tx, project).await?;
        issues.retain(|item| item.milestone_id == Some(milestone.id));
        Ok(MilestonePage {
            project_name: kept.project.name.clone(),
            place: all.iter().position(|one| one.id == milestone.id).unwrap_or(0) + 1,
            progress: own.fold(Progress::default(), |sum, one| sum.and(one.progress())),
            issues,
            asides: tx.gather_about(&Reference::to("milestone", milestone.id), |part| part.asides).await?,
            may_change: kept.may_change(tx.actor()),
            milestone,
        })
    }
}

/// `GET /milestones/{milestone}`
pub async fn page(cx: Cx) -> Answer {
    let view = cx.read_here::<ShowMilestone>().await?;
    let milestone = &view.milestone;
    let project = format!("/projects/{}", milestone.project_id);
    let edit = format!("{}/edit", milestone.href());
    let new = format!("/issues/new?project={}/{}", milestone.project_id, milestone.id);
    let actions = html! {
        a.button href=(new) { "New issue" }
        @if view.may_change { a.button.primary href=(edit) data-key="e" data-key-label="Edit the milestone" { "Edit" kbd { "E" } } }
    };
    let crumbs = vec![("/projects", "Projects"), (project.as_str(), view.project_name.as_str())];
    let body = html! {
        (Head { crumbs, title: &milestone.name, actions: Some(actions), ..Head::default() }.show())
        div.cols {
            div.stack { (issues(&view)) }
            div.stack { (state(&view)) (ui::asides(&view.asides)) }
        }
    };
    let id = milestone.project_id.to_string();
    Ok(cx.live_page(&milestone.name, &[&id, "issue", "leave"], body))
}

fn issues(view: &MilestonePage) -> Markup {
    let milestone = &view.milestone;
    let all = project::issues_of(&format!("project:{} milestone:{}", milestone.project_id, milestone.id));
    let count = view.issues.first().map_or(0, |issue| issue.among);
    html! {
        section.card #issues {
            header { h2 { "Issues" } @if count > 0 { span.right.small.muted { (count) } } }
            @if view.issues.is_empty() { div.body { p.muted { "No issue is in it yet. Set it on an issue with the key O, or on its page." } } }
            (project::lines(&view.issues, count, &all))
        }
    }
}

fn state(view: &MilestonePage) -> Markup {
    let target = match view.milestone.target {
        Some(target) => html! { (target.in_words()) },
        None => html! { span.muted { "None" } },
    };
    let project = html! { a.link href={ "/projects/" (view.milestone.project_id) } { (view.project_name) } };
    let pairs =
        [("Project", project), ("Target", target), ("Progress", bar("Progress of the milestone", view.progress))];
    html! { section.card #state { header { h2 { "Where it stands" } } div.body { (facts(&pairs)) } } }
}
