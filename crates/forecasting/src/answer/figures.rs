//! The answers as pictures.
use super::{Answer, Count, Ground, percent, stated};
use jiff::civil::Date;
use std::iter;
use ui::{
    Markup,
    chart::{Fan, Figure, columns},
    date_long,
};

/// How many items in the weeks to come, with what is asked for.
pub fn fan(id: &str, answer: &Answer, ground: &Ground, by: Option<Date>) -> Markup {
    let counts = &answer.counts;
    let Some(last) = counts.last() else { return ui::html! {} };
    let short = |date: Date| date.strftime("%-d %b").to_string();
    let names: Vec<String> = iter::once(short(ground.as_of)).chain(counts.iter().map(|one| short(one.until))).collect();
    let line =
        |place: usize| -> Vec<f64> { iter::once(0.0).chain(counts.iter().map(|one| one.quantiles[place])).collect() };
    let goal = answer.done.as_ref().map(|done| (f64::from(done.items), ground.kind.count(done.items.into())));
    let step = counts[0].days;
    let place = by.map(|by| f64::from((by - ground.as_of).get_days() + 1) / step as f64);
    let likely = ground.kind.count(last.at_least[2]);
    Figure {
        id,
        title: "How much by when",
        sample: &format!("{} in {} days", ground.kind.count(ground.finished), ground.days),
        sentence: &format!("By {} at least {likely} are {}; the middle line is as likely too low as too high.", date_long(last.until), stated(85)),
        definition: "The line is the median. The inner band holds 70 % of what may come, the outer one 90 %. It is made from the team's own finish dates and its capacity on each coming day, mixed from seven models by how well each did along this history, and corrected so that what is stated holds as often as it says.",
        picture: Fan {
            label: "Items finished from now on, with bands of 70 and 90 %",
            names: &names,
            bands: &[(line(0), line(4)), (line(1), line(3))],
            middle: &line(2),
            goal: goal.as_ref().map(|(count, words)| (*count, words.as_str())),
            deadline: place.filter(|place| *place <= counts.len() as f64).map(|place| (place, "the date")),
        }
        .show(),
        heads: &["Until", "95 %", "85 %", "70 %", "50 %"],
        rows: counts.iter().map(row).collect(),
    }
    .show()
}

fn row(count: &Count) -> Vec<String> {
    iter::once(date_long(count.until)).chain(count.at_least.iter().rev().map(u64::to_string)).collect()
}

const MOST_COLUMNS: usize = 40;

/// In which week it is done, coloured by how likely it is that it is done by then: from the chances by days a week apart,
/// and the date by which it is done with 85 %.
pub fn dates(weeks: &[(Date, f64)], likely: Option<Date>, sample: &str) -> Markup {
    let together = weeks.len().div_ceil(MOST_COLUMNS).max(1);
    let ends: Vec<(Date, f64)> = weeks.chunks(together).filter_map(|span| span.last().copied()).collect();
    let before = iter::once(0.0).chain(ends.iter().map(|(_, chance)| *chance));
    let shares: Vec<f64> = ends.iter().zip(before).map(|((_, chance), before)| 100.0 * (chance - before)).collect();
    let first = shares.iter().position(|share| *share >= 0.05).unwrap_or(0);
    let names: Vec<String> = ends[first..].iter().map(|(date, _)| date.strftime("%-d %b").to_string()).collect();
    let limits = [(0.0, 0.5), (0.5, 0.85), (0.85, 0.95), (0.95, 2.0)];
    let words = ["up to 50 %", "up to 85 %", "up to 95 %", "later"];
    let series: Vec<(&str, Vec<f64>)> = words
        .into_iter()
        .zip(limits)
        .map(|(word, (low, high))| {
            let within = |place: usize| ends[place].1 > low && ends[place].1 <= high;
            (word, (first..ends.len()).map(|place| if within(place) { shares[place] } else { 0.0 }).collect())
        })
        .collect();
    let likely = likely.map_or("No date in three years".to_owned(), date_long);
    let unit = if together == 1 { "week".to_owned() } else { format!("{together} weeks") };
    Figure {
        id: "dates",
        title: "When it is done",
        sample,
        sentence: &format!("{likely} is the date by which it is {}.", stated(85)),
        definition: "The chance, in percent, that the last item is finished in each span, which is named by its last day. The colours add up the chances from the left.",
        picture: columns(&format!("Chance of being done by {unit}"), &names, &series),
        heads: &["By", "Chance"],
        rows: ends[first..].iter().map(|(date, chance)| vec![date_long(*date), format!("{} %", percent(*chance))]).collect(),
    }
    .show()
}
