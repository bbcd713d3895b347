//! A month of a team of twelve in seven zones, with leave, public holidays and a change of the clocks: nothing reaches
//! anyone outside their hours, every promise is kept, and two servers do not send anything twice.
use super::call;
use asks::{FinishAsks, RaiseAsk, State};
use jiff::{SignedDuration, ToSpan, civil::date};
use kernel::{Actor, Id, Method::Get, Operation, Person, Result, Route, Time, Tx, args, columns, json, sql};
use people::hours::calendars;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, time::Duration};
use testkit::{World, worlds};

const TEAM: [&str; 12] =
    ["mara", "tomasz", "priya", "yuki", "ines", "dele", "leo", "camila", "aroha", "arjun", "hanneke", "ngozi"];

/// A small generator with a seed, so that the month is the same on every machine (SplitMix64, public domain).
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % n as u64) as usize
    }
}

#[derive(Debug, Serialize, JsonSchema)]
struct Row {
    id: String,
    receiver_id: Id<Person>,
    silence: String,
    state: State,
    raised_at: Time,
    due_at: Time,
    promised: i64,
    worked: i64,
    due_inside: bool,
}

struct Stored {
    id: String,
    receiver_id: Id<Person>,
    silence: String,
    state: String,
    raised_at: Time,
    due_at: Time,
    due: String,
    ended_at: Option<Time>,
}
columns!(Stored { id, receiver_id, silence, state, raised_at, due_at, due, ended_at });

/// All asks of the month with what their receivers' calendars say at its end, and all letters.
#[derive(Deserialize, JsonSchema)]
struct Audit {
    from: Time,
}

#[derive(Serialize, JsonSchema)]
struct Audited {
    until: Time,
    asks: Vec<Row>,
    /// Whom, of what kind, when, and whether they were at work.
    letters: Vec<(Id<Person>, String, Time, bool)>,
}

impl Operation for Audit {
    const NAME: &str = "test.audit";
    const ROUTE: Route = Route(Get, "/test/audit");
    const READS: bool = true;
    type Target = ();
    type Output = Audited;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Audited> {
        let now = tx.now();
        let select = sql!(
            "select id, receiver_id, silence, state, raised_at, due_at, due, ended_at from asks
              where workspace_id = $1 and raised_at >= $2 order by id"
        );
        let stored: Vec<Stored> = tx.all(select, args![tx.workspace(), self.from]).await?;
        let letters = sql!(
            "select person_id, kind, sent_at from ask_letters where workspace_id = $1 and sent_at >= $2 order by id"
        );
        let letters: Vec<(Id<Person>, String, Time)> = tx.all(letters, args![tx.workspace(), self.from]).await?;
        let mut people: Vec<Id<Person>> =
            stored.iter().map(|ask| ask.receiver_id).chain(letters.iter().map(|(person, ..)| *person)).collect();
        people.sort_unstable();
        people.dedup();
        let clocks: BTreeMap<_, _> =
            calendars(tx, &people, self.from, now).await?.into_iter().map(|clock| (clock.id, clock.calendar)).collect();
        let asks = stored.into_iter().map(|ask| {
            let calendar = &clocks[&ask.receiver_id];
            // What ended before its time does not follow the leave that was entered afterwards.
            let early = ask.ended_at.is_some_and(|ended| ended < ask.due_at);
            let inside = early || calendar.is_working(ask.due_at) || calendar.is_working(Time(ask.due_at.0 - 1));
            let due: kernel::Due = ask.due.parse().expect("a stored due time is one");
            let promised = due.promise().filter(|_| !ask.due.contains("day")).unwrap_or(SignedDuration::ZERO);
            Row {
                promised: promised.as_mins(),
                worked: calendar.between(ask.raised_at, ask.due_at).as_mins(),
                due_inside: inside,
                state: ask.state.parse().expect("a stored state is one"),
                id: ask.id,
                receiver_id: ask.receiver_id,
                silence: ask.silence,
                raised_at: ask.raised_at,
                due_at: ask.due_at,
            }
        });
        Ok(Audited {
            until: now - Duration::from_secs(3600),
            asks: asks.collect(),
            letters: letters
                .into_iter()
                .map(|(person, kind, at)| (person, kind, at, clocks[&person].is_working(at)))
                .collect(),
        })
    }
}

