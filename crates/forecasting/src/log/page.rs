//! The pages of the record.
use super::{
    Horizon, IssueForecast, IssueSprint, Level, LoggedForecast, Question, ShowRecord, SprintRecord, TrackRecord, holds,
};
use kernel::Error;
use ui::{
    Answer, Cx, Flash, Head, Markup, Submitted,
    chart::{Figure, reliability},
    chip, date_long, html,
};

/// `POST /teams/{team}/forecasts`
pub async fn issue(form: Submitted) -> Answer {
    let team = form.text("team").to_owned();
    form.submit::<IssueForecast>().await?;
    Ok(form.go(
        &format!("/teams/{team}/forecast/record"),
        Flash::says("The forecast is issued. It stays in the log as it is."),
    ))
}

/// `POST /sprints/{sprint}/forecasts`
pub async fn issue_sprint(form: Submitted) -> Answer {
    let sprint = form.text("sprint").to_owned();
    form.submit::<IssueSprint>().await?;
    Ok(form.go(
        &format!("/sprints/{sprint}/forecast"),
        Flash::says("The forecast is issued. It stays in the log as it is, and is scored when the sprint is closed."),
    ))
}

/// `GET /forecasts/record`
pub async fn of_all(cx: Cx) -> Answer {
    let record = cx.read(ShowRecord::default()).await?;
    let head = Head {
        crumbs: vec![("/commitments", "Commitments")],
        title: "Track record of all teams",
        lead: LEAD,
        ..Head::default()
    };
    Ok(cx.live_page("Track record", &["forecast"], html! { (head.show()) (content(&cx, &record)) }))
}

/// `GET /teams/{team}/forecast/record`
pub async fn of_team(cx: Cx) -> Answer {
    let team = cx.text("team").parse()?;
    let record = cx.read(ShowRecord { team: Some(team) }).await?;
    let name = record.team_name.clone().ok_or(Error::NotFound)?;
    let (home, page) = (format!("/teams/{team}"), format!("/teams/{team}/forecast"));
    let crumbs = vec![("/teams", "Teams"), (&*home, &*name), (&*page, "Forecast")];
    let head = Head { crumbs, title: "Track record", lead: LEAD, ..Head::default() };
    Ok(cx.live_page("Track record", &["forecast"], html! { (head.show()) (content(&cx, &record)) }))
}

const LEAD: &str = "How often what Cairn stated came true.";

fn content(cx: &Cx, record: &TrackRecord) -> Markup {
    html! { div.stack {
        @if record.issued.forecasts + record.backtested.forecasts == 0 {
            (ui::empty("No forecast has come to its date yet. Import finish dates of a team, and its past is forecast at once.", None))
        } @else {
            div.grid.g2 { (stat("Issued", "Forecasts in the log that have come to their date.", &record.issued)) (stat("Along the past", "Forecasts that would have been issued every week.", &record.backtested)) }
            (reliability_figure(record)) (horizons(record))
        }
        (sprints(&record.sprints))
        (log(cx, record))
    } }
}

/// `Of 212 forecasts at 85 %, 181 came true.`
fn stat(title: &str, what: &str, sum: &Horizon) -> Markup {
    html! {
        div.card.stat {
            p.label { (title) }
            @match sum.forecasts {
                0 => p { "None yet." },
                n => { p.value { (percent(sum.held[2], n)) " % " small { "came true of what was stated with 85 %" } } p.foot { "Of " (n) " forecasts at 85 %, " (sum.held[2]) " came true." } }
            }
            p.small.muted { (what) }
        }
    }
}

fn reliability_figure(record: &TrackRecord) -> Markup {
    let all = record.issued.forecasts + record.backtested.forecasts;
    let ours = record.levels.iter().map(|level| (level.percent as f64, share(level.held, level.forecasts))).collect();
    let plain = record
        .levels
        .iter()
        .map(|level| (level.percent as f64, share(level.plain_held, level.plain_forecasts)))
        .collect();
    let worst = record.levels.iter().map(|level| (share(level.held, level.forecasts) - level.percent as f64).abs());
    let worst = worst.fold(0.0, f64::max);
    Figure {
        id: "reliability",
        title: "Stated, and come true",
        sample: &format!("{all} forecasts"),
        sentence: &format!("Between what was stated and what came true lie at most {worst:.0} points; on the dashed line there would be none."),
        definition: "For each probability, the share of forecasts in which what was stated with it came true, over all horizons, issued and along the past. The plain bootstrap draws days of the last half year, as most tools do. Forecasts of weeks that overlap share their luck, so a few hundred of them are worth fewer.",
        picture: reliability("Share that came true by stated probability", &[("Cairn", ours), ("plain bootstrap", plain)]),
        heads: &["Stated", "Forecasts", "Came true", "Plain bootstrap"],
        rows: record.levels.iter().map(level_row).collect(),
    }
    .show()
}

