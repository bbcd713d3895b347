use crate::{
    Contents, Error, ObjectId, Result,
    command::{Running, hardened, not_started, output, reading},
    text::printable,
};
use std::{
    collections::HashSet,
    ffi::OsStr,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    thread,
};

/// A repository on this machine.
#[derive(Clone, Debug)]
pub struct Repository {
    pub(crate) git_dir: PathBuf,
    completeness: Completeness,
}

/// What of the history this clone holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Completeness {
    pub contents: Contents,
    /// Commits before some date are not there.
    pub shallow: bool,
}

/// The branches, tags and proposed changes of a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refs {
    pub tips: Vec<Tip>,
    /// The name of the ref that is the main line, such as `refs/heads/main`; nothing while there is no commit.
    pub main: Option<String>,
}

/// A ref and the commit to which it leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tip {
    pub name: String,
    pub id: ObjectId,
}

/// Refs that are no part of the history.
const NOT_READ: &[&str] =
    &["refs/notes/", "refs/stash", "refs/replace/", "refs/bisect/", "refs/rewritten/", "refs/original/"];
const USUAL_MAIN: &[&str] = &["main", "master", "trunk", "develop"];

impl Repository {
    /// The repository in this folder or above it, bare or not.
    pub fn open(path: &Path) -> Result<Repository> {
        let nothing_here = || Error::NotARepository(printable(path.as_os_str().as_encoded_bytes()));
        let mut ask = hardened();
        ask.current_dir(path).env("GIT_ALLOW_PROTOCOL", "none");
        if !path.is_dir() {
            return Err(nothing_here());
        }
        let found =
            output(ask, "looking for a repository", &["rev-parse", "--absolute-git-dir"]).map_err(
                |error| match error {
                    Error::Failed { said, .. } if !said.starts_with("not a git repository") => {
                        Error::Failed { doing: "opening the repository", said }
                    }
                    Error::Failed { .. } => nothing_here(),
                    other => other,
                },
            )?;
        Repository::at(as_path(found.trim_ascii_end()))
    }

    pub(crate) fn at(git_dir: PathBuf) -> Result<Repository> {
        let filter = setting(&git_dir, "^remote\\..*\\.partialclonefilter$")?;
        let contents = match filter.as_deref() {
            Some(filter) if filter.contains("tree:") => Contents::Nothing,
            Some(filter) if filter.contains("blob:") || filter.contains("object:") => Contents::Paths,
            _ => Contents::Lines,
        };
        let shallow = output(reading(&git_dir), "opening the repository", &["rev-parse", "--is-shallow-repository"])?;
        Ok(Repository { git_dir, completeness: Completeness { contents, shallow: shallow.starts_with(b"true") } })
    }

    pub fn completeness(&self) -> Completeness {
        self.completeness
    }

    /// All refs that lead to commits, and which of them is the main line.
    pub fn refs(&self) -> Result<Refs> {
        let format = "--format=%(objectname) %(objecttype) %(*objectname) %(*objecttype) %(refname)";
        let list = output(reading(&self.git_dir), "listing the branches", &["for-each-ref", format])?;
        let tips: Vec<Tip> = list.split(|byte| *byte == b'\n').filter_map(tip).collect();
        let main = self.main(&tips)?;
        Ok(Refs { tips, main })
    }

    /// The main line: what the other side calls so, else the branch that is checked out, unless it is plainly another.
    fn main(&self, tips: &[Tip]) -> Result<Option<String>> {
        let there = |name: &str| tips.iter().any(|tip| tip.name == name);
        let symbol =
            |name: &str| output(reading(&self.git_dir), "finding the main line", &["symbolic-ref", "--quiet", name]);
        let read =
            |name: &str| symbol(name).ok().map(|text| printable(text.trim_ascii_end())).filter(|name| there(name));
        let usual = || USUAL_MAIN.iter().map(|name| format!("refs/heads/{name}")).find(|name| there(name));
        let bare = output(reading(&self.git_dir), "opening the repository", &["rev-parse", "--is-bare-repository"]);
        let head = read("HEAD");
        let of_the_other_side = read("refs/remotes/origin/HEAD");
        Ok(match bare.is_ok_and(|bare| bare.starts_with(b"true")) {
            true => head.or_else(usual),
            false => of_the_other_side.or_else(usual).or(head),
        }
        .or_else(|| tips.iter().find(|tip| tip.name.starts_with("refs/heads/")).map(|tip| tip.name.clone())))
    }

