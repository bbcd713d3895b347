//! Planning in writing: a team proposes what a sprint is to hold, everyone reads the draft in their own hours and consents or
//! objects, and what stands is put into the sprint. Silence is no consent: the record says how many have not answered.
mod advance;
mod answer;
mod call_off;
mod cards;
mod commit;
mod draft;
mod forms;
mod list;
mod objection;
mod offer;
mod page;
mod propose;
pub(crate) mod records;
mod show;
mod start;
mod summary;
mod sweep;

pub use answer::{AnswerDraft, Stance};
pub use call_off::CallOffPlanning;
pub(crate) use call_off::forget;
pub use list::{ListPlannings, PlanningList};
pub use objection::{DecideAgainst, Objection, ObjectionOutcome};
pub use offer::SayOffer;
pub use propose::{Proposal, Propose, TakeBackProposal, WriteDraft};
pub use show::{Participant, PlanningView, Proposed, ShowPlanning};
pub use start::StartPlanning;
pub use sweep::{JOB, SCHEDULE};

use crate::{
    round::{Round, leads},
    sprint::Sprint,
    team::Kept,
};
use kernel::{Actor, Id, Person, Result, Team, Time, Tx, args, columns, sql, words};
use people::access::cares_for_people;
use schemars::JsonSchema;
use serde::Serialize;
use ui::Pages;

words! {
    /// Where a round of planning is.
    pub enum PlanningPhase {
        /// Everyone proposes issues and says what they can take on.
        Proposals = "proposals",
        /// Everyone reads the draft and consents or objects.
        Objections = "objections",
        /// The time is over, and objections are still open.
        Settling = "settling",
        Committed = "committed",
        CalledOff = "called_off",
    }
}

impl PlanningPhase {
    pub fn title(self) -> &'static str {
        match self {
            PlanningPhase::Proposals => "Proposals",
            PlanningPhase::Objections => "Objections",
            PlanningPhase::Settling => "Open objections",
            PlanningPhase::Committed => "Committed",
            PlanningPhase::CalledOff => "Called off",
        }
    }

    /// How its chip looks.
    fn look(self) -> &'static str {
        match self {
            PlanningPhase::Proposals | PlanningPhase::Objections => "info",
            PlanningPhase::Settling => "warn",
            PlanningPhase::Committed => "good",
            PlanningPhase::CalledOff => "line",
        }
    }
}

/// A round.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Planning {
    pub id: Id<Planning>,
    pub sprint_id: Id<Sprint>,
    pub sprint_name: String,
    pub team_id: Id<Team>,
    pub team_name: String,
    /// So many of their own working hours everyone has in each phase.
    pub hours: i64,
    pub phase: PlanningPhase,
    /// When the time of the phase is over.
    pub ends_at: Time,
    pub goal: String,
    /// In Markdown.
    pub risks: String,
    /// Grows with every change after the proposals.
    pub draft: i64,
    pub started_by: Id<Person>,
    pub started_by_name: String,
    pub started_at: Time,
    pub ended_at: Option<Time>,
    /// What came of it, in Markdown; empty until it has ended.
    pub summary: String,
    /// How many take part, and how many of them have answered to the draft as it is.
    pub people: i64,
    pub answered: i64,
    pub open_objections: i64,
}
columns!(Planning {
    id,
    sprint_id,
    sprint_name,
    team_id,
    team_name,
    hours,
    phase,
    ends_at,
    goal,
    risks,
    draft,
    started_by,
    started_by_name,
    started_at,
    ended_at,
    summary,
    people,
    answered,
    open_objections,
});

/// Every query that shows rounds, as `r`, begins with this.
const SELECT: &str = "
    select r.id, r.sprint_id, s.name as sprint_name, s.team_id, t.name as team_name, r.hours, r.phase, r.ends_at, r.goal,
           r.risks, r.draft, r.started_by, b.name as started_by_name, r.started_at, r.ended_at, r.summary,
           (select count(*) from planning_people p
             where p.workspace_id = r.workspace_id and p.planning_id = r.id) as people,
           (select count(*) from planning_people p
             where p.workspace_id = r.workspace_id and p.planning_id = r.id and p.draft = r.draft) as answered,
           (select count(*) from planning_objections o
             where o.workspace_id = r.workspace_id and o.planning_id = r.id and o.outcome is null) as open_objections
      from plannings r
      join sprints s on s.workspace_id = r.workspace_id and s.id = r.sprint_id
      join teams t on t.workspace_id = s.workspace_id and t.id = s.team_id
      join people b on b.workspace_id = r.workspace_id and b.id = r.started_by ";

