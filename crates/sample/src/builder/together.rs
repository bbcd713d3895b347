use super::Builder;
use crate::{
    data::together::{Answer, Board, BoardStep, Checkin, HandOver, OnBoard},
    history::By,
};
use asks::SettlePast;
use kernel::{Error, Id, Json, Result, json};
use rituals::{
    checkin::{self, AnswerCheckin, EntryState, ListEntries, PassTime, ShowEntry, StartCheckin},
    hand_over::WriteHandOver,
    retrospective::{
        self, AddAction, AddCard, ConcludeTopic, JoinTopic, MoveOn, Retrospective, ShowBoard, StartRetrospective,
        VoteForTopic,
    },
};
use std::collections::BTreeMap;

/// What teams have begun so far, by the row of the file.
#[derive(Default)]
pub struct Together {
    checkins: BTreeMap<usize, Id<checkin::Checkin>>,
    boards: BTreeMap<usize, Id<Retrospective>>,
}

impl Builder<'_> {
    pub(super) async fn check_in(&mut self, by: By<'_>, row: usize, one: &Checkin) -> Result<()> {
        let input = json!({
            "team": self.team(&one.team)?, "name": one.name, "days": one.days, "opens": one.opens, "hours": one.hours,
            "goals": one.goals, "questions": one.questions, "proposes_work": true,
        });
        let started = self.call::<StartCheckin>(by, input).await?;
        self.together.checkins.insert(row, started.id);
        Ok(())
    }

    /// Opens what is due by now, and brings the asks about it to their inboxes.
    pub(super) async fn open_checkins(&self) -> Result<()> {
        self.call::<PassTime>(By::System, json!({})).await?;
        self.call::<SettlePast>(By::System, json!({})).await
    }

    pub(super) async fn answer_checkin(&mut self, by: By<'_>, row: usize, said: &Answer) -> Result<()> {
        self.open_checkins().await?;
        let checkin = self.together.checkins.get(&row);
        let own = self.call::<ListEntries>(by, json!({})).await?;
        let open = own.iter().find(|one| Some(&one.checkin_id) == checkin && one.state == EntryState::Open);
        // On a public holiday of theirs they are asked nothing.
        let Some(entry) = open.map(|one| one.id) else { return Ok(()) };
        let view = self.call::<ShowEntry>(by, json!({ "entry": entry })).await?;
        let texts = view.questions.iter().zip(&said.texts);
        let answers: Vec<Json> =
            texts.map(|(question, body)| json!({ "question": question.id, "body": body, "goal": said.goal })).collect();
        let asked = said.ask.as_deref().map(|key| self.person(key)).transpose()?;
        let blockers: Vec<Json> = said.blocker.iter().map(|body| json!({ "body": body, "ask": asked })).collect();
        let input = json!({ "entry": entry, "answers": answers, "blockers": blockers });
        self.call::<AnswerCheckin>(by, input).await?;
        self.call::<SettlePast>(By::System, json!({})).await
    }

    pub(super) async fn look_back(&mut self, by: By<'_>, row: usize, board: &Board) -> Result<()> {
        let input = json!({
            "team": self.team(&board.team)?, "name": board.name, "about": board.about, "format": board.format,
            "anonymous": board.anonymous, "hours": 16,
        });
        let started = self.call::<StartRetrospective>(by, input).await?;
        self.together.boards.insert(row, started.id);
        self.call::<SettlePast>(By::System, json!({})).await
    }

    pub(super) async fn hand_over(&mut self, by: By<'_>, one: &HandOver) -> Result<()> {
        let input = json!({ "team": self.team(&one.team)?, "body": one.body });
        self.call::<WriteHandOver>(by, input).await?;
        self.call::<SettlePast>(By::System, json!({})).await
    }

    pub(super) async fn on_board(&mut self, by: By<'_>, row: usize, step: &BoardStep) -> Result<()> {
        let missing = || Error::conflict("This board was not begun before.");
        let board = *self.together.boards.get(&row).ok_or_else(missing)?;
        let view = self.call::<ShowBoard>(by, json!({ "retrospective": board })).await?;
        match step.what {
            OnBoard::Card => {
                let column = view.columns.get(step.column).map(|column| column.id);
                let input = json!({ "retrospective": board, "column": column, "body": step.text });
                self.call::<AddCard>(by, input).await?;
            }
            OnBoard::Next => {
                let input = json!({ "retrospective": board, "phase": step.text });
                self.call::<MoveOn>(by, input).await?;
            }
            OnBoard::Join => {
                let input = json!({ "card": card(&view, &step.text)?.id, "topic": card(&view, &step.to)?.topic_id });
                self.call::<JoinTopic>(by, input).await?;
            }
            OnBoard::Vote => {
                let input = json!({ "topic": card(&view, &step.text)?.topic_id, "votes": step.votes });
                self.call::<VoteForTopic>(by, input).await?;
            }
            OnBoard::Decide => {
                let input = json!({ "topic": card(&view, &step.text)?.topic_id, "outcome": step.to });
                self.call::<ConcludeTopic>(by, input).await?;
            }
            OnBoard::Promise => {
                let input = json!({ "retrospective": board, "body": step.text, "owner": self.person(&step.to)? });
                self.call::<AddAction>(by, input).await?;
            }
        }
        self.call::<SettlePast>(By::System, json!({})).await
    }
}

fn card<'a>(view: &'a retrospective::Board, words: &str) -> Result<&'a retrospective::Card> {
    let found = view.cards.iter().find(|card| card.body == words);
    found.ok_or_else(|| Error::conflict(format!("No card says `{words}`.")))
}
