use super::*;
use std::collections::BTreeMap;

fn asked(step: Step) -> Asked {
    Asked {
        system: Service::GitHub,
        server: "https://github.com".into(),
        login: String::new(),
        app: None,
        path: "a/b".into(),
        address: "repos/a/b/pulls?per_page=100".into(),
        step,
        etag: None,
        token: Some("marigold".into()),
        now: jiff::Timestamp::from_second(1_773_700_000).unwrap().into(),
    }
}

fn fetched(status: u16, headers: &[(&str, &str)], body: &str) -> Fetched {
    let headers: BTreeMap<String, String> =
        headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    Fetched { status, headers, body: body.as_bytes().to_vec() }
}

#[test]
fn the_next_page_is_the_same_path_whatever_the_link_says() {
    let address = "repos/a/b/pulls?per_page=100";
    for (link, found) in [
        (
            "<https://api.github.com/repositories/5/pulls?page=2>; rel=\"next\", <https://x/?page=9>; rel=\"last\"",
            Some("repos/a/b/pulls?page=2"),
        ),
        ("<https://evil.example/other?page=2>; rel=\"next\"", Some("repos/a/b/pulls?page=2")),
        ("<https://api.github.com/x?page=1>; rel=\"prev\"", None),
        ("<https://api.github.com/x?per_page=100>; rel=\"next\"", None),
        ("<>; rel=\"next\"", None),
        ("rel=\"next\"", None),
    ] {
        assert_eq!(next(link, address).as_deref(), found, "{link}");
    }
}

#[test]
fn a_last_page_that_is_full_is_asked_for_again() {
    let full = serde_json::to_string(&vec![serde_json::json!({ "id": 1 }); PAGE]).unwrap();
    for (body, kept) in [(full.as_str(), None), ("[]", Some("\"e\"".to_owned()))] {
        let Outcome::Told { etag, .. } = asked(Step::Parts).outcome(Ok(fetched(200, &[("etag", "\"e\"")], body)))
        else {
            panic!("it tells something")
        };
        assert_eq!(etag, kept);
    }
}

#[test]
fn servers_say_in_several_ways_that_one_has_to_wait() {
    let reset = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1773748800")];
    let until = Some(jiff::Timestamp::from_second(1_773_748_800).unwrap().into());
    for (status, headers, body, pause) in [
        (403, &[("retry-after", "90")][..], "", Outcome::Pause { until: None, seconds: 90 }),
        (429, &[], "", Outcome::Pause { until: None, seconds: 60 }),
        (403, &reset, "", Outcome::Pause { until, seconds: 60 }),
        (429, &[("retry-after", "9223372036854775807")], "", Outcome::Pause { until: None, seconds: 7_200 }),
        (429, &[("retry-after", "-5")], "", Outcome::Pause { until: None, seconds: 1 }),
        (
            403,
            &[],
            "{\"message\":\"You have exceeded a secondary rate limit\"}",
            Outcome::Pause { until: None, seconds: 60 },
        ),
        (
            429,
            &[("ratelimit-remaining", "0"), ("ratelimit-reset", "1773748800")],
            "",
            Outcome::Pause { until, seconds: 60 },
        ),
    ] {
        assert_eq!(asked(Step::Project).outcome(Ok(fetched(status, headers, body))), pause, "{status} {headers:?}");
    }
}

#[test]
fn what_a_server_says_of_a_refusal_is_told_without_the_token() {
    let long = format!("{{\"message\":\"marigold {}\"}}", "x".repeat(400));
    let Outcome::Leave(sentence) = asked(Step::Parts).outcome(Ok(fetched(422, &[], &long))) else {
        panic!("it is left")
    };
    assert!(sentence.starts_with("The server refused (422: … x") && sentence.len() < 260, "{sentence}");
}

#[test]
fn numbers_that_cannot_be_are_not_believed() {
    for (left, of, found) in
        [("12", "5000", Some((12, Some(5000)))), ("-1", "5000", None), ("7", "9223372036854775807", Some((7, None)))]
    {
        let answer = fetched(200, &[("x-ratelimit-remaining", left), ("x-ratelimit-limit", of)], "[]");
        assert_eq!(quota(&answer).map(|quota| (quota.left, quota.of)), found, "{left} of {of}");
    }
}
