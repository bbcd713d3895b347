//! Finish dates of a team from a file, and its forecasts from the database.
use super::{histories::team, search::whose};
use crate::{config::Config, world::World};
use clap::{Arg, ArgAction, ArgMatches, Command};
use forecasting::{
    answer::{Answer, AskForecast},
    history::{ImportFinishes, ImportedFinishes},
    item::AskIssue,
    log::IssueForecast,
    roadmap::{AskInitiative, AskMilestone, AskProject},
    sprint::AskSprint,
};
use jiff::civil::Date;
use kernel::{Clock, Error, Result, json, parse};
use std::{fs, process::ExitCode};

pub fn cli() -> Command {
    let file = Arg::new("file").required(true).help("One finish date or instant a line");
    let team = Arg::new("team").long("team").value_name("NAME").required(true).help("Whose items they are");
    let name = Arg::new("name")
        .long("name")
        .default_value("Finish dates")
        .help("Under which they are listed; a file of the same name takes the place of the one before it");
    let complete = Arg::new("complete-until")
        .long("complete-until")
        .value_name("DATE")
        .help("The last day of which the file tells everything; the last date in it if left out");
    let dry_run = Arg::new("dry-run").long("dry-run").action(ArgAction::SetTrue).help("Only say what would happen");
    Command::new("finishes")
        .about("Import the days on which a team finished its items, to forecast from them")
        .args([file, team, name, complete, dry_run])
}

/// `cairn import finishes --team X FILE`
pub async fn import(config: &Config, given: &ArgMatches) -> Result<ExitCode> {
    let text = |name: &str| given.get_one::<String>(name).map_or("", String::as_str);
    let path = text("file");
    let unread = |error: std::io::Error| Error::invalid("file", format!("{path} cannot be read: {error}."));
    let file = fs::read_to_string(path).map_err(unread)?;
    let world = World::open(config, Clock::default()).await?;
    let team = team(&world, text("team")).await?;
    let dry_run = given.get_flag("dry-run");
    let input = json!({
        "team": team, "name": text("name"), "file": file, "dry_run": dry_run,
        "complete_until": given.get_one::<String>("complete-until"),
    });
    let imported = world.app.call(&world.system(), parse::<ImportFinishes>(input)?).await?;
    println!("{}", in_words(&imported, dry_run));
    Ok(ExitCode::SUCCESS)
}

fn in_words(imported: &ImportedFinishes, dry_run: bool) -> String {
    let ImportedFinishes { items, first_on, last_on, complete_until, replaces, .. } = imported;
    let verb = if dry_run { "would be imported" } else { "are imported" };
    let replaced = replaces.map_or(String::new(), |old| format!(" They take the place of {old} of the same name."));
    format!("{items} items finished from {first_on} to {last_on} {verb}, complete until {complete_until}.{replaced}")
}

/// `cairn forecast --team X --items 40 --by 2026-12-18`
pub async fn forecast(config: &Config, given: &ArgMatches, name: &str) -> Result<ExitCode> {
    let world = World::open(config, Clock::default()).await?;
    let team = team(&world, name).await?;
    let (items, by) = (given.get_one::<u64>("items").copied(), given.get_one::<Date>("by").copied());
    let input = json!({ "team": team, "items": items, "by": by });
    let answer = world.app.call(&world.system(), parse::<AskForecast>(input.clone())?).await?;
    if let Some(sentence) = &answer.refused {
        return Err(Error::conflict(sentence));
    }
    if given.get_flag("issue") {
        let actor = whose(&world, given).await?;
        let issued = world.app.call(&actor, parse::<IssueForecast>(input)?).await?;
        eprintln!("It is in the log as {}.", issued.id);
    }
    println!("{}", if given.get_flag("json") { in_json(&answer)? } else { said(&answer) });
    Ok(ExitCode::SUCCESS)
}

/// `cairn forecast --of PAY-12 --by 2026-12-18`
pub async fn of_issue(config: &Config, given: &ArgMatches, issue: &str) -> Result<ExitCode> {
    let world = World::open(config, Clock::default()).await?;
    let input = json!({ "issue": issue, "by": given.get_one::<Date>("by") });
    let found = world.app.call(&world.system(), parse::<AskIssue>(input)?).await?;
    if let Some(sentence) = &found.refused {
        return Err(Error::conflict(sentence));
    }
    let text = match given.get_flag("json") {
        true => serde_json::to_string(&found).map_err(Error::internal)?,
        false => format!("{} {}\n{}", found.key, found.title, found.says.join("\n")),
    };
    println!("{text}");
    Ok(ExitCode::SUCCESS)
}

/// `cairn forecast --sprint "Sprint 31" --team Payments`
pub async fn of_sprint(config: &Config, given: &ArgMatches, sprint: &str) -> Result<ExitCode> {
    let world = World::open(config, Clock::default()).await?;
    let named = match given.get_one::<String>("team") {
        Some(name) => Some(team(&world, name).await?),
        None => None,
    };
    let input = json!({ "sprint": sprint, "team": named });
    let found = world.app.call(&world.system(), parse::<AskSprint>(input)?).await?;
    if let Some(sentence) = &found.refused {
        return Err(Error::conflict(sentence));
    }
    let text = match given.get_flag("json") {
        true => serde_json::to_string(&found).map_err(Error::internal)?,
        false => format!("{}, {}\n{}", found.name, found.team_name, found.says.join("\n")),
    };
    println!("{text}");
    Ok(ExitCode::SUCCESS)
}

/// `cairn forecast --milestone "Closed beta" --project "Payouts in euro"`, or of a project alone
pub async fn of_plan(config: &Config, given: &ArgMatches) -> Result<ExitCode> {
    let world = World::open(config, Clock::default()).await?;
    let (project, by) = (given.get_one::<String>("project"), given.get_one::<Date>("by"));
    let found = match (given.get_one::<String>("milestone"), given.get_one::<String>("initiative")) {
        (_, Some(initiative)) => {
            let input = json!({ "initiative": initiative, "by": by });
            world.app.call(&world.system(), parse::<AskInitiative>(input)?).await?
        }
        (Some(milestone), None) => {
            let input = json!({ "milestone": milestone, "project": project, "by": by });
            world.app.call(&world.system(), parse::<AskMilestone>(input)?).await?
        }
        (None, None) => {
            let input = json!({ "project": project, "by": by });
            world.app.call(&world.system(), parse::<AskProject>(input)?).await?
        }
    };
    if let Some(sentence) = &found.refused {
        return Err(Error::conflict(sentence));
    }
    let names = found.milestone_name.iter().chain(&found.project_name).chain(&found.initiative_name);
    let name = names.cloned().collect::<Vec<_>>().join(", ");
    let text = match given.get_flag("json") {
        true => serde_json::to_string(&found).map_err(Error::internal)?,
        false => format!("{name}\n{}", found.says.join("\n")),
    };
    println!("{text}");
    Ok(ExitCode::SUCCESS)
}

fn said(answer: &Answer) -> String {
    let lines = answer.says.iter().map(String::as_str).chain([answer.record.says.as_str()]);
    lines.collect::<Vec<_>>().join("\n")
}

fn in_json(answer: &Answer) -> Result<String> {
    serde_json::to_string(answer).map_err(Error::internal)
}
