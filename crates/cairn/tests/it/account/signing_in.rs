use super::{PASSWORD, add, begun, first_run, is_in, later, settle, sign_in};
use std::{fs, time::Duration};
use testkit::empty_worlds;

#[tokio::test]
async fn the_first_person_needs_the_code_and_there_is_only_one() {
    for world in empty_worlds().await {
        let mut owner = world.client();
        assert_eq!(owner.get("/sign-in").await.header("location"), Some("/first-run"));
        for wrong in ["", "cod", "code2", "Code"] {
            let refused = owner.post("/first-run", &first_run(wrong)).await;
            assert_eq!(refused.status, 422, "{wrong:?}");
            assert!(refused.text().contains("Northwind") && !refused.text().contains(PASSWORD));
        }
        let begun = owner.post("/first-run", &first_run("code")).await;
        assert_eq!(begun.status, 303);
        assert!(is_in(&mut owner).await);
        let mut second = world.client();
        assert_eq!(second.get("/first-run").await.header("location"), Some("/sign-in"));
        assert_eq!(second.post("/first-run", &first_run("code")).await.status, 422);
        assert!(!is_in(&mut second).await);
    }
}

#[tokio::test]
async fn cookies_are_for_this_server_only_and_their_secrets_are_not_stored() {
    for (world, _) in begun().await {
        let mut browser = world.client();
        let answer = browser.post("/sign-in", &[("email", "ola@northwind.example"), ("password", PASSWORD)]).await;
        let cookies: Vec<&str> =
            answer.headers.iter().filter(|(name, _)| name == "set-cookie").map(|(_, line)| line.as_str()).collect();
        for name in ["session", "device"] {
            let line = cookies.iter().find(|line| line.starts_with(&format!("__Host-{name}="))).unwrap();
            for part in ["; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax", "; Max-Age="] {
                assert!(line.contains(part), "{line} lacks {part}");
            }
            assert!(!line.contains("Domain"));
        }
        if world.url.starts_with("postgres") {
            continue;
        }
        for name in ["__Host-session", "__Host-device"] {
            let secret = browser.cookies[name].split_once('.').unwrap().1.to_owned();
            for ending in ["", "-wal"] {
                let bytes = fs::read(format!("{}{ending}", world.url)).unwrap_or_default();
                assert!(!bytes.windows(secret.len()).any(|part| part == secret.as_bytes()), "{name} is stored");
            }
        }
    }
}

#[tokio::test]
async fn signing_in_leads_on_and_signing_out_ends_it() {
    for (world, _) in begun().await {
        let mut browser = world.client();
        let asked = browser.get("/me/tokens?x=1").await;
        assert_eq!(asked.status, 303);
        let form = browser.get(asked.header("location").unwrap()).await;
        assert_eq!(form.field("return_to"), "/me/tokens?x=1");
        let fields = |to| [("email", " Ola@Northwind.example "), ("password", PASSWORD), ("return_to", to)];
        let answer = browser.post("/sign-in", &fields("/me/tokens?x=1")).await;
        assert_eq!(answer.header("location"), Some("/me/tokens?x=1"));
        assert_eq!(world.client().post("/sign-in", &fields("//evil.example")).await.header("location"), Some("/"));

        let mut stolen = browser.clone();
        let out = browser.post_from("/me", "/sign-out", &[]).await;
        assert_eq!(out.header("clear-site-data"), Some("\"cache\""));
        assert!(!browser.cookies.contains_key("__Host-session"));
        assert!(!is_in(&mut stolen).await, "the session outlived the sign-out");
    }
}

#[tokio::test]
async fn nothing_tells_an_unknown_address_from_a_wrong_password() {
    for (world, mut owner) in begun().await {
        let ada = add(&world, "Ada Ames", Some("ada@northwind.example")).await;
        add(&world, "Nobody Yet", Some("nobody@northwind.example")).await;
        let off = add(&world, "Off Lane", Some("off@northwind.example")).await;
        settle(&world, &mut owner, ada, &["member"]).await;
        settle(&world, &mut owner, off, &["member"]).await;
        owner.post_from("/me", &format!("/people/{off}/account/disabling"), &[]).await;
        let mut answers = Vec::new();
        for (email, password) in [
            ("ada@northwind.example", "not the right password"),
            ("nobody@northwind.example", PASSWORD),
            ("off@northwind.example", PASSWORD),
            ("else@northwind.example", PASSWORD),
        ] {
            let answer = world.client().post("/sign-in", &[("email", email), ("password", password)]).await;
            assert_eq!(answer.status, 422);
            answers.push(answer.text().replace(email, "ADDRESS"));
        }
        assert!(answers.windows(2).all(|two| two[0] == two[1]));
    }
}

