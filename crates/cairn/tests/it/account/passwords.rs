use super::{PASSWORD, add, begun, is_in, later, newest_link, settle, sign_in};
use kernel::{Change, Id, Person, json, parse};
use people::{account::session::ResolvePerson, person::EditEmployment};

const NEW: &str = "herons over the estuary";

#[tokio::test]
async fn a_new_password_ends_all_other_sessions_and_keeps_this_browser() {
    for (world, mut owner) in begun().await {
        let mut other = sign_in(&world, "ola@northwind.example", PASSWORD).await;
        let change = |current, new| [("password", current), ("new_password", new)];
        let wrong = owner.post_from("/me", "/me/password", &change("not my password", NEW)).await;
        assert!(wrong.status == 422 && wrong.text().contains("This is not your password."));
        let common = owner.post_from("/me", "/me/password", &change(PASSWORD, "password1234")).await;
        assert_eq!(common.status, 422);
        assert!(is_in(&mut other).await, "a refused change ended a session");

        let mut before = owner.clone();
        let changed = owner.post_from("/me", "/me/password", &change(PASSWORD, NEW)).await;
        assert_eq!(changed.status, 303);
        assert!(is_in(&mut owner).await && !is_in(&mut other).await);
        assert!(!is_in(&mut before).await, "the secret of the session did not change");
        world.drain().await;
        let letter = world.outside.letters().pop().unwrap();
        assert_eq!((letter.to.as_str(), letter.text.contains(NEW)), ("ola@northwind.example", false));
        let old = world.client().post("/sign-in", &[("email", "ola@northwind.example"), ("password", PASSWORD)]).await;
        assert_eq!(old.status, 422);
    }
}

#[tokio::test]
async fn the_own_password_cannot_be_guessed_from_a_stolen_session() {
    for (_, mut owner) in begun().await {
        for path in ["/prove", "/me/password"] {
            for _ in 0..5 {
                let guess = owner.post_from("/me", path, &[("password", "a guess"), ("new_password", NEW)]).await;
                assert_eq!(guess.status, 422);
            }
        }
        let right = owner.post_from("/me", "/prove", &[("password", PASSWORD)]).await;
        assert_eq!(right.status, 429);
    }
}

#[tokio::test]
async fn asking_for_a_new_password_tells_nothing_and_writes_to_the_stored_address_only() {
    for (world, _) in begun().await {
        add(&world, "Nobody Yet", Some("nobody@northwind.example")).await;
        let mut answers = Vec::new();
        for email in ["OLA@northwind.example", "nobody@northwind.example", "else@northwind.example"] {
            let before = world.opened.app.queries();
            let answer = world.client().post("/forgotten", &[("email", email)]).await;
            answers.push((answer.status, answer.text(), world.opened.app.queries() - before));
        }
        assert!(answers.windows(2).all(|two| two[0] == two[1]), "an answer or its cost differs");
        world.drain().await;
        let letters = world.outside.letters();
        assert_eq!(letters.iter().map(|letter| letter.to.as_str()).collect::<Vec<_>>(), ["ola@northwind.example"]);
    }
}

#[tokio::test]
async fn a_link_to_a_new_password_works_once_and_for_an_hour() {
    for (world, mut owner) in begun().await {
        let ask = async || {
            world.client().post("/forgotten", &[("email", "ola@northwind.example")]).await;
            newest_link(&world, "/reset/").await
        };
        let late = ask().await;
        later(&world, 60);
        assert_eq!(world.client().get(&late).await.status, 404);

        let first = ask().await;
        let link = ask().await;
        assert_eq!(world.client().get(&first).await.status, 404, "a newer link left the earlier one open");
        let invitation = link.replace("/reset/", "/invitations/");
        assert_eq!(world.client().get(&invitation).await.status, 404, "a reset served as an invitation");

        let mut browser = world.client();
        assert_eq!(browser.post(&link, &[("new_password", NEW)]).await.status, 303);
        assert!(is_in(&mut browser).await && !is_in(&mut owner).await);
        assert_eq!(world.client().post(&link, &[("new_password", PASSWORD)]).await.status, 404);
        sign_in(&world, "ola@northwind.example", NEW).await;
    }
}

#[tokio::test]
async fn letters_to_one_mailbox_are_limited() {
    for (world, _) in begun().await {
        for email in ["ola@northwind.example", "else@northwind.example"] {
            for _ in 0..3 {
                assert_eq!(world.client().post("/forgotten", &[("email", email)]).await.status, 202);
            }
            assert_eq!(world.client().post("/forgotten", &[("email", email)]).await.status, 429);
        }
    }
}

#[tokio::test]
async fn someone_who_looks_after_accounts_starts_a_reset_and_never_sees_it() {
    for (world, mut owner) in begun().await {
        let pia = add(&world, "Pia Partner", Some("pia@northwind.example")).await;
        let mut partner = settle(&world, &mut owner, pia, &["member", "people_partner"]).await;
        let ada = add(&world, "Ada Ames", Some("ada@northwind.example")).await;
        let mut browser = settle(&world, &mut owner, ada, &["member"]).await;
        let ola = own_id(&owner.get("/me").await.text());

        let sent = partner.post_from("/me", &format!("/people/{ada}/reset"), &[("email", "evil@evil.example")]).await;
        assert_eq!(sent.status, 303);
        let link = newest_link(&world, "/reset/").await;
        assert_eq!(world.outside.letters().last().unwrap().to, "ada@northwind.example");
        assert!(is_in(&mut browser).await, "asking alone ends nothing");
        assert_eq!(world.client().get(&link).await.status, 200);
        let above = partner.post_from("/me", &format!("/people/{ola}/reset"), &[]).await;
        assert_eq!(above.status, 403, "a people partner reset an owner");
        assert_eq!(browser.post_from("/me", &format!("/people/{pia}/reset"), &[]).await.status, 403);
    }
}

#[tokio::test]
async fn nobody_takes_over_an_account_by_giving_it_their_own_address() {
    for (world, mut owner) in begun().await {
        let pia = add(&world, "Pia Partner", Some("pia@northwind.example")).await;
        settle(&world, &mut owner, pia, &["member", "people_partner"]).await;
        let ola: Id<Person> = own_id(&owner.get("/me").await.text()).parse().unwrap();
        let partner = world.call(&world.system(), ResolvePerson { person: pia }).await.unwrap();
        let partner = partner.actor(world.workspace()).unwrap();
        let mut edit: EditEmployment = parse(json!({ "person": ola })).unwrap();
        edit.email = Change::Set("mine@evil.example".parse().unwrap());
        assert!(world.call(&partner, edit).await.is_err());
        assert!(is_in(&mut owner).await);
    }
}

/// The id of the person whose settings these are.
fn own_id(page: &str) -> String {
    let at = page.find("href=\"/people/").unwrap();
    let all: Vec<&str> = page[at..].split("href=\"/people/").collect();
    let ids = all.iter().filter_map(|part| part.split_once('"')).map(|(id, _)| id);
    ids.filter(|id| id.len() == 26).map(str::to_owned).next().unwrap()
}
