//! Histories of repositories: read with `git`, stored bunch by bunch, so that an import can be stopped and goes on where
//! it ended.
use crate::{config::Config, world::World};
use clap::{Arg, ArgAction, ArgMatches, Command};
use delivery::repository::{
    AddRepository, ChangedPath, Contents, FindRepository, FinishImport, ImportCommits, ImportedCommit, KnownCommits,
    ReadRefs, Ref, Repository, Signature, Summary,
};
use git::{Commit, Lines, ObjectId, Refs, Source, Tip};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::{civil::Date, tz::TimeZone};
use kernel::{Clock, Error, Id, Result, Team, Time};
use people::team::ListTeams;
use std::{ops::ControlFlow, process::ExitCode, time::Instant};
use tokio::{sync::mpsc, task::spawn_blocking};

/// So many commits are stored in one transaction.
const BUNCH: usize = 1_000;
const ASKED_AT_ONCE: usize = 5_000;

pub fn cli() -> Command {
    let places = Arg::new("repositories")
        .required(true)
        .num_args(1..)
        .value_name("PATH-or-URL")
        .help("Folders, or https and ssh addresses; a token in an address is used and never kept");
    let team = Arg::new("team").long("team").value_name("NAME").help("The team that owns them");
    let since =
        Arg::new("since").long("since").value_name("DATE").help("Read only commits since this day, as 2024-01-31");
    let quiet = Arg::new("quiet").long("quiet").action(ArgAction::SetTrue).help("Show no progress");
    Command::new("git")
        .about("Read the histories of git repositories; the second time only what is new")
        .args([places, team, since, quiet])
}

/// `cairn import git PATH-or-URL…`
pub async fn import(config: &Config, given: &ArgMatches) -> Result<ExitCode> {
    let since = given.get_one::<String>("since").map(|day| instant(day)).transpose()?;
    let sources = given.get_many::<String>("repositories").into_iter().flatten();
    let sources = sources.map(|text| Source::parse(text).map_err(told)).collect::<Result<Vec<_>>>()?;
    let world = World::open(config, Clock::default()).await?;
    let team = match given.get_one::<String>("team") {
        Some(name) => Some(team(&world, name).await?),
        None => None,
    };
    for source in sources {
        let start = Instant::now();
        let import = Import { world: &world, source, team, since, quiet: given.get_flag("quiet") };
        let (repository, stored, summary) = import.run(config).await?;
        println!("{}", in_words(&repository, &stored, &summary, start.elapsed().as_secs_f64()));
    }
    Ok(ExitCode::SUCCESS)
}

fn instant(day: &str) -> Result<Time> {
    let wrong = |_| Error::invalid("since", format!("`{day}` is not a date; write it as 2024-01-31."));
    let day: Date = day.parse().map_err(wrong)?;
    Ok(day.to_zoned(TimeZone::UTC).map_err(wrong)?.timestamp().into())
}

pub(super) async fn team(world: &World, name: &str) -> Result<Id<Team>> {
    let teams = world.app.call(&world.system(), ListTeams {}).await?;
    let found = teams.iter().find(|team| team.name.to_lowercase() == name.to_lowercase());
    found.map(|team| team.id).ok_or_else(|| Error::invalid("team", format!("No team here is called {name}.")))
}

struct Import<'w> {
    world: &'w World,
    source: Source,
    team: Option<Id<Team>>,
    since: Option<Time>,
    quiet: bool,
}

/// What came of reading.
#[derive(Default)]
struct Stored {
    new: u64,
    /// Commits of which files are missing or damaged in a clone that should have them.
    in_part: usize,
}

/// What was found at the source.
struct Opened {
    clone: git::Repository,
    refs: Refs,
    /// Commits that are not stored as far as the refs of before tell, oldest first.
    ids: Vec<ObjectId>,
    lost: usize,
}

