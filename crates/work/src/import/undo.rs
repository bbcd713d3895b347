use super::{Import, page::href};
use crate::{
    issue::Issue,
    sprint::{Sprint, past},
};
use kernel::{Actor, Error, INDEX_JOB, Id, Method::Post, Operation, Result, Route, Tx, args, json, sql};
use people::access::cares_for_people;
use schemars::JsonSchema;
use serde::Deserialize;

/// Take back an import: the issues and sprints that it made go, with their history. Issues that were here before stay as they are.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UndoImport {
    pub import: Id<Import>,
    /// Also issues that somebody has changed or commented on here since.
    #[serde(default)]
    pub also_changed: bool,
}

impl Operation for UndoImport {
    const NAME: &str = "issue_import.undo";
    const ROUTE: Route = Route(Post, "/issue-imports/{import}/undo");
    type Target = Import;
    type Output = Import;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Import> {
        Import::visible(tx, self.import).await
    }

    fn allows(actor: &Actor, _: &Import) -> bool {
        cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, import: Import) -> Result<Import> {
        if import.undone_at.is_some() {
            return Err(Error::conflict("This import was taken back already."));
        }
        if !self.also_changed {
            refuse(changed_since(tx, &import).await?, "issue")?;
            refuse(sprints_changed(tx, &import).await?, "sprint")?;
        }
        if in_rounds(tx, &import).await? {
            return Err(Error::conflict(
                "Issues of this import stand in a refinement, a planning or a review, whose record stays.",
            ));
        }
        if in_records(tx, &import).await? {
            let sentence = "Issues of this import stand in the record of a sprint that has begun, which never changes. \
                            Delete the issues that are not wanted one by one.";
            return Err(Error::conflict(sentence));
        }
        take_back(tx, &import).await?;
        let update = sql!("update issue_imports set undone_at = $3 where workspace_id = $1 and id = $2");
        tx.run(update, args![tx.workspace(), import.id, tx.now()]).await?;
        tx.record("issue_import.undone", import.id, json!({}));
        Import::visible(tx, import.id).await
    }
}

fn refuse(changed: i64, what: &str) -> Result<()> {
    let which = match changed {
        0 => return Ok(()),
        1 => format!("1 of its {what}s was"),
        many => format!("{many} of its {what}s were"),
    };
    let sentence = format!("{which} changed or discussed here since. Say that those go as well, or keep the import.");
    Err(Error::invalid("also_changed", sentence))
}

/// The sprints that an import made, each with how it stood then.
async fn sprints_of(tx: &mut Tx<'_>, import: &Import) -> Result<Vec<(Id<Sprint>, i64)>> {
    let select =
        sql!("select distinct sprint_id, stood from sprint_sources where workspace_id = $1 and import_id = $2");
    tx.all(select, args![tx.workspace(), import.id]).await
}

async fn sprints_changed(tx: &mut Tx<'_>, import: &Import) -> Result<i64> {
    let mut changed = 0;
    for (sprint, stood) in sprints_of(tx, import).await? {
        changed += i64::from(past::stands(tx, sprint).await? != stood);
    }
    Ok(changed)
}

async fn changed_since(tx: &mut Tx<'_>, import: &Import) -> Result<i64> {
    let count = sql!(
        "select count(*) from issues i where i.workspace_id = $1 and i.import_id = $2 and (
           exists (select 1 from issue_changes c
                    where c.workspace_id = i.workspace_id and c.issue_id = i.id and c.batch <> c.issue_id)
           or exists (select 1 from conversation_public_comments c
                       where c.workspace_id = i.workspace_id and c.about_kind = 'issue' and c.about_id = i.id))"
    );
    tx.one(count, args![tx.workspace(), import.id]).await
}

