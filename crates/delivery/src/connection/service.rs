use crate::{pull::Host, source::System};
use base64::{Engine, prelude::BASE64_STANDARD};
use kernel::words;

words! {
    /// The systems that are asked.
    pub enum Service {
        GitHub = "github",
        GitLab = "gitlab",
        CircleCi = "circleci",
        Jenkins = "jenkins",
    }
}

impl Service {
    pub fn title(self) -> &'static str {
        self.system().title()
    }

    pub fn system(self) -> System {
        match self {
            Service::GitHub => System::GitHub,
            Service::GitLab => System::GitLab,
            Service::CircleCi => System::CircleCi,
            Service::Jenkins => System::Jenkins,
        }
    }

    /// The code host that it is; the others only build.
    pub fn host(self) -> Option<Host> {
        self.system().host()
    }

    /// Where it is, unless it is at a server of one's own.
    pub(super) fn home(self) -> Option<&'static str> {
        match self {
            Service::GitHub => Some("https://github.com"),
            Service::GitLab => Some("https://gitlab.com"),
            Service::CircleCi => Some("https://circleci.com"),
            Service::Jenkins => None,
        }
    }

    /// What a request needs besides its address; `login` is the user whose token it is.
    pub(super) fn headers(self, login: &str, token: &str) -> Vec<(&'static str, String)> {
        let json = ("accept", "application/json".to_owned());
        match self {
            Service::GitHub => vec![
                ("accept", "application/vnd.github+json".to_owned()),
                ("x-github-api-version", "2022-11-28".to_owned()),
                ("authorization", format!("Bearer {token}")),
            ],
            Service::GitLab => vec![("private-token", token.to_owned())],
            Service::CircleCi => vec![json, ("circle-token", token.to_owned())],
            Service::Jenkins => {
                let both = BASE64_STANDARD.encode(format!("{login}:{token}"));
                vec![json, ("authorization", format!("Basic {both}"))]
            }
        }
    }
}
