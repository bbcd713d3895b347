//! Parts of a commitment that are counted from issues: which of them are open, whose they are, and in which order they can be
//! done.
use super::stand::{Part, PartStand, Step};
use crate::item::below::{MOST, Row, blocks, in_order, waits};
use kernel::{Id, Result, Team, Tx, args, list, sql};
use std::collections::{BTreeMap, BTreeSet};

/// What is open of all counted parts of a commitment.
pub struct Counted {
    rows: Vec<Row>,
    /// Pairs of an issue and one that waits for it.
    blocks: Vec<(String, String)>,
    /// The part of each row, by its id: the first that holds it.
    ranks: BTreeMap<String, i64>,
}

/// The open issues of a team in a counted part.
pub struct OfTeam<'a> {
    pub team: Id<Team>,
    pub team_name: &'a str,
    pub issues: Vec<String>,
}

impl Counted {
    /// What is open now; or why that cannot be counted, in a sentence.
    pub async fn of(tx: &mut Tx<'_>, parts: &[Part]) -> Result<Result<Counted, String>> {
        let mut found = Counted { rows: Vec::new(), blocks: Vec::new(), ranks: BTreeMap::new() };
        for part in parts {
            let Some(source) = part.source() else { continue };
            let Some(card) = source.card(tx).await? else {
                return Ok(Err("What a part is counted from is gone. Choose something else for it.".into()));
            };
            if source.is_closed(tx).await? {
                let sentence = "is closed, so nothing more is counted from it. Choose what the rest is counted from, or say what became of it.";
                return Ok(Err(format!("{} {sentence}", card.title)));
            }
            let rows = source.open(tx).await?;
            if rows.is_empty() && source.counts(tx).await?.iter().all(|held| held.done == 0) {
                return Ok(Err(format!("{}: no issue is in it yet, so there is nothing to forecast.", card.title)));
            }
            for row in rows {
                if !found.ranks.contains_key(&row.issue_id) {
                    found.ranks.insert(row.issue_id.clone(), part.rank);
                    found.rows.push(row);
                }
            }
        }
        if found.rows.len() > MOST {
            return Ok(Err(format!("It takes more than {MOST} issues, which are too many to forecast at once.")));
        }
        if !found.rows.is_empty() {
            found.blocks = blocks(tx, &found.rows).await?;
        }
        Ok(Ok(found))
    }

    /// The teams of a part, with what is open of each.
    pub fn teams(&self, rank: i64) -> Vec<OfTeam<'_>> {
        let mut teams: Vec<OfTeam<'_>> = Vec::new();
        for row in self.leaves(rank) {
            match teams.iter_mut().find(|one| one.team == row.team_id) {
                Some(one) => one.issues.push(row.issue_id.clone()),
                None => teams.push(OfTeam {
                    team: row.team_id,
                    team_name: &row.team_name,
                    issues: vec![row.issue_id.clone()],
                }),
            }
        }
        teams
    }

    fn leaves(&self, rank: i64) -> impl Iterator<Item = &Row> {
        self.rows.iter().filter(move |row| row.leaf && self.ranks.get(&row.issue_id) == Some(&rank))
    }

    /// The steps of all parts in their order. A part begins when those that it waits for are done, an issue when those that
    /// block it are.
    pub fn steps(&self, parts: &[Part], stands: &[PartStand]) -> Vec<Step> {
        let waits = waits(&self.rows, &self.blocks);
        let needed: BTreeSet<&str> = waits.values().flatten().copied().collect();
        let mut steps: Vec<Step> = Vec::new();
        // The step of each issue that has one.
        let mut placed: BTreeMap<&str, usize> = BTreeMap::new();
        for part in parts {
            let of_rank = |place: usize| stands[place].rank;
            let waits_for = part.waits();
            let before: BTreeSet<usize> =
                (0..steps.len()).filter(|step| waits_for.contains(&of_rank(steps[*step].part))).collect();
            let leaves: Vec<&Row> = self.leaves(part.rank).collect();
            // The last step of each team, while more can be added to it.
            let mut open: BTreeMap<usize, usize> = BTreeMap::new();
            for row in in_order(&leaves, &waits) {
                let Some(place) = stands.iter().position(|one| one.is(part.rank, row.team_id)) else { continue };
                let id = row.issue_id.as_str();
                let own = waits[id].iter().filter_map(|one| placed.get(one).copied());
                let after: BTreeSet<usize> = before.iter().copied().chain(own).collect();
                let step = match open.get(&place) {
                    Some(&step) if after.iter().all(|one| steps[step].after.contains(one)) => step,
                    _ => {
                        steps.push(Step { part: place, items: 0, after: after.into_iter().collect() });
                        steps.len() - 1
                    }
                };
                steps[step].items += 1;
                placed.insert(id, step);
                // Whatever waits for this one begins when it is done, and not later.
                if needed.contains(id) {
                    open.remove(&place)
                } else {
                    open.insert(place, step)
                };
            }
            for (place, stand) in stands.iter().enumerate().filter(|(_, one)| one.rank == part.rank) {
                if steps.iter().all(|step| step.part != place) {
                    steps.push(Step { part: place, items: stand.left, after: before.iter().copied().collect() });
                }
            }
        }
        steps
    }
}

/// Which of these issues are done.
pub async fn done_of(tx: &mut Tx<'_>, issues: &[&String]) -> Result<BTreeSet<String>> {
    if issues.is_empty() {
        return Ok(BTreeSet::new());
    }
    let select = sql!(
        "select i.issue_id from work_public_items i
          where i.workspace_id = $1 and i.category = 'done'
            and i.issue_id in (select value from json_each(cast($2 as text)))"
    );
    let done: Vec<String> = tx.all(select, args![tx.workspace(), list(issues)]).await?;
    Ok(done.into_iter().collect())
}
