//! Forecasts: of a team, or without a server from a file of finish dates or a repository.
use super::finishes;
use crate::config::Config;
use clap::{Arg, ArgAction, ArgGroup, ArgMatches, Command, value_parser};
use forecast::{Basis, Forecast, Forecaster, History, MOST_DAYS, Prior, likelihood};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use kernel::{Error, Result};
use std::{fs, io::Read, process, process::ExitCode};

/// The probabilities, in percent, for which every answer is given.
const STATED: [u8; 4] = [50, 70, 85, 95];

/// What goes with none of a project, a milestone and an initiative.
const NOT_OF_PLANS: [&str; 10] =
    ["finishes", "git", "team", "of", "sprint", "days", "items", "origins", "as-of", "issue"];

pub fn cli() -> Command {
    let file = |name: &'static str| Arg::new(name).long(name).value_name("FILE");
    let day = |name: &'static str| Arg::new(name).long(name).value_name("DATE").value_parser(date);
    let days = value_parser!(u32).range(1..=MOST_DAYS as i64);
    let git = "A repository, bare or not: the merges of its main line, or its commits where it has few merges";
    Command::new("forecast")
        .about("Say how much will be finished by a date, or when so many items are done")
        .arg(Arg::new("team").long("team").value_name("NAME").help("A team, from its history and capacity here"))
        .arg(
            Arg::new("issue")
                .long("issue")
                .action(ArgAction::SetTrue)
                .requires("team")
                .help("Put the forecast into the log"),
        )
        .arg(
            Arg::new("as").long("as").value_name("MAIL").requires("issue").help("Who issues it; the owner if left out"),
        )
        .arg(
            Arg::new("of")
                .long("of")
                .value_name("KEY")
                .help("An issue here, given how old it is, or all that is below it"),
        )
        .arg(
            Arg::new("sprint")
                .long("sprint")
                .value_name("NAME")
                .help("Whether all that a sprint holds is done by its end; with --team where several teams have it"),
        )
        .arg(
            Arg::new("project")
                .long("project")
                .value_name("NAME")
                .help("When all that a project holds is done, over all its teams"),
        )
        .arg(
            Arg::new("milestone")
                .long("milestone")
                .value_name("NAME")
                .help("When a milestone is reached; with --project where several projects have it"),
        )
        .arg(
            Arg::new("initiative")
                .long("initiative")
                .value_name("NAME")
                .help("When all that the projects of an initiative hold is done"),
        )
        .arg(file("finishes").help("One finish date or instant a line; - reads standard input"))
        .arg(Arg::new("git").long("git").value_name("PATH").help(git))
        .arg(day("as-of").help("The day to forecast from; only what was finished before it is used; today if left out"))
        .arg(
            Arg::new("days").long("days").value_name("COUNT").value_parser(days).help("How many items in so many days"),
        )
        .arg(day("by").help("How many items by the end of this date; with --items, the chance of so many"))
        .arg(
            Arg::new("items")
                .long("items")
                .value_name("COUNT")
                .value_parser(value_parser!(u64).range(1..))
                .help("When so many are done"),
        )
        .arg(file("origins").help("Many questions at once, a date and a number of days a line, answered in JSON"))
        .arg(Arg::new("json").long("json").action(ArgAction::SetTrue).help("Answer in JSON"))
        .arg(
            Arg::new("seed")
                .long("seed")
                .value_name("NUMBER")
                .value_parser(value_parser!(u64))
                .default_value("5")
                .help("Fixes what is drawn"),
        )
        .group(
            ArgGroup::new("history")
                .args(["finishes", "git", "team", "of", "sprint", "project", "milestone", "initiative"])
                .required(true)
                .multiple(true),
        )
        .group(
            ArgGroup::new("question")
                .args(["days", "by", "items", "origins", "of", "sprint", "project", "milestone", "initiative"])
                .required(true)
                .multiple(true),
        )
        .mut_arg("finishes", |arg| arg.conflicts_with_all(["git", "team", "of", "sprint"]))
        .mut_arg("git", |arg| arg.conflicts_with_all(["team", "of", "sprint"]))
        .mut_arg("project", |arg| arg.conflicts_with_all(NOT_OF_PLANS))
        .mut_arg("milestone", |arg| arg.conflicts_with_all(NOT_OF_PLANS))
        .mut_arg("initiative", |arg| arg.conflicts_with_all(NOT_OF_PLANS).conflicts_with_all(["project", "milestone"]))
        .mut_arg("sprint", |arg| arg.conflicts_with_all(["days", "by", "items", "origins", "as-of", "issue"]))
        .mut_arg("days", |arg| arg.conflicts_with_all(["by", "items", "origins"]))
        .mut_arg("origins", |arg| arg.conflicts_with_all(["by", "items"]))
        .mut_arg("of", |arg| arg.conflicts_with_all(["team", "sprint", "days", "items", "origins", "as-of"]))
        .mut_arg("team", |arg| arg.conflicts_with_all(["days", "origins", "as-of"]))
}

