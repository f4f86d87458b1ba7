//! Paging: every record exactly once, for any page size and in both directions, and invalid cursors are refused.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::support::{FakeFeed, Gateway, Manner, data};

const PAGE: &str = "query($first: Int, $after: String, $last: Int, $before: String) {
  services(first: $first, after: $after, last: $last, before: $before) {
    totalCount complete
    edges { cursor node { id upstreamId name source { key } } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    sources { source { key } status matched error { code } }
  }
}";

async fn three_feeds() -> [FakeFeed; 3] {
    [
        FakeFeed::called("large").with_services(537).page_size_cap(50).spawn().await,
        FakeFeed::called("small").with_services(41).spawn().await,
        FakeFeed::called("bare").with_services(0).spawn().await,
    ]
}

/// Pages to the end, with `first` and `after` if `forwards`, otherwise with `last` and `before`. Returns the records in
/// list order either way.
async fn walk(gateway: &Gateway, size: usize, forwards: bool) -> Vec<Value> {
    let (mut cursor, mut nodes, mut pages) = (Value::Null, Vec::new(), 0);
    loop {
        let variables = match forwards {
            true => json!({ "first": size, "after": cursor }),
            false => json!({ "last": size, "before": cursor }),
        };
        let page = data(gateway.query_with(PAGE, variables).await)["services"].take();
        assert_eq!((page["totalCount"].as_u64(), page["complete"].as_bool()), (Some(578), Some(true)));
        let edges = page["edges"].as_array().unwrap();
        assert!(edges.len() <= size);
        let here = edges.iter().map(|edge| edge["node"].clone());
        let (more, end) = match forwards {
            true => ("hasNextPage", "endCursor"),
            false => ("hasPreviousPage", "startCursor"),
        };
        nodes = match forwards {
            true => nodes.into_iter().chain(here).collect(),
            false => here.chain(nodes).collect(),
        };
        cursor = page["pageInfo"][end].clone();
        pages += 1;
        assert!(pages <= 578 / size + 1, "paging ends");
        if page["pageInfo"][more] == false {
            return nodes;
        }
    }
}

#[tokio::test]
async fn pages_of_any_size_show_each_record_once_forwards_and_backwards() {
    let [large, small, bare] = three_feeds().await;
    let gateway = Gateway::over(&[&large, &small, &bare]).start().await;
    let all = walk(&gateway, 100, true).await;
    let distinct: BTreeSet<&str> = all.iter().map(|node| node["id"].as_str().unwrap()).collect();
    assert_eq!((all.len(), distinct.len()), (578, 578));
    let by_source = all.iter().fold(BTreeMap::<&str, usize>::new(), |mut count, node| {
        *count.entry(node["source"]["key"].as_str().unwrap()).or_default() += 1;
        count
    });
    assert_eq!(by_source, BTreeMap::from([("large", 537), ("small", 41)]));
    for size in [7, 37] {
        assert_eq!(walk(&gateway, size, true).await, all, "forwards by {size}");
    }
    for size in [7, 37, 100] {
        assert_eq!(walk(&gateway, size, false).await, all, "backwards by {size}");
    }
}

#[tokio::test]
async fn a_window_between_two_cursors_is_cut_from_either_end() {
    let feed = FakeFeed::called("one").with_services(41).spawn().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let all = data(gateway.query_with(PAGE, json!({ "first": 41 })).await)["services"]["edges"].take();
    let (after, before) = (&all[9]["cursor"], &all[20]["cursor"]);
    let ask = async |size: Value| {
        let mut variables = json!({ "after": after, "before": before });
        variables.as_object_mut().unwrap().extend(size.as_object().unwrap().clone());
        data(gateway.query_with(PAGE, variables).await)["services"].take()
    };
    let first = ask(json!({ "first": 4 })).await;
    assert_eq!(first["edges"], json!(all.as_array().unwrap()[10..14]));
    assert_eq!(first["totalCount"], 41, "cursors do not narrow the total");
    assert_eq!(
        (&first["pageInfo"]["hasPreviousPage"], &first["pageInfo"]["hasNextPage"]),
        (&json!(true), &json!(true))
    );
    let last = ask(json!({ "last": 4 })).await;
    assert_eq!(last["edges"], json!(all.as_array().unwrap()[16..20]));
    let none = ask(json!({ "first": 0 })).await;
    assert_eq!(none["edges"], json!([]));
    assert_eq!((&none["totalCount"], &none["pageInfo"]["endCursor"]), (&json!(41), &Value::Null));
}

