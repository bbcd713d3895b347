//! A workspace that demands a second factor of its roles: they do not count without one, and signing in leads to it.
use super::second_factor::{add_app, code};
use super::{PASSWORD, add, begun, settle};
use people::account::factor::sealed::CheckFactors;
use testkit::Client;

async fn demand(owner: &mut Client, roles: &[&str]) -> testkit::Answer {
    let fields: Vec<(&str, &str)> = roles.iter().map(|role| ("roles", *role)).collect();
    owner.post_from("/me", "/admin/second-factor", &fields).await
}

#[tokio::test]
async fn a_role_does_not_count_until_its_holder_has_a_second_factor() {
    for (world, mut owner) in begun().await {
        let ada = add(&world, "Ada Ames", Some("ada@northwind.example")).await;
        let mut admin = settle(&world, &mut owner, ada, &["member", "admin"]).await;
        let made = admin.post_from("/me", "/me/tokens", &[("name", "x"), ("days", "9"), ("scopes", "*:read")]).await;
        let text = made.text();
        let token = text[text.find("cairn_").unwrap()..].split(['<', '"']).next().unwrap().to_owned();
        let mut program = world.client().bearer(&token);
        assert_eq!(program.get("/api/v1/admin/jobs").await.status, 200);

        assert_eq!(demand(&mut owner, &["owner"]).await.status, 422, "the owner would have shut themselves out");
        assert_eq!(demand(&mut owner, &["admin"]).await.status, 303);
        assert!(owner.get("/admin").await.text().contains("1 still without"));
        assert_eq!(admin.get("/admin").await.status, 403, "at once, in a session that goes on");
        assert_eq!(program.get("/api/v1/admin/jobs").await.status, 403);
        assert_eq!(admin.get("/people").await.status, 200, "a member is a member");

        let mut browser = world.client();
        let fields = [("email", "ada@northwind.example"), ("password", PASSWORD), ("return_to", "/people")];
        let entered = browser.post("/sign-in", &fields).await;
        assert_eq!(entered.header("location"), Some("/me/sign-in"), "{}", entered.text());
        assert!(browser.get("/me/sign-in").await.text().contains("do not count until you have one"));
        let (key, _) = add_app(&world, &mut browser).await;
        let page = browser.get("/admin").await;
        assert!(page.status == 200 && !page.text().contains("until you have one"), "the role counts from now on");
        assert_eq!(code(&world, &key).len(), 6);
    }
}

#[tokio::test]
async fn everyone_may_be_asked_and_gets_in_far_enough_to_add_it() {
    for (world, mut owner) in begun().await {
        add_app(&world, &mut owner).await;
        assert_eq!(demand(&mut owner, &["owner", "member", "guest"]).await.status, 303);
        let ada = add(&world, "Ada Ames", Some("ada@northwind.example")).await;
        let mut browser = settle(&world, &mut owner, ada, &["member"]).await;
        let page = browser.get("/people").await.text();
        assert!(!page.contains("Ola Owner"), "without a role one sees oneself");
        add_app(&world, &mut browser).await;
        assert!(browser.get("/people").await.text().contains("Ola Owner"));
    }
}

#[tokio::test]
async fn the_key_of_an_app_is_in_no_database_and_no_backup() {
    for (world, mut owner) in begun().await {
        let (key, _) = add_app(&world, &mut owner).await;
        let path = std::path::PathBuf::from(testkit::sqlite_file()).with_extension("backup");
        let file = std::fs::File::create(&path).unwrap();
        db::dump(&world.opened.db, Box::new(file)).await.unwrap();
        let dump = std::fs::read_to_string(&path).unwrap();
        assert!(dump.contains("\"factors\"") && !dump.contains(&key));

        let other = world.opened.app.clone().with_vault(kernel::Vault::new([8; 32]));
        let checked = |app: kernel::App, forget| async move {
            let checked = app.call(&world_system(), CheckFactors { forget }).await.unwrap();
            (checked.all, checked.unreadable)
        };
        assert_eq!(checked(world.opened.app.clone(), true).await, (1, 0));
        assert_eq!(checked(other.clone(), true).await, (1, 1));
        assert_eq!(checked(other, false).await, (0, 0), "their people add an app anew");
    }
}

fn world_system() -> kernel::Actor {
    kernel::Actor::system(kernel::Id::from_u128(0))
}
