//! A GitHub App that asks for itself: it signs with its private key that it is the app, and gets a token for an hour.
//! <https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app>
use super::{
    answer::{Asked, MOST, Outcome},
    server,
};
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use kernel::{Fetch, Fetched, Outside, Time, json};
use ring::{
    rand::SystemRandom,
    signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair},
};
use serde::{Deserialize, Serialize};
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// Who asks: an app by its number or its client id, where it is installed.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct App {
    pub id: String,
    pub installation: String,
}

/// A token of an installation.
struct Lent {
    token: String,
    until: Time,
}

/// The API, the app and its public key, by which tokens are kept until they end. They are in memory only.
type Borrower = (String, App, Vec<u8>);

static LENT: Mutex<BTreeMap<Borrower, Lent>> = Mutex::new(BTreeMap::new());

/// A token is not used for the last minutes of its hour.
const MARGIN: Duration = Duration::from_secs(300);
/// The clock of the server may be behind.
const BEHIND: i64 = 60;
/// GitHub takes no more than ten minutes.
const GOOD_FOR: i64 = 540;

#[derive(Deserialize)]
struct Answer {
    token: String,
    expires_at: jiff::Timestamp,
}

/// The key in a file of PEM, of PKCS#1 as GitHub gives it out or of PKCS#8; its lines may have been joined.
pub(super) fn key(pem: &str) -> Option<RsaKeyPair> {
    let (_, rest) = pem.split_once("-----BEGIN ")?;
    let (label, rest) = rest.split_once("-----")?;
    let (body, _) = rest.split_once("-----END ")?;
    let body: String = body.split_whitespace().collect();
    let bytes = BASE64_STANDARD.decode(body).ok()?;
    match label {
        "RSA PRIVATE KEY" => RsaKeyPair::from_der(&bytes).ok(),
        "PRIVATE KEY" => RsaKeyPair::from_pkcs8(&bytes).ok(),
        _ => None,
    }
}

/// A token with which the app may ask; `anew` if the one that is kept was refused. Else what the refusal means.
pub(super) async fn token(
    outside: &dyn Outside,
    asked: &Asked,
    app: &App,
    pem: &str,
    anew: bool,
) -> Result<String, Outcome> {
    let key = key(pem)
        .ok_or_else(|| Outcome::Stop("The private key of the app cannot be read. Give it once more.".into()))?;
    let api = server::api(asked.system, &asked.server);
    let borrower = (api.clone(), app.clone(), key.public_key().as_ref().to_vec());
    if let Some(token) = kept(&borrower, asked.now).filter(|_| !anew) {
        return Ok(token);
    }
    let signed =
        signed(&key, &app.id, asked.now).ok_or_else(|| Outcome::Stop("The key of the app cannot sign.".into()))?;
    let mut headers = asked.system.headers("", &signed);
    headers.push(("user-agent", "cairn".to_owned()));
    let url = format!("{api}app/installations/{}/access_tokens", app.installation);
    let answer = match outside.fetch(Fetch { url, headers, body: Some(Vec::new()), most: MOST }).await {
        Ok(fetched) if (200..300).contains(&fetched.status) => serde_json::from_slice::<Answer>(&fetched.body).ok(),
        Ok(fetched) => return Err(refused(asked, app, fetched)),
        Err(error) => return Err(asked.outcome(Err(error))),
    };
    let usable =
        answer.filter(|answer| !answer.token.is_empty() && answer.token.bytes().all(|byte| byte.is_ascii_graphic()));
    let Some(Answer { token, expires_at }) = usable else {
        let host = server::host(&asked.server);
        return Err(Outcome::Again { sentence: format!("{host} answered the app with no token."), answered: false });
    };
    let mut lent = LENT.lock().unwrap_or_else(PoisonError::into_inner);
    lent.retain(|_, one| one.until > asked.now);
    lent.insert(borrower, Lent { token: token.clone(), until: Time::from(expires_at) - MARGIN });
    Ok(token)
}

fn kept(borrower: &Borrower, now: Time) -> Option<String> {
    let lent = LENT.lock().unwrap_or_else(PoisonError::into_inner);
    lent.get(borrower).filter(|one| one.until > now).map(|one| one.token.clone())
}

/// That this is the app, signed: a JSON Web Token by RS256 (<https://www.rfc-editor.org/rfc/rfc7519>).
fn signed(key: &RsaKeyPair, app: &str, now: Time) -> Option<String> {
    let second = now.timestamp().as_second();
    let head = json!({ "alg": "RS256", "typ": "JWT" });
    let claims = json!({ "iat": second - BEHIND, "exp": second + GOOD_FOR, "iss": app });
    let part = |value: kernel::Json| BASE64_URL_SAFE_NO_PAD.encode(value.to_string());
    let text = format!("{}.{}", part(head), part(claims));
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), text.as_bytes(), &mut signature).ok()?;
    Some(format!("{text}.{}", BASE64_URL_SAFE_NO_PAD.encode(signature)))
}

fn refused(asked: &Asked, app: &App, fetched: Fetched) -> Outcome {
    let (host, App { id, installation }) = (server::host(&asked.server), app);
    let outcome = asked.outcome(Ok(fetched.clone()));
    match (fetched.status, outcome) {
        (_, outcome @ (Outcome::Pause { .. } | Outcome::Again { .. })) => outcome,
        (401, _) => Outcome::Stop(format!("{host} does not accept the key of app {id}. Give it the newest one.")),
        (404, _) => Outcome::Stop(format!("App {id} has no installation {installation} at {host}.")),
        (403, _) => Outcome::Stop(format!("Installation {installation} of app {id} is suspended at {host}.")),
        (status, _) => Outcome::Stop(format!("{host} gives no token to app {id} ({status}).")),
    }
}

#[cfg(test)]
mod tests;
