//! Histories are imported by the command, whole and again, and tell of teams and never of a person.
use crate::command::config;
use cairn::command::cli;
use delivery::{
    code::{Code, ShowCode, Span},
    identity::{ClaimIdentity, ListIdentities},
    repository::{ListRepositories, Repository},
};
use kernel::{Actor, Error, Id, json};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::atomic::{AtomicU32, Ordering::Relaxed},
};
use testkit::{World, worlds};

static NUMBER: AtomicU32 = AtomicU32::new(0);

/// A repository in a folder that is removed at the end.
pub struct History {
    pub folder: PathBuf,
    clock: i64,
}

impl History {
    pub fn new() -> History {
        let name = format!("cairn-delivery-{}-{}", std::process::id(), NUMBER.fetch_add(1, Relaxed));
        let history = History { folder: std::env::temp_dir().join(name), clock: 1_773_000_000 };
        fs::create_dir_all(&history.folder).unwrap();
        history.git("Nobody", "nobody@northwind.example", &["init", "-q", "-b", "main"]);
        history
    }

    fn git(&self, name: &str, mail: &str, args: &[&str]) {
        let date = format!("@{} +0100", self.clock);
        let done = Command::new("git")
            .current_dir(&self.folder)
            .envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")])
            .envs([
                ("GIT_AUTHOR_NAME", name),
                ("GIT_AUTHOR_EMAIL", mail),
                ("GIT_COMMITTER_NAME", name),
                ("GIT_COMMITTER_EMAIL", mail),
            ])
            .envs([("GIT_AUTHOR_DATE", &date), ("GIT_COMMITTER_DATE", &date)])
            .args(args)
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(done.success(), "git {args:?}");
    }

    pub fn commit(&mut self, who: (&str, &str), path: &str, message: &str) {
        self.clock += 3600;
        let file = self.folder.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, format!("{}\n", self.clock)).unwrap();
        self.git(who.0, who.1, &["add", "-A"]);
        self.git(who.0, who.1, &["commit", "-q", "-m", message]);
    }

    /// A branch with one commit, merged as a pull request.
    fn pull(&mut self, who: (&str, &str), number: u32, path: &str) {
        self.git(who.0, who.1, &["checkout", "-q", "-b", &format!("b{number}")]);
        self.commit(who, path, "Work");
        self.git(who.0, who.1, &["checkout", "-q", "main"]);
        self.clock += 60;
        let message = format!("Merge pull request #{number} from x/b{number}\n\nTitle {number}");
        self.git(who.0, who.1, &["merge", "-q", "--no-ff", "-m", &message, &format!("b{number}")]);
    }
}

