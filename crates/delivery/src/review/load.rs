use super::{Measured, chosen, of_team, read};
use crate::{
    code::{FEWEST, FEWEST_FOR_HABITS, Span},
    repository::Repository,
};
use kernel::{Actor, Id, Method::Get, Operation, Result, Route, Team, Tx, args, list, sql};
use measures::{Flow, Pull, Spread, What, between, spread};
use people::{access, team::ListTeams};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{HashMap, HashSet};

/// How reviewing is spread over the people of a team, between teams, and over changes of different sizes. Nobody is named;
/// what the reader did is told to the reader alone.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowReviewLoad {
    pub team: Id<Team>,
    /// Thirteen weeks if left out.
    #[serde(default)]
    pub span: Option<Span>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct ReviewLoad {
    pub span: Span,
    /// People who wrote the merged pull requests, and people who reviewed them.
    pub authors: usize,
    pub reviewers: usize,
    /// Nothing where there are fewer than three of either.
    pub numbers: Option<LoadNumbers>,
    /// The reader's own part, shown to nobody else; nothing for whoever reviewed and wrote nothing.
    pub own: Option<OwnReviews>,
}

/// A review is one person answering one pull request of somebody else, however often. Programs are left out.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct LoadNumbers {
    pub reviews: usize,
    pub merged: usize,
    /// Merged pull requests that nobody else had answered.
    pub unanswered: usize,
    /// Nothing for fewer than five reviewers.
    pub spread: Option<Spread>,
    /// Who reviews for whom, by teams of three and more; nobody's team is `null`, and so are smaller ones.
    pub between: Vec<Flow>,
    /// By lines changed, the smallest first; sizes with fewer than five pull requests or three authors are left out.
    pub depth: Vec<Depth>,
}

/// How closely changes of some size were read.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Depth {
    /// The fewest and the most lines; no most for the largest.
    pub from: i64,
    pub to: Option<i64>,
    pub pulls: usize,
    /// Comments of others for each hundred lines changed.
    pub comments: f64,
    /// Approved or merged without a word.
    pub silent: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct OwnReviews {
    /// Pull requests of others that the reader answered.
    pub reviewed: usize,
    /// Merged pull requests of the reader.
    pub merged: usize,
}

const FEWEST_PULLS: usize = 5;
const SIZES: [(i64, Option<i64>); 4] = [(0, Some(50)), (51, Some(200)), (201, Some(500)), (501, None)];

impl Operation for ShowReviewLoad {
    const NAME: &str = "delivery.review_load";
    const ROUTE: Route = Route(Get, "/delivery/reviews/load");
    const READS: bool = true;
    type Target = Vec<Repository>;
    type Output = ReviewLoad;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Vec<Repository>> {
        of_team(tx, self.team).await
    }

    fn allows(_: &Actor, _: &Vec<Repository>) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, repositories: Vec<Repository>) -> Result<ReviewLoad> {
        let span = self.span.unwrap_or(Span::Quarter);
        let (now, from) = (tx.now(), span.from(tx.now()));
        let all = read(tx, &repositories, from, false).await?;
        let measured = Measured::new(&all, HashMap::new(), &chosen(None)?.options, from, now);
        let reviews = reviews(&measured);
        let reviewers: HashSet<&str> = reviews.iter().map(|(by, _)| *by).collect();
        let authors = measured.contributors();
        let enough = authors >= FEWEST && reviewers.len() >= FEWEST;
        let numbers = match enough {
            true => Some(numbers(&measured, &reviews, &groups(tx, self.team, &reviews).await?)),
            false => None,
        };
        let own = own(&measured, &reviews, &tx.me().to_string());
        Ok(ReviewLoad { span, authors, reviewers: reviewers.len(), numbers, own })
    }
}

/// Who answered whose pull request, once for each.
fn reviews<'m>(measured: &'m Measured<'_>) -> Vec<(&'m str, &'m str)> {
    let mut found = Vec::new();
    for one in &measured.merged {
        let Some(author) = &one.pull.author else { continue };
        found.extend(answered_by(&one.pull).into_iter().map(|by| (by, author.as_str())));
    }
    found.sort_unstable();
    found
}

/// The people who answered a pull request of somebody else.
pub(crate) fn answered_by(pull: &Pull<String>) -> HashSet<&str> {
    let answers = pull.acts.iter().filter(|act| !act.bot && is_answer(act.what));
    answers.filter_map(|act| act.by.as_deref()).filter(|by| Some(*by) != pull.author.as_deref()).collect()
}

