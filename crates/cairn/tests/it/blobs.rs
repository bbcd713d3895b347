//! The bytes that people bring: into the store, out of it, and with every copy of the data.
use crate::writers::{Home, What, Writers, below, free_port};
use base64::{Engine, engine::general_purpose::STANDARD};
use kernel::{Json, json};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};
use testkit::{World, sqlite_file, worlds};

/// A picture of one pixel that has this much red.
fn pixel(red: u8) -> String {
    let mut gif = STANDARD.decode("R0lGODlhAQABAIAAAP///wAAACH5BAAAAAAALAAAAAABAAEAAAICRAEAOw==").unwrap();
    gif[13] = red;
    STANDARD.encode(gif)
}

async fn done(world: &World, who: &str, operation: &str, input: Json) -> Json {
    let answer = world.ask(&world.actor(who).await, operation, input).await;
    answer.unwrap_or_else(|error| panic!("{operation} by {who}: {error}"))
}

async fn bring(world: &World, text: &str) -> String {
    let input = json!({
        "kind": "team", "record": world.team("payments"), "name": "note.txt", "content": STANDARD.encode(text),
    });
    let file = done(world, "mara", "file.add", input).await;
    format!("/files/{}/note.txt", file["id"].as_str().unwrap())
}

/// The files below a folder whose bytes are these.
fn holding(folder: &Path, bytes: &[u8]) -> usize {
    below(folder).values().filter(|found| found.as_slice() == bytes).count()
}

fn store() -> PathBuf {
    Path::new(&sqlite_file()).with_file_name("files")
}

#[tokio::test]
async fn a_file_is_read_alike_before_and_after_it_has_moved_into_the_store() {
    for world in worlds().await {
        let text = format!("moved from {}", world.url);
        let path = bring(&world, &text).await;
        assert_eq!(holding(&store(), text.as_bytes()), 0);
        assert_eq!(world.browser("mara").await.get(&path).await.text(), text);
        world.drain().await;
        assert_eq!(holding(&store(), text.as_bytes()), 1);
        let answer = world.browser("mara").await.get(&path).await;
        assert_eq!((answer.status.as_u16(), answer.text()), (200, text));
        assert_eq!(
            world.browser("yuki").await.get(&path).await.status,
            404,
            "only its owner reads it until it is shown"
        );
    }
}

#[tokio::test]
async fn what_never_came_to_stand_anywhere_is_forgotten_after_a_week_and_deleted_a_day_later() {
    for world in worlds().await {
        let texts = ["left", "drafted", "shown"].map(|what| format!("{what} in {}", world.url));
        let [left, drafted, shown] = [&texts[0], &texts[1], &texts[2]];
        let paths = [bring(&world, left).await, bring(&world, drafted).await, bring(&world, shown).await];
        let about = json!({ "kind": "team", "record": world.team("payments") });
        let mut comment = about.clone();
        comment["body"] = json!(format!("See [note]({})", paths[2]));
        done(&world, "mara", "comment.add", comment).await;
        let mut draft = about.clone();
        draft["body"] = json!(format!("See [note]({})", paths[1]));
        done(&world, "mara", "draft.save", draft).await;
        world.pass_to("2026-03-23T12:00:00Z").await;
        assert_eq!(world.browser("mara").await.get(&paths[0]).await.status, 200, "it is six days old");
        world.pass_to("2026-03-25T13:00:00Z").await;
        let mut browser = world.browser("mara").await;
        let mut status = Vec::new();
        for path in &paths {
            status.push(browser.get(path).await.status.as_u16());
        }
        assert_eq!(status, [404, 200, 200]);
        assert_eq!(holding(&store(), left.as_bytes()), 1, "a backup that has begun may still want it");
        world.pass_to("2026-03-27T13:00:00Z").await;
        let stored = [left, drafted, shown].map(|text| holding(&store(), text.as_bytes()));
        assert_eq!(stored, [0, 1, 1]);
    }
}

