use super::{Part, Planning, PlanningPhase, advance, draft::standing};
use crate::{
    issue::{Issue, Which},
    round::Round,
    sprint::{Sprint, Stage},
};
use kernel::{
    Actor, Error, Id,
    Method::{Patch, Post},
    Operation, Person, Result, Route, Time, Tx, args, columns, sql,
    text::{Line, Markdown},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// That an issue is taken into the sprint or left out of it.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "PlanningProposal")]
pub struct Proposal {
    pub id: Id<Proposal>,
    pub planning_id: Id<Planning>,
    pub issue_id: Id<Issue>,
    /// Or left out.
    pub takes_in: bool,
    pub reason: String,
    pub by_id: Id<Person>,
    pub by_name: String,
    pub at: Time,
    pub taken_back_at: Option<Time>,
    pub taken_back_name: Option<String>,
}
columns!(Proposal { id, planning_id, issue_id, takes_in, reason, by_id, by_name, at, taken_back_at, taken_back_name });

const SELECT: &str = "
    select o.id, o.planning_id, o.issue_id, o.takes_in, o.reason, o.by_id, p.name as by_name, o.at, o.taken_back_at,
           b.name as taken_back_name
      from planning_proposals o
      join people p on p.workspace_id = o.workspace_id and p.id = o.by_id
      left join people b on b.workspace_id = o.workspace_id and b.id = o.taken_back_by ";

/// A round holds at most so many proposals.
const MOST: usize = 300;

impl Proposal {
    /// Those of a round, the first one first.
    pub(super) async fn of(tx: &mut Tx<'_>, round: Id<Planning>) -> Result<Vec<Proposal>> {
        let select = sql!(SELECT, "where o.workspace_id = $1 and o.planning_id = $2 order by o.number, o.id");
        tx.all(select, args![tx.workspace(), round]).await
    }

    async fn visible(tx: &mut Tx<'_>, id: Id<Proposal>) -> Result<(Proposal, Part)> {
        let found: Proposal =
            tx.one(sql!(SELECT, "where o.workspace_id = $1 and o.id = $2"), args![tx.workspace(), id]).await?;
        let part = Part::visible(tx, found.planning_id).await?;
        Ok((found, part))
    }
}

/// Propose to take an issue into the sprint, or to leave it out. The latest proposal about an issue stands.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Propose {
    pub planning: Id<Planning>,
    /// An open issue of the team.
    pub issue: Which,
    /// Not to take it in, but to leave it out.
    #[serde(default)]
    pub leave_out: bool,
    #[serde(default)]
    pub reason: Line<300>,
}

impl Operation for Propose {
    const NAME: &str = "planning.propose";
    const ROUTE: Route = Route(Post, "/plannings/{planning}/proposals");
    type Target = (Part, Issue);
    type Output = Planning;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let part = Part::visible(tx, self.planning).await?;
        Ok((part, Issue::visible(tx, &self.issue, false).await?))
    }

    fn allows(actor: &Actor, (part, _): &Self::Target) -> bool {
        part.may_write(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (part, issue): Self::Target) -> Result<Planning> {
        part.round.still_runs()?;
        if let Some(why) = unfit(tx, &part.round, &issue).await? {
            return Err(Error::invalid("issue", format!("{} {why}.", issue.key)));
        }
        let before = Proposal::of(tx, part.round.id).await?;
        if standing(&before, issue.id).is_some_and(|one| one.takes_in != self.leave_out) {
            return Err(Error::invalid("issue", format!("{} stands there already.", issue.key)));
        }
        if before.len() >= MOST {
            return Err(Error::conflict(format!("There are {MOST} proposals in this planning. Take some back first.")));
        }
        insert(tx, part.round.id, issue.id, !self.leave_out, &self.reason).await?;
        changed(tx, part.round).await
    }
}

