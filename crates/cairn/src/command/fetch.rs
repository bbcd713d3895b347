//! Issues asked of a tracker's API. Each answer is kept in a folder that is read as a dump is, so what was stopped goes on
//! where it stopped.
mod answer;

use super::{connect::token, histories::style};
use crate::{
    config::Config,
    web::{Inside, Web},
};
use answer::{Verdict, verdict};
use base64::{Engine, engine::general_purpose::STANDARD};
use clap::ArgMatches;
use indicatif::ProgressBar;
use jiff::{ToSpan, Zoned, civil::Date};
use kernel::{Error, Fetch, Json, Result, json};
use std::{
    fs,
    io::ErrorKind,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::time::sleep;
use trackers::{
    System,
    live::{Request, Walk},
};
use url::{Host, Url};

/// Bytes of the longest answer.
const LONGEST: usize = 64 << 20;
/// Answers of one walk, as many as an import reads files.
const MOST: usize = 100_000;
/// So often a request is made again that the server did not answer.
const TRIES: u32 = 6;
/// So long a server may ask to be left alone, in seconds.
const LONGEST_WAIT: u64 = 2 * 3600;
/// What the folder is of, and that its issues were brought over.
const WALK: &str = ".walk.json";
const DONE: &str = ".done";
/// Answers that are older are asked for again, in days.
const FRESH: i32 = 7;

/// What is asked of whom.
pub struct Source {
    system: System,
    origin: Url,
    headers: Vec<(&'static str, String)>,
    projects: Vec<String>,
    folder: PathBuf,
    /// Whether the folder stays when its issues are here.
    keeps: bool,
}

impl Source {
    /// What `--from` and the options beside it say.
    ///
    /// # Errors
    /// `Invalid` where they cannot be meant.
    pub fn given(config: &Config, system: System, given: &ArgMatches) -> Result<Source> {
        let text = |name: &str| given.try_get_one::<String>(name).ok().flatten().map(String::as_str);
        let origin = origin(text("from").unwrap_or_default())?;
        let secret = token(text("token-file"))?;
        let host = origin.host_str().unwrap_or_default();
        let folder = match text("keep") {
            Some(folder) => PathBuf::from(folder),
            None => config.data().join("fetched").join(format!("{}-{host}", word(system))),
        };
        let projects = given.get_many::<String>("project").into_iter().flatten().cloned().collect();
        let headers = headers(system, text("user"), &secret);
        Ok(Source { system, origin, headers, projects, folder, keeps: text("keep").is_some() })
    }

    /// By what the import is called.
    pub fn host(&self) -> String {
        self.origin.host_str().unwrap_or_default().to_owned()
    }

    /// Asks for what is not kept yet, and returns the folder.
    ///
    /// # Errors
    /// `Invalid` where the server refuses, or answers what it should not.
    pub async fn fetch(&self, config: &Config, quiet: bool) -> Result<PathBuf> {
        let today = self.prepare()?;
        let named = format!("{},{}", config.text("connect-inside"), self.named_by_hand());
        let web = Web::new(Inside::parse(&named)?);
        let bar = if quiet { ProgressBar::hidden() } else { ProgressBar::no_length() };
        bar.set_style(style("{wide_bar} {pos} of {len} issues asked for, {eta} left"));
        let mut walk = Walk::new(self.system, self.projects.clone(), today);
        let mut number = 0;
        while let Some(request) = walk.next() {
            if number == MOST {
                let sentence = "This takes more than 100,000 answers. Choose fewer projects at a time with --project.";
                return Err(wrong(sentence));
            }
            let path = self.folder.join(format!("{number:06}.json"));
            number += 1;
            let answer = match kept(&path, &request)? {
                Some(answer) => Some(answer),
                None => self.ask(&web, &request, &path).await?,
            };
            if let Some(answer) = answer {
                walk.heard(&request, &answer).map_err(wrong)?;
            }
            bar.set_position(walk.issues());
            walk.expected().into_iter().for_each(|expected| bar.set_length(expected));
        }
        bar.finish_and_clear();
        Ok(self.folder.clone())
    }

    /// Takes the answers away now that their issues are here, or notes that the next time all is asked for anew.
    pub fn done(&self) -> Result<()> {
        match self.keeps {
            true => write(&self.folder.join(DONE), b""),
            false => fs::remove_dir_all(&self.folder).map_err(Error::internal),
        }
    }

    /// A server that somebody names at the command line may be on this machine; elsewhere inside the network it has to be
    /// asked by https.
    fn named_by_hand(&self) -> String {
        let here = match self.origin.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        };
        let may = here || self.origin.scheme() == "https";
        if may { self.origin.origin().ascii_serialization() } else { String::new() }
    }

    /// Makes the folder, or finds out that it goes on with the same walk. Returns the day on which that was begun.
    fn prepare(&self) -> Result<Date> {
        let told = |error: std::io::Error| wrong(format!("{} cannot be used: {error}.", self.folder.display()));
        let today = Zoned::now().date();
        let mut walk = json!({
            "system": word(self.system), "server": self.origin.as_str(), "projects": self.projects, "begun": today,
        });
        let file = self.folder.join(WALK);
        match fs::read(&file) {
            Ok(known) => {
                let known: Json = serde_json::from_slice(&known).unwrap_or_default();
                if let Some(begun) = known["begun"].as_str().and_then(|day| day.parse::<Date>().ok()) {
                    walk["begun"] = json!(begun);
                    let fresh = begun.saturating_add(FRESH.days()) >= today;
                    if known == walk && fresh && !self.folder.join(DONE).exists() {
                        return Ok(begun);
                    }
                    walk["begun"] = json!(today);
                }
                fs::remove_dir_all(&self.folder).map_err(told)?;
            }
            Err(error) if error.kind() == ErrorKind::NotFound => self.is_free()?,
            Err(error) => return Err(told(error)),
        }
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&self.folder).map_err(told)?;
        write(&file, walk.to_string().as_bytes())?;
        Ok(today)
    }

    fn is_free(&self) -> Result<()> {
        match fs::read_dir(&self.folder).is_ok_and(|mut entries| entries.next().is_some()) {
            true => {
                let folder = self.folder.display();
                Err(wrong(format!("{folder} holds something else. Name a folder that is empty or new.")))
            }
            false => Ok(()),
        }
    }

    /// The answer, kept; nothing where the server does not have what may be missing.
    async fn ask(&self, web: &Web, request: &Request, path: &Path) -> Result<Option<Json>> {
        let (mut tries, mut waited) = (0, 0);
        loop {
            let seconds = match verdict(web.fetch(self.request(request)?).await) {
                Verdict::Taken(body) => return keep(path, request, &body).map(Some),
                Verdict::Missing(_) if request.optional => return Ok(None),
                Verdict::Wait(seconds) => seconds.max(1),
                Verdict::Again(_) if tries < TRIES => {
                    tries += 1;
                    1 << (tries - 1)
                }
                Verdict::Missing(why) | Verdict::Again(why) | Verdict::Refused(why) => {
                    let asked = request.path.split('?').next().unwrap_or_default();
                    return Err(wrong(format!("{} was asked for {asked}. {why}", self.host())));
                }
            };
            waited += seconds;
            if waited > LONGEST_WAIT {
                let host = self.host();
                return Err(wrong(format!("{host} wants to be left alone. Begin again later; it goes on from here.")));
            }
            sleep(Duration::from_secs(seconds)).await;
        }
    }

    fn request(&self, request: &Request) -> Result<Fetch> {
        let url = format!("{}{}", self.origin.origin().ascii_serialization(), request.path);
        let mut headers = self.headers.clone();
        headers.push(("accept", "application/json".to_owned()));
        headers.push(("user-agent", "Cairn".to_owned()));
        let body = match &request.body {
            Some(body) => {
                headers.push(("content-type", "application/json".to_owned()));
                Some(serde_json::to_vec(body).map_err(Error::internal)?)
            }
            None => None,
        };
        Ok(Fetch { url, headers, body, most: LONGEST })
    }
}