/// What somebody does in one half hour of the month.
async fn live(world: &World, chance: &mut Chance, open: &mut Vec<(Id<asks::Ask>, &'static str)>) {
    if chance.below(3) == 0 {
        let (by, to) = (TEAM[chance.below(12)], TEAM[chance.below(12)]);
        if by != to {
            let due = ["8 working hours", "2 working days", "Fri 12:00", "90 working minutes", "1 working day"]
                [chance.below(5)];
            let silence = ["nothing", "consent", "escalate"][chance.below(3)];
            let next = TEAM.iter().find(|key| **key != by && **key != to).expect("somebody else is there");
            let mut input = json!({
                "to": [world.person(to)], "verb": "answer", "subject": format!("Question {}", open.len()), "due": due,
                "silence": silence, "urgent": chance.below(10) == 0,
            });
            if silence == "escalate" {
                input["escalate_to"] = json!(world.person(next));
            }
            let ask = call::<RaiseAsk>(world, by, input).await.unwrap().remove(0);
            open.push((ask.id, to));
        }
    }
    if chance.below(4) == 0 && !open.is_empty() {
        let (ask, who) = open.swap_remove(chance.below(open.len()));
        call::<FinishAsks>(world, who, json!({ "asks": [ask] })).await.unwrap();
    }
}

async fn go_away(world: &World, chance: &mut Chance, day: jiff::civil::Date) {
    let who = TEAM[chance.below(12)];
    let last = day + (chance.below(6) as i64).days();
    let leave = json!({ "person": world.person(who), "kind": "holiday", "first_on": day, "last_on": last });
    let _ = call::<people::leave::EnterLeave>(world, who, leave).await; // they may be away already
}

#[tokio::test]
async fn a_month_of_a_team_in_seven_zones() {
    for world in worlds().await {
        let mut chance = Chance(42);
        let (start, mut open) = (date(2026, 3, 17), Vec::new());
        let begin: Time = start.at(0, 0, 0, 0).in_tz("UTC").unwrap().timestamp().into();
        world.pass_to("2026-03-17T00:00:00Z").await;
        for day in 0..28_i64 {
            let date = start + day.days();
            if day % 3 == 0 {
                go_away(&world, &mut chance, date + 2.days()).await;
            }
            for half_hour in 0..48_i64 {
                let at = date.at((half_hour / 2) as i8, (half_hour % 2 * 30) as i8, 0, 0).in_tz("UTC").unwrap();
                db::ask_for_scheduled(&world.opened.db, &world.opened.app).await.unwrap();
                world.clock.set(at.timestamp().into());
                live(&world, &mut chance, &mut open).await;
                two_servers(&world, &mut chance).await;
            }
        }
        let audited = world.call(&world.system(), Audit { from: begin }).await.unwrap();
        look(&audited);
    }
}

/// Both run what is due at the same time. Now and then one of them dies while it does so: its leases end, and the other
/// does the rest half an hour later.
async fn two_servers(world: &World, chance: &mut Chance) {
    let server = || db::drain(&world.opened.db, &world.opened.app, &*world.outside);
    if chance.below(6) == 0 {
        let life = Duration::from_micros(chance.below(3000) as u64);
        let _ = tokio::time::timeout(life, server()).await;
    }
    let (one, two) = tokio::join!(server(), server());
    if one.unwrap() + two.unwrap() > 0 {
        world.drain().await;
    }
}

fn look(audited: &Audited) {
    assert!(
        audited.asks.len() > 200 && audited.letters.len() > 100,
        "{} {}",
        audited.asks.len(),
        audited.letters.len()
    );
    for (person, kind, at, working) in &audited.letters {
        assert!(working, "a letter ({kind}) left for {person} at {at}, outside their hours");
    }
    for ask in &audited.asks {
        assert!(ask.due_inside, "{ask:?} is due outside working hours");
        if ask.state == State::Lapsed {
            assert!(ask.worked >= ask.promised, "{ask:?} had less working time than promised");
        }
        let waits = ask.state != State::Open || ask.silence == "nothing" || ask.due_at > audited.until;
        assert!(waits, "{ask:?} is open although its silence has a meaning");
    }
    let mut days = BTreeMap::new();
    for (person, kind, at, _) in audited.letters.iter().filter(|(_, kind, ..)| kind == "digest") {
        *days.entry((person, kind, at.0 / 1_000_000 / 3600 / 12)).or_insert(0) += 1;
    }
    let twice: Vec<_> = days.iter().filter(|(_, count)| **count > 1).collect();
    assert!(twice.is_empty(), "digests came twice: {twice:?}");
}