    /// The commits that the tips reach and `known` ones do not, oldest first; `since` is in seconds since 1970. Known
    /// ones that are not here any more are passed over.
    pub fn commits<'a>(
        &self,
        tips: impl IntoIterator<Item = &'a ObjectId>,
        known: impl IntoIterator<Item = &'a ObjectId>,
        since: Option<i64>,
    ) -> Result<Vec<ObjectId>> {
        let tips: HashSet<&ObjectId> = tips.into_iter().collect();
        if tips.is_empty() {
            return Ok(Vec::new());
        }
        let known = self.here(known.into_iter().collect())?;
        let asked = tips.iter().map(|id| format!("{id}\n")).chain(known.iter().map(|id| format!("^{id}\n"))).collect();
        let since = since.map(|at| format!("--max-age={}", at.max(0)));
        let args = ["rev-list", "--stdin", "--reverse"].into_iter().map(str::to_owned).chain(since).collect::<Vec<_>>();
        self.lines("counting the commits", &args, asked)?.iter().map(|line| ObjectId::parse(line)).collect()
    }

    /// Which of these tips of before no ref reaches any more: their branches were rewritten or taken away.
    pub fn lost<'t>(&self, before: &'t [Tip], now: &Refs) -> Result<Vec<&'t Tip>> {
        let tips: HashSet<&ObjectId> = now.tips.iter().map(|tip| &tip.id).collect();
        let moved: Vec<&Tip> = before.iter().filter(|tip| !tips.contains(&tip.id)).collect();
        let here = self.here(moved.iter().map(|tip| &tip.id).collect())?;
        let unreached: HashSet<ObjectId> = self.commits(here.iter().copied(), tips, None)?.into_iter().collect();
        Ok(moved.into_iter().filter(|tip| unreached.contains(&tip.id) || !here.contains(&tip.id)).collect())
    }

    /// Those of them that this clone has.
    fn here<'a>(&self, ids: HashSet<&'a ObjectId>) -> Result<HashSet<&'a ObjectId>> {
        if ids.is_empty() {
            return Ok(ids);
        }
        let args = ["cat-file", "--batch-check=%(objectname) %(objecttype)", "--buffer"];
        let found = self.lines("looking for commits", &args, ids.iter().map(|id| format!("{id}\n")).collect())?;
        let found: HashSet<&str> = found.iter().filter_map(|line| line.strip_suffix(" commit")).collect();
        Ok(ids.into_iter().filter(|id| found.contains(id.as_str())).collect())
    }

    /// What `git` answers to these lines.
    fn lines(&self, doing: &'static str, args: &[impl AsRef<OsStr>], asked: Vec<String>) -> Result<Vec<String>> {
        let mut git = Running::start(reading(&self.git_dir), doing, args)?;
        let mut stdin = git.child.stdin.take().ok_or_else(|| Error::NoGit("it has no input".into()))?;
        let stdout = git.child.stdout.take().ok_or_else(|| Error::NoGit("it has no output".into()))?;
        let writer = thread::spawn(move || asked.iter().try_for_each(|line| stdin.write_all(line.as_bytes())));
        let lines = BufReader::new(stdout).lines().collect::<std::io::Result<Vec<String>>>().map_err(not_started);
        let _ = writer.join(); // it ends when `git` does, which says why
        git.finish()?;
        lines
    }

    /// The notes on commits, as `git notes` keeps them: the commit, and the text.
    pub fn notes(&self) -> Result<Vec<(ObjectId, String)>> {
        if self.completeness.contents != Contents::Lines {
            return Ok(Vec::new());
        }
        let list = output(reading(&self.git_dir), "listing the notes", &["notes", "list"])?;
        let lines = String::from_utf8_lossy(&list).into_owned();
        let one = |line: &str| {
            let (blob, commit) = line.split_once(' ')?;
            let text = output(reading(&self.git_dir), "reading a note", &["cat-file", "blob", blob]).ok()?;
            Some((ObjectId::parse(commit).ok()?, String::from_utf8_lossy(&text).into_owned()))
        };
        Ok(lines.lines().filter_map(one).collect())
    }
}

/// One line of the list of refs; nothing if it leads to no commit.
fn tip(line: &[u8]) -> Option<Tip> {
    let mut words = line.splitn(5, |byte| *byte == b' ').map(printable);
    let (id, kind, peeled, peeled_kind, name) =
        (words.next()?, words.next()?, words.next()?, words.next()?, words.next()?);
    let id = match (kind.as_str(), peeled_kind.as_str()) {
        ("commit", _) => id,
        ("tag", "commit") => peeled,
        _ => return None,
    };
    let read = !NOT_READ.iter().any(|start| name.starts_with(start)) && !name.ends_with("/HEAD");
    Some(Tip { name, id: ObjectId::parse(&id).ok()? }).filter(|_| read)
}

/// The value of the first setting whose name fits.
fn setting(git_dir: &Path, name: &str) -> Result<Option<String>> {
    match output(reading(git_dir), "opening the repository", &["config", "--local", "--get-regexp", name]) {
        Ok(found) => {
            let text = String::from_utf8_lossy(&found).into_owned();
            Ok(text.lines().find_map(|line| line.split_once(' ')).map(|(_, value)| value.to_owned()))
        }
        Err(Error::Failed { .. }) => Ok(None), // git says so of a setting that is not there
        Err(other) => Err(other),
    }
}

#[cfg(unix)]
fn as_path(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    std::ffi::OsStr::from_bytes(bytes).into()
}

#[cfg(not(unix))]
fn as_path(bytes: &[u8]) -> PathBuf {
    String::from_utf8_lossy(bytes).into_owned().into()
}
