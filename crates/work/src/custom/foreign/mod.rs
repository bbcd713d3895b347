//! What former trackers held in fields of their own and stands beside issues: it can be moved into a field.
mod page;
mod take;

pub use page::{list, save};
pub use take::{TakeForeign, Taken};

use super::CustomField;
use crate::{
    import::{Tracker, reading::texts},
    issue::Issue,
};
use kernel::{Actor, Error, Id, Json, Method::Get, Operation, Result, Route, Tx, args, columns, list as id_list, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// What stands beside issues by the names of former trackers, the most frequent first; at most 200.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListForeign {}

#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "ForeignField")]
pub struct Foreign {
    pub source: Tracker,
    /// As the former tracker calls it.
    pub name: String,
    /// How many issues have it, without those that hold it in a field here.
    pub issues: i64,
    pub example: String,
}

const MOST: usize = 200;
/// So many issues are read at once.
const PAGE: i64 = 2_000;

impl Operation for ListForeign {
    const NAME: &str = "custom_field.found";
    const ROUTE: Route = Route(Get, "/found-fields");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<Foreign>;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        if tx.actor().belongs() { Ok(()) } else { Err(Error::NotFound) }
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Vec<Foreign>> {
        let mut found: BTreeMap<(Tracker, String), (i64, String)> = BTreeMap::new();
        let mut after = Some(String::new());
        while let Some(last) = after {
            let page = Beside::after(tx, &last).await?;
            let moved = moved(tx, &page).await?;
            for row in &page {
                for (name, value) in &row.fields {
                    let text = text(value);
                    if text.is_empty() || moved.contains(&(row.source, name.clone(), row.issue.to_string())) {
                        continue;
                    }
                    found.entry((row.source, name.clone())).or_insert_with(|| (0, text)).0 += 1;
                }
            }
            after = next(&page);
        }
        let foreign = |((source, name), (issues, example))| Foreign { source, name, issues, example };
        let mut all: Vec<Foreign> = found.into_iter().map(foreign).collect();
        all.sort_by_key(|one| -one.issues);
        all.truncate(MOST);
        Ok(all)
    }
}

/// What stands beside an issue.
struct Beside {
    source: Tracker,
    issue: Id<Issue>,
    fields: serde_json::Map<String, Json>,
}

struct Row {
    source: Tracker,
    issue_id: Id<Issue>,
    fields: String,
}
columns!(Row { source, issue_id, fields });

impl Beside {
    /// A page of issues by their ids. An issue that was in several trackers stands on one page.
    async fn after(tx: &mut Tx<'_>, issue: &str) -> Result<Vec<Beside>> {
        let select = sql!(
            "select s.source, s.issue_id, s.fields from issue_sources s
              where s.workspace_id = $1 and s.issue_id in (
                select o.issue_id from issue_sources o
                  join issues i on i.workspace_id = o.workspace_id and i.id = o.issue_id
                 where o.workspace_id = $1 and o.issue_id > $2 and o.fields <> '{}' and i.deleted_at is null
                 group by o.issue_id order by o.issue_id limit $3)
              order by s.issue_id, s.source"
        );
        let rows: Vec<Row> = tx.all(select, args![tx.workspace(), issue, PAGE]).await?;
        let beside = |Row { source, issue_id, fields }| Beside {
            source,
            issue: issue_id,
            fields: serde_json::from_str(&fields).unwrap_or_default(),
        };
        Ok(rows.into_iter().map(beside).collect())
    }
}

/// After which issue the next page begins, if there is one.
fn next(page: &[Beside]) -> Option<String> {
    page.last().map(|last| last.issue.to_string())
}

/// What of it the issues of a page hold in a field here: the source, its name of the field, and the issue.
async fn moved(tx: &mut Tx<'_>, page: &[Beside]) -> Result<BTreeSet<(Tracker, String, String)>> {
    let select = sql!(
        "select m.source, m.name, v.issue_id from custom_sources m
           join issue_values v on v.workspace_id = m.workspace_id and v.field_id = m.field_id
          where m.workspace_id = $1 and v.issue_id in (select value from json_each(cast($2 as text)))"
    );
    let ids = id_list(page.iter().map(|row| row.issue));
    Ok(tx.all::<(Tracker, String, String)>(select, args![tx.workspace(), ids]).await?.into_iter().collect())
}

/// What a former tracker says, in one line.
fn text(value: &Json) -> String {
    let line = texts(value).join(", ");
    line.split_whitespace().collect::<Vec<_>>().join(" ").chars().filter(|c| !kernel::text::deceives(*c)).collect()
}
