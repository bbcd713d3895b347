//! One bunch of issues. Sending it again changes nothing, so an import that was stopped begins anew and goes on.
use super::{
    Import, Incoming, Tracker,
    named::Named,
    ours::{Difference, Ours},
    store,
};
use crate::{
    issue::{Issue, topic},
    team::{Kept, Work, stem, wanted_key},
};
use kernel::{
    Actor, Error, INDEX_JOB, Id, Method::Post, Operation, Result, Route, Team, Time, Tx, args, json, list, sql,
};
use people::access::cares_for_people;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Bring over a bunch of issues of one team, at most 500. One that is here already is written anew where it is different
/// there; what somebody has changed here stays.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportIssues {
    pub import: Id<Import>,
    pub team: Id<Team>,
    pub issues: Vec<Incoming>,
}

/// What became of a bunch.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(rename = "StoredIssues")]
pub struct Stored {
    /// Issues that were new, that were written anew, and that were as they had been.
    pub created: i64,
    pub renewed: i64,
    pub unchanged: i64,
    /// Keys that lead to another issue here, and so do not lead to the one that was brought over.
    pub taken_keys: Vec<String>,
    /// Fields that were changed here and are different there; they stay.
    pub differences: Vec<Difference>,
}

pub const MOST: usize = 500;

impl Operation for ImportIssues {
    const NAME: &str = "issue_import.send";
    const ROUTE: Route = Route(Post, "/issue-imports/{import}/issues");
    type Target = (Import, Kept);
    type Output = Stored;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Self::Target> {
        Ok((Import::visible(tx, self.import).await?, Kept::visible(tx, self.team).await?))
    }

    fn allows(actor: &Actor, _: &Self::Target) -> bool {
        cares_for_people(actor)
    }

    async fn run(&self, tx: &mut Tx<'_>, (import, kept): Self::Target) -> Result<Stored> {
        import.open()?;
        self.check()?;
        let key = self.issues.first().and_then(|issue| project(&issue.key)).unwrap_or_else(|| stem(&kept.team.name));
        let work = Work::begun_as(tx, self.team, &key).await?;
        let mut bunch = Bunch { import: &import, work: &work, known: self.known(tx, &import, &work).await? };
        let mut stored = Stored::default();
        let different: Vec<&Incoming> = self.issues.iter().filter(|issue| bunch.is_different(issue)).collect();
        stored.unchanged = (self.issues.len() - different.len()) as i64;
        let named = Named::of(tx, &import, self.team, &different).await?;
        bunch.store(tx, &different, &named, &mut stored).await?;
        bunch.count(tx, &stored).await?;
        tx.touch(topic(self.team));
        tx.touch(import.id.to_string());
        Ok(stored)
    }
}

impl ImportIssues {
    fn check(&self) -> Result<()> {
        if self.issues.len() > MOST {
            return Err(Error::invalid("issues", format!("Send at most {MOST} issues at once.")));
        }
        let mut seen = BTreeSet::new();
        match self.issues.iter().find(|issue| !seen.insert(&*issue.source_id)) {
            Some(twice) => Err(Error::invalid("issues", format!("Issue {} is in this bunch twice.", twice.source_id))),
            None => Ok(()),
        }
    }

    /// Issues that were brought over before: their ids, and the fingerprints of what was sent.
    async fn known(&self, tx: &mut Tx<'_>, import: &Import, work: &Work) -> Result<Known> {
        let ids = list(self.issues.iter().map(|issue| &*issue.source_id));
        let select = sql!(
            "select source_id, issue_id, fingerprint from issue_sources where workspace_id = $1 and source = $2
                and source_id in (select value from json_each(cast($3 as text)))"
        );
        let rows: Vec<(String, Id<Issue>, i64)> = tx.all(select, args![tx.workspace(), import.source, ids]).await?;
        let known: Known = rows.into_iter().map(|(name, id, print)| (name, (id, print))).collect();
        match import.source {
            Tracker::Cairn => self.with_own(tx, work, known).await,
            _ => Ok(known),
        }
    }

    /// An issue that was exported from here is still here: it has the same number and was created in the same moment.
    async fn with_own(&self, tx: &mut Tx<'_>, work: &Work, mut known: Known) -> Result<Known> {
        let select = sql!(
            "select number, created_at, id from issues where workspace_id = $1 and team_id = $2
                and number in (select cast(value as bigint) from json_each(cast($3 as text)))"
        );
        let numbers = list(self.issues.iter().filter_map(|issue| own_number(&issue.key, &work.key)));
        let here: Vec<(i64, Time, Id<Issue>)> = tx.all(select, args![tx.workspace(), self.team, numbers]).await?;
        for issue in &self.issues {
            let same = |(number, at, _): &&(i64, Time, _)| {
                *at == issue.created_at && own_number(&issue.key, &work.key) == Some(*number)
            };
            if let Some((.., id)) = here.iter().find(same) {
                known.entry(issue.source_id.to_string()).or_insert((*id, fingerprint(issue)));
            }
        }
        Ok(known)
    }
}

