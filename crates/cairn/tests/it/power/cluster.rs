//! A PostgreSQL server with its own settings of durability, which are the safe ones.
use std::{
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

/// PostgreSQL refuses to run as root.
const OWNER: &str = "nobody";

/// Runs a program in a process namespace of its own. When `unshare` is killed, the shell is, which is the first process
/// in there; then the kernel kills all others. PostgreSQL's children outlive a killed parent if they wait for a lock.
const TOGETHER: [&str; 7] = ["--pid", "--fork", "--kill-child", "sh", "-c", "\"$@\"; exit", "sh"];

/// A data folder, and a folder for the socket that nobody but root and the owner may enter.
pub struct Cluster {
    programs: PathBuf,
    data: PathBuf,
    socket: PathBuf,
}

impl Cluster {
    pub fn new(programs: &Path, data: PathBuf, socket: PathBuf) -> Cluster {
        let mut install = Command::new("install");
        succeed(install.args(["-d", "-o", OWNER, "-m", "700"]).args([&data, &socket]));
        let mut initdb = Command::new("runuser");
        initdb.args(["-u", OWNER, "--"]).arg(programs.join("initdb")).arg("-D").arg(&data);
        initdb.args(["--username=cairn", "--auth=trust", "--encoding=UTF8", "--locale=C"]);
        succeed(initdb.current_dir("/").stdout(Stdio::null()));
        Cluster { programs: programs.to_owned(), data, socket }
    }

    pub fn url(&self) -> String {
        format!("postgres://cairn@{}/postgres", self.socket.to_string_lossy().replace('/', "%2F"))
    }

    pub fn start(&self) -> Postgres {
        let mut postgres = Command::new("unshare");
        postgres.args(TOGETHER).args(["runuser", "-u", OWNER, "--"]).arg(self.programs.join("postgres"));
        postgres.arg("-D").arg(&self.data).arg("-k").arg(&self.socket).args(["-p", "5432", "-c", "listen_addresses="]);
        let mut postgres = Postgres(postgres.current_dir("/").spawn().unwrap());
        let start = Instant::now();
        while !self.answers() {
            assert_eq!(postgres.0.try_wait().unwrap(), None, "PostgreSQL ended at its start");
            assert!(start.elapsed() < Duration::from_secs(60), "PostgreSQL did not start");
            thread::sleep(Duration::from_millis(10));
        }
        postgres
    }

    fn answers(&self) -> bool {
        let mut ask = Command::new(self.programs.join("pg_isready"));
        ask.args(["-q", "-U", "cairn", "-p", "5432", "-h"]).arg(&self.socket).status().unwrap().success()
    }
}

fn succeed(command: &mut Command) {
    assert!(command.status().unwrap().success(), "{command:?}");
}

/// A running server; all its processes are killed (SIGKILL) when this is dropped.
pub struct Postgres(Child);

impl Drop for Postgres {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}
