//! Accounts, from the first run to the end of all access, as browsers and programs meet them.
mod factor_policy;
mod invitations;
mod live;
mod passwords;
mod restored;
mod sealed;
mod second_factor;
mod signing_in;
mod tokens;

use kernel::{Id, Json, Person, json, parse};
use people::person::AddPerson;
use std::time::Duration;
use testkit::{Client, World, empty_worlds};

const PASSWORD: &str = "lanterns under the pier";

/// A new workspace on each engine, with the browser of its owner.
async fn begun() -> Vec<(World, Client)> {
    let mut all = Vec::new();
    for world in empty_worlds().await {
        let mut owner = world.client();
        let begun = owner.post("/first-run", &first_run("code")).await;
        assert_eq!(begun.status, 303, "{}", begun.text());
        all.push((world, owner));
    }
    all
}

fn first_run(code: &str) -> [(&str, &str); 6] {
    [
        ("code", code),
        ("workspace", "Northwind"),
        ("name", "Ola Owner"),
        ("email", "ola@northwind.example"),
        ("zone", "Europe/Lisbon"),
        ("new_password", PASSWORD),
    ]
}

async fn add(world: &World, name: &str, email: Option<&str>) -> Id<Person> {
    let input: Json = json!({ "name": name, "email": email, "zone": "Europe/Berlin" });
    let input: AddPerson = parse(input).unwrap();
    world.call(&world.system(), input).await.unwrap().id
}

/// Invites a person with these roles, and accepts for them.
async fn settle(world: &World, owner: &mut Client, person: Id<Person>, roles: &[&str]) -> Client {
    let link = invite(world, owner, person, roles).await;
    let mut browser = world.client();
    let accepted = browser.post(&link, &acceptance()).await;
    assert_eq!(accepted.status, 303, "{}", accepted.text());
    browser
}

/// The path of the link in the letter that invites a person.
async fn invite(world: &World, owner: &mut Client, person: Id<Person>, roles: &[&str]) -> String {
    let fields: Vec<(&str, &str)> = roles.iter().map(|role| ("roles", *role)).collect();
    let sent = owner.post_from("/me", &format!("/people/{person}/invitations"), &fields).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    newest_link(world, "/invitations/").await
}

fn acceptance() -> [(&'static str, &'static str); 3] {
    [("new_password", PASSWORD), ("zone", "Europe/Berlin"), ("hours", "Mon-Fri 09:00-17:00")]
}

async fn newest_link(world: &World, start: &str) -> String {
    world.drain().await;
    let letters = world.outside.letters();
    letters.iter().rev().find_map(|letter| link_in(&letter.text, start)).expect("a letter holds the link")
}

fn link_in(text: &str, start: &str) -> Option<String> {
    let at = text.find(&format!("http://cairn.test{start}"))? + "http://cairn.test".len();
    let plain = |c: char| !(c.is_ascii_alphanumeric() || "/-_".contains(c));
    Some(text[at..].split(plain).next().unwrap_or_default().to_owned())
}

async fn sign_in(world: &World, email: &str, password: &str) -> Client {
    let mut browser = world.client();
    let answer = browser.post("/sign-in", &[("email", email), ("password", password)]).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    browser
}

async fn is_in(browser: &mut Client) -> bool {
    browser.get("/me").await.status == 200
}

fn later(world: &World, minutes: u64) {
    world.clock.set(world.clock.now() + Duration::from_secs(60 * minutes));
}
