use super::{Headers, Secrets, verify::hex};
use crate::source::System;
use hmac::{Hmac, Mac};
use sha2::Sha256;

struct Sent(Vec<(&'static str, String)>);

impl Headers for Sent {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| value.as_str())
    }

    fn token(&self) -> Option<&str> {
        self.get("?token")
    }
}

const BODY: &[u8] = b"{\"zen\":\"Keep it logically awesome.\"}";

fn signature(secret: &str, body: &[u8]) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(body);
    hex(&mac.finalize().into_bytes())
}

fn made(system: System, header: &'static str, value: String, body: &[u8]) -> bool {
    let secrets = Secrets { now: "new".into(), former: Some("old".into()) };
    secrets.made(system, &Sent(vec![(header, value)]), body)
}

/// <https://docs.github.com/en/webhooks/using-webhooks/validating-webhook-deliveries#testing-the-webhook-payload-validation>
#[test]
fn the_example_of_github_is_verified() {
    let secrets = Secrets { now: "It's a Secret to Everybody".into(), former: None };
    let signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    let headers = Sent(vec![("x-hub-signature-256", signature.to_owned())]);
    assert!(secrets.made(System::GitHub, &headers, b"Hello, World!"));
    assert!(!secrets.made(System::GitHub, &headers, b"Hello, World?"));
}

#[test]
fn signatures_are_of_the_raw_bytes_by_either_secret() {
    let signed = [
        (System::GitHub, "x-hub-signature-256", "sha256="),
        (System::CircleCi, "circleci-signature", "v1="),
        (System::PagerDuty, "x-pagerduty-signature", "v1=00,v1="),
    ];
    for (system, header, start) in signed {
        for (secret, good) in [("new", true), ("old", true), ("other", false), ("", false)] {
            let value = format!("{start}{}", signature(secret, BODY));
            assert_eq!(made(system, header, value, BODY), good, "{system:?} {secret}");
        }
        let value = format!("{start}{}", signature("new", BODY));
        for at in 0..value.len() {
            let mut other = value.clone().into_bytes();
            other[at] ^= 1;
            let other = String::from_utf8(other).unwrap();
            let still = system == System::PagerDuty && at < "v1=00".len();
            assert_eq!(made(system, header, other, BODY), still, "{system:?}, byte {at}");
        }
        assert!(!made(system, header, value, b"{}"));
        assert!(!made(system, "x-other", String::new(), BODY));
    }
}

#[test]
fn tokens_are_compared_whole() {
    for (system, header, start) in [
        (System::GitLab, "x-gitlab-token", ""),
        (System::Jenkins, "x-cairn-token", ""),
        (System::Opsgenie, "authorization", "Bearer "),
        (System::Jenkins, "?token", ""),
    ] {
        for (token, good) in [("new", true), ("old", true), ("ne", false), ("newer", false), ("", false)] {
            assert_eq!(made(system, header, format!("{start}{token}"), BODY), good, "{system:?} {token}");
        }
    }
    let none = Secrets { now: "new".into(), former: None };
    assert!(!none.made(System::GitLab, &Sent(vec![("x-gitlab-token", "old".into())]), BODY));
}
