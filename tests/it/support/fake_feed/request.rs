//! Requests, as a feed receives them.

use std::collections::BTreeMap;

use tokio::io::AsyncReadExt as _;
use tokio::net::TcpStream;

/// A request.
#[derive(Clone, Debug)]
pub(crate) struct Asked {
    pub(crate) path: String,
    /// The query parameters, not decoded.
    pub(crate) query: BTreeMap<String, String>,
    /// The headers, with names in lower case.
    pub(crate) headers: BTreeMap<String, String>,
}

impl Asked {
    /// Returns a parameter that is a number.
    pub(crate) fn number(&self, name: &str) -> Option<usize> {
        self.query.get(name)?.parse().ok()
    }

    /// Returns the page that is requested, from 1.
    pub(crate) fn page(&self) -> usize {
        self.number("page").unwrap_or(1).max(1)
    }

    pub(crate) fn host(&self) -> &str {
        self.headers.get("host").map_or("", String::as_str)
    }
}

/// Reads a request without a body. Returns `None` if the client has left.
pub(super) async fn read(stream: &mut TcpStream) -> Option<Asked> {
    let (mut head, mut buffer) = (Vec::new(), [0; 2048]);
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        match stream.read(&mut buffer).await {
            Ok(read @ 1..) => head.extend_from_slice(&buffer[..read]),
            Ok(0) | Err(_) => return None,
        }
    }
    let head = String::from_utf8(head).ok()?;
    let mut lines = head.lines();
    let target = lines.next()?.split(' ').nth(1)?.to_owned();
    let (path, query) = target.split_once('?').unwrap_or((&target, ""));
    let query = query.split('&').filter_map(|pair| pair.split_once('='));
    let headers = lines.filter_map(|line| line.split_once(':'));
    Some(Asked {
        path: path.to_owned(),
        query: query.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
        headers: headers.map(|(name, value)| (name.to_lowercase(), value.trim().to_owned())).collect(),
    })
}
