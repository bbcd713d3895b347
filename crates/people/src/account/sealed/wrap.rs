//! What is stored of a key: the key itself, sealed with something that only its owner has. Like all operations that
//! handle a secret, those of this file are called from this module only, and no door lists them.
use super::{
    cipher::{Key, Place},
    code,
};
use crate::account::{password::OwnKey, prove::Proof, session::require_proof};
use kernel::{
    Actor, Error, Id,
    Method::{Get, Post},
    Operation, Person, Result, Route, Time, Tx, args, columns, json, sql, words,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

words! {
    /// What opens a wrapped key.
    pub enum Kind {
        Password = "password",
        Recovery = "recovery",
    }
}

#[derive(Clone, Serialize, Deserialize, JsonSchema)]
pub struct Wrap {
    pub id: Id<Wrap>,
    pub kind: Kind,
    /// The stored form of the password at that time, from which its key can be made again; empty for a recovery code.
    pub made_from: String,
    pub wrapped: Vec<u8>,
    pub confirmed_at: Option<Time>,
    /// The password of today opens it.
    pub is_of_password: bool,
}
columns!(Wrap { id, kind, made_from, wrapped, confirmed_at, is_of_password });

impl Wrap {
    pub fn of_password(person: Id<Person>, key: &Key, own: &OwnKey, stored: &str) -> Result<Wrap> {
        Wrap::new(Id::new(), Kind::Password, stored, person, key, &Key::of(own.0))
    }

    pub fn of_code(person: Id<Person>, key: &Key, code: &str) -> Result<Wrap> {
        let id: Id<Wrap> = Id::new();
        let letters = code::read(code).ok_or_else(|| Error::internal("a fresh code cannot be read"))?;
        Wrap::new(id, Kind::Recovery, "", person, key, &code::key(&letters, id.as_str())?)
    }

    fn new(id: Id<Wrap>, kind: Kind, from: &str, person: Id<Person>, key: &Key, with: &Key) -> Result<Wrap> {
        let wrapped = key.wrap(place(&id, &person), with)?;
        Ok(Wrap { id, kind, made_from: from.to_owned(), wrapped, confirmed_at: None, is_of_password: true })
    }

    /// The key, if this opens it.
    pub fn open(&self, person: Id<Person>, with: &Key) -> Result<Option<Key>> {
        with.unwrap(place(&self.id, &person), &self.wrapped)
    }
}

fn place<'a>(id: &'a Id<Wrap>, person: &'a Id<Person>) -> Place<'a> {
    Place { table: "sealed_keys", row: id.as_str(), column: "wrapped", owner: person.as_str(), revision: 0 }
}

/// The wraps of a person, the latest first. They open nothing by themselves.
#[derive(Deserialize, JsonSchema)]
pub struct LoadWraps {
    pub person: Id<Person>,
}

impl Operation for LoadWraps {
    const NAME: &str = "sealed_key.load";
    const ROUTE: Route = Route(Get, "/sealed_keys");
    const READS: bool = true;
    const FOR_STRANGERS: bool = true;
    type Target = ();
    type Output = Vec<Wrap>;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Vec<Wrap>> {
        let select = sql!(
            "select k.id, k.kind, k.made_from, k.wrapped, k.confirmed_at,
                    coalesce(a.password_hash = k.made_from, false) as is_of_password
               from sealed_keys k
               join accounts a on a.workspace_id = k.workspace_id and a.person_id = k.person_id
              where k.workspace_id = $1 and k.person_id = $2 order by k.made_at desc, k.id desc"
        );
        tx.all(select, args![tx.workspace(), self.person]).await
    }
}

async fn insert(tx: &mut Tx<'_>, wrap: &Wrap) -> Result<()> {
    let insert = sql!(
        "insert into sealed_keys (workspace_id, id, person_id, kind, made_from, wrapped, made_at)
         values ($1, $2, $3, $4, $5, $6, $7)"
    );
    let (me, now) = (tx.me(), tx.now());
    tx.run(insert, args![tx.workspace(), wrap.id, me, wrap.kind, wrap.made_from, wrap.wrapped, now]).await?;
    Ok(())
}

/// Stores the first wraps of somebody who had none.
#[derive(Deserialize, JsonSchema)]
pub struct BeginSealing {
    pub proof: Proof,
    pub wraps: Vec<Wrap>,
}

impl Operation for BeginSealing {
    const NAME: &str = "sealed_key.begin";
    const ROUTE: Route = Route(Post, "/sealed_keys");
    const SESSION_ONLY: bool = true;
    type Target = ();
    type Output = ();

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        self.proof.accept(tx).await?;
        let me = tx.me();
        let exists = sql!("select 1 from sealed_keys where workspace_id = $1 and person_id = $2");
        if tx.exists(exists, args![tx.workspace(), me]).await? {
            return Err(Error::conflict("You have a key for your notes already. Unlock them with your password."));
        }
        for wrap in &self.wraps {
            insert(tx, wrap).await?;
        }
        tx.record("sealed_key.begun", me, json!({}));
        Ok(())
    }
}

/// Stores a wrap in place of all of the same kind.
#[derive(Deserialize, JsonSchema)]
pub struct AddWrap {
    pub proof: Option<Proof>,
    pub wrap: Wrap,
    pub replaces: Kind,
}

impl Operation for AddWrap {
    const NAME: &str = "sealed_key.add";
    const ROUTE: Route = Route(Post, "/sealed_keys/added");
    const SESSION_ONLY: bool = true;
    type Target = ();
    type Output = ();

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        match &self.proof {
            Some(proof) => proof.accept(tx).await?,
            None => require_proof(tx).await?,
        }
        let me = tx.me();
        let delete = sql!("delete from sealed_keys where workspace_id = $1 and person_id = $2 and kind = $3");
        tx.run(delete, args![tx.workspace(), me, self.replaces]).await?;
        insert(tx, &self.wrap).await?;
        tx.record("sealed_key.wrapped", me, json!({}));
        Ok(())
    }
}

/// Notes that the recovery code was written down.
#[derive(Deserialize, JsonSchema)]
pub struct ConfirmCode {}

impl Operation for ConfirmCode {
    const NAME: &str = "sealed_key.confirm";
    const ROUTE: Route = Route(Post, "/sealed_keys/confirmed");
    const SESSION_ONLY: bool = true;
    type Target = ();
    type Output = ();

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        let update = sql!(
            "update sealed_keys set confirmed_at = $3 where workspace_id = $1 and person_id = $2 and kind = 'recovery'"
        );
        let (me, now) = (tx.me(), tx.now());
        tx.run(update, args![tx.workspace(), me, now]).await?;
        Ok(())
    }
}

/// With a new password: the wrap of the old one makes place for that of the new one.
pub(crate) async fn replace(tx: &mut Tx<'_>, old: &str, wrap: &Wrap) -> Result<()> {
    let delete = sql!("delete from sealed_keys where workspace_id = $1 and person_id = $2 and made_from = $3");
    let me = tx.me();
    tx.run(delete, args![tx.workspace(), me, old]).await?;
    insert(tx, wrap).await
}

/// Drops the key of the actor for good. What was sealed with it is lost.
///
/// # Errors
/// `Unproven` if the password was not entered within the last ten minutes.
pub async fn discard(tx: &mut Tx<'_>) -> Result<()> {
    require_proof(tx).await?;
    let me = tx.me();
    let delete = sql!("delete from sealed_keys where workspace_id = $1 and person_id = $2");
    tx.run(delete, args![tx.workspace(), me]).await?;
    tx.record("sealed_key.discarded", me, json!({}));
    Ok(())
}
