//! The merged feed at `/oruk/v3`: what it contains, how its pages fit together, and what a second gateway reads from
//! it.

mod again;
mod conditions;

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::support::{FakeFeed, Gateway, Habit, Manner, Reply, data, records};

/// Returns all records of a list, by following `next` links or by counting pages.
async fn walk(gateway: &Gateway, path: &str, by_links: bool) -> Vec<Value> {
    let mut next = Some(path.to_owned());
    let mut all = Vec::new();
    for number in 2..1000 {
        let Some(path) = next.take() else { return all };
        let reply = gateway.get(&path).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.text);
        let page = reply.json();
        all.extend(page["contents"].as_array().unwrap().iter().cloned());
        let (list, query) = path.split_once('?').unwrap_or((&path, ""));
        next = match (by_links, page["last_page"] == true) {
            (_, true) => None,
            (true, _) => Some(format!("{list}{}", link(&reply, "next").expect("a next page"))),
            (false, _) => {
                let kept = query.split('&').filter(|pair| !pair.starts_with("page="));
                Some(format!("{list}?{}&page={number}", kept.collect::<Vec<_>>().join("&")))
            }
        };
    }
    panic!("{path} never ends");
}

fn link(reply: &Reply, rel: &str) -> Option<String> {
    let links = reply.headers.get_all("link").iter().map(|link| link.to_str().unwrap());
    let wanted = format!("rel=\"{rel}\"");
    let link = links.into_iter().find(|link| link.contains(&wanted))?;
    Some(link.trim_start_matches('<').split('>').next()?.to_owned())
}

fn names(records: &[Value]) -> Vec<String> {
    records.iter().map(|record| record["name"].as_str().unwrap().to_owned()).collect()
}

fn ids(records: &[Value]) -> BTreeSet<String> {
    records.iter().map(|record| record["id"].as_str().unwrap().to_owned()).collect()
}

/// A gateway that synchronises its feeds again and again.
async fn keeping(feeds: &[&FakeFeed]) -> Gateway {
    let gateway = Gateway::over(feeds)
        .with_defaults("mode = 'catalogue'")
        .with("[catalogue]\nsync_every = '100ms'")
        .start()
        .await;
    gateway.is_fresh().await;
    gateway
}

#[tokio::test]
async fn every_list_and_every_record_in_it_is_served_synchronised_or_live() {
    for mode in ["catalogue", "live"] {
        let feed = FakeFeed::called("one").with_services(23).spawn().await;
        let gateway = Gateway::over(&[&feed]).with_defaults(&format!("mode = '{mode}'")).start().await;
        gateway.is_fresh().await;
        for (list, number) in [
            ("services", 23),
            ("organizations", 3),
            ("locations", 1),
            ("service_at_locations", 23),
            ("taxonomies", 1),
            ("taxonomy_terms", 2),
        ] {
            let all = walk(&gateway, &format!("/oruk/v3/{list}?per_page=5"), true).await;
            assert_eq!((all.len(), ids(&all).len()), (number, number), "{mode} {list}");
            for record in all.iter().take(3) {
                let id = record["id"].as_str().unwrap();
                let own = gateway.get(&format!("/oruk/v3/{list}/{id}")).await;
                assert_eq!(own.status, 200, "{mode} {list}: {}", own.text);
                assert_eq!(own.json(), *record, "{mode} {list}");
                let in_graph = record["gateway"]["id"].as_str().unwrap();
                let same = gateway.get(&format!("/oruk/v3/{list}/{in_graph}")).await;
                assert_eq!(same.json()["id"], id, "the id of the graph names it too");
            }
            let missing = gateway.get(&format!("/oruk/v3/{list}/8f0f6b7e-5b0a-4c1e-9d0a-0a1b2c3d4e5f")).await;
            assert_eq!(missing.status, 404, "{mode} {list}");
        }
        let service = &walk(&gateway, "/oruk/v3/services", true).await[0];
        assert_eq!(service["phones"][0]["number"], "0117 496 0000", "{mode}: lists are whole");
        gateway.stop().await;
    }
}

