//! What holds for the whole program: its queries, its contract, its backup, its limits.
use cairn::{PARTS, http::openapi};
use db::Db;
use kernel::json;
use std::{
    collections::BTreeMap,
    fs,
    io::{self, Cursor, Write},
    path::Path,
    sync::{Arc, Mutex},
};
use testkit::{Client, empty_worlds, sqlite_file, worlds};

#[tokio::test(flavor = "multi_thread")]
async fn every_statement_prepares_on_both_engines_and_has_the_same_columns() {
    let mut seen: BTreeMap<String, u64> = BTreeMap::new();
    for world in empty_worlds().await {
        let checked = db::prepare_all(&world.opened.db).await.unwrap();
        assert!(checked.len() > 200, "the registry is linked in");
        for one in checked {
            let columns = one.columns.unwrap_or_else(|error| panic!("{} on {}: {error}", one.place, world.url));
            assert_eq!(*seen.entry(one.place.clone()).or_insert(columns), columns, "{}", one.place);
        }
    }
}

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

async fn dumped(db: &Db) -> String {
    let kept = Kept::default();
    db::dump(db, Box::new(kept.clone())).await.unwrap();
    String::from_utf8(kept.0.lock().unwrap().clone()).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_sample_company_moves_between_the_engines_and_comes_out_the_same() {
    for world in worlds().await {
        // A row that refers to a later one of its own table.
        let mara = world.actor("mara").await;
        let mut issues = Vec::new();
        for title in ["A step", "The whole"] {
            let input = json!({ "team": world.team("payments"), "title": title });
            issues.push(world.ask(&mara, "issue.create", input).await.unwrap()["id"].clone());
        }
        world.ask(&mara, "issue.edit", json!({ "issue": issues[0], "parent": issues[1] })).await.unwrap();
        let text = dumped(&world.opened.db).await;
        let target = Db::open(&sqlite_file(), PARTS).await.unwrap();
        db::load(&target, Box::new(Cursor::new(text.clone().into_bytes()))).await.unwrap();
        assert!(dumped(&target).await == text, "from {} to SQLite", world.url);
    }
}

/// The contract of the API is a committed file: whoever changes it sees the change.
#[test]
fn the_api_is_what_the_committed_description_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../api/openapi.json");
    let found = serde_json::to_string_pretty(&openapi(PARTS)).unwrap() + "\n";
    if std::env::var_os("UPDATE_EXPECT").is_some() {
        fs::write(&path, &found).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(committed == found, "the API differs from api/openapi.json; look at it with UPDATE_EXPECT=1 and git diff");
}

#[test]
fn the_command_line_is_sound() {
    cairn::command::cli().debug_assert();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_program_with_a_token_sees_what_its_person_sees_and_repeats_itself_safely() {
    for world in worlds().await {
        let joana = world.actor("joana").await;
        let joana = kernel::Actor { door: kernel::Door::Command, ..joana };
        let input = json!({ "name": "script", "scopes": ["person:write", "team:write"], "days": 1 });
        let token: people::account::token::CreateToken = kernel::parse(input).unwrap();
        let token = world.call(&joana, token).await.unwrap().token;
        let mut program: Client = world.client().bearer(&token);

        let list = program.json("GET", "/api/v1/people?limit=5", &json!(null)).await;
        assert_eq!((list.status.as_u16(), list.json()["people"].as_array().map(Vec::len)), (200, Some(5)));
        let next = list.json()["next"].as_str().unwrap().replace(' ', "%20");
        let rest = program.json("GET", &format!("/api/v1/people?limit=5&after={next}"), &json!(null)).await.json();
        assert_ne!(rest["people"][0]["id"], list.json()["people"][0]["id"], "the next page is another one");

        program.headers.push(("idempotency-key".into(), "once".into()));
        let team = json!({ "name": "Search" });
        let first = program.json("POST", "/api/v1/teams", &team).await;
        let again = program.json("POST", "/api/v1/teams", &team).await;
        assert_eq!((first.status.as_u16(), first.json()), (again.status.as_u16(), again.json()));
        assert_eq!(program.json("POST", "/api/v1/teams", &json!({ "name": "Other" })).await.status, 422);

        let wrong = program.json("POST", "/api/v1/people", &json!({ "name": "", "zone": "Mars/Base" })).await;
        assert_eq!((wrong.status.as_u16(), wrong.header("content-type")), (422, Some("application/problem+json")));
        assert_eq!(wrong.json()["errors"][0]["field"], "name");
    }
}
