use git::{Batch, Commit, ObjectId, Refs, Repository};
use std::{
    fs,
    io::Write,
    ops::ControlFlow,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::{AtomicU32, Ordering::Relaxed},
};

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A folder that is removed at the end, and the clock of the commits that are made in it.
pub struct Maker {
    pub folder: PathBuf,
    pub author: (String, String),
    pub date: String,
}

impl Maker {
    pub fn empty() -> Maker {
        let number = NUMBER.fetch_add(1, Relaxed);
        let folder = std::env::temp_dir().join(format!("cairn-git-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let author = ("Mara Lindqvist".to_owned(), "mara@northwind.example".to_owned());
        Maker { folder, author, date: "1773741600 +0100".to_owned() }
    }

    /// A repository without a commit.
    pub fn new() -> Maker {
        let maker = Maker::empty();
        maker.git(&["init", "-q", "-b", "main"]);
        maker
    }

    pub fn git(&self, args: &[&str]) -> String {
        self.git_with(args, b"")
    }

    pub fn git_with(&self, args: &[&str], input: &[u8]) -> String {
        let mut child = Command::new("git")
            .current_dir(&self.folder)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1"), ("GIT_ALLOW_PROTOCOL", "file")])
            .envs([
                ("GIT_AUTHOR_NAME", &self.author.0),
                ("GIT_AUTHOR_EMAIL", &self.author.1),
                ("GIT_AUTHOR_DATE", &self.date),
            ])
            .envs([
                ("GIT_COMMITTER_NAME", &self.author.0),
                ("GIT_COMMITTER_EMAIL", &self.author.1),
                ("GIT_COMMITTER_DATE", &self.date),
            ])
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        let done = child.wait_with_output().unwrap();
        assert!(done.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&done.stderr));
        String::from_utf8_lossy(&done.stdout).trim_end().to_owned()
    }

    pub fn write(&self, path: impl AsRef<Path>, text: impl AsRef<[u8]>) {
        let path = self.folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Commits everything, and returns the name of the commit.
    pub fn commit(&self, message: &str) -> String {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
        self.git(&["rev-parse", "HEAD"])
    }

    /// Writes one file and commits it.
    pub fn change(&self, path: &str, text: &str, message: &str) -> String {
        self.write(path, text);
        self.commit(message)
    }

    pub fn open(&self) -> Repository {
        Repository::open(&self.folder).unwrap()
    }

    /// All commits, oldest first.
    pub fn read(&self) -> Vec<Commit> {
        let repository = self.open();
        let refs = repository.refs().unwrap();
        read(&repository, &all(&repository, &refs))
    }

    pub fn find(&self, id: &str) -> Commit {
        self.read().into_iter().find(|commit| commit.id.as_str() == id).unwrap()
    }
}

impl Drop for Maker {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

pub fn all(repository: &Repository, refs: &Refs) -> Vec<ObjectId> {
    repository.commits(refs.tips.iter().map(|tip| &tip.id), [], None).unwrap()
}

pub fn read(repository: &Repository, ids: &[ObjectId]) -> Vec<Commit> {
    let mut batches: Vec<Batch> = Vec::new();
    let keep = |batch, _| {
        batches.push(batch);
        ControlFlow::Continue(())
    };
    repository.read(ids, keep).unwrap();
    batches.sort_by_key(|batch| batch.first);
    batches.into_iter().flat_map(|batch| batch.commits).collect()
}

/// The paths of a commit, each with what was added and deleted.
pub fn paths(commit: &Commit) -> Vec<(&str, u64, u64)> {
    commit.changes.iter().map(|change| (change.path.as_str(), change.lines.added(), change.lines.deleted())).collect()
}
