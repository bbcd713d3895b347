use crate::support::{What, World, worlds};
use jiff::civil::{Date, date};
use kernel::{Clock, Error, Time};
use sample::{Company, build};

const TUESDAY: Date = date(2026, 3, 17);

async fn built() -> Vec<(World, Company)> {
    let mut all = Vec::new();
    for world in worlds().await {
        world.app.clock.set(noon());
        let company = build(&world.app, world.workspace, TUESDAY).await.expect("the company is built");
        all.push((world, company));
    }
    all
}

/// The present of the tests: the reference day in UTC.
fn noon() -> Time {
    let noon = TUESDAY.at(12, 0, 0, 0).to_zoned(jiff::tz::TimeZone::UTC).expect("noon is a time of every day");
    noon.timestamp().into()
}

fn count(file: &str, table: &str) -> usize {
    file.lines().filter(|line| *line == format!("[[{table}]]")).count()
}

#[tokio::test]
async fn the_same_day_builds_the_same_company_on_every_engine() {
    let all = built().await;
    let (first, _) = &all[0];
    for (world, _) in &all {
        for what in
            [What::People, What::Teams, What::Memberships, What::Lines, What::Leave, What::Exceptions, What::Plans]
        {
            assert_eq!(world.rows(what).await, first.rows(what).await);
        }
        assert_eq!(world.rows(What::Events).await.len(), first.rows(What::Events).await.len());
    }
}

#[tokio::test]
async fn everything_in_the_files_is_there() {
    for (world, company) in built().await {
        assert_eq!(world.rows(What::Workspace).await, ["Northwind"]);
        assert_eq!(world.rows(What::People).await.len(), count(include_str!("../../data/people.toml"), "person"));
        assert_eq!(world.rows(What::Teams).await.len(), count(include_str!("../../data/teams.toml"), "team"));
        let memberships = count(include_str!("../../data/memberships.toml"), "membership");
        assert_eq!(world.rows(What::Memberships).await.len(), memberships);
        let left = world.rows(What::Gone).await;
        assert_eq!(left.len(), 2);
        let lines = count(include_str!("../../data/manager_lines.toml"), "line");
        assert_eq!(world.rows(What::Lines).await.len(), lines + left.len(), "a line ends with the last day");
        assert_eq!(world.rows(What::Leave).await.len(), count(include_str!("../../data/leave.toml"), "leave"));
        let invitations = count(include_str!("../../data/invitations.toml"), "invitation");
        assert_eq!(world.rows(What::Invitations).await.len(), invitations);
        assert_eq!(company.people.len(), world.rows(What::People).await.len());
    }
}

#[tokio::test]
async fn people_are_on_leave_today_as_the_files_say() {
    for (world, _) in built().await {
        let today = TUESDAY.to_string();
        let mut away = Vec::new();
        for row in world.rows(What::Leave).await {
            let fields: Vec<&str> = row.split('|').collect();
            if fields[1] <= today.as_str() && today.as_str() <= fields[2] {
                assert_eq!(fields[4], "accepted", "{} is away, and somebody has taken over", fields[0]);
                away.push(fields[0].split('@').next().unwrap_or_default().to_owned());
            }
        }
        away.sort();
        assert_eq!(away, ["agnieszka", "chloe", "henrik", "yuki"]);
    }
}

#[tokio::test]
async fn teams_and_lines_end_as_they_are_today() {
    for (world, _) in built().await {
        let teams = world.rows(What::Teams).await;
        for team in [
            "Payments|Money in and out|Mara Lindqvist",
            "Platform|Foundations|Wiktor Zając",
            "Merchant experience|Engineering|Camila Ferraz",
        ] {
            assert!(teams.iter().any(|row| row == team), "{team} is not among {teams:#?}");
        }
        let lines = world.rows(What::Lines).await;
        let of = |person: &str| -> Vec<&String> { lines.iter().filter(|line| line.starts_with(person)).collect() };
        assert_eq!(
            of("mara@"),
            [
                "mara@northwind.example|Craig Halloran|2025-01-13|2025-05-19",
                "mara@northwind.example|Hanneke de Vries|2025-05-19|2025-08-25",
                "mara@northwind.example|Ngozi Eze|2025-08-25|",
            ]
        );
    }
}

#[tokio::test]
async fn the_past_lies_in_order_before_the_reference_day() {
    for (world, _) in built().await {
        let events = world.rows(What::Events).await;
        let mut sorted = events.clone();
        sorted.sort_by_key(|event| event.split(' ').next().map(str::to_owned));
        assert_eq!(events, sorted);
        let in_this_week = |event: &str| [" ask.", " comment.", " checkin"].iter().any(|kind| event.contains(kind));
        let last = events.iter().rfind(|event| !in_this_week(event)).expect("something has happened");
        assert!(last.as_str() < "2026-03-17", "{last} lies before the reference day");
        let last = events.last().expect("something was asked");
        assert!(last.as_str() <= "2026-03-17T12:00:00Z~", "{last} lies not after the present");
        assert!(events[0].starts_with("2024-09-16"), "{} is the beginning", events[0]);
    }
}

#[tokio::test]
async fn onboarding_stands_where_the_files_leave_it() {
    for (world, _) in built().await {
        let plans = world.rows(What::Plans).await;
        assert_eq!(plans, ["Camila Ferraz|26|ended", "İpek Demir|16|open", "Amara Diallo|1|open"]);
    }
}

#[tokio::test]
async fn a_company_is_found_again() {
    for (world, company) in built().await {
        let found = Company::find(&world.app, world.workspace, TUESDAY).await.expect("it is there");
        assert_eq!((found.people, found.teams), (company.people, company.teams));
    }
}

#[tokio::test]
async fn a_clock_that_cannot_be_set_is_refused() {
    let world = World::with_clock(":memory:", Clock::default()).await;
    assert!(matches!(build(&world.app, world.workspace, TUESDAY).await, Err(Error::Internal(_))));
}
