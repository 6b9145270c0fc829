//! What AWS keeps in two files: credentials and settings by profile. The variables of the environment come first.

use std::collections::HashMap;
use std::path::PathBuf;

/// What is known of a profile.
#[derive(Default, PartialEq, Eq)]
pub(crate) struct Profile {
    pub(crate) key_id: Option<String>,
    pub(crate) secret: Option<String>,
    pub(crate) token: Option<String>,
    pub(crate) region: Option<String>,
    pub(crate) endpoint: Option<String>,
}

impl std::fmt::Debug for Profile {
    /// Without the secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Profile")
            .field("region", &self.region)
            .finish_non_exhaustive()
    }
}

impl Profile {
    /// The profile of that name, or of `AWS_PROFILE`, or `default`; `None` when a name was given and no file has it.
    pub(crate) fn find(name: Option<&str>) -> Option<Self> {
        let given = name.map(str::to_owned).or_else(|| variable("AWS_PROFILE"));
        let wanted = given.as_deref().unwrap_or("default");
        let credentials = file("AWS_SHARED_CREDENTIALS_FILE", "credentials");
        let config = file("AWS_CONFIG_FILE", "config");
        let found = Self::read(&credentials, &config, wanted);
        // No profile of the usual name is as good as an empty one.
        found.or_else(|| given.is_none().then(Self::default))
    }

    fn read(credentials: &str, config: &str, name: &str) -> Option<Self> {
        let own = section(credentials, name);
        let prefixed = format!("profile {name}");
        let settings = section(config, &prefixed).or_else(|| section(config, name));
        if own.is_none() && settings.is_none() {
            return None;
        }
        let (own, settings) = (own.unwrap_or_default(), settings.unwrap_or_default());
        let value = |key: &str| own.get(key).or_else(|| settings.get(key)).cloned();
        Some(Self {
            key_id: value("aws_access_key_id"),
            secret: value("aws_secret_access_key"),
            token: value("aws_session_token"),
            region: value("region"),
            endpoint: value("endpoint_url"),
        })
    }
}

/// A variable of the environment that is not empty.
pub(crate) fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// The text of a file of AWS; nothing where there is none.
fn file(place: &str, name: &str) -> String {
    let home = || variable("HOME").or_else(|| variable("USERPROFILE"));
    let usual = || Some(PathBuf::from(home()?).join(".aws").join(name));
    let path = variable(place).map(PathBuf::from).or_else(usual);
    path.and_then(|path| std::fs::read_to_string(path).ok())
        .unwrap_or_default()
}

/// The values of a section.
fn section(text: &str, name: &str) -> Option<HashMap<String, String>> {
    let mut found = None;
    let mut is_inside = false;
    for line in text.lines() {
        let is_comment = line.trim_start().starts_with(['#', ';']);
        // What is set in is a part of the value above, and none of those that are asked for has parts.
        if is_comment || line.starts_with([' ', '\t']) {
            continue;
        }
        let line = line.trim();
        if let Some(title) = line
            .strip_prefix('[')
            .and_then(|line| line.split(']').next())
        {
            let words: Vec<&str> = title.split_whitespace().collect();
            is_inside = words.join(" ") == name;
            if is_inside {
                found.get_or_insert_with(HashMap::new);
            }
        } else if let (true, Some((key, value))) = (is_inside, line.split_once('=')) {
            let (key, value) = (key.trim().to_ascii_lowercase(), value.trim().to_owned());
            found.get_or_insert_with(HashMap::new).insert(key, value);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    const CREDENTIALS: &str = "# mine\n[default]\naws_access_key_id = A\naws_secret_access_key=b=c\n\n[ other ]\naws_access_key_id = O\n";
    const CONFIG: &str = "[default]\nregion = us-west-2\n[profile other]\nregion=eu-west-1\ns3 =\n    region = no\nendpoint_url = http://localhost:9000\n";

    #[test]
    fn a_profile_is_read_from_both_files() {
        let found = Profile::read(CREDENTIALS, CONFIG, "default").unwrap();
        assert_eq!(found.key_id.as_deref(), Some("A"));
        assert_eq!(found.secret.as_deref(), Some("b=c"));
        assert_eq!(found.region.as_deref(), Some("us-west-2"));
        let found = Profile::read(CREDENTIALS, CONFIG, "other").unwrap();
        assert_eq!((found.key_id.as_deref(), found.secret), (Some("O"), None));
        assert_eq!(found.region.as_deref(), Some("eu-west-1"));
        assert_eq!(found.endpoint.as_deref(), Some("http://localhost:9000"));
        assert_eq!(Profile::read(CREDENTIALS, CONFIG, "third"), None);
    }

    #[test]
    fn secrets_are_not_shown() {
        let found = Profile::read(CREDENTIALS, CONFIG, "default");
        assert!(!format!("{found:?}").contains("b=c"));
    }
}
