use super::{Scope, Service, server};

fn place(system: Service, address: &str, scope: Scope, path: &str) -> Option<(String, String)> {
    server::place(system, Some(address), scope, path).ok()
}

#[test]
fn a_place_is_told_by_its_name_or_by_its_page() {
    let of = |server: &str, path: &str| Some((server.to_owned(), path.to_owned()));
    let (repository, group) = (Scope::Repository, Scope::Group);
    for (system, address, scope, path, found) in [
        (Service::GitHub, "", repository, "acme/pay", of("https://github.com", "acme/pay")),
        (Service::GitHub, "", repository, "https://github.com/acme/pay.git", of("https://github.com", "acme/pay")),
        (Service::GitHub, "https://api.github.com/", group, "acme", of("https://github.com", "acme")),
        (Service::GitHub, "ghe.example:8443", repository, "acme/pay", of("https://ghe.example:8443", "acme/pay")),
        (Service::GitLab, "", repository, "a/b/c", of("https://gitlab.com", "a/b/c")),
        (Service::GitLab, "", group, "https://git.example/a/b", of("https://git.example", "a/b")),
        (Service::CircleCi, "", repository, "acme/pay", of("https://circleci.com", "gh/acme/pay")),
        (
            Service::CircleCi,
            "",
            repository,
            "https://app.circleci.com/pipelines/github/acme/pay",
            of("https://circleci.com", "gh/acme/pay"),
        ),
        (Service::CircleCi, "", group, "circleci/8c2a", of("https://circleci.com", "circleci/8c2a")),
        (Service::Jenkins, "ci.example/ci/", repository, "a b/c", of("https://ci.example/ci", "a b/c")),
        (
            Service::Jenkins,
            "",
            repository,
            "https://ci.example/ci/job/a/job/x%252Fy/12/",
            of("https://ci.example/ci", "a/x%2Fy"),
        ),
        (Service::Jenkins, "", group, "https://ci.example/", of("https://ci.example", "/")),
        (Service::Jenkins, "", repository, "a/b", None),
        (Service::Jenkins, "ci.example", repository, "a/../b", None),
        (Service::GitHub, "", repository, "acme", None),
        (Service::GitHub, "", repository, "acme/..", None),
        (Service::GitHub, "", group, "acme/pay", None),
        (Service::GitLab, "", repository, "a/b%2Fc", None),
        (Service::GitHub, "https://me@ghe.example", group, "acme", None),
        (Service::GitHub, "file:///etc", group, "acme", None),
    ] {
        assert_eq!(place(system, address, scope, path), found, "{address} {path}");
    }
}

#[test]
fn each_server_has_its_api() {
    for (system, server, api) in [
        (Service::GitHub, "https://github.com", "https://api.github.com/"),
        (Service::GitHub, "https://acme.ghe.com", "https://api.acme.ghe.com/"),
        (Service::GitHub, "https://ghe.example", "https://ghe.example/api/v3/"),
        (Service::GitLab, "https://gitlab.com", "https://gitlab.com/api/v4/"),
        (Service::CircleCi, "https://circleci.com", "https://circleci.com/api/v2/"),
        (Service::Jenkins, "https://ci.example/ci", "https://ci.example/ci/"),
    ] {
        assert_eq!(server::api(system, server), api);
    }
}
