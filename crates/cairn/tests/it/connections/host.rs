//! A code host on this machine that serves what it is given, page by page, and can be made to fail.
use axum::{
    Router,
    body::Body,
    extract::State,
    http::{HeaderMap, Response, StatusCode, Uri},
    response::IntoResponse,
};
use kernel::{Json, json};
use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, Mutex},
};
use tokio::{net::TcpListener, sync::watch};

pub const TOKEN: &str = "marigold-token";
const PAGE: usize = 2;

/// An answer that is given instead of the right one: status, headers, body.
pub type Fault = (u16, Vec<(&'static str, String)>, String);

pub struct CodeHost {
    pub origin: String,
    /// What stands at each path below the origin. Lists are served two elements a page.
    pub holds: Mutex<BTreeMap<String, Json>>,
    /// By the number of the request.
    pub faults: Mutex<BTreeMap<usize, Fault>>,
    /// Every request with the status of its answer.
    pub asked: Mutex<Vec<(String, u16)>>,
    count: watch::Sender<usize>,
}

impl CodeHost {
    pub async fn start(holds: BTreeMap<String, Json>) -> Arc<CodeHost> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let host = Arc::new(CodeHost {
            origin: format!("http://{}", listener.local_addr().unwrap()),
            holds: Mutex::new(holds),
            faults: Mutex::default(),
            asked: Mutex::default(),
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
        if text("authorization") != format!("Bearer {TOKEN}") && text("private-token") != TOKEN {
            return (401, Vec::new(), json!({ "message": "Bad credentials" }).to_string());
        }
        let Some(body) = self.holds.lock().unwrap().get(uri.path()).cloned() else {
            return (404, Vec::new(), json!({ "message": "Not Found" }).to_string());
        };
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
        match text("if-none-match") == etag {
            true => (304, answer, String::new()),
            false => (200, answer, body),
        }
    }
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
