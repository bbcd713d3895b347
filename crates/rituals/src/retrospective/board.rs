use super::{Action, CARD_SELECT, Card, Column, Phase, Retrospective, TOPIC_SELECT, Topic, action, topic};
use kernel::{Actor, Id, Method::Get, Operation, Result, Route, Time, Tx, args, columns, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A board, as far as its phase shows it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowBoard {
    pub retrospective: Id<Retrospective>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Board {
    pub retrospective: Retrospective,
    pub columns: Vec<Column>,
    /// While cards are collected, one's own; on an anonymous board none. Later all, in no order that means anything.
    pub cards: Vec<Card>,
    /// Once votes are counted, those with the most first.
    pub topics: Vec<Topic>,
    /// One's own while it is voted, and the sums from then on.
    pub votes: Vec<Votes>,
    /// What one rated oneself.
    pub own_ratings: Vec<Rating>,
    /// Of this health check and those of before, for each title of a column, the oldest first. A mean of fewer than
    /// three people is not among them.
    pub means: Vec<Mean>,
    pub actions: Vec<Action>,
    /// What was promised on earlier boards of the team and is open still.
    pub before: Vec<Action>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Votes {
    pub topic_id: Id<Topic>,
    pub own: i64,
    /// Nothing while it is voted.
    pub all: Option<i64>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Rating {
    pub column_id: Id<Column>,
    pub rating: i64,
}
columns!(Rating { column_id, rating });

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Mean {
    pub title: String,
    pub retrospective_id: Id<Retrospective>,
    pub started_at: Time,
    /// How many people rated it.
    pub people: i64,
    /// From 1 to 5, in hundredths.
    pub hundredths: i64,
}
columns!(Mean { title, retrospective_id, started_at, people, hundredths });

struct Counted {
    topic_id: Id<Topic>,
    own: i64,
    total: i64,
}
columns!(Counted { topic_id, own, total });

impl Operation for ShowBoard {
    const NAME: &str = "retrospective.show";
    const ROUTE: Route = Route(Get, "/retrospectives/{retrospective}");
    const READS: bool = true;
    type Target = Retrospective;
    type Output = Board;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Retrospective> {
        Retrospective::visible(tx, self.retrospective).await
    }

    fn allows(actor: &Actor, _: &Retrospective) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, board: Retrospective) -> Result<Board> {
        let me = tx.me().to_string();
        Ok(Board {
            own_ratings: own_ratings(tx, &board).await?,
            means: means(tx, &board).await?,
            actions: action::of(tx, board.id).await?,
            before: action::before(tx, &board).await?,
            ..Board::shared(tx, board, &me).await?
        })
    }
}

impl Board {
    /// What everyone sees who takes part, `reader` being a person or a guest: nothing of what the team rated and promised.
    pub(super) async fn shared(tx: &mut Tx<'_>, board: Retrospective, reader: &str) -> Result<Board> {
        let columns = sql!(
            "select id, title, hint, rated from retrospective_columns
              where workspace_id = $1 and retrospective_id = $2 order by position, id"
        );
        let columns: Vec<Column> = tx.all(columns, args![tx.workspace(), board.id]).await?;
        let votes = votes(tx, &board, reader).await?;
        let topics = sql!(TOPIC_SELECT, "where t.workspace_id = $1 and t.retrospective_id = $2 order by t.id");
        let mut topics: Vec<Topic> = tx.all(topics, args![tx.workspace(), board.id]).await?;
        let all = |topic: &Topic| votes.iter().find(|one| one.topic_id == topic.id).and_then(|one| one.all);
        topics.sort_by_key(|topic| std::cmp::Reverse(all(topic).unwrap_or_default()));
        let cards = cards(tx, &board, reader).await?;
        let (own_ratings, means, actions, before) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Ok(Board { cards, own_ratings, means, actions, before, columns, topics, votes, retrospective: board })
    }

    pub fn title(&self, of: &Topic) -> String {
        topic::title(of, &self.cards.iter().filter(|card| card.topic_id == Some(of.id)).collect::<Vec<_>>())
    }

    pub fn votes_of(&self, topic: &Topic) -> Option<&Votes> {
        self.votes.iter().find(|one| one.topic_id == topic.id)
    }
}

async fn cards(tx: &mut Tx<'_>, board: &Retrospective, reader: &str) -> Result<Vec<Card>> {
    let select = sql!(
        CARD_SELECT,
        "where c.workspace_id = $1 and c.retrospective_id = $2 and ($3 or c.author_id = $4 or c.guest_id = $4)
          order by c.id"
    );
    let open = board.phase != Phase::Collect;
    tx.all(select, args![tx.workspace(), board.id, open, reader]).await
}

async fn votes(tx: &mut Tx<'_>, board: &Retrospective, reader: &str) -> Result<Vec<Votes>> {
    let select = sql!(
        "select v.topic_id, cast(sum(case when v.voter_id = $3 then v.votes else 0 end) as bigint) as own,
                cast(sum(v.votes) as bigint) as total
           from retrospective_votes v
           join retrospective_topics t on t.workspace_id = v.workspace_id and t.id = v.topic_id
          where v.workspace_id = $1 and t.retrospective_id = $2 group by v.topic_id order by v.topic_id"
    );
    let counted: Vec<Counted> = tx.all(select, args![tx.workspace(), board.id, reader]).await?;
    let shown = matches!(board.phase, Phase::Discuss | Phase::Done);
    let votes = counted.into_iter().filter(|one| shown || one.own > 0);
    Ok(votes.map(|one| Votes { topic_id: one.topic_id, own: one.own, all: shown.then_some(one.total) }).collect())
}

async fn own_ratings(tx: &mut Tx<'_>, board: &Retrospective) -> Result<Vec<Rating>> {
    let select = sql!(
        "select r.column_id, r.rating from retrospective_ratings r
           join retrospective_columns c on c.workspace_id = r.workspace_id and c.id = r.column_id
          where r.workspace_id = $1 and c.retrospective_id = $2 and r.person_id = $3"
    );
    let me = tx.me();
    tx.all(select, args![tx.workspace(), board.id, me]).await
}

/// Those of boards that have gone past collecting, so that nobody watches a mean move.
async fn means(tx: &mut Tx<'_>, board: &Retrospective) -> Result<Vec<Mean>> {
    let select = sql!(
        "select c.title, b.id as retrospective_id, b.started_at, count(*) as people,
                cast(sum(r.rating) * 100 / count(*) as bigint) as hundredths
           from retrospective_ratings r
           join retrospective_columns c on c.workspace_id = r.workspace_id and c.id = r.column_id
           join retrospectives b on b.workspace_id = c.workspace_id and b.id = c.retrospective_id
          where r.workspace_id = $1 and b.team_id = $2 and b.phase <> 'collect' and b.started_at <= $3
          group by c.title, b.id, b.started_at having count(*) >= 3 order by c.title, b.started_at, b.id"
    );
    tx.all(select, args![tx.workspace(), board.team_id, board.started_at]).await
}
