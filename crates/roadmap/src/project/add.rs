use super::{Project, State, in_order, is_rhythm, look_up, set_teams, taken};
use crate::{initiative::Initiative, period::Period};
use kernel::{
    Actor, Id,
    Method::Post,
    Operation, Person, Result, Route, Team, Tx, args, json, sql,
    text::{Markdown, Name},
};
use people::person::folded;
use schemars::JsonSchema;
use serde::Deserialize;

/// Begin a project. A name suffices.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddProject {
    pub name: Name<120>,
    /// What is to be true at the end, for whom, and what is left out. Markdown.
    #[serde(default)]
    pub about: Markdown,
    #[serde(default)]
    pub owner: Option<Id<Person>>,
    /// The teams that take part.
    #[serde(default)]
    pub teams: Vec<Id<Team>>,
    /// Planned, if left out.
    #[serde(default)]
    pub state: Option<State>,
    #[serde(default)]
    pub start: Option<Period>,
    #[serde(default)]
    pub target: Option<Period>,
    #[serde(default)]
    pub initiative: Option<Id<Initiative>>,
    /// Every how many weeks the owner is asked how it stands, 1 to 12; nobody is asked, if left out.
    #[serde(default)]
    pub rhythm_weeks: Option<i64>,
}

impl Operation for AddProject {
    const NAME: &str = "project.add";
    const ROUTE: Route = Route(Post, "/projects");
    type Target = ();
    type Output = Project;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        look_up(tx, self.owner, &self.teams, self.initiative).await
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Project> {
        in_order(self.start, self.target)?;
        is_rhythm(self.rhythm_weeks)?;
        let id: Id<kernel::Project> = tx.id();
        let me = (!tx.actor().is_system()).then(|| tx.me());
        let insert = sql!(
            "insert into projects (workspace_id, id, name, unique_name, about, owner_id, state, start, start_on, target,
               target_on, created_at, created_by, initiative_id, rhythm_weeks)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)"
        );
        let state = self.state.unwrap_or(State::Planned);
        let written = |period: Option<Period>| period.map(|period| period.to_string());
        let (start, target) = (written(self.start), written(self.target));
        let (start_on, target_on) = (self.start.map(Period::first), self.target.map(Period::last));
        let (workspace, now, unique) = (tx.workspace(), tx.now(), folded(&self.name));
        let values = args![
            workspace,
            id,
            self.name,
            unique,
            self.about,
            self.owner,
            state,
            start,
            start_on,
            target,
            target_on,
            now,
            me,
            self.initiative,
            self.rhythm_weeks,
        ];
        tx.run(insert, values).await.map_err(taken)?;
        set_teams(tx, id, &self.teams).await?;
        tx.record("project.added", id, json!({ "name": self.name }));
        Project::visible(tx, id).await
    }
}
