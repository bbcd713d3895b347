//! In a demonstration a visitor chooses whose eyes to look through.
use super::session::EYES_COOKIE;
use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Redirect},
};
use kernel::{Actor, Error, Id, Method::Get, Operation, Person, Result, Route, Tx, args, sql};
use schemars::JsonSchema;
use serde::Deserialize;
use ui::{Answer, Submitted};

/// Those with an account, the leads of teams first.
#[derive(Deserialize, JsonSchema)]
pub struct ListPersonas {}

impl Operation for ListPersonas {
    const NAME: &str = "demonstration.personas";
    const ROUTE: Route = Route(Get, "/demonstration/personas");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<(Id<Person>, String, String)>;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Self::Output> {
        let select = sql!(
            "select p.id, p.name, p.title from people p
               join accounts a on a.workspace_id = p.workspace_id and a.person_id = p.id
              where p.workspace_id = $1 and p.deactivated_at is null and a.disabled_at is null
              order by case when p.name like 'Mara %' then 0 else 1 end, p.sort_name limit 100"
        );
        tx.all(select, args![tx.workspace()]).await
    }
}

/// `POST /demonstration/eyes`
pub async fn look(form: Submitted) -> Answer {
    if !form.cx.site.demonstration {
        return Err(Error::NotFound.into());
    }
    let person: Id<Person> = form.text("person").parse()?;
    let cookie = format!("{EYES_COOKIE}={person}; Path=/; Secure; HttpOnly; SameSite=Lax");
    let mut response = Redirect::to("/today").into_response();
    response.headers_mut().append(header::SET_COOKIE, HeaderValue::from_str(&cookie).map_err(Error::internal)?);
    Ok(response)
}
