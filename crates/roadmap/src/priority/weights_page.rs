//! The weights of the workspace and of teams, and the form that sets them.
use super::{Criterion, ListWeightings, SetWeighting, UndoWeighting, Weighting, weighting::Weighed};
use kernel::{Error, Flaw, Id, Result, Team};
use people::{access::cares_for_people, person::choices::teams, team::ShowTeam};
use ui::{Answer, Cx, Flash, Form, Head, Markup, Submitted, ago, html, person_link};

/// So many lines for further criteria.
const BLANK: usize = 3;

/// `GET /weights`
pub async fn show(cx: Cx) -> Answer {
    let team = team(cx.text("team"))?;
    let all = cx.read(ListWeightings {}).await?;
    let form = Form::refused(stored(all.iter().find(|one| one.team_id == team)), Vec::new());
    let body = view(&cx, &all, team, &form).await?;
    Ok(cx.live_page("Weights", &["weighting"], body))
}

fn team(text: &str) -> Result<Option<Id<Team>>> {
    if text.is_empty() { Ok(None) } else { text.parse().map(Some) }
}

fn stored(weighting: Option<&Weighting>) -> Vec<(String, String)> {
    let criteria = weighting.map(|one| one.criteria.as_slice()).unwrap_or_default();
    let line = |(place, one): (usize, &Criterion)| {
        [
            (format!("criterion_{place}"), one.id.to_string()),
            (format!("name_{place}"), one.name.clone()),
            (format!("weight_{place}"), one.weight.to_string()),
        ]
    };
    criteria.iter().enumerate().flat_map(line).collect()
}

/// `POST /weights`
pub async fn save(form: Submitted) -> Answer {
    let team = team(form.text("team"))?;
    let done = async { form.change(SetWeighting { team, criteria: lines(&form)? }).await }.await;
    match done {
        Ok(set) => {
            let flash = Flash::says("The weights are set.").undo(format!("/weightings/{}/undoing", set.id));
            Ok(form.go(&place(team), flash))
        }
        Err(error) => {
            let refused = form.refused(error)?;
            let all = form.cx.read(ListWeightings {}).await?;
            let body = view(&form.cx, &all, team, &refused).await?;
            Ok(form.again("Weights", body))
        }
    }
}

fn place(team: Option<Id<Team>>) -> String {
    team.map_or("/weights".to_owned(), |team| format!("/weights?team={team}"))
}

/// The lines of the form in which a name stands.
fn lines(form: &Submitted) -> Result<Vec<Weighed>> {
    let mut all = Vec::new();
    let mut flaws = Vec::new();
    for place in 0..count(|name| !form.text(name).is_empty()) {
        let (name, weight) = (format!("name_{place}"), format!("weight_{place}"));
        if form.text(&name).trim().is_empty() {
            continue;
        }
        let criterion = match form.text(&format!("criterion_{place}")) {
            "" => None,
            id => Some(id.parse()?),
        };
        match (form.text(&name).parse(), form.text(&weight).trim().parse()) {
            (Ok(name), Ok(weight)) => all.push(Weighed { criterion, name, weight }),
            (Err(sentence), _) => flaws.push(Flaw { field: name, sentence }),
            (_, Err(_)) => {
                flaws.push(Flaw { field: weight, sentence: "Write a whole number from -100 to 100.".into() });
            }
        }
    }
    if flaws.is_empty() { Ok(all) } else { Err(Error::Invalid(flaws)) }
}

/// As many lines as there are up to the last that is filled in.
fn count(is_filled: impl Fn(&str) -> bool) -> usize {
    const MOST: usize = 20;
    (0..MOST).filter(|place| is_filled(&format!("name_{place}"))).max().map_or(0, |last| last + 1)
}

/// `POST /weightings/{weighting}/undoing`
pub async fn undo(form: Submitted) -> Answer {
    form.submit::<UndoWeighting>().await?;
    Ok(form.go("/weights", Flash::says("The weights are as they were before.")))
}

async fn view(cx: &Cx, all: &[Weighting], team: Option<Id<Team>>, form: &Form) -> Result<Markup> {
    let teams = teams(cx).await?;
    let leads = match team {
        Some(team) => cx.read(ShowTeam { team }).await?.leads,
        None => false,
    };
    let may_set = leads || cares_for_people(cx.actor());
    let chosen = Form::of([("team", team.map(|team| team.to_string()).unwrap_or_default())]);
    let now = all.iter().find(|one| one.team_id == team);
    let lead = "What counts for you when projects are compared, and how much. A team may have weights of its own.";
    Ok(html! {
        (Head { crumbs: vec![("/priorities?method=weights", "Priorities")], title: "Weights", lead, ..Head::default() }.show())
        div.stack {
            auto-submit { form.roadmap-filter method="get" action="/weights" {
                (chosen.combo("team", "Whose", "", Some("The whole workspace"), &teams))
                button.button.no-script { "Show" }
            } }
            @if may_set { (edit(cx, team, form)) } @else { (read_only(now)) }
            @if let Some(now) = now { p.small.muted { "Set by " (person_link(&now.by_id, &now.by_name)) " " (ago(now.at, cx.now(), &cx.viewer.zone)) } }
        }
    })
}

fn edit(cx: &Cx, team: Option<Id<Team>>, form: &Form) -> Markup {
    let lines = count(|name| !form.value(name).is_empty()) + BLANK;
    html! {
        section.card { div.body { form.form.wide method="post" action="/weights" data-guard {
            (ui::token(cx)) (form.summary())
            @if let Some(team) = team { input type="hidden" name="team" value=(team); }
            p.small.muted { "A weight is a whole number from -100 to 100; one below zero counts against a project. A line without a name is left out." }
            @for place in 0..lines {
                div.weight-line {
                    input type="hidden" name={ "criterion_" (place) } value=(form.value(&format!("criterion_{place}")));
                    (form.optional(&format!("name_{place}"), &format!("Criterion {}", place + 1), ""))
                    (form.optional(&format!("weight_{place}"), "Weight", ""))
                }
            }
            footer.form-foot { button.button.primary data-key="mod+enter" { "Set the weights" } }
        } } }
    }
}

fn read_only(now: Option<&Weighting>) -> Markup {
    let criteria = now.map(|one| one.criteria.as_slice()).unwrap_or_default();
    html! {
        section.card {
            @if criteria.is_empty() { div.body { p.muted { "No weights are set here." } } }
            @else { table.data.listed {
                caption.vh { "Weights" }
                thead { tr { th.w-full scope="col" { "Criterion" } th.n scope="col" { "Weight" } } }
                tbody { @for one in criteria { tr { td data-label="Criterion" { (one.name) } td.n data-label="Weight" { (one.weight) } } } }
            } }
        }
    }
}
