//! Beside a debt of the roadmap: how often the places where it lies changed.
use super::{FEWEST, Seen, Span, rows};
use crate::repository::Repository;
use kernel::{Aside, Id, Later, Reference, Result, Tx, args, sql};

pub fn asides<'a>(tx: &'a mut Tx<'_>, about: &'a Reference) -> Later<'a, Vec<Aside>> {
    Box::pin(async move { if about.kind == "debt" { of_debt(tx, &about.id).await } else { Ok(Vec::new()) } })
}

/// For an actor who sees the debt. Nothing where fewer than three people are behind the commits.
async fn of_debt(tx: &mut Tx<'_>, debt: &str) -> Result<Vec<Aside>> {
    let select = sql!(
        "select repository_id, path from roadmap_public_debt_places
          where workspace_id = $1 and debt_id = $2 order by path, repository_id"
    );
    let places: Vec<(Id<Repository>, String)> = tx.all(select, args![tx.workspace(), debt]).await?;
    let Some((first, _)) = places.first() else { return Ok(Vec::new()) };
    let repositories: Vec<Id<Repository>> = places.iter().map(|(repository, _)| *repository).collect();
    let now = tx.now();
    let seen = Seen::new(rows::read(tx, &repositories, Span::Quarter.from(now)).await?, now);
    if seen.contributors() < FEWEST {
        return Ok(Vec::new());
    }
    let says = places.iter().map(|(repository, path)| {
        let (commits, lines) = seen.touched(*repository, path);
        match commits {
            0 => format!("No commit touched {path}."),
            1 => format!("One commit touched {path}, with {lines} lines."),
            n => format!("{n} commits touched {path}, with {lines} lines."),
        }
    });
    let says = std::iter::once("In the last thirteen weeks, on the main line:".to_owned()).chain(says).collect();
    let href = format!("/repositories/{first}");
    Ok(vec![Aside { title: "How often it changes", says, course: None, href, link: "Hot spots" }])
}
