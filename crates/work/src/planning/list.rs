use super::{Planning, SELECT, VISIBLE};
use crate::team::Kept;
use kernel::{Actor, Id, Method::Get, Operation, Result, Route, Team, Tx, args, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Head, Markup, chip, empty, html, team_tabs};

/// The plannings of a team, the latest first.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListPlannings {
    pub team: Id<Team>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PlanningList {
    pub team_id: Id<Team>,
    pub team_name: String,
    /// At most 100.
    pub plannings: Vec<Planning>,
}

impl Operation for ListPlannings {
    const NAME: &str = "planning.list";
    const ROUTE: Route = Route(Get, "/teams/{team}/plannings");
    const READS: bool = true;
    type Target = Kept;
    type Output = PlanningList;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        Kept::visible(tx, self.team).await
    }

    fn allows(actor: &Actor, _: &Kept) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, kept: Kept) -> Result<PlanningList> {
        let select =
            sql!(SELECT, "where", VISIBLE, "and s.team_id = $3 order by r.started_at desc, r.id desc limit 100");
        let plannings = tx.all(select, args![tx.workspace(), tx.actor().belongs(), self.team]).await?;
        Ok(PlanningList { team_id: self.team, team_name: kept.team.name, plannings })
    }
}

/// `GET /teams/{team}/plannings`
pub async fn page(cx: Cx) -> Answer {
    let list = cx.read_here::<ListPlannings>().await?;
    let (home, sprints) = (format!("/teams/{}", list.team_id), format!("/teams/{}/sprints", list.team_id));
    let crumbs = vec![(home.as_str(), list.team_name.as_str()), (&sprints, "Sprints")];
    let lead = "What was proposed for a sprint, who consented, what was objected and decided.";
    let (running, ended): (Vec<_>, Vec<_>) = list.plannings.iter().partition(|round| round.ended_at.is_none());
    let body = html! {
        (Head { crumbs, title: "Planning", lead, ..Head::default() }.show())
        (team_tabs(&cx, list.team_id))
        div.stack {
            @if list.plannings.is_empty() {
                (empty("This team has planned no sprint in writing yet. It begins on the page of a sprint that has not begun.", Some((sprints.as_str(), "Sprints"))))
            }
            @for (title, rounds) in [("Now", running), ("Before", ended)].iter().filter(|(_, rounds)| !rounds.is_empty()) {
                section.card { header { h2 { (title) } } ul.list.plain { @for round in rounds { (line(&cx, round)) } } }
            }
        }
    };
    Ok(cx.live_page(&format!("Planning of {}", list.team_name), &["planning"], body))
}

/// A round in a list.
pub(crate) fn line(cx: &Cx, round: &Planning) -> Markup {
    html! {
        li id={ "planning-" (round.id) } {
            div.what {
                p { a href=(round.href()) { (round.title()) } }
                p.small.muted {
                    @match round.ended_at {
                        Some(at) => { "Ended on " (ui::date(at.date(&cx.viewer.zone), cx.today())) },
                        None => { "Until " (ui::day_and_time(round.ends_at, &cx.viewer.zone)) },
                    }
                }
            }
            (chip(round.phase.look(), round.phase.title()))
        }
    }
}
