//! Answers in words that match the number.
use super::{Answer, Count, Done, Ground};
use crate::history::ItemKind;
use forecast::likelihood;
use jiff::civil::Date;
use ui::date_long;

/// The answer in sentences, the most important one first.
pub fn says(answer: &Answer, by: Option<Date>) -> Vec<String> {
    let Some(ground) = &answer.known else { return Vec::new() };
    let kind = ground.kind;
    let mut says = match (&answer.done, &answer.by, by) {
        (Some(done), _, Some(by)) => chance(done, by, kind),
        (Some(done), _, None) => vec![dates(done, kind)],
        (None, Some(count), _) => vec![counts(&answer.team_name, count, kind)],
        (None, None, _) => {
            let month = answer.counts.iter().find(|count| count.days >= 28);
            month.map(|count| counts(&answer.team_name, count, kind)).into_iter().collect()
        }
    };
    says.extend(answer.done.as_ref().and_then(|done| growth(done, kind)));
    says.push(rests_on(ground));
    says
}

fn growth(done: &Done, kind: ItemKind) -> Option<String> {
    let grown = done.grown?;
    if !grown.learned {
        return Some(format!("In this, {} more are assumed to come each week.", kind.count(grown.a_week as u64)));
    }
    let of_open = match u64::from(done.items) < grown.open {
        true => format!(", as the {} are of {} open ones", done.items, grown.open),
        false => String::new(),
    };
    Some(format!(
        "In this, scope grows as it did: of {:.1} new {}s a week, {:.1} are taken to be of this{of_open}.",
        grown.team_a_week,
        kind.word_of_one(),
        grown.a_week
    ))
}

/// `likely (85 %)`
pub fn stated(percent: u32) -> String {
    format!("{} ({percent} %)", likelihood(f64::from(percent) / 100.0))
}

/// A chance as it is shown: never as certain as 0 or 100 %.
pub fn percent(chance: f64) -> u32 {
    (chance * 100.0).round().clamp(1.0, 99.0) as u32
}

fn counts(team: &str, count: &Count, kind: ItemKind) -> String {
    let until = date_long(count.until);
    let [half, _, likely, sure] = count.at_least;
    if likely == 0 {
        return format!("By {until} {team} may finish nothing; no number is {}.", stated(85));
    }
    let likely = kind.count(likely);
    format!(
        "By {until} {team} is {} to finish at least {likely}, {} at least {sure}, and {} at least {half}.",
        stated(85),
        stated(95),
        stated(50)
    )
}

fn dates(done: &Done, kind: ItemKind) -> String {
    let items = kind.count(done.items.into());
    let [half, _, likely, sure] = done.by;
    match (half, likely, sure) {
        (Some(half), Some(likely), Some(sure)) => format!(
            "{items} are {} to be done by {}, {} by {}, and {} by {}.",
            stated(85),
            date_long(likely),
            stated(95),
            date_long(sure),
            stated(50),
            date_long(half)
        ),
        (Some(half), Some(likely), None) => format!(
            "{items} are {} to be done by {}, and {} by {}.",
            stated(85),
            date_long(likely),
            stated(50),
            date_long(half)
        ),
        (Some(half), None, _) => format!(
            "{items} are {} to be done by {}. No date in the next three years makes it {}.",
            stated(50),
            date_long(half),
            stated(85)
        ),
        _ => format!("No date in the next three years makes it even {} that {items} are done.", stated(50)),
    }
}

fn chance(done: &Done, by: Date, kind: ItemKind) -> Vec<String> {
    let chance = done.chance.unwrap_or_default();
    let items = kind.count(done.items.into());
    let first =
        format!("It is {} ({} %) that {items} are done by {}.", likelihood(chance), percent(chance), date_long(by));
    let mend = match (chance >= 0.85, done.fits, done.by[2]) {
        (true, _, _) => return vec![first],
        (false, Some(0) | None, Some(date)) => format!("For 85 %, the date would have to be {}.", date_long(date)),
        (false, Some(fits), date) => {
            let gone = kind.count(u64::from(done.items).saturating_sub(fits));
            let later =
                date.map_or(String::new(), |date| format!(", or the date would have to be {}", date_long(date)));
            format!("For 85 %, {gone} would have to go, so that {fits} are left{later}.")
        }
        (false, None, None) => "No date in the next three years makes it 85 %.".to_owned(),
    };
    vec![first, mend]
}

fn rests_on(ground: &Ground) -> String {
    let rests = format!("This rests on {} finished in {} days.", ground.kind.count(ground.finished), ground.days);
    match ground.borrowed {
        50.. => format!(
            "{rests} The history is short: {} % of the uncertainty is borrowed from other teams.",
            ground.borrowed
        ),
        _ => rests,
    }
}
