use super::{Item, Part, Review, advance};
use crate::round::Round;
use kernel::{
    Actor, Error, Id, Method::Post, Operation, Person, Result, Route, Time, Tx, args, columns, sql, text::Line, words,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

words! {
    /// What somebody says about something that was shown.
    pub enum ReviewVerdict {
        Accepted = "accepted",
        /// Accepted, with a remark that stays in the record.
        Remark = "remark",
        /// With what is missing.
        NotAccepted = "not_accepted",
    }
}

impl ReviewVerdict {
    pub fn title(self) -> &'static str {
        match self {
            ReviewVerdict::Accepted => "Accepts it",
            ReviewVerdict::Remark => "Accepts it with a remark",
            ReviewVerdict::NotAccepted => "Does not accept it",
        }
    }

    pub(super) fn look(self) -> &'static str {
        match self {
            ReviewVerdict::Accepted => "good",
            ReviewVerdict::Remark => "info",
            ReviewVerdict::NotAccepted => "warn",
        }
    }
}

/// What somebody has said about an item.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "SprintReviewAnswer")]
pub struct Answered {
    pub item_id: Id<Item>,
    pub person_id: Id<Person>,
    pub person_name: String,
    pub verdict: ReviewVerdict,
    /// The remark, or what is missing.
    pub remark: String,
    pub at: Time,
    /// What is shown was written anew since.
    pub before_change: bool,
}
columns!(Answered { item_id, person_id, person_name, verdict, remark, at, before_change });

impl Answered {
    /// All of a review, by the names of who said it.
    pub(super) async fn of(tx: &mut Tx<'_>, round: Id<Review>) -> Result<Vec<Answered>> {
        let select = sql!(
            "select a.item_id, a.person_id, p.name as person_name, a.verdict, a.remark, a.at,
                    coalesce(i.shown_at > a.at, false) as before_change
               from sprint_review_items i
               join sprint_review_answers a on a.workspace_id = i.workspace_id and a.item_id = i.id
               join people p on p.workspace_id = a.workspace_id and p.id = a.person_id
              where i.workspace_id = $1 and i.review_id = $2 order by p.sort_name, p.id"
        );
        tx.all(select, args![tx.workspace(), round]).await
    }
}

/// Accept what is shown of an issue, accept it with a remark, or do not accept it and say what is missing. One may say
/// something else until the review ends.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JudgeItem {
    pub item: Id<Item>,
    pub verdict: ReviewVerdict,
    /// The remark, or what is missing; needed unless it is simply accepted.
    #[serde(default)]
    pub remark: Line<1000>,
}

impl Operation for JudgeItem {
    const NAME: &str = "sprint_review.judge";
    const ROUTE: Route = Route(Post, "/sprint-review-items/{item}/answers");
    type Target = (Item, Part);
    type Output = Review;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Item::visible(tx, self.item).await
    }

    fn allows(_: &Actor, (_, part): &Self::Target) -> bool {
        part.takes_part
    }

    async fn run(&self, tx: &mut Tx<'_>, (item, part): Self::Target) -> Result<Review> {
        let (round, me, now) = (part.round, tx.me(), tx.now());
        round.still_runs()?;
        if item.presenter_id == Some(me) {
            return Err(Error::conflict(format!("You show {} yourself. The others say what they think.", item.key)));
        }
        let remark = match self.verdict {
            ReviewVerdict::Accepted => "",
            ReviewVerdict::Remark if self.remark.is_empty() => {
                return Err(Error::invalid("remark", "Write the remark, or accept it without one."));
            }
            ReviewVerdict::NotAccepted if self.remark.is_empty() => {
                return Err(Error::invalid("remark", "Say what is missing."));
            }
            _ => &self.remark,
        };
        let upsert = sql!(
            "insert into sprint_review_answers (workspace_id, item_id, person_id, verdict, remark, at)
             values ($1, $2, $3, $4, $5, $6)
             on conflict (workspace_id, item_id, person_id) do update set verdict = $4, remark = $5, at = $6"
        );
        tx.run(upsert, args![tx.workspace(), item.id, me, self.verdict, remark, now]).await?;
        advance::settle(tx, &round).await?;
        advance::advance(tx, round.id).await
    }
}
