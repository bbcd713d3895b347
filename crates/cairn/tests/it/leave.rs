use kernel::{Error, Id, Json, Method::Get, Operation, Result, Route, Tx, args, json, parse, sql};
use people::leave::{
    AcceptHandover, ChangeLeave, DeclineHandover, EnterLeave, HandoverState, ImportLeaves, Kind, Leave, LeaveCalendar,
    ListLeaves, PreviewLeave, RestoreLeave, ShowLeave, WithdrawLeave,
};
use schemars::JsonSchema;
use serde::Deserialize;
use testkit::{Client, World, worlds};

async fn call<O: Operation>(world: &World, who: &str, input: Json) -> Result<O::Output> {
    let actor = world.actor(who).await;
    world.call(&actor, parse::<O>(input).unwrap()).await
}

fn week(world: &World, person: &str) -> Json {
    json!({
        "person": world.person(person), "kind": "sick", "first_on": "2026-06-01", "last_on": "2026-06-05",
        "note": "Back on Monday.", "handover_to": world.person("priya"), "handover_note": "The secret of the vault.",
    })
}

async fn entered(world: &World, who: &str, input: Json) -> Id<Leave> {
    call::<EnterLeave>(world, who, input).await.unwrap().id
}

/// All that the world was told about a record.
#[derive(Deserialize, JsonSchema)]
struct ToldOf {
    subject: String,
}

impl Operation for ToldOf {
    const NAME: &str = "test.told";
    const ROUTE: Route = Route(Get, "/test/told");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<(String, String)>;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &kernel::Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Self::Output> {
        let select = sql!("select verb, data from events where workspace_id = $1 and subject = $2 order by id");
        tx.all(select, args![tx.workspace(), self.subject]).await
    }
}

#[tokio::test]
async fn each_reader_sees_what_is_theirs() {
    for world in worlds().await {
        let leave = entered(&world, "tomasz", week(&world, "tomasz")).await;
        // Who, whether they read the kind, whether they read the hand-over note, and whether they may change it.
        let readers = [
            ("tomasz", true, true, true),
            ("mara", true, true, true),
            ("hanneke", true, true, true),
            ("wanjiru", true, false, true),
            ("joana", true, false, true),
            ("priya", false, true, false),
            ("dele", false, false, false),
            ("arjun", false, false, false),
        ];
        for (who, kind, note, changes) in readers {
            let view = call::<ShowLeave>(&world, who, json!({ "leave": leave })).await.unwrap();
            let handover = view.leave.handover.as_ref().unwrap();
            assert_eq!(view.leave.note, "Back on Monday.", "{who}");
            assert_eq!(handover.to.id, world.person("priya"), "{who}");
            assert_eq!(view.leave.kind.is_some(), kind, "the kind for {who}");
            assert_eq!(handover.note.is_some(), note, "the hand-over note for {who}");
            let list = call::<ListLeaves>(&world, who, json!({ "person": world.person("tomasz") })).await.unwrap();
            assert_eq!(list.may_change, changes, "{who}");
            let text = json!(list).to_string();
            assert_eq!((text.contains("sick"), text.contains("vault")), (kind, note), "the list for {who}");
        }
        let told = world.call(&world.system(), ToldOf { subject: leave.to_string() }).await.unwrap();
        assert_eq!(
            told.iter().map(|(verb, _)| verb.as_str()).collect::<Vec<_>>(),
            ["leave.entered", "leave.handover_asked"]
        );
        assert!(
            told.iter().all(|(_, data)| !data.contains("sick") && !data.contains("Monday") && !data.contains("vault"))
        );
    }
}