async fn in_rounds(tx: &mut Tx<'_>, import: &Import) -> Result<bool> {
    const SPRINTS: &str = "(select sprint_id from sprint_sources where workspace_id = $1 and import_id = $2) limit 1";
    for select in [
        sql!("select 1 from refinement_items where workspace_id = $1 and issue_id in", MADE, "limit 1"),
        sql!("select 1 from planning_proposals where workspace_id = $1 and issue_id in", MADE, "limit 1"),
        sql!("select 1 from plannings where workspace_id = $1 and sprint_id in", SPRINTS),
        sql!("select 1 from sprint_review_items where workspace_id = $1 and issue_id in", MADE, "limit 1"),
        sql!("select 1 from sprint_reviews where workspace_id = $1 and sprint_id in", SPRINTS),
    ] {
        if tx.exists(select, args![tx.workspace(), import.id]).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether its issues stand in the record of a sprint that it did not make.
async fn in_records(tx: &mut Tx<'_>, import: &Import) -> Result<bool> {
    const ELSEWHERE: &str = " and sprint_id not in
        (select sprint_id from sprint_sources where workspace_id = $1 and import_id = $2) limit 1";
    let committed = sql!("select 1 from sprint_commitments where workspace_id = $1 and issue_id in", MADE, ELSEWHERE);
    let changed = sql!("select 1 from sprint_changes where workspace_id = $1 and issue_id in", MADE, ELSEWHERE);
    Ok(tx.exists(committed, args![tx.workspace(), import.id]).await?
        || tx.exists(changed, args![tx.workspace(), import.id]).await?)
}

/// The issues that an import made.
const MADE: &str = " (select id from issues where workspace_id = $1 and import_id = $2) ";

/// The fields that an import added, and in which no issue holds anything.
const UNUSED: &str = " (select f.id from custom_fields f where f.workspace_id = $1 and f.import_id = $2
    and not exists (select 1 from issue_values v where v.workspace_id = $1 and v.field_id = f.id)) ";

async fn take_back(tx: &mut Tx<'_>, import: &Import) -> Result<()> {
    let made = sql!("select id from issues where workspace_id = $1 and import_id = $2");
    let made: Vec<Id<Issue>> = tx.all(made, args![tx.workspace(), import.id]).await?;
    let sprints = sprints_of(tx, import).await?;
    let forget = sql!("delete from sprint_sources where workspace_id = $1 and import_id = $2");
    tx.run(forget, args![tx.workspace(), import.id]).await?;
    let now = tx.now();
    for (sprint, _) in sprints {
        past::take_back(tx, sprint).await?;
        tx.want(INDEX_JOB, sprint.to_string(), json!({ "kind": "sprint" }), now);
    }
    for statement in [
        sql!("update issues set parent_id = null where workspace_id = $1 and parent_id in", MADE),
        sql!("delete from issue_joins where workspace_id = $1 and issue_id in", MADE),
        sql!("delete from issue_notes where workspace_id = $1 and issue_id in", MADE),
        sql!("delete from issue_changes where workspace_id = $1 and issue_id in", MADE),
        sql!("delete from issue_stays where workspace_id = $1 and issue_id in", MADE),
        sql!("delete from issue_labels where workspace_id = $1 and issue_id in", MADE),
        sql!("delete from issue_values where workspace_id = $1 and issue_id in", MADE),
        sql!("delete from issue_relations where workspace_id = $1 and issue_id in", MADE),
        sql!("delete from issue_relations where workspace_id = $1 and other_id in", MADE),
        sql!("delete from issue_aliases where workspace_id = $1 and issue_id in", MADE),
        sql!("delete from issue_sources where workspace_id = $1 and issue_id in", MADE),
        sql!("delete from issues where workspace_id = $1 and import_id = $2"),
    ] {
        tx.run(statement, args![tx.workspace(), import.id]).await?;
    }
    for issue in made {
        tx.want(INDEX_JOB, issue.to_string(), json!({ "kind": "issue" }), now);
    }
    left_over(tx, import).await
}

/// States, labels and names of people that nothing else uses.
async fn left_over(tx: &mut Tx<'_>, import: &Import) -> Result<()> {
    for statement in [
        sql!(
            "delete from work_states where workspace_id = $1 and import_id = $2
                and not exists (select 1 from issues i where i.workspace_id = $1 and i.state_id = work_states.id)
                and not exists (select 1 from issue_stays y where y.workspace_id = $1 and y.state_id = work_states.id)"
        ),
        sql!(
            "delete from labels where workspace_id = $1 and import_id = $2
                and not exists (select 1 from issue_labels l where l.workspace_id = $1 and l.label_id = labels.id)"
        ),
        sql!("delete from custom_sources where workspace_id = $1 and field_id in", UNUSED),
        sql!("delete from custom_choices where workspace_id = $1 and field_id in", UNUSED),
        sql!("delete from custom_fields where workspace_id = $1 and id in", UNUSED),
    ] {
        tx.run(statement, args![tx.workspace(), import.id]).await?;
    }
    let outsiders = sql!(
        "delete from outsiders where workspace_id = $1 and source = $2 and person_id is null
            and not exists (select 1 from issues i where i.workspace_id = $1
                              and (i.assignee_outsider_id = outsiders.id or i.creator_outsider_id = outsiders.id))
            and not exists (select 1 from issue_changes c where c.workspace_id = $1 and c.by_outsider_id = outsiders.id)
            and not exists (select 1 from issue_values v where v.workspace_id = $1 and v.outsider_id = outsiders.id)
            and not exists (select 1 from issue_notes n where n.workspace_id = $1 and n.by_outsider_id = outsiders.id)
            and not exists (select 1 from sprint_changes c where c.workspace_id = $1 and c.by_outsider_id = outsiders.id)"
    );
    tx.run(outsiders, args![tx.workspace(), import.source]).await.map(drop)
}

/// `POST /issue-imports/{import}/undo`
pub async fn undo(form: ui::Submitted) -> ui::Answer {
    if !form.confirmed() {
        return form.ask("Take this import back?", "Take it back");
    }
    match form.submit::<UndoImport>().await {
        Ok(import) => Ok(form.go(&href(&import), ui::Flash::says("The import is taken back."))),
        Err(error) => super::page::again(&form, error).await,
    }
}
