use jiff::civil::date;
use kernel::{Error, Json, Operation, Result, json, parse};
use people::{
    hours::{
        ClearException, DeleteHolidayCalendar, ImportHolidayCalendar, ListHolidayCalendars, Now, SetException,
        ShowHolidayCalendar, ShowHours,
    },
    person::{DeactivatePerson, EditEmployment, EditProfile, ListPeople},
};
use testkit::{World, worlds};

async fn call<O: Operation>(world: &World, who: &str, input: Json) -> Result<O::Output> {
    let actor = world.actor(who).await;
    world.call(&actor, parse::<O>(input).unwrap()).await
}

/// What everyone sees that a person does at noon of the reference day.
async fn now(world: &World, person: &str) -> Now {
    let list = json!({ "now": true, "limit": 200, "standing": "all" });
    let page = call::<ListPeople>(world, "dele", list).await.unwrap();
    let place = page.people.iter().position(|card| card.id == world.person(person)).unwrap();
    page.now[place]
}

fn at(text: &str) -> kernel::Time {
    text.parse::<jiff::Timestamp>().unwrap().into()
}

#[tokio::test]
async fn an_exception_holds_on_its_day_and_no_longer_when_it_is_cleared() {
    for world in worlds().await {
        let tomasz = world.person("tomasz");
        assert_eq!(now(&world, "tomasz").await, Now::Working { until: at("2026-03-17T15:00:00Z") });
        let day = json!({ "person": tomasz, "date": "2026-03-17", "hours": "14-20", "note": "A late day." });
        call::<SetException>(&world, "tomasz", day.clone()).await.unwrap();
        assert_eq!(now(&world, "tomasz").await, Now::Off { next: Some(at("2026-03-17T13:00:00Z")) });
        let view = call::<ShowHours>(&world, "dele", json!({ "person": tomasz })).await.unwrap();
        let first = &view.exceptions[0];
        assert_eq!((first.on_date, &*first.hours, &*first.note), (date(2026, 3, 17), "14:00-20:00", "A late day."));
        assert_eq!((view.minutes_per_week, view.share, view.may_change), (2400, 100, false));
        assert!(view.holidays.iter().any(|(day, _)| *day == date(2026, 6, 4)), "Corpus Christi in Poland");
        assert!(matches!(call::<SetException>(&world, "dele", day).await, Err(Error::Forbidden)));
        let free = json!({ "person": tomasz, "date": "2026-03-17", "hours": "" });
        call::<SetException>(&world, "mara", free).await.unwrap();
        assert_eq!(now(&world, "tomasz").await, Now::Off { next: Some(at("2026-03-18T07:00:00Z")) });
        let clear = json!({ "person": tomasz, "date": "2026-03-17" });
        assert!(matches!(call::<ClearException>(&world, "dele", clear.clone()).await, Err(Error::Forbidden)));
        assert!(call::<ClearException>(&world, "wanjiru", clear.clone()).await.unwrap().is_some());
        assert!(call::<ClearException>(&world, "wanjiru", clear).await.unwrap().is_none());
        assert!(matches!(now(&world, "tomasz").await, Now::Working { .. }));
    }
}

#[tokio::test]
async fn removing_an_exception_is_undone_from_the_page() {
    for world in worlds().await.into_iter().map(World::as_demonstration) {
        let page = format!("/people/{}/hours", world.person("tomasz"));
        let mut tomasz = world.client().eyes(world.person("tomasz"));
        let wrong = tomasz.post_from(&page, &page, &[("date", "2026-05-04"), ("hours", "noon")]).await;
        assert!(wrong.status == 422 && wrong.text().contains("value=\"noon\""));
        let set = [("date", "2026-05-04"), ("hours", "10:00-14:00"), ("note", "School & town")];
        assert_eq!(tomasz.post_from(&page, &page, &set).await.status, 303);
        assert_eq!(tomasz.post_from(&page, &format!("{page}/2026-05-04/clear"), &[]).await.status, 303);
        let shown = tomasz.get(&page).await.text();
        assert!(!shown.contains("on-2026-05-04"));
        let start = shown.find(&format!("{page}/2026-05-04?")).expect("the flash offers to undo");
        let undo = shown[start..].split_once('"').unwrap().0.replace("&amp;", "&");
        assert_eq!(tomasz.post_from(&page, &undo, &[]).await.status, 303);
        let shown = tomasz.get(&page).await.text();
        assert!(shown.contains("on-2026-05-04") && shown.contains("School &amp; town"));
    }
}

#[tokio::test]
async fn nobody_learns_of_a_last_day_before_it_has_passed() {
    for world in worlds().await {
        let tomasz = world.person("tomasz");
        let ends = async |last: Json| {
            call::<EditEmployment>(&world, "wanjiru", json!({ "person": tomasz, "ends_on": last })).await.unwrap();
            now(&world, "tomasz").await
        };
        let working = Now::Working { until: at("2026-03-17T15:00:00Z") };
        assert_eq!(ends(json!("2026-03-17")).await, working, "the last day is worked");
        assert_eq!(ends(json!("2026-03-16")).await, Now::Left);
        assert_eq!(ends(Json::Null).await, working);
        call::<EditEmployment>(&world, "wanjiru", json!({ "person": tomasz, "starts_on": "2026-03-18" }))
            .await
            .unwrap();
        assert_eq!(now(&world, "tomasz").await, Now::Starts { on: date(2026, 3, 18) });
    }
}

