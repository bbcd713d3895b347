//! Companies of any size for benchmarks: the same seed makes the same people, teams and leave.
mod names;
mod random;

use jiff::{ToSpan, civil::Date, tz::TimeZone};
use kernel::{Actor, App, Id, Person, Result, Role, Team, Workspace, json, parse};
use people::{
    account::GrantAccount,
    leave::EnterLeave,
    person::AddPerson,
    team::{AddTeam, JoinTeam},
};
use random::Random;

/// A generated company, everyone in the order in which they were added: the first is the owner and reports to nobody.
#[derive(Clone, Debug)]
pub struct Scaled {
    pub people: Vec<Id<Person>>,
    pub teams: Vec<Id<Team>>,
}

/// Everyone but the leaves of the tree leads so many people; with their lead they are a team of seven.
const REPORTS: usize = 6;

/// Adds `people` people with accounts, in teams of seven, on the day that the clock of `app` shows. Person `i` reports
/// to person `(i - 1) / 6`, who leads the team that they are both on; every third has leave within five weeks.
pub async fn grow(app: &App, workspace: Id<Workspace>, people: usize, seed: u64) -> Result<Scaled> {
    let today = app.clock.now().date(&TimeZone::UTC);
    let system = Actor::system(workspace);
    let mut grower = Grower { app, system, today, random: Random::new(seed), grown: Scaled::empty() };
    for number in 0..people {
        if number > 0 && (number - 1).is_multiple_of(REPORTS) {
            grower.add_team((number - 1) / REPORTS).await?;
        }
        grower.add_person(number).await?;
        if number % 3 == 2 {
            grower.enter_leave(number).await?;
        }
    }
    Ok(grower.grown)
}

impl Scaled {
    fn empty() -> Scaled {
        Scaled { people: Vec::new(), teams: Vec::new() }
    }
}

struct Grower<'a> {
    app: &'a App,
    system: Actor,
    today: Date,
    random: Random,
    grown: Scaled,
}

impl Grower<'_> {
    /// The team of a lead, below the team that the lead is a member of.
    async fn add_team(&mut self, lead: usize) -> Result<()> {
        let lead_id = self.grown.people[lead];
        let parent = lead.checked_sub(1).map(|before| self.grown.teams[before / REPORTS]);
        let name = format!("{} {}", self.random.pick(names::TEAMS), lead + 1);
        let mission = "This team was generated.";
        let team = json!({ "name": name, "parent": parent, "lead": lead_id, "mission": mission });
        let team = self.app.call(&self.system, parse::<AddTeam>(team)?).await?.id;
        let join = json!({ "team": team, "person": lead_id });
        self.app.call(&self.system, parse::<JoinTeam>(join)?).await?;
        self.grown.teams.push(team);
        Ok(())
    }

    async fn add_person(&mut self, number: usize) -> Result<()> {
        let above = number.checked_sub(1).map(|before| before / REPORTS);
        let (location, zone, hours) = self.random.pick(names::PLACES);
        let name = format!("{} {}", self.random.pick(names::GIVEN), self.random.pick(names::FAMILY));
        let started = self.today.saturating_sub(i64::try_from(self.random.below(2000)).unwrap_or_default().days());
        let person = json!({
            "name": name,
            "email": format!("person{number}@scale.example"),
            "employee_id": format!("S-{number:05}"),
            "title": self.random.pick(names::TITLES),
            "level": format!("IC{}", 1 + self.random.below(6)),
            "location": location,
            "zone": zone,
            "hours": hours,
            "starts_on": started,
            "manager": above.map(|lead| self.grown.people[lead]),
            "team": above.map(|lead| self.grown.teams[lead]),
        });
        let person = self.app.call(&self.system, parse::<AddPerson>(person)?).await?.id;
        let roles = if number == 0 { vec![Role::Owner, Role::Member] } else { vec![Role::Member] };
        self.app.call(&self.system, GrantAccount { person, roles }).await?;
        self.grown.people.push(person);
        Ok(())
    }

    async fn enter_leave(&mut self, number: usize) -> Result<()> {
        let days = |days: u64| i64::try_from(days).unwrap_or_default().days();
        let first = self.today.saturating_sub(days(35)).saturating_add(days(self.random.below(70)));
        let leave = json!({
            "person": self.grown.people[number],
            "kind": self.random.pick(&["holiday", "holiday", "holiday", "training", "sick"]),
            "first_on": first,
            "last_on": first.saturating_add(days(self.random.below(12))),
        });
        self.app.call(&self.system, parse::<EnterLeave>(leave)?).await?;
        Ok(())
    }
}
