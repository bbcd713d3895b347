//! The questions: how many by a date, when so many, the chance of a promise, and what would have to go.
mod compare;
pub(crate) mod figures;
mod growth;
mod page;
pub mod when;
mod words;

use crate::{
    capacity::{Assumptions, NEWCOMER, ON_CALL, People, day},
    commitment::{Promised, promised},
    history::ItemKind,
    log::{RecordLine, record_line},
    outlook::Outlook,
};
use forecast::{Forecast, MOST_DAYS};
pub use growth::Grown;
use jiff::civil::Date;
use kernel::{Actor, Error, Flaws, Id, Method::Get, Operation, Result, Route, Team, Tx};
use people::team::Record;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::Pages;
use when::When;
pub use words::{percent, stated};

/// What a team will finish, and when. Ask with `items`, with `by`, or with both for a chance; with neither, how many in the
/// weeks to come. The rest are assumptions: what if.
#[derive(Clone, Debug, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AskForecast {
    pub team: Id<Team>,
    /// So many items are to be done.
    #[serde(default)]
    pub items: Option<u32>,
    /// By the end of this date.
    #[serde(default)]
    pub by: Option<Date>,
    /// So many items are added each week until it is done; 0 for a scope that stays. If left out, as many as came so far,
    /// where issues are counted, and otherwise none.
    #[serde(default)]
    pub growth: Option<u32>,
    /// So many percent of what the team finishes is of this; 100 if left out.
    #[serde(default)]
    pub focus: Option<u32>,
    /// So many people join.
    #[serde(default)]
    pub hires: Option<u32>,
    /// The first day of those who join; the day of the forecast if left out.
    #[serde(default)]
    pub hire_on: Option<Date>,
    /// The chance, in percent, that they come; 100 if left out.
    #[serde(default)]
    pub hire_chance: Option<u32>,
    /// So many full-time people fewer.
    #[serde(default)]
    pub fewer: Option<u32>,
    /// The first day without them; the day of the forecast if left out.
    #[serde(default)]
    pub fewer_from: Option<Date>,
    /// The first day with them again; never if left out.
    #[serde(default)]
    pub fewer_until: Option<Date>,
    /// So many percent of the work of somebody who is on call is lost to it; 50 if left out.
    #[serde(default)]
    pub on_call: Option<u32>,
}

/// Stated probabilities, in percent.
pub const STATED: [u32; 4] = [50, 70, 85, 95];

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Answer {
    pub team: Id<Team>,
    pub team_name: String,
    /// Why there is no forecast, in a sentence; then nothing else is here.
    pub refused: Option<String>,
    /// The answer in sentences that a stakeholder understands.
    pub says: Vec<String>,
    pub known: Option<Ground>,
    /// How many in the weeks to come.
    pub counts: Vec<Count>,
    /// How many by the date that was asked for.
    pub by: Option<Count>,
    /// When the items that were asked for are done.
    pub done: Option<Done>,
    /// What the team has promised and not ended yet.
    pub promises: Vec<Promised>,
    /// How well the past forecasts of this team came true.
    pub record: RecordLine,
}

/// What a forecast rests on.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Ground {
    /// The first day that the forecast is about.
    pub as_of: Date,
    pub kind: ItemKind,
    /// Items that were finished before.
    pub finished: u64,
    /// Days since the first of them.
    pub days: usize,
    /// How much of the uncertainty is taken from other teams, in percent.
    pub borrowed: u32,
    pub people: People,
}

/// How many items are finished from the first day of the forecast to the end of a date.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Count {
    pub until: Date,
    pub days: usize,
    /// At least so many with 50, 70, 85 and 95 %.
    pub at_least: [u64; 4],
    /// The counts that are not reached with 5, 15, 50, 85 and 95 %, for pictures; they are no whole numbers.
    pub quantiles: [f64; 5],
}

