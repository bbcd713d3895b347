use super::{Card, Phase, Retrospective, Topic, add, shuffled};
use kernel::{Actor, Error, Id, Method::Post, Operation, Result, Route, Tx, args, sql};
use schemars::JsonSchema;
use serde::Deserialize;

/// Put a card into a topic, or into one of its own.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JoinTopic {
    pub card: Id<Card>,
    /// Of the same board; one of its own if left out.
    #[serde(default)]
    pub topic: Option<Id<Topic>>,
}

impl Operation for JoinTopic {
    const NAME: &str = "retrospective_card.join";
    const ROUTE: Route = Route(Post, "/retrospective-cards/{card}/topic");
    type Target = (Retrospective, Card);
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        let (board, card) = add::visible(tx, self.card).await?;
        if let Some(topic) = self.topic
            && Topic::visible(tx, topic).await?.0.id != board.id
        {
            return Err(Error::NotFound);
        }
        // Before the cards are laid out, nobody has seen those of others.
        match board.phase == Phase::Collect && card.author_id != Some(tx.me()) {
            true => Err(Error::NotFound),
            false => Ok((board, card)),
        }
    }

    fn allows(actor: &Actor, _: &Self::Target) -> bool {
        actor.belongs() && !actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, (board, card): Self::Target) -> Result<()> {
        board.expect(&[Phase::Group])?;
        match self.topic {
            Some(topic) => set(tx, card.id, topic).await?,
            None if is_alone(tx, &card).await? => {}
            None => alone(tx, board.id, card.id).await?,
        }
        let empty = sql!(
            "delete from retrospective_topics
              where workspace_id = $1 and retrospective_id = $2
                and not exists (select 1 from retrospective_cards c
                    where c.workspace_id = retrospective_topics.workspace_id and c.topic_id = retrospective_topics.id)"
        );
        tx.run(empty, args![tx.workspace(), board.id]).await?;
        tx.touch(board.id.to_string());
        Ok(())
    }
}

/// Whether it has a topic to itself, whose name then stays.
async fn is_alone(tx: &mut Tx<'_>, card: &Card) -> Result<bool> {
    let others = sql!("select 1 from retrospective_cards where workspace_id = $1 and topic_id = $2 and id <> $3");
    Ok(!tx.exists(others, args![tx.workspace(), card.topic_id, card.id]).await?)
}

/// Gives a card a topic of its own.
pub(super) async fn alone(tx: &mut Tx<'_>, board: Id<Retrospective>, card: Id<Card>) -> Result<()> {
    let topic: Id<Topic> = shuffled()?;
    let insert = sql!(
        "insert into retrospective_topics (workspace_id, id, retrospective_id, title, outcome) values ($1, $2, $3, '', '')"
    );
    tx.run(insert, args![tx.workspace(), topic, board]).await?;
    set(tx, card, topic).await
}

async fn set(tx: &mut Tx<'_>, card: Id<Card>, topic: Id<Topic>) -> Result<()> {
    let update = sql!("update retrospective_cards set topic_id = $3 where workspace_id = $1 and id = $2");
    tx.run(update, args![tx.workspace(), card, topic]).await?;
    Ok(())
}
