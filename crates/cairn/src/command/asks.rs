//! Asks on the command line: the piles of a person, and what can be done about what lies on them.
use super::search::whose;
use crate::{config::Config, world::World};
use asks::{
    Ask, AskPage, AskView, DeclineAsks, FinishAsks, HandOnAsks, ListAsks, RaiseAsk, ReopenAsks, ShowAsk, SnoozeAsks,
    State, WithdrawAsks,
};
use clap::{Arg, ArgAction, ArgMatches, Command};
use kernel::{Actor, Clock, Error, Id, Operation, Person, Result, json, parse};
use people::person::{FindPeople, Found};
use serde::Serialize;
use std::process::ExitCode;

pub fn cli() -> Command {
    let person = Arg::new("as").long("as").value_name("MAIL").global(true).help("Whose asks; the owner's if left out");
    let pile = Arg::new("pile")
        .default_value("owe")
        .value_parser(["owe", "owed", "read", "snoozed", "ended", "answers"])
        .help("Which pile");
    let in_json = Arg::new("json").long("json").global(true).action(ArgAction::SetTrue).help("One JSON value");
    let ids = Arg::new("asks").num_args(1..).required(true).value_name("ID").help("The ids that the list shows");
    let outcome = Arg::new("outcome").long("outcome").default_value("").help("The answer, in Markdown");
    let reason = Arg::new("reason").long("reason").required(true).help("Why; whoever asked reads it");
    let to = Arg::new("to").long("to").required(true).help("A name or mail address");
    let note = Arg::new("note").long("note").default_value("").help("What they need to know, in Markdown");
    let until = Arg::new("until").long("until").help("An instant; the next working morning if left out");
    let ask = Arg::new("ask").required(true).value_name("ID").help("The id that the list shows");
    let named = |name: &'static str, about: &'static str| Command::new(name).about(about).arg(ids.clone());
    Command::new("asks")
        .about("Show what waits for a person, answer it, and ask others")
        .args_conflicts_with_subcommands(true)
        .args([person, pile, in_json])
        .subcommand(Command::new("show").about("Show one ask").arg(ask))
        .subcommand(named("done", "Say that asks are done").arg(outcome))
        .subcommand(named("decline", "Decline asks").arg(reason))
        .subcommand(named("hand-on", "Hand asks on to somebody else").args([to, note]))
        .subcommand(named("snooze", "Put asks out of sight").arg(until))
        .subcommand(named("withdraw", "Take back what the person has asked for"))
        .subcommand(named("reopen", "Take back how asks ended, or that they are out of sight"))
        .subcommand(Command::new("new").about("Ask one or several people").args(new_arguments()))
}

fn new_arguments() -> [Arg; 8] {
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
        Arg::new("silence")
            .long("silence")
            .value_parser(["nothing", "consent", "escalate"])
            .default_value("nothing")
            .help("What it means when the time passes without an answer"),
        Arg::new("next").long("next").help("Who is asked next, for silence that escalates"),
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
    let Some((verb, given)) = arguments.subcommand() else { return list(&world, &actor, arguments).await };
    let shown = Shown { in_json: given.get_flag("json"), reader: actor.person };
    let asks = match verb {
        "show" => {
            let view = call::<ShowAsk>(&world, &actor, json!({ "ask": text(given, "ask") })).await?;
            return shown.whole(&view);
        }
        "new" => new(&world, &actor, given).await?,
        verb => change(&world, &actor, verb, given).await?,
    };
    shown.lines(&asks)
}

/// What can be done with asks that are there, each by the operation of the pages.
async fn change(world: &World, actor: &Actor, verb: &str, given: &ArgMatches) -> Result<Vec<Ask>> {
    let mut input = json!({ "asks": ids(given)? });
    match verb {
        "done" => {
            input["outcome"] = json!(text(given, "outcome"));
            call::<FinishAsks>(world, actor, input).await
        }
        "decline" => {
            input["reason"] = json!(text(given, "reason"));
            call::<DeclineAsks>(world, actor, input).await
        }
        "hand-on" => {
            input["to"] = json!(person(world, actor, text(given, "to")).await?);
            input["note"] = json!(text(given, "note"));
            call::<HandOnAsks>(world, actor, input).await
        }
        "snooze" => {
            input["until"] = json!(given.get_one::<String>("until"));
            call::<SnoozeAsks>(world, actor, input).await
        }
        "withdraw" => call::<WithdrawAsks>(world, actor, input).await,
        _ => call::<ReopenAsks>(world, actor, input).await,
    }
}

