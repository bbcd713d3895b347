//! Whether what a sprint holds is done by its end, and how much of it will be.
mod page;
mod words;

use crate::{
    answer::STATED,
    capacity::{Assumptions, start},
    course::{LEVELS, Reach},
    history::ItemKind,
    log::sprint_line,
    outlook::Outlook,
};
use forecast::Forecast;
use jiff::civil::Date;
use kernel::{
    Actor, Aside, Course, Error, Id, Method::Get, Operation, Result, Route, Team, Time, Tx, args, columns, sql,
};
use people::{access::today, team::Record};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use ui::Pages;

/// Whether all that a sprint holds now is done by its end, and how much of it will be.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AskSprint {
    /// The id or the name of a sprint. Of several with this name, the one that is not closed and ends first.
    pub sprint: String,
    /// Its team, where several teams have a sprint of this name.
    #[serde(default)]
    pub team: Option<Id<Team>>,
    /// So many percent of what the team finishes is of the sprint; if left out, as in the sprints that were closed last.
    #[serde(default)]
    pub focus: Option<u32>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct SprintForecast {
    pub id: String,
    pub name: String,
    pub team: Id<Team>,
    pub team_name: String,
    pub first_on: Date,
    pub last_on: Date,
    /// Why there is no forecast, in a sentence; then little else is here.
    pub refused: Option<String>,
    /// The answer in sentences, the most important one first.
    pub says: Vec<String>,
    /// Issues in it that are done, and those that are open. One with others below it stands for those.
    pub done: u64,
    pub open: u64,
    /// How much of what the team finishes is taken to be of the sprint, in percent.
    pub focus: u32,
    /// How many closed sprints that was learned from; nothing where it was given, or is taken to be all of it.
    pub focus_from: Option<u32>,
    /// The chance that all open ones are done by its end, from 0 to 1; nothing where that is over.
    pub chance: Option<f64>,
    /// At least so many of the open ones are done by its end with 50, 70, 85 and 95 %.
    pub at_least: Option<[u64; 4]>,
    /// All of them are done by the end of these dates with 50, 70, 85 and 95 %.
    pub likely: [Option<Date>; 4],
    /// So many would have to go for 85 %; nothing where that is not needed.
    pub to_go: Option<u64>,
    /// What the team may finish of it from now on.
    pub course: Option<Course>,
    /// How well forecasts of sprints of the team came true.
    pub record: String,
}

/// What is read of a sprint.
pub struct Sprint {
    pub(crate) sprint_id: String,
    pub(crate) team_id: Id<Team>,
    team_name: String,
    name: String,
    first_on: Date,
    last_on: Date,
    closed_at: Option<Time>,
}
columns!(Sprint { sprint_id, team_id, team_name, name, first_on, last_on, closed_at });

impl Operation for AskSprint {
    const NAME: &str = "forecast.of_sprint";
    const ROUTE: Route = Route(Get, "/sprints/{sprint}/forecast");
    const READS: bool = true;
    type Target = Sprint;
    type Output = SprintForecast;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Sprint> {
        if let Some(team) = self.team {
            Record::visible(tx, team).await?;
        }
        Sprint::named(tx, &self.sprint, self.team).await
    }

    fn allows(_: &Actor, _: &Sprint) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, sprint: Sprint) -> Result<SprintForecast> {
        if self.focus.is_some_and(|focus| !(1..=100).contains(&focus)) {
            return Err(Error::invalid("focus", "Write a number of percent from 1 to 100."));
        }
        of(tx, sprint, self.focus).await
    }
}