/// `cairn forecast --team X --items 40`, `cairn forecast --finishes FILE --as-of DATE --days DAYS`
pub async fn forecast(config: &Config, arguments: &ArgMatches) -> Result<ExitCode> {
    if let Some(issue) = arguments.get_one::<String>("of") {
        return finishes::of_issue(config, arguments, issue).await;
    }
    if let Some(sprint) = arguments.get_one::<String>("sprint") {
        return finishes::of_sprint(config, arguments, sprint).await;
    }
    if ["project", "milestone", "initiative"].iter().any(|name| arguments.contains_id(name)) {
        return finishes::of_plan(config, arguments).await;
    }
    match arguments.get_one::<String>("team") {
        Some(team) => finishes::forecast(config, arguments, team).await,
        None => from_outside(arguments),
    }
}

fn from_outside(arguments: &ArgMatches) -> Result<ExitCode> {
    let finishes = match arguments.get_one::<String>("git") {
        Some(path) => from_git(path)?,
        None => from_file(arguments)?,
    };
    let seed = arguments.get_one::<u64>("seed").copied().unwrap_or_default();
    let today = || Timestamp::now().to_zoned(TimeZone::UTC).date();
    let as_of = arguments.get_one::<Date>("as-of").copied().unwrap_or_else(today);
    let nothing = || Error::invalid("finishes", "There is no finish date in it, so there is nothing to forecast from.");
    let history = History::new(finishes).ok_or_else(nothing)?;
    if let Some(path) = arguments.get_one::<String>("origins") {
        return many(history, path, seed);
    }
    let forecaster = Forecaster::new(history, as_of, Prior::built_in(), seed);
    let forecast = forecaster.at(as_of).map_err(|refusal| Error::conflict(refusal.to_string()))?;
    println!("{}", answer(&forecast, arguments)?);
    Ok(ExitCode::SUCCESS)
}

/// Answers every pair of a file with a line of JSON, in its order. A pair that has no answer gets one that says why.
fn many(history: History, path: &str, seed: u64) -> Result<ExitCode> {
    let pairs = forecast::origins(&read(path, "origins")?).map_err(|line| unreadable("origins", path, &line))?;
    let Some(latest) = pairs.iter().map(|pair| pair.0).max() else { return Ok(ExitCode::SUCCESS) };
    let forecaster = Forecaster::new(history, latest, Prior::built_in(), seed);
    let mut lines = String::new();
    for (as_of, days) in pairs {
        match forecaster.at(as_of) {
            Ok(forecast) => lines.push_str(&at_least(&forecast, days)),
            Err(refusal) => lines.push_str(&serde_json::json!({ "refused": refusal.to_string() }).to_string()),
        }
        lines.push('\n');
    }
    print!("{lines}");
    Ok(ExitCode::SUCCESS)
}

