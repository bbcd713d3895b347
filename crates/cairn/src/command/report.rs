//! Reports in the terminal and as files.
mod page;

use super::histories::team;
use crate::{config::Config, world::World};
use clap::{Arg, ArgMatches, Command, builder::PossibleValuesParser};
use delivery::{
    investment::ShowInvestment,
    keys::{Number, ShowKeys, TeamKeys},
};
use kernel::{Clock, Error, Result};
use std::{fmt::Write, process::ExitCode};

pub fn cli() -> Command {
    let team = Arg::new("team").long("team").required(true).value_name("NAME").help("The team that it is of");
    let span = Arg::new("span")
        .long("span")
        .value_name("SPAN")
        .value_parser(PossibleValuesParser::new(["4w", "13w", "52w", "all"]));
    let definition = Arg::new("definition")
        .long("definition")
        .value_name("WORD")
        .help("dora, devlake, middleware, linearb or swarmia");
    let format = Arg::new("format")
        .long("format")
        .default_value("text")
        .value_parser(PossibleValuesParser::new(["text", "json", "csv", "html", "svg"]));
    let delivery = Command::new("delivery").about("How a team delivers: DORA's five keys, and what they rest on");
    let investment = Command::new("investment")
        .about("What the working time of a team went into, by month, and what of it is capitalised")
        .arg(team.clone())
        .arg(
            Arg::new("back")
                .long("back")
                .value_name("MONTHS")
                .value_parser(PossibleValuesParser::new(["3m", "6m", "12m"]))
                .help("6m if left out"),
        )
        .arg(
            Arg::new("format")
                .long("format")
                .default_value("csv")
                .value_parser(PossibleValuesParser::new(["csv", "json"]))
                .help("csv holds a line for each month and kind, in days of one person"),
        );
    Command::new("report")
        .about("Write a report to standard output")
        .subcommand_required(true)
        .subcommand(investment)
        .subcommand(delivery.args([
        team,
        span.help("13 weeks if left out"),
        definition,
        format.help(
            "As what it is written: html holds stages, agreements and signals as well, svg the chart of deployments",
        ),
    ]))
}

/// `cairn report delivery --team NAME`, `cairn report investment --team NAME`
pub async fn report(config: &Config, arguments: &ArgMatches) -> Result<ExitCode> {
    match arguments.subcommand() {
        Some(("investment", given)) => investment(config, given).await,
        Some((_, given)) => delivery(config, given).await,
        None => Ok(ExitCode::FAILURE),
    }
}

async fn investment(config: &Config, given: &ArgMatches) -> Result<ExitCode> {
    let text = |name: &str| given.get_one::<String>(name).cloned();
    let world = World::open(config, Clock::default()).await?;
    let team = team(&world, &text("team").unwrap_or_default()).await?;
    let back = text("back").map(|back| back.parse()).transpose()?;
    let all = world.app.call(&world.system(), ShowInvestment { team, back }).await?;
    match text("format").as_deref() {
        Some("json") => println!("{}", serde_json::to_string_pretty(&all).map_err(Error::internal)?),
        _ => print!("{}", all.csv()),
    }
    Ok(ExitCode::SUCCESS)
}

async fn delivery(config: &Config, given: &ArgMatches) -> Result<ExitCode> {
    let text = |name: &str| given.get_one::<String>(name).cloned();
    let world = World::open(config, Clock::default()).await?;
    let show = ShowKeys {
        team: team(&world, &text("team").unwrap_or_default()).await?,
        span: text("span").map(|span| span.parse()).transpose()?,
        definition: text("definition")
            .map(|word| word.try_into().map_err(|said: String| Error::invalid("definition", said)))
            .transpose()?,
    };
    let team = show.team;
    let keys = world.app.call(&world.system(), show).await?;
    match text("format").as_deref() {
        Some("json") => println!("{}", serde_json::to_string_pretty(&keys).map_err(Error::internal)?),
        Some("csv") => print!("{}", lines(&keys, ",", "key,value,unit,sample,low,high\n")),
        Some("html") => print!("{}", page::page(&world, team, &keys).await?),
        Some("svg") => println!("{}", page::picture(&keys)),
        _ => print!("{}", in_words(&keys)),
    }
    Ok(ExitCode::SUCCESS)
}

fn in_words(keys: &TeamKeys) -> String {
    let head = format!("By {}, version {}, from {} to {}.\n\n", keys.title, keys.version, keys.from, keys.to);
    let body = lines(keys, "  ", "");
    let trust = &keys.trust;
    let foot = format!(
        "\n{} deployments, {} of them with a commit that is known; {} people behind the changes.\n",
        trust.deployments, trust.matched, keys.contributors
    );
    head + &body + &foot
}

fn lines(keys: &TeamKeys, between: &str, head: &str) -> String {
    let Some(five) = &keys.keys else {
        return format!("{head}Not enough data: fewer than three people are behind it.\n");
    };
    let all = [
        ("change_lead_time", &five.lead_time, "seconds"),
        ("deployment_frequency", &five.frequency, "a week"),
        ("failed_deployment_recovery_time", &five.recovery, "seconds"),
        ("change_fail_rate", &five.fail_rate, "share"),
        ("deployment_rework_rate", &five.rework_rate, "share"),
    ];
    let mut text = head.to_owned();
    for (name, number, unit) in all {
        let [value, low, high] = cells(number);
        let cells = [name, &value, unit, &number.sample.to_string(), &low, &high].join(between);
        let _ = writeln!(text, "{cells}");
    }
    text
}

/// The value and its interval; empty where there is not enough data.
fn cells(number: &Number) -> [String; 3] {
    let shown = |value: Option<f64>| value.map_or_else(String::new, |value| format!("{value:.4}"));
    [number.value, number.interval.map(|both| both.0), number.interval.map(|both| both.1)].map(shown)
}