fn level_row(level: &Level) -> Vec<String> {
    vec![
        format!("{} %", level.percent),
        level.forecasts.to_string(),
        format!("{} %", percent(level.held, level.forecasts)),
        if level.plain_forecasts == 0 {
            "–".into()
        } else {
            format!("{} %", percent(level.plain_held, level.plain_forecasts))
        },
    ]
}

fn horizons(record: &TrackRecord) -> Markup {
    html! {
        section.card #horizons {
            header { h2 { "By days ahead" } span.right.small.muted { "In brackets the plain bootstrap" } }
            table.data.listed {
                caption.vh { "Coverage and scores by days ahead" }
                thead { tr { th scope="col" { "Days" } th.n scope="col" { "Forecasts" } @for stated in ["50 %", "70 %", "85 %", "95 %"] { th.n scope="col" { (stated) } } th.n scope="col" { "CRPS" } th.n scope="col" { "80 % width" } th.n scope="col" { "Brier" } } }
                tbody { @for one in record.horizons.iter().filter(|one| one.forecasts > 0) { (horizon_row(one)) } }
            }
            div.body { details.fold { summary { "What the scores mean" } div.body {
                p { "50 to 95 %: how often what was stated with it came true, in percent. CRPS is the mean distance between the whole forecast and what came, in items; lower is better. Width is that of the interval from 10 to 90 %, in items: of two forecasts that hold as often, the narrower one is better. Brier is the mean squared error of the statement with 85 %; lower is better, and 0.13 is what it has when it holds exactly as often as it says. Forecasts along the past are made with the capacity that was known on their day: who was on the team, and the leave that was entered by then." }
                @if let (n @ 1.., Some(score)) = (record.promises, record.promises_brier) { p { "The chances of commitments that were logged and are settled: " (n) ", with a Brier score of " (format!("{score:.2}")) "." } }
            } } }
        }
    }
}

fn horizon_row(one: &Horizon) -> Markup {
    let pair = |(ours, plain): (f64, f64)| format!("{ours:.1} ({plain:.1})");
    let [crps, width] = one.scores().map_or_else(Default::default, |scores| scores.map(pair));
    html! { tr {
        td { (one.days) }
        td.n data-label="Forecasts" { (one.forecasts) }
        @for (place, stated) in ["50 %", "70 %", "85 %", "95 %"].into_iter().enumerate() {
            td.n data-label=(stated) { (percent(one.held[place], one.forecasts)) " (" (percent(one.plain_held[place], one.compared)) ")" }
        }
        td.n data-label="CRPS" { (crps) }
        td.n data-label="80 % width" { (width) }
        td.n data-label="Brier" { @if let Some((ours, plain)) = one.brier() { (format!("{ours:.2} ({plain:.2})")) } }
    } }
}

/// Forecasts of sprints, which are another kind of statement than those of a number of days.
fn sprints(record: &SprintRecord) -> Markup {
    let told = |sum: &Horizon, what: &str, none: &str| match sum.forecasts {
        0 => none.to_owned(),
        1 => format!("Of 1 forecast of a sprint at 85 % {what}, {} came true.", sum.held[2]),
        n => format!("Of {n} forecasts of sprints at 85 % {what}, {} came true.", sum.held[2]),
    };
    let issued = told(&record.issued, "that were issued", "None that was issued has come to its end yet.");
    let backtested =
        told(&record.backtested, "along the past", "No closed sprint could be forecast along the past yet.");
    let shown = |level: &&Level| [50, 70, 85, 95].contains(&level.percent);
    html! {
        section.card #sprints {
            header { h2 { "Sprints" } span.right.small.muted { "How many of their issues are done by the last day" } }
            div.body.stack.tight {
                p { (issued) } p { (backtested) }
            }
            @if record.all.forecasts > 0 {
                table.data.listed {
                    caption.vh { "Forecasts of sprints by stated probability" }
                    thead { tr { th scope="col" { "Stated" } th.n scope="col" { "Forecasts" } th.n scope="col" { "Came true" } th.n scope="col" { "Plain bootstrap" } } }
                    tbody { @for level in record.levels.iter().filter(shown) { @let row = level_row(level); tr {
                        td { (row[0]) } td.n data-label="Forecasts" { (row[1]) } td.n data-label="Came true" { (row[2]) } td.n data-label="Plain bootstrap" { (row[3]) }
                    } } }
                }
            }
            @if let Some([crps, width]) = record.all.scores() { div.body {
                p { (format!("The mean distance from what came (CRPS) was {:.1} issues, of the plain bootstrap {:.1}; the interval from 10 to 90 % was {:.1} issues wide, of the plain bootstrap {:.1}.", crps.0, crps.1, width.0, width.1)) }
            } }
            div.body { details.fold { summary { "How they are scored" } div.body {
                p { "Each states how many of the issues that are open in a sprint are done by its last day. It is scored once, when the sprint is closed and that day is over, by those same issues: what is added later makes nothing true, and what is taken out and not done counts as not done. Cairn issues one when a sprint has begun, and each week while it runs. Along the past, each closed sprint is forecast as of the day on which it began: how much of its commitment would be done." }
            } } }
        }
    }
}

