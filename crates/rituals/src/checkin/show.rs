use super::{Checkin, EntryState, Question, ROUND_SELECT, Round, questions};
use kernel::{Actor, Id, Method::Get, Operation, Result, Route, Tx, args, columns, list as texts, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Head, Markup, chip, html};

/// A check-in with its questions and its last rounds.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowCheckin {
    pub checkin: Id<Checkin>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CheckinView {
    pub checkin: Checkin,
    /// In their order, those that are not asked any more at the end.
    pub questions: Vec<Question>,
    /// The latest first, at most sixty.
    pub rounds: Vec<PastRound>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PastRound {
    pub round: Round,
    pub open_blockers: i64,
    /// It has opened for somebody.
    pub begun: bool,
}

struct Counted {
    round_id: Id<Round>,
    open_blockers: i64,
    begun: i64,
}
columns!(Counted { round_id, open_blockers, begun });

impl Operation for ShowCheckin {
    const NAME: &str = "checkin.show";
    const ROUTE: Route = Route(Get, "/checkins/{checkin}");
    const READS: bool = true;
    type Target = Checkin;
    type Output = CheckinView;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Checkin> {
        Checkin::visible(tx, self.checkin).await
    }

    fn allows(actor: &Actor, _: &Checkin) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, checkin: Checkin) -> Result<CheckinView> {
        let select = sql!(
            ROUND_SELECT,
            "where r.workspace_id = $1 and r.checkin_id = $2 order by r.on_date desc, r.id limit 60"
        );
        let rounds: Vec<Round> = tx.all(select, args![tx.workspace(), checkin.id]).await?;
        let count = sql!(
            "select e.round_id, count(b.id) as open_blockers,
                    count(case when e.state in ('open', 'answered') then 1 end) as begun
               from checkin_entries e
               left join checkin_blockers b
                    on b.workspace_id = e.workspace_id and b.entry_id = e.id and b.solved_at is null
              where e.workspace_id = $1 and e.round_id in (select value from json_each(cast($2 as text)))
              group by e.round_id"
        );
        let counted: Vec<Counted> =
            tx.all(count, args![tx.workspace(), texts(rounds.iter().map(|round| round.id))]).await?;
        let with_count = |round: Round| {
            let found = counted.iter().find(|one| one.round_id == round.id);
            PastRound {
                open_blockers: found.map_or(0, |one| one.open_blockers),
                begun: found.is_some_and(|one| one.begun > 0),
                round,
            }
        };
        let rounds = rounds.into_iter().map(with_count).collect();
        Ok(CheckinView { questions: questions(tx, checkin.id).await?, rounds, checkin })
    }
}

/// `GET /check-ins/{checkin}`
pub async fn show(cx: Cx) -> Answer {
    let view = cx.read_here::<ShowCheckin>().await?;
    let checkin = &view.checkin;
    let lead = format!("{}. {}.", checkin.team_name, checkin.rhythm());
    let actions = html! { a.button.quiet href={ "/check-ins/" (checkin.id) "/settings" } { "How it comes" } };
    let body = html! {
        (Head { crumbs: vec![("/check-ins", "Check-ins")], title: &checkin.name, lead: &lead, actions: Some(actions), ..Head::default() }.show())
        div.stack {
            @if checkin.ended_at.is_some() { div.ask { p.grow { strong { "This check-in has ended." } " What was answered stays." } } }
            section.card { header { h2 { "What it asks" } }
                ul.list.plain { @for question in view.questions.iter().filter(|one| !one.dropped) { li { div.what { p { (question.words) } } } }
                    li { div.what { p.muted { "And what is in the way." } } } } }
            (rounds(&cx, &view))
        }
    };
    Ok(cx.live_page(&checkin.name, &[&checkin.id.to_string(), "checkin_round"], body))
}

fn rounds(cx: &Cx, view: &CheckinView) -> Markup {
    let begun: Vec<&PastRound> = view.rounds.iter().filter(|one| one.begun).collect();
    html! {
        section.card #rounds { header { h2 { "Roll-ups" } }
            @if begun.is_empty() { div.body { p.muted { "None yet. The first one opens at " (view.checkin.opens().strftime("%H:%M").to_string()) " of each person's next day of it." } } }
            @else { ul.list.plain { @for one in begun {
                li id={ "round-" (one.round.id) } {
                    div.what { p { a href=(one.round.place()) { (ui::date(one.round.on_date, cx.today())) } } }
                    div.row.wrap.end {
                        @if one.open_blockers > 0 { (chip("warn", &super::list::blockers(one.open_blockers))) }
                        @if one.round.closed_at.is_none() { (chip("info", "Open")) }
                    }
                }
            } } }
        }
    }
}

impl EntryState {
    /// As the roll-up says it of somebody who has not answered; nothing for those who have.
    pub(super) fn title(self) -> &'static str {
        match self {
            EntryState::Waiting => "Not yet their hour",
            EntryState::Open => "Nothing yet",
            EntryState::Answered => "",
            EntryState::Away => "Away",
        }
    }
}
