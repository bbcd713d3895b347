//! Noting a debt and changing it. Each change is a version of all that is known, so that it can be taken back.
use super::{Debt, Kept, Standing, look_up};
use kernel::{
    Actor, Change, Error, Flaw, Id,
    Method::{Patch, Post},
    Operation, Person, Result, Route, Team, Tx, args, json, sql,
    text::{Markdown, Name},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Note a debt of a team. A name suffices.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddDebt {
    pub team: Id<Team>,
    pub name: Name<120>,
    /// What it is, how one notices it, and what repaying would be. Markdown.
    #[serde(default)]
    pub about: Markdown,
    #[serde(default)]
    pub owner: Option<Id<Person>>,
    /// Open, if left out.
    #[serde(default)]
    pub standing: Option<Standing>,
    /// What it costs as long as it stays, in hours of all a week.
    #[serde(default)]
    pub hours_a_week: Option<f64>,
    /// What repaying costs, in hours of all.
    #[serde(default)]
    pub hours_to_repay: Option<f64>,
    /// Keys of issues about it, such as PAY-12; at most 20.
    #[serde(default)]
    pub issues: Vec<Name<40>>,
    /// Where it lies, as `repository: path`; at most 20.
    #[serde(default)]
    pub places: Vec<Name<400>>,
}

/// Change a debt. What is left out stays; an empty value clears.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EditDebt {
    pub debt: Id<Debt>,
    pub name: Option<Name<120>>,
    pub about: Option<Markdown>,
    #[serde(default)]
    pub owner: Change<Id<Person>>,
    pub standing: Option<Standing>,
    /// What it costs as long as it stays, in hours of all a week.
    #[serde(default)]
    pub hours_a_week: Change<f64>,
    /// What repaying costs, in hours of all.
    #[serde(default)]
    pub hours_to_repay: Change<f64>,
    /// All keys of issues about it.
    pub issues: Option<Vec<Name<40>>>,
    /// All places where it lies, as `repository: path`.
    pub places: Option<Vec<Name<400>>>,
}

impl Operation for AddDebt {
    const NAME: &str = "debt.add";
    const ROUTE: Route = Route(Post, "/debts");
    type Target = ();
    type Output = Debt;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        look_up(tx, Some(self.team), self.owner).await
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Debt> {
        let id: Id<Debt> = tx.id();
        let (now, me) = (tx.now(), tx.me());
        let insert =
            sql!("insert into debts (workspace_id, id, team_id, created_at, created_by) values ($1, $2, $3, $4, $5)");
        tx.run(insert, args![tx.workspace(), id, self.team, now, me]).await?;
        let version = Version {
            name: &self.name,
            about: &self.about,
            owner: self.owner,
            standing: self.standing.unwrap_or(Standing::Open),
            hours_a_week: self.hours_a_week,
            hours_to_repay: self.hours_to_repay,
        };
        let version = version.keep(tx, id).await?;
        link(tx, version, &self.issues, &self.places).await?;
        tx.record("debt.added", id, json!({ "name": self.name }));
        Ok(Kept::visible(tx, id, false).await?.debt)
    }
}

impl Operation for EditDebt {
    const NAME: &str = "debt.edit";
    const ROUTE: Route = Route(Patch, "/debts/{debt}");
    type Target = Kept;
    type Output = Debt;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        look_up(tx, None, self.owner.clone().apply(None)).await?;
        Kept::visible(tx, self.debt, false).await
    }

    fn allows(actor: &Actor, kept: &Kept) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, Kept { debt: old, .. }: Kept) -> Result<Debt> {
        let before = sql!(
            "select id, about from debt_versions
              where workspace_id = $1 and debt_id = $2 and undone_at is null order by number desc limit 1"
        );
        let (before, about): (Id<DebtVersion>, String) = tx.one(before, args![tx.workspace(), old.id]).await?;
        let version = Version {
            name: self.name.as_deref().unwrap_or(&old.name),
            about: self.about.as_deref().unwrap_or(&about),
            owner: self.owner.clone().apply(old.owner_id),
            standing: self.standing.unwrap_or(old.standing),
            hours_a_week: self.hours_a_week.clone().apply(old.hours_a_week),
            hours_to_repay: self.hours_to_repay.clone().apply(old.hours_to_repay),
        };
        let version = version.keep(tx, old.id).await?;
        let (issues, places) = (self.issues.as_deref(), self.places.as_deref());
        link(tx, version, issues.unwrap_or_default(), places.unwrap_or_default()).await?;
        carry(tx, before.as_str(), version.as_str(), issues.is_none(), places.is_none()).await?;
        match self.standing.filter(|standing| *standing != old.standing) {
            Some(to) => tx.record(
                "debt.standing_changed",
                old.id,
                json!({ "from": old.standing.title().to_lowercase(), "to": to.title().to_lowercase() }),
            ),
            None => tx.record("debt.changed", old.id, json!({})),
        }
        Ok(Kept::visible(tx, old.id, false).await?.debt)
    }
}

/// One change of a debt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub enum DebtVersion {}

/// All that is known of a debt at one time, without its links.
struct Version<'a> {
    name: &'a str,
    about: &'a str,
    owner: Option<Id<Person>>,
    standing: Standing,
    hours_a_week: Option<f64>,
    hours_to_repay: Option<f64>,
}

