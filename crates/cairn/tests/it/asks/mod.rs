//! Asks: raised, answered, handed on, lapsed, and how they are delivered.
mod away;
mod command;
mod delivery;
mod month;

use asks::{
    Ask, DeclineAsks, FinishAsks, HandOnAsks, ListAsks, PreviewAsk, RaiseAsk, ReopenAsks, ShowAsk, SnoozeAsks, State,
    WithdrawAsks,
};
use kernel::{Error, Id, Json, NewAsk, Operation, Reference, Result, Route, Tx, Verb, json, parse};
use testkit::{World, worlds};

async fn call<O: Operation>(world: &World, who: &str, input: Json) -> Result<O::Output> {
    let actor = world.actor(who).await;
    world.call(&actor, parse::<O>(input)?).await
}

fn review(world: &World, to: &[&str]) -> Json {
    let to: Vec<_> = to.iter().map(|key| world.person(key)).collect();
    json!({ "to": to, "verb": "review", "subject": "Retry budget of the ledger client", "due": "8 working hours" })
}

async fn raised(world: &World, by: &str, input: Json) -> Vec<Ask> {
    call::<RaiseAsk>(world, by, input).await.unwrap()
}

async fn pile(world: &World, who: &str, pile: &str) -> Vec<Ask> {
    call::<ListAsks>(world, who, json!({ "pile": pile, "limit": 1000 })).await.unwrap().asks
}

