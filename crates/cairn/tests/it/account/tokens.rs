use super::{PASSWORD, add, begun, later, settle};
use testkit::{Client, World};

async fn make(owner: &mut Client, scopes: &[&str]) -> String {
    let mut fields = vec![("name", "Nightly report"), ("days", "30")];
    fields.extend(scopes.iter().map(|scope| ("scopes", *scope)));
    let made = owner.post_from("/me", "/me/tokens", &fields).await;
    assert_eq!(made.status, 201, "{}", made.text());
    let text = made.text();
    let at = text.find("cairn_").expect("the token is shown");
    text[at..].split(['<', '"']).next().unwrap().to_owned()
}

async fn status(world: &World, token: &str) -> u16 {
    world.client().bearer(token).get("/api/v1/people").await.status.as_u16()
}

#[tokio::test]
async fn a_token_needs_a_fresh_password_and_the_session_goes_on_under_a_new_secret() {
    for (world, mut owner) in begun().await {
        later(&world, 11);
        assert_eq!(owner.get("/me/tokens/new").await.header("location"), Some("/prove?return_to=/me/tokens/new"));
        let fields = [("name", "x"), ("days", "30"), ("scopes", "*:read")];
        assert_eq!(
            owner.post_from("/me", "/me/tokens", &fields).await.header("location").unwrap(),
            "/prove?return_to=/me/tokens/new"
        );
        let mut before = owner.clone();
        let proven = [("password", PASSWORD), ("return_to", "/me/tokens/new")];
        assert_eq!(owner.post_from("/prove", "/prove", &proven).await.header("location"), Some("/me/tokens/new"));
        assert_eq!(owner.get("/me/tokens/new").await.status, 200);
        assert_eq!(before.get("/me").await.status, 303, "the old secret is still good after the proof");
        make(&mut owner, &["*:read"]).await;
    }
}

#[tokio::test]
async fn a_token_reaches_what_its_scopes_say_and_nothing_after_its_end() {
    for (world, mut owner) in begun().await {
        let reads = make(&mut owner, &["person:read"]).await;
        let other = make(&mut owner, &["team:write"]).await;
        assert_eq!((status(&world, &reads).await, status(&world, &other).await), (200, 403));
        let mut program = world.client().bearer(&reads);
        let add = kernel::json!({ "name": "Ada", "zone": "UTC" });
        assert_eq!(program.json("POST", "/api/v1/people", &add).await.status, 403);
        let more = kernel::json!({ "name": "x", "scopes": ["*:write"], "days": 1 });
        assert_eq!(program.json("POST", "/api/v1/me/tokens", &more).await.status, 403, "a token made a token");

        let list = owner.get("/me/tokens").await.text();
        assert!(list.contains("Nightly report") && !list.contains(&reads) && list.contains("last used"));
        let revocations: Vec<String> = list
            .split("/me/tokens/")
            .filter_map(|part| part.split_once("/revocation"))
            .map(|(id, _)| format!("/me/tokens/{id}/revocation"))
            .collect();
        assert_eq!(revocations.len(), 2);
        for path in &revocations {
            assert_eq!(owner.post_from("/me", path, &[]).await.status, 303);
        }
        assert_eq!((status(&world, &reads).await, status(&world, &other).await), (401, 401));
    }
}

#[tokio::test]
async fn a_token_ends_with_its_days_its_password_and_its_person() {
    for (world, mut owner) in begun().await {
        let ada = add(&world, "Ada Ames", Some("ada@northwind.example")).await;
        let mut browser = settle(&world, &mut owner, ada, &["member"]).await;
        let theirs = make(&mut browser, &["*:read"]).await;
        assert_eq!(status(&world, &theirs).await, 200);
        let change = [("password", PASSWORD), ("new_password", "herons over the estuary")];
        browser.post_from("/me", "/me/password", &change).await;
        assert_eq!(status(&world, &theirs).await, 401, "a token outlived a change of the password");

        let second = make(&mut browser, &["*:read"]).await;
        owner.post_from("/me", &format!("/people/{ada}/account/disabling"), &[]).await;
        assert_eq!(status(&world, &second).await, 401, "a token outlived its account");

        let own = make(&mut owner, &["*:read"]).await;
        later(&world, 30 * 24 * 60 - 1);
        assert_eq!(status(&world, &own).await, 200);
        later(&world, 1);
        assert_eq!(status(&world, &own).await, 401);
    }
}