/// When items are done.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Done {
    pub items: u32,
    /// By the end of these dates with 50, 70, 85 and 95 %; nothing where that lies more than three years ahead.
    pub by: [Option<Date>; 4],
    /// The chance, from 0 to 1, that they are done by the date that was asked for.
    pub chance: Option<f64>,
    /// The most items that are done by that date with 85 %.
    pub fits: Option<u64>,
    /// What is taken to come meanwhile; nothing for a scope that stays.
    pub grown: Option<Grown>,
    /// The chance that they are done by the end of each of these days, a week apart.
    pub weeks: Vec<(Date, f64)>,
}

const MOST_ITEMS: u32 = 20_000;
const MOST_PEOPLE: u32 = 50;

impl AskForecast {
    pub fn about(team: Id<Team>) -> AskForecast {
        AskForecast {
            team,
            items: None,
            by: None,
            growth: None,
            focus: None,
            hires: None,
            hire_on: None,
            hire_chance: None,
            fewer: None,
            fewer_from: None,
            fewer_until: None,
            on_call: None,
        }
    }

    fn check(&self) -> Result<()> {
        let within = |value: Option<u32>, least, most| value.is_none_or(|value| (least..=most).contains(&value));
        let mut flaws = Flaws::default();
        flaws.unless(within(self.items, 1, MOST_ITEMS), "items", "Write a number from 1 to 20,000.");
        flaws.unless(within(self.growth, 0, 500), "growth", "Write a number from 0 to 500.");
        flaws.unless(within(self.focus, 1, 100), "focus", "Write a number of percent from 1 to 100.");
        flaws.unless(within(self.hires, 0, MOST_PEOPLE), "hires", "Write a number from 0 to 50.");
        flaws.unless(within(self.hire_chance, 1, 100), "hire_chance", "Write a number of percent from 1 to 100.");
        flaws.unless(within(self.fewer, 0, MOST_PEOPLE), "fewer", "Write a number from 0 to 50.");
        flaws.unless(within(self.on_call, 0, 100), "on_call", "Write a number of percent from 0 to 100.");
        let ends = self.fewer_from.zip(self.fewer_until).is_none_or(|(from, until)| from < until);
        flaws.unless(ends, "fewer_until", "This is not after the first day without them.");
        flaws.check()
    }

    /// With dates that are left out taken as `today`.
    fn assumptions(&self, today: Date) -> Assumptions {
        let hire = forecast::Person {
            from: Some(self.hire_on.unwrap_or(today)),
            ramp: NEWCOMER,
            probability: f64::from(self.hire_chance.unwrap_or(100)) / 100.0,
            ..forecast::Person::default()
        };
        let fewer = self.fewer.filter(|people| *people > 0);
        let fewer = fewer.map(|people| (f64::from(people), self.fewer_from.unwrap_or(Date::MIN), self.fewer_until));
        Assumptions {
            focus: f64::from(self.focus.unwrap_or(100)) / 100.0,
            hires: vec![hire; self.hires.unwrap_or(0) as usize],
            fewer: fewer.into_iter().collect(),
            on_call: self.on_call.map_or(ON_CALL, |percent| f64::from(percent) / 100.0),
        }
    }
}

impl Operation for AskForecast {
    const NAME: &str = "forecast.ask";
    const ROUTE: Route = Route(Get, "/teams/{team}/forecast");
    const READS: bool = true;
    type Target = Record;
    type Output = Answer;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Record> {
        Record::visible(tx, self.team).await
    }

    fn allows(_: &Actor, _: &Record) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, team: Record) -> Result<Answer> {
        self.check()?;
        let found = self.outlook(tx).await?;
        let record = record_line(tx, self.team).await?;
        let team_name = team.name;
        let empty = Answer {
            team: self.team,
            team_name,
            refused: None,
            says: Vec::new(),
            known: None,
            counts: Vec::new(),
            by: None,
            done: None,
            promises: promised(tx, self.team).await?,
            record,
        };
        match found {
            Err(sentence) => Ok(Answer { refused: Some(sentence), ..empty }),
            Ok(outlook) => self.answer(&outlook, empty),
        }
    }
}

