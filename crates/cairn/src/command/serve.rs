use crate::{
    NAV,
    config::Config,
    http::{self, Doors, listener},
    keys, mail, memory,
    outside::Real,
    world::World,
};
use jiff::{ToSpan, civil::Weekday, tz::TimeZone};
use kernel::{Actor, Clock, Door, Error, Result, Time};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use people::account::{first_run::IsNew, secret};
use std::{fs, process::ExitCode, sync::Arc};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
    task::JoinSet,
};
use tracing_subscriber::EnvFilter;
use ui::Site;

/// `cairn serve`
pub async fn serve(config: &Config, demonstration: bool) -> Result<ExitCode> {
    start_log(config);
    memory::keep_private();
    let world = match demonstration {
        true => sample_world(config).await?,
        false => World::open(config, Clock::default()).await?,
    };
    let outside = Arc::new(Real::new(config, demonstration)?);
    let address = config.text("listen");
    let taken = |error: std::io::Error| {
        Error::invalid("listen", format!("{address} cannot be used: {error}. Choose another with --listen."))
    };
    let listener = TcpListener::bind(address).await.map_err(taken)?;
    let setup_code = setup_code(&world, demonstration).await?;
    let site = Site {
        app: world.app.clone(),
        workspace: world.workspace,
        nav: &NAV,
        demonstration,
        base_url: config.base_url().into(),
        setup_code: setup_code.clone(),
        blobs: outside.files(),
        conversation: conversation::section,
        bring: conversation::bring,
    };
    let router = http::router(Doors { site, db: world.db.clone(), metrics: recorder() });
    let limits = listener::Limits { trusted_proxies: config.trusted_proxies()?, ..listener::Limits::default() };
    let _mail = if demonstration { JoinSet::new() } else { mail::open(config, &world).await? };
    let runner = tokio::spawn(db::work_forever(world.db.clone(), world.app.clone(), outside));
    greet(&config.base_url(), setup_code.as_deref());
    listener::serve(listener, router, limits, asked_to_stop()).await;
    runner.abort();
    Ok(ExitCode::SUCCESS)
}

fn start_log(config: &Config) {
    let filter = EnvFilter::new(format!("{},hyper=warn,tokio_postgres=warn", config.text("log-level")));
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_target(false);
    let started = match config.text("log") {
        "json" => log.json().try_init(),
        _ => log.try_init(),
    };
    if let Err(error) = started {
        eprintln!("cairn: the log was started already: {error}");
    }
}

fn recorder() -> Option<PrometheusHandle> {
    PrometheusBuilder::new().install_recorder().inspect_err(|error| tracing::warn!(%error, "no metrics")).ok()
}

/// Made anew at each start, so that a visitor can break what they like.
async fn sample_world(config: &Config) -> Result<World> {
    let folder = config.data().join("demonstration");
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(Error::internal)?;
    }
    fs::create_dir_all(&folder).map_err(Error::internal)?;
    let clock = Clock::fixed(Time::now());
    let path = folder.join("cairn.db").to_string_lossy().into_owned();
    let world = World::at(&path, clock, &config.base_url()).await?;
    let world = World { app: world.app.clone().with_vault(keys::vault(config)?), ..world };
    let now = Time::now();
    let company = sample::build(&world.app, world.workspace, reference(now)).await?;
    sample::deliver(&world.app, &company).await?;
    Ok(World { app: world.app.clone().with_clock(Clock::default()), ..world })
}

/// The Tuesday that the sample company's days count from: the last one, or today.
fn reference(now: Time) -> jiff::civil::Date {
    let today = now.date(&TimeZone::UTC);
    let since = today.weekday().since(Weekday::Tuesday);
    today.saturating_sub(i64::from(since).days())
}

/// Whoever reads the terminal may become the owner; whoever finds the port may not.
async fn setup_code(world: &World, demonstration: bool) -> Result<Option<Arc<str>>> {
    let stranger = Actor::stranger(world.workspace, Door::Command);
    let is_new = !demonstration && world.app.call(&stranger, IsNew {}).await?;
    Ok(if is_new { Some(secret::fresh()?[..16].into()) } else { None })
}

fn greet(base_url: &str, setup_code: Option<&str>) {
    match setup_code {
        Some(code) => println!("Cairn is ready. Make yourself its owner at {base_url}/first-run?code={code}"),
        None => println!("Cairn is ready at {base_url}"),
    }
}

async fn asked_to_stop() {
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return std::future::pending().await;
    };
    tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
}
