//! What is said of a sprint, in sentences.
use super::SprintForecast;
use crate::{
    answer::{percent, stated},
    course::open,
    history::ItemKind,
};
use forecast::likelihood;
use ui::date_long;

/// Why nothing is forecast of a sprint, whatever its team is like.
pub fn refused(open: u64, done: u64, closed: bool) -> Option<&'static str> {
    match open {
        _ if closed => Some("It is closed, so there is nothing to forecast."),
        0 if done > 0 => Some("All that is in it is done."),
        0 => Some("Nothing is in it yet."),
        _ => None,
    }
}

/// The sentences, the most important one first; `given` is whether the share of the team was given.
pub fn says(answer: &SprintForecast, given: bool) -> Vec<String> {
    [chance(answer), part(answer), mend(answer), Some(focus(answer, given))].into_iter().flatten().collect()
}

fn chance(answer: &SprintForecast) -> Option<String> {
    let (last, [half, _, likely, _]) = (date_long(answer.last_on), answer.likely);
    let all = match answer.open {
        1 => "the one open issue is".to_owned(),
        count => format!("all {} are", open(count)),
    };
    Some(match (answer.chance, half, likely) {
        (Some(chance), ..) => {
            format!("It is {} ({} %) that {all} done by {last}.", likelihood(chance), percent(chance))
        }
        (None, Some(half), Some(likely)) => format!(
            "Its last day was {last}. It is {} that {all} done by {}, and {} by {}.",
            stated(50),
            date_long(half),
            stated(85),
            date_long(likely)
        ),
        _ => format!("Its last day was {last}, and no date in the next three years makes it likely that {all} done."),
    })
}

/// How many of them will be, where not all are as good as done.
fn part(answer: &SprintForecast) -> Option<String> {
    let [half, _, likely, _] = answer.at_least?;
    match (half, likely) {
        _ if answer.open == 1 || likely == answer.open => None,
        (0, _) => Some("Not even one of them is likely to be.".to_owned()),
        (half, 0) => Some(format!("It is {} that at least {} of them are.", stated(50), half)),
        (half, likely) if half == likely => Some(format!("It is {} that at least {likely} of them are.", stated(85))),
        (half, likely) => {
            Some(format!("It is {} that at least {likely} of them are, and {} {half}.", stated(85), stated(50)))
        }
    }
}

/// What would make it likely.
fn mend(answer: &SprintForecast) -> Option<String> {
    let issues = ItemKind::Issues.count(answer.to_go?);
    Some(match answer.likely[2] {
        Some(date) => format!("For 85 %, {issues} would have to go, or it would take until {}.", date_long(date)),
        None => format!("For 85 %, {issues} would have to go."),
    })
}

fn focus(answer: &SprintForecast, given: bool) -> String {
    let (team, share) = (&answer.team_name, answer.focus);
    match answer.focus_from {
        Some(sprints) => format!(
            "Of what {team} finished in its last {sprints} sprints, {share} % was of the sprint; it is taken to go on so."
        ),
        None if given => format!("This is if {share} % of what {team} finishes is of the sprint."),
        None => {
            format!("All that {team} finishes is taken to be of the sprint, as too few sprints are closed to tell.")
        }
    }
}
