//! Will this item be done by Friday, given that it is so many days old.

/// How long items stay open, from those that were finished and those that still are.
#[derive(Clone, Debug)]
pub struct Survival {
    /// Ages at which items were finished, ascending, with the share that stays open longer.
    steps: Vec<(u32, f64)>,
    /// The age of the oldest item, finished or open.
    oldest: u32,
}

impl Survival {
    /// Ages in days: of finished items when they were finished, and of open items now, which count as "at least so
    /// long" (the product-limit estimate of Kaplan and Meier, "Nonparametric Estimation from Incomplete Observations",
    /// 1958). None if nothing was finished.
    pub fn new(finished: &[u32], open: &[u32]) -> Option<Self> {
        let mut ages: Vec<(u32, bool)> = finished.iter().map(|&age| (age, true)).collect();
        ages.extend(open.iter().map(|&age| (age, false)));
        ages.sort_unstable();
        let oldest = ages.last()?.0;
        let (mut steps, mut share, mut passed) = (Vec::new(), 1.0, 0);
        for group in ages.chunk_by(|left, right| left.0 == right.0) {
            let at_risk = (ages.len() - passed) as f64;
            let events = group.iter().filter(|(_, finished)| *finished).count();
            if events > 0 {
                share *= 1.0 - events as f64 / at_risk;
                steps.push((group[0].0, share));
            }
            passed += group.len();
        }
        (!steps.is_empty()).then_some(Self { steps, oldest })
    }

    /// The chance that an item of this age, which is still open, is finished within so many days more. None for an
    /// item that is older than any that was finished, about which the history says nothing.
    pub fn chance(&self, age: u32, within: u32) -> Option<f64> {
        let still_open = self.open_after(age);
        let known = self.steps.last().is_some_and(|step| step.0 > age) && still_open > 0.0;
        known.then(|| 1.0 - self.open_after(age.saturating_add(within)) / still_open)
    }

    /// The chance that an item which is still open at an exact age, in days with fractions, is finished by another one;
    /// within a day the share falls in a straight line. None for an item that is older than any that was finished.
    pub fn chance_between(&self, age: f64, end: f64) -> Option<f64> {
        let still_open = self.open_at(age);
        let known = self.steps.last().is_some_and(|step| f64::from(step.0) + 1.0 > age) && still_open > 0.0;
        known.then(|| 1.0 - self.open_at(end.max(age)) / still_open)
    }

    /// The share that is still open at an exact age, where the ages of the items are whole days that had passed.
    fn open_at(&self, age: f64) -> f64 {
        let whole = age.max(0.0) as u32;
        let before = whole.checked_sub(1).map_or(1.0, |day| self.open_after(day));
        before + (age.max(0.0) - f64::from(whole)) * (self.open_after(whole) - before)
    }

    /// The share of items that stay open longer than an age. It is known up to [`Self::oldest`] only.
    pub fn open_after(&self, age: u32) -> f64 {
        let passed = self.steps.partition_point(|step| step.0 <= age);
        passed.checked_sub(1).map_or(1.0, |last| self.steps[last].1)
    }

    /// The age of the oldest item, finished or open, in days.
    pub fn oldest(&self) -> u32 {
        self.oldest
    }
}
