//! What if: two scenarios side by side, in one address that can be sent to somebody.
use super::{Answer, AskForecast, figures, page::assumptions, percent};
use kernel::{Id, Result, Team, parse};
use ui::{Cx, Form, Head, Markup, date_long, html};

const SIDES: [(&str, &str); 2] = [("a_", "As it is"), ("b_", "What if")];

/// `GET /teams/{team}/forecast/what-if?items=40&b_hires=1`
pub async fn show(cx: Cx) -> ui::Answer {
    let team: Id<Team> = cx.text("team").parse()?;
    let mut answers = Vec::new();
    let mut flaws = Vec::new();
    for (prefix, _) in SIDES {
        match side(&cx, prefix).await {
            Ok(answer) => answers.push(answer),
            Err(kernel::Error::Invalid(wrong)) => {
                flaws.extend(
                    wrong.into_iter().map(|flaw| kernel::Flaw { field: format!("{prefix}{}", flaw.field), ..flaw }),
                );
                answers.push(cx.read(AskForecast::about(team)).await?);
            }
            Err(error) => return Err(error.into()),
        }
    }
    let [first, second] = &answers[..] else { return Err(kernel::Error::NotFound.into()) };
    let form = Form::refused(cx.texts.clone(), flaws);
    let page = format!("/teams/{team}/forecast");
    let (home, title) = (format!("/teams/{team}"), "What if");
    let crumbs = vec![("/teams", "Teams"), (&*home, &*first.team_name), (&*page, "Forecast")];
    let lead =
        "Two futures side by side. The address of this page holds all that you assume, so it can be sent to somebody.";
    let body = html! {
        (Head { crumbs, title, lead, ..Head::default() }.show())
        @if let Some(sentence) = &first.refused { (ui::empty(sentence, Some((&format!("{page}/history"), "Import finish dates")))) } @else {
            div.stack {
                @if first.done.is_some() || first.by.is_some() { (comparison(first, second)) }
                (scenarios(&cx, &form))
                div.grid.g2 { @for (side, answer) in SIDES.iter().zip([first, second]) { (column(&cx, side, answer)) } }
            }
        }
    };
    Ok(cx.page(title, body))
}

/// One side: what both share, and what begins with its prefix.
async fn side(cx: &Cx, prefix: &str) -> Result<Answer> {
    let of_side = |(name, text): &(String, String)| match name.strip_prefix(prefix) {
        Some(own) => Some((own.to_owned(), text.clone())),
        None => ["team", "items", "by"].contains(&name.as_str()).then(|| (name.clone(), text.clone())),
    };
    let mut texts: Vec<(String, String)> = cx.texts.iter().filter_map(of_side).collect();
    // A scope of its own goes before the one that both share.
    let own = cx.text(&format!("{prefix}items"));
    if !own.is_empty() {
        texts.retain(|(name, _)| name != "items");
        texts.push(("items".into(), own.to_owned()));
    } else {
        let mut seen = false;
        texts.retain(|(name, text)| name != "items" || (!text.is_empty() && !std::mem::replace(&mut seen, true)));
    }
    let input: AskForecast = parse(ui::fields::<AskForecast>().from_form(texts.into_iter())?)?;
    cx.read(input).await
}

fn scenarios(cx: &Cx, form: &Form) -> Markup {
    html! {
        form.form.wide method="get" action=(cx.path) {
            (form.summary())
            div.field-row {
                (form.input("number", "items", "Items to finish", "", true))
                (form.input("date", "by", "By the end of", "", true))
            }
            div.grid.g2 { @for (prefix, name) in SIDES {
                section.card { header { h2 { (name) } } div.body.stack {
                    (form.input("number", &format!("{prefix}items"), "Other scope", "Items, where they differ from those above.", true))
                    (assumptions(form, prefix))
                } }
            } }
            footer.form-foot { button.button.primary { "Compare" } a.button.quiet href=(cx.path) { "Clear" } }
        }
    }
}

/// The same answers in one table.
fn comparison(first: &Answer, second: &Answer) -> Markup {
    let rows = rows(first).into_iter().zip(rows(second));
    html! {
        section.card #comparison {
            header { h2 { "Side by side" } }
            table.data {
                caption.vh { "Both scenarios" }
                thead { tr { th scope="col" { "" } @for (_, name) in SIDES { th scope="col" { (name) } } } }
                tbody { @for ((name, one), (_, other)) in rows { tr { th scope="row" { (name) } td { (one) } td { (other) } } } }
            }
        }
    }
}

fn rows(answer: &Answer) -> Vec<(&'static str, String)> {
    let mut rows = Vec::new();
    if let Some(done) = &answer.done {
        let date = |place: usize| done.by[place].map_or("Not within three years".to_owned(), date_long);
        rows.extend([
            ("Items", done.items.to_string()),
            ("50 % by", date(0)),
            ("85 % by", date(2)),
            ("95 % by", date(3)),
        ]);
        if let Some(chance) = done.chance {
            rows.push(("Chance of the date", format!("{} %", percent(chance))));
        }
    }
    if let Some(count) = &answer.by {
        rows.extend([
            ("At least, with 85 %", count.at_least[2].to_string()),
            ("At least, with 50 %", count.at_least[0].to_string()),
        ]);
    }
    rows
}

fn column(cx: &Cx, (prefix, name): &(&str, &str), answer: &Answer) -> Markup {
    let by = cx.text("by").parse().ok();
    html! {
        div.stack {
            section.card { header { h2 { (name) } } div.body.stack.tight { @for sentence in &answer.says { p { (sentence) } } } }
            @if let Some(ground) = &answer.known { (figures::fan(&format!("{prefix}fan"), answer, ground, by)) }
        }
    }
}
