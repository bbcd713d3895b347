//! Programs that commit, by the names that they go by.

const NAMES: &[&str] = &[
    "dependabot",
    "renovate",
    "github-actions",
    "greenkeeper",
    "snyk-bot",
    "pre-commit-ci",
    "semantic-release-bot",
    "mergify",
    "codecov",
    "allcontributors",
    "imgbot",
    "web-flow",
    "gitlab-bot",
    "bors",
    "depfu",
    "pyup-bot",
    "weblate",
    "transifex",
    "release-please",
    "jenkins",
    "circleci",
    "travis-ci",
    "buildkite",
];

/// Whether a name or an address is that of a program.
pub fn is_bot(name: &str, mail: &str) -> bool {
    let (name, mail) = (name.trim().to_lowercase(), mail.trim().to_lowercase());
    let login = super::rules::login(&mail).unwrap_or_default();
    let known = |text: &str| {
        NAMES.iter().any(|bot| text.strip_prefix(bot).is_some_and(|rest| !rest.starts_with(char::is_alphabetic)))
    };
    let says_so = |text: &str| text.ends_with("[bot]") || text.ends_with("-bot") || text.ends_with(" bot");
    let local = mail.split('@').next().unwrap_or_default();
    says_so(&name) || says_so(&login) || says_so(local) || known(&name) || known(&login)
}

#[cfg(test)]
mod tests {
    use super::is_bot;

    #[test]
    fn programs_are_told_from_people() {
        for (name, mail) in [
            ("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com"),
            ("Renovate Bot", "bot@renovateapp.com"),
            ("github-actions", "actions@github.com"),
            ("GitHub Actions", "41898282+github-actions[bot]@users.noreply.github.com"),
            ("release-bot", "release@northwind.example"),
        ] {
            assert!(is_bot(name, mail), "{name} <{mail}>");
        }
        for (name, mail) in [
            ("Abbot Costello", "abbot@northwind.example"),
            ("Mergifya", "m@x"),
            ("Mara Lindqvist", "mara@northwind.example"),
            ("", ""),
        ] {
            assert!(!is_bot(name, mail), "{name} <{mail}>");
        }
    }
}