#[tokio::test]
async fn guessing_is_slowed_down_and_the_known_browser_still_gets_in() {
    for (world, owner) in begun().await {
        let mut guesser = world.client();
        for n in 0..10 {
            let guess = guesser.post("/sign-in", &[("email", "ola@northwind.example"), ("password", "a guess")]).await;
            assert_eq!(guess.status, 422, "attempt {n}");
        }
        let right = [("email", "ola@northwind.example"), ("password", PASSWORD)];
        let refused = guesser.post("/sign-in", &right).await;
        assert_eq!(refused.status, 429);
        assert!(refused.header("retry-after").unwrap().parse::<u32>().unwrap() > 0);
        let mut known = owner.clone();
        known.cookies.remove("__Host-session");
        assert_eq!(known.post("/sign-in", &right).await.status, 303, "strangers locked the owner out");
        later(&world, 16);
        assert_eq!(guesser.post("/sign-in", &right).await.status, 303);
    }
}

#[tokio::test]
async fn an_office_that_signs_in_at_nine_is_not_taken_for_an_attack() {
    for (world, _) in begun().await {
        for n in 0..38 {
            let email = format!("colleague{n}@northwind.example");
            assert_eq!(world.client().post("/forgotten", &[("email", &email)]).await.status, 202);
        }
        for _ in 0..4 {
            sign_in(&world, "ola@northwind.example", PASSWORD).await;
        }
    }
}

#[tokio::test]
async fn sessions_end_when_unused_and_after_a_week_at_the_latest() {
    for (world, mut owner) in begun().await {
        later(&world, 12 * 60 - 1);
        assert!(is_in(&mut owner).await);
        noted().await;
        later(&world, 12 * 60 + 1);
        assert!(!is_in(&mut owner).await, "an unused session was still good");
        let mut again = sign_in(&world, "ola@northwind.example", PASSWORD).await;
        for _ in 0..15 {
            later(&world, 11 * 60);
            is_in(&mut again).await;
            noted().await;
        }
        assert!(is_in(&mut again).await);
        later(&world, 4 * 60);
        assert!(!is_in(&mut again).await, "the session outlived its week");
    }
}

/// The last use of a session is noted beside the answer.
async fn noted() {
    tokio::time::sleep(Duration::from_millis(400)).await;
}

#[tokio::test]
async fn a_person_ends_their_other_sessions_and_nobody_elses() {
    for (world, mut owner) in begun().await {
        let ada = add(&world, "Ada Ames", Some("ada@northwind.example")).await;
        let mut first = settle(&world, &mut owner, ada, &["member"]).await;
        let mut second = sign_in(&world, "ada@northwind.example", PASSWORD).await;
        let page = owner.get("/me/sign-in").await.text();
        assert!(page.contains("This one"));
        let theirs = first.get("/me/sign-in").await.text();
        let session = theirs.split("/me/sessions/").find_map(|part| part.split_once("/end\"")).unwrap().0.to_owned();
        let foreign = owner.post_from("/me", &format!("/me/sessions/{session}/end"), &[]).await;
        assert_eq!(foreign.status, 404);
        assert!(is_in(&mut second).await);
        assert_eq!(first.post_from("/me", "/me/sessions/others/end", &[]).await.status, 303);
        assert!(is_in(&mut first).await && !is_in(&mut second).await);
    }
}

#[tokio::test]
async fn whoever_is_disabled_is_out_at_once_and_comes_back_with_a_password() {
    for (world, mut owner) in begun().await {
        let ada = add(&world, "Ada Ames", Some("ada@northwind.example")).await;
        let mut browser = settle(&world, &mut owner, ada, &["member"]).await;
        owner.post_from("/me", &format!("/people/{ada}/account/disabling"), &[]).await;
        assert!(!is_in(&mut browser).await);
        owner.post_from("/me", &format!("/people/{ada}/account/enabling"), &[]).await;
        assert!(!is_in(&mut browser).await, "a session of before came back");
        assert!(is_in(&mut sign_in(&world, "ada@northwind.example", PASSWORD).await).await);
    }
}

#[tokio::test]
async fn a_sign_in_from_a_new_browser_is_told_by_letter_in_the_time_of_its_owner() {
    for (world, owner) in begun().await {
        world.drain().await;
        assert!(world.outside.letters().is_empty(), "the first time of all is no news");
        let mut known = owner.clone();
        known.cookies.remove("__Host-session");
        let right = [("email", "ola@northwind.example"), ("password", PASSWORD)];
        assert_eq!(known.post("/sign-in", &right).await.status, 303);
        world.drain().await;
        assert!(world.outside.letters().is_empty(), "this browser is known");
        sign_in(&world, "ola@northwind.example", PASSWORD).await;
        world.drain().await;
        let letters = world.outside.letters();
        assert_eq!((letters.len(), letters[0].to.as_str()), (1, "ola@northwind.example"));
        assert!(
            letters[0].text.contains("An unknown browser, on Tuesday 17 March 2026 at 12:00 (WET)"),
            "{}",
            letters[0].text
        );
        assert!(letters[0].text.contains("http://cairn.test/me/sign-in"));
    }
}
