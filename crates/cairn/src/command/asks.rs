//! Asks on the command line: the piles of a person, and what can be done about what lies on them.
use super::search::whose;
use crate::{config::Config, world::World};
use asks::{Ask, AskPage, DeclineAsks, FinishAsks, ListAsks, RaiseAsk};
use clap::{Arg, ArgAction, ArgMatches, Command};
use kernel::{Actor, Clock, Error, Id, Operation, Person, Result, json, parse};
use people::person::{FindPeople, Found};
use std::process::ExitCode;

pub fn cli() -> Command {
    let person = Arg::new("as").long("as").value_name("MAIL").global(true).help("Whose asks; the owner's if left out");
    let pile = Arg::new("pile")
        .default_value("owe")
        .value_parser(["owe", "owed", "read", "snoozed", "ended", "answers"])
        .help("Which pile");
    let in_json = Arg::new("json").long("json").action(ArgAction::SetTrue).help("One JSON object");
    let ids = Arg::new("asks").num_args(1..).required(true).value_name("ID").help("The ids that the list shows");
    let outcome = Arg::new("outcome").long("outcome").default_value("").help("The answer, in Markdown");
    let reason = Arg::new("reason").long("reason").required(true).help("Why; whoever asked reads it");
    Command::new("asks")
        .about("Show what waits for a person, answer it, and ask others")
        .args_conflicts_with_subcommands(true)
        .args([person, pile, in_json])
        .subcommand(Command::new("done").about("Say that asks are done").args([ids.clone(), outcome]))
        .subcommand(Command::new("decline").about("Decline asks").args([ids, reason]))
        .subcommand(Command::new("new").about("Ask one or several people").args(new_arguments()))
}

fn new_arguments() -> [Arg; 6] {
    [
        Arg::new("subject").required(true).help("What it is about, in one line"),
        Arg::new("to")
            .long("to")
            .required(true)
            .action(ArgAction::Append)
            .help("A name or mail address; may be repeated"),
        Arg::new("verb")
            .long("verb")
            .default_value("answer")
            .help("read, answer, review, decide, approve, prepare, fill_in, acknowledge"),
        Arg::new("due").long("due").help("8 working hours, 2 working days, Fri 12:00, or an instant"),
        Arg::new("note").long("note").default_value("").help("What they need to know, in Markdown"),
        Arg::new("urgent")
            .long("urgent")
            .action(ArgAction::SetTrue)
            .help("Tell them at once, within their working hours"),
    ]
}

/// `cairn asks …`
pub async fn asks(config: &Config, arguments: &ArgMatches) -> Result<ExitCode> {
    let world = World::open(config, Clock::default()).await?;
    let actor = whose(&world, arguments).await?;
    match arguments.subcommand() {
        None => list(&world, &actor, arguments).await,
        Some(("done", given)) => {
            let input = json!({ "asks": ids(given)?, "outcome": text(given, "outcome") });
            changed(&call::<FinishAsks>(&world, &actor, input).await?)
        }
        Some(("decline", given)) => {
            let input = json!({ "asks": ids(given)?, "reason": text(given, "reason") });
            changed(&call::<DeclineAsks>(&world, &actor, input).await?)
        }
        Some((_, given)) => new(&world, &actor, given).await,
    }
}

async fn call<O: Operation>(world: &World, actor: &Actor, input: kernel::Json) -> Result<O::Output> {
    world.app.call(actor, parse::<O>(input)?).await
}

async fn list(world: &World, actor: &Actor, arguments: &ArgMatches) -> Result<ExitCode> {
    let input = json!({ "pile": text(arguments, "pile"), "limit": 1000 });
    let page: AskPage = call::<ListAsks>(world, actor, input).await?;
    if arguments.get_flag("json") {
        println!("{}", serde_json::to_string(&page).map_err(Error::internal)?);
        return Ok(ExitCode::SUCCESS);
    }
    page.asks.iter().for_each(|ask| println!("{}", line(ask, actor.person)));
    if page.asks.is_empty() {
        println!("Nothing is on this pile.");
    }
    Ok(ExitCode::SUCCESS)
}

fn line(ask: &Ask, me: Id<Person>) -> String {
    let mine = ask.receiver_id == me;
    let other = if mine { ask.asker_name.as_deref().unwrap_or("Cairn") } else { &ask.receiver_name };
    format!("{}  due {}  {}  ({other})", ask.id, ask.due_at, ask.title())
}

async fn new(world: &World, actor: &Actor, given: &ArgMatches) -> Result<ExitCode> {
    let mut to = Vec::new();
    for name in given.get_many::<String>("to").into_iter().flatten() {
        to.push(person(world, actor, name).await?);
    }
    let mut input = json!({
        "to": to, "verb": text(given, "verb"), "subject": text(given, "subject"), "note": text(given, "note"),
        "urgent": given.get_flag("urgent"),
    });
    if let Some(due) = given.get_one::<String>("due") {
        input["due"] = json!(due);
    }
    let raised = call::<RaiseAsk>(world, actor, input).await?;
    raised.iter().for_each(|ask| println!("{}", line(ask, actor.person)));
    Ok(ExitCode::SUCCESS)
}

async fn person(world: &World, actor: &Actor, name: &str) -> Result<Id<Person>> {
    let Found { people, .. } = world.app.call(actor, FindPeople { q: name.to_owned() }).await?;
    match &people[..] {
        [one] => Ok(one.id),
        [] => Err(Error::invalid("to", format!("Nobody here is called {name}."))),
        _ => Err(Error::invalid("to", format!("Several people fit {name}; write the mail address."))),
    }
}

fn changed(asks: &[Ask]) -> Result<ExitCode> {
    match asks.len() {
        0 => println!("These had ended already."),
        1 => println!("One ask has ended."),
        n => println!("{n} asks have ended."),
    }
    Ok(ExitCode::SUCCESS)
}

fn ids(given: &ArgMatches) -> Result<Vec<Id<Ask>>> {
    given.get_many::<String>("asks").into_iter().flatten().map(|id| id.parse()).collect()
}

fn text<'a>(given: &'a ArgMatches, name: &str) -> &'a str {
    given.get_one::<String>(name).map_or("", String::as_str)
}
