//! Coverage, CRPS and width, by horizon.
use crate::histories::Named;
use forecast::{Bootstrap, Forecaster, Prior, crps};
use jiff::ToSpan;

const HORIZONS: [usize; 4] = [14, 28, 56, 84];
const STATED: [f64; 4] = [0.50, 0.70, 0.85, 0.95];
/// The first origin, in days from the first finish: half a year, and not on the weekdays on which records are kept.
const FIRST: usize = 185;
const STEP: usize = 7;
/// The bootstrap is asked at every fourth origin, because it is slow.
const BOOTSTRAP_EVERY: usize = 4;
const FUTURES: usize = 1000;
/// How much wider than the bootstrap's an 80 % interval should be at most.
const WIDEST: f64 = 1.35;
/// Fewer origins say nothing about one history.
const LEAST_ORIGINS: usize = 20;

#[derive(Clone, Default)]
struct Sums {
    origins: usize,
    held: [usize; 4],
    bootstrap_origins: usize,
    bootstrap_held: [usize; 4],
    inside: usize,
    crps: f64,
    bootstrap_crps: f64,
    width: f64,
    bootstrap_width: f64,
    /// The bootstrap's 10 %, 50 % and 90 % quantile, and what came.
    intervals: Vec<[f64; 4]>,
}

/// Prints a table for these histories, and with `each` a line for each of them.
pub fn report(histories: &[&Named], prior: &Prior, each: bool) {
    println!(
        "                                                                    80 % interval: held  width  at equal"
    );
    println!(
        "days  origins  held of 50 70 85 95 %    the plain bootstrap's    CRPS  ours plain x1.35  ratio  coverage"
    );
    for days in HORIZONS {
        let sums: Vec<(&str, Sums)> =
            histories.iter().map(|named| (named.name.as_str(), score(named, prior, days))).collect();
        let counted: Vec<&(&str, Sums)> = sums.iter().filter(|(_, sums)| sums.origins >= LEAST_ORIGINS).collect();
        let pooled = counted.iter().fold(Sums::default(), |total, (_, sums)| total.plus(sums));
        println!("{days:4}  {}", pooled.line());
        println!("      within 8 points: {} of {} histories", percent(within(&counted)), counted.len());
        let (width, fair) = (middle(&counted, Sums::width_ratio), middle(&counted, Sums::fair_ratio));
        println!("      the middle history: width ratio {width:.2}, at equal coverage {fair:.2}");
        for (name, sums) in counted.iter().filter(|_| each) {
            println!("      {}  {name}", sums.line());
        }
    }
}

/// The share of the histories in which each probability held to within 8 points.
fn within(counted: &[&(&str, Sums)]) -> [f64; 4] {
    let near =
        |level: usize| move |counted: &&&(&str, Sums)| (counted.1.coverage()[level] - STATED[level]).abs() <= 0.08;
    std::array::from_fn(|level| counted.iter().filter(near(level)).count() as f64 / counted.len() as f64)
}

