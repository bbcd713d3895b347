use super::{Category, Kept, STEP, State, Work, insert_state, states_of};
use kernel::{
    Actor, Error, Id,
    Method::{Patch, Post},
    Operation, Result, Route, Team, Tx, args, json, sql,
    text::Name,
};
use schemars::JsonSchema;
use serde::Deserialize;

/// Add a state to those of a team's issues.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddState {
    pub team: Id<Team>,
    pub name: Name<40>,
    pub category: Category,
}

impl Operation for AddState {
    const NAME: &str = "state.add";
    const ROUTE: Route = Route(Post, "/teams/{team}/states");
    type Target = Kept;
    type Output = State;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        Kept::visible(tx, self.team).await
    }

    fn allows(actor: &Actor, kept: &Kept) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, kept: Kept) -> Result<State> {
        Work::begun(tx, self.team, &kept.team.name).await?;
        add_state(tx, self.team, &self.name, self.category).await
    }
}

/// Adds a state behind the last one of its category.
pub(crate) async fn add_state(tx: &mut Tx<'_>, team: Id<Team>, name: &str, category: Category) -> Result<State> {
    let states = states_of(tx, team).await?;
    let before = states.iter().filter(|state| state.category <= category).map(|state| state.position).max();
    let position = before.unwrap_or(0) + 1;
    make_room(tx, team, position).await?;
    let id = insert_state(tx, team, name, category, position).await?;
    tx.record("state.added", team, json!({ "name": name }));
    Ok(State::visible(tx, id).await?.0)
}

/// Rename a state, or let it stand before or behind another one.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EditState {
    pub state: Id<State>,
    pub name: Option<Name<40>>,
    /// The state of the same team behind which it is to stand.
    pub after: Option<Id<State>>,
}

impl Operation for EditState {
    const NAME: &str = "state.edit";
    const ROUTE: Route = Route(Patch, "/states/{state}");
    type Target = (State, Kept, Option<State>);
    type Output = State;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let (state, kept) = State::visible(tx, self.state).await?;
        let after = match self.after {
            Some(after) => Some(State::visible(tx, after).await?.0),
            None => None,
        };
        match after.as_ref().is_none_or(|after| after.team_id == state.team_id) {
            true => Ok((state, kept, after)),
            false => Err(Error::invalid("after", "This is a state of another team.")),
        }
    }

    fn allows(actor: &Actor, (_, kept, _): &Self::Target) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (state, _, after): Self::Target) -> Result<State> {
        let name = self.name.as_deref().unwrap_or(&state.name);
        let position = match after {
            Some(after) => {
                make_room(tx, state.team_id, after.position + 1).await?;
                after.position + 1
            }
            None => state.position,
        };
        let update = sql!("update work_states set name = $3, position = $4 where workspace_id = $1 and id = $2");
        let twice = "This team has such a state already.";
        tx.run(update, args![tx.workspace(), state.id, name, position])
            .await
            .map_err(|error| error.when_field("work_states_workspace_id_team_id_name_key", "name", twice))?;
        tx.record("state.changed", state.team_id, json!({ "name": name }));
        Ok(State::visible(tx, state.id).await?.0)
    }
}

/// Everything that stands there or behind makes place.
async fn make_room(tx: &mut Tx<'_>, team: Id<Team>, position: i64) -> Result<()> {
    let update = sql!(
        "update work_states set position = position + $4 where workspace_id = $1 and team_id = $2 and position >= $3"
    );
    tx.run(update, args![tx.workspace(), team, position, STEP]).await.map(drop)
}

/// Put a state away that no issue is in. The history of issues keeps it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ArchiveState {
    pub state: Id<State>,
}

impl Operation for ArchiveState {
    const NAME: &str = "state.archive";
    const ROUTE: Route = Route(Post, "/states/{state}/archive");
    type Target = (State, Kept);
    type Output = State;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        State::visible(tx, self.state).await
    }

    fn allows(actor: &Actor, (_, kept): &Self::Target) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (state, _): Self::Target) -> Result<State> {
        let select =
            sql!("select count(*) from issues where workspace_id = $1 and state_id = $2 and deleted_at is null");
        let inside: i64 = tx.one(select, args![tx.workspace(), state.id]).await?;
        if inside > 0 {
            let issues = if inside == 1 { "One issue is".to_owned() } else { format!("{inside} issues are") };
            return Err(Error::conflict(format!("{issues} in {}. Move them to another state first.", state.name)));
        }
        let others = states_of(tx, state.team_id).await?;
        let same = |other: &&State| other.category == state.category && other.archived_at.is_none();
        if matches!(state.category, Category::Unstarted | Category::Started | Category::Done)
            && others.iter().filter(same).count() < 2
        {
            let category = state.category.title().to_lowercase();
            return Err(Error::conflict(format!("A team needs a state that means {category}, and this is the last.")));
        }
        set_archived(tx, &state, true).await
    }
}

/// Bring a state back that was put away.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RestoreState {
    pub state: Id<State>,
}

impl Operation for RestoreState {
    const NAME: &str = "state.restore";
    const ROUTE: Route = Route(Post, "/states/{state}/restoration");
    type Target = (State, Kept);
    type Output = State;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        State::visible(tx, self.state).await
    }

    fn allows(actor: &Actor, (_, kept): &Self::Target) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (state, _): Self::Target) -> Result<State> {
        set_archived(tx, &state, false).await
    }
}

async fn set_archived(tx: &mut Tx<'_>, state: &State, archived: bool) -> Result<State> {
    let at = archived.then(|| tx.now());
    let update = sql!("update work_states set archived_at = $3 where workspace_id = $1 and id = $2");
    tx.run(update, args![tx.workspace(), state.id, at]).await?;
    let verb = if archived { "state.archived" } else { "state.restored" };
    tx.record(verb, state.team_id, json!({ "name": state.name }));
    Ok(State::visible(tx, state.id).await?.0)
}

/// A state and its team, for whoever sees that.
#[derive(Deserialize, JsonSchema)]
pub(super) struct FindState {
    state: Id<State>,
}

impl Operation for FindState {
    const NAME: &str = "state.find";
    const ROUTE: Route = Route(kernel::Method::Get, "/states/{state}");
    const READS: bool = true;
    type Target = State;
    type Output = (Id<Team>, State);

    async fn target(&self, tx: &mut Tx<'_>) -> Result<State> {
        Ok(State::visible(tx, self.state).await?.0)
    }

    fn allows(_: &Actor, _: &State) -> bool {
        true
    }

    async fn run(&self, _: &mut Tx<'_>, state: State) -> Result<(Id<Team>, State)> {
        Ok((state.team_id, state))
    }
}
