//! What was noted of days, on the columns of a chart.
use super::{HEIGHT, TOP, drawn, legend, round};
use crate::{Markup, html};

/// What was noted of a day, at the column in which the day falls.
pub struct Mark {
    pub at: usize,
    /// The day in words.
    pub day: String,
    pub text: String,
    /// Where one reads more of it, or empty.
    pub url: String,
}

/// Stacked columns as [`super::columns`] draws them, with the numbers of the marks above them and their words below.
pub fn annotated(label: &str, names: &[String], series: &[(&str, Vec<f64>)], marks: &[Mark]) -> Markup {
    html! {
        (drawn(label, names, series, marks))
        (legend(series))
        @if !marks.is_empty() { ol.noted aria-label="What happened" { @for mark in marks { li {
            (mark.day) ": "
            @if mark.url.is_empty() { (mark.text) } @else { a href=(mark.url) rel="noreferrer" { (mark.text) } }
        } } } }
    }
}

/// A line through a column and the numbers of its marks.
pub(super) fn above(marks: &[Mark], column: usize, x: f64) -> Markup {
    let here = || (1..).zip(marks).filter(|(_, mark)| mark.at == column);
    let numbers: Vec<String> = here().map(|(number, _): (usize, _)| number.to_string()).collect();
    let words: Vec<String> = here().map(|(_, mark)| format!("{}: {}", mark.day, mark.text)).collect();
    html! {
        @if !numbers.is_empty() { g {
            title { (words.join("; ")) }
            line.goal x1=(round(x)) x2=(round(x)) y1=(TOP + 2.0) y2=(HEIGHT - 24.0) {}
            text.label x=(round(x)) y=(TOP - 1.0) text-anchor="middle" { (numbers.join(", ")) }
        } }
    }
}

#[cfg(test)]
mod tests {
    use super::{Mark, annotated};

    #[test]
    fn marks_are_numbered_where_they_fall_and_told_below() {
        let mark = |at, text: &str, url: &str| Mark { at, day: "5 Mar".into(), text: text.into(), url: url.into() };
        let marks = [mark(0, "Freeze <all>", ""), mark(1, "Machines", "https://ci.example/1"), mark(1, "Norm", "")];
        let names = ["2 Mar".to_owned(), "9 Mar".to_owned()];
        let shown = annotated("Builds", &names, &[("good", vec![1.0, 2.0])], &marks).into_string();
        assert!(shown.contains(">1</text>") && shown.contains(">2, 3</text>"), "{shown}");
        assert!(shown.contains("5 Mar: Freeze &lt;all&gt;") && !shown.contains("<all>"), "{shown}");
        assert!(shown.contains("<a href=\"https://ci.example/1\" rel=\"noreferrer\">Machines</a>"), "{shown}");
        assert!(!annotated("Builds", &names, &[], &[]).into_string().contains("<ol"));
    }
}
