use super::folded;
use crate::access::VISIBLE;
use kernel::{Actor, Id, Method::Get, Operation, Person, Result, Route, Tx, args, columns, sql};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// People by name, for a form that names one: everyone where they are few, else those who fit best.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FindPeople {
    /// Part of a name, in any case and with or without accents, or a whole mail address. If left out, everyone is
    /// found, as long as that is at most 2,000 people.
    #[serde(default)]
    pub q: String,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Found {
    /// Without `q` in the order of the names; with it the 20 best: names that begin with it, then names of which a
    /// word does, then the others.
    pub people: Vec<Brief>,
    /// How many people work here, as far as the reader can see.
    pub count: i64,
}

/// As little as tells one person from another.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Brief {
    pub id: Id<Person>,
    pub name: String,
    pub title: String,
    pub email: Option<String>,
}
columns!(Brief { id, name, title, email });

/// Up to so many people are listed as a whole.
pub(crate) const FEW: i64 = 2_000;
const BEST: i64 = 20;

impl Operation for FindPeople {
    const NAME: &str = "person.find";
    const ROUTE: Route = Route(Get, "/people/find");
    const READS: bool = true;
    type Target = ();
    type Output = Found;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Found> {
        let count = sql!("select count(*) from people p where", VISIBLE, "and p.deactivated_at is null");
        let count: i64 = tx.one(count, args![tx.workspace(), tx.actor().belongs(), tx.me()]).await?;
        let q = folded(self.q.trim());
        let people = match () {
            () if !q.is_empty() => best(tx, &q).await?,
            () if count <= FEW => everyone(tx).await?,
            () => Vec::new(),
        };
        Ok(Found { people, count })
    }
}

async fn everyone(tx: &mut Tx<'_>) -> Result<Vec<Brief>> {
    let select = sql!(
        "select p.id, p.name, p.title, p.email from people p
          where",
        VISIBLE,
        "and p.deactivated_at is null order by p.sort_name, p.id limit $4"
    );
    tx.all(select, args![tx.workspace(), tx.actor().belongs(), tx.me(), FEW]).await
}

async fn best(tx: &mut Tx<'_>, q: &str) -> Result<Vec<Brief>> {
    let select = sql!(
        "select p.id, p.name, p.title, p.email from people p
          where",
        VISIBLE,
        "and p.deactivated_at is null and (p.sort_name like $6 or p.email = $7)
          order by case when p.sort_name like $4 then 0 when p.sort_name like $5 then 1 else 2 end, p.sort_name, p.id
          limit $8"
    );
    let plain = q.replace(['%', '_', '\\'], "");
    let (begins, word, part) = (format!("{plain}%"), format!("% {plain}%"), format!("%{plain}%"));
    let (belongs, me) = (tx.actor().belongs(), tx.me());
    tx.all(select, args![tx.workspace(), belongs, me, begins, word, part, q, BEST]).await
}