#[tokio::test]
async fn only_those_who_are_close_enter_change_and_withdraw() {
    for world in worlds().await {
        let leave = entered(&world, "mara", week(&world, "tomasz")).await;
        for who in ["priya", "dele", "arjun"] {
            let mut other = week(&world, "tomasz");
            (other["first_on"], other["last_on"]) = (json!("2026-07-01"), json!("2026-07-02"));
            assert!(matches!(call::<EnterLeave>(&world, who, other).await, Err(Error::Forbidden)), "{who}");
            let change = json!({ "leave": leave, "note": "No." });
            assert!(matches!(call::<ChangeLeave>(&world, who, change).await, Err(Error::Forbidden)), "{who}");
            let withdrawal = call::<WithdrawLeave>(&world, who, json!({ "leave": leave })).await;
            assert!(matches!(withdrawal, Err(Error::Forbidden)), "{who}");
        }
        call::<WithdrawLeave>(&world, "wanjiru", json!({ "leave": leave })).await.unwrap();
        for who in ["tomasz", "dele"] {
            assert!(matches!(call::<ShowLeave>(&world, who, json!({ "leave": leave })).await, Err(Error::NotFound)));
        }
        let by_stranger = call::<RestoreLeave>(&world, "dele", json!({ "leave": leave })).await;
        assert!(matches!(by_stranger, Err(Error::NotFound)), "what was withdrawn is not there for colleagues");
        call::<RestoreLeave>(&world, "tomasz", json!({ "leave": leave })).await.unwrap();
        assert_eq!(
            call::<ShowLeave>(&world, "tomasz", json!({ "leave": leave })).await.unwrap().leave.kind,
            Some(Kind::Sick)
        );
    }
}

#[tokio::test]
async fn leave_does_not_overlap_and_the_refusal_names_the_dates() {
    for world in worlds().await {
        let leave = entered(&world, "tomasz", week(&world, "tomasz")).await;
        let day = |first: &str, last: &str, hours: &str| json!({ "person": world.person("tomasz"), "kind": "holiday", "first_on": first, "last_on": last, "hours": hours });
        let refused = call::<EnterLeave>(&world, "tomasz", day("2026-06-05", "2026-06-08", "")).await.unwrap_err();
        assert_eq!(refused.to_string(), "Leave is entered for this time already: 1 to 5 June.");
        entered(&world, "tomasz", day("2026-06-08", "2026-06-08", "08:00-10:00")).await;
        entered(&world, "tomasz", day("2026-06-08", "2026-06-08", "14:00-16:00")).await;
        let longer = json!({ "leave": leave, "last_on": "2026-06-08" });
        let refused = call::<ChangeLeave>(&world, "tomasz", longer).await.unwrap_err();
        assert_eq!(refused.to_string(), "Leave is entered for this time already: 8 June, 08:00-10:00.");
        call::<WithdrawLeave>(&world, "tomasz", json!({ "leave": leave })).await.unwrap();
        entered(&world, "tomasz", day("2026-06-03", "2026-06-03", "")).await;
        let back = call::<RestoreLeave>(&world, "tomasz", json!({ "leave": leave })).await.unwrap_err();
        assert_eq!(back.to_string(), "Leave is entered for this time already: 3 June.");
        let same_person = json!({ "person": world.person("tomasz"), "kind": "holiday", "first_on": "2026-09-01", "handover_to": world.person("tomasz") });
        assert_eq!(
            call::<EnterLeave>(&world, "tomasz", same_person).await.unwrap_err().to_string(),
            "Hand over to someone else."
        );
    }
}

