//! Commits on several cores: each worker keeps one `git diff-tree --stdin` busy with bunches of commits, one bunch ahead.
use crate::{
    Commit, Contents, Error, ObjectId, Repository, Result,
    command::{Running, not_started, reading},
    parse::{FORMAT, MARK, parse},
};
use std::{
    io::{BufReader, Write},
    ops::ControlFlow,
    process::{ChildStdin, ChildStdout},
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering::Relaxed},
        mpsc::{RecvTimeoutError, SyncSender, sync_channel},
    },
    thread,
    time::Duration,
};

/// Some commits that were asked for, in the order in which they were. Bunches come in no order.
#[derive(Debug)]
pub struct Batch {
    /// The place of the first of them in what was asked for.
    pub first: usize,
    pub commits: Vec<Commit>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    pub done: usize,
    pub total: usize,
}

/// Neighbours share files, so a bunch is large enough for `git` to remember them.
const BUNCH: usize = 256;
const WORKERS: usize = 2;
/// Longer than the largest single commit takes.
const SILENCE: Duration = Duration::from_secs(600);

impl Repository {
    /// Reads these commits and shows them bunch by bunch to `each`, which may end it. At most a few bunches are in memory.
    /// A commit whose files are missing or damaged has paths without lines, or no changes at all where folders are.
    pub fn read(&self, ids: &[ObjectId], mut each: impl FnMut(Batch, Progress) -> ControlFlow<()>) -> Result<()> {
        let queue = Mutex::new(ids.chunks(BUNCH).enumerate());
        let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
        let ended = AtomicBool::new(false);
        let workers = WORKERS.min(ids.len().div_ceil(BUNCH));
        thread::scope(|scope| {
            let (send, receive) = sync_channel(WORKERS);
            for _ in 0..workers {
                let (send, ended) = (send.clone(), &ended);
                scope.spawn(move || {
                    let give_up = |error| drop(send.send(Err(error)));
                    work(self, next, ended, &send).unwrap_or_else(give_up);
                });
            }
            drop(send);
            let mut done = 0;
            let result = loop {
                match receive.recv_timeout(SILENCE) {
                    Ok(Ok(batch)) => {
                        let batch: Batch = batch;
                        done += batch.commits.len();
                        if each(batch, Progress { done, total: ids.len() }).is_break() {
                            break Err(Error::Stopped);
                        }
                    }
                    Ok(Err(error)) => break Err(error),
                    Err(RecvTimeoutError::Disconnected) => break Ok(()),
                    Err(RecvTimeoutError::Timeout) => break Err(Error::Silent(SILENCE.as_secs())),
                }
            };
            ended.store(true, Relaxed);
            result
        })
    }

    fn start(&self, contents: Contents) -> Result<Running> {
        let format = format!("--format={FORMAT}");
        let mut args = match contents {
            Contents::Lines => vec!["diff-tree", "--root", "--always", "-r", "-M", "--numstat"],
            Contents::Paths => vec!["diff-tree", "--root", "--always", "-r", "-M100%", "--raw"],
            Contents::Nothing => vec!["log", "--no-walk=unsorted", "--no-patch"], // diff-tree reads trees whatever it shows
        };
        args.extend(["--stdin", "-z", "--date=raw", "--encoding=UTF-8", &format]);
        args.extend(["--no-ext-diff", "--no-textconv", "--no-color", "--diff-algorithm=myers", "--no-relative"]);
        Running::start(reading(&self.git_dir), "reading the commits", &args)
    }

    /// Some commits by a `git` of its own, which may answer only when all has been asked.
    fn read_at_once(&self, ids: &[ObjectId], contents: Contents) -> Result<Vec<Commit>> {
        let mut git = self.start(contents)?;
        let Pipes { mut input, mut output, .. } = Pipes::of(&mut git, contents)?;
        let asked = input.write_all(ids.iter().map(|id| format!("{id}\n")).collect::<String>().as_bytes());
        drop(input);
        let commits = parse(&mut output, contents);
        git.finish()?;
        asked.map_err(not_started)?;
        matching(commits?, ids)
    }

