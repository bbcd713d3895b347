//! Importing people from the files of other systems.
use kernel::{Actor, Error, Id, Method::Get, Operation, Person, Result, Route, Tx, args, sql};
use people::{
    import::{Defaults, ImportPeople, Mapping, Order, Outcome, Report, errors_as_csv, read, report_as_text},
    person::{FindPeople, ShowPerson},
};
use schemars::JsonSchema;
use serde::Deserialize;
use std::time::Instant;
use testkit::{World, empty_worlds, worlds};

const FIXTURES: [&str; 13] = [
    "adp",
    "bamboohr",
    "cairn",
    "factorial-es",
    "google-workspace",
    "hibob",
    "microsoft-365",
    "okta",
    "personio-de",
    "personio-en",
    "successfactors",
    "workday",
    "zoho-people",
];

fn lenient() -> Defaults {
    Defaults { zone: "Europe/Lisbon".parse().ok(), hours: None, create_teams: true }
}

fn import(bytes: &[u8], dry_run: bool) -> ImportPeople {
    let mapping = Mapping { date_order: Some(Order::DayFirst), ..Mapping::default() };
    let mut import = ImportPeople::new(bytes, &mapping, &lenient()).unwrap();
    import.dry_run = dry_run;
    import
}

async fn run(world: &World, actor: &Actor, text: &str) -> Report {
    world.call(actor, import(text.as_bytes(), false)).await.unwrap()
}

fn errors(report: &Report) -> Vec<(u64, &str)> {
    report.errors.iter().map(|error| (error.line, error.sentence.as_str())).collect()
}

async fn people(world: &World) -> i64 {
    world.call(&world.system(), FindPeople::default()).await.unwrap().count
}

async fn manager(world: &World, person: Id<Person>) -> Option<String> {
    let shown = world.call(&world.system(), ShowPerson { person }).await.unwrap();
    shown.manager.map(|manager| manager.name)
}

async fn email(world: &World, key: &str) -> String {
    let person = world.person(key);
    world.call(&world.system(), ShowPerson { person }).await.unwrap().email.unwrap()
}

#[tokio::test]
async fn every_export_is_imported_and_a_second_time_changes_nothing() {
    for name in FIXTURES {
        let bytes =
            std::fs::read(format!("{}/../people/fixtures/import/{name}.csv", env!("CARGO_MANIFEST_DIR"))).unwrap();
        let reading = read(&bytes, &Mapping::default()).unwrap();
        let rows = reading.rows.len() as u64;
        let date_order = reading.date_question().map(|_| Order::DayFirst);
        let mapping = Mapping { date_order, ..Mapping::default() };
        let import = |dry_run| {
            let mut import = ImportPeople::new(&bytes, &mapping, &lenient()).unwrap();
            import.dry_run = dry_run;
            import
        };
        for world in empty_worlds().await {
            let system = world.system();
            let planned = world.call(&system, import(true)).await.unwrap();
            assert_eq!(people(&world).await, 0, "{name}: a dry run adds nobody");
            let first = world.call(&system, import(false)).await.unwrap();
            assert_eq!(first, planned, "{name}");
            assert_eq!(first.counts.added, rows, "{name}: {}", report_as_text(&first));
            let events = world.call(&system, CountEvents {}).await.unwrap();
            let second = world.call(&system, import(false)).await.unwrap();
            assert_eq!(second.counts.unchanged, rows, "{name}: {}", report_as_text(&second));
            assert!(second.rows.is_empty() && second.teams.is_empty());
            assert_eq!(world.call(&system, CountEvents {}).await.unwrap(), events, "{name}");
        }
    }
}

#[tokio::test]
async fn people_have_the_teams_managers_and_standing_of_the_file() {
    let bytes = std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../people/fixtures/import/cairn.csv")).unwrap();
    for world in empty_worlds().await {
        let system = world.system();
        let report = world.call(&system, import(&bytes, false)).await.unwrap();
        assert_eq!(report.teams, ["Engineering", "Engineering / Payments", "Engineering / Platform"]);
        let here = world.call(&system, FindPeople::default()).await.unwrap().people;
        assert!(here.iter().all(|one| one.name != "Lukas Brandt"), "he has left");
        let zanele = here.iter().find(|one| one.name == "Zanele Dube").unwrap().id;
        let shown = world.call(&system, ShowPerson { person: zanele }).await.unwrap();
        assert_eq!((shown.zone.as_str(), shown.holidays.as_str()), ("Africa/Johannesburg", "ZA"));
        assert_eq!((shown.location.as_str(), shown.hours.as_str()), ("Durban", "Mon-Fri 09:00-13:00"));
        assert_eq!(shown.teams.iter().map(|team| team.name.as_str()).collect::<Vec<_>>(), ["Payments"]);
        assert_eq!(manager(&world, zanele).await.as_deref(), Some("Tomás Iriarte"));
    }
}

