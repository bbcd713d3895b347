//! How a team keeps its issues, as it is exchanged.
use super::text;
use crate::{
    custom::{self, ExchangedField},
    estimate::Measure,
    import::{Import, Tracker},
    label,
    team::{Category, Kept, Work, add_state, claim_key, insert_state, states_of},
};
use kernel::{
    Actor, Error, Id,
    Method::{Get, Post},
    Operation, Result, Route, Team, Time, Tx, args, sql,
    text::Name,
};
use people::access::cares_for_people;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A team's key, states and labels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExchangedTeam {
    pub name: Name<80>,
    /// What stands before the numbers of its issues.
    pub key: Name<10>,
    /// Keys that it had before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub former_keys: Vec<Name<10>>,
    pub estimates: Measure,
    /// How many weeks a sprint lasts, 1 to 8; nothing where each is given its own dates.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sprint_weeks: Option<i64>,
    /// The IANA zone in which sprints begin and end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sprint_zone: Option<Name<60>>,
    /// The number of its next issue.
    pub next_number: i64,
    /// In their order.
    pub states: Vec<ExchangedState>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub labels: Vec<ExchangedLabel>,
    /// Labels of everyone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shared_labels: Vec<ExchangedLabel>,
    /// Fields of the team that were added to issues.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<ExchangedField>,
    /// Fields of everyone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub shared_fields: Vec<ExchangedField>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExchangedState {
    pub name: Name<40>,
    pub category: Category,
    pub position: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived_at: Option<Time>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExchangedLabel {
    pub name: Name<40>,
    /// Its colour, 0 to 11.
    pub hue: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived_at: Option<Time>,
}

/// The teams that have issues, also those that are archived.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListWork {}

impl Operation for ListWork {
    const NAME: &str = "work.list";
    const ROUTE: Route = Route(Get, "/work");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<Id<Team>>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        if tx.actor().belongs() { Ok(()) } else { Err(Error::NotFound) }
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Vec<Id<Team>>> {
        tx.all(sql!("select team_id from work_teams where workspace_id = $1 order by key"), args![tx.workspace()]).await
    }
}

/// How a team keeps its issues, so that another Cairn can do the same. Nothing for a team without issues.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExportTeam {
    pub team: Id<Team>,
}

impl Operation for ExportTeam {
    const NAME: &str = "work.export";
    const ROUTE: Route = Route(Get, "/teams/{team}/work/export");
    const READS: bool = true;
    type Target = Kept;
    type Output = Option<ExchangedTeam>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        Kept::visible(tx, self.team).await
    }

    fn allows(actor: &Actor, _: &Kept) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, kept: Kept) -> Result<Option<ExchangedTeam>> {
        let Some(work) = Work::find(tx, self.team).await? else { return Ok(None) };
        let next = sql!("select next_number from work_teams where workspace_id = $1 and team_id = $2");
        let keys =
            sql!("select key from work_keys where workspace_id = $1 and team_id = $2 and key <> $3 order by key");
        let keys: Vec<String> = tx.all(keys, args![tx.workspace(), self.team, work.key]).await?;
        let mut states = Vec::new();
        for state in states_of(tx, self.team).await? {
            let (category, position, archived_at) = (state.category, state.position, state.archived_at);
            states.push(ExchangedState { name: text(state.name)?, category, position, archived_at });
        }
        states.sort_by(|a, b| (a.position, &a.name).cmp(&(b.position, &b.name)));
        Ok(Some(ExchangedTeam {
            name: text(kept.team.name)?,
            key: text(work.key)?,
            former_keys: keys.into_iter().map(text).collect::<Result<_>>()?,
            estimates: work.estimates,
            sprint_weeks: work.sprint_weeks,
            sprint_zone: work.sprint_zone.map(text).transpose()?,
            next_number: tx.one(next, args![tx.workspace(), self.team]).await?,
            states,
            labels: labels(tx, Some(self.team)).await?,
            shared_labels: labels(tx, None).await?,
            fields: custom::exchanged(tx, Some(self.team)).await?,
            shared_fields: custom::exchanged(tx, None).await?,
        }))
    }
}

async fn labels(tx: &mut Tx<'_>, team: Option<Id<Team>>) -> Result<Vec<ExchangedLabel>> {
    let select = sql!(
        "select name, hue, archived_at from labels
          where workspace_id = $1 and coalesce(team_id, '') = coalesce(cast($2 as text), '')"
    );
    let rows: Vec<(String, i64, Option<Time>)> = tx.all(select, args![tx.workspace(), team]).await?;
    let label = |(name, hue, archived_at)| Ok(ExchangedLabel { name: text(name)?, hue, archived_at });
    let mut labels: Vec<ExchangedLabel> = rows.into_iter().map(label).collect::<Result<_>>()?;
    labels.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(labels)
}

