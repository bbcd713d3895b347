use super::{Guest, Link, opened};
use crate::retrospective::Retrospective;
use kernel::{Actor, Id, Method::Get, Operation, Person, Result, Route, Time, Tx, args, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whether a guest may hear now that their board changed.
#[derive(Clone, Deserialize, JsonSchema)]
pub struct AttendBoard {
    pub retrospective: Id<Retrospective>,
    pub secret: String,
}

/// On what it rests that a guest may be there.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Attendance {
    pub link: Id<Link>,
    pub made_by: Id<Person>,
    pub ends_at: Time,
}

impl Operation for AttendBoard {
    const NAME: &str = "guest.attend";
    const ROUTE: Route = Route(Get, "/guests/attendance");
    const READS: bool = true;
    const FOR_STRANGERS: bool = true;
    type Target = Guest;
    type Output = Attendance;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Guest> {
        Ok(Guest::at(tx, self.retrospective, &self.secret).await?.1)
    }

    fn allows(_: &Actor, _: &Guest) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, guest: Guest) -> Result<Attendance> {
        let link = guest.link_id;
        let (_, ends_at) = opened(tx, link).await?;
        let made_by = sql!("select made_by from retrospective_links where workspace_id = $1 and id = $2");
        let made_by: Id<Person> = tx.one(made_by, args![tx.workspace(), link]).await?;
        Ok(Attendance { link, made_by, ends_at })
    }
}
