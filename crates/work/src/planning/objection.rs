use super::{
    Part, Planning,
    advance::{advance, objections_settled},
};
use crate::round::Round;
use kernel::{
    Actor, Error, Id, Method::Post, Operation, Person, Result, Route, Time, Tx, args, columns, sql, text::Name, words,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

words! {
    /// What became of an objection.
    pub enum ObjectionOutcome {
        /// By its author, mostly as the draft was changed.
        Withdrawn = "withdrawn",
        /// With a reason that stays.
        DecidedAgainst = "decided_against",
    }
}

/// Why somebody cannot consent, and with what they could.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "PlanningObjection")]
pub struct Objection {
    pub id: Id<Objection>,
    pub planning_id: Id<Planning>,
    pub person_id: Id<Person>,
    pub person_name: String,
    pub body: String,
    /// What would make it good enough.
    pub wants: String,
    pub raised_at: Time,
    /// Nothing while it is open.
    pub outcome: Option<ObjectionOutcome>,
    /// Why it was decided against.
    pub answer: String,
    pub settled_name: Option<String>,
}
columns!(Objection { id, planning_id, person_id, person_name, body, wants, raised_at, outcome, answer, settled_name });

const SELECT: &str = "
    select o.id, o.planning_id, o.person_id, p.name as person_name, o.body, o.wants, o.raised_at, o.outcome, o.answer,
           b.name as settled_name
      from planning_objections o
      join people p on p.workspace_id = o.workspace_id and p.id = o.person_id
      left join people b on b.workspace_id = o.workspace_id and b.id = o.settled_by ";

impl Objection {
    /// Those of a round, the first one first.
    pub(super) async fn of(tx: &mut Tx<'_>, round: Id<Planning>) -> Result<Vec<Objection>> {
        let select =
            sql!(SELECT, "where o.workspace_id = $1 and o.planning_id = $2 order by o.raised_at, o.id limit 500");
        tx.all(select, args![tx.workspace(), round]).await
    }

    async fn visible(tx: &mut Tx<'_>, id: Id<Objection>) -> Result<(Objection, Part)> {
        let found: Objection =
            tx.one(sql!(SELECT, "where o.workspace_id = $1 and o.id = $2"), args![tx.workspace(), id]).await?;
        let part = Part::visible(tx, found.planning_id).await?;
        Ok((found, part))
    }
}

/// Raises the actor's objection, or says it in other words while it is open.
pub(super) async fn raise(tx: &mut Tx<'_>, round: Id<Planning>, body: &str, wants: &str) -> Result<()> {
    let again = sql!(
        "update planning_objections set body = $4, wants = $5
          where workspace_id = $1 and planning_id = $2 and person_id = $3 and outcome is null"
    );
    let (me, now) = (tx.me(), tx.now());
    if tx.run(again, args![tx.workspace(), round, me, body, wants]).await? > 0 {
        return Ok(());
    }
    let id: Id<Objection> = tx.id();
    let insert = sql!(
        "insert into planning_objections (workspace_id, id, planning_id, person_id, body, wants, raised_at)
         values ($1, $2, $3, $4, $5, $6, $7)"
    );
    tx.run(insert, args![tx.workspace(), id, round, me, body, wants, now]).await.map(drop)
}

/// Withdraws what the actor still objects to.
pub(super) async fn withdraw(tx: &mut Tx<'_>, round: Id<Planning>) -> Result<()> {
    let update = sql!(
        "update planning_objections set outcome = $4, settled_by = $3, settled_at = $5
          where workspace_id = $1 and planning_id = $2 and person_id = $3 and outcome is null"
    );
    let (me, now) = (tx.me(), tx.now());
    tx.run(update, args![tx.workspace(), round, me, ObjectionOutcome::Withdrawn, now]).await.map(drop)
}

/// Decide against an objection, with a reason that stays in the record.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideAgainst {
    pub objection: Id<Objection>,
    pub answer: Name<1000>,
}

impl Operation for DecideAgainst {
    const NAME: &str = "planning.decide";
    const ROUTE: Route = Route(Post, "/planning-objections/{objection}/decision");
    type Target = (Objection, Part);
    type Output = Planning;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Objection::visible(tx, self.objection).await
    }

    fn allows(actor: &Actor, (_, part): &Self::Target) -> bool {
        part.leads(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (objection, part): Self::Target) -> Result<Planning> {
        part.round.still_runs()?;
        if objection.outcome.is_some() {
            return Err(Error::conflict("This objection is settled already."));
        }
        let update = sql!(
            "update planning_objections set outcome = $3, answer = $4, settled_by = $5, settled_at = $6
              where workspace_id = $1 and id = $2"
        );
        let (me, now) = (tx.me(), tx.now());
        let outcome = ObjectionOutcome::DecidedAgainst;
        tx.run(update, args![tx.workspace(), objection.id, outcome, self.answer, me, now]).await?;
        tx.touch(part.round.id.to_string());
        let round = Planning::visible(tx, part.round.id).await?;
        if round.open_objections == 0 {
            objections_settled(tx, &round).await?;
        }
        advance(tx, round.id).await
    }
}
