//! How a team delivers, by fifty thousand pull requests with what belongs to them.
mod fill;

use crate::{
    SEED, busy,
    server::{Server, cookie, load, open, report, settle},
    size, spread,
};
use fill::FillRepositories;
use std::{path::Path, time::Instant};

/// What is to be reached on two cores, in milliseconds.
const OVERVIEW: f64 = 30.0;

const PEOPLE: usize = 150;
/// How many of them write and review.
const WRITERS: usize = 40;
/// Pull requests of one transaction.
const BATCH: usize = 1_000;

fn pulls() -> usize {
    size(50_000, 2_000)
}

pub fn measure(runtime: &tokio::runtime::Runtime, engine: &str, data: &Path, url: Option<&str>) {
    let begun = Instant::now();
    let (cookies, team) = runtime.block_on(prepare(data, url));
    println!(
        "\n{engine}, {} pull requests of a team, made in {:.0} s{}",
        pulls(),
        begun.elapsed().as_secs_f64(),
        busy()
    );
    let server = Server::start(data, url);
    let pages = [
        ("overview", "delivery", Some(OVERVIEW)),
        ("a year", "delivery?span=52w", None),
        ("definitions", "delivery/definitions", None),
        ("reviews", "reviews", None),
        ("agreements", "agreements", None),
        ("investment", "delivery/investment", None),
        ("builds", "builds", None),
        ("code", "code", None),
    ];
    for (name, path, most) in pages {
        report(name, load(server.port, &cookies, &[format!("/teams/{team}/{path}")]), most);
    }
    println!("  {} after the load", server.resident());
}

/// Cookies of eight people, and the team that has the pull requests.
async fn prepare(data: &Path, url: Option<&str>) -> (Vec<String>, String) {
    let world = open(data, url).await;
    let grown = sample::scale::grow(&world.app, world.workspace, PEOPLE, SEED).await.expect("the company grows");
    let team = grown.teams[0];
    let people = grown.people[..WRITERS].to_vec();
    let all = FillRepositories { team, people, pulls: pulls(), from: 0, to: 0, now: world.app.clock.now() };
    for from in (0..pulls()).step_by(BATCH) {
        let part = FillRepositories { from, to: (from + BATCH).min(pulls()), ..all.clone() };
        world.app.call(&world.system(), part).await.expect("pull requests are written");
    }
    settle(&world, url).await;
    let mut cookies = Vec::new();
    for person in spread(&grown.people, 8) {
        cookies.push(cookie(&world, person).await);
    }
    (cookies, team.to_string())
}
