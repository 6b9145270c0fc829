//! The store that an address belongs to.

use crate::address::Address;
use crate::credentials::{Profile, variable};
use crate::fault::fault;
use crate::remote::RemoteOptions;
use crate::traffic::Counter;
use crate::transport::Connector;
pub(crate) use crate::transport::Purpose;
use asdf_core::Error;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey};
use object_store::http::HttpBuilder;
use object_store::path::Path as Key;
use object_store::{BackoffConfig, ClientOptions, ObjectStore, RetryConfig};
use percent_encoding::percent_decode_str;
use reqwest::header::HeaderValue;
use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

/// How requests ask for access.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// A web server.
    Web {
        /// Whether the URL has a user.
        has_login: bool,
    },
    /// Signed with credentials that were found.
    Signed,
    /// Without a signature, as no credentials were found.
    NoneFound,
    /// Without a signature, as `--no-sign-request` says.
    NotAsked,
}

impl Access {
    fn of_bucket(options: &RemoteOptions, is_found: bool) -> Self {
        match (options.no_sign_request, is_found) {
            (true, _) => Self::NotAsked,
            (false, true) => Self::Signed,
            (false, false) => Self::NoneFound,
        }
    }
}

/// The profile that credentials and settings are taken from; `has_keys` says whether the environment has credentials.
fn profile(options: &RemoteOptions, has_keys: bool) -> Result<Profile, Error> {
    let given = options.aws_profile.clone();
    let given = given.or_else(|| variable("AWS_PROFILE"));
    let name = given.as_deref().unwrap_or("default");
    let Some(profile) = Profile::find(options.aws_profile.as_deref()) else {
        let text = format!("there is no AWS profile {name} (--aws-profile, AWS_PROFILE)");
        return Err(fault(ErrorKind::NotFound, text));
    };
    let lacks = match (&profile.key_id, &profile.secret) {
        (Some(_), None) => Some("aws_secret_access_key"),
        (None, Some(_)) => Some("aws_access_key_id"),
        _ => None,
    };
    match lacks.filter(|_| !has_keys && !options.no_sign_request) {
        Some(lacks) => {
            let text = format!("the AWS profile {name} has no {lacks}");
            Err(fault(ErrorKind::InvalidInput, text))
        }
        None => Ok(profile),
    }
}

/// A store with the name of one object in it.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) store: Arc<dyn ObjectStore>,
    pub(crate) key: Key,
    /// How requests ask for access.
    pub(crate) access: Access,
}

/// A bucket with the name of one object in it.
#[derive(Debug, Clone)]
pub(crate) struct Bucket {
    pub(crate) store: AmazonS3,
    pub(crate) key: Key,
    /// How requests ask for access.
    pub(crate) access: Access,
}

impl From<Bucket> for Place {
    fn from(bucket: Bucket) -> Self {
        let Bucket { store, key, access } = bucket;
        Self {
            store: Arc::new(store),
            key,
            access,
        }
    }
}

/// Variables that say where credentials come from, when they are not keys. The address of an instance's metadata answers nowhere but
/// on one, and is waited for, so that it must be named.
const OTHERS: [&str; 4] = [
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
];

/// The name of an object, or of a prefix without its last `/`.
fn read_key(key: &str) -> Result<Key, Error> {
    // The store would leave out a `/` at the begin or at the end, which is another name.
    let parsed = Key::parse(key).ok().filter(|parsed| parsed.as_ref() == key);
    parsed.ok_or_else(|| {
        let text = "the key cannot be used: it has an empty step, or one that is `.` or `..`";
        fault(ErrorKind::InvalidInput, text.to_owned())
    })
}

/// Refuses settings that no request can be made of; the store would panic.
fn check(builder: &AmazonS3Builder) -> Result<(), Error> {
    let wrong = |text: &str| Err(fault(ErrorKind::InvalidInput, text.to_owned()));
    let value = |key: AmazonS3ConfigKey| builder.get_config_value(&key);
    if let Some(endpoint) = value(AmazonS3ConfigKey::Endpoint) {
        let url = url::Url::parse(&endpoint).ok();
        let is_web = |url: &url::Url| ["http", "https"].contains(&url.scheme()) && url.has_host();
        let is_bare = |url: &url::Url| url.query().is_none() && url.fragment().is_none();
        if !url.is_some_and(|url| is_web(&url) && is_bare(&url)) {
            return wrong(
                "the server of S3 (--endpoint, AWS_ENDPOINT_URL) is not a URL such as https://HOST:PORT",
            );
        }
    }
    let is_part = |text: &str| {
        let is_plain = |char: char| char.is_ascii_alphanumeric() || char == '-';
        !text.is_empty() && text.chars().all(is_plain)
    };
    if value(AmazonS3ConfigKey::Region).is_some_and(|region| !is_part(&region)) {
        return wrong("the region (AWS_REGION) is not the name of one, such as us-east-1");
    }
    let keys = [
        AmazonS3ConfigKey::AccessKeyId,
        AmazonS3ConfigKey::SecretAccessKey,
        AmazonS3ConfigKey::Token,
    ];
    let is_visible = |text: &String| text.bytes().all(|byte| byte.is_ascii_graphic());
    if keys
        .into_iter()
        .filter_map(value)
        .any(|text| !is_visible(&text))
    {
        return wrong("a credential has characters that no credential has (AWS_ACCESS_KEY_ID, …)");
    }
    Ok(())
}

