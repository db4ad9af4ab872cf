//! A provider for Acme Cloud, a made-up cloud that answers in JSON and signs nothing.

use imgshare_sdk::*;

struct Acme {
    endpoint: String,
}

impl Provider for Acme {
    fn describe() -> Description {
        Description {
            display_name: "Acme Cloud".into(),
            hosts: vec!["api.acme.example".into()],
            account_id: AccountForm {
                pattern: "[0-9]{6}".into(),
                about: "six digits".into(),
                example: "123456".into(),
            },
            ..Description::default()
        }
    }

    fn connect(config: Connect) -> Result<Self> {
        Ok(Acme { endpoint: config.endpoint.unwrap_or("https://api.acme.example".into()) })
    }

    async fn list_images(&self, cx: &Context, query: ImageQuery) -> Result<Page<Image>> {
        let url = format!("{}/{}/images", self.endpoint, query.region);
        let items = cx.call(|_| Ok(Request::get(&url)), |answer| answer.success()?.json()).await?;
        Ok(Page { items, next: vec![] })
    }

    async fn read_shares(&self, cx: &Context, image: &ImageRef) -> Result<Shares> {
        let url = self.accounts(image);
        let accounts = cx.call(|_| Ok(Request::get(&url)), |answer| answer.success()?.json()).await?;
        Ok(Shares { accounts, ..Shares::none() })
    }

    async fn change_shares(&self, cx: &Context, change: &Change) -> Result<Changed> {
        let add = change.add.iter().map(|account| ("add", account.as_str()));
        let remove = change.remove.iter().map(|account| ("remove", account.as_str()));
        let request = Request::put(self.accounts(&change.image), signing::query(add.chain(remove)));
        cx.call(|_| Ok(request.clone()), |answer| answer.success().map(drop)).await?;
        Ok(Changed::default())
    }
}

impl Acme {
    fn accounts(&self, image: &ImageRef) -> String {
        format!("{}/{}/images/{}/accounts", self.endpoint, image.region, image.id)
    }
}

export_provider!(Acme);
