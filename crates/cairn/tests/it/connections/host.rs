//! A server on this machine that serves what it is given, page by page as the system does that it speaks like, and can be
//! made to fail.
use super::tree::Tree;
use axum::{
    Router,
    body::Body,
    extract::State,
    http::{HeaderMap, Response, StatusCode, Uri},
    response::IntoResponse,
};
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use kernel::{Json, json};
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};
use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, Mutex},
};
use tokio::{net::TcpListener, sync::watch};

pub const TOKEN: &str = "marigold-token";
pub const USER: &str = "cairn";
const PAGE: usize = 2;

/// An answer that is given instead of the right one: status, headers, body.
pub type Fault = (u16, Vec<(&'static str, String)>, String);

/// Whose manners it has.
#[derive(Clone, Copy, PartialEq)]
pub enum Manners {
    /// Tokens in headers, and the next page in the header `Link`.
    CodeHost,
    /// <https://circleci.com/docs/api/v2/>: a token for the next page beside the list.
    CircleCi,
    /// <https://www.jenkins.io/doc/book/using/remote-access-api/>: only the fields and the ranges of the tree that is asked for.
    Jenkins,
}

pub struct CodeHost {
    pub origin: String,
    manners: Manners,
    /// What stands at each path below the origin. Lists are served two elements a page.
    pub holds: Mutex<BTreeMap<String, Json>>,
    /// By the number of the request.
    pub faults: Mutex<BTreeMap<usize, Fault>>,
    /// Every request with the status of its answer.
    pub asked: Mutex<Vec<(String, u16)>>,
    /// The public key of an app that may ask, and how many tokens it got. Only the last one is good.
    pub app: Mutex<Option<(Vec<u8>, usize)>>,
    count: watch::Sender<usize>,
}

impl CodeHost {
    pub async fn start(holds: BTreeMap<String, Json>) -> Arc<CodeHost> {
        CodeHost::like(Manners::CodeHost, holds).await
    }

    pub async fn like(manners: Manners, holds: BTreeMap<String, Json>) -> Arc<CodeHost> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = Arc::new(CodeHost {
            origin: format!("http://{}", listener.local_addr().unwrap()),
            manners,
            holds: Mutex::new(holds),
            faults: Mutex::default(),
            asked: Mutex::default(),
            app: Mutex::default(),
            count: watch::channel(0).0,
        });
        let router = Router::new().fallback(answer).with_state(host.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        host
    }

    /// Returns when so many requests were made.
    pub async fn reached(&self, number: usize) {
        self.count.subscribe().wait_for(|count| *count >= number).await.unwrap();
    }

    pub fn asked(&self) -> Vec<(String, u16)> {
        self.asked.lock().unwrap().clone()
    }

    /// All that it holds as a recording of exchanges, which is read as files are.
    pub fn recording(&self) -> Json {
        let exchange = |(path, body): (&String, &Json)| {
            (format!("{}{path}", self.origin), json!({ "status": 200, "response": body }))
        };
        let all: serde_json::Map<String, Json> = self.holds.lock().unwrap().iter().map(exchange).collect();
        json!({ "api": { "get": all } })
    }

    fn fault(&self) -> Option<Fault> {
        let number = self.asked.lock().unwrap().len();
        self.faults.lock().unwrap().remove(&number)
    }

    fn served(&self, uri: &Uri, headers: &HeaderMap) -> Fault {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        match uri.path().strip_prefix("/api/v3/app/installations/") {
            Some("77/access_tokens") => return self.lend(text("authorization")),
            Some(_) => return (404, Vec::new(), json!({ "message": "Not Found" }).to_string()),
            None => {}
        }
        let lent = self.app.lock().unwrap().as_ref().map(|(_, number)| format!("Bearer ghs_{number}"));
        let basic = format!("Basic {}", BASE64_STANDARD.encode(format!("{USER}:{TOKEN}")));
        let allowed = match self.manners {
            Manners::CodeHost if lent.is_some() => Some(text("authorization")) == lent.as_deref(),
            Manners::CodeHost => text("authorization") == format!("Bearer {TOKEN}") || text("private-token") == TOKEN,
            Manners::CircleCi => text("circle-token") == TOKEN,
            Manners::Jenkins => text("authorization") == basic,
        };
        if !allowed {
            return (401, Vec::new(), json!({ "message": "Bad credentials" }).to_string());
        }
        let Some(body) = self.holds.lock().unwrap().get(uri.path()).cloned() else {
            return (404, Vec::new(), json!({ "message": "Not Found" }).to_string());
        };
        let query = uri.query().unwrap_or_default();
        match self.manners {
            Manners::CodeHost => self.linked(uri, body, text("if-none-match")),
            Manners::CircleCi => (200, Vec::new(), paged(body, query).to_string()),
            Manners::Jenkins => (200, Vec::new(), Tree::of(query).pick(&body).to_string()),
        }
    }

    /// A token for an hour, if the app has signed that it is the app.
    fn lend(&self, authorization: &str) -> Fault {
        let mut app = self.app.lock().unwrap();
        let (public, number) = app.as_mut().unwrap();
        let (text, signature) = authorization.strip_prefix("Bearer ").unwrap().rsplit_once('.').unwrap();
        let (_, claims) = text.split_once('.').unwrap();
        let decoded = |part: &str| BASE64_URL_SAFE_NO_PAD.decode(part).unwrap();
        let claims: Json = serde_json::from_slice(&decoded(claims)).unwrap();
        let signed =
            UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, public).verify(text.as_bytes(), &decoded(signature));
        let (from, until) = (claims["iat"].as_i64().unwrap(), claims["exp"].as_i64().unwrap());
        if signed.is_err() || claims["iss"] != "12345" || until - from > 600 {
            return (401, Vec::new(), json!({ "message": "A JSON web token could not be decoded" }).to_string());
        }
        *number += 1;
        let expires = jiff::Timestamp::from_second(from + 3_660).unwrap();
        (201, Vec::new(), json!({ "token": format!("ghs_{number}"), "expires_at": expires.to_string() }).to_string())
    }

    /// A page of a list, with the address of the next one in a header.
    fn linked(&self, uri: &Uri, body: Json, known: &str) -> Fault {
        let query = uri.query().unwrap_or_default();
        let page = query.split('&').find_map(|pair| pair.strip_prefix("page=")).and_then(|page| page.parse().ok());
        let (body, more) = cut(body, page.unwrap_or(1));
        let body = body.to_string();
        let mut hasher = DefaultHasher::new();
        body.hash(&mut hasher);
        let etag = format!("W/\"{:x}\"", hasher.finish());
        let mut answer = vec![("etag", etag.clone()), ("x-ratelimit-limit", "5000".into())];
        if more {
            let rest: Vec<&str> = query.split('&').filter(|pair| !pair.starts_with("page=")).collect();
            let next = format!("{}&page={}", rest.join("&"), page.unwrap_or(1) + 1);
            answer.push(("link", format!("<{}{}?{next}>; rel=\"next\"", self.origin, uri.path())));
        }
        match known == etag {
            true => (304, answer, String::new()),
            false => (200, answer, body),
        }
    }
}

/// Two items, and a token with letters that mean something in an address.
fn paged(mut body: Json, query: &str) -> Json {
    let Some(items) = body["items"].as_array().cloned() else { return body };
    let token = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "page-token");
    let from = token.map_or(0, |(_, token)| token.strip_prefix("p+&").unwrap().parse().unwrap());
    body["items"] = items.iter().skip(from).take(PAGE).cloned().collect();
    let rest = items.len() > from + PAGE;
    body["next_page_token"] = if rest { json!(format!("p+&{}", from + PAGE)) } else { Json::Null };
    body
}

