use crate::{
    access::{Nearness, cares_for_people},
    person,
};
use jiff::civil::Date;
use kernel::{
    Actor, Id,
    Method::{Delete, Put},
    Operation, Person, Result, Route, Tx, args,
    calendar::Hours,
    json, sql,
    text::Line,
};
use schemars::JsonSchema;
use serde::Deserialize;

/// Set other hours for a person on one date than their week says. Without hours it is a day off.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetException {
    pub person: Id<Person>,
    pub on_date: Date,
    /// In the person's own wall time, such as `13:00-20:00`.
    #[serde(default)]
    pub hours: Line<200>,
    /// Every colleague reads it.
    #[serde(default)]
    pub note: Line<300>,
}

impl Operation for SetException {
    const NAME: &str = "hours.set_exception";
    const ROUTE: Route = Route(Put, "/people/{person}/hours/{on_date}");
    type Target = Nearness;
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Nearness> {
        person::Record::visible(tx, self.person).await?;
        Nearness::of(tx, self.person).await
    }

    fn allows(actor: &Actor, near: &Nearness) -> bool {
        near.own || cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: Nearness) -> Result<()> {
        let hours: Hours = self.hours.parse()?;
        let save = sql!(
            "insert into hour_exceptions (workspace_id, person_id, on_date, hours, note) values ($1, $2, $3, $4, $5)
             on conflict (workspace_id, person_id, on_date) do update set hours = excluded.hours, note = excluded.note"
        );
        let hours = hours.to_string();
        tx.run(save, args![tx.workspace(), self.person, self.on_date, hours, self.note]).await?;
        tx.record("hours.exception_set", self.person, json!({ "on": self.on_date }));
        Ok(())
    }
}

/// Remove the hours of one date: the week holds again.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveException {
    pub person: Id<Person>,
    pub on_date: Date,
}

impl Operation for RemoveException {
    const NAME: &str = "hours.remove_exception";
    const ROUTE: Route = Route(Delete, "/people/{person}/hours/{on_date}");
    type Target = Nearness;
    type Output = ();

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Nearness> {
        person::Record::visible(tx, self.person).await?;
        Nearness::of(tx, self.person).await
    }

    fn allows(actor: &Actor, near: &Nearness) -> bool {
        near.own || cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, _: Nearness) -> Result<()> {
        let delete = sql!("delete from hour_exceptions where workspace_id = $1 and person_id = $2 and on_date = $3");
        if tx.run(delete, args![tx.workspace(), self.person, self.on_date]).await? > 0 {
            tx.record("hours.exception_removed", self.person, json!({ "on": self.on_date }));
        }
        Ok(())
    }
}
