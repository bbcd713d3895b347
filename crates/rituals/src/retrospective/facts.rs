//! Facts beside opinions: what happened in the work of the team in the time at which a board looks back.
use super::{Board, Phase, Retrospective};
use crate::plain::plain;
use kernel::{Actor, Fact, Id, KeptAgreement, Method::Get, Operation, Result, Route, Time, Tx, args, columns, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{ops::Range, time::Duration};
use ui::{Cx, Markup, html, token};

const DAY: Duration = Duration::from_secs(24 * 3600);
/// If neither a sprint nor an earlier board says how far to look back.
const USUAL: u32 = 14;
const LONGEST: u32 = 60;
const SHOWN: usize = 20;
const MOST_AGREEMENTS: usize = 3;

/// What happened in the work of the team in the time at which a board looks back: of the latest sprint, else since the
/// board before, else of two weeks. Counts and titles of work, nothing of a person.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowFacts {
    pub retrospective: Id<Retrospective>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "RetrospectiveFacts")]
pub struct Facts {
    /// The sprint at which it looks back, if it is one.
    pub sprint: Option<String>,
    pub from: Time,
    pub to: Time,
    pub facts: Vec<Fact>,
    /// What the team agreed on and kept least, the least first; three at the most, and none that was always kept.
    pub agreements: Vec<KeptAgreement>,
}

impl Operation for ShowFacts {
    const NAME: &str = "retrospective.facts";
    const ROUTE: Route = Route(Get, "/retrospectives/{retrospective}/facts");
    const READS: bool = true;
    type Target = Retrospective;
    type Output = Facts;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Retrospective> {
        Retrospective::visible(tx, self.retrospective).await
    }

    fn allows(actor: &Actor, _: &Retrospective) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, board: Retrospective) -> Result<Facts> {
        of(tx, &board).await
    }
}

impl Facts {
    /// `12 issues finished, 1 incident`; nothing if nothing happened.
    pub fn in_words(&self) -> String {
        let counted: Vec<String> = self.facts.iter().filter(|fact| fact.count > 0).map(Fact::in_words).collect();
        counted.join(", ")
    }
}

pub(super) async fn of(tx: &mut Tx<'_>, board: &Retrospective) -> Result<Facts> {
    let (sprint, time) = span(tx, board).await?;
    let facts = tx.gather_within(board.team_id, time.clone(), |part| part.facts).await?;
    let mut agreements = tx.gather_within(board.team_id, time.clone(), |part| part.agreements).await?;
    agreements.sort_by_key(|one| (one.kept * 1_000 / one.of.max(1), one.kept - one.of));
    agreements.truncate(MOST_AGREEMENTS);
    Ok(Facts { sprint, from: time.start, to: time.end, facts, agreements })
}

struct Sprint {
    name: String,
    started_at: Time,
    closed_at: Option<Time>,
}
columns!(Sprint { name, started_at, closed_at });

async fn span(tx: &mut Tx<'_>, board: &Retrospective) -> Result<(Option<String>, Range<Time>)> {
    let began = board.started_at;
    let end = board.ended_at.unwrap_or(tx.now());
    let sprint = sql!(
        "select name, started_at, closed_at from work_public_sprints
          where workspace_id = $1 and team_id = $2 and started_at < $3 and (closed_at is null or closed_at >= $4)
          order by started_at desc, sprint_id limit 1"
    );
    let sprint: Option<Sprint> =
        tx.find(sprint, args![tx.workspace(), board.team_id, began, began - DAY * USUAL]).await?;
    if let Some(sprint) = sprint {
        let end = sprint.closed_at.unwrap_or(end);
        return Ok((Some(sprint.name), sprint.started_at..end));
    }
    let before =
        sql!("select max(started_at) from retrospectives where workspace_id = $1 and team_id = $2 and started_at < $3");
    let before: Option<Time> = tx.one(before, args![tx.workspace(), board.team_id, began]).await?;
    let from = before.filter(|at| *at >= began - DAY * LONGEST).unwrap_or(began - DAY * USUAL);
    Ok((None, from..began))
}

/// The counts, and behind them when what happened.
pub(super) fn card(cx: &Cx, view: &Board, facts: &Facts) -> Markup {
    let counted = facts.in_words();
    let mut all: Vec<_> =
        facts.facts.iter().flat_map(|fact| fact.latest.iter().map(move |one| (fact.one, one))).collect();
    all.sort_by_key(|(_, one)| std::cmp::Reverse(one.at));
    all.truncate(SHOWN);
    let zone = &cx.viewer.zone;
    let days = ui::date_range(facts.from.date(zone), facts.to.date(zone), cx.today());
    html! {
        section.card #facts {
            header { h2 { "What happened" } span.right.small.muted { @if let Some(sprint) = &facts.sprint { (sprint) ", " } (days) } }
            @if counted.is_empty() {
                div.body { p.muted { "Nothing that Cairn knows of: no issue was finished, nothing was merged or deployed, no incident began." } }
            } @else {
                div.body.stack.tight {
                    div { p { (counted) "." } p.small.muted { "Of the team's work, and of nobody alone." } }
                    details.fold { summary { "The latest, one by one" }
                        ul.list.plain { @for (kind, one) in all { li {
                            div.what { p { a href=(one.href) { (one.title) } } p.small.muted { (sentence(kind)) } }
                            span.small.muted.nowrap { (ui::date(one.at.date(zone), cx.today())) }
                        } } }
                    }
                }
            }
            @if !facts.agreements.is_empty() { (kept_least(cx, view, &facts.agreements)) }
        }
    }
}

/// Each can be put on the board as a card of whoever does it, while cards are written.
fn kept_least(cx: &Cx, view: &Board, agreements: &[KeptAgreement]) -> Markup {
    html! {
        div.body.stack.tight #agreements { h3 { "Agreements that were kept least" }
            @for one in agreements {
                div { p { a href=(one.href) { (one.sentence) } } p.small.muted { (sentence(&one.in_words())) "." } }
                @if view.retrospective.phase == Phase::Collect { (putting(cx, view, one)) }
            }
        }
    }
}

fn putting(cx: &Cx, view: &Board, one: &KeptAgreement) -> Markup {
    let board = &view.retrospective;
    let usual = view.columns.get(board.format.for_trouble()).or(view.columns.first()).map(|column| column.id);
    html! {
        form.row.wrap method="post" action={ (board.place()) "/cards" } {
            (token(cx)) input type="hidden" name="body" value={ (plain(&one.sentence)) ": " (one.in_words()) "." };
            div.field.w-s { select name="column" aria-label={ "Column for " (one.sentence) } { @for column in &view.columns {
                option value=(column.id) selected[usual == Some(column.id)] { (column.title) }
            } } }
            button.button.small aria-label={ "Put on the board: " (one.sentence) } { "Put on the board" }
        }
    }
}

/// `Issue finished`
fn sentence(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
}
