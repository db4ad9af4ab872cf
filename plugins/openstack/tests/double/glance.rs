//! Glance v2: images and members, as an owner and as a receiver see them.

use serde_json::{Value, json};

use super::{Answer, Call, Image, Openstack, State, answer, refusal};

/// The most that one page holds, whatever is asked for.
const PAGE_MAX: usize = 1000;

/// Who asks, and for what.
struct Asking<'a> {
    project: String,
    owner: String,
    region: &'a str,
    members_max: usize,
}

impl Openstack {
    pub(super) fn glance(&self, call: &Call<'_>, region: &str, path: &[&str]) -> Answer {
        let what = ["", "images", "image", "members", "member"].get(path.len()).copied().unwrap_or_default();
        self.count(call.method, what);
        let Some(project) = self.project(call) else { return refusal(401) };
        let members_max = self.seed.limits.accounts_per_image.unwrap_or(128) as usize;
        let asking = Asking { project, owner: self.seed.owner.to_string(), region, members_max };
        let mut state = self.state();
        match (call.method, path) {
            ("GET", ["images"]) => asking.list(&state, call),
            ("GET", ["images", id]) => {
                asking.on(&mut state, id, |image| answer(200, asking.record(id, image)))
            }
            ("PATCH", ["images", id]) => asking.as_owner(&mut state, id, |image| {
                image.visibility = call.body[0]["value"].as_str().unwrap_or_default().to_owned();
                answer(200, asking.record(id, image))
            }),
            ("GET", ["images", id, "members"]) => {
                asking.on(&mut state, id, |image| asking.members(id, image))
            }
            ("POST", ["images", id, "members"]) => {
                asking.as_owner(&mut state, id, |image| asking.add(id, image, call.body["member"].as_str()))
            }
            ("DELETE", ["images", id, "members", member]) => {
                asking.as_owner(&mut state, id, |image| {
                    match (image.visibility.as_str(), image.members.remove(*member)) {
                        ("shared", Some(_)) => answer(204, Value::Null),
                        ("shared", None) => refusal(404),
                        _ => refusal(403),
                    }
                })
            }
            ("PUT", ["images", id, "members", member]) => {
                asking.on(&mut state, id, |image| asking.answer_share(id, image, member, &call.body))
            }
            _ => refusal(404),
        }
    }
}

impl Asking<'_> {
    fn is_owner(&self) -> bool {
        self.project == self.owner
    }

    fn sees(&self, image: &Image) -> bool {
        self.is_owner() || (image.visibility == "shared" && image.members.contains_key(&self.project))
    }

    fn on(&self, state: &mut State, id: &str, act: impl FnOnce(&mut Image) -> Answer) -> Answer {
        let image = state.regions.get_mut(self.region).and_then(|images| images.get_mut(id));
        image.filter(|image| self.sees(image)).map_or_else(|| refusal(404), act)
    }

    fn as_owner(&self, state: &mut State, id: &str, act: impl FnOnce(&mut Image) -> Answer) -> Answer {
        self.on(state, id, |image| if self.is_owner() { act(image) } else { refusal(403) })
    }

    fn record(&self, id: &str, image: &Image) -> Value {
        json!({
            "id": id, "name": image.name, "status": "active", "visibility": image.visibility, "owner": self.owner,
            "os_hidden": image.hidden, "created_at": "2023-11-14T22:13:20Z", "tags": ["baked"], "os_distro": "ubuntu",
        })
    }

    fn list(&self, state: &State, call: &Call<'_>) -> Answer {
        let Some(images) = state.regions.get(self.region) else { return refusal(404) };
        let text = |name: &str| call.query.get(name).map(String::as_str);
        let limit = text("limit").and_then(|limit| limit.parse().ok()).unwrap_or(25).clamp(1, PAGE_MAX);
        let marker = text("marker").unwrap_or_default();
        let ids: Option<Vec<_>> = text("id").map(|ids| ids.trim_start_matches("in:").split(',').collect());
        let status = text("member_status").unwrap_or("accepted");
        let mut found = images.iter().filter(|(id, image)| {
            self.sees(image)
                && id.as_str() > marker
                && image.hidden == (text("os_hidden") == Some("true"))
                && text("owner").is_none_or(|owner| owner == self.owner)
                && text("name").is_none_or(|name| name == image.name)
                && ids.as_ref().is_none_or(|ids| ids.contains(&id.as_str()))
                && (self.is_owner() || image.members.get(&self.project).is_some_and(|known| known == status))
        });
        let page: Vec<_> = found.by_ref().take(limit).collect();
        let records: Vec<_> = page.iter().map(|(id, image)| self.record(id, image)).collect();
        let mut body = json!({ "images": records, "first": "/v2/images", "schema": "/v2/schemas/images" });
        // As Glance has it: a full page names a next one, though that may be empty.
        if let Some((last, _)) = page.last().filter(|_| page.len() == limit) {
            body["next"] = format!("/v2/images?limit={limit}&marker={last}").into();
        }
        answer(200, body)
    }

    fn members(&self, id: &str, image: &Image) -> Answer {
        if image.visibility != "shared" {
            return refusal(403);
        }
        let seen = image.members.iter().filter(|(member, _)| self.is_owner() || **member == self.project);
        let members: Vec<_> = seen.map(|(member, status)| member_record(id, member, status)).collect();
        answer(200, json!({ "members": members, "schema": "/v2/schemas/members" }))
    }

    fn add(&self, id: &str, image: &mut Image, member: Option<&str>) -> Answer {
        match member.unwrap_or_default() {
            "" => refusal(400),
            _ if image.visibility != "shared" => refusal(403),
            member if image.members.contains_key(member) => refusal(409),
            _ if image.members.len() >= self.members_max => refusal(413),
            member => {
                image.members.insert(member.to_owned(), "pending".into());
                answer(200, member_record(id, member, "pending"))
            }
        }
    }

    fn answer_share(&self, id: &str, image: &mut Image, member: &str, body: &Value) -> Answer {
        if member != self.project {
            return refusal(403);
        }
        let Some(status) = image.members.get_mut(member) else { return refusal(404) };
        *status = body["status"].as_str().unwrap_or_default().to_owned();
        answer(200, member_record(id, member, status))
    }
}

fn member_record(image: &str, member: &str, status: &str) -> Value {
    json!({"member_id": member, "image_id": image, "status": status, "created_at": "2023-11-14T22:13:20Z"})
}
