//! The page on exports describes each address, parameter and column as the code has it.

use serde_json::Value;

use crate::support::{FakeFeed, Gateway};

const PAGE: &str = include_str!("../../../docs/exports.md");

#[tokio::test]
async fn the_page_has_every_address_parameter_and_column() {
    let feed = FakeFeed::called("one").with_services(1).spawn().await;
    let gateway = Gateway::over(&[&feed]).start().await;
    let described = gateway.get("/export").await.json();
    let exports = described["exports"].as_array().unwrap();
    assert_eq!(exports.len(), 4);
    let mut missing = Vec::new();
    let text = |of: &Value| of.as_str().unwrap().to_owned();
    for export in exports {
        for file in export["files"].as_array().unwrap() {
            let address = text(&file["address"]);
            missing.extend((!PAGE.contains(&format!("`{address}`"))).then_some(address));
            for parameter in file["parameters"].as_array().unwrap() {
                let name = text(&parameter["name"]);
                missing.extend((!PAGE.contains(&format!("| `{name}` |"))).then_some(name));
            }
        }
        for column in export["columns"].as_array().unwrap() {
            let row = format!("| `{}` | {} |", text(&column["name"]), text(&column["description"]));
            missing.extend((!PAGE.contains(&row)).then_some(row));
        }
    }
    assert!(missing.is_empty(), "docs/exports.md lacks:\n{}", missing.join("\n"));
    let linked = gateway.get("/export/services.csv").await;
    assert!(linked.header("link").starts_with("<.>; rel=\"describedby\""));
    assert!(linked.header("link").ends_with("<../openapi.json>; rel=\"service-desc\""));
    let description = gateway.get("/export/").await;
    assert_eq!(description.text, gateway.get("/export").await.text, "where `.` leads to");
    gateway.stop().await;
}
