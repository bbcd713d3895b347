//! The page of a sprint: how far it is, what moved since it was planned, and what it rests on.
use super::{Capacity, Entry, Held, Kind, Report, ShowSprint, Sprint, SprintView, Stage, Tally, list::spread};
use crate::{
    estimate::Sum,
    issue::Issue,
    round::{self, Round},
};
use jiff::{ToSpan, civil::Date};
use ui::{Answer, Cx, Form, Head, Markup, Submitted, chart, chip, day_and_time, empty, html, icon, prose};

/// `GET /sprints/{sprint}`
pub async fn show(cx: Cx) -> Answer {
    let view = cx.read_here::<ShowSprint>().await?;
    let body = whole(&cx, &view, &Form::default()).await?;
    let (id, topic) = (view.sprint.id.to_string(), crate::issue::topic(view.sprint.team_id));
    Ok(cx.live_page(&view.sprint.name, &[&id, &topic], body))
}

/// The page again, with what is wrong about one of its forms.
pub(super) async fn again(form: &Submitted, refused: &Form) -> Answer {
    let view = form.cx.read_here::<ShowSprint>().await?;
    let body = whole(&form.cx, &view, refused).await?;
    Ok(form.again(&view.sprint.name, body))
}

async fn whole(cx: &Cx, view: &SprintView, form: &Form) -> kernel::Result<Markup> {
    let sprint = &view.sprint;
    let (home, all) = (format!("/teams/{}", sprint.team_id), format!("/teams/{}/sprints", sprint.team_id));
    let page = sprint.href();
    let crumbs = vec![(home.as_str(), sprint.team_name.as_str()), (&all, "Sprints"), (&page, &sprint.name)];
    let title = if sprint.goal.is_empty() { &sprint.name } else { &sprint.goal };
    let lead = format!("{}. {}", sprint.name, bounds(sprint, cx.today()));
    let conversation = cx.conversation("sprint", sprint.id).await?;
    let head = Head { crumbs, title, lead: &lead, actions: Some(actions(cx, view)), ..Head::default() };
    Ok(html! {
        (head.show())
        (form.summary())
        div.cols {
            div.stack {
                @match &view.report {
                    Some(report) => { (burn_up(view, report)) (issues_card(view, report)) (burn_down(view, report)) },
                    None => (planned_card(view)),
                }
                (ui::asides(&view.asides)) (plan_card(view)) (conversation)
            }
            div.stack {
                (rounds_card(cx, "Review", "review", &view.reviews))
                (rounds_card(cx, "Planning", "planning", &view.plannings))
                @if let Some(report) = &view.report { (moved_card(cx, view, report)) }
                (past_card(view)) (carried_card(view)) (away_card(cx, view)) (time_card(view))
            }
        }
    })
}

fn actions(cx: &Cx, view: &SprintView) -> Markup {
    let page = view.sprint.href();
    let new = format!("/issues/new?team={}&sprint={}", view.sprint.team_id, view.sprint.id);
    html! {
        @match view.sprint.stage {
            Stage::Planned if view.may_change => {
                @if view.plannings.iter().all(|round| round.ended_at.is_some()) { a.button href={ (page) "/plannings/new" } { "Plan in writing" } }
                a.button href={ (page) "/plan" } data-key="e" data-key-label="Edit the plan" { "Edit the plan" kbd { "E" } }
                form method="post" action={ (page) "/start" } { (ui::token(cx)) button.button.primary data-key="s" data-key-label="Start the sprint" { "Start" kbd { "S" } } }
                details.menu name="menu" {
                    summary.button.quiet.icon-only aria-label={ "More for " (view.sprint.name) } { (icon("more-horizontal")) }
                    div.panel { form method="post" action={ (page) "/deletion" } data-confirm={ "Drop " (view.sprint.name) "? Its issues go back to the backlog." } data-confirm-button="Drop" {
                        (ui::token(cx)) button.danger { (icon("trash")) "Drop the sprint" }
                    } }
                }
            },
            Stage::Running => {
                @if view.may_change { a.button href={ (page) "/close" } data-key="x" data-key-label="Close the sprint" { "Close" kbd { "X" } } }
                a.button.primary href=(new) data-key="c" data-key-label="New issue" { "New issue" kbd { "C" } }
            },
            Stage::Closed if view.may_change && may_be_reviewed(view) => {
                a.button href={ (page) "/reviews/new" } { "Review in writing" }
            },
            _ => {},
        }
    }
}