fn is_answer(what: What) -> bool {
    matches!(what, What::Reviewed(_) | What::Commented)
}

fn numbers(measured: &Measured<'_>, reviews: &[(&str, &str)], groups: &HashMap<String, String>) -> LoadNumbers {
    let mut each: HashMap<&str, usize> = HashMap::new();
    reviews.iter().for_each(|(by, _)| *each.entry(by).or_default() += 1);
    let answered = |one: &&super::compute::Merged<'_>| one.stages.pickup.is_some();
    let group = |who: &str| groups.get(who).map(String::as_str);
    let deeds: Vec<_> = reviews.iter().map(|(by, of)| ((*by, group(by)), (*of, group(of)))).collect();
    LoadNumbers {
        reviews: reviews.len(),
        merged: measured.merged.len(),
        unanswered: measured.merged.len() - measured.merged.iter().filter(answered).count(),
        spread: if each.len() >= FEWEST_FOR_HABITS { spread(each.into_values()) } else { None },
        between: between(&deeds, FEWEST),
        depth: SIZES.iter().filter_map(|size| depth(measured, *size)).collect(),
    }
}

fn depth(measured: &Measured<'_>, (from, to): (i64, Option<i64>)) -> Option<Depth> {
    let (mut pulls, mut lines, mut comments, mut silent) = (0, 0, 0, 0);
    let mut authors = HashSet::new();
    for one in &measured.merged {
        let Some(size) = one.row.lines().filter(|size| *size >= from && to.is_none_or(|to| *size <= to)) else {
            continue;
        };
        let of_others = |act: &&measures::Act<String>| !act.bot && act.by != one.pull.author;
        let said = one.pull.acts.iter().filter(of_others).filter(|act| act.what == What::Commented).count();
        pulls += 1;
        lines += size;
        comments += said;
        silent += usize::from(said == 0);
        authors.extend(one.pull.author.as_deref());
    }
    (pulls >= FEWEST_PULLS && authors.len() >= FEWEST && lines > 0).then(|| Depth {
        from,
        to,
        pulls,
        comments: comments as f64 * 100.0 / lines as f64,
        silent,
    })
}

fn own(measured: &Measured<'_>, reviews: &[(&str, &str)], me: &str) -> Option<OwnReviews> {
    let reviewed = reviews.iter().filter(|(by, _)| *by == me).count();
    let merged = measured.merged.iter().filter(|one| one.pull.author.as_deref() == Some(me)).count();
    (reviewed + merged > 0).then_some(OwnReviews { reviewed, merged })
}

/// The team of each of these people, by their ids: this one or a team below it before any other, and of several the first by
/// its name. Teams that the reader cannot see are none.
async fn groups(tx: &mut Tx<'_>, team: Id<Team>, reviews: &[(&str, &str)]) -> Result<HashMap<String, String>> {
    let teams = ListTeams {}.run(tx, ()).await?;
    let parents: HashMap<Id<Team>, Option<Id<Team>>> = teams.iter().map(|one| (one.id, one.parent_id)).collect();
    let names: HashMap<Id<Team>, &str> = teams.iter().map(|one| (one.id, one.name.as_str())).collect();
    let people: HashSet<&str> = reviews.iter().flat_map(|(by, of)| [*by, *of]).collect();
    let today = access::today(tx);
    let select = sql!(
        "select person_id, team_id from memberships where workspace_id = $1 and from_on <= $2
            and (until_on is null or until_on > $2) and person_id in (select value from json_each(cast($3 as text)))"
    );
    let rows: Vec<(String, Id<Team>)> = tx.all(select, args![tx.workspace(), today, list(people)]).await?;
    let within = |mut at: Id<Team>| {
        for _ in 0..parents.len() {
            match parents.get(&at) {
                _ if at == team => return true,
                Some(Some(parent)) => at = *parent,
                _ => return false,
            }
        }
        at == team
    };
    let mut found: HashMap<String, (bool, &str)> = HashMap::new();
    for (person, of) in rows {
        let Some(name) = names.get(&of) else { continue };
        // `false` sorts before `true`.
        let rank = (!within(of), *name);
        let held = found.entry(person).or_insert(rank);
        *held = rank.min(*held);
    }
    Ok(found.into_iter().map(|(person, (_, name))| (person, name.to_owned())).collect())
}
