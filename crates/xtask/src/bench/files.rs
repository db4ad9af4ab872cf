//! The files of a case: the simulator's scenario, the program's config, the load of the bare loop.

use serde_json::{Map, Value, json};

use super::case::Case;
use super::provider::Provider;
use super::simulator::State;
use super::workload::Run;

/// So many calls in a second that they are none to wait for.
const UNBOUND: f64 = 100_000.0;

/// The world of the case, for the simulator.
pub(super) fn scenario(case: &Case, provider: &Provider) -> Value {
    let world = &provider.world;
    let mut series = json!({ "count": case.workload.images, "name": "bench-{n}" });
    if case.workload.shared {
        series["shares"] = json!(receivers(case, provider));
    }
    let regions: Map<String, Value> = regions(case, provider)
        .iter()
        .map(|region| (region.clone(), json!({ "series": [series] })))
        .collect();
    let mut owner = json!(world.credentials);
    owner["account"] = json!(world.owner);
    owner["regions"] = regions.into();
    json!({
        "latency_ms": case.conditions.latency.as_millis() as u64,
        provider.name.as_str(): { "owners": [owner], "calls_per_s": calls_per_s(case, provider) },
    })
}

/// What the simulator grants: whole calls.
fn calls_per_s(case: &Case, provider: &Provider) -> Map<String, Value> {
    let Some(part) = case.conditions.quota else { return Map::new() };
    let granted = |quota: f64| ((quota * part) as u64).max(1);
    provider
        .quotas
        .iter()
        .map(|quota| (quota.action.clone(), granted(quota.calls_per_second).into()))
        .collect()
}

/// The config of the case, as TOML.
pub(super) fn config(case: &Case, provider: &Provider, endpoint: &str) -> String {
    let credentials: Map<String, Value> = variables(provider)
        .map(|(field, variable, _)| (field.to_owned(), format!("env:{variable}").into()))
        .collect();
    let mut cloud = json!({
        "provider": provider.name,
        "regions": regions(case, provider),
        "endpoint": endpoint,
        "credentials": credentials,
    });
    if case.conditions.quota.is_none() {
        let actions = provider.quotas.iter().map(|quota| (quota.action.clone(), json!(UNBOUND)));
        cloud["limits"] = json!({ "calls_per_second": actions.collect::<Map<_, _>>() });
    }
    let rule = json!({
        "name": "bench",
        "cloud": "bench",
        "images": { "all": true },
        "with": receivers(case, provider),
    });
    let config = json!({ "clouds": { "bench": cloud }, "share": [rule] });
    toml::to_string(&config).expect("texts, numbers and tables have a TOML form")
}

/// Each credential field with the environment variable in which the config looks for it, and its value.
pub(super) fn variables(provider: &Provider) -> impl Iterator<Item = (&str, String, &str)> {
    let fields = provider.world.credentials.iter();
    fields.map(|(field, value)| {
        (field.as_str(), format!("IMGSHARE_BENCH_{}", field.to_uppercase()), value.as_str())
    })
}

/// What the bare loop sends to match a run.
pub(super) fn load(case: &Case, run: Run, provider: &Provider, endpoint: &str, state: &State) -> Value {
    let receivers = receivers(case, provider);
    let batches: Vec<_> = receivers.chunks(provider.accounts_per_change).collect();
    json!({
        "endpoint": endpoint,
        "in_flight": case.conditions.in_flight * case.workload.regions,
        "images_per_page": provider.images_per_page,
        "images": state.images,
        "reads": run.reads(),
        "writes": if run.writes() { batches } else { vec![] },
    })
}

fn regions<'a>(case: &Case, provider: &'a Provider) -> &'a [String] {
    let known = &provider.world.regions;
    &known[..case.workload.regions.min(known.len())]
}

fn receivers<'a>(case: &Case, provider: &'a Provider) -> &'a [String] {
    let known = &provider.world.receivers;
    &known[..case.workload.accounts.min(known.len())]
}

#[cfg(test)]
mod tests {
    use super::super::case::{HALF_QUOTA, LATENCY, NO_LATENCY, QUOTA};
    use super::super::workload::Workload;
    use super::super::workload::tests::THOUSAND;
    use super::*;

    fn case(conditions: super::super::case::Conditions) -> Case {
        let workload = Workload { images: 2, accounts: 2, ..THOUSAND };
        Case { workload, conditions, sessions: &[] }
    }

    #[test]
    fn the_simulator_grants_what_the_conditions_say() {
        let granted = |conditions| calls_per_s(&case(conditions), &Provider::acme());
        assert_eq!(granted(LATENCY), Map::new());
        let expected = json!({ "List": 40, "Read": 10, "Write": 10, "New": 1 });
        assert_eq!(Value::from(granted(QUOTA)), expected);
        let expected = json!({ "List": 20, "Read": 5, "Write": 5, "New": 1 });
        assert_eq!(Value::from(granted(HALF_QUOTA)), expected);
    }

    #[test]
    fn the_scenario_has_the_images_and_whoever_has_them_already() {
        let mut case = case(NO_LATENCY);
        let series = |case: &Case| scenario(case, &Provider::acme())["acme"]["owners"][0].clone();
        let fresh = json!({
            "account": "1",
            "key": "FakeKey",
            "regions": { "north": { "series": [{ "count": 2, "name": "bench-{n}" }] } },
        });
        assert_eq!(series(&case), fresh);
        case.workload.shared = true;
        assert_eq!(series(&case)["regions"]["north"]["series"][0]["shares"], json!(["10", "11"]));
    }

    #[test]
    fn the_program_paces_itself_only_where_the_cloud_has_a_quota() {
        let config = |conditions| config(&case(conditions), &Provider::acme(), "http://127.0.0.1:1");
        let expected = r#"
[clouds.bench]
endpoint = "http://127.0.0.1:1"
provider = "acme"
regions = ["north"]

[clouds.bench.credentials]
key = "env:IMGSHARE_BENCH_KEY"

[[share]]
cloud = "bench"
name = "bench"
with = ["10", "11"]

[share.images]
all = true
"#;
        assert_eq!(config(QUOTA).trim(), expected.trim());
        let free = config(NO_LATENCY);
        assert!(free.contains("[clouds.bench.limits.calls_per_second]\nList = 100000.0\n"), "{free}");
    }

    #[test]
    fn the_bare_loop_sends_what_a_run_needs() {
        let state = State { images: [("north".to_owned(), vec!["a".to_owned()])].into(), ..State::default() };
        let load = |run| load(&case(NO_LATENCY), run, &Provider::acme(), "http://127.0.0.1:1", &state);
        let expected = json!({
            "endpoint": "http://127.0.0.1:1",
            "in_flight": 16,
            "images_per_page": 100,
            "images": { "north": ["a"] },
            "reads": 2,
            "writes": [["10", "11"]],
        });
        assert_eq!(load(Run::ApplyAndVerify), expected);
        assert_eq!(load(Run::Again)["writes"], json!([]));
    }
}
