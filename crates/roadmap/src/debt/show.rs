use super::{Debt, Kept, Standing, save::DebtVersion};
use kernel::{
    Actor, Aside, Id, Method::Get, Operation, Person, Reference, Result, Route, Time, Tx, args, columns, sql,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A debt with what it is, the issues about it, where it lies, and how it came to be what it is.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowDebt {
    pub debt: Id<Debt>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct DebtView {
    #[serde(flatten)]
    pub debt: Debt,
    /// Markdown.
    pub about: String,
    pub issues: Vec<Linked>,
    pub places: Vec<Place>,
    /// What was known when, the latest first, at most 50.
    pub versions: Vec<Known>,
    /// What other parts say about it.
    pub asides: Vec<Aside>,
    pub may_change: bool,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Linked {
    pub key: String,
    pub title: String,
    pub state_name: String,
    pub finished: bool,
}
columns!(Linked { key, title, state_name, finished });

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Place {
    pub repository_name: String,
    pub path: String,
}
columns!(Place { repository_name, path });

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Known {
    pub id: Id<DebtVersion>,
    pub standing: Standing,
    pub hours_a_week: Option<f64>,
    pub hours_to_repay: Option<f64>,
    pub at: Time,
    pub by_id: Id<Person>,
    pub by_name: String,
    /// When it was taken back.
    pub undone_at: Option<Time>,
    #[serde(skip)]
    pub about: String,
}
columns!(Known { id, standing, hours_a_week, hours_to_repay, at, by_id, by_name, undone_at, about });

const MOST: i64 = 50;

impl Operation for ShowDebt {
    const NAME: &str = "debt.show";
    const ROUTE: Route = Route(Get, "/debts/{debt}");
    const READS: bool = true;
    type Target = Kept;
    type Output = DebtView;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        Kept::visible(tx, self.debt, false).await
    }

    fn allows(_: &Actor, _: &Kept) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, kept: Kept) -> Result<DebtView> {
        let versions = sql!(
            "select v.id, v.standing, v.hours_a_week, v.hours_to_repay, v.at, v.by_id, b.name as by_name, v.undone_at, v.about
               from debt_versions v join people b on b.workspace_id = v.workspace_id and b.id = v.by_id
              where v.workspace_id = $1 and v.debt_id = $2 order by v.number desc limit $3"
        );
        let versions: Vec<Known> = tx.all(versions, args![tx.workspace(), self.debt, MOST]).await?;
        let now = versions.iter().find(|one| one.undone_at.is_none());
        let (version, about) = now.map(|one| (Some(one.id), one.about.clone())).unwrap_or_default();
        let issues = sql!(
            "select i.team_key || '-' || cast(i.number as text) as key, i.title, i.state_name,
                    i.finished_at is not null as finished
               from debt_issues l join work_public_items i on i.workspace_id = l.workspace_id and i.issue_id = l.issue_id
              where l.workspace_id = $1 and l.version_id = $2 order by finished, i.created_at, i.issue_id"
        );
        let places = sql!(
            "select r.name as repository_name, l.path from debt_places l
               join delivery_public_repositories r
                 on r.workspace_id = l.workspace_id and r.repository_id = l.repository_id
              where l.workspace_id = $1 and l.version_id = $2 order by l.position"
        );
        Ok(DebtView {
            about,
            issues: tx.all(issues, args![tx.workspace(), version]).await?,
            places: tx.all(places, args![tx.workspace(), version]).await?,
            versions,
            asides: tx.gather_about(&Reference::to("debt", self.debt), |part| part.asides).await?,
            may_change: kept.may_change(tx.actor()),
            debt: kept.debt,
        })
    }
}
