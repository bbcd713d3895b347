//! Dates in one's own calendar program: by an address with a secret, and by letters that the program takes over.
use crate::one_on_ones::{done, point, started};
use holidays::ics::{self, Limits};
use kernel::{Actor, Error, Json, Letter, json};
use testkit::{World, worlds};

async fn with_session(world: &World, who: &str) -> Actor {
    let session = Some(world.signed_in(world.workspace(), world.person(who)).await.1);
    Actor { session, ..world.actor(who).await }
}

/// The path of a new address of somebody.
async fn address(world: &World, who: &str) -> String {
    let made = world.ask(&with_session(world, who).await, "calendar.make_address", json!({})).await.unwrap();
    made["address"].as_str().unwrap().strip_prefix("http://cairn.test").unwrap().to_owned()
}

/// What a program reads at the address of somebody.
pub async fn read_own(world: &World, who: &str) -> String {
    let path = address(world, who).await;
    read(world, &path).await
}

async fn read(world: &World, path: &str) -> String {
    let answer = world.client().get(path).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), Some("text/calendar; charset=utf-8"));
    answer.text()
}

async fn set_date(world: &World, who: &str, pair: &Json, at: Option<&str>) {
    done(world, who, "one_on_one.move", json!({ "one_on_one": pair, "starts_at": at })).await;
    world.drain().await;
}

/// The lines of the event with this in its title, joined as RFC 5545 has it.
fn event(text: &str, title: &str) -> Option<Vec<String>> {
    let joined = text.replace("\r\n ", "");
    let events = joined.split("BEGIN:VEVENT\r\n").skip(1);
    let mut found =
        events.filter(|event| event.lines().any(|line| line.starts_with("SUMMARY:") && line.contains(title)));
    Some(found.next()?.lines().map(str::to_owned).collect())
}

fn value(event: &[String], name: &str) -> String {
    let found = event.iter().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    found.unwrap_or_else(|| panic!("no {name} in {event:?}")).to_owned()
}

/// The invitations to a one-on-one that somebody was sent, the first first.
fn invitations(world: &World, pair: &Json, mail: &str) -> Vec<Letter> {
    let is_of = |calendar: &String| calendar.replace("\r\n ", "").contains(pair.as_str().unwrap());
    let letters = world.outside.letters().into_iter();
    letters.filter(|letter| letter.to.contains(mail) && letter.calendar.as_ref().is_some_and(is_of)).collect()
}

#[tokio::test]
async fn a_date_keeps_its_name_through_every_change_and_says_nothing_of_what_is_talked_about() {
    for world in worlds().await {
        let pair = started(&world).await;
        point(&world, "tomasz", &pair, "zwiebelkuchen").await;
        let path = address(&world, "tomasz").await;
        assert!(event(&read(&world, &path).await, "Mara").is_none(), "it has no date yet");
        set_date(&world, "mara", &pair, Some("2026-03-19T10:00:00Z")).await;
        let text = read(&world, &path).await;
        let first = event(&text, "One-on-one with Mara").unwrap();
        assert_eq!(value(&first, "DTSTART"), "20260319T100000Z");
        assert_eq!(value(&first, "DTEND"), "20260319T103000Z");
        assert_eq!(value(&first, "STATUS"), "CONFIRMED");
        assert!(!text.contains("zwiebelkuchen"));
        let parsed = ics::read(&text, &Limits::default()).unwrap();
        assert!(parsed.skipped.is_empty() && parsed.name.is_some(), "{:?}", parsed.skipped);
        set_date(&world, "tomasz", &pair, Some("2026-03-20T09:00:00Z")).await;
        let moved = event(&read(&world, &path).await, "One-on-one with Mara").unwrap();
        assert_eq!((value(&moved, "UID"), value(&moved, "DTSTART")), (value(&first, "UID"), "20260320T090000Z".into()));
        let sequence = |event: &[String]| value(event, "SEQUENCE").parse::<i64>().unwrap();
        assert!(sequence(&moved) > sequence(&first));
        done(&world, "mara", "one_on_one.hold", json!({ "one_on_one": pair, "how": "skipped" })).await;
        let text = read(&world, &path).await.replace("\r\n ", "");
        let skipped = text.split("BEGIN:VEVENT\r\n").find(|event| event.contains(&value(&first, "UID"))).unwrap();
        assert!(skipped.contains("STATUS:CANCELLED"), "{skipped}");
        assert!(
            event(&text, "One-on-one with Mara").is_some_and(|_| text.matches("One-on-one with Mara").count() == 2)
        );
    }
}

