//! The search, through the eyes of a person.
use super::token::actor;
use crate::{config::Config, world::World};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use kernel::{Actor, Clock, Error, Method::Get, Operation, Result, Route, Tx, args, sql};
use schemars::JsonSchema;
use search::{
    extract::Piece,
    find::{FindRecords, Hit},
    keep::RebuildSearch,
};
use serde::Deserialize;
use std::{io::IsTerminal, process::ExitCode};

pub fn cli() -> Command {
    let words = Arg::new("words").num_args(0..).help(
        "Words, \"a phrase\", is:person, by:name, team:name, before:2026-05, after:2026, in:title; -word after --",
    );
    let person = Arg::new("as").long("as").value_name("MAIL").help("Through whose eyes; the owner's if left out");
    let limit = Arg::new("limit").long("limit").default_value("20").value_parser(value_parser!(i64)).help("How many");
    let rebuild = Arg::new("rebuild").long("rebuild").action(ArgAction::SetTrue).help("Have all records read anew");
    Command::new("search").about("Find records by their words").args([person, limit, rebuild, words])
}

/// `cairn search WORDS…`
pub async fn search(config: &Config, arguments: &ArgMatches) -> Result<ExitCode> {
    let world = World::open(config, Clock::default()).await?;
    if arguments.get_flag("rebuild") {
        world.app.call(&world.system(), RebuildSearch {}).await?;
        println!("The server reads all records anew; what is new is found meanwhile.");
        return Ok(ExitCode::SUCCESS);
    }
    let actor = whose(&world, arguments).await?;
    let words: Vec<&str> = arguments.get_many::<String>("words").into_iter().flatten().map(String::as_str).collect();
    let find = FindRecords { q: question(&words), limit: arguments.get_one("limit").copied() };
    let found = world.app.call(&actor, find).await?;
    let lit = std::io::stdout().is_terminal();
    found.hits.iter().for_each(|hit| println!("{}", shown(hit, lit, &config.base_url())));
    if found.more {
        println!("There are more; narrow it down, or raise --limit.");
    }
    Ok(if found.hits.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// The person whom `--as` names, else the owner.
pub(super) async fn whose(world: &World, arguments: &ArgMatches) -> Result<Actor> {
    let mail = match arguments.get_one::<String>("as") {
        Some(mail) => mail.clone(),
        None => world.app.call(&world.system(), FindOwner {}).await?,
    };
    actor(world, "as", &mail).await
}

/// The shell has taken the quotes away from what has a space in it.
fn question(words: &[&str]) -> String {
    let quoted = |word: &&str| match (word.contains(' ') && !word.contains('"'), word.split_once(':')) {
        (true, Some((filter, value))) => format!("{filter}:\"{value}\""),
        (true, None) if words.len() > 1 => format!("\"{word}\""),
        _ => (*word).to_owned(),
    };
    words.iter().map(quoted).collect::<Vec<_>>().join(" ")
}

fn shown(hit: &Hit, lit: bool, site: &str) -> String {
    let mark = if hit.mark.is_empty() { String::new() } else { format!(" ({})", hit.mark) };
    let (title, extract) = (marked(&hit.title, lit), marked(&hit.extract, lit));
    let first = format!("{:10} {title}{mark}  {site}{}", hit.kind, hit.href);
    if hit.extract.is_empty() { first } else { format!("{first}\n{:10} {extract}", "") }
}

/// What was looked for is bold where the terminal can.
fn marked(pieces: &[Piece], lit: bool) -> String {
    let text = |piece: &Piece| match piece.hit && lit {
        true => format!("\u{1b}[1m{}\u{1b}[0m", piece.text),
        false => piece.text.clone(),
    };
    pieces.iter().map(text).collect()
}

/// The mail address of the first owner.
#[derive(Deserialize, JsonSchema)]
struct FindOwner {}

impl Operation for FindOwner {
    const NAME: &str = "person.find_owner";
    const ROUTE: Route = Route(Get, "/people/owner");
    const READS: bool = true;
    type Target = ();
    type Output = String;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<String> {
        let select = sql!("select email from people_public_owners where workspace_id = $1 order by person_id limit 1");
        let found = tx.find(select, args![tx.workspace()]).await?;
        found.ok_or_else(|| Error::invalid("as", "No owner has a mail address; say with --as through whose eyes."))
    }
}
