use super::{Phase, Retrospective, Topic};
use crate::clock::evening;
use jiff::civil::Date;
use kernel::{
    Actor, Due, Error, Id, Job,
    Method::{Get, Post},
    NewAsk, Operation, Person, Reference, Result, Route, Silence, Time, Tx, Verb, args, columns, json, sql,
    text::Name,
    words,
};
use people::{access::actor_of, person};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

words! {
    pub enum ActionState {
        Open = "open",
        Kept = "kept",
        Released = "released",
    }
}

/// What somebody promised on a board. It opens the next one until it is kept or released.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "RetrospectiveAction")]
pub struct Action {
    pub id: Id<Action>,
    pub retrospective_id: Id<Retrospective>,
    pub topic_id: Option<Id<Topic>>,
    pub owner_id: Id<Person>,
    pub owner_name: String,
    pub owner_photo: Option<String>,
    pub body: String,
    pub due_on: Option<Date>,
    pub made_at: Time,
    pub state: ActionState,
}
columns!(Action { id, retrospective_id, topic_id, owner_id, owner_name, owner_photo, body, due_on, made_at, state });

const SELECT: &str = "select a.id, a.retrospective_id, a.topic_id, a.owner_id, p.name as owner_name,
            p.photo as owner_photo, a.body, a.due_on, a.made_at, a.state
       from retrospective_actions a join people p on p.workspace_id = a.workspace_id and p.id = a.owner_id ";

/// Those of a board, in the order in which they were made.
pub(super) async fn of(tx: &mut Tx<'_>, board: Id<Retrospective>) -> Result<Vec<Action>> {
    let select = sql!(SELECT, "where a.workspace_id = $1 and a.retrospective_id = $2 order by a.made_at, a.id");
    tx.all(select, args![tx.workspace(), board]).await
}

/// The open ones of the team's earlier boards, the oldest first.
pub(super) async fn before(tx: &mut Tx<'_>, board: &Retrospective) -> Result<Vec<Action>> {
    let select = sql!(
        SELECT,
        "join retrospectives r on r.workspace_id = a.workspace_id and r.id = a.retrospective_id
          where a.workspace_id = $1 and r.team_id = $2 and r.id <> $3 and r.started_at < $4 and a.state = 'open'
          order by a.made_at, a.id limit 50"
    );
    tx.all(select, args![tx.workspace(), board.team_id, board.id, board.started_at]).await
}

impl Action {
    /// Where it stands on its board.
    pub(super) fn place(&self) -> String {
        format!("/retrospectives/{}#action-{}", self.retrospective_id, self.id)
    }

    /// The action, if the actor shares the rituals of the team or owns it.
    pub(super) async fn visible(tx: &mut Tx<'_>, id: Id<Action>) -> Result<Action> {
        let select = sql!(SELECT, "where a.workspace_id = $1 and a.id = $2");
        let action: Action = tx.one(select, args![tx.workspace(), id]).await?;
        if action.owner_id != tx.me() {
            Retrospective::visible(tx, action.retrospective_id).await?;
        }
        Ok(action)
    }
}

/// Finds an action, for its address.
#[derive(Deserialize, JsonSchema)]
pub(super) struct ShowAction {
    action: Id<Action>,
}

impl Operation for ShowAction {
    const NAME: &str = "retrospective_action.show";
    const ROUTE: Route = Route(Get, "/retrospective-actions/{action}");
    const READS: bool = true;
    type Target = Action;
    type Output = Action;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Action> {
        Action::visible(tx, self.action).await
    }

    fn allows(_: &Actor, _: &Action) -> bool {
        true
    }

    async fn run(&self, _: &mut Tx<'_>, action: Action) -> Result<Action> {
        Ok(action)
    }
}

/// Promise something that came of a board. Its owner finds it in the inbox, and the next board begins with it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddAction {
    pub retrospective: Id<Retrospective>,
    pub body: Name<200>,
    pub owner: Id<Person>,
    #[serde(default)]
    pub due_on: Option<Date>,
    #[serde(default)]
    pub topic: Option<Id<Topic>>,
}

