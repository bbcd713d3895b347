use super::{Ages, Below, Item, age, below, end_of};
use crate::{
    answer::{percent, stated, weeks},
    outlook::too_small,
};
use forecast::likelihood;
use jiff::{ToSpan, civil::Date, civil::Weekday};
use kernel::{Actor, Course, Error, Method::Get, Operation, Result, Route, Tx, words};
use people::access::today;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::date_long;

/// When an issue is done, given how old it is; of one with issues below it, when all of those are done.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AskIssue {
    /// A key such as `PAY-482`, of today or of the past, or an id.
    pub issue: String,
    /// By the end of this date in UTC; if left out, its due date where that lies ahead, or else the next Friday.
    #[serde(default)]
    pub by: Option<Date>,
    /// Of what the teams finish so many percent is of this, if issues are below it; 100 if left out.
    #[serde(default)]
    pub focus: Option<u32>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct IssueForecast {
    pub id: String,
    pub key: String,
    pub title: String,
    /// Why there is no forecast, in a sentence; then little else is here.
    pub refused: Option<String>,
    /// The answer in sentences, the most important one first.
    pub says: Vec<String>,
    pub by: Date,
    /// The chance that it is done by then, from 0 to 1.
    pub chance: Option<f64>,
    /// It is done by the end of these dates with 50, 70, 85 and 95 %; nothing where that is not known.
    pub likely: [Option<Date>; 4],
    /// The chance that it is done by the end of each of these days, a week apart.
    pub weeks: Vec<(Date, f64)>,
    /// How many of the issues below it are done by when.
    pub course: Option<Course>,
    /// What it rests on for an issue without others below it.
    pub aged: Option<Aged>,
    /// The same for one with others below it.
    pub below: Option<Below>,
}

/// How old an issue is, and how many of its team took longer.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Aged {
    pub since: Since,
    pub days: u32,
    /// Finished issues of the team in the past year, and those of them that took longer.
    pub finished: usize,
    pub alike: usize,
}

words! {
    /// From when an age is counted.
    pub enum Since {
        /// The issue was begun.
        Begun = "begun",
        /// It came, and was not begun yet.
        Came = "came",
    }
}

/// Nothing is said of days farther ahead.
const FARTHEST: i64 = 1000;

impl Operation for AskIssue {
    const NAME: &str = "forecast.of_issue";
    const ROUTE: Route = Route(Get, "/issues/{issue}/forecast");
    const READS: bool = true;
    type Target = Item;
    type Output = IssueForecast;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Item> {
        Item::named(tx, &self.issue).await
    }

    fn allows(_: &Actor, _: &Item) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, item: Item) -> Result<IssueForecast> {
        let today = today(tx);
        let by = self.by.unwrap_or_else(|| target_date(&item, today));
        if !(today..=today.saturating_add(FARTHEST.days())).contains(&by) {
            return Err(Error::invalid("by", "Choose a date within the next 1,000 days."));
        }
        let focus = self.focus.unwrap_or(100);
        if !(1..=100).contains(&focus) {
            return Err(Error::invalid("focus", "Write a number of percent from 1 to 100."));
        }
        of(tx, &item, by, focus).await
    }
}

/// The forecast of an issue that the actor sees.
pub(super) async fn of(tx: &mut Tx<'_>, item: &Item, by: Date, focus: u32) -> Result<IssueForecast> {
    let empty = IssueForecast {
        id: item.issue_id.clone(),
        key: item.key(),
        title: item.title.clone(),
        refused: None,
        says: Vec::new(),
        by,
        chance: None,
        likely: [None; 4],
        weeks: Vec::new(),
        course: None,
        aged: None,
        below: None,
    };
    let refused = |sentence: String| IssueForecast { refused: Some(sentence), ..empty.clone() };
    if item.finished_at.is_some() {
        let word = if item.category == "done" { "done" } else { "cancelled" };
        return Ok(refused(format!("It is {word}, so there is nothing to forecast.")));
    }
    let answered = match item.leaf {
        true => alone(tx, item, empty.clone()).await?,
        false => below::of(tx, item, focus, empty.clone()).await?,
    };
    Ok(answered.unwrap_or_else(refused))
}

