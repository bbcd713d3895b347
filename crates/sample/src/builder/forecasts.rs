use super::Builder;
use crate::{data, history::By, scale::random::Random};
use forecasting::{
    commitment::{AddCommitment, AddPart, RecountPart},
    history::ImportFinishes,
    log::KeepPast,
};
use kernel::{Error, Result, json};

impl<'a> Builder<'a> {
    /// Brings what was finished before that day, and lets Cairn forecast from it.
    pub(super) async fn import_finishes(&self, by: By<'_>, day: i64, finishes: &data::Finishes) -> Result<()> {
        let dates = self.dates(finishes).into_iter().filter(|finished| *finished < day);
        let lines: Vec<String> = dates.map(|finished| self.date(finished).to_string()).collect();
        let input = json!({
            "team": self.team(&finishes.team)?, "name": finishes.name, "file": lines.join("\n"),
            "complete_until": self.date(day - 1),
        });
        self.call::<ImportFinishes>(by, input).await?;
        self.call::<KeepPast>(By::System, json!({})).await
    }

    pub(super) async fn promise(&mut self, by: By<'_>, promise: &'a data::Commitment) -> Result<()> {
        let below = promise.below.as_ref().map(|slug| self.issue(slug)).transpose()?.map(|issue| &issue.key);
        let input = json!({
            "name": promise.name, "team": self.team(&promise.team)?, "promised_on": self.date(promise.due),
            "promised_to": promise.to, "note": promise.note, "items": promise.items, "below": below,
            "focus": promise.focus,
        });
        let added = self.call::<AddCommitment>(by, input).await?;
        for part in &promise.parts {
            let input = json!({
                "commitment": added.id, "team": self.team(&part.team)?, "name": part.name, "items": part.items,
                "focus": part.focus, "waits_for": part.waits_for,
            });
            self.call::<AddPart>(by, input).await?;
        }
        self.commitments.insert(&promise.name, added.id);
        Ok(())
    }

    pub(super) async fn recount(&self, by: By<'_>, promise: &data::Commitment, recount: &data::Recount) -> Result<()> {
        let promised = self.commitments.get(promise.name.as_str());
        let id = promised.ok_or_else(|| Error::conflict("This was not promised before."))?;
        self.call::<RecountPart>(by, json!({ "commitment": id, "rank": 1, "items": recount.items })).await.map(drop)
    }

    /// The working days on which the items were finished, by chance around the pace of the time and the number of members;
    /// day 0 is a Tuesday. Like those of real teams they come in bursts, and the level wanders: a month is about like the
    /// one before.
    fn dates(&self, finishes: &data::Finishes) -> Vec<i64> {
        let mut random = Random::new(finishes.since.unsigned_abs());
        let span = (-finishes.since).div_euclid(finishes.paces.len().max(1) as i64).max(1);
        let (mut dates, mut month, mut week) = (Vec::new(), LEVEL, LEVEL);
        let everyone: u64 = (finishes.since..0).map(|day| self.members(&finishes.team, day)).sum();
        let days = finishes.since.unsigned_abs();
        for day in finishes.since..0 {
            if (day - finishes.since) % 28 == 0 {
                month = (month + random.below(7)).saturating_sub(3).clamp(5, 18);
            }
            if day.rem_euclid(7) == 6 {
                week = 5 + random.below(11);
            }
            if matches!(day.rem_euclid(7), 4 | 5) {
                continue;
            }
            let place = usize::try_from((day - finishes.since) / span).unwrap_or(0).min(finishes.paces.len() - 1);
            // Eight tries on each of five days, each with a fortieth of the week's pace at the usual level.
            let chance = u64::from(finishes.paces[place]) * month * week * self.members(&finishes.team, day) * days;
            let tries = (0..8).filter(|_| random.below(40 * LEVEL * LEVEL * everyone.max(1)) < chance);
            dates.extend(tries.map(|_| day));
        }
        dates
    }

    fn members(&self, team: &str, day: i64) -> u64 {
        let of = self.data.memberships.iter().filter(|(_, one)| one.team == team);
        of.filter(|(_, one)| one.from <= day && one.until.is_none_or(|last| last >= day)).count() as u64
    }
}

/// The usual level of a month and of a week.
const LEVEL: u64 = 10;
