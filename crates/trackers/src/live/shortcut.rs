//! Shortcut (REST 3): a search answers at most 1,000 stories, so days are halved until each half has no more; the history of a
//! story is asked for by itself.
use super::{Request, Walk, id, list, with_query};
use jiff::{
    Unit,
    civil::{Date, date},
};
use serde_json::Value;

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    /// Nothing follows.
    Leaf,
    Search {
        team: Option<String>,
        first: Date,
        last: Date,
    },
    /// A further page of a search that is small enough.
    Page,
}

/// No story is older than the product.
const FIRST: Date = date(2014, 1, 1);
const MOST: u64 = 1000;
const SEARCH: &str = "/api/v3/search/stories";

pub(super) fn begin(walk: &mut Walk) {
    for (name, optional) in [
        ("workflows", false),
        ("members", false),
        ("groups", true),
        ("labels", true),
        ("custom-fields", true),
        ("epics", true),
        ("iterations", true),
    ] {
        get(walk, Step::Leaf, format!("/api/v3/{name}")).optional = optional;
    }
    let teams: Vec<Option<String>> = match walk.projects.is_empty() {
        true => vec![None],
        false => walk.projects.iter().cloned().map(Some).collect(),
    };
    for team in teams {
        search(walk, team, FIRST, walk.today.max(FIRST));
    }
}

pub(super) fn heard(walk: &mut Walk, step: &Step, answer: &Value) -> Result<(), String> {
    match step {
        Step::Leaf => Ok(()),
        Step::Search { team, first, last } => {
            let total = answer.get("total").and_then(Value::as_u64).unwrap_or_default();
            if total > MOST && first < last {
                let middle = middle(*first, *last);
                search(walk, team.clone(), *first, middle);
                search(walk, team.clone(), middle.tomorrow().unwrap_or(*last), *last);
                return Ok(());
            }
            if total > MOST {
                return Err(format!("Shortcut shows no more than {MOST} of the {total} stories of {first}."));
            }
            walk.expect(total);
            page(walk, answer)
        }
        Step::Page => page(walk, answer),
    }
}

fn get(walk: &mut Walk, step: Step, path: String) -> &mut Request {
    walk.get(super::Step::Shortcut(step), path)
}

fn search(walk: &mut Walk, team: Option<String>, first: Date, last: Date) {
    let of_team = team.as_ref().map(|team| format!(" team:\"{}\"", team.replace('"', ""))).unwrap_or_default();
    let query = format!("created:{first}..{last}{of_team}");
    let path = with_query(SEARCH, &[("query", query.as_str()), ("page_size", "25"), ("detail", "full")]);
    get(walk, Step::Search { team, first, last }, path);
}

fn middle(first: Date, last: Date) -> Date {
    let days = first.until((Unit::Day, last)).map_or(0, |span| span.get_days());
    first.saturating_add(jiff::Span::new().days(days / 2))
}

fn page(walk: &mut Walk, answer: &Value) -> Result<(), String> {
    let stories = list(answer, "data")?;
    walk.issues += stories.len() as u64;
    for story in stories.iter().filter_map(id) {
        let path = format!("/api/v3/stories/{story}/history");
        get(walk, Step::Leaf, path).addressed = true;
    }
    match answer.get("next").and_then(Value::as_str) {
        None => Ok(()),
        Some(next) if next.starts_with(SEARCH) => {
            get(walk, Step::Page, next.to_owned());
            Ok(())
        }
        Some(_) => Err("The next page of a search is elsewhere.".to_owned()),
    }
}
