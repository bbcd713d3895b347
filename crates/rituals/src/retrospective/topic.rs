use super::{CARD_SELECT, Card, Phase, Retrospective, Topic, guest};
use kernel::{
    Actor, Error, Id,
    Method::{Get, Patch},
    Operation, Result, Route, Tx, args, json, sql,
    text::{Line, Markdown},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A topic with its cards, once they are laid out.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowTopic {
    pub topic: Id<Topic>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TopicView {
    pub retrospective: Retrospective,
    pub topic: Topic,
    pub cards: Vec<Card>,
    /// What guests and the team said to each other about the topics of this board.
    pub remarks: Vec<guest::Remark>,
}

impl TopicView {
    /// What it is called, or what its first card says.
    pub fn title(&self) -> String {
        title(&self.topic, &self.cards.iter().collect::<Vec<_>>())
    }
}

/// The title of a topic, or the beginning of its first card.
pub(super) fn title(topic: &Topic, cards: &[&Card]) -> String {
    const LONGEST: usize = 90;
    if !topic.title.is_empty() {
        return topic.title.clone();
    }
    let line = cards.first().and_then(|card| card.body.lines().next()).unwrap_or("A topic");
    match line.chars().count() > LONGEST {
        true => format!("{}…", line.chars().take(LONGEST).collect::<String>()),
        false => line.to_owned(),
    }
}

impl Operation for ShowTopic {
    const NAME: &str = "retrospective_topic.show";
    const ROUTE: Route = Route(Get, "/retrospective-topics/{topic}");
    const READS: bool = true;
    type Target = (Retrospective, Topic);
    type Output = TopicView;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Topic::visible(tx, self.topic).await
    }

    fn allows(actor: &Actor, _: &Self::Target) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, (retrospective, topic): Self::Target) -> Result<TopicView> {
        let cards = sql!(CARD_SELECT, "where c.workspace_id = $1 and c.topic_id = $2 order by c.id");
        let cards = tx.all(cards, args![tx.workspace(), topic.id]).await?;
        let remarks = if retrospective.guests { guest::remarks(tx, retrospective.id).await? } else { Vec::new() };
        Ok(TopicView { cards, remarks, retrospective, topic })
    }
}

/// Name a topic, or write down what was decided about it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConcludeTopic {
    pub topic: Id<Topic>,
    #[serde(default)]
    pub title: Option<Line<120>>,
    #[serde(default)]
    pub outcome: Option<Markdown>,
}

impl Operation for ConcludeTopic {
    const NAME: &str = "retrospective_topic.conclude";
    const ROUTE: Route = Route(Patch, "/retrospective-topics/{topic}");
    type Target = (Retrospective, Topic);
    type Output = Topic;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Topic::visible(tx, self.topic).await
    }

    fn allows(actor: &Actor, _: &Self::Target) -> bool {
        actor.belongs() && !actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, (board, topic): Self::Target) -> Result<Topic> {
        if board.phase == Phase::Done {
            return Err(Error::conflict("This board is done; what was decided stays as it was written."));
        }
        if self.outcome.as_ref().is_some_and(|outcome| !outcome.trim().is_empty()) {
            board.expect(&[Phase::Discuss])?;
        }
        let title = self.title.as_deref().unwrap_or(&topic.title);
        let outcome = self.outcome.as_deref().unwrap_or(&topic.outcome);
        let update =
            sql!("update retrospective_topics set title = $3, outcome = $4 where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), topic.id, title, outcome]).await?;
        tx.record("retrospective.concluded", board.id, json!({}));
        Ok(Topic::visible(tx, topic.id).await?.1)
    }
}
