//! The configuration: flags, then `CAIRN_*` variables, then `cairn.toml`, then what is built in.
use crate::{
    mail::{imap::Mailbox, listener::Place},
    web::Inside,
};
use kernel::{Error, ReplyTo, Result};
use std::{collections::BTreeMap, env, fs, net::IpAddr, path::PathBuf};

/// One thing that can be set: `listen` is `--listen`, `CAIRN_LISTEN`, and `listen` in the file.
pub struct Key {
    pub name: &'static str,
    pub default: &'static str,
    pub help: &'static str,
    /// Never printed.
    pub secret: bool,
}

const fn key(name: &'static str, default: &'static str, help: &'static str) -> Key {
    Key { name, default, help, secret: false }
}

const fn secret(name: &'static str, help: &'static str) -> Key {
    Key { name, default: "", help, secret: true }
}

pub const KEYS: &[Key] = &[
    key("data", "cairn-data", "The folder that holds everything: the database, files, keys and mail that was not sent"),
    secret("database-url", "postgres://… for more than one machine; else the embedded database in the data folder"),
    key("files-url", "", "A folder, or s3://bucket/prefix, for photos and attachments; else files in the data folder"),
    key("listen", "127.0.0.1:7777", "The address and port to answer at"),
    key("base-url", "", "The address under which people reach this server, as in https://cairn.example.com"),
    key("trusted-proxies", "", "Addresses of reverse proxies whose X-Forwarded-For is believed, separated by commas"),
    secret("smtp-url", "smtps://user:password@mail.example.com; without it mail goes into a folder"),
    key("mail-from", "Cairn <cairn@localhost>", "The sender of mail"),
    key("mail-reply", "", "The address at which answers to letters arrive, as in reply@cairn.example.com"),
    key(
        "mail-listen",
        "",
        "Where mail servers deliver answers by LMTP or SMTP: 127.0.0.1:2525, or the path of a socket",
    ),
    secret(
        "imap-url",
        "imaps://user:password@mail.example.com/INBOX, a mailbox of its own that is looked at for answers",
    ),
    key(
        "connect-inside",
        "",
        "Code hosts inside your network that may be connected, as in git.example.internal, separated by commas",
    ),
    key("log", "text", "How to write the log: text or json"),
    key("log-level", "info", "How much to log: error, warn, info, debug or trace"),
];

/// Where a value came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Flag,
    Variable,
    File,
    BuiltIn,
}

impl Origin {
    pub fn in_words(self) -> &'static str {
        match self {
            Origin::Flag => "flag",
            Origin::Variable => "variable",
            Origin::File => "file",
            Origin::BuiltIn => "built in",
        }
    }
}

/// All values that are in force.
#[derive(Clone, Debug)]
pub struct Config {
    values: BTreeMap<&'static str, (String, Origin)>,
    /// Words of the file that mean nothing.
    pub unknown: Vec<String>,
    pub file: PathBuf,
}

impl Config {
    /// `flag` answers what was given on the command line.
    pub fn load(flag: impl Fn(&str) -> Option<String>, file: Option<PathBuf>) -> Result<Config> {
        let asked_for = file.is_some();
        let path = file.unwrap_or_else(|| PathBuf::from("cairn.toml"));
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound && !asked_for => String::new(),
            Err(error) => return Err(Error::invalid("config", format!("{} cannot be read: {error}.", path.display()))),
        };
        let wrong = |error: toml::de::Error| Error::invalid("config", format!("{}: {error}", path.display()));
        let table: toml::Table = toml::from_str(&text).map_err(wrong)?;
        let unknown = table.keys().filter(|name| !KEYS.iter().any(|key| key.name == name.as_str())).cloned().collect();
        let values = KEYS.iter().map(|key| (key.name, value(key, &flag, &table)));
        Ok(Config { values: values.collect(), unknown, file: path })
    }

    pub fn text(&self, name: &str) -> &str {
        self.values.get(name).map_or("", |(text, _)| text)
    }

    pub fn origin(&self, name: &str) -> Origin {
        self.values.get(name).map_or(Origin::BuiltIn, |(_, origin)| *origin)
    }

    pub fn data(&self) -> PathBuf {
        PathBuf::from(self.text("data"))
    }

    /// The address of the database: the one that was set, or the file in the data folder.
    pub fn database(&self) -> String {
        match self.text("database-url") {
            "" => self.data().join("cairn.db").to_string_lossy().into_owned(),
            url => url.to_owned(),
        }
    }

    pub fn base_url(&self) -> String {
        match self.text("base-url").trim_end_matches('/') {
            "" => format!("http://{}", self.text("listen")),
            url => url.to_owned(),
        }
    }

    pub fn trusted_proxies(&self) -> Result<Vec<IpAddr>> {
        let wrong =
            |text: &str| Error::invalid("trusted-proxies", format!("`{text}` is not an address, such as 10.0.0.1."));
        let all = self.text("trusted-proxies").split(',').map(str::trim).filter(|text| !text.is_empty());
        all.map(|text| text.parse().map_err(|_| wrong(text))).collect()
    }

    /// The servers inside the network that may be asked.
    pub fn connect_inside(&self) -> Result<Inside> {
        Inside::parse(self.text("connect-inside"))
    }

    /// The address at which answers by mail arrive.
    pub fn reply_to(&self) -> Result<Option<ReplyTo>> {
        self.given("mail-reply").map(str::parse).transpose()
    }

    /// Where mail servers deliver answers.
    pub fn mail_listen(&self) -> Result<Option<Place>> {
        let Some(text) = self.given("mail-listen") else { return Ok(None) };
        self.reply_to_for("mail-listen")?;
        if text.starts_with('/') {
            return Ok(Some(Place::Socket(text.into())));
        }
        let wrong = |_| {
            Error::invalid("mail-listen", format!("`{text}` is neither a path nor an address such as 127.0.0.1:2525."))
        };
        text.parse().map(Place::Port).map(Some).map_err(wrong)
    }

    /// The mailbox in which answers arrive.
    pub fn mailbox(&self) -> Result<Option<Mailbox>> {
        let Some(text) = self.given("imap-url") else { return Ok(None) };
        self.reply_to_for("imap-url")?;
        Mailbox::parse(text).map(Some)
    }

    fn given(&self, name: &str) -> Option<&str> {
        Some(self.text(name).trim()).filter(|text| !text.is_empty())
    }

    /// Without an address in the letters no answer can arrive.
    fn reply_to_for(&self, name: &str) -> Result<()> {
        match self.reply_to()? {
            Some(_) => Ok(()),
            None => Err(Error::invalid(
                name,
                format!("`{name}` is set and `mail-reply` is not; set it to the address for answers."),
            )),
        }
    }
}

fn value(key: &Key, flag: &impl Fn(&str) -> Option<String>, table: &toml::Table) -> (String, Origin) {
    let variable = format!("CAIRN_{}", key.name.to_uppercase().replace('-', "_"));
    let in_file = || table.get(key.name).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    let given = flag(key.name).map(|text| (text, Origin::Flag));
    given
        .or_else(|| env::var(variable).ok().map(|text| (text, Origin::Variable)))
        .or_else(|| in_file().map(|text| (text, Origin::File)))
        .unwrap_or_else(|| (key.default.to_owned(), Origin::BuiltIn))
}
