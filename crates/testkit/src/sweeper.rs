//! Removes the databases of tests that are over: those of one run would fill twenty gigabytes.
use crate::engines;
use std::{
    cell::RefCell,
    fs,
    sync::{
        LazyLock,
        mpsc::{Receiver, Sender, channel},
    },
    thread,
};

thread_local! {
    // A test runs on a thread of its own, so what the thread made ends with the test.
    static MADE: RefCell<Made> = const { RefCell::new(Made(Vec::new())) };
}

static SWEEPER: LazyLock<Sender<String>> = LazyLock::new(|| {
    let (ended, urls) = channel();
    thread::spawn(move || sweep(&urls));
    ended
});

struct Made(Vec<String>);

impl Drop for Made {
    fn drop(&mut self) {
        for url in self.0.drain(..) {
            // Without a sweeper the database stays until the next run.
            let _ = SWEEPER.send(url);
        }
    }
}

pub(crate) fn remove_after_this_test(url: String) {
    MADE.with_borrow_mut(|made| made.0.push(url));
}

fn sweep(urls: &Receiver<String>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime is made");
    for url in urls {
        match engines::postgres_server() {
            Some(server) if url.starts_with("postgres") => {
                let name = engines::database(&url);
                runtime.block_on(engines::run(&server, &format!("drop database if exists {name} with (force)")));
            }
            _ => ["", "-wal", "-shm"].iter().for_each(|ending| {
                let _ = fs::remove_file(format!("{url}{ending}"));
            }),
        }
    }
}