/// Let a team keep its issues as another Cairn did. Where it has issues already, only what is missing is added.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportTeam {
    pub import: Id<Import>,
    pub team: Id<Team>,
    pub work: ExchangedTeam,
}

impl Operation for ImportTeam {
    const NAME: &str = "issue_import.team";
    const ROUTE: Route = Route(Post, "/issue-imports/{import}/team");
    type Target = (Import, Kept);
    type Output = Work;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Ok((Import::visible(tx, self.import).await?, Kept::visible(tx, self.team).await?))
    }

    fn allows(actor: &Actor, _: &Self::Target) -> bool {
        cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (import, _): Self::Target) -> Result<Work> {
        import.open()?;
        if import.source != Tracker::Cairn {
            return Err(Error::invalid("import", "Only another Cairn says how a team keeps its issues."));
        }
        match Work::find(tx, self.team).await? {
            Some(_) => self.add_states(tx).await?,
            None => self.begin(tx).await?,
        }
        self.add_labels(tx).await?;
        for field in &self.work.shared_fields {
            custom::added(tx, None, field).await?;
        }
        for field in &self.work.fields {
            custom::added(tx, Some(self.team), field).await?;
        }
        let next = sql!(
            "update work_teams set next_number = $3 where workspace_id = $1 and team_id = $2 and next_number < $3"
        );
        tx.run(next, args![tx.workspace(), self.team, self.work.next_number]).await?;
        Work::find(tx, self.team).await?.ok_or(Error::NotFound)
    }
}

impl ImportTeam {
    /// With exactly these states, and its keys as far as no other team has them.
    async fn begin(&self, tx: &mut Tx<'_>) -> Result<()> {
        let taken = sql!("select key from work_keys where workspace_id = $1");
        let taken: Vec<String> = tx.all(taken, args![tx.workspace()]).await?;
        let free = |key: &Name<10>| !taken.iter().any(|other| other == &**key);
        if !free(&self.work.key) {
            Work::begun_as(tx, self.team, &self.work.key).await?;
            return self.add_states(tx).await;
        }
        let insert = sql!(
            "insert into work_teams (workspace_id, team_id, key, estimates, sprint_weeks, sprint_zone, created_at)
             values ($1, $2, $3, $4, $5, $6, $7)"
        );
        let ExchangedTeam { key, estimates, .. } = &self.work;
        let weeks = self.work.sprint_weeks.filter(|weeks| (1..=8).contains(weeks));
        let zone = self.work.sprint_zone.as_deref().filter(|zone| kernel::calendar::zone(zone).is_ok());
        tx.run(insert, args![tx.workspace(), self.team, key, estimates, weeks, zone, tx.now()]).await?;
        for key in self.work.former_keys.iter().filter(|key| free(key)).chain([key]) {
            claim_key(tx, self.team, key).await?;
        }
        for state in &self.work.states {
            let id = insert_state(tx, self.team, &state.name, state.category, state.position).await?;
            let archive = sql!("update work_states set archived_at = $3 where workspace_id = $1 and id = $2");
            tx.run(archive, args![tx.workspace(), id, state.archived_at]).await?;
        }
        tx.record("work.begun", self.team, kernel::json!({ "key": key }));
        Ok(())
    }

    async fn add_states(&self, tx: &mut Tx<'_>) -> Result<()> {
        let here = states_of(tx, self.team).await?;
        for state in self.work.states.iter().filter(|state| here.iter().all(|one| one.name != *state.name)) {
            add_state(tx, self.team, &state.name, state.category).await?;
        }
        Ok(())
    }

    async fn add_labels(&self, tx: &mut Tx<'_>) -> Result<()> {
        let own = self.work.labels.iter().map(|label| (Some(self.team), label)).collect::<Vec<_>>();
        let shared = self.work.shared_labels.iter().map(|label| (None, label)).collect::<Vec<_>>();
        for (team, label) in shared.into_iter().chain(own) {
            if let Some(id) = label::added(tx, team, &label.name).await? {
                let update = sql!("update labels set hue = $3, archived_at = $4 where workspace_id = $1 and id = $2");
                tx.run(update, args![tx.workspace(), id, label.hue.rem_euclid(12), label.archived_at]).await?;
            }
        }
        Ok(())
    }
}
