//! Charts as SVG made on the server: they print, mail and need no script. A [`Figure`] says what a chart shows in a
//! sentence, how it is defined, and all of its numbers in a table.
mod ageing;
mod lines;
mod marks;

pub use ageing::{Aged, Ageing};
pub use lines::{Fan, Lines, reliability};
pub use marks::{Mark, annotated};

use crate::{Markup, html};

/// A chart within a card.
pub struct Figure<'a> {
    /// Unique within the page.
    pub id: &'a str,
    pub title: &'a str,
    /// On what the numbers rest: `214 pull requests`.
    pub sample: &'a str,
    /// What a reader should see in it.
    pub sentence: &'a str,
    pub definition: &'a str,
    pub picture: Markup,
    pub heads: &'a [&'a str],
    /// The rows of the table; the first cell of each is its name.
    pub rows: Vec<Vec<String>>,
}

impl Figure<'_> {
    pub fn show(&self) -> Markup {
        html! {
            section.card id=(self.id) {
                header { h2 { (self.title) } span.right.small.muted { (self.sample) } }
                div.body {
                    p { (self.sentence) }
                    (self.picture)
                    details.fold { summary { "The numbers" } div.body { (self.table()) } }
                    details.fold { summary { "How this is made" } div.body { p { (self.definition) } } }
                }
            }
        }
    }

    fn table(&self) -> Markup {
        html! {
            table.data.listed {
                caption.vh { (self.title) }
                thead { tr { @for (place, head) in self.heads.iter().enumerate() { th.n[place > 0] scope="col" { (head) } } } }
                tbody { @for row in &self.rows { tr {
                    @for (place, cell) in row.iter().enumerate() {
                        td.n[place > 0] data-label=[(place > 0).then(|| self.heads.get(place).copied()).flatten()] { (cell) }
                    }
                } } }
            }
        }
    }
}

const WIDTH: f64 = 640.0;
const LEFT: f64 = 40.0;
const TOP: f64 = 10.0;

/// Stacked columns, one for each name; `series` are the colours from below, each with its word.
pub fn columns(label: &str, names: &[String], series: &[(&str, Vec<f64>)]) -> Markup {
    html! { (columns_alone(label, names, series)) (legend(series)) }
}

/// The same without the words of the colours.
pub fn columns_alone(label: &str, names: &[String], series: &[(&str, Vec<f64>)]) -> Markup {
    drawn(label, names, series, &[])
}

/// Height of a picture of columns.
const HEIGHT: f64 = 200.0;

fn drawn(label: &str, names: &[String], series: &[(&str, Vec<f64>)], marks: &[Mark]) -> Markup {
    let total = |at: usize| series.iter().map(|(_, values)| values.get(at).copied().unwrap_or(0.0)).sum::<f64>();
    let scale = Scale::to((0..names.len()).map(total).fold(0.0, f64::max), HEIGHT - TOP - 24.0);
    let step = (WIDTH - LEFT) / names.len().max(1) as f64;
    let every = names.len().div_ceil(8).max(1);
    html! {
        svg.chart viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label=(label) {
            (scale.lines(WIDTH))
            @for (at, name) in names.iter().enumerate() {
                @let x = LEFT + step * at as f64;
                @for (number, word, from, value) in stack(series, at) {
                    rect class={ "s" (number) } x=(round(x + step * 0.12)) width=(round(step * 0.76))
                        y=(round(scale.y(from + value))) height=(round(scale.length(value))) {
                        title { (name) ": " (amount(value)) " " (word) }
                    }
                }
                @if at % every == 0 { text x=(round(x + step / 2.0)) y=(HEIGHT - 8.0) text-anchor="middle" { (name) } }
                (marks::above(marks, at, x + step / 2.0))
            }
        }
    }
}

/// For one column: the colour, the word, where it begins and how long it is.
fn stack<'s>(series: &'s [(&str, Vec<f64>)], at: usize) -> Vec<(usize, &'s str, f64, f64)> {
    let mut from = 0.0;
    let mut pieces = Vec::new();
    for (place, (word, values)) in series.iter().enumerate() {
        let value = values.get(at).copied().unwrap_or(0.0);
        if value > 0.0 {
            pieces.push((place + 1, *word, from, value));
        }
        from += value;
    }
    pieces
}

fn legend(series: &[(&str, Vec<f64>)]) -> Markup {
    html! {
        @if series.len() > 1 {
            p.legend { @for (place, (word, _)) in series.iter().enumerate() { span { i class={ "s" (place + 1) } {} (word) } } }
        }
    }
}

/// A table of colours, darker for more; each row has as many cells as there are heads.
pub fn heat(label: &str, heads: &[String], rows: &[(&str, Vec<u64>)]) -> Markup {
    const CELL: f64 = 22.0;
    let most = rows.iter().flat_map(|(_, cells)| cells).copied().max().unwrap_or(0).max(1);
    let step = (WIDTH - LEFT) / heads.len().max(1) as f64;
    let height = 20.0 + CELL * rows.len() as f64;
    let every = heads.len().div_ceil(12).max(1);
    html! {
        svg.chart viewBox={ "0 0 " (WIDTH) " " (height) } role="img" aria-label=(label) {
            @for (place, head) in heads.iter().enumerate().step_by(every) {
                text x=(round(LEFT + step * (place as f64 + 0.5))) y="12" text-anchor="middle" { (head) }
            }
            @for (line, (name, cells)) in rows.iter().enumerate() {
                @let y = 20.0 + CELL * line as f64;
                text.who x="0" y=(round(y + 15.0)) { (name) }
                @for (place, count) in cells.iter().enumerate() {
                    rect.s1 x=(round(LEFT + step * place as f64 + 1.0)) y=(round(y + 1.0)) width=(round(step - 2.0)) height=(CELL - 2.0)
                        rx="3" fill-opacity=(round(0.04 + 0.96 * *count as f64 / most as f64)) {
                        title { (name) " " (heads.get(place).map_or("", String::as_str)) ": " (count) }
                    }
                }
            }
        }
    }
}

