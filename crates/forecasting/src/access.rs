//! Who keeps the forecasts of a team.
use kernel::{Actor, Id, Result, Team, Tx};
use people::{access::cares_for_people, team::Record};

/// A team, and whether the actor leads it or one above.
pub struct Led {
    pub team: Record,
    pub leads: bool,
}

impl Led {
    pub async fn visible(tx: &mut Tx<'_>, team: Id<Team>) -> Result<Led> {
        let team = Record::visible(tx, team).await?;
        let me = tx.me();
        let leads = Record::is_led_by(tx, team.id, me).await?;
        Ok(Led { team, leads })
    }

    /// Whoever leads the team, or runs the workspace.
    pub fn may_keep(&self, actor: &Actor) -> bool {
        self.leads || cares_for_people(actor)
    }
}
