//! A repository of a team with nine months of landings, deployments, incidents, builds and tests, for the demonstration.
use crate::{Company, scale::random::Random};
use delivery::{
    pipeline::{AddIncident, ImportPipelines},
    repository::{AddRepository, FinishImport, ImportCommits},
};
use kernel::{Actor, App, Json, Operation, Result, Time, json, parse};
use std::time::Duration;

const REPOSITORY: &str = "https://git.northwind.example/payments/payouts.git";
const DAYS: u64 = 270;
const PEOPLE: [&str; 5] = ["priya", "tomasz", "dele", "ines", "leo"];
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
    let records = json!({ "system": "github", "repository": repository, "deployments": story.deployments, "builds": story.builds });
    call::<ImportPipelines>(app, &system, records).await?;
    for (number, (from, to)) in story.incidents.iter().enumerate() {
        let incident = json!({ "team": team, "id": number.to_string(), "title": "Payouts are late", "opened_at": from, "resolved_at": to });
        call::<AddIncident>(app, &system, incident).await?;
    }
    Ok(())
}

async fn call<O: Operation>(app: &App, actor: &Actor, input: Json) -> Result<O::Output> {
    app.call(actor, parse::<O>(input)?).await
}

#[derive(Default)]
struct Story {
    commits: Vec<Json>,
    deployments: Vec<Json>,
    builds: Vec<Json>,
    incidents: Vec<(Time, Time)>,
    tip: String,
}

impl Story {
    /// In the last quarter the team deploys each day, before that twice a week.
    fn told(present: Time) -> Story {
        let mut story = Story::default();
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
        story
    }

    fn commit(&mut self, day: usize, at: Time) {
        let number = self.commits.len() + 1;
        let (hash, who) = (hash(number), PEOPLE[number * 7 % PEOPLE.len()]);
        let takes_back = number.is_multiple_of(61);
        let subject =
            if takes_back { "Revert \"Round fees once, at the end\"" } else { WORK[(number + day) % WORK.len()] };
        let parents: Vec<&str> = Some(&*self.tip).into_iter().filter(|tip| !tip.is_empty()).collect();
        self.commits.push(json!({
            "hash": hash, "parents": parents, "author": { "name": who, "mail": format!("{who}@northwind.example") },
            "authored_at": at, "committed_at": at, "committed_offset": 0, "subject": format!("{subject} (#{number})"),
            "pull_number": number, "pull_title": subject, "reverts": takes_back.then(|| self::hash(number - 4)),
            "changes": [{ "path": format!("src/payouts/{}.rs", number % 9), "lines": [number % 70 + 3, number % 23] }],
        }));
        let ends = at + Duration::from_secs(480 + 3 * number as u64);
        let failed = number.is_multiple_of(13);
        self.builds.push(json!({
            "id": number.to_string(), "attempt": 1, "project": "payments/payouts", "name": "Test", "commit": hash, "branch": "main",
            "event": "push", "outcome": if failed { "failed" } else { "succeeded" }, "said": if failed { "failure" } else { "success" },
            "queued_at": at, "started_at": at + Duration::from_secs(25), "finished_at": ends, "as_of": ends,
        }));
        self.tip = hash;
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

fn hash(number: usize) -> String {
    format!("{:032x}{number:08x}", (number as u128).wrapping_mul(0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835))
}