/// A point with the words that a pointer shows.
pub struct Point {
    pub x: f64,
    pub y: f64,
    pub words: String,
}

/// Points on two linear axes; the words of the axes stand at their ends.
pub fn scatter(label: &str, axes: (&str, &str), points: &[Point]) -> Markup {
    const HEIGHT: f64 = 260.0;
    let most = |of: fn(&Point) -> f64| points.iter().map(of).fold(0.0, f64::max);
    let scale = Scale::to(most(|point| point.y), HEIGHT - TOP - 40.0);
    let across = Scale::to(most(|point| point.x), WIDTH - LEFT - 20.0);
    html! {
        svg.chart viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label=(label) {
            (scale.lines(WIDTH))
            @for tick in &across.ticks {
                text x=(round(LEFT + across.length(*tick))) y=(HEIGHT - 24.0) text-anchor="middle" { (amount(*tick)) }
            }
            text.label x=(WIDTH) y=(HEIGHT - 6.0) text-anchor="end" { (axes.0) }
            text.label x=(LEFT + 6.0) y=(TOP + 4.0) { (axes.1) }
            @for point in points {
                circle.s1 cx=(round(LEFT + across.length(point.x))) cy=(round(scale.y(point.y))) r="4" fill-opacity="0.6" {
                    title { (point.words) }
                }
            }
        }
    }
}

/// A linear axis from nothing to a round number.
struct Scale {
    most: f64,
    pixels: f64,
    ticks: Vec<f64>,
}

impl Scale {
    fn to(most: f64, pixels: f64) -> Scale {
        let raw = most.max(1.0) / 4.0;
        let power = 10f64.powf(raw.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|digit| digit * power).find(|step| *step >= raw);
        let step = step.unwrap_or(raw).max(1.0);
        let count = (most.max(1.0) / step).ceil() as usize;
        Scale { most: step * count as f64, pixels, ticks: (0..=count).map(|tick| step * tick as f64).collect() }
    }

    fn length(&self, value: f64) -> f64 {
        value / self.most * self.pixels
    }

    fn y(&self, value: f64) -> f64 {
        TOP + self.pixels - self.length(value)
    }

    fn lines(&self, width: f64) -> Markup {
        html! {
            @for tick in &self.ticks {
                line.axis x1=(LEFT) x2=(width) y1=(round(self.y(*tick))) y2=(round(self.y(*tick))) {}
                text x=(LEFT - 6.0) y=(round(self.y(*tick) + 4.0)) text-anchor="end" { (amount(*tick)) }
            }
        }
    }
}

/// `950`, `12k`, `1.5M`
fn amount(value: f64) -> String {
    let (number, unit) = match value.abs() {
        1e6.. => (value / 1e6, "M"),
        1e4.. => (value / 1e3, "k"),
        _ => (value, ""),
    };
    format!("{}{unit}", round(number))
}

fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

#[cfg(test)]
mod tests {
    use super::{Point, Scale, amount, columns, heat, scatter};

    #[test]
    fn an_axis_ends_at_a_round_number_that_holds_everything() {
        for (most, end) in [(0.0, 1.0), (3.0, 3.0), (7.0, 8.0), (97.0, 100.0), (1234.0, 1500.0)] {
            let scale = Scale::to(most, 100.0);
            assert_eq!((scale.most, scale.length(scale.most)), (end, 100.0), "{most}");
            assert!(scale.ticks.len() <= 6, "{:?}", scale.ticks);
        }
        assert_eq!([950.0, 12_000.0, 1.5e6].map(amount), ["950", "12k", "1.5M"]);
    }

    #[test]
    fn a_chart_names_itself_and_escapes_what_it_shows() {
        let names = vec!["<b>".to_owned(), "b".to_owned()];
        let drawn = columns("Weeks", &names, &[("merged", vec![1.0, 0.0]), ("direct", vec![2.0, 3.0])]).into_string();
        assert_eq!(drawn.matches("<rect").count(), 3, "nothing has no column");
        assert!(
            drawn.contains("role=\"img\" aria-label=\"Weeks\"")
                && drawn.contains("&lt;b&gt;")
                && !drawn.contains("<b>")
        );
        let drawn = heat("Hours", &names, &[("Mon", vec![0, 4])]).into_string();
        assert_eq!(drawn.matches("<rect").count(), 2);
        let point = Point { x: 1.0, y: 2.0, words: "a\"b".into() };
        assert!(scatter("Files", ("changes", "lines"), &[point]).into_string().contains("a&quot;b"));
        assert!(!scatter("Files", ("changes", "lines"), &[]).into_string().contains("NaN"));
    }
}