#[tokio::test]
async fn pages_walked_while_the_catalogue_changes_are_of_one_moment() {
    let services = |range: std::ops::Range<usize>| range.map(records::service).collect::<Vec<_>>();
    for by_links in [true, false] {
        let plan =
            FakeFeed::called("one").with_services(30).with(Habit::FullLists).with(Habit::WithoutTotals);
        let feed = plan.spawn().await;
        let gateway = keeping(&[&feed]).await;
        let first = gateway.get("/oruk/v3/services?per_page=7").await;
        let page = first.json();
        assert_eq!(
            (&page["total_items"], &page["total_pages"], &page["size"]),
            (&json!(30), &json!(5), &json!(7))
        );

        let mut now = services(5..40);
        now[20]["name"] = json!("Renamed");
        feed.now_has(now);
        let count = async || {
            data(gateway.query("{ services { totalCount } }").await)["services"]["totalCount"].take()
        };
        let changed = async { while count().await != 35 {} };
        tokio::time::timeout(std::time::Duration::from_secs(60), changed)
            .await
            .expect("the change does not come");

        let next = match by_links {
            true => format!("/oruk/v3/services{}", link(&first, "next").unwrap()),
            false => "/oruk/v3/services?per_page=7&page=2".to_owned(),
        };
        let mut walked = page["contents"].as_array().unwrap().clone();
        let mut path = next;
        for number in 3..=6 {
            let reply = gateway.get(&path).await;
            let page = reply.json();
            assert_eq!((&page["total_items"], reply.status), (&json!(30), 200), "{path}");
            walked.extend(page["contents"].as_array().unwrap().iter().cloned());
            path = match by_links {
                true => {
                    link(&reply, "next").map(|next| format!("/oruk/v3/services{next}")).unwrap_or_default()
                }
                false => format!("/oruk/v3/services?per_page=7&page={number}"),
            };
        }
        let upstream: BTreeSet<&str> =
            walked.iter().map(|one| one["gateway"]["upstream_id"].as_str().unwrap()).collect();
        let before: Vec<String> = (0..30).map(records::service_id).collect();
        assert_eq!(
            upstream,
            before.iter().map(String::as_str).collect(),
            "none lost, none repeated, none of the new"
        );
        assert_eq!(walked.len(), 30);
        assert!(!names(&walked).contains(&"Renamed".to_owned()), "records are of that moment, too");

        let anew = walk(&gateway, "/oruk/v3/services?per_page=7", by_links).await;
        assert_eq!(anew.len(), 35);
        assert!(names(&anew).contains(&"Renamed".to_owned()));
        let stable = ids(&walked).intersection(&ids(&anew)).count();
        assert_eq!(stable, 25, "ids stay");
        gateway.stop().await;
    }
}

#[tokio::test]
async fn pages_are_tagged_capped_and_past_the_end_empty() {
    let feed = FakeFeed::called("one").with_services(12).with(Habit::FullLists).spawn().await;
    let gateway = Gateway::over(&[&feed]).with_defaults("mode = 'catalogue'").start().await;
    gateway.is_fresh().await;
    let first = gateway.get("/oruk/v3/services?per_page=5").await;
    let tag = first.header("etag").to_owned();
    let address = format!("http://{}/oruk/v3/services?per_page=5", gateway.address());
    let again = gateway.send_as(|client, _| client.get(address).header("if-none-match", tag)).await;
    assert_eq!((again.status, again.text.as_str()), (304, ""));
    let past = gateway.get("/oruk/v3/services?per_page=5&page=99").await.json();
    assert_eq!(
        (&past["empty"], &past["last_page"], &past["contents"]),
        (&json!(true), &json!(true), &json!([]))
    );
    let gone = gateway.get("/oruk/v3/services?edition=0123456789").await;
    assert_eq!(
        (gone.status, &gone.json()["errors"][0]["extensions"]["code"]),
        (410, &json!("CURSOR_EXPIRED"))
    );
    let of_services = link(&first, "next").unwrap();
    let mixed = gateway.get(&format!("/oruk/v3/organizations{of_services}")).await;
    assert_eq!(mixed.status, 410, "an edition is one of its list");
    let head = format!("http://{}/oruk/v3/", gateway.address());
    let head = gateway.send_as(|client, _| client.head(head)).await;
    assert_eq!((head.status, head.text.as_str()), (200, ""));
    gateway.stop().await;
}

