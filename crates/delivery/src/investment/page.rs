//! `/teams/{team}/delivery/investment`, its rules, and the report as a table.
use super::{
    Back, Days, InvestmentRule, InvestmentRules, LooksAt, MonthInvestment, SetInvestmentRules, ShowInvestment,
    ShowInvestmentRules, SortedChange, TeamInvestment,
};
use crate::{
    code::{FEWEST, people},
    keys::views,
};
use axum::{http::header, response::IntoResponse};
use jiff::civil::Date;
use kernel::{Error, Flaw};
use measures::Investment;
use people::team::ShowTeam;
use ui::{
    Answer, Cx, Flash, Form, Head, Markup, Pages, Submitted,
    chart::{Figure, columns},
    html,
};

pub fn pages() -> Pages {
    Pages::new()
        .get("/teams/{team}/delivery/investment", show)
        .get("/teams/{team}/delivery/investment.csv", table)
        .get("/teams/{team}/delivery/investment/rules", rules)
        .post("/teams/{team}/delivery/investment/rules", save)
}

/// The columns of the picture: the kinds, and what no rule names.
const COLUMNS: [Option<Investment>; 6] = [
    Some(Investment::Value),
    Some(Investment::Upkeep),
    Some(Investment::Debt),
    Some(Investment::Support),
    Some(Investment::Unplanned),
    None,
];
/// Rows for rules that the form has after those that are there, beside the one before them.
const EMPTY_ROWS: usize = 2;

async fn show(cx: Cx) -> Answer {
    let all = cx.read_here::<ShowInvestment>().await?;
    let view = cx.read(ShowTeam { team: all.rules.team }).await?;
    let page = format!("/teams/{}", view.team.id);
    let crumbs = vec![("/teams", "Teams"), (&*page, &*view.team.name)];
    let title = headline(&all, &view.team.name);
    let lead = "What the working time of the team went into, as far as changes of code tell. It is of the team as a whole, never of a person.";
    let body = html! {
        (Head { crumbs, title: &title, lead, ..Head::default() }.show())
        (ui::team_tabs(&cx, view.team.id))
        div.stack {
            (views(&view.team.id.to_string(), "investment"))
            nav.segments aria-label="How far back" { @for back in Back::ALL {
                a href={ (cx.path) "?back=" (back.word()) } aria-current=[(*back == all.back).then_some("true")] { (label(*back)) }
            } }
            @match &all.months {
                Some(months) => {
                    (picture(months, &all))
                    (capital(&page, months, &all))
                    (changes(&page, &all))
                }
                None => (ui::empty(&format!("Not enough data: this is shown where at least {FEWEST} people on the team did something for a change, and in this time it was {}. Names in the histories are joined to people at /identities.", people(all.people)), Some(("/identities", "Names in histories")))),
            }
        }
    };
    Ok(cx.live_page(&title, &["repository", "identity", "team"], body))
}

fn label(back: Back) -> &'static str {
    match back {
        Back::Quarter => "3 months",
        Back::Half => "6 months",
        Back::Year => "A year",
    }
}

fn headline(all: &TeamInvestment, team: &str) -> String {
    let days: Vec<&Days> = all.months.iter().flatten().filter_map(|month| month.days.as_ref()).collect();
    let seen: f64 = days.iter().map(|days| days.seen()).sum();
    let value: f64 = days.iter().map(|days| days.value).sum();
    match seen > 0.0 {
        true => format!("{} of the time of {team} went into new value", percent(value, seen)),
        false => format!("What the time of {team} goes into"),
    }
}

fn percent(part: f64, whole: f64) -> String {
    if whole > 0.0 { format!("{:.0} %", 100.0 * part / whole) } else { "0 %".to_owned() }
}

fn word(kind: Option<Investment>) -> &'static str {
    kind.map_or("No rule names it", Investment::title)
}

fn name(month: Date, until: Date) -> String {
    let so_far = if month == until.first_of_month() { " so far" } else { "" };
    format!("{}{so_far}", month.strftime("%b %Y"))
}

