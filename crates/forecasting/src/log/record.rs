//! How often what was stated came true: of what was issued, and of what would have been issued along the past.
use super::{HORIZONS, Question, holds};
use crate::history::ItemKind;
use jiff::civil::Date;
use kernel::{Actor, Error, Id, Method::Get, Operation, Result, Route, Team, Time, Tx, args, columns, sql};
use people::team::Record;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How well past forecasts came true, of one team or of all.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowRecord {
    #[serde(default)]
    pub team: Option<Id<Team>>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TrackRecord {
    pub team_name: Option<String>,
    /// Forecasts that were issued and whose time has come.
    pub issued: Horizon,
    /// Forecasts that would have been made along the past.
    pub backtested: Horizon,
    /// Both together, by days ahead.
    pub horizons: Vec<Horizon>,
    /// Both together, by stated probability.
    pub levels: Vec<Level>,
    /// Forecasts of sprints, in a group of their own.
    pub sprints: SprintRecord,
    /// Chances of commitments that were logged and are settled, and their mean squared error: 0 is perfect, 0.25 is a coin.
    pub promises: i64,
    pub promises_brier: Option<f64>,
    pub logged: Vec<LoggedForecast>,
}

/// How forecasts of how much of a sprint is done by its last day did.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct SprintRecord {
    /// Those that were issued and whose sprint is closed.
    pub issued: Horizon,
    /// Those that would have been made when past sprints began.
    pub backtested: Horizon,
    /// Both together.
    pub all: Horizon,
    /// Both together, by stated probability.
    pub levels: Vec<Level>,
}

/// How forecasts of a number of days did.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct Horizon {
    /// Days ahead; 0 for all together.
    pub days: i64,
    pub forecasts: i64,
    /// Of how many what was stated with 50, 70, 85 and 95 % held, and the same of the plain bootstrap.
    pub held: [i64; 4],
    pub plain_held: [i64; 4],
    /// The sums of the scores, in items, over the `compared` forecasts of counts.
    pub compared: i64,
    pub crps: f64,
    pub plain_crps: f64,
    pub width: f64,
    pub plain_width: f64,
}

/// How often what was stated with one probability held.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Level {
    pub percent: i64,
    pub forecasts: i64,
    pub held: i64,
    /// Of the forecasts that a plain bootstrap made as well.
    pub plain_forecasts: i64,
    pub plain_held: i64,
}

/// One line of the log.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LoggedForecast {
    pub id: String,
    pub team_id: Id<Team>,
    pub team_name: String,
    pub issued_at: Time,
    pub issued_by: Option<String>,
    pub question: Question,
    pub kind: ItemKind,
    pub as_of: Date,
    pub days: i64,
    pub items: Option<i64>,
    pub commitment_id: Option<String>,
    pub sprint_id: Option<String>,
    pub sprint_name: Option<String>,
    pub levels: String,
    pub chance: Option<f64>,
    pub seed: i64,
    pub digest: String,
    pub resolved_at: Option<Time>,
    pub outcome: Option<i64>,
    pub held: Option<i64>,
}
columns!(LoggedForecast {
    id,
    team_id,
    team_name,
    issued_at,
    issued_by,
    question,
    kind,
    as_of,
    days,
    items,
    commitment_id,
    sprint_id,
    sprint_name,
    levels,
    chance,
    seed,
    digest,
    resolved_at,
    outcome,
    held,
});

/// Forecasts with the same result, counted.
struct Alike {
    issued: bool,
    days: i64,
    held: i64,
    plain_held: Option<i64>,
    forecasts: i64,
    crps: f64,
    plain_crps: f64,
    width: f64,
    plain_width: f64,
}
columns!(Alike { issued, days, held, plain_held, forecasts, crps, plain_crps, width, plain_width });

const PERCENTS: [i64; 4] = [50, 70, 85, 95];
const MOST_LOGGED: i64 = 60;

impl Operation for ShowRecord {
    const NAME: &str = "forecast.record";
    const ROUTE: Route = Route(Get, "/forecasts/record");
    const READS: bool = true;
    type Target = Option<Record>;
    type Output = TrackRecord;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        match self.team {
            Some(team) => Ok(Some(Record::visible(tx, team).await?)),
            None if tx.actor().belongs() => Ok(None),
            None => Err(Error::NotFound),
        }
    }

    fn allows(_: &Actor, _: &Self::Target) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, team: Self::Target) -> Result<TrackRecord> {
        let alike = alike(tx, self.team).await?;
        let sum = |wanted: &dyn Fn(&Alike) -> bool, days| Horizon::of(alike.iter().filter(|one| wanted(one)), days);
        let (promises, promises_brier) = promises(tx, self.team).await?;
        Ok(TrackRecord {
            team_name: team.map(|team| team.name),
            issued: sum(&|one| one.issued, 0),
            backtested: sum(&|one| !one.issued, 0),
            horizons: HORIZONS.map(|days| sum(&|one| one.days == days as i64, days as i64)).to_vec(),
            levels: (1..20).map(|level| Level::of(&alike, level * 5)).collect(),
            sprints: sprints(tx, self.team).await?,
            promises,
            promises_brier,
            logged: logged(tx, self.team).await?,
        })
    }
}

