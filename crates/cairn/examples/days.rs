//! For the browser tests: serves the sample company as a demonstration, by a clock that stands still until a line of the
//! input sets it, such as `2026-03-18T09:00:00Z`. What is due by then is done before the line is answered with itself.
//! The only argument is the address at which it listens.
use cairn::http::listener::{self, Limits};
use std::{env, io, sync::Arc, thread, time::Duration};
use testkit::{World, worlds};
use tokio::{net::TcpListener, sync::mpsc, time::sleep};

#[tokio::main]
async fn main() {
    let address = env::args().nth(1).expect("an address such as 127.0.0.1:7777 is given");
    let world = Arc::new(worlds().await.remove(0).as_demonstration());
    let listener = TcpListener::bind(&address).await.expect("the address is free");
    println!("Cairn is ready at http://{address}");
    let jobs = tokio::spawn(work(world.clone()));
    listener::serve(listener, world.router(), Limits::default(), told(world)).await;
    jobs.abort();
}

/// Does what the pages leave to be done, as the program does.
async fn work(world: Arc<World>) {
    loop {
        world.drain().await;
        sleep(Duration::from_millis(50)).await;
    }
}

/// Follows the input until it ends.
async fn told(world: Arc<World>) {
    let (send, mut lines) = mpsc::unbounded_channel();
    thread::spawn(move || io::stdin().lines().map_while(Result::ok).all(|line| send.send(line).is_ok()));
    while let Some(line) = lines.recv().await {
        world.pass_to(&line).await;
        println!("{line}");
    }
}
