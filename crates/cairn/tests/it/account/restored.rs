//! A backup is older than what was taken away since: a restore gives none of it back, and sends nothing by itself.
use super::{PASSWORD, add, begun, is_in, settle, sign_in};
use cairn::PARTS;
use db::Db;
use kernel::{Actor, App, Clock, Id, Person, Role, Roles};
use people::account::{
    EndAllAccess,
    ledger::{AccessNote, TakeAway},
    session::ResolvePerson,
};
use std::{
    fs::File,
    io::{BufReader, BufWriter},
    path::PathBuf,
};
use testkit::{Client, World, empty_postgres, sqlite_file};

const NEW_PASSWORD: &str = "another pier with other lanterns";

async fn backup(world: &World) -> PathBuf {
    let path = PathBuf::from(sqlite_file()).with_extension("backup");
    let file = File::create(&path).unwrap();
    db::dump(&world.opened.db, Box::new(BufWriter::new(file))).await.unwrap();
    path
}

/// What `cairn restore` does, into another database of the same engine.
async fn restore(world: &World, backup: PathBuf, notes: Vec<AccessNote>) -> (World, u64) {
    let url = if world.url.starts_with("postgres") { empty_postgres().await.unwrap() } else { sqlite_file() };
    let db = Db::open(&url, PARTS).await.unwrap();
    db::load(&db, Box::new(BufReader::new(File::open(backup).unwrap()))).await.unwrap();
    let app = App::new(db, PARTS, Clock::default(), people::account::admit);
    let nobody = Actor::system(Id::from_u128(0));
    app.call(&nobody, EndAllAccess {}).await.unwrap();
    let less = app.call(&nobody, TakeAway { notes }).await.unwrap();
    (World::on(url).await, less)
}

fn notes(world: &World) -> Vec<AccessNote> {
    world.outside.notes().iter().map(|line| serde_json::from_str(line).unwrap()).collect()
}

async fn member(world: &World, owner: &mut Client, name: &str, roles: &[&str]) -> (Id<Person>, Client) {
    let person = add(world, name, Some(&format!("{name}@northwind.example"))).await;
    let browser = settle(world, owner, person, roles).await;
    (person, browser)
}

async fn try_to_sign_in(world: &World, name: &str, password: &str) -> u16 {
    let email = format!("{name}@northwind.example");
    let answer = world.client().post("/sign-in", &[("email", &email), ("password", password)]).await;
    answer.status.as_u16()
}

#[tokio::test]
async fn what_was_taken_since_the_backup_does_not_come_back_with_it() {
    for (world, mut owner) in begun().await {
        let (ada, _) = member(&world, &mut owner, "ada", &["member"]).await;
        let (ben, _) = member(&world, &mut owner, "ben", &["member", "finance"]).await;
        let (_, mut cleo) = member(&world, &mut owner, "cleo", &["member"]).await;
        let (dora, _) = member(&world, &mut owner, "dora", &["member"]).await;
        let (_, mut emil) = member(&world, &mut owner, "emil", &["member"]).await;
        world.drain().await;
        let backup = backup(&world).await;

        owner.post_from("/me", &format!("/people/{ada}/account/disabling"), &[]).await;
        owner.post_from("/me", &format!("/people/{ben}/roles"), &[("roles", "member")]).await;
        let passwords = [("password", PASSWORD), ("new_password", NEW_PASSWORD)];
        cleo.post_from("/me", "/me/password", &passwords).await;
        owner.post_from("/me", &format!("/people/{dora}/deactivation"), &[("confirmed", "yes")]).await;
        world.drain().await;

        let (restored, less) = restore(&world, backup, notes(&world)).await;
        assert_eq!(less, 4);
        assert!(!is_in(&mut emil).await || !is_in(&mut on(&restored, &emil)).await, "a session was restored");
        for (name, password, status) in [
            ("ada", PASSWORD, 422),
            ("cleo", PASSWORD, 422),
            ("dora", PASSWORD, 422),
            ("emil", PASSWORD, 303),
            ("ola", PASSWORD, 303),
        ] {
            assert_eq!(try_to_sign_in(&restored, name, password).await, status, "{name}");
        }
        let found = restored.call(&restored.system(), ResolvePerson { person: ben }).await.unwrap();
        let roles: Roles = found.roles.parse().unwrap();
        assert!(roles.has(Role::Member) && !roles.has(Role::Finance), "{roles}");
    }
}

/// The same browser in front of another server.
fn on(world: &World, browser: &Client) -> Client {
    let mut other = world.client();
    other.cookies = browser.cookies.clone();
    other
}

#[tokio::test]
async fn no_mail_leaves_a_restored_server_until_somebody_releases_it() {
    for (world, mut owner) in begun().await {
        let (ada, _) = member(&world, &mut owner, "ada", &["member"]).await;
        let (restored, _) = restore(&world, backup(&world).await, Vec::new()).await;
        let mut owner = sign_in(&restored, "ola@northwind.example", PASSWORD).await;
        for send in ["true", "false"] {
            let sent = restored.outside.letters().len();
            owner.post_from("/me", &format!("/people/{ada}/reset"), &[]).await;
            restored.drain().await;
            let held = send == "true";
            assert_eq!(restored.outside.letters().len() - sent, usize::from(!held), "a held letter left");
            assert_eq!(owner.get("/admin").await.text().contains("No mail leaves"), held);
            let released = owner.post_from("/me", "/admin/mails/release", &[("send", send)]).await;
            assert_eq!(released.status, 303, "{}", released.text());
            restored.drain().await;
            assert!(restored.outside.letters().iter().any(|letter| letter.to == "ada@northwind.example"));
        }
    }
}
