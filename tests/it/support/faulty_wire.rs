//! A TCP proxy between the gateway and an engine. Tests choose its faults while connections are open.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{AbortHandle, JoinSet};

/// What a wire does to the traffic.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WireFault {
    /// Passes everything on.
    Sound,
    /// Delays each piece of data by this time, in each direction.
    Delayed(Duration),
    /// Passes nothing on while connections stay open, as if a plug were pulled. What was sent arrives once the fault
    /// ends.
    Cut,
    /// Resets every new connection.
    Refusing,
}

/// A wire to one address, closed when dropped.
pub(crate) struct FaultyWire {
    address: SocketAddr,
    state: watch::Sender<WireState>,
    running: AbortHandle,
}

#[derive(Clone, Copy)]
struct WireState {
    fault: WireFault,
    /// Connections older than the latest reset are closed.
    resets: usize,
}

impl FaultyWire {
    /// Creates a wire without faults to an address.
    pub(crate) async fn to(target: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let state = watch::Sender::new(WireState { fault: WireFault::Sound, resets: 0 });
        let running = tokio::spawn(serve(listener, target, state.clone())).abort_handle();
        Self { address, state, running }
    }

    /// Returns the address to connect to.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Changes the fault, for open connections too.
    pub(crate) fn becomes(&self, fault: WireFault) {
        self.state.send_modify(|state| state.fault = fault);
    }

    /// Resets all open connections.
    pub(crate) fn reset(&self) {
        self.state.send_modify(|state| state.resets += 1);
    }

    /// Resets all open connections, and from now on every new one.
    pub(crate) fn refuse(&self) {
        self.becomes(WireFault::Refusing);
        self.reset();
    }
}

impl Drop for FaultyWire {
    fn drop(&mut self) {
        self.running.abort();
    }
}

async fn serve(listener: TcpListener, target: SocketAddr, state: watch::Sender<WireState>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((client, _)) = accepted else { return };
                connections.spawn(connect(client, target, state.subscribe()));
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn connect(client: TcpStream, target: SocketAddr, mut state: watch::Receiver<WireState>) {
    let began = state.borrow().resets;
    // Closing resets the connection rather than ending it, like a firewall that has forgotten it.
    client.set_zero_linger().unwrap();
    if state.borrow().fault == WireFault::Refusing {
        return;
    }
    let Ok(server) = TcpStream::connect(target).await else { return };
    let (delays, client, server) = (state.clone(), client.into_split(), server.into_split());
    tokio::select! {
        () = pass(client.0, server.1, delays.clone()) => {}
        () = pass(server.0, client.1, delays) => {}
        _ = state.wait_for(|state| state.resets > began) => {}
    }
}

/// Passes on what one side sends until it ends.
async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut state: watch::Receiver<WireState>) {
    let mut piece = vec![0; 64 << 10];
    loop {
        let Ok(length @ 1..) = from.read(&mut piece).await else { return };
        let fault = state.borrow().fault;
        if let WireFault::Delayed(delay) = fault {
            tokio::time::sleep(delay).await;
        }
        if state.wait_for(|state| state.fault != WireFault::Cut).await.is_err() {
            return;
        }
        if to.write_all(&piece[..length]).await.is_err() {
            return;
        }
    }
}