#[tokio::test]
async fn a_source_that_fails_between_pages_repeats_nothing_and_the_page_says_so() {
    let [large, small] = [
        FakeFeed::called("large").with_services(200).spawn().await,
        FakeFeed::called("small").with_services(41).spawn().await,
    ];
    // Nothing stays cached, so that every page is requested again.
    let setup = Gateway::over(&[&large, &small]).with_defaults("fresh_for = '0s'\nstale_for = '0s'");
    let gateway = setup.start().await;
    let first = data(gateway.query_with(PAGE, json!({ "first": 60 })).await)["services"].take();
    assert_eq!(first["complete"], true);
    small.behave(Manner::Status(500));
    let (mut seen, mut cursor) = (ids(&first), first["pageInfo"]["endCursor"].clone());
    loop {
        let page =
            data(gateway.query_with(PAGE, json!({ "first": 60, "after": cursor })).await)["services"].take();
        assert_eq!((&page["complete"], &page["totalCount"]), (&json!(false), &json!(200)));
        assert_eq!(page["sources"][1]["status"], "FAILED");
        assert_eq!(page["sources"][1]["error"]["code"], "HTTP_STATUS");
        seen.extend(ids(&page));
        cursor = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
    }
    let distinct: BTreeSet<&String> = seen.iter().collect();
    assert_eq!(distinct.len(), seen.len(), "nothing is repeated");
    let all = gateway.query_with(PAGE, json!({ "first": 100 })).await;
    let of_large = data(all)["services"]["sources"][0]["matched"].as_u64().unwrap();
    let [large_ids, small_ids] =
        ["large", "small"].map(|key| seen.iter().filter(|id| id.starts_with(key)).count());
    assert_eq!((of_large, large_ids), (200, 200), "nothing of the other source is left out");
    assert!(small_ids < 41, "the failed source's later records are what is missing");
}

#[tokio::test]
async fn cursors_and_ids_outlive_the_gateway() {
    let [large, small, bare] = three_feeds().await;
    let setup = Gateway::over(&[&large, &small, &bare]);
    let gateway = setup.start().await;
    let first = data(gateway.query_with(PAGE, json!({ "first": 20 })).await)["services"].take();
    let after = json!({ "first": 20, "after": first["pageInfo"]["endCursor"] });
    let before = gateway.query_with(PAGE, after.clone()).await;
    gateway.stop().await;
    let gateway = setup.start().await;
    assert_eq!(
        gateway.query_with(PAGE, after).await["data"]["services"]["edges"],
        before["data"]["services"]["edges"]
    );
    let again = data(gateway.query_with(PAGE, json!({ "first": 20 })).await)["services"].take();
    assert_eq!(again["edges"], first["edges"]);
}

#[tokio::test]
async fn arguments_that_make_no_page_are_refused() {
    let feed = FakeFeed::called("one").with_services(3).spawn().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let good = data(gateway.query_with(PAGE, json!({ "first": 1 })).await);
    let good = good["services"]["pageInfo"]["endCursor"].as_str().unwrap();
    let damaged = good.replacen(&good.chars().take(1).collect::<String>(), "_", 1);
    let (cut, of_terms) =
        (good.get(..good.len() - 3), "{ taxonomyTerms(first: 1, after: $after) { nodes { id } } }");
    let cases = [
        (json!({ "first": 1, "last": 1 }), "BAD_USER_INPUT"),
        (json!({ "first": -1 }), "BAD_USER_INPUT"),
        (json!({ "last": -1 }), "BAD_USER_INPUT"),
        (json!({ "first": 101 }), "BAD_USER_INPUT"),
        (json!({ "last": 101 }), "BAD_USER_INPUT"),
        (json!({ "after": "not a cursor" }), "CURSOR_INVALID"),
        (json!({ "before": "" }), "CURSOR_INVALID"),
        (json!({ "after": cut }), "CURSOR_INVALID"),
        (json!({ "after": format!("{good}AAAA") }), "CURSOR_INVALID"),
    ];
    for (variables, code) in cases {
        let answer = gateway.query_with(PAGE, variables.clone()).await;
        assert_eq!(answer["errors"][0]["extensions"]["code"], code, "{variables}");
        assert_eq!(answer["errors"].as_array().unwrap().len(), 1, "{variables}");
    }
    let answer = gateway.query_with(PAGE, json!({ "after": damaged })).await;
    let code = answer["errors"][0]["extensions"]["code"].as_str().unwrap();
    assert!(["CURSOR_INVALID", "CURSOR_EXPIRED"].contains(&code), "{code}");
    let answer =
        gateway.query_with(&format!("query($after: String) {of_terms}"), json!({ "after": good })).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "CURSOR_INVALID", "a cursor is of one list");
    for size in [0, 100] {
        data(gateway.query_with(PAGE, json!({ "first": size })).await);
    }
}

#[tokio::test]
async fn a_page_that_names_no_size_has_the_default_one() {
    let feed = FakeFeed::called("one").with_services(30).spawn().await;
    let setup = Gateway::over(&[&feed]).with("[graphql]\ndefault_page_size = 7\nmax_page_size = 9");
    let gateway = setup.start().await;
    let page = data(gateway.query_with(PAGE, json!({})).await);
    assert_eq!(page["services"]["edges"].as_array().unwrap().len(), 7);
    let page = data(gateway.query_with(PAGE, json!({ "last": 9 })).await);
    assert_eq!(page["services"]["edges"].as_array().unwrap().len(), 9);
    let answer = gateway.query_with(PAGE, json!({ "last": 10 })).await;
    assert_eq!(answer["errors"][0]["extensions"]["code"], "BAD_USER_INPUT");
}

/// Returns ids as feeds have them, after the source's key.
fn ids(page: &Value) -> Vec<String> {
    let nodes = page["edges"].as_array().unwrap().iter().map(|edge| &edge["node"]);
    let id = |node: &Value| {
        format!("{}/{}", node["source"]["key"].as_str().unwrap(), node["upstreamId"].as_str().unwrap())
    };
    nodes.map(id).collect()
}
