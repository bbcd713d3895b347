use super::{
    Field, Issue, Which,
    change::{in_words, keep, stay},
    create::{first_state, next_number},
    topic,
};
use crate::{
    sprint::{
        Kind,
        ledger::{self, Stand, Why},
    },
    team::{Kept, State, Work, states_of},
};
use kernel::{Actor, Error, Id, Method::Post, Operation, Result, Route, Team, Tx, args, json, sql};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Flash, Submitted};

/// Move an issue to another team, where it gets a key of that team. All its former keys go on leading to it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveIssue {
    pub issue: Which,
    pub team: Id<Team>,
}

impl Operation for MoveIssue {
    const NAME: &str = "issue.move";
    const ROUTE: Route = Route(Post, "/issues/{issue}/team");
    type Target = (Issue, Kept);
    type Output = Issue;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Ok((Issue::visible(tx, &self.issue, false).await?, Kept::visible(tx, self.team).await?))
    }

    fn allows(actor: &Actor, _: &Self::Target) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, (old, kept): Self::Target) -> Result<Issue> {
        if old.team_id == self.team {
            return Ok(old);
        }
        if kept.team.archived_at.is_some() {
            return Err(Error::invalid("team", "This team is archived and takes no more issues."));
        }
        Work::begun(tx, self.team, &kept.team.name).await?;
        let number = next_number(tx, self.team).await?;
        let state = alike(tx, &old, self.team).await?;
        remember_keys(tx, &old).await?;
        self.store(tx, &old, number, &state).await?;
        let out = Stand { sprint: None, ..old.stand() };
        ledger::follow(tx, &old, old.stand(), out, &Why::is(Kind::Moved)).await?;
        let new = Issue::visible(tx, &Which::Id(old.id), false).await?;
        let (batch, ids) = (tx.id(), (Some(old.team_id.to_string()), Some(self.team.to_string())));
        keep(tx, old.id, batch, &in_words(Field::Team, ids, &old.key, &new.key)).await?;
        tx.record(Field::Team.verb(), old.id, json!({ "from": old.key, "to": new.key }));
        tx.touch(topic(old.team_id));
        tx.touch(topic(self.team));
        Ok(new)
    }
}

impl MoveIssue {
    /// Labels of the team that it leaves stay there.
    async fn store(&self, tx: &mut Tx<'_>, old: &Issue, number: i64, state: &State) -> Result<()> {
        let now = tx.now();
        let finished_at = state.category.is_finished().then_some(old.finished_at.unwrap_or(now));
        let update = sql!(
            "update issues set team_id = $3, number = $4, state_id = $5, category = $6, state_since = $7,
                    finished_at = $8, updated_at = $7, sprint_id = null
              where workspace_id = $1 and id = $2"
        );
        tx.run(update, args![tx.workspace(), old.id, self.team, number, state.id, state.category, now, finished_at])
            .await?;
        stay(tx, old.id, state.id, now).await?;
        let delete = sql!(
            "delete from issue_labels where workspace_id = $1 and issue_id = $2 and label_id in
               (select id from labels where workspace_id = $1 and team_id is not null and team_id <> $3)"
        );
        tx.run(delete, args![tx.workspace(), old.id, self.team]).await.map(drop)
    }
}

/// The state of the other team that is called the same or means the same.
async fn alike(tx: &mut Tx<'_>, old: &Issue, team: Id<Team>) -> Result<State> {
    let states = states_of(tx, team).await?;
    let open = || states.iter().filter(|state| state.archived_at.is_none() && state.category == old.category);
    let same = open().find(|state| state.name.to_lowercase() == old.state_name.to_lowercase());
    match same.or_else(|| open().next()) {
        Some(state) => Ok(state.clone()),
        None => first_state(tx, team).await,
    }
}

async fn remember_keys(tx: &mut Tx<'_>, old: &Issue) -> Result<()> {
    let insert = sql!(
        "insert into issue_aliases (workspace_id, key, issue_id)
         select k.workspace_id, k.key || '-' || cast(i.number as text), i.id
           from issues i join work_keys k on k.workspace_id = i.workspace_id and k.team_id = i.team_id
          where i.workspace_id = $1 and i.id = $2
         on conflict (workspace_id, key) do nothing"
    );
    tx.run(insert, args![tx.workspace(), old.id]).await.map(drop)
}

/// `POST /issues/{issue}/team`
pub async fn save(form: Submitted) -> Answer {
    let before = form.text("before").to_owned();
    match form.submit::<MoveIssue>().await {
        Ok(issue) => {
            let flash = Flash::says(format!("It is {} now.", issue.key));
            let undo = format!("/issues/{}/team?team={before}", issue.id);
            Ok(form.go(&issue.href(), if before.is_empty() { flash } else { flash.undo(undo) }))
        }
        Err(error) => super::page::again(&form, error).await,
    }
}