impl Drop for History {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// Six people of the company, one of them by another address; somebody nobody knows; a bot.
const PEOPLE: [(&str, &str); 7] = [
    ("Mara Lindqvist", "mara@northwind.example"),
    ("Priya Raman", "priya@northwind.example"),
    ("Tomasz Zieliński", "tomasz@old.example"),
    ("Dele Adeyemi", "dele@northwind.example"),
    ("Leo", "leo@northwind.example"),
    ("Ines", "ines@northwind.example"),
    ("Sam Stranger", "sam@elsewhere.example"),
];
const BOT: (&str, &str) = ("dependabot[bot]", "49699333+dependabot[bot]@users.noreply.github.com");

fn history(people: &[(&str, &str)]) -> History {
    let mut history = History::new();
    for (number, who) in (1..).zip(people) {
        history.commit(*who, "src/pay/card.rs", "Direct");
        history.pull(*who, number, "src/pay/retry.rs");
    }
    history.commit(BOT, "Cargo.lock", "Bump (#90)");
    history.commit(people[0], "web/app.ts", "Squashed (#91)");
    history
}

/// `cairn import git …` on the database of a world.
pub async fn import(world: &World, args: &[&str]) -> kernel::Result<std::process::ExitCode> {
    let config = config(world);
    let matches = cli().try_get_matches_from([&["cairn", "import", "git", "--quiet"], args].concat()).unwrap();
    let (_, given) = matches.subcommand().unwrap();
    cairn::command::import(&config, given).await
}

fn path(folder: &Path) -> &str {
    folder.to_str().unwrap()
}

async fn code(world: &World, who: &Actor, repository: Id<Repository>) -> Code {
    world.call(who, ShowCode { team: None, repository: Some(repository), span: Some(Span::All) }).await.unwrap()
}

async fn repositories(world: &World) -> Vec<Repository> {
    world.call(&world.system(), ListRepositories::default()).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_history_is_imported_whole_and_the_second_time_only_what_is_new() {
    for world in worlds().await {
        let mut history = history(&PEOPLE);
        import(&world, &[path(&history.folder), "--team", "payments"]).await.unwrap();
        let repository = repositories(&world).await.remove(0);
        assert_eq!((repository.commits, repository.team_id), (23, Some(world.team("payments"))));
        let mara = world.actor("mara").await;
        let before = code(&world, &mara, repository.id).await;
        let numbers = before.numbers.as_ref().unwrap();
        assert_eq!((before.contributors, before.bot_commits), (7, 1));
        assert_eq!((numbers.commits, numbers.pull_requests, numbers.reverts), (15, 8, 0));
        assert_eq!(numbers.sizes.as_ref().map(|sizes| sizes.count), Some(8));
        let spots: Vec<(&str, u64)> = numbers.hot_spots.iter().map(|one| (one.path.as_str(), one.changes)).collect();
        assert_eq!(spots, [("src/pay/card.rs", 7), ("src/pay/retry.rs", 7)]);

        import(&world, &[path(&history.folder)]).await.unwrap();
        let again = code(&world, &mara, repository.id).await;
        let text = |code: &Code| json!(code.numbers).to_string();
        assert_eq!(text(&again), text(&before), "doing it twice changes nothing");

        history.pull(PEOPLE[1], 40, "web/more.ts");
        import(&world, &[path(&history.folder)]).await.unwrap();
        let after = code(&world, &mara, repository.id).await.numbers.unwrap();
        assert_eq!((after.commits, after.pull_requests), (16, 9));
        assert_eq!(repositories(&world).await.len(), 1);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rewritten_branch_is_noticed_and_its_commits_count_no_more() {
    for world in worlds().await {
        let mut history = history(&PEOPLE);
        import(&world, &[path(&history.folder)]).await.unwrap();
        history.git("X", "x@x.example", &["reset", "-q", "--hard", "HEAD~2"]);
        history.commit(PEOPLE[2], "src/pay/card.rs", "Otherwise");
        import(&world, &[path(&history.folder)]).await.unwrap();
        let repository = repositories(&world).await.remove(0);
        assert_eq!(repository.lost_tips, 1);
        let found = code(&world, &world.actor("mara").await, repository.id).await;
        assert_eq!(found.bot_commits, 0, "the commit of the bot is on no branch any more");
        assert_eq!(found.numbers.unwrap().commits, 15);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_joined_by_rules_that_say_why_and_strangers_are_claimed() {
    for world in worlds().await {
        let history = history(&PEOPLE);
        import(&world, &[path(&history.folder)]).await.unwrap();
        let all = |which: &str| kernel::parse::<ListIdentities>(json!({ "which": which })).unwrap();
        let system = world.system();
        let joined = world.call(&system, all("joined")).await.unwrap().identities;
        let mut why: Vec<(&str, &str)> =
            joined.iter().map(|one| (one.person_name.as_deref().unwrap(), one.reason.unwrap().word())).collect();
        why.sort_unstable();
        assert!(why.contains(&("Mara Lindqvist", "mail")), "{why:?}");
        assert!(why.contains(&("Tomasz Zieliński", "name")), "{why:?}");
        assert_eq!(world.call(&system, all("bots")).await.unwrap().identities.len(), 1);

        let (leo, priya) = (world.actor("leo").await, world.actor("priya").await);
        let unknown = world.call(&leo, all("unknown")).await.unwrap().identities;
        let sam = unknown.iter().find(|one| one.mail == "sam@elsewhere.example").unwrap().id;
        let claim = |person| ClaimIdentity { identity: sam, person };
        let for_another = world.call(&leo, claim(Some(world.person("mara")))).await;
        assert!(matches!(for_another, Err(Error::Forbidden)), "{for_another:?}");
        assert_eq!(world.call(&leo, claim(None)).await.unwrap().person_id, Some(world.person("leo")));
        let taken = world.call(&priya, claim(None)).await;
        assert!(matches!(taken, Err(Error::NotFound)), "{taken:?}");
        let repository = repositories(&world).await.remove(0).id;
        assert_eq!(code(&world, &leo, repository).await.own.map(|own| own.commits), Some(4));
        assert!(code(&world, &world.actor("hanneke").await, repository).await.own.is_none());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn few_people_have_no_numbers_and_no_habits() {
    for world in worlds().await {
        let (two, four) = (history(&PEOPLE[..2]), history(&PEOPLE[..4]));
        import(&world, &[path(&two.folder), path(&four.folder)]).await.unwrap();
        let mara = world.actor("mara").await;
        for repository in repositories(&world).await {
            let code = code(&world, &mara, repository.id).await;
            assert!(code.own.is_some(), "one's own part is shown to oneself");
            match code.contributors {
                2 => assert!(code.numbers.is_none()),
                4 => {
                    let numbers = code.numbers.unwrap();
                    assert!(numbers.rhythm.is_none() && numbers.folders.is_none() && numbers.pull_requests == 5);
                }
                n => panic!("{n} contributors"),
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_show_the_numbers_and_no_name_beside_them() {
    let world = worlds().await.remove(0);
    let mut mara = world.browser("mara").await;
    assert!(mara.get("/repositories").await.text().contains("cairn import git"));
    let history = history(&PEOPLE);
    import(&world, &[path(&history.folder), "--team", "Payments"]).await.unwrap();
    let repository = repositories(&world).await.remove(0).id;
    for page in
        [format!("/repositories/{repository}?span=all"), format!("/teams/{}/code?span=all", world.team("payments"))]
    {
        let answer = mara.get(&page).await;
        let text = answer.text();
        assert_eq!(answer.status.as_u16(), 200, "{page}");
        for part in [
            "id=\"throughput\"",
            "id=\"rhythm\"",
            "id=\"hot-spots\"",
            "id=\"folders\"",
            "id=\"own\"",
            "src/pay/retry.rs",
        ] {
            assert!(text.contains(part), "{page} has no {part}");
        }
        for name in ["Priya", "Tomasz", "Stranger", "sam@elsewhere.example"] {
            let main = text.split("<main").nth(1).unwrap();
            assert!(!main.contains(name), "{page} names {name}");
        }
    }
    assert!(mara.get("/identities").await.text().contains("sam@elsewhere.example"));
    let mut grace = world.browser("grace").await;
    for page in ["/repositories".to_owned(), format!("/repositories/{repository}"), "/identities".to_owned()] {
        assert_eq!(grace.get(&page).await.status.as_u16(), 404, "{page}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_in_an_address_is_nowhere_kept_or_shown() {
    for world in worlds().await {
        let secret = "canary-token-31";
        let address = format!("https://x-token:{secret}@localhost:1/pay/app.git?access_token={secret}");
        let error = import(&world, &[&address]).await.unwrap_err();
        assert!(!error.to_string().contains(secret) && error.to_string().contains("git failed"), "{error}");
        let add = json!({ "name": "App", "location": format!("https://{secret}@git.example/pay/app.git#{secret}") });
        let added = world.ask(&world.system(), "repository.add", add).await.unwrap();
        assert_eq!(added["location"], "https://git.example/pay/app.git");
        let all = json!(repositories(&world).await).to_string();
        assert!(!all.contains(secret) && all.contains("https://localhost:1/pay/app.git"), "{all}");
        let wrong = json!({ "name": "App", "location": format!("ext::sh -c {secret}") });
        assert!(matches!(world.ask(&world.system(), "repository.add", wrong).await, Err(Error::Invalid(_))));
    }
}
