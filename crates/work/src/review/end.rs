use super::{Part, Review, summary};
use crate::round::Round;
use kernel::{Actor, Id, Method::Post, Operation, Result, Route, Tx, args, json, sql};
use schemars::JsonSchema;
use serde::Deserialize;

/// End a review before its time. The record says who has not answered.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndReview {
    pub review: Id<Review>,
}

impl Operation for EndReview {
    const NAME: &str = "sprint_review.end";
    const ROUTE: Route = Route(Post, "/sprint-reviews/{review}/end");
    type Target = Part;
    type Output = Review;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Part> {
        Part::visible(tx, self.review).await
    }

    fn allows(actor: &Actor, part: &Part) -> bool {
        part.leads(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, part: Part) -> Result<Review> {
        part.round.still_runs()?;
        end(tx, &part.round).await?;
        tx.touch(part.round.id.to_string());
        Review::visible(tx, part.round.id).await
    }
}

/// Keeps what came of a review; no answer is taken after this.
pub(super) async fn end(tx: &mut Tx<'_>, round: &Review) -> Result<()> {
    let text = summary::of(tx, round).await?;
    let update = sql!("update sprint_reviews set ended_at = $3, summary = $4 where workspace_id = $1 and id = $2");
    tx.run(update, args![tx.workspace(), round.id, tx.now(), text]).await?;
    tx.settle_asks(&round.about(), None);
    tx.record("sprint_review.ended", round.id, json!({ "name": round.sprint_name }));
    tx.touch(round.sprint_id.to_string());
    Ok(())
}
