use super::{Field, Issue, Priority, Which, bulk::chosen, labels_of, project};
use crate::{
    estimate::{Estimate, Measure, SIZES},
    label::ListLabels,
    team::{Category, states_of},
};
use kernel::{Actor, Error, Id, Method::Get, Operation, Result, Route, Tx};
use people::person::FindPeople;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a field of one or several issues can be set to, and how many of them are set so.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ListChoices {
    /// 1 to 100.
    pub issues: Vec<Which>,
    /// The state, assignee, priority, estimate, project or label. A project with a milestone is both ids with a stroke
    /// between.
    pub field: Field,
    /// What is typed so far. Only people, where they are many, and estimates go by it.
    #[serde(default)]
    pub q: String,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct FieldChoices {
    pub choices: Vec<Choice>,
    /// Whether what is typed finds others.
    pub more: bool,
    /// How many issues it is about.
    pub issues: usize,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Choice {
    /// As `issue.edit_many` takes it; `none` for an empty field.
    pub value: String,
    pub name: String,
    /// What it means, if it is a state.
    pub category: Option<Category>,
    /// How many of the issues have it.
    pub held: usize,
}

/// What `issue.edit_many` and the forms of pages call an empty field.
const NONE: &str = "none";
/// What teams that estimate in points or hours are offered before they type a number.
const USUAL: [i64; 9] = [50, 100, 200, 300, 500, 800, 1_300, 2_100, 4_000];

impl Operation for ListChoices {
    const NAME: &str = "issue.choices";
    const ROUTE: Route = Route(Get, "/issue-choices");
    const READS: bool = true;
    type Target = Vec<Issue>;
    type Output = FieldChoices;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<Vec<Issue>> {
        chosen(tx, &self.issues).await
    }

    fn allows(actor: &Actor, _: &Vec<Issue>) -> bool {
        actor.belongs()
    }

    async fn run(&self, tx: &mut Tx<'_>, issues: Vec<Issue>) -> Result<FieldChoices> {
        let (choices, more) = match self.field {
            Field::State => (states(tx, &issues).await?, false),
            Field::Assignee => self.people(tx, &issues).await?,
            Field::Priority => (priorities(&issues), false),
            Field::Estimate => (self.estimates(&issues)?, true),
            Field::Label => (labels(tx, &issues).await?, false),
            Field::Project => (projects(tx, &issues).await?, false),
            other => return Err(Error::invalid("field", format!("“{}” is not chosen from a list.", other.title()))),
        };
        Ok(FieldChoices { choices, more, issues: issues.len() })
    }
}

impl Choice {
    fn of(value: impl ToString, name: impl Into<String>, held: usize) -> Choice {
        Choice { value: value.to_string(), name: name.into(), category: None, held }
    }
}

impl ListChoices {
    async fn people(&self, tx: &mut Tx<'_>, issues: &[Issue]) -> Result<(Vec<Choice>, bool)> {
        let held = |id: Option<Id<_>>| issues.iter().filter(|issue| issue.assignee_id == id).count();
        let found = FindPeople::default().run(tx, ()).await?;
        let more = found.people.is_empty();
        let people = if more { FindPeople { q: self.q.clone() }.run(tx, ()).await?.people } else { found.people };
        let mine = tx.me();
        let (me, others): (Vec<_>, Vec<_>) = people.into_iter().partition(|person| person.id == mine);
        let nobody = std::iter::once(Choice::of(NONE, "Nobody", held(None))).filter(|_| self.q.is_empty() || !more);
        let named = me.into_iter().chain(others);
        Ok((nobody.chain(named.map(|one| Choice::of(one.id, one.name, held(Some(one.id))))).collect(), more))
    }

    /// The scale of the team, and the number that is typed.
    fn estimates(&self, issues: &[Issue]) -> Result<Vec<Choice>> {
        let measure = same(issues, |issue| issue.estimates, "do not estimate alike")?;
        let held = |one: Option<Estimate>| issues.iter().filter(|issue| issue.estimate == one).count();
        let sizes = SIZES.map(|(_, points)| points * 100);
        let scale: &[i64] = match measure {
            Measure::Nothing => return Err(Error::invalid("field", "This team does not estimate.")),
            Measure::Sizes => &sizes,
            Measure::Points | Measure::Hours => &USUAL,
        };
        let typed = self.q.parse::<Estimate>().ok();
        let all: Vec<Estimate> = match typed {
            Some(typed) => vec![typed],
            None => scale.iter().map(|one| Estimate(*one)).collect(),
        };
        let none = Choice::of(NONE, "No estimate", held(None));
        let choice = |one: Estimate| Choice::of(one, measure.says(one), held(Some(one)));
        Ok(typed.is_none().then_some(none).into_iter().chain(all.into_iter().map(choice)).collect())
    }
}

/// What is the same of all issues, which otherwise are changed in their own team.
fn same<T: PartialEq>(issues: &[Issue], of: impl Fn(&Issue) -> T, differ: &str) -> Result<T> {
    let mut all = issues.iter().map(of);
    let first = all.next().ok_or(Error::NotFound)?;
    match all.all(|other| other == first) {
        true => Ok(first),
        false => {
            Err(Error::invalid("issues", format!("The teams of these issues {differ}. Choose those of one team.")))
        }
    }
}

async fn states(tx: &mut Tx<'_>, issues: &[Issue]) -> Result<Vec<Choice>> {
    let team = same(issues, |issue| issue.team_id, "have states of their own")?;
    let states = states_of(tx, team).await?;
    let held = |id| issues.iter().filter(|issue| issue.state_id == id).count();
    let used = states.into_iter().filter(|state| state.archived_at.is_none());
    Ok(used
        .map(|state| Choice { category: Some(state.category), ..Choice::of(state.id, state.name, held(state.id)) })
        .collect())
}

fn priorities(issues: &[Issue]) -> Vec<Choice> {
    let held = |one| issues.iter().filter(|issue| issue.priority == one).count();
    Priority::ALL.into_iter().map(|one| Choice::of(one.word(), one.title(), held(one))).collect()
}

/// The projects that go on, each with its milestones.
async fn projects(tx: &mut Tx<'_>, issues: &[Issue]) -> Result<Vec<Choice>> {
    let held = |value: &str| issues.iter().filter(|issue| project::value_of(issue) == value).count();
    let none = Choice::of(NONE, "No project", held(""));
    let open = project::open(tx).await?.into_iter();
    let choice = |(value, name): (String, String)| Choice::of(&value, name, held(&value));
    Ok(std::iter::once(none).chain(open.map(choice)).collect())
}

/// Those of everyone, and those of the team if there is only one.
async fn labels(tx: &mut Tx<'_>, issues: &[Issue]) -> Result<Vec<Choice>> {
    let team = same(issues, |issue| issue.team_id, "").ok();
    let labels = ListLabels { team, all: false }.run(tx, ()).await?;
    let ids: Vec<Id<Issue>> = issues.iter().map(|issue| issue.id).collect();
    let had = labels_of(tx, &ids).await?;
    let held = |id| had.iter().filter(|(_, label)| label.id == id).count();
    Ok(labels.into_iter().map(|label| Choice::of(label.id, label.name, held(label.id))).collect())
}
