use super::{
    Commitment, Kept,
    chance::{Moved, outcome},
    snapshot::{Stored, newest},
    stand::{Known, Part},
};
use jiff::civil::Date;
use kernel::{Actor, Error, Id, Method::Get, Operation, Result, Route, Team, Tx};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A commitment, its parts, its chance now, and how that went.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowCommitment {
    pub commitment: Id<Commitment>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CommitmentView {
    pub commitment: Commitment,
    pub parts: Vec<PartView>,
    /// The chance that it is kept, from 0 to 1, as it stands now; nothing for one that has ended.
    pub chance: Option<f64>,
    /// The date by which it is done with 85 %.
    pub likely_on: Option<Date>,
    /// Why there is no chance, in a sentence.
    pub refused: Option<String>,
    /// What moved the chance, as of the newest snapshot.
    pub moved: Option<Moved>,
    /// The chance of past days, the oldest first.
    pub past: Vec<(Date, f64)>,
    pub may_change: bool,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PartView {
    pub rank: i64,
    pub name: String,
    pub team: Id<Team>,
    pub team_name: String,
    /// As it was counted.
    pub items: i64,
    pub counted_on: Date,
    /// After what the team has finished since; nothing where that is not known.
    pub left: Option<u64>,
    pub focus: i64,
    pub waits_for: Vec<i64>,
}

impl PartView {
    /// The name, or the team where it has none.
    pub fn title(&self) -> String {
        if self.name.is_empty() {
            format!("{}: {} items", self.team_name, self.items)
        } else {
            format!("{}: {}", self.team_name, self.name)
        }
    }
}

impl Operation for ShowCommitment {
    const NAME: &str = "commitment.show";
    const ROUTE: Route = Route(Get, "/commitments/{commitment}");
    const READS: bool = true;
    type Target = Kept;
    type Output = CommitmentView;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Kept> {
        Kept::visible(tx, self.commitment).await
    }

    fn allows(_: &Actor, _: &Kept) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, kept: Kept) -> Result<CommitmentView> {
        let may_change = kept.may_change(tx.actor());
        let commitment = kept.commitment;
        let parts = Part::all_of(tx, commitment.id).await?;
        let past = newest(tx, commitment.id).await?;
        let stored = past.first().map(|(_, _, _, text)| serde_json::from_str::<Stored>(text)).transpose();
        let stored = stored.map_err(Error::internal)?.unwrap_or_default();
        let known = match commitment.ending {
            None => Known::of(tx, &commitment, &parts).await?,
            Some(_) => Err("It has ended.".into()),
        };
        let (now, refused) = match &known {
            Ok(known) => (Some(outcome(known)), None),
            Err(sentence) => (None, Some(sentence.clone()).filter(|_| commitment.ending.is_none())),
        };
        let left = |rank| {
            let stand = known.as_ref().ok().map(|known| &known.stand);
            stand.and_then(|stand| stand.parts.iter().find(|part| part.rank == rank)).map(|part| part.left)
        };
        Ok(CommitmentView {
            chance: now.map(|(chance, _)| chance),
            likely_on: now.and_then(|(_, date)| date),
            refused,
            moved: stored.moved,
            past: past.iter().rev().map(|(date, chance, _, _)| (*date, *chance)).collect(),
            parts: parts.into_iter().map(|part| PartView::of(left(part.rank), part)).collect(),
            may_change,
            commitment,
        })
    }
}

impl PartView {
    fn of(left: Option<u64>, part: Part) -> PartView {
        PartView {
            waits_for: part.waits(),
            rank: part.rank,
            name: part.name,
            team: part.team_id,
            team_name: part.team_name,
            items: part.items,
            counted_on: part.counted_on,
            left,
            focus: part.focus,
        }
    }
}
