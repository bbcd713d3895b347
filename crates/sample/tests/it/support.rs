//! A database of its own for each test, on each engine, and what a test reads from it.
use db::Db;
use kernel::{Actor, App, Clock, Id, Method, Operation, Part, Result, Route, Sql, Time, Tx, Workspace, args, sql};
use schemars::JsonSchema;
use serde::Deserialize;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

static PARTS: &[&Part] = &[
    &db::CORE,
    &people::PART,
    &asks::PART,
    &conversation::PART,
    &work::PART,
    &roadmap::PART,
    &delivery::PART,
    &rituals::PART,
    &forecasting::PART,
];
static NEXT: AtomicU32 = AtomicU32::new(0);

/// A workspace with nobody in it, in memory, in a file, and on PostgreSQL where there is one.
pub async fn worlds() -> Vec<World> {
    let mut all = vec![World::at(":memory:").await, World::at(&file()).await];
    if let Some(url) = postgres().await {
        all.push(World::at(&url).await);
    }
    all
}

pub struct World {
    pub app: App,
    pub workspace: Id<Workspace>,
}

impl World {
    pub async fn at(url: &str) -> World {
        World::with_clock(url, Clock::fixed(Time::now())).await
    }

    pub async fn with_clock(url: &str, clock: Clock) -> World {
        let db = Db::open(url, PARTS).await.expect("the database opens");
        let app = App::new(db, PARTS, clock, people::account::admit).with_vault(kernel::Vault::new([7; 32]));
        let nobody = Actor::system(Id::from_u128(0));
        let workspace = app.call(&nobody, MakeWorkspace {}).await.expect("a workspace is made");
        World { app, workspace }
    }

    pub async fn rows(&self, what: What) -> Vec<String> {
        let read = Read { what };
        self.app.call(&Actor::system(self.workspace), read).await.expect("the rows can be read")
    }
}

fn name() -> String {
    format!("cairn_sample_{}_{}", std::process::id(), NEXT.fetch_add(1, Relaxed))
}

fn file() -> String {
    let folder = std::env::temp_dir().join("cairn-tests").join(std::process::id().to_string());
    std::fs::create_dir_all(&folder).expect("the temporary folder can be made");
    folder.join(name() + ".db").to_string_lossy().into_owned()
}

async fn postgres() -> Option<String> {
    let server = std::env::var("TEST_POSTGRES").ok()?;
    let (client, connection) =
        tokio_postgres::connect(&server, tokio_postgres::NoTls).await.expect("the server answers");
    tokio::spawn(connection);
    let name = name();
    client.batch_execute(&format!("create database {name}")).await.expect("a database is made");
    Some(format!("{}/{name}", server.rsplit_once('/').expect("an address with a database").0))
}

#[derive(Deserialize, JsonSchema)]
struct MakeWorkspace {}

impl Operation for MakeWorkspace {
    const NAME: &str = "test.make_workspace";
    const ROUTE: Route = Route(Method::Post, "/test/workspace");
    type Target = ();
    type Output = Id<Workspace>;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Id<Workspace>> {
        let id: Id<Workspace> = tx.id();
        let insert = sql!("insert into workspaces (id, name, created_at) values ($1, 'Cairn', $2)");
        let now = tx.now();
        tx.run(insert, args![id, now]).await?;
        Ok(id)
    }
}

/// What to read, always without ids, as they differ from one building to the next.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
pub enum What {
    Workspace,
    /// Name, title, zone, hours, holidays and roles.
    People,
    /// Names of those who were deactivated.
    Gone,
    /// Team, team above, lead.
    Teams,
    /// Team, person, position, first day, day after the last.
    Memberships,
    /// Person, manager, first day, day after the last.
    Lines,
    /// Person, first day, last day, kind, and whether someone accepted to take over.
    Leave,
    Exceptions,
    /// Plan of whom, and how many of its steps are done.
    Plans,
    Invitations,
    /// Instant and verb, in the order of their ids.
    Events,
}

impl What {
    fn select(self) -> Sql {
        match self {
            What::Workspace => sql!("select name from workspaces where id = $1"),
            What::People => sql!(
                "select p.name || '|' || p.title || '|' || p.level || '|' || p.zone || '|' || p.hours || '|' || p.holidays
                        || '|' || p.employment || '|' || coalesce(a.roles, 'no account')
                   from people p left join accounts a on a.workspace_id = p.workspace_id and a.person_id = p.id
                  where p.workspace_id = $1 order by p.sort_name, p.email"
            ),
            What::Gone => sql!(
                "select name from people where workspace_id = $1 and deactivated_at is not null order by sort_name"
            ),
            What::Teams => sql!(
                "select t.name || '|' || coalesce(a.name, '') || '|' || coalesce(l.name, '')
                   from teams t left join teams a on a.workspace_id = t.workspace_id and a.id = t.parent_id
                   left join people l on l.workspace_id = t.workspace_id and l.id = t.lead_id
                  where t.workspace_id = $1 order by t.id"
            ),
            What::Memberships => sql!(
                "select t.name || '|' || p.email || '|' || m.position || '|' || m.from_on || '|' || coalesce(m.until_on, '')
                   from memberships m join teams t on t.workspace_id = m.workspace_id and t.id = m.team_id
                   join people p on p.workspace_id = m.workspace_id and p.id = m.person_id
                  where m.workspace_id = $1 order by m.id"
            ),
            What::Lines => sql!(
                "select p.email || '|' || coalesce(m.name, 'nobody') || '|' || l.from_on || '|' || coalesce(l.until_on, '')
                   from manager_lines l join people p on p.workspace_id = l.workspace_id and p.id = l.person_id
                   left join people m on m.workspace_id = l.workspace_id and m.id = l.manager_id
                  where l.workspace_id = $1 order by p.id, l.from_on"
            ),
            What::Leave => sql!(
                "select p.email || '|' || l.first_on || '|' || l.last_on || '|' || l.kind || '|' ||
                        case when l.handover_accepted_at is null then 'open' else 'accepted' end
                   from leaves l join people p on p.workspace_id = l.workspace_id and p.id = l.person_id
                  where l.workspace_id = $1 order by l.id"
            ),
            What::Exceptions => sql!(
                "select p.name || '|' || e.on_date || '|' || e.hours from hour_exceptions e
                   join people p on p.workspace_id = e.workspace_id and p.id = e.person_id
                  where e.workspace_id = $1 order by p.sort_name, e.on_date"
            ),
            What::Plans => sql!(
                "select p.name || '|' || cast((select count(*) from onboarding_steps s
                           where s.workspace_id = $1 and s.plan_id = n.id and s.done_at is not null) as text)
                        || '|' || case when n.ended_at is null then 'open' else 'ended' end
                   from onboarding_plans n join people p on p.workspace_id = n.workspace_id and p.id = n.person_id
                  where n.workspace_id = $1 order by n.id"
            ),
            What::Invitations => sql!("select email from invitations where workspace_id = $1 order by id"),
            What::Events => sql!("select at, verb from events where workspace_id = $1 order by id"),
        }
    }
}

#[derive(Deserialize, JsonSchema)]
struct Read {
    what: What,
}

impl Operation for Read {
    const NAME: &str = "test.read";
    const ROUTE: Route = Route(Method::Get, "/test/rows");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<String>;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Vec<String>> {
        let select = self.what.select();
        if let What::Events = self.what {
            let events: Vec<(Time, String)> = tx.all(select, args![tx.workspace()]).await?;
            return Ok(events.into_iter().map(|(at, verb)| format!("{at} {verb}")).collect());
        }
        tx.all(select, args![tx.workspace()]).await
    }
}