#[tokio::test]
async fn sources_that_may_not_be_published_are_left_out_and_named() {
    let mut feeds = Vec::new();
    for key in ["open", "closed", "forbidden", "allowed", "unstated"] {
        feeds.push(FakeFeed::called(key).with_services(3).with(Habit::FullLists).spawn().await);
    }
    let gateway = Gateway::over(&feeds.iter().collect::<Vec<_>>())
        .with_source("open", "licence = 'OGL-UK-3.0'")
        .with_source("closed", "licence = 'CC-BY-NC-4.0'")
        .with_source("forbidden", "licence = 'OGL-UK-3.0'\nrepublish = false")
        .with_source("allowed", "licence = 'CC-BY-NC-4.0'\nrepublish = true")
        .with_defaults("mode = 'catalogue'")
        .start()
        .await;
    gateway.is_fresh().await;
    let root = gateway.get("/oruk/v3").await.json();
    let keys = |list: &str| -> BTreeSet<String> {
        let list = root["gateway"][list].as_array().unwrap();
        list.iter().map(|one| one["key"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(keys("sources"), ["open", "allowed", "unstated"].map(str::to_owned).into());
    assert_eq!(keys("left_out"), ["closed", "forbidden"].map(str::to_owned).into());
    assert!(root["gateway"]["left_out"][0]["reason"].as_str().unwrap().contains("CC-BY-NC-4.0"), "{root:#}");
    for list in
        ["services", "organizations", "locations", "service_at_locations", "taxonomies", "taxonomy_terms"]
    {
        let all = walk(&gateway, &format!("/oruk/v3/{list}"), true).await;
        assert!(!all.is_empty(), "{list}");
        assert!(
            all.iter().all(|one| {
                let source = &one["gateway"]["source"]["name"];
                source != "closed" && source != "forbidden"
            }),
            "{list}"
        );
    }
    let filtered = walk(&gateway, "/oruk/v3/services?search=advice", true).await;
    assert!(!filtered.is_empty() && filtered.iter().all(|one| one["gateway"]["source"]["name"] != "closed"));
    let hidden =
        data(gateway.query("{ services(filter: { sources: [\"closed\"] }) { nodes { id } } }").await);
    let id = hidden["services"]["nodes"][0]["id"].as_str().unwrap();
    assert_eq!(gateway.get(&format!("/oruk/v3/services/{id}")).await.status, 404);
    gateway.stop().await;
}

#[tokio::test]
async fn a_source_that_fails_is_named() {
    for mode in ["catalogue", "live"] {
        let good = FakeFeed::called("good").with_services(3).with(Habit::FullLists).spawn().await;
        let bad = FakeFeed::called("bad").behaving(Manner::Status(500)).spawn().await;
        let gateway = Gateway::over(&[&good, &bad])
            .with_defaults(&format!("mode = '{mode}'\ndeadline = '5s'"))
            .start()
            .await;
        let page = async {
            loop {
                let reply = gateway.get("/oruk/v3/services").await;
                if reply.header("x-incomplete-sources") == "bad=FAILED" {
                    return reply;
                }
            }
        };
        let page =
            tokio::time::timeout(std::time::Duration::from_secs(60), page).await.expect("bad is named");
        assert_eq!(page.json()["total_items"], 3, "{mode}: the others are there");
        let root = gateway.get("/oruk/v3/").await;
        let sources = root.json()["gateway"]["sources"].clone();
        let of_bad = sources.as_array().unwrap().iter().find(|one| one["key"] == "bad").unwrap().clone();
        assert!(of_bad["status"] != "FRESH" && of_bad["error"]["code"].is_string(), "{mode}: {of_bad}");
        assert!(root.header("x-incomplete-sources").starts_with("bad="), "{mode}");
        gateway.stop().await;
    }
}