fn picture(months: &[MonthInvestment], all: &TeamInvestment) -> Markup {
    let names: Vec<String> = months.iter().map(|month| name(month.month, all.until)).collect();
    let amount = |month: &MonthInvestment, kind| month.days.map_or(0.0, |days| (days.of(kind) * 10.0).round() / 10.0);
    let series: Vec<(&str, Vec<f64>)> =
        COLUMNS.iter().map(|kind| (word(*kind), months.iter().map(|month| amount(month, *kind)).collect())).collect();
    let (seen, unseen) = months
        .iter()
        .filter_map(|month| month.days)
        .fold((0.0, 0.0), |(seen, unseen), days| (seen + days.seen(), unseen + days.unseen));
    let mut heads = vec!["Month"];
    heads.extend(COLUMNS.iter().map(|kind| word(*kind)));
    heads.push("Not seen in code");
    let cells = |month: &MonthInvestment| {
        let shown = |of: &dyn Fn(&Days) -> f64| {
            month.days.as_ref().map_or("Too few people".into(), |days| format!("{:.1}", of(days)))
        };
        let kinds = COLUMNS.iter().map(|kind| shown(&|days: &Days| days.of(*kind)));
        kinds.chain([shown(&|days: &Days| days.unseen)]).collect::<Vec<String>>()
    };
    Figure {
        id: "months",
        title: "Days of work by month",
        sample: &people(all.people),
        sentence: &format!(
            "{seen:.0} days of work are seen in changes. {unseen:.0} more are of weeks in which somebody worked and did nothing for any change, such as meetings, writing and learning; they are in no share."
        ),
        definition: "Working days come from the hours, leave and holidays of those on the team. The days of somebody's week are shared out over the changes that they touched in it: commits, pull requests that they opened, and reviews, in any repository. Each day on which they touched any counts the same, and on one day each change counts the same. Days are those of UTC. Whoever commits under a name that belongs to nobody is left out.",
        picture: columns("Days of work by what they were for, by month", &names, &series),
        heads: &heads,
        rows: months.iter().zip(&names).map(|(month, name)| [vec![name.clone()], cells(month)].concat()).collect(),
    }
    .show()
}

fn capital(page: &str, months: &[MonthInvestment], all: &TeamInvestment) -> Markup {
    let kinds: Vec<&str> = all.rules.capitalised.iter().map(|kind| kind.title()).collect();
    html! {
        section.card #capitalisation {
            header { h2 { "For the books" } span.right { a href={ (page) "/delivery/investment.csv?back=" (all.back.word()) } download { "As a table (CSV)" } } }
            div.body { p {
                @if kinds.is_empty() { "The team capitalises nothing." } @else { "Capitalised: " (kinds.join(", ")) "." }
                " What no rule names is not."
            } }
            table.data.listed {
                caption.vh { "Days of work that are capitalised, by month" }
                thead { tr { th scope="col" { "Month" } th.n scope="col" { "Days capitalised" } th.n scope="col" { "Other days" } th.n scope="col" { "Share" } } }
                tbody { @for month in months { tr {
                    td { (name(month.month, all.until)) }
                    @match &month.days {
                        Some(days) => {
                            td.n data-label="Days capitalised" { (format!("{:.1}", days.capitalised)) }
                            td.n data-label="Other days" { (format!("{:.1}", days.seen() - days.capitalised)) }
                            td.n data-label="Share" { (percent(days.capitalised, days.seen())) }
                        }
                        None => td colspan="3" data-label="Days" { span.muted { "Fewer than " (FEWEST) " people" } },
                    }
                } } }
            }
        }
    }
}

fn changes(page: &str, all: &TeamInvestment) -> Markup {
    let named = all.changes - all.unnamed;
    html! {
        section.card #changes {
            header { h2 { "What the changes were for" } span.right { a href={ (page) "/delivery/investment/rules" } { "Rules" } } }
            div.body { p {
                (named) " of " (all.changes) " changes are named by a rule" @if all.rules.usual { ", by the usual ones, as the team has none of its own" } "."
                @if all.unnamed > 0 { " Those that none names come first." }
            } }
            table.data.listed {
                caption.vh { "The newest changes and what they were for" }
                thead { tr { th scope="col" { "Change" } th scope="col" { "For" } th scope="col" { "By the rule" } th scope="col" { "Last worked on" } } }
                tbody { @for one in &all.newest { (row(one, all.until)) } }
            }
        }
    }
}

