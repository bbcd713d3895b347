//! From rows to numbers; pure.
use super::{
    BuildNumbers, BuildWeek, Differing, FlakyTest, FlakyThing, PipelineNumbers, TeamBuilds,
    read::{BuildRow, JobRow, Read, TestRow},
};
use crate::{code::Span, keys::Number, pipeline::Outcome};
use kernel::{Id, Team, Time};
use measures::{
    Run, flaky,
    keys::{Average, Figure},
};
use std::collections::{BTreeMap, HashMap};

/// A median or a share of fewer is none.
const FLOOR: usize = 5;
const MOST_PIPELINES: usize = 30;
const MOST_FLAKY: usize = 20;
const MOST_EVIDENCE: usize = 5;
const WEEK: i64 = 7 * 86_400_000_000;
const MOST_WEEKS: i64 = 60;

/// `times` are the beginning of the time before, of the span, and its end.
pub fn numbers(
    team: Id<Team>,
    span: Span,
    repositories: usize,
    read: Read,
    times: (Option<Time>, Time, Time),
) -> TeamBuilds {
    let (before, from, to) = times;
    let (now, old): (Vec<&BuildRow>, Vec<&BuildRow>) = read.builds.iter().partition(|row| row.finished_at >= from);
    let (jobs, old_jobs): (Vec<&JobRow>, Vec<&JobRow>) = read.jobs.iter().partition(|row| row.finished_at >= from);
    TeamBuilds {
        team,
        span,
        to,
        repositories,
        builds: of(&now, &jobs),
        before: before.map(|_| of(&old, &old_jobs)),
        pipelines: pipelines(&now, &jobs),
        weeks: weeks(&now, from, to),
        flaky: unreliable(&now, &jobs),
        flaky_tests: unreliable_tests(read.tests),
        coverage: read.coverage,
        annotations: read.annotations,
    }
}

fn of(builds: &[&BuildRow], jobs: &[&JobRow]) -> BuildNumbers {
    let seconds = |from: Option<Time>, to: Time| Some((to.0 - from?.0) as f64 / 1e6).filter(|seconds| *seconds >= 0.0);
    let durations: Vec<f64> = builds.iter().filter_map(|row| seconds(row.started_at, row.finished_at)).collect();
    let queued = jobs.iter().filter_map(|row| seconds(row.queued_at, row.started_at?)).collect();
    let failed = builds.iter().filter(|row| row.outcome == Outcome::Failed).count();
    BuildNumbers {
        ended: builds.len(),
        failed,
        untimed: builds.len() - durations.len(),
        duration: Number::of(&Figure::average(durations, Average::Median, FLOOR)),
        queue: Number::of(&Figure::average(queued, Average::Median, FLOOR)),
        fail_rate: Number::of(&Figure::share(failed, builds.len(), FLOOR)),
    }
}

/// What one pipeline ran.
#[derive(Default)]
struct Group<'r> {
    builds: Vec<&'r BuildRow>,
    jobs: Vec<&'r JobRow>,
}

fn pipelines<'r>(builds: &[&'r BuildRow], jobs: &[&'r JobRow]) -> Vec<PipelineNumbers> {
    let mut groups: BTreeMap<(&str, &str), Group<'r>> = BTreeMap::new();
    for row in builds {
        groups.entry((&row.project, &row.name)).or_default().builds.push(row);
    }
    for row in jobs {
        let key = (row.project.as_str(), row.build.as_deref().unwrap_or_default());
        if let Some(group) = groups.get_mut(&key) {
            group.jobs.push(row);
        }
    }
    let numbers = groups.into_iter().map(|((project, name), group)| PipelineNumbers {
        project: project.to_owned(),
        name: name.to_owned(),
        numbers: of(&group.builds, &group.jobs),
    });
    let mut found: Vec<PipelineNumbers> = numbers.collect();
    found.sort_by_key(|one| std::cmp::Reverse(one.numbers.ended));
    found.truncate(MOST_PIPELINES);
    found
}

