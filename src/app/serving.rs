//! The listeners: opened before anything else starts, and served until told to close.

use std::net::SocketAddr;

use anyhow::Context as _;
use tokio::net::TcpListener;
use tokio::task::{JoinError, JoinHandle};
use tokio_util::sync::CancellationToken;

use crate::config;
use crate::http::{ConnectionServer, ConnectionSettings, ListenerRoutes};

/// The addresses on which the gateway listens.
pub(super) struct BoundListeners {
    main: TcpListener,
    admin: Option<TcpListener>,
}

impl BoundListeners {
    /// Listens at `server.listen`, and at `server.admin_listen` if there is one.
    pub(super) async fn open(server: &config::ServerSettings) -> anyhow::Result<Self> {
        let main = listen(server.listen, "`--listen ADDR:PORT` or `server.listen`").await?;
        let admin = match server.admin_listen {
            Some(address) => Some(listen(address, "`server.admin_listen`").await?),
            None => None,
        };
        Ok(Self { main, admin })
    }

    /// Serves each listener's routes.
    pub(super) fn serve(
        self,
        routes: ListenerRoutes,
        settings: &ConnectionSettings,
    ) -> anyhow::Result<RunningServers> {
        let closing = CancellationToken::new();
        let address = self.main.local_addr()?;
        let admin_address = self.admin.as_ref().map(TcpListener::local_addr).transpose()?;
        tracing::info!(%address, "listening");
        if let Some(address) = admin_address {
            tracing::info!(%address, "serving metrics and health on their own address");
        }
        let main =
            ConnectionServer::new("main", routes.main, settings.clone(), closing.clone()).run(self.main);
        let admin = ConnectionServer::new("admin", routes.admin, settings.clone(), closing.clone());
        let admin = self.admin.map(|listener| admin.run(listener));
        let both = async move {
            match admin {
                Some(admin) => drop(tokio::join!(main, admin)),
                None => main.await,
            }
        };
        Ok(RunningServers { address, admin_address, closing, task: tokio::spawn(both) })
    }
}

/// The servers of all listeners.
pub(super) struct RunningServers {
    pub(super) address: SocketAddr,
    pub(super) admin_address: Option<SocketAddr>,
    closing: CancellationToken,
    task: JoinHandle<()>,
}

impl RunningServers {
    /// Waits until the servers have ended, because they were closed or panicked.
    pub(super) async fn ended(&mut self) -> Result<(), JoinError> {
        (&mut self.task).await
    }

    /// Closes the listeners, and waits for connections within their time limit.
    pub(super) async fn close(&mut self) {
        self.closing.cancel();
        if let Err(error) = self.ended().await {
            tracing::error!(%error, "the server stopped with an error");
        }
    }
}

async fn listen(at: SocketAddr, otherwise: &str) -> anyhow::Result<TcpListener> {
    TcpListener::bind(at).await.with_context(|| {
        format!(
            "cannot listen on {at}; stop the program that uses it, or choose another address with {otherwise}"
        )
    })
}
