use super::{
    Commitment, Kept,
    chance::{Moved, outcome},
    snapshot::{Stored, newest},
    stand::{Known, Part},
};
use crate::source::{Source, SourceKind};
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
    /// Who does it; nothing for one that is counted from issues, which say so.
    pub team: Option<Id<Team>>,
    pub team_name: Option<String>,
    /// As it was counted by hand.
    pub items: Option<i64>,
    pub counted_on: Option<Date>,
    /// What it is counted from instead.
    pub counted_from: Option<CountedFrom>,
    /// After what the team has finished since; counted from issues, all that is open and what has to be done before in other
    /// teams. Nothing where that is not known.
    pub left: Option<u64>,
    pub focus: i64,
    pub waits_for: Vec<i64>,
}

/// What a part is counted from, and how it stands now.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct CountedFrom {
    pub kind: SourceKind,
    pub id: String,
    /// Nothing where it is gone.
    pub name: Option<String>,
    pub href: Option<String>,
    pub open: i64,
    pub done: i64,
    pub teams: Vec<TeamCount>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct TeamCount {
    pub team: Id<Team>,
    pub name: String,
    pub open: i64,
    pub done: i64,
}

impl CountedFrom {
    async fn of(tx: &mut Tx<'_>, source: &Source) -> Result<CountedFrom> {
        let card = source.card(tx).await?;
        let held = if card.is_some() { source.counts(tx).await? } else { Vec::new() };
        let (name, href) = card.map(|card| (card.title, card.href)).unzip();
        Ok(CountedFrom {
            kind: source.kind,
            id: source.id.clone(),
            name,
            href,
            open: held.iter().map(|one| one.open).sum(),
            done: held.iter().map(|one| one.done).sum(),
            teams: held
                .into_iter()
                .map(|one| TeamCount { team: one.team_id, name: one.team_name, open: one.open, done: one.done })
                .collect(),
        })
    }

    pub fn title(&self) -> &str {
        self.name.as_deref().unwrap_or("Something that is gone")
    }
}

impl PartView {
    /// The name, or what it is counted from, with the team where it has one.
    pub fn title(&self) -> String {
        match (&self.team_name, &self.counted_from, self.name.as_str()) {
            (_, Some(from), "") => from.title().to_owned(),
            (Some(team), None, "") => format!("{team}: {} items", self.items.unwrap_or(0)),
            (Some(team), _, name) => format!("{team}: {name}"),
            (None, _, name) => name.to_owned(),
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
        let stored = past.first().map(|day| serde_json::from_str::<Stored>(&day.known)).transpose();
        let stored = stored.map_err(Error::internal)?.unwrap_or_default();
        let known = match commitment.ending {
            None => Known::of(tx, &commitment, &parts, None).await?,
            Some(_) => Err("It has ended.".into()),
        };
        let (now, refused) = match &known {
            Ok(known) => (Some(outcome(known)), None),
            Err(sentence) => (None, Some(sentence.clone()).filter(|_| commitment.ending.is_none())),
        };
        let left = |rank| {
            let stand = known.as_ref().ok().map(|known| &known.stand);
            stand.map(|stand| stand.parts.iter().filter(|part| part.rank == rank).map(|part| part.left).sum())
        };
        let mut views = Vec::new();
        for part in parts {
            let from = match part.source() {
                Some(source) => Some(CountedFrom::of(tx, &source).await?),
                None => None,
            };
            views.push(PartView::of(left(part.rank), part, from));
        }
        Ok(CommitmentView {
            chance: now.map(|(chance, _)| chance),
            likely_on: now.and_then(|(_, date)| date),
            refused,
            moved: stored.moved,
            past: past.iter().rev().filter(|day| !day.refused()).map(|day| (day.on_date, day.chance)).collect(),
            parts: views,
            may_change,
            commitment,
        })
    }
}

impl PartView {
    fn of(left: Option<u64>, part: Part, counted_from: Option<CountedFrom>) -> PartView {
        let by_hand = counted_from.is_none();
        PartView {
            waits_for: part.waits(),
            rank: part.rank,
            name: part.name,
            team: by_hand.then_some(part.team_id),
            team_name: by_hand.then_some(part.team_name),
            items: by_hand.then_some(part.items),
            counted_on: by_hand.then_some(part.counted_on),
            counted_from,
            left,
            focus: part.focus,
        }
    }
}
