//! How old open items are, by the state they are in, before bands of how long the finished ones took.
use super::{LEFT, Scale, TOP, WIDTH, round};
use crate::{Markup, html};

/// Open items as points that lead to their pages.
pub struct Ageing<'a> {
    pub label: &'a str,
    pub states: &'a [&'a str],
    pub points: &'a [Aged<'a>],
    /// Days within which a share of the finished items was done, ascending, each with its words.
    pub bands: &'a [(f64, &'a str)],
}

pub struct Aged<'a> {
    /// The place of its state.
    pub state: usize,
    pub days: f64,
    pub words: String,
    pub href: String,
    /// Older than nearly all were when they were finished.
    pub old: bool,
    pub name: &'a str,
}

const HEIGHT: f64 = 300.0;
const BELOW: f64 = 26.0;
/// Points of one state stand in so many lanes beside each other.
const LANES: usize = 7;
/// The height of a line of words.
const LINE: f64 = 12.0;
/// Points older than this many times the highest band stand at the upper edge.
const TALLEST: f64 = 2.5;

impl Ageing<'_> {
    pub fn show(&self) -> Markup {
        let oldest = self.points.iter().map(|point| point.days).fold(1.0, f64::max);
        let top = self.bands.last().map_or(oldest, |(days, _)| oldest.min(days.max(4.0) * TALLEST).max(*days * 1.1));
        let scale = Scale::to(top, HEIGHT - TOP - BELOW);
        let step = (WIDTH - LEFT) / self.states.len().max(1) as f64;
        html! {
            svg.chart.ages viewBox={ "0 0 " (WIDTH) " " (HEIGHT) } role="group" aria-label=(self.label) {
                (scale.lines(WIDTH))
                @for (days, _) in self.bands {
                    @let y = scale.y(*days);
                    rect.band x=(LEFT) width=(WIDTH - LEFT) y=(round(y)) height=(round(HEIGHT - BELOW - y)) {}
                }
                @for (y, words) in labels(self.bands, &scale) { text x=(WIDTH - 4.0) y=(round(y)) text-anchor="end" { (words) } }
                @for (place, name) in self.states.iter().enumerate() {
                    text.label x=(round(LEFT + step * (place as f64 + 0.5))) y=(HEIGHT - 8.0) text-anchor="middle" { (name) }
                }
                @for (place, point) in self.points.iter().enumerate() {
                    @let lane = self.points[..place].iter().filter(|before| before.state == point.state).count() % LANES;
                    @let x = LEFT + step * (point.state as f64 + (lane as f64 + 1.0) / (LANES as f64 + 1.0));
                    a href=(point.href) aria-label={ (point.name) ", " (point.words) } {
                        circle class=(if point.old { "point s2" } else { "point s1" }) cx=(round(x)) cy=(round(scale.y(point.days.min(scale.most)))) r="6" {
                            title { (point.name) ": " (point.words) }
                        }
                    }
                }
            }
        }
    }
}

/// Where the words of the bands stand: right above each, and never on one another.
fn labels<'a>(bands: &[(f64, &'a str)], scale: &Scale) -> Vec<(f64, &'a str)> {
    let below = |last: &mut f64, (days, words): &(f64, &'a str)| {
        *last = (scale.y(*days) - 3.0).max(*last + LINE);
        Some((*last, *words))
    };
    bands.iter().rev().scan(0.0, below).collect()
}

#[cfg(test)]
mod tests {
    use super::{Aged, Ageing};

    #[test]
    fn every_point_leads_to_its_page_and_names_are_escaped() {
        let point = |days: f64| Aged {
            state: 0,
            days,
            words: "3 days".into(),
            href: "/issues/A-1".into(),
            old: days > 9.0,
            name: "<b>",
        };
        let points = [point(3.0), point(400.0)];
        let chart =
            Ageing { label: "Ages", states: &["In review"], points: &points, bands: &[(4.0, "50 %"), (9.0, "85 %")] };
        let drawn = chart.show().into_string();
        assert_eq!((drawn.matches("<a href=\"/issues/A-1\"").count(), drawn.matches("class=\"band\"").count()), (2, 2));
        assert!(drawn.contains("&lt;b&gt;") && !drawn.contains("<b>") && !drawn.contains("NaN"));
        assert!(drawn.contains("cy=\"10\""), "one that is far too old stands at the upper edge: {drawn}");
        let empty = Ageing { label: "Ages", states: &[], points: &[], bands: &[] };
        assert!(!empty.show().into_string().contains("NaN"));
    }
}
