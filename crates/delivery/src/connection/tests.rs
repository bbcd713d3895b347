use super::{Scope, server};
use crate::pull::Host;

fn place(system: Host, address: &str, scope: Scope, path: &str) -> Option<(String, String)> {
    server::place(system, Some(address), scope, path).ok()
}

#[test]
fn a_place_is_told_by_its_name_or_by_its_page() {
    let of = |server: &str, path: &str| Some((server.to_owned(), path.to_owned()));
    let (repository, group) = (Scope::Repository, Scope::Group);
    for (system, address, scope, path, found) in [
        (Host::GitHub, "", repository, "acme/pay", of("https://github.com", "acme/pay")),
        (Host::GitHub, "", repository, "https://github.com/acme/pay.git", of("https://github.com", "acme/pay")),
        (Host::GitHub, "https://api.github.com/", group, "acme", of("https://github.com", "acme")),
        (Host::GitHub, "ghe.example:8443", repository, "acme/pay", of("https://ghe.example:8443", "acme/pay")),
        (Host::GitLab, "", repository, "a/b/c", of("https://gitlab.com", "a/b/c")),
        (Host::GitLab, "", group, "https://git.example/a/b", of("https://git.example", "a/b")),
        (Host::GitHub, "", repository, "acme", None),
        (Host::GitHub, "", repository, "acme/..", None),
        (Host::GitHub, "", group, "acme/pay", None),
        (Host::GitLab, "", repository, "a/b%2Fc", None),
        (Host::GitHub, "https://me@ghe.example", group, "acme", None),
        (Host::GitHub, "file:///etc", group, "acme", None),
    ] {
        assert_eq!(place(system, address, scope, path), found, "{address} {path}");
    }
}

#[test]
fn each_server_has_its_api() {
    for (system, server, api) in [
        (Host::GitHub, "https://github.com", "https://api.github.com/"),
        (Host::GitHub, "https://acme.ghe.com", "https://api.acme.ghe.com/"),
        (Host::GitHub, "https://ghe.example", "https://ghe.example/api/v3/"),
        (Host::GitLab, "https://gitlab.com", "https://gitlab.com/api/v4/"),
    ] {
        assert_eq!(server::api(system, server), api);
    }
}
