//! The two jobs, as the queue runs them.
use crate::support::{NOON, Postbox, SECOND, World, worlds};
use audit::Verdict;
use kernel::{Id, Person, Time, args};

async fn person(world: &World, name: &str, email: Option<&str>, roles: &str) {
    let (workspace, id) = (world.workspace, Id::<Person>::new());
    world
        .sql(
            "insert into people (workspace_id, id, name, sort_name, email, zone, hours, employment, created_at, updated_at)
             values ($1, $2, $3, $3, $4, 'Europe/Berlin', '', 'employee', 0, 0)",
            args![workspace, id, name, email],
        )
        .await;
    world
        .sql(
            "insert into accounts (workspace_id, person_id, roles, auth_epoch, created_at) values ($1, $2, $3, 1, 0)",
            args![workspace, id, roles],
        )
        .await;
}

async fn letters(world: &World) -> Vec<(String, String)> {
    let select = "select recipient, subject from mails where workspace_id = $1 order by recipient, id";
    world.rows(select, args![world.workspace]).await
}

#[tokio::test]
async fn the_job_seals_until_nothing_waits() {
    for world in worlds().await {
        for _ in 0..3 {
            world.record(1_500).await;
        }
        world.job("audit.seal", &Postbox::default()).await;
        let verdict = world.verify(&[]).await;
        assert!(matches!(verdict, Verdict::Sound { size: 4_500, unsealed: 0, .. }), "{verdict:?}");
    }
}

#[tokio::test]
async fn servers_that_seal_at_once_make_one_chain() {
    for world in worlds().await {
        for _ in 0..4 {
            world.record(1_000).await;
        }
        let seal = || async {
            let mut sealed = 0;
            for _ in 0..4 {
                sealed += world.try_seal().await.unwrap_or(0);
            }
            sealed
        };
        let (one, two, three, ()) = tokio::join!(seal(), seal(), seal(), world.record(500));
        let rest = world.seal().await;
        assert_eq!(one + two + three + rest, 4_500);
        let verdict = world.verify(&[]).await;
        assert!(matches!(verdict, Verdict::Sound { size: 4_500, unsealed: 0, .. }), "{verdict:?}");
    }
}

#[tokio::test]
async fn a_checkpoint_is_made_only_when_the_chain_has_grown() {
    for world in worlds().await {
        let postbox = Postbox::default();
        world.job("audit.checkpoint", &postbox).await;
        assert_eq!(postbox.notes.lock().unwrap().len(), 0);
        for count in [3, 2] {
            world.record(count).await;
            world.seal().await;
            world.job("audit.checkpoint", &postbox).await;
            world.job("audit.checkpoint", &postbox).await;
        }
        let notes = postbox.notes.lock().unwrap().clone();
        assert_eq!(notes.len(), 2);
        let verdict = world.verify(&notes).await;
        assert!(matches!(verdict, Verdict::Sound { size: 5, checkpoints: 4, .. }), "{verdict:?}");
    }
}

#[tokio::test]
async fn owners_get_one_letter_a_day() {
    for world in worlds().await {
        person(&world, "Mara", Some("mara@ferry.example"), "member owner").await;
        person(&world, "Noor", Some("noor@ferry.example"), "owner").await;
        person(&world, "Odd", None, "owner").await;
        person(&world, "Pia", Some("pia@ferry.example"), "admin member").await;
        let day = 24 * 3600 * SECOND;
        for (at, letters_then) in [(0, 2), (600 * SECOND, 2), (day - SECOND, 2), (day + SECOND, 4), (day + day, 4)] {
            world.app.clock.set(Time(NOON.0 + at));
            world.record(1).await;
            world.seal().await;
            world.job("audit.checkpoint", &Postbox::default()).await;
            assert_eq!(letters(&world).await.len(), letters_then, "{at}");
        }
        let (recipient, subject) = letters(&world).await.remove(0);
        assert_eq!((recipient.as_str(), subject.as_str()), ("mara@ferry.example", "Checkpoint of Ferry & Co: 1 event"));
    }
}

#[tokio::test]
async fn a_letter_carries_the_note() {
    for world in worlds().await {
        person(&world, "Mara", Some("mara@ferry.example"), "owner").await;
        world.record(2).await;
        world.seal().await;
        world.job("audit.checkpoint", &Postbox::default()).await;
        let select = "select body_text, body_html from mails where workspace_id = $1";
        let (text, html): (String, String) = world.rows(select, args![world.workspace]).await.remove(0);
        assert!(html.contains("Ferry &amp; Co") && html.contains("cairn/"), "{html}");
        let verdict = world.verify(&[text]).await;
        assert!(matches!(verdict, Verdict::Sound { checkpoints: 2, .. }), "{verdict:?}");
    }
}
