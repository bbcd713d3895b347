//! What could stand where a question is being typed.
use crate::{keep::kinds, query::last_piece};
use kernel::{Actor, Method::Get, Operation, Result, Route, Tx, args, list, sql};
use people::documents::{people_named, teams_named};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How the filter at the end of a question may go on, as far as the reader sees the names.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CompleteSearch {
    #[serde(default)]
    pub q: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Proposal {
    /// The whole question, completed.
    pub q: String,
    /// What is new in it, such as `team:payments`.
    pub text: String,
    pub detail: String,
}

const FILTERS: [(&str, &str); 7] = [
    ("is:", "of this kind"),
    ("by:", "written by"),
    ("by:me", "written by you"),
    ("team:", "of this team"),
    ("before:", "begun before this year, month or day"),
    ("after:", "begun after this year, month or day"),
    ("in:title", "with the words in the title"),
];

/// From so many letters on, a word may be the beginning of a filter.
const SHORTEST: usize = 2;
const MOST: usize = 12;

impl Operation for CompleteSearch {
    const NAME: &str = "search.complete";
    const ROUTE: Route = Route(Get, "/search/completion");
    const READS: bool = true;
    type Target = ();
    type Output = Vec<Proposal>;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(_: &Actor, _: &()) -> bool {
        true
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Vec<Proposal>> {
        let Some((before, piece)) = last_piece(&self.q) else { return Ok(Vec::new()) };
        let found = match piece.split_once(':') {
            Some((filter, typed)) => values(tx, filter, typed.trim_start_matches('"')).await?,
            None if piece.len() < SHORTEST => Vec::new(),
            None => FILTERS.iter().map(|(text, detail)| ((*text).to_owned(), (*detail).to_owned())).collect(),
        };
        let fitting = found.into_iter().filter(|(text, _)| piece.contains(':') || text.starts_with(piece));
        let fresh = fitting.filter(|(text, _)| text != piece).take(MOST);
        Ok(fresh.map(|(text, detail)| Proposal { q: format!("{before}{text}{}", end(&text)), text, detail }).collect())
    }
}

/// A filter with its value is whole; one without goes on.
fn end(text: &str) -> &'static str {
    if text.ends_with(':') { "" } else { " " }
}

/// The filter with each value that begins as it is typed.
async fn values(tx: &mut Tx<'_>, filter: &str, typed: &str) -> Result<Vec<(String, String)>> {
    let plain = |text: String, detail: &str| (text, detail.to_owned());
    Ok(match filter {
        "is" => {
            let known = kinds(tx).into_iter().filter(|(kind, _)| kind.starts_with(typed));
            known.map(|(kind, documents)| plain(format!("is:{kind}"), documents.title)).collect()
        }
        "by" => {
            let me = "me".starts_with(typed).then(|| plain("by:me".into(), "written by you"));
            let ids = people_named(tx, typed).await?;
            let select = sql!(
                "select name from people where workspace_id = $1 and id in (select value from json_each(cast($2 as text)))
                  order by sort_name, id"
            );
            let names: Vec<String> = tx.all(select, args![tx.workspace(), list(&ids)]).await?;
            me.into_iter().chain(names.iter().map(|name| plain(quoted("by", name), ""))).collect()
        }
        "team" => {
            let ids = teams_named(tx, typed).await?;
            let select = sql!(
                "select name from teams where workspace_id = $1 and id in (select value from json_each(cast($2 as text)))
                  order by name, id"
            );
            let names: Vec<String> = tx.all(select, args![tx.workspace(), list(&ids)]).await?;
            names.iter().map(|name| plain(quoted("team", name), "")).collect()
        }
        "before" | "after" => {
            let today = people::access::today(tx);
            let dates = ["%Y", "%Y-%m", "%Y-%m-%d"].map(|form| today.strftime(form).to_string());
            let fitting = dates.into_iter().filter(|date| date.starts_with(typed));
            fitting.map(|date| plain(format!("{filter}:{date}"), "")).collect()
        }
        "in" if "title".starts_with(typed) => vec![plain("in:title".into(), "with the words in the title")],
        _ => Vec::new(),
    })
}

fn quoted(filter: &str, name: &str) -> String {
    let name = name.replace('"', "").to_lowercase();
    if name.contains(char::is_whitespace) { format!("{filter}:\"{name}\"") } else { format!("{filter}:{name}") }
}
