//! The program `git`, started so that nothing in the repository, the machine's or the user's settings changes what it does.
use crate::{Error, Result, text::printable};
use std::{
    ffi::OsStr,
    io::{self, Read},
    path::Path,
    process::{Child, ChildStderr, Command, Stdio},
    thread::{self, JoinHandle},
};

/// Settings of the repository that would run a program, read another file, or change what is written.
const SETTINGS: &[&str] = &[
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.attributesFile=/dev/null",
    "core.excludesFile=/dev/null",
    "core.alternateRefsCommand=true",
    "core.quotePath=false",
    "core.untrackedCache=false",
    "diff.external=",
    "diff.orderFile=/dev/null",
    "diff.relative=false",
    "diff.renameLimit=1000",
    "diff.ignoreSubmodules=none",
    "diff.suppressBlankEmpty=false",
    "log.showSignature=false",
    "log.showRoot=true",
    "log.diffMerges=off",
    "mailmap.file=",
    "mailmap.blob=HEAD:.mailmap",
    "uploadpack.packObjectsHook=",
    "safe.directory=*",
    "gc.auto=0",
    "maintenance.auto=false",
];

/// What a child may know of the machine.
const PASSED_ON: &[&str] = &["PATH", "TMPDIR", "SystemRoot"];
/// What is needed besides to reach another machine.
const FOR_THE_NETWORK: &[&str] = &[
    "HOME",
    "SSH_AUTH_SOCK",
    "https_proxy",
    "HTTPS_PROXY",
    "all_proxy",
    "ALL_PROXY",
    "no_proxy",
    "NO_PROXY",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
];

const ENVIRONMENT: &[(&str, &str)] = &[
    ("LC_ALL", "C"),
    ("GIT_CONFIG_NOSYSTEM", "1"),
    ("GIT_CONFIG_GLOBAL", "/dev/null"),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("GIT_OPTIONAL_LOCKS", "0"),
    ("GIT_NO_REPLACE_OBJECTS", "1"),
    ("GIT_GRAFT_FILE", "/dev/null"),
    ("GIT_ATTR_NOSYSTEM", "1"),
    ("GIT_NO_LAZY_FETCH", "1"),
    ("GIT_PAGER", "cat"),
    ("GIT_ASKPASS", "true"),
    ("SSH_ASKPASS", "true"),
];

/// `git` on the repository in this folder, which it may only read, without a way to any other machine.
pub fn reading(git_dir: &Path) -> Command {
    let mut command = hardened();
    command.current_dir(git_dir).env("GIT_DIR", ".").env("GIT_ALLOW_PROTOCOL", "none").env("HOME", "/nonexistent");
    command
}

/// `git` on a folder of our own, with https and ssh.
pub fn fetching(git_dir: &Path) -> Command {
    let mut command = hardened();
    command.current_dir(git_dir).env("GIT_DIR", ".").env("GIT_ALLOW_PROTOCOL", "https:ssh");
    command.env("GIT_SSH_COMMAND", "ssh -oBatchMode=yes -oConnectTimeout=30");
    pass_on(&mut command, FOR_THE_NETWORK);
    command
}

/// `git` on no repository, or on one that it looks for at `place`.
pub fn hardened() -> Command {
    let mut command = Command::new("git");
    command.env_clear().envs(ENVIRONMENT.iter().copied());
    pass_on(&mut command, PASSED_ON);
    command.args(["--no-pager", "--literal-pathspecs"]);
    for setting in SETTINGS {
        command.args(["-c", setting]);
    }
    command.stdin(Stdio::null());
    command
}

fn pass_on(command: &mut Command, names: &[&str]) {
    command.envs(names.iter().filter_map(|name| Some((name, std::env::var_os(name)?))));
}

/// Runs a short command and returns what it wrote.
pub fn output(mut command: Command, doing: &'static str, args: &[&str]) -> Result<Vec<u8>> {
    let done = command.args(args).output().map_err(not_started)?;
    match done.status.success() {
        true => Ok(done.stdout),
        false => Err(Error::Failed { doing, said: last_line(&done.stderr) }),
    }
}

/// A running `git`, which ends when it is dropped.
pub struct Running {
    pub child: Child,
    said: Option<JoinHandle<Vec<u8>>>,
    doing: &'static str,
}

impl Running {
    pub fn start<S: AsRef<OsStr>>(mut command: Command, doing: &'static str, args: &[S]) -> Result<Running> {
        command.args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().map_err(not_started)?;
        let said = child.stderr.take().map(|stderr| thread::spawn(move || tail(stderr)));
        Ok(Running { child, said, doing })
    }

    /// Waits for its end; what it said last, if it failed.
    pub fn finish(mut self) -> Result<()> {
        drop(self.child.stdin.take());
        let status = self.child.wait().map_err(not_started)?;
        match status.success() {
            true => Ok(()),
            false => Err(self.failure()),
        }
    }

    /// Ends it, and says why it gave up before it was done.
    pub fn failure(&mut self) -> Error {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let said = self.said.take().and_then(|said| said.join().ok()).unwrap_or_default();
        Error::Failed { doing: self.doing, said: last_line(&said) }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn not_started(error: io::Error) -> Error {
    Error::NoGit(error.to_string())
}

/// The last four thousand bytes of what a program says of its troubles.
fn tail(mut stderr: ChildStderr) -> Vec<u8> {
    let (mut kept, mut buffer) = (Vec::new(), [0; 4096]);
    while let Ok(read @ 1..) = stderr.read(&mut buffer) {
        kept.extend_from_slice(&buffer[..read]);
        let old = kept.len().saturating_sub(buffer.len());
        kept.drain(..old);
    }
    kept
}

/// The last line that says something, of at most 300 characters.
pub fn last_line(said: &[u8]) -> String {
    let lines = said.split(|byte| matches!(byte, b'\n' | b'\r'));
    let line = lines.rev().map(<[u8]>::trim_ascii).find(|line| !line.is_empty()).unwrap_or_default();
    let line = line.strip_prefix(b"fatal: ").or(line.strip_prefix(b"error: ")).unwrap_or(line);
    crate::text::cut(&printable(line), 300).to_owned()
}
