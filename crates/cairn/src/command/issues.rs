//! Issues on the command line, by the same query as everywhere.
use super::search::whose;
use crate::{config::Config, world::World};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use kernel::{Clock, Error, Result};
use std::process::ExitCode;
use work::issue::{Issue, ListIssues};

pub fn cli() -> Command {
    let query = Arg::new("query").num_args(0..).help(
        "Such as team:payments state:started updated:<5d assignee:me sort:priority; open ones if left out; negated after --",
    );
    let person = Arg::new("as").long("as").value_name("MAIL").help("Who is `me`; the owner if left out");
    let limit = Arg::new("limit").long("limit").default_value("50").value_parser(value_parser!(i64)).help("How many");
    let in_json = Arg::new("json").long("json").action(ArgAction::SetTrue).help("One JSON object");
    Command::new("issues").about("List the issues that fit a query").args([person, limit, in_json, query])
}

/// `cairn issues QUERY…`
pub async fn issues(config: &Config, arguments: &ArgMatches) -> Result<ExitCode> {
    let world = World::open(config, Clock::default()).await?;
    let actor = whose(&world, arguments).await?;
    let words: Vec<&str> = arguments.get_many::<String>("query").into_iter().flatten().map(String::as_str).collect();
    let q = if words.is_empty() { "is:open".to_owned() } else { words.join(" ") };
    let page =
        world.app.call(&actor, ListIssues { q, after: None, limit: arguments.get_one("limit").copied() }).await?;
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

fn line(issue: &Issue) -> String {
    let assignee = issue.assignee_name.as_deref().unwrap_or("nobody");
    format!("{:10} {:12} {}  ({assignee})", issue.key, issue.state_name, issue.title)
}
