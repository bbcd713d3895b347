use crate::{
    access::{cares_for_people, today},
    account, person,
};
use jiff::civil::Date;
use kernel::{Actor, Error, Id, Method::Put, Operation, Person, Result, Route, Tx, args, json, sql};
use schemars::JsonSchema;
use serde::Deserialize;

/// Say who manages a person from a date on; nobody, for the top of a line.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetManager {
    pub person: Id<Person>,
    #[serde(default)]
    pub manager: Option<Id<Person>>,
    /// Today if left out.
    #[serde(default)]
    pub from_on: Option<Date>,
}

impl Operation for SetManager {
    const NAME: &str = "person.set_manager";
    const ROUTE: Route = Route(Put, "/people/{person}/manager");
    type Target = ();
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        person::Record::visible(tx, self.person).await?;
        if let Some(manager) = self.manager {
            person::Record::visible(tx, manager).await?;
        }
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        let from = self.from_on.unwrap_or_else(|| today(tx));
        begin(tx, self.person, self.manager, from).await
    }
}

/// Ends the line that holds on `from` and begins this one; later lines, planned before, are replaced. Nothing happens
/// where it holds for good already.
pub(crate) async fn begin(tx: &mut Tx<'_>, person: Id<Person>, manager: Option<Id<Person>>, from: Date) -> Result<()> {
    if let Some(manager) = manager {
        refuse_circle(tx, person, manager, from).await?;
    }
    let workspace = tx.workspace();
    let already = sql!(
        "select 1 from manager_lines where workspace_id = $1 and person_id = $2 and from_on <= $3 and until_on is null
            and (manager_id = $4 or manager_id is null and cast($4 as text) is null)"
    );
    if tx.exists(already, args![workspace, person, from, manager]).await? {
        return Ok(());
    }
    let drop_later = sql!("delete from manager_lines where workspace_id = $1 and person_id = $2 and from_on >= $3");
    tx.run(drop_later, args![workspace, person, from]).await?;
    let end = sql!(
        "update manager_lines set until_on = $3
          where workspace_id = $1 and person_id = $2 and (until_on is null or until_on > $3)"
    );
    tx.run(end, args![workspace, person, from]).await?;
    let insert =
        sql!("insert into manager_lines (workspace_id, person_id, manager_id, from_on) values ($1, $2, $3, $4)");
    tx.run(insert, args![workspace, person, manager, from]).await?;
    account::end_all_access(tx, person).await?;
    if let Some(manager) = manager {
        account::end_all_access(tx, manager).await?;
    }
    tx.record("person.manager_changed", person, json!({ "manager": manager, "from": from }));
    Ok(())
}

/// Nobody is their own manager, directly or through others, on any day from `from` on.
async fn refuse_circle(tx: &mut Tx<'_>, person: Id<Person>, manager: Id<Person>, from: Date) -> Result<()> {
    let above = sql!(
        "with recursive above (person_id, depth) as (
           select $2, 0
           union
           select l.manager_id, above.depth + 1 from above
             join manager_lines l on l.workspace_id = $1 and l.person_id = above.person_id
            where l.manager_id is not null and (l.until_on is null or l.until_on > $4) and above.depth < 50
         )
         select 1 from above where person_id = $3"
    );
    match tx.exists(above, args![tx.workspace(), manager, person, from]).await? {
        true => {
            Err(Error::invalid("manager", "This person reports to the one you are changing, so it would be a circle."))
        }
        false => Ok(()),
    }
}
