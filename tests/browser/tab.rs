//! One window of the browser, and what happened in it.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::driver::{Driver, Refused};
use crate::waiting::wait_until;

/// The name under which WebDriver refers to an element (section 12.1).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";
/// Keys by their code points in WebDriver (section 17.4.2).
pub(crate) const TAB: &str = "\u{E004}";
pub(crate) const ENTER: &str = "\u{E007}";

/// How a page is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Look {
    pub(crate) width: u32,
    pub(crate) dark: bool,
}

/// The narrowest window that WCAG 2.2 asks for (1.4.10), and one of a desk; each by day and by night.
pub(crate) const LOOKS: [Look; 4] = [
    Look { width: 320, dark: false },
    Look { width: 320, dark: true },
    Look { width: 1280, dark: false },
    Look { width: 1280, dark: true },
];

impl Look {
    pub(crate) fn scheme(self) -> &'static str {
        if self.dark { "dark" } else { "light" }
    }
}

/// A window of its own; it is closed with the value.
pub(crate) struct Tab<'d> {
    driver: &'d Driver,
    first: String,
}

/// What the browser saw since it was last asked.
#[derive(Debug, Default)]
pub(crate) struct Seen {
    /// Addresses that were asked for, in order.
    pub(crate) requests: Vec<String>,
    /// Heads of answers, in order.
    pub(crate) answers: Vec<Answered>,
    /// `Set-Cookie` fields.
    pub(crate) cookies: Vec<String>,
    /// Dialogs that a script opened.
    pub(crate) dialogs: Vec<String>,
    /// What was said on the console, reports of the security policy among them.
    pub(crate) console: Vec<String>,
}

/// The head of an answer.
#[derive(Debug)]
pub(crate) struct Answered {
    /// Names in lower case.
    pub(crate) fields: Vec<(String, String)>,
}

impl Answered {
    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

impl<'d> Tab<'d> {
    pub(crate) fn open_in(driver: &'d Driver) -> Self {
        let first = driver.command("GET", "window", &json!({})).unwrap().as_str().unwrap().to_owned();
        let made = driver.command("POST", "window/new", &json!({"type": "tab"})).unwrap();
        driver.command("POST", "window", &json!({"handle": made["handle"]})).unwrap();
        let tab = Self { driver, first };
        // What an earlier test left in the logs is not ours.
        tab.seen();
        tab
    }

    fn command(&self, method: &str, path: &str, body: &Value) -> Result<Value, Refused> {
        self.driver.command(method, path, body)
    }

    /// Goes to this address and waits until the page is loaded.
    #[track_caller]
    pub(crate) fn go(&self, url: &str) {
        self.command("POST", "url", &json!({"url": url})).unwrap_or_else(|refused| panic!("{url}: {refused}"));
    }

    /// Gives what a script returns, which is the body of a function of `arguments`.
    #[track_caller]
    pub(crate) fn run<T: DeserializeOwned>(&self, script: &str, arguments: &Value) -> T {
        self.try_run(script, arguments).unwrap_or_else(|refused| panic!("{script}: {refused}"))
    }

    pub(crate) fn try_run<T: DeserializeOwned>(&self, script: &str, arguments: &Value) -> Result<T, Refused> {
        let value = self.command("POST", "execute/sync", &json!({"script": script, "args": arguments}))?;
        Ok(serde_json::from_value(value).unwrap())
    }

    /// What a script gives that ends by calling its last argument.
    #[track_caller]
    pub(crate) fn run_to_callback<T: DeserializeOwned>(&self, script: &str, arguments: &Value) -> T {
        let value = self.command("POST", "execute/async", &json!({"script": script, "args": arguments}));
        serde_json::from_value(value.unwrap_or_else(|refused| panic!("{refused}"))).unwrap()
    }

    /// Waits until this expression is true.
    #[track_caller]
    pub(crate) fn waits_for(&self, what: &str, expression: &str) {
        wait_until(what, || self.run(&format!("return !!({expression})"), &json!([])));
    }

    /// A command of the DevTools protocol.
    #[track_caller]
    pub(crate) fn devtools(&self, command: &str, parameters: &Value) -> Value {
        let body = json!({"cmd": command, "params": parameters});
        self.command("POST", "goog/cdp/execute", &body).unwrap_or_else(|refused| panic!("{command}: {refused}"))
    }

