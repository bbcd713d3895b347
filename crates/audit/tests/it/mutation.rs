//! Random histories, each with one random change straight in the tables: with a checkpoint in hand it is always found.
//! `PROPTEST_CASES` sets how many are tried.
use crate::{
    support::{NOON, SECOND, World, postgres},
    tamper::{Stored, flip},
};
use audit::Verdict;
use kernel::{Bind, Time, Value, args};
use proptest::{
    prelude::*,
    sample::{Index, select},
    test_runner::{TestCaseResult, TestRunner},
};
use tokio::runtime::Runtime;

/// How many events are sealed before the checkpoint and after it, and how many wait.
#[derive(Clone, Debug)]
struct History {
    covered: Vec<usize>,
    later: usize,
    waiting: usize,
    erased: bool,
}

#[derive(Clone, Debug)]
enum Tampering {
    FlipEvent(&'static str),
    MoveInTime(i64),
    FlipSeal(&'static str),
    DeleteEvent,
    DeleteSeal,
    DeleteBoth,
    DeleteWaitingEvent,
    DeleteWaitingRow,
    EmptyWaiting(&'static str),
    InsertEvent,
    InsertBetween,
    QueueAgain,
    SwapContent,
    SwapEvents,
    SwapSeals,
    Truncate { events: bool, queue: bool },
    Renumber(i64),
    TurnOver,
    SpliceEvent,
    SpliceSeal,
    SpliceAll,
    EraseQuietly,
    EraseHalf(&'static str),
    RewriteVerb,
    RewriteContent,
    RewriteTime,
    RewriteWithout,
    RewriteWith,
    RewriteOrder,
    FlipNote,
    MoveCheckpoint,
    ForgeCheckpoint { ours: bool },
}
use Tampering::*;

fn history() -> impl Strategy<Value = History> {
    (prop::collection::vec(1..4_usize, 2..5), 0..4_usize, 1..4_usize, any::<bool>())
        .prop_map(|(covered, later, waiting, erased)| History { covered, later, waiting, erased })
}

fn tampering() -> impl Strategy<Value = Tampering> {
    let event = select(vec!["id", "actor", "door", "verb", "subject", "data", "salt"]);
    let content = || select(vec!["data", "salt"]);
    let simple = select(vec![
        DeleteEvent,
        DeleteSeal,
        DeleteBoth,
        DeleteWaitingEvent,
        DeleteWaitingRow,
        InsertEvent,
        InsertBetween,
        QueueAgain,
        SwapContent,
        SwapEvents,
        SwapSeals,
        TurnOver,
        SpliceEvent,
        SpliceSeal,
        SpliceAll,
        EraseQuietly,
        FlipNote,
        MoveCheckpoint,
    ]);
    let rewrite = select(vec![RewriteVerb, RewriteContent, RewriteTime, RewriteWithout, RewriteWith, RewriteOrder]);
    prop_oneof![
        4 => event.prop_map(FlipEvent),
        1 => prop_oneof![-9_i64..0, 1..9_i64].prop_map(MoveInTime),
        3 => select(vec!["event_id", "commitment", "hash"]).prop_map(FlipSeal),
        1 => content().prop_map(EmptyWaiting),
        1 => content().prop_map(EraseHalf),
        2 => any::<(bool, bool)>().prop_map(|(events, queue)| Truncate { events, queue }),
        1 => (1..1000_i64).prop_map(Renumber),
        1 => any::<bool>().prop_map(|ours| ForgeCheckpoint { ours }),
        6 => rewrite,
        12 => simple,
    ]
}

/// Makes the history, and returns the note over what `covered` counts, and how many events that is.
async fn make(world: &World, history: &History) -> (String, i64) {
    for count in &history.covered {
        world.record(*count).await;
        world.seal().await;
    }
    if history.erased {
        let first = world.event_at(1).await;
        world.app.call(&world.system(), crate::support::Erase { events: vec![first] }).await.unwrap();
        world.seal().await;
    }
    let covered = world.chain().await.len() as i64;
    let note = world.sign().await.unwrap();
    world.keep_checkpoint(covered, &note).await;
    world.record(history.later).await;
    world.seal().await;
    world.app.clock.set(Time(world.app.clock.now().0 + SECOND));
    world.record(history.waiting).await;
    (note, covered)
}

/// Two different covered positions above the first, whose content may have been erased; and a letter.
struct Where {
    one: i64,
    other: i64,
    letter: usize,
    covered: i64,
}

async fn tamper(world: &World, neighbour: &World, tampering: &Tampering, place: &Where) {
    let Where { one, other, letter, covered } = *place;
    let event = world.event_at(one).await;
    match tampering {
        FlipEvent(column) => world.flip_event(one, column, letter).await,
        MoveInTime(by) => {
            let at = world.chain().await[one as usize - 1].at;
            world.set_event(&event, "at", Time(at.0 + by).bind()).await;
        }
        FlipSeal(column) => world.flip_seal(one, column, letter).await,
        DeleteEvent => world.delete_event(&event).await,
        DeleteSeal => world.delete_seals(one, one).await,
        DeleteBoth => {
            world.delete_event(&event).await;
            world.delete_seals(one, one).await;
        }
        InsertEvent => world.insert_event(&Stored::invented()).await,
        InsertBetween => {
            let moved = "update event_seals set position = position + $3 where workspace_id = $1 and position >= $2";
            world.sql(moved, args![world.workspace, one, 1000]).await;
            world.sql(moved, args![world.workspace, 1000, -999]).await;
            world.insert_event(&Stored::invented()).await;
            world.insert_seal(one, &Stored::invented()).await;
        }
        QueueAgain => world.queue(&event).await,
        SwapContent => world.swap(one, other, &["data", "salt"]).await,
        SwapEvents => world.swap(one, other, &["at", "actor", "door", "verb", "subject", "data", "salt"]).await,
        SwapSeals => world.swap_seals(one, other).await,
        Truncate { events, queue } => world.truncate(one - 1, *events, *queue).await,
        Renumber(by) => renumber(world, one, "position + $3", *by).await,
        TurnOver => renumber(world, one, "-position * $3", 1).await,
        EraseQuietly => {
            world.set_event(&event, "data", Value::Null).await;
            world.set_event(&event, "salt", Value::Null).await;
        }
        EraseHalf(column) => world.set_event(&event, column, Value::Null).await,
        DeleteWaitingEvent | DeleteWaitingRow | EmptyWaiting(_) => tamper_waiting(world, tampering).await,
        SpliceEvent | SpliceSeal | SpliceAll => splice(world, neighbour, tampering, one).await,
        FlipNote | MoveCheckpoint | ForgeCheckpoint { .. } => {
            tamper_checkpoint(world, tampering, covered, letter).await;
        }
        rewrite => {
            let (rewrite, one, other) = (rewrite.clone(), one as usize - 1, other as usize - 1);
            world.rewrite(|chain| change(chain, &rewrite, one, other)).await;
        }
    }
}

fn change(chain: &mut Vec<Stored>, rewrite: &Tampering, one: usize, other: usize) {
    match rewrite {
        RewriteVerb => chain[one].verb = "praise.withdrawn".into(),
        RewriteContent => chain[one].data = Some(r#"{"text":"something else"}"#.into()),
        RewriteTime => chain[one].at = Time(NOON.0 - SECOND),
        RewriteWithout => drop(chain.remove(one)),
        RewriteWith => chain.insert(one, Stored::invented()),
        RewriteOrder => chain.swap(one, other),
        other => panic!("{other:?} is no rewriting"),
    }
}

async fn renumber(world: &World, from: i64, to: &str, by: i64) {
    // One after the other from the end, as two seals cannot share a position even for a moment.
    let update = format!("update event_seals set position = {to} where workspace_id = $1 and position = $2");
    for position in (from..=world.chain().await.len() as i64).rev() {
        world.sql(&update, args![world.workspace, position, by]).await;
    }
}

async fn tamper_waiting(world: &World, tampering: &Tampering) {
    let event = world.waiting().await.remove(0);
    match tampering {
        DeleteWaitingEvent => world.delete_event(&event).await,
        EmptyWaiting(column) => world.set_event(&event, column, Value::Null).await,
        _ => {
            let delete = "delete from unsealed_events where workspace_id = $1 and event_id = $2";
            world.sql(delete, args![world.workspace, event]).await;
        }
    }
}

async fn splice(world: &World, neighbour: &World, tampering: &Tampering, at: i64) {
    let theirs = neighbour.chain().await.remove(at as usize % 5);
    match tampering {
        SpliceEvent => {
            let mine = world.event_at(at).await;
            world.delete_event(&mine).await;
            world.insert_event(&Stored { id: mine, ..theirs }).await;
        }
        SpliceSeal => {
            world.delete_seals(at, at).await;
            world.insert_event(&theirs).await;
            world.insert_seal(at, &theirs).await;
        }
        _ => world.splice_all(neighbour).await,
    }
}

async fn tamper_checkpoint(world: &World, tampering: &Tampering, covered: i64, letter: usize) {
    match tampering {
        ForgeCheckpoint { ours } => world.forge_checkpoint(covered, *ours).await,
        MoveCheckpoint => {
            let update = "update checkpoints set size = size - 1 where workspace_id = $1";
            world.sql(update, args![world.workspace]).await;
        }
        _ => {
            let select = "select note from checkpoints where workspace_id = $1";
            let note: String = world.rows(select, args![world.workspace]).await.remove(0);
            let update = "update checkpoints set note = $2 where workspace_id = $1";
            world.sql(update, args![world.workspace, flip(&note, letter)]).await;
        }
    }
}

async fn is_found(
    base: &World,
    neighbour: &World,
    history: &History,
    tampering: &Tampering,
    places: &(Index, Index, usize),
) -> TestCaseResult {
    let world = base.neighbour().await;
    let (note, covered) = make(&world, history).await;
    let given = [note];
    let before = world.verify(&given).await;
    prop_assert!(before.is_sound(), "{before:?}");
    // From the second place on: the first may have been erased, and there must be two.
    let choices = covered as usize - 1;
    let one = 2 + places.0.index(choices) as i64;
    let other = if choices == 1 { 1 } else { 2 + (one - 2 + 1 + places.1.index(choices - 1) as i64) % choices as i64 };
    tamper(&world, neighbour, tampering, &Where { one, other, letter: places.2, covered }).await;
    let after = world.verify(&given).await;
    prop_assert!(!after.is_sound(), "{after:?}");
    Ok(())
}

fn every_change_is_found(runtime: &Runtime, url: &str) {
    let (base, neighbour) = runtime.block_on(async {
        let base = World::at(url).await;
        let neighbour = base.neighbour().await;
        neighbour.record(9).await;
        neighbour.seal().await;
        (base, neighbour)
    });
    let cases = (history(), tampering(), any::<(Index, Index, usize)>());
    let mut runner = TestRunner::new(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() });
    let result = runner.run(&cases, |(history, tampering, places)| {
        runtime.block_on(is_found(&base, &neighbour, &history, &tampering, &places))
    });
    result.unwrap_or_else(|error| panic!("{error}"));
}

#[test]
fn every_change_is_found_on_sqlite() {
    every_change_is_found(&Runtime::new().unwrap(), ":memory:");
}

#[test]
fn every_change_is_found_on_postgres() {
    let runtime = Runtime::new().unwrap();
    if let Some(url) = runtime.block_on(postgres()) {
        every_change_is_found(&runtime, &url);
    }
}

/// The promise, and its limit.
#[tokio::test]
async fn only_what_follows_the_last_checkpoint_can_be_rewritten() {
    let world = World::at(":memory:").await;
    let history = History { covered: vec![3, 3], later: 3, waiting: 1, erased: false };
    let (note, covered) = make(&world, &history).await;
    world.rewrite(|chain| change(chain, &RewriteVerb, covered as usize, 0)).await;
    assert!(world.verify(std::slice::from_ref(&note)).await.is_sound());
    world.rewrite(|chain| change(chain, &RewriteVerb, covered as usize - 1, 0)).await;
    assert_eq!(world.verify(&[note]).await, Verdict::Forked { checkpoint: covered });
    assert!(world.verify(&[]).await.is_sound(), "without a checkpoint nobody can tell");
}