impl Import<'_> {
    async fn run(&self, config: &Config) -> Result<(Repository, Stored, Summary)> {
        let bar = self.bar();
        let repository = self.repository().await?;
        let app = &self.world.app;
        let refs = app.call(&self.world.system(), ReadRefs { repository: repository.id }).await?;
        let since = self.since.or(repository.since);
        let wider =
            since.is_none_or(|since| repository.since.is_some_and(|old| since < old)) && repository.since.is_some();
        let mut opened = self.open(config, &repository, refs, since, wider, bar.clone()).await?;
        opened.ids = self.unknown(repository.id, std::mem::take(&mut opened.ids)).await?;
        bar.set_style(style("{msg} {wide_bar} {human_pos} of {human_len}, {per_sec}, {eta} left"));
        bar.set_length(opened.ids.len() as u64);
        let stored = self.store(repository.id, &opened, &bar).await?;
        bar.set_message("Inferring pull requests");
        let finish = FinishImport {
            repository: repository.id,
            refs: opened.refs.tips.iter().map(|tip| Ref { name: tip.name.clone(), hash: tip.id.to_string() }).collect(),
            main: opened.refs.main.clone().and_then(|main| main.try_into().ok()),
            contents: match opened.clone.completeness().contents {
                git::Contents::Lines => Contents::Lines,
                git::Contents::Paths => Contents::Paths,
                git::Contents::Nothing => Contents::Nothing,
            },
            shallow: opened.clone.completeness().shallow,
            since,
            lost_tips: opened.lost as i64,
        };
        let summary = app.call(&self.world.system(), finish).await?;
        bar.finish_and_clear();
        Ok((repository, stored, summary))
    }

    fn bar(&self) -> ProgressBar {
        let bar = if self.quiet { ProgressBar::hidden() } else { ProgressBar::new_spinner() };
        bar.set_style(style("{spinner} {msg}"));
        bar.set_message(self.source.name());
        bar
    }

    /// The repository of this place; made known on the first time.
    async fn repository(&self) -> Result<Repository> {
        let (app, system, location) = (&self.world.app, self.world.system(), self.source.place());
        if let Some(found) = app.call(&system, FindRepository { location: location.clone() }).await? {
            return Ok(found);
        }
        let wrong = |sentence| Error::invalid("repository", sentence);
        let name = self.source.name().try_into().map_err(wrong)?;
        app.call(&system, AddRepository { name, location: location.try_into().map_err(wrong)?, team: self.team }).await
    }

    /// Opens or fetches it, and lists what is new. `wider`: more of the past is wanted than the last time.
    async fn open(
        &self,
        config: &Config,
        repository: &Repository,
        refs: Vec<Ref>,
        since: Option<Time>,
        wider: bool,
        bar: ProgressBar,
    ) -> Result<Opened> {
        let (source, copy) = (self.source.clone(), config.data().join("git").join(repository.id.to_string()));
        let open = move || -> Result<Opened, git::Error> {
            let clone = match &source {
                Source::Folder(path) => git::Repository::open(path)?,
                Source::Remote(remote) => git::Repository::fetch(remote, &copy, |said| {
                    bar.set_message(said.to_owned());
                    ControlFlow::Continue(())
                })?,
            };
            let now = clone.refs()?;
            let before: Vec<Tip> = refs
                .into_iter()
                .filter_map(|old| Some(Tip { id: ObjectId::parse(&old.hash).ok()?, name: old.name }))
                .collect();
            let known = before.iter().map(|tip| &tip.id).filter(|_| !wider);
            let since = since.map(|since| since.0.div_euclid(1_000_000));
            let ids = clone.commits(now.tips.iter().map(|tip| &tip.id), known, since)?;
            let lost = clone.lost(&before, &now)?.len();
            Ok(Opened { clone, refs: now, ids, lost })
        };
        spawn_blocking(open).await.map_err(Error::internal)?.map_err(told)
    }

    /// Those that an import which was stopped has not stored.
    async fn unknown(&self, repository: Id<Repository>, ids: Vec<ObjectId>) -> Result<Vec<ObjectId>> {
        let mut unknown = Vec::with_capacity(ids.len());
        for some in ids.chunks(ASKED_AT_ONCE) {
            let hashes = some.iter().map(ObjectId::to_string).collect();
            let known = self.world.app.call(&self.world.system(), KnownCommits { repository, hashes }).await?;
            unknown.extend(some.iter().filter(|id| !known.contains(id.as_str())).cloned());
        }
        Ok(unknown)
    }

    /// Reads on threads of their own and stores meanwhile; a few bunches are in memory at a time.
    async fn store(&self, repository: Id<Repository>, opened: &Opened, bar: &ProgressBar) -> Result<Stored> {
        let (clone, ids) = (opened.clone.clone(), opened.ids.clone());
        let (send, mut receive) = mpsc::channel::<Vec<Commit>>(4);
        let reading = spawn_blocking(move || {
            clone.read(&ids, |batch, _| match send.blocking_send(batch.commits) {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            })
        });
        let (mut stored, mut waiting) = (Stored::default(), Vec::with_capacity(BUNCH * 2));
        let whole = opened.clone.completeness().contents == git::Contents::Lines;
        let mut open = true;
        while open {
            match receive.recv().await {
                Some(commits) => waiting.extend(commits),
                None => open = false,
            }
            if waiting.len() >= BUNCH || (!open && !waiting.is_empty()) {
                stored.in_part += waiting.iter().filter(|commit| whole && lacks_lines(commit)).count();
                let commits = waiting.drain(..).map(imported).collect::<Result<Vec<_>>>()?;
                bar.inc(commits.len() as u64);
                stored.new +=
                    self.world.app.call(&self.world.system(), ImportCommits { repository, commits }).await?.commits;
            }
        }
        reading.await.map_err(Error::internal)?.map_err(told)?;
        Ok(stored)
    }
}

