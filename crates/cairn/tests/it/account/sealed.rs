//! Notes for their author alone: what opens them, what does not, and what the database holds of them.
use super::{
    PASSWORD, add, begun, later, newest_link,
    second_factor::{add_app, code},
    settle, sign_in,
};
use kernel::{Actor, Error, Method::Post, Operation, Result, Route, Tx, args, json, parse, sql};
use schemars::JsonSchema;
use serde::Deserialize;
use std::fs;
use testkit::{Client, World, crawl, without_chance};

const NEW: &str = "herons over the estuary";

/// Begins with the notes, and returns the recovery code.
async fn begin(browser: &mut Client) -> String {
    let answer = browser.post_from("/notes", "/notes/key", &[("password", PASSWORD)]).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    let text = answer.text();
    let code =
        text.split("<code>").nth(1).and_then(|rest| rest.split('<').next()).expect("the code is shown").to_owned();
    assert_eq!(code.len(), 29);
    let groups: Vec<&str> = code.split('-').collect();
    let typed = |second, fifth| [("code", code.as_str()), ("second", second), ("fifth", fifth)];
    let wrong = browser.post_from("/notes", "/notes/key/confirmed", &typed(groups[0], groups[4])).await;
    assert_eq!(wrong.status, 422);
    let right = browser.post_from("/notes", "/notes/key/confirmed", &typed(groups[1], groups[4])).await;
    assert_eq!(right.status, 303);
    code
}

/// Keeps a note and returns its address.
async fn write(browser: &mut Client, title: &str, body: &str, more: &[(&str, &str)]) -> String {
    let fields = [&[("title", title), ("body", body)][..], more].concat();
    let kept = browser.post_from("/notes/new", "/notes/new", &fields).await;
    assert_eq!(kept.status, 303, "{}", kept.text());
    let list = browser.get("/notes").await.text();
    let at = list.find(title).unwrap_or_else(|| panic!("{title} is not in {list}"));
    let start = list[..at].rfind("/notes/").expect("the note has an address");
    list[start..].split('"').next().unwrap_or_default().to_owned()
}

async fn opens(browser: &mut Client, note: &str, words: &str) -> bool {
    browser.get(note).await.text().contains(words)
}

/// The bytes of an SQLite database, with what has not reached its file yet; nothing for PostgreSQL.
fn bytes(world: &World) -> Option<Vec<u8>> {
    let path = world.url.strip_prefix("sqlite:").unwrap_or(&world.url).trim_start_matches("//");
    let main = fs::read(path).ok()?;
    let log = fs::read(format!("{path}-wal")).unwrap_or_default();
    Some([main, log].concat())
}

fn holds(bytes: &[u8], words: &str) -> bool {
    bytes.windows(words.len()).any(|window| window == words.as_bytes())
}

#[tokio::test]
async fn the_database_holds_no_word_of_a_note_and_its_author_finds_every_one() {
    for (world, mut owner) in begun().await {
        let code = begin(&mut owner).await;
        let note = write(&mut owner, "Saffron title", "Watch for the marmalade evenings.", &[]).await;
        assert!(opens(&mut owner, &note, "marmalade evenings").await);
        for (words, found) in [("MARMALADE", true), ("evenings saffron", true), ("quince", false)] {
            let page = owner.post_from("/notes", "/notes/found", &[("q", words)]).await.text();
            assert_eq!(page.contains("Saffron title"), found, "{words}");
        }
        for path in ["/search?q=marmalade", "/search.json?q=saffron", "/palette.json", "/me"] {
            let found = owner.get(path).await.text().to_lowercase();
            assert!(
                !found.contains("saffron title") && !found.contains("marmalade evenings"),
                "{path} tells of a note"
            );
        }
        world.drain().await;
        if let Some(bytes) = bytes(&world) {
            assert!(holds(&bytes, "ola@northwind.example"), "these are the bytes of the database");
            for words in ["Saffron", "marmalade", &code, &code.replace('-', "")] {
                assert!(!holds(&bytes, words), "the database holds {words}");
            }
        }
    }
}

