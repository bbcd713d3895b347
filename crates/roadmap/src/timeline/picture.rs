//! The picture of the timeline: quarters across, a line for each project, a mark for each milestone.
use super::{Planned, Roadmap};
use crate::{
    period::Period,
    project::{Project, State},
};
use jiff::{ToSpan, civil::Date};
use ui::{Markup, html};

const NAMES: f64 = 250.0;
const WIDTH: f64 = 1080.0;
const HEAD: f64 = 30.0;
const ROW: f64 = 46.0;
/// So many quarters are shown at least, at most, and of those that lie behind.
const FEWEST: i32 = 4;
const MOST: i32 = 8;
const BEHIND: i32 = 2;
/// Letters of a name that fit beside the bars.
const LETTERS: usize = 34;

/// The days of the picture, the last one included.
pub struct Scale {
    pub first: Date,
    pub last: Date,
}

impl Scale {
    /// Whole quarters with today and as much of these projects as fits.
    pub fn of(today: Date, projects: &[Planned]) -> Scale {
        let now = Period::quarter_of(today).first();
        let starts = projects.iter().filter_map(|one| one.listed.project.start.map(Period::first));
        let ends = projects.iter().flat_map(Planned::ends_of_all);
        let earliest = starts.chain(ends.clone()).min().unwrap_or(now).max(quarters(now, -BEHIND)).min(now);
        let first = Period::quarter_of(earliest).first();
        let latest = ends.max().unwrap_or(now).max(now);
        let end = quarters(Period::quarter_of(latest).first(), 1);
        let end = end.clamp(quarters(first, FEWEST), quarters(first, MOST));
        Scale { first, last: end.saturating_sub(1.day()) }
    }

    fn quarters(&self) -> Vec<Period> {
        let first = self.first;
        let each = (0..MOST).map(|ahead| quarters(first, ahead));
        each.take_while(|day| *day <= self.last).map(Period::quarter_of).collect()
    }

    /// Where a day begins, within the picture.
    fn x(&self, day: Date) -> f64 {
        let all = f64::from((self.last - self.first).get_days() + 1);
        let from = f64::from((day - self.first).get_days()).clamp(0.0, all);
        NAMES + (WIDTH - NAMES) * from / all
    }

    fn holds(&self, day: Date) -> bool {
        (self.first..=self.last).contains(&day)
    }
}

fn quarters(day: Date, count: i32) -> Date {
    day.saturating_add((3 * count).months())
}

impl Planned {
    /// The last days of the project and its milestones.
    fn ends_of_all(&self) -> impl Iterator<Item = Date> + Clone {
        let own = self.listed.project.target;
        own.into_iter().chain(self.milestones.iter().filter_map(|one| one.target)).map(Period::last)
    }

    /// The first and the last day of its bar. Without a start it begins with its target's own period.
    pub(super) fn span(&self) -> Option<(Date, Date)> {
        let project = &self.listed.project;
        let end = project.target.map(Period::last).or_else(|| self.ends_of_all().max());
        let start = project.start.or(project.target).map(Period::first).or(end);
        let (start, end) = (start?, end.or(start)?);
        Some((start.min(end), end))
    }
}

pub fn show(roadmap: &Roadmap) -> Markup {
    let scale = Scale::of(roadmap.today, &roadmap.projects);
    let dated: Vec<&Planned> = roadmap.projects.iter().filter(|one| one.span().is_some()).collect();
    let height = HEAD + ROW * dated.len() as f64 + 6.0;
    let label = format!(
        "{} projects from {} to {}",
        dated.len(),
        scale.quarters().first().map(|one| one.in_words()).unwrap_or_default(),
        scale.quarters().last().map(|one| one.in_words()).unwrap_or_default()
    );
    html! {
        svg.chart.roadmap viewBox={ "0 0 " (WIDTH) " " (height) } role="group" aria-label=(label) {
            (grid(&scale, height))
            @for (place, one) in dated.iter().enumerate() { (line(&scale, one, HEAD + ROW * place as f64)) }
            (edges(roadmap, &scale, &dated))
            @if scale.holds(roadmap.today) {
                line.now x1=(scale.x(roadmap.today)) x2=(scale.x(roadmap.today)) y1=(HEAD - 6.0) y2=(height) {}
            }
        }
    }
}