/// Something was finished, and nobody looks at it now.
fn may_be_reviewed(view: &SprintView) -> bool {
    let finished = view.report.as_ref().is_some_and(|report| report.done.issues > 0);
    finished && view.reviews.iter().all(|round| round.ended_at.is_some())
}

/// `2 to 13 March, Europe/Lisbon`
pub(super) fn bounds(sprint: &Sprint, today: Date) -> String {
    format!("{}, {}", ui::date_range(sprint.first_on, sprint.last_on, today), sprint.zone)
}

/// `1 issue`, `3 issues`
pub(crate) fn issues(count: i64) -> String {
    if count == 1 { "1 issue".to_owned() } else { format!("{count} issues") }
}

fn amount(view: &SprintView, in_issues: bool, tally: Tally) -> String {
    if in_issues { issues(tally.issues) } else { view.sprint.measure.total(tally.estimate) }
}

/// For a chart, in points, hours or issues.
fn height(in_issues: bool, tally: Tally) -> f64 {
    if in_issues { tally.issues as f64 } else { tally.estimate.0 as f64 / 100.0 }
}

/// The places of a chart: the start, then each day on which somebody works, and the day on which it was last looked at.
struct Places {
    names: Vec<String>,
    scope: Vec<Tally>,
    done: Vec<Tally>,
    /// How many of the days have begun.
    begun: usize,
}

fn places(view: &SprintView, report: &Report) -> Places {
    let first = report.days.first().map_or(view.sprint.first_on, |day| day.on);
    let latest = report.days.last().map_or(first, |day| day.on);
    let last = if view.sprint.closed_at.is_some() { latest } else { latest.max(view.sprint.last_on) };
    let planned = view.sprint.first_on..=view.sprint.last_on;
    let works = |day: &Date| match planned.contains(day) {
        true => report.capacity.working_days.contains(day),
        false => day.weekday().to_monday_one_offset() <= 5,
    };
    let days = first.series(1.day()).take_while(|day| *day <= last).filter(|day| works(day) || *day == latest);
    let days: Vec<Date> = days.collect();
    let found = |on: &Date| report.days.iter().find(|day| day.on == *on);
    let known: Vec<_> = days.iter().filter_map(found).collect();
    Places {
        names: ["Start".to_owned()]
            .into_iter()
            .chain(days.iter().map(|day| day.strftime("%-d %b").to_string()))
            .collect(),
        scope: [report.committed].into_iter().chain(known.iter().map(|day| day.scope)).collect(),
        done: [Tally::default()].into_iter().chain(known.iter().map(|day| day.done)).collect(),
        begun: known.len(),
    }
}

fn burn_up(view: &SprintView, report: &Report) -> Markup {
    let (places, in_issues) = (places(view, report), report.counts_issues());
    let scope: Vec<f64> = places.scope.iter().map(|tally| height(in_issues, *tally)).collect();
    let done: Vec<f64> = places.done.iter().map(|tally| height(in_issues, *tally)).collect();
    let most = scope.iter().chain(&done).copied().fold(1.0, f64::max);
    let sentence = format!(
        "{} of {} done. The commitment was {}.",
        amount(view, in_issues, report.done),
        amount(view, in_issues, report.scope),
        amount(view, in_issues, report.committed)
    );
    let title = match view.sprint.stage {
        Stage::Closed => "How it went".to_owned(),
        _ if report.days.last().is_some_and(|day| day.on > view.sprint.last_on) => {
            format!("Its last day was {}", view.sprint.last_on.strftime("%-d %B"))
        }
        _ => format!("Day {} of {}", places.begun, places.names.len() - 1),
    };
    chart::Figure {
        id: "burn-up",
        title: &title,
        sample: &format!("{}, {} in the ledger", issues(report.scope.issues), changes(report.changes.len())),
        sentence: &sentence,
        definition: "The upper line is what the sprint holds at the end of each day: the commitment of the start, and \
            everything that the ledger has added, taken out and estimated anew since. The lower line is what of it was in a \
            state that means done, by the estimates of that day.",
        picture: chart::Lines { label: &sentence, names: &places.names, series: &[("done", done), ("scope", scope)], most }.show(),
        heads: &["Day", "Scope", "Done", "Issues", "Issues done"],
        rows: rows(&places),
    }
    .show()
}