#[tokio::test]
async fn notes_lock_when_they_are_left_and_the_password_opens_them_again() {
    for (world, mut owner) in begun().await {
        begin(&mut owner).await;
        let note = write(&mut owner, "Quiet", "Marmalade", &[]).await;
        later(&world, 14);
        assert!(opens(&mut owner, &note, "Marmalade").await, "use keeps them open");
        later(&world, 16);
        assert_eq!(owner.get(&note).await.status, 303);
        assert!(owner.get("/notes").await.text().contains("Your notes are locked"));
        let proven = owner.post_from("/notes", "/prove", &[("password", PASSWORD), ("return_to", "/notes")]).await;
        assert_eq!(proven.status, 303);
        assert!(opens(&mut owner, &note, "Marmalade").await);
        owner.post_from("/notes", "/notes/key/locked", &[]).await;
        assert!(!opens(&mut owner, &note, "Marmalade").await);
        let mut second = sign_in(&world, "ola@northwind.example", PASSWORD).await;
        assert!(opens(&mut second, &note, "Marmalade").await, "signing in opens them, without a second prompt");
        assert!(!opens(&mut owner, &note, "Marmalade").await, "each session has its own key");
    }
}

#[tokio::test]
async fn a_new_password_keeps_them_and_a_reset_by_whoever_never_opens_them() {
    for (world, mut owner) in begun().await {
        let person = add(&world, "Nell Newcomer", Some("nell@northwind.example")).await;
        let mut nell = settle(&world, &mut owner, person, &["member"]).await;
        let code = begin(&mut nell).await;
        let note = write(&mut nell, "Quiet", "Marmalade", &[]).await;
        let change = [("password", PASSWORD), ("new_password", NEW)];
        assert_eq!(nell.post_from("/me", "/me/password", &change).await.status, 303);
        assert!(opens(&mut nell, &note, "Marmalade").await, "they stay open while the password changes");
        let mut nell = sign_in(&world, "nell@northwind.example", NEW).await;
        assert!(opens(&mut nell, &note, "Marmalade").await);
        assert!(!opens(&mut owner, &note, "Marmalade").await, "the owner of the workspace reads nothing");

        let sent = owner.post_from("/me", &format!("/people/{person}/reset"), &[]).await;
        assert_eq!(sent.status, 303, "{}", sent.text());
        let link = newest_link(&world, "/reset/").await;
        let mut taken = world.client();
        assert_eq!(taken.post(&link, &[("new_password", "bitterns in the reeds")]).await.status, 303);
        assert!(!opens(&mut taken, &note, "Marmalade").await, "a reset gives the account and not the notes");
        assert!(taken.get("/notes").await.text().contains("Recovery code or former password"));
        let recover = |other| [("password", "bitterns in the reeds"), ("other", other)];
        for wrong in ["0000-0000-0000-0000-0000-0000", PASSWORD, "bitterns in the reeds"] {
            let refused = taken.post_from("/notes", "/notes/key/recovered", &recover(wrong)).await;
            assert_eq!(refused.status, 422, "{wrong} opened them");
        }
        let mut by_code = taken.clone();
        assert_eq!(
            by_code.post_from("/notes", "/notes/key/recovered", &recover(&code.to_lowercase())).await.status,
            303
        );
        assert!(opens(&mut by_code, &note, "Marmalade").await);
        let mut again = sign_in(&world, "nell@northwind.example", "bitterns in the reeds").await;
        assert!(opens(&mut again, &note, "Marmalade").await, "the new password opens them from then on");
    }
}

#[tokio::test]
async fn a_former_password_opens_them_after_a_reset() {
    for (world, mut owner) in begun().await {
        begin(&mut owner).await;
        let note = write(&mut owner, "Quiet", "Marmalade", &[]).await;
        world.client().post("/forgotten", &[("email", "ola@northwind.example")]).await;
        let link = newest_link(&world, "/reset/").await;
        let mut owner = world.client();
        assert_eq!(owner.post(&link, &[("new_password", NEW)]).await.status, 303);
        let former = [("password", NEW), ("other", PASSWORD)];
        assert_eq!(owner.post_from("/notes", "/notes/key/recovered", &former).await.status, 303);
        assert!(opens(&mut owner, &note, "Marmalade").await);
    }
}

/// Moves sealed texts about in the table, as somebody with the database could.
#[derive(Deserialize, JsonSchema)]
struct Tamper {
    how: String,
    one: String,
    two: String,
}

