use super::{
    Objection, Part, Planning, Proposal, Stance,
    draft::{Draft, standing},
};
use crate::{
    issue::Issue,
    sprint::{Capacity, Sprint},
};
use kernel::{Actor, Id, Method::Get, Operation, Person, Result, Route, Time, Tx, args, columns, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A planning with its draft, what everyone can take on, and what they say about it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowPlanning {
    pub planning: Id<Planning>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PlanningView {
    #[serde(flatten)]
    pub planning: Planning,
    /// The draft: what is to be taken in, and what is left out.
    pub taken: Vec<Proposed>,
    pub left_out: Vec<Proposed>,
    /// Every proposal, the first one first, those that were overruled or taken back as well.
    pub proposals: Vec<Proposal>,
    pub participants: Vec<Participant>,
    pub objections: Vec<Objection>,
    /// Who has how much time in the days of the sprint, from the calendars.
    pub capacity: Capacity,
    /// Whether the reader is asked.
    pub takes_part: bool,
    /// Whether the reader changes the draft now.
    pub may_write: bool,
    /// Whether the reader decides about objections.
    pub leads: bool,
    pub may_call_off: bool,
}

/// An issue of the draft, with the proposal that stands.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ProposedIssue")]
pub struct Proposed {
    pub issue: Issue,
    pub proposal: Proposal,
}

/// Somebody who takes part.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "PlanningParticipant")]
pub struct Participant {
    pub person_id: Id<Person>,
    pub person_name: String,
    pub photo: Option<String>,
    /// What they can take on; empty until they have said it.
    pub offer: String,
    pub stance: Option<Stance>,
    pub reason: String,
    pub answered_at: Option<Time>,
    /// Whether the answer was given to the draft as it is.
    pub current: bool,
}
columns!(Participant { person_id, person_name, photo, offer, stance, reason, answered_at, current });

impl Operation for ShowPlanning {
    const NAME: &str = "planning.show";
    const ROUTE: Route = Route(Get, "/plannings/{planning}");
    const READS: bool = true;
    type Target = Part;
    type Output = PlanningView;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Part> {
        Part::visible(tx, self.planning).await
    }

    fn allows(_: &Actor, _: &Part) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, part: Part) -> Result<PlanningView> {
        let (actor, id) = (tx.actor(), part.round.id);
        let proposals = Proposal::of(tx, id).await?;
        let draft = Draft::of(&proposals);
        let issues = Issue::with_ids(tx, &[&draft.taken[..], &draft.left[..]].concat()).await?;
        let with = |ids: &[Id<Issue>]| ids.iter().filter_map(|id| proposed(*id, &issues, &proposals)).collect();
        let sprint = Sprint::visible(tx, part.round.sprint_id).await?;
        Ok(PlanningView {
            taken: with(&draft.taken),
            left_out: with(&draft.left),
            participants: participants(tx, &part.round).await?,
            objections: Objection::of(tx, id).await?,
            capacity: sprint.capacity(tx).await?,
            takes_part: part.takes_part,
            may_write: part.may_write(actor),
            leads: part.leads(actor),
            may_call_off: part.may_call_off(actor),
            planning: part.round,
            proposals,
        })
    }
}

fn proposed(id: Id<Issue>, issues: &[Issue], proposals: &[Proposal]) -> Option<Proposed> {
    let issue = issues.iter().find(|issue| issue.id == id)?.clone();
    Some(Proposed { issue, proposal: standing(proposals, id)?.clone() })
}

/// Everyone who takes part, by name.
pub(super) async fn participants(tx: &mut Tx<'_>, round: &Planning) -> Result<Vec<Participant>> {
    let select = sql!(
        "select w.person_id, p.name as person_name, p.photo, w.offer, w.stance, w.reason, w.answered_at,
                coalesce(w.draft = $3, false) as current
           from planning_people w
           join people p on p.workspace_id = w.workspace_id and p.id = w.person_id
          where w.workspace_id = $1 and w.planning_id = $2 order by p.sort_name, p.id"
    );
    tx.all(select, args![tx.workspace(), round.id, round.draft]).await
}
