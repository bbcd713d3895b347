use super::checked;
use crate::{pipeline::Reach, repository::may_keep};
use kernel::{
    Actor, Error, Id,
    Method::{Delete, Put},
    Operation, Result, Route, Team, Time, Tx, args, json, sql,
};
use measures::Agreement;
use people::{access, team};
use schemars::JsonSchema;
use serde::Deserialize;

/// Make a working agreement of a team, or give it another limit.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetAgreement {
    pub team: Id<Team>,
    pub kind: Agreement,
    /// In working hours, lines, pull requests or minutes; for those that have a limit.
    #[serde(default)]
    pub most: Option<i64>,
}

impl Operation for SetAgreement {
    const NAME: &str = "agreement.set";
    const ROUTE: Route = Route(Put, "/teams/{team}/agreements/{kind}");
    /// Whether the actor leads the team or one above.
    type Target = bool;
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<bool> {
        leads(tx, self.team).await
    }

    fn allows(actor: &Actor, leads: &bool) -> bool {
        *leads || may_keep(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: bool) -> Result<()> {
        let most = checked(Some(self.kind), self.most)?;
        if self.kind.unit().is_some() && most.is_none() {
            return Err(Error::invalid("most", "Give a limit."));
        }
        let nudged = sql!(
            "select nudged_since from agreements where workspace_id = $1 and team_id = $2 and kind = $3 and ended_at is null"
        );
        let nudged: Option<Option<Time>> = tx.find(nudged, args![tx.workspace(), self.team, self.kind]).await?;
        end(tx, self.team, self.kind).await?;
        let (id, today): (Id<Agreement>, _) = (tx.id(), access::today(tx));
        let insert = sql!(
            "insert into agreements (workspace_id, id, team_id, kind, most, agreed_on, nudged_since)
             values ($1, $2, $3, $4, $5, $6, $7)"
        );
        tx.run(insert, args![tx.workspace(), id, self.team, self.kind, most, today, nudged.flatten()]).await?;
        tx.record("team.agreement_set", self.team, json!({ "kind": self.kind, "most": most }));
        Ok(())
    }
}

/// End a working agreement of a team. What was kept stays known.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndAgreement {
    pub team: Id<Team>,
    pub kind: Agreement,
}

impl Operation for EndAgreement {
    const NAME: &str = "agreement.end";
    const ROUTE: Route = Route(Delete, "/teams/{team}/agreements/{kind}");
    /// Whether the actor leads the team or one above.
    type Target = bool;
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<bool> {
        leads(tx, self.team).await
    }

    fn allows(actor: &Actor, leads: &bool) -> bool {
        *leads || may_keep(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: bool) -> Result<()> {
        if end(tx, self.team, self.kind).await? == 0 {
            return Err(Error::Conflict("There is no such agreement any more.".into()));
        }
        tx.record("team.agreement_ended", self.team, json!({ "kind": self.kind }));
        Ok(())
    }
}

/// Remind whoever was asked for a review of a pull request that waits for an answer longer than the team agreed, or stop that.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetNudges {
    pub team: Id<Team>,
    pub on: bool,
}

impl Operation for SetNudges {
    const NAME: &str = "agreement.set_nudges";
    const ROUTE: Route = Route(Put, "/teams/{team}/review-nudges");
    /// Whether the actor leads the team or one above.
    type Target = bool;
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<bool> {
        leads(tx, self.team).await
    }

    fn allows(actor: &Actor, leads: &bool) -> bool {
        *leads || may_keep(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: bool) -> Result<()> {
        let update = sql!(
            "update agreements set nudged_since = case when $4 then coalesce(nudged_since, $5) end
              where workspace_id = $1 and team_id = $2 and kind = $3 and ended_at is null"
        );
        let kind = Agreement::ReviewWithin;
        if tx.run(update, args![tx.workspace(), self.team, kind, self.on, tx.now()]).await? == 0 {
            let words = "The team has not agreed on how soon a pull request is answered.";
            return Err(Error::Conflict(words.into()));
        }
        tx.record("team.nudges_set", self.team, json!({ "on": self.on }));
        Ok(())
    }
}

/// Whether the actor leads a team or one above; `NotFound` for one that the actor cannot see.
async fn leads(tx: &mut Tx<'_>, team: Id<Team>) -> Result<bool> {
    Reach::of(tx, team).await?;
    team::Record::is_led_by(tx, team, tx.me()).await
}

/// Whether the actor may make and end agreements of a team.
pub(super) async fn may(tx: &mut Tx<'_>, team: Id<Team>) -> Result<bool> {
    Ok(may_keep(tx.actor()) || leads(tx, team).await?)
}

async fn end(tx: &mut Tx<'_>, team: Id<Team>, kind: Agreement) -> Result<u64> {
    let update = sql!(
        "update agreements set ended_at = $4 where workspace_id = $1 and team_id = $2 and kind = $3 and ended_at is null"
    );
    tx.run(update, args![tx.workspace(), team, kind, tx.now()]).await
}
