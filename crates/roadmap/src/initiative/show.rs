use super::Initiative;
use crate::{
    held::Progress,
    project::{self, bar},
};
use kernel::{Actor, Aside, Id, Method::Get, Operation, Reference, Result, Route, Tx, args, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Head, Markup, chip, empty, facts, html, person_link, prose};

/// An initiative with its projects.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowInitiative {
    pub initiative: Id<Initiative>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct InitiativeView {
    #[serde(flatten)]
    pub initiative: Initiative,
    /// Markdown.
    pub about: String,
    /// By their targets.
    pub projects: Vec<project::Listed>,
    /// Over all projects, without cancelled ones.
    pub progress: Progress,
    /// What other parts say about it.
    pub asides: Vec<Aside>,
    /// Whether the reader settles what belongs to it.
    pub may_change: bool,
}

const MOST: i64 = 200;

impl Operation for ShowInitiative {
    const NAME: &str = "initiative.show";
    const ROUTE: Route = Route(Get, "/initiatives/{initiative}");
    const READS: bool = true;
    type Target = Initiative;
    type Output = InitiativeView;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Initiative> {
        Initiative::visible(tx, self.initiative).await
    }

    fn allows(_: &Actor, _: &Initiative) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, initiative: Initiative) -> Result<InitiativeView> {
        let about = sql!("select about from initiatives where workspace_id = $1 and id = $2");
        let select = sql!(
            project::SELECT,
            "where",
            project::VISIBLE,
            "and p.initiative_id = $3 order by coalesce(p.target_on, '9999-12-31'), lower(p.name), p.id limit $4"
        );
        let (workspace, belongs) = (tx.workspace(), tx.actor().belongs());
        let projects = tx.all(select, args![workspace, belongs, initiative.id, MOST]).await?;
        let projects = project::listed(tx, projects).await?;
        let alive = projects.iter().filter(|one| one.project.state != project::State::Cancelled);
        Ok(InitiativeView {
            about: tx.one(about, args![workspace, initiative.id]).await?,
            progress: alive.fold(Progress::default(), |sum, one| sum.and(one.progress)),
            projects,
            asides: tx.gather_about(&Reference::to("initiative", initiative.id), |part| part.asides).await?,
            may_change: initiative.may_change(tx.actor()),
            initiative,
        })
    }
}

/// `GET /initiatives/{initiative}`
pub async fn page(cx: Cx) -> Answer {
    let view = cx.read_here::<ShowInitiative>().await?;
    let initiative = &view.initiative;
    let new = format!("/projects/new?initiative={}", initiative.id);
    let actions = html! {
        a.button href=(new) { "New project in it" }
        @if view.may_change { a.button.primary href={ (initiative.href()) "/edit" } data-key="e" data-key-label="Edit the initiative" { "Edit" kbd { "E" } } }
    };
    let crumbs = vec![("/initiatives", "Initiatives")];
    let conversation = cx.conversation("initiative", initiative.id).await?;
    let body = html! {
        (Head { crumbs, title: &initiative.name, actions: Some(actions), ..Head::default() }.show())
        div.cols {
            div.stack {
                section.card #about { div.body {
                    @if view.about.is_empty() { p.muted { "Nobody has written yet what this is for." } }
                    @else { div.prose.compact { (prose(&view.about)) } }
                } }
                @if view.projects.is_empty() { (empty("No project is in it yet. Choose the initiative on a project, or begin one here.", Some((&new, "New project")))) }
                @else { (project::table(&cx, &view.projects)) }
                (conversation)
            }
            div.stack { (state(&view)) (ui::asides(&view.asides)) }
        }
    };
    let id = initiative.id.to_string();
    Ok(cx.live_page(&initiative.name, &[&id, "project", "issue"], body))
}

fn state(view: &InitiativeView) -> Markup {
    let initiative = &view.initiative;
    let owner = match (&initiative.owner_id, &initiative.owner_name) {
        (Some(id), Some(name)) => person_link(id, name),
        _ => html! { span.muted { "Nobody" } },
    };
    let target = match initiative.target {
        Some(target) => html! { (target.in_words()) },
        None => html! { span.muted { "None" } },
    };
    let pairs = [
        ("State", chip(initiative.state.look(), initiative.state.title())),
        ("Owner", owner),
        ("Target", target),
        ("Progress", bar("Progress of the initiative", view.progress)),
    ];
    html! { section.card #state { header { h2 { "Where it stands" } } div.body { (facts(&pairs)) } } }
}