async fn alike(tx: &mut Tx<'_>, team: Option<Id<Team>>) -> Result<Vec<Alike>> {
    let select = sql!(
        "select true as issued, f.days, o.held, o.plain_held, count(*) as forecasts, coalesce(sum(o.crps), 0.0) as crps,
                coalesce(sum(o.plain_crps), 0.0) as plain_crps, coalesce(sum(o.width), 0.0) as width,
                coalesce(sum(o.plain_width), 0.0) as plain_width
           from issued_forecasts f
           join forecast_outcomes o on o.workspace_id = f.workspace_id and o.forecast_id = f.id
          where f.workspace_id = $1 and (cast($2 as text) is null or f.team_id = $2) and f.question in ('count', 'date')
          group by f.days, o.held, o.plain_held
         union all
         select false as issued, b.days, b.held, b.plain_held, count(*) as forecasts, sum(b.crps) as crps,
                sum(b.plain_crps) as plain_crps, sum(b.width) as width, sum(b.plain_width) as plain_width
           from backtests b
          where b.workspace_id = $1 and (cast($2 as text) is null or b.team_id = $2)
          group by b.days, b.held, b.plain_held"
    );
    tx.all(select, args![tx.workspace(), team]).await
}

async fn sprints(tx: &mut Tx<'_>, team: Option<Id<Team>>) -> Result<SprintRecord> {
    let select = sql!(
        "select true as issued, cast(0 as bigint) as days, o.held, o.plain_held, count(*) as forecasts,
                coalesce(sum(o.crps), 0.0) as crps, coalesce(sum(o.plain_crps), 0.0) as plain_crps,
                coalesce(sum(o.width), 0.0) as width, coalesce(sum(o.plain_width), 0.0) as plain_width
           from issued_forecasts f
           join forecast_outcomes o on o.workspace_id = f.workspace_id and o.forecast_id = f.id
          where f.workspace_id = $1 and (cast($2 as text) is null or f.team_id = $2) and f.question = 'sprint'
          group by o.held, o.plain_held
         union all
         select false as issued, cast(0 as bigint) as days, b.held, b.plain_held, count(*) as forecasts, sum(b.crps) as crps,
                sum(b.plain_crps) as plain_crps, sum(b.width) as width, sum(b.plain_width) as plain_width
           from sprint_backtests b
          where b.workspace_id = $1 and (cast($2 as text) is null or b.team_id = $2)
          group by b.held, b.plain_held"
    );
    let alike: Vec<Alike> = tx.all(select, args![tx.workspace(), team]).await?;
    Ok(SprintRecord {
        issued: Horizon::of(alike.iter().filter(|one| one.issued), 0),
        backtested: Horizon::of(alike.iter().filter(|one| !one.issued), 0),
        all: Horizon::of(alike.iter(), 0),
        levels: (1..20).map(|level| Level::of(&alike, level * 5)).collect(),
    })
}

async fn promises(tx: &mut Tx<'_>, team: Option<Id<Team>>) -> Result<(i64, Option<f64>)> {
    let select = sql!(
        "select count(*), avg((f.chance - o.outcome) * (f.chance - o.outcome)) from issued_forecasts f
           join forecast_outcomes o on o.workspace_id = f.workspace_id and o.forecast_id = f.id
          where f.workspace_id = $1 and (cast($2 as text) is null or f.team_id = $2) and f.question = 'promise'"
    );
    tx.one(select, args![tx.workspace(), team]).await
}

async fn logged(tx: &mut Tx<'_>, team: Option<Id<Team>>) -> Result<Vec<LoggedForecast>> {
    let select = sql!(
        "select f.id, f.team_id, t.name as team_name, f.issued_at, p.name as issued_by, f.question, f.kind, f.as_of, f.days,
                f.items, f.commitment_id, l.sprint_id, s.name as sprint_name, f.levels, f.chance, f.seed, f.digest, o.resolved_at, o.outcome, o.held
           from issued_forecasts f
           join teams t on t.workspace_id = f.workspace_id and t.id = f.team_id
           left join people p on p.workspace_id = f.workspace_id and p.id = f.issued_by
           left join forecast_outcomes o on o.workspace_id = f.workspace_id and o.forecast_id = f.id
           left join sprint_forecasts l on l.workspace_id = f.workspace_id and l.forecast_id = f.id
           left join work_public_sprints s on s.workspace_id = l.workspace_id and s.sprint_id = l.sprint_id
          where f.workspace_id = $1 and (cast($2 as text) is null or f.team_id = $2)
          order by f.issued_at desc, f.id desc limit $3"
    );
    tx.all(select, args![tx.workspace(), team, MOST_LOGGED]).await
}