fn field(error: Error) -> String {
    match error {
        Error::Invalid(flaws) => flaws[0].field.clone(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_ask_lies_on_both_piles_until_it_is_answered() {
    for world in worlds().await {
        let ask = raised(&world, "mara", review(&world, &["tomasz"])).await.remove(0);
        // Tomasz works 8:00 to 16:00 in Kraków or so; eight of his hours from Tuesday noon end on Wednesday.
        assert_eq!(ask.due_at.to_string()[..10], *"2026-03-18");
        assert!(pile(&world, "tomasz", "owe").await.iter().any(|one| one.id == ask.id));
        assert!(pile(&world, "mara", "owed").await.iter().any(|one| one.id == ask.id));
        assert!(matches!(call::<ShowAsk>(&world, "dele", json!({ "ask": ask.id })).await, Err(Error::NotFound)));
        let done = json!({ "asks": [ask.id], "outcome": "Two remarks, else fine." });
        assert!(matches!(call::<FinishAsks>(&world, "mara", done.clone()).await, Err(Error::Forbidden)));
        call::<FinishAsks>(&world, "tomasz", done.clone()).await.unwrap();
        assert!(pile(&world, "tomasz", "owe").await.iter().all(|one| one.id != ask.id));
        let seen = call::<ShowAsk>(&world, "mara", json!({ "ask": ask.id })).await.unwrap().ask;
        assert_eq!((seen.state, seen.outcome.as_str()), (State::Done, "Two remarks, else fine."));
        let again = call::<FinishAsks>(&world, "tomasz", done).await.unwrap();
        assert!(again.is_empty(), "what has ended stays as it was");
        let open = call::<ReopenAsks>(&world, "tomasz", json!({ "asks": [ask.id] })).await.unwrap().remove(0);
        assert_eq!((open.state, open.outcome.as_str()), (State::Open, ""));
    }
}

#[tokio::test]
async fn an_ask_is_declined_with_a_reason_or_withdrawn_or_put_off() {
    for world in worlds().await {
        let [one, two, three]: [Ask; 3] = [
            raised(&world, "mara", review(&world, &["tomasz"])).await.remove(0),
            raised(&world, "mara", review(&world, &["tomasz"])).await.remove(0),
            raised(&world, "mara", review(&world, &["tomasz"])).await.remove(0),
        ];
        let mute = json!({ "asks": [one.id], "reason": " " });
        assert_eq!(field(call::<DeclineAsks>(&world, "tomasz", mute).await.unwrap_err()), "reason");
        let reason = json!({ "asks": [one.id], "reason": "Priya knows this code." });
        let declined = call::<DeclineAsks>(&world, "tomasz", reason).await.unwrap().remove(0);
        assert_eq!((declined.state, declined.outcome.as_str()), (State::Declined, "Priya knows this code."));
        let withdrawal = json!({ "asks": [two.id] });
        assert!(matches!(call::<WithdrawAsks>(&world, "tomasz", withdrawal.clone()).await, Err(Error::Forbidden)));
        call::<WithdrawAsks>(&world, "mara", withdrawal).await.unwrap();
        let snoozed = call::<SnoozeAsks>(&world, "tomasz", json!({ "asks": [three.id] })).await.unwrap().remove(0);
        assert_eq!(snoozed.due_at, three.due_at, "the due time stays");
        assert!(pile(&world, "tomasz", "owe").await.iter().all(|ask| ask.id != three.id));
        assert!(pile(&world, "tomasz", "snoozed").await.iter().any(|ask| ask.id == three.id));
        world.pass_to_time(snoozed.snoozed_until.unwrap()).await;
        assert!(pile(&world, "tomasz", "owe").await.iter().any(|ask| ask.id == three.id), "the morning brings it back");
    }
}

#[tokio::test]
async fn handing_on_keeps_the_asker_and_can_be_taken_back() {
    for world in worlds().await {
        let ask = raised(&world, "mara", review(&world, &["tomasz"])).await.remove(0);
        let to = |key: &str| json!({ "asks": [ask.id], "to": world.person(key), "note": "You wrote it." });
        assert_eq!(field(call::<HandOnAsks>(&world, "tomasz", to("mara")).await.unwrap_err()), "to");
        let mut told = review(&world, &["tomasz"]);
        told["note"] = json!("The second file matters.");
        let noted = raised(&world, "mara", told).await.remove(0);
        let pass = json!({ "asks": [noted.id], "to": world.person("priya"), "note": "You wrote it." });
        let passed = call::<HandOnAsks>(&world, "tomasz", pass).await.unwrap().remove(0);
        assert_eq!(passed.note, "You wrote it.\n\nThe second file matters.", "what was said first is not lost");
        let next = call::<HandOnAsks>(&world, "tomasz", to("priya")).await.unwrap().remove(0);
        assert_eq!((next.asker_id, next.handed_from), (Some(world.person("mara")), Some(ask.id)));
        assert!(pile(&world, "priya", "owe").await.iter().any(|one| one.id == next.id));
        call::<ReopenAsks>(&world, "tomasz", json!({ "asks": [ask.id] })).await.unwrap();
        assert!(pile(&world, "priya", "owe").await.iter().all(|one| one.id != next.id));
        let next = call::<HandOnAsks>(&world, "tomasz", to("priya")).await.unwrap().remove(0);
        call::<FinishAsks>(&world, "priya", json!({ "asks": [next.id] })).await.unwrap();
        let late = call::<ReopenAsks>(&world, "tomasz", json!({ "asks": [ask.id] })).await;
        assert!(matches!(late, Err(Error::Conflict(_))), "{late:?}");
    }
}

#[tokio::test]
async fn nobody_is_asked_about_what_they_cannot_see() {
    for world in worlds().await {
        let leaves = world.ask(&world.system(), "onboarding.list", json!({ "which": "all" })).await.unwrap();
        let plan = &leaves.as_array().unwrap()[0];
        let newcomer = plan["person_id"].as_str().or(plan["person"]["id"].as_str()).map(str::to_owned);
        let ask = json!({
            "to": [world.person("camila")], "verb": "read", "subject": "The plan",
            "about": { "kind": "onboarding", "id": plan["id"] },
        });
        let refused = call::<RaiseAsk>(&world, "hanneke", ask).await;
        assert_eq!(field(refused.unwrap_err()), "to", "camila does not see the plan of {newcomer:?}");
        let guest = json!({ "to": [world.person("mara")], "verb": "read", "subject": "Hello" });
        assert!(call::<RaiseAsk>(&world, "grace", guest).await.is_err(), "a guest sees nobody");
    }
}

#[tokio::test]
async fn several_people_and_a_time_that_is_fair_to_all() {
    for world in worlds().await {
        let to = [world.person("yuki"), world.person("ines")];
        let soon = json!({ "to": to, "verb": "decide", "due": "2026-03-17T18:00:00Z" });
        let preview = call::<PreviewAsk>(&world, "mara", soon).await.unwrap();
        assert_eq!(preview.people.len(), 2);
        assert!(preview.people.iter().any(|one| one.short_minutes > 0), "{preview:?}");
        let fair = preview.fair_at.unwrap();
        let fairly = json!({ "to": to, "verb": "decide", "due": fair });
        let preview = call::<PreviewAsk>(&world, "mara", fairly).await.unwrap();
        assert!(preview.people.iter().all(|one| one.short_minutes == 0), "{preview:?}");
        let unfair = json!({ "to": to, "verb": "decide", "subject": "The export", "due": "2026-03-17T18:00:00Z" });
        let asks = raised(&world, "mara", unfair).await;
        assert!(asks.iter().any(|ask| ask.short_minutes > 0), "it is said in the ask");
        assert_eq!(asks[0].batch, asks[1].batch);
    }
}

#[tokio::test]
async fn whoever_writes_to_somebody_sees_their_time_and_when_it_will_be_due() {
    for world in worlds().await {
        let mut mara = world.browser("mara").await;
        let form = mara.get("/asks/new").await.text();
        assert!(form.contains("<receiver-clock data-src=\"/asks/outlook\""), "{form}");
        let told = mara.get("/asks/outlook?to=priya+kulkarni,+Tomasz&verb=review&due=2+working+days").await.text();
        assert!(told.contains("17:30 there, next at work") || told.contains("17:30 there, works until"), "{told}");
        assert!(told.contains("Tomasz Zieliński") && told.contains("due Thu 19 Mar"), "{told}");
        for unfinished in ["to=pri", "to=xyzzy", "to=mara,,&due=8+wor", "to=&verb=dance", "to=%00"] {
            let answer = mara.get(&format!("/asks/outlook?{unfinished}")).await;
            assert_eq!(answer.status, 200, "{unfinished}");
        }
        let guest = world.browser("grace").await.get("/asks/outlook?to=Tomasz").await;
        assert!(guest.status == 403 && !guest.text().contains("there"), "{}", guest.text());
        let ask = raised(&world, "mara", review(&world, &["tomasz"])).await.remove(0);
        let page = world.browser("tomasz").await.get(&format!("/asks/{}?answer=done", ask.id)).await.text();
        assert!(page.contains("data-fixed=\"verb=review&amp;due="), "{page}");
        assert!(page.contains("autofocus"), "a letter leads to the button");
        assert_eq!(
            pile(&world, "tomasz", "owe").await.iter().filter(|one| one.id == ask.id).count(),
            1,
            "looking ends nothing"
        );
    }
}

#[tokio::test]
async fn silence_consents_or_escalates_and_otherwise_means_nothing() {
    for world in worlds().await {
        let silent = |silence: &str| {
            let mut ask = review(&world, &["tomasz"]);
            ask["silence"] = json!(silence);
            if silence == "escalate" {
                ask["escalate_to"] = json!(world.person("priya"));
            }
            ask
        };
        let mut asks = Vec::new();
        for silence in ["nothing", "consent", "escalate"] {
            asks.push(raised(&world, "mara", silent(silence)).await.remove(0));
        }
        world.pass_to("2026-03-18T23:00:00Z").await;
        let states = [State::Open, State::Lapsed, State::Lapsed];
        for (ask, state) in asks.iter().zip(states) {
            let now = call::<ShowAsk>(&world, "mara", json!({ "ask": ask.id })).await.unwrap().ask;
            assert_eq!(now.state, state, "{:?}", ask.silence);
        }
        let next = pile(&world, "priya", "owe").await.into_iter().find(|ask| ask.handed_from == Some(asks[2].id));
        assert!(next.unwrap().note.contains("did not answer in time"));
    }
}

#[tokio::test]
async fn leave_stops_the_clock_and_its_end_starts_it_again() {
    for world in worlds().await {
        let ask = raised(&world, "mara", review(&world, &["tomasz"])).await.remove(0);
        let leave = json!({ "person": world.person("tomasz"), "kind": "holiday", "first_on": "2026-03-18", "last_on": "2026-03-20" });
        let leave = call::<people::leave::EnterLeave>(&world, "tomasz", leave).await.unwrap();
        world.drain().await;
        let later = call::<ShowAsk>(&world, "mara", json!({ "ask": ask.id })).await.unwrap().ask;
        assert!(later.due_at.to_string().starts_with("2026-03-23"), "{} was {}", later.due_at, ask.due_at);
        call::<people::leave::WithdrawLeave>(&world, "tomasz", json!({ "leave": leave.id })).await.unwrap();
        world.drain().await;
        let back = call::<ShowAsk>(&world, "mara", json!({ "ask": ask.id })).await.unwrap().ask;
        assert_eq!(back.due_at, ask.due_at);
    }
}

/// What a part would do: raise an ask about a record, and end it when the record is done.
#[derive(serde::Deserialize, schemars::JsonSchema)]
struct Part {
    person: Id<kernel::Person>,
    team: String,
    settle: bool,
}

impl Operation for Part {
    const NAME: &str = "test.part";
    const ROUTE: Route = Route(kernel::Method::Post, "/test/part");
    type Target = ();
    type Output = ();

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &kernel::Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<()> {
        let about = Reference::to("team", &self.team);
        if self.settle {
            tx.settle_asks(&about, None);
            return Ok(());
        }
        let ask = NewAsk {
            to: vec![self.person],
            from: None,
            verb: Verb::Read,
            subject: "The norms of the team".into(),
            about: Some(about),
            due: None,
            silence: kernel::Silence::Nothing,
            escalate_to: None,
            urgent: false,
        };
        tx.ask(&ask)
    }
}

#[tokio::test]
async fn a_part_raises_an_ask_with_one_line_and_ends_it_with_another() {
    for world in worlds().await {
        let part = |settle| Part { person: world.person("tomasz"), team: world.team("payments").to_string(), settle };
        world.call(&world.system(), part(false)).await.unwrap();
        world.drain().await;
        let ask = pile(&world, "tomasz", "read").await.into_iter().find(|ask| ask.asker_id.is_none()).unwrap();
        assert_eq!(ask.href.as_deref(), Some(format!("/teams/{}", world.team("payments")).as_str()));
        world.call(&world.system(), part(true)).await.unwrap();
        world.drain().await;
        let now = call::<ShowAsk>(&world, "tomasz", json!({ "ask": ask.id })).await.unwrap().ask;
        assert_eq!(now.state, State::Done);
    }
}
