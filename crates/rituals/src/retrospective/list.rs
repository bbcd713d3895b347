use super::{Phase, Retrospective, SELECT};
use crate::sharing::{named, teams};
use kernel::{Actor, Method::Get, Operation, Result, Route, Team, Tx, args, list as texts, sql};
use people::person::Named;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Head, Markup, chip, empty, html};

/// The retrospectives of the teams that one is on or leads.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListRetrospectives {}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Retrospectives {
    /// The latest first, at most a hundred.
    pub retrospectives: Vec<Retrospective>,
    /// The teams for which one can start another.
    pub teams: Vec<Named<Team>>,
}

impl Operation for ListRetrospectives {
    const NAME: &str = "retrospective.list";
    const ROUTE: Route = Route(Get, "/retrospectives");
    const READS: bool = true;
    type Target = ();
    type Output = Retrospectives;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Retrospectives> {
        let teams = teams(tx).await?;
        let select = sql!(
            SELECT,
            "where r.workspace_id = $1 and r.team_id in (select value from json_each(cast($2 as text)))
              order by r.started_at desc, r.id limit 100"
        );
        let retrospectives = tx.all(select, args![tx.workspace(), texts(&teams)]).await?;
        Ok(Retrospectives { retrospectives, teams: named(tx, &teams).await? })
    }
}

/// `GET /retrospectives`
pub async fn list(cx: Cx) -> Answer {
    let all = cx.read(ListRetrospectives {}).await?.retrospectives;
    let actions = html! {
        a.button.primary href="/retrospectives/new" data-key="c" data-key-label="Look back together" { "Begin one" kbd { "C" } }
    };
    let lead = "Boards on which a team looks back, over days and in everyone's own hours.";
    let (running, done): (Vec<_>, Vec<_>) = all.iter().partition(|board| board.phase != Phase::Done);
    let body = html! {
        (Head { title: "Retrospectives", lead, actions: Some(actions), ..Head::default() }.show())
        div.stack {
            @if all.is_empty() {
                (empty("None of your teams has looked back here yet. Cards are written over a day or two, so that nobody has to be there at one hour.", Some(("/retrospectives/new", "Begin one"))))
            }
            @for (title, boards) in [("Now", running), ("Before", done)].iter().filter(|(_, boards)| !boards.is_empty()) {
                section.card { header { h2 { (title) } } ul.list.plain { @for board in boards { (line(&cx, board)) } } }
            }
        }
    };
    Ok(cx.live_page("Retrospectives", &["retrospective"], body))
}

fn line(cx: &Cx, board: &Retrospective) -> Markup {
    html! {
        li id={ "retrospective-" (board.id) } {
            div.what {
                p { a href=(board.place()) { (board.name) } }
                p.small.muted { (board.team_name) ". " (board.format.title()) @if board.anonymous { ", without names" } }
            }
            div.row.wrap.end {
                @match board.ended_at {
                    Some(at) => { (chip("", &ui::date(at.date(&cx.viewer.zone), cx.today()))) },
                    None => { (chip("info", board.phase.title()))
                        @if let Some(at) = board.phase_ends_at { span.small.muted { "until " (ui::day_and_time(at, &cx.viewer.zone)) } } },
                }
            }
        }
    }
}
