use super::{Repository, SELECT, VISIBLE};
use kernel::{Actor, Error, Id, Method::Get, Operation, Result, Route, Team, Tx, args, sql};
use people::team;
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Cx, Head, Markup, html};

/// The repositories by name.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListRepositories {
    /// Only those of this team.
    #[serde(default)]
    pub team: Option<Id<Team>>,
}

const MOST: i64 = 2_000;

impl Operation for ListRepositories {
    const NAME: &str = "repository.list";
    const ROUTE: Route = Route(Get, "/repositories");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<Repository>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        if let Some(team) = self.team {
            team::Record::visible(tx, team).await?;
        }
        if tx.actor().belongs() { Ok(()) } else { Err(Error::NotFound) }
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Vec<Repository>> {
        let select = sql!(
            SELECT,
            "where",
            VISIBLE,
            "and (cast($3 as text) is null or r.team_id = $3) order by lower(r.name), r.id limit $4"
        );
        tx.all(select, args![tx.workspace(), tx.actor().belongs(), self.team, MOST]).await
    }
}

/// `GET /repositories`
pub async fn page(cx: Cx) -> Answer {
    let all = cx.read_here::<ListRepositories>().await?;
    let lead = "What the histories of your repositories tell about how teams deliver. Of teams, never of a person.";
    let keeps = super::may_keep(cx.actor());
    let actions = html! {
        @if keeps { a.button href="/connections" { "Connections" } a.button href="/code-imports" { "Imports" } }
        a.button href="/identities" { "Who commits" }
    };
    let body = html! {
        (Head { title: "Repositories", lead, actions: Some(actions), ..Head::default() }.show())
        @if all.is_empty() { (nothing(keeps)) } @else { (table(&cx, &all)) }
    };
    Ok(cx.live_page("Repositories", &["repository"], body))
}

fn nothing(keeps: bool) -> Markup {
    html! {
        section.card.empty {
            p { "No history has been read yet. Run this on the server, with the path or the address of a repository:" }
            p { code { "cairn import git /path/to/repository" } }
            @if keeps { p { "Pull requests, reviews and builds come from GitHub or GitLab by themselves:" } a.button href="/connections" { "Connections" } }
        }
    }
}

fn table(cx: &Cx, all: &[Repository]) -> Markup {
    html! {
        section.card {
            table.data.listed {
                caption.vh { "Repositories" }
                thead { tr { th scope="col" { "Repository" } th scope="col" { "Team" } th.n scope="col" { "Commits" } th scope="col" { "Read" } } }
                tbody { @for one in all { tr {
                    td { a href={ "/repositories/" (one.id) } { (one.name) } }
                    td data-label="Team" { @match (&one.team_id, &one.team_name) {
                        (Some(id), Some(name)) => a href={ "/teams/" (id) "/code" } { (name) },
                        _ => span.muted { "No team" },
                    } }
                    td.n data-label="Commits" { (one.commits) }
                    td data-label="Read" { @match one.imported_at {
                        Some(at) => (ui::ago(at, cx.now(), &cx.viewer.zone)),
                        None => span.muted { "Not finished; run the import again" },
                    } }
                } } }
            }
        }
    }
}
