//! What accounts may do, noted beside the database whenever it changes: a backup is older than that, and what was taken away
//! since must not come back with it.
use super::secret;
use kernel::{
    Actor, Error, Id, Job, JobKind, Json, Later, Method::Post, Operation, Outside, Person, Result, Role, Roles, Route,
    Run, Time, Tx, Workspace, args, columns, json, list, sql,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What an account could do at a moment. No secret can be made from it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AccessNote {
    pub workspace: Id<Workspace>,
    pub person: Id<Person>,
    pub at: Time,
    pub deactivated: bool,
    pub disabled: bool,
    pub roles: String,
    /// A hash of what is stored of the password.
    pub password: Option<String>,
    /// Hashes of the recovery codes that are left, as they are stored.
    pub codes: Vec<String>,
}

pub const JOB: JobKind = JobKind { name: "access.note", run: Run::Outside { prepare, act, record } };

/// Asks for a note of what the account may do from now on. Each has its own job: one that has begun already has read the state
/// of before.
pub(super) fn note(tx: &mut Tx<'_>, person: Id<Person>) {
    let now = tx.now();
    tx.want("access.note", person.to_string(), json!({}), now);
}

struct Stands {
    deactivated_at: Option<Time>,
    disabled_at: Option<Time>,
    roles: String,
    password_hash: Option<String>,
}
columns!(Stands { deactivated_at, disabled_at, roles, password_hash });

fn prepare<'a>(tx: &'a mut Tx<'_>, job: &'a Job) -> Later<'a, Option<Json>> {
    Box::pin(async move {
        let select = sql!(
            "select p.deactivated_at, a.disabled_at, a.roles, a.password_hash from accounts a
               join people p on p.workspace_id = a.workspace_id and p.id = a.person_id
              where a.workspace_id = $1 and a.person_id = $2"
        );
        let Some(stands): Option<Stands> = tx.find(select, args![job.workspace, job.subject]).await? else {
            return Ok(None);
        };
        let codes = sql!("select code_hash from recovery_codes where workspace_id = $1 and person_id = $2 order by 1");
        let note = AccessNote {
            workspace: job.workspace,
            person: job.subject.parse()?,
            at: tx.now(),
            deactivated: stands.deactivated_at.is_some(),
            disabled: stands.disabled_at.is_some(),
            roles: stands.roles,
            password: stands.password_hash.as_deref().map(secret::hash),
            codes: tx.all(codes, args![job.workspace, job.subject]).await?,
        };
        serde_json::to_value(note).map(Some).map_err(Error::internal)
    })
}

fn act<'a>(outside: &'a dyn Outside, note: Json) -> Later<'a, Json> {
    Box::pin(async move {
        outside.note_access(note.to_string()).await?;
        Ok(Json::Null)
    })
}

fn record<'a>(_: &'a mut Tx<'_>, _: &'a Job, _: Json) -> Later<'a, ()> {
    Box::pin(async { Ok(()) })
}

/// After a restore: what the newest note of an account denies is taken away from it, and nothing is given. Returns how many
/// accounts can do less than in the backup.
#[derive(Deserialize, JsonSchema)]
pub struct TakeAway {
    pub notes: Vec<AccessNote>,
}

impl Operation for TakeAway {
    const NAME: &str = "account.take_away";
    const ROUTE: Route = Route(Post, "/accounts/take-away");
    type Target = ();
    type Output = u64;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<u64> {
        let mut newest: BTreeMap<(Id<Workspace>, Id<Person>), &AccessNote> = BTreeMap::new();
        for note in &self.notes {
            let kept = newest.entry((note.workspace, note.person)).or_insert(note);
            if kept.at <= note.at {
                *kept = note;
            }
        }
        let mut less = 0;
        for note in newest.into_values() {
            less += u64::from(note.take_away(tx).await?);
        }
        Ok(less)
    }
}

impl AccessNote {
    /// Whether there was anything to take.
    async fn take_away(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let mut taken = 0;
        if self.deactivated {
            let update = sql!(
                "update people set deactivated_at = $3 where workspace_id = $1 and id = $2 and deactivated_at is null"
            );
            taken += tx.run(update, args![self.workspace, self.person, self.at]).await?;
        }
        if self.disabled {
            let update = sql!(
                "update accounts set disabled_at = $3
                  where workspace_id = $1 and person_id = $2 and disabled_at is null"
            );
            taken += tx.run(update, args![self.workspace, self.person, self.at]).await?;
        }
        taken += self.take_roles(tx).await? + self.take_secrets(tx).await?;
        Ok(taken > 0)
    }

    async fn take_roles(&self, tx: &mut Tx<'_>) -> Result<u64> {
        let select = sql!("select roles from accounts where workspace_id = $1 and person_id = $2");
        let held: Option<String> = tx.find(select, args![self.workspace, self.person]).await?;
        let Some(held) = held else { return Ok(0) };
        let (before, since): (Roles, Roles) = (held.parse()?, self.roles.parse()?);
        let guest = since.has(Role::Guest) || before.has(Role::Guest);
        let left: Roles = if guest {
            [Role::Guest].into_iter().collect()
        } else {
            before.iter().filter(|role| since.has(*role)).collect()
        };
        if left == before {
            return Ok(0);
        }
        let update = sql!("update accounts set roles = $3 where workspace_id = $1 and person_id = $2");
        tx.run(update, args![self.workspace, self.person, left.to_string()]).await
    }

    /// A password that was replaced, and codes that were used, may be known to whoever they were taken from.
    async fn take_secrets(&self, tx: &mut Tx<'_>) -> Result<u64> {
        let select = sql!("select password_hash from accounts where workspace_id = $1 and person_id = $2");
        let stored: Option<Option<String>> = tx.find(select, args![self.workspace, self.person]).await?;
        let stored = stored.flatten();
        let mut taken = 0;
        if stored.is_some() && stored.as_deref().map(secret::hash) != self.password {
            let update = sql!("update accounts set password_hash = null where workspace_id = $1 and person_id = $2");
            taken += tx.run(update, args![self.workspace, self.person]).await?;
        }
        let delete = sql!(
            "delete from recovery_codes where workspace_id = $1 and person_id = $2
                and code_hash not in (select value from json_each(cast($3 as text)))"
        );
        taken += tx.run(delete, args![self.workspace, self.person, list(&self.codes)]).await?;
        Ok(taken)
    }
}
