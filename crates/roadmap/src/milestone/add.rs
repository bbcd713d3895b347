use super::{Milestone, taken, unique_name};
use crate::{period::Period, project::Kept};
use kernel::{Actor, Error, Id, Method::Post, Operation, Result, Route, Tx, args, json, sql, text::Name};
use schemars::JsonSchema;
use serde::Deserialize;

/// Add a milestone to a project, behind those that it has.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddMilestone {
    pub project: Id<kernel::Project>,
    pub name: Name<120>,
    #[serde(default)]
    pub target: Option<Period>,
}

/// A project has at most so many milestones.
const MOST: i64 = 100;

impl Operation for AddMilestone {
    const NAME: &str = "milestone.add";
    const ROUTE: Route = Route(Post, "/projects/{project}/milestones");
    type Target = Kept;
    type Output = Milestone;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        Kept::visible(tx, self.project).await
    }

    fn allows(actor: &Actor, kept: &Kept) -> bool {
        kept.may_change(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: Kept) -> Result<Milestone> {
        let last = sql!(
            "select count(*), coalesce(max(position), 0) from milestones
              where workspace_id = $1 and project_id = $2 and removed_at is null"
        );
        let (count, last): (i64, i64) = tx.one(last, args![tx.workspace(), self.project]).await?;
        if count >= MOST {
            return Err(Error::conflict(format!("A project has at most {MOST} milestones.")));
        }
        let id: Id<kernel::Milestone> = tx.id();
        let insert = sql!(
            "insert into milestones (workspace_id, id, project_id, name, unique_name, target, target_on, position,
               created_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
        );
        let (unique, target) = (unique_name(self.project, &self.name), self.target.map(|target| target.to_string()));
        let (target_on, position) = (self.target.map(Period::last), last + 1);
        let (workspace, now) = (tx.workspace(), tx.now());
        let values = args![workspace, id, self.project, self.name, unique, target, target_on, position, now];
        tx.run(insert, values).await.map_err(taken)?;
        tx.record("project.milestone_added", self.project, json!({ "name": self.name }));
        Ok(Milestone::visible(tx, id, false).await?.0)
    }
}