/// What stands on the page of a sprint; nothing where nothing can be said.
pub async fn aside(tx: &mut Tx<'_>, id: &str) -> Result<Vec<Aside>> {
    let sprint = match Sprint::visible(tx, id).await {
        Ok(sprint) => sprint,
        Err(Error::NotFound) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let found = of(tx, sprint, None).await?;
    let href = format!("/sprints/{}/forecast", found.id);
    let aside = Aside { title: "What will be done", says: found.says, course: found.course, href, link: "Forecast" };
    Ok(if found.refused.is_some() { Vec::new() } else { vec![aside] })
}

/// Colleagues see the sprints of all teams.
const SELECT: &str = "
    select s.sprint_id, s.team_id, t.name as team_name, s.name, s.first_on, s.last_on, s.closed_at
      from work_public_sprints s join teams t on t.workspace_id = s.workspace_id and t.id = s.team_id
     where s.workspace_id = $1 and $2 ";

impl Sprint {
    pub(crate) async fn visible(tx: &mut Tx<'_>, id: &str) -> Result<Sprint> {
        let select = sql!(SELECT, "and s.sprint_id = $3");
        tx.one(select, args![tx.workspace(), tx.actor().belongs(), id]).await
    }

    /// By its id, or else by its name.
    async fn named(tx: &mut Tx<'_>, name: &str, team: Option<Id<Team>>) -> Result<Sprint> {
        match Sprint::visible(tx, name).await {
            Err(Error::NotFound) => {}
            found => return found,
        }
        let select = sql!(
            SELECT,
            "and lower(s.name) = lower($3) and (cast($4 as text) is null or s.team_id = $4)
              order by case when s.closed_at is null then 0 else 1 end, s.last_on, s.sprint_id"
        );
        let found: Vec<Sprint> = tx.all(select, args![tx.workspace(), tx.actor().belongs(), name, team]).await?;
        let open = || found.iter().filter(|one| one.closed_at.is_none());
        let mut teams: Vec<&str> = open().map(|one| one.team_name.as_str()).collect();
        teams.sort_unstable();
        teams.dedup();
        if open().any(|one| one.team_id != found[0].team_id) {
            let sentence = format!("{} have a sprint of this name. Say which team is meant.", teams.join(", "));
            return Err(Error::invalid("team", sentence));
        }
        found.into_iter().next().ok_or(Error::NotFound)
    }
}

/// What is in a sprint, and how much of what the team finished was in its sprints before.
struct Held {
    done: i64,
    /// Of those, the ones that were done on the day on which the forecast begins.
    today: i64,
    open: i64,
    sprints: i64,
    of_sprints: i64,
    finished: i64,
}
columns!(Held { done, today, open, sprints, of_sprints, finished });

/// From how many closed sprints and finished issues a share is learned.
const FEWEST_SPRINTS: i64 = 3;
const FEWEST_FINISHED: i64 = 10;

impl Held {
    async fn of(tx: &mut Tx<'_>, sprint: &Sprint) -> Result<Held> {
        let select = sql!(
            "with recursive held (issue_id, leaf, category, finished_at) as (
               select i.issue_id, i.leaf, i.category, i.finished_at from work_public_items i
                where i.workspace_id = $1 and i.sprint_id = $2
               union
               select b.issue_id, b.leaf, b.category, b.finished_at
                 from held h join work_public_items b on b.parent_id = h.issue_id
                where b.workspace_id = $1 and b.team_id = $3 and b.sprint_id is null
             ), past as (
               select started_at, closed_at, done_issues from work_public_sprints
                where workspace_id = $1 and team_id = $3 and closed_at is not null and started_at is not null
                order by closed_at desc limit 6
             )
             select (select count(*) from held where leaf and category = 'done') as done,
                    (select count(*) from held where leaf and category = 'done' and finished_at >= $4) as today,
                    (select count(*) from held where leaf and finished_at is null) as open,
                    (select count(*) from past) as sprints,
                    (select cast(coalesce(sum(done_issues), 0) as bigint) from past) as of_sprints,
                    (select count(*) from work_public_finishes f
                      where f.workspace_id = $1 and f.team_id = $3
                        and exists (select 1 from past p
                                     where f.finished_at >= p.started_at and f.finished_at <= p.closed_at)) as finished"
        );
        let today = start(today(tx));
        tx.one(select, args![tx.workspace(), sprint.sprint_id, sprint.team_id, today]).await
    }

    /// The share of what the team finishes that is of its sprints, in percent; nothing where too little is known.
    fn share(&self) -> Option<u32> {
        learned(self.sprints, self.of_sprints, self.finished)
    }
}

/// The share of what a team finished during some sprints that was of them, in percent; nothing where that is too little to tell.
pub(crate) fn learned(sprints: i64, of_sprints: i64, finished: i64) -> Option<u32> {
    let known = sprints >= FEWEST_SPRINTS && finished >= FEWEST_FINISHED;
    known.then(|| (100 * of_sprints / finished).clamp(1, 100) as u32)
}

/// What is ahead of a sprint.
pub(crate) struct Ahead {
    pub forecast: Forecast,
    /// Issues that are open.
    pub open: u64,
    /// So many were done on the first day of the forecast already, so that many more have to come of it.
    pub begun: u64,
    /// Until the end of its last day; nothing where that is over.
    pub days: Option<usize>,
    /// In percent.
    pub focus: u32,
}

impl Ahead {
    fn of(outlook: &Outlook, (first_on, last_on): (Date, Date), held: &Held, focus: u32) -> Ahead {
        let as_of = outlook.as_of();
        // Before its first day the team works on something else.
        let before = usize::try_from((first_on - as_of).get_days()).unwrap_or(0);
        let coming = outlook.capacity.coming.iter().enumerate();
        let coming: Vec<f64> = coming.map(|(ahead, day)| if ahead < before { 0.0 } else { *day }).collect();
        let days = usize::try_from((last_on - as_of).get_days() + 1).ok().filter(|days| *days > 0);
        let forecast = outlook.forecast.with_capacity(&coming);
        Ahead { forecast, open: held.open as u64, begun: held.today as u64, days, focus }
    }

