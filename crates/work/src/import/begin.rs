use super::{Import, Tracker};
use kernel::{Actor, Id, Method::Post, Operation, Result, Route, Tx, args, json, sql, text::Name};
use people::access::cares_for_people;
use schemars::JsonSchema;
use serde::Deserialize;

/// Begin to bring issues over. They are sent in bunches, and then the import is finished. One that was begun for the same
/// and has not ended goes on.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BeginImport {
    pub source: Tracker,
    /// What is read, such as the name of a folder.
    pub label: Name<200>,
    /// How many issues will be sent.
    #[serde(default)]
    pub expected: u32,
}

impl Operation for BeginImport {
    const NAME: &str = "issue_import.begin";
    const ROUTE: Route = Route(Post, "/issue-imports");
    type Target = ();
    type Output = Import;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Import> {
        let expected = i64::from(self.expected);
        let open = sql!(
            "update issue_imports set expected = $4, begun_at = $5, created = 0, renewed = 0, unchanged = 0
              where workspace_id = $1 and source = $2 and label = $3 and finished_at is null and undone_at is null
             returning id"
        );
        let now = tx.now();
        if let Some(id) = tx.find(open, args![tx.workspace(), self.source, self.label, expected, now]).await? {
            return Import::visible(tx, id).await;
        }
        let id: Id<Import> = tx.id();
        let insert = sql!(
            "insert into issue_imports (workspace_id, id, source, label, expected, begun_at)
             values ($1, $2, $3, $4, $5, $6)"
        );
        tx.run(insert, args![tx.workspace(), id, self.source, self.label, expected, now]).await?;
        tx.record("issue_import.begun", id, json!({ "source": self.source }));
        Import::visible(tx, id).await
    }
}
