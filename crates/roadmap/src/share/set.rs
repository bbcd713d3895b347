use super::{Reach, Share, SharePlan, plan::Label, show::is_quarter};
use crate::period::Period;
use kernel::{
    Actor, Error, Flaw, Id,
    Method::Put,
    Operation, Result, Route, Team, Tx, args, json, list, sql,
    text::{Line, Name},
};
use people::person::folded;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeSet;

/// Plan the shares of a team in a quarter, and say by labels and projects what counts where. The rules hold for later quarters
/// as well, until others are set.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetShares {
    pub team: Id<Team>,
    /// Such as 2026-Q4.
    pub quarter: Period,
    /// One to ten, which together make 100 percent. Where labels of several fit an issue, the first of them has it.
    pub shares: Vec<Shared>,
    #[serde(default)]
    pub why: Line<600>,
}

#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Shared {
    pub name: Name<60>,
    /// Of the capacity of the quarter, from 0 to 100.
    pub percent: i64,
    /// What has one of these labels counts here.
    #[serde(default)]
    pub labels: Vec<Id<Label>>,
    /// What is in one of these projects and has no label that says otherwise counts here.
    #[serde(default)]
    pub projects: Vec<Id<kernel::Project>>,
}

const MOST: usize = 10;
const MOST_RULES: usize = 600;

impl Operation for SetShares {
    const NAME: &str = "shares.set";
    const ROUTE: Route = Route(Put, "/teams/{team}/shares/{quarter}");
    type Target = Reach;
    type Output = SharePlan;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Reach> {
        let labels: BTreeSet<_> = self.shares.iter().flat_map(|share| &share.labels).collect();
        let projects: BTreeSet<_> = self.shares.iter().flat_map(|share| &share.projects).collect();
        let known = sql!(
            "select count(*) from work_public_labels
              where workspace_id = $1 and label_id in (select value from json_each(cast($2 as text)))"
        );
        let known_labels: i64 = tx.one(known, args![tx.workspace(), list(&labels)]).await?;
        let known = sql!(
            "select count(*) from projects
              where workspace_id = $1 and id in (select value from json_each(cast($2 as text)))"
        );
        let known_projects: i64 = tx.one(known, args![tx.workspace(), list(&projects)]).await?;
        let reach = Reach::of(tx, self.team).await?;
        if known_labels as usize != labels.len() || known_projects as usize != projects.len() {
            return Err(Error::NotFound);
        }
        Ok(reach)
    }

    fn allows(_: &Actor, reach: &Reach) -> bool {
        reach.may_set
    }

    async fn run(&self, tx: &mut Tx<'_>, _: Reach) -> Result<SharePlan> {
        let quarter = is_quarter(self.quarter)?;
        self.check()?;
        let (id, now, me): (Id<SharePlan>, _, _) = (tx.id(), tx.now(), tx.me());
        let insert = sql!(
            "insert into share_plans (workspace_id, id, team_id, quarter, why, at, by_id)
             values ($1, $2, $3, $4, $5, $6, $7)"
        );
        tx.run(insert, args![tx.workspace(), id, self.team, quarter.to_string(), self.why, now, me]).await?;
        for (position, share) in (1i64..).zip(&self.shares) {
            share.keep(tx, id, position).await?;
        }
        tx.record("shares.set", id, json!({}));
        let plan = SharePlan::of(tx, self.team, quarter).await?;
        plan.filter(|plan| plan.id == id).ok_or(Error::NotFound)
    }
}

impl SetShares {
    fn check(&self) -> Result<()> {
        let mut flaws = Vec::new();
        let mut wrong = |sentence: String| flaws.push(Flaw { field: "shares".into(), sentence });
        if self.shares.is_empty() || self.shares.len() > MOST {
            wrong(format!("Name one to {MOST} shares."));
        }
        let (mut names, mut rules, mut count) = (BTreeSet::new(), BTreeSet::new(), 0);
        for share in &self.shares {
            if !(0..=100).contains(&share.percent) {
                wrong(format!("Give “{}” a share from 0 to 100 percent.", &*share.name));
            }
            if !names.insert(folded(&share.name)) {
                wrong(format!("“{}” stands there twice.", &*share.name));
            }
            let labels = share.labels.iter().map(|id| id.to_string());
            let own: Vec<String> = labels.chain(share.projects.iter().map(|id| id.to_string())).collect();
            count += own.len();
            rules.extend(own);
        }
        let all: i64 = self.shares.iter().map(|share| share.percent.clamp(0, 1000)).sum();
        if all != 100 {
            wrong(format!("The shares make {all} percent. Together they have to make 100."));
        }
        if rules.len() < count || count > MOST_RULES {
            wrong(format!("A label or project counts in one share only, and there are at most {MOST_RULES} of them."));
        }
        if flaws.is_empty() { Ok(()) } else { Err(Error::Invalid(flaws)) }
    }
}

impl Shared {
    async fn keep(&self, tx: &mut Tx<'_>, plan: Id<SharePlan>, position: i64) -> Result<()> {
        let id: Id<Share> = tx.id();
        let insert = sql!(
            "insert into planned_shares (workspace_id, plan_id, share_id, name, percent, position)
             values ($1, $2, $3, $4, $5, $6)"
        );
        tx.run(insert, args![tx.workspace(), plan, id, self.name, self.percent, position]).await?;
        let insert =
            sql!("insert into share_labels (workspace_id, plan_id, label_id, share_id) values ($1, $2, $3, $4)");
        for label in &self.labels {
            tx.run(insert, args![tx.workspace(), plan, label, id]).await?;
        }
        let insert =
            sql!("insert into share_projects (workspace_id, plan_id, project_id, share_id) values ($1, $2, $3, $4)");
        for project in &self.projects {
            tx.run(insert, args![tx.workspace(), plan, project, id]).await?;
        }
        Ok(())
    }
}
