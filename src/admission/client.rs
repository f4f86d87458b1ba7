//! Clients, as admission knows them.

use std::net::{IpAddr, Ipv6Addr};

/// A client, for fair sharing. At present it is a network address; client keys would be added here.
///
/// Client addresses are never logged, so its `Debug` form does not show one.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ClientAddress(IpAddr);

/// One site usually has an IPv6 /64 network and could use a new address for each request.
const SITE: u128 = !0 << 64;

impl ClientAddress {
    /// Returns the client at an address.
    pub fn at(address: IpAddr) -> Self {
        match address.to_canonical() {
            IpAddr::V6(address) => Self(Ipv6Addr::from_bits(address.to_bits() & SITE).into()),
            address @ IpAddr::V4(_) => Self(address),
        }
    }

    /// Returns the bytes of the address, for a key.
    pub(super) fn octets(self) -> [u8; 16] {
        match self.0 {
            IpAddr::V4(address) => address.to_ipv6_mapped().octets(),
            IpAddr::V6(address) => address.octets(),
        }
    }

    /// Returns the client of a connection without a known address.
    pub fn unknown() -> Self {
        Self(Ipv6Addr::UNSPECIFIED.into())
    }
}

impl std::fmt::Debug for ClientAddress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ClientAddress")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_one_client_and_is_not_shown() {
        let at = |text: &str| ClientAddress::at(text.parse().unwrap());
        assert!(at("2001:db8:1:2::7") == at("2001:db8:1:2:ffff::1"));
        assert!(at("2001:db8:1:2::7") != at("2001:db8:1:3::7"));
        assert!(at("::ffff:192.0.2.1") == at("192.0.2.1"));
        assert!(at("192.0.2.1") != at("192.0.2.2"));
        assert_eq!(format!("{:?}", at("192.0.2.1")), "ClientAddress");
    }
}
