//! What a server's answer means for a connection. Whatever is told of it never holds the token.
use super::{
    Service,
    app::App,
    plan::{PAGE, Step},
    server,
};
use intake::stream::{Content, Limits, Options, read_bytes};
use kernel::{Error, Fetched, Json, Result, Time};
use serde::{Deserialize, Serialize};
use url::Url;

/// A request as it is to be made. It is never stored, as it holds the token.
#[derive(Serialize, Deserialize)]
pub(super) struct Asked {
    pub system: Service,
    pub server: String,
    /// The user whose token it is, where the system wants to know.
    pub login: String,
    /// The GitHub App that asks, whose private key the secret is.
    pub app: Option<App>,
    /// The repository, the organisation, the group, the project or the job.
    pub path: String,
    pub address: String,
    pub step: Step,
    pub etag: Option<String>,
    /// Nothing if it cannot be opened any more.
    pub token: Option<String>,
    pub now: Time,
}

/// What came of it.
#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(super) enum Outcome {
    Told {
        documents: Vec<Json>,
        etag: Option<String>,
        /// The address of the next page, where the header `Link` says it.
        next: Option<String>,
    },
    /// It is what it was.
    Unchanged,
    /// The server wants no more for now: until then, or for so many seconds.
    Pause { until: Option<Time>, seconds: i64 },
    /// It may go better soon; whether there was an answer at all.
    Again { sentence: String, answered: bool },
    /// This one will not be answered, others will.
    Leave(String),
    /// Nothing goes on before somebody mends it.
    Stop(String),
}

/// What the server still takes.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Quota {
    pub left: i64,
    pub of: Option<i64>,
    pub until: Option<Time>,
}

/// Numbers of requests and instants in seconds are not larger, whatever a server says.
const MOST_PLAUSIBLE: i64 = 100_000_000_000;
/// Seconds that a server can ask to wait.
const LONGEST_PAUSE: i64 = 7_200;
/// A longer name of an answer is not kept.
const LONGEST_ETAG: usize = 300;
/// Bytes of the longest answer: a hundred pull requests with long texts are a tenth of it.
pub(super) const MOST: usize = 16 << 20;
const LIMITS: Limits = Limits { document: MOST as u64, parts: 300_000, expanded: 4 * MOST as u64, files: 1 };

impl Asked {
    pub fn outcome(&self, fetched: Result<Fetched>) -> Outcome {
        match fetched {
            Ok(fetched) => self.answered(&fetched),
            Err(Error::TooLarge) => Outcome::Leave(format!("The answer is larger than {} MB.", MOST >> 20)),
            Err(error @ Error::Busy(_)) => Outcome::Again { sentence: error.to_string(), answered: false },
            Err(error) => Outcome::Stop(error.to_string()),
        }
    }

    fn answered(&self, fetched: &Fetched) -> Outcome {
        let (host, path) = (server::host(&self.server), &self.path);
        match fetched.status {
            200..=299 => self.told(fetched),
            304 => Outcome::Unchanged,
            300..=399 => self.sent_elsewhere(fetched),
            401 => Outcome::Stop(format!("{host} does not accept the token. Make a new one there, and give it here.")),
            403 | 429 if is_limit(fetched) => pause(fetched),
            403 if self.step.is_root() => {
                Outcome::Stop(format!("The token may not read {path} at {host}. Give it one that may."))
            }
            // Plugins tell the stages and the tests of a build, and builds are thrown away.
            404 if self.system == Service::Jenkins && self.step == Step::Parts => nothing(),
            404 if self.step.is_root() => {
                Outcome::Stop(format!("There is no {path} at {host}, or the token may not see it."))
            }
            status @ 500.. => again(format!("{host} answered with an error ({status}).")),
            status => Outcome::Leave(self.refusal(status, fetched)),
        }
    }

    fn told(&self, fetched: &Fetched) -> Outcome {
        let Some(documents) = documents(&fetched.body) else {
            let host = server::host(&self.server);
            return again(format!("{host} answered with something that is no JSON."));
        };
        let next = fetched.headers.get("link").and_then(|link| next(link, &self.address));
        // A list that fills its last page says nothing of what will follow.
        let complete = next.is_some() || documents.len() < PAGE;
        let host = self.system.host().is_some();
        let keeps = |etag: &&String| host && complete && self.step.is_stable() && etag.len() <= LONGEST_ETAG;
        let etag = fetched.headers.get("etag").filter(keeps).cloned();
        Outcome::Told { documents, etag, next }
    }