/// The due date where it lies ahead, or else the next Friday, which may be today.
pub(super) fn target_date(item: &Item, today: Date) -> Date {
    let to_friday = Weekday::Friday.since(today.weekday());
    item.due_on.filter(|due| *due >= today).unwrap_or_else(|| today.saturating_add(i64::from(to_friday).days()))
}

async fn alone(tx: &mut Tx<'_>, item: &Item, empty: IssueForecast) -> Result<Result<IssueForecast, String>> {
    if let Some(sentence) = too_small(tx, item.team_id).await? {
        return Ok(Err(sentence));
    }
    let (since, from) = match item.started_at {
        Some(started) => (Since::Begun, started),
        None => (Since::Came, item.created_at),
    };
    let ages = Ages::of(tx, item.team_id, since == Since::Begun).await?;
    let now = tx.now();
    let old = age(from, now);
    let aged = Aged { since, days: old as u32, finished: ages.finished.len(), alike: ages.longer(old) };
    let chance_by = |date: Date| ages.chance(old, age(from, end_of(date)));
    let Some(chance) = chance_by(empty.by) else { return Ok(Err(too_few(&aged))) };
    let today = today(tx);
    let ahead = |days: i64| today.saturating_add(days.days());
    let date = |wanted: f64| (0..FARTHEST).map(ahead).find(|date| chance_by(*date).is_some_and(|it| it >= wanted));
    let likely = [0.5, 0.7, 0.85, 0.95].map(date);
    let says = says(item, &aged, empty.by, chance, likely);
    let weeks = weeks(likely[3].or(likely[2]), today, |date| chance_by(date).unwrap_or_default());
    Ok(Ok(IssueForecast { says, chance: Some(chance), likely, weeks, aged: Some(aged), ..empty }))
}

fn too_few(aged: &Aged) -> String {
    match aged.finished {
        n if n < super::FEWEST_FINISHED => format!(
            "{n} issues of this team were finished in the past year, which are too few to say when this one is. It takes {}.",
            super::FEWEST_FINISHED
        ),
        _ => format!(
            "{} of the {} issues that this team finished in the past year took longer than {}, which are too few to say when this one is done.",
            aged.alike,
            aged.finished,
            in_days(aged.days)
        ),
    }
}

fn says(item: &Item, aged: &Aged, by: Date, chance: f64, likely: [Option<Date>; 4]) -> Vec<String> {
    let so_long = match aged.since {
        Since::Begun => format!("has been in progress for {}", in_days(aged.days)),
        Since::Came => format!("came {} ago and is not begun", in_days(aged.days)),
    };
    let word = likelihood(chance);
    let by = date_long(by);
    let first = format!("It is {word} ({} %) that it is done by {by}, given that it {so_long}.", percent(chance));
    let dates = match (likely[0], likely[2]) {
        (Some(half), Some(sure)) => {
            format!(
                "It is {} to be done by {}, and {} by {}.",
                stated(50),
                date_long(half),
                stated(85),
                date_long(sure)
            )
        }
        (Some(half), None) => format!("It is {} to be done by {}.", stated(50), date_long(half)),
        _ => "Fewer than half of those that took as long were done at all.".to_owned(),
    };
    let rests = format!(
        "This rests on {} of the {} issues that {} finished in the past year: those that took longer.",
        aged.alike, aged.finished, item.team_name
    );
    vec![first, dates, rests]
}

pub(super) fn in_days(days: u32) -> String {
    match days {
        0 => "less than a day".to_owned(),
        1 => "one day".to_owned(),
        n => format!("{n} days"),
    }
}