/// Issues that are here already, by the source's id.
type Known = BTreeMap<String, (Id<Issue>, i64)>;

/// What the key of an issue begins with, if a team can have it for its own.
fn project(key: &str) -> Option<String> {
    wanted_key(key.rsplit_once('-')?.0).ok()
}

/// The number of `PAY-7`, if the team's key is `PAY`.
pub(super) fn own_number(key: &str, team: &str) -> Option<i64> {
    let (name, number) = key.rsplit_once('-')?;
    let number = number.parse().ok().filter(|number| (1..1_000_000_000).contains(number))?;
    name.eq_ignore_ascii_case(team).then_some(number)
}

pub(super) fn fingerprint(issue: &Incoming) -> i64 {
    kernel::fingerprint(&serde_json::to_string(issue).unwrap_or_default())
}

struct Bunch<'i> {
    import: &'i Import,
    work: &'i Work,
    known: Known,
}

/// An issue with the id and the number under which it is stored.
pub(super) struct Placed<'i> {
    pub id: Id<Issue>,
    pub number: i64,
    /// It is here already.
    pub old: bool,
    pub issue: &'i Incoming,
}

impl Bunch<'_> {
    fn is_different(&self, issue: &Incoming) -> bool {
        self.known.get(&*issue.source_id).is_none_or(|(_, before)| *before != fingerprint(issue))
    }

    async fn store(&mut self, tx: &mut Tx<'_>, issues: &[&Incoming], named: &Named, stored: &mut Stored) -> Result<()> {
        let placed = self.place(tx, issues).await?;
        let all: Vec<&Placed<'_>> = placed.iter().collect();
        let (old, new): (Vec<&Placed<'_>>, Vec<&Placed<'_>>) = placed.iter().partition(|one| one.old);
        let ours = Ours::of(tx, &old).await?;
        store::insert(tx, self.import.id, self.work.team_id, &new, named).await?;
        store::renew(tx, &old, named, &ours, &mut stored.differences).await?;
        store::beside(tx, (self.import, self.work.team_id), &all, named, &ours).await?;
        stored.taken_keys = store::aliases(tx, &self.work.key, &new).await?;
        for one in &all {
            let now = tx.now();
            tx.want(INDEX_JOB, one.id.to_string(), json!({ "kind": "issue" }), now);
        }
        (stored.created, stored.renewed) = (new.len() as i64, old.len() as i64);
        Ok(())
    }

    /// An issue keeps its number where the team has the same key and nothing else has the number; else it gets the next.
    async fn place<'i>(&self, tx: &mut Tx<'_>, issues: &[&'i Incoming]) -> Result<Vec<Placed<'i>>> {
        let team = self.work.team_id;
        let wanted = |issue: &Incoming| own_number(&issue.key, &self.work.key);
        let taken = sql!(
            "select number from issues where workspace_id = $1 and team_id = $2
                and number in (select cast(value as bigint) from json_each(cast($3 as text)))"
        );
        let numbers = list(issues.iter().filter_map(|issue| wanted(issue)));
        let taken: Vec<i64> = tx.all(taken, args![tx.workspace(), team, numbers]).await?;
        let mut taken: BTreeSet<i64> = taken.into_iter().collect();
        let mut placed = Vec::new();
        for issue in issues {
            let known = self.known.get(&*issue.source_id);
            let number = match known {
                Some(_) => 0,
                None => wanted(issue).filter(|number| taken.insert(*number)).unwrap_or(0),
            };
            let id = known.map_or_else(|| tx.id(), |(id, _)| *id);
            placed.push(Placed { id, number, old: known.is_some(), issue });
        }
        let next = sql!("select next_number from work_teams where workspace_id = $1 and team_id = $2");
        let next: i64 = tx.one(next, args![tx.workspace(), team]).await?;
        let mut next = next.max(taken.last().map_or(0, |last| last + 1));
        for one in placed.iter_mut().filter(|one| !one.old && one.number == 0) {
            one.number = next;
            next += 1;
        }
        let update = sql!("update work_teams set next_number = $3 where workspace_id = $1 and team_id = $2");
        tx.run(update, args![tx.workspace(), team, next]).await?;
        Ok(placed)
    }

    async fn count(&self, tx: &mut Tx<'_>, stored: &Stored) -> Result<()> {
        let update = sql!(
            "update issue_imports set created = created + $3, renewed = renewed + $4, unchanged = unchanged + $5
              where workspace_id = $1 and id = $2"
        );
        let Stored { created, renewed, unchanged, .. } = stored;
        tx.run(update, args![tx.workspace(), self.import.id, created, renewed, unchanged]).await.map(drop)
    }
}