fn rows(places: &Places) -> Vec<Vec<String>> {
    let values = places.scope.iter().zip(&places.done);
    let row = |(name, (scope, done)): (&String, (&Tally, &Tally))| {
        let numbers =
            [scope.estimate.to_string(), done.estimate.to_string(), scope.issues.to_string(), done.issues.to_string()];
        [name.clone()].into_iter().chain(numbers).collect()
    };
    places.names.iter().zip(values).map(row).collect()
}

fn burn_down(view: &SprintView, report: &Report) -> Markup {
    let (places, in_issues) = (places(view, report), report.counts_issues());
    let values = places.scope.iter().zip(&places.done);
    let left: Vec<f64> = values.map(|(scope, done)| height(in_issues, *scope) - height(in_issues, *done)).collect();
    let steps = (places.names.len() - 1).max(1) as f64;
    let start = left.first().copied().unwrap_or(0.0);
    let even: Vec<f64> = (0..places.names.len()).map(|place| start * (1.0 - place as f64 / steps)).collect();
    let most = left.iter().copied().fold(1.0, f64::max);
    let now = report.scope.less(report.done);
    let sentence =
        format!("{} left of {} at the start.", amount(view, in_issues, now), amount(view, in_issues, report.committed));
    let named = places.names.iter().zip(&left).zip(&even);
    let rows = named.map(|((name, left), even)| vec![name.clone(), left.to_string(), format!("{even:.1}")]);
    chart::Figure {
        id: "burn-down",
        title: "What is left",
        sample: &issues(report.scope.issues),
        sentence: &sentence,
        definition: "The scope of each day less what was done of it. The straight line is the commitment at an even pace \
            over the working days; it is no forecast.",
        picture: chart::Lines { label: &sentence, names: &places.names, series: &[("left", left.clone()), ("even pace", even.clone())], most }.show(),
        heads: &["Day", "Left", "Even pace"],
        rows: rows.collect(),
    }
    .show()
}

fn changes(count: usize) -> String {
    if count == 1 { "1 change".to_owned() } else { format!("{count} changes") }
}

fn moved_card(cx: &Cx, view: &SprintView, report: &Report) -> Markup {
    let in_issues = report.counts_issues();
    let line = |mark: &str, words: String| html! { li { div.what { p { (words) } } (chip("warn", mark)) } };
    html! {
        section.card #moved {
            header { h2 { "What moved since planning" } span.right.small.muted { (changes(report.changes.len())) } }
            @if let Some(growth) = &view.growth { div.body { p { "The scope grew by " (growth.percent) " %. " (growth.basis()) "." } } }
            @if report.changes.is_empty() { div.body { p.muted { "Nothing. It holds what was committed to." } } }
            @else {
                ul.list.plain {
                    @if report.added.issues > 0 { (line(&format!("+{}", report.added.issues), format!("{} came in, {}", issues(report.added.issues), amount(view, in_issues, report.added)))) }
                    @if report.removed.issues < 0 { (line(&format!("−{}", -report.removed.issues), format!("{} went out", issues(-report.removed.issues)))) }
                    @if report.estimated != Sum(0) { (line(&signed(report.estimated), "Estimates that changed".to_owned())) }
                }
                div.body { h3 { "The ledger" } }
                ul.list.plain { @for entry in report.changes.iter().rev() { (entry_line(cx, view, entry)) } }
            }
        }
    }
}

fn signed(sum: Sum) -> String {
    if sum.0 < 0 { format!("−{}", Sum(-sum.0)) } else { format!("+{sum}") }
}

fn entry_line(cx: &Cx, view: &SprintView, entry: &Entry) -> Markup {
    let size =
        |one: Option<crate::estimate::Estimate>| one.map_or("none".to_owned(), |one| view.sprint.measure.says(one));
    let who = entry.by_name.as_deref().unwrap_or("Cairn");
    html! {
        li id={ "change-" (entry.id) } {
            div.what {
                p { a href={ "/issues/" (entry.issue_id) } { span.muted { (entry.key) } " " (entry.title) } }
                p.small { (sentence_case(entry.kind.says()))
                    @if entry.issues_more == 0 && entry.kind != Kind::RolledOver { ", from " (size(entry.before)) " to " (size(entry.after)) } "." }
                p.small.muted { (who) ", " (day_and_time(entry.at, &cx.viewer.zone)) }
                @if !entry.reason.is_empty() { p.small { "“" (entry.reason) "”" } }
                @else if view.sprint.stage == Stage::Running && (view.may_change || entry.by_id == Some(cx.actor().person)) { (why_form(cx, entry)) }
                @else { p.small.muted { "No reason was given." } }
            }
            @if entry.estimate_more != Sum(0) { span.num.small { (signed(entry.estimate_more)) } }
        }
    }
}

