use super::{
    InOrg,
    forest::Forest,
    layout::{HEIGHT, Layout, WIDTH, layout},
};
use crate::hours::strip::cut;
use jiff::civil::Date;
use ui::{Markup, avatar_small, date, html, hue, icon, initials};

/// The drawing, with its tools. Each box leads to the person.
pub fn chart(people: &[InOrg], forest: &Forest, today: Date) -> Markup {
    let Layout { boxes, edges, width, height } = layout(forest);
    let label = match people.len() {
        1 => "Who reports to whom: one person".to_owned(),
        n => format!("Who reports to whom: {n} people"),
    };
    html! {
        org-chart {
            div.org-tools.script-only {
                div.search { (icon("search")) input type="search" aria-label="Find a person" placeholder="Find a person"; }
                span.right.row { (zoom("out", "zoom-out", "Zoom out")) (zoom("in", "zoom-in", "Zoom in")) (zoom("fit", "maximize", "Whole chart")) }
            }
            div.org-view tabindex="0" role="region" aria-label="Organisation chart" {
                svg.org viewBox=(format!("0 0 {width} {height}")) width=(width) height=(height) role="group" aria-label=(label) {
                    @for edge in edges { path.edge d=(edge) {} }
                    @for (person, (x, y)) in people.iter().zip(boxes) { (node(person, x, y, today)) }
                }
            }
        }
    }
}

/// The same people as a tree of names.
pub fn list(people: &[InOrg], forest: &Forest, today: Date) -> Markup {
    branch(people, forest, &forest.roots, today)
}

fn branch(people: &[InOrg], forest: &Forest, these: &[usize], today: Date) -> Markup {
    html! {
        ul.tree { @for one in these {
            @let (person, below) = (&people[*one], &forest.below[*one]);
            li {
                div.leaf {
                    (avatar_small(&person.id, &person.name))
                    a href={ "/people/" (person.id) } { (person.name) }
                    span.muted.small.clip { (person.title) @if let Some(away) = away(person, today) { " · " (away) } }
                    @if !below.is_empty() { span.count { (below.len()) } }
                }
                @if !below.is_empty() {
                    details open {
                        summary aria-label={ "Those who report to " (person.name) } {}
                        (branch(people, forest, below, today))
                    }
                }
            }
        } }
    }
}

fn node(person: &InOrg, x: f64, y: f64, today: Date) -> Markup {
    let away = away(person, today);
    let words = [Some(person.name.as_str()), Some(person.title.as_str()), away.as_deref()];
    let words: Vec<&str> = words.into_iter().flatten().filter(|text| !text.is_empty()).collect();
    let role = match away {
        Some(_) => format!("Away · {}", person.title),
        None => person.title.clone(),
    };
    html! {
        a.node href={ "/people/" (person.id) } data-name=(person.name)
            data-x=(x + WIDTH / 2.0) data-y=(y + HEIGHT / 2.0) {
            title { (words.join(", ")) }
            rect x=(x) y=(y) width=(WIDTH) height=(HEIGHT) rx="8" {}
            circle class={ "face hue-" (hue(&person.id)) } cx=(x + 28.0) cy=(y + 28.0) r="14" {}
            text.initials x=(x + 28.0) y=(y + 31.5) { (initials(&person.name)) }
            text.name x=(x + 52.0) y=(y + 25.0) { (cut(&person.name, 20)) }
            text.role x=(x + 52.0) y=(y + 41.0) { (cut(&role, 22)) }
        }
    }
}

fn away(person: &InOrg, today: Date) -> Option<String> {
    person.away_until.map(|last| match last == today {
        true => "away today".to_owned(),
        false => format!("away, last day {}", date(last, today)),
    })
}

fn zoom(kind: &str, sign: &str, label: &str) -> Markup {
    html! { button.button.icon-only type="button" data-zoom=(kind) aria-label=(label) title=(label) { (icon(sign)) } }
}
