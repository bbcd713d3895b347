//! The description of the API, made from the operations themselves.
use crate::PARTS;
use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use kernel::{Json, Method, Op, Part, json};
use schemars::{Schema, SchemaGenerator, generate::SchemaSettings};
use serde_json::Map;
use ui::{Markup, Theme, html};

/// The OpenAPI 3.1 document: a second loop over the records that `router` mounts, so the two cannot disagree.
pub fn openapi(parts: &[&Part]) -> Json {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = "/components/schemas".into();
    settings.meta_schema = None;
    let mut schemas = settings.into_generator();
    let mut paths = Map::new();
    for op in parts.iter().flat_map(|part| part.operations) {
        let path = paths.entry(op.route.1).or_insert_with(|| json!({}));
        path[method(op)] = operation(op, &mut schemas);
    }
    let problem = json!({
        "type": "object", "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": { "type": "string" }, "title": { "type": "string" },
            "status": { "type": "integer" }, "detail": { "type": "string" },
            "errors": { "type": "array", "items": { "type": "object" } },
        },
    });
    let mut components = schemas.take_definitions(true);
    components.insert("Problem".into(), problem);
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Cairn", "version": env!("CARGO_PKG_VERSION") },
        "servers": [{ "url": "/api/v1" }],
        "security": [{ "token": [] }],
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
        },
    })
}

fn operation(op: &Op, schemas: &mut SchemaGenerator) -> Json {
    let mut input: Schema = (op.input)(schemas);
    let summary = input.remove("description").unwrap_or_default();
    let required = input.get("required").and_then(Json::as_array).cloned().unwrap_or_default();
    let is_required = |name: &str| required.iter().any(|one| one == name);
    let mut body = Map::new();
    let mut parameters = Vec::new();
    for (name, schema) in input.get("properties").and_then(Json::as_object).cloned().unwrap_or_default() {
        let in_path = op.route.1.contains(&format!("{{{name}}}"));
        if in_path || matches!(op.route.0, Method::Get) {
            let place = if in_path { "path" } else { "query" };
            let required = in_path || is_required(&name);
            parameters.push(json!({ "name": name, "in": place, "required": required, "schema": schema }));
        } else {
            body.insert(name, schema);
        }
    }
    if !op.reads {
        let schema = json!({ "type": "string", "maxLength": 128 });
        parameters.push(json!({ "name": "Idempotency-Key", "in": "header", "required": false, "schema": schema }));
    }
    let content = |schema: Json| json!({ "application/json": { "schema": schema } });
    let problem = json!({ "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } });
    let mut operation = json!({
        "operationId": op.name,
        "summary": summary,
        "parameters": parameters,
        "responses": {
            "200": { "description": "Done.", "content": content((op.output)(schemas).to_value()) },
            "default": { "description": "Not done; nothing changed.", "content": problem },
        },
    });
    if !body.is_empty() {
        let required: Vec<&String> = body.keys().filter(|name| is_required(name)).collect();
        let schema =
            json!({ "type": "object", "required": required, "properties": body, "additionalProperties": false });
        operation["requestBody"] = json!({ "required": true, "content": content(schema) });
    }
    operation
}

fn method(op: &Op) -> &'static str {
    match op.route.0 {
        Method::Get => "get",
        Method::Post => "post",
        Method::Put => "put",
        Method::Patch => "patch",
        Method::Delete => "delete",
    }
}

/// `GET /api/v1/openapi.json`
pub async fn json() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], openapi(PARTS).to_string()).into_response()
}

/// `GET /api/v1/`: the same, for people.
pub async fn page() -> Response {
    let document = openapi(PARTS);
    let paths = document["paths"].as_object().cloned().unwrap_or_default();
    let body = html! {
        h1 { "The API of Cairn" }
        p.lead { "All that the pages can do, for programs. Send a token as a bearer token, and JSON." }
        section.stack {
            p { a.button href="/api/v1/openapi.json" { "The description as OpenAPI 3.1" } }
            @for (path, methods) in &paths { @for (method, operation) in methods.as_object().into_iter().flatten() {
                (described(path, method, operation))
            } }
        }
    };
    ui::alone("The API of Cairn", "", Theme::System, body).into_response()
}

fn described(path: &str, method: &str, operation: &Json) -> Markup {
    let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
    let body = &operation["requestBody"]["content"]["application/json"]["schema"]["properties"];
    html! {
        details.fold id=(operation["operationId"].as_str().unwrap_or_default()) {
            summary { span { (operation["summary"].as_str().unwrap_or_default()) br; code { (method.to_uppercase()) " " (path) } } }
            div.body { dl.facts {
                @for parameter in &parameters {
                    div { dt { code { (parameter["name"].as_str().unwrap_or_default()) } } dd { "In the " (parameter["in"].as_str().unwrap_or_default()) ". " (parameter["schema"]["description"].as_str().unwrap_or_default()) } }
                }
                @for (name, schema) in body.as_object().into_iter().flatten() {
                    div { dt { code { (name) } } dd { "In the body. " (schema["description"].as_str().unwrap_or_default()) } }
                }
            } }
        }
    }
}
