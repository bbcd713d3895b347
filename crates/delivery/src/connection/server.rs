//! Addresses of servers: where their pages are, and where their API is.
use super::{Scope, Service};
use kernel::{Error, Result};
use percent_encoding::percent_decode_str;
use url::Url;

/// The path of everything that a server of Jenkins has.
pub(super) const ALL: &str = "/";

/// The server and the path that are meant: a path may be the whole address of the page of a repository, an organisation, a
/// project or a job.
///
/// # Errors
/// `Invalid` at `address` or `path`.
pub(super) fn place(service: Service, address: Option<&str>, scope: Scope, path: &str) -> Result<(String, String)> {
    let given = Url::parse(path).ok().filter(|url| url.has_host());
    let server = match (&given, address.filter(|address| !address.is_empty())) {
        (Some(page), None) => base(service, page)?,
        (_, Some(address)) => {
            let whole = if address.contains("://") { address.to_owned() } else { format!("https://{address}") };
            base(service, &Url::parse(&whole).map_err(|_| no_server())?)?
        }
        (None, None) => service.home().map(str::to_owned).ok_or_else(no_server)?,
    };
    let path = given.as_ref().map_or(path, Url::path).trim_matches('/').trim_end_matches(".git");
    let path = match service {
        Service::CircleCi => project(path),
        Service::Jenkins => job(path, given.is_some()),
        Service::GitHub | Service::GitLab => path.to_owned(),
    };
    match wrong(service, scope, &path) {
        Some(sentence) => Err(Error::invalid("path", sentence)),
        None => Ok((server, path)),
    }
}

/// The address of the API, with a slash at its end.
pub(super) fn api(service: Service, server: &str) -> String {
    match (service, server.strip_prefix("https://")) {
        (Service::GitHub, Some("github.com")) => "https://api.github.com/".to_owned(),
        (Service::GitHub, Some(host)) if host.ends_with(".ghe.com") => format!("https://api.{host}/"),
        (Service::GitHub, _) => format!("{server}/api/v3/"),
        (Service::GitLab, _) => format!("{server}/api/v4/"),
        (Service::CircleCi, _) => format!("{server}/api/v2/"),
        (Service::Jenkins, _) => format!("{server}/"),
    }
}

/// The name of a server, for sentences.
pub(super) fn host(server: &str) -> &str {
    server.split_once("://").map_or(server, |(_, host)| host)
}

fn no_server() -> Error {
    Error::invalid("address", "This is no address of a server, such as https://git.example.com.")
}

/// The origin of a server, and for Jenkins the path below which all of it is.
fn base(service: Service, url: &Url) -> Result<String> {
    let plain = matches!(url.scheme(), "https" | "http") && url.has_host() && url.username().is_empty();
    if !plain || url.password().is_some() {
        return Err(no_server());
    }
    let origin = url.origin().ascii_serialization();
    let path = format!("{}/", url.path().trim_end_matches('/'));
    Ok(match (service, origin.as_str()) {
        (Service::GitHub, "https://api.github.com" | "https://www.github.com") => "https://github.com".to_owned(),
        (Service::CircleCi, "https://app.circleci.com") => "https://circleci.com".to_owned(),
        (Service::Jenkins, _) => {
            let below = path.split("/job/").next().unwrap_or_default();
            format!("{origin}{}", below.trim_end_matches('/'))
        }
        _ => origin,
    })
}

/// A project as CircleCI calls it, `gh/owner/name`, out of that, `owner/name` or the path of its page.
fn project(path: &str) -> String {
    let path = path.strip_prefix("pipelines/").unwrap_or(path);
    match path.split_once('/') {
        Some(("github", rest)) => format!("gh/{rest}"),
        Some(("bitbucket", rest)) => format!("bb/{rest}"),
        Some(("gh" | "bb" | "circleci", _)) => path.to_owned(),
        _ => format!("gh/{path}"),
    }
}

/// The full name of a job, `folder/app`, out of that or the path of its page, `…/job/folder/job/app`.
fn job(path: &str, is_page: bool) -> String {
    let name = match is_page {
        true => {
            let whole = format!("/{path}/");
            let parts: Vec<_> = whole.split("/job/").skip(1).filter_map(|rest| rest.split('/').next()).collect();
            parts.into_iter().map(|part| percent_decode_str(part).decode_utf8_lossy()).collect::<Vec<_>>().join("/")
        }
        false => path.to_owned(),
    };
    if name.is_empty() { ALL.to_owned() } else { name }
}

/// What is wrong with a path.
fn wrong(service: Service, scope: Scope, path: &str) -> Option<&'static str> {
    let plain = |part: &str| {
        let letters = part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        letters && !part.is_empty() && !part.bytes().all(|byte| byte == b'.')
    };
    let parts: Vec<&str> = path.split('/').collect();
    let good = parts.iter().all(|part| plain(part));
    match (service, scope) {
        (Service::GitHub, Scope::Repository) if !good || parts.len() != 2 => Some("Write it as owner/name."),
        (Service::GitHub, Scope::Group) if !good || parts.len() != 1 => {
            Some("Write only the name of the organisation.")
        }
        (Service::GitLab, Scope::Repository) if !good || parts.len() < 2 => Some("Write it as group/project."),
        (Service::GitLab, Scope::Group) if !good => Some("Write it as group or group/subgroup."),
        (Service::CircleCi, Scope::Repository) if !good || parts.len() != 3 => Some("Write it as gh/owner/name."),
        (Service::CircleCi, Scope::Group) if !good || parts.len() != 2 => Some("Write it as gh/owner."),
        (Service::Jenkins, Scope::Group) if path == ALL => None,
        (Service::Jenkins, _) => parts.iter().any(|part| !is_job(part)).then_some("Write it as folder/job."),
        _ => None,
    }
}

/// Jobs may have names of many letters, but none that would lead elsewhere.
pub(super) fn is_job(name: &str) -> bool {
    let dots = name.bytes().all(|byte| byte == b'.');
    !name.is_empty() && name.len() <= 300 && !dots && !name.contains('/') && !name.chars().any(char::is_control)
}
