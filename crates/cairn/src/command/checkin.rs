//! Check-ins on the command line: what waits for a person, and its answer.
use super::search::whose;
use crate::{config::Config, world::World};
use clap::{Arg, ArgAction, ArgMatches, Command};
use kernel::{Actor, Clock, Error, Id, Result, json, parse};
use rituals::checkin::{AnswerCheckin, Entry, EntryState, EntryView, ListEntries, ShowEntry};
use std::process::ExitCode;

pub fn cli() -> Command {
    let person =
        Arg::new("as").long("as").value_name("MAIL").global(true).help("Whose check-ins; the owner's if left out");
    let in_json = Arg::new("json").long("json").action(ArgAction::SetTrue).help("One JSON array");
    let entry = Arg::new("entry").required(true).value_name("ID").help("The id that the list shows");
    let answers =
        Arg::new("answers").num_args(0..).value_name("TEXT").help("One text for each question, in their order");
    let blockers =
        Arg::new("blocker").long("blocker").action(ArgAction::Append).help("What is in the way; may be repeated");
    Command::new("checkin")
        .about("Show the check-ins that wait for a person, and answer them")
        .args_conflicts_with_subcommands(true)
        .args([person, in_json])
        .subcommand(Command::new("show").about("Show the questions, and what one did").arg(entry.clone()))
        .subcommand(Command::new("answer").about("Answer").args([entry, answers, blockers]))
}

/// `cairn checkin …`
pub async fn checkin(config: &Config, arguments: &ArgMatches) -> Result<ExitCode> {
    let world = World::open(config, Clock::default()).await?;
    let actor = whose(&world, arguments).await?;
    match arguments.subcommand() {
        None => list(&world, &actor, arguments).await,
        Some(("show", given)) => show(&world, &actor, given).await,
        Some((_, given)) => answer(&world, &actor, given).await,
    }
}

async fn list(world: &World, actor: &Actor, arguments: &ArgMatches) -> Result<ExitCode> {
    let own = world.app.call(actor, ListEntries {}).await?;
    let open: Vec<_> = own.into_iter().filter(|one| one.state == EntryState::Open).collect();
    if arguments.get_flag("json") {
        println!("{}", serde_json::to_string(&open).map_err(Error::internal)?);
        return Ok(ExitCode::SUCCESS);
    }
    for one in &open {
        println!("{}  until {}  {}, {}", one.id, one.due_at, one.checkin_name, one.on_date);
    }
    if open.is_empty() {
        println!("No check-in waits.");
    }
    Ok(ExitCode::SUCCESS)
}

async fn show(world: &World, actor: &Actor, given: &ArgMatches) -> Result<ExitCode> {
    let view = view(world, actor, given).await?;
    for (question, letter) in view.questions.iter().zip('a'..) {
        println!("{letter}) {}", question.words);
    }
    for deed in &view.deeds {
        println!("   {} {}", deed.verb, deed.title);
    }
    Ok(ExitCode::SUCCESS)
}

async fn answer(world: &World, actor: &Actor, given: &ArgMatches) -> Result<ExitCode> {
    let view = view(world, actor, given).await?;
    let texts = |name: &str| given.get_many::<String>(name).into_iter().flatten();
    if texts("answers").count() > view.questions.len() {
        return Err(Error::invalid("answers", "There are more texts than questions; put each text in quotes."));
    }
    let answers: Vec<_> = view.questions.iter().zip(texts("answers")).collect();
    let answers: Vec<_> =
        answers.iter().map(|(question, body)| json!({ "question": question.id, "body": body })).collect();
    let blockers: Vec<_> = texts("blocker").map(|body| json!({ "body": body })).collect();
    let input: AnswerCheckin = parse(json!({ "entry": view.entry.id, "answers": answers, "blockers": blockers }))?;
    world.app.call(actor, input).await?;
    println!("Answered.");
    Ok(ExitCode::SUCCESS)
}

async fn view(world: &World, actor: &Actor, given: &ArgMatches) -> Result<EntryView> {
    let entry: Id<Entry> = given.get_one::<String>("entry").map_or("", String::as_str).parse()?;
    world.app.call(actor, ShowEntry { entry }).await
}