fn grid(scale: &Scale, height: f64) -> Markup {
    html! { @for quarter in scale.quarters() {
        line.axis x1=(scale.x(quarter.first())) x2=(scale.x(quarter.first())) y1="4" y2=(height) {}
        text x=(scale.x(quarter.first()) + 6.0) y="16" { (quarter.in_words()) }
    } }
}

fn line(scale: &Scale, one: &Planned, top: f64) -> Markup {
    let project = &one.listed.project;
    let Some((first, last)) = one.span() else { return html! {} };
    let (from, to) = (scale.x(first), scale.x(last.tomorrow().unwrap_or(last)));
    let width = (to - from).max(3.0);
    let progress = one.listed.progress;
    let done = if progress.all == 0 { 0.0 } else { width * progress.done as f64 / progress.all as f64 };
    let look = match project.state {
        State::Paused => "paused",
        State::Planned => "planned",
        _ => "started",
    };
    let words = format!("{}, {}, {}", project.name, project.state.title().to_lowercase(), progress.in_words());
    html! {
        a href=(project.href()) {
            title { (words) }
            rect.hit x="0" y=(top) width=(WIDTH) height=(ROW) {}
            // A picture within the picture cuts off what is wider than its column, whatever the letters.
            svg x="0" y=(top) width=(NAMES - 8.0) height=(ROW) {
                text.label x="0" y="20" { (cut(&project.name)) }
                @if let Some(owner) = &project.owner_name { text x="0" y="36" { (cut(owner)) } }
            }
            rect class={ "bar " (look) } x=(from) y=(top + 12.0) width=(width) height="18" rx="4" {}
            @if done > 0.0 { rect.done x=(from) y=(top + 12.0) width=(done) height="18" rx="4" {} }
        }
        @for milestone in &one.milestones { @if let Some(target) = milestone.target.filter(|target| scale.holds(target.last())) {
            @let x = scale.x(target.last());
            @let words = format!("{}, {}", milestone.name, target.in_words());
            a href=(milestone.href()) aria-label=(words) {
                title { (words) }
                path.mark d={ "M " (x) " " (top + 10.0) " l 11 11 l -11 11 l -11 -11 z" } {}
            }
        } }
    }
}

/// From the end of what has to be done before to where it is needed.
fn edges(roadmap: &Roadmap, scale: &Scale, dated: &[&Planned]) -> Markup {
    let row = |id| dated.iter().position(|one| Some(one.listed.project.id) == id);
    let middle = |place: usize| HEAD + ROW * place as f64 + 21.0;
    html! { @for one in &roadmap.dependencies {
        @if let (Some(from), Some(to), Some(ends), Some(needed)) = (row(one.first.project_id()), row(Some(one.waits.project_id)), one.ends_on, one.needed_on) {
            @let (x, y, u, v) = (scale.x(ends), middle(from), scale.x(needed), middle(to));
            @let bend = if v > y { 14.0 } else { -14.0 };
            @let (tip, neck) = (v - bend, v - bend * 1.5);
            @let broken = one.slack.is_some_and(|slack| slack < 0);
            path.edge.broken[broken] aria-hidden="true" d={
                "M " (x) " " (y + bend) " C " (x) " " (y + 2.5 * bend) " " (u) " " (v - 3.0 * bend) " " (u) " " (neck)
            } {}
            path.arrow.broken[broken] aria-hidden="true" d={ "M " (u) " " (tip) " L " (u - 4.0) " " (neck) " L " (u + 4.0) " " (neck) " z" } {}
        }
    } }
}

fn cut(name: &str) -> String {
    match name.chars().count() > LETTERS {
        true => name.chars().take(LETTERS - 1).chain(['…']).collect(),
        false => name.to_owned(),
    }
}

/// `August 2026 to Q3 2026`, as exactly as it was said; nothing where neither was.
pub fn dates(project: &Project) -> Option<String> {
    match (project.start, project.target) {
        (None, None) => None,
        (Some(start), None) => Some(format!("From {}", start.in_words())),
        (None, Some(target)) => Some(format!("Until {}", target.in_words())),
        (Some(start), Some(target)) if start == target => Some(start.in_words()),
        (Some(start), Some(target)) => Some(format!("{} to {}", start.in_words(), target.in_words())),
    }
}
