use crate::access::Led;
use forecast::finishes;
use jiff::{ToSpan, civil::Date, tz::TimeZone};
use kernel::{
    Actor, Bind, Error, Id,
    Method::{Delete, Post},
    Operation, Result, Route, Team, Time, Tx, args, columns, json, sql,
    text::Name,
};
use people::access::today;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Bring in the finish dates of a team's items from a file: one date or RFC 3339 instant a line. A file of the same name
/// takes the place of the one that was brought before.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportFinishes {
    pub team: Id<Team>,
    /// Under which it is listed, and replaced by the next one of that name.
    pub name: Name<120>,
    /// The text of the file, of at most 4 MB and 200,000 lines.
    pub file: FinishFile,
    /// The last day of which the file tells everything; the last date in it if left out. Forecasts start on the next day.
    #[serde(default)]
    pub complete_until: Option<Date>,
    /// Only say what would be done.
    #[serde(default)]
    pub dry_run: bool,
}

/// A file of finish dates that was read within limits, which happens before the transaction.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(try_from = "String")]
#[schemars(with = "String")]
pub struct FinishFile(BTreeMap<Date, i64>);

const MOST_BYTES: usize = 4 * 1024 * 1024;
const MOST_LINES: usize = 200_000;
/// Older dates are a slip of the pen.
const OLDEST: Date = Date::constant(1990, 1, 1);

impl TryFrom<String> for FinishFile {
    type Error = String;

    fn try_from(text: String) -> Result<FinishFile, String> {
        if text.len() > MOST_BYTES || text.lines().count() > MOST_LINES {
            return Err("The file is larger than 4 MB or 200,000 lines.".into());
        }
        let dates = finishes(&text).map_err(|line| line.to_string())?;
        let mut days = BTreeMap::new();
        for date in dates {
            *days.entry(date).or_insert(0) += 1;
        }
        match days.keys().next() {
            None => Err("There is no finish date in the file.".into()),
            Some(first) if *first < OLDEST => Err(format!("{first} is before {OLDEST}; check the year.")),
            Some(_) => Ok(FinishFile(days)),
        }
    }
}

/// What an import brings, or has brought.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ImportedFinishes {
    /// Nothing for one that only said what it would do.
    pub import: Option<Id<FinishImport>>,
    pub items: i64,
    pub first_on: Date,
    pub last_on: Date,
    pub complete_until: Date,
    /// How many items the file of the same name had that this one replaces.
    pub replaces: Option<i64>,
}

/// A file of finish dates, as it is listed.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FinishImport {
    #[schemars(with = "String")]
    pub id: Id<FinishImport>,
    pub name: String,
    pub complete_until: Date,
    pub items: i64,
    pub imported_at: Time,
}
columns!(FinishImport { id, name, complete_until, items, imported_at });

impl Operation for ImportFinishes {
    const NAME: &str = "history.import";
    const ROUTE: Route = Route(Post, "/teams/{team}/forecast/history");
    type Target = Led;
    type Output = ImportedFinishes;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Led> {
        Led::visible(tx, self.team).await
    }

    fn allows(actor: &Actor, team: &Led) -> bool {
        team.may_keep(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: Led) -> Result<ImportedFinishes> {
        let mut imported = self.summary(today(tx))?;
        let of_name = sql!(
            "select cast(sum(items) as bigint) from finish_imports
              where workspace_id = $1 and team_id = $2 and lower(name) = lower($3) and removed_at is null"
        );
        imported.replaces = tx.one(of_name, args![tx.workspace(), self.team, self.name]).await?;
        if !self.dry_run {
            imported.import = Some(self.store(tx, &imported).await?);
        }
        Ok(imported)
    }
}

impl ImportFinishes {
    fn summary(&self, today: Date) -> Result<ImportedFinishes> {
        let FinishFile(days) = &self.file;
        let none = || Error::invalid("file", "There is no finish date in the file.");
        let (first_on, last_on) = (*days.keys().next().ok_or_else(none)?, *days.keys().next_back().ok_or_else(none)?);
        // A file from far in the east may tell of a day that has not begun in UTC.
        if last_on > today.saturating_add(1.day()) {
            return Err(Error::invalid(
                "file",
                format!("{last_on} lies ahead; only what is finished can be imported."),
            ));
        }
        let complete_until = self.complete_until.unwrap_or(last_on).min(today);
        if complete_until < last_on.min(today) {
            let sentence = format!("The file tells of {last_on}, so it is complete until then at least.");
            return Err(Error::invalid("complete_until", sentence));
        }
        Ok(ImportedFinishes {
            import: None,
            items: days.values().sum(),
            first_on,
            last_on,
            complete_until,
            replaces: None,
        })
    }