fn weeks(builds: &[&BuildRow], from: Time, to: Time) -> Vec<BuildWeek> {
    let place = |at: Time| (to.0 - at.0).div_euclid(WEEK);
    let first = builds.iter().map(|row| row.finished_at).min().unwrap_or(to).max(from);
    let mut weeks: BTreeMap<i64, Vec<&BuildRow>> =
        (0..=place(first).min(MOST_WEEKS)).map(|week| (-week, Vec::new())).collect();
    for row in builds {
        if let Some(week) = weeks.get_mut(&-place(row.finished_at)) {
            week.push(row);
        }
    }
    let numbers = |(week, rows): (i64, Vec<&BuildRow>)| {
        let failed = rows.iter().filter(|row| row.outcome == Outcome::Failed).count();
        let lengths = rows.iter().map(|row| row.started_at.map(|from| row.finished_at.0 - from.0));
        let duration = measures::figure(lengths, measures::Summary::Median).value;
        BuildWeek {
            from: Time(to.0 + (week - 1) * WEEK),
            succeeded: rows.len() - failed,
            failed,
            duration: duration.map(|microseconds| microseconds as f64 / 1e6),
        }
    };
    weeks.into_iter().map(numbers).collect()
}

/// Each test once, those that did it on most commits first.
fn unreliable_tests(rows: Vec<TestRow>) -> Vec<FlakyTest> {
    let mut tests: BTreeMap<(String, String), FlakyTest> = BTreeMap::new();
    for row in rows {
        let key = (row.suite.clone(), row.name.clone());
        let test = tests.entry(key).or_insert_with(|| FlakyTest {
            suite: row.suite,
            name: row.name,
            evidence: Vec::new(),
            commits: 0,
            passed: 0,
            failed: 0,
            failed_before: 0,
        });
        test.commits += 1;
        test.passed += row.passed;
        test.failed += row.failed;
        test.failed_before += row.failed_before;
        if test.evidence.len() < MOST_EVIDENCE {
            test.evidence.push(row.commit);
        }
    }
    let mut tests: Vec<FlakyTest> = tests.into_values().collect();
    tests.sort_by_key(|one| std::cmp::Reverse(one.commits));
    tests.truncate(MOST_FLAKY);
    tests
}

/// Builds and jobs of which the outcome on one commit differs.
fn unreliable(builds: &[&BuildRow], jobs: &[&JobRow]) -> Vec<FlakyThing> {
    let runs: Vec<(Run, Option<&str>)> =
        builds.iter().filter_map(|row| of_build(row)).chain(jobs.iter().filter_map(|row| of_job(row))).collect();
    let urls: HashMap<String, Option<&str>> = runs.iter().map(|(run, url)| (run.id.clone(), *url)).collect();
    let runs: Vec<Run> = runs.into_iter().map(|(run, _)| run).collect();
    let url = |id: &str| urls.get(id).copied().flatten().map(str::to_owned);
    let differing = |one: &measures::Evidence| Differing {
        commit: one.commit.clone(),
        at: Time(one.at),
        failed_url: url(&one.failed),
        succeeded_url: url(&one.succeeded),
        failed: one.failed.clone(),
        succeeded: one.succeeded.clone(),
    };
    let found = flaky(&runs).into_iter().take(MOST_FLAKY).map(|one| FlakyThing {
        evidence: one.evidence.iter().take(MOST_EVIDENCE).map(differing).collect(),
        commits: one.evidence.len(),
        name: one.thing,
        runs: one.runs,
        failed: one.failed,
    });
    found.collect()
}

/// A build as a run, and where to look at it.
fn of_build(row: &BuildRow) -> Option<(Run, Option<&str>)> {
    let run = Run {
        thing: thing(&row.project, &[&row.name], row.event.as_deref()),
        commit: row.commit.clone()?,
        at: row.finished_at.0,
        id: id(&row.system, &row.source_id, row.attempt),
        failed: row.outcome == Outcome::Failed,
    };
    Some((run, row.url.as_deref()))
}

/// A job as a run, and where to look at its build.
fn of_job(row: &JobRow) -> Option<(Run, Option<&str>)> {
    let names: Vec<&str> = row.build.as_deref().into_iter().chain([row.name.as_str()]).collect();
    let run = Run {
        thing: thing(&row.project, &names, row.event.as_deref()),
        commit: row.commit.clone()?,
        at: row.finished_at.0,
        id: format!("job {}", id(&row.system, &row.source_id, row.attempt)),
        failed: row.outcome == Outcome::Failed,
    };
    Some((run, row.url.as_deref()))
}

/// What set a run off is a part of what it is: a build for a pull request tries its merge, and one for a push does not.
fn thing(project: &str, names: &[&str], event: Option<&str>) -> String {
    let event = event.map(|event| format!(" ({event})")).unwrap_or_default();
    format!("{project}: {}{event}", names.join(" › "))
}

fn id(system: &str, id: &str, attempt: i64) -> String {
    if attempt == 1 { format!("{system}:{id}") } else { format!("{system}:{id}, attempt {attempt}") }
}
