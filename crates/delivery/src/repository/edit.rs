use super::{Kept, Repository, ShowRepository};
use kernel::{Actor, Change, Id, Method::Patch, Operation, Result, Route, Team, Tx, args, json, sql, text::Name};
use people::team::{self, ListTeams};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, html};

/// Rename a repository, or say which team owns it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EditRepository {
    pub repository: Id<Repository>,
    #[serde(default)]
    pub name: Option<Name<120>>,
    #[serde(default)]
    pub team: Change<Id<Team>>,
}

impl Operation for EditRepository {
    const NAME: &str = "repository.edit";
    const ROUTE: Route = Route(Patch, "/repositories/{repository}");
    type Target = Kept;
    type Output = Repository;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        if let Change::Set(team) = self.team {
            team::Record::visible(tx, team).await?;
        }
        Kept::visible(tx, self.repository).await
    }

    fn allows(actor: &Actor, kept: &Kept) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, kept: Kept) -> Result<Repository> {
        let old = kept.repository;
        let name = self.name.as_deref().unwrap_or(&old.name);
        let team = self.team.clone().apply(old.team_id);
        let update = sql!("update repositories set name = $3, team_id = $4 where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), old.id, name, team]).await?;
        tx.record("repository.changed", old.id, json!({ "team": team }));
        Repository::visible(tx, old.id).await
    }
}

/// `GET /repositories/{repository}/edit`
pub async fn edit(cx: Cx) -> Answer {
    let repository = cx.read_here::<ShowRepository>().await?;
    let state = Form::of([
        ("name", repository.name.clone()),
        ("team", repository.team_id.map(|team| team.to_string()).unwrap_or_default()),
    ]);
    let body = view(&cx, &repository, &state).await?;
    Ok(cx.page(&repository.name, body))
}

/// `POST /repositories/{repository}/edit`
pub async fn save(form: Submitted) -> Answer {
    match form.submit::<EditRepository>().await {
        Ok(saved) => Ok(form.go(&format!("/repositories/{}", saved.id), Flash::says("The repository is saved."))),
        Err(error) => {
            let state = form.refused(error)?;
            let repository = form.cx.read_here::<ShowRepository>().await?;
            let body = view(&form.cx, &repository, &state).await?;
            Ok(form.again(&repository.name, body))
        }
    }
}

async fn view(cx: &Cx, repository: &Repository, state: &Form) -> Result<Markup> {
    let teams = cx.read(ListTeams {}).await?;
    let teams: Vec<(String, String)> = teams.iter().map(|team| (team.id.to_string(), team.name.clone())).collect();
    let page = format!("/repositories/{}", repository.id);
    let crumbs = vec![("/repositories", "Repositories"), (&*page, &*repository.name)];
    Ok(html! {
        (Head { crumbs, title: "Edit the repository", lead: &repository.location, ..Head::default() }.show())
        form.form method="post" action={ (page) "/edit" } data-guard {
            (ui::token(cx)) (state.summary())
            (state.text("name", "Name", ""))
            (state.combo("team", "Team", "Its page shows what happens here.", Some("No team"), &teams))
            footer.form-foot {
                button.button.primary data-key="mod+enter" { "Save" }
                a.button.quiet href=(page) { "Cancel" }
            }
        }
    })
}
