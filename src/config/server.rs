//! `[server]`: where the gateway listens, and what it allows connections and requests.

use std::net::SocketAddr;
use std::time::Duration;

use ipnet::IpNet;
use url::Url;

use super::kind;
use super::section::settings;

const MOMENT: Duration = Duration::from_millis(1);
const TEN_MINUTES: Duration = Duration::from_secs(600);
const HOUR: Duration = Duration::from_secs(3600);

settings! {
    /// Where the gateway listens, and what it allows connections and requests.
    pub struct Server {
        /// The address and port to listen on. Port 0 takes any that is free.
        listen: SocketAddr = kind::address(), ([127, 0, 0, 1], 8080).into();
        /// An address and port for `/metrics` and the health checks alone, which takes `/metrics` from the main
        /// listener. Empty: there is none.
        admin_listen: Option<SocketAddr> = kind::address().optional(), None;
        /// The address people reach the gateway at, for links in its pages. Empty: as the request had it.
        public_url: Option<Url> = kind::url().optional(), None;
        /// How long the gateway says that it is not ready, still serving, before it stops listening.
        shutdown_delay: Duration = kind::duration(Duration::ZERO..=TEN_MINUTES), Duration::ZERO;
        /// How long requests under way may take to finish once the gateway is told to stop.
        shutdown_grace: Duration = kind::duration(Duration::ZERO..=TEN_MINUTES),
            Duration::from_secs(10);
        /// The web origins whose pages may ask the gateway; `*` is any, as the feeds are open data.
        cors_origins: Vec<String> = kind::list(kind::origin()), vec!["*".to_owned()];
        /// How long one request may take in all.
        request_timeout: Duration = kind::duration(MOMENT..=TEN_MINUTES),
            Duration::from_secs(15);
        /// The largest request body that is read.
        max_body: usize = kind::size(1..=1 << 30), 256 << 10;
        /// How long a request's headers may take: from the connection's opening, or from a later request's first byte.
        header_timeout: Duration = kind::duration(MOMENT..=TEN_MINUTES), Duration::from_secs(10);
        /// How long a connection may be idle, or its client leave an answer untaken.
        idle_timeout: Duration = kind::duration(MOMENT..=HOUR), Duration::from_secs(60);
        /// The most connections at once. 0: no cap.
        max_connections: usize = kind::whole(0..=1_000_000), 4096;
        /// The most connections at once from one address, or from one /64 of IPv6. 0: no cap.
        max_connections_per_address: usize = kind::whole(0..=1_000_000), 512;
        /// Proxies, by address or network, whose `x-forwarded-for` is believed about who is asking.
        trusted_proxies: Vec<IpNet> = kind::list(kind::network()), Vec::new();
        /// The points of cost of the operations that run at once. One client gets half of them at most.
        max_running_cost: usize = kind::whole(2..=1_000_000_000), 200_000;
        /// The most operations that wait for that, of all clients together.
        max_waiting: usize = kind::whole(0..=1_000_000), 1000;
        /// The most operations of one client that wait for it.
        max_waiting_per_client: usize = kind::whole(0..=1_000_000), 100;
        /// Whether HTTP/2 without TLS is spoken to clients that open with it.
        http2: bool = kind::flag(), false;
    }
}