    /// Looks at the page in this way.
    pub(crate) fn look(&self, look: Look) {
        let window = json!({"width": look.width, "height": 800, "deviceScaleFactor": 1, "mobile": false});
        self.devtools("Emulation.setDeviceMetricsOverride", &window);
        let scheme = json!({"name": "prefers-color-scheme", "value": look.scheme()});
        self.devtools("Emulation.setEmulatedMedia", &json!({"media": "screen", "features": [scheme]}));
    }

    /// Clicks what this selector finds first.
    #[track_caller]
    pub(crate) fn click(&self, selector: &str) {
        let element = self.element(selector);
        let path = format!("element/{element}/click");
        self.command("POST", &path, &json!({})).unwrap_or_else(|refused| panic!("{selector}: {refused}"));
    }

    /// Types into what this selector finds first.
    #[track_caller]
    pub(crate) fn type_into(&self, selector: &str, text: &str) {
        let element = self.element(selector);
        let path = format!("element/{element}/value");
        self.command("POST", &path, &json!({"text": text})).unwrap_or_else(|refused| panic!("{selector}: {refused}"));
    }

    #[track_caller]
    fn element(&self, selector: &str) -> String {
        let found = self.command("POST", "element", &json!({"using": "css selector", "value": selector}));
        found.unwrap_or_else(|refused| panic!("{selector}: {refused}"))[ELEMENT].as_str().unwrap().to_owned()
    }

    /// Presses a key, wherever the focus is.
    pub(crate) fn press(&self, key: &str) {
        let strokes = json!([{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]);
        let keyboard = json!({"type": "key", "id": "keyboard", "actions": strokes});
        self.command("POST", "actions", &json!({"actions": [keyboard]})).unwrap();
    }

    /// The address of the page.
    pub(crate) fn address(&self) -> String {
        self.command("GET", "url", &json!({})).unwrap().as_str().unwrap().to_owned()
    }

    /// The visible text of the page.
    pub(crate) fn text(&self) -> String {
        self.run("return document.body.innerText", &json!([]))
    }

    /// What happened since this was asked last.
    pub(crate) fn seen(&self) -> Seen {
        let mut seen = Seen::default();
        let log = |kind: &str| {
            let entries = self.command("POST", "se/log", &json!({"type": kind})).unwrap();
            entries.as_array().unwrap().clone()
        };
        for entry in log("performance") {
            let event: Value = serde_json::from_str(entry["message"].as_str().unwrap()).unwrap();
            seen.take(&event["message"]);
        }
        for entry in log("browser") {
            seen.console.push(entry["message"].as_str().unwrap().to_owned());
        }
        seen
    }

    /// The dialog that is open, if one is; it is closed.
    pub(crate) fn dismissed_dialog(&self) -> Option<String> {
        let text = self.command("GET", "alert/text", &json!({})).ok()?;
        self.command("POST", "alert/dismiss", &json!({})).unwrap();
        Some(text.as_str().unwrap_or_default().to_owned())
    }
}

impl Seen {
    fn take(&mut self, event: &Value) {
        let text = |pointer: &str| event.pointer(pointer).and_then(Value::as_str).unwrap_or_default().to_owned();
        match event["method"].as_str().unwrap_or_default() {
            "Network.requestWillBeSent" => self.requests.push(text("/params/request/url")),
            "Network.webSocketCreated" => self.requests.push(text("/params/url")),
            "Page.javascriptDialogOpening" => self.dialogs.push(text("/params/message")),
            "Network.responseReceived" => {
                self.answers.push(Answered { fields: fields(&event["params"]["response"]["headers"]) });
            }
            "Network.responseReceivedExtraInfo" => {
                let cookies = fields(&event["params"]["headers"]).into_iter().filter(|(name, _)| name == "set-cookie");
                self.cookies.extend(cookies.map(|(_, value)| value));
            }
            _ => {}
        }
    }
}

fn fields(headers: &Value) -> Vec<(String, String)> {
    let headers = headers.as_object().into_iter().flatten();
    headers.map(|(name, value)| (name.to_ascii_lowercase(), value.as_str().unwrap_or_default().to_owned())).collect()
}

impl Drop for Tab<'_> {
    fn drop(&mut self) {
        // An open dialog would stop everything that follows.
        self.dismissed_dialog();
        let _ = self.command("DELETE", "window", &json!({}));
        let _ = self.command("POST", "window", &json!({"handle": self.first}));
    }
}