fn sentence_case(words: &str) -> String {
    let mut letters = words.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

fn why_form(cx: &Cx, entry: &Entry) -> Markup {
    let field = format!("why-{}", entry.id);
    html! {
        details { summary.small { "Say why" }
            form.row method="post" action={ "/sprint-changes/" (entry.id) "/reason" } {
                (ui::token(cx))
                label.vh for=(field) { "Why " (entry.key) " was " (entry.kind.says()) }
                input id=(field) name="reason" required maxlength="300";
                button.button.small { "Save" }
            }
        }
    }
}

fn issues_card(view: &SprintView, report: &Report) -> Markup {
    let done: Vec<&Held> = report.issues.iter().filter(|issue| issue.done).collect();
    let open: Vec<&Held> = report.issues.iter().filter(|issue| !issue.done).collect();
    let closed = view.sprint.stage == Stage::Closed;
    let words = if closed { "Not finished" } else { "Open" };
    html! {
        @for (title, all, id) in [(words, open, "open"), ("Done", done, "done")] { @if !all.is_empty() {
            section.card id=(id) { header { h2 { (title) }
                    @if let Some(review) = view.reviews.first().filter(|_| id == "done") { a.link.small href=(review.href()) { "What the review says" } }
                    span.right.small.muted { (issues(all.len() as i64)) } }
                ul.list.plain { @for one in all { (held_line(view, report, one)) } }
            }
        } }
    }
}

fn held_line(view: &SprintView, report: &Report, one: &Held) -> Markup {
    let carried = report.changes.iter().find(|entry| entry.kind == Kind::RolledOver && entry.issue_id == one.id);
    html! {
        li id={ "held-" (one.id) } {
            div.what {
                p { a href={ "/issues/" (one.id) } { span.muted { (one.key) } " " (one.title) } }
                @if let Some(entry) = carried { p.small.muted { "Carried over: " (entry.reason) } }
            }
            span.row.wrap {
                @if !one.committed { (chip("warn", "Added later")) }
                @if one.carried > 0 { (chip("line", &format!("Carried over {}", times(one.carried)))) }
                (chip(one.category.look(), &one.state_name))
                @if let Some(estimate) = one.estimate { span.num { (view.sprint.measure.says(estimate)) } }
            }
        }
    }
}

fn times(count: i64) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}

fn planned_card(view: &SprintView) -> Markup {
    let sum: Sum = view.issues.iter().filter_map(|issue| issue.estimate).map(|one| Sum(one.0)).sum();
    let list = format!("/teams/{}/issues?q=is:open", view.sprint.team_id);
    html! {
        section.card #planned {
            header { h2 { "What it is to hold" } span.right.small.muted { (issues(view.issues.len() as i64)) ", " (view.sprint.measure.total(sum)) } }
            @if view.issues.is_empty() { div.body { (empty("Nothing is in it yet.", Some((list.as_str(), "Choose from the issues of the team")))) } }
            @else { ul.list.plain { @for issue in &view.issues { (issue_line(issue)) } } }
        }
    }
}

fn issue_line(issue: &Issue) -> Markup {
    html! {
        li id={ "held-" (issue.id) } {
            div.what { p { a href=(issue.href()) { span.muted { (issue.key) } " " (issue.title) } }
                @if let Some(name) = &issue.assignee_name { p.small.muted { (name) } } }
            span.row { (chip(issue.category.look(), &issue.state_name)) @if let Some(size) = issue.size() { span.num { (size) } } }
        }
    }
}

/// How it was planned in writing, or reviewed.
fn rounds_card<R: Round>(cx: &Cx, title: &str, id: &str, rounds: &[R]) -> Markup {
    html! { @if !rounds.is_empty() {
        section.card id=(id) { header { h2 { (title) } }
            ul.list.plain { @for round in rounds { (round::line(cx, round)) } }
        }
    } }
}

fn plan_card(view: &SprintView) -> Markup {
    let plan = &view.plan;
    let parts = [
        ("What we commit to", &plan.commitment),
        ("Risks", &plan.risks),
        ("Who is away", &plan.away),
        ("What we leave out", &plan.left_out),
    ];
    let written: Vec<_> = parts.iter().filter(|(_, text)| !text.trim().is_empty()).collect();
    html! {
        section.card #plan {
            header { h2 { "The plan, as written" } }
            @if written.is_empty() { div.body { p.muted { "No plan was written." } } }
            @else { div.body.stack { @for (title, text) in written { div { h3 { (title) } div.prose.compact { (prose(text)) } } } } }
        }
    }
}