impl AskForecast {
    pub async fn outlook(&self, tx: &mut Tx<'_>) -> Result<Result<Outlook, String>> {
        let today = people::access::today(tx);
        Outlook::of(tx, self.team, &self.assumptions(today)).await
    }

    fn answer(&self, outlook: &Outlook, empty: Answer) -> Result<Answer> {
        let as_of = outlook.as_of();
        let forecast = &outlook.forecast;
        let days = self.by.map(|by| days_until(as_of, by)).transpose()?;
        let done = self.items.map(|items| self.done(outlook, items, days));
        let far = days.or(done.as_ref().and_then(|done| last_day(done, as_of))).unwrap_or(84).clamp(28, 364);
        let step = if far > 182 { 14 } else { 7 };
        let basis = forecast.basis();
        let answer = Answer {
            known: Some(Ground {
                as_of,
                kind: outlook.finished.kind,
                finished: basis.finishes,
                days: basis.days,
                borrowed: (basis.from_others * 100.0).round() as u32,
                people: outlook.capacity.people,
            }),
            counts: (1..=far.div_ceil(step)).map(|number| Count::of(forecast, number * step)).collect(),
            by: days.map(|days| Count::of(forecast, days)),
            done,
            ..empty
        };
        Ok(Answer { says: words::says(&answer, self.by), ..answer })
    }

    fn done(&self, outlook: &Outlook, items: u32, days: Option<usize>) -> Done {
        let when = When::of(outlook, items, self.growth);
        let by = STATED.map(|percent| when.date_for(f64::from(percent) / 100.0));
        let chance = self.by.map(|by| when.chance(by));
        let fits = days.zip(self.by).map(|(days, by)| match when {
            When::Fixed { .. } => outlook.forecast.quantile(0.15, days).floor() as u64,
            When::Growing(..) => when::fits(outlook, items, self.growth, by),
        });
        let as_of = outlook.as_of();
        let weeks = weeks(by[3].or(by[2]), as_of, |date| when.chance(date));
        Done { items, by, chance, fits, grown: when.grown(), weeks }
    }
}

impl Count {
    fn of(forecast: &Forecast, days: usize) -> Count {
        Count {
            until: day(forecast.as_of(), days - 1),
            days,
            at_least: STATED.map(|percent| forecast.at_least(f64::from(percent) / 100.0, days)),
            quantiles: [0.05, 0.15, 0.5, 0.85, 0.95].map(|probability| forecast.quantile(probability, days)),
        }
    }
}

/// The number of days of a forecast up to the end of a date.
pub fn days_until(as_of: Date, by: Date) -> Result<usize> {
    let days = usize::try_from((by - as_of).get_days() + 1).ok().filter(|days| (1..=MOST_DAYS).contains(days));
    days.ok_or_else(|| Error::invalid("by", format!("Choose a date from {as_of} to {MOST_DAYS} days later.")))
}

/// The chances on days a week apart, up to the one on which it is likely enough, or for a year.
pub(crate) fn weeks(end: Option<Date>, as_of: Date, chance: impl Fn(Date) -> f64) -> Vec<(Date, f64)> {
    let end = end.unwrap_or_else(|| day(as_of, 364));
    let dates: Vec<Date> = (1..=MOST_DAYS / 7).map(|week| day(as_of, week * 7 - 1)).collect();
    let last = dates.iter().position(|date| *date >= end).unwrap_or(dates.len() - 1);
    dates[..=last].iter().map(|date| (*date, chance(*date))).collect()
}

fn last_day(done: &Done, as_of: Date) -> Option<usize> {
    let last = done.by[3].or(done.by[2])?;
    days_until(as_of, last).ok()
}

pub fn pages() -> Pages {
    Pages::new().get("/teams/{team}/forecast", page::show).get("/teams/{team}/forecast/what-if", compare::show)
}
