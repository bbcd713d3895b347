//! The numbers as charts, each with its definition and what it rests on.
use super::{Code, FEWEST_FOR_HABITS, FileHeat, Folder, Numbers, PullSizes, Week};
use ui::{
    Markup,
    chart::{Figure, Point, columns, heat, scatter},
    html,
};

const MOST_COLUMNS: usize = 60;
const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

pub fn throughput(numbers: &Numbers) -> Markup {
    let together = numbers.weeks.len().div_ceil(MOST_COLUMNS).max(1);
    let bins: Vec<Week> = numbers.weeks.chunks(together).map(sum).collect();
    let names: Vec<String> = bins.iter().map(|week| name(week, together)).collect();
    let pulls = bins.iter().map(|week| week.pull_requests as f64).collect();
    let direct = bins.iter().map(|week| week.direct as f64).collect();
    let series = [("inferred pull requests", pulls), ("direct commits", direct)];
    let landed: u64 = numbers.weeks.iter().map(|week| week.pull_requests + week.direct).sum();
    let per_week = landed as f64 / numbers.weeks.len().max(1) as f64;
    let unit = if together == 1 { "week".to_owned() } else { format!("{together} weeks") };
    Figure {
        id: "throughput",
        title: "What reached the main line",
        sample: &format!("{landed} changes in {} weeks", numbers.weeks.len()),
        sentence: &format!("{per_week:.1} changes a week reached the main line: {} inferred pull requests and {} direct commits.", numbers.pull_requests, landed - numbers.pull_requests.min(landed as usize) as u64),
        definition: "The main line is the chain of first parents of the main branch. A merge of another branch, or a commit that names a pull request as systems write it when they squash, is an inferred pull request; other commits on the line are direct. Merges that only bring a copy up to date are left out, and so are bots. Pull requests that were rebased leave no trace and count as direct. Weeks begin on Monday in UTC, by the committer's date.",
        picture: columns(&format!("Changes that reached the main line, by {unit}"), &names, &series),
        heads: &["From", "Inferred pull requests", "Direct commits", "All commits"],
        rows: bins.iter().map(|week| vec![week.monday.to_string(), week.pull_requests.to_string(), week.direct.to_string(), week.commits.to_string()]).collect(),
    }
    .show()
}

fn sum(weeks: &[Week]) -> Week {
    let add = |of: fn(&Week) -> u64| weeks.iter().map(of).sum();
    Week {
        monday: weeks[0].monday,
        pull_requests: add(|week| week.pull_requests),
        direct: add(|week| week.direct),
        commits: add(|week| week.commits),
    }
}

fn name(week: &Week, together: usize) -> String {
    let format = if together == 1 { "%-d %b" } else { "%b %Y" };
    week.monday.strftime(format).to_string()
}

pub fn rhythm(numbers: &Numbers) -> Markup {
    let Some(hours) = &numbers.rhythm else {
        return too_few("When commits are made", FEWEST_FOR_HABITS);
    };
    let total: u64 = hours.iter().flatten().sum();
    let outside: u64 = (0..7)
        .flat_map(|day| (0..24).map(move |hour| (day, hour)))
        .filter(|(day, hour)| *day > 4 || !(7..19).contains(hour))
        .map(|(day, hour)| hours[day][hour])
        .sum();
    let heads: Vec<String> = (0..24).map(|hour| format!("{hour:02}")).collect();
    let rows: Vec<(&str, Vec<u64>)> = DAYS.into_iter().zip(hours.iter().cloned()).collect();
    Figure {
        id: "rhythm",
        title: "When commits are made",
        sample: &format!("{total} commits"),
        sentence: &format!("{} % of the commits were made at a weekend, before 07:00 or after 19:00.", percent(outside, total)),
        definition: "Each commit by weekday and hour of the committer's own clock, as the commit states its offset from UTC. Of all together, never of a person; shown only where at least five people are behind it. A commit that was rebased or squashed carries the time at which that was done.",
        picture: heat("Commits by weekday and hour", &heads, &rows),
        heads: &[&["Day"], &heads.iter().map(String::as_str).collect::<Vec<_>>()[..]].concat(),
        rows: rows.iter().map(|(day, cells)| [(*day).to_owned()].into_iter().chain(cells.iter().map(u64::to_string)).collect()).collect(),
    }
    .show()
}

