use super::{Ages, age};
use crate::outlook::too_small;
use jiff::{civil::Date, tz::TimeZone};
use kernel::{Actor, Id, Method::Get, Operation, Result, Route, Team, Time, Tx, args, columns, sql};
use people::team::Record;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The issues of a team that are in progress, the oldest first, beside how long the finished ones of the past year took.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowAgeing {
    pub team: Id<Team>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AgeingView {
    pub team: Id<Team>,
    pub team_name: String,
    /// Why nothing is shown, in a sentence; then nothing else is here.
    pub refused: Option<String>,
    /// Finished issues of the past year that were in progress before.
    pub finished: usize,
    /// Within so many days 50, 70, 85 and 95 % of them were done; nothing where they are fewer than ten.
    pub percentiles: Option<[u32; 4]>,
    pub items: Vec<AgeingItem>,
}

/// An issue in progress. Who works on it plays no part.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct AgeingItem {
    pub id: String,
    pub key: String,
    pub title: String,
    pub state_name: String,
    pub started_on: Date,
    /// Whole days since then.
    pub days: u32,
    /// The chance that it is done within a week, from 0 to 1; nothing where too few took as long.
    pub in_a_week: Option<f64>,
}

struct Row {
    issue_id: String,
    team_key: String,
    number: i64,
    title: String,
    state_name: String,
    started_at: Time,
}
columns!(Row { issue_id, team_key, number, title, state_name, started_at });

const MOST: i64 = 300;
const WEEK: f64 = 7.0;

impl Operation for ShowAgeing {
    const NAME: &str = "forecast.ageing";
    const ROUTE: Route = Route(Get, "/teams/{team}/forecast/ageing");
    const READS: bool = true;
    type Target = Record;
    type Output = AgeingView;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Record> {
        Record::visible(tx, self.team).await
    }

    fn allows(_: &Actor, _: &Record) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, team: Record) -> Result<AgeingView> {
        let refused = too_small(tx, self.team).await?;
        let empty = AgeingView {
            team: self.team,
            team_name: team.name,
            refused,
            finished: 0,
            percentiles: None,
            items: Vec::new(),
        };
        if empty.refused.is_some() {
            return Ok(empty);
        }
        let ages = Ages::of(tx, self.team, true).await?;
        let rows = in_progress(tx, self.team).await?;
        let now = tx.now();
        Ok(AgeingView {
            finished: ages.finished.len(),
            percentiles: ages.percentiles(),
            items: rows.into_iter().map(|row| row.item(&ages, now)).collect(),
            ..empty
        })
    }
}

async fn in_progress(tx: &mut Tx<'_>, team: Id<Team>) -> Result<Vec<Row>> {
    let select = sql!(
        "select i.issue_id, i.team_key, i.number, i.title, i.state_name, i.started_at from work_public_items i
          where i.workspace_id = $1 and i.team_id = $2 and $3 and i.category = 'started' and i.leaf
            and i.started_at is not null
          order by i.started_at, i.issue_id limit $4"
    );
    tx.all(select, args![tx.workspace(), team, tx.actor().belongs(), MOST]).await
}

impl Row {
    fn item(self, ages: &Ages, now: Time) -> AgeingItem {
        let days = age(self.started_at, now);
        AgeingItem {
            key: format!("{}-{}", self.team_key, self.number),
            id: self.issue_id,
            title: self.title,
            state_name: self.state_name,
            started_on: self.started_at.date(&TimeZone::UTC),
            days: days as u32,
            in_a_week: ages.chance(days, days + WEEK),
        }
    }
}
