use super::{Initiative, SELECT, VISIBLE};
use crate::{
    health::{self, Health, Update},
    held::{Counted, Progress, whole},
    project::bar,
};
use kernel::{Actor, Error, Id, Method::Get, Operation, Result, Route, Tx, args, list, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Head, Markup, chip, empty, html};

/// The initiatives, those that go on first, by their targets.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListInitiatives {}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Listed {
    #[serde(flatten)]
    pub initiative: Initiative,
    /// How many projects are in it.
    pub projects: usize,
    /// Over all its projects, without cancelled ones.
    pub progress: Progress,
    /// How those of its projects stand of which somebody has said so: on track, at risk, off track.
    pub stand: [usize; 3],
}

const MOST: i64 = 500;

impl Operation for ListInitiatives {
    const NAME: &str = "initiative.list";
    const ROUTE: Route = Route(Get, "/initiatives");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<Listed>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        if tx.actor().belongs() { Ok(()) } else { Err(Error::NotFound) }
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Vec<Listed>> {
        let select = sql!(
            SELECT,
            "where",
            VISIBLE,
            "order by case when n.state in ('done', 'cancelled') then 1 else 0 end,
                      coalesce(n.target_on, '9999-12-31'), lower(n.name), n.id limit $3"
        );
        let all: Vec<Initiative> = tx.all(select, args![tx.workspace(), tx.actor().belongs(), MOST]).await?;
        let within = sql!(
            "select p.initiative_id, p.id from projects p
              where p.workspace_id = $1 and p.initiative_id in (select value from json_each(cast($2 as text)))
                and p.state <> 'cancelled'"
        );
        let ids = list(all.iter().map(|one| one.id));
        let within: Vec<(Id<Initiative>, Id<kernel::Project>)> = tx.all(within, args![tx.workspace(), ids]).await?;
        let projects: Vec<Id<kernel::Project>> = within.iter().map(|(_, project)| *project).collect();
        let counted = Counted::of(tx, &projects).await?;
        let updates = health::latest(tx, &projects).await?;
        Ok(all.into_iter().map(|one| Listed::of(one, &within, &counted, &updates)).collect())
    }
}

impl Listed {
    fn of(
        initiative: Initiative,
        within: &[(Id<Initiative>, Id<kernel::Project>)],
        counted: &[Counted],
        updates: &[Update],
    ) -> Listed {
        let own = within.iter().filter(|(of, _)| *of == initiative.id).map(|(_, project)| *project);
        let own: Vec<Id<kernel::Project>> = own.collect();
        let stand =
            |health: Health| updates.iter().filter(|one| one.health == health && own.contains(&one.project_id)).count();
        Listed {
            projects: own.len(),
            progress: own.iter().fold(Progress::default(), |sum, project| sum.and(whole(counted, *project))),
            stand: [Health::OnTrack, Health::AtRisk, Health::OffTrack].map(stand),
            initiative,
        }
    }
}

/// `GET /initiatives`
pub async fn page(cx: Cx) -> Answer {
    let all = cx.read_here::<ListInitiatives>().await?;
    let actions = html! {
        a.button.primary href="/initiatives/new" data-key="c" data-key-label="New initiative" { "New initiative" kbd { "C" } }
    };
    let lead = "What several projects together are for.";
    let body = html! {
        (Head { title: "Initiatives", lead, actions: Some(actions), ..Head::default() }.show())
        (crate::tabs(&cx))
        @if all.is_empty() {
            (empty("There is no initiative. Begin one where several projects serve one end.", Some(("/initiatives/new", "New initiative"))))
        } @else { (table(&all)) }
    };
    Ok(cx.live_page("Initiatives", &["initiative", "project", "issue"], body))
}

fn table(all: &[Listed]) -> Markup {
    html! {
        section.card { table.data.listed {
            caption.vh { "Initiatives" }
            thead { tr {
                th.w-full scope="col" { "Initiative" } th scope="col" { "State" } th scope="col" { "How its projects stand" }
                th scope="col" { "Owner" } th scope="col" { "Target" } th scope="col" { "Progress" }
            } }
            tbody { @for one in all { tr id={ "initiative-" (one.initiative.id) } {
                td data-label="Initiative" {
                    a href=(one.initiative.href()) { (one.initiative.name) }
                    p.small.muted { @match one.projects { 0 => "No project yet", 1 => "1 project", n => { (n) " projects" } } }
                }
                td.nowrap data-label="State" { (chip(one.initiative.state.look(), one.initiative.state.title())) }
                td data-label="How its projects stand" { (stand(one.stand)) }
                td data-label="Owner" { @match &one.initiative.owner_name { Some(name) => (name), None => span.muted { "Nobody" } } }
                td.nowrap data-label="Target" { @match one.initiative.target { Some(target) => (target.in_words()), None => span.muted { "None" } } }
                td.nowrap data-label="Progress" { (bar(&format!("Progress of {}", one.initiative.name), one.progress)) }
            } } }
        } }
    }
}

/// The worst first.
pub(super) fn stand(counts: [usize; 3]) -> Markup {
    let named = Health::ALL.iter().zip(counts).rev().filter(|(_, count)| *count > 0);
    html! {
        @if counts == [0; 3] { span.muted { "Not said" } }
        span.row.wrap.gap-1 { @for (health, count) in named { (chip(health.look(), &format!("{count} {}", health.title().to_lowercase()))) } }
    }
}
