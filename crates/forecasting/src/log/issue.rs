use super::{HORIZONS, LEVELS, stated};
use crate::{
    access::Led,
    answer::days_until,
    commitment::Commitment,
    history::{ItemKind, SEED},
    outlook::Outlook,
};
use forecast::{Bootstrap, History, MOST_DAYS};
use jiff::civil::Date;
use kernel::{Actor, Error, Id, Method::Post, Operation, Result, Route, Team, Tx, args, json, sql, words};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Issue a forecast: put it into the log, where it stays as it is and is scored when its time has come. With `items` it
/// says when they are done, else how many are done by the date.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueForecast {
    pub team: Id<Team>,
    #[serde(default)]
    pub items: Option<u32>,
    #[serde(default)]
    pub by: Option<Date>,
}

words! {
    /// What a logged forecast answers.
    pub enum Question {
        /// How many items in a number of days.
        Count = "count",
        /// When a number of items is done.
        Date = "date",
        /// Whether a commitment is kept.
        Promise = "promise",
        /// How many of the issues that are open in a sprint are done by its last day.
        Sprint = "sprint",
    }
}

/// A forecast that was put into the log.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Issued {
    #[schemars(with = "String")]
    pub id: Id<Issued>,
    pub as_of: Date,
    pub question: Question,
    /// SHA-256 of the history and the capacity that it was made from.
    pub digest: String,
    /// What is stated with 5, 10 and so on to 95 %: counts, or days from `as_of`.
    pub levels: Vec<u64>,
}

impl Operation for IssueForecast {
    const NAME: &str = "forecast.issue";
    const ROUTE: Route = Route(Post, "/teams/{team}/forecasts");
    type Target = Led;
    type Output = Issued;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Led> {
        Led::visible(tx, self.team).await
    }

    fn allows(actor: &Actor, _: &Led) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: Led) -> Result<Issued> {
        let found = Outlook::of(tx, self.team, &Default::default()).await?;
        let outlook = found.map_err(Error::conflict)?;
        let entry = match (self.items, self.by) {
            (Some(items), _) if (1..=20_000).contains(&items) => Entry::date(&outlook, items),
            (Some(_), _) => return Err(Error::invalid("items", "Write a number from 1 to 20,000.")),
            (None, Some(by)) => Entry::count(&outlook, days_until(outlook.as_of(), by)?),
            (None, None) => return Err(Error::invalid("by", "Say by when, or how many items.")),
        };
        entry.log(tx, self.team, true).await
    }
}

/// What is written of one forecast.
pub(crate) struct Entry {
    pub kind: ItemKind,
    pub question: Question,
    pub as_of: Date,
    pub days: usize,
    pub items: Option<u32>,
    pub commitment: Option<Id<Commitment>>,
    pub digest: String,
    pub levels: Vec<u64>,
    pub plain_levels: Vec<u64>,
    pub chance: Option<f64>,
}

/// Futures of the plain bootstrap.
const FUTURES: usize = 400;

impl Entry {
    pub fn of(outlook: &Outlook, question: Question, days: usize) -> Entry {
        Entry {
            kind: outlook.finished.kind,
            question,
            as_of: outlook.as_of(),
            days,
            items: None,
            commitment: None,
            digest: outlook.finished.digest(&outlook.capacity.coming),
            levels: Vec::new(),
            plain_levels: Vec::new(),
            chance: None,
        }
    }

    pub fn count(outlook: &Outlook, days: usize) -> Entry {
        let levels = (0..LEVELS).map(|level| outlook.forecast.at_least(stated(level), days)).collect();
        let plain_levels =
            outlook.finished.history().map_or(Vec::new(), |history| plain(&history, outlook.as_of(), days));
        Entry { levels, plain_levels, ..Entry::of(outlook, Question::Count, days) }
    }

    pub fn date(outlook: &Outlook, items: u32) -> Entry {
        let as_of = outlook.as_of();
        let days = |level| {
            let date = outlook.forecast.date_for(items.into(), stated(level));
            date.and_then(|date| days_until(as_of, date).ok()).unwrap_or(MOST_DAYS + 1) as u64
        };
        let levels: Vec<u64> = (0..LEVELS).map(days).collect();
        let last = levels.last().map_or(MOST_DAYS, |days| *days as usize);
        Entry { items: Some(items), levels, ..Entry::of(outlook, Question::Date, last) }
    }

    /// Of a commitment, whose chance of being kept by the end of `days` this is.
    pub fn promise(outlook: &Outlook, commitment: Id<Commitment>, days: usize, chance: f64) -> Entry {
        let entry = Entry::of(outlook, Question::Promise, days);
        Entry { commitment: Some(commitment), chance: Some(chance), ..entry }
    }

    /// Adds it to the log, for whoever acts now or for Cairn itself. There is no way to change what is there.
    pub async fn log(self, tx: &mut Tx<'_>, team: Id<Team>, by_actor: bool) -> Result<Issued> {
        let (id, seed): (Id<Issued>, i64) = (tx.id(), SEED as i64);
        let me = Some(tx.me()).filter(|_| by_actor && !tx.actor().is_system());
        let (levels, plain) = (json!(self.levels).to_string(), json!(self.plain_levels).to_string());
        let (days, items) = (self.days as i64, self.items.map(i64::from));
        let insert = sql!(
            "insert into issued_forecasts (workspace_id, id, team_id, issued_at, issued_by, question, kind, as_of, days, items,
                    commitment_id, seed, digest, levels, plain_levels, chance)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)"
        );
        let (workspace, now) = (tx.workspace(), tx.now());
        let values = args![
            workspace,
            id,
            team,
            now,
            me,
            self.question,
            self.kind,
            self.as_of,
            days,
            items,
            self.commitment,
            seed,
            self.digest,
            levels,
            plain,
            self.chance
        ];
        tx.run(insert, values).await?;
        tx.record("forecast.issued", team, json!({ "forecast": id, "question": self.question }));
        Ok(Issued { id, as_of: self.as_of, question: self.question, digest: self.digest, levels: self.levels })
    }
}

/// What a plain bootstrap states at the levels.
pub(crate) fn plain(history: &History, as_of: Date, days: usize) -> Vec<u64> {
    let drawn = Bootstrap::new(history, as_of, days, FUTURES);
    drawn.map_or(Vec::new(), |drawn| (0..LEVELS).map(|level| drawn.quantile(1.0 - stated(level))).collect())
}

/// Issues what Cairn issues by itself, unless it did so in the week before.
pub(crate) async fn weekly(tx: &mut Tx<'_>, team: Id<Team>, outlook: &Outlook) -> Result<()> {
    let since = outlook.as_of().saturating_sub(jiff::Span::new().days(7));
    let done = sql!(
        "select 1 from issued_forecasts
          where workspace_id = $1 and team_id = $2 and as_of > $3 and issued_by is null and question = 'count' limit 1"
    );
    if tx.exists(done, args![tx.workspace(), team, since]).await? {
        return Ok(());
    }
    for days in HORIZONS {
        Entry::count(outlook, days).log(tx, team, false).await?;
    }
    Ok(())
}

/// Whether nothing was logged of a commitment since a day.
pub(crate) async fn nothing_logged(tx: &mut Tx<'_>, commitment: Id<Commitment>, since: Date) -> Result<bool> {
    let select =
        sql!("select 1 from issued_forecasts where workspace_id = $1 and commitment_id = $2 and as_of > $3 limit 1");
    Ok(!tx.exists(select, args![tx.workspace(), commitment, since]).await?)
}
