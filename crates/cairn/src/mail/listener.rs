//! Where mail servers deliver answers: a port on this machine, or a socket in a folder.
use super::{Post, connection, session::TOO_MANY};
use std::{fmt, fs, io, net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, UnixListener},
    sync::Semaphore,
    time::{sleep, timeout},
};

/// `127.0.0.1:2525`, or `/run/cairn/lmtp`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    Port(SocketAddr),
    Socket(PathBuf),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Port(address) => write!(f, "{address}"),
            Place::Socket(path) => write!(f, "{}", path.display()),
        }
    }
}

/// What a client may make the listener wait for.
#[derive(Clone, Debug)]
pub struct Limits {
    pub connections: usize,
    /// For one command, or for one answer to be taken.
    pub command: Duration,
    /// For the text of one message.
    pub text: Duration,
    pub session: Duration,
}

impl Default for Limits {
    fn default() -> Limits {
        let minutes = |minutes: u64| Duration::from_secs(60 * minutes);
        Limits { connections: 20, command: minutes(1), text: minutes(5), session: minutes(30) }
    }
}

/// An open door.
pub enum Door {
    Port(TcpListener),
    Socket(UnixListener),
}

impl Door {
    pub async fn open(place: &Place) -> io::Result<Door> {
        match place {
            Place::Port(address) => Ok(Door::Port(TcpListener::bind(address).await?)),
            Place::Socket(path) => {
                forget_socket(path)?;
                Ok(Door::Socket(UnixListener::bind(path)?))
            }
        }
    }

    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        match self {
            Door::Port(listener) => listener.local_addr(),
            Door::Socket(_) => Err(io::ErrorKind::Unsupported.into()),
        }
    }

    /// Serves until it is dropped.
    pub async fn serve(self, post: Post, limits: Limits) {
        let free = Arc::new(Semaphore::new(limits.connections));
        loop {
            let accepted = match &self {
                Door::Port(listener) => listener.accept().await.map(|(stream, _)| spawn(stream, &free, &post, &limits)),
                Door::Socket(listener) => {
                    listener.accept().await.map(|(stream, _)| spawn(stream, &free, &post, &limits))
                }
            };
            if let Err(error) = accepted {
                tracing::warn!(%error, "a connection of a mail server was not accepted");
                sleep(Duration::from_millis(100)).await; // it may be that no file handle is left
            }
        }
    }
}

fn spawn<S>(mut stream: S, free: &Arc<Semaphore>, post: &Post, limits: &Limits)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (place, post, limits) = (free.clone().try_acquire_owned(), post.clone(), limits.clone());
    tokio::spawn(async move {
        let result = match place {
            Ok(_held) => connection::talk(stream, &post, &limits).await,
            Err(_) => {
                let refusal = format!("{TOO_MANY}\r\n");
                let said = timeout(Duration::from_secs(1), stream.write_all(refusal.as_bytes())).await;
                said.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
            }
        };
        if let Err(error) = result {
            tracing::debug!(%error, "a mail server went away");
        }
    });
}

/// Removes what a server before this one left; nothing that is not a socket.
fn forget_socket(path: &PathBuf) -> io::Result<()> {
    use std::os::unix::fs::FileTypeExt;
    match fs::symlink_metadata(path) {
        Ok(found) if found.file_type().is_socket() => fs::remove_file(path),
        Ok(_) => Err(io::Error::new(io::ErrorKind::AlreadyExists, "there is a file of this name")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
    }
}
