use super::{Planning, PlanningPhase, advance::invite};
use crate::{
    refinement::participants,
    round::{Beginning, Round, eight, may_begin},
    sprint::{ShowSprint, Sprint, Stage},
    team::Kept,
};
use kernel::{Actor, Error, Id, Method::Post, Operation, Result, Route, Tx, args, json, sql};
use people::hours::fair_end;
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Cx, Flash, Form, Markup, Submitted};

/// Begin to plan a sprint in writing: everyone on the team proposes what it is to hold, and then consents or objects. What the
/// sprint holds already is proposed by whoever begins.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StartPlanning {
    pub sprint: Id<Sprint>,
    /// How many of their own working hours each person has in each phase; 8 if left out.
    #[serde(default = "eight")]
    pub hours: i64,
}

impl Operation for StartPlanning {
    const NAME: &str = "planning.start";
    const ROUTE: Route = Route(Post, "/sprints/{sprint}/plannings");
    type Target = (Sprint, Kept);
    type Output = Planning;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Sprint::kept(tx, self.sprint).await
    }

    fn allows(actor: &Actor, (_, kept): &Self::Target) -> bool {
        kept.may_change(actor) && !actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, (sprint, kept): Self::Target) -> Result<Planning> {
        self.check(tx, &sprint, &kept).await?;
        let people = participants(tx, sprint.team_id).await?;
        if people.is_empty() {
            return Err(Error::conflict("Nobody on this team has an account, so nobody would plan."));
        }
        let ends_at = fair_end(tx, &people, self.hours).await?;
        let risks = sprint.plan(tx).await?.risks;
        let (id, me, now, phase): (Id<Planning>, _, _, _) = (tx.id(), tx.me(), tx.now(), PlanningPhase::Proposals);
        let insert = sql!(
            "insert into plannings (workspace_id, id, sprint_id, hours, phase, ends_at, goal, risks, started_by, started_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
        );
        tx.run(insert, args![tx.workspace(), id, sprint.id, self.hours, phase, ends_at, sprint.goal, risks, me, now])
            .await?;
        for person in &people {
            let join = sql!("insert into planning_people (workspace_id, planning_id, person_id) values ($1, $2, $3)");
            tx.run(join, args![tx.workspace(), id, person]).await?;
        }
        for issue in sprint.issues(tx).await? {
            super::propose::insert(tx, id, issue.id, true, "In the sprint already").await?;
        }
        tx.record("planning.started", id, json!({ "name": sprint.name }));
        let round = Planning::visible(tx, id).await?;
        invite(tx, &round, people)?;
        tx.touch(sprint.id.to_string());
        Ok(round)
    }
}

impl StartPlanning {
    async fn check(&self, tx: &mut Tx<'_>, sprint: &Sprint, kept: &Kept) -> Result<()> {
        may_begin(kept, self.hours)?;
        if sprint.stage != Stage::Planned {
            return Err(Error::conflict("This sprint has begun already, so its plan is fixed."));
        }
        match Planning::of(tx, sprint.id).await?.iter().any(|round| round.ended_at.is_none()) {
            true => Err(Error::conflict("This sprint is being planned already.")),
            false => Ok(()),
        }
    }
}

const TITLE: &str = "Plan in writing";

/// `GET /sprints/{sprint}/plannings/new`
pub async fn new(cx: Cx) -> Answer {
    let body = view(&cx, &Form::of([("hours", "8".to_owned())])).await?;
    Ok(cx.page(TITLE, body))
}

/// `POST /sprints/{sprint}/plannings`
pub async fn save(form: Submitted) -> Answer {
    match form.submit::<StartPlanning>().await {
        Ok(round) => Ok(form.go(&round.href(), Flash::says("Begun. Everyone on the team is asked what they propose."))),
        Err(error) => {
            let state = form.refused(error)?;
            let body = view(&form.cx, &state).await?;
            Ok(form.again(TITLE, body))
        }
    }
}

async fn view(cx: &Cx, form: &Form) -> Result<Markup> {
    let view = cx.read_here::<ShowSprint>().await?;
    if !view.may_change {
        return Err(Error::Forbidden);
    }
    let beginning = Beginning {
        title: TITLE,
        lead: "Everyone proposes and says what they can take on; then everyone reads the draft and consents or objects. \
               Each of the two takes so many of everybody’s own working hours, or less if all have answered.",
        hours: "Of each person’s own, for the proposals and for the objections.",
        sprint: &view.sprint,
        place: "plannings",
    };
    Ok(beginning.form(cx, form, ui::html! {}))
}