fn word(system: System) -> &'static str {
    match system {
        System::Jira => "jira",
        System::Linear => "linear",
        System::Shortcut => "shortcut",
    }
}

fn origin(text: &str) -> Result<Url> {
    let with_scheme = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let url = Url::parse(&with_scheme).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let plain = url.filter(|url| url.username().is_empty() && url.password().is_none());
    plain.ok_or_else(|| {
        Error::invalid("from", format!("`{text}` is no address, such as https://example.atlassian.net."))
    })
}

/// How each system wants to be shown the token: Jira Cloud with the mail address of whose it is.
fn headers(system: System, user: Option<&str>, token: &str) -> Vec<(&'static str, String)> {
    match (system, user) {
        (System::Jira, Some(user)) => {
            vec![("authorization", format!("Basic {}", STANDARD.encode(format!("{user}:{token}"))))]
        }
        (System::Jira, None) => vec![("authorization", format!("Bearer {token}"))],
        (System::Linear, _) => vec![("authorization", token.to_owned())],
        (System::Shortcut, _) => vec![("shortcut-token", token.to_owned())],
    }
}

fn wrong(sentence: impl Into<String>) -> Error {
    Error::invalid("from", sentence)
}

/// An answer of an earlier run. One that cannot be read is asked for again.
fn kept(path: &Path, request: &Request) -> Result<Option<Json>> {
    let text = match fs::read(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::internal(error)),
    };
    let Ok(mut answer) = serde_json::from_slice::<Json>(&text) else { return Ok(None) };
    if request.addressed {
        let recorded = answer.pointer_mut("/api/get").and_then(|all| all.get_mut(&request.path)?.get_mut("response"));
        return Ok(recorded.map(Json::take));
    }
    Ok(Some(answer))
}

/// Keeps an answer, with its address where only that says what it is about, in the form of a recording of exchanges.
fn keep(path: &Path, request: &Request, body: &[u8]) -> Result<Json> {
    let answer: Json = serde_json::from_slice(body).map_err(Error::internal)?;
    if request.addressed {
        let recording = json!({ "api": { "get": { &request.path: { "status": 200, "response": answer } } } });
        write(path, recording.to_string().as_bytes())?;
    } else {
        write(path, body)?;
    }
    Ok(answer)
}

/// All of it, or nothing.
fn write(path: &Path, bytes: &[u8]) -> Result<()> {
    let half = path.with_extension("half");
    let written = fs::write(&half, bytes).and_then(|()| fs::rename(&half, path));
    written.map_err(|error| wrong(format!("{} cannot be written: {error}.", path.display())))
}