#[tokio::test]
async fn a_token_that_is_nearly_right_is_nobodys() {
    for (world, mut owner) in begun().await {
        let token = make(&mut owner, &["*:read"]).await;
        let (home, secret) = token.strip_prefix("cairn_").unwrap().split_once('.').unwrap();
        let session = owner.cookies["__Host-session"].clone();
        let elsewhere = kernel::Id::<kernel::Workspace>::new();
        for wrong in [
            secret.to_owned(),
            format!("{home}.{secret}"),
            format!("cairn_{elsewhere}.{secret}"),
            format!("cairn_{home}.{}", &secret[1..]),
            format!("cairn_{home}.{secret}A"),
            format!("cairn_{session}"),
            token.to_uppercase(),
        ] {
            assert_eq!(status(&world, &wrong).await, 401, "{wrong}");
        }
        let mut browser = world.client();
        browser.cookies.insert("__Host-session".into(), format!("{home}.{secret}"));
        assert_eq!(browser.get("/me").await.status, 303, "a token served as a session");
    }
}

#[tokio::test]
async fn a_token_lasts_ninety_days_at_most() {
    for (_, mut owner) in begun().await {
        for days in ["0", "-1", "91", "36500", "9223372036854775807"] {
            let fields = [("name", "x"), ("days", days), ("scopes", "*:read")];
            assert_eq!(owner.post_from("/me", "/me/tokens", &fields).await.status, 422, "{days} days");
        }
        let fields = [("name", "x"), ("days", "1")];
        assert_eq!(owner.post_from("/me", "/me/tokens", &fields).await.status, 422, "a token without scopes");
    }
}

#[tokio::test]
async fn wrong_tokens_are_slowed_down_and_keep_nobody_out() {
    for (world, mut owner) in begun().await {
        let good = make(&mut owner, &["person:read"]).await;
        let wrong = format!("{}x", &good[..good.len() - 1]);
        for text in [&wrong, "cairn_nonsense", &wrong].into_iter().cycle().take(40) {
            assert_eq!(status(&world, text).await, 401);
        }
        let refused = world.client().bearer(&wrong).get("/api/v1/people").await;
        assert_eq!(refused.status, 429);
        assert!(refused.header("retry-after").unwrap().parse::<u32>().unwrap() > 0);
        assert_eq!(status(&world, &good).await, 200, "a neighbour's mistakes are not its own");
        super::sign_in(&world, "ola@northwind.example", PASSWORD).await;
        later(&world, 16);
        assert_eq!(status(&world, &wrong).await, 401);
    }
}

#[tokio::test]
async fn no_token_moves_an_account_to_another_mail_address() {
    for (world, mut owner) in begun().await {
        let ada = add(&world, "Ada Ames", Some("ada@northwind.example")).await;
        settle(&world, &mut owner, ada, &["member"]).await;
        let ben = add(&world, "Ben Lane", Some("ben@northwind.example")).await;
        let mut program = world.client().bearer(&make(&mut owner, &["*:write"]).await);
        let thief = kernel::json!({ "email": "thief@northwind.example" });
        let mut to = async |person| {
            program.json("PATCH", &format!("/api/v1/people/{person}/employment"), &thief).await.status.as_u16()
        };
        assert_eq!(to(ada).await, 403);
        assert_eq!(to(ben).await, 200, "nobody signs in with that address");

        let file = "name,email,employee id\nAda Ames,ada@northwind.example,1\n";
        let import = |csv: &str| kernel::json!({ "csv": csv });
        let mut program = world.client().bearer(&make(&mut owner, &["*:write"]).await);
        assert_eq!(program.json("POST", "/api/v1/people/import", &import(file)).await.status, 200);
        let file = "name,email,employee id,title\nAda Ames,other@northwind.example,1,Engineer\n";
        let answer = program.json("POST", "/api/v1/people/import", &import(file)).await;
        assert!(answer.text().contains("somebody signs in with it"), "{}", answer.text());
        let page = owner.get(&format!("/people/{ada}")).await.text();
        assert!(page.contains("ada@northwind.example") && page.contains("Engineer") && !page.contains("other@"));

        later(&world, 11);
        let path = format!("/people/{ada}/employment");
        let stale = owner.post_from("/me", &path, &[("email", "ames@northwind.example")]).await;
        assert_eq!(stale.header("location"), Some(format!("/prove?return_to=/people/{ada}/edit").as_str()));
    }
}
