//! A review in writing of a sprint that is closed: what was finished is shown, and everyone who is asked says in their own
//! hours whether they accept it. Silence is no acceptance: the record says who has not answered.
mod advance;
mod answer;
mod cards;
mod end;
mod follow_up;
mod item;
mod list;
mod page;
pub(crate) mod records;
mod show;
mod start;
mod summary;
mod sweep;

pub use answer::{Answered, JudgeItem, ReviewVerdict};
pub use end::EndReview;
pub use follow_up::{FollowUp, FollowUpWay, FollowedUp};
pub use item::{Item, PresentItem};
pub use list::{ListReviews, ReviewList};
pub use show::{ItemView, ReviewView, Reviewer, ShowReview, Unfinished};
pub use start::StartReview;
pub use sweep::{JOB, SCHEDULE};

use crate::{
    round::{Round, leads},
    sprint::Sprint,
    team::Kept,
};
use kernel::{Actor, Id, Person, Result, Team, Time, Tx, args, columns, sql};
use schemars::JsonSchema;
use serde::Serialize;
use ui::Pages;

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "SprintReview")]
pub struct Review {
    pub id: Id<Review>,
    pub sprint_id: Id<Sprint>,
    pub sprint_name: String,
    pub team_id: Id<Team>,
    pub team_name: String,
    /// So many of their own working hours everyone has.
    pub hours: i64,
    pub ends_at: Time,
    pub started_by: Id<Person>,
    pub started_by_name: String,
    pub started_at: Time,
    pub ended_at: Option<Time>,
    /// What came of it, in Markdown; empty until it has ended.
    pub summary: String,
    /// How many issues there are to look at.
    pub items: i64,
    /// How many of them somebody does not accept.
    pub not_accepted: i64,
}
columns!(Review {
    id,
    sprint_id,
    sprint_name,
    team_id,
    team_name,
    hours,
    ends_at,
    started_by,
    started_by_name,
    started_at,
    ended_at,
    summary,
    items,
    not_accepted,
});

/// Every query that shows reviews, as `r`, begins with this.
const SELECT: &str = "
    select r.id, r.sprint_id, s.name as sprint_name, s.team_id, t.name as team_name, r.hours, r.ends_at, r.started_by,
           b.name as started_by_name, r.started_at, r.ended_at, r.summary,
           (select count(*) from sprint_review_items i
             where i.workspace_id = r.workspace_id and i.review_id = r.id) as items,
           (select count(distinct i.id) from sprint_review_items i
              join sprint_review_answers a on a.workspace_id = i.workspace_id and a.item_id = i.id
             where i.workspace_id = r.workspace_id and i.review_id = r.id and a.verdict = 'not_accepted') as not_accepted
      from sprint_reviews r
      join sprints s on s.workspace_id = r.workspace_id and s.id = r.sprint_id
      join teams t on t.workspace_id = s.workspace_id and t.id = s.team_id
      join people b on b.workspace_id = r.workspace_id and b.id = r.started_by ";

/// The reach of every query that shows reviews, as `r`: colleagues see those of all teams, as they see the sprints.
const VISIBLE: &str = " r.workspace_id = $1 and $2 ";

/// A review and what the actor is to it.
pub struct Part {
    round: Review,
    kept: Kept,
    /// Was asked at the start.
    takes_part: bool,
}

impl Part {
    async fn visible(tx: &mut Tx<'_>, id: Id<Review>) -> Result<Part> {
        let round = Review::visible(tx, id).await?;
        let kept = Kept::visible(tx, round.team_id).await?;
        let asked =
            sql!("select 1 from sprint_review_people where workspace_id = $1 and review_id = $2 and person_id = $3");
        let takes_part = tx.exists(asked, args![tx.workspace(), id, tx.me()]).await?;
        Ok(Part { round, kept, takes_part })
    }

    fn leads(&self, actor: &Actor) -> bool {
        leads(actor, &self.kept, self.round.started_by)
    }

    /// Writes what is shown: the team, whoever leads, and whoever shows it.
    fn may_show(&self, actor: &Actor, item: &Item) -> bool {
        let own = self.takes_part && (self.kept.member || item.presenter_id == Some(actor.person));
        own || self.leads(actor)
    }

    /// What was not accepted becomes work of the team.
    fn may_follow_up(&self, actor: &Actor) -> bool {
        self.kept.may_change(actor) && !actor.is_system()
    }
}

impl Review {
    /// The review, if the actor can see it.
    pub(crate) async fn visible(tx: &mut Tx<'_>, id: Id<Review>) -> Result<Review> {
        let select = sql!(SELECT, "where", VISIBLE, "and r.id = $3");
        tx.one(select, args![tx.workspace(), tx.actor().belongs(), id]).await
    }

    /// Those of a sprint, the latest first.
    pub(crate) async fn of(tx: &mut Tx<'_>, sprint: Id<Sprint>) -> Result<Vec<Review>> {
        let select =
            sql!(SELECT, "where", VISIBLE, "and r.sprint_id = $3 order by r.started_at desc, r.id desc limit 20");
        tx.all(select, args![tx.workspace(), tx.actor().belongs(), sprint]).await
    }
}

impl Round for Review {
    const KIND: &'static str = "sprint_review";

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn title(&self) -> String {
        format!("Review of {}", self.sprint_name)
    }

    fn team_name(&self) -> &str {
        &self.team_name
    }

    fn href(&self) -> String {
        format!("/sprint-reviews/{}", self.id)
    }

    fn ends_at(&self) -> Time {
        self.ends_at
    }

    fn ended_at(&self) -> Option<Time> {
        self.ended_at
    }

    fn mark(&self) -> (&'static str, &'static str) {
        match self.ended_at {
            None => ("info", "Running"),
            Some(_) if self.not_accepted > 0 => ("warn", "Not all accepted"),
            Some(_) => ("good", "Ended"),
        }
    }
}

pub fn pages() -> Pages {
    Pages::new()
        .get("/teams/{team}/sprint-reviews", list::page)
        .get("/sprints/{sprint}/reviews/new", start::new)
        .post("/sprints/{sprint}/reviews", start::save)
        .get("/sprint-reviews/{review}", page::show)
        .get("/sprint-reviews/{review}/record.md", page::save_as)
        .post("/sprint-reviews/{review}/end", page::end)
        .post("/sprint-review-items/{item}/answers", page::judge)
        .post("/sprint-review-items/{item}/follow-up", page::follow_up)
        .merge(item::pages())
}
