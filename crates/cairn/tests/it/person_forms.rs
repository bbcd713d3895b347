//! The pages on which people are added and changed.
use people::person::{EditProfile, ShowPerson};
use testkit::{Client, World, worlds};

fn eyes(world: &World, key: &str) -> Client {
    world.client().eyes(world.person(key))
}

#[tokio::test]
async fn a_people_partner_adds_someone_and_lands_on_their_page() {
    for world in worlds().await.into_iter().map(World::as_demonstration) {
        let mut wanjiru = eyes(&world, "wanjiru");
        let (mara, payments) = (world.person("mara").to_string(), world.team("payments").to_string());
        let fields = [
            ("name", "Nova Winter"),
            ("email", ""),
            ("employee_id", ""),
            ("zone", "Europe/Berlin"),
            ("hours", "Mon-Thu 08:00-16:00"),
            ("holidays", ""),
            ("employment", "contractor"),
            ("starts_on", "2026-03-02"),
            ("ends_on", ""),
            ("manager", &mara),
            ("team", &payments),
        ];
        let added = wanjiru.post_from("/people/new", "/people", &fields).await;
        assert_eq!(added.status, 303, "{}", added.text());
        let place = added.header("location").unwrap().to_owned();
        let page = wanjiru.get(&place).await.text();
        for part in ["Nova Winter", "Mon-Thu 08:00-16:00", "Germany", "Mara Lindqvist", "Payments", "Contractor"] {
            assert!(page.contains(part), "{part}");
        }
    }
}

#[tokio::test]
async fn what_was_typed_stays_where_something_must_be_mended() {
    for world in worlds().await.into_iter().map(World::as_demonstration) {
        let mut wanjiru = eyes(&world, "wanjiru");
        let fields = [("name", "Nova Winter"), ("zone", "Europe/Berlin"), ("hours", "whenever"), ("location", "Kiel")];
        let refused = wanjiru.post_from("/people/new", "/people", &fields).await;
        assert_eq!(refused.status, 422);
        let page = refused.text();
        assert!(page.contains("value=\"Kiel\"") && page.contains("id=\"hours-error\""));
    }
}

#[tokio::test]
async fn members_change_themselves_and_nobody_else() {
    for world in worlds().await.into_iter().map(World::as_demonstration) {
        let (tomasz, mara) = (world.person("tomasz"), world.person("mara"));
        let mut client = eyes(&world, "tomasz");
        assert_eq!(client.get("/people/new").await.status, 403);
        assert_eq!(client.get(&format!("/people/{mara}/edit")).await.status, 403);
        let own = format!("/people/{tomasz}/edit");
        let page = client.get(&own).await.text();
        assert!(!page.contains("Reporting line"), "only people partners change lines");
        let saved = client.post_from(&own, &own, &[("name", "Tomek Zieliński"), ("about", "One\n\nTwo <3")]).await;
        assert_eq!(saved.status, 303);
        let page = client.get(&format!("/people/{tomasz}")).await.text();
        assert!(page.contains("Tomek Zieliński") && page.contains("<p>One</p>") && page.contains("<p>Two &lt;3</p>"));
        let stolen = client.post_from(&own, &format!("/people/{mara}/edit"), &[("name", "X")]).await;
        assert_eq!(stolen.status, 403);
    }
}

#[tokio::test]
async fn a_people_partner_clears_a_last_day_and_moves_someone_to_another_manager() {
    for world in worlds().await.into_iter().map(World::as_demonstration) {
        let tomasz = world.person("tomasz");
        let mut wanjiru = eyes(&world, "wanjiru");
        let (page, work) = (format!("/people/{tomasz}/edit"), format!("/people/{tomasz}/employment"));
        for last in ["2026-12-31", ""] {
            let fields = [("title", "Principal engineer"), ("starts_on", "2024-01-01"), ("ends_on", last)];
            assert_eq!(wanjiru.post_from(&page, &work, &fields).await.status, 303);
            let profile = world.call(&world.actor("wanjiru").await, ShowPerson { person: tomasz }).await.unwrap();
            assert_eq!(profile.employment.unwrap().ends_on.map(|date| date.to_string()).unwrap_or_default(), last);
        }
        let kaethe = world.person("kaethe").to_string();
        let line = format!("/people/{tomasz}/manager");
        let moved = wanjiru.post_from(&page, &line, &[("manager", &kaethe), ("from_on", "2026-03-17")]).await;
        assert_eq!(moved.status, 303);
        let profile = world.call(&world.actor("wanjiru").await, ShowPerson { person: tomasz }).await.unwrap();
        assert_eq!(profile.manager.unwrap().id, world.person("kaethe"));
        let circle = wanjiru.post_from(&page, &line, &[("manager", tomasz.as_str()), ("from_on", "2026-03-17")]).await;
        assert!(circle.status == 422 && circle.text().contains("it would be a circle"));
    }
}

#[tokio::test]
async fn a_line_that_is_saved_unchanged_ends_nobodys_access() {
    for world in worlds().await.into_iter().map(World::as_demonstration) {
        let tomasz = world.person("tomasz");
        let before = world.actor("tomasz").await.epoch;
        let mara = world.person("mara").to_string();
        let (page, line) = (format!("/people/{tomasz}/edit"), format!("/people/{tomasz}/manager"));
        let fields = [("manager", mara.as_str()), ("from_on", "2026-03-17")];
        assert_eq!(eyes(&world, "wanjiru").post_from(&page, &line, &fields).await.status, 303);
        assert_eq!(world.actor("tomasz").await.epoch, before);
    }
}

#[tokio::test]
async fn deactivating_asks_first_and_can_be_taken_back() {
    for world in worlds().await.into_iter().map(World::as_demonstration) {
        let tomasz = world.person("tomasz");
        let mut wanjiru = eyes(&world, "wanjiru");
        let (page, path) = (format!("/people/{tomasz}/edit"), format!("/people/{tomasz}/deactivation"));
        let asked = wanjiru.post_from(&page, &path, &[]).await;
        assert!(asked.status == 200 && asked.text().contains("Deactivate Tomasz Zieliński?"));
        assert_eq!(wanjiru.post_from(&page, &path, &[("confirmed", "yes")]).await.status, 303);
        let shown = wanjiru.get(&format!("/people/{tomasz}")).await.text();
        let undo = format!("/people/{tomasz}/reactivation");
        assert!(shown.contains("does not work here any more") && shown.contains(&undo));
        assert_eq!(wanjiru.post_from(&page, &undo, &[]).await.status, 303);
        assert!(!wanjiru.get(&format!("/people/{tomasz}")).await.text().contains("does not work here any more"));
    }
}

#[tokio::test]
async fn a_page_says_what_time_it_is_there_and_how_far_ahead() {
    for world in worlds().await.into_iter().map(World::as_demonstration) {
        let (mara, tomasz) = (world.person("mara"), world.person("tomasz"));
        for (key, zone) in [("mara", "Europe/Lisbon"), ("tomasz", "Asia/Kolkata")] {
            let zone = Some(zone.parse().unwrap());
            let blank = EditProfile {
                person: world.person(key),
                name: None,
                pronouns: None,
                location: None,
                zone,
                hours: None,
                holidays: None,
                about: None,
            };
            world.call(&world.system(), blank).await.unwrap();
        }
        let page = world.client().eyes(mara).get(&format!("/people/{tomasz}")).await.text();
        assert!(page.contains("Tue 17:30, 5 h 30 min ahead of you"));
    }
}