/// The median over the histories.
fn middle(counted: &[&(&str, Sums)], of: fn(&Sums) -> f64) -> f64 {
    let mut values: Vec<f64> = counted.iter().map(|(_, sums)| of(sums)).collect();
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

fn percent(shares: [f64; 4]) -> String {
    shares.map(|share| format!("{:5.1}", 100.0 * share)).join(" ")
}

fn score(named: &Named, prior: &Prior, days: usize) -> Sums {
    let history = &named.history;
    let mut sums = Sums::default();
    let Some(last) = history.age(history.last()).and_then(|age| (age + 1).checked_sub(days)) else { return sums };
    let forecaster = Forecaster::new(history.clone(), history.last(), prior, 5);
    for (number, age) in (FIRST..=last).step_by(STEP).enumerate() {
        let as_of = history.first() + (age as i64).days();
        let Ok(forecast) = forecaster.at(as_of) else { continue };
        let actual = history.within(age, age + days);
        sums.origins += 1;
        for (held, stated) in sums.held.iter_mut().zip(STATED) {
            *held += usize::from(actual >= forecast.at_least(stated, days));
        }
        let quantiles: Vec<f64> = levels().map(|level| forecast.quantile(level, days).floor()).collect();
        let interval = [forecast.quantile(0.1, days), forecast.quantile(0.9, days)];
        sums.inside += usize::from((interval[0].floor()..=interval[1].floor()).contains(&(actual as f64)));
        if number % BOOTSTRAP_EVERY == 0 {
            sums.crps += crps(&quantiles, actual as f64);
            sums.width += interval[1] - interval[0];
            if let Some(plain) = Bootstrap::new(history, as_of, days, FUTURES) {
                sums.compare(&plain, actual);
            }
        }
    }
    sums
}

fn levels() -> impl Iterator<Item = f64> {
    (1..40).map(|level| level as f64 / 40.0)
}

impl Sums {
    fn compare(&mut self, plain: &Bootstrap, actual: u64) {
        let quantile = |probability: f64| plain.quantile(probability) as f64;
        self.bootstrap_crps += crps(&levels().map(quantile).collect::<Vec<f64>>(), actual as f64);
        self.bootstrap_width += quantile(0.9) - quantile(0.1);
        self.intervals.push([quantile(0.1), quantile(0.5), quantile(0.9), actual as f64]);
        self.bootstrap_origins += 1;
        for (held, stated) in self.bootstrap_held.iter_mut().zip(STATED) {
            *held += usize::from(actual as f64 >= quantile(1.0 - stated));
        }
    }

    fn plus(mut self, other: &Self) -> Self {
        self.origins += other.origins;
        self.bootstrap_origins += other.bootstrap_origins;
        self.inside += other.inside;
        for level in 0..STATED.len() {
            self.held[level] += other.held[level];
            self.bootstrap_held[level] += other.bootstrap_held[level];
        }
        self.crps += other.crps;
        self.bootstrap_crps += other.bootstrap_crps;
        self.width += other.width;
        self.bootstrap_width += other.bootstrap_width;
        self.intervals.extend(&other.intervals);
        self
    }

    fn coverage(&self) -> [f64; 4] {
        self.held.map(|held| held as f64 / self.origins as f64)
    }

    fn bootstrap_coverage(&self) -> [f64; 4] {
        self.bootstrap_held.map(|held| held as f64 / self.bootstrap_origins as f64)
    }

    fn inside(&self) -> f64 {
        self.inside as f64 / self.origins as f64
    }

    fn width_ratio(&self) -> f64 {
        self.width / self.bootstrap_width
    }

    /// The same beside a bootstrap that was stretched, looking back, to hold as often.
    fn fair_ratio(&self) -> f64 {
        self.width_ratio() / self.stretch(self.inside())
    }

    fn line(&self) -> String {
        let (width, fair) = (self.width_ratio(), self.fair_ratio());
        let plain = |factor: f64| 100.0 * self.inside_stretched(factor);
        format!(
            "{:7}  {}  {}  {:6.3}  {:4.1}  {:4.1}  {:4.1}  {width:5.2}  {fair:8.2}",
            self.origins,
            percent(self.coverage()),
            percent(self.bootstrap_coverage()),
            self.crps / self.bootstrap_crps,
            100.0 * self.inside(),
            plain(1.0),
            plain(WIDEST),
        )
    }

    /// How often the bootstrap's intervals hold if they are stretched about their medians.
    fn inside_stretched(&self, factor: f64) -> f64 {
        let holds = |&&[low, middle, high, actual]: &&[f64; 4]| {
            (middle - factor * (middle - low) - 0.5..=middle + factor * (high - middle) + 0.5).contains(&actual)
        };
        self.intervals.iter().filter(holds).count() as f64 / self.intervals.len() as f64
    }

    /// The factor by which they would have to be stretched to hold as often.
    fn stretch(&self, wanted: f64) -> f64 {
        let (mut low, mut high) = (0.0, 50.0);
        for _ in 0..30 {
            let middle = (low + high) / 2.0;
            *(if self.inside_stretched(middle) < wanted { &mut low } else { &mut high }) = middle;
        }
        high
    }
}
