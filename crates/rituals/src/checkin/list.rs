use super::{Checkin, EntryState, ListEntries, OwnEntry, SELECT};
use crate::sharing::{named, teams};
use jiff::civil::Date;
use kernel::{Actor, Id, Method::Get, Operation, Result, Route, Team, Tx, args, columns, list as texts, sql};
use people::person::Named;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Head, Markup, chip, empty, html, icon};

/// The check-ins of the teams that one is on or leads.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListCheckins {}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "Checkins")]
pub struct Overviews {
    pub checkins: Vec<Overview>,
    /// The teams for which one can start another.
    pub teams: Vec<Named<Team>>,
}

/// A check-in in a list.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "CheckinOverview")]
pub struct Overview {
    pub checkin: Checkin,
    /// The last round that has begun for somebody.
    pub last: Option<Last>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "LastRound")]
pub struct Last {
    pub checkin_id: Id<Checkin>,
    pub id: Id<super::Round>,
    pub on_date: Date,
    pub open_blockers: i64,
}
columns!(Last { checkin_id, id, on_date, open_blockers });

impl Operation for ListCheckins {
    const NAME: &str = "checkin.list";
    const ROUTE: Route = Route(Get, "/checkins");
    const READS: bool = true;
    type Target = ();
    type Output = Overviews;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Overviews> {
        let teams = teams(tx).await?;
        let select = sql!(
            SELECT,
            "where c.workspace_id = $1 and c.team_id in (select value from json_each(cast($2 as text)))
              order by case when c.ended_at is null then 0 else 1 end, t.name, c.name, c.id limit 200"
        );
        let checkins: Vec<Checkin> = tx.all(select, args![tx.workspace(), texts(&teams)]).await?;
        let last = sql!(
            "select r.checkin_id, r.id, r.on_date,
                (select count(*) from checkin_blockers b
                   join checkin_entries e on e.workspace_id = b.workspace_id and e.id = b.entry_id
                  where b.workspace_id = r.workspace_id and e.round_id = r.id and b.solved_at is null) as open_blockers
               from checkin_rounds r
              where r.workspace_id = $1 and r.checkin_id in (select value from json_each(cast($2 as text)))
                and r.on_date = (select max(o.on_date) from checkin_rounds o
                    join checkin_entries e on e.workspace_id = o.workspace_id and e.round_id = o.id
                   where o.workspace_id = r.workspace_id and o.checkin_id = r.checkin_id and e.state in ('open', 'answered'))"
        );
        let mut last: Vec<Last> = tx.all(last, args![tx.workspace(), texts(checkins.iter().map(|one| one.id))]).await?;
        let with_last = |checkin: Checkin| {
            let at = last.iter().position(|last| last.checkin_id == checkin.id);
            Overview { last: at.map(|at| last.swap_remove(at)), checkin }
        };
        let checkins = checkins.into_iter().map(with_last).collect();
        Ok(Overviews { checkins, teams: named(tx, &teams).await? })
    }
}

/// `GET /check-ins`
pub async fn list(cx: Cx) -> Answer {
    let all = cx.read(ListCheckins {}).await?;
    let own = cx.read(ListEntries {}).await?;
    let actions = html! {
        a.button.primary href="/check-ins/new" data-key="c" data-key-label="Start a check-in" { "Start one" kbd { "C" } }
    };
    let lead = "Questions that come back to a team, at each person's own hour. Nobody counts who answers.";
    let open: Vec<&OwnEntry> = own.iter().filter(|one| one.state == EntryState::Open).take(8).collect();
    let (running, ended): (Vec<_>, Vec<_>) = all.checkins.iter().partition(|one| one.checkin.ended_at.is_none());
    let body = html! {
        (Head { title: "Check-ins", lead, actions: Some(actions), ..Head::default() }.show())
        div.stack {
            @if all.checkins.is_empty() {
                (empty("None of your teams has a check-in. A daily one takes the place of a stand-up: everyone answers in a minute when their day begins.", Some(("/check-ins/new", "Start one"))))
            }
            @if !open.is_empty() { (waiting(&cx, &open)) }
            @for (title, some) in [("Of your teams", running), ("Ended", ended)].iter().filter(|(_, some)| !some.is_empty()) {
                section.card { header { h2 { (title) } } ul.list.plain { @for one in some { (line(&cx, one)) } } }
            }
            (moods(&cx, &own))
        }
    };
    Ok(cx.live_page("Check-ins", &["checkin", "checkin_round"], body))
}

fn waiting(cx: &Cx, open: &[&OwnEntry]) -> Markup {
    html! {
        section.card #waiting { header { h2 { "For you to answer" } span.right.small.muted { "Late is fine" } }
            ul.list.plain { @for one in open {
                li id={ "entry-" (one.id) } {
                    div.what { p { a href={ "/check-ins/entries/" (one.id) } { (one.checkin_name) } }
                        p.small.muted { (ui::date(one.on_date, cx.today())) ", until " (ui::day_and_time(one.due_at, &cx.viewer.zone)) } }
                }
            } }
        }
    }
}

fn line(cx: &Cx, one: &Overview) -> Markup {
    let checkin = &one.checkin;
    html! {
        li id={ "checkin-" (checkin.id) } {
            div.what {
                p { a href={ "/check-ins/" (checkin.id) } { (checkin.name) } }
                p.small.muted { (checkin.team_name) ". " (checkin.rhythm()) }
            }
            div.row.wrap.end {
                @if let Some(last) = &one.last {
                    @if last.open_blockers > 0 { (chip("warn", &blockers(last.open_blockers))) }
                    a.button.small href={ "/check-ins/rounds/" (last.id) } { (ui::date(last.on_date, cx.today())) }
                }
            }
        }
    }
}

pub(super) fn blockers(count: i64) -> String {
    if count == 1 { "1 blocker".to_owned() } else { format!("{count} blockers") }
}

/// How one felt lately; only oneself sees this.
fn moods(cx: &Cx, own: &[OwnEntry]) -> Markup {
    let felt: Vec<(&OwnEntry, i64)> = own.iter().rev().filter_map(|one| Some((one, one.mood?))).collect();
    if felt.is_empty() {
        return html! {};
    }
    html! {
        section.card.private {
            header { (icon("lock")) h2 { "How you felt" } span.right.small { "Only you are shown this" } }
            ul.list.plain { @for (one, mood) in felt {
                li { div.what { p { (ui::date(one.on_date, cx.today())) } } span { (super::entry_page::mood_word(mood)) } }
            } }
        }
    }
}
