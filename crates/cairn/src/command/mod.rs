//! The commands. Each says what it did, or what went wrong and the next step to take.
mod asks;
mod backup;
mod checkin;
mod connect;
mod doctor;
mod exchange;
mod export;
mod fetch;
mod finishes;
mod forecast;
mod histories;
mod init;
mod issues;
mod mail;
mod people;
mod receive;
mod report;
mod reset_password;
mod results;
mod search;
mod second_factor;
mod serve;
mod sources;
mod token;
mod trackers;
mod triage;
mod verify;

pub use self::forecast::forecast;
pub(crate) use backup::private;
pub use people::{export, import};

use crate::config::{Config, KEYS};
use clap::{Arg, ArgAction, ArgMatches, Command};
use kernel::Result;
use std::{path::PathBuf, process::ExitCode};

pub fn run() -> ExitCode {
    let matches = cli().get_matches();
    let Some((name, arguments)) = matches.subcommand() else { return ExitCode::FAILURE };
    let config = match Config::load(|key| matches.get_one::<String>(key).cloned(), file(&matches)) {
        Ok(config) => config,
        Err(error) => return failed(&error.to_string()),
    };
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return failed(&format!("The program cannot start its threads: {error}.")),
    };
    match runtime.block_on(dispatch(name, arguments, &config)) {
        Ok(code) => code,
        Err(error) => failed(&error.to_string()),
    }
}

/// The whole command line, so that tests and documents can read it.
pub fn cli() -> Command {
    let settings = |arg: Arg| arg.global(true).help_heading("Settings, also in cairn.toml and as CAIRN_* variables");
    let keys = KEYS.iter().map(|key| settings(Arg::new(key.name).long(key.name).value_name("VALUE").help(key.help)));
    Command::new("cairn")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Leads distributed software teams in writing")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .arg(settings(
            Arg::new("config").long("config").value_name("FILE").help("The file to read; cairn.toml if left out"),
        ))
        .args(keys)
        .subcommand(
            Command::new("serve").about("Serve Cairn to browsers and programs").arg(
                Arg::new("demonstration")
                    .long("demonstration")
                    .action(ArgAction::SetTrue)
                    .help("Serve a sample company that is made anew at each start, in a folder of its own"),
            ),
        )
        .subcommand(Command::new("init").about("Make the data folder, the tables and the keys, and serve nothing"))
        .subcommand(Command::new("doctor").about("Say what is in force, where it came from, and what is wrong"))
        .subcommand(backup::backup_cli())
        .subcommand(backup::restore_cli())
        .subcommand(backup::copy_cli())
        .subcommand(people::import_cli())
        .subcommand(people::export_cli())
        .subcommand(connect::cli())
        .subcommand(receive::cli())
        .subcommand(report::cli())
        .subcommand(search::cli())
        .subcommand(asks::cli())
        .subcommand(checkin::cli())
        .subcommand(issues::cli())
        .subcommand(triage::cli())
        .subcommand(forecast::cli())
        .subcommand(verify::cli())
        .subcommand(token::cli())
        .subcommand(second_factor::cli())
        .subcommand(reset_password::cli())
        .subcommand(mail::cli())
}

async fn dispatch(name: &str, arguments: &ArgMatches, config: &Config) -> Result<ExitCode> {
    match name {
        "serve" => serve::serve(config, arguments.get_flag("demonstration")).await,
        "init" => init::init(config).await,
        "doctor" => doctor::doctor(config).await,
        "backup" => backup::backup(config, arguments).await,
        "restore" => backup::restore(config, arguments).await,
        "copy" => backup::copy(config, arguments).await,
        "import" => people::import(config, arguments).await,
        "export" => people::export(config, arguments).await,
        "connect" => connect::connect(config, arguments).await,
        "report" => report::report(config, arguments).await,
        "receive" => receive::receive(config, arguments).await,
        "search" => search::search(config, arguments).await,
        "checkin" => checkin::checkin(config, arguments).await,
        "asks" => asks::asks(config, arguments).await,
        "forecast" => forecast::forecast(config, arguments).await,
        "issues" => issues::issues(config, arguments).await,
        "triage" => triage::triage(config, arguments).await,
        "verify" => verify::verify(config, arguments).await,
        "second-factor" => second_factor::second_factor(config, arguments).await,
        "reset-password" => reset_password::reset_password(config, arguments).await,
        "mail" => mail::mail(config, arguments).await,
        "token" => token::token(config, arguments).await,
        other => unreachable!("clap knows no command {other}"),
    }
}

fn file(matches: &ArgMatches) -> Option<PathBuf> {
    matches.get_one::<String>("config").map(PathBuf::from)
}

fn failed(sentence: &str) -> ExitCode {
    eprintln!("cairn: {sentence}");
    ExitCode::FAILURE
}
