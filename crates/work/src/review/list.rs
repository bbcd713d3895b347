use super::{Review, SELECT, VISIBLE};
use crate::{round::Listed, team::Kept};
use kernel::{Actor, Id, Method::Get, Operation, Result, Route, Team, Tx, args, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx};

/// The reviews of a team's sprints, the latest first.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListReviews {
    pub team: Id<Team>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "SprintReviewList")]
pub struct ReviewList {
    pub team_id: Id<Team>,
    pub team_name: String,
    /// At most 100.
    pub reviews: Vec<Review>,
}

impl Operation for ListReviews {
    const NAME: &str = "sprint_review.list";
    const ROUTE: Route = Route(Get, "/teams/{team}/sprint-reviews");
    const READS: bool = true;
    type Target = Kept;
    type Output = ReviewList;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        Kept::visible(tx, self.team).await
    }

    fn allows(actor: &Actor, _: &Kept) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, kept: Kept) -> Result<ReviewList> {
        let select =
            sql!(SELECT, "where", VISIBLE, "and s.team_id = $3 order by r.started_at desc, r.id desc limit 100");
        let reviews = tx.all(select, args![tx.workspace(), tx.actor().belongs(), self.team]).await?;
        Ok(ReviewList { team_id: self.team, team_name: kept.team.name, reviews })
    }
}

/// `GET /teams/{team}/sprint-reviews`
pub async fn page(cx: Cx) -> Answer {
    let list = cx.read_here::<ListReviews>().await?;
    let listed = Listed {
        title: "Reviews",
        lead: "What was shown of a sprint, who accepted it, and what was missing.",
        none: "This team has reviewed no sprint in writing yet. It begins on the page of a sprint that is closed.",
        team: (list.team_id.as_str(), &list.team_name),
        rounds: &list.reviews,
    };
    listed.page(&cx)
}
