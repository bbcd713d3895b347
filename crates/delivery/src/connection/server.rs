//! Addresses of code hosts: where their pages are, and where their API is.
use super::Scope;
use crate::pull::Host;
use kernel::{Error, Result};
use url::Url;

/// The server and the path that are meant: a path may be the whole address of a repository's or an organisation's page.
///
/// # Errors
/// `Invalid` at `address` or `path`.
pub(super) fn place(system: Host, address: Option<&str>, scope: Scope, path: &str) -> Result<(String, String)> {
    let given = Url::parse(path).ok().filter(|url| url.has_host());
    let server = match (&given, address.filter(|address| !address.is_empty())) {
        (Some(page), None) => origin(page)?,
        (_, Some(address)) => {
            let whole = if address.contains("://") { address.to_owned() } else { format!("https://{address}") };
            origin(&Url::parse(&whole).map_err(|_| no_server())?)?
        }
        (None, None) => format!("https://{}", system.system().host()),
    };
    let path = given.as_ref().map_or(path, Url::path).trim_matches('/').trim_end_matches(".git");
    if let Some(sentence) = wrong(system, scope, path) {
        return Err(Error::invalid("path", sentence));
    }
    Ok((server, path.to_owned()))
}

/// The address of the API, with a slash at its end.
pub(super) fn api(system: Host, server: &str) -> String {
    match (system, server.strip_prefix("https://")) {
        (Host::GitHub, Some("github.com")) => "https://api.github.com/".to_owned(),
        (Host::GitHub, Some(host)) if host.ends_with(".ghe.com") => format!("https://api.{host}/"),
        (Host::GitHub, _) => format!("{server}/api/v3/"),
        (Host::GitLab, _) => format!("{server}/api/v4/"),
    }
}

/// The name of a server, for sentences.
pub(super) fn host(server: &str) -> &str {
    server.split_once("://").map_or(server, |(_, host)| host)
}

fn no_server() -> Error {
    Error::invalid("address", "This is no address of a server, such as https://git.example.com.")
}

fn origin(url: &Url) -> Result<String> {
    let plain = matches!(url.scheme(), "https" | "http") && url.has_host() && url.username().is_empty();
    if !plain || url.password().is_some() {
        return Err(no_server());
    }
    let origin = url.origin().ascii_serialization();
    Ok(match origin.as_str() {
        "https://api.github.com" | "https://www.github.com" => "https://github.com".to_owned(),
        _ => origin,
    })
}

/// What is wrong with a path.
fn wrong(system: Host, scope: Scope, path: &str) -> Option<&'static str> {
    let plain = |part: &str| {
        let letters = part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        letters && !part.is_empty() && !part.bytes().all(|byte| byte == b'.')
    };
    let parts: Vec<&str> = path.split('/').collect();
    let good = parts.iter().all(|part| plain(part));
    match (system, scope) {
        (Host::GitHub, Scope::Repository) if !good || parts.len() != 2 => Some("Write it as owner/name."),
        (Host::GitHub, Scope::Group) if !good || parts.len() != 1 => Some("Write only the name of the organisation."),
        (Host::GitLab, Scope::Repository) if !good || parts.len() < 2 => Some("Write it as group/project."),
        (Host::GitLab, Scope::Group) if !good => Some("Write it as group or group/subgroup."),
        _ => None,
    }
}