/// One page of a list, or of the list within an object, and whether there are more.
fn cut(body: Json, page: usize) -> (Json, bool) {
    let of = |list: &[Json]| {
        let shown: Vec<Json> = list.iter().skip((page - 1) * PAGE).take(PAGE).cloned().collect();
        (shown, list.len() > page * PAGE)
    };
    match body {
        Json::Array(list) => {
            let (shown, more) = of(&list);
            (Json::Array(shown), more)
        }
        Json::Object(mut object) => match object.get("workflow_runs").and_then(Json::as_array).map(|list| of(list)) {
            Some((shown, more)) => {
                object.insert("workflow_runs".into(), Json::Array(shown));
                (Json::Object(object), more)
            }
            None => (Json::Object(object), false),
        },
        other => (other, false),
    }
}

async fn answer(State(host): State<Arc<CodeHost>>, uri: Uri, headers: HeaderMap) -> Response<Body> {
    let (status, headers, body) = host.fault().unwrap_or_else(|| host.served(&uri, &headers));
    host.asked.lock().unwrap().push((uri.to_string(), status));
    host.count.send_modify(|count| *count += 1);
    let mut response = (StatusCode::from_u16(status).unwrap(), body).into_response();
    for (name, value) in headers {
        response.headers_mut().insert(name, value.parse().unwrap());
    }
    response
}
