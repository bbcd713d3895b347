use super::{Refinement, SELECT, VISIBLE};
use crate::team::Kept;
use kernel::{Actor, Id, Method::Get, Operation, Result, Route, Team, Tx, args, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Head, Markup, chip, empty, html, team_tabs};

/// The rounds of a team, the latest first.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListRefinements {
    pub team: Id<Team>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RefinementList {
    pub team_id: Id<Team>,
    pub team_name: String,
    /// At most 100.
    pub refinements: Vec<Refinement>,
    /// Whether the reader begins rounds of this team.
    pub may_start: bool,
}

impl Operation for ListRefinements {
    const NAME: &str = "refinement.list";
    const ROUTE: Route = Route(Get, "/teams/{team}/refinements");
    const READS: bool = true;
    type Target = Kept;
    type Output = RefinementList;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        Kept::visible(tx, self.team).await
    }

    fn allows(actor: &Actor, _: &Kept) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, kept: Kept) -> Result<RefinementList> {
        let select =
            sql!(SELECT, "where", VISIBLE, "and r.team_id = $3 order by r.started_at desc, r.id desc limit 100");
        Ok(RefinementList {
            team_id: self.team,
            refinements: tx.all(select, args![tx.workspace(), tx.actor().belongs(), self.team]).await?,
            may_start: kept.may_change(tx.actor()) && !tx.actor().is_system(),
            team_name: kept.team.name,
        })
    }
}

/// `GET /teams/{team}/refinements`
pub async fn page(cx: Cx) -> Answer {
    let list = cx.read_here::<ListRefinements>().await?;
    let (home, sprints) = (format!("/teams/{}", list.team_id), format!("/teams/{}/sprints", list.team_id));
    let new = format!("{home}/refinements/new");
    let actions = html! { @if list.may_start {
        a.button.primary href=(new) data-key="n" data-key-label="Refine issues" { "Refine issues" kbd { "N" } }
    } };
    let crumbs = vec![(home.as_str(), list.team_name.as_str()), (&sprints, "Sprints")];
    let lead = "What the team has asked about its issues, how large it thinks they are, and what is ready to be begun.";
    let (running, ended): (Vec<_>, Vec<_>) = list.refinements.iter().partition(|round| round.ended_at.is_none());
    let body = html! {
        (Head { crumbs, title: "Refinement", lead, actions: Some(actions), ..Head::default() }.show())
        (team_tabs(&cx, list.team_id))
        div.stack {
            @if list.refinements.is_empty() {
                (empty("This team has refined nothing here yet. In a round everyone estimates on their own, so that nobody has to be there at one hour.",
                    list.may_start.then_some((new.as_str(), "Refine issues"))))
            }
            @for (title, rounds) in [("Now", running), ("Before", ended)].iter().filter(|(_, rounds)| !rounds.is_empty()) {
                section.card { header { h2 { (title) } } ul.list.plain { @for round in rounds { (line(&cx, round)) } } }
            }
        }
    };
    Ok(cx.live_page(&format!("Refinement of {}", list.team_name), &["refinement"], body))
}

fn line(cx: &Cx, round: &Refinement) -> Markup {
    html! {
        li id={ "refinement-" (round.id) } {
            div.what {
                p { a href=(round.href()) { (round.name) } }
                p.small.muted { (round.settled) " of " (round.issues) " settled" }
            }
            @match round.ended_at {
                Some(at) => (chip("", &ui::date(at.date(&cx.viewer.zone), cx.today()))),
                None => (chip("info", &format!("until {}", ui::day_and_time(round.ends_at, &cx.viewer.zone)))),
            }
        }
    }
}
