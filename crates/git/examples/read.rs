//! Reads a repository and says how long that took: `cargo run --release -p git --example read -- PATH [SECONDS]`.
use git::{Repository, Result};
use std::{env, ops::ControlFlow, time::Instant};

fn main() -> Result<()> {
    let path = env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    let most: u64 = env::args().nth(2).and_then(|text| text.parse().ok()).unwrap_or(u64::MAX);
    let start = Instant::now();
    let repository = Repository::open(path.as_ref())?;
    let refs = repository.refs()?;
    let main: Vec<_> =
        refs.tips.iter().filter(|tip| Some(&tip.name) == refs.main.as_ref()).map(|tip| &tip.id).collect();
    let ids = repository.commits(main, [], None)?;
    let listed = start.elapsed();
    let (mut changes, mut lines) = (0, 0);
    let read = repository.read(&ids, |batch, _| {
        let all = batch.commits.iter().flat_map(|commit| &commit.changes);
        (changes, lines) =
            all.fold((changes, lines), |(c, l), change| (c + 1, l + change.lines.added() + change.lines.deleted()));
        if start.elapsed().as_secs() < most { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    let seconds = start.elapsed().as_secs_f64();
    println!(
        "{} refs, {} commits listed in {listed:.1?}, {changes} changes, {lines} lines in {seconds:.1} s",
        refs.tips.len(),
        ids.len()
    );
    read
}
