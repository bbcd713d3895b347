use super::{Kept, Project, State, in_order, is_rhythm, look_up, set_teams, taken};
use crate::{health, initiative::Initiative, period::Period};
use kernel::{
    Actor, Change, Id,
    Method::Patch,
    Operation, Person, Result, Route, Team, Tx, args, json, sql,
    text::{Markdown, Name},
};
use people::person::folded;
use schemars::JsonSchema;
use serde::Deserialize;

/// Change a project. What is left out stays; an empty value clears.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EditProject {
    pub project: Id<kernel::Project>,
    pub name: Option<Name<120>>,
    pub about: Option<Markdown>,
    #[serde(default)]
    pub owner: Change<Id<Person>>,
    /// All teams that take part.
    pub teams: Option<Vec<Id<Team>>>,
    pub state: Option<State>,
    #[serde(default)]
    pub start: Change<Period>,
    #[serde(default)]
    pub target: Change<Period>,
    #[serde(default)]
    pub initiative: Change<Id<Initiative>>,
    /// Every how many weeks the owner is asked how it stands, 1 to 12.
    #[serde(default)]
    pub rhythm_weeks: Change<i64>,
}

impl Operation for EditProject {
    const NAME: &str = "project.edit";
    const ROUTE: Route = Route(Patch, "/projects/{project}");
    type Target = Kept;
    type Output = Project;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        let (owner, initiative) = (self.owner.clone().apply(None), self.initiative.clone().apply(None));
        look_up(tx, owner, self.teams.as_deref().unwrap_or_default(), initiative).await?;
        Kept::visible(tx, self.project).await
    }

    fn allows(actor: &Actor, kept: &Kept) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, Kept { project: old, .. }: Kept) -> Result<Project> {
        let (start, target) = (self.start.clone().apply(old.start), self.target.clone().apply(old.target));
        in_order(start, target)?;
        let rhythm = self.rhythm_weeks.clone().apply(old.rhythm_weeks);
        is_rhythm(rhythm)?;
        let update = sql!(
            "update projects set name = $3, unique_name = $4, about = coalesce($5, about), owner_id = $6, state = $7,
                    start = $8, start_on = $9, target = $10, target_on = $11, initiative_id = $12, rhythm_weeks = $13
              where workspace_id = $1 and id = $2"
        );
        let name = self.name.as_deref().unwrap_or(&old.name);
        let owner = self.owner.clone().apply(old.owner_id);
        let state = self.state.unwrap_or(old.state);
        let written = |period: Option<Period>| period.map(|period| period.to_string());
        let (start_on, target_on) = (start.map(Period::first), target.map(Period::last));
        let (workspace, unique, about) = (tx.workspace(), folded(name), self.about.as_deref());
        let (start, until) = (written(start), written(target));
        let initiative = self.initiative.clone().apply(old.initiative_id);
        let values = args![
            workspace, old.id, name, unique, about, owner, state, start, start_on, until, target_on, initiative, rhythm
        ];
        tx.run(update, values).await.map_err(taken)?;
        if let Some(teams) = &self.teams {
            set_teams(tx, old.id, teams).await?;
        }
        if owner != old.owner_id || state != State::Started || rhythm.is_none() {
            health::ask_no_longer(tx, &old).await?;
        }
        self.tell(tx, &old, state, target);
        Project::visible(tx, old.id).await
    }
}

impl EditProject {
    fn tell(&self, tx: &mut Tx<'_>, old: &Project, state: State, target: Option<Period>) {
        let says = |period: Option<Period>| period.map_or("none".to_owned(), Period::in_words);
        let moved = target != old.target;
        if state != old.state {
            tx.record("project.state_changed", old.id, json!({ "from": old.state.title(), "to": state.title() }));
        }
        if moved {
            tx.record("project.target_changed", old.id, json!({ "from": says(old.target), "to": says(target) }));
        }
        if state == old.state && !moved {
            tx.record("project.changed", old.id, json!({}));
        }
    }
}
