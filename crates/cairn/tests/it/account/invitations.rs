use super::{PASSWORD, acceptance, add, begun, invite, is_in, later, link_in, newest_link, settle};
use kernel::{Change, Error, json, parse};
use people::{account::invitation::SendInvitation, person::EditEmployment};

#[tokio::test]
async fn an_invitation_lets_its_person_in_once() {
    for (world, mut owner) in begun().await {
        let ada = add(&world, "Ada Ames", Some("ada@northwind.example")).await;
        let link = invite(&world, &mut owner, ada, &["member"]).await;
        let mut browser = world.client();
        let page = browser.get(&link).await;
        assert!(page.text().contains("Welcome, Ada Ames") && page.text().contains("value=\"Europe/Berlin\""));
        let short = browser.post(&link, &[("new_password", "short"), ("zone", "UTC"), ("hours", "")]).await;
        assert_eq!(short.status, 422);
        assert_eq!(browser.post(&link, &acceptance()).await.status, 303);
        assert!(is_in(&mut browser).await);
        let mut other = world.client();
        assert_eq!(other.get(&link).await.status, 404);
        assert_eq!(other.post(&link, &acceptance()).await.status, 404);
        assert!(!is_in(&mut other).await);
    }
}

#[tokio::test]
async fn an_invitation_ends_with_its_week_its_successor_and_its_address() {
    for (world, mut owner) in begun().await {
        let ada = add(&world, "Ada Ames", Some("ada@northwind.example")).await;
        let works = async |link: &str| world.client().get(link).await.status == 200;

        let first = invite(&world, &mut owner, ada, &["member"]).await;
        let second = invite(&world, &mut owner, ada, &["member"]).await;
        assert!(!works(&first).await && works(&second).await, "sending again leaves the earlier link open");

        let reset = second.replace("/invitations/", "/reset/");
        assert!(!works(&reset).await, "an invitation served as a link to a new password");

        let mut edit: EditEmployment = parse(json!({ "person": ada })).unwrap();
        edit.email = Change::Set("ames@northwind.example".parse().unwrap());
        world.call(&world.system(), edit).await.unwrap();
        assert!(!works(&second).await, "the letter went to an address that is not theirs any more");

        let third = invite(&world, &mut owner, ada, &["member"]).await;
        later(&world, 7 * 24 * 60);
        assert!(!works(&third).await);
    }
}

#[tokio::test]
async fn links_stay_dead_when_their_person_comes_back() {
    for (world, mut owner) in begun().await {
        let ada = add(&world, "Ada Ames", Some("ada@northwind.example")).await;
        let invitation = invite(&world, &mut owner, ada, &["member"]).await;
        let bea = add(&world, "Bea Berg", Some("bea@northwind.example")).await;
        settle(&world, &mut owner, bea, &["member"]).await;
        owner.post_from("/me", &format!("/people/{bea}/reset"), &[]).await;
        let reset = newest_link(&world, "/reset/").await;
        for (person, link) in [(ada, invitation), (bea, reset)] {
            assert_eq!(world.client().get(&link).await.status, 200);
            for operation in ["person.deactivate", "person.reactivate"] {
                world.ask(&world.system(), operation, json!({ "person": person })).await.unwrap();
            }
            assert_eq!(world.client().get(&link).await.status, 404, "{link} works again");
        }
    }
}

#[tokio::test]
async fn an_invitation_is_taken_back_on_the_card_and_when_its_sender_is_disabled() {
    for (world, mut owner) in begun().await {
        let admin = add(&world, "Arno Admin", Some("arno@northwind.example")).await;
        let mut arno = settle(&world, &mut owner, admin, &["member", "admin"]).await;
        let ada = add(&world, "Ada Ames", Some("ada@northwind.example")).await;
        let first = invite(&world, &mut arno, ada, &["member"]).await;
        let waiting = owner.get("/me").await;
        assert_eq!(waiting.status, 200);
        owner.post_from("/me", &format!("/people/{admin}/account/disabling"), &[]).await;
        assert_eq!(world.client().get(&first).await.status, 404, "someone who is out lets others in");
    }
}