impl Operation for Tamper {
    const NAME: &str = "test.tamper";
    const ROUTE: Route = Route(Post, "/test/tamper");
    type Target = ();
    type Output = u64;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<u64> {
        let statement = match self.how.as_str() {
            "columns" => sql!(
                "update sealed_notes set head = body, body = head where workspace_id = $1 and id = $2 and id <> $3"
            ),
            "rows" => sql!(
                "update sealed_notes set body = (select o.body from sealed_notes o
                     where o.workspace_id = sealed_notes.workspace_id and o.id = $3)
                  where workspace_id = $1 and id = $2"
            ),
            "revision" => {
                sql!("update sealed_notes set revision = revision + 1 where workspace_id = $1 and id = $2 and id <> $3")
            }
            "keys" => sql!(
                "update sealed_keys set wrapped = (select o.wrapped from sealed_keys o
                     where o.workspace_id = sealed_keys.workspace_id and o.person_id = $3 and o.kind = sealed_keys.kind)
                  where workspace_id = $1 and person_id = $2"
            ),
            other => return Err(Error::invalid("how", other)),
        };
        tx.run(statement, args![tx.workspace(), self.one, self.two]).await
    }
}

#[tokio::test]
async fn a_sealed_text_opens_nowhere_but_where_it_was_written() {
    for (world, mut owner) in begun().await {
        begin(&mut owner).await;
        for how in ["columns", "rows", "revision"] {
            let one = write(&mut owner, "First", "Marmalade", &[]).await;
            let two = write(&mut owner, "Second", "Quince", &[]).await;
            let id = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
            let tamper: Tamper = parse(json!({ "how": how, "one": id(&one), "two": id(&two) })).unwrap();
            assert_eq!(world.call(&world.system(), tamper).await.unwrap(), 1);
            assert_eq!(owner.get(&one).await.status, 404, "{how}");
            let list = owner.get("/notes").await.text();
            assert!(
                list.contains("One note does not open") && list.contains(&two) && !list.contains(&one),
                "{how}: {list}"
            );
            for path in [one, two] {
                owner.post_from("/me", &format!("{path}/removal"), &[("confirmed", "yes")]).await;
            }
        }
    }
}

#[tokio::test]
async fn the_key_of_one_opens_nothing_as_the_key_of_another() {
    for (world, mut owner) in begun().await {
        let person = add(&world, "Nell Newcomer", Some("nell@northwind.example")).await;
        let mut nell = settle(&world, &mut owner, person, &["member"]).await;
        begin(&mut nell).await;
        begin(&mut owner).await;
        let everyone = world.ask(&world.system(), "person.list", json!({ "q": "Ola" })).await.unwrap();
        let tamper = json!({ "how": "keys", "one": person, "two": everyone["people"][0]["id"] });
        let tamper: Tamper = parse(tamper).unwrap();
        assert_eq!(world.call(&world.system(), tamper).await.unwrap(), 2);
        let mut again = sign_in(&world, "nell@northwind.example", PASSWORD).await;
        assert!(
            again.get("/notes").await.text().contains("locked"),
            "somebody else's key in one's own row opens nothing"
        );
    }
}

#[tokio::test]
async fn a_note_goes_away_at_its_end_and_is_read_by_another_only_when_it_is_shown() {
    for (world, mut owner) in begun().await {
        let person = add(&world, "Nell Newcomer", Some("nell@northwind.example")).await;
        let mut nell = settle(&world, &mut owner, person, &["member"]).await;
        begin(&mut owner).await;
        let started = [
            ("person", person.to_string()),
            ("kind", "peers".into()),
            ("cadence", "weekly".into()),
            ("minutes", "30".into()),
        ];
        let started: Vec<(&str, &str)> = started.iter().map(|(name, text)| (*name, text.as_str())).collect();
        let pair = owner.post_from("/one-on-ones/new", "/one-on-ones/new", &started).await;
        let pair = pair.header("location").expect("the page of the two").to_owned();
        let about = pair.rsplit('/').next().unwrap_or_default().to_owned();
        let note = write(&mut owner, "Quiet", "Marmalade", &[("about", &about), ("days", "30")]).await;
        assert!(owner.get(&pair).await.text().contains(&note), "it is kept with the page of the two");
        let theirs = nell.get(&pair).await.text();
        assert!(!theirs.contains(&note) && !theirs.contains("Quiet"));
        assert_eq!(nell.get(&note).await.status, 303, "there is no key with which she could open anything");
        let shown = owner.post_from(&note, &format!("{note}/promotion"), &[("confirmed", "yes")]).await;
        assert_eq!(shown.status, 303, "{}", shown.text());
        assert!(nell.get(&pair).await.text().contains("Marmalade"));
        later(&world, 31 * 24 * 60);
        world.pass_to_time(world.clock.now()).await;
        let mut owner = sign_in(&world, "ola@northwind.example", PASSWORD).await;
        assert_eq!(owner.get(&note).await.status, 404);
    }
}

