//! `filter.ask`: phrases in everyday words, over live and synchronised services, with reasons, facets and the notice.

use serde_json::{Value, json};

use crate::support::{FakeFeed, Gateway, Habit, data};

const ASK: &str = "query($ask: String!, $first: Int) {
  services(filter: { ask: $ask }, first: $first) {
    totalCount
    edges { cursor score node { name } matches { asked found field snippet } }
    facets { statuses { status count } }
  }
}";

fn service(name: &str, description: &str) -> Value {
    json!({ "name": name, "description": description, "status": "active" })
}

async fn feed(key: &str) -> FakeFeed {
    let services = [
        service("Elm Friends", "Befriending by volunteers. The hall is fully wheelchair accessible."),
        service("Mind and Memory", "A café for people with dementia, and those who look after them."),
        service("Breathe", "Stop smoking with our advisers."),
        service(
            "Keep Your Home",
            "Advice if your landlord gives you notice to quit. We cannot give advice on debts.",
        ),
        service("Money Matters", "Debt advice."),
        service("Crisis Line", "Suicide prevention, day and night."),
    ];
    let mut plan = FakeFeed::called(key).with(Habit::FullLists);
    for service in services {
        plan = plan.with_service(service);
    }
    plan.spawn().await
}

fn names(answer: &Value) -> Vec<&str> {
    let edges = answer["services"]["edges"].as_array().unwrap();
    edges.iter().map(|edge| edge["node"]["name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn phrases_find_what_is_meant_and_say_by_what() {
    let feed = feed("one").await;
    for mode in ["live", "catalogue"] {
        let gateway = Gateway::over(&[&feed]).with_source("one", &format!("mode = '{mode}'")).start().await;
        gateway.is_fresh().await;
        for (phrase, name, asked, found) in [
            ("I've no one to talk to", "Elm Friends", "no one to talk", "Befriending"),
            ("my gran gets lost", "Mind and Memory", "gets lost", "dementia"),
            ("want to quit smoking", "Breathe", "quit smoking", "Stop smoking"),
            ("help with my detbs", "Money Matters", "detbs", "Debt advice"),
        ] {
            let answer = data(gateway.query_with(ASK, json!({ "ask": phrase })).await);
            assert_eq!(names(&answer).first(), Some(&name), "{mode}: {phrase}: {answer}");
            let matches = answer["services"]["edges"][0]["matches"].as_array().unwrap();
            let is_why = |one: &Value| one["asked"] == asked && one["found"] == found;
            assert!(matches.iter().any(is_why), "{mode}: {phrase}: {matches:?}");
            let count = answer["services"]["totalCount"].as_u64().unwrap();
            assert_eq!(
                answer["services"]["facets"]["statuses"],
                json!([{ "status": "ACTIVE", "count": count }])
            );
        }
        // A negated mention is no answer, nor is one that only concerns the building while something else is denied.
        let answer = data(gateway.query_with(ASK, json!({ "ask": "debts" })).await);
        assert_eq!(names(&answer), ["Money Matters"], "{mode}");
        gateway.stop().await;
    }
}

#[tokio::test]
async fn live_and_kept_services_are_ranked_by_one_measure() {
    let (one, two) = (feed("one").await, feed("two").await);
    let gateway = Gateway::over(&[&one, &two]).with_source("two", "mode = 'catalogue'").start().await;
    gateway.is_fresh().await;
    let answer = data(gateway.query_with(ASK, json!({ "ask": "debt advice and smoking" })).await);
    let scores: Vec<f64> = answer["services"]["edges"]
        .as_array()
        .unwrap()
        .iter()
        .map(|edge| edge["score"].as_f64().unwrap())
        .collect();
    assert!(scores.len() >= 4 && scores.chunks(2).all(|pair| pair[0] == pair[1]), "{answer}");
    // When paging, each service comes once.
    let text =
        "query($ask: String!, $after: String) { services(filter: { ask: $ask }, first: 1, after: $after) {
        pageInfo { hasNextPage endCursor } nodes { id } } }";
    let (mut seen, mut after) = (std::collections::BTreeSet::new(), Value::Null);
    loop {
        let variables = json!({ "ask": "debt advice and smoking", "after": after });
        let page = data(gateway.query_with(text, variables).await)["services"].take();
        assert!(seen.insert(page["nodes"][0]["id"].to_string()));
        if page["pageInfo"]["hasNextPage"] == false {
            break;
        }
        after = page["pageInfo"]["endCursor"].clone();
    }
    assert_eq!(seen.len(), scores.len());
    gateway.stop().await;
}

#[tokio::test]
async fn danger_gets_a_notice_whatever_is_found_and_however_it_is_asked() {
    let feed = feed("one").await;
    let gateway = Gateway::over(&[&feed]).with("[graphql]\nbatching = 2").start().await;
    gateway.is_fresh().await;
    let numbers = |answer: &Value| {
        let helplines = answer["extensions"]["notice"]["helplines"].as_array().cloned().unwrap_or_default();
        helplines.iter().map(|one| one["number"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let answer = gateway.query_with(ASK, json!({ "ask": "i feel sucidal" })).await;
    assert_eq!(names(&answer["data"])[0], "Crisis Line");
    let of_mind = numbers(&answer);
    assert!(of_mind.contains(&"116 123".to_owned()) && of_mind.contains(&"999".to_owned()), "{answer}");
    assert!(!of_mind.contains(&"0808 2000 247".to_owned()));
    assert_eq!(answer["extensions"]["notice"]["needs"][0]["key"], "suicide");

    let none = "{ services(filter: { ask: \"my husband hits me\", sources: [\"one\"] }) { totalCount } }";
    let body = json!({ "query": none });
    let (fresh, shared) = (gateway.post(&body).await.json(), gateway.post(&body).await.json());
    assert_eq!(fresh["data"]["services"]["totalCount"], 0, "{fresh}");
    assert!(numbers(&fresh).contains(&"0808 2000 247".to_owned()), "{fresh}");
    assert_eq!(fresh, shared);
    let batch = gateway.post(&json!([body, { "query": "{ meta { version } }" }])).await.json();
    assert_eq!((batch[0]["extensions"] == fresh["extensions"], batch[1].get("extensions")), (true, None));
    assert_eq!(gateway.query_with(ASK, json!({ "ask": "end of tenancy" })).await.get("extensions"), None);
    gateway.stop().await;

    let own = "[ask]\nnotice = 'Ring us:'\nhelplines = [{ name = 'Elm Line', number = '01' }]";
    let gateway = Gateway::over(&[&feed]).with(own).start().await;
    let answer = gateway.query(none).await;
    assert_eq!(answer["extensions"]["notice"]["helplines"], json!([{ "name": "Elm Line", "number": "01" }]));
    gateway.stop().await;
    let gateway = Gateway::over(&[&feed]).with("[ask]\nnotice = ''").start().await;
    assert_eq!(gateway.query(none).await.get("extensions"), None);
    gateway.stop().await;
}
