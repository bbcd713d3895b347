use forge::Told;
use kernel::{Error, Json, Result};

/// Whether the review of a pull request was asked of an account, by everything that was told of the pull request.
pub(crate) fn is_requested(told: &str, login: &str) -> Result<bool> {
    let told: Told = serde_json::from_str(told).map_err(Error::internal)?;
    let fields = told.fields();
    let asked = fields.get("requested_reviewers").and_then(Json::as_array).into_iter().flatten();
    let mut logins = asked.filter_map(|one| one.get("login").and_then(Json::as_str));
    Ok(logins.any(|one| one.to_lowercase() == login.to_lowercase()))
}
