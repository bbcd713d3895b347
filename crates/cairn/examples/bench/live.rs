//! How soon browsers hear of a change.
use crate::server::Connection;
use std::{
    io::{BufRead, Write},
    sync::{Arc, Mutex},
    thread,
    time::{Duration, Instant},
};

const CHANGES: usize = 20;
/// A browser that hears of a change later than this has not heard of it.
const PATIENCE: Duration = Duration::from_secs(10);

/// From the moment at which a change is sent to the moment at which each of so many browsers that look at a page has heard of
/// it. The change is given its number and is answered with a redirect.
pub fn live(
    port: u16,
    cookies: &[String],
    browsers: usize,
    page: &str,
    change: impl Fn(&mut Connection, usize) -> u16,
) -> Vec<Duration> {
    let heard: Arc<Mutex<Vec<Instant>>> = Arc::default();
    for browser in 0..browsers {
        let (cookie, heard, page) = (cookies[browser % cookies.len()].clone(), heard.clone(), page.to_owned());
        thread::spawn(move || listen(port, &cookie, &page, &heard));
    }
    thread::sleep(Duration::from_secs(3));
    let mut sender = Connection::open(port);
    let mut times = Vec::new();
    for n in 0..CHANGES {
        heard.lock().expect("no listener panics").clear();
        let start = Instant::now();
        assert_eq!(change(&mut sender, n), 303, "the change is saved");
        while heard.lock().expect("no listener panics").len() < browsers && start.elapsed() < PATIENCE {
            thread::sleep(Duration::from_millis(5));
        }
        // Whoever hears twice of one change must not count for the next.
        thread::sleep(Duration::from_millis(100));
        let heard = heard.lock().expect("no listener panics");
        assert!(heard.len() >= browsers, "only {} of {browsers} browsers heard of the change", heard.len());
        times.extend(heard.iter().take(browsers).map(|at| at.duration_since(start)));
    }
    times
}

fn listen(port: u16, cookie: &str, page: &str, heard: &Mutex<Vec<Instant>>) {
    let html = Connection::open(port).text(page, cookie);
    let address = between(&html, "name=\"cairn-live\" content=\"", "\"").replace("&amp;", "&");
    let mut connection = Connection::open(port);
    let request = format!("GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\n\r\n");
    connection.stream.get_mut().write_all(request.as_bytes()).expect("the server reads");
    let mut line = String::new();
    while connection.stream.read_line(&mut line).is_ok_and(|read| read > 0) {
        if line.starts_with("event: changed") {
            heard.lock().expect("no listener panics").push(Instant::now());
        }
        line.clear();
    }
}

/// What a form on a page proves that it came from there.
pub fn token(port: u16, page: &str, cookie: &str) -> String {
    between(&Connection::open(port).text(page, cookie), "name=\"csrf\" value=\"", "\"").to_owned()
}

fn between<'t>(text: &'t str, before: &str, after: &str) -> &'t str {
    let rest = text.split_once(before).map_or("", |(_, rest)| rest);
    rest.split_once(after).map_or("", |(found, _)| found)
}
