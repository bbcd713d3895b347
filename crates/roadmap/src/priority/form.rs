//! What goes into the scores of one project: the form, what follows from it, and what was said before.
use super::{
    Factor, JudgeProject, Judgement, Judging, ListJudgements, ProjectJudgements, UndoJudgement, history::Group, number,
};
use kernel::{Error, Flaw, Result};
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, ago, chip, html, person_link};

/// `GET /projects/{project}/judgements`
pub async fn show(cx: Cx) -> Answer {
    let found = cx.read_here::<ListJudgements>().await?;
    let known = found.inputs.iter().map(|input| (input.factor.clone(), input.value.to_string()));
    let form = Form::refused(known.collect(), Vec::new());
    let id = found.project.id.to_string();
    let title = title(&found);
    Ok(cx.live_page(&title, &[&id, "weighting"], view(&cx, &found, &form)))
}

/// `POST /projects/{project}/judgements`
pub async fn save(form: Submitted) -> Answer {
    let found = form.cx.read_here::<ListJudgements>().await?;
    match judge(&form, &found).await {
        Ok(judgement) => {
            let flash = Flash::says("It is noted.").undo(format!("/judgements/{}/undoing", judgement.id));
            Ok(form.go(&place(&found), flash))
        }
        Err(error) => {
            let refused = form.refused(error)?;
            Ok(form.again(&title(&found), view(&form.cx, &found, &refused)))
        }
    }
}

/// Every field of the form that is there; an empty one says that nothing is known.
async fn judge(form: &Submitted, found: &ProjectJudgements) -> Result<Judgement> {
    let mut flaws = Vec::new();
    let mut values = Vec::new();
    for factor in found.groups.iter().flat_map(|group| &group.factors) {
        match read(form.text(&factor.key)) {
            Ok(value) if value.is_none_or(|value| factor.takes(value)) => {
                values.push(Judging { factor: factor.key.clone(), value });
            }
            _ => flaws.push(Flaw { field: factor.key.clone(), sentence: format!("Write {}.", factor.range()) }),
        }
    }
    let why = form.text("why").parse();
    match why {
        Ok(why) if flaws.is_empty() => form.change(JudgeProject { project: found.project.id, values, why }).await,
        Ok(_) => Err(Error::Invalid(flaws)),
        Err(sentence) => {
            flaws.push(Flaw { field: "why".into(), sentence });
            Err(Error::Invalid(flaws))
        }
    }
}

fn read(text: &str) -> Result<Option<f64>, std::num::ParseFloatError> {
    match text.trim() {
        "" => Ok(None),
        text => text.parse().map(Some),
    }
}

/// `POST /judgements/{judgement}/undoing`
pub async fn undo(form: Submitted) -> Answer {
    let project = form.submit::<UndoJudgement>().await?;
    Ok(form.go(
        &format!("/projects/{project}/judgements"),
        Flash::says("It is taken back. What was said before holds again."),
    ))
}

fn title(found: &ProjectJudgements) -> String {
    format!("Priority of {}", found.project.name)
}

fn place(found: &ProjectJudgements) -> String {
    format!("/projects/{}/judgements", found.project.id)
}

fn view(cx: &Cx, found: &ProjectJudgements, form: &Form) -> Markup {
    let href = found.project.href();
    let crumbs = vec![("/priorities", "Priorities"), (href.as_str(), found.project.name.as_str())];
    let lead = "Fill in what you know. What is empty is missing, and never counts as zero.";
    html! {
        (Head { crumbs, title: &title(found), lead, ..Head::default() }.show())
        div.cols {
            @if found.may_change { form.form.wide method="post" action=(place(found)) data-guard {
                (ui::token(cx)) (form.summary())
                @for group in &found.groups { (fields(form, group)) }
                section.card { div.body { div.form {
                    (form.text("why", "On what does this rest", "A measurement, a number of requests, a guess. It stays beside the numbers."))
                } } }
                footer.form-foot {
                    button.button.primary data-key="mod+enter" { "Save" }
                    a.button.quiet href=(href) { "Cancel" }
                }
            } } @else { div.stack { @for group in &found.groups { (numbers(found, group)) } } }
            div.stack { (scores(&found.groups)) (history(cx, found)) }
        }
    }
}

fn fields(form: &Form, group: &Group) -> Markup {
    html! { section.card {
        header { h2 { (group.title) } }
        div.body { div.form { @for factor in &group.factors { (field(form, factor)) } } }
        footer { p.small.muted { (group.method.formula()) } }
    } }
}

fn field(form: &Form, factor: &Factor) -> Markup {
    let label = factor.weight.map_or(factor.name.clone(), |weight| format!("{}, weight {weight}", factor.name));
    form.optional(&factor.key, &label, &factor.hint)
}

/// For those who only read.
fn numbers(found: &ProjectJudgements, group: &Group) -> Markup {
    let value = |factor: &Factor| found.inputs.iter().find(|input| input.factor == factor.key);
    let pairs: Vec<(&str, Markup)> = group
        .factors
        .iter()
        .map(|factor| {
            let shown = match value(factor) {
                Some(input) => html! { (number(input.value)) },
                None => html! { span.muted { "Missing" } },
            };
            (factor.name.as_str(), shown)
        })
        .collect();
    html! { section.card {
        header { h2 { (group.title) } }
        div.body { (ui::facts(&pairs)) }
        footer { p.small.muted { (group.method.formula()) } }
    } }
}

fn scores(groups: &[Group]) -> Markup {
    let scores = groups.iter().filter_map(|group| Some((group.title.as_str(), group.score.as_ref()?)));
    let pairs: Vec<(&str, Markup)> = scores
        .map(|(title, score)| {
            let shown = match score.score {
                Some(value) => html! { strong { (number(value)) } },
                None => html! { span.muted { "Missing: " (score.missing.join(", ").to_lowercase()) } },
            };
            (title, shown)
        })
        .collect();
    html! { section.card #scores { header { h2 { "Scores" } } div.body { (ui::facts(&pairs)) } } }
}

fn history(cx: &Cx, found: &ProjectJudgements) -> Markup {
    html! { section.card #history {
        header { h2 { "What was said" } }
        @if found.history.is_empty() { div.body { p.muted { "Nobody has said anything yet." } } }
        @else { div.body { ol.timeline.activity { @for one in &found.history { li id={ "judgement-" (one.id) } { div.what {
            p { (one.why) @if one.undone_at.is_some() { " " (chip("line", "Taken back")) } }
            p.small { (in_words(one)) }
            p.small.muted { (person_link(&one.by_id, &one.by_name)) " " (ago(one.at, cx.now(), &cx.viewer.zone)) }
            @if found.may_change && one.undone_at.is_none() { (take_back(cx, one)) }
        } } } } } }
    } }
}

fn take_back(cx: &Cx, one: &Judgement) -> Markup {
    html! { form method="post" action={ "/judgements/" (one.id) "/undoing" } {
        (ui::token(cx))
        button.button.small { "Take it back" }
    } }
}

/// `Reach 1,200, effort no longer known`
fn in_words(one: &Judgement) -> String {
    let each = one.values.iter().map(|judged| match judged.value {
        Some(value) => format!("{} {}", judged.name, number(value)),
        None => format!("{} no longer known", judged.name),
    });
    each.collect::<Vec<_>>().join(", ")
}
