use super::CustomField;
use crate::{
    label::{may_keep, of_team},
    team::Kept,
};
use jiff::ToSpan;
use kernel::{Actor, Error, Id, Method::Get, Operation, Result, Route, Team, Tx, args, columns, sql};
use people::access::today;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How much the fields of everyone are used, or those of one team.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListFieldUses {
    #[serde(default)]
    pub team: Option<Id<Team>>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FieldUses {
    pub team_name: Option<String>,
    /// Whether the reader settles these fields.
    pub may_change: bool,
    pub uses: Vec<FieldUse>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FieldUse {
    pub id: Id<CustomField>,
    /// How many issues hold something in it.
    pub issues: i64,
    /// Whether it is older than a year, and no issue was given a value since.
    pub idle: bool,
}
columns!(FieldUse { id, issues, idle });

impl Operation for ListFieldUses {
    const NAME: &str = "custom_field.uses";
    const ROUTE: Route = Route(Get, "/custom-field-uses");
    const READS: bool = true;
    type Target = Option<Kept>;
    type Output = FieldUses;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Option<Kept>> {
        if !tx.actor().belongs() {
            return Err(Error::NotFound);
        }
        of_team(tx, self.team).await
    }

    fn allows(_: &Actor, _: &Option<Kept>) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, kept: Option<Kept>) -> Result<FieldUses> {
        let select = sql!(
            "select f.id, coalesce(u.issues, 0) as issues,
                    f.archived_at is null and coalesce(f.used_on, '') < $3 and f.created_at < $4 as idle
               from custom_fields f
               left join (
                 select v.field_id, count(*) as issues
                   from issue_values v join issues i on i.workspace_id = v.workspace_id and i.id = v.issue_id
                  where v.workspace_id = $1 and i.deleted_at is null group by v.field_id
               ) u on u.field_id = f.id
              where f.workspace_id = $1 and coalesce(f.team_id, '') = coalesce(cast($2 as text), '')"
        );
        let day = today(tx).saturating_sub(1.year());
        let since = tx.now().0 - 365 * 86_400 * 1_000_000;
        Ok(FieldUses {
            uses: tx.all(select, args![tx.workspace(), self.team, day, since]).await?,
            may_change: may_keep(tx.actor(), kept.as_ref()),
            team_name: kept.map(|kept| kept.team.name),
        })
    }
}