#[tokio::test]
async fn who_is_deactivated_has_left() {
    for world in worlds().await {
        call::<DeactivatePerson>(&world, "wanjiru", json!({ "person": world.person("tomasz") })).await.unwrap();
        assert_eq!(now(&world, "tomasz").await, Now::Left);
        assert!(matches!(now(&world, "yuki").await, Now::Away { .. }), "on leave, and it is night there");
    }
}

const FILE: &str = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Founders' day\nDTSTART;VALUE=DATE:20260317\nEND:VEVENT\n\
    BEGIN:VEVENT\nSUMMARY:Year's end\nDTSTART;VALUE=DATE:20261230\nDTEND;VALUE=DATE:20270101\nEND:VEVENT\n\
    BEGIN:VEVENT\nSUMMARY:Broken\nDTSTART:soon\nEND:VEVENT\nEND:VCALENDAR\n";

#[tokio::test]
async fn a_calendar_of_ones_own_is_made_used_replaced_and_deleted() {
    for world in worlds().await {
        let input = |file: &str| json!({ "name": "Northwind", "file": file });
        for who in ["dele", "mara"] {
            assert!(matches!(call::<ImportHolidayCalendar>(&world, who, input(FILE)).await, Err(Error::Forbidden)));
        }
        let made = call::<ImportHolidayCalendar>(&world, "wanjiru", input(FILE)).await.unwrap();
        assert_eq!((made.days, made.left_out.len()), (3, 1));
        assert!(made.left_out[0].starts_with("Line 11: "), "{:?}", made.left_out);
        let profile = json!({ "person": world.person("tomasz"), "holidays": made.id });
        call::<EditProfile>(&world, "tomasz", profile).await.unwrap();
        assert_eq!(now(&world, "tomasz").await, Now::Off { next: Some(at("2026-03-18T07:00:00Z")) });
        let delete = json!({ "calendar": made.id });
        let refused = call::<DeleteHolidayCalendar>(&world, "joana", delete.clone()).await.unwrap_err();
        assert_eq!(refused.to_string(), "One person has this calendar. Give them another one first.");
        let later = FILE.replace("20260317", "20260318");
        let again = call::<ImportHolidayCalendar>(&world, "wanjiru", input(&later)).await.unwrap();
        assert_eq!(again.id, made.id, "the same name is the same calendar");
        assert!(matches!(now(&world, "tomasz").await, Now::Working { .. }));
        let shown = call::<ShowHolidayCalendar>(&world, "dele", json!({ "calendar": made.id })).await.unwrap();
        assert_eq!(shown.days[0], (date(2026, 3, 18), "Founders' day".to_owned()));
        call::<EditProfile>(&world, "tomasz", json!({ "person": world.person("tomasz"), "holidays": "PL" }))
            .await
            .unwrap();
        assert!(matches!(call::<DeleteHolidayCalendar>(&world, "mara", delete.clone()).await, Err(Error::Forbidden)));
        call::<DeleteHolidayCalendar>(&world, "joana", delete.clone()).await.unwrap();
        assert!(call::<ListHolidayCalendars>(&world, "dele", json!({})).await.unwrap().is_empty());
        assert!(matches!(call::<DeleteHolidayCalendar>(&world, "joana", delete).await, Err(Error::NotFound)));
    }
}

#[tokio::test]
async fn the_page_of_holidays_finds_countries_and_takes_a_file() {
    for world in worlds().await.into_iter().map(World::as_demonstration) {
        let mut wanjiru = world.client().eyes(world.person("wanjiru"));
        let page = wanjiru.get("/admin/holidays?q=ger").await;
        let text = page.text();
        assert!(
            text.contains("/admin/holidays/DE")
                && text.contains("/admin/holidays/NE")
                && !text.contains("/holidays/FR")
        );
        assert!(wanjiru.get("/admin/holidays/DE-BE").await.text().contains("8 March 2026"), "Women's day in Berlin");
        assert_eq!(wanjiru.get("/admin/holidays/XX").await.status, 404);
        let part = |name: &str, value: &str| {
            format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let head = "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"days.ics\"\r\n\r\n";
        let body =
            format!("{}{}{head}{FILE}\r\n--edge--\r\n", part("csrf", &page.field("csrf")), part("name", "Northwind"));
        let headers = [("content-type", "multipart/form-data; boundary=edge"), ("origin", "http://cairn.test")];
        let done = wanjiru.send("POST", "/admin/holidays", &headers, body.into()).await;
        assert_eq!(done.status, 303, "{}", done.text());
        let calendar = done.header("location").unwrap().to_owned();
        assert!(wanjiru.get(&calendar).await.text().contains("1 event was left out. Line 11"));
        let delete = format!("{calendar}/delete");
        assert!(wanjiru.post_from(&calendar, &delete, &[]).await.text().contains("Delete this calendar?"));
        assert_eq!(wanjiru.post_from(&calendar, &delete, &[("confirmed", "yes")]).await.status, 303);
        let dele = world.client().eyes(world.person("dele")).get("/admin/holidays").await;
        assert!(dele.status == 200 && !dele.text().contains("Import a calendar"));
    }
}
