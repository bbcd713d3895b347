//! Walking through one person's working time.

use jiff::SignedDuration;
use jiff::civil::{self, Date, Weekday};

use super::{Calendar, Span, instant};
use crate::Time;

const HORIZON_DAYS: i64 = 3 * 366;
const HORIZON_MICROSECONDS: i64 = HORIZON_DAYS * 24 * 60 * 60 * 1_000_000;

impl Calendar {
    /// The working time from `from` up to `to`, in order; spans that touch are one.
    pub fn working(&self, from: Time, to: Time) -> impl Iterator<Item = Span> {
        let mut pieces = self.pieces(from, to).map(|(_, span)| span).peekable();
        std::iter::from_fn(move || {
            let mut span = pieces.next()?;
            while let Some(next) = pieces.next_if(|next| next.start <= span.end) {
                span.end = next.end;
            }
            Some(span)
        })
    }

    /// The earliest instant by which the person has worked `duration` since `start`: inside an interval or at the end
    /// of one. A duration of zero, or below, gives the first working instant at or after `start`. Exact to the
    /// microsecond. `None` if the next three years do not hold so much work.
    pub fn add(&self, start: Time, duration: SignedDuration) -> Option<Time> {
        let mut left = i64::try_from(duration.as_micros()).ok()?.max(0);
        for (_, span) in self.pieces(start, horizon(start)) {
            let length = span.end.0 - span.start.0;
            if left <= length {
                return Some(Time(span.start.0 + left));
            }
            left -= length;
        }
        None
    }

    /// The same local time `days` working days later, moved into the hours of that day: to the next start if it falls
    /// before them or into a break, to the end of the day if it falls after them. A start outside the working hours
    /// counts from the next working instant, so two working days from Saturday end on Wednesday morning. What is
    /// promised in days is counted in days: a short day is one, and so is a long one. `None` after three years.
    pub fn add_days(&self, start: Time, days: u32) -> Option<Time> {
        let (date, span) = self.pieces(start, horizon(start)).next()?;
        let Some(skipped) = days.checked_sub(1) else { return Some(span.start) };
        let (target, spans) = self.days(date.tomorrow().ok()?).nth(usize::try_from(skipped).ok()?)?;
        let since_midnight = self.local(span.start).duration_since(date.at(0, 0, 0, 0));
        let moment = instant(&self.zone, target.at(0, 0, 0, 0).checked_add(since_midnight).ok()?)?;
        let reached = spans.iter().find(|span| moment <= span.end);
        reached.map(|span| moment.max(span.start)).or_else(|| spans.last().map(|span| span.end))
    }

    /// The working time from `from` to `to`, negative if `to` comes first.
    pub fn between(&self, from: Time, to: Time) -> SignedDuration {
        if to < from {
            return -self.between(to, from);
        }
        self.pieces(from, to).map(|(_, span)| span.duration()).sum()
    }

    pub fn is_working(&self, at: Time) -> bool {
        self.pieces(at, Time(at.0.saturating_add(1))).next().is_some()
    }

    /// When the person next comes to work after `at`, be it from a break, a night or a holiday; for somebody who is at
    /// work, the next time after that. `None` if that is more than three years away.
    pub fn next_start(&self, at: Time) -> Option<Time> {
        self.working(at, horizon(at)).map(|span| span.start).find(|start| *start > at)
    }

    /// When the person who is at work at `at` next stops, for a break or the day. `None` if they are not at work, or
    /// do not stop within three years.
    pub fn end_of_current(&self, at: Time) -> Option<Time> {
        let current = self.working(at, horizon(at)).next()?;
        (current.start == at && current.end < horizon(at)).then_some(current.end)
    }

    /// The first start of a working day after `at`: that of today before work, that of the next working day from then
    /// on. A return from a break is not a start. `None` if that is more than three years away.
    pub fn next_working_morning(&self, at: Time) -> Option<Time> {
        let mut starts = self.days(self.local(at).date()).filter_map(|(_, spans)| Some(spans.first()?.start));
        starts.find(|start| *start > at)
    }

    /// How many local dates from `first` to `last`, both included, have an interval that begins on them.
    pub fn working_days(&self, first: Date, last: Date) -> usize {
        dates(first).take_while(|date| *date <= last).filter(|date| !self.on(*date).is_empty()).count()
    }

    /// The real length of the intervals that begin on the local date.
    pub fn day_length(&self, date: Date) -> SignedDuration {
        self.on(date).into_iter().map(Span::duration).sum()
    }

    /// The next moment at or after `at` when it is that weekday and time where the person is, at work or not; the first
    /// of two if clocks are set back. `None` only at the end of the years that jiff can represent.
    pub fn local_moment(&self, at: Time, weekday: Weekday, time: civil::Time) -> Option<Time> {
        let on_weekday = dates(self.local(at).date()).filter(|date| date.weekday() == weekday);
        let mut moments = on_weekday.take(3).filter_map(|date| {
            let moment = instant(&self.zone, date.to_datetime(time))?;
            (self.local(moment).date() == date).then_some(moment)
        });
        moments.find(|moment| *moment >= at)
    }

    /// Working time from `from` up to `to` with the date to which it belongs, cut at the ends of intervals only.
    fn pieces(&self, from: Time, to: Time) -> impl Iterator<Item = (Date, Span)> {
        let today = self.local(from).date();
        let last = self.local(to).date().tomorrow().unwrap_or(Date::MAX);
        dates(today.yesterday().unwrap_or(today))
            .take_while(move |date| *date <= last)
            .flat_map(|date| self.on(date).into_iter().map(move |span| (date, span)))
            .skip_while(move |(_, span)| span.end <= from)
            .take_while(move |(_, span)| span.start < to)
            .map(move |(date, span)| (date, Span { start: span.start.max(from), end: span.end.min(to) }))
    }

    /// The working days from a date on, up to the horizon.
    fn days(&self, first: Date) -> impl Iterator<Item = (Date, Vec<Span>)> {
        let days = usize::try_from(HORIZON_DAYS).unwrap_or(usize::MAX);
        dates(first).take(days).map(|date| (date, self.on(date))).filter(|(_, spans)| !spans.is_empty())
    }
}

fn dates(first: Date) -> impl Iterator<Item = Date> {
    std::iter::successors(Some(first), |date| date.tomorrow().ok())
}

fn horizon(start: Time) -> Time {
    Time(start.0.saturating_add(HORIZON_MICROSECONDS))
}
