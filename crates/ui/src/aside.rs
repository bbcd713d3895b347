//! What other parts have to say beside a record.
use crate::{Markup, chart::Fan, html};
use kernel::{Aside, Course};

pub fn asides(all: &[Aside]) -> Markup {
    html! { @for one in all {
        section.card.aside {
            header { h2 { (one.title) } a.link.right.small href=(one.href) { (one.link) } }
            div.body.stack.tight {
                @for sentence in &one.says { p { (sentence) } }
                @if let Some(found) = &one.course { (course(found)) }
            }
        }
    } }
}

pub fn course(course: &Course) -> Markup {
    Fan {
        label: &course.label,
        names: &course.names,
        bands: &course.bands,
        middle: &course.middle,
        goal: course.goal.as_ref().map(|(value, words)| (*value, words.as_str())),
        deadline: course.deadline.as_ref().map(|(place, words)| (*place, words.as_str())),
    }
    .show()
}
