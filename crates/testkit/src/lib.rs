//! For tests: the sample company on each engine, and a client that needs no network.
mod client;
mod crawl;
mod engines;
mod personas;
mod recorder;
mod stream;
mod sweeper;

pub use client::{Answer, Client};
pub use crawl::{Visit, crawl, without_chance};
pub use engines::{empty_postgres, postgres_server, sqlite_file};
pub use personas::{Neighbour, with_token};
pub use recorder::Recorder;
pub use stream::Stream;

use cairn::{NAV, http::Doors, world::World as Opened};
use jiff::civil::date;
use kernel::{Actor, Clock, Id, Operation, Person, Result, Team, Time, Vault, Workspace};
use people::account::session::ResolvePerson;
use sample::Company;
use std::{fs, sync::Arc};
use ui::Site;

/// The reference day of the sample company in tests: a Tuesday in March, between the changes to daylight saving time in
/// America and in Europe.
pub const REFERENCE: jiff::civil::Date = date(2026, 3, 17);

/// A program of its own on a database of its own.
pub struct World {
    pub opened: Opened,
    pub company: Option<Company>,
    pub clock: Clock,
    pub outside: Arc<Recorder>,
    pub url: String,
    demonstration: bool,
}

/// The sample company, once on each engine at hand.
pub async fn worlds() -> Vec<World> {
    let mut all = vec![World::sample_on(engines::sample_copy().await).await];
    if let Some(url) = engines::sample_postgres().await {
        all.push(World::sample_on(url).await);
    }
    all
}

/// A workspace with nobody in it, once on each engine at hand.
pub async fn empty_worlds() -> Vec<World> {
    let mut all = vec![World::on(sqlite_file()).await];
    if let Some(url) = engines::empty_postgres().await {
        all.push(World::on(url).await);
    }
    all
}

impl World {
    pub async fn on(url: String) -> World {
        let clock = Clock::fixed(noon());
        let opened = Opened::at(&url, clock.clone(), "http://cairn.test").await.expect("the database opens");
        let opened = Opened { app: opened.app.clone().with_vault(Vault::new([7; 32])), ..opened };
        let outside = Arc::new(Recorder::in_folder(&engines::files()));
        World { opened, company: None, clock, outside, url, demonstration: false }
    }

    async fn sample_on(url: String) -> World {
        let mut world = World::on(url).await;
        let company = Company::find(&world.opened.app, world.opened.workspace, REFERENCE).await;
        world.company = Some(company.expect("the sample company is in its copy"));
        world
    }

    /// The same world as a demonstration, in which a visitor chooses whose eyes to look through.
    pub fn as_demonstration(mut self) -> World {
        self.demonstration = true;
        self
    }

    pub fn workspace(&self) -> Id<Workspace> {
        self.opened.workspace
    }

    pub fn system(&self) -> Actor {
        self.opened.system()
    }

    pub fn person(&self, key: &str) -> Id<Person> {
        self.company.as_ref().expect("this world has the sample company").person(key)
    }

    pub fn team(&self, key: &str) -> Id<Team> {
        self.company.as_ref().expect("this world has the sample company").team(key)
    }

    /// A person of the sample company as they act when they are signed in.
    pub async fn actor(&self, key: &str) -> Actor {
        let person = self.person(key);
        let found = self.opened.app.call(&self.system(), ResolvePerson { person }).await;
        found.expect("this person has an account").actor(self.workspace()).expect("the roles are known")
    }

    pub async fn call<O: Operation>(&self, actor: &Actor, input: O) -> Result<O::Output> {
        self.opened.app.call(actor, input).await
    }

    /// Runs the jobs that are due until none is left.
    pub async fn drain(&self) {
        while db::drain(&self.opened.db, &self.opened.app, &*self.outside).await.expect("the queue can be read") > 0 {}
    }

    /// Moves the clock on, and does what is due by then, scheduled jobs included.
    pub async fn pass_to(&self, at: &str) {
        let at: jiff::Timestamp = at.parse().expect("an instant such as 2026-03-17T12:00:00Z");
        self.pass_to_time(at.into()).await;
    }

    pub async fn pass_to_time(&self, at: Time) {
        db::ask_for_scheduled(&self.opened.db, &self.opened.app).await.expect("the queue can be written");
        self.clock.set(at);
        self.drain().await;
    }

    /// All that the database holds: a dump of it, and the bytes of SQLite's files.
    pub async fn bytes(&self) -> Vec<u8> {
        let path = sqlite_file();
        let file = fs::File::create(&path).expect("the temporary folder can be written");
        db::dump(&self.opened.db, Box::new(file)).await.expect("the database can be dumped");
        let files = [path, self.url.clone(), format!("{}-wal", self.url)];
        files.iter().flat_map(|file| fs::read(file).unwrap_or_default()).collect()
    }

    /// A browser without a session.
    pub fn client(&self) -> Client {
        Client::new(self.router())
    }

    /// All doors of HTTP.
    pub fn router(&self) -> axum::Router {
        let site = Site {
            app: self.opened.app.clone(),
            workspace: self.workspace(),
            nav: &NAV,
            demonstration: self.demonstration,
            base_url: "http://cairn.test".into(),
            setup_code: Some("code".into()),
            blobs: self.outside.files.clone(),
            conversation: conversation::section,
            bring: conversation::bring,
        };
        cairn::http::router(Doors { site, db: self.opened.db.clone(), metrics: None })
    }
}

/// Noon in UTC on the reference day.
pub fn noon() -> Time {
    let noon = REFERENCE.at(12, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).expect("noon is a time of every day");
    noon.timestamp().into()
}
