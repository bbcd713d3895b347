use super::Import;
use crate::issue::Issue;
use kernel::{Actor, Id, Json, Method::Post, Operation, Result, Route, Tx, args, json, sql};
use people::access::cares_for_people;
use schemars::JsonSchema;
use serde::Deserialize;

/// End an import: join issues with those above them and with those that they relate to, and keep the report.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FinishImport {
    pub import: Id<Import>,
    /// What became of each field: `kinds`, `incomplete` and `unrecognised`, with counts and examples.
    #[serde(default)]
    pub report: serde_json::Map<String, Json>,
}

impl Operation for FinishImport {
    const NAME: &str = "issue_import.finish";
    const ROUTE: Route = Route(Post, "/issue-imports/{import}/end");
    type Target = Import;
    type Output = Import;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Import> {
        Import::visible(tx, self.import).await
    }

    fn allows(actor: &Actor, _: &Import) -> bool {
        cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, import: Import) -> Result<Import> {
        import.open()?;
        let mut report = self.report.clone();
        relate(tx, &import).await?;
        if let Some(circles) = parents(tx, &import).await? {
            note(
                &mut report,
                "issues that are below themselves in a circle: one of each circle is below nothing",
                circles,
            );
        }
        if let Some(missing) = resolved(tx, &import).await? {
            note(&mut report, "relations to issues that are not here; they wait for these", missing);
        }
        states(tx, &import).await?;
        let update = sql!("update issue_imports set finished_at = $3, report = $4 where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), import.id, tx.now(), Json::Object(report).to_string()]).await?;
        let counts = json!({ "created": import.created, "renewed": import.renewed });
        tx.record("issue_import.finished", import.id, counts);
        Import::visible(tx, import.id).await
    }
}

/// How often, and the first key.
type Counted = (i64, String);

fn note(report: &mut serde_json::Map<String, Json>, what: &str, counted: Counted) {
    let list = report.entry("incomplete").or_insert_with(|| json!({}));
    if let Some(list) = list.as_object_mut() {
        list.insert(what.to_owned(), json!(counted));
    }
}

/// Which issues are meant: those that came from the same source, by its id or by its key.
const MEANT: &str = "
    from issue_joins j
    join issue_sources s on s.workspace_id = j.workspace_id and s.source = j.source
     and (s.source_id = j.other_id or (j.other_key <> '' and s.source_key = j.other_key))
   where j.workspace_id = $1 and j.source = $2 and s.issue_id <> j.issue_id ";

async fn relate(tx: &mut Tx<'_>, import: &Import) -> Result<()> {
    let insert = sql!(
        "insert into issue_relations (workspace_id, issue_id, kind, other_id, created_at)
         select j.workspace_id,
                case when j.kind in ('blocked_by', 'duplicated_by') or (j.kind = 'relates' and s.issue_id < j.issue_id)
                     then s.issue_id else j.issue_id end,
                case j.kind when 'blocked_by' then 'blocks' when 'duplicated_by' then 'duplicates' else j.kind end,
                case when j.kind in ('blocked_by', 'duplicated_by') or (j.kind = 'relates' and s.issue_id < j.issue_id)
                     then j.issue_id else s.issue_id end,
                j.since_at",
        MEANT,
        "and j.kind <> 'parent' on conflict (workspace_id, issue_id, kind, other_id) do nothing"
    );
    tx.run(insert, args![tx.workspace(), import.source]).await.map(drop)
}

/// An issue is put below another one unless that would close a circle, which some sources allow. Returns how many were
/// not, and the first of them.
async fn parents(tx: &mut Tx<'_>, import: &Import) -> Result<Option<Counted>> {
    let select =
        sql!("select j.issue_id, min(s.issue_id) as parent_id", MEANT, "and j.kind = 'parent' group by j.issue_id");
    let pairs: Vec<(Id<Issue>, Id<Issue>)> = tx.all(select, args![tx.workspace(), import.source]).await?;
    let update = sql!(
        "update issues set parent_id = $3 where workspace_id = $1 and id = $2 and not exists (
           with recursive above (id) as (
             select cast($3 as text)
             union
             select i.parent_id from above join issues i on i.workspace_id = $1 and i.id = above.id
              where i.parent_id is not null
           )
           select 1 from above where above.id = $2
         )"
    );
    let (workspace, mut rows) = (tx.workspace(), Vec::new());
    for (issue, parent) in &pairs {
        rows.push(args![workspace, *issue, *parent].to_vec());
    }
    let done = tx.run_many(update, &rows).await?;
    let left = pairs.len() as i64 - done as i64;
    if left == 0 {
        return Ok(None);
    }
    let first = sql!(
        "select min(s.source_key) from issue_joins j
           join issue_sources s on s.workspace_id = j.workspace_id and s.source = j.source and s.issue_id = j.issue_id
           join issues i on i.workspace_id = j.workspace_id and i.id = j.issue_id
          where j.workspace_id = $1 and j.source = $2 and j.kind = 'parent' and i.parent_id is null"
    );
    let first: Option<String> = tx.find(first, args![tx.workspace(), import.source]).await?.flatten();
    Ok(Some((left, first.unwrap_or_default())))
}

/// Takes away what has found its other issue. Returns how much waits on, and what for.
async fn resolved(tx: &mut Tx<'_>, import: &Import) -> Result<Option<Counted>> {
    let done = sql!(
        "delete from issue_joins where workspace_id = $1 and source = $2 and exists (
           select 1 from issue_sources s where s.workspace_id = $1 and s.source = $2
              and (s.source_id = issue_joins.other_id
                or (issue_joins.other_key <> '' and s.source_key = issue_joins.other_key)))"
    );
    tx.run(done, args![tx.workspace(), import.source]).await?;
    let left = sql!(
        "select count(*) as number, coalesce(min(case when other_key = '' then other_id else other_key end), '') as first
           from issue_joins where workspace_id = $1 and source = $2"
    );
    let left: Counted = tx.one(left, args![tx.workspace(), import.source]).await?;
    Ok((left.0 > 0).then_some(left))
}

/// States that imports have made and that no issue is in any more are used no more; those that one is in are.
async fn states(tx: &mut Tx<'_>, import: &Import) -> Result<()> {
    const IN_USE: &str = " exists (select 1 from issues i where i.workspace_id = $1 and i.state_id = work_states.id)";
    let rest = sql!(
        "update work_states set archived_at = $3 where workspace_id = $1 and import_id = $2 and archived_at is null
            and not",
        IN_USE
    );
    tx.run(rest, args![tx.workspace(), import.id, tx.now()]).await?;
    let back = sql!(
        "update work_states set archived_at = null
          where workspace_id = $1 and import_id is not null and archived_at is not null and",
        IN_USE
    );
    tx.run(back, args![tx.workspace()]).await.map(drop)
}
