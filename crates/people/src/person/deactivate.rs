use super::{
    Profile, Record, ShowPerson,
    edit::{Part, again},
};
use crate::account::{looks_after, roles_of};
use kernel::{
    Actor, Error, Id,
    Method::{Delete, Post},
    Operation, Person, Result, Roles, Route, Tx, args, json, sql,
};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Cx, Flash, Form, Markup, Submitted, html};

/// Deactivate a person: their access ends at once, and all that they wrote and did stays.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeactivatePerson {
    pub person: Id<Person>,
}

impl Operation for DeactivatePerson {
    const NAME: &str = "person.deactivate";
    const ROUTE: Route = Route(Post, "/people/{person}/deactivation");
    /// The person, and the roles of their account.
    type Target = (Record, Roles);
    type Output = Record;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Ok((Record::visible(tx, self.person).await?, roles_of(tx, self.person).await?))
    }

    fn allows(actor: &Actor, (_, roles): &Self::Target) -> bool {
        looks_after(actor, *roles)
    }

    async fn run(&self, tx: &mut Tx<'_>, (person, _): Self::Target) -> Result<Record> {
        if person.id == tx.me() {
            return Err(Error::conflict("You cannot deactivate yourself. Ask another owner or admin."));
        }
        crate::account::refuse_last_owner(tx, person.id).await?;
        if person.deactivated_at.is_none() {
            let update =
                sql!("update people set deactivated_at = $3, updated_at = $3 where workspace_id = $1 and id = $2");
            tx.run(update, args![tx.workspace(), person.id, tx.now()]).await?;
            crate::account::shut_out(tx, person.id).await?;
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
    /// The person, and the roles of their account.
    type Target = (Record, Roles);
    type Output = Record;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Ok((Record::visible(tx, self.person).await?, roles_of(tx, self.person).await?))
    }

    fn allows(actor: &Actor, (_, roles): &Self::Target) -> bool {
        looks_after(actor, *roles)
    }

    async fn run(&self, tx: &mut Tx<'_>, (person, _): Self::Target) -> Result<Record> {
        if person.deactivated_at.is_some() {
            let update =
                sql!("update people set deactivated_at = null, updated_at = $3 where workspace_id = $1 and id = $2");
            tx.run(update, args![tx.workspace(), person.id, tx.now()]).await?;
            crate::account::noted(tx, person.id);
            tx.record("person.reactivated", person.id, json!({}));
        }
        Record::visible(tx, person.id).await
    }
}

/// `POST /people/{person}/deactivation`
pub async fn deactivate(form: Submitted) -> Answer {
    let person = form.cx.read_here::<ShowPerson>().await?;
    if !form.confirmed() {
        return form.ask(&format!("Deactivate {}?", person.name), "Deactivate");
    }
    match form.submit::<DeactivatePerson>().await {
        Ok(person) => {
            let flash = Flash::says(format!("{} is deactivated.", person.name));
            Ok(form.go(&format!("/people/{}", person.id), flash.undo(format!("/people/{}/reactivation", person.id))))
        }
        Err(error) => again(&form, Part::Standing, error).await,
    }
}

/// `POST /people/{person}/reactivation`
pub async fn reactivate(form: Submitted) -> Answer {
    let person = form.submit::<ReactivatePerson>().await?;
    let flash = Flash::says(format!("{} is back.", person.name));
    Ok(form.go(&format!("/people/{}", person.id), flash))
}

pub(super) fn card(cx: &Cx, person: &Profile, form: &Form) -> Markup {
    let here = person.deactivated_at.is_none();
    let action = format!("/people/{}/{}", person.id, if here { "deactivation" } else { "reactivation" });
    let question = format!("Deactivate {}? Their access ends at once.", person.name);
    html! {
        section.card #standing { header { h2 { (if here { "When they leave" } else { "Deactivated" }) } } div.body {
            form.form method="post" action=(action) data-confirm=[here.then_some(&question)] data-confirm-button=[here.then_some("Deactivate")] {
                (ui::token(cx)) (form.summary())
                @if here {
                    p.small.muted { "Their access ends at once. All that they wrote and did stays, and you can bring them back." }
                    div.buttons { button.button.danger { "Deactivate" } }
                } @else {
                    p.small.muted { "They are on no list of people who work here. When they are back, they sign in anew." }
                    div.buttons { button.button { "Bring back" } }
                }
            }
        } }
    }
}
