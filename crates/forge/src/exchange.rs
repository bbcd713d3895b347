//! What recordings and other tools wrap around an answer: the exchange with its address, their own bookkeeping.
use crate::{context::Context, rules::Object};
use serde_json::Value;

/// The answers inside, each with what its address tells; nothing if the object is no such wrapping.
pub(crate) fn open<'v>(object: &'v Object, context: &Context) -> Option<Vec<(&'v Value, Context)>> {
    exchange(object, context).or_else(|| collected(object, context))
}

/// `{"method": "get", "path": "/repos/…", "status": 200, "response": …}`
fn exchange<'v>(object: &'v Object, context: &Context) -> Option<Vec<(&'v Value, Context)>> {
    let response = object.get("response")?;
    let address = object.get("path").or_else(|| object.get("url"))?.as_str()?;
    (object.contains_key("method") || object.contains_key("status")).then(|| vec![(response, context.asked(address))])
}

/// `{"backend_name": "GitHub", "origin": "https://github.com/…", "data": …}`
fn collected<'v>(object: &'v Object, context: &Context) -> Option<Vec<(&'v Value, Context)>> {
    let data = object.get("data").filter(|data| data.is_object() || data.is_array())?;
    let kept = object.contains_key("backend_name") || object.contains_key("perceval_version");
    let origin = object.get("origin").or_else(|| object.get("url")).and_then(Value::as_str)?;
    kept.then(|| vec![(data, context.asked(origin))])
}
