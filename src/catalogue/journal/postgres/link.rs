//! A connection to PostgreSQL, opened on first use and reopened after it is lost.

use std::future::poll_fn;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{fmt, fs};

use rustls::ClientConfig;
use tokio::sync::Notify;
use tokio::task::AbortHandle;
use tokio_postgres::{AsyncMessage, Client, Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::{FORMAT, failed, schema, statements};
use crate::catalogue::journal::JournalError;

/// The address of a server, with what is needed to connect.
#[derive(Clone)]
pub(super) struct PostgresAddress {
    pub(super) config: Config,
    pub(super) tls: Option<Arc<ClientConfig>>,
    /// A file with the password, read for each new connection.
    pub(super) password_file: Option<PathBuf>,
    /// The host and port.
    pub(super) place: String,
}

pub(super) struct PostgresLink {
    address: PostgresAddress,
    open: Mutex<Option<OpenLink>>,
    /// Held while connecting, so that only one attempt is made at a time.
    opening: tokio::sync::Mutex<()>,
    /// Notified of new steps, if this connection listens for them.
    news: Option<Arc<Notify>>,
}

#[derive(Clone)]
struct OpenLink {
    client: Arc<Client>,
    driver: AbortHandle,
}

/// A connection in use. An interrupted request leaves it in an unknown state, so it is closed.
pub(super) struct LinkInUse<'l> {
    link: &'l PostgresLink,
    pub(super) client: Arc<Client>,
    is_done: bool,
}

impl PostgresLink {
    pub(super) fn new(address: PostgresAddress, news: Option<Arc<Notify>>) -> Self {
        Self { address, open: Mutex::default(), opening: tokio::sync::Mutex::default(), news }
    }

    /// Returns the connection. Connects first if there is none.
    pub(super) async fn client(&self) -> Result<LinkInUse<'_>, JournalError> {
        let _one_at_a_time = self.opening.lock().await;
        let known = self.opened().as_ref().filter(|open| !open.client.is_closed()).cloned();
        let open = match known {
            Some(open) => open,
            None => {
                let open = self.connect().await?;
                *self.opened() = Some(open.clone());
                open
            }
        };
        Ok(LinkInUse { link: self, client: open.client, is_done: false })
    }

    fn opened(&self) -> MutexGuard<'_, Option<OpenLink>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn close(&self) {
        if let Some(open) = self.opened().take() {
            open.driver.abort();
        }
    }

    async fn connect(&self) -> Result<OpenLink, JournalError> {
        let mut config = self.address.config.clone();
        if let Some(path) = &self.address.password_file {
            config.password(self.password(path)?);
        }
        let open = match &self.address.tls {
            None => {
                let (client, connection) = self.connected(config.connect(NoTls).await)?;
                self.drive(client, connection)
            }
            Some(tls) => {
                let tls = MakeRustlsConnect::new(ClientConfig::clone(tls));
                let (client, connection) = self.connected(config.connect(tls).await)?;
                self.drive(client, connection)
            }
        };
        let prepared = self.prepare(&open.client).await;
        prepared.inspect_err(|_| open.driver.abort())?;
        Ok(open)
    }

    fn password(&self, path: &std::path::Path) -> Result<String, JournalError> {
        let read = fs::read_to_string(path).map_err(|error| JournalError::Refused {
            place: self.address.place.clone(),
            reason: format!("the password in {} cannot be read: {error}", path.display()),
            remedy: "check `catalogue.journal_password_file`",
        })?;
        Ok(read.trim_end_matches(['\r', '\n']).to_owned())
    }

    fn connected<T>(&self, connected: Result<T, tokio_postgres::Error>) -> Result<T, JournalError> {
        connected.map_err(|error| failed(&self.address.place, &error))
    }

    /// Runs a connection in its own task, which ends with the connection.
    fn drive<S, T>(&self, client: Client, mut connection: tokio_postgres::Connection<S, T>) -> OpenLink
    where
        S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
        T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
    {
        let news = self.news.clone();
        let driving = tokio::spawn(async move {
            while let Some(Ok(message)) = poll_fn(|context| connection.poll_message(context)).await {
                if let (AsyncMessage::Notification(_), Some(news)) = (message, &news) {
                    news.notify_one();
                }
            }
        });
        OpenLink { client: Arc::new(client), driver: driving.abort_handle() }
    }

    /// Creates the tables if they do not exist, and starts listening.
    async fn prepare(&self, client: &Client) -> Result<(), JournalError> {
        let ask = |error| failed(&self.address.place, &error);
        let has_schema = client.query_typed(statements::HAS_SCHEMA, &[]).await.map_err(ask)?;
        if !has_schema.first().is_some_and(|row| row.get::<_, bool>(0)) {
            client.batch_execute(schema()).await.map_err(ask)?;
        }
        let format = client.query_typed(statements::FORMAT, &[]).await.map_err(ask)?;
        let format = format.first().map_or(FORMAT, |row| row.get::<_, i32>(0));
        if format != FORMAT {
            return Err(JournalError::Refused {
                place: self.address.place.clone(),
                reason: format!("its tables are of format {format}, and this release uses {FORMAT}"),
                remedy: "run the same release of the gateway everywhere",
            });
        }
        if self.news.is_some() {
            client.batch_execute("listen oruk_step").await.map_err(ask)?;
        }
        Ok(())
    }
}

impl LinkInUse<'_> {
    /// Notes that the server has answered, even if with an error, so the connection may be used again.
    pub(super) fn done(mut self) {
        self.is_done = true;
    }
}

impl Drop for LinkInUse<'_> {
    fn drop(&mut self) {
        if !self.is_done {
            self.link.close();
        }
    }
}

impl Drop for PostgresLink {
    fn drop(&mut self) {
        self.close();
    }
}

impl fmt::Debug for PostgresLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PostgresLink").field("place", &self.address.place).finish_non_exhaustive()
    }
}
