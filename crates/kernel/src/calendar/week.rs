use jiff::civil::Weekday;

/// Minutes of a day on the wall clock.
pub(super) const DAY: i16 = 24 * 60;

/// The weekly working intervals of a person in local wall time.
///
/// Its text is what a person types and what is stored: `Mon-Thu 08:00-12:00 13:00-17:00; Fri 08:00-12:00`,
/// `Sun-Thu 10:00-18:00`, `Mon,Wed 22:00-06:00`, or nothing for no working hours. Reading is lenient (`monday 9-17`),
/// writing is canonical. Intervals never overlap, a day has at most 6 of them, and the text at most 400 bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Week {
    pub(super) days: [Hours; 7],
}

/// The working intervals that begin on one date, in order and without overlap: `10:00-14:00 15:00-16:00`, or empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Hours(pub(super) Vec<Interval>);

/// A stretch of wall time in minutes since the midnight that begins its date; an end after 1440 is on the next date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Interval {
    pub start: i16,
    pub end: i16,
}

impl Week {
    /// Monday to Friday, 09:00 to 17:00.
    pub fn standard() -> Self {
        let office = Hours(vec![Interval { start: 9 * 60, end: 17 * 60 }]);
        Self { days: std::array::from_fn(|day| if day < 5 { office.clone() } else { Hours::FREE }) }
    }

    pub fn day(&self, weekday: Weekday) -> &Hours {
        &self.days[usize::from(weekday.to_monday_zero_offset().unsigned_abs())]
    }

    /// Minutes of a week in which the clocks do not change.
    pub fn minutes_per_week(&self) -> u32 {
        self.days.iter().map(Hours::minutes).sum()
    }
}

impl Hours {
    /// No working hours.
    pub const FREE: Self = Self(Vec::new());

    pub fn intervals(&self) -> &[Interval] {
        &self.0
    }

    /// Minutes on the wall clock.
    pub fn minutes(&self) -> u32 {
        self.0.iter().map(|interval| u32::from(interval.end.abs_diff(interval.start))).sum()
    }

    /// The minute of the next date at which the last interval ends, or 0 if it ends on its own date.
    pub(super) fn carried_over(&self) -> i16 {
        self.0.last().map_or(0, |last| (last.end - DAY).max(0))
    }
}

impl Interval {
    pub(super) fn shifted(self, minutes: i16) -> Self {
        Self { start: self.start + minutes, end: self.end + minutes }
    }

    pub(super) fn within(self, limits: Self) -> Option<Self> {
        let common = Self { start: self.start.max(limits.start), end: self.end.min(limits.end) };
        (common.start < common.end).then_some(common)
    }

    /// What is left before and after `taken`.
    pub(super) fn without(self, taken: Self) -> [Option<Self>; 2] {
        let before = self.within(Self { start: i16::MIN, end: taken.start });
        [before, self.within(Self { start: taken.end, end: i16::MAX })]
    }
}
