use super::{held, project};
use crate::query::{FIELDS, Field, Kind, Place, Sort, place};
use kernel::{Actor, Error, Method::Get, Operation, Result, Route, Tx, args, list, sql};
use people::person::folded;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What could stand at a place of a query, as far as it is typed.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CompleteQuery {
    #[serde(default)]
    pub q: String,
    /// Behind how many characters; behind all of them if left out.
    #[serde(default)]
    pub at: Option<usize>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Completion {
    /// The character at which the proposals begin; what is typed from there on is replaced.
    pub from: usize,
    pub proposals: Vec<Proposal>,
}

#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Proposal {
    pub text: String,
    pub detail: String,
}

const MOST: usize = 12;

impl Operation for CompleteQuery {
    const NAME: &str = "issue.complete_query";
    const ROUTE: Route = Route(Get, "/issue-query/completion");
    const READS: bool = true;
    type Target = ();
    type Output = Completion;

    async fn target(&self, tx: &mut Tx<'_>) -> Result<()> {
        if tx.actor().belongs() { Ok(()) } else { Err(Error::NotFound) }
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Completion> {
        let (from, place) = place(&self.q, self.at.unwrap_or(usize::MAX));
        let plain = |text: &str| Proposal { text: text.to_owned(), detail: String::new() };
        let proposals = match place {
            Place::Field(fields) => FIELDS
                .iter()
                .filter(|(field, ..)| fields.contains(field))
                .map(|(_, word, _, help)| Proposal { text: format!("{word}:"), detail: (*help).to_owned() })
                .collect(),
            Place::Sort(typed) => fitting(Sort::ALL.map(Sort::word), &typed).map(plain).collect(),
            Place::Or => {
                vec![Proposal { text: "or".to_owned(), detail: "either what stands before it or behind it".to_owned() }]
            }
            Place::TimeIn(typed) => names(tx, Field::State, &typed).await?,
            Place::Custom(typed) => fitting_names(held::field_names(tx).await?, &typed),
            Place::Held(name, typed) => fitting_names(held::value_names(tx, &name).await?, &typed),
            Place::Value(field, typed) => match field.kind() {
                Kind::Words(words) => fitting(words.iter().copied(), &typed).map(plain).collect(),
                Kind::Name => names(tx, field, &typed).await?,
                Kind::Number | Kind::Past | Kind::Day => {
                    vec![Proposal { text: typed, detail: field.help().to_owned() }]
                }
            },
        };
        Ok(Completion { from, proposals: proposals.into_iter().take(MOST).collect() })
    }
}

fn fitting<'w>(words: impl IntoIterator<Item = &'w str>, typed: &str) -> impl Iterator<Item = &'w str> {
    words.into_iter().filter(move |word| word.starts_with(typed))
}

/// Names that begin as it is typed, or one of whose words does.
async fn names(tx: &mut Tx<'_>, field: Field, typed: &str) -> Result<Vec<Proposal>> {
    let belongs = tx.actor().belongs();
    let all: Vec<String> = match field {
        Field::Team => {
            let teams =
                sql!("select name from teams where workspace_id = $1 and $2 and archived_at is null order by name");
            tx.all(teams, args![tx.workspace(), belongs]).await?
        }
        Field::State => {
            let states = sql!(
                "select distinct name from work_states where workspace_id = $1 and $2 and archived_at is null order by name"
            );
            tx.all(states, args![tx.workspace(), belongs]).await?
        }
        Field::Label => {
            let labels = sql!(
                "select distinct name from labels where workspace_id = $1 and $2 and archived_at is null order by name"
            );
            tx.all(labels, args![tx.workspace(), belongs]).await?
        }
        Field::Assignee | Field::Creator => {
            let people = people::documents::people_named(tx, typed).await?;
            let names = sql!(
                "select name from people where workspace_id = $1 and id in (select value from json_each(cast($2 as text)))
                  order by sort_name, id"
            );
            let names: Vec<String> = tx.all(names, args![tx.workspace(), list(&people)]).await?;
            ["me".to_owned()].into_iter().chain(names).collect()
        }
        Field::Sprint => {
            let sprints = sql!(
                "select name from sprints where workspace_id = $1 and $2 order by first_on desc, id desc limit 500"
            );
            let names: Vec<String> = tx.all(sprints, args![tx.workspace(), belongs]).await?;
            ["current", "next", "none"].map(str::to_owned).into_iter().chain(names).collect()
        }
        Field::Project | Field::Milestone => project::names(tx, field).await?,
        _ => Vec::new(),
    };
    Ok(fitting_names(all, typed))
}

fn fitting_names(all: Vec<String>, typed: &str) -> Vec<Proposal> {
    let wanted = folded(typed.trim_start_matches('"'));
    let fits = |name: &str| folded(name).starts_with(&wanted) || folded(name).contains(&format!(" {wanted}"));
    let quoted =
        |name: String| if name.contains([' ', ',']) { format!("\"{}\"", name.replace('"', "\\\"")) } else { name };
    let fitting = all.into_iter().filter(|name| fits(name));
    fitting.map(|name| Proposal { text: quoted(name), detail: String::new() }).collect()
}