    fn sent_elsewhere(&self, fetched: &Fetched) -> Outcome {
        let (host, path) = (server::host(&self.server), &self.path);
        let base = Url::parse(&server::api(self.system, &self.server)).ok();
        let target = || base.as_ref()?.join(fetched.headers.get("location")?).ok();
        match (target(), &base) {
            (Some(target), Some(base)) if target.origin() != base.origin() => {
                let other: String = target.host_str().unwrap_or("another server").chars().take(100).collect();
                Outcome::Stop(format!("{host} sends on to {other}. The token is not sent there; check the address."))
            }
            _ if self.step.is_root() => {
                Outcome::Stop(format!("{path} has moved at {host}. Connect it under its new name."))
            }
            _ => Outcome::Leave("It has moved.".to_owned()),
        }
    }

    /// What the server says about why it refused.
    fn refusal(&self, status: u16, fetched: &Fetched) -> String {
        let said = documents(&fetched.body).unwrap_or_default();
        let said = said.iter().find_map(|one| one["message"].as_str().or(one["error"].as_str())).unwrap_or_default();
        let said = self.token.as_deref().map_or(said.to_owned(), |token| said.replace(token, "…"));
        let said: String = said.chars().filter(|c| !c.is_control()).take(200).collect();
        let what = match status {
            403 => "The token may not read this",
            404 | 410 => "It is not there, or the token may not see it",
            _ => "The server refused",
        };
        if said.is_empty() { format!("{what} ({status}).") } else { format!("{what} ({status}: {said}).") }
    }
}

fn nothing() -> Outcome {
    Outcome::Told { documents: Vec::new(), etag: None, next: None }
}

fn again(sentence: String) -> Outcome {
    Outcome::Again { sentence, answered: true }
}

/// How many requests are left, by GitHub's names or GitLab's.
/// <https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api>,
/// <https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/#response-headers>
pub(super) fn quota(fetched: &Fetched) -> Option<Quota> {
    let until = header(fetched, "reset").and_then(|at| jiff::Timestamp::from_second(at).ok()).map(Time::from);
    Some(Quota { left: header(fetched, "remaining")?, of: header(fetched, "limit"), until })
}

fn header(fetched: &Fetched, name: &str) -> Option<i64> {
    let named = |start: &str| fetched.headers.get(&format!("{start}ratelimit-{name}"))?.trim().parse::<i64>().ok();
    named("x-").or_else(|| named("")).filter(|number| (0..=MOST_PLAUSIBLE).contains(number))
}

/// Whether an answer is no refusal but a request to wait.
fn is_limit(fetched: &Fetched) -> bool {
    fetched.status == 429
        || fetched.headers.contains_key("retry-after")
        || header(fetched, "remaining") == Some(0)
        || String::from_utf8_lossy(&fetched.body).to_lowercase().contains("rate limit")
}

fn pause(fetched: &Fetched) -> Outcome {
    let after = fetched.headers.get("retry-after").and_then(|after| after.trim().parse::<i64>().ok());
    let until = quota(fetched).filter(|quota| quota.left == 0 && after.is_none()).and_then(|quota| quota.until);
    Outcome::Pause { until, seconds: after.unwrap_or(60).clamp(1, LONGEST_PAUSE) }
}

/// The JSON of an answer, the elements of a list one by one, as files are read; nothing if it is no JSON.
fn documents(body: &[u8]) -> Option<Vec<Json>> {
    let (mut all, mut others) = (Vec::new(), 0);
    let options = Options { lists: &[], limits: LIMITS };
    let read = read_bytes("answer", body, &options, &mut |document| {
        match document.content {
            Content::Json(value) => all.push(value),
            Content::Row(_) | Content::Bytes(_) => others += 1,
        }
        Ok(())
    });
    (read.is_ok() && others == 0).then_some(all)
}

/// The same path with the query of the next page: what else a link says is not followed.
/// <https://www.rfc-editor.org/rfc/rfc8288>
fn next(link: &str, address: &str) -> Option<String> {
    let target = link.split(',').find(|one| one.contains("rel=\"next\"") || one.contains("rel=next"))?;
    let (_, query) = target.split_once('<')?.1.split_once('>')?.0.split_once('?')?;
    let path = address.split('?').next().unwrap_or_default();
    Some(format!("{path}?{query}")).filter(|next| next != address && next.len() <= 1_000)
}

#[cfg(test)]
mod tests;
