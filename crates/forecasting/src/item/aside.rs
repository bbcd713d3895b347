//! What stands on the page of an issue.
use super::{Item, ask};
use kernel::{Aside, Error, Result, Tx};
use people::access::today;

/// When an issue is done; nothing where that cannot be said.
pub async fn of(tx: &mut Tx<'_>, id: &str) -> Result<Vec<Aside>> {
    let item = match Item::visible(tx, id).await {
        Ok(item) if item.finished_at.is_none() => item,
        Ok(_) | Err(Error::NotFound) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let says = match item.leaf {
        // All that is below it is forecast on a page of its own, as that takes the histories of several teams.
        false => vec!["When all that is below it is done follows from the teams that do it.".to_owned()],
        true => {
            let by = ask::target_date(&item, today(tx));
            ask::of(tx, &item, by, 100).await?.says
        }
    };
    let href = format!("/issues/{}/forecast", item.key());
    let aside = Aside { title: "When it is done", says, course: None, href, link: "Forecast" };
    Ok(if aside.says.is_empty() { Vec::new() } else { vec![aside] })
}
