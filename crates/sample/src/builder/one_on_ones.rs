use super::Builder;
use crate::{
    data::{self, What},
    history::By,
};
use jiff::civil;
use kernel::{Error, Id, Json, Result, Time, json};
use rituals::{
    one_on_one::{
        AddPoint, ClosePoint, DropPoint, HoldMeeting, MoveMeeting, OneOnOne, Point, ReplyToPoint, ShowOneOnOne,
        StartOneOnOne, WriteNotes,
    },
    promise::{KeepPromise, MakePromise, Promise, ReleasePromise},
};
use std::collections::BTreeMap;

/// What was begun so far, by the row of the file and the name of the turn.
#[derive(Default)]
pub struct OneOnOnes {
    pairs: BTreeMap<usize, Id<OneOnOne>>,
    points: BTreeMap<(usize, String), Id<Point>>,
    promises: BTreeMap<(usize, String), Id<Promise>>,
}

impl Builder<'_> {
    pub(super) async fn meet(
        &mut self,
        by: By<'_>,
        row: usize,
        pair: &data::OneOnOne,
        turn: &data::Exchange,
    ) -> Result<()> {
        match turn.what {
            What::Start => self.start(by, row, pair).await,
            What::Point | What::Answer | What::Close | What::Drop => self.on_point(by, row, turn).await,
            What::Promise | What::Keep | What::Release => self.on_promise(by, row, turn).await,
            What::Move => {
                let at = self.moment(by, turn)?;
                let input = json!({ "one_on_one": self.pair(row)?, "starts_at": at, "reason": turn.text });
                self.call::<MoveMeeting>(by, input).await.map(drop)
            }
            What::Hold => {
                let next = turn.to.map(|_| self.moment(by, turn)).transpose()?;
                let input = json!({ "one_on_one": self.pair(row)?, "how": turn.how, "next_at": next });
                self.call::<HoldMeeting>(by, input).await.map(drop)
            }
            What::Notes => {
                let shown = self.call::<ShowOneOnOne>(by, json!({ "one_on_one": self.pair(row)? })).await?;
                let next = shown.next().map(|meeting| meeting.id);
                let notes = shown.notes.iter().find(|notes| Some(notes.meeting_id) == next);
                let version = notes.map_or(0, |notes| notes.version);
                let input = json!({ "one_on_one": self.pair(row)?, "body": turn.text, "version": version });
                self.call::<WriteNotes>(by, input).await.map(drop)
            }
        }
    }

    async fn start(&mut self, by: By<'_>, row: usize, pair: &data::OneOnOne) -> Result<()> {
        let By::Person(me) = by else { return Err(Error::conflict("Somebody of the two begins.")) };
        let them = if pair.lead == me { &pair.other } else { &pair.lead };
        let input = json!({
            "person": self.person(them)?,
            "kind": pair.kind,
            "cadence": pair.cadence,
            "led_by_them": pair.lead != me,
        });
        let started = self.call::<StartOneOnOne>(by, input).await?;
        self.one_on_ones.pairs.insert(row, started.id);
        Ok(())
    }

    async fn on_point(&mut self, by: By<'_>, row: usize, turn: &data::Exchange) -> Result<()> {
        let key = (row, turn.name.clone());
        if turn.what == What::Point {
            let question = Some(&turn.how).filter(|key| !key.is_empty());
            let input = json!({ "one_on_one": self.pair(row)?, "body": turn.text, "question": question });
            let point = self.call::<AddPoint>(by, input).await?;
            self.one_on_ones.points.insert(key, point.id);
            return Ok(());
        }
        let point = found(self.one_on_ones.points.get(&key), &turn.name)?;
        match turn.what {
            What::Answer => self.call::<ReplyToPoint>(by, json!({ "point": point, "body": turn.text })).await.map(drop),
            What::Drop => self.call::<DropPoint>(by, json!({ "point": point, "reason": turn.text })).await.map(drop),
            _ => self.call::<ClosePoint>(by, json!({ "point": point })).await.map(drop),
        }
    }

    async fn on_promise(&mut self, by: By<'_>, row: usize, turn: &data::Exchange) -> Result<()> {
        let key = (row, turn.name.clone());
        if turn.what == What::Promise {
            let due_on = turn.to.map(|day| self.date(day));
            let owner = self.person(&turn.how)?;
            let input = json!({ "one_on_one": self.pair(row)?, "owner": owner, "body": turn.text, "due_on": due_on });
            let promise = self.call::<MakePromise>(by, input).await?;
            self.one_on_ones.promises.insert(key, promise.id);
            return Ok(());
        }
        let promise = found(self.one_on_ones.promises.get(&key), &turn.name)?;
        match turn.what {
            What::Release => {
                let input: Json = json!({ "promise": promise, "reason": turn.text });
                self.call::<ReleasePromise>(by, input).await.map(drop)
            }
            _ => self.call::<KeepPromise>(by, json!({ "promise": promise })).await.map(drop),
        }
    }

    fn pair(&self, row: usize) -> Result<Id<OneOnOne>> {
        found(self.one_on_ones.pairs.get(&row), "start")
    }

    /// The date of a turn, on the clock of whoever set it.
    fn moment(&self, by: By<'_>, turn: &data::Exchange) -> Result<Time> {
        let By::Person(me) = by else { return Err(Error::conflict("Somebody of the two sets a date.")) };
        let zone = self.data.person(me).map_or("UTC", |person| &person.zone);
        let zone = jiff::tz::TimeZone::get(zone).map_err(Error::internal)?;
        let hour = turn.hour.unwrap_or(civil::time(10, 0, 0, 0));
        let day = turn.to.ok_or_else(|| Error::conflict("A date has a day."))?;
        let zoned = self.date(day).to_datetime(hour).to_zoned(zone).map_err(Error::internal)?;
        Ok(zoned.timestamp().into())
    }
}

fn found<T>(id: Option<&Id<T>>, name: &str) -> Result<Id<T>> {
    id.copied().ok_or_else(|| Error::conflict(format!("`{name}` did not happen before.")))
}
