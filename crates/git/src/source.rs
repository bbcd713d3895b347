//! What was given as a repository: a folder, or an address from which one may be fetched.
use crate::{Error, Result, text::printable};
use base64::{Engine, engine::general_purpose::STANDARD};
use std::{
    fmt,
    path::{Path, PathBuf},
};

#[derive(Clone, Debug)]
pub enum Source {
    Folder(PathBuf),
    Remote(Remote),
}

/// An address without what lets one in, and apart from it the name and password that were in it.
#[derive(Clone)]
pub struct Remote {
    /// `https://host/path` or `ssh://host/path`
    address: String,
    user: Option<String>,
    password: Option<String>,
}

impl Source {
    /// Reads a path, `https://…`, `ssh://…` or `user@host:path`. Everything else is refused.
    pub fn parse(text: &str) -> Result<Source> {
        let text = text.trim();
        if text.is_empty() {
            return Err(refused("Give the path or the address of a repository."));
        }
        if Path::new(text).exists() {
            return Ok(Source::Folder(text.into()));
        }
        Remote::at(text).map(Source::Remote)
    }

    /// Where it is, without names and passwords.
    pub fn place(&self) -> String {
        match self {
            Source::Folder(path) => {
                printable(path.canonicalize().unwrap_or(path.clone()).as_os_str().as_encoded_bytes())
            }
            Source::Remote(remote) => remote.address.clone(),
        }
    }

    /// The last word of the place, as people call the repository.
    pub fn name(&self) -> String {
        let place = self.place();
        let whole =
            place.trim_end_matches('/').trim_end_matches("/.git").trim_end_matches(".git").trim_end_matches('/');
        let name = whole.rsplit('/').next().unwrap_or_default();
        if name.is_empty() { "repository".to_owned() } else { name.to_owned() }
    }
}

impl Remote {
    /// Reads `https://…`, `ssh://…` or `user@host:path`.
    pub fn at(text: &str) -> Result<Remote> {
        if let Some((scheme, rest)) = text.split_once("://") {
            return Remote::parse(scheme, rest);
        }
        if text.contains("::") {
            return Err(refused("Addresses with `::` start programs and are not read. Use https or ssh."));
        }
        match text.split_once(':') {
            Some((host, path)) if !host.contains('/') => Remote::parse("ssh", &format!("{host}/{path}")),
            _ => Err(Error::NotARepository(printable(text.as_bytes()))),
        }
    }

    fn parse(scheme: &str, rest: &str) -> Result<Remote> {
        match scheme {
            "https" | "ssh" => {}
            "file" => return Err(refused("Give the path itself in place of a file:// address.")),
            "http" | "git" => return Err(refused("This address is not encrypted. Use https or ssh.")),
            _ => return Err(refused("Only https and ssh addresses are read.")),
        }
        let rest = rest.split(['?', '#']).next().unwrap_or_default();
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (login, host) = authority.rsplit_once('@').map_or((None, authority), |(login, host)| (Some(login), host));
        let good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']');
        if host.is_empty() || host.starts_with('-') || !host.chars().all(good) || path.chars().any(char::is_control) {
            return Err(refused("This address names no host that can be asked."));
        }
        let (user, password) = login.map_or((None, None), |login| match login.split_once(':') {
            Some((user, password)) => (Some(user.to_owned()), Some(password.to_owned())),
            None => (Some(login.to_owned()), None),
        });
        if user.as_deref().is_some_and(|user| user.starts_with('-')) {
            return Err(refused("This address names nobody who can sign in."));
        }
        Ok(Remote { address: format!("{scheme}://{host}/{}", path.trim_start_matches('/')), user, password })
    }

    /// The address without names and passwords.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// What `git` is told to ask: for ssh with the user name, which is no secret there.
    pub(crate) fn to_ask(&self) -> String {
        match (&self.user, self.address.strip_prefix("ssh://")) {
            (Some(user), Some(rest)) => format!("ssh://{user}@{rest}"),
            _ => self.address.clone(),
        }
    }

    /// The header that signs in over https. It travels in the environment: arguments can be seen by everyone.
    pub(crate) fn header(&self) -> Option<(String, String)> {
        let user = self.user.as_deref().filter(|_| self.address.starts_with("https://"))?;
        let (user, password) = (decoded(user), decoded(self.password.as_deref().unwrap_or_default()));
        let origin: String = self.address.splitn(4, '/').take(3).map(|part| format!("{part}/")).collect();
        let basic = STANDARD.encode([&user[..], b":", &password].concat());
        Some((format!("http.{origin}.extraHeader"), format!("Authorization: Basic {basic}")))
    }
}

impl fmt::Debug for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.address)
    }
}

/// `%40` is `@`: what is special in an address is written so.
fn decoded(text: &str) -> Vec<u8> {
    let (mut out, mut rest) = (Vec::new(), text.as_bytes());
    while let [first, tail @ ..] = rest {
        let byte = match (first, tail) {
            (b'%', [high, low, ..]) => {
                str::from_utf8(&[*high, *low]).ok().and_then(|hex| u8::from_str_radix(hex, 16).ok())
            }
            _ => None,
        };
        out.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    out
}

fn refused(sentence: &str) -> Error {
    Error::Refused(sentence.to_owned())
}

#[cfg(test)]
mod tests;
