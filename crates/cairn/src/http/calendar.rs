//! The door for calendar programs: without a session or a cookie, with an address that somebody made for themselves.
use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use kernel::{Actor, Door, Error};
use rituals::calendar::{ReadCalendar, TouchCalendar};
use ui::{Problem, Site};

/// `GET /calendar/{secret}.ics`
pub async fn feed(State(site): State<Site>, Path(file): Path<String>) -> Result<Response, Problem> {
    let secret = file.strip_suffix(".ics").unwrap_or(&file).to_owned();
    let stranger = Actor::stranger(site.workspace, Door::Page);
    let found = match site.app.call(&stranger, ReadCalendar { secret }).await {
        Ok(found) => found,
        Err(Error::NotFound) => {
            return Ok((StatusCode::NOT_FOUND, "This address is not good any more.\n").into_response());
        }
        Err(error) => return Err(Problem(error)),
    };
    if found.is_stale {
        let touch = TouchCalendar { person: found.person };
        site.app.call(&Actor::system(site.workspace), touch).await.map_err(Problem)?;
    }
    let headers =
        [(header::CONTENT_TYPE, "text/calendar; charset=utf-8"), (header::CACHE_CONTROL, "private, no-store")];
    Ok((headers, found.text).into_response())
}