#[tokio::test]
async fn without_a_mail_address_the_link_is_shown_once_and_the_address_is_asked_for() {
    for (world, mut owner) in begun().await {
        let ada = add(&world, "Ada Ames", None).await;
        let sent = owner.post_from("/me", &format!("/people/{ada}/invitations"), &[("roles", "guest")]).await;
        assert_eq!(sent.status, 201);
        let link = link_in(&sent.text(), "/invitations/").unwrap();
        let mut browser = world.client();
        let without = browser.post(&link, &acceptance()).await;
        assert_eq!(without.status, 422);
        let taken = [("email", "ola@northwind.example")].into_iter().chain(acceptance()).collect::<Vec<_>>();
        assert_eq!(browser.post(&link, &taken).await.status, 422, "the address of someone else was accepted");
        let own = [("email", "ada@northwind.example")].into_iter().chain(acceptance()).collect::<Vec<_>>();
        assert_eq!(browser.post(&link, &own).await.status, 303);
        let again =
            world.client().post("/sign-in", &[("email", "ada@northwind.example"), ("password", PASSWORD)]).await;
        assert_eq!(again.status, 303);
    }
}

#[tokio::test]
async fn nobody_gives_more_than_they_have() {
    for (world, mut owner) in begun().await {
        let people = [
            ("Arno Admin", "arno@northwind.example", "admin"),
            ("Pia Partner", "pia@northwind.example", "people_partner"),
            ("Max Member", "max@northwind.example", "member"),
        ];
        let invitee = add(&world, "Ada Ames", Some("ada@northwind.example")).await;
        for (name, email, role) in people {
            let person = add(&world, name, Some(email)).await;
            let mut roles = vec!["member", role];
            roles.dedup();
            let mut browser = settle(&world, &mut owner, person, &roles).await;
            for asked in ["owner", "admin", "people_partner", "recruiter", "finance", "member", "guest"] {
                let fields = match asked {
                    "member" | "guest" => vec![("roles", asked)],
                    _ => vec![("roles", "member"), ("roles", asked)],
                };
                let sent = browser.post_from("/me", &format!("/people/{invitee}/invitations"), &fields).await;
                let may = match role {
                    "admin" => asked != "owner",
                    "people_partner" => matches!(asked, "member" | "guest"),
                    _ => false,
                };
                assert_eq!(sent.status.as_u16(), if may { 303 } else { 403 }, "{role} invites as {asked}");
                world.drain().await;
            }
            let raised = browser.post_from("/me", &format!("/people/{person}/roles"), &[("roles", "owner")]).await;
            assert_eq!(raised.status, 403, "{role} made themselves an owner");
        }
    }
}

#[tokio::test]
async fn roles_that_do_not_go_together_are_refused() {
    for (world, _) in begun().await {
        let ada = add(&world, "Ada Ames", Some("ada@northwind.example")).await;
        for roles in [json!([]), json!(["guest", "member"]), json!(["guest", "finance"]), json!(["finance"])] {
            let input: SendInvitation = parse(json!({ "person": ada, "roles": roles })).unwrap();
            let refused = world.call(&world.system(), input).await.err().unwrap();
            assert!(matches!(refused, Error::Invalid(_)), "{roles}: {refused:?}");
        }
    }
}

#[tokio::test]
async fn the_card_says_how_things_stand_to_those_who_look_after_accounts() {
    for (world, mut owner) in begun().await {
        let ada = add(&world, "Ada Ames", Some("ada@northwind.example")).await;
        let page = format!("/people/{ada}");
        assert!(owner.get(&page).await.text().contains("Ada Ames cannot sign in yet."));
        let link = invite(&world, &mut owner, ada, &["member"]).await;
        let invited = owner.get(&page).await.text();
        assert!(invited.contains("by mail to ada@northwind.example"));
        let mut path = invited.split("action=\"").filter_map(|part| part.split_once('"')).map(|(path, _)| path);
        let taken_back = path.find(|path| path.ends_with("/revocation")).unwrap().to_owned();
        assert_eq!(owner.post_from("/me", &taken_back, &[]).await.status, 303);
        assert_eq!(world.client().get(&link).await.status, 404);

        let mut browser = settle(&world, &mut owner, ada, &["member"]).await;
        assert!(owner.get(&page).await.text().contains("Send a link to a new password"));
        let own = browser.get(&page).await.text();
        assert!(own.contains("Ada Ames") && !own.contains("id=\"account\""));
        for settings in ["/me", "/me/sign-in", "/me/tokens"] {
            assert_eq!(browser.get(settings).await.status, 200);
        }
    }
}