/// A server that fails for a moment is asked again, but nobody waits for minutes.
fn retries() -> RetryConfig {
    RetryConfig {
        backoff: BackoffConfig {
            init_backoff: Duration::from_millis(100),
            max_backoff: Duration::from_secs(5),
            base: 2.0,
        },
        max_retries: 5,
        retry_timeout: Duration::from_secs(60),
    }
}

/// User and password of a URL as the header of a request has them.
fn login(url: &url::Url) -> Option<HeaderValue> {
    if url.username().is_empty() {
        return None;
    }
    let mut text: Vec<u8> = percent_decode_str(url.username()).collect();
    text.push(b':');
    text.extend(percent_decode_str(url.password().unwrap_or_default()));
    let mut value = HeaderValue::from_str(&format!("Basic {}", STANDARD.encode(text))).ok()?;
    value.set_sensitive(true);
    Some(value)
}

impl Place {
    pub(crate) fn of(
        address: &Address,
        options: &RemoteOptions,
        counter: &Arc<Counter>,
    ) -> Result<Self, Error> {
        match address {
            Address::Web(url) => Self::web(url, counter),
            Address::S3 { .. } => {
                Bucket::of(address, options, counter, Purpose::Read).map(Self::from)
            }
        }
    }

    fn web(url: &url::Url, counter: &Arc<Counter>) -> Result<Self, Error> {
        let mut bare = url.clone();
        bare.set_fragment(None);
        let login = login(&bare);
        let access = Access::Web {
            has_login: login.is_some(),
        };
        // They go into the header, and neither of these can fail for a URL with a host.
        let _ = bare.set_username("");
        let _ = bare.set_password(None);
        let client = ClientOptions::new().with_allow_http(true);
        let store = HttpBuilder::new()
            .with_url(bare.to_string())
            .with_retry(retries())
            .with_client_options(client)
            .with_http_connector(Connector {
                counter: Arc::clone(counter),
                login,
                purpose: Purpose::Read,
            })
            .build();
        Ok(Self {
            store: Arc::new(store.map_err(|_error| {
                fault(ErrorKind::InvalidInput, "the URL cannot be used".to_owned())
            })?),
            key: Key::default(),
            access,
        })
    }
}

impl Bucket {
    /// The bucket of an address, with credentials and region as options and environment have them.
    pub(crate) fn of(
        address: &Address,
        options: &RemoteOptions,
        counter: &Arc<Counter>,
        purpose: Purpose,
    ) -> Result<Self, Error> {
        let Address::S3 { bucket, key } = address else {
            let text = "it is not the name of an object: s3://BUCKET/KEY is expected".to_owned();
            return Err(fault(ErrorKind::InvalidInput, text));
        };
        // The file comes first when a profile was asked for, else the environment.
        let is_given = options.aws_profile.is_some();
        let has_keys = variable("AWS_ACCESS_KEY_ID").is_some() && !is_given;
        let profile = profile(options, has_keys)?;
        let mut builder = AmazonS3Builder::from_env()
            .with_bucket_name(bucket)
            .with_retry(retries())
            .with_http_connector(Connector {
                counter: Arc::clone(counter),
                login: None,
                purpose,
            });
        if !has_keys && let (Some(id), Some(secret)) = (&profile.key_id, &profile.secret) {
            builder = builder
                .with_access_key_id(id)
                .with_secret_access_key(secret);
            if let Some(token) = &profile.token {
                builder = builder.with_token(token);
            }
        }
        let region = variable("AWS_REGION").or_else(|| variable("AWS_DEFAULT_REGION"));
        if let Some(region) = region.or(profile.region) {
            builder = builder.with_region(region);
        }
        let known = ["AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT"];
        let from_env = || known.into_iter().find_map(variable);
        let endpoint = options
            .endpoint
            .clone()
            .or_else(from_env)
            .or(profile.endpoint);
        if let Some(endpoint) = endpoint {
            let is_plain = endpoint.starts_with("http://");
            builder = builder.with_endpoint(endpoint).with_allow_http(is_plain);
        }
        let is_found = has_keys
            || (profile.key_id.is_some() && profile.secret.is_some())
            || OTHERS.into_iter().any(|name| variable(name).is_some());
        let access = Access::of_bucket(options, is_found);
        check(&builder)?;
        let is_signed = access == Access::Signed;
        let store = builder.with_skip_signature(!is_signed).build();
        Ok(Self {
            store: store.map_err(|error| {
                let text = format!("the settings of S3 cannot be used: {error}");
                fault(ErrorKind::InvalidInput, text)
            })?,
            key: read_key(key)?,
            access,
        })
    }
}
