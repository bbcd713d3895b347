//! What one system gives out, read by every reader here that knows it: pull requests, and what is built from them.
use crate::{
    pipeline::ImportPipelines,
    pull::{Host, ImportRecords},
    repository::Repository,
};
use forge::{Place, Reader};
use intake::stream::Document;
use kernel::{Error, Id, Operation, Result, Team, Tx, words};
use pipelines::Harvest;
use serde::{Deserialize, Serialize};
use std::mem::take;

words! {
    /// The systems whose answers and webhooks are read.
    pub enum System {
        GitHub = "github",
        GitLab = "gitlab",
        Jenkins = "jenkins",
        CircleCi = "circleci",
        PagerDuty = "pagerduty",
        Opsgenie = "opsgenie",
    }
}

impl System {
    pub fn title(self) -> &'static str {
        match self {
            System::GitHub => "GitHub",
            System::GitLab => "GitLab",
            System::Jenkins => "Jenkins",
            System::CircleCi => "CircleCI",
            System::PagerDuty => "PagerDuty",
            System::Opsgenie => "Opsgenie",
        }
    }

    /// The code host that it is, if it is one.
    pub fn host(self) -> Option<Host> {
        match self {
            System::GitHub => Some(Host::GitHub),
            System::GitLab => Some(Host::GitLab),
            _ => None,
        }
    }

    fn builds(self) -> pipelines::System {
        match self {
            System::GitHub => pipelines::System::Github,
            System::GitLab => pipelines::System::Gitlab,
            System::Jenkins => pipelines::System::Jenkins,
            System::CircleCi => pipelines::System::Circleci,
            System::PagerDuty => pipelines::System::Pagerduty,
            System::Opsgenie => pipelines::System::Opsgenie,
        }
    }
}

impl From<Host> for System {
    fn from(host: Host) -> System {
        match host {
            Host::GitHub => System::GitHub,
            Host::GitLab => System::GitLab,
        }
    }
}

/// Reads the documents of one system, and keeps count.
pub struct Source {
    system: System,
    pulls: Option<Reader>,
    harvest: Harvest,
    problems: Vec<String>,
}

/// What a document told.
#[derive(Debug, Default)]
pub struct Told {
    pub pulls: Vec<forge::Record>,
    pub builds: Vec<pipelines::Record>,
}

/// Records that one import takes.
const BUNCH: usize = 2_000;

impl Told {
    /// Stores it as an import from files does. The repository is the one to which all of it belongs, and the team the one
    /// whose incidents these are.
    pub(crate) async fn store(
        self,
        tx: &mut Tx<'_>,
        system: System,
        repository: Option<Id<Repository>>,
        team: Option<Id<Team>>,
    ) -> Result<()> {
        if let Some(host) = system.host() {
            for records in self.pulls.chunks(BUNCH) {
                ImportRecords { host, into: repository, records: records.to_vec() }.run(tx, ()).await?;
            }
        }
        for records in self.builds.chunks(BUNCH) {
            let word = system.word().to_owned().try_into();
            let word = word.map_err(|sentence: String| Error::invalid("system", sentence))?;
            let mut import = ImportPipelines { repository, team, ..ImportPipelines::of(word) };
            records.iter().for_each(|record| {
                import.take(record.clone());
            });
            import.run(tx, (None, false)).await?;
        }
        Ok(())
    }
}

/// What was read, kind by kind and field by field, and what was not.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Report {
    pub pulls: forge::Report,
    pub builds: intake::Report,
    /// What could not be read, a sentence each.
    pub problems: Vec<String>,
}

impl Source {
    /// `home` is the repository of what does not say where it belongs.
    pub fn new(system: System, home: Place) -> Source {
        let reader = |host: Host| {
            let elsewhere: fn(&serde_json::Value) -> bool = match host {
                Host::GitHub => |value| pipelines::knows(pipelines::System::Github, value),
                Host::GitLab => |value| pipelines::knows(pipelines::System::Gitlab, value),
            };
            Reader::new(host.system(), home.clone()).beside(elsewhere)
        };
        let pulls = system.host().map(reader);
        Source { system, pulls, harvest: Harvest::default(), problems: Vec::new() }
    }

    /// Without pull requests: only what was built, deployed and released.
    pub fn of_builds(system: System) -> Source {
        Source { system, pulls: None, harvest: Harvest::default(), problems: Vec::new() }
    }

    pub fn read(&mut self, document: Document) -> Told {
        pipelines::read(self.system.builds(), &document, &mut self.harvest);
        let pulls = self.pulls.as_mut().map(|reader| reader.document(document)).unwrap_or_default();
        Told { pulls, builds: take(&mut self.harvest.records) }
    }

    /// Notes that a file could not be read to its end.
    pub fn problem(&mut self, sentence: impl ToString) {
        self.problems.push(sentence.to_string());
    }

    pub fn report(self) -> Report {
        let mut builds = self.harvest.report;
        if self.pulls.is_some() {
            // Both readers saw all of it; the one for pull requests names what neither took.
            builds.unrecognised.clear();
            builds.kinds.remove("around records");
        }
        let pulls = self.pulls.map(|reader| reader.report().clone()).unwrap_or_default();
        Report { pulls, builds, problems: self.problems }
    }
}
