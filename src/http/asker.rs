//! Identifies clients; the only place that does. At present, by the address a request comes from.

use std::net::IpAddr;

use ipnet::IpNet;
use poem::http::HeaderMap;
use poem::{Addr, Request};

use crate::admission::ClientAddress;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// Identifies the client of a request.
#[derive(Clone, Debug, Default)]
pub(super) struct ClientFinder {
    trusted_proxies: Vec<IpNet>,
}

impl ClientFinder {
    /// Trusts these proxies to name their clients.
    pub(super) fn new(trusted_proxies: Vec<IpNet>) -> Self {
        Self { trusted_proxies }
    }

    /// Returns the client that sent a request, directly or through trusted proxies.
    pub(super) fn client(&self, request: &Request) -> ClientAddress {
        let Addr::SocketAddr(peer) = &request.remote_addr().0 else { return ClientAddress::unknown() };
        ClientAddress::at(self.address(peer.ip(), request.headers()))
    }

    // Each proxy appends the address of its client. The last address that is not a trusted proxy is the client; anyone
    // may have written the ones before it.
    fn address(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        if !self.trusts(peer) {
            return peer;
        }
        let values: Vec<&str> =
            headers.get_all(FORWARDED_FOR).iter().filter_map(|value| value.to_str().ok()).collect();
        let mut client = peer;
        for entry in values.iter().rev().flat_map(|value| value.rsplit(',')) {
            let Ok(address) = entry.trim().parse::<IpAddr>() else { break };
            client = address.to_canonical();
            if !self.trusts(client) {
                break;
            }
        }
        client
    }

    fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.trusted_proxies.iter().any(|network| network.contains(&address))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(peer: &str, forwarded: &[&'static str]) -> String {
        let askers =
            ClientFinder::new(vec!["192.0.2.0/24".parse().unwrap(), "127.0.0.1/32".parse().unwrap()]);
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append(FORWARDED_FOR, value.parse().unwrap());
        }
        askers.address(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(address("198.51.100.7", &["203.0.113.1"]), "198.51.100.7");
        assert_eq!(address("127.0.0.1", &["203.0.113.1"]), "203.0.113.1");
        assert_eq!(address("::ffff:127.0.0.1", &["203.0.113.1"]), "203.0.113.1");
        assert_eq!(address("127.0.0.1", &[]), "127.0.0.1");
    }

    #[test]
    fn what_a_client_writes_itself_is_not_believed() {
        assert_eq!(address("127.0.0.1", &["203.0.113.9, 203.0.113.1, 192.0.2.4"]), "203.0.113.1");
        assert_eq!(address("127.0.0.1", &["203.0.113.9", "203.0.113.1"]), "203.0.113.1");
        assert_eq!(address("127.0.0.1", &["203.0.113.1, nonsense"]), "127.0.0.1");
    }
}