pub(super) async fn insert(
    tx: &mut Tx<'_>,
    round: Id<Planning>,
    issue: Id<Issue>,
    takes_in: bool,
    reason: &str,
) -> Result<()> {
    let (id, me, now): (Id<Proposal>, _, _) = (tx.id(), tx.me(), tx.now());
    let insert = sql!(
        "insert into planning_proposals (workspace_id, id, planning_id, issue_id, takes_in, reason, by_id, at, number)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
    );
    let last = sql!("select max(number) from planning_proposals where workspace_id = $1 and planning_id = $2");
    let last: Option<i64> = tx.one(last, args![tx.workspace(), round]).await?;
    let number = last.unwrap_or(0) + 1;
    tx.run(insert, args![tx.workspace(), id, round, issue, takes_in, reason, me, now, number]).await.map(drop)
}

/// Why an issue cannot be put into the sprint of a round, after its key.
pub(super) async fn unfit(tx: &mut Tx<'_>, round: &Planning, issue: &Issue) -> Result<Option<String>> {
    if issue.deleted_at.is_some() {
        return Ok(Some("is deleted".to_owned()));
    }
    if issue.team_id != round.team_id {
        return Ok(Some("belongs to another team".to_owned()));
    }
    if issue.category.is_finished() {
        return Ok(Some("is finished".to_owned()));
    }
    let Some(other) = issue.sprint_id.filter(|sprint| *sprint != round.sprint_id) else { return Ok(None) };
    let other = Sprint::visible(tx, other).await?;
    Ok((other.stage == Stage::Running).then(|| format!("is in {}, which runs", other.name)))
}

/// Take a proposal back: one's own, or as whoever leads the planning.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeBackProposal {
    pub proposal: Id<Proposal>,
}

impl Operation for TakeBackProposal {
    const NAME: &str = "planning.take_back";
    const ROUTE: Route = Route(Post, "/planning-proposals/{proposal}/withdrawal");
    type Target = (Proposal, Part);
    type Output = Planning;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Proposal::visible(tx, self.proposal).await
    }

    fn allows(actor: &Actor, (proposal, part): &Self::Target) -> bool {
        part.leads(actor) || (part.may_write(actor) && proposal.by_id == actor.person)
    }

    async fn run(&self, tx: &mut Tx<'_>, (proposal, part): Self::Target) -> Result<Planning> {
        part.round.still_runs()?;
        if proposal.taken_back_at.is_some() {
            return Err(Error::conflict("This proposal is taken back already."));
        }
        let update = sql!(
            "update planning_proposals set taken_back_by = $3, taken_back_at = $4 where workspace_id = $1 and id = $2"
        );
        let (me, now) = (tx.me(), tx.now());
        tx.run(update, args![tx.workspace(), proposal.id, me, now]).await?;
        changed(tx, part.round).await
    }
}

/// Write the goal and the risks of the draft. What is left out stays.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteDraft {
    pub planning: Id<Planning>,
    pub goal: Option<Line<300>>,
    /// In Markdown.
    pub risks: Option<Markdown>,
}

impl Operation for WriteDraft {
    const NAME: &str = "planning.write";
    const ROUTE: Route = Route(Patch, "/plannings/{planning}");
    type Target = Part;
    type Output = Planning;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Part> {
        Part::visible(tx, self.planning).await
    }

    fn allows(actor: &Actor, part: &Part) -> bool {
        part.may_write(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, part: Part) -> Result<Planning> {
        part.round.still_runs()?;
        let goal = self.goal.as_deref().unwrap_or(&part.round.goal);
        let risks = self.risks.as_deref().unwrap_or(&part.round.risks);
        if goal == part.round.goal && risks == part.round.risks {
            return Ok(part.round);
        }
        let update = sql!("update plannings set goal = $3, risks = $4 where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), part.round.id, goal, risks]).await?;
        changed(tx, part.round).await
    }
}

/// A draft that was read already is read anew: who has answered is asked once more.
async fn changed(tx: &mut Tx<'_>, round: Planning) -> Result<Planning> {
    tx.touch(round.id.to_string());
    if round.phase != PlanningPhase::Proposals {
        advance::read_anew(tx, &round).await?;
    }
    Planning::visible(tx, round.id).await
}
