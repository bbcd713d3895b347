use super::Issue;
use crate::estimate::Estimate;
use kernel::{Id, Result, Tx, args, columns, list, sql};
use schemars::JsonSchema;
use serde::Serialize;

/// How far the issues below one are: of those at any depth that have none below themselves, how many are done. Cancelled
/// ones do not count. It is the same wherever it is shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Progress {
    pub done: i64,
    pub all: i64,
    /// The estimates of those that are done, and of all.
    pub done_estimate: Option<Estimate>,
    pub all_estimate: Option<Estimate>,
}

struct Rolled {
    root: Id<Issue>,
    done: i64,
    all_count: i64,
    done_estimate: Option<Estimate>,
    all_estimate: Option<Estimate>,
}
columns!(Rolled { root, done, all_count, done_estimate, all_estimate });

impl Progress {
    /// Of several issues; those without issues below are left out.
    pub(crate) async fn of(tx: &mut Tx<'_>, issues: &[Id<Issue>]) -> Result<Vec<(Id<Issue>, Progress)>> {
        let select = sql!(
            "with recursive below (root, id) as (
               select i.parent_id, i.id from issues i
                where i.workspace_id = $1 and i.parent_id in (select value from json_each(cast($2 as text)))
                  and i.deleted_at is null
               union
               select below.root, i.id from below
                 join issues i on i.workspace_id = $1 and i.parent_id = below.id and i.deleted_at is null
             )
             select below.root, count(case when i.category = 'done' then 1 end) as done, count(*) as all_count,
                    cast(sum(case when i.category = 'done' then i.estimate end) as bigint) as done_estimate,
                    cast(sum(i.estimate) as bigint) as all_estimate
               from below join issues i on i.workspace_id = $1 and i.id = below.id
              where i.category <> 'cancelled' and not exists (
                select 1 from issues c where c.workspace_id = $1 and c.parent_id = i.id and c.deleted_at is null)
              group by below.root"
        );
        let rows: Vec<Rolled> = tx.all(select, args![tx.workspace(), list(issues)]).await?;
        let one = |Rolled { root, done, all_count: all, done_estimate, all_estimate }| {
            (root, Progress { done, all, done_estimate, all_estimate })
        };
        Ok(rows.into_iter().map(one).collect())
    }

    pub fn in_words(&self) -> String {
        format!("{} of {} done", self.done, self.all)
    }
}
