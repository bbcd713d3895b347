//! What a team has agreed about time. The values are configuration and text at once: asks take their due times from
//! them, and the page of the norms shows the same values as sentences.
mod edit;
mod show;

pub use edit::SetNorms;
pub use show::ShowNorms;

use kernel::{Due, Id, Person, Result, Team, Tx, Verb, args, calendar::Hours, list, sql};
use people::access::today;
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;
use ui::Pages;

pub fn pages() -> Pages {
    Pages::new()
        .get("/teams/{team}/norms", show::show)
        .get("/teams/{team}/norms/edit", edit::edit)
        .post("/teams/{team}/norms", edit::save)
}

/// How long an ask may take where a team has agreed nothing.
pub const fn usual(verb: Verb) -> Due {
    match verb {
        Verb::Review => Due::Minutes(8 * 60),
        Verb::Answer | Verb::Approve => Due::Days(1),
        Verb::Read | Verb::Decide | Verb::Prepare | Verb::Acknowledge => Due::Days(2),
        Verb::FillIn => Due::Days(3),
    }
}

/// How long one kind of ask may take.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Norm {
    pub verb: Verb,
    pub due: Due,
    /// The team has agreed it; otherwise it is what Cairn takes where nothing is agreed.
    pub agreed: bool,
}

/// What the teams of some people have agreed.
pub(crate) struct Agreed {
    teams: BTreeMap<Id<Person>, Id<Team>>,
    dues: BTreeMap<(Id<Team>, Verb), Due>,
    quiet: BTreeMap<Id<Team>, Hours>,
}

impl Agreed {
    pub fn due(&self, person: Id<Person>, verb: Verb) -> Due {
        let agreed = self.teams.get(&person).and_then(|team| self.dues.get(&(*team, verb)));
        agreed.copied().unwrap_or(usual(verb))
    }

    /// The hours of every day, on the person's wall clock, in which nobody tells them of asks.
    pub fn quiet(&self, person: Id<Person>) -> Hours {
        self.teams.get(&person).and_then(|team| self.quiet.get(team)).cloned().unwrap_or(Hours::FREE)
    }
}

/// The norms of the team in which each of these people has been the longest: three statements for any number of them.
pub(crate) async fn of_people(tx: &mut Tx<'_>, people: &[Id<Person>]) -> Result<Agreed> {
    let of = sql!(
        "select person_id, team_id from memberships
          where workspace_id = $1 and person_id in (select value from json_each(cast($2 as text)))
            and from_on <= $3 and (until_on is null or until_on > $3)
          order by person_id, from_on desc, id desc"
    );
    let rows: Vec<(Id<Person>, Id<Team>)> = tx.all(of, args![tx.workspace(), list(people), today(tx)]).await?;
    let teams: BTreeMap<Id<Person>, Id<Team>> = rows.into_iter().collect(); // the last one, the oldest, stays
    let ids = list(teams.values());
    let dues = sql!(
        "select team_id, verb, due from norm_dues
          where workspace_id = $1 and team_id in (select value from json_each(cast($2 as text)))"
    );
    let dues: Vec<(Id<Team>, Verb, Due)> = tx.all(dues, args![tx.workspace(), ids]).await?;
    let quiet = sql!(
        "select team_id, quiet from norms
          where workspace_id = $1 and quiet <> '' and team_id in (select value from json_each(cast($2 as text)))"
    );
    let quiet: Vec<(Id<Team>, String)> = tx.all(quiet, args![tx.workspace(), ids]).await?;
    let quiet = quiet.into_iter().map(|(team, hours)| Ok((team, hours.parse()?))).collect::<Result<_>>()?;
    Ok(Agreed { teams, dues: dues.into_iter().map(|(team, verb, due)| ((team, verb), due)).collect(), quiet })
}
