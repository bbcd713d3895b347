//! The keys that are kept in memory are those that would be worked out anew, whatever happened meanwhile.
use kernel::{Json, Time, json};
use sample::scale::random::Random;
use std::{collections::BTreeSet, time::Duration};
use testkit::{World, worlds};

const PEOPLE: [&str; 4] = ["mara", "priya", "dele", "ines"];
const PROJECT: &str = "octo-org/pay";

/// All that changes what the keys of a team are.
const DEEDS: [&str; 13] = [
    "commit",
    "land",
    "deploy",
    "incident",
    "told incident",
    "claim",
    "rules",
    "build",
    "release",
    "deploy without repository",
    "adopt",
    "move repository",
    "day",
];

/// Two teams with a repository each, to which anything may happen.
struct Life<'w> {
    world: &'w World,
    random: Random,
    teams: [Json; 2],
    repositories: [Json; 2],
    commits: usize,
    claimed: bool,
    moved: bool,
}

fn hash(number: usize) -> String {
    format!("{number:040x}")
}

impl Life<'_> {
    async fn of(world: &World, seed: u64) -> Life<'_> {
        let system = world.system();
        let (mut teams, mut repositories) = (Vec::new(), Vec::new());
        for (name, project) in [("Till", PROJECT), ("Ledger", "octo-org/ledger")] {
            let team = world.ask(&system, "team.add", json!({ "name": name })).await.unwrap()["id"].clone();
            let new = json!({ "name": name, "location": format!("https://git.example/{project}.git"), "team": team });
            repositories.push(world.ask(&system, "repository.add", new).await.unwrap()["id"].clone());
            teams.push(team);
        }
        let (teams, repositories) = (teams.try_into().unwrap(), repositories.try_into().unwrap());
        let random = Random::new(seed);
        let mut life = Life { world, random, teams, repositories, commits: 0, claimed: false, moved: false };
        for _ in 0..8 {
            life.commit().await;
            life.deploy().await;
        }
        life
    }

    async fn ask(&self, name: &str, input: Json) -> Json {
        let done = self.world.ask(&self.world.system(), name, input.clone()).await;
        done.unwrap_or_else(|error| panic!("{name} {input}: {error:?}"))
    }

    fn now(&self) -> Time {
        self.world.clock.now()
    }

    /// The first repository more often than the other one.
    fn repository(&mut self) -> Json {
        let at = usize::from(self.random.below(4) == 0);
        self.repositories[at].clone()
    }

    async fn act(&mut self, deed: &str) {
        match deed {
            "commit" => self.commit().await,
            "land" => self.land().await,
            "deploy" => self.deploy().await,
            "incident" => self.incident().await,
            "told incident" => self.told_incident().await,
            "claim" => self.claim().await,
            "rules" => self.rules().await,
            "build" => self.build().await,
            "release" => self.release().await,
            "deploy without repository" => self.told_deployment(json!(null)).await,
            "adopt" => {
                let other = self.repositories[1].clone();
                self.told_deployment(other).await;
            }
            "move repository" => {
                self.moved = !self.moved;
                let team = &self.teams[usize::from(!self.moved)];
                self.ask("repository.edit", json!({ "repository": self.repositories[1], "team": team })).await;
            }
            _ => self.world.clock.set(self.now() + Duration::from_secs(20 * 3600)),
        }
    }

    /// Two commits of a branch and its merge, of which a landing makes one change.
    async fn commit(&mut self) {
        let (last, at) = (self.commits, self.now() - Duration::from_secs(60 * self.random.below(600)));
        self.commits += 3;
        let who = *self.random.pick(&PEOPLE);
        let subject = if self.random.below(5) == 0 { "Hotfix" } else { "Work" };
        let one = |number: usize, parents: &[usize], subject: &str| {
            let parents: Vec<String> = parents.iter().filter(|of| **of > 0).map(|of| hash(*of)).collect();
            let at = at + Duration::from_secs(60 * number as u64);
            json!({ "hash": hash(number), "parents": parents, "author": { "name": who, "mail": format!("{who}@elsewhere.example") },
                "authored_at": at, "committed_at": at, "committed_offset": 0, "subject": subject, "changes": [] })
        };
        let commits = [
            one(last + 1, &[last], subject),
            one(last + 2, &[last + 1], "More work"),
            one(last + 3, &[last, last + 2], "Merge pull request #1 from octo-org/work"),
        ];
        self.ask("repository.import", json!({ "repository": self.repositories[0], "commits": commits })).await;
    }

    async fn land(&mut self) {
        let refs = json!([{ "name": "refs/heads/main", "hash": hash(self.commits) }]);
        let input =
            json!({ "repository": self.repositories[0], "refs": refs, "main": "refs/heads/main", "contents": "lines" });
        self.ask("repository.finish_import", input).await;
    }

    async fn deploy(&mut self) {
        let (repository, id) = (self.repository(), self.random.below(40).to_string());
        let outcome = *self.random.pick(&["succeeded", "succeeded", "failed", "running"]);
        let input = json!({ "repository": repository, "id": id, "environment": "production", "outcome": outcome,
            "commit": hash(self.commits), "finished_at": self.now() });
        self.ask("deployment.add", input).await;
    }

    async fn incident(&mut self) {
        let opened = self.now() - Duration::from_secs(60);
        let resolved = (self.random.below(2) == 0).then(|| self.now());
        let input = json!({ "team": self.teams[0], "id": self.random.below(5).to_string(), "title": "Down",
            "opened_at": opened, "resolved_at": resolved });
        self.ask("incident.add", input).await;
    }

    async fn tell(&self, repository: Json, kind: &str, record: Json) {
        self.ask("pipeline.import", json!({ "system": "github", "repository": repository, kind: [record] })).await;
    }

    async fn told_incident(&mut self) {
        let repository =
            self.random.below(3).checked_sub(1).map_or(json!(null), |at| self.repositories[at as usize].clone());
        let record = json!({ "id": self.random.below(3).to_string(), "title": "Slow", "said": "open", "opened_at": self.now(),
            "as_of": self.now() });
        self.tell(repository, "incidents", record).await;
    }

    async fn told_deployment(&mut self, repository: Json) {
        let record = json!({ "id": self.random.below(4).to_string(), "project": PROJECT, "environment": "production",
            "outcome": "succeeded", "said": "success", "commit": hash(self.commits), "finished_at": self.now(), "as_of": self.now() });
        self.tell(repository, "deployments", record).await;
    }

    async fn build(&mut self) {
        let repository = if self.random.below(2) == 0 { json!(null) } else { self.repository() };
        let record = json!({ "id": self.random.below(6).to_string(), "attempt": 1, "project": PROJECT, "name": "Deploy EU",
            "outcome": "succeeded", "said": "success", "commit": hash(self.commits), "finished_at": self.now(), "as_of": self.now() });
        self.tell(repository, "builds", record).await;
    }

    async fn release(&mut self) {
        let repository = if self.random.below(2) == 0 { json!(null) } else { self.repository() };
        let tag = format!("v{}", self.random.below(20));
        let record = json!({ "id": tag, "project": PROJECT, "tag": tag, "published_at": self.now() });
        self.tell(repository, "releases", record).await;
    }

    async fn rules(&mut self) {
        let all = [
            json!([]),
            json!([{ "kind": "pipeline", "pattern": "deploy*" }, { "kind": "tag", "pattern": "v*" }]),
            json!([{ "kind": "environment", "pattern": "staging" }]),
            json!([{ "kind": "pipeline", "pattern": "deploy*" }, { "kind": "tag", "pattern": "v*" }, { "kind": "environment", "pattern": "prod*" }]),
        ];
        let rules = self.random.pick(&all).clone();
        self.ask("deployment_rule.set", json!({ "team": self.teams[0], "rules": rules })).await;
    }

    /// Two addresses become one person's, and two people's again.
    async fn claim(&mut self) {
        let hanneke = self.world.actor("hanneke").await;
        let found = self
            .ask("identity.list", json!({ "which": if self.claimed { "joined" } else { "unknown" }, "q": "elsewhere" }))
            .await;
        let operation = if self.claimed { "identity.release" } else { "identity.claim" };
        for one in found["identities"].as_array().unwrap().iter().take(2) {
            let mut input = json!({ "identity": one["id"] });
            if !self.claimed {
                input["person"] = json!(self.world.person("mara"));
            }
            self.world.ask(&hanneke, operation, input).await.unwrap();
        }
        self.claimed = !self.claimed;
    }

    /// What both teams are told, by several definitions.
    async fn answers(&self) -> Vec<Json> {
        let mara = self.world.actor("mara").await;
        let mut all = Vec::new();
        for team in &self.teams {
            for (span, definition) in [("13w", "dora"), ("4w", "linearb")] {
                let input = json!({ "team": team, "span": span, "definition": definition });
                all.push(self.world.ask(&mara, "delivery.keys", input).await.unwrap());
            }
        }
        all.push(self.world.ask(&mara, "delivery.lens", json!({ "team": self.teams[0] })).await.unwrap());
        all
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_is_what_would_be_worked_out_anew() {
    for world in worlds().await {
        let mut life = Life::of(&world, 11).await;
        let (mut before, mut moved) = (life.answers().await, BTreeSet::new());
        for round in 0..4 {
            for place in 0..DEEDS.len() {
                let deed = DEEDS[(place * 5 + round * 3) % DEEDS.len()];
                life.act(deed).await;
                let kept = life.answers().await;
                delivery::keys::forget();
                assert!(
                    kept == life.answers().await,
                    "what is kept differs after: {deed}, round {round}, {}",
                    world.url
                );
                if kept != before {
                    moved.insert(deed);
                }
                before = kept;
            }
        }
        let all: BTreeSet<&str> = DEEDS.into_iter().collect();
        assert_eq!(moved, all, "each of them changes what is told at least once");
    }
}

/// Of the kept answer only the reach, the rules, the revisions and what was noted are asked.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_look_reads_no_commits_and_what_others_do_does_not_change_that() {
    for world in worlds().await {
        let life = Life::of(&world, 7).await;
        let mara = world.actor("mara").await;
        for operation in ["delivery.keys", "delivery.lens"] {
            let mut asked = Vec::new();
            for _ in 0..2 {
                let before = world.opened.app.queries();
                world.ask(&mara, operation, json!({ "team": life.teams[0] })).await.unwrap();
                asked.push(world.opened.app.queries() - before);
                let other = json!({ "repository": life.repositories[1], "id": format!("{operation} {}", asked.len()),
                    "environment": "production", "outcome": "succeeded" });
                life.ask("deployment.add", other).await;
            }
            assert!(asked[1] < asked[0], "{operation}: {asked:?}");
        }
    }
}