/// The reach of every query that shows rounds, as `r`: colleagues see those of all teams, as they see the sprints.
const VISIBLE: &str = " r.workspace_id = $1 and $2 ";

/// A round and what the actor is to it.
pub struct Part {
    round: Planning,
    kept: Kept,
    /// Was asked at the start, and is still on the team.
    takes_part: bool,
}

impl Part {
    async fn visible(tx: &mut Tx<'_>, id: Id<Planning>) -> Result<Part> {
        let round = Planning::visible(tx, id).await?;
        let kept = Kept::visible(tx, round.team_id).await?;
        let asked =
            sql!("select 1 from planning_people where workspace_id = $1 and planning_id = $2 and person_id = $3");
        let asked = tx.exists(asked, args![tx.workspace(), id, tx.me()]).await?;
        Ok(Part { takes_part: asked && kept.member, round, kept })
    }

    /// Decides about objections and changes the draft once it is read: whoever began the round, and those who lead the team.
    fn leads(&self, actor: &Actor) -> bool {
        leads(actor, &self.kept, self.round.started_by)
    }

    /// Also whoever runs the workspace, where nobody leads the team any more.
    fn may_call_off(&self, actor: &Actor) -> bool {
        self.leads(actor) || (cares_for_people(actor) && !actor.is_system())
    }

    /// While issues are proposed, everyone who takes part writes the draft; later whoever leads.
    fn may_write(&self, actor: &Actor) -> bool {
        match self.round.phase {
            PlanningPhase::Proposals => self.takes_part || self.leads(actor),
            _ => self.leads(actor),
        }
    }
}

impl Planning {
    /// The round, if the actor can see it.
    pub(crate) async fn visible(tx: &mut Tx<'_>, id: Id<Planning>) -> Result<Planning> {
        let select = sql!(SELECT, "where", VISIBLE, "and r.id = $3");
        tx.one(select, args![tx.workspace(), tx.actor().belongs(), id]).await
    }

    /// The rounds of a sprint, the latest first.
    pub(crate) async fn of(tx: &mut Tx<'_>, sprint: Id<Sprint>) -> Result<Vec<Planning>> {
        let select =
            sql!(SELECT, "where", VISIBLE, "and r.sprint_id = $3 order by r.started_at desc, r.id desc limit 20");
        tx.all(select, args![tx.workspace(), tx.actor().belongs(), sprint]).await
    }
}

impl Round for Planning {
    const KIND: &'static str = "planning";

    fn key(&self) -> String {
        self.id.to_string()
    }

    fn title(&self) -> String {
        format!("Planning of {}", self.sprint_name)
    }

    fn team_name(&self) -> &str {
        &self.team_name
    }

    fn href(&self) -> String {
        format!("/plannings/{}", self.id)
    }

    fn ends_at(&self) -> Time {
        self.ends_at
    }

    fn ended_at(&self) -> Option<Time> {
        self.ended_at
    }

    fn mark(&self) -> (&'static str, &'static str) {
        (self.phase.look(), self.phase.title())
    }
}

pub fn pages() -> Pages {
    Pages::new()
        .get("/teams/{team}/plannings", list::page)
        .get("/sprints/{sprint}/plannings/new", start::new)
        .post("/sprints/{sprint}/plannings", start::save)
        .get("/plannings/{planning}", page::show)
        .get("/plannings/{planning}/record.md", page::save_as)
        .post("/plannings/{planning}/proposals", page::propose)
        .post("/planning-proposals/{proposal}/withdrawal", page::take_back)
        .post("/plannings/{planning}/draft", page::write)
        .post("/plannings/{planning}/offers", page::offer)
        .post("/plannings/{planning}/answers", page::answer)
        .post("/planning-objections/{objection}/decision", page::decide)
        .post("/plannings/{planning}/end", page::call_off)
}