pub fn hot_spots(code: &Code, numbers: &Numbers) -> Markup {
    let several = code.repositories.len() > 1;
    let named = |one: &FileHeat| if several { format!("{}: {}", one.repository, one.path) } else { one.path.clone() };
    let points: Vec<Point> = numbers
        .hot_spots
        .iter()
        .map(|one| Point {
            x: one.changes as f64,
            y: one.lines as f64,
            words: format!("{}: {} changes, {} lines", named(one), one.changes, one.lines),
        })
        .collect();
    let sentence = match numbers.hot_spots.first() {
        Some(first) => format!(
            "{} changes most: {} commits touched it, {} lines in all.",
            named(first),
            first.changes,
            first.lines
        ),
        None => "No file changed more than once.".to_owned(),
    };
    Figure {
        id: "hot-spots",
        title: "Hot spots",
        sample: &format!("{} commits", numbers.commits),
        sentence: &sentence,
        definition: "The forty files that most commits changed. Lines are those added and deleted, summed over the commits; a renamed file keeps its history. Merges and bots are left out. Much change is no fault by itself: look at the files that are large and changed by everyone.",
        picture: scatter("Files by how often and how much they change", ("Commits", "Lines"), &points),
        heads: &["File", "Commits", "Lines"],
        rows: numbers.hot_spots.iter().map(|one| vec![named(one), one.changes.to_string(), one.lines.to_string()]).collect(),
    }
    .show()
}

pub fn folders(code: &Code, numbers: &Numbers) -> Markup {
    let Some(folders) = &numbers.folders else {
        return too_few("Who knows which folder", FEWEST_FOR_HABITS);
    };
    let several = code.repositories.len() > 1;
    let narrow = folders.iter().filter(|folder| folder.top_share >= 80).count();
    html! {
        section.card #folders {
            header { h2 { "How widely folders are known" } span.right.small.muted { (numbers.commits) " commits" } }
            div.body {
                p { @match narrow {
                    0 => "In none of the folders did one person make four of five changes.",
                    1 => "In one folder, one person made at least four of five changes.",
                    n => { (n) " folders rest on one person each, who made at least four of five changes there." }
                } }
            }
            @if !folders.is_empty() { (folder_table(folders, several)) }
            div.body { details.fold { summary { "How this is made" } div.body {
                p { "Folders of at most two levels with at least ten changes to files. Someone knows a folder if they made at least a twentieth of the changes in this span. Nobody is named, to nobody: only you are told where it is you. Shown only where at least five people are behind it; names that are nobody's yet count as people of their own." }
            } } }
        }
    }
}

fn folder_table(folders: &[Folder], several: bool) -> Markup {
    html! {
        table.data.listed {
            caption.vh { "Folders" }
            thead { tr { th scope="col" { "Folder" } th.n scope="col" { "Changes" } th.n scope="col" { "Known by" } th scope="col" { "Spread" } } }
            tbody { @for one in folders { tr {
                td { @if several { (one.repository) ": " } (one.folder) }
                td.n data-label="Changes" { (one.changes) }
                td.n data-label="Known by" { (people(one.known_by)) }
                td data-label="Spread" { (spread(one)) }
            } } }
        }
    }
}

fn spread(folder: &Folder) -> Markup {
    let who = if folder.top_is_reader { "You" } else { "One person" };
    match folder.top_share {
        80.. => ui::chip("warn", &format!("{who} made {} % of the changes", folder.top_share)),
        _ => html! { span.muted { (who) " made " (folder.top_share) " %" } },
    }
}

pub fn sizes(numbers: &Numbers) -> Markup {
    html! {
        section.card #sizes {
            header { h2 { "Size of pull requests, and reverts" } span.right.small.muted { (numbers.pull_requests) " inferred pull requests" } }
            div.body {
                @match &numbers.sizes {
                    Some(sizes) => (size_facts(sizes)),
                    None => p.muted { "Not enough data: fewer than five pull requests were inferred." },
                }
                p { (reverts(numbers)) }
                details.fold { summary { "How this is made" } div.body {
                    p { "Lines added and deleted by the commits that a pull request brought to the main line, summed; a line that two of them changed counts twice. A revert is a commit whose message says “This reverts commit”, in the form that git writes." }
                } }
            }
        }
    }
}

fn size_facts(sizes: &PullSizes) -> Markup {
    ui::facts(&[
        ("Median", html! { (sizes.median) " lines" }),
        ("Three of four are at most", html! { (sizes.upper_quartile) " lines" }),
        (
            "Larger than 400 lines",
            html! { (percent(sizes.large as u64, sizes.count as u64)) " % (" (sizes.large) " of " (sizes.count) ")" },
        ),
    ])
}

fn reverts(numbers: &Numbers) -> String {
    match numbers.reverts {
        0 => format!("None of {} commits takes another one back.", numbers.commits),
        1 => format!("One of {} commits takes another one back.", numbers.commits),
        n => format!("{n} of {} commits take another one back.", numbers.commits),
    }
}

fn too_few(title: &str, fewest: usize) -> Markup {
    html! {
        section.card {
            header { h2 { (title) } }
            div.body { p.muted { "Shown where at least " (fewest) " people are behind it, so that it is of the team and not of a person." } }
        }
    }
}

pub fn people(count: usize) -> String {
    if count == 1 { "1 person".to_owned() } else { format!("{count} people") }
}

fn percent(part: u64, of: u64) -> u64 {
    (100 * part + of / 2) / of.max(1)
}