#[tokio::test]
async fn who_is_asked_takes_over_or_says_why_not() {
    for world in worlds().await {
        let leave = entered(&world, "tomasz", week(&world, "tomasz")).await;
        let state = async |who| {
            let view = call::<ShowLeave>(&world, who, json!({ "leave": leave })).await.unwrap();
            view.leave.handover.map(|handover| (handover.state, handover.reason))
        };
        for who in ["tomasz", "mara", "dele", "wanjiru"] {
            assert!(matches!(
                call::<AcceptHandover>(&world, who, json!({ "leave": leave })).await,
                Err(Error::Forbidden)
            ));
        }
        call::<AcceptHandover>(&world, "priya", json!({ "leave": leave })).await.unwrap();
        assert_eq!(state("dele").await, Some((HandoverState::Accepted, None)));
        call::<ChangeLeave>(&world, "tomasz", json!({ "leave": leave, "note": "Later." })).await.unwrap();
        assert_eq!(state("dele").await, Some((HandoverState::Accepted, None)), "a note changes nothing for her");
        call::<ChangeLeave>(&world, "tomasz", json!({ "leave": leave, "last_on": "2026-06-04" })).await.unwrap();
        assert_eq!(state("dele").await, Some((HandoverState::Asked, None)), "other dates are another question");
        let no = json!({ "leave": leave, "reason": "I am away too." });
        call::<DeclineHandover>(&world, "priya", no).await.unwrap();
        let why = Some((HandoverState::Declined, Some("I am away too.".to_owned())));
        assert_eq!((state("tomasz").await, state("mara").await, state("priya").await), (why.clone(), why.clone(), why));
        assert_eq!(state("wanjiru").await, Some((HandoverState::Declined, None)));
        assert_eq!(state("dele").await, None, "colleagues do not see who declined");
        let other = json!({ "leave": leave, "handover_to": world.person("dele") });
        call::<ChangeLeave>(&world, "tomasz", other).await.unwrap();
        assert_eq!(state("dele").await, Some((HandoverState::Asked, None)));
        let cleared =
            call::<ChangeLeave>(&world, "tomasz", json!({ "leave": leave, "handover_to": null })).await.unwrap();
        assert!(cleared.handover.is_none());
    }
}

#[tokio::test]
async fn the_calendar_shows_a_team_or_everyone_away_without_kinds() {
    for world in worlds().await {
        entered(&world, "tomasz", week(&world, "tomasz")).await;
        let june = |team: Json| json!({ "from": "2026-06-01", "to": "2026-06-30", "team": team });
        for who in ["dele", "tomasz", "wanjiru"] {
            let team = call::<LeaveCalendar>(&world, who, june(json!(world.team("payments")))).await.unwrap();
            let names: Vec<&str> = team.people.iter().map(|one| one.person.name.as_str()).collect();
            assert!(names.is_sorted() && names.len() >= 7, "{names:?}");
            let tomasz = team.people.iter().find(|one| one.person.id == world.person("tomasz")).unwrap();
            assert_eq!(tomasz.leaves.len(), 1);
            assert_eq!(tomasz.leaves[0].handed_to.as_ref().unwrap().id, world.person("priya"));
            let corpus_christi = jiff::civil::date(2026, 6, 4);
            assert!(tomasz.holidays.iter().any(|holiday| holiday.on == corpus_christi), "Poland is free on that day");
            assert!(tomasz.free.contains(&corpus_christi) && !tomasz.free.contains(&jiff::civil::date(2026, 6, 2)));
            assert!(!json!(team).to_string().contains("sick"));
            let all = call::<LeaveCalendar>(&world, who, june(Json::Null)).await.unwrap();
            assert!(all.people.iter().all(|one| !one.leaves.is_empty()), "without a team, those who are away");
            assert!(all.people.iter().any(|one| one.person.id == world.person("tomasz")));
        }
        let long = json!({ "from": "2026-01-01", "to": "2026-12-31" });
        assert!(matches!(call::<LeaveCalendar>(&world, "dele", long).await, Err(Error::Invalid(_))));
    }
}

#[tokio::test]
async fn the_past_is_paged_from_the_last_one_back() {
    for world in worlds().await {
        let person = world.person("tomasz");
        let all = call::<ListLeaves>(&world, "dele", json!({ "person": person, "when": "past" })).await.unwrap();
        assert!(all.leaves.len() >= 2 && all.next.is_none());
        assert!(all.leaves.is_sorted_by(|a, b| a.first_on >= b.first_on));
        let (mut paged, mut after) = (Vec::new(), String::new());
        loop {
            let input = json!({ "person": person, "when": "past", "limit": 1, "after": after });
            let page = call::<ListLeaves>(&world, "dele", input).await.unwrap();
            paged.extend(page.leaves.iter().map(|leave| leave.id));
            let Some(next) = page.next else { break };
            after = next;
        }
        assert_eq!(paged, all.leaves.iter().map(|leave| leave.id).collect::<Vec<_>>());
        let upcoming = call::<ListLeaves>(&world, "dele", json!({ "person": person })).await.unwrap();
        assert!(upcoming.takes_over.iter().any(|leave| leave.person.id == world.person("yuki")), "yuki is away today");
    }
}

