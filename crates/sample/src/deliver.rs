//! A repository of a team with nine months of landings, deployments, incidents, builds and tests, for the demonstration.
mod pulls;

use crate::{Company, scale::random::Random};
use delivery::{
    agreement::{SetAgreement, SetNudges},
    annotation::AddAnnotation,
    connection::{AddConnection, StopConnection},
    hook::AddHook,
    pipeline::{AddIncident, ImportPipelines},
    pull::ImportRecords,
    repository::{AddRepository, FinishImport, ImportCommits},
    signal::FindSignals,
};
use jiff::tz::TimeZone;
use kernel::{Actor, App, Json, Operation, Result, Time, json, parse};
use pulls::Pulls;
use std::time::Duration;

const REPOSITORY: &str = "https://git.northwind.example/payments/payouts.git";
const DAYS: u64 = 270;
const PEOPLE: [&str; 5] = ["priya", "tomasz", "dele", "ines", "leo"];
const NEIGHBOURS: [&str; 3] = ["arjun", "seun", "aroha"];
const WORK: [&str; 8] = [
    "Retry a payout that the bank refused for a moment",
    "Round fees once, at the end",
    "Tell merchants why a payout is late",
    "Read the bank's new return codes",
    "Split the ledger's nightly run",
    "Keep the key of a payout for thirty days",
    "Show fees before they are taken",
    "Take the old settlement path out",
];

/// Adds it to a company that was built, at the present of the clock.
pub async fn deliver(app: &App, company: &Company) -> Result<()> {
    let (system, team) = (Actor::system(company.workspace), company.team("payments"));
    let add = json!({ "name": "Payouts", "location": REPOSITORY, "team": team });
    let repository = call::<AddRepository>(app, &system, add).await?.id;
    let story = Story::told(app.clock.now());
    call::<ImportCommits>(app, &system, json!({ "repository": repository, "commits": story.commits })).await?;
    let refs = json!([{ "name": "refs/heads/main", "hash": story.tip }]);
    let finish = json!({ "repository": repository, "refs": refs, "main": "refs/heads/main", "contents": "lines" });
    call::<FinishImport>(app, &system, finish).await?;
    let records = json!({ "system": "github", "repository": repository, "deployments": story.deployments,
        "builds": story.builds, "jobs": story.jobs, "tests": story.tests, "coverage": story.coverage });
    call::<ImportPipelines>(app, &system, records).await?;
    for records in story.pulls.records.chunks(1_500) {
        let input = json!({ "host": "github", "into": repository, "records": records });
        call::<ImportRecords>(app, &system, input).await?;
    }
    let hook = json!({ "system": "github", "name": "Northwind on GitHub", "repository": repository });
    call::<AddHook>(app, &system, hook).await?;
    // A demonstration asks no other server.
    let connection =
        json!({ "system": "github", "scope": "group", "path": "northwind", "token": "none", "team": team });
    let builds = json!({ "system": "jenkins", "scope": "repository", "path": "payments/payouts", "address": "https://ci.northwind.example",
        "login": "cairn", "token": "none", "repository": repository });
    for connection in [connection, builds] {
        let connection = call::<AddConnection>(app, &system, connection).await?.id;
        app.call(&system, StopConnection { connection }).await?;
    }
    for (number, (from, to)) in story.incidents.iter().enumerate() {
        let incident = json!({ "team": team, "id": number.to_string(), "title": "Payouts are late", "opened_at": from, "resolved_at": to });
        call::<AddIncident>(app, &system, incident).await?;
    }
    // They were made some time ago: an agreement is not broken by what was there before it.
    let present = app.clock.now();
    app.clock.set(present - Duration::from_secs(45 * 86_400));
    for (kind, most) in [("size", Some(300)), ("no_self_merge", None), ("review_within", Some(12))] {
        call::<SetAgreement>(app, &system, json!({ "team": team, "kind": kind, "most": most })).await?;
    }
    call::<SetNudges>(app, &system, json!({ "team": team, "on": true })).await?;
    app.clock.set(present);
    for (days, text) in [(60, "New machines for builds"), (24, "Release freeze")] {
        let date = (app.clock.now() - Duration::from_secs(days * 86_400)).date(&TimeZone::UTC);
        call::<AddAnnotation>(app, &system, json!({ "team": team, "date": date, "text": text })).await?;
    }
    app.call(&system, FindSignals { team }).await?;
    Ok(())
}

async fn call<O: Operation>(app: &App, actor: &Actor, input: Json) -> Result<O::Output> {
    app.call(actor, parse::<O>(input)?).await
}

struct Story {
    pulls: Pulls,
    commits: Vec<Json>,
    deployments: Vec<Json>,
    builds: Vec<Json>,
    jobs: Vec<Json>,
    tests: Vec<Json>,
    coverage: Vec<Json>,
    incidents: Vec<(Time, Time)>,
    tip: String,
}

impl Story {
    /// In the last quarter the team deploys each day, before that twice a week.
    fn told(present: Time) -> Story {
        let mut story = Story::begun();
        let mut random = Random::new(7);
        let midnight = Time(present.0 - present.0.rem_euclid(86_400_000_000));
        for day in 0..DAYS {
            let morning = midnight - Duration::from_secs((DAYS - day) * 86_400);
            let weekday = morning.0.div_euclid(86_400_000_000).rem_euclid(7);
            // The 1st of January 1970 was a Thursday.
            if matches!(weekday, 2 | 3) {
                continue;
            }
            for hour in [9, 14] {
                story.commit(day as usize, morning + Duration::from_secs(3600 * hour + 60 * random.below(50)));
            }
            let often = day + 91 > DAYS;
            if often || matches!(weekday, 5 | 0) {
                story.deploy(morning + Duration::from_secs(16 * 3600 + 60 * random.below(90)), random.below(12) == 0);
            }
        }
        (1..=4).for_each(|more| story.pulls.open(story.commits.len() + more, present));
        story
    }