#[tokio::test]
async fn the_photo_before_is_deleted_from_the_store() {
    for world in worlds().await {
        let mara = world.person("mara");
        let mut photos = Vec::new();
        for red in [10, 200] {
            let set = json!({ "person": mara, "picture": pixel(red) });
            let name = done(&world, "mara", "person.set_photo", set).await["photo"].as_str().unwrap().to_owned();
            let path = format!("/people/{mara}/photo/{name}");
            photos.push(world.browser("priya").await.get(&path).await.body.to_vec());
            world.drain().await;
            assert_eq!(world.browser("priya").await.get(&path).await.body.to_vec(), photos[photos.len() - 1]);
        }
        let before = holding(&store(), &photos[0]);
        world.pass_to("2026-03-18T13:00:00Z").await;
        assert_eq!(holding(&store(), &photos[0]), before - 1);
        assert!(holding(&store(), &photos[1]) > 0);
        done(&world, "mara", "person.remove_photo", json!({ "person": mara })).await;
    }
}

fn cairn(folder: &Path, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_cairn"));
    command.args(arguments).arg("--data").arg(folder).output().unwrap()
}

fn said(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_holds_the_files_and_a_restore_without_them_is_refused_whole() {
    let home = Home { folder: sqlite_file().replace(".db", ""), database: None };
    let (token, team) = (home.begin().await, home.team().await);
    let port = free_port();
    let server = home.serve(port);
    let writers = Writers::start(port, &token, 0, What::Files(team));
    writers.wait();
    home.wait_for_moves();
    drop(server);
    let promised = writers.promised();
    let (folder, backup) = (PathBuf::from(&home.folder), PathBuf::from(sqlite_file()).with_extension("backup"));
    let written = cairn(&folder, &["backup", backup.to_str().unwrap()]);
    assert!(written.status.success(), "{}", said(&written));
    let other = Home { folder: format!("{}-restored", home.folder), database: None };
    let restored = cairn(other.folder.as_ref(), &["restore", backup.to_str().unwrap()]);
    assert!(restored.status.success(), "{}", said(&restored));
    let here = below(&folder.join("files"));
    assert!(is_within(&below(&Path::new(&other.folder).join("files")), &here), "the stores are alike");
    let (lost, stored) = other.lost_files(&promised).await;
    assert_eq!((lost, stored > 0), (Vec::new(), true));

    let text = fs::read_to_string(&backup).unwrap();
    let cut: String =
        text.lines().filter(|line| !line.starts_with(r#"{"blob""#)).map(|line| format!("{line}\n")).collect();
    fs::write(&backup, cut).unwrap();
    let third = PathBuf::from(format!("{}-refused", home.folder));
    let refused = cairn(&third, &["restore", backup.to_str().unwrap()]);
    assert!(!refused.status.success() && said(&refused).contains("are not in this backup"), "{}", said(&refused));
    fs::write(&backup, text).unwrap();
    assert!(cairn(&third, &["restore", backup.to_str().unwrap()]).status.success(), "nothing of the first try remains");

    let moved = format!("{}-moved", home.folder);
    let database = format!("{moved}.db");
    let copied = cairn(&folder, &["copy", "--to", &database, "--files-to", &moved]);
    assert!(copied.status.success(), "{}", said(&copied));
    assert!(is_within(&below(moved.as_ref()), &here), "the files came along");
}

/// Whether all that is in one folder is in another. A server that is killed may leave a file there of which its database
/// does not know yet.
fn is_within(some: &BTreeMap<PathBuf, Vec<u8>>, all: &BTreeMap<PathBuf, Vec<u8>>) -> bool {
    !some.is_empty() && some.iter().all(|(name, bytes)| all.get(name) == Some(bytes))
}

#[test]
fn doctor_says_where_files_are_and_whether_they_can_be_kept() {
    let folder = PathBuf::from(sqlite_file()).with_extension("doctor");
    let good = cairn(&folder, &["doctor"]);
    assert!(said(&good).contains(&format!("Files are kept in the folder {}", folder.join("files").display())));
    assert!(good.status.success(), "{}", said(&good));
    let bad = cairn(&folder, &["doctor", "--files-url", "ftp://files.example"]);
    assert!(!bad.status.success() && said(&bad).contains("neither a folder nor s3://"), "{}", said(&bad));
}
