//! Both kinds of stores, the second one against a server that answers as S3 does.
use super::*;
use axum::{
    Router,
    body::Bytes,
    extract::{Path as AxumPath, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::get,
};
use std::{collections::BTreeMap, sync::Mutex};
use tokio::net::TcpListener;

#[derive(Default)]
struct Service {
    objects: Mutex<BTreeMap<String, Bytes>>,
    /// So many of the next requests fail as a busy service's do.
    fail: Mutex<usize>,
    refused: Mutex<Vec<String>>,
}

type Shared = State<Arc<Service>>;

impl Service {
    /// Whether a request is signed with the key of these tests, and its body is what was signed.
    fn admits(&self, headers: &HeaderMap, body: &[u8]) -> bool {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().to_owned();
        let (signed, hash) = (text("authorization"), text("x-amz-content-sha256"));
        let good = signed.starts_with("AWS4-HMAC-SHA256 Credential=key/")
            && signed.contains("/eu-test-1/s3/aws4_request")
            && (hash == sha256(body) || hash == "UNSIGNED-PAYLOAD");
        if !good {
            self.refused.lock().unwrap().push(signed);
        }
        good
    }

    fn busy(&self) -> bool {
        let mut left = self.fail.lock().unwrap();
        let busy = *left > 0;
        *left = left.saturating_sub(1);
        busy
    }
}

async fn put(State(service): Shared, AxumPath(path): AxumPath<String>, headers: HeaderMap, body: Bytes) -> Response {
    if service.busy() {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    if !service.admits(&headers, &body) {
        return StatusCode::FORBIDDEN.into_response();
    }
    service.objects.lock().unwrap().insert(path, body);
    [("etag", "\"1\"")].into_response()
}

async fn read(State(service): Shared, AxumPath(path): AxumPath<String>, headers: HeaderMap) -> Response {
    if !service.admits(&headers, b"") {
        return StatusCode::FORBIDDEN.into_response();
    }
    match service.objects.lock().unwrap().get(&path) {
        Some(bytes) => {
            ([("etag", "\"1\""), ("last-modified", "Tue, 17 Mar 2026 12:00:00 GMT")], bytes.clone()).into_response()
        }
        None => (StatusCode::NOT_FOUND, "<Error><Code>NoSuchKey</Code></Error>").into_response(),
    }
}

async fn delete(State(service): Shared, AxumPath(path): AxumPath<String>, headers: HeaderMap) -> Response {
    if !service.admits(&headers, b"") {
        return StatusCode::FORBIDDEN.into_response();
    }
    service.objects.lock().unwrap().remove(&path);
    StatusCode::NO_CONTENT.into_response()
}

/// A bucket, and the service that holds it.
async fn bucket() -> (Files, Arc<Service>) {
    let service = Arc::new(Service::default());
    let router = Router::new().route("/{*path}", get(read).put(put).delete(delete)).with_state(service.clone());
    let router = router.layer(axum::extract::DefaultBodyLimit::max(64 * 1024 * 1024));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    let variables = [
        ("AWS_ACCESS_KEY_ID", "key"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_REGION", "eu-test-1"),
        ("AWS_ENDPOINT_URL", &endpoint),
        ("AWS_ALLOW_HTTP", "true"),
    ];
    let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
    (Files::bucket("s3://bucket/cairn/one", variables.into_iter()).unwrap(), service)
}

fn folder() -> (Files, PathBuf) {
    let path = env::temp_dir().join("cairn-tests").join(Id::<()>::new().to_string());
    (Files::folder(&path).unwrap(), path)
}

async fn keeps_what_it_was_given(files: &Files) {
    files.answers().await.unwrap();
    for bytes in [b"".to_vec(), b"small".to_vec(), vec![7; 20 * 1024 * 1024]] {
        let name = BlobName::of(&sha256(&bytes), &Id::new());
        assert!(files.get(&name).await.is_err(), "nothing is there yet");
        files.put(&name, bytes.clone()).await.unwrap();
        files.put(&name, bytes.clone()).await.unwrap();
        assert!(files.get(&name).await.unwrap() == bytes);
        files.delete(&name).await.unwrap();
        files.delete(&name).await.unwrap();
        assert!(files.get(&name).await.is_err(), "it is deleted");
    }
    let name = BlobName::of(&sha256(b"promised"), &Id::new());
    files.put(&name, b"damaged".to_vec()).await.unwrap();
    assert!(files.get(&name).await.unwrap_err().to_string().contains("damaged"));
}

#[tokio::test]
async fn a_folder_keeps_what_it_was_given_under_the_hash() {
    let (files, path) = folder();
    keeps_what_it_was_given(&files).await;
    let id = Id::new();
    let name = BlobName::of(&sha256(b"abc"), &id);
    files.put(&name, b"abc".to_vec()).await.unwrap();
    let hash = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    assert_eq!(fs::read(path.join("ba").join(format!("{hash}-{id}"))).unwrap(), b"abc");
}

#[tokio::test]
async fn a_bucket_keeps_what_it_was_given_below_its_prefix() {
    let (files, service) = bucket().await;
    keeps_what_it_was_given(&files).await;
    let name = BlobName::of(&sha256(b"abc"), &Id::new());
    files.put(&name, b"abc".to_vec()).await.unwrap();
    let expected = format!("bucket/cairn/one/{}", name.as_str());
    assert_eq!(service.objects.lock().unwrap().keys().next_back(), Some(&expected));
    assert!(service.refused.lock().unwrap().is_empty());
}

#[tokio::test]
async fn a_service_that_is_busy_for_a_moment_is_asked_again() {
    let (files, service) = bucket().await;
    *service.fail.lock().unwrap() = 2;
    let name = BlobName::of(&sha256(b"abc"), &Id::new());
    files.put(&name, b"abc".to_vec()).await.unwrap();
    assert_eq!(files.get(&name).await.unwrap(), b"abc");
}

#[tokio::test]
async fn a_place_that_cannot_be_used_is_refused_by_name() {
    let refused = |place: &str| Files::at(place).err().map(|error| error.to_string()).unwrap_or_default();
    assert!(refused("https://example.com/files").contains("neither a folder nor s3://"));
    assert!(refused("/proc/nothing/here").contains("/proc/nothing/here cannot be made"));
}