#[tokio::test]
async fn a_bad_row_is_reported_with_its_line_and_leaves_nothing_behind() {
    for world in empty_worlds().await {
        let text = "name,email,team,zone,level\n\
                    Ada,ada@example.org,A,Europe/Lisbon,L1\n\
                    Bob,not an address,B,Europe/Lisbon,L1\n\
                    Cy,cy@example.org,C,Europe/Lisbon,a level with far more words than any level should ever have\n\
                    Di,di@example.org,A,Europe/Lisbon,L2\n";
        let report = run(&world, &world.system(), text).await;
        assert_eq!((report.counts.added, report.counts.refused), (2, 2));
        assert_eq!(errors(&report).iter().map(|(line, _)| *line).collect::<Vec<_>>(), [3, 4]);
        assert_eq!(report.errors[1].column.as_deref(), Some("level"));
        assert_eq!(report.teams, ["A"], "no team of a row that is refused is made");
        assert_eq!(people(&world).await, 2);
    }
}

#[tokio::test]
async fn only_what_the_file_says_changes() {
    for world in worlds().await {
        let (wanjiru, tomasz) = (world.actor("wanjiru").await, world.person("tomasz"));
        let before = world.call(&wanjiru, ShowPerson { person: tomasz }).await.unwrap();
        let text =
            format!("name,email,title,level\n{},{},Mender of things,\n", before.name, email(&world, "tomasz").await);
        let events = world.call(&wanjiru, CountEvents {}).await.unwrap();
        let planned = world.call(&wanjiru, import(text.as_bytes(), true)).await.unwrap();
        assert_eq!(world.call(&wanjiru, CountEvents {}).await.unwrap(), events);
        let untouched = world.call(&wanjiru, ShowPerson { person: tomasz }).await.unwrap();
        assert_eq!(untouched.title, before.title);
        let report = run(&world, &wanjiru, &text).await;
        assert_eq!(report, planned);
        assert_eq!((report.rows[0].line, report.rows[0].outcome), (2, Outcome::Changed));
        assert_eq!(report.rows[0].changes.len(), 1);
        assert_eq!(report.rows[0].changes[0].from, before.title);
        let after = world.call(&wanjiru, ShowPerson { person: tomasz }).await.unwrap();
        assert_eq!((after.title.as_str(), &after.level), ("Mender of things", &before.level));
        assert_eq!((after.zone, after.hours, after.teams.len()), (before.zone, before.hours, before.teams.len()));
    }
}

#[tokio::test]
async fn a_row_that_means_two_people_is_refused() {
    for world in empty_worlds().await {
        let system = world.system();
        run(&world, &system, "name,email,employee id,zone\nAda,ada@example.org,1,UTC\nBob,bob@example.org,2,UTC\n")
            .await;
        let report = run(&world, &system, "name,email,employee id\nAda,ada@example.org,2\n").await;
        assert_eq!(report.counts.refused, 1);
        assert!(errors(&report)[0].1.contains("that of Ada") && errors(&report)[0].1.contains("that of Bob"));
        let report = run(&world, &system, "name,email,employee id\nA,ada@example.org,\nB,,1\n").await;
        assert_eq!(errors(&report), [(3, "Line 2 is about Ada too. Remove one of the two.")]);
    }
}

#[tokio::test]
async fn a_circle_across_file_and_database_is_refused() {
    for world in empty_worlds().await {
        let system = world.system();
        let first = "name,email,zone,manager\nAda,ada@example.org,UTC,\nBob,bob@example.org,UTC,ada@example.org\n\
                     Cy,cy@example.org,UTC,bob@example.org\n";
        assert_eq!(run(&world, &system, first).await.counts.added, 3);
        let text =
            "name,email,title,manager\nAda,ada@example.org,Chief,cy@example.org\nDi,di@example.org,,ada@example.org\n";
        let report = run(&world, &system, text).await;
        let circle = "The reporting line would go in a circle: Ada reports to Cy reports to Bob reports to Ada.";
        assert!(report.errors.iter().any(|error| error.line == 2 && error.sentence.starts_with(circle)), "{report:?}");
        let here = world.call(&system, FindPeople::default()).await.unwrap().people;
        let ada = here.iter().find(|one| one.name == "Ada").unwrap();
        assert_eq!((ada.title.as_str(), manager(&world, ada.id).await), ("", None), "nothing of the row is taken");
        // Two who change places do not go in a circle.
        let text = "name,email,manager\nBob,bob@example.org,cy@example.org\nCy,cy@example.org,ada@example.org\n";
        let report = run(&world, &system, text).await;
        assert_eq!((report.counts.changed, report.counts.refused), (2, 0), "{report:?}");
    }
}

