//! A copy of a repository that is elsewhere, kept in a folder of our own and brought up to date.
use crate::{
    Error, Remote, Repository, Result,
    command::{fetching, hardened, last_line, not_started, output},
};
use std::{
    fs,
    io::{BufReader, Read},
    ops::ControlFlow,
    path::Path,
    process::{Child, Stdio},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread,
    time::Duration,
};

const SILENCE: Duration = Duration::from_secs(300);
const WANTED: &[&str] = &[
    "+refs/heads/*:refs/heads/*",
    "+refs/tags/*:refs/tags/*",
    "+refs/notes/commits:refs/notes/commits",
    "+refs/pull/*/head:refs/pull/*/head",
    "+refs/merge-requests/*/head:refs/merge-requests/*/head",
];

impl Repository {
    /// Brings the copy in `folder` up to date, and makes it on the first time. What lets one in is written nowhere. `said`
    /// is shown each line of progress, and may end it.
    pub fn fetch(remote: &Remote, folder: &Path, mut said: impl FnMut(&str) -> ControlFlow<()>) -> Result<Repository> {
        if !folder.join("HEAD").exists() {
            let unmade =
                |error: std::io::Error| Error::Refused(format!("{} cannot be made: {error}.", folder.display()));
            fs::create_dir_all(folder).map_err(unmade)?;
            let mut init = hardened();
            init.current_dir(folder);
            output(init, "making a copy", &["init", "--bare", "--quiet", "--template=", "."])?;
        }
        let address = remote.to_ask();
        let list = ask(remote, folder, &["ls-remote", "--symref", "--end-of-options", &address], &mut said)?;
        let list = String::from_utf8_lossy(&list).into_owned();
        let wanted = WANTED.iter().filter(|spec| serves(&list, spec)).copied();
        let mut args =
            vec!["fetch", "--progress", "--prune", "--force", "--no-tags", "--no-auto-gc", "--no-write-fetch-head"];
        args.extend(["--no-recurse-submodules", "--end-of-options", &address]);
        args.extend(wanted);
        ask(remote, folder, &args, &mut said)?;
        if let Some(main) = list.lines().find_map(|line| line.strip_prefix("ref: ")?.strip_suffix("\tHEAD")) {
            output(fetching(folder), "naming the main line", &["symbolic-ref", "HEAD", main])?;
        }
        Repository::at(folder.to_owned())
    }
}

/// Whether the other side has anything of this kind: `git` takes a single name that is missing for a failure.
fn serves(list: &str, spec: &str) -> bool {
    let start = spec.trim_start_matches('+').split(['*', ':']).next().unwrap_or_default();
    list.lines().any(|line| line.split_once('\t').is_some_and(|(_, name)| name.starts_with(start)))
}

fn ask(
    remote: &Remote,
    folder: &Path,
    args: &[&str],
    said: &mut impl FnMut(&str) -> ControlFlow<()>,
) -> Result<Vec<u8>> {
    let mut command = fetching(folder);
    if let Some((key, value)) = remote.header() {
        command.env("GIT_CONFIG_COUNT", "1").env("GIT_CONFIG_KEY_0", key).env("GIT_CONFIG_VALUE_0", value);
    }
    let mut child = command.args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().map_err(not_started)?;
    let (send, lines) = channel();
    if let Some(stderr) = child.stderr.take() {
        thread::spawn(move || pieces(BufReader::new(stderr), |line| send.send(line).is_ok()));
    }
    let stdout = child.stdout.take();
    let written = thread::spawn(move || {
        let mut bytes = Vec::new();
        stdout.map(|mut stdout| stdout.read_to_end(&mut bytes));
        bytes
    });
    let last = watch(&lines, said);
    if last.is_err() {
        stop(&mut child);
    }
    let (last, status) = (last?, child.wait().map_err(not_started)?);
    match status.success() {
        true => Ok(written.join().unwrap_or_default()),
        false => Err(Error::Failed { doing: "asking the other side", said: last_line(last.as_bytes()) }),
    }
}

/// The last thing that was said, when nothing more will be.
fn watch(lines: &Receiver<String>, said: &mut impl FnMut(&str) -> ControlFlow<()>) -> Result<String> {
    let mut last = String::new();
    loop {
        match lines.recv_timeout(SILENCE) {
            Ok(line) if said(&line).is_break() => return Err(Error::Stopped),
            Ok(line) => last = if last.starts_with("fatal: ") { last } else { line },
            Err(RecvTimeoutError::Disconnected) => return Ok(last),
            Err(RecvTimeoutError::Timeout) => return Err(Error::Silent(SILENCE.as_secs())),
        }
    }
}

fn stop(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

/// Lines end with a line feed, or with a carriage return where a number counts up.
fn pieces(mut from: impl Read, mut each: impl FnMut(String) -> bool) {
    let (mut line, mut buffer) = (Vec::new(), [0; 1024]);
    while let Ok(read @ 1..) = from.read(&mut buffer) {
        for byte in &buffer[..read] {
            let ends = matches!(byte, b'\n' | b'\r');
            if !ends && line.len() < 2000 {
                line.push(*byte);
            } else if ends && !line.is_empty() && !each(crate::printable(&std::mem::take(&mut line))) {
                return;
            }
        }
    }
    if !line.is_empty() {
        each(crate::printable(&line));
    }
}
