//! `[server]`: where the gateway listens, and the limits on connections and requests.

use std::net::SocketAddr;
use std::time::Duration;

use ipnet::IpNet;
use url::Url;

use super::kind;
use super::secret::SecretText;
use super::section::settings;

const REDIS_SCHEMES: &[&str] = &["redis", "rediss", "valkey", "valkeys"];
const REDIS_EXAMPLE: &str = "redis://:${PASSWORD}@cache.example.org:6379/0";
const MOMENT: Duration = Duration::from_millis(1);
const TEN_MINUTES: Duration = Duration::from_secs(600);
const HOUR: Duration = Duration::from_secs(3600);

settings! {
    /// Where the gateway listens, and the limits on connections and requests.
    pub struct ServerSettings {
        /// The address and port to listen on. Port 0 takes any free port.
        listen: SocketAddr = kind::address(), ([127, 0, 0, 1], 8080).into();
        /// A second address and port, only for `/metrics` and the health checks. `/metrics` is then no longer served at
        /// `listen`. Empty: none.
        admin_listen: Option<SocketAddr> = kind::address().optional(), None;
        /// The public address of the gateway, for links in its pages. Empty: the address in the request.
        public_url: Option<Url> = kind::url().optional(), None;
        /// How long the gateway reports that it is not ready, while still serving, before it stops listening.
        shutdown_delay: Duration = kind::duration(Duration::ZERO..=TEN_MINUTES), Duration::ZERO;
        /// How long requests in progress may take to finish when the gateway is told to stop.
        shutdown_grace: Duration = kind::duration(Duration::ZERO..=TEN_MINUTES),
            Duration::from_secs(10);
        /// The web origins whose pages may send requests. `*` allows any, because the feeds are open data.
        cors_origins: Vec<String> = kind::list(kind::origin()), vec!["*".to_owned()];
        /// The time limit for one request.
        request_timeout: Duration = kind::duration(MOMENT..=TEN_MINUTES),
            Duration::from_secs(15);
        /// The time limit for one export, from its first to its last byte. The export shows the data as it was when it began.
        export_timeout: Duration = kind::duration(MOMENT..=HOUR), TEN_MINUTES;
        /// The maximum size of a request body.
        max_body: usize = kind::size(1..=1 << 30), 256 << 10;
        /// The time limit for a request's headers, from the opening of the connection or from the first byte of a later
        /// request.
        header_timeout: Duration = kind::duration(MOMENT..=TEN_MINUTES), Duration::from_secs(10);
        /// How long a connection may be idle, or its client may take to read a response.
        idle_timeout: Duration = kind::duration(MOMENT..=HOUR), Duration::from_secs(60);
        /// The maximum number of open connections. 0: no limit.
        max_connections: usize = kind::whole(0..=1_000_000), 4096;
        /// The maximum number of open connections from one IPv4 address or one IPv6 /64 network. 0: no limit.
        max_connections_per_address: usize = kind::whole(0..=1_000_000), 512;
        /// The addresses or networks of proxies whose `x-forwarded-for` header is trusted to identify clients.
        trusted_proxies: Vec<IpNet> = kind::list(kind::network()), Vec::new();
        /// The maximum total cost of operations running at once, in points. One client may use at most half.
        max_running_cost: usize = kind::whole(2..=1_000_000_000), 200_000;
        /// The maximum number of operations waiting to run, over all clients.
        max_waiting: usize = kind::whole(0..=1_000_000), 1000;
        /// The maximum number of one client's operations waiting to run.
        max_waiting_per_client: usize = kind::whole(0..=1_000_000), 100;
        /// The maximum cost of a client's operations in a minute, in points. 0: no limit. Divided by the number of gateways that
        /// share a journal.
        max_points_per_minute: u32 = kind::whole(0..=100_000_000), 0;
        /// The Valkey or Redis server in which all gateways count their clients' points together, as
        /// `redis://user:password@host:6379/0`, or `rediss://` for TLS. Empty: each gateway counts for itself.
        shared_budgets: Option<SecretText> =
            kind::server_url(REDIS_SCHEMES, "a Valkey or Redis server", REDIS_EXAMPLE).optional(), None;
        /// Whether to accept HTTP/2 without TLS from clients that start with it.
        http2: bool = kind::flag(), false;
    }
}
