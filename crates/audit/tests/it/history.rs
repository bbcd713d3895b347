//! What a verification says about histories that nobody, or somebody, has touched.
use crate::{
    support::{Erase, NOON, SECOND, World, is_invalid, key, keys, worlds},
    tamper::Stored,
};
use audit::{Reason, Verdict, checkpoint};
use kernel::{Bind, Checkpoint, Id, Time, args};

async fn events(world: &World) -> Vec<String> {
    world.rows("select id from events where workspace_id = $1 order by id", args![world.workspace]).await
}

#[tokio::test]
async fn an_empty_history_is_sound() {
    for world in worlds().await {
        let verdict = world.verify(&[]).await;
        let words = "The history is whole: 0 sealed events, the last hash is";
        assert!(verdict.is_sound() && verdict.in_words().starts_with(words), "{}", verdict.in_words());
    }
}

#[tokio::test]
async fn a_sealed_history_is_sound_and_counts_what_waits() {
    for world in worlds().await {
        world.record(7).await;
        assert_eq!((world.seal().await, world.seal().await), (7, 0));
        let note = world.sign().await.unwrap();
        world.record(3).await;
        let Verdict::Sound { size, checkpoints, erased, unsealed, late, .. } = world.verify(&[note]).await else {
            panic!("a sound history");
        };
        assert_eq!((size, checkpoints, erased, unsealed, late), (7, 1, 0, 3, 0));
        world.app.clock.set(Time(NOON.0 + 3601 * SECOND));
        let verdict = world.verify(&[]).await;
        assert!(matches!(verdict, Verdict::Sound { unsealed: 3, late: 3, .. }), "{verdict:?}");
    }
}

#[tokio::test]
async fn pages_join_without_a_gap() {
    for world in worlds().await {
        for _ in 0..6 {
            world.record(1_999).await;
        }
        while world.seal().await > 0 {}
        let note = world.sign().await.unwrap();
        let verdict = world.verify(std::slice::from_ref(&note)).await;
        assert!(matches!(verdict, Verdict::Sound { size: 11_994, checkpoints: 1, .. }), "{verdict:?}");
        let last = Stored { id: "z".repeat(26), ..Stored::invented() };
        world.insert_event(&last).await;
        let verdict = world.verify(&[]).await;
        assert_eq!(
            verdict,
            Verdict::Broken { position: None, event: Some(last.id.clone()), reason: Reason::NeverSealed }
        );
        world.delete_event(&last.id).await;

        let ids = events(&world).await;
        world.set_event(&ids[10_500], "door", "mcp".bind()).await;
        let verdict = world.verify(&[note]).await;
        let broken = matches!(verdict, Verdict::Broken { position: Some(10_501), reason: Reason::EventChanged, .. });
        assert!(broken, "{verdict:?}");

        let away = "update event_seals set position = position + 100000 where workspace_id = $1 and position > 5000";
        world.sql(away, args![world.workspace]).await;
        assert_eq!(world.verify(&[]).await, gap(5_001));
    }
}

fn gap(position: i64) -> Verdict {
    Verdict::Broken { position: Some(position), event: None, reason: Reason::Gap }
}

#[tokio::test]
async fn seals_stand_at_one_two_three() {
    for world in worlds().await {
        world.record(4).await;
        world.seal().await;
        world.insert_seal(0, &Stored::invented()).await;
        assert_eq!(world.verify(&[]).await, gap(1));
        world.delete_seals(0, 0).await;
        assert!(world.verify(&[]).await.is_sound());
        world.delete_seals(3, 3).await;
        assert_eq!(world.verify(&[]).await, gap(3));
    }
}

#[tokio::test]
async fn erased_content_is_counted_and_the_chain_still_holds() {
    for world in worlds().await {
        world.record(5).await;
        world.seal().await;
        let note = world.sign().await.unwrap();
        let sealed = events(&world).await;
        world.record(1).await;
        let unsealed = world.waiting().await.remove(0);
        let erase = || Erase { events: vec![sealed[1].clone(), sealed[4].clone(), unsealed.clone()] };
        world.app.call(&world.system(), erase()).await.unwrap();
        world.app.call(&world.system(), erase()).await.unwrap();
        let left: Vec<String> = world
            .rows(
                "select id from events where workspace_id = $1 and (data is not null or salt is not null)",
                args![world.workspace],
            )
            .await;
        assert_eq!(left.len(), 6, "three events, and three that say so");
        world.seal().await;
        let verdict = world.verify(&[note]).await;
        let sound = matches!(verdict, Verdict::Sound { size: 9, checkpoints: 1, erased: 3, unsealed: 0, .. });
        assert!(sound, "{verdict:?}");
        let nothing = Erase { events: vec![Id::<kernel::Event>::new().to_string()] };
        assert!(matches!(world.app.call(&world.system(), nothing).await, Err(kernel::Error::NotFound)));
    }
}

#[tokio::test]
async fn one_workspace_says_nothing_about_another() {
    for world in worlds().await {
        let other = world.neighbour().await;
        for world in [&world, &other] {
            world.record(4).await;
            world.seal().await;
        }
        let note = other.sign().await.unwrap();
        other.sql("delete from events where workspace_id = $1", args![other.workspace]).await;
        assert!(world.verify(&[]).await.is_sound());
        assert!(!other.verify(&[]).await.is_sound());
        let result = audit::verify(&world.app, world.workspace, &keys(), &[note]).await;
        assert!(is_invalid(result, "checkpoint"));
    }
}

#[tokio::test]
async fn a_file_that_proves_nothing_is_refused_as_input() {
    let world = World::at(":memory:").await;
    world.record(1).await;
    world.seal().await;
    let note = world.sign().await.unwrap();
    let stranger = audit::note::SigningKey::from_bytes("cairn.example.com", &[8; 32]).unwrap();
    let open = checkpoint::open(&note, &keys()).unwrap();
    let forged = checkpoint::sign(&stranger, &open).unwrap();
    for given in [String::new(), "cairn/x\n".into(), note.replace("\n1\n", "\n2\n"), forged] {
        assert!(is_invalid(audit::verify(&world.app, world.workspace, &keys(), &[given]).await, "checkpoint"));
    }
    let letter = format!("Hello Mara,\r\n\r\n{}\r\nKeep it.", note.replace('\n', "\r\n"));
    assert!(world.verify(&[letter]).await.is_sound());
}

#[tokio::test]
async fn a_checkpoint_on_another_chain_is_a_fork_and_one_beyond_the_end_a_cut() {
    let world = World::at(":memory:").await;
    world.record(3).await;
    world.seal().await;
    let sign = |size, head: &str| {
        let checkpoint = Checkpoint { workspace: world.workspace.to_string(), size, head: head.repeat(32) };
        checkpoint::sign(&key(), &checkpoint).unwrap()
    };
    assert_eq!(world.verify(&[sign(2, "ab")]).await, Verdict::Forked { checkpoint: 2 });
    assert_eq!(world.verify(&[sign(9, "ab"), sign(5, "ab")]).await, Verdict::Truncated { checkpoint: 9, found: 3 });
}

#[tokio::test]
async fn a_verdict_is_plain_in_json_too() {
    let broken = Verdict::Broken { position: Some(3), event: Some("abc".into()), reason: Reason::ContentChanged };
    let json = kernel::json!({ "verdict": "broken", "position": 3, "event": "abc", "reason": "content_changed" });
    assert_eq!(serde_json::to_value(&broken).unwrap(), json);
    let words = "The history was changed at place 3 (event abc). The content of the event is not as it was sealed.";
    assert_eq!(broken.in_words(), words);
}
