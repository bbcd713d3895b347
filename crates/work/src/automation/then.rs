use crate::{
    issue::{Issue, Priority, Wanted, labels_of},
    label::Label,
    team::{State, states_of},
};
use jiff::{Span, tz::TimeZone};
use kernel::{Change, Error, Flaws, Id, Person, Result, Team, Tx, text::Line};
use people::{access::actor_of, person::Record};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is done about an issue. What is left out stays.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(rename = "AutomationDeed")]
pub struct Then {
    /// A state of the team.
    pub state: Option<Id<State>>,
    pub assignee: Option<Id<Person>>,
    pub priority: Option<Priority>,
    pub add_label: Option<Id<Label>>,
    pub remove_label: Option<Id<Label>>,
    /// So many days from the day on which it happens in the zone of the team, 0 to 365.
    pub due_in_days: Option<i64>,
    /// A line that stands in the conversation of the issue.
    pub say: Line<300>,
    /// Who is asked to look at the issue.
    pub ask: Option<Id<Person>>,
}

impl Then {
    /// Looks up what it names, so that nobody learns of what they cannot see.
    pub async fn look_up(&self, tx: &mut Tx<'_>) -> Result<()> {
        for person in [self.assignee, self.ask].into_iter().flatten() {
            Record::visible(tx, person).await?;
        }
        for label in [self.add_label, self.remove_label].into_iter().flatten() {
            Label::visible(tx, label).await?;
        }
        Ok(())
    }

    /// # Errors
    /// `Invalid` where it does nothing, or names what is not the team's.
    pub async fn check(&self, tx: &mut Tx<'_>, team: Id<Team>) -> Result<()> {
        let mut flaws = Flaws::default();
        flaws.unless(*self != Then::default(), "then", "Say what is to be done.");
        let states = states_of(tx, team).await?;
        let known = |id| states.iter().any(|state| state.id == id && state.archived_at.is_none());
        flaws.unless(self.state.is_none_or(known), "state", "This is no state of this team.");
        let fits = self.due_in_days.is_none_or(|days| (0..=365).contains(&days));
        flaws.unless(fits, "due_in_days", "Choose 0 to 365 days.");
        for (field, label) in [("add_label", self.add_label), ("remove_label", self.remove_label)] {
            if let Some(label) = label {
                let label = Label::visible(tx, label).await?;
                let own = label.team_id.is_none_or(|of| of == team) && label.archived_at.is_none();
                flaws.unless(own, field, "This label is not used by this team.");
            }
        }
        flaws.check()
    }

    /// The change of an issue, and what of it cannot be done any more.
    pub(super) async fn wanted(
        &self,
        tx: &mut Tx<'_>,
        issue: &Issue,
        zone: &TimeZone,
    ) -> Result<(Wanted, Option<String>)> {
        let (mut wanted, mut left) = (Wanted::default(), None);
        wanted.state = self.state;
        wanted.priority = self.priority;
        if let Some(person) = self.assignee {
            match is_here(tx, person).await? {
                true => wanted.assignee = Change::Set(person),
                false => left = Some("Nobody was assigned, as that person has no account any more.".to_owned()),
            }
        }
        if let Some(days) = self.due_in_days {
            wanted.due_on = Change::Set(tx.now().date(zone).saturating_add(Span::new().days(days)));
        }
        if self.add_label.is_some() || self.remove_label.is_some() {
            let now = labels_of(tx, &[issue.id]).await?;
            let mut labels: Vec<Id<Label>> = now.into_iter().map(|(_, label)| label.id).collect();
            labels.retain(|label| Some(*label) != self.remove_label);
            labels.extend(self.add_label.filter(|label| !labels.contains(label)));
            wanted.labels = Some(labels);
        }
        Ok((wanted, left))
    }

    pub(super) async fn asked(&self, tx: &mut Tx<'_>) -> Result<Option<Id<Person>>> {
        match self.ask {
            Some(person) if is_here(tx, person).await? => Ok(Some(person)),
            _ => Ok(None),
        }
    }
}

/// Whether somebody has an account with which they see the issues.
async fn is_here(tx: &mut Tx<'_>, person: Id<Person>) -> Result<bool> {
    match actor_of(tx, person).await {
        Ok(actor) => Ok(actor.is_some_and(|actor| actor.belongs())),
        Err(Error::NotFound) => Ok(false),
        Err(error) => Err(error),
    }
}
