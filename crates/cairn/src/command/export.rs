//! What is known of how the teams deliver, as lines of JSON.
use super::sources::repositories;
use crate::{config::Config, world::World};
use clap::{Arg, ArgMatches, Command};
use delivery::{
    pipeline::{ExportBuilds, Exported},
    pull::{ExportPulls, ExportThings},
};
use kernel::{Clock, Error, Json, Result, text::Name};
use std::{
    io::{self, Write},
    ops::ControlFlow,
    process::ExitCode,
};

pub fn cli() -> Command {
    let format = Arg::new("format")
        .long("format")
        .value_name("FORMAT")
        .default_value("jsonl")
        .value_parser(["jsonl"])
        .help("Lines of JSON");
    let definition = Arg::new("definition")
        .long("definition")
        .value_name("NAME")
        .default_value("cairn")
        .help("Of the stages of pull requests: cairn, linearb, swarmia, middleware or devlake");
    Command::new("delivery")
        .about(
            "Write pull requests with their stages, reviews, comments, events, commits, builds, deployments, incidents, test \
             results and coverage to standard output",
        )
        .arg(format)
        .arg(definition)
}

/// `cairn export delivery`
pub async fn export(config: &Config, given: &ArgMatches) -> Result<ExitCode> {
    let world = World::open(config, Clock::default()).await?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    let definition = given.get_one::<String>("definition").cloned().unwrap_or_default();
    let definition = Name::try_from(definition).map_err(|sentence| Error::invalid("definition", sentence))?;
    let written = all(&world, &definition, &mut |lines| write(&mut out, &lines)).await?;
    if written.is_continue() {
        out.flush().map_err(Error::internal)?;
    }
    Ok(ExitCode::SUCCESS)
}

type Each<'a> = dyn FnMut(Vec<Json>) -> Result<ControlFlow<()>> + 'a;

/// Hands over everything page by page, until there is nobody who reads.
async fn all(world: &World, definition: &Name<40>, each: &mut Each<'_>) -> Result<ControlFlow<()>> {
    let system = world.system();
    for repository in repositories(world).await? {
        let export = ExportPulls { repository: repository.id, definition: Some(definition.clone()) };
        if each(world.app.call(&system, export).await?)?.is_break() {
            return Ok(ControlFlow::Break(()));
        }
    }
    let mut after = None;
    loop {
        let page = world.app.call(&system, ExportThings { after }).await?;
        after = page.next;
        if each(page.lines)?.is_break() {
            return Ok(ControlFlow::Break(()));
        }
        if after.is_none() {
            break;
        }
    }
    for kind in Exported::ALL.iter().copied() {
        let mut after = None;
        loop {
            let page = world.app.call(&system, ExportBuilds { kind, after }).await?;
            after = page.next;
            if each(page.lines)?.is_break() {
                return Ok(ControlFlow::Break(()));
            }
            if after.is_none() {
                break;
            }
        }
    }
    Ok(ControlFlow::Continue(()))
}

fn write(out: &mut impl Write, lines: &[Json]) -> Result<ControlFlow<()>> {
    for line in lines {
        match writeln!(out, "{line}") {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(ControlFlow::Break(())),
            written => written.map_err(Error::internal)?,
        }
    }
    Ok(ControlFlow::Continue(()))
}
