//! The second factor: added, asked for, used once, replaced by codes on paper, and removed by those who may.
use super::{PASSWORD, add, begun, is_in, later, newest_link, settle};
use people::account::factor::totp::{code_at, step_at};
use testkit::{Answer, Client, World};

const OLA: [(&str, &str); 2] = [("email", "ola@northwind.example"), ("password", PASSWORD)];

/// What the app of somebody shows now.
pub(super) fn code(world: &World, key: &str) -> String {
    code_at(key, step_at(world.clock.now())).unwrap()
}

/// Adds an app in a browser that has just signed in. Returns its key and the recovery codes.
pub(super) async fn add_app(world: &World, browser: &mut Client) -> (String, Vec<String>) {
    let begun = browser.post_from("/me", "/me/second-factor", &[]).await;
    assert_eq!(begun.header("location"), Some("/me/second-factor/new"), "{}", begun.text());
    let page = browser.get("/me/second-factor/new").await.text();
    assert!(page.contains("<svg") && page.contains("The key as a QR code"));
    let key = page.split("enter this key: <code>").nth(1).unwrap().split('<').next().unwrap().replace(' ', "");
    let wrong = browser.post_from("/me", "/me/second-factor/confirmation", &[("code", "000000")]).await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.text().contains("<svg"), "the picture stays");
    let confirmed = browser.post_from("/me", "/me/second-factor/confirmation", &[("code", &code(world, &key))]).await;
    assert_eq!(confirmed.status, 201, "{}", confirmed.text());
    let text = confirmed.text();
    let list = text.split("<pre class=\"code\"><code>").nth(1).unwrap().split('<').next().unwrap();
    (key, list.lines().map(str::to_owned).collect())
}

/// A browser that has shown the password.
async fn halfway(world: &World) -> Client {
    let mut browser = world.client();
    let answer = browser.post("/sign-in", &[OLA[0], OLA[1], ("return_to", "/people?q=a")]).await;
    assert_eq!(answer.header("location"), Some("/sign-in/code?return_to=%2Fpeople%3Fq%3Da"), "{}", answer.text());
    assert!(!is_in(&mut browser).await, "the password alone let somebody in");
    browser
}

async fn shows(browser: &mut Client, code: &str) -> Answer {
    browser.post("/sign-in/code", &[("code", code), ("return_to", "/people?q=a")]).await
}

#[tokio::test]
async fn the_password_alone_is_not_enough_and_each_code_works_once() {
    for (world, mut owner) in begun().await {
        let mut other = super::sign_in(&world, OLA[0].1, PASSWORD).await;
        let (key, codes) = add_app(&world, &mut owner).await;
        assert_eq!(codes.len(), 10);
        assert!(is_in(&mut owner).await && !is_in(&mut other).await, "all other sessions end");

        let mut browser = halfway(&world).await;
        assert_eq!(shows(&mut browser, &code(&world, &key)).await.status, 422, "it was used when the app was added");
        later(&world, 1);
        let fresh = code(&world, &key);
        let spaced = format!("{} {}", &fresh[..3], &fresh[3..]);
        let mut second = halfway(&world).await;
        let entered = shows(&mut browser, &spaced).await;
        assert_eq!(entered.header("location"), Some("/people?q=a"), "{}", entered.text());
        assert!(is_in(&mut browser).await);
        assert_eq!(shows(&mut second, &fresh).await.status, 422, "the same code let a second browser in");

        let mut late = halfway(&world).await;
        later(&world, 11);
        assert_eq!(shows(&mut late, &code(&world, &key)).await.header("location"), Some("/sign-in"));
        assert_eq!(world.client().get("/sign-in/code").await.status, 303, "nobody begins here");
    }
}

#[tokio::test]
async fn a_recovery_code_works_once_and_is_told_by_letter() {
    for (world, mut owner) in begun().await {
        let (_, codes) = add_app(&world, &mut owner).await;
        let mut browser = halfway(&world).await;
        assert_eq!(shows(&mut browser, &codes[3].to_uppercase()).await.status, 303);
        assert!(is_in(&mut browser).await);
        world.drain().await;
        assert!(world.outside.letters().iter().any(|letter| letter.text.contains("You have 9 left.")));
        assert_eq!(shows(&mut halfway(&world).await, &codes[3]).await.status, 422);
        let renewed = owner.post_from("/me", "/me/second-factor/recovery-codes", &[]).await;
        assert_eq!(renewed.status, 201);
        assert_eq!(shows(&mut halfway(&world).await, &codes[4]).await.status, 422, "the codes before are void");
    }
}

