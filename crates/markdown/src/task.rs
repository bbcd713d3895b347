//! Ticking a task in the text itself.

use pulldown_cmark::Event;

use crate::parse::events;

/// The text with its task of this index ticked or not, where the first task has the index 0, as `data-task` in the HTML
/// says. Exactly the byte between the brackets changes, and none when the task is so already. None when the text has no
/// such task.
pub fn toggle_task(text: &str, index: usize, done: bool) -> Option<String> {
    let (was_done, bracket) = events(text)
        .filter_map(|(event, range)| match event {
            Event::TaskListMarker(was_done) => Some((was_done, range.start)),
            _ => None,
        })
        .nth(index)?;
    let mut changed = text.to_owned();
    if was_done != done {
        let mark = bracket + 1;
        changed.replace_range(mark..=mark, if done { "x" } else { " " });
    }
    Some(changed)
}
