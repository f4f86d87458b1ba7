//! An export has one version of the data, however slowly its client reads and whatever is written meanwhile.

use std::collections::BTreeSet;

use oruk_gateway::federation::{Federation, QueryContext};
use oruk_gateway::model::{InstantClock, Service, ServiceFilter};
use serde_json::json;

use crate::support::{FakeFeed, opened, records};

fn upstream(services: &[std::sync::Arc<Service>]) -> Vec<(String, String)> {
    services.iter().map(|one| (one.id.upstream().to_owned(), one.name.clone())).collect()
}

#[tokio::test]
async fn what_is_written_meanwhile_does_not_show() {
    let feed = FakeFeed::called("one").with_services(60).spawn().await;
    let (kept, running) = opened(&feed).await;
    running.synchronise().await;
    let clock = InstantClock::fixed(crate::support::start());
    let federation = || {
        Federation::new(vec![running.source()], clock.clone())
            .with_catalogue(running.catalogue.clone(), running.synchroniser.clone())
    };
    let before = federation();
    let (mut export, _) = before.services.export(&ServiceFilter::default(), &QueryContext::begin()).await;
    assert_eq!(export.total, 60);
    let mut seen = upstream(&export.next(10).unwrap().read().unwrap());
    // Half of the services are gone, others are new, and all have new names.
    let now: Vec<_> = (30..90)
        .map(|number| {
            records::with(
                records::service(number),
                json!({ "name": format!("Anew {number}"), "last_modified": "2026-06-01T09:00:00Z" }),
            )
        })
        .collect();
    feed.now_has(now);
    for _ in 0..4 {
        kept.minutes_pass(24 * 60);
        running.synchronise().await;
    }
    assert!(running.services() >= 60 && running.service("s-00089").name == "Anew 89");
    while let Some(batch) = export.next(7) {
        seen.extend(upstream(&batch.read().unwrap()));
    }
    let ids: BTreeSet<&str> = seen.iter().map(|(id, _)| id.as_str()).collect();
    let expected: BTreeSet<String> = (0..60).map(records::service_id).collect();
    assert_eq!(ids, expected.iter().map(String::as_str).collect());
    assert_eq!(seen.len(), 60, "none twice");
    assert!(seen.iter().all(|(_, name)| !name.starts_with("Anew")), "none as it is now");
    let (after, _) = federation().services.export(&ServiceFilter::default(), &QueryContext::begin()).await;
    assert_ne!(after.version, export.version);
    let (again, _) = federation().services.export(&ServiceFilter::default(), &QueryContext::begin()).await;
    assert_eq!(after.version, again.version, "the same data has the same version");
    drop((before, export, after, again));
    running.stop().await;
}
