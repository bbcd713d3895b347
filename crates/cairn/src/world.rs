//! What every command that touches data begins with: the database, the workspace and the program around them.
use crate::{PARTS, config::Config, keys};
use db::Db;
use kernel::{Actor, App, Clock, Error, Id, Method::Post, Operation, Result, Route, Tx, Workspace, args, sql};
use schemars::JsonSchema;
use serde::Deserialize;
use std::{fs, sync::Arc};

/// An open database with the program on it.
pub struct World {
    pub db: Arc<Db>,
    pub app: App,
    pub workspace: Id<Workspace>,
}

impl World {
    /// Opens what the configuration names, makes the tables and the workspace where there are none.
    pub async fn open(config: &Config, clock: Clock) -> Result<World> {
        if config.text("database-url").is_empty() {
            let unmade = |error: std::io::Error| {
                Error::invalid("data", format!("The folder {} cannot be made: {error}.", config.data().display()))
            };
            fs::create_dir_all(config.data()).map_err(unmade)?;
        }
        let world = World::at(&config.database(), clock, &config.base_url()).await?;
        let app = world.app.with_reply_to(config.reply_to()?).with_vault(keys::vault(config)?);
        Ok(World { app, ..world })
    }

    pub async fn at(url: &str, clock: Clock, base_url: &str) -> Result<World> {
        World::on(Db::open(url, PARTS).await?, clock, base_url).await
    }

    /// The program on a database that is open.
    pub async fn on(db: Arc<Db>, clock: Clock, base_url: &str) -> Result<World> {
        let app = App::new(db.clone(), PARTS, clock, people::account::admit).with_base_url(base_url);
        let nobody = Actor::system(Id::from_u128(0));
        let workspace = app.call(&nobody, OpenWorkspace {}).await?;
        Ok(World { db, app, workspace })
    }

    pub fn system(&self) -> Actor {
        Actor::system(self.workspace)
    }
}

/// The workspace of this installation, made on the first start.
#[derive(Deserialize, JsonSchema)]
struct OpenWorkspace {}

impl Operation for OpenWorkspace {
    const NAME: &str = "workspace.open";
    const ROUTE: Route = Route(Post, "/workspace");
    type Target = ();
    type Output = Id<Workspace>;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Id<Workspace>> {
        let first = sql!("select id from workspaces order by created_at, id limit 1");
        if let Some(id) = tx.find(first, args![]).await? {
            return Ok(id);
        }
        let id: Id<Workspace> = tx.id();
        let insert = sql!("insert into workspaces (id, name, created_at) values ($1, $2, $3)");
        let now = tx.now();
        tx.run(insert, args![id, "Cairn", now]).await?;
        Ok(id)
    }
}
