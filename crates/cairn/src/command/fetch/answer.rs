//! What is to be done about an answer.
use kernel::{Error, Fetched, Json, Result};
use serde::de::IgnoredAny;

pub(super) enum Verdict {
    /// It is JSON.
    Taken(Vec<u8>),
    /// The server does not have it, or does not show it.
    Missing(String),
    /// The server wants to be left alone for so many seconds.
    Wait(u64),
    /// It may answer soon.
    Again(String),
    Refused(String),
}

/// Seconds to wait where the server does not say how long.
const PAUSE: u64 = 60;

pub(super) fn verdict(answer: Result<Fetched>) -> Verdict {
    let answer = match answer {
        Ok(answer) => answer,
        Err(Error::Busy(why)) => return Verdict::Again(why),
        Err(Error::TooLarge) => return Verdict::Refused("Its answer is larger than 64 MB.".to_owned()),
        Err(Error::Invalid(flaws)) => {
            let why: Vec<&str> = flaws.iter().map(|flaw| flaw.sentence.as_str()).collect();
            return Verdict::Refused(why.join(" "));
        }
        Err(error) => return Verdict::Refused(error.to_string()),
    };
    match answer.status {
        200..=299 => match serde_json::from_slice::<IgnoredAny>(&answer.body) {
            Ok(_) => Verdict::Taken(answer.body),
            Err(_) => Verdict::Refused("It did not answer with JSON; see whether the address is right.".to_owned()),
        },
        429 => Verdict::Wait(pause(&answer)),
        400 if is_limit(&answer.body) => Verdict::Wait(pause(&answer)),
        300..=399 => Verdict::Refused(format!("It answered that this is elsewhere{}.", elsewhere(&answer))),
        401 => Verdict::Refused("It does not accept the token, or not without the user it belongs to.".to_owned()),
        400 | 403 | 404 => Verdict::Missing(format!("It answered {}{}.", answer.status, said(&answer.body))),
        500..=599 => Verdict::Again(format!("It answered {} again and again.", answer.status)),
        status => Verdict::Refused(format!("It answered {status}{}.", said(&answer.body))),
    }
}

fn pause(answer: &Fetched) -> u64 {
    answer.headers.get("retry-after").and_then(|seconds| seconds.trim().parse().ok()).unwrap_or(PAUSE)
}

/// How Linear says that enough was asked.
fn is_limit(body: &[u8]) -> bool {
    let answer: Json = serde_json::from_slice(body).unwrap_or_default();
    answer.pointer("/errors/0/extensions/code").and_then(Json::as_str) == Some("RATELIMITED")
}

fn elsewhere(answer: &Fetched) -> String {
    answer.headers.get("location").map(|place| format!(", at {}", plain(place))).unwrap_or_default()
}

/// The words of an error, where it has some.
fn said(body: &[u8]) -> String {
    let answer: Json = serde_json::from_slice(body).unwrap_or_default();
    let words =
        ["/errorMessages/0", "/message", "/errors/0/message"].iter().find_map(|place| answer.pointer(place)?.as_str());
    words.map(|words| format!(": {}", plain(words).trim_end_matches('.'))).unwrap_or_default()
}

fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}
