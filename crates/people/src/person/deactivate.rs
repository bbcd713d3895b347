use super::Record;
use crate::access::cares_for_people;
use kernel::{
    Actor, Error, Id,
    Method::{Delete, Post},
    Operation, Person, Result, Route, Tx, args, json, sql,
};
use schemars::JsonSchema;
use serde::Deserialize;

/// Deactivate a person: their access ends at once, and all that they wrote and did stays.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeactivatePerson {
    pub person: Id<Person>,
}

impl Operation for DeactivatePerson {
    const NAME: &str = "person.deactivate";
    const ROUTE: Route = Route(Post, "/people/{person}/deactivation");
    type Target = Record;
    type Output = Record;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Record> {
        Record::visible(tx, self.person).await
    }

    fn allows(actor: &Actor, _: &Record) -> bool {
        cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, person: Record) -> Result<Record> {
        if person.id == tx.me() {
            return Err(Error::conflict("You cannot deactivate yourself. Ask another owner or admin."));
        }
        crate::account::refuse_last_owner(tx, person.id).await?;
        if person.deactivated_at.is_none() {
            let update =
                sql!("update people set deactivated_at = $3, updated_at = $3 where workspace_id = $1 and id = $2");
            tx.run(update, args![tx.workspace(), person.id, tx.now()]).await?;
            crate::account::end_all_access(tx, person.id).await?;
            tx.record("person.deactivated", person.id, json!({}));
        }
        Record::visible(tx, person.id).await
    }
}

/// Bring a deactivated person back. They sign in anew.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReactivatePerson {
    pub person: Id<Person>,
}

impl Operation for ReactivatePerson {
    const NAME: &str = "person.reactivate";
    const ROUTE: Route = Route(Delete, "/people/{person}/deactivation");
    type Target = Record;
    type Output = Record;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Record> {
        Record::visible(tx, self.person).await
    }

    fn allows(actor: &Actor, _: &Record) -> bool {
        cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, person: Record) -> Result<Record> {
        if person.deactivated_at.is_some() {
            let update =
                sql!("update people set deactivated_at = null, updated_at = $3 where workspace_id = $1 and id = $2");
            tx.run(update, args![tx.workspace(), person.id, tx.now()]).await?;
            tx.record("person.reactivated", person.id, json!({}));
        }
        Record::visible(tx, person.id).await
    }
}
