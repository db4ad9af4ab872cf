//! Keystone v3: tokens with a catalogue, and projects.

use serde_json::{Value, json};

use super::{Answer, Call, Openstack, answer};

/// How long a token lives, in seconds.
const LIFE_SECONDS: i64 = 3600;

impl Openstack {
    pub(super) fn keystone(&self, call: &Call<'_>, path: &[&str]) -> Answer {
        match (call.method, path) {
            ("POST", ["auth", "tokens"]) => self.token(call),
            ("GET", ["projects", id]) => self.show_project(call, id),
            _ => refused(404),
        }
    }

    fn token(&self, call: &Call<'_>) -> Answer {
        self.count("POST", "tokens");
        let Some(project) = self.project_of_login(&call.body["auth"]) else { return refused(401) };
        let mut state = self.state();
        state.tokens_made += 1;
        let token = format!("FAKE-TOKEN-{}", state.tokens_made);
        state.tokens.insert(token.clone(), project.clone());
        let regions = state.regions.keys();
        let endpoints: Vec<_> = regions.map(|region| endpoint(region)).collect();
        let moment = |seconds| imgshare_sdk::time::iso_seconds(self.seed.now.plus_seconds(seconds));
        let body = json!({"token": {
            "methods": ["password"],
            "issued_at": moment(0),
            "expires_at": moment(LIFE_SECONDS),
            "project": {"id": project, "name": "some"},
            "catalog": [{"type": "identity", "endpoints": []}, {"type": "image", "endpoints": endpoints}],
        }});
        (201, vec![("x-subject-token".into(), token)], body)
    }

    fn project_of_login(&self, auth: &Value) -> Option<String> {
        let user = &auth["identity"]["password"]["user"];
        let scope = auth["scope"]["project"]["name"].as_str()?;
        let account = match (user["name"].as_str()?, scope) {
            ("owner", "owners-project") => &self.seed.owner,
            ("receiver", "receivers-project") => &self.seed.receiver,
            _ => return None,
        };
        let password = self.seed.credentials.get("password")?;
        (user["password"] == *password && user["domain"]["id"] == "default").then(|| account.to_string())
    }

    fn show_project(&self, call: &Call<'_>, id: &str) -> Answer {
        self.count("GET", "project");
        match self.project(call) {
            None => refused(401),
            Some(_) if id == self.seed.bad_account.as_str() => refused(404),
            Some(_) => answer(200, json!({"project": {"id": id}})),
        }
    }
}

fn endpoint(region: &str) -> Value {
    let url = format!("https://glance.example/{region}/image");
    json!({"interface": "public", "region_id": region, "region": region, "url": url})
}

fn refused(status: u16) -> Answer {
    answer(status, json!({"error": {"code": status, "message": "No.", "title": "No"}}))
}