impl Horizon {
    fn of<'a>(alike: impl Iterator<Item = &'a Alike>, days: i64) -> Horizon {
        let mut sum = Horizon { days, ..Horizon::default() };
        for one in alike {
            sum.forecasts += one.forecasts;
            for (place, percent) in PERCENTS.into_iter().enumerate() {
                sum.held[place] += if holds(one.held, percent) { one.forecasts } else { 0 };
                let plain = one.plain_held.is_some_and(|held| holds(held, percent));
                sum.plain_held[place] += if plain { one.forecasts } else { 0 };
            }
            sum.compared += if one.plain_held.is_some() { one.forecasts } else { 0 };
            sum.crps += one.crps;
            sum.plain_crps += one.plain_crps;
            sum.width += one.width;
            sum.plain_width += one.plain_width;
        }
        sum
    }

    /// Means of what was compared: CRPS and the width of the 80 % interval, in items, each beside the plain bootstrap's.
    pub fn scores(&self) -> Option<[(f64, f64); 2]> {
        let mean = |sum: f64| sum / self.compared as f64;
        let pairs = [(self.crps, self.plain_crps), (self.width, self.plain_width)];
        (self.compared > 0).then(|| pairs.map(|(ours, plain)| (mean(ours), mean(plain))))
    }

    /// The mean squared error of the statements with 85 %, and that of the plain bootstrap: their Brier scores.
    pub fn brier(&self) -> Option<(f64, f64)> {
        let score = |held: i64, of: i64| {
            let share = held as f64 / of as f64;
            share * 0.15 * 0.15 + (1.0 - share) * 0.85 * 0.85
        };
        (self.compared > 0).then(|| (score(self.held[2], self.forecasts), score(self.plain_held[2], self.compared)))
    }
}

impl Level {
    fn of(alike: &[Alike], percent: i64) -> Level {
        let mut level = Level { percent, forecasts: 0, held: 0, plain_forecasts: 0, plain_held: 0 };
        for one in alike {
            level.forecasts += one.forecasts;
            level.held += if holds(one.held, percent) { one.forecasts } else { 0 };
            if let Some(held) = one.plain_held {
                level.plain_forecasts += one.forecasts;
                level.plain_held += if holds(held, percent) { one.forecasts } else { 0 };
            }
        }
        level
    }
}

/// How well forecasts came true, in one sentence that stands beside each new one.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RecordLine {
    /// Forecasts that were issued and have an outcome, and of how many what was stated with 85 % held.
    pub issued: i64,
    pub issued_held: i64,
    /// The same of those along the past.
    pub backtested: i64,
    pub backtested_held: i64,
    pub says: String,
}

/// The record of a team.
pub async fn record_line(tx: &mut Tx<'_>, team: Id<Team>) -> Result<RecordLine> {
    let select = sql!(
        "select count(*) as n, cast(coalesce(sum(case when o.held >= 3 then 1 else 0 end), 0) as bigint) as held, 0 as place
           from issued_forecasts f
           join forecast_outcomes o on o.workspace_id = f.workspace_id and o.forecast_id = f.id
          where f.workspace_id = $1 and f.team_id = $2 and f.question in ('count', 'date')
         union all
         select count(*) as n, cast(coalesce(sum(case when b.held >= 3 then 1 else 0 end), 0) as bigint) as held, 1 as place
           from backtests b where b.workspace_id = $1 and b.team_id = $2
          order by place"
    );
    let rows: Vec<(i64, i64)> = tx.all(select, args![tx.workspace(), team]).await?;
    let [issued, backtested] = [rows.first(), rows.get(1)].map(|row| row.copied().unwrap_or_default());
    Ok(RecordLine {
        issued: issued.0,
        issued_held: issued.1,
        backtested: backtested.0,
        backtested_held: backtested.1,
        says: in_words(issued, backtested),
    })
}

fn in_words(issued: (i64, i64), backtested: (i64, i64)) -> String {
    let told = |(of, held): (i64, i64), what: &str| format!("Of {of} forecasts at 85 % {what}, {held} came true");
    match (issued.0, backtested.0) {
        (0, 0) => "No forecast of this team has come to its date yet.".to_owned(),
        (0, _) => format!("{}. None that was issued has come to its date yet.", told(backtested, "along the past")),
        (_, 0) => format!("{}.", told(issued, "that were issued")),
        _ => {
            format!("{}; {}.", told(issued, "that were issued"), told(backtested, "along the past").replace("Of", "of"))
        }
    }
}