fn answer(forecast: &Forecast, arguments: &ArgMatches) -> Result<String> {
    let as_of = forecast.as_of();
    let items = arguments.get_one::<u64>("items").copied();
    let days = match arguments.get_one::<Date>("by") {
        Some(&by) => Some(days_until(as_of, by)?),
        None => arguments.get_one::<u32>("days").map(|&days| days as usize),
    };
    let text = match (items, days, arguments.get_flag("json")) {
        (Some(items), Some(days), true) => return Ok(format!(r#"{{"chance":{:.3}}}"#, forecast.chance(items, days))),
        (Some(items), None, true) => return Ok(done_by(forecast, items)),
        (None, Some(days), true) => return Ok(at_least(forecast, days)),
        (Some(items), Some(days), false) => chance_in_words(forecast, items, days),
        (Some(items), None, false) => date_in_words(forecast, items),
        (None, days, false) => count_in_words(forecast, days.unwrap_or(1)),
        (None, None, true) => return Err(Error::invalid("days", "Ask with --days, --by or --items.")),
    };
    Ok(format!("{text}\n{}", basis_in_words(forecast.basis())))
}

fn days_until(as_of: Date, by: Date) -> Result<usize> {
    let days = usize::try_from((by - as_of).get_days() + 1).ok().filter(|days| (1..=MOST_DAYS).contains(days));
    let sentence = || format!("Choose a date from {as_of} to {MOST_DAYS} days later.");
    days.ok_or_else(|| Error::invalid("by", sentence()))
}

fn at_least(forecast: &Forecast, days: usize) -> String {
    let counts = STATED.map(|stated| format!(r#""{stated}":{}"#, forecast.at_least(share(stated), days)));
    format!(r#"{{"at_least":{{{}}}}}"#, counts.join(","))
}

fn done_by(forecast: &Forecast, items: u64) -> String {
    let date = |stated| forecast.date_for(items, share(stated)).map_or("null".into(), |date| format!(r#""{date}""#));
    format!(r#"{{"done_by":{{{}}}}}"#, STATED.map(|stated| format!(r#""{stated}":{}"#, date(stated))).join(","))
}

fn count_in_words(forecast: &Forecast, days: usize) -> String {
    let period = format!("From {} to {}", forecast.as_of(), last_day(forecast.as_of(), days));
    let count = |stated| forecast.at_least(share(stated), days);
    let more = |stated| match count(stated) {
        0 => String::new(),
        count => format!(" At least {} are {}.", items(count), in_words(stated)),
    };
    match count(85) {
        0 => format!("{period} the team may finish nothing; no number of items is {}.{}", in_words(85), more(50)),
        sure => {
            format!("{period} the team is {} to finish at least {}.{}{}", in_words(85), items(sure), more(95), more(50))
        }
    }
}

fn date_in_words(forecast: &Forecast, count: u64) -> String {
    let done = items(count);
    let by = |stated| forecast.date_for(count, share(stated)).map(|date| format!("{} by {date}", in_words(stated)));
    let also = |stated| by(stated).map_or(String::new(), |by| format!(" It is {by}."));
    match by(85) {
        Some(likely) => format!("That {done} are done is {likely}.{}{}", also(95), also(50)),
        None => {
            format!("No date in the next {MOST_DAYS} days makes it {} that {done} are done.{}", in_words(85), also(50))
        }
    }
}

fn chance_in_words(forecast: &Forecast, count: u64, days: usize) -> String {
    let chance = forecast.chance(count, days);
    let until = last_day(forecast.as_of(), days);
    let fewer = items(forecast.at_least(0.85, days));
    let better = match forecast.date_for(count, 0.85) {
        _ if chance >= 0.85 => String::new(),
        Some(date) => format!(" A chance of 85 % would take until {date}, or a scope of {fewer}."),
        None => format!(" A chance of 85 % would take a scope of {fewer}."),
    };
    let percent = (chance * 100.0).clamp(1.0, 99.0);
    format!("It is {} ({percent:.0} %) that {} are done by {until}.{better}", likelihood(chance), items(count))
}

fn items(count: u64) -> String {
    if count == 1 { "1 item".into() } else { format!("{count} items") }
}

fn basis_in_words(basis: &Basis) -> String {
    let rests = format!("This rests on {} finished in the {} days before.", items(basis.finishes), basis.days);
    match basis.from_others {
        borrowed if borrowed >= 0.5 => format!(
            "{rests} The history is short: {:.0} % of the uncertainty is taken from other teams.",
            borrowed * 100.0
        ),
        _ => rests,
    }
}

fn in_words(stated: u8) -> String {
    format!("{} ({stated} %)", likelihood(share(stated)))
}

fn date(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| "write a date such as 2024-05-01".to_owned())
}

fn share(percent: u8) -> f64 {
    f64::from(percent) / 100.0
}

fn last_day(as_of: Date, days: usize) -> Date {
    as_of.saturating_add(jiff::Span::new().days(days as i64 - 1))
}

fn from_file(arguments: &ArgMatches) -> Result<Vec<Date>> {
    let path = arguments.get_one::<String>("finishes").map_or("", String::as_str);
    forecast::finishes(&read(path, "finishes")?).map_err(|line| unreadable("finishes", path, &line))
}

fn read(path: &str, field: &str) -> Result<String> {
    let unread = |error: std::io::Error| Error::invalid(field, format!("{path} cannot be read: {error}."));
    if path == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map_err(unread)?;
        return Ok(text);
    }
    fs::read_to_string(path).map_err(unread)
}

fn unreadable(field: &str, path: &str, line: &forecast::Unreadable) -> Error {
    Error::invalid(field, format!("{path}: {line}"))
}

/// The commit times of the main line: of merges, where at least a quarter of it are merges, because then a merge is
/// what finishes a piece of work; otherwise of all its commits.
fn from_git(path: &str) -> Result<Vec<Date>> {
    let failed = |why: String| Error::invalid("git", format!("The history of {path} cannot be read: {why}"));
    let arguments = ["-C", path, "log", "--first-parent", "--format=%cI %p", "HEAD"];
    let output = process::Command::new("git").args(arguments).output().map_err(|error| failed(format!("{error}.")))?;
    if !output.status.success() {
        let error = String::from_utf8_lossy(&output.stderr);
        return Err(failed(error.lines().next().unwrap_or("git failed without a word.").to_owned()));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let commits: Vec<(&str, bool)> =
        text.lines().filter_map(|line| line.split_once(' ')).map(|(time, rest)| (time, rest.contains(' '))).collect();
    let merges = commits.iter().filter(|(_, is_merge)| *is_merge).count();
    let counted = commits.iter().filter(|(_, is_merge)| *is_merge || merges * 4 < commits.len());
    let times: Vec<&str> = counted.map(|(time, _)| *time).collect();
    forecast::finishes(&times.join("\n")).map_err(|line| failed(line.to_string()))
}