#[tokio::test]
async fn an_address_ends_when_it_is_ended_replaced_or_its_owner_has_no_access_any_more() {
    for world in worlds().await {
        let status = async |path: &str| world.client().get(path).await.status.as_u16();
        assert_eq!(status("/calendar/guessed.ics").await, 404);
        let first = address(&world, "tomasz").await;
        let second = address(&world, "tomasz").await;
        assert_eq!((status(&first).await, status(&second).await), (404, 200));
        let tomasz = with_session(&world, "tomasz").await;
        let shown = world.ask(&tomasz, "calendar.show", json!({})).await.unwrap();
        assert!(shown["made_at"].is_string() && shown["read_at"].is_string(), "{shown}");
        assert!(!shown.to_string().contains(second.split(['/', '.']).nth(2).unwrap()), "it is shown once");
        world.ask(&tomasz, "calendar.end_address", json!({})).await.unwrap();
        assert_eq!(status(&second).await, 404);
        let third = address(&world, "tomasz").await;
        let off = json!({ "person": world.person("tomasz") });
        world.ask(&with_session(&world, "hanneke").await, "account.disable", off.clone()).await.unwrap();
        assert_eq!(status(&third).await, 404, "the account was switched off");
        world.ask(&with_session(&world, "hanneke").await, "account.enable", off).await.unwrap();
        assert_eq!(status(&third).await, 404, "and what it had before does not come back");
    }
}

#[tokio::test]
async fn an_address_is_made_by_its_owner_alone_with_the_password_at_hand() {
    for world in worlds().await {
        let token = testkit::with_token(&world.actor("tomasz").await, &["*:write"]);
        for operation in ["calendar.make_address", "calendar.end_address"] {
            assert!(world.ask(&token, operation, json!({})).await.is_err(), "{operation} with a token");
        }
        let unproven = world.ask(&world.actor("tomasz").await, "calendar.make_address", json!({})).await;
        assert!(matches!(unproven, Err(Error::Unproven | Error::Forbidden)), "{unproven:?}");
        let mut browser = world.browser("tomasz").await;
        let made = browser.post_from("/me/calendar", "/me/calendar/address", &[]).await;
        assert!(made.status == 201 && made.text().contains("http://cairn.test/calendar/"), "{}", made.text());
        assert!(!browser.get("/me/calendar").await.text().contains("http://cairn.test/calendar/"));
        let set = browser.post_from("/me/calendar", "/me/calendar", &[("invited", "true")]).await;
        assert_eq!(set.status, 303);
        assert!(browser.get("/me/calendar").await.text().contains("No invitations"));
        assert_eq!(browser.post_from("/me/calendar", "/me/calendar", &[("invited", "false")]).await.status, 303);
        assert!(browser.get("/me/calendar").await.text().contains("You get no invitations."));
    }
}

/// At noon in UTC it is eight in the morning in Toronto, an hour before Ines begins.
#[tokio::test]
async fn invitations_come_at_once_to_who_set_the_date_and_to_the_other_when_they_work() {
    for world in worlds().await {
        let with = json!({ "person": world.person("ines"), "kind": "mentor" });
        let pair = done(&world, "mara", "one_on_one.start", with).await["id"].clone();
        set_date(&world, "mara", &pair, Some("2026-03-19T14:00:00Z")).await;
        let (mara, ines) = ("mara@", "ines@");
        assert_eq!((invitations(&world, &pair, mara).len(), invitations(&world, &pair, ines).len()), (1, 0));
        set_date(&world, "mara", &pair, Some("2026-03-19T15:00:00Z")).await;
        world.pass_to("2026-03-17T13:00:00Z").await;
        world.drain().await;
        let first = invitations(&world, &pair, ines);
        assert_eq!(first.len(), 1, "two changes before she came are one letter");
        let text = first[0].calendar.clone().unwrap();
        assert!(text.contains("METHOD:REQUEST\r\n") && text.contains("DTSTART:20260319T150000Z"), "{text}");
        let invited = event(&text, "One-on-one with Mara").unwrap().join("\n");
        assert!(invited.contains("ORGANIZER;CN=\"Mara Lindqvist\":mailto:mara"), "{invited}");
        assert!(first[0].subject.contains("Thu 19 Mar, 11:00"), "on her clock: {}", first[0].subject);
        set_date(&world, "ines", &pair, None).await;
        let off = invitations(&world, &pair, ines);
        let cancelled = off[1].calendar.clone().unwrap();
        assert!(cancelled.contains("METHOD:CANCEL\r\n") && cancelled.contains("STATUS:CANCELLED\r\n"), "{cancelled}");
        let of = |text: &str, name: &str| value(&event(text, "One-on-one").unwrap(), name);
        assert_eq!(of(&cancelled, "UID"), of(&text, "UID"));
        assert!(of(&cancelled, "SEQUENCE").parse::<i64>().unwrap() > of(&text, "SEQUENCE").parse::<i64>().unwrap());
        let told = invitations(&world, &pair, mara).last().unwrap().calendar.clone().unwrap();
        assert!(told.contains("METHOD:CANCEL"), "mara is at work and hears of it at once");
        let listed = world.ask(&world.actor("hanneke").await, "mail.list", json!({})).await.unwrap().to_string();
        assert!(!listed.contains("One-on-one"), "an administrator learns of it from the list of letters");
    }
}