async fn call<O: Operation>(world: &World, actor: &Actor, input: kernel::Json) -> Result<O::Output> {
    world.app.call(actor, parse::<O>(input)?).await
}

async fn list(world: &World, actor: &Actor, arguments: &ArgMatches) -> Result<ExitCode> {
    let input = json!({ "pile": text(arguments, "pile"), "limit": 1000 });
    let page: AskPage = call::<ListAsks>(world, actor, input).await?;
    if arguments.get_flag("json") {
        return print(&page);
    }
    page.asks.iter().for_each(|ask| println!("{}", line(ask, actor.person)));
    if page.asks.is_empty() {
        println!("Nothing is on this pile.");
    }
    Ok(ExitCode::SUCCESS)
}

/// How asks are told after a change: for a program, or a line each.
struct Shown {
    in_json: bool,
    reader: Id<Person>,
}

impl Shown {
    fn lines(&self, asks: &[Ask]) -> Result<ExitCode> {
        if self.in_json {
            return print(asks);
        }
        if asks.is_empty() {
            println!("These had ended already.");
        }
        asks.iter().for_each(|ask| println!("{}", line(ask, self.reader)));
        Ok(ExitCode::SUCCESS)
    }

    fn whole(&self, view: &AskView) -> Result<ExitCode> {
        if self.in_json {
            return print(view);
        }
        let ask = &view.ask;
        println!("{}", line(ask, self.reader));
        let texts = [&ask.note, &ask.outcome];
        texts.into_iter().filter(|text| !text.is_empty()).for_each(|text| println!("\n{text}"));
        Ok(ExitCode::SUCCESS)
    }
}

fn print<T: Serialize + ?Sized>(value: &T) -> Result<ExitCode> {
    println!("{}", serde_json::to_string(value).map_err(Error::internal)?);
    Ok(ExitCode::SUCCESS)
}

fn line(ask: &Ask, me: Id<Person>) -> String {
    let mine = ask.receiver_id == me;
    let other = if mine { ask.asker_name.as_deref().unwrap_or("Cairn") } else { &ask.receiver_name };
    let state = match ask.state {
        State::Open => match ask.snoozed_until {
            Some(until) => format!("due {}, out of sight until {until}", ask.due_at),
            None => format!("due {}", ask.due_at),
        },
        ended => ended.word().replace('_', " "),
    };
    format!("{}  {state}  {}  ({other})", ask.id, ask.title())
}

async fn new(world: &World, actor: &Actor, given: &ArgMatches) -> Result<Vec<Ask>> {
    let mut to = Vec::new();
    for name in given.get_many::<String>("to").into_iter().flatten() {
        to.push(person(world, actor, name).await?);
    }
    let mut input = json!({
        "to": to, "verb": text(given, "verb"), "subject": text(given, "subject"), "note": text(given, "note"),
        "silence": text(given, "silence"), "urgent": given.get_flag("urgent"),
    });
    if let Some(due) = given.get_one::<String>("due") {
        input["due"] = json!(due);
    }
    if let Some(name) = given.get_one::<String>("next") {
        input["escalate_to"] = json!(person(world, actor, name).await?);
    }
    call::<RaiseAsk>(world, actor, input).await
}

async fn person(world: &World, actor: &Actor, name: &str) -> Result<Id<Person>> {
    let Found { people, .. } = world.app.call(actor, FindPeople { q: name.to_owned() }).await?;
    match &people[..] {
        [one] => Ok(one.id),
        [] => Err(Error::invalid("to", format!("Nobody here is called {name}."))),
        _ => Err(Error::invalid("to", format!("Several people fit {name}; write the mail address."))),
    }
}

fn ids(given: &ArgMatches) -> Result<Vec<Id<Ask>>> {
    given.get_many::<String>("asks").into_iter().flatten().map(|id| id.parse()).collect()
}

fn text<'a>(given: &'a ArgMatches, name: &str) -> &'a str {
    given.get_one::<String>(name).map_or("", String::as_str)
}
