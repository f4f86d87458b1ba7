//! Many queries do not become many requests.

use futures_util::future::join_all;
use serde_json::json;

use crate::support::{FakeFeed, Gateway, Manner, Scope, data, records};

#[tokio::test]
async fn forty_equal_questions_are_one_request() {
    let feed = FakeFeed::called("one").with_services(41).behaving(Manner::Held).spawn().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let equal = json!({ "query": "{ services(first: 50) { totalCount nodes { name } } }" });
    let questions = join_all((0..40).map(|_| gateway.post(&equal)));
    let releasing = async {
        feed.is_asked("/services", 1).await;
        feed.release();
    };
    let (replies, ()) = tokio::join!(questions, releasing);
    for reply in &replies {
        assert_eq!(data(reply.json())["services"]["totalCount"], 41);
        assert_eq!(reply.text, replies[0].text);
    }
    assert_eq!(feed.all_hits(), 1);
}

#[tokio::test]
async fn forty_different_questions_of_one_source_read_its_list_once() {
    let feed = FakeFeed::called("one").with_services(41).behaving(Manner::Held).spawn().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let texts: Vec<String> = (0..40)
        .map(|n| {
            format!(
                "{{ a{n}: services(first: {n}, filter: {{ age: {n} }}) {{ totalCount nodes {{ name }} }} }}"
            )
        })
        .collect();
    let questions = join_all(texts.iter().map(|text| gateway.query(text)));
    let releasing = async {
        feed.is_asked("/services", 1).await;
        feed.release();
    };
    let (answers, ()) = tokio::join!(questions, releasing);
    for (n, answer) in answers.into_iter().enumerate() {
        assert_eq!(data(answer)[format!("a{n}")]["totalCount"], 41);
    }
    // A few detail pages show, once, whether the ages that rows leave out are anywhere else.
    assert!(feed.hits("/services") == 1 && feed.all_hits() <= 1 + 5, "{:?}", feed.asked());
}

#[tokio::test]
async fn many_fields_of_one_question_read_the_list_once() {
    let feed = FakeFeed::called("one").with_services(41).spawn().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let fields: String =
        (0..20).map(|n| format!("a{n}: services(first: {n}) {{ nodes {{ name }} }} ")).collect();
    data(gateway.query(&format!("{{ {fields} }}")).await);
    assert_eq!(feed.all_hits(), 1);
}

#[tokio::test]
async fn forty_questions_for_one_record_are_one_request_for_it() {
    let feed =
        FakeFeed::called("one").with_services(3).behaving_at(Scope::Details, Manner::Held).spawn().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let id = data(gateway.query("{ services(first: 1) { nodes { id } } }").await);
    let id = &id["services"]["nodes"][0]["id"];
    let text = "query($id: ID!) { service(id: $id) { name phones { number } } }";
    let questions = join_all((0..40).map(|_| gateway.query_with(text, json!({ "id": id }))));
    let releasing = async {
        feed.has_under_way(1).await;
        feed.release();
    };
    let (answers, ()) = tokio::join!(questions, releasing);
    for answer in answers {
        assert_eq!(data(answer)["service"]["phones"][0]["number"], "0117 496 0000");
    }
    assert_eq!(feed.details().len(), 1);
}

#[tokio::test]
async fn no_more_requests_are_under_way_than_allowed() {
    let feed =
        FakeFeed::called("one").with_services(20).behaving_at(Scope::Details, Manner::Held).spawn().await;
    let gateway = Gateway::over(&[&feed]).with_defaults("max_concurrency = 3").start().await;
    let asking = gateway.query("{ services(first: 20) { nodes { phones { number } } } }");
    let watching = async {
        feed.has_under_way(3).await;
        // Another request would have to arrive before the first is answered.
        let before = feed.details().len();
        feed.release();
        before
    };
    let (answer, before) = tokio::join!(asking, watching);
    assert_eq!(before, 3);
    assert_eq!(data(answer)["services"]["nodes"].as_array().unwrap().len(), 20);
    assert_eq!(feed.details().len(), 20);
    let mut ids = feed.details();
    ids.sort();
    assert_eq!(ids, (0..20).map(records::service_id).collect::<Vec<_>>(), "each once");
}
