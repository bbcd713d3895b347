//! Times at which two could talk: inside the hours of both, or else outside of those of the one whose turn it is. Nobody is
//! asked before seven or after ten at night where they are, or on a day on which they do not work.
#[cfg(test)]
mod tests;

use jiff::{
    SignedDuration,
    civil::{self, Date},
};
use kernel::{
    Time,
    calendar::{Calendar, Span},
};
use std::time::Duration;

/// Two people who want to talk, in an order that stays.
pub(super) struct Two<'a> {
    pub calendars: [&'a Calendar; 2],
    /// When they have other dates, in any order.
    pub busy: [&'a [Span]; 2],
    pub minutes: i64,
    /// How many minutes of their calls were outside of the hours of each.
    pub carried: [i64; 2],
}

/// A time, and how many minutes of it each of the two is outside of their hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Slot {
    pub start: Time,
    pub outside: [i64; 2],
    /// By how many minutes it misses the hours of whoever is outside.
    far: i64,
}

const STEP: i64 = 30 * 60 * 1_000_000;
const MINUTE: i64 = 60 * 1_000_000;
const EARLIEST: civil::Time = civil::time(7, 0, 0, 0);
const LATEST: civil::Time = civil::time(22, 0, 0, 0);
const A_DAY: Duration = Duration::from_secs(24 * 3600);
/// So many are proposed on one date.
const ON_A_DATE: usize = 2;

impl Two<'_> {
    /// The best times that begin in this stretch, the best first, at most `most`. Where there are times inside of the hours of
    /// both, there are no others among them.
    pub fn slots(&self, from: Time, to: Time, most: usize) -> Vec<Slot> {
        let all = self.possible(from, to);
        let first = self.turn();
        let kinds: [fn(&Slot, usize) -> bool; 4] = [
            |slot, _| slot.outside == [0, 0],
            |slot, turn| slot.outside[1 - turn] == 0,
            |slot, turn| slot.outside[turn] == 0,
            |_, _| true,
        ];
        let of_kind = |kind: &fn(&Slot, usize) -> bool| -> Vec<Slot> {
            all.iter().copied().filter(|slot| kind(slot, first)).collect()
        };
        let mut best = kinds.iter().map(of_kind).find(|found| !found.is_empty()).unwrap_or_default();
        best.sort_by_key(|slot| (slot.far, slot.start));
        let mut chosen: Vec<Slot> = Vec::new();
        for slot in best {
            let date = self.date(0, slot.start);
            if chosen.len() < most && chosen.iter().filter(|one| self.date(0, one.start) == date).count() < ON_A_DATE {
                chosen.push(slot);
            }
        }
        chosen
    }

    /// Who is outside of their hours next, if somebody has to be: the one who carried less of it, and at first the first.
    pub fn turn(&self) -> usize {
        usize::from(self.carried[1] < self.carried[0])
    }

    fn possible(&self, from: Time, to: Time) -> Vec<Slot> {
        let working: [Vec<Span>; 2] =
            self.calendars.map(|calendar| calendar.working(from - A_DAY, to + A_DAY).collect());
        let first = (from.0 + STEP - 1).div_euclid(STEP);
        let starts = (first..).map(|step| Time(step * STEP)).take_while(|start| *start < to);
        starts.filter_map(|start| self.slot(start, &working)).collect()
    }

    fn slot(&self, start: Time, working: &[Vec<Span>; 2]) -> Option<Slot> {
        let span = Span { start, end: Time(start.0 + self.minutes * MINUTE) };
        let (mut outside, mut far) = ([0; 2], 0);
        for who in 0..2 {
            if self.busy[who].iter().any(|busy| shared(*busy, span) > 0) {
                return None;
            }
            outside[who] = self.minutes - working[who].iter().map(|work| shared(*work, span)).sum::<i64>();
            if outside[who] > 0 {
                far += self.far(who, span, &working[who])?;
            }
        }
        Some(Slot { start, outside, far })
    }

    /// How far it is from the hours of a date on which the person works; nothing in the night or on a free day.
    fn far(&self, who: usize, span: Span, working: &[Span]) -> Option<i64> {
        let zone = self.calendars[who].zone();
        let (starts, ends) = (span.start.in_zone(zone), span.end.in_zone(zone));
        let is_waking = starts.time() >= EARLIEST && ends.time() <= LATEST && starts.date() == ends.date();
        let on_date = working.iter().filter(|work| work.start.date(zone) == starts.date());
        let missed = on_date.map(|work| ((work.start.0 - span.start.0).max(span.end.0 - work.end.0)).max(0) / MINUTE);
        if is_waking { missed.min() } else { None }
    }

    fn date(&self, who: usize, at: Time) -> Date {
        at.date(self.calendars[who].zone())
    }
}

/// How many minutes of a call a person is outside of their hours.
pub(super) fn outside(calendar: &Calendar, start: Time, minutes: i64) -> i64 {
    let length = SignedDuration::from_mins(minutes);
    (length - calendar.between(start, start + length.unsigned_abs())).as_mins()
}

/// The minutes that two spans have in common.
fn shared(one: Span, other: Span) -> i64 {
    (one.end.0.min(other.end.0) - one.start.0.max(other.start.0)).max(0) / MINUTE
}
