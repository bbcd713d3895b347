use super::{Phase, Retrospective, Topic};
use kernel::{Actor, Error, Id, Method::Put, Operation, Result, Route, Tx, args, sql};
use schemars::JsonSchema;
use serde::Deserialize;

/// Say with how many of one's votes a topic is worth talking about. The sums are shown when the phase ends.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VoteForTopic {
    pub topic: Id<Topic>,
    /// In place of those of before; 0 takes them back.
    pub votes: i64,
}

impl Operation for VoteForTopic {
    const NAME: &str = "retrospective_topic.vote";
    const ROUTE: Route = Route(Put, "/retrospective-topics/{topic}/votes");
    type Target = (Retrospective, Topic);
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Topic::visible(tx, self.topic).await
    }

    fn allows(actor: &Actor, _: &Self::Target) -> bool {
        actor.belongs() && !actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, (board, topic): Self::Target) -> Result<()> {
        let me = tx.me().to_string();
        cast(tx, &board, topic.id, &me, self.votes).await
    }
}

/// Gives a topic so many votes of a person or a guest, who has so many in all as the board gives each.
pub(super) async fn cast(
    tx: &mut Tx<'_>,
    board: &Retrospective,
    topic: Id<Topic>,
    voter: &str,
    votes: i64,
) -> Result<()> {
    board.expect(&[Phase::Vote])?;
    let elsewhere = sql!(
        "select cast(coalesce(sum(v.votes), 0) as bigint) from retrospective_votes v
               join retrospective_topics t on t.workspace_id = v.workspace_id and t.id = v.topic_id
              where v.workspace_id = $1 and v.voter_id = $2 and t.retrospective_id = $3 and t.id <> $4"
    );
    let elsewhere: i64 = tx.one(elsewhere, args![tx.workspace(), voter, board.id, topic]).await?;
    if votes < 0 || votes > board.votes_each - elsewhere {
        let left = board.votes_each - elsewhere;
        return Err(Error::invalid("votes", format!("You have {left} of {} votes left.", board.votes_each)));
    }
    let save = sql!(
        "insert into retrospective_votes (workspace_id, topic_id, voter_id, votes) values ($1, $2, $3, $4)
             on conflict (workspace_id, topic_id, voter_id) do update set votes = excluded.votes"
    );
    tx.run(save, args![tx.workspace(), topic, voter, votes]).await?;
    Ok(())
}