fn log(cx: &Cx, record: &TrackRecord) -> Markup {
    html! {
        section.card #log {
            header { h2 { "The log" } span.right.small.muted { "The newest first" } }
            @if record.logged.is_empty() { div.body { p.muted { "Nothing has been issued yet. Cairn issues forecasts of every team with a history each week, and you can issue your own from the page of a team." } } } @else {
                table.data.listed {
                    caption.vh { "Issued forecasts" }
                    thead { tr { th scope="col" { "Forecast" } th scope="col" { "From" } th scope="col" { "Stated with 85 %" } th scope="col" { "What came" } } }
                    tbody { @for one in &record.logged { (log_row(cx, one)) } }
                }
            }
            div.body { details.fold { summary { "What is kept" } div.body {
                p { "Each row is written once and never changed: the question, the day, the whole distribution, the seed, and a digest (SHA-256) of the history and the capacity that it was made from. What came is added once, when it is known." }
            } } }
        }
    }
}

fn log_row(cx: &Cx, one: &LoggedForecast) -> Markup {
    html! { tr id={ "forecast-" (one.id) } {
        td {
            (one.team_name) ": " (asked(one))
            p.small.muted title={ "Seed " (one.seed) ", digest " (one.digest) } { @match &one.issued_by { Some(name) => { "Issued by " (name) ", " } None => "Issued by Cairn, " } (ui::ago(one.issued_at, cx.now(), &cx.viewer.zone)) }
        }
        td data-label="From" { (date_long(one.as_of)) }
        td data-label="Stated with 85 %" { (stated(one)) }
        td data-label="What came" { (came(one)) }
    } }
}

fn asked(one: &LoggedForecast) -> Markup {
    html! { @match one.question {
        Question::Count => { "how many in " (one.days) " days" }
        Question::Date => { "when " (one.kind.count(one.items.unwrap_or(0).unsigned_abs())) " are done" }
        Question::Sprint => {
            "how many of the " (crate::course::open(one.items.unwrap_or(0).unsigned_abs())) " of "
            @match (&one.sprint_id, &one.sprint_name) { (Some(id), Some(name)) => a.link href={ "/sprints/" (id) } { (name) }, _ => "a sprint" }
            " are done by its end"
        }
        Question::Promise => { "whether " a.link href={ "/commitments/" (one.commitment_id.as_deref().unwrap_or_default()) } { "a commitment" } " is kept" }
    } }
}

fn stated(one: &LoggedForecast) -> String {
    let levels: Vec<u64> = serde_json::from_str(&one.levels).unwrap_or_default();
    match (one.question, one.chance, levels.get(16)) {
        (Question::Promise, Some(chance), _) => format!("a chance of {} %", crate::answer::percent(chance)),
        (Question::Count | Question::Sprint, _, Some(count)) => format!("at least {}", one.kind.count(*count)),
        (Question::Date, _, Some(days)) => {
            format!(
                "by {}",
                date_long(crate::capacity::day(one.as_of, usize::try_from(*days).unwrap_or(1).saturating_sub(1)))
            )
        }
        _ => String::new(),
    }
}

fn came(one: &LoggedForecast) -> Markup {
    let Some(held) = one.held else { return html! { span.muted { "Not known yet" } } };
    let good = if one.question == Question::Promise { held == 1 } else { holds(held, 85) };
    let words = match (one.question, one.outcome) {
        (Question::Promise, _) if good => "Kept".to_owned(),
        (Question::Promise, _) => "Missed".to_owned(),
        (Question::Count | Question::Sprint, Some(count)) => one.kind.count(count.unsigned_abs()),
        (Question::Date, Some(days)) => format!("after {days} days"),
        (_, None) => "not by then".to_owned(),
    };
    html! { (chip(if good { "good" } else { "bad" }, &words)) }
}

fn percent(part: i64, of: i64) -> i64 {
    share(part, of).round() as i64
}

fn share(part: i64, of: i64) -> f64 {
    100.0 * part as f64 / of.max(1) as f64
}