    async fn store(&self, tx: &mut Tx<'_>, imported: &ImportedFinishes) -> Result<Id<FinishImport>> {
        let (id, now): (Id<FinishImport>, _) = (tx.id(), tx.now());
        let replace = sql!(
            "update finish_imports set removed_at = $4
              where workspace_id = $1 and team_id = $2 and lower(name) = lower($3) and removed_at is null"
        );
        tx.run(replace, args![tx.workspace(), self.team, self.name, now]).await?;
        let insert = sql!(
            "insert into finish_imports (workspace_id, id, team_id, name, complete_until, items, imported_by, imported_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8)"
        );
        let (until, items, me) = (imported.complete_until, imported.items, tx.me());
        tx.run(insert, args![tx.workspace(), id, self.team, self.name, until, items, me, now]).await?;
        let one = sql!("insert into imported_finishes (workspace_id, import_id, at, items) values ($1, $2, $3, $4)");
        let FinishFile(days) = &self.file;
        let days: Vec<(Time, i64)> =
            days.iter().map(|(date, items)| Ok((start(*date)?, *items))).collect::<Result<_>>()?;
        let workspace = tx.workspace();
        let rows: Vec<_> =
            days.iter().map(|(at, items)| vec![workspace.bind(), id.bind(), at.bind(), items.bind()]).collect();
        tx.run_many(one, &rows).await?;
        tx.record("history.imported", self.team, json!({ "import": id, "items": items }));
        Ok(id)
    }
}

/// The instant at which a day begins in UTC.
fn start(date: Date) -> Result<Time> {
    Ok(date.to_zoned(TimeZone::UTC).map_err(Error::internal)?.timestamp().into())
}

/// Take an imported file of finish dates out of the forecasts.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveFinishes {
    pub team: Id<Team>,
    pub import: Id<FinishImport>,
}

impl Operation for RemoveFinishes {
    const NAME: &str = "history.remove";
    const ROUTE: Route = Route(Delete, "/teams/{team}/forecast/history/{import}");
    type Target = Led;
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Led> {
        import_of(tx, self.team, self.import).await
    }

    fn allows(actor: &Actor, team: &Led) -> bool {
        team.may_keep(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: Led) -> Result<()> {
        let update = sql!("update finish_imports set removed_at = $3 where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), self.import, tx.now()]).await?;
        tx.record("history.removed", self.team, json!({ "import": self.import }));
        Ok(())
    }
}

/// Count an imported file that was removed again.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RestoreFinishes {
    pub team: Id<Team>,
    pub import: Id<FinishImport>,
}

impl Operation for RestoreFinishes {
    const NAME: &str = "history.restore";
    const ROUTE: Route = Route(Post, "/teams/{team}/forecast/history/{import}/restore");
    type Target = Led;
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Led> {
        import_of(tx, self.team, self.import).await
    }

    fn allows(actor: &Actor, team: &Led) -> bool {
        team.may_keep(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: Led) -> Result<()> {
        let twice = sql!(
            "select 1 from finish_imports i join finish_imports o on o.workspace_id = i.workspace_id
                and o.team_id = i.team_id and lower(o.name) = lower(i.name) and o.removed_at is null
              where i.workspace_id = $1 and i.id = $2"
        );
        if tx.exists(twice, args![tx.workspace(), self.import]).await? {
            return Err(Error::conflict("A newer file of this name counts already. Remove that one first."));
        }
        let update = sql!("update finish_imports set removed_at = null where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), self.import]).await?;
        tx.record("history.imported", self.team, json!({ "import": self.import }));
        Ok(())
    }
}

async fn import_of(tx: &mut Tx<'_>, team: Id<Team>, import: Id<FinishImport>) -> Result<Led> {
    let led = Led::visible(tx, team).await?;
    let here = sql!("select 1 from finish_imports where workspace_id = $1 and team_id = $2 and id = $3");
    match tx.exists(here, args![tx.workspace(), team, import]).await? {
        true => Ok(led),
        false => Err(Error::NotFound),
    }
}