const MOST_HOURS_A_WEEK: f64 = 10_000.0;
const MOST_HOURS: f64 = 1_000_000.0;

impl Version<'_> {
    async fn keep(&self, tx: &mut Tx<'_>, debt: Id<Debt>) -> Result<Id<DebtVersion>> {
        self.check()?;
        let last = sql!("select coalesce(max(number), 0) from debt_versions where workspace_id = $1 and debt_id = $2");
        let last: i64 = tx.one(last, args![tx.workspace(), debt]).await?;
        let id: Id<DebtVersion> = tx.id();
        let (now, me, number) = (tx.now(), tx.me(), last + 1);
        let insert = sql!(
            "insert into debt_versions (workspace_id, id, debt_id, number, name, about, owner_id, standing, hours_a_week,
               hours_to_repay, at, by_id)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)"
        );
        let Version { name, about, owner, standing, hours_a_week, hours_to_repay } = *self;
        let workspace = tx.workspace();
        let values =
            args![workspace, id, debt, number, name, about, owner, standing, hours_a_week, hours_to_repay, now, me];
        tx.run(insert, values).await?;
        Ok(id)
    }

    fn check(&self) -> Result<()> {
        let mut flaws = Vec::new();
        let hours = [
            ("hours_a_week", self.hours_a_week, MOST_HOURS_A_WEEK),
            ("hours_to_repay", self.hours_to_repay, MOST_HOURS),
        ];
        for (field, hours, most) in hours {
            if hours.is_some_and(|hours| !hours.is_finite() || !(0.0..=most).contains(&hours)) {
                flaws.push(Flaw { field: field.into(), sentence: format!("Write hours from 0 to {most}.") });
            }
        }
        if flaws.is_empty() { Ok(()) } else { Err(Error::Invalid(flaws)) }
    }
}

const MOST_LINKS: usize = 20;

async fn link(tx: &mut Tx<'_>, version: Id<DebtVersion>, issues: &[Name<40>], places: &[Name<400>]) -> Result<()> {
    for (field, count) in [("issues", issues.len()), ("places", places.len())] {
        if count > MOST_LINKS {
            return Err(Error::invalid(field, format!("Name at most {MOST_LINKS}.")));
        }
    }
    let insert = sql!(
        "insert into debt_issues (workspace_id, version_id, issue_id) values ($1, $2, $3)
         on conflict (workspace_id, version_id, issue_id) do nothing"
    );
    for key in issues {
        let issue = issue(tx, key).await?;
        tx.run(insert, args![tx.workspace(), version, issue]).await?;
    }
    let insert = sql!(
        "insert into debt_places (workspace_id, version_id, position, repository_id, path) values ($1, $2, $3, $4, $5)"
    );
    for (position, place) in (1i64..).zip(places) {
        let (repository, path) = repository(tx, place).await?;
        tx.run(insert, args![tx.workspace(), version, position, repository, path]).await?;
    }
    Ok(())
}

async fn issue(tx: &mut Tx<'_>, key: &str) -> Result<String> {
    let unknown = || Error::invalid("issues", format!("There is no issue {key}."));
    let upper = key.trim().to_uppercase();
    let (team, number) = upper.rsplit_once('-').ok_or_else(unknown)?;
    let number: i64 = number.parse().map_err(|_| unknown())?;
    let select =
        sql!("select issue_id from work_public_items where workspace_id = $1 and team_key = $2 and number = $3");
    let found: Option<String> = tx.find(select, args![tx.workspace(), team, number]).await?;
    found.ok_or_else(unknown)
}

/// `ledger: src/journal` names a repository and a path in it.
async fn repository(tx: &mut Tx<'_>, place: &str) -> Result<(String, String)> {
    let shape =
        || Error::invalid("places", format!("Write “{place}” as repository: path, such as ledger: src/journal."));
    let (name, path) = place.split_once(':').ok_or_else(shape)?;
    let path = path.trim().trim_matches('/');
    if path.is_empty() {
        return Err(shape());
    }
    let select = sql!(
        "select repository_id from delivery_public_repositories
          where workspace_id = $1 and lower(name) = lower($2) order by repository_id limit 1"
    );
    let found: Option<String> = tx.find(select, args![tx.workspace(), name.trim()]).await?;
    let unknown = || Error::invalid("places", format!("There is no repository “{}”.", name.trim()));
    Ok((found.ok_or_else(unknown)?, path.to_owned()))
}

/// Takes the links of one version over into the next.
async fn carry(tx: &mut Tx<'_>, from: &str, to: &str, issues: bool, places: bool) -> Result<()> {
    if issues {
        let copy = sql!(
            "insert into debt_issues (workspace_id, version_id, issue_id)
             select workspace_id, $3, issue_id from debt_issues where workspace_id = $1 and version_id = $2"
        );
        tx.run(copy, args![tx.workspace(), from, to]).await?;
    }
    if places {
        let copy = sql!(
            "insert into debt_places (workspace_id, version_id, position, repository_id, path)
             select workspace_id, $3, position, repository_id, path from debt_places
              where workspace_id = $1 and version_id = $2"
        );
        tx.run(copy, args![tx.workspace(), from, to]).await?;
    }
    Ok(())
}
