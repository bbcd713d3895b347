//! Companies of any size for benchmarks: the same seed makes the same people, teams and leave.
mod batch;
mod names;
pub mod random;

use batch::{AddBatch, Newcomer, Team};
use jiff::{ToSpan, civil::Date, tz::TimeZone};
use kernel::{Actor, App, Id, Person, Result, Workspace};
use random::Random;

/// A generated company, everyone in the order in which they were added: the first is the owner and reports to nobody.
#[derive(Clone, Debug)]
pub struct Scaled {
    pub people: Vec<Id<Person>>,
    pub teams: Vec<Id<kernel::Team>>,
}

/// Everyone who leads has so many reports; with their lead they are a team of seven.
const REPORTS: usize = 6;
/// Rows of one transaction.
const BATCH: usize = 500;

/// Adds `people` people with accounts, in teams of seven, on the day that the clock of `app` shows. Person `i` reports
/// to person `(i - 1) / 6`, who leads the team that they are both on; every third has leave within seven weeks.
pub async fn grow(app: &App, workspace: Id<Workspace>, people: usize, seed: u64) -> Result<Scaled> {
    let now = app.clock.now();
    let id = |place: usize| u32::try_from(place).unwrap_or(u32::MAX);
    let grown = Scaled {
        people: (0..people).map(|place| Id::at(now, id(place))).collect(),
        teams: (0..people.saturating_sub(1).div_ceil(REPORTS)).map(|place| Id::at(now, id(place))).collect(),
    };
    let generator = Generator { today: now.date(&TimeZone::UTC), grown: &grown };
    let mut random = Random::new(seed);
    let newcomers: Vec<Newcomer> = (0..people).map(|place| generator.newcomer(place, &mut random)).collect();
    let teams: Vec<Team> = (0..grown.teams.len()).map(|place| generator.team(place, &mut random)).collect();

    let system = Actor::system(workspace);
    for newcomers in newcomers.chunks(BATCH) {
        app.call(&system, AddBatch { newcomers: newcomers.to_vec(), teams: Vec::new() }).await?;
    }
    for teams in teams.chunks(BATCH) {
        app.call(&system, AddBatch { newcomers: Vec::new(), teams: teams.to_vec() }).await?;
    }
    Ok(grown)
}

struct Generator<'a> {
    today: Date,
    grown: &'a Scaled,
}

impl Generator<'_> {
    fn newcomer(&self, place: usize, random: &mut Random) -> Newcomer {
        let above = place.checked_sub(1).map(|before| before / REPORTS);
        let (location, zone, hours) = random.pick(names::PLACES);
        let roles = if place == 0 { "owner member" } else { "member" };
        Newcomer {
            id: self.grown.people[place],
            name: format!("{} {}", random.pick(names::GIVEN), random.pick(names::FAMILY)),
            email: format!("person{place}@scale.example"),
            employee_id: format!("S-{place:05}"),
            title: (*random.pick(names::TITLES)).into(),
            level: format!("IC{}", 1 + random.below(6)),
            location: (*location).into(),
            zone: (*zone).into(),
            hours: (*hours).into(),
            holidays: holidays::for_zone(zone).unwrap_or_default().into(),
            roles: roles.into(),
            starts_on: self.today.saturating_sub(random.days(2000)),
            manager: above.map(|lead| self.grown.people[lead]),
            leave: (place % 3 == 2).then(|| self.leave(random)),
        }
    }

    fn leave(&self, random: &mut Random) -> (Date, Date) {
        let first = self.today.saturating_sub(35.days()).saturating_add(random.days(70));
        (first, first.saturating_add(random.days(12)))
    }

    /// The team of a lead and their reports, below the team on which the lead is a report.
    fn team(&self, place: usize, random: &mut Random) -> Team {
        let reports = (1 + place * REPORTS)..(1 + (place + 1) * REPORTS).min(self.grown.people.len());
        Team {
            id: self.grown.teams[place],
            parent: place.checked_sub(1).map(|before| self.grown.teams[before / REPORTS]),
            name: format!("{} {}", random.pick(names::TEAMS), place + 1),
            members: std::iter::once(place).chain(reports).map(|place| self.grown.people[place]).collect(),
            since: self.today,
        }
    }
}