fn past_card(view: &SprintView) -> Markup {
    let in_issues = view.before.iter().all(|one| one.done == Sum(0) && one.committed == Sum(0));
    let done: Vec<i64> = view.before.iter().map(|one| one.done(in_issues)).collect();
    let sum = |of: fn(&super::Velocity) -> i64| view.before.iter().map(of).sum::<i64>();
    let (kept, committed) = match in_issues {
        true => (sum(|one| one.kept_issues), sum(|one| one.committed_issues)),
        false => (sum(|one| one.kept.0), sum(|one| one.committed.0)),
    };
    let says = |value: i64| if in_issues { issues(value / 100) } else { view.sprint.measure.total(Sum(value)) };
    html! {
        section.card #predictability {
            header { h2 { "Predictability" } span.right.small.muted { (done.len()) " sprints before" } }
            div.body.stack.tight {
                @if let Some(report) = view.report.as_ref().filter(|_| view.sprint.stage == Stage::Closed) {
                    @let (kept, committed) = (height(report.counts_issues(), report.kept), height(report.counts_issues(), report.committed));
                    p { strong { (percent(kept, committed)) } " of the commitment was done." }
                }
                @if committed > 0 { p { "Before: " (percent(kept as f64, committed as f64)) " of what was committed to was done." } }
                @match spread(&done) {
                    Some((least, middle, most)) => p { "Velocity: " (says(least)) " to " (says(most)) ", " (says(middle)) " in the middle." },
                    None => p.muted { "Velocity is told from three closed sprints on." },
                }
                a.link.small href={ "/teams/" (view.sprint.team_id) "/sprints" } { "All sprints" }
            }
        }
    }
}

fn percent(part: f64, whole: f64) -> String {
    if whole > 0.0 { format!("{:.0} %", 100.0 * part / whole) } else { "Nothing".to_owned() }
}

fn carried_card(view: &SprintView) -> Markup {
    html! { @if !view.carried.is_empty() {
        section.card #carried { header { h2 { "Carried over into it" } }
            ul.list.plain { @for one in &view.carried { li { div.what {
                p { a href={ "/issues/" (one.issue_id) } { span.muted { (one.key) } " " (one.title) } }
                p.small.muted { "From " (one.sprint_name) @if !one.reason.is_empty() { ": " (one.reason) } }
            } } } }
        }
    } }
}

pub(super) fn away_card(cx: &Cx, view: &SprintView) -> Markup {
    html! {
        section.card #away { header { h2 { "Who is away" } }
            @if view.capacity.away.is_empty() { div.body { p.muted { "Nobody, as far as is entered." } } }
            @else { ul.list.plain { @for one in &view.capacity.away { li {
                div.what { p { @match one.person_id { Some(id) => { a href={ "/people/" (id) } { (one.name) } } None => { (one.name) } } } p.small.muted { (ui::date_range(one.first_on, one.last_on, cx.today())) } }
            } } } }
        }
    }
}

/// Hours of the team and of each in it: what there is, not what anybody did.
pub(super) fn time_card(view: &SprintView) -> Markup {
    let capacity: &Capacity = &view.capacity;
    html! {
        section.card #capacity { header { h2 { "Time for it" } span.right.small.muted { (hours(capacity.minutes())) " of " (hours(capacity.usual_minutes())) } }
            @if capacity.people.is_empty() { div.body { p.muted { "Nobody is on this team in these days." } } }
            @else { table.data.listed {
                caption.vh { "Working hours in the sprint" }
                thead { tr { th.w-full scope="col" { "Person" } th.n scope="col" { "Hours" } th.n scope="col" { "Without leave" } } }
                tbody { @for one in &capacity.people { tr {
                    td { (one.name) @if one.on_call_minutes > 0 { p.small.muted { (hours(one.on_call_minutes)) " on call" } } }
                    td.n data-label="Hours" { (hours(one.minutes)) } td.n data-label="Without leave" { (hours(one.usual_minutes)) }
                } } }
            } }
            footer.small.muted { "Working hours of these days from everyone’s calendar, without holidays and leave; time on call counts half." }
        }
    }
}

fn hours(minutes: i64) -> String {
    format!("{} h", (minutes + 30) / 60)
}
