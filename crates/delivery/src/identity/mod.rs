//! The names and mail addresses under which people commit, and whose they are. A rule that joins one says which it was;
//! what no rule joins is listed, and whoever it is says so.
mod accounts;
mod bots;
mod claim;
mod list;
mod rules;

pub(crate) use accounts::of_accounts;
pub use claim::{ClaimIdentity, ReleaseIdentity};
pub use list::{IdentityPage, ListIdentities};
pub(crate) use rules::{key, of};

use kernel::{Actor, Id, Person, Result, Tx, args, columns, sql, words};
use people::access::cares_for_people;
use schemars::JsonSchema;
use serde::Serialize;
use ui::Pages;

words! {
    /// Why an identity is somebody's.
    pub enum Reason {
        Mail = "mail",
        Mailmap = "mailmap",
        Login = "login",
        Name = "name",
        Claimed = "claimed",
        Released = "released",
    }
}

/// One name with one mail address.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Identity {
    pub id: Id<Identity>,
    pub name: String,
    pub mail: String,
    /// The name at a code host, where the address tells it.
    pub login: Option<String>,
    pub bot: bool,
    pub person_id: Option<Id<Person>>,
    pub person_name: Option<String>,
    pub reason: Option<Reason>,
}
columns!(Identity { id, name, mail, login, bot, person_id, person_name, reason });

const SELECT: &str = "select i.id, i.name, i.mail, i.login, i.bot, i.person_id, p.name as person_name, i.reason
       from identities i left join people p on p.workspace_id = i.workspace_id and p.id = i.person_id ";

/// The reach of identities: one's own, those that are nobody's, and all for those who care for people. Its parameters are
/// the workspace, whether the actor is a colleague, whether they care for people, and the actor.
const VISIBLE: &str = " i.workspace_id = $1 and $2 and ($3 or i.person_id is null or i.person_id = $4) ";

impl Identity {
    pub async fn visible(tx: &mut Tx<'_>, id: Id<Identity>) -> Result<Identity> {
        let select = sql!(SELECT, "where", VISIBLE, "and i.id = $5");
        let actor: &Actor = tx.actor();
        tx.one(select, args![tx.workspace(), actor.belongs(), cares_for_people(actor), tx.me(), id]).await
    }

    /// Why it is somebody's, as a page says it.
    pub fn why(&self) -> &'static str {
        match self.reason {
            Some(Reason::Mail) => "The same mail address",
            Some(Reason::Mailmap) => "The repository's mailmap gives this address",
            Some(Reason::Login) => "The same name at the code host",
            Some(Reason::Name) => "The only person here of this name",
            Some(Reason::Claimed) => "Claimed",
            Some(Reason::Released) => "Released",
            None => "",
        }
    }
}

pub fn pages() -> Pages {
    Pages::new()
        .get("/identities", list::page)
        .get("/identities/{identity}", claim::page)
        .post("/identities/{identity}/claim", claim::save)
        .post("/identities/{identity}/release", claim::release)
}