fn file(events: &[&str]) -> String {
    let events: String = events.iter().map(|event| format!("BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n")).collect();
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events}END:VCALENDAR\r\n")
}

async fn import(world: &World, who: &str, text: &str, dry_run: bool) -> Result<Vec<String>> {
    let input = json!({ "person": world.person("tomasz"), "kind": "other", "file": text, "dry_run": dry_run });
    let import = call::<ImportLeaves>(world, who, input).await?;
    Ok(import.events.iter().map(|event| format!("{} {}", event.line, event.outcome.word())).collect())
}

const AUGUST: &str = "UID:a\r\nSUMMARY:Annual leave\r\nDTSTART;VALUE=DATE:20260803\r\nDTEND;VALUE=DATE:20260808";
const DENTIST: &str = "UID:b\r\nSUMMARY:Dentist\r\nDTSTART:20260901T080000Z\r\nDTEND:20260901T100000Z";

#[tokio::test]
async fn a_file_is_looked_at_brought_and_brought_again() {
    for world in worlds().await {
        let text = file(&[AUGUST, DENTIST, "UID:c\r\nSUMMARY:Broken\r\nDTSTART:soon"]);
        let all = ["3 entered", "9 entered", "15 left_out"];
        assert_eq!(import(&world, "tomasz", &text, true).await.unwrap(), all);
        let listed = async || {
            let input = json!({ "person": world.person("tomasz"), "limit": 200 });
            let page = call::<ListLeaves>(&world, "tomasz", input).await.unwrap();
            let late = page.leaves.into_iter().filter(|leave| leave.first_on >= jiff::civil::date(2026, 8, 1));
            late.map(|leave| {
                (leave.first_on.to_string(), leave.hours.unwrap_or_default(), leave.kind.unwrap(), leave.note)
            })
            .collect::<Vec<_>>()
        };
        assert_eq!(listed().await, [], "so far it was only looked at");
        assert_eq!(import(&world, "tomasz", &text, false).await.unwrap(), all);
        let holiday = ("2026-08-03".to_owned(), String::new(), Kind::Holiday, String::new());
        let hours = ("2026-09-01".to_owned(), "10:00-12:00".to_owned(), Kind::Other, String::new());
        assert_eq!(listed().await, [holiday, hours.clone()], "in Warsaw it is two hours later, and no title is kept");
        assert_eq!(import(&world, "tomasz", &text, false).await.unwrap(), ["3 kept", "9 kept", "15 left_out"]);
        let moved = AUGUST.replace("20260803", "20260804");
        let cancelled = format!("{DENTIST}\r\nSTATUS:CANCELLED");
        let next = file(&[&moved, &cancelled]);
        assert_eq!(import(&world, "mara", &next, false).await.unwrap(), ["3 changed", "9 withdrawn"]);
        assert_eq!(listed().await.iter().map(|one| one.0.as_str()).collect::<Vec<_>>(), ["2026-08-04"]);
        assert_eq!(import(&world, "mara", &file(&[DENTIST]), false).await.unwrap(), ["3 restored"]);
        assert_eq!(listed().await[1], hours);
        assert!(matches!(import(&world, "priya", &text, true).await, Err(Error::Forbidden)));
        assert!(
            parse::<ImportLeaves>(json!({ "person": world.person("tomasz"), "kind": "other", "file": "no" })).is_err()
        );
    }
}

fn eyes(world: &World, key: &str) -> Client {
    world.client().eyes(world.person(key))
}