impl Operation for AddAction {
    const NAME: &str = "retrospective_action.add";
    const ROUTE: Route = Route(Post, "/retrospectives/{retrospective}/actions");
    type Target = (Retrospective, person::Record);
    type Output = Action;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let board = Retrospective::visible(tx, self.retrospective).await?;
        if let Some(topic) = self.topic
            && Topic::visible(tx, topic).await?.0.id != board.id
        {
            return Err(Error::NotFound);
        }
        Ok((board, person::Record::visible(tx, self.owner).await?))
    }

    fn allows(actor: &Actor, _: &Self::Target) -> bool {
        actor.belongs() && !actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, (board, owner): Self::Target) -> Result<Action> {
        board.expect(&[Phase::Discuss])?;
        if actor_of(tx, owner.id).await?.is_none() {
            return Err(Error::invalid("owner", "They have no account here and would not hear of it."));
        }
        if self.due_on.is_some_and(|day| day < people::access::today(tx)) {
            return Err(Error::invalid("due_on", "This day is over; choose a later one."));
        }
        let (id, now): (Id<Action>, _) = (tx.id(), tx.now());
        let insert = sql!(
            "insert into retrospective_actions (workspace_id, id, retrospective_id, topic_id, owner_id, body, due_on,
                    made_at, state)
             values ($1, $2, $3, $4, $5, $6, $7, $8, 'open')"
        );
        let (topic, due_on) = (self.topic, self.due_on);
        tx.run(insert, args![tx.workspace(), id, board.id, topic, owner.id, self.body, due_on, now]).await?;
        ask(tx, &board, id, owner.id, &self.body, self.due_on).await?;
        tx.record("retrospective.promised", board.id, json!({}));
        Action::visible(tx, id).await
    }
}

async fn ask(
    tx: &mut Tx<'_>,
    board: &Retrospective,
    action: Id<Action>,
    owner: Id<Person>,
    body: &str,
    due_on: Option<Date>,
) -> Result<()> {
    let zone = sql!("select zone from people where workspace_id = $1 and id = $2");
    let zone: String = tx.one(zone, args![tx.workspace(), owner]).await?;
    let due = due_on.and_then(|day| evening(day, &zone)).filter(|at| *at > tx.now());
    tx.ask(&NewAsk {
        to: vec![owner],
        from: None,
        verb: Verb::Answer,
        subject: format!("{}: {body}", board.name),
        about: Some(Reference::to("retro_action", action)),
        due: Some(due.map_or(Due::Days(10), Due::Moment)),
        silence: Silence::Nothing,
        escalate_to: None,
        urgent: false,
    })
}

/// Say that an action was kept, or release its owner from it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndAction {
    pub action: Id<Action>,
    /// `kept` or `released`.
    pub state: ActionState,
}

impl Operation for EndAction {
    const NAME: &str = "retrospective_action.end";
    const ROUTE: Route = Route(Post, "/retrospective-actions/{action}/end");
    type Target = Action;
    type Output = Action;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Action> {
        Action::visible(tx, self.action).await
    }

    fn allows(actor: &Actor, _: &Action) -> bool {
        actor.belongs() && !actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, action: Action) -> Result<Action> {
        if self.state == ActionState::Open {
            return Err(Error::invalid("state", "An action ends as kept or released."));
        }
        if !end(tx, action.id, self.state).await? {
            return Err(Error::conflict("This action has ended already."));
        }
        tx.settle_asks(&Reference::to("retro_action", action.id), None);
        tx.record("retrospective.promise_ended", action.retrospective_id, json!({}));
        Action::visible(tx, action.id).await
    }
}

async fn end(tx: &mut Tx<'_>, action: Id<Action>, state: ActionState) -> Result<bool> {
    let update = sql!(
        "update retrospective_actions set state = $3, ended_at = $4
          where workspace_id = $1 and id = $2 and state = 'open'"
    );
    let now = tx.now();
    Ok(tx.run(update, args![tx.workspace(), action, state, now]).await? == 1)
}

/// An answer to the ask keeps the action.
pub(crate) async fn helped(tx: &mut Tx<'_>, job: &Job) -> Result<()> {
    let select = sql!(
        "select about_id from asks_public_asks
          where workspace_id = $1 and id = $2 and about_kind = 'retro_action' and about_id is not null and state = 'done'"
    );
    let action: Option<Id<Action>> = tx.find(select, args![tx.workspace(), job.subject]).await?;
    if let Some(action) = action {
        end(tx, action, ActionState::Kept).await?;
    }
    Ok(())
}
