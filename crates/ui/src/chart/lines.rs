//! Charts of lines: how something went, where it may go, and how often what was stated came true.
use super::{LEFT, Scale, TOP, WIDTH, legend, round};
use crate::{Markup, html};

/// Lines over the same places, from nothing to `most`.
pub struct Lines<'a> {
    pub label: &'a str,
    pub names: &'a [String],
    pub series: &'a [(&'a str, Vec<f64>)],
    pub most: f64,
}

/// Where a growing number may go: bands from the widest to the narrowest about a line in the middle.
pub struct Fan<'a> {
    pub label: &'a str,
    /// Of the places across, the first of which is the start with nothing.
    pub names: &'a [String],
    /// Pairs of the lower and the upper values.
    pub bands: &'a [(Vec<f64>, Vec<f64>)],
    pub middle: &'a [f64],
    /// A number to reach, and what it is.
    pub goal: Option<(f64, &'a str)>,
    /// A place to reach it by, and what it is.
    pub deadline: Option<(f64, &'a str)>,
}

const HEIGHT: f64 = 240.0;
const BELOW: f64 = 24.0;

impl Lines<'_> {
    pub fn show(&self) -> Markup {
        let scale = Scale::to(self.most, HEIGHT - TOP - BELOW);
        html! {
            svg.chart viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label=(self.label) {
                (scale.lines(WIDTH)) (names(self.names))
                @for (number, (_, values)) in (1..).zip(self.series) {
                    path class={ "line s" (number) } d=(path(&scale, values, self.names.len())) {}
                }
            }
            (legend(self.series))
        }
    }
}

impl Fan<'_> {
    pub fn show(&self) -> Markup {
        let highest = self.bands.iter().flat_map(|(_, high)| high).copied().fold(0.0, f64::max);
        let scale = Scale::to(highest.max(self.goal.map_or(0.0, |(goal, _)| goal * 1.1)), HEIGHT - TOP - BELOW);
        let places = self.names.len();
        html! {
            svg.chart viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="img" aria-label=(self.label) {
                (scale.lines(WIDTH)) (names(self.names))
                @for (low, high) in self.bands { path.band d=(area(&scale, low, high, places)) {} }
                path.line.s1 d=(path(&scale, self.middle, places)) {}
                @if let Some((goal, words)) = self.goal {
                    line.goal x1=(LEFT) x2=(WIDTH) y1=(round(scale.y(goal))) y2=(round(scale.y(goal))) {}
                    text.label x=(LEFT + 6.0) y=(round(scale.y(goal) - 5.0)) { (words) }
                }
                @if let Some((place, words)) = self.deadline {
                    @let x = across(place, places);
                    line.goal x1=(round(x)) x2=(round(x)) y1=(TOP) y2=(HEIGHT - BELOW) {}
                    text.label x=(round(x - 5.0)) y=(HEIGHT - BELOW - 6.0) text-anchor="end" { (words) }
                }
            }
        }
    }
}

/// How often what was stated came true, each series by pairs of stated and counted percent; the straight line is how it
/// should be.
pub fn reliability(label: &str, series: &[(&str, Vec<(f64, f64)>)]) -> Markup {
    const SIDE: f64 = 300.0;
    let scale = Scale::to(100.0, SIDE - TOP - 40.0);
    let x = |percent: f64| LEFT + percent / 100.0 * (SIDE - LEFT);
    let legends: Vec<(&str, Vec<f64>)> = series.iter().map(|(word, _)| (*word, Vec::new())).collect();
    html! {
        svg.chart.square viewBox={ "0 0 " (SIDE + 12.0) " " (SIDE) } role="img" aria-label=(label) {
            (scale.lines(SIDE))
            line.goal x1=(x(0.0)) y1=(scale.y(0.0)) x2=(x(100.0)) y2=(scale.y(100.0)) {}
            @for tick in [0.0, 25.0, 50.0, 75.0, 100.0] {
                text x=(round(x(tick))) y=(SIDE - 24.0) text-anchor="middle" { (tick) }
            }
            text.label x=(SIDE) y=(SIDE - 6.0) text-anchor="end" { "Stated, in percent" }
            @for (number, (word, points)) in (1..).zip(series) {
                path class={ "line s" (number) } d=(points.iter().enumerate().map(|(place, (stated, held))| step(place, x(*stated), scale.y(*held))).collect::<String>()) {}
                @for (stated, held) in points {
                    circle class={ "s" (number) } cx=(round(x(*stated))) cy=(round(scale.y(*held))) r="3" {
                        title { (word) ": stated " (stated) " %, came true " (held.round()) " %" }
                    }
                }
            }
        }
        (legend(&legends))
    }
}

/// The name of every so manieth place below the axis.
fn names(names: &[String]) -> Markup {
    let every = names.len().div_ceil(7).max(1);
    html! { @for (place, name) in names.iter().enumerate().step_by(every) {
        text x=(round(across(place as f64, names.len()).min(WIDTH - 18.0))) y=(HEIGHT - 8.0) text-anchor=(if place == 0 { "start" } else { "middle" }) { (name) }
    } }
}

fn across(place: f64, places: usize) -> f64 {
    LEFT + place / (places.max(2) - 1) as f64 * (WIDTH - LEFT)
}

fn path(scale: &Scale, values: &[f64], places: usize) -> String {
    let points = values.iter().enumerate();
    points.map(|(place, value)| step(place, across(place as f64, places), scale.y(*value))).collect()
}

fn area(scale: &Scale, low: &[f64], high: &[f64], places: usize) -> String {
    let back = low.iter().enumerate().rev();
    let back: String = back.map(|(place, value)| step(1, across(place as f64, places), scale.y(*value))).collect();
    format!("{}{back}Z", path(scale, high, places))
}

fn step(place: usize, x: f64, y: f64) -> String {
    format!("{}{} {} ", if place == 0 { 'M' } else { 'L' }, round(x), round(y))
}

#[cfg(test)]
mod tests {
    use super::{Fan, Lines, reliability};

    #[test]
    fn a_fan_has_its_bands_and_names_what_is_to_be_reached() {
        let names = ["1 Mar".to_owned(), "8 Mar".to_owned(), "15 Mar".to_owned()];
        let band = (vec![0.0, 1.0, 2.0], vec![0.0, 4.0, 9.0]);
        let fan = Fan {
            label: "Items",
            names: &names,
            bands: &[band.clone(), band],
            middle: &[0.0, 2.0, 5.0],
            goal: Some((20.0, "20 items")),
            deadline: Some((1.5, "promised")),
        };
        let drawn = fan.show().into_string();
        assert_eq!((drawn.matches("class=\"band\"").count(), drawn.matches("class=\"goal\"").count()), (2, 2));
        assert!(drawn.contains("20 items") && drawn.contains("promised") && !drawn.contains("NaN"));
    }

    #[test]
    fn lines_and_reliability_draw_every_point() {
        let series = [("ours", vec![(50.0, 51.0), (85.0, 84.0)]), ("plain", vec![(50.0, 40.0)])];
        let drawn = reliability("Stated and counted", &series).into_string();
        assert_eq!(drawn.matches("<circle").count(), 3);
        let lines = Lines { label: "Chance", names: &["a".into()], series: &[("chance", vec![50.0])], most: 100.0 };
        assert!(!lines.show().into_string().contains("NaN"));
    }
}