#[tokio::test]
async fn with_a_second_factor_the_password_opens_them_only_once_both_were_shown() {
    for (world, mut owner) in begun().await {
        begin(&mut owner).await;
        let note = write(&mut owner, "Quiet", "Marmalade", &[]).await;
        let (app, _) = add_app(&world, &mut owner).await;
        assert!(opens(&mut owner, &note, "Marmalade").await);
        later(&world, 1);
        let mut browser = sign_in(&world, "ola@northwind.example", PASSWORD).await;
        assert!(!opens(&mut browser, &note, "Marmalade").await, "the password alone opens nothing");
        let entered = browser.post("/sign-in/code", &[("code", &code(&world, &app))]).await;
        assert_eq!(entered.status, 303, "{}", entered.text());
        assert!(opens(&mut browser, &note, "Marmalade").await, "signing in opens them, without a third prompt");
    }
}

#[tokio::test]
async fn a_new_code_and_the_end_of_all_notes_ask_for_the_password_first() {
    for (world, mut owner) in begun().await {
        let first = begin(&mut owner).await;
        let note = write(&mut owner, "Quiet", "Marmalade", &[]).await;
        later(&world, 11);
        for path in ["/notes/key/code", "/notes/key/discarded"] {
            let asked = owner.post_from("/notes", path, &[("confirmed", "yes")]).await;
            assert_eq!(asked.header("location"), Some("/prove?return_to=/notes"), "{path}");
        }
        assert!(opens(&mut owner, &note, "Marmalade").await);
        owner.post_from("/notes", "/prove", &[("password", PASSWORD)]).await;
        let renewed = owner.post_from("/notes", "/notes/key/code", &[]).await;
        assert!(renewed.status == 201 && !renewed.text().contains(&first), "the former code is replaced");
        let gone = owner.post_from("/notes", "/notes/key/discarded", &[("confirmed", "yes")]).await;
        assert_eq!(gone.status, 303);
        assert!(owner.get("/notes").await.text().contains("Your password"), "one begins anew");
        assert!(!opens(&mut owner, &note, "Marmalade").await);
    }
}

/// Everything that somebody can fetch, but their own notes.
async fn seen(browser: &mut Client) -> Vec<String> {
    let starts = ["/today", "/search?q=marmalade", "/search.json?q=marmalade", "/palette.json", "/one-on-ones", "/me"];
    let visits = crawl(browser, &starts, 150).await;
    assert!(visits.len() > 20);
    let others = visits.into_iter().filter(|visit| !visit.path.starts_with("/notes"));
    others.map(|visit| without_chance(&format!("{}\n{}", visit.path, visit.answer.text()))).collect()
}

/// For the owner, who has every role, a workspace in which somebody writes notes is the same as one in which nobody does.
#[tokio::test]
async fn nobody_can_tell_that_somebody_has_notes() {
    for (world, mut owner) in begun().await {
        let person = add(&world, "Nell Newcomer", Some("nell@northwind.example")).await;
        let mut nell = settle(&world, &mut owner, person, &["member"]).await;
        world.drain().await;
        owner.get("/today").await; // what was said of the invitation is said once
        let before = seen(&mut owner).await;
        begin(&mut nell).await;
        let note = write(&mut nell, "Bergamot", "Marmalade", &[]).await;
        world.drain().await;
        for (before, after) in before.iter().zip(seen(&mut owner).await) {
            assert_eq!(*before, after);
        }
        assert_eq!(owner.get(&note).await.status, 303);
        begin(&mut owner).await;
        assert_eq!(owner.get(&note).await.status, 404, "with a key of their own they still find nothing");
        let own = seen(&mut nell).await;
        assert!(own.iter().all(|page| !page.contains("Marmalade") && !page.contains("Bergamot")));
        let letters = world.outside.letters();
        assert!(letters.iter().all(|letter| !format!("{} {}", letter.subject, letter.text).contains("Marmalade")));
    }
}