/// A date that is over makes nothing urgent: it is four in the morning in Toronto.
#[tokio::test]
async fn nobody_is_woken_because_a_date_went_by() {
    for world in worlds().await {
        let with = json!({ "person": world.person("ines"), "kind": "mentor" });
        let pair = done(&world, "mara", "one_on_one.start", with).await["id"].clone();
        set_date(&world, "mara", &pair, Some("2026-03-17T14:00:00Z")).await;
        world.pass_to("2026-03-18T08:00:00Z").await;
        world.drain().await;
        let before = invitations(&world, &pair, "ines@").len();
        set_date(&world, "mara", &pair, Some("2026-03-20T14:00:00Z")).await;
        assert_eq!(invitations(&world, &pair, "ines@").len(), before);
        world.pass_to("2026-03-18T13:00:00Z").await;
        world.drain().await;
        assert_eq!(invitations(&world, &pair, "ines@").len(), before + 1);
    }
}

#[tokio::test]
async fn who_wants_none_gets_none_and_what_was_sent_is_kept_right() {
    for world in worlds().await {
        let pair = started(&world).await;
        let wants = async |invited: bool| done(&world, "tomasz", "calendar.set", json!({ "invited": invited })).await;
        wants(false).await;
        set_date(&world, "mara", &pair, Some("2026-03-19T10:00:00Z")).await;
        assert!(invitations(&world, &pair, "tomasz@").is_empty());
        wants(true).await;
        set_date(&world, "mara", &pair, Some("2026-03-19T11:00:00Z")).await;
        wants(false).await;
        done(&world, "mara", "one_on_one.end", json!({ "one_on_one": pair })).await;
        world.drain().await;
        let letters = invitations(&world, &pair, "tomasz@");
        assert_eq!(letters.len(), 2);
        assert!(letters[1].calendar.as_ref().unwrap().contains("METHOD:CANCEL"));
        done(&world, "mara", "one_on_one.resume", json!({ "one_on_one": pair })).await;
        world.drain().await;
        assert_eq!(invitations(&world, &pair, "tomasz@").len(), 2, "he wants none, and has none to be kept right");
        let page = world.browser("tomasz").await.get("/me/calendar").await.text();
        assert!(page.contains("Send me invitations"), "{page}");
    }
}

#[tokio::test]
async fn a_change_of_manager_calls_the_date_off_in_both_calendars() {
    for world in worlds().await {
        let pair = started(&world).await;
        set_date(&world, "mara", &pair, Some("2026-03-25T10:00:00Z")).await;
        world.pass_to("2026-03-17T14:00:00Z").await;
        let line =
            json!({ "person": world.person("tomasz"), "manager": world.person("arjun"), "from_on": "2026-03-19" });
        done(&world, "wanjiru", "person.set_manager", line).await;
        world.pass_to("2026-03-18T14:00:00Z").await;
        let is_off = |mail: &str| {
            let letters = invitations(&world, &pair, mail);
            let last = letters.last().unwrap_or_else(|| panic!("{mail} was invited")).calendar.clone();
            (last.unwrap().contains("METHOD:CANCEL"), letters.len())
        };
        assert_eq!([is_off("mara@"), is_off("tomasz@")], [(false, 1), (false, 1)], "the line holds for another day");
        for at in ["2026-03-19T00:10:00Z", "2026-03-19T14:00:00Z", "2026-03-20T14:00:00Z"] {
            world.pass_to(at).await;
        }
        assert_eq!([is_off("mara@"), is_off("tomasz@")], [(true, 2), (true, 2)], "and once");
    }
}

/// Guests see no mail address of a colleague anywhere else.
#[tokio::test]
async fn a_guest_is_invited_without_the_address_of_a_colleague() {
    for world in worlds().await {
        let with = json!({ "person": world.person("grace"), "kind": "peers" });
        let pair = done(&world, "mara", "one_on_one.start", with).await["id"].clone();
        set_date(&world, "mara", &pair, Some("2026-03-19T10:00:00Z")).await;
        let letters = invitations(&world, &pair, "grace@");
        let [letter] = letters.as_slice() else { panic!("{} letters", letters.len()) };
        assert!(!letter.calendar.as_ref().unwrap().contains("mailto:mara"), "{letter:?}");
    }
}
