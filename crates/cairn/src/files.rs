//! Where the bytes are kept that people bring: a folder, or a bucket of a service that speaks S3.
mod connector;

use crate::config::Config;
use connector::Connector;
use futures_util::TryFutureExt;
use kernel::{BlobName, BlobStore, Error, Id, Later, Result, sha256};
use object_store::{
    ObjectStore, ObjectStoreExt, PutPayload, RetryConfig,
    aws::{AmazonS3Builder, AmazonS3ConfigKey},
    local::LocalFileSystem,
    path::Path,
    prefix::PrefixStore,
};
use std::{env, fs, path::PathBuf, sync::Arc, time::Duration};
use url::Url;

/// No request to the store takes longer than this with all its repetitions, so that a job ends within its lease.
const PATIENCE: Duration = Duration::from_secs(45);

pub struct Files {
    store: Arc<dyn ObjectStore>,
    place: String,
    is_folder: bool,
}

impl Files {
    /// The store that `files-url` names, or the folder `files` in the data folder.
    pub fn open(config: &Config) -> Result<Files> {
        match config.text("files-url").trim() {
            "" => Files::folder(&config.data().join("files")),
            place => Files::at(place),
        }
    }

    /// A folder, or `s3://bucket/prefix` with the variables of this process.
    pub fn at(place: &str) -> Result<Files> {
        match place {
            url if url.starts_with("s3://") => Files::bucket(url, env::vars()),
            path if path.contains("://") => Err(wrong(format!("`{path}` is neither a folder nor s3://bucket/prefix."))),
            path => Files::folder(&PathBuf::from(path)),
        }
    }

    /// A folder of this machine, which is made if it is missing.
    pub fn folder(path: &std::path::Path) -> Result<Files> {
        let unmade = |error: std::io::Error| wrong(format!("The folder {} cannot be made: {error}.", path.display()));
        fs::create_dir_all(path).map_err(unmade)?;
        let store = LocalFileSystem::new_with_prefix(path).map_err(|error| wrong(format!("{error}.")))?;
        let place = format!("the folder {}", path.display());
        Ok(Files { store: Arc::new(store.with_fsync(true)), place, is_folder: true })
    }

    /// `s3://bucket/prefix`, with the usual variables such as `AWS_ACCESS_KEY_ID`, `AWS_REGION` and, for another service
    /// than Amazon's, `AWS_ENDPOINT_URL`.
    pub fn bucket(url: &str, variables: impl Iterator<Item = (String, String)>) -> Result<Files> {
        let unusable = |error: object_store::Error| wrong(format!("{url} cannot be used: {error}."));
        let parsed = Url::parse(url).map_err(|error| wrong(format!("{url} cannot be read: {error}.")))?;
        let mut builder = AmazonS3Builder::new()
            .with_url(url)
            .with_http_connector(Connector)
            .with_config(AmazonS3ConfigKey::DisableBulkDelete, "true")
            .with_retry(RetryConfig { retry_timeout: PATIENCE / 2, max_retries: 3, ..RetryConfig::default() });
        for (name, value) in variables.filter(|(name, _)| name.starts_with("AWS_")) {
            if let Ok(key) = name.to_ascii_lowercase().parse::<AmazonS3ConfigKey>() {
                builder = builder.with_config(key, value);
            }
        }
        let prefix = Path::from_url_path(parsed.path()).map_err(|error| wrong(format!("{error}.")))?;
        let store = PrefixStore::new(builder.build().map_err(unusable)?, prefix);
        Ok(Files { store: Arc::new(store), place: url.to_owned(), is_folder: false })
    }

    /// In words.
    pub fn place(&self) -> &str {
        &self.place
    }

    /// Whether only programs on this machine reach it.
    pub fn is_folder(&self) -> bool {
        self.is_folder
    }

    /// Keeps a few bytes, reads them and deletes them again.
    pub async fn answers(&self) -> Result<()> {
        let bytes = b"Written by cairn doctor to see whether this store answers.".to_vec();
        let name = BlobName::of(&sha256(&bytes), &Id::new());
        self.put(&name, bytes).await?;
        self.get(&name).await?;
        self.delete(&name).await
    }

    async fn within<T>(&self, name: &BlobName, request: impl Future<Output = object_store::Result<T>>) -> Result<T> {
        match tokio::time::timeout(PATIENCE, request).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(object_store::Error::NotFound { .. })) => {
                Err(Error::internal(format!("{} is not in {}", name.as_str(), self.place)))
            }
            Ok(Err(error)) => Err(Error::internal(format!("{} does not work: {error}", self.place))),
            Err(_) => Err(Error::internal(format!("{} has not answered for {PATIENCE:?}", self.place))),
        }
    }
}

impl BlobStore for Files {
    fn put<'a>(&'a self, name: &'a BlobName, bytes: Vec<u8>) -> Later<'a, ()> {
        Box::pin(async move {
            let path = Path::from(name.as_str());
            self.within(name, self.store.put(&path, PutPayload::from(bytes)).map_ok(|_| ())).await
        })
    }

    fn get<'a>(&'a self, name: &'a BlobName) -> Later<'a, Vec<u8>> {
        Box::pin(async move {
            let path = Path::from(name.as_str());
            let read = async { self.store.get(&path).await?.bytes().await };
            let bytes = self.within(name, read).await?;
            match name.fits(&bytes) {
                true => Ok(bytes.into()),
                false => Err(Error::internal(format!("{} in {} is damaged", name.as_str(), self.place))),
            }
        })
    }

    fn delete<'a>(&'a self, name: &'a BlobName) -> Later<'a, ()> {
        Box::pin(async move {
            let path = Path::from(name.as_str());
            let delete = self.store.delete(&path).or_else(async |error| match error {
                object_store::Error::NotFound { .. } => Ok(()),
                error => Err(error),
            });
            self.within(name, delete).await
        })
    }
}

fn wrong(sentence: String) -> Error {
    Error::invalid("files-url", sentence)
}

#[cfg(test)]
mod tests;