fn row(one: &SortedChange, today: Date) -> Markup {
    html! { tr {
        td {
            a href={ "/repositories/" (one.repository_id) } { (one.repository) @if let Some(number) = one.number { " #" (number) } }
            " " (one.title)
        }
        td data-label="For" { (word(one.kind)) }
        td data-label="By the rule" { @if let Some(rule) = &one.rule { (sees(rule.looks_at)) " " code { (rule.pattern) } } }
        td data-label="Last worked on" { (ui::date(one.last_on, today)) }
    } }
}

fn sees(looks_at: LooksAt) -> &'static str {
    match looks_at {
        LooksAt::Label => "Label",
        LooksAt::Title => "Title",
        LooksAt::Repository => "Repository",
    }
}

/// `GET /teams/{team}/delivery/investment.csv`: a line for each month and each kind, whether it is capitalised.
async fn table(cx: Cx) -> Answer {
    let all = cx.read_here::<ShowInvestment>().await?;
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"investment.csv\""),
        (header::CACHE_CONTROL, "no-store"),
    ];
    Ok((headers, all.csv()).into_response())
}

async fn rules(cx: Cx) -> Answer {
    let all = cx.read(ShowInvestmentRules { team: cx.text("team").parse()? }).await?;
    let empty = ("pattern_0".to_owned(), String::new());
    let own = (1..).zip(&all.rules).flat_map(|(at, rule)| {
        [("looks_at", rule.looks_at.word()), ("pattern", &*rule.pattern), ("kind", rule.kind.word())]
            .map(|(name, text)| (format!("{name}_{at}"), text.to_owned()))
    });
    let texts = [empty].into_iter().chain(own);
    let capital = all.capitalised.iter().map(|kind| (format!("capital_{}", kind.word()), "yes".to_owned()));
    let form = Form::refused(texts.chain(capital).collect(), Vec::new());
    let body = editor(&cx, &all, &form).await?;
    Ok(cx.page("What changes are for", body))
}

async fn editor(cx: &Cx, all: &InvestmentRules, form: &Form) -> kernel::Result<Markup> {
    let view = cx.read(ShowTeam { team: all.team }).await?;
    let (page, back) = (format!("/teams/{}", all.team), format!("/teams/{}/delivery/investment", all.team));
    let crumbs = vec![("/teams", "Teams"), (&*page, &*view.team.name), (&*back, "Investment")];
    let lead = "The first rule that names a change says what it was for. In a rule, * stands for any text, and capitals do not matter. Labels are those of the pull request and of the issues on which the change works.";
    let rows = (0..).take_while(|at| form.has(&format!("pattern_{at}"))).count();
    Ok(html! {
        (Head { crumbs, title: "What changes are for", lead, ..Head::default() }.show())
        (ui::team_tabs(cx, all.team))
        form.card.stack method="post" action={ (back) "/rules" } {
            (ui::token(cx))
            div.body { div.stack {
                (form.summary())
                @if all.usual { p.muted { "These are the usual rules. They become the team's own once they are saved." } }
                fieldset disabled[!all.may_set] {
                    legend { "Rules" }
                    div.stack { @for at in 0..rows + if all.may_set { EMPTY_ROWS } else { 0 } { (rule_row(form, at)) } }
                }
                fieldset disabled[!all.may_set] {
                    legend { "Capitalised" }
                    div.row.wrap { @for kind in Investment::ALL {
                        label.choice { input type="checkbox" name={ "capital_" (kind.word()) } value="yes" checked[form.holds(&format!("capital_{}", kind.word()), "yes")]; " " (kind.title()) }
                    } }
                }
                @if all.may_set {
                    p.muted.small { "The first row is for a rule before all others. A rule without a text is dropped. Without any rule the usual ones hold." }
                    div.buttons { button.button.primary { "Save" } a.button.quiet href=(back) { "Cancel" } }
                } @else { p.muted { "Whoever leads the team changes them." } }
            } }
        }
    })
}

