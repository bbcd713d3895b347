//! Issues on the command line, by the same query as everywhere.
use super::search::whose;
use crate::{config::Config, world::World};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use kernel::{Clock, Error, Id, Result, Team};
use people::person::folded;
use std::process::ExitCode;
use work::{
    issue::{Issue, ListIssues},
    view::{ListViews, View},
};

pub fn cli() -> Command {
    let query = Arg::new("query").num_args(0..).help(
        "Such as team:payments state:started updated:<5d assignee:me sort:priority; open ones if left out; negated after --",
    );
    let person = Arg::new("as").long("as").value_name("MAIL").help("Who is `me`; the owner if left out");
    let limit = Arg::new("limit").long("limit").default_value("50").value_parser(value_parser!(i64)).help("How many");
    let in_json = Arg::new("json").long("json").action(ArgAction::SetTrue).help("One JSON object");
    let view = Arg::new("view").long("view").value_name("NAME").conflicts_with("query").help("Those of a saved view");
    Command::new("issues").about("List the issues that fit a query").args([person, limit, view, in_json, query])
}

/// `cairn issues QUERY…`
pub async fn issues(config: &Config, arguments: &ArgMatches) -> Result<ExitCode> {
    let world = World::open(config, Clock::default()).await?;
    let actor = whose(&world, arguments).await?;
    let words: Vec<&str> = arguments.get_many::<String>("query").into_iter().flatten().map(String::as_str).collect();
    let (q, team) = match arguments.get_one::<String>("view") {
        Some(name) => named(&world.app.call(&actor, ListViews::default()).await?.views, name)?,
        None if words.is_empty() => ("is:open".to_owned(), None),
        None => (words.join(" "), None),
    };
    let limit = arguments.get_one("limit").copied();
    let page = world.app.call(&actor, ListIssues { q, team, after: None, limit }).await?;
    if arguments.get_flag("json") {
        println!("{}", serde_json::to_string(&page).map_err(Error::internal)?);
        return Ok(ExitCode::SUCCESS);
    }
    page.issues.iter().for_each(|one| println!("{}", line(&one.issue)));
    if page.next.is_some() {
        println!("There are more; narrow it down, or raise --limit.");
    }
    Ok(if page.issues.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The query of the view that is called so, and the team whose issues it shows.
fn named(views: &[View], name: &str) -> Result<(String, Option<Id<Team>>)> {
    let called: Vec<&View> = views.iter().filter(|view| folded(&view.name) == folded(name)).collect();
    match called.as_slice() {
        [view] => Ok((view.q.clone(), view.team_id)),
        [] => Err(Error::invalid("view", format!("There is no view “{name}” that you can see."))),
        _ => Err(Error::invalid("view", format!("Several views are called “{name}”. Give one of them another name."))),
    }
}

fn line(issue: &Issue) -> String {
    let assignee = issue.assignee_name.as_deref().unwrap_or("nobody");
    format!("{:10} {:12} {}  ({assignee})", issue.key, issue.state_name, issue.title)
}
