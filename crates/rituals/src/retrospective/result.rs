//! What came of a board: a document that is written when the board ends, and stays as it is.
use super::{Action, ActionState, Board, Facts, Retrospective, ShowBoard, facts};
use crate::plain::plain;
use axum::{http::header, response::IntoResponse};
use kernel::{Actor, Id, KeptAgreement, Method::Get, Operation, Result, Route, Time, Tx, args, columns, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::{Answer, Cx, Head, date_long, html, prose};

/// What came of a board that is done: what was decided, who promised what, and the topics with their votes. As it was when
/// the board ended; no author of a card stands in it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowOutcome {
    pub retrospective: Id<Retrospective>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "RetrospectiveOutcome")]
pub struct Outcome {
    pub retrospective_id: Id<Retrospective>,
    pub name: String,
    /// Markdown
    pub body: String,
    pub written_at: Time,
}
columns!(Outcome { retrospective_id, name, body, written_at });

impl Operation for ShowOutcome {
    const NAME: &str = "retrospective.outcome";
    const ROUTE: Route = Route(Get, "/retrospectives/{retrospective}/outcome");
    const READS: bool = true;
    type Target = Outcome;
    type Output = Outcome;

    /// `NotFound` as well while the board is not done.
    async fn target(&self, tx: &mut Tx<'_>) -> Result<Outcome> {
        let board = Retrospective::visible(tx, self.retrospective).await?;
        let select = sql!(
            "select o.retrospective_id, r.name, o.body, o.written_at from retrospective_results o
               join retrospectives r on r.workspace_id = o.workspace_id and r.id = o.retrospective_id
              where o.workspace_id = $1 and o.retrospective_id = $2"
        );
        tx.one(select, args![tx.workspace(), board.id]).await
    }

    fn allows(actor: &Actor, _: &Outcome) -> bool {
        actor.belongs()
    }

    async fn run(&self, _: &mut Tx<'_>, outcome: Outcome) -> Result<Outcome> {
        Ok(outcome)
    }
}

/// Writes it down for a board that has just ended.
pub(super) async fn keep(tx: &mut Tx<'_>, board: Retrospective) -> Result<()> {
    let id = board.id;
    let facts = facts::of(tx, &board).await?;
    let view = ShowBoard { retrospective: id }.run(tx, board).await?;
    let (body, now) = (markdown(&view, &facts), tx.now());
    let insert = sql!(
        "insert into retrospective_results (workspace_id, retrospective_id, body, written_at) values ($1, $2, $3, $4)"
    );
    tx.run(insert, args![tx.workspace(), id, body, now]).await?;
    Ok(())
}

fn markdown(view: &Board, facts: &Facts) -> String {
    let board = &view.retrospective;
    let mut text = format!("{}. {}.", plain(&board.team_name), board.format.title());
    if !board.about.is_empty() {
        text.push_str(&format!(" {}", plain(&board.about)));
    }
    text.push_str(&happened(facts));
    text.push_str(&decisions(view));
    text.push_str(&actions(view));
    text.push_str(&topics(view));
    text.push_str(&health(view));
    text.push('\n');
    text
}

fn happened(facts: &Facts) -> String {
    let counted = facts.in_words();
    let mut text = String::new();
    if !counted.is_empty() {
        text.push_str(&format!("\n\nIn the time at which it looked back: {counted}."));
    }
    if !facts.agreements.is_empty() {
        let line = |one: &KeptAgreement| format!("\n- {}: {}.", plain(&one.sentence), one.in_words());
        let lines: String = facts.agreements.iter().map(line).collect();
        text.push_str(&format!("\n\nAgreements that were kept least:\n{lines}"));
    }
    text
}

fn decisions(view: &Board) -> String {
    let decided = view.topics.iter().filter(|topic| !topic.outcome.trim().is_empty());
    let each = decided.map(|topic| format!("\n\n### {}\n\n{}", plain(&view.title(topic)), topic.outcome.trim()));
    let each: String = each.collect();
    let none = "\n\nNothing was written down as decided.";
    format!("\n\n## What was decided{}", if each.is_empty() { none } else { &each })
}

fn actions(view: &Board) -> String {
    if view.actions.is_empty() {
        return "\n\n## Promised\n\nNothing.".into();
    }
    let line = |action: &Action| {
        let by = action.due_on.map(|day| format!(", by {}", date_long(day))).unwrap_or_default();
        let state =
            if action.state == ActionState::Open { String::new() } else { format!(", {}", action.state.word()) };
        format!("\n- {}: **{}**{by}{state}", plain(&action.body), plain(&action.owner_name))
    };
    format!("\n\n## Promised\n{}", view.actions.iter().map(line).collect::<String>())
}

fn topics(view: &Board) -> String {
    let votes = |topic| view.votes_of(topic).and_then(|one| one.all).unwrap_or_default();
    let each = view.topics.iter().map(|topic| {
        let votes = if votes(topic) == 1 { "1 vote".to_owned() } else { format!("{} votes", votes(topic)) };
        let cards: Vec<_> = view.cards.iter().filter(|card| card.topic_id == Some(topic.id)).collect();
        match cards.as_slice() {
            [card] if topic.title.is_empty() => format!("\n- {votes}: {}", plain(&card.body)),
            cards => {
                let cards: String = cards.iter().map(|card| format!("\n  - {}", plain(&card.body))).collect();
                format!("\n- {votes}: **{}**{cards}", plain(&view.title(topic)))
            }
        }
    });
    let each: String = each.collect();
    if each.is_empty() { String::new() } else { format!("\n\n## Topics, those with the most votes first\n{each}") }
}

fn health(view: &Board) -> String {
    let own = view.means.iter().filter(|mean| mean.retrospective_id == view.retrospective.id);
    let each = own.map(|mean| {
        let (whole, tenths) = (mean.hundredths / 100, mean.hundredths % 100 / 10);
        format!("\n- {}: {whole}.{tenths} of 5, by {} people", plain(&mean.title), mean.people)
    });
    let each: String = each.collect();
    if each.is_empty() { String::new() } else { format!("\n\n## Health\n{each}") }
}

/// `GET /retrospectives/{retrospective}/result`
pub async fn show(cx: Cx) -> Answer {
    let outcome = cx.read_here::<ShowOutcome>().await?;
    let board = format!("/retrospectives/{}", outcome.retrospective_id);
    let title = format!("What came of {}", outcome.name);
    let written = ui::day_and_time(outcome.written_at, &cx.viewer.zone);
    let lead = format!("As the board ended it, {written}. Those who share the team's retrospectives can read it.");
    let actions = html! { a.button href={ (board) "/result.md" } download { "As Markdown" } };
    let body = html! {
        (Head { crumbs: vec![("/retrospectives", "Retrospectives"), (&board, &outcome.name)], title: &title, lead: &lead, actions: Some(actions), ..Head::default() }.show())
        section.card { div.body.prose { (prose(&outcome.body)) } }
    };
    Ok(cx.page(&title, body))
}

/// `GET /retrospectives/{retrospective}/result.md`
pub async fn text(cx: Cx) -> Answer {
    let outcome = cx.read_here::<ShowOutcome>().await?;
    let headers = [
        (header::CONTENT_TYPE, "text/markdown; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"retrospective.md\""),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    Ok((headers, format!("# {}\n\n{}", plain(&outcome.name), outcome.body)).into_response())
}