fn rule_row(form: &Form, at: usize) -> Markup {
    let field = |name: &str| format!("{name}_{at}");
    let options = |name: String, label: &str, all: &[(&str, &str)]| {
        html! {
            select name=(name) aria-label=(label) { @for (word, title) in all { option value=(word) selected[form.holds(&name, word)] { (title) } } }
        }
    };
    let looks: Vec<(&str, &str)> = LooksAt::ALL.iter().map(|one| (one.word(), sees(*one))).collect();
    let kinds: Vec<(&str, &str)> = Investment::ALL.iter().map(|one| (one.word(), one.title())).collect();
    html! {
        div.row.wrap {
            div.field.w-s { (options(field("looks_at"), &format!("Rule {}: what it looks at", at + 1), &looks)) }
            div.field.grow {
                input name=(field("pattern")) type="text" maxlength="200" autocomplete="off" value=(form.value(&field("pattern")))
                    aria-label={ "Rule " (at + 1) ": text" } aria-invalid=[form.flaw(&field("pattern")).map(|_| "true")];
            }
            div.field.w-m { (options(field("kind"), &format!("Rule {}: what it is for", at + 1), &kinds)) }
        }
    }
}

async fn save(form: Submitted) -> Answer {
    let team = form.text("team").parse()?;
    let outcome = match typed(&form) {
        Ok((rules, capitalised)) => form.change(SetInvestmentRules { team, rules, capitalised }).await,
        Err(error) => Err(error),
    };
    match outcome {
        Ok(_) => Ok(form
            .go(&format!("/teams/{team}/delivery/investment"), Flash::says("The changes are sorted by these rules."))),
        Err(error) => {
            let state = form.refused(error)?;
            let all = form.cx.read(ShowInvestmentRules { team }).await?;
            let body = editor(&form.cx, &all, &state).await?;
            Ok(form.again("What changes are for", body))
        }
    }
}

fn typed(form: &Submitted) -> kernel::Result<(Vec<InvestmentRule>, Vec<Investment>)> {
    let (mut rules, mut flaws) = (Vec::new(), Vec::new());
    for at in (0..).take_while(|at| form.texts.iter().any(|(name, _)| *name == format!("pattern_{at}"))) {
        let text = |name: &str| form.text(&format!("{name}_{at}")).trim().to_owned();
        let pattern = text("pattern");
        if pattern.is_empty() {
            continue;
        }
        match pattern.try_into() {
            Ok(pattern) => {
                rules.push(InvestmentRule {
                    looks_at: text("looks_at").parse()?,
                    pattern,
                    kind: text("kind").parse()?,
                });
            }
            Err(sentence) => flaws.push(Flaw { field: format!("pattern_{at}"), sentence }),
        }
    }
    let chosen = |kind: &&Investment| form.text(&format!("capital_{}", kind.word())) == "yes";
    let capitalised = Investment::ALL.iter().filter(chosen).copied().collect();
    if flaws.is_empty() { Ok((rules, capitalised)) } else { Err(Error::Invalid(flaws)) }
}

impl TeamInvestment {
    /// The same as a table: `month,kind,days,capitalised`, in days of one person. Months behind which fewer than three people
    /// are have no lines.
    pub fn csv(&self) -> String {
        let mut text = "month,kind,days,capitalised\n".to_owned();
        for (month, days) in self.months.iter().flatten().filter_map(|month| Some((month.month, month.days.as_ref()?)))
        {
            let month = month.strftime("%Y-%m").to_string();
            for kind in COLUMNS {
                let capitalised = kind.is_some_and(|kind| self.rules.capitalised.contains(&kind));
                let (name, yes) = (kind.map_or("unnamed", Investment::word), if capitalised { "yes" } else { "no" });
                text.push_str(&format!("{month},{name},{:.3},{yes}\n", days.of(kind)));
            }
            text.push_str(&format!("{month},unseen,{:.3},no\n", days.unseen));
        }
        text
    }
}
