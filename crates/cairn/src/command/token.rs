use crate::{config::Config, world::World};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use kernel::{Actor, Clock, Door, Error, Method::Get, Operation, Result, Route, Tx, args, sql, text::Email};
use people::account::{
    session::ResolvePerson,
    token::{CreateToken, ListTokens, RevokeToken},
};
use schemars::JsonSchema;
use serde::Deserialize;
use std::process::ExitCode;

pub fn cli() -> Command {
    let person = || Arg::new("for").long("for").value_name("MAIL").required(true).help("Whose token it is");
    let name = Arg::new("name").long("name").required(true).help("What it is for");
    let scopes = Arg::new("scope")
        .long("scope")
        .action(ArgAction::Append)
        .default_value("*:read")
        .help("person:read, *:write and so on");
    let days = Arg::new("days")
        .long("days")
        .default_value("30")
        .value_parser(value_parser!(i64))
        .help("After how many days it ends");
    let id = Arg::new("id").required(true).help("The token, as listed");
    Command::new("token")
        .about("Make, list and end tokens for programs")
        .subcommand_required(true)
        .subcommand(Command::new("create").about("Make a token; it is shown once").args([person(), name, scopes, days]))
        .subcommand(Command::new("list").about("List the tokens of a person").arg(person()))
        .subcommand(Command::new("revoke").about("End a token at once").args([person(), id]))
}

/// `cairn token`
pub async fn token(config: &Config, arguments: &ArgMatches) -> Result<ExitCode> {
    let world = World::open(config, Clock::default()).await?;
    let Some((what, given)) = arguments.subcommand() else { return Ok(ExitCode::FAILURE) };
    let actor = actor(&world, "for", given.get_one::<String>("for").map_or("", String::as_str)).await?;
    match what {
        "create" => {
            let scopes: Vec<&String> = given.get_many::<String>("scope").into_iter().flatten().collect();
            let input = kernel::json!({ "name": given.get_one::<String>("name"), "scopes": scopes, "days": given.get_one::<i64>("days") });
            let created = world.app.call(&actor, kernel::parse::<CreateToken>(input)?).await?;
            println!("{}", created.token);
        }
        "list" => {
            for token in world.app.call(&actor, ListTokens {}).await? {
                println!("{}  {}  {}  until {}", token.id, token.name, token.scopes, token.expires_at);
            }
        }
        _ => {
            let token = given.get_one::<String>("id").map_or("", String::as_str).parse()?;
            world.app.call(&actor, RevokeToken { token }).await?;
            println!("It does not work any more.");
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A person as someone who has the server in their hands may act for them.
pub(super) async fn actor(world: &World, field: &str, email: &str) -> Result<Actor> {
    let email = Email::parse(field, email)?;
    let person = world.app.call(&world.system(), FindByEmail { email }).await?;
    let found = world.app.call(&world.system(), ResolvePerson { person }).await;
    let found = found.map_err(|_| Error::invalid(field, "This person has no account that can sign in."))?;
    Ok(Actor { door: Door::Command, ..found.actor(world.workspace)? })
}

/// Whose mail address this is.
#[derive(Deserialize, JsonSchema)]
struct FindByEmail {
    email: Email,
}

impl Operation for FindByEmail {
    const NAME: &str = "person.find_by_email";
    const ROUTE: Route = Route(Get, "/people/by-email");
    const READS: bool = true;
    type Target = ();
    type Output = kernel::Id<kernel::Person>;

    async fn target(&self, _: &mut Tx<'_>) -> Result<()> {
        Ok(())
    }

    fn allows(actor: &Actor, _: &()) -> bool {
        actor.is_system()
    }

    async fn run(&self, tx: &mut Tx<'_>, _: ()) -> Result<Self::Output> {
        let select = sql!("select id from people where workspace_id = $1 and email = $2");
        let found = tx.find(select, args![tx.workspace(), self.email]).await?;
        found.ok_or_else(|| Error::invalid("for", format!("Nobody here has the mail address {}.", self.email)))
    }
}
