//! URLs: of which kind, how they are shown, and what lies beside them.

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use std::path::{Component, Path};
use url::Url;

/// What is not allowed in a step of a path.
const STEP: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'\\')
    .add(b'`')
    .add(b'{')
    .add(b'}');

/// Where an object is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Address {
    /// On a web server.
    Web(Url),
    /// In a bucket.
    S3 {
        /// The bucket's name.
        bucket: String,
        /// The object's name; that of a prefix ends with `/` or is empty.
        key: String,
    },
}

impl Address {
    /// Reads a URL.
    ///
    /// # Errors
    /// What is wrong with it, without its text.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (scheme, rest) = text.split_once("://").ok_or("it is not a URL")?;
        if !scheme.eq_ignore_ascii_case("s3") {
            let url = Url::parse(text).map_err(|error| error.to_string())?;
            if url.host_str().is_none() {
                return Err("it names no host".to_owned());
            }
            return Ok(Self::Web(url));
        }
        let (bucket, key) = rest.split_once('/').unwrap_or((rest, ""));
        let is_name = |char: char| char.is_ascii_alphanumeric() || "-._".contains(char);
        if bucket.is_empty() || !bucket.chars().all(is_name) {
            return Err("it names no bucket: s3://BUCKET/KEY is expected".to_owned());
        }
        Ok(Self::S3 {
            bucket: bucket.to_owned(),
            key: key.to_owned(),
        })
    }

    /// As it may be printed: without user, password and query, which may be secrets.
    pub(crate) fn shown(&self) -> String {
        match self {
            Self::Web(url) => {
                let port = url
                    .port()
                    .map_or_else(String::new, |port| format!(":{port}"));
                let host = url.host_str().unwrap_or_default();
                format!("{}://{host}{port}{}", url.scheme(), url.path())
            }
            Self::S3 { bucket, key } => format!("s3://{bucket}/{key}"),
        }
    }

    /// Whether it stands for all that lies below it.
    pub(crate) fn is_folder(&self) -> bool {
        match self {
            Self::Web(url) => url.path().ends_with('/'),
            Self::S3 { key, .. } => key.is_empty() || key.ends_with('/'),
        }
    }

    /// What a relative path leads to from the folder that this lies in, on the same host; `None` when it leads elsewhere.
    pub(crate) fn beside(&self, relative: &Path) -> Option<Self> {
        let mut steps: Vec<&str> = Vec::new();
        for step in relative.components() {
            match step {
                Component::Normal(step) => steps.push(step.to_str()?),
                Component::CurDir => {}
                // Not above the folder, not even for a while.
                Component::ParentDir => drop(steps.pop()?),
                Component::RootDir | Component::Prefix(_) => return None,
            }
        }
        let folder = |path: &str| {
            path.rsplit_once('/')
                .map_or(String::new(), |(folder, _)| format!("{folder}/"))
        };
        Some(match self {
            Self::Web(url) => {
                let encoded = steps
                    .iter()
                    .map(|step| utf8_percent_encode(step, STEP).to_string());
                let path = folder(url.path()) + &encoded.collect::<Vec<_>>().join("/");
                let mut url = url.clone();
                url.set_path(&path);
                // A signature is for one object.
                url.set_query(None);
                url.set_fragment(None);
                Self::Web(url)
            }
            Self::S3 { bucket, key } => Self::S3 {
                bucket: bucket.clone(),
                key: folder(key) + &steps.join("/"),
            },
        })
    }

    /// The whole URL, with what must not be printed.
    pub(crate) fn text(&self) -> String {
        match self {
            Self::Web(url) => url.to_string(),
            Self::S3 { .. } => self.shown(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Address {
        Address::parse(text).unwrap()
    }

    #[test]
    fn nothing_secret_is_shown() {
        let shown = of("https://me:word@host:8443/a%20b/x.asdf?X-Amz-Signature=abc#f").shown();
        assert_eq!(shown, "https://host:8443/a%20b/x.asdf");
        assert_eq!(of("s3://b/a b?c.asdf").shown(), "s3://b/a b?c.asdf");
    }

    #[test]
    fn siblings_stay_in_the_folder() {
        let web = of("https://host/a/b/x.asdf?sig=1");
        let beside = |address: &Address, path: &str| Some(address.beside(Path::new(path))?.text());
        assert_eq!(
            beside(&web, "y 1.asdf").as_deref(),
            Some("https://host/a/b/y%201.asdf")
        );
        assert_eq!(
            beside(&web, "c/../%2e.asdf").as_deref(),
            Some("https://host/a/b/%252e.asdf")
        );
        assert_eq!(beside(&web, "../y.asdf"), None);
        assert_eq!(beside(&web, "/y.asdf"), None);
        assert_eq!(beside(&web, "c/../../y.asdf"), None);
        let object = of("s3://bucket/a/x.asdf");
        assert_eq!(
            beside(&object, "c/y.asdf").as_deref(),
            Some("s3://bucket/a/c/y.asdf")
        );
        assert_eq!(
            beside(&of("s3://bucket/x.asdf"), "y").as_deref(),
            Some("s3://bucket/y")
        );
    }

    #[test]
    fn a_bucket_needs_a_name() {
        assert!(Address::parse("s3:///x").is_err());
        assert!(Address::parse("s3://a b/x").is_err());
        assert!(Address::parse("https://").is_err());
    }
}
