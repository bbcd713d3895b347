//! Deployments by week, on the page and in reports.
use super::TeamKeys;
use crate::annotation;
use jiff::tz::TimeZone;
use kernel::Time;
use std::collections::BTreeMap;
use ui::{
    Markup,
    chart::{Figure, Mark, annotated, columns_alone},
};

/// The deployments of a period by the week in which they ended, the oldest first.
pub struct Weekly {
    names: Vec<String>,
    good: Vec<f64>,
    failed: Vec<f64>,
    marks: Vec<Mark>,
}

const WEEK: i64 = 7 * 86_400_000_000;
const MOST_WEEKS: i64 = 60;
const TITLE: &str = "Deployments by week";

impl Weekly {
    /// Weeks are counted back from the end, so that the last one is whole, and named by the day on which they begin.
    pub fn of(keys: &TeamKeys, zone: &TimeZone) -> Weekly {
        let first = keys.deployments.first().map_or(keys.to.0, |row| row.finished_at.0).max(keys.from.0);
        let place = |at: i64| (keys.to.0 - at).div_euclid(WEEK);
        let mut weeks: BTreeMap<i64, (f64, f64)> =
            (0..=place(first).min(MOST_WEEKS)).map(|week| (-week, (0.0, 0.0))).collect();
        for row in &keys.deployments {
            if let Some(week) = weeks.get_mut(&-place(row.finished_at.0)) {
                if row.failed || !row.failed_by.is_empty() { week.1 += 1.0 } else { week.0 += 1.0 }
            }
        }
        let begins: Vec<Time> = weeks.keys().map(|week| Time(keys.to.0 + (week - 1) * WEEK)).collect();
        let names = begins.iter().map(|at| at.in_zone(zone).strftime("%-d %b").to_string()).collect();
        let (good, failed) = weeks.values().copied().unzip();
        let marks = annotation::marks(&keys.annotations, &begins, zone);
        Weekly { names, good, failed, marks }
    }

    /// With its sentence, its definition and all of its numbers.
    pub fn figure(&self) -> Markup {
        let (good, failed) = (self.good.iter().sum::<f64>(), self.failed.iter().sum::<f64>());
        let all = good + failed;
        let row =
            |((name, good), failed): ((&String, &f64), &f64)| vec![name.clone(), good.to_string(), failed.to_string()];
        Figure {
            id: "deployments-by-week",
            title: TITLE,
            sample: &format!("{all} deployments"),
            sentence: &format!("{all} deployments, of which {failed} failed on their way or failed their users."),
            definition: "Deployments to production by the rules of the team, by the week in which they ended; weeks are counted back from the end of this hour.",
            rows: self.names.iter().zip(&self.good).zip(&self.failed).map(row).collect(),
            picture: annotated(TITLE, &self.names, &self.series(), &self.marks),
            heads: &["Week from", "Good", "Failed"],
        }
        .show()
    }

    /// The picture alone, as SVG.
    pub fn picture(&self) -> Markup {
        columns_alone(TITLE, &self.names, &self.series())
    }

    fn series(&self) -> [(&'static str, Vec<f64>); 2] {
        [("good", self.good.clone()), ("failed", self.failed.clone())]
    }
}
