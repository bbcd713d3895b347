use super::{Remote, Source};
use crate::Error;

fn remote(text: &str) -> Remote {
    match Source::parse(text).unwrap() {
        Source::Remote(remote) => remote,
        Source::Folder(path) => panic!("{text} was read as the path {path:?}"),
    }
}

#[test]
fn what_lets_one_in_is_kept_apart_from_the_address_and_never_shown() {
    let given = "https://mara:s3cret%40x@git.example:8443/team/app.git?access_token=s3cret#s3cret";
    let remote = remote(given);
    assert_eq!(remote.address(), "https://git.example:8443/team/app.git");
    assert_eq!(remote.to_ask(), remote.address());
    assert!(!format!("{remote:?} {:?}", Source::parse(given)).contains("s3cret"));
    let (key, header) = remote.header().unwrap();
    assert_eq!(key, "http.https://git.example:8443/.extraHeader");
    assert_eq!(header, "Authorization: Basic bWFyYTpzM2NyZXRAeA==");
}

#[test]
fn the_short_form_is_ssh() {
    let remote = remote("git@git.example:team/app.git");
    assert_eq!(
        (remote.address(), remote.to_ask().as_str()),
        ("ssh://git.example/team/app.git", "ssh://git@git.example/team/app.git")
    );
    assert!(remote.header().is_none());
    assert_eq!(Source::Remote(remote).name(), "app");
}

#[test]
fn what_could_start_a_program_or_be_listened_to_is_refused() {
    for text in [
        "ext::sh -c touch% /tmp/pwned",
        "ext::ssh://host/path",
        "fd::17",
        "http://git.example/app.git",
        "git://git.example/app.git",
        "file:///etc",
        "ftp://git.example/app.git",
        "ssh://-oProxyCommand=touch/app.git",
        "-oProxyCommand=touch:app.git",
        "ssh://-oProxyCommand=touch@host/app.git",
        "https:///app.git",
        "",
    ] {
        assert!(matches!(Source::parse(text), Err(Error::Refused(_))), "{text}: {:?}", Source::parse(text));
    }
    assert!(matches!(Source::parse("no/such/folder"), Err(Error::NotARepository(_))));
}