fn lacks_lines(commit: &Commit) -> bool {
    commit.changes.iter().any(|change| change.lines == Lines::Unknown)
}

fn imported(commit: Commit) -> Result<ImportedCommit> {
    let refused = |sentence: String| Error::invalid("commit", format!("Commit {}: {sentence}", commit.id));
    let signature = |name: &str, mail: &str, mapped| -> Result<Signature> {
        Ok(Signature { name: name.parse().map_err(refused)?, mail: mail.parse().map_err(refused)?, mapped })
    };
    let co_authors = commit.links.co_authors.iter().map(|(name, mail)| signature(name, mail, false));
    let changes = commit.changes.iter().map(|change| ChangedPath {
        path: change.path.clone(),
        renamed_from: change.renamed_from.clone(),
        lines: match change.lines {
            Lines::Counted { added, deleted } => Some((added, deleted)),
            Lines::Binary | Lines::Unknown => None,
        },
    });
    let first = |hashes: &[String]| hashes.first().map(|hash| hash.parse()).transpose().map_err(refused);
    let pull = commit.links.pull.as_ref();
    Ok(ImportedCommit {
        hash: commit.id.as_str().parse().map_err(refused)?,
        parents: commit.parents.iter().map(|id| id.as_str().parse()).collect::<Result<_, _>>().map_err(refused)?,
        author: signature(&commit.author.name, &commit.author.mail, commit.author.mapped)?,
        authored_at: Time(commit.author.at.saturating_mul(1_000_000)),
        committed_at: Time(commit.committer.at.saturating_mul(1_000_000)),
        committed_offset: commit.committer.offset.into(),
        subject: commit.subject.parse().map_err(refused)?,
        co_authors: co_authors.collect::<Result<_>>()?,
        pull_number: pull.map(|pull| pull.number as i64),
        pull_title: pull.map(|pull| pull.title.parse()).transpose().map_err(refused)?,
        reverts: first(&commit.links.reverts)?,
        picked_from: first(&commit.links.picked_from)?,
        issues: commit.links.issues.iter().map(|key| key.parse()).collect::<Result<_, _>>().map_err(refused)?,
        changes: changes.collect(),
    })
}

fn in_words(repository: &Repository, stored: &Stored, summary: &Summary, seconds: f64) -> String {
    let day = |at: Option<Time>| at.map(|at| ui::date_long(at.date(&TimeZone::UTC))).unwrap_or_default();
    let span = match summary.first_at {
        Some(_) => format!(", from {} to {}", day(summary.first_at), day(summary.last_at)),
        None => String::new(),
    };
    let mut lines = vec![
        format!("{}: {}, {} in all{span}.", repository.name, count(stored.new, "new commit"), summary.commits),
        format!(
            "Written by {} and {}.",
            count(summary.people as u64, "contributor"),
            count(summary.bots as u64, "bot")
        ),
        format!("Names and addresses that are nobody's here yet: {}. See /identities.", summary.unknown),
        format!(
            "{} pull requests were inferred from {} changes of the main line.",
            summary.pull_requests, summary.landings
        ),
    ];
    if stored.in_part > 0 {
        let commits = count(stored.in_part as u64, "commit");
        lines.push(format!("Files are missing or damaged in this clone: the lines of {commits} were not counted."));
    }
    lines.extend(repository.missing().into_iter().map(str::to_owned));
    lines.push(format!("Read in {seconds:.1} seconds. Look at /repositories/{}.", repository.id));
    lines.join("\n")
}

/// `1 commit`, `2 commits`
pub(super) fn count(number: u64, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

fn told(error: git::Error) -> Error {
    Error::conflict(error.to_string())
}

pub(super) fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