#[tokio::test]
async fn entering_long_leave_leads_to_its_hand_over_and_can_be_undone() {
    for world in worlds().await.into_iter().map(World::as_demonstration) {
        let mut tomasz = eyes(&world, "tomasz");
        let leaves = format!("/people/{}/leaves", world.person("tomasz"));
        let new = format!("{leaves}/new");
        let fields = [("kind", "holiday"), ("first_on", "2026-08-03"), ("last_on", "2026-08-14")];
        let counted = tomasz.post_from(&new, &leaves, &[&fields[..], &[("count", "yes")]].concat()).await;
        assert_eq!(counted.status, 422);
        assert!(counted.text().contains("10 working days, back on Monday 17 August."), "{}", counted.text());
        let done = tomasz.post_from(&new, &leaves, &fields).await;
        assert_eq!(done.status, 303, "{}", done.text());
        let next = done.header("location").unwrap().to_owned();
        assert!(next.ends_with("/handover"));
        let page = tomasz.get(&next).await.text();
        assert!(page.contains("Who takes over meanwhile?") && page.contains("10 working days"));
        let priya = world.person("priya").to_string();
        let asked = tomasz.post_from(&next, &next, &[("handover_to", &priya), ("handover_note", "All is well.")]).await;
        assert_eq!(asked.status, 303, "{}", asked.text());
        let leave = next.trim_end_matches("/handover").to_owned();
        let mut priya = eyes(&world, "priya");
        assert!(priya.get(&leave).await.text().contains("I take over"));
        assert_eq!(priya.post_from(&leave, &format!("{leave}/handover/decline"), &[("reason", "")]).await.status, 422);
        assert_eq!(priya.post_from(&leave, &format!("{leave}/handover/accept"), &[]).await.status, 303);
        let month = priya.get(&format!("/leaves?month=2026-08&team={}", world.team("payments"))).await.text();
        assert!(month.contains("3 to 14 August, handed to Priya"), "{month}");
        assert_eq!(tomasz.post_from(&leave, &format!("{leave}/withdraw"), &[]).await.status, 303);
        assert_eq!(tomasz.get(&leave).await.status, 404);
        let list = tomasz.get(&leaves).await;
        assert!(list.text().contains(&format!("action=\"{leave}/restore\"")));
        assert_eq!(tomasz.post_from(&new, &format!("{leave}/restore"), &[]).await.status, 303);
        assert_eq!(tomasz.get(&leave).await.status, 200);
    }
}

#[tokio::test]
async fn the_form_counts_saves_and_keeps_what_was_typed() {
    for world in worlds().await.into_iter().map(World::as_demonstration) {
        let leave = entered(&world, "tomasz", week(&world, "tomasz")).await;
        let (page, edit) = (format!("/leaves/{leave}"), format!("/leaves/{leave}/edit"));
        let mut mara = eyes(&world, "mara");
        let shown = mara.get(&edit).await;
        assert!(shown.text().contains("The secret of the vault."));
        let (person, priya) = (shown.field("person"), world.person("priya").to_string());
        let fields = |last: &'static str, count: &'static str| {
            vec![
                ("person", person.clone()),
                ("kind", "sick".into()),
                ("first_on", "2026-06-01".into()),
                ("last_on", last.into()),
                ("hours", String::new()),
                ("note", "Typed & kept.".into()),
                ("handover_to", priya.clone()),
                ("handover_note", "Another secret.".into()),
                ("count", count.into()),
            ]
        };
        let send = async |client: &mut Client, fields: Vec<(&str, String)>| {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, text)| (*name, text.as_str())).collect();
            client.post_from(&edit, &page, &fields).await
        };
        let counted = send(&mut mara, fields("2026-06-09", "yes")).await.text();
        assert!(
            counted.contains("6 working days, back on Wednesday 10 June.") && counted.contains("Typed &amp; kept.")
        );
        let wrong = send(&mut mara, fields("2026-05-09", "")).await;
        assert!(wrong.status == 422 && wrong.text().contains("The last day is before the first one."));
        assert_eq!(send(&mut mara, fields("2026-06-09", "")).await.status, 303);
        let view = call::<ShowLeave>(&world, "tomasz", json!({ "leave": leave })).await.unwrap();
        assert_eq!((view.leave.last_on.to_string(), view.leave.note), ("2026-06-09".into(), "Typed & kept.".into()));
        assert_eq!(view.leave.handover.unwrap().note.as_deref(), Some("Another secret."));
        let mut wanjiru = eyes(&world, "wanjiru");
        let partners = wanjiru.get(&edit).await.text();
        assert!(!partners.contains("secret") && !partners.contains("handover_note"));
    }
}

