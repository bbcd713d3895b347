use super::{Automation, Then, When, topic};
use crate::{
    issue::Fitting,
    team::{Kept, Work},
};
use kernel::{
    Actor, Error, Flaws, Id,
    Method::Post,
    Operation, Result, Route, Team, Tx, args, json, sql,
    text::{Line, Name},
};
use schemars::JsonSchema;
use serde::Deserialize;

/// Add a rule by which something is done about issues of a team. There is no limit on their number or on how often they run.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddAutomation {
    pub team: Id<Team>,
    pub name: Name<120>,
    pub when: When,
    /// For `blocked`: for how many working hours of whoever has the turn in triage, 1 to 200.
    #[serde(default)]
    pub hours: Option<i64>,
    /// Which issues of the team it is about, as in a list, without an order; all if it is empty.
    #[serde(default)]
    pub q: Line<500>,
    pub then: Then,
}

impl Operation for AddAutomation {
    const NAME: &str = "automation.add";
    const ROUTE: Route = Route(Post, "/teams/{team}/automations");
    type Target = Kept;
    type Output = Automation;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        self.then.look_up(tx).await?;
        Kept::visible(tx, self.team).await
    }

    fn allows(actor: &Actor, kept: &Kept) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, kept: Kept) -> Result<Automation> {
        Work::begun(tx, self.team, &kept.team.name).await?;
        let hours = check(tx, self.team, self.when, self.hours, &self.q, &self.then).await?;
        let (id, me, now): (Id<Automation>, _, _) = (tx.id(), tx.me(), tx.now());
        let insert = sql!(
            "insert into automations (workspace_id, id, team_id, name, occasion, hours, q, acts, created_by, created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        );
        let then = serde_json::to_string(&self.then).map_err(Error::internal)?;
        let workspace = tx.workspace();
        tx.run(insert, args![workspace, id, self.team, self.name, self.when, hours, self.q, then, me, now]).await?;
        tx.record("automation.added", id, json!({ "name": self.name }));
        tx.touch(topic(self.team));
        Ok(Automation::kept(tx, id).await?.0)
    }
}

/// The hours as they are stored.
///
/// # Errors
/// `Invalid` where the rule could never run.
pub(super) async fn check(
    tx: &mut Tx<'_>,
    team: Id<Team>,
    when: When,
    hours: Option<i64>,
    q: &str,
    then: &Then,
) -> Result<Option<i64>> {
    let fits = when != When::Blocked || hours.is_some_and(|hours| (1..=200).contains(&hours));
    let mut flaws = Flaws::default();
    flaws.unless(fits, "hours", "Say for how many working hours, 1 to 200.");
    flaws.unless(!q.contains(":me"), "q", "A rule is nobody, so it cannot say `me`. Name a person instead.");
    flaws.check()?;
    Fitting::read(tx, team, q).await?;
    then.check(tx, team).await?;
    Ok(hours.filter(|_| when == When::Blocked))
}