    /// At least so many of the open ones are done in so many days.
    pub fn at_least(&self, probability: f64, days: usize) -> u64 {
        self.forecast.at_least(probability, days).saturating_sub(self.begun).min(self.open)
    }

    pub fn chance(&self, days: usize) -> f64 {
        self.forecast.chance(self.open + self.begun, days)
    }

    /// Of numbers that the team finishes in all, those that are of the open ones.
    pub fn shared(&self, counts: &[u64]) -> Vec<u64> {
        let of = |count: &u64| (count * u64::from(self.focus) / 100).saturating_sub(self.begun).min(self.open);
        counts.iter().map(of).collect()
    }
}

/// What is ahead of a sprint as Cairn sees it by itself; or why nothing is, in a sentence.
pub(crate) async fn stands(tx: &mut Tx<'_>, sprint: &Sprint) -> Result<Result<(Outlook, Ahead), String>> {
    let held = Held::of(tx, sprint).await?;
    if let Some(sentence) = words::refused(held.open as u64, held.done as u64, sprint.closed_at.is_some()) {
        return Ok(Err(sentence.to_owned()));
    }
    let focus = held.share().unwrap_or(100);
    let assumed = Assumptions { focus: f64::from(focus) / 100.0, ..Assumptions::default() };
    let found = Outlook::of_each(tx, &[sprint.team_id], Some(ItemKind::Issues), &assumed).await?.swap_remove(0);
    Ok(found.map(|outlook| {
        let ahead = Ahead::of(&outlook, (sprint.first_on, sprint.last_on), &held, focus);
        (outlook, ahead)
    }))
}

async fn of(tx: &mut Tx<'_>, sprint: Sprint, focus: Option<u32>) -> Result<SprintForecast> {
    let held = Held::of(tx, &sprint).await?;
    let learned = held.share().filter(|_| focus.is_none());
    let empty = SprintForecast {
        id: sprint.sprint_id,
        name: sprint.name,
        team: sprint.team_id,
        team_name: sprint.team_name,
        first_on: sprint.first_on,
        last_on: sprint.last_on,
        refused: None,
        says: Vec::new(),
        done: held.done as u64,
        open: held.open as u64,
        focus: focus.or(learned).unwrap_or(100),
        focus_from: learned.map(|_| held.sprints as u32),
        chance: None,
        at_least: None,
        likely: [None; 4],
        to_go: None,
        course: None,
        record: sprint_line(tx, sprint.team_id).await?,
    };
    let refused = |sentence: String| SprintForecast { refused: Some(sentence), ..empty.clone() };
    if let Some(sentence) = words::refused(empty.open, empty.done, sprint.closed_at.is_some()) {
        return Ok(refused(sentence.to_owned()));
    }
    let assumed = Assumptions { focus: f64::from(empty.focus) / 100.0, ..Assumptions::default() };
    match Outlook::of_each(tx, &[sprint.team_id], Some(ItemKind::Issues), &assumed).await?.swap_remove(0) {
        Err(sentence) => Ok(refused(sentence)),
        Ok(outlook) => {
            let ahead = Ahead::of(&outlook, (empty.first_on, empty.last_on), &held, empty.focus);
            Ok(answered(outlook.as_of(), &ahead, empty, focus.is_some()))
        }
    }
}

fn answered(as_of: Date, ahead: &Ahead, empty: SprintForecast, given: bool) -> SprintForecast {
    let (forecast, begun, days) = (&ahead.forecast, ahead.begun, ahead.days);
    let likely = STATED.map(|percent| forecast.date_for(ahead.open + begun, share(percent)));
    let level = |level: f64, days: usize| (forecast.quantile(level, days) - begun as f64).max(0.0);
    let reach = Reach { as_of, open: ahead.open, days, end: "its end", likely: likely[2] };
    let chance = days.map(|days| ahead.chance(days));
    let fits = days.filter(|_| chance < Some(0.85)).map(|days| level(0.15, days).floor() as u64);
    let course =
        reach.course(|places| places.iter().map(|days| LEVELS.map(|probability| level(probability, *days))).collect());
    let answer = SprintForecast {
        chance,
        at_least: days.map(|days| STATED.map(|percent| ahead.at_least(share(percent), days))),
        to_go: fits.map(|fits| ahead.open.saturating_sub(fits)),
        course: Some(course),
        likely,
        ..empty
    };
    SprintForecast { says: words::says(&answer, given), ..answer }
}

fn share(percent: u32) -> f64 {
    f64::from(percent) / 100.0
}

pub fn pages() -> Pages {
    Pages::new().get("/sprints/{sprint}/forecast", page::show)
}