#[tokio::test]
async fn a_file_goes_through_its_preview() {
    for world in worlds().await.into_iter().map(World::as_demonstration) {
        let mut tomasz = eyes(&world, "tomasz");
        let leaves = format!("/people/{}/leaves", world.person("tomasz"));
        let import = format!("{leaves}/import");
        let token = tomasz.get(&import).await.field("csrf");
        let send = async |client: &mut Client, text: &str| {
            let part = |name: &str, value: &str| {
                format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
            };
            let head = "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"leave.ics\"\r\n\r\n";
            let body = format!("{}{}{head}{text}\r\n--edge--\r\n", part("csrf", &token), part("kind", "holiday"));
            let headers = [("content-type", "multipart/form-data; boundary=edge"), ("origin", "http://cairn.test")];
            client.send("POST", &import, &headers, body.into()).await
        };
        let text = file(&[AUGUST, "UID:d\r\nSUMMARY:Old\r\nDTSTART;VALUE=DATE:20200101"]);
        let preview = send(&mut tomasz, &text).await;
        assert_eq!(preview.status, 200, "{}", preview.text());
        let page = preview.text();
        assert!(
            page.contains("1 entered, 1 left out")
                && page.contains("Line 9: The first day is more than two years away.")
        );
        let fields = [("csrf", token.as_str()), ("kind", "holiday"), ("file", &text)];
        let done = tomasz.post(&format!("{import}/apply"), &fields).await;
        assert_eq!(done.status, 303, "{}", done.text());
        assert!(tomasz.get(&leaves).await.text().contains("Imported: 1 entered, 1 left out."));
        assert!(send(&mut tomasz, &text).await.text().contains("The file changes nothing here."));
        let refused = send(&mut tomasz, "no calendar").await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains("Line 1: This line has no colon"), "{}", refused.text());
    }
}

#[tokio::test]
async fn pages_answer_each_reader_with_few_statements() {
    for world in worlds().await.into_iter().map(World::as_demonstration) {
        let person = world.person("tomasz");
        let leave = entered(&world, "tomasz", week(&world, "tomasz")).await;
        let pages = [
            ("/leaves".to_owned(), 200),
            (format!("/leaves?team={}&month=2026-06", world.team("payments")), 200),
            (format!("/leaves/{leave}"), 200),
            (format!("/people/{person}/leaves"), 200),
            (format!("/people/{person}/leaves?when=past"), 200),
            (format!("/people/{person}/leaves/new"), 403),
            (format!("/people/{person}/leaves/import"), 403),
            (format!("/leaves/{leave}/edit"), 403),
            (format!("/leaves/{leave}/handover"), 403),
        ];
        for (path, for_colleague) in pages {
            let before = world.opened.app.queries();
            assert_eq!(eyes(&world, "dele").get(&path).await.status, for_colleague, "{path}");
            let statements = world.opened.app.queries() - before;
            assert!(statements <= 20, "{path} takes {statements} statements");
            assert_eq!(eyes(&world, "mara").get(&path).await.status, 200, "{path}");
        }
        let page = eyes(&world, "dele").get(&format!("/people/{person}")).await.text();
        assert!(page.contains("1 to 5 June") && page.contains("Handed to Priya") && !page.contains("Sick"));
        let team = eyes(&world, "dele").get(&format!("/teams/{}", world.team("payments"))).await.text();
        assert!(team.contains("Handed to Tomasz"), "yuki is away");
    }
}

#[tokio::test]
async fn a_preview_counts_in_the_persons_calendar() {
    for world in worlds().await {
        let input = json!({ "person": world.person("tomasz"), "first_on": "2026-06-01", "last_on": "2026-06-05" });
        let outlook = call::<PreviewLeave>(&world, "dele", input).await.unwrap();
        assert_eq!(outlook.working_days, 4, "4 June is a public holiday in Poland");
        assert_eq!(outlook.back_on, Some(jiff::civil::date(2026, 6, 8)));
    }
}
