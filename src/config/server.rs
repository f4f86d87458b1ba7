//! `[server]`: where the gateway listens, and what it lets a request cost before it is read.

use std::net::SocketAddr;
use std::time::Duration;

use url::Url;

use super::kind;
use super::section::settings;

settings! {
    /// Where the gateway listens, and what it lets a request cost before it is read.
    pub struct Server {
        /// The address and port to listen on. Port 0 takes any that is free.
        listen: SocketAddr = kind::address(), ([127, 0, 0, 1], 8080).into();
        /// The address people reach the gateway at, for links in its pages. Empty: as the request had it.
        public_url: Option<Url> = kind::url().optional(), None;
        /// How long requests under way may take to finish once the gateway is told to stop.
        shutdown_grace: Duration = kind::duration(Duration::ZERO..=Duration::from_secs(600)),
            Duration::from_secs(10);
        /// The web origins whose pages may ask the gateway; `*` is any, as the feeds are open data.
        cors_origins: Vec<String> = kind::list(kind::origin()), vec!["*".to_owned()];
        /// How long one request may take in all.
        request_timeout: Duration = kind::duration(Duration::from_millis(1)..=Duration::from_secs(600)),
            Duration::from_secs(15);
        /// The largest request body that is read.
        max_body: usize = kind::size(1..=1 << 30), 256 << 10;
    }
}
