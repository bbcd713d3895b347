//! From a request to a row: who it is from, what tells it from others, and no more, so that the sender is answered soon.
use super::{
    Hook, State, apply,
    verify::{Headers, Secrets, hex},
};
use crate::{sealed::WEBHOOK, source::System};
use kernel::{
    Actor, App, Error, Id,
    Method::{Get, Post},
    Operation, Result, Route, Time, Tx, Workspace, args, columns, sql,
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Bytes of the largest webhook; GitHub sends none that is larger.
pub const LARGEST: usize = 25 << 20;

/// A door that stands, as the one who opens it to a sender needs it.
#[derive(Clone, Debug)]
pub struct Door {
    hook: Id<Hook>,
    system: System,
    secrets: Secrets,
}

/// The door of a system with this id; `NotFound` if there is none, or none any more.
pub async fn find(app: &App, workspace: Id<Workspace>, system: &str, id: &str) -> Result<Door> {
    let (Ok(system), Ok(hook)) = (system.parse::<System>(), id.parse()) else { return Err(Error::NotFound) };
    let found = app.call(&Actor::system(workspace), FindDoor { hook }).await?;
    if found.system != system {
        return Err(Error::NotFound);
    }
    let former = found.former_secret.filter(|_| found.former_until.is_some_and(|until| app.clock.now() < until));
    Ok(Door { hook, system, secrets: Secrets { now: found.secret, former } })
}

/// Keeps what a sender brought, once. A sender without the secret learns no more than one without a door.
pub async fn keep(
    app: &App,
    workspace: Id<Workspace>,
    door: &Door,
    headers: &dyn Headers,
    body: Vec<u8>,
) -> Result<()> {
    if !door.secrets.made(door.system, headers, &body) {
        return Err(Error::NotFound);
    }
    let [event, id] = match door.system {
        System::GitHub => ["x-github-event", "x-github-delivery"],
        System::GitLab => ["x-gitlab-event", "idempotency-key"],
        System::CircleCi => ["circleci-event-type", ""],
        System::PagerDuty | System::Jenkins | System::Opsgenie => ["x-cairn-event", "x-cairn-delivery"],
    };
    let plain = |text: &str| text.chars().filter(|c| !c.is_control()).take(200).collect::<String>();
    let id = headers.get(id).map(plain).filter(|id| !id.is_empty());
    let key = id.unwrap_or_else(|| format!("sha256 {}", hex(&Sha256::digest(&body))));
    let event = headers.get(event).map(plain).unwrap_or_default();
    app.call(&Actor::system(workspace), KeepDelivery { hook: door.hook, key, event, body }).await
}

/// The secrets of a door. It stays inside the program.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct FindDoor {
    hook: Id<Hook>,
}

#[derive(Serialize, JsonSchema)]
struct Found {
    system: System,
    #[serde(skip)]
    secret: String,
    #[serde(skip)]
    former_secret: Option<String>,
    former_until: Option<Time>,
}
columns!(Found { system, secret, former_secret, former_until });

impl Operation for FindDoor {
    const NAME: &str = "hook.find";
    const ROUTE: Route = Route(Get, "/hooks/{hook}/secret");
    const READS: bool = true;
    type Target = ();
    type Output = Found;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, (): ()) -> Result<Found> {
        let select = sql!(
            "select system, secret, former_secret, former_until from hooks
              where workspace_id = $1 and id = $2 and removed_at is null"
        );
        let found: Found = tx.one(select, args![tx.workspace(), self.hook]).await?;
        let open = |sealed: &str| WEBHOOK.open(tx, self.hook, sealed);
        let secret = open(&found.secret).ok_or(Error::NotFound)?;
        Ok(Found { former_secret: found.former_secret.as_deref().and_then(open), secret, ..found })
    }
}

/// Keep a delivery that was verified. It stays inside the program.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
struct KeepDelivery {
    hook: Id<Hook>,
    key: String,
    event: String,
    body: Vec<u8>,
}

impl Operation for KeepDelivery {
    const NAME: &str = "hook.receive";
    const ROUTE: Route = Route(Post, "/hooks/{hook}/deliveries");
    type Target = ();
    type Output = ();

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, (): ()) -> Result<()> {
        let insert = sql!(
            "insert into hook_deliveries (workspace_id, hook_id, key, event, body, received_at, state)
             values ($1, $2, $3, $4, $5, $6, $7) on conflict (workspace_id, hook_id, key) do nothing"
        );
        let now = tx.now();
        tx.run(insert, args![tx.workspace(), self.hook, self.key, self.event, self.body, now, State::Waiting]).await?;
        apply::want(tx, self.hook);
        Ok(())
    }
}