#[tokio::test]
async fn whoever_left_by_the_file_loses_access_but_never_the_actor_or_the_last_owner() {
    for world in worlds().await {
        let wanjiru = world.actor("wanjiru").await;
        let row = async |key: &str| {
            let shown = world.call(&world.system(), ShowPerson { person: world.person(key) }).await.unwrap();
            format!("{},{},terminated\n", shown.name, shown.email.unwrap())
        };
        let text = format!("name,email,status\n{}{}", row("wanjiru").await, row("tomasz").await);
        let tomasz = world.actor("tomasz").await;
        let report = run(&world, &wanjiru, &text).await;
        assert_eq!((report.counts.ended, report.counts.refused), (1, 1), "{report:?}");
        assert_eq!(errors(&report), [(2, "You cannot end your own access. Ask another owner or admin.")]);
        let refused = world.call(&tomasz, import(text.as_bytes(), true)).await;
        assert!(matches!(refused, Err(Error::SignedOut | Error::Forbidden)), "{refused:?}");
        let back = run(&world, &wanjiru, &text.replace("terminated", "active")).await;
        assert_eq!(back.counts.unchanged, 2, "a file does not bring people back: {back:?}");
    }
}

#[tokio::test]
async fn a_hostile_file_makes_people_and_nothing_else() {
    for world in empty_worlds().await {
        let long = "x".repeat(30_000);
        let text = format!(
            "name,email,zone,role,password,title,manager\n\
             \"=HYPERLINK(\"\"http://example.org\"\")\",a@example.org,UTC,owner,secret,+1,a@example.org\n\
             Bob\u{202e}\u{7}Evil,b@example.org,UTC,admin,secret,'; drop table people; --,\n\
             Cy,c@example.org,UTC,owner,secret,{long},\n\
             Di,d@example.org,\"UTC,owner,secret,,\n\
             -2+3,@example.org,UTC,owner,secret,,\n\
             Ed,e@example.org,UTC,owner,secret,Engineer,\n"
        );
        let report = run(&world, &world.system(), &text).await;
        assert_eq!((report.counts.added, report.counts.refused), (3, 3), "{report:?}");
        assert_eq!(world.call(&world.system(), CountAccounts {}).await.unwrap(), 0);
        assert_eq!(people(&world).await, 3);
        for line in errors_as_csv(&report).lines() {
            assert!(!line.starts_with(['=', '+', '-', '@', '\t']) && !line.contains(",=") && !line.contains(",@"));
        }
        let garbage: Vec<u8> = (0..50_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        if let Ok(import) = ImportPeople::new(&garbage, &Mapping::default(), &lenient()) {
            assert_eq!(world.call(&world.system(), import).await.unwrap().counts.added, 0);
        }
    }
}

#[tokio::test]
async fn a_missing_team_or_zone_is_an_error_unless_it_may_be_made_up_for() {
    for world in empty_worlds().await {
        let text = "name,email,country,team\nAda,ada@example.org,Japan,\nBob,bob@example.org,United States,\n\
                    Cy,cy@example.org,Deutschland,New team\n";
        let strict = ImportPeople::new(text.as_bytes(), &Mapping::default(), &Defaults::default()).unwrap();
        let report = world.call(&world.system(), strict).await.unwrap();
        assert_eq!(report.errors.iter().map(|error| error.line).collect::<Vec<_>>(), [3, 4], "{report:?}");
        assert!(errors(&report)[0].1.contains("choose a time zone"));
        assert!(errors(&report)[1].1.starts_with("There is no team “New team”."));
        let zone =
            |changes: &[people::import::Difference]| changes.iter().find(|one| one.field == "zone").unwrap().to.clone();
        assert_eq!(zone(&report.rows[0].changes), "Asia/Tokyo");
        let report = run(&world, &world.system(), text).await;
        assert_eq!((report.counts.added, report.counts.unchanged), (2, 1));
        assert_eq!(zone(&report.rows[0].changes), "Europe/Lisbon");
        assert_eq!(zone(&report.rows[1].changes), "Europe/Berlin");
    }
}

#[tokio::test]
async fn unclear_dates_are_asked_for_before_anything_changes() {
    for world in empty_worlds().await {
        let text = "name,email,zone,start date\nAda,ada@example.org,UTC,05/01/2024\n";
        let unsure = ImportPeople::new(text.as_bytes(), &Mapping::default(), &lenient()).unwrap();
        let refused = world.call(&world.system(), unsure).await;
        assert!(matches!(&refused, Err(Error::Invalid(flaws)) if flaws[0].field == "date_order"), "{refused:?}");
        let report = run(&world, &world.system(), text).await;
        assert!(report.rows[0].changes.iter().any(|one| one.to == "2024-01-05"));
    }
}

#[tokio::test]
async fn a_file_is_uploaded_looked_at_and_imported_by_its_owner_alone() {
    for world in worlds().await {
        let before = people(&world).await;
        let world = world.as_demonstration();
        let mut wanjiru = world.client().eyes(world.person("wanjiru"));
        let token = wanjiru.get("/people/import").await.field("csrf");
        let text = "name,email,zone,desk,level\nNova Winter,nova@example.org,Europe/Lisbon,L4,\nOdd,odd,UTC,,\n";
        let part = |name: &str, rest: &str, body: &str| {
            format!("--edge\r\ncontent-disposition: form-data; name=\"{name}\"{rest}\r\n\r\n{body}\r\n")
        };
        let file = part("file", "; filename=\"people.csv\"", text);
        let body = part("csrf", "", &token) + &file + "--edge--\r\n";
        let headers = [("content-type", "multipart/form-data; boundary=edge"), ("origin", "http://cairn.test")];
        let kept = wanjiru.send("POST", "/people/import/preview", &headers, body.into()).await;
        assert_eq!(kept.status, 303, "{}", kept.text());
        let path = kept.header("location").unwrap().to_owned();

        let page = wanjiru.get(&format!("{path}?chosen=true&column-3=level&column-4=ignore")).await.text();
        assert!(page.contains("Import 1 person") && page.contains("Nova Winter") && page.contains(" L4<"), "{page}");
        assert_eq!(people(&world).await, before, "looking changes nothing");
        assert_eq!(world.client().eyes(world.person("mara")).get(&path).await.status, 404);

        let done =
            wanjiru.post_from(&path, &format!("{path}/apply"), &[("chosen", "true"), ("column-3", "level")]).await;
        assert_eq!(done.status, 303, "{}", done.text());
        assert_eq!(people(&world).await, before + 1);
        assert!(wanjiru.get(&path).await.text().contains("People were imported"));
        let errors = wanjiru.get(&format!("{path}/errors.csv")).await;
        assert_eq!(errors.header("content-type"), Some("text/csv; charset=utf-8"));
        assert!(errors.text().starts_with("line,column,problem\r\n3,email,"), "{}", errors.text());
        let nova = world.call(&world.system(), FindPeople { q: "Nova Winter".into() }).await.unwrap().people;
        let shown = world.call(&world.system(), ShowPerson { person: nova[0].id }).await.unwrap();
        assert_eq!(shown.level, "L4", "the choices of the preview are those of the import");
    }
}

/// Prints how long an import takes; of a company of 10,000 where the program is optimised.
#[tokio::test]
async fn a_large_file_is_imported_quickly() {
    let count = if cfg!(debug_assertions) { 500 } else { 10_000 };
    let row = |n: usize| {
        let manager = if n == 0 { String::new() } else { format!("p{}@example.org", (n - 1) / 8) };
        let (team, start) = (n % 200, 1 + n % 28);
        format!(
            "{n},Person {n},p{n}@example.org,Engineer,L{},Engineering > Team {team},Europe/Lisbon,2020-05-{start:02},{manager}\n",
            n % 6
        )
    };
    let rows: String = (0..count).map(row).collect();
    let text = format!("employee id,name,email,title,level,team,zone,start date,manager\n{rows}");
    for world in empty_worlds().await {
        for wanted in ["added", "unchanged"] {
            let start = Instant::now();
            let import = import(text.as_bytes(), false);
            let read_in = start.elapsed();
            let report = world.call(&world.system(), import).await.unwrap();
            let engine =
                world.url.split(':').next().filter(|scheme| scheme.starts_with("postgres")).unwrap_or("sqlite");
            println!("{engine}: {count} people {wanted} in {:?}, of which reading {read_in:?}", start.elapsed());
            assert_eq!(report.counts.in_words(), format!("{count} people {wanted}"));
        }
    }
}

macro_rules! count {
    ($name:ident, $word:literal, $sql:literal) => {
        /// Reads what no operation shows.
        #[derive(Deserialize, JsonSchema)]
        struct $name {}

        impl Operation for $name {
            const NAME: &str = $word;
            const ROUTE: Route = Route(Get, "/count");
            const READS: bool = true;
            type Target = ();
            type Output = i64;

            async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
                Ok(())
            }

            fn allows(_: &Actor, _: &()) -> bool {
                true
            }

            async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<i64> {
                tx.one(sql!($sql), args![tx.workspace()]).await
            }
        }
    };
}

count!(CountEvents, "event.count", "select count(*) from events where workspace_id = $1");
count!(CountAccounts, "account.count", "select count(*) from accounts where workspace_id = $1");
