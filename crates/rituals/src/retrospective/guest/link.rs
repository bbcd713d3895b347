//! Links for guests: made by whoever began the board or leads its team, told once, with an end.
use super::Retrospective;
use kernel::{
    Actor, Error, Id,
    Method::{Delete, Get, Post},
    Operation, Person, Result, Route, Time, Tx, args, columns, json, sql,
};
use people::{account::secret, team};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// A link that stands.
#[derive(Clone, Debug, Serialize, JsonSchema)]
#[schemars(rename = "RetrospectiveLink")]
pub struct Link {
    pub id: Id<Link>,
    pub retrospective_id: Id<Retrospective>,
    pub made_by_name: String,
    pub made_at: Time,
    pub ends_at: Time,
    /// How many guests came with it.
    pub guests: i64,
}
columns!(Link { id, retrospective_id, made_by_name, made_at, ends_at, guests });

const LINK_SELECT: &str = "select l.id, l.retrospective_id, p.name as made_by_name, l.made_at, l.ends_at,
            (select count(*) from retrospective_guests g where g.workspace_id = l.workspace_id and g.link_id = l.id) as guests
       from retrospective_links l join people p on p.workspace_id = l.workspace_id and p.id = l.made_by
      where l.workspace_id = $1 and l.ended_at is null and l.ends_at > $2 ";
/// So many links of one board stand at once.
const MOST: usize = 5;
const LONGEST: i64 = 30;
const DAY: Duration = Duration::from_secs(24 * 3600);

/// A board, and whether the actor may open it for guests.
pub struct Facilitated {
    board: Retrospective,
    opens: bool,
}

impl Facilitated {
    async fn of(tx: &mut Tx<'_>, board: Id<Retrospective>) -> Result<Facilitated> {
        let board = Retrospective::visible(tx, board).await?;
        let me = tx.me();
        let leads = team::Record::is_led_by(tx, board.team_id, me).await?;
        Ok(Facilitated { opens: leads || board.started_by == me, board })
    }
}

async fn standing(tx: &mut Tx<'_>, board: Id<Retrospective>) -> Result<Vec<Link>> {
    let select = sql!(LINK_SELECT, "and l.retrospective_id = $3 order by l.made_at, l.id");
    let now = tx.now();
    tx.all(select, args![tx.workspace(), now, board]).await
}

/// The links of a board that stand, and who came with them.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListLinks {
    pub retrospective: Id<Retrospective>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct GuestLinks {
    pub retrospective: Retrospective,
    pub links: Vec<Link>,
    /// The names of all guests who ever came; none on a board without names.
    pub names: Vec<String>,
}

impl Operation for ListLinks {
    const NAME: &str = "retrospective_link.list";
    const ROUTE: Route = Route(Get, "/retrospectives/{retrospective}/links");
    const READS: bool = true;
    type Target = Facilitated;
    type Output = GuestLinks;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Facilitated> {
        Facilitated::of(tx, self.retrospective).await
    }

    fn allows(actor: &Actor, target: &Facilitated) -> bool {
        actor.belongs() && target.opens
    }

    async fn run(&self, tx: &mut Tx<'_>, target: Facilitated) -> Result<GuestLinks> {
        let names = sql!(
            "select g.name from retrospective_guests g
               join retrospective_links l on l.workspace_id = g.workspace_id and l.id = g.link_id
              where g.workspace_id = $1 and l.retrospective_id = $2 and g.name <> '' order by g.entered_at, g.id"
        );
        let names = tx.all(names, args![tx.workspace(), target.board.id]).await?;
        Ok(GuestLinks { links: standing(tx, target.board.id).await?, names, retrospective: target.board })
    }
}

/// Make a link with which people without an account take part in this board. Only from a session, and only for whoever began
/// the board or leads its team.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MakeLink {
    pub retrospective: Id<Retrospective>,
    /// After so many days it ends by itself, 1 to 30.
    pub days: i64,
}

/// A link that was just made.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "MadeRetrospectiveLink")]
pub struct MadeLink {
    /// It is not shown again, and not stored.
    pub address: String,
    pub ends_at: Time,
}

impl Operation for MakeLink {
    const NAME: &str = "retrospective_link.make";
    const ROUTE: Route = Route(Post, "/retrospectives/{retrospective}/links");
    const SESSION_ONLY: bool = true;
    type Target = Facilitated;
    type Output = MadeLink;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Facilitated> {
        Facilitated::of(tx, self.retrospective).await
    }

    fn allows(actor: &Actor, target: &Facilitated) -> bool {
        actor.belongs() && target.opens
    }

    async fn run(&self, tx: &mut Tx<'_>, Facilitated { board, .. }: Facilitated) -> Result<MadeLink> {
        if !board.guests {
            return Err(Error::conflict("This board was begun for the team alone, and stays so."));
        }
        if !(1..=LONGEST).contains(&self.days) {
            return Err(Error::invalid("days", "Choose between 1 and 30 days."));
        }
        if standing(tx, board.id).await?.len() >= MOST {
            return Err(Error::conflict("Five links to this board stand. End one before you make another."));
        }
        let secret = secret::fresh()?;
        let (id, me, now): (Id<Link>, Id<Person>, Time) = (tx.id(), tx.me(), tx.now());
        let ends_at = now + DAY * self.days as u32;
        let insert = sql!(
            "insert into retrospective_links (workspace_id, id, retrospective_id, secret_hash, made_by, made_at, ends_at)
             values ($1, $2, $3, $4, $5, $6, $7)"
        );
        tx.run(insert, args![tx.workspace(), id, board.id, secret::hash(&secret), me, now, ends_at]).await?;
        tx.record("retrospective.link_made", board.id, json!({}));
        Ok(MadeLink { address: format!("{}/guests/{secret}", tx.base_url()), ends_at })
    }
}

/// Ends every link of every workspace: after a restore, what was ended since the backup must not come back.
#[derive(Deserialize, JsonSchema)]
pub struct EndAllLinks {}

impl Operation for EndAllLinks {
    const NAME: &str = "retrospective_link.end_all";
    const ROUTE: Route = Route(Post, "/retrospective-links/end");
    type Target = ();
    type Output = ();

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        let now = tx.now();
        tx.run(sql!("update retrospective_links set ended_at = $1 where ended_at is null"), args![now]).await?;
        Ok(())
    }
}

/// End a link: whoever came with it sees the board no more. What they wrote stays.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndLink {
    pub link: Id<Link>,
}

impl Operation for EndLink {
    const NAME: &str = "retrospective_link.end";
    const ROUTE: Route = Route(Delete, "/retrospective-links/{link}");
    type Target = Facilitated;
    type Output = Retrospective;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Facilitated> {
        let board = sql!("select retrospective_id from retrospective_links where workspace_id = $1 and id = $2");
        let board: Id<Retrospective> = tx.one(board, args![tx.workspace(), self.link]).await?;
        Facilitated::of(tx, board).await
    }

    fn allows(actor: &Actor, target: &Facilitated) -> bool {
        actor.belongs() && target.opens
    }

    async fn run(&self, tx: &mut Tx<'_>, Facilitated { board, .. }: Facilitated) -> Result<Retrospective> {
        let end = sql!(
            "update retrospective_links set ended_at = $3 where workspace_id = $1 and id = $2 and ended_at is null"
        );
        let now = tx.now();
        if tx.run(end, args![tx.workspace(), self.link, now]).await? > 0 {
            tx.record("retrospective.link_ended", board.id, json!({}));
        }
        Ok(board)
    }
}
