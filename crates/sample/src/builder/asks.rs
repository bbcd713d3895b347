use super::Builder;
use crate::{
    data::{self, How},
    history::By,
};
use ::asks::{
    Ask, DeclineAsks, FinishAsks, HandOnAsks, ListAsks, RaiseAsk, SettlePast, SnoozeAsks, WithdrawAsks, norms::SetNorms,
};
use kernel::{Error, Id, Person, Reference, Result, Silence, Time, json, parse};
use std::collections::BTreeMap;

/// What was asked so far.
#[derive(Default)]
pub struct Asks {
    /// By the row of the file and the one who owes it now.
    open: BTreeMap<(usize, Id<Person>), Id<Ask>>,
    /// When silence will mean something.
    silent: Vec<Time>,
}

impl Builder<'_> {
    /// Moves the clock on to a moment, and on the way there to each at which an ask lapses.
    pub(super) async fn pass_to(&mut self, at: Time) -> Result<()> {
        self.asks.silent.sort_unstable();
        let past = self.asks.silent.partition_point(|due_at| *due_at <= at);
        for due_at in self.asks.silent.drain(..past).collect::<Vec<_>>() {
            self.app.clock.set(due_at);
            self.call::<SettlePast>(By::System, json!({})).await?;
        }
        self.app.clock.set(at);
        Ok(())
    }

    /// Comes back to the present.
    pub async fn end(&mut self, present: Time) -> Result<()> {
        self.pass_to(present).await?;
        self.open_checkins().await?;
        self.call::<SettlePast>(By::System, json!({})).await
    }

    pub(super) async fn set_norms(&self, by: By<'_>, norms: &data::Norms) -> Result<()> {
        let mut input = json!({ "team": self.team(&norms.team)?, "quiet": norms.quiet, "body": norms.body });
        for (verb, due) in &norms.due {
            input[verb] = json!(due);
        }
        self.call::<SetNorms>(by, input).await.map(drop)
    }

    pub(super) async fn raise(&mut self, by: By<'_>, row: usize, ask: &data::Ask) -> Result<()> {
        let to = ask.to.iter().map(|key| self.person(key)).collect::<Result<Vec<_>>>()?;
        let input = json!({
            "to": to,
            "verb": ask.verb,
            "subject": ask.subject,
            "note": ask.note,
            "about": ask.about.as_deref().map(|words| self.record(words)).transpose()?,
            "due": ask.due,
            "silence": ask.silence,
            "escalate_to": ask.escalate_to.as_deref().map(|key| self.person(key)).transpose()?,
            "urgent": ask.urgent,
        });
        for raised in self.call::<RaiseAsk>(by, input).await? {
            if raised.silence != Silence::Nothing {
                self.asks.silent.push(raised.due_at);
            }
            self.asks.open.insert((row, raised.receiver_id), raised.id);
        }
        Ok(())
    }

    pub(super) async fn turn(&mut self, by: By<'_>, row: usize, turn: &data::Turn) -> Result<()> {
        let asks = match turn.how {
            How::Withdrawn => self.of_row(row),
            // In a week with holidays an ask may not have come to them by then.
            _ => match self.owed(by, row, self.person(&turn.by)?).await? {
                Some(ask) => vec![ask],
                None => return Ok(()),
            },
        };
        match turn.how {
            How::Withdrawn => self.call::<WithdrawAsks>(by, json!({ "asks": asks })).await.map(drop),
            How::Done => self.call::<FinishAsks>(by, json!({ "asks": asks, "outcome": turn.text })).await.map(drop),
            How::Declined => self.call::<DeclineAsks>(by, json!({ "asks": asks, "reason": turn.text })).await.map(drop),
            How::Snoozed => {
                let until = turn.until.map(|day| self.morning(day)).transpose()?;
                self.call::<SnoozeAsks>(by, json!({ "asks": asks, "until": until })).await.map(drop)
            }
            How::HandedOn => {
                let to = turn.to.as_deref().map(|key| self.person(key)).transpose()?;
                let owed = self.call::<HandOnAsks>(by, json!({ "asks": asks, "to": to, "note": turn.text })).await?;
                self.asks.open.extend(owed.iter().map(|ask| ((row, ask.receiver_id), ask.id)));
                Ok(())
            }
        }
    }

    fn of_row(&self, row: usize) -> Vec<Id<Ask>> {
        self.asks.open.iter().filter(|((of, _), _)| *of == row).map(|(_, ask)| *ask).collect()
    }

    /// What a person owes of a row: raised, handed on to them, or come to them because somebody else did not answer.
    async fn owed(&mut self, by: By<'_>, row: usize, me: Id<Person>) -> Result<Option<Id<Ask>>> {
        if let Some(ask) = self.asks.open.get(&(row, me)) {
            return Ok(Some(*ask));
        }
        let of_row = self.of_row(row);
        for pile in ["owe", "read"] {
            let list: ListAsks = parse(json!({ "pile": pile, "limit": 1000 }))?;
            let asks = self.app.call(&self.actor(by).await?, list).await?.asks;
            let found = asks.iter().find(|ask| ask.handed_from.is_some_and(|from| of_row.contains(&from)));
            if let Some(ask) = found {
                self.asks.open.insert((row, me), ask.id);
                return Ok(Some(ask.id));
            }
        }
        Ok(None)
    }

    pub(super) fn record(&self, words: &str) -> Result<Reference> {
        let unknown = || Error::conflict(format!("`{words}` names no record."));
        match words.split_whitespace().collect::<Vec<_>>()[..] {
            ["team", key] => Ok(Reference::to("team", self.team(key)?)),
            ["plan", key] => Ok(Reference::to("onboarding", self.plan_of(key)?)),
            ["leave", key, first] => {
                let first = first.parse::<i64>().map_err(|_| unknown())?;
                Ok(Reference::to("leave", self.leave.get(&(key, first)).ok_or_else(unknown)?))
            }
            _ => Err(unknown()),
        }
    }

    /// Eight in the morning, in UTC.
    fn morning(&self, day: i64) -> Result<Time> {
        let at = self.date(day).at(8, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).map_err(Error::internal)?;
        Ok(at.timestamp().into())
    }
}