    /// Narrows down which commits of a bunch cannot be read, and reads of those what can be.
    fn read_around(&self, ids: &[ObjectId], contents: Contents) -> Result<Vec<Commit>> {
        match (self.read_at_once(ids, contents), contents) {
            (Err(Error::Failed { .. }), _) if ids.len() > 1 => {
                let (first, rest) = ids.split_at(ids.len() / 2);
                Ok([self.read_around(first, contents)?, self.read_around(rest, contents)?].concat())
            }
            (Err(Error::Failed { .. }), Contents::Lines) => self.read_around(ids, Contents::Paths),
            (Err(Error::Failed { .. }), Contents::Paths) => self.read_around(ids, Contents::Nothing),
            (read, _) => read,
        }
    }
}

/// Takes bunches until there is none or the reader has ended.
fn work<'i>(
    repository: &Repository,
    next: impl Fn() -> Option<(usize, &'i [ObjectId])>,
    ended: &AtomicBool,
    send: &SyncSender<Result<Batch>>,
) -> Result<()> {
    let tell = |number: usize, commits| {
        let batch = Batch { first: number * BUNCH, commits };
        !ended.load(Relaxed) && send.send(Ok(batch)).is_ok()
    };
    match repository.completeness().contents {
        Contents::Nothing => {
            while let Some((number, ids)) = next() {
                if !tell(number, repository.read_at_once(ids, Contents::Nothing)?) {
                    break;
                }
            }
            Ok(())
        }
        contents => keep_busy(repository, contents, next, tell),
    }
}

fn keep_busy<'i>(
    repository: &Repository,
    contents: Contents,
    next: impl Fn() -> Option<(usize, &'i [ObjectId])>,
    tell: impl Fn(usize, Vec<Commit>) -> bool,
) -> Result<()> {
    let mut git = repository.start(contents)?;
    let mut pipes = Pipes::of(&mut git, contents)?;
    let mut waiting = next();
    waiting.inspect(|(_, ids)| pipes.ask(ids));
    while let Some((number, ids)) = waiting {
        waiting = next();
        waiting.inspect(|(_, ids)| pipes.ask(ids));
        let commits = match pipes.answer(ids) {
            Ok(commits) => commits,
            Err(_) => {
                let commits = repository.read_around(ids, contents)?;
                git = repository.start(contents)?;
                pipes = Pipes::of(&mut git, contents)?;
                waiting.inspect(|(_, ids)| pipes.ask(ids));
                commits
            }
        };
        if !tell(number, commits) {
            return Ok(());
        }
    }
    drop(pipes);
    git.finish()
}

fn matching(commits: Vec<Commit>, ids: &[ObjectId]) -> Result<Vec<Commit>> {
    match commits.iter().map(|commit| &commit.id).eq(ids) {
        true => Ok(commits),
        false => Err(Error::Unreadable("it is not about the commits that were asked for".into())),
    }
}

struct Pipes {
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    contents: Contents,
}

impl Pipes {
    fn of(git: &mut Running, contents: Contents) -> Result<Pipes> {
        let input = git.child.stdin.take().ok_or_else(|| Error::NoGit("it has no input".into()))?;
        let output = git.child.stdout.take().ok_or_else(|| Error::NoGit("it has no output".into()))?;
        Ok(Pipes { input, output: BufReader::with_capacity(1 << 16, output), contents })
    }

    /// Two bunches fit into the pipe, so nobody waits here. A `git` that has ended is noticed when it does not answer.
    fn ask(&mut self, ids: &[ObjectId]) {
        let lines: String = ids.iter().map(|id| format!("{id}\n")).chain([MARK.to_owned()]).collect();
        let _ = self.input.write_all(lines.as_bytes()).and_then(|()| self.input.flush());
    }

    fn answer(&mut self, ids: &[ObjectId]) -> Result<Vec<Commit>> {
        matching(parse(&mut self.output, self.contents)?, ids)
    }
}
