//! For the browser tests: serves the sample company as a demonstration, by a clock that stands still until a line of the
//! input sets it, such as `2026-03-18T09:00:00Z`. What is due by then is done before the line is answered with itself.
//! The arguments are the address at which it listens, the one at which it takes answers by mail (LMTP), and a folder in which
//! each letter becomes a file in JSON.
use cairn::{
    http::listener::{self, Limits},
    mail::{
        Post,
        listener::{Door, Limits as MailLimits, Place},
    },
};
use std::{env, fs, io, path::PathBuf, sync::Arc, thread, time::Duration};
use testkit::{World, worlds};
use tokio::{net::TcpListener, sync::mpsc, time::sleep};

#[tokio::main]
async fn main() {
    let [address, mail, letters] =
        [1, 2, 3].map(|at| env::args().nth(at).expect("two addresses and a folder are given"));
    let mut world = worlds().await.remove(0).as_demonstration();
    let replies = "reply@cairn.example".parse().expect("this is an address");
    world.opened.app = world.opened.app.clone().with_reply_to(Some(replies));
    let world = Arc::new(world);
    let post = Post { app: world.opened.app.clone(), workspace: world.workspace() };
    let place = Place::Port(mail.parse().expect("the second argument is an address with a port"));
    let door = Door::open(&place).await.expect("the address for mail is free");
    let listener = TcpListener::bind(&address).await.expect("the address is free");
    println!("Cairn is ready at http://{address}");
    let mail = tokio::spawn(door.serve(post, MailLimits::default()));
    let jobs = tokio::spawn(work(world.clone()));
    listener::serve(listener, world.router(), Limits::default(), told(world, letters.into())).await;
    jobs.abort();
    mail.abort();
}

/// Does what the pages leave to be done, as the program does.
async fn work(world: Arc<World>) {
    loop {
        world.drain().await;
        sleep(Duration::from_millis(50)).await;
    }
}

/// Follows the input until it ends.
async fn told(world: Arc<World>, letters: PathBuf) {
    let (send, mut lines) = mpsc::unbounded_channel();
    thread::spawn(move || io::stdin().lines().map_while(Result::ok).all(|line| send.send(line).is_ok()));
    let mut written = 0;
    while let Some(line) = lines.recv().await {
        world.pass_to(&line).await;
        for letter in world.outside.letters().iter().skip(written) {
            let text = serde_json::to_string(letter).expect("a letter becomes JSON");
            fs::write(letters.join(format!("{written:06}.json")), text).expect("the folder takes letters");
            written += 1;
        }
        println!("{line}");
    }
}