    fn begun() -> Story {
        Story {
            pulls: Pulls::new(),
            commits: Vec::new(),
            deployments: Vec::new(),
            builds: Vec::new(),
            jobs: Vec::new(),
            tests: Vec::new(),
            coverage: Vec::new(),
            incidents: Vec::new(),
            tip: String::new(),
        }
    }

    fn commit(&mut self, day: usize, at: Time) {
        let number = self.commits.len() + 1;
        let (hash, who) = (hash(number), author(number));
        let takes_back = number.is_multiple_of(61);
        let subject =
            if takes_back { "Revert \"Round fees once, at the end\"" } else { WORK[(number + day) % WORK.len()] };
        let lines = (number % 70 + 3, number % 23);
        self.pulls.merged(number, day as u64, at, lines);
        let mut changes = vec![json!({ "path": format!("src/payouts/{}.rs", number % 9), "lines": lines })];
        if !number.is_multiple_of(4) {
            changes.push(
                json!({ "path": format!("tests/payouts/{}.rs", number % 9), "lines": [number % 31 + 2, number % 5] }),
            );
        }
        let parents: Vec<&str> = Some(&*self.tip).into_iter().filter(|tip| !tip.is_empty()).collect();
        self.commits.push(json!({
            "hash": hash, "parents": parents, "author": { "name": who, "mail": format!("{who}@northwind.example") },
            "authored_at": at, "committed_at": at, "committed_offset": 0, "subject": format!("{subject} (#{number})"),
            "pull_number": number, "pull_title": subject, "reverts": takes_back.then(|| self::hash(number - 4)),
            "changes": changes,
        }));
        let ends = at + Duration::from_secs(480 + 3 * number as u64);
        let failed = number.is_multiple_of(13);
        self.builds.push(json!({
            "id": number.to_string(), "attempt": 1, "project": "payments/payouts", "name": "Test", "commit": hash, "branch": "main",
            "event": "push", "outcome": if failed { "failed" } else { "succeeded" }, "said": if failed { "failure" } else { "success" },
            "queued_at": at, "started_at": at + Duration::from_secs(25), "finished_at": ends, "as_of": ends,
        }));
        self.tested(number, at, ends, failed);
        self.tip = hash;
    }

    /// The jobs of a build, its tests and what they cover.
    fn tested(&mut self, number: usize, at: Time, ends: Time, failed: bool) {
        let hash = hash(number);
        let build = |attempt: u32, outcome: &str| {
            let begun = at + Duration::from_secs(25 + 1_200 * u64::from(attempt - 1));
            json!({
                "id": number.to_string(), "attempt": attempt, "build": number.to_string(), "project": "payments/payouts",
                "name": "integration", "commit": hash, "outcome": outcome, "said": outcome, "queued_at": at,
                "started_at": begun, "finished_at": begun + Duration::from_secs(300), "as_of": begun,
            })
        };
        self.jobs.push(build(1, if failed { "failed" } else { "succeeded" }));
        // Some of what fails passes when it is tried again, which nobody should have to do.
        if number.is_multiple_of(26) {
            self.jobs.push(build(2, "succeeded"));
        }
        if number.is_multiple_of(52) {
            self.tests.push(json!({
                "id": format!("run-{number}"), "commit": hash, "ran_at": ends, "seconds": 61.5,
                "results": [
                    { "suite": "payouts", "name": "retries::stop after the third refusal", "outcome": "passed", "failed_before": 1 },
                    { "suite": "payouts", "name": "fees::are rounded once", "outcome": "passed" },
                ],
            }));
        }
        if number.is_multiple_of(10) {
            let covered = 6_100 + 4 * number as i64;
            self.coverage.push(json!({
                "id": format!("coverage-{number}"), "commit": hash, "measured_at": ends, "format": "lcov",
                "lines_covered": covered, "lines_known": 9_400 + 2 * number as i64,
            }));
        }
    }

    fn deploy(&mut self, at: Time, breaks: bool) {
        let number = self.deployments.len() + 1;
        let failed = number.is_multiple_of(19);
        self.deployments.push(json!({
            "id": number.to_string(), "project": "payments/payouts", "environment": "production", "commit": self.tip,
            "outcome": if failed { "failed" } else { "succeeded" }, "said": if failed { "failure" } else { "success" },
            "created_at": at, "finished_at": at, "as_of": at,
        }));
        if breaks && !failed {
            let from = at + Duration::from_secs(1_800);
            self.incidents.push((from, from + Duration::from_secs(3_600 * (1 + number as u64 % 5))));
        }
    }
}

/// Some of the changes come from the team that keeps the books.
fn author(number: usize) -> &'static str {
    match number.is_multiple_of(9) {
        true => NEIGHBOURS[number / 9 % NEIGHBOURS.len()],
        false => PEOPLE[number * 7 % PEOPLE.len()],
    }
}

fn hash(number: usize) -> String {
    format!("{:032x}{number:08x}", (number as u128).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835))
}
