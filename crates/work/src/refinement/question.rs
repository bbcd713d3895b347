use super::{Item, Refinement};
use kernel::{
    Actor, Error, Id, Method::Post, Operation, Person, Result, Route, Time, Tx, args, columns, sql, text::Name,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What somebody wants to know before an issue is ready.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "RefinementQuestion")]
pub struct Question {
    pub id: Id<Question>,
    pub item_id: Id<Item>,
    pub author_id: Id<Person>,
    pub author_name: String,
    pub body: String,
    pub asked_at: Time,
    /// Empty until somebody has answered.
    pub answer: String,
    pub answered_by: Option<Id<Person>>,
    pub answered_name: Option<String>,
}
columns!(Question { id, item_id, author_id, author_name, body, asked_at, answer, answered_by, answered_name });

const SELECT: &str = "
    select q.id, q.item_id, q.author_id, p.name as author_name, q.body, q.asked_at, q.answer, q.answered_by,
           a.name as answered_name
      from refinement_questions q
      join people p on p.workspace_id = q.workspace_id and p.id = q.author_id
      left join people a on a.workspace_id = q.workspace_id and a.id = q.answered_by ";

/// The questions of a round, the first one first.
pub(super) async fn of(tx: &mut Tx<'_>, round: Id<Refinement>) -> Result<Vec<Question>> {
    let select = sql!(
        SELECT,
        "join refinement_items i on i.workspace_id = q.workspace_id and i.id = q.item_id
          where q.workspace_id = $1 and i.refinement_id = $2 order by q.asked_at, q.id limit 500"
    );
    tx.all(select, args![tx.workspace(), round]).await
}

/// Ask something about an issue of a round.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AskQuestion {
    pub item: Id<Item>,
    pub body: Name<1000>,
}

impl Operation for AskQuestion {
    const NAME: &str = "refinement.ask";
    const ROUTE: Route = Route(Post, "/refinement-items/{item}/questions");
    type Target = (Item, Refinement);
    type Output = Question;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Item::visible(tx, self.item).await
    }

    fn allows(actor: &Actor, _: &Self::Target) -> bool {
        actor.belongs() && !actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, (item, round): Self::Target) -> Result<Question> {
        round.still_runs()?;
        let count = sql!("select count(*) from refinement_questions where workspace_id = $1 and item_id = $2");
        let asked: i64 = tx.one(count, args![tx.workspace(), item.id]).await?;
        if asked >= MOST {
            return Err(Error::invalid(
                "body",
                format!("There are {MOST} questions about this issue. Talk about it on its page."),
            ));
        }
        let (id, me, now): (Id<Question>, _, _) = (tx.id(), tx.me(), tx.now());
        let insert = sql!(
            "insert into refinement_questions (workspace_id, id, item_id, author_id, body, asked_at)
             values ($1, $2, $3, $4, $5, $6)"
        );
        tx.run(insert, args![tx.workspace(), id, item.id, me, self.body, now]).await?;
        tx.touch(round.id.to_string());
        Ok(Question::visible(tx, id).await?.0)
    }
}

const MOST: i64 = 30;

impl Question {
    async fn visible(tx: &mut Tx<'_>, id: Id<Question>) -> Result<(Question, Refinement)> {
        let question: Question =
            tx.one(sql!(SELECT, "where q.workspace_id = $1 and q.id = $2"), args![tx.workspace(), id]).await?;
        let (_, round) = Item::visible(tx, question.item_id).await?;
        Ok((question, round))
    }
}

/// Answer a question, or answer it better.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerQuestion {
    pub question: Id<Question>,
    pub answer: Name<2000>,
}

impl Operation for AnswerQuestion {
    const NAME: &str = "refinement.answer";
    const ROUTE: Route = Route(Post, "/refinement-questions/{question}/answer");
    type Target = (Question, Refinement);
    type Output = Question;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Question::visible(tx, self.question).await
    }

    fn allows(actor: &Actor, _: &Self::Target) -> bool {
        actor.belongs() && !actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, (question, round): Self::Target) -> Result<Question> {
        round.still_runs()?;
        let update =
            sql!("update refinement_questions set answer = $3, answered_by = $4 where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), question.id, self.answer, tx.me()]).await?;
        tx.touch(round.id.to_string());
        Ok(Question::visible(tx, question.id).await?.0)
    }
}