#[tokio::test]
async fn guessing_is_slowed_down_and_nobody_is_locked_out_for_good() {
    for (world, mut owner) in begun().await {
        let (key, _) = add_app(&world, &mut owner).await;
        later(&world, 1);
        let mut browser = halfway(&world).await;
        for _ in 0..10 {
            assert_eq!(shows(&mut browser, "123456").await.status, 422);
        }
        assert_eq!(shows(&mut browser, &code(&world, &key)).await.status, 429);
        later(&world, 16);
        let mut again = halfway(&world).await;
        assert_eq!(shows(&mut again, &code(&world, &key)).await.status, 303);
    }
}

#[tokio::test]
async fn a_fresh_proof_and_a_new_password_need_the_second_factor_as_well() {
    for (world, mut owner) in begun().await {
        let (key, _) = add_app(&world, &mut owner).await;
        later(&world, 11);
        let remove = [("confirmed", "yes")];
        let asked = owner.post_from("/me", "/me/second-factor/removal", &remove).await;
        assert_eq!(asked.header("location"), Some("/prove?return_to=/me/sign-in"));
        let prove = async |owner: &mut Client, code: &str| {
            owner.post_from("/prove", "/prove", &[("password", PASSWORD), ("code", code), ("return_to", "/me")]).await
        };
        assert!(owner.get("/prove").await.text().contains("name=\"code\""));
        assert_eq!(prove(&mut owner, "").await.status, 422);
        assert_eq!(prove(&mut owner, &code(&world, &key)).await.status, 303);

        let mut stranger = world.client();
        stranger.post("/forgotten", &[OLA[0]]).await;
        let link = newest_link(&world, "/reset/").await;
        let reset = stranger.post(&link, &[("new_password", "another lantern at the pier")]).await;
        assert_eq!(reset.header("location"), Some("/sign-in/code?return_to=%2F"), "{}", reset.text());
        assert!(!is_in(&mut stranger).await, "a link by mail replaced the second factor");
        later(&world, 1);
        assert_eq!(shows(&mut stranger, &code(&world, &key)).await.status, 303);
        assert_eq!(stranger.post_from("/me", "/me/second-factor/removal", &remove).await.status, 303);
        let mut plain = world.client();
        let answer = plain.post("/sign-in", &[OLA[0], ("password", "another lantern at the pier")]).await;
        assert_eq!(answer.header("location"), Some("/"));
    }
}

#[tokio::test]
async fn who_lost_everything_is_helped_by_those_who_look_after_them_and_hears_of_it() {
    for (world, mut owner) in begun().await {
        let ada = add(&world, "Ada Ames", Some("ada@northwind.example")).await;
        let ben = add(&world, "Ben Boll", Some("ben@northwind.example")).await;
        let mut admin = settle(&world, &mut owner, ada, &["member", "admin"]).await;
        let mut member = settle(&world, &mut owner, ben, &["member"]).await;
        add_app(&world, &mut member).await;
        add_app(&world, &mut owner).await;
        let remove = [("confirmed", "yes")];
        let path = |person: &str| format!("/people/{person}/second-factor/removal");
        let ola = world.call(&world.system(), people::person::ListPeople::default()).await.unwrap().people;
        let ola = ola.iter().find(|person| person.name == "Ola Owner").unwrap().id;
        assert_eq!(
            admin.post_from("/me", &path(ola.as_str()), &remove).await.status,
            403,
            "an admin opened an owner's account"
        );
        assert_eq!(member.post_from("/me", &path(ada.as_str()), &remove).await.status, 403);
        assert_eq!(admin.post_from("/me", &path(ben.as_str()), &remove).await.status, 303);
        assert!(!is_in(&mut member).await, "all access ends");
        super::sign_in(&world, "ben@northwind.example", PASSWORD).await;
        world.drain().await;
        let told =
            |letter: &kernel::Letter| letter.to == "ben@northwind.example" && letter.subject.contains("was removed");
        assert!(world.outside.letters().iter().any(told));
    }
}
